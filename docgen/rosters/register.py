"""证书清单: certificates that somebody looked for, as an Excel file. Whatever stands in a cell is text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, NamedStyle
from openpyxl.utils import get_column_letter

from docgen.layout import WUHAO, Face
from docgen.render import xlsx
from docgen.rosters.report import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.cell import Cell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

COLUMNS: Final = (
    ("证书编号", 24),
    ("版本", 6),
    ("状态", 10),
    ("荣誉", 30),
    ("等级", 10),
    ("对象", 44),
    ("人员", 44),
    ("表彰决定文号", 26),
    ("颁发日期", 14),
    ("颁发单位", 34),
    ("查询码", 24),
    ("批次", 8),
)
_BODY: Final = "docgen 正文"
_HEADING: Final = "docgen 栏名"


def written(rows: Sequence[Sequence[str]], note: str) -> bytes:
    """Return the list; each row has the texts of ``COLUMNS``, ``note`` stands above. The same input, the same bytes."""
    book = Workbook(write_only=True)
    small, heavy = (Font(name=str(face), size=float(WUHAO)) for face in (Face.SONGTI, Face.HEITI))
    book.add_named_style(NamedStyle(_BODY, small, alignment=Alignment(vertical="top", wrap_text=True)))
    book.add_named_style(NamedStyle(_HEADING, heavy, alignment=Alignment(vertical="top")))
    sheet = book.create_sheet("证书清单")
    for number, (_, width) in enumerate(COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "B3"
    sheet.page_setup.orientation = "landscape"
    xlsx.fit_to_width(sheet)
    sheet.append([_cell(sheet, note, _HEADING)])
    sheet.append([_cell(sheet, title, _HEADING) for title, _ in COLUMNS])
    for row in rows:
        sheet.append([_cell(sheet, text, _BODY) for text in row])
    book.properties.title = "证书清单"
    book.properties.creator = "docgen"
    return xlsx.saved(book)


def _cell(sheet: WriteOnlyWorksheet, text: str, style: str) -> Cell:
    cell: Cell = WriteOnlyCell(sheet)
    cell.style = style
    xlsx.write_text(cell, shown(text))
    return cell
