"""Does a Word template keep to the house: page set-up, styles and faces (docgen.layout, ``_house/house.docx``)."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from docgen.contract.faces import SLOTS, style_name
from docgen.contract.spots import W, pieces_of, tag_spans
from docgen.errors import Place, TemplateFinding
from docgen.layout import PAGES, TWIPS_PER_MM, Face

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from docgen.contract.faces import Styles
    from docgen.contract.spots import Part
    from docgen.layout import PageKind

TOLERANCE: Final = 0.5
"""Millimetres: Word rounds to twips, dialogs to tenths of a centimetre."""

_BOXES: Final = frozenset("☑☐□")
_CJK: Final = re.compile("[\u2e80-\u2fdf\u3001-\u9fff\uf900-\ufaff\uff01-\uffef\U00020000-\U0003ffff]")
_TICK: Final = re.compile(r"\|\s*tick\b")
_KINDS: Final = (
    (f"{W}pStyle", "paragraph", "段落样式"),
    (f"{W}rStyle", "character", "字符样式"),
    (f"{W}tblStyle", "table", "表格样式"),
)
_SLOT_NAMES: Final = dict(zip(SLOTS, ("中文字体", "西文字体", "西文字体"), strict=True))
_KNOWN: Final = frozenset(face.value for face in Face)
_FACES: Final = "、".join(Face)


def page_setup(document: Part, kind: PageKind) -> Iterator[TemplateFinding]:
    """Compare every section with the page that the form names."""
    page = PAGES[kind]
    wanted = (
        ("pgSz", "w", "纸张宽度", page.width),
        ("pgSz", "h", "纸张高度", page.height),
        ("pgMar", "top", "上边距", page.top),
        ("pgMar", "right", "右边距", page.right),
        ("pgMar", "bottom", "下边距", page.bottom),
        ("pgMar", "left", "左边距", page.left),
    )
    sections = [one for one in document.root.iter(f"{W}sectPr") if not any(one.iterancestors(f"{W}sectPrChange"))]
    if not sections:
        yield TemplateFinding("page-setup", Place("正文"), "没有页面设置", "在 Word 的「布局 → 页面设置」中设好后保存")
    for number, section in enumerate(sections, start=1):
        place = Place("正文", f"第 {number} 节")
        for element, name, title, length in wanted:
            found = _length(section, element, name)
            if found is None or abs(found - length) > TOLERANCE:
                now = "没有设置" if found is None else f"是 {found:.1f} 毫米"
                remedy = f"在「布局 → 页面设置」中改为 {length:g} 毫米"
                yield TemplateFinding("page-setup", place, f"{title}{now}，应为 {length:g} 毫米", remedy)
        if _length(section, "pgMar", "gutter"):
            yield TemplateFinding("page-setup", place, "设了装订线，版心会变窄", "把装订线改为 0")
        size = section.find(f"{W}pgSz")
        turned = size is not None and size.get(f"{W}orient") == "landscape"
        if turned != (page.width > page.height):
            right = "横向" if page.width > page.height else "纵向"
            yield TemplateFinding(
                "page-setup", place, f"纸张方向不对，应为{right}", f"在「布局 → 纸张方向」中选{right}"
            )


def _length(section: etree._Element, element: str, name: str) -> float | None:
    """Return a length in mm, or None where it is missing or no number of twips."""
    found = section.find(f"{W}{element}")
    try:
        return float(found.get(f"{W}{name}", "")) / TWIPS_PER_MM if found is not None else None
    except ValueError:
        return None


def styles_of_house(part: Part, own: Styles, house: Styles) -> Iterator[TemplateFinding]:
    """Report styles in use that the house does not have; Word renames identifiers, so names are compared."""
    for tag, kind, title in _KINDS:
        used: dict[str, list[etree._Element]] = {}
        for element in part.root.iter(tag):
            used.setdefault(element.get(f"{W}val", ""), []).append(element)
        for identifier, places in used.items():
            style = own.by_id.get((kind, identifier))
            name = identifier if style is None else style_name(style)
            if style is None or (kind, name) not in house.names:
                known = "、".join(sorted(one for its, one in house.names if its == kind))
                yield TemplateFinding(
                    "style-outside",
                    part.place(places[0], _words_at(places[0])),
                    f"{title}「{name}」不是本系统的样式（共 {len(places)} 处）",
                    f"请改用：{known}" if known else f"请清除{title}",
                )


def _words_at(mark: etree._Element) -> str:
    """Return the words that a style mark bears on."""
    owner = next(mark.iterancestors(f"{W}r", f"{W}p", f"{W}tbl"), mark)
    return "".join(text.text or "" for text in owner.iter(f"{W}t"))


def faces_of_house(part: Part, styles: Styles) -> Iterator[TemplateFinding]:
    """Check the effective face of every run that prints something."""
    for symbol in part.root.iter(f"{W}sym"):
        if symbol.get(f"{W}font") not in _KNOWN:
            detail = f"插入的符号用了字体「{symbol.get(f'{W}font')}」"
            yield TemplateFinding(
                "face-outside", part.place(symbol), detail, f"改为直接输入 ☑ 或 □，字体用 {Face.SYMBOL}"
            )
    for paragraph in part.root.iter(f"{W}p"):
        found = Counter(_faulty_runs(paragraph, styles))
        for code, detail, remedy, words in found:
            yield TemplateFinding(code, part.place(paragraph, words), detail, remedy)


def _faulty_runs(paragraph: etree._Element, styles: Styles) -> Iterator[tuple[str, str, str, str]]:
    """Walk the faults of a paragraph's runs as (code, detail, remedy, words)."""
    for run, words, plain, tags in _runs(paragraph):
        faces = {slot: styles.face(run, slot) for slot in SLOTS}
        if _BOXES & set(plain) or any(_TICK.search(tag) for tag in tags):
            if set(faces.values()) != {Face.SYMBOL}:
                yield (
                    "symbol-face",
                    f"方框的字体不是 {Face.SYMBOL}，会印不出来",
                    "给这个方框单独用字符样式「符号」",
                    words,
                )
            if _CJK.search(plain):
                yield "symbol-face", "方框和文字在同一段格式里", "只给方框用字符样式「符号」，文字另用原样式", words
            continue
        if faces["eastAsia"] == Face.SYMBOL and _CJK.search(plain):
            yield "symbol-face", f"文字用了只有符号的字体 {Face.SYMBOL}", "清除这些字的字符样式", words
        for slot, face in faces.items():
            if face is None and (tags or slot == "ascii" or (slot == "eastAsia" and _CJK.search(plain))):
                yield (
                    "face-missing",
                    f"没有指定{_SLOT_NAMES[slot]}（w:{slot}）",
                    f"改用本系统的样式，或指定其中之一：{_FACES}",
                    words,
                )
            elif face is not None and face not in _KNOWN:
                yield (
                    "face-outside",
                    f"{_SLOT_NAMES[slot]}「{face}」不是本系统的字体",
                    f"改用本系统的样式，或其中之一：{_FACES}",
                    words,
                )


def _runs(paragraph: etree._Element) -> Iterator[tuple[etree._Element, str, str, list[str]]]:
    """Walk runs with words as (run, words, words outside of tags, tags that begin in it)."""
    runs: dict[etree._Element, list[str]] = {}
    for piece in pieces_of(paragraph):
        run = next(piece.iterancestors(f"{W}r"), None)
        if run is not None:
            runs.setdefault(run, []).append(piece.text or "")
    text = "".join("".join(pieces) for pieces in runs.values())
    tags = dict(tag_spans(text))
    within = bytearray(len(text))
    for start, end in tags.items():
        within[start:end] = bytes([1]) * (end - start)
    end = 0
    for run, pieces in runs.items():
        start, end = end, end + sum(map(len, pieces))
        words = text[start:end]
        if words.strip():
            plain = "".join(char for char, tagged in zip(words, within[start:end], strict=True) if not tagged)
            yield run, words, plain, [text[place : tags[place]] for place in range(start, end) if place in tags]
