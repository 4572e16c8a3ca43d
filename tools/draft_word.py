"""Write the first draft of a form's Word template from its HTML template, so that a grid is drawn only once.

``python -m tools.draft_word caq-2026/application``. Afterwards the docx is the truth and people edit it in Word; run
this again only for a form whose Word template nobody has touched.
"""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZipFile

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import _Cell
from docx.text.run import Run
from lxml import etree

from docgen import paths
from docgen.contract.values import field_at
from docgen.forms.catalogue import get_form
from docgen.forms.shape import Leaf, LeafKind, Series
from docgen.layout import PAGES, RULE_WIDTH, SEAL_CLEAR, TWIPS_PER_MM, Face, PageKind
from docgen.render import archive
from docgen.render.controls import W14
from tools.draft_house import HOUSE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.text.paragraph import Paragraph

    from docgen.forms.form import Form
    from docgen.forms.shape import Node

_MACRO: Final = re.compile(r"\{\{ house\.(\w+)\((.*?)\) \}\}")
W15: Final = "{http://schemas.microsoft.com/office/word/2012/wordml}"
_PLACEHOLDER: Final = re.compile(r"\{\{\s*(.+?)\s*\}\}")
_FOR: Final = re.compile(r"for (\w+) in ([\w.]+)")
_TAG: Final = re.compile(r"\{%-?\s*(.*?)\s*-?%\}")
_BLOCK_TAGS: Final = {"p", "div", "table", "h1"}
_STYLES: Final = {
    "annex": "附件标号",
    "header-line": "表头行",
    "para": "公文正文",
    "level-1": "公文一级",
    "level-2": "公文二级",
    "item": "表注条",
    "caption": "小标题",
    "subtitle": "副标题",
    "bundle": "材料名",
    "lead": "表格字左",
}
_WITHIN: Final = {"notes": "表注", "footer-lines": "表尾行", "footer-line": "表尾单行", "sign-off": "公文落款"}
"""Style of a paragraph by the class of the block around it."""


def _twips(mm: float) -> str:
    return str(round(mm * TWIPS_PER_MM))


def _element(name: str, **attributes: str) -> Any:
    element = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element


class Draft:
    """One Word document in the making; ``dense`` tables are set in 五号, ``side`` is 左 in cells set flush left."""

    def __init__(self, form: Form) -> None:
        """Start from the house's styles and the form's page."""
        self.form = form
        self.dense = form.page is PageKind.WIDE
        self.side = ""
        self.loops: dict[str, str] = {}
        self.document: Any = Document(str(HOUSE))
        self.container: Any = self.document
        self._page()

    def _page(self) -> None:
        page, section = PAGES[self.form.page], self.document.sections[0]
        section.page_width, section.page_height = Mm(page.width), Mm(page.height)
        section.orientation = WD_ORIENT.LANDSCAPE if page.width > page.height else WD_ORIENT.PORTRAIT
        section.top_margin, section.bottom_margin = Mm(page.top), Mm(page.bottom)
        section.left_margin, section.right_margin = Mm(page.left), Mm(page.right)
        section.header_distance, section.footer_distance = Mm(12), Mm(page.bottom - 10)
        if self.form.page is PageKind.TEXT:
            self.document.settings.odd_and_even_pages_header_footer = True
            section.footer_distance = Mm(page.bottom - 7 - 6)
            self._page_number(section.footer.paragraphs[0], "right")
            self._page_number(section.even_page_footer.paragraphs[0], "left")
        elif self.form.page is not PageKind.CERTIFICATE:
            self._page_number(section.footer.paragraphs[0], "center")

    def _page_number(self, paragraph: Paragraph, side: str) -> None:
        paragraph.style = self.document.styles["页码"]
        if side != "center":
            properties: Any = paragraph._p.get_or_add_pPr()
            properties.append(_element("ind", **{side: "280"}))
            properties.append(_element("jc", val=side))
        paragraph.add_run("— ")
        for kind in ("begin", None, "end"):
            run = paragraph.add_run()
            if kind:
                run._r.append(_element("fldChar", fldCharType=kind))
            else:
                code = _element("instrText")
                code.text = "PAGE"
                run._r.append(code)
        paragraph.add_run(" —")

    def paragraph(self, style: str) -> Paragraph:
        """Add a paragraph to what is being written: the body or a cell."""
        added: Paragraph = self.container.add_paragraph(style=self.document.styles[style])
        return added

    def tag(self, code: str, kind: str = "p") -> None:
        """Add a paragraph that holds only jinja code; docxtpl removes it."""
        if loop := _FOR.match(code):
            self._enter(*loop.groups())
        self.paragraph("表格字").add_run(f"{{%{kind} {code} %}}")

    def _enter(self, name: str, series: str) -> None:
        """Remember what a loop's variable stands for: fixed slots are told apart by number, rows by their place."""
        if place := self._place(series):
            path, node = place
            fixed = isinstance(node, Series) and node.slots and node.slots == node.maximum
            self.loops[name] = f"{path}[{{{{ loop.index0 }}}}]" if fixed else f"{path}[]"

    # Inline content

    def inline(self, paragraph: Paragraph, text: str) -> None:
        """Add text; boxes become a symbol and a word."""
        end = 0
        for found in _MACRO.finditer(text):
            self._run(paragraph, text[end : found.start()])
            name, arguments = found.groups()
            if name != "box":
                raise ValueError(f"{name} stands on its own")
            chosen, option = arguments.split(", ", 1)
            self._tick_box(paragraph, chosen, option, gap=bool(found.start()))
            paragraph.add_run(option.strip('"'))
            end = found.end()
        self._run(paragraph, text[end:])

    def _run(self, paragraph: Paragraph, text: str) -> None:
        """Add words; each placeholder of a field becomes a content control."""
        for piece in re.split(r"(\{\{.*?\}\})", text):
            if field := _PLACEHOLDER.fullmatch(piece):
                self._field(paragraph, piece, field[1])
            elif piece:
                paragraph.add_run(piece)

    def _field(self, paragraph: Paragraph, placeholder: str, expression: str) -> None:
        run = paragraph.add_run(placeholder)
        if place := self._place(expression.split("|", 1)[0].strip()):
            path, node = place
            self._control(run._r, path, node)

    def _place(self, expression: str) -> tuple[str, Node] | None:
        """Return path and node of a field; None for what is no field (``loop.index``, ``issue.code``)."""
        head, dot, rest = expression.partition(".")
        path = self.loops.get(head, head) + dot + rest
        node = field_at(self.form.printed, re.sub(r"\[\{\{.*?\}\}\]", "[]", path))
        return (path, node) if node else None

    def _control(self, content: Any, path: str, node: Node) -> None:
        """Wrap a run, or paragraphs, into a content control that is tagged with the field's path."""
        first = content[0] if isinstance(content, list) else content
        control, properties, inner = _element("sdt"), _element("sdtPr"), _element("sdtContent")
        properties.append(_element("alias", val=node.title[:64]))
        properties.append(_element("tag", val=path))
        kind = getattr(node, "kind", None)
        if kind is LeafKind.DATE:
            date = _element("date")
            date.append(_element("dateFormat", val="yyyy年M月d日"))
            date.append(_element("lid", val="zh-CN"))
            date.append(_element("storeMappedDataAs", val="date"))
            date.append(_element("calendar", val="gregorian"))
            properties.append(date)
        elif kind is LeafKind.CHOICE and isinstance(node, Leaf):
            choices = _element("dropDownList")
            for option in node.options:
                choices.append(_element("listItem", displayText=option, value=option))
            properties.append(choices)
        control.append(properties)
        control.append(inner)
        first.addprevious(control)
        for one in content if isinstance(content, list) else [content]:
            inner.append(one)

    def _tick_box(self, paragraph: Paragraph, chosen: str, option: str, *, gap: bool) -> None:
        """Add a box that ticks."""
        if gap:
            paragraph.add_run(" ")
        run = paragraph.add_run(f"{{{{ {chosen}|tick({option}) }}}}", style=self.document.styles["符号"])
        place = self._place(chosen)
        if place is None:
            return
        self._control(run._r, f"{place[0]}#{option.strip(chr(34))}", replace(place[1], kind=LeafKind.LINE))
        properties = run._r.getparent().getprevious()
        box = etree.SubElement(properties, f"{W14}checkbox")
        etree.SubElement(box, f"{W14}checked").set(f"{W14}val", "0")
        for state, code in (("checkedState", "2611"), ("uncheckedState", "25A1")):
            shown = etree.SubElement(box, f"{W14}{state}")
            shown.set(f"{W14}val", code)
            shown.set(f"{W14}font", str(Face.SYMBOL))

    def node(self, paragraph: Paragraph, node: etree._Element) -> None:
        """Add an element's inline content."""
        self.inline(paragraph, node.text or "")
        for child in node:
            if child.tag == "br":
                paragraph.add_run().add_break()
            else:
                self.node(paragraph, child)
            self.inline(paragraph, child.tail or "")

    # Blocks

    def blocks(self, node: etree._Element, *, cell: bool = False) -> None:
        """Write the children of a body or cell in order."""
        for piece in _pieces(node):
            if isinstance(piece, str):
                self._loose(piece)
            elif piece.tag == "table":
                self._table(piece)
            elif piece.tag == "h1":
                self.node(self.paragraph("公文标题" if self.form.page is PageKind.TEXT else "表题"), piece)
            elif piece.tag == "div":
                self.blocks(piece, cell=cell)
            else:
                self.node(self.paragraph(self._style(piece, cell=cell)), piece)

    def _style(self, node: etree._Element, *, cell: bool) -> str:
        name = node.get("class", "")
        parent = node.getparent()
        if name == "annex" and self.form.page is PageKind.TEXT:
            return "公文标号"
        if name in _STYLES:
            return _STYLES[name]
        if cell:
            dense = "密" if self.dense else ""
            return f"表格{dense}条目" if name == "point" else f"表格{dense}字{self.side}"
        return _WITHIN[parent.get("class", "") if parent is not None else ""]

    def _loose(self, text: str) -> None:
        """Write what stands between elements: jinja statements and macros of the house."""
        for line in filter(None, (line.strip() for line in re.split(r"(?<=[%}]\})", text))):
            if macro := _MACRO.fullmatch(line):
                getattr(self, f"_{macro[1]}")(*macro[2].split(", "))
            elif code := _TAG.fullmatch(line):
                if not re.match(r"extends|import|block|endblock", code[1]):
                    self.tag(code[1])
            else:
                raise ValueError(f"loose text: {line}")

    def _header_line(self, label: str, value: str) -> None:
        paragraph = self.paragraph("表头行")
        label = label.strip('"')
        paragraph.add_run(label)
        before = len(paragraph.runs)
        paragraph.add_run(" ")
        self._run(paragraph, f"{{{{ {value} }}}}")
        paragraph.add_run(" \t")
        for run in [*paragraph.runs[before:], *self._runs_in_controls(paragraph)]:
            run.underline = True
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(len(label) * 14 / 72 * 25.4 + 71))

    def _runs_in_controls(self, paragraph: Paragraph) -> list[Run]:
        found: Any = paragraph._p.xpath("./w:sdt/w:sdtContent/w:r")
        return [Run(run, paragraph) for run in found]

    def _text(self, value: str) -> None:
        style = "公文正文" if self.form.page is PageKind.TEXT else "表格密段落" if self.dense else "表格段落"
        start = self._last()
        self.tag(f"for line in {value}|paragraphs")
        self.paragraph(style).add_run("{{ line }}")
        self.tag("endfor")
        if place := self._place(value):
            written: list[Any] = []
            node = self._last()
            while node is not start:
                written.insert(0, node)
                node = node.getprevious()
            self._control(written, *place)

    def _last(self) -> Any:
        """Return the last block written so far into the body or cell."""
        home = self.container._tc if isinstance(self.container, _Cell) else self.document.element.body
        blocks = [child for child in home if child.tag in {qn("w:p"), qn("w:tbl"), qn("w:sdt"), qn("w:tcPr")}]
        return blocks[-1] if blocks else None

    def _seal(self, label: str, date: str) -> None:
        indents = {"left": _twips(PAGES[self.form.page].text_width - 64), "right": _twips(8)}
        self._seal_words(label, date, before=SEAL_CLEAR * 72 / 25.4 - 2 * 23 - 10, after=10, **indents)

    def _small_seal(self, label: str, date: str) -> None:
        self._seal_words(label, date, before=34, after=0)

    def _seal_words(self, label: str, date: str, *, before: float, after: float, **indents: str) -> None:
        for text, above, below in ((label.strip('"'), before, 0.0), (f"{{{{ {date}|day }}}}", 0.0, after)):
            paragraph = self.paragraph("盖章")
            self._run(paragraph, text)
            properties: Any = paragraph._p.get_or_add_pPr()
            properties.append(_element("spacing", before=str(round(above * 20)), after=str(round(below * 20))))
            if indents:
                properties.append(_element("ind", **indents))

    # Tables

    def _table(self, node: etree._Element) -> None:
        self.dense = self.form.page is PageKind.WIDE or "dense" in node.get("class", "").split()
        widths = _widths(node, PAGES[self.form.page].text_width)
        table = _element("tbl")
        properties = _element("tblPr")
        properties.append(_element("tblW", w=_twips(sum(widths)), type="dxa"))
        properties.append(_element("jc", val="center"))
        borders = _element("tblBorders")
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV"):
            borders.append(_element(edge, val="single", sz=str(round(RULE_WIDTH * 8)), space="0", color="000000"))
        properties.append(borders)
        properties.append(_element("tblLayout", type="fixed"))
        margins = _element("tblCellMar")
        margins.append(_element("left", w=_twips(1.2), type="dxa"))
        margins.append(_element("right", w=_twips(1.2), type="dxa"))
        properties.append(margins)
        table.append(properties)
        grid = _element("tblGrid")
        for width in widths:
            grid.append(_element("gridCol", w=_twips(width)))
        table.append(grid)
        body = self.document.element.body
        body.insert(len(body) - 1, table)
        open_spans: dict[int, tuple[int, int]] = {}
        repeated = ""
        for piece in _rows(node):
            if isinstance(piece, str):
                self._tag_row(table, piece, widths)
                if loop := _FOR.match(piece):
                    repeated = self.loops.get(loop[1], "")
                elif piece == "endfor" and repeated.endswith("[]"):
                    _repeat(table, repeated.removesuffix("[]"))
            else:
                self._row(table, piece, widths, open_spans)

    def _tag_row(self, table: Any, code: str, widths: list[float]) -> None:
        row, cell = _element("tr"), self._cell(sum(widths), len(widths))
        row.append(cell)
        table.append(row)
        self._fill(cell, lambda: self.tag(code, "tr"))

    def _row(
        self, table: Any, node: etree._Element, widths: list[float], open_spans: dict[int, tuple[int, int]]
    ) -> None:
        classes = node.get("class", "").split()
        row, properties = _element("tr"), _element("trPr")
        if "flows" not in classes:
            properties.append(_element("cantSplit"))
        height = next((name[1:] for name in classes if re.fullmatch(r"h\d+", name)), None)
        if height:
            properties.append(_element("trHeight", val=_twips(float(height)), hRule="atLeast"))
        if node.xpath("boolean(parent::thead)"):
            properties.append(_element("tblHeader"))
        row.append(properties)
        table.append(row)
        column = 0
        cells = iter(node)
        while column < len(widths):
            if column in open_spans:
                rest, span = open_spans.pop(column)
                if rest > 1:
                    open_spans[column] = (rest - 1, span)
                merged = self._cell(sum(widths[column : column + span]), span, merge="continue")
                row.append(merged)
                self._fill(merged, lambda: self.paragraph("表格字"))
                column += span
                continue
            cell = next(cells)
            span, down = int(cell.get("colspan", "1")), int(cell.get("rowspan", "1"))
            if down > 1:
                open_spans[column] = (down - 1, span)
            made = self._cell(sum(widths[column : column + span]), span, merge="restart" if down > 1 else "", node=cell)
            row.append(made)
            self._fill(made, lambda cell=cell: self._content(cell))
            column += span

    def _cell(self, width: float, span: int, merge: str = "", node: etree._Element | None = None) -> Any:
        cell, properties = _element("tc"), _element("tcPr")
        properties.append(_element("tcW", w=_twips(width), type="dxa"))
        if span > 1:
            properties.append(_element("gridSpan", val=str(span)))
        if merge:
            properties.append(_element("vMerge", val=merge))
        if node is not None and node.tag == "th":
            margins = _element("tcMar")
            margins.append(_element("left", w="6", type="dxa"))
            margins.append(_element("right", w="6", type="dxa"))
            properties.append(margins)
        top = node is not None and node.get("class") == "text"
        properties.append(_element("vAlign", val="top" if top else "center"))
        cell.append(properties)
        return cell

    def _fill(self, cell: Any, write: Any) -> None:
        outer, self.container = self.container, _Cell(cell, self.document._body)
        try:
            write()
        finally:
            self.container = outer

    def _content(self, node: etree._Element) -> None:
        whole = str(node.xpath("string()"))
        self.side = "左" if node.get("class") in {"left", "text"} else ""
        if not any(child.tag in _BLOCK_TAGS for child in node) and not re.search(r"house\.(text|\w*seal)", whole):
            style = ("表格密字" if self.dense else "表格字") + self.side
            self.node(self.paragraph(style), node)
            return
        self.blocks(node, cell=True)
        if re.search(r"house\.text\([^)]*\) \}\}\s*$", whole):
            # A loop may print nothing; a cell must hold a paragraph.
            self.paragraph("表格密字" if self.dense else "表格字")

    def save(self) -> None:
        """Write the template beside its siblings."""
        core = self.document.core_properties
        core.title = self.form.title
        target = paths.TEMPLATES / "docx" / f"{self.form.id}.docx"
        target.parent.mkdir(parents=True, exist_ok=True)
        self.document.save(str(target))
        _declare_w15(target)
        print(target)


def _repeat(table: Any, path: str) -> None:
    """Make the last loop's row one that Word can add again: a repeating section ([MS-DOCX] 2.5.4) of one item."""
    opening, row, closing = table[-3:]
    section, item = _element("sdt"), _element("sdt")
    properties, content = _element("sdtPr"), _element("sdtContent")
    properties.append(_element("tag", val=path))
    etree.SubElement(properties, f"{W15}repeatingSection")
    section.extend([properties, content])
    item_properties, item_content = _element("sdtPr"), _element("sdtContent")
    etree.SubElement(item_properties, f"{W15}repeatingSectionItem")
    item.extend([item_properties, item_content])
    opening.addprevious(section)
    item_content.append(row)
    content.extend([opening, item, closing])


def _pieces(node: etree._Element) -> Iterator[str | etree._Element]:
    """Walk the texts and elements directly inside a node."""
    if text := (node.text or "").strip():
        yield text
    for child in node:
        yield child
        if text := (child.tail or "").strip():
            yield text


def _rows(table: etree._Element) -> Iterator[str | etree._Element]:
    for piece in _pieces(table):
        if isinstance(piece, str):
            yield from (code for code in _TAG.findall(piece))
        elif piece.tag in {"thead", "tbody"}:
            yield from _rows(piece)
        elif piece.tag == "tr":
            yield piece


def _declare_w15(path: Path) -> None:
    """Let programs that do not know repeating sections pass over them (ECMA-376 part 3, mc:Ignorable)."""
    with ZipFile(path) as package:
        members = {info.filename: package.read(info) for info in package.infolist()}
    xml = members["word/document.xml"].decode()
    xml = re.sub(r' xmlns:ns\d+="[^"]*2012/wordml"', "", xml)
    xml = re.sub(r"(</?)ns\d+:(repeatingSection)", r"\1w15:\2", xml)
    xml = xml.replace('mc:Ignorable="w14 wp14"', f'xmlns:w15="{W15.strip("{}")}" mc:Ignorable="w14 w15 wp14"', 1)
    members["word/document.xml"] = xml.encode()
    path.write_bytes(archive.pack(members.items()))


def _widths(table: etree._Element, text_width: float) -> list[float]:
    found: list[float] = []
    for column in table.iter("col"):
        width = re.fullmatch(r"w(\d+)", column.get("class", ""))
        span = int(column.get("span", "1"))
        found += [float(width[1]) if width else text_width / span] * span
    return found


def main() -> None:
    """Draft the Word templates of the forms named on the command line."""
    for form_id in sys.argv[1:]:
        form = get_form(form_id)
        source = (paths.TEMPLATES / "html" / f"{form_id}.html").read_text(encoding="utf-8")
        source = re.sub(r"\{#.*?#\}", "", source)
        source = re.sub(r"<(br|col)\b([^>]*)>", r"<\1\2/>", source).replace("&", "&amp;")
        title = re.search(r"\{% block title %\}(.*?)\{% endblock %\}", source, re.DOTALL)
        if title:
            source = source.replace(title[0], "")
        head = f'<p class="annex">{form.annex}</p>' if form.annex else ""
        tree = etree.fromstring(f"<body>{head}{title[1] if title else f'<h1>{form.title}</h1>'}{source}</body>")
        draft = Draft(form)
        draft.blocks(tree)
        draft.save()


if __name__ == "__main__":
    main()
