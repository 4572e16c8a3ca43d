"""A Word file as a page: its words with the content controls around them, rows and cells as they lie in the grid.

Word, LibreOffice and WPS write the same form in different ways: controls around paragraphs or runs, rows and cells
inside controls, boxes as symbols of a symbol face, tracked changes. What is read is what a person sees.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from docgen.reading.page import Cell, Control, Page, Paragraph, Unit
from docgen.render.controls import W14, W
from docgen.render.gate import RefusedFileError, parse_xml, read_package

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml import etree

_MAIN: Final = "word/document.xml"
_MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_EMBED: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"
_GONE: Final = frozenset(
    {f"{W}del", f"{W}moveFrom", f"{W}pPr", f"{W}rPr", f"{W}sdtPr", f"{W}instrText", f"{_MC}Fallback"}
)
"""Deleted words, properties and fallbacks: nothing that a person reads."""
_BREAKS: Final = MappingProxyType(
    {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}ptab": "\t"}
)
_SYMBOLS: Final = MappingProxyType(
    {
        "wingdings": MappingProxyType(dict(zip("\xfe\xfd\xfc\xa8\x6f\xa1\xa7\x6e", "☑☒√□□□■■", strict=True))),
        "wingdings 2": MappingProxyType(dict(zip("\x52\x53\x54\x50\xa3\x2a", "☑☒☒√□□", strict=True))),
    }
)
"""Boxes and ticks of symbol faces; Word keeps them as characters of another face, some as U+F000 and up."""
_PRIVATE: Final = 0xF000
_DOUBLED: Final = 3
"""Controls, at least, that LibreOffice makes of one around a paragraph."""
_MOST_PARAGRAPHS: Final = 20_000


def read_page(data: bytes) -> Page:
    """Return the words of a Word file; raises RefusedFileError for what the gate refuses."""
    members = read_package(data, _MAIN)
    body = parse_xml(members[_MAIN]).find(f"{W}body")
    if body is None:
        raise RefusedFileError("damaged", "Word 文件没有正文", "请在 Word 中打开原件，另存为 .docx 后重试")
    reader = _Reader(members)
    units = tuple(reader.units(body))
    title = ""
    if "docProps/core.xml" in members:
        found = parse_xml(members["docProps/core.xml"]).find("{http://purl.org/dc/elements/1.1/}title")
        title = (found.text or "") if found is not None else ""
    return Page(units, tuple(reader.asides), title)


@dataclass
class _Writing:
    """A paragraph while it is read."""

    text: str = ""
    controls: list[Control] = field(default_factory=list)
    pictures: list[bytes] = field(default_factory=list)


class _Reader:
    """Reads blocks in order and numbers what it meets."""

    def __init__(self, members: Mapping[str, bytes]) -> None:
        self._members = members
        self._pictures = _pictures(members)
        self._controls: dict[etree._Element, Control | None] = {}
        self._paragraphs = self._loose = self._tables = 0
        self.asides: list[str] = []

    def units(self, body: etree._Element) -> Iterator[Unit]:
        """Walk rows and loose paragraphs in order."""
        for block, around in _inside(body, f"{W}p", f"{W}tbl"):
            if block.tag == f"{W}tbl":
                self._tables += 1
                yield from self._rows(block, around)
            else:
                self._loose += 1
                place = f"正文第 {self._loose} 段"
                cell = Cell((self._paragraph(block, around, place),), 0, 1, place)
                yield Unit((cell,), is_row=False, place=place)

    def _rows(self, table: etree._Element, around: tuple[etree._Element, ...]) -> Iterator[Unit]:
        name = f"第 {self._tables} 个表格"
        for number, (row, more) in enumerate(_inside(table, f"{W}tr"), 1):
            if row.find(f"{W}trPr/{W}del") is not None:
                continue
            place = f"{name}第 {number} 行"
            before = row.find(f"{W}trPr/{W}gridBefore")
            start = _number(before)
            cells = []
            for at, (cell, inner) in enumerate(_inside(row, f"{W}tc"), 1):
                made = self._cell(cell, (*around, *more, *inner), start, f"{place}第 {at} 格")
                cells.append(made)
                start += made.span
            yield Unit(tuple(cells), is_row=True, place=place)

    def _cell(self, cell: etree._Element, around: tuple[etree._Element, ...], start: int, place: str) -> Cell:
        merge = cell.find(f"{W}tcPr/{W}vMerge")
        paragraphs = tuple(
            self._paragraph(paragraph, (*around, *more), place) for paragraph, more in _paragraphs_in(cell)
        )
        span = max(1, _number(cell.find(f"{W}tcPr/{W}gridSpan"), 1))
        continued = merge is not None and merge.get(f"{W}val", "continue") == "continue"
        return Cell(paragraphs, start, span, place, continued)

    def _paragraph(self, node: etree._Element, around: tuple[etree._Element, ...], place: str) -> Paragraph:
        self._paragraphs += 1
        if self._paragraphs > _MOST_PARAGRAPHS:
            raise RefusedFileError("too-large", f"文件超过 {_MOST_PARAGRAPHS:,} 段", "请拆成几个文件")
        writing = _Writing()
        self._write(node, writing, place)
        _undo_doubling(writing)
        outer = [found for one in around if (found := self._control(one))]
        if outer and not writing.controls:
            writing.controls = [replace(outer[-1], start=0, end=len(writing.text))]
        return Paragraph(writing.text, self._paragraphs, place, tuple(writing.controls), tuple(writing.pictures))

    def _write(self, node: etree._Element, writing: _Writing, place: str) -> None:
        for child in node.iterchildren("{*}*"):
            if child.tag == f"{W}sdt":
                self._write_control(child, writing, place)
            elif child.tag == f"{W}t":
                writing.text += _seen(child)
            elif child.tag == f"{W}sym":
                writing.text += _symbol(child.get(f"{W}font", ""), chr(int(child.get(f"{W}char", "20"), 16)))
            elif child.tag in _BREAKS:
                writing.text += "" if child.get(f"{W}type") == "page" else _BREAKS[str(child.tag)]
            elif child.tag == f"{W}checkBox":
                writing.text += _old_box(child)
            elif child.tag == f"{W}txbxContent":
                self._note_box(child, place)
            elif child.tag not in _GONE:
                if (picture := self._pictures.get(child.get(_EMBED, ""))) is not None:
                    writing.pictures.append(self._members[picture])
                self._write(child, writing, place)

    def _write_control(self, node: etree._Element, writing: _Writing, place: str) -> None:
        start, before = len(writing.text), len(writing.controls)
        content = node.find(f"{W}sdtContent")
        if content is not None:
            self._write(content, writing, place)
        found = self._control(node)
        if found and len(writing.controls) == before:
            writing.controls.append(replace(found, start=start, end=len(writing.text)))

    def _note_box(self, box: etree._Element, place: str) -> None:
        if any((text.text or "").strip() for text in box.iter(f"{W}t")) and place not in self.asides:
            self.asides.append(place)

    def _control(self, node: etree._Element) -> Control | None:
        """Return a control without its place; None for rows that repeat, which are no value."""
        if node not in self._controls:
            self._controls[node] = self._described(node)
        return self._controls[node]

    def _described(self, node: etree._Element) -> Control | None:
        properties = node.find(f"{W}sdtPr")
        if properties is None or any("repeatingSection" in str(one.tag) for one in properties):
            return None
        tag, alias = (properties.find(f"{W}{name}") for name in ("tag", "alias"))
        state = properties.find(f"{W14}checkbox")
        checked = None
        if state is not None:
            value = state.find(f"{W14}checked")
            checked = value is not None and value.get(f"{W14}val", "1") in {"1", "true"}
        name, title = ("" if one is None else one.get(f"{W}val", "") for one in (tag, alias))
        return Control(len(self._controls) + 1, name, title, 0, 0, checked)


def _undo_doubling(writing: _Writing) -> None:
    """Take back what LibreOffice 7.4 makes of a control around paragraphs when it saves.

    It writes the whole text, then each piece of it followed by the whole text again, then the whole text once more,
    each in a control of its own. Only exactly that is taken back.
    """
    shown = [writing.text[one.start : one.end] for one in writing.controls]
    if len(shown) < _DOUBLED or "".join(shown) != writing.text or any(one.tag for one in writing.controls):
        return
    whole = shown[0]
    rest = "".join(text.removesuffix(whole) for text in shown[1:-1])
    # The first piece is left out where the script changes behind it.
    if rest and whole == shown[-1] and all(text.endswith(whole) for text in shown) and whole.endswith(rest):
        writing.text = whole
        writing.controls = [replace(writing.controls[0], start=0, end=len(whole))]


def _inside(
    node: etree._Element, *wanted: str, around: tuple[etree._Element, ...] = ()
) -> Iterator[tuple[etree._Element, tuple[etree._Element, ...]]]:
    """Walk the nearest elements of some kinds, each with the controls that stand between it and ``node``."""
    for child in node.iterchildren("{*}*"):
        if child.tag in wanted:
            yield child, around
        elif child.tag not in _GONE:
            yield from _inside(child, *wanted, around=(*around, child) if child.tag == f"{W}sdt" else around)


def _paragraphs_in(cell: etree._Element) -> Iterator[tuple[etree._Element, tuple[etree._Element, ...]]]:
    """Walk the paragraphs of a cell; those of a table inside it are read as the cell's own."""
    for block, around in _inside(cell, f"{W}p", f"{W}tc"):
        if block.tag == f"{W}p":
            yield block, around
        else:
            for paragraph, more in _paragraphs_in(block):
                yield paragraph, (*around, *more)


def _number(node: etree._Element | None, default: int = 0) -> int:
    value = "" if node is None else node.get(f"{W}val", "")
    return min(int(value), 1000) if value.isdecimal() else default


def _seen(text: etree._Element) -> str:
    """Return the words of a run as they look: in a symbol face an R is a ticked box."""
    words = text.text or ""
    run = text.getparent()
    faces = None if run is None else run.find(f"{W}rPr/{W}rFonts")
    if faces is None:
        return words
    face = faces.get(f"{W}ascii", "").lower()
    return "".join(_symbol(face, char) for char in words) if face in _SYMBOLS else words


def _symbol(face: str, char: str) -> str:
    code = ord(char)
    known = _SYMBOLS.get(face.lower())
    return known.get(chr(code - _PRIVATE if code >= _PRIVATE else code), char) if known else char


def _old_box(box: etree._Element) -> str:
    """Return the box of a form field of Word 97."""
    state = box.find(f"{W}checked")
    if state is None:
        state = box.find(f"{W}default")
    return "☑" if state is not None and state.get(f"{W}val", "1") in {"1", "true", "on"} else "□"


def _pictures(members: Mapping[str, bytes]) -> dict[str, str]:
    """Return the embedded pictures: relationship id to member name."""
    relations = members.get("word/_rels/document.xml.rels")
    if relations is None:
        return {}
    found = {
        one.get("Id", ""): posixpath.normpath(posixpath.join("word", one.get("Target", "")))
        for one in parse_xml(relations).iter("{*}Relationship")
        if one.get("Type", "").endswith("/image")
    }
    return {name: member for name, member in found.items() if member in members}
