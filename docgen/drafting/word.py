"""HTML template to the first draft of its Word template, so that a grid is drawn only once.

Afterwards the docx is the truth and people edit it in Word.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZipFile

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.run import Run

from docgen import paths
from docgen.drafting import markup, tables
from docgen.drafting.controls import Controls
from docgen.drafting.elements import W15, element, twips
from docgen.layout import PAGES, SEAL_CLEAR, PageKind
from docgen.render import archive

if TYPE_CHECKING:
    from collections.abc import Callable

    from docx.text.paragraph import Paragraph
    from lxml import etree

    from docgen.forms.form import Form

_MACRO: Final = re.compile(r"\{\{ house\.(\w+)\((.*?)\) \}\}")
_PLACEHOLDER: Final = re.compile(r"\{\{\s*(.+?)\s*\}\}")
_BLOCK_TAGS: Final = {"p", "div", "table", "h1"}
_STYLES: Final = {
    "annex": "附件标号",
    "header-line": "表头行",
    "addressee": "公文抬头",
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


class Draft:
    """One Word document in the making; ``dense`` tables are set in 五号, ``side`` is 左 in cells set flush left."""

    def __init__(self, form: Form) -> None:
        """Start from the house's styles and the form's page."""
        self.form = form
        self.dense = form.page is PageKind.WIDE
        self.side = ""
        self.controls = Controls(form.printed)
        self.document: Any = Document(str(paths.TEMPLATES / "docx" / "_house" / "house.docx"))
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
            properties.append(element("ind", **{side: "280"}))
            properties.append(element("jc", val=side))
        paragraph.add_run("— ")
        for kind in ("begin", None, "end"):
            run = paragraph.add_run()
            if kind:
                run._r.append(element("fldChar", fldCharType=kind))
            else:
                code = element("instrText")
                code.text = "PAGE"
                run._r.append(code)
        paragraph.add_run(" —")

    def paragraph(self, style: str) -> Paragraph:
        """Add a paragraph to what is being written: the body or a cell."""
        added: Paragraph = self.container.add_paragraph(style=self.document.styles[style])
        return added

    def tag(self, code: str, kind: str = "p") -> None:
        """Add a paragraph that holds only jinja code; docxtpl removes it."""
        if loop := markup.FOR.match(code):
            self.controls.enter(*loop.groups())
        self.paragraph("表格字").add_run(f"{{%{kind} {code} %}}")

    # Inline content

    def inline(self, paragraph: Paragraph, text: str) -> None:
        """Add text; boxes become a symbol and a word."""
        end = 0
        for found in _MACRO.finditer(text):
            self.words(paragraph, text[end : found.start()])
            name, arguments = found.groups()
            if name != "box":
                raise ValueError(f"{name} stands on its own")
            chosen, option = arguments.split(", ", 1)
            if found.start():
                paragraph.add_run(" ")
            run = paragraph.add_run(f"{{{{ {chosen}|tick({option}) }}}}", style=self.document.styles["符号"])
            self.controls.tick_box(run._r, chosen, option)
            paragraph.add_run(option.strip('"'))
            end = found.end()
        self.words(paragraph, text[end:])

    def words(self, paragraph: Paragraph, text: str) -> None:
        """Add words; each placeholder of a field becomes a content control."""
        for piece in re.split(r"(\{\{.*?\}\})", text):
            if field := _PLACEHOLDER.fullmatch(piece):
                self._field(paragraph, piece, field[1])
            elif piece:
                paragraph.add_run(piece)

    def _field(self, paragraph: Paragraph, placeholder: str, expression: str) -> None:
        run = paragraph.add_run(placeholder)
        if place := self.controls.place(expression.split("|", 1)[0].strip()):
            path, node = place
            self.controls.wrap(run._r, path, node)

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
        for piece in markup.pieces(node):
            if isinstance(piece, str):
                self._loose(piece)
            elif piece.tag == "table":
                tables.write(self, piece)
            elif piece.tag == "h1":
                self.node(self.paragraph("公文标题" if self.form.page is PageKind.TEXT else "表题"), piece)
            elif piece.tag == "div":
                if piece.get("class") == "sign-off":
                    self.paragraph("公文正文")
                self.blocks(piece, cell=cell)
            else:
                paragraph = self.paragraph(self._style(piece, cell=cell))
                paragraph.paragraph_format.page_break_before = True if "new-page" in piece.get("class", "") else None
                self.node(paragraph, piece)

    def _style(self, node: etree._Element, *, cell: bool) -> str:
        name = node.get("class", "").removesuffix(" new-page")
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
            elif code := markup.TAG.fullmatch(line):
                if not re.match(r"extends|import|block|endblock", code[1]):
                    self.tag(code[1])
            else:
                raise ValueError(f"loose text: {line}")

    def _header_line(self, label: str, value: str) -> None:
        self._underlined(self.paragraph("表头行"), label.strip('"'), value, at=0.0, width=71)

    def _header_pair(self, label: str, value: str, second: str, other: str) -> None:
        """Write two labels with their blanks on one line; lengths in mm as in ``header_pair`` of the house's macros."""
        paragraph = self.paragraph("表头行")
        end = self._underlined(paragraph, label.strip('"'), value, at=0.0, width=71)
        self._underlined(paragraph, f"　{second.strip(chr(34))}", other, at=end, width=18)

    def _underlined(self, paragraph: Paragraph, label: str, value: str, *, at: float, width: float) -> float:
        """Write a label and an underlined blank of so many mm, from ``at``; return where it ends."""
        paragraph.add_run(label)
        before, controls = len(paragraph.runs), len(self._runs_in_controls(paragraph))
        paragraph.add_run(" ")
        self.words(paragraph, f"{{{{ {value} }}}}")
        paragraph.add_run(" \t")
        for run in [*paragraph.runs[before:], *self._runs_in_controls(paragraph)[controls:]]:
            run.underline = True
        end = at + len(label) * 14 / 72 * 25.4 + width
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(end))
        return end

    def _runs_in_controls(self, paragraph: Paragraph) -> list[Run]:
        found: Any = paragraph._p.xpath("./w:sdt/w:sdtContent/w:r")
        return [Run(run, paragraph) for run in found]

    def _text(self, value: str) -> None:
        style = "公文正文" if self.form.page is PageKind.TEXT else "表格密段落" if self.dense else "表格段落"
        start = self._last()
        self.tag(f"for line in {value}|paragraphs")
        self.paragraph(style).add_run("{{ line }}")
        self.tag("endfor")
        if place := self.controls.place(value):
            written: list[Any] = []
            node = self._last()
            while node is not start:
                written.insert(0, node)
                node = node.getprevious()
            self.controls.wrap(written, *place)

    def _pictures(self, value: str) -> None:
        """Write a list of pictures, each with its caption below it."""
        self.tag(f"for one in {value}")
        paragraph = self.paragraph("表格字")
        paragraph.paragraph_format.keep_together = True
        paragraph.add_run("{{ one|picture }}")
        paragraph.add_run().add_break()
        self.words(paragraph, "{{ one.caption }}")
        self.tag("endfor")

    def _last(self) -> Any:
        """Return the last block written so far into the body or cell."""
        home = self.container._tc if isinstance(self.container, _Cell) else self.document.element.body
        blocks = [child for child in home if child.tag in {qn("w:p"), qn("w:tbl"), qn("w:sdt"), qn("w:tcPr")}]
        return blocks[-1] if blocks else None

    def _seal(self, label: str, date: str) -> None:
        indents = {"left": twips(PAGES[self.form.page].text_width - 64), "right": twips(8)}
        self._seal_words(label, date, before=SEAL_CLEAR * 72 / 25.4 - 2 * 23 - 10, after=10, **indents)

    def _low_seal(self, label: str, date: str) -> None:
        indents = {"left": twips(PAGES[self.form.page].text_width - 64), "right": twips(8)}
        self._seal_words(label, date, before=16, after=4, **indents)

    def _small_seal(self, label: str, date: str) -> None:
        self._seal_words(label, date, before=34, after=0)

    def _seal_words(self, label: str, date: str, *, before: float, after: float, **indents: str) -> None:
        for text, above, below in ((label.strip('"'), before, 0.0), (f"{{{{ {date}|day }}}}", 0.0, after)):
            paragraph = self.paragraph("盖章")
            self.words(paragraph, text)
            properties: Any = paragraph._p.get_or_add_pPr()
            properties.append(element("spacing", before=str(round(above * 20)), after=str(round(below * 20))))
            if indents:
                properties.append(element("ind", **indents))

    def fill(self, cell: Any, write: Callable[[], object]) -> None:
        """Write into a cell, then go on where the writing was."""
        outer, self.container = self.container, _Cell(cell, self.document._body)
        try:
            write()
        finally:
            self.container = outer

    def content(self, node: etree._Element) -> None:
        """Write the content of a cell."""
        whole = str(node.xpath("string()"))
        self.side = "左" if node.get("class") in {"left", "text"} else ""
        if not any(child.tag in _BLOCK_TAGS for child in node) and not re.search(r"house\.(text|\w*seal)", whole):
            style = ("表格密字" if self.dense else "表格字") + self.side
            self.node(self.paragraph(style), node)
            return
        self.blocks(node, cell=True)
        if re.search(r"house\.(text|pictures)\([^)]*\) \}\}\s*$", whole):
            # A loop may print nothing; a cell must end with a paragraph, which is too low to be seen.
            self.paragraph("表格密字" if self.dense else "表格字").paragraph_format.line_spacing = Pt(1)

    def data(self) -> bytes:
        """Return the finished file."""
        self.document.core_properties.title = self.form.title
        buffer = io.BytesIO()
        self.document.save(buffer)
        return _declare_w15(buffer.getvalue())


def draft(form: Form, source: str) -> bytes:
    """Return the Word template of a form whose HTML template has this text."""
    made = Draft(form)
    made.blocks(markup.tree(form, source))
    return made.data()


def _declare_w15(data: bytes) -> bytes:
    """Let programs that do not know repeating sections pass over them (ECMA-376 part 3, mc:Ignorable)."""
    with ZipFile(io.BytesIO(data)) as package:
        members = {info.filename: package.read(info) for info in package.infolist()}
    xml = members["word/document.xml"].decode()
    xml = re.sub(r' xmlns:ns\d+="[^"]*2012/wordml"', "", xml)
    xml = re.sub(r"(</?)ns\d+:(repeatingSection)", r"\1w15:\2", xml)
    xml = xml.replace('mc:Ignorable="w14 wp14"', f'xmlns:w15="{W15.strip("{}")}" mc:Ignorable="w14 w15 wp14"', 1)
    members["word/document.xml"] = xml.encode()
    return archive.pack(archive.member(name, data) for name, data in members.items())
