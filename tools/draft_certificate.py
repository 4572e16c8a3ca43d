"""Write the first draft of a certificate's Word template: frame, wording, QR code, issuers, 样张 watermark.

``python -m tools.draft_certificate caq-2026/certificate-group``; the wording is read from the HTML template.
"""

from __future__ import annotations

import io
import re
import sys
from typing import Any, Final

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from docgen import paths
from docgen.certificates.sample import sample_issue
from docgen.drafting.elements import element, twips
from docgen.drafting.tables import make_cell
from docgen.drafting.word import Draft
from docgen.forms.catalogue import get_form
from docgen.layout import PAGES, QR_SIDE, PageKind
from docgen.render import qr

_STYLES: Final = {"recipient": "证书抬头", "body": "证书正文", "members": "证书成员"}
_FOOT_HEIGHT: Final = 35
"""Height of the block with number, code and issuers at the foot of the page, mm."""
_FEW: Final = 2
"""Issuers whose lines find room at full size."""
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
<v:fill opacity=".6"/><v:textpath style="font-family:&quot;黑体&quot;;font-size:1pt" string="样张"/>
</v:shape></w:pict></w:r>
"""


class Certificate(Draft):
    """A certificate in the making."""

    def frame(self) -> None:
        """Draw a red border round the page with Word's own line, which stays editable."""
        borders = element("pgBorders", offsetFrom="page")
        for edge in ("top", "left", "bottom", "right"):
            borders.append(element(edge, val="thinThickMediumGap", sz="36", space="24", color="B3261E"))
        section = self.document.sections[0]._sectPr
        section.insert_element_before(borders, "w:lnNumType", "w:pgNumType", "w:cols", "w:titlePg", "w:docGrid")

    def watermark(self) -> None:
        """Put 样张 behind the text of a certificate that nobody issued."""
        header = self.document.sections[0].header
        self.container = header
        self.tag("if issue.sample")
        mark = self.paragraph("证书小字")
        mark._p.append(parse_xml(_WATERMARK.replace("{declarations}", nsdecls("w"))))
        self.tag("endif")
        first = header.paragraphs[0]
        first.style = self.document.styles["证书小字"]
        self.container = self.document

    def page(self, source: str, url: str) -> None:
        """Fill the page with one table: the wording above, number, QR code and issuers at the foot.

        Word, WPS and LibreOffice all keep a table's rows where they are; floating tables they do not.
        """
        page = PAGES[PageKind.CERTIFICATE]
        widths = (QR_SIDE + 3, 100.0, page.text_width - QR_SIDE - 103)
        table = element("tbl")
        properties = element("tblPr")
        properties.append(element("tblW", w=twips(sum(widths)), type="dxa"))
        properties.append(element("tblLayout", type="fixed"))
        margins = element("tblCellMar")
        margins.append(element("left", w="0", type="dxa"))
        margins.append(element("right", w="0", type="dxa"))
        properties.append(margins)
        table.append(properties)
        grid = element("tblGrid")
        for width in widths:
            grid.append(element("gridCol", w=twips(width)))
        table.append(grid)
        body = self.document.element.body
        body.insert(len(body) - 1, table)
        row = self._tall_row(table, page.height - page.top - page.bottom - _FOOT_HEIGHT - 6)
        self._put(row, make_cell(sum(widths), 3), lambda: self._wording(source), side="top")
        row = self._tall_row(table, 8)
        self._put(row, make_cell(widths[0] + widths[1], 2), self._number)
        self._put(row, make_cell(widths[2], 1, merge="restart"), self._issuers)
        row = self._tall_row(table, _FOOT_HEIGHT - 8)
        self._put(row, make_cell(widths[0], 1), lambda: self._code(url))
        self._put(row, make_cell(widths[1], 1), self._words)
        self._put(row, make_cell(widths[2], 1, merge="continue"), lambda: self.paragraph("证书落款"))
        self.paragraph("证书小字")  # a table may not end a document

    def _wording(self, source: str) -> None:
        """Write the title and the paragraphs of the HTML template."""
        self.paragraph("证书题").add_run("荣誉证书")
        for code, kind, text in re.findall(r'\{% (if .*?|endif) %\}|<p class="(\w+)">(.*?)</p>', source):
            if code:
                self.tag(code)
            else:
                self.words(self.paragraph(_STYLES[kind]), text)

    def _tall_row(self, table: Any, height: float) -> Any:
        row, properties = element("tr"), element("trPr")
        properties.append(element("trHeight", val=twips(height), hRule="atLeast"))
        row.append(properties)
        table.append(row)
        return row

    def _put(self, row: Any, cell: Any, write: Any, side: str = "bottom") -> None:
        cell.find(qn("w:tcPr")).find(qn("w:vAlign")).set(qn("w:val"), side)
        row.append(cell)
        self.fill(cell, write)

    def _number(self) -> None:
        self.paragraph("证书编号").add_run("证书编号：{{ issue.number }}")

    def _code(self, url: str) -> None:
        paragraph = self.paragraph("证书编号")
        paragraph.paragraph_format.line_spacing = 1
        shape = paragraph.add_run().add_picture(io.BytesIO(qr.png(url)), width=Mm(QR_SIDE))
        properties = shape._inline.docPr
        properties.set("name", "docgen:qr")
        properties.set("descr", "验证二维码")

    def _words(self) -> None:
        for text in ("扫码验证", "{{ issue.code }}", "{{ issue.host }}"):
            self.paragraph("证书小字").add_run(text)

    def _issuers(self) -> None:
        self.tag("for issuer in issuers")
        self._issue_line("{{ issuer }}")
        self.tag("endfor")
        self._issue_line("{{ issued_on|numerals }}")

    def _issue_line(self, text: str) -> None:
        """Set the lines of three or four joint issuers closer, or the foot would leave the page."""
        paragraph = self.paragraph("证书落款")
        run = paragraph.add_run(text)
        if len(self.form.model.model_fields["issuers"].default) > _FEW:
            run.font.size, paragraph.paragraph_format.line_spacing = Pt(15), Pt(20)


def main() -> None:
    """Draft the Word templates of the certificates named on the command line."""
    for form_id in sys.argv[1:]:
        source = (paths.TEMPLATES / "html" / f"{form_id}.html").read_text(encoding="utf-8")
        draft = Certificate(get_form(form_id))
        draft.frame()
        draft.watermark()
        draft.page(source, sample_issue("http://127.0.0.1:8080")["url"])
        target = paths.TEMPLATES / "docx" / f"{form_id}.docx"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(draft.data())
        print(target)


if __name__ == "__main__":
    main()
