"""A Word template against its form and the house."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from jinja2 import nodes

from docgen.contract import controls, layout
from docgen.contract.coverage import unused
from docgen.contract.faces import Styles
from docgen.contract.placeholders import Site, Walker
from docgen.contract.spots import BRACES, Part, Source, W, part_title, tag_spans, text_of
from docgen.contract.syntax import parse
from docgen.contract.values import must_print, names_of_engine, on_paper
from docgen.errors import Place, TemplateFinding
from docgen.forms.form import Kind
from docgen.render import docx
from docgen.render.gate import outside_links, parse_xml, read_package

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml import etree

    from docgen.contract.spots import Tag
    from docgen.forms.form import Form

MAIN: Final = "word/document.xml"

_NEVER_FILLED_IN: Final = frozenset({Kind.CERTIFICATE, Kind.CHECKLIST})
"""Documents that are only printed: nobody writes into them by hand."""

_STORY: Final = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_ROLE: Final = re.compile(r"\{[%#](p|tr|tc)\s")
_RICH: Final = re.compile(r"\{\{(?:p|tr|tc|r) +[^}\s]")
_FIELDS: Final = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES"})
_QR: Final = "docgen:qr"
"""The only name of a picture that docgen.render.docx replaces."""
_ROLE_NAMES: Final = {"p": "段落", "tr": "行", "tc": "格"}


def check(data: bytes, form: Form) -> Iterator[TemplateFinding]:
    """Walk the findings of a Word template; raises RefusedFileError for what is no sound Word file."""
    members = read_package(data, MAIN)
    parts = {name: Part(name, parse_xml(blob)) for name, blob in members.items() if _is_text(name)}
    wrong = list(_placeholders(data, parts, form))
    yield from wrong
    if not wrong and form.kind not in _NEVER_FILLED_IN:
        yield from controls.check(parts[MAIN], form)
    styles = _styles(members)
    house = _styles(read_package(docx.path("_house/house").read_bytes(), MAIN))
    yield from layout.page_setup(parts[MAIN], form.page)
    for name, part in parts.items():
        if _STORY.fullmatch(name):
            yield from layout.styles_of_house(part, styles, house)
            yield from layout.faces_of_house(part, styles)
            yield from _fields(part)
            yield from _pictures(part)
    if form.kind is Kind.CERTIFICATE and not any(_QR in _picture_names(part) for part in parts.values()):
        remedy = f"插入一张图片，在「布局 → 选择窗格」中改名为 {_QR}"
        yield TemplateFinding("qr-missing", Place("正文"), "证书上没有验证二维码的位置", remedy)
    for member, _ in outside_links(members):
        yield TemplateFinding("outside-link", Place("文件", "", member), "模板里有超链接", "右键选「取消超链接」")


def _is_text(name: str) -> bool:
    return name.endswith(".xml") and name.startswith(("word/", "docProps/")) and "/_rels/" not in name


def _styles(members: Mapping[str, bytes]) -> Styles:
    theme = next((name for name in sorted(members) if name.startswith("word/theme/") and name.endswith(".xml")), "")
    styles, found = (members.get(name) for name in ("word/styles.xml", theme))
    return Styles(None if styles is None else parse_xml(styles), None if found is None else parse_xml(found))


def _placeholders(data: bytes, parts: Mapping[str, Part], form: Form) -> Iterator[TemplateFinding]:
    open_braces = [finding for part in parts.values() for finding in _open_braces(part)]
    if open_braces:
        yield from open_braces
        return
    used: set[str] = set()
    readable = True
    patched = docx.sources(data)
    for name, part in parts.items():
        if name not in patched:
            yield from _never_filled(part)
            continue
        yield from _lost_words(part)
        source = Source(patched[name], part)
        tree = parse(source.text, source.place)
        if not isinstance(tree, nodes.Template):
            yield tree
            readable = False
            continue
        walker = Walker(form.printed, form.shape, names_of_engine(form, html=False), Site(source.place))
        walker.body(tree.body, walker.root_scope)
        yield from walker.findings
        if _STORY.fullmatch(name):
            used |= walker.used
    if readable:
        yield from unused(must_print(form), on_paper(form, used))


def _texts(part: Part) -> Iterator[tuple[str, etree._Element]]:
    """Walk paragraphs and attributes of a part, and the elements of document properties."""
    for element in part.root.iter("{*}*"):
        for value in element.attrib.values():
            yield str(value), element
        if element.tag == f"{W}p":
            yield text_of(element), element
        elif element.tag != f"{W}t":
            yield element.text or "", element


def _open_braces(part: Part) -> Iterator[TemplateFinding]:
    """Find braces without their partner: docxtpl and jinja would swallow all words up to the next ones."""
    for text, element in _texts(part):
        if not BRACES.search(text):
            continue
        pieces, end = [], 0
        for start, stop in tag_spans(text):
            pieces.append(text[end:start])
            end = stop
        rest = " ".join([*pieces, text[end:]])
        if found := BRACES.search(rest):
            place = part.place(element, rest[max(0, found.start() - 10) : found.end() + 30])
            yield TemplateFinding(
                "jinja-syntax", place, f"{found.group()} 没有配对的括号", "占位符写在同一段里，{{ 与 }}、{% 与 %} 成对"
            )


def _never_filled(part: Part) -> Iterator[TemplateFinding]:
    for tag in part.tags:
        where = part_title(part.member)
        yield TemplateFinding(
            "not-filled", part.place(tag.holder, tag.text), f"{where}里的占位符不会填写", "请移到正文、页眉、页脚或脚注"
        )


def _lost_words(part: Part) -> Iterator[TemplateFinding]:
    """Find what docxtpl drops with the paragraph, row or cell around ``{%p … %}``, ``{%tr … %}``, ``{%tc … %}``."""
    for tag in part.tags:
        if _RICH.match(tag.text):
            yield TemplateFinding(
                "code-not-allowed",
                part.place(tag.holder, tag.text),
                "{{p …}}、{{tr …}}、{{tc …}}、{{r …}} 不可使用",
                "写成 {{ 字段 }}",
            )
        elif (role := _ROLE.match(tag.text)) and (lost := _beside(tag, role.group(1))):
            name = _ROLE_NAMES[role.group(1)]
            yield TemplateFinding(
                "words-lost",
                part.place(tag.holder, lost),
                f"这{name}里只有 {tag.text} 会留下，其余文字会丢失",
                f"让 {tag.text} 独占一{name}",
            )


def _beside(tag: Tag, role: str) -> str:
    """Return the words that stand beside a tag in what goes away with it."""
    holder = next((one for one in (tag.holder, *tag.holder.iterancestors()) if one.tag == f"{W}{role}"), None)
    if holder is None:
        return ""
    return "".join(text_of(paragraph) for paragraph in holder.iter(f"{W}p")).replace(tag.text, "", 1).strip()


def _fields(part: Part) -> Iterator[TemplateFinding]:
    """Allow page numbers only: other fields of Word fetch files or change by themselves."""
    for paragraph in part.root.iter(f"{W}p"):
        codes = ["".join(one.text or "" for one in paragraph.iter(f"{W}instrText"))]
        codes += [one.get(f"{W}instr", "") for one in paragraph.iter(f"{W}fldSimple")]
        for code in codes:
            words = code.upper().split()
            if words and not _FIELDS & set(words[:1]):
                yield TemplateFinding(
                    "field-not-allowed", part.place(paragraph, code), "域代码不可使用", "只可插入页码（PAGE、NUMPAGES）"
                )


def _picture_names(part: Part) -> dict[str, etree._Element]:
    return {picture.get("name", ""): picture for picture in part.root.iter("{*}docPr")}


def _pictures(part: Part) -> Iterator[TemplateFinding]:
    for name, picture in _picture_names(part).items():
        if name.startswith("docgen:") and name != _QR:
            remedy = f"在「布局 → 选择窗格」中改名为 {_QR}"
            yield TemplateFinding("unknown-asset", part.place(picture, name), "没有这个名称的图片可填", remedy)
