"""Places in a Word file as people see them: 正文, 第 2 个表格第 3 行第 1 格, and the words that stand there.

Placeholders are found in the patched source, which has lost Word's paragraphs, so each tag of the source is matched
with the same tag of the unpatched part, in order.
"""

from __future__ import annotations

import html
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from lxml import etree

from docgen.errors import Place

if TYPE_CHECKING:
    from collections.abc import Mapping

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OPENING: Final = re.compile(r"\{[{%#]")
_CLOSING: Final = MappingProxyType({"{{": "}}", "{%": "%}", "{#": "#}"})
BRACES: Final = re.compile(r"\{[{%#]|[}%#]\}")
"""What opens or closes a tag of jinja: a placeholder, statement or comment."""

_PARTS: Final = (
    ("word/document.xml", "正文"),
    ("word/header", "页眉"),
    ("word/footer", "页脚"),
    ("word/footnotes", "脚注"),
    ("word/endnotes", "尾注"),
    ("word/comments", "批注"),
    ("docProps/", "文档属性"),
)
_PROPERTIES: Final = MappingProxyType(
    {
        "title": "标题",
        "subject": "主题",
        "creator": "作者",
        "keywords": "关键词",
        "description": "备注",
        "category": "类别",
        "identifier": "标识",
        "language": "语言",
        "lastModifiedBy": "最后修改者",
        "contentStatus": "状态",
        "version": "版本",
    }
)
_HOMES: Final = MappingProxyType({f"{W}p": f"{W}tc", f"{W}tbl": f"{W}tc", f"{W}tr": f"{W}tbl", f"{W}tc": f"{W}tr"})
"""Within what each is numbered."""
_ROLE: Final = re.compile(r"^(?:p|tr|tc|r)\s+")
"""docxtpl's mark behind the opening braces: the paragraph, row, cell or run around the tag goes away."""
_STRAIGHT: Final = str.maketrans("“”‘’", "\"\"''")
_WIDEST: Final = 60
"""Characters of an excerpt."""


def part_title(member: str) -> str:
    """Return the Chinese name of a part of a Word file."""
    return next((title for start, title in _PARTS if member.startswith(start)), member)


def excerpt(text: str) -> str:
    """Return words for a place: one line, not too long."""
    line = " ".join(text.split())
    return line if len(line) <= _WIDEST else f"{line[:_WIDEST]}…"


def tag_spans(text: str) -> list[tuple[int, int]]:
    """Return where jinja's tags stand in a text, in one pass however many of them are left open."""
    found: list[tuple[int, int]] = []
    end = 0
    while opening := _OPENING.search(text, end):
        close = text.find(_CLOSING[opening.group()], opening.end())
        if close < 0:
            end = opening.end()
            if not any(text.find(closing, end) >= 0 for closing in _CLOSING.values()):
                break
        else:
            end = close + 2
            found.append((opening.start(), end))
    return found


@dataclass(frozen=True, slots=True)
class Tag:
    """One jinja tag of an unpatched part; ``holder`` is its paragraph, or the element that has it as an attribute."""

    text: str
    holder: etree._Element


class Part:
    """An unpatched part of a Word file."""

    def __init__(self, member: str, root: etree._Element) -> None:
        """Take the member's name and its tree."""
        self.member = member
        self.root = root

    @cached_property
    def _numbers(self) -> Mapping[etree._Element, int]:
        """Number paragraphs and tables within their cell (or the part), rows in their table, cells in their row."""
        numbers: dict[etree._Element, int] = {}
        last: Counter[tuple[etree._Element | None, str]] = Counter()
        for element in self.root.iter(*_HOMES):
            home = next(element.iterancestors(_HOMES[element.tag]), None)
            last[home, element.tag] += 1
            numbers[element] = last[home, element.tag]
        return numbers

    @cached_property
    def _crowded(self) -> frozenset[etree._Element]:
        """Cells of more than one paragraph."""
        many = (one for one, number in self._numbers.items() if one.tag == f"{W}p" and number > 1)
        return frozenset(cell for one in many for cell in [next(one.iterancestors(f"{W}tc"), None)] if cell is not None)

    def place(self, element: etree._Element, words: str = "") -> Place:
        """Return where an element stands."""
        return Place(part_title(self.member), self._spot(element), excerpt(words))

    def _spot(self, element: etree._Element) -> str:
        if self.member.startswith("docProps/"):
            name = etree.QName(element).localname
            return _PROPERTIES.get(name, name)
        around = [element, *element.iterancestors()]
        paragraph = next((one for one in around if one.tag == f"{W}p"), None)
        cells = [one for one in reversed(around) if one.tag == f"{W}tc"]
        spot = "内".join(self._cell(cell) for cell in cells)
        if paragraph is not None and (not cells or cells[-1] in self._crowded):
            spot += f"第 {self._numbers[paragraph]} 段"
        return spot

    def _cell(self, cell: etree._Element) -> str:
        row = next(cell.iterancestors(f"{W}tr"), None)
        table = next(cell.iterancestors(f"{W}tbl"), None)
        if row is None or table is None:
            return ""
        return f"第 {self._numbers[table]} 个表格第 {self._numbers[row]} 行第 {self._numbers[cell]} 格"

    @cached_property
    def tags(self) -> tuple[Tag, ...]:
        """All jinja tags in reading order: in attributes, in paragraphs across their runs, and in other elements."""
        found: list[Tag] = []
        for element in self.root.iter(etree.Element):
            texts = [str(value) for value in element.attrib.values()]
            texts.append(
                text_of(element) if element.tag == f"{W}p" else "" if element.tag == f"{W}t" else element.text or ""
            )
            found += [Tag(text[start:end], element) for text in texts for start, end in tag_spans(text)]
        return tuple(found)


def pieces_of(paragraph: etree._Element) -> list[etree._Element]:
    """Return the text elements of a paragraph, without those of text boxes in it."""
    return [text for text in paragraph.iter(f"{W}t") if next(text.iterancestors(f"{W}p"), None) is paragraph]


def text_of(paragraph: etree._Element) -> str:
    """Return the words of a paragraph."""
    return "".join(text.text or "" for text in pieces_of(paragraph))


class Source:
    """The patched source of a part with every tag on a line of its own, so that jinja's line numbers find it."""

    def __init__(self, patched: str, part: Part) -> None:
        """Match the tags of the source with those of the part: the n-th of its kind with the n-th."""
        self._part = part
        waiting: dict[str, list[Tag]] = defaultdict(list)
        for tag in reversed(part.tags):
            waiting[_essence(tag.text)].append(tag)
        self._tags: list[Tag | None] = []
        pieces: list[str] = []
        end = 0
        for start, stop in tag_spans(patched):
            pieces += [patched[end:start].replace("\n", " "), "\n", patched[start:stop].replace("\n", " ")]
            end = stop
            known = waiting.get(_essence(patched[start:stop]))
            self._tags.append(known.pop() if known else None)
        self.text = "".join([*pieces, patched[end:].replace("\n", " ")])

    def place(self, line: int, words: str) -> Place:
        """Return where the tag on a line of ``text`` stands in Word."""
        tag = self._tags[line - 2] if 0 <= line - 2 < len(self._tags) else None
        if tag is None:
            return Place(part_title(self._part.member), "", excerpt(words))
        return self._part.place(tag.holder, tag.text)


def _essence(tag: str) -> str:
    """Return what stays the same of a tag when docxtpl patches it."""
    inner = html.unescape(tag).translate(_STRAIGHT)[2:-2].strip("-+ \n\t")
    return "".join(f"{tag[:2]}{_ROLE.sub('', inner)}".split())
