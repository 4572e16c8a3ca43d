"""Write the first draft of a certificate's Word template: ornaments, words, QR code, issuers, watermark.

``python -m tools.draft_certificate caq-2026/certificate-group``, or without names for all certificates.
"""

from __future__ import annotations

import io
import sys
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from docgen import paths
from docgen.certificates.sample import sample_issue
from docgen.drafting.elements import element, twips
from docgen.drafting.tables import make_cell
from docgen.drafting.word import Draft
from docgen.forms.catalogue import all_forms, get_form
from docgen.forms.form import Kind
from docgen.layout import NAMES_HEIGHT, PAGES, QR_QUIET, QR_SIDE, SEAL_CLEAR, PageKind, certificate_layout
from docgen.render import qr
from docgen.render.word_sizes import HEIGHT, ISSUERS, NOTES, RECIPIENT, WORDS
from tools import draw_border

if TYPE_CHECKING:
    from collections.abc import Callable

    from docx.text.paragraph import Paragraph

_SMALL: Final = "证书小字"
_NUMBER_LINE: Final = 16 / 72 * 25.4
"""Line pitch of the style 证书编号, mm."""
_CODE_DESCENT: Final = 1.4
"""What the line of the QR code needs below it, mm."""
_WATERMARK: Final = """
<w:r {declarations} xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"><w:pict>
<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800"
 path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>
<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>
<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/></v:formulas>
<v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/></v:shapetype>
<v:shape id="docgen-watermark" type="#_x0000_t136" style="position:absolute;width:300pt;height:130pt;rotation:336;
z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:margin;
mso-position-vertical:center;mso-position-vertical-relative:margin" fillcolor="#d9d9d9" stroked="f">
<v:fill opacity=".6"/><v:textpath style="font-family:&quot;黑体&quot;;font-size:1pt" string="{{ issue.mark }}"/>
</v:shape></w:pict></w:r>
"""


class Certificate(Draft):
    """A certificate in the making.

    Word, WPS and LibreOffice all keep a table's rows where they are; floating tables they do not. So the page is one
    table: title, words, and at the foot number, QR code and issuers.
    """

    def behind(self) -> None:
        """Put ornaments and watermark behind the text; each is left out where the certificate does without."""
        header = self.document.sections[0].header
        self.container = header
        for condition, drawn in (
            ("if issue.border", draw_border.drawing()),
            ("if issue.mark", _WATERMARK.replace("{declarations}", nsdecls("w"))),
        ):
            self.tag(condition)
            self._low(self.paragraph(_SMALL))._p.append(parse_xml(drawn))
            self.tag("endif")
        self._low(header.paragraphs[0]).style = self.document.styles[_SMALL]
        self.container = self.document

    def page(self, url: str) -> None:
        """Fill the page."""
        layout = certificate_layout(issuers=2)
        whole, right = layout.words.width, layout.issuers.width
        # A narrow column to the left of the text area: the code begins in it, and an empty line there keeps a row high.
        widths = (QR_QUIET, whole - right, right)
        table = self._table(widths, indent=-QR_QUIET)
        body = self.document.element.body
        body.insert(len(body) - 1, table)
        for height, write, strut in (
            (layout.words.top - layout.title.top, self._title, _SMALL),
            (None, self._words, HEIGHT),
        ):
            row = self._row(table, height)
            self._put(row, make_cell(QR_QUIET, 1), partial(self.paragraph, strut), "top")
            self._put(row, make_cell(whole, 2), write, "top")
        row = self._row(table)
        self._put(row, make_cell(QR_QUIET + whole - right, 2), lambda: self._proof(url), "bottom")
        self._put(row, make_cell(right, 1), self._issuers, "bottom")
        self._low(self.paragraph(_SMALL))  # a table may not end a document

    def _title(self) -> None:
        title = self.paragraph("证书题")
        title.add_run("荣誉证书")
        title.paragraph_format.space_before = Pt(4)

    def _words(self) -> None:
        for style, name in ((RECIPIENT, "recipient"), (WORDS, "body"), (WORDS, "closing")):
            self.paragraph(style).add_run(f"{{{{ {name} }}}}")
        self.tag("for note in fit.notes")
        note = self.paragraph(NOTES)
        note.add_run("{{ note }}")
        note._p.get_or_add_pPr().append(element("contextualSpacing"))
        self.tag("endfor")

    def _proof(self, url: str) -> None:
        """Write the number, and below it the QR code beside its words; the seals stand to the right of both."""
        layout, page = certificate_layout(issuers=2), PAGES[PageKind.CERTIFICATE]
        number = self.paragraph("证书编号")
        number.add_run("证书编号：{{ issue.number }}")
        number.paragraph_format.left_indent = Mm(QR_QUIET)
        number.paragraph_format.space_after = Mm(layout.qr.top - layout.number.top - _NUMBER_LINE)
        width = layout.issuers.left - layout.qr.left - QR_SIDE
        table = self._table((QR_SIDE, width))
        self.container._tc.append(table)
        row = self._row(table, QR_SIDE)
        self._put(row, make_cell(QR_SIDE, 1), lambda: self._code(url), "top")
        self._put(row, make_cell(width, 1), self._code_words, "center")
        # Below the code its distance to the page's end, as a row: LibreOffice drops an empty line behind a table.
        row = self._row(table, page.height - page.bottom - layout.qr.bottom - _CODE_DESCENT)
        self._put(row, make_cell(QR_SIDE + width, 2), lambda: self._low(self.paragraph(_SMALL)), "top")
        self._low(self.paragraph(_SMALL))

    def _code(self, url: str) -> None:
        paragraph = self.paragraph("证书编号")
        paragraph.paragraph_format.line_spacing = 1
        shape = paragraph.add_run().add_picture(io.BytesIO(qr.png(url)), width=Mm(QR_SIDE))
        for side in "TBLR":
            shape._inline.set(f"dist{side}", "0")  # LibreOffice takes an eighth of an inch where nothing is said
        properties = shape._inline.docPr
        properties.set("name", "docgen:qr")
        properties.set("descr", "验证二维码")

    def _code_words(self) -> None:
        for text in ("扫码验证", "{{ issue.code }}", "{{ issue.host }}"):
            paragraph = self.paragraph(_SMALL)
            paragraph.add_run(text)
            paragraph.paragraph_format.left_indent = Mm(QR_QUIET)

    def _issuers(self) -> None:
        """Write the rows of seals: names above their middle, the date below that of the last."""
        width = certificate_layout(issuers=2).issuers.width
        table = self._table((width / 2, width / 2))
        self.container._tc.append(table)
        self._tag_row(table, "for pair in fit.pairs")
        self._tag_row(table, "if pair.second")
        row = self._row(table, NAMES_HEIGHT)
        for name in ("first", "second"):
            self._put(row, make_cell(width / 2, 1), self._line(f"{{{{ pair.{name} }}}}"), "bottom")
        self._tag_row(table, "else")
        row = self._row(table, NAMES_HEIGHT)
        self._put(row, make_cell(width, 2), self._line("{{ pair.first }}"), "bottom")
        self._tag_row(table, "endif")
        row = self._row(table, SEAL_CLEAR - NAMES_HEIGHT)
        date = self._line("{% if loop.last %}{{ issued_on|numerals }}{% endif %}")
        self._put(row, make_cell(width, 2), date, "top")
        self._tag_row(table, "endfor")
        self._low(self.paragraph(_SMALL))

    def _line(self, text: str) -> Callable[[], object]:
        return lambda: self.paragraph(ISSUERS).add_run(text)

    def _tag_row(self, table: Any, code: str) -> None:
        row = self._row(table)
        self._put(row, make_cell(certificate_layout(issuers=2).issuers.width, 2), lambda: self.tag(code, "tr"), "top")

    def _low(self, paragraph: Paragraph, height: float = 0.4) -> Paragraph:
        """Make a paragraph that says nothing as low as Word allows, or so many mm high."""
        paragraph.paragraph_format.line_spacing = Mm(height)
        return paragraph

    def _table(self, widths: tuple[float, ...], indent: float = 0.0) -> Any:
        """Return an empty table without rules and margins; widths and indent in mm."""
        table, properties = element("tbl"), element("tblPr")
        properties.append(element("tblW", w=twips(sum(widths)), type="dxa"))
        properties.append(element("tblInd", w=twips(indent), type="dxa"))
        properties.append(element("tblLayout", type="fixed"))
        margins = element("tblCellMar")
        for side in ("left", "right"):
            margins.append(element(side, w="0", type="dxa"))
        properties.append(margins)
        table.append(properties)
        grid = element("tblGrid")
        for width in widths:
            grid.append(element("gridCol", w=twips(width)))
        table.append(grid)
        return table

    def _row(self, table: Any, height: float | None = None) -> Any:
        """Add a row, at least so many mm high: words that need more push the page over, and nothing is cut off."""
        row = element("tr")
        if height is not None:
            properties = element("trPr")
            properties.append(element("trHeight", val=twips(height), hRule="atLeast"))
            row.append(properties)
        table.append(row)
        return row

    def _put(self, row: Any, cell: Any, write: Callable[[], object], side: str) -> None:
        cell.find(qn("w:tcPr")).find(qn("w:vAlign")).set(qn("w:val"), side)
        row.append(cell)
        self.fill(cell, write)


def main() -> None:
    """Draft the Word templates of the certificates named on the command line, or of all."""
    every = [form.id for form in all_forms().values() if form.kind is Kind.CERTIFICATE]
    for form_id in sys.argv[1:] or every:
        draft = Certificate(get_form(form_id))
        draft.behind()
        draft.page(sample_issue("http://127.0.0.1:8080")["url"])
        target = paths.TEMPLATES / "docx" / f"{form_id}.docx"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(draft.data())
        print(target)


if __name__ == "__main__":
    main()
