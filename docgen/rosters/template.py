"""The list to fill in for a certificate type: what is printed over its columns is what the reader looks for.

The row marked 示例 shows how to fill in and is never a certificate.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from docgen import service
from docgen.forms.shape import Leaf, LeafKind, Series
from docgen.issuing import orders
from docgen.layout import WUHAO, XIAOSI, Face
from docgen.render import xlsx
from docgen.rosters import synonyms
from docgen.rosters.headings import DATE, fields_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

    from docgen.forms.form import Form
    from docgen.forms.shape import Node

ROSTER: Final = "名单"
_FIRST: Final = 2
_LAST: Final = orders.MOST_ROWS + _FIRST
"""Rows to fill in: the sample, and as many as one roster may have."""
_TEXT: Final = "@"
_DAY: Final = "yyyy-mm-dd"
_MARK_LIMIT: Final = 60
_WIDTHS: Final = {LeafKind.CHOICE: 16, LeafKind.DATE: 14}
_WIDE: Final = 30
_NARROW: Final = 8
_NOTE_SIZE: Final = (300, 110)
"""Width and height of a note, pixels."""
_LINE: Final = Side("thin", color="999999")
_FRAME: Final = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_NEEDED: Final = PatternFill("solid", fgColor="FCE4D6")
_FREE: Final = PatternFill("solid", fgColor="EDEDED")
_GREY: Final = "808080"

_RULES: Final = (
    "每行一份证书，从第 3 行起填写；第 2 行是示例，不会颁发，可以删去。",
    "栏名后有 * 的必须填写。请不要改动栏名；各栏的次序可以改变，也可以增加别的栏，多出的栏不读。",
    "姓名按证书上要印的写全，姓名中间不留空格；一格里有几个人的，用“、”隔开。",
    "单位名称与公章一致。同一单位的几行可以合并单元格。",
    f"一份名单最多 {orders.MOST_ROWS:,} 行；颁发单位、决定文号和没有单独填写的颁发日期在颁发时统一给出。",
)


def template(form: Form) -> bytes:
    """Return an xlsx to fill in; the same form gives the same bytes. Raises SubmissionError for no certificate."""
    orders.certificate_form(form.id)
    book = Workbook()
    sheet: Worksheet = book.active  # type: ignore[assignment]  # a new workbook has a sheet
    sheet.title = ROSTER
    guide: Worksheet = book.create_sheet(synonyms.GUIDE)
    options = _guide(guide, form)
    _column(sheet, 1, "序号", Leaf("序号", LeafKind.LINE, required=False), "只用来数行，可以不填。")
    for number, (name, node) in enumerate(_columns(form), 2):
        _column(sheet, number, _heading(node), node, _note(name, node))
        _choices(sheet, number, node, options.get(name, ""))
    _sample(sheet, form)
    sheet.freeze_panes = "A2"
    sheet.row_dimensions[1].height = 24
    sheet.print_title_rows = "1:1"
    for one in (sheet, guide):
        one.page_setup.orientation = "landscape"
        xlsx.fit_to_width(one)
    book.properties.title = f"{form.title}名单"
    book.properties.creator = "docgen"
    return xlsx.saved(book)


def _columns(form: Form) -> Iterator[tuple[str, Node]]:
    """Walk what has a column: fields, the date that a row need not have, and the mark of a namesake."""
    for name in fields_of(form):
        node = form.shape.fields[name]
        yield name, replace(node, required=False) if name == DATE else node
    yield synonyms.REF, Leaf(synonyms.REF_TITLE, LeafKind.LINE, required=False, limit=_MARK_LIMIT)


def _heading(node: Node) -> str:
    return f"{node.title}*" if node.required else node.title


def _note(name: str, node: Node) -> str:
    """Return what the note of a heading says."""
    if name == synonyms.REF:
        return (
            "可以不填。同一单位确有两个同名的获奖者时，两行各填一个不同的标记（不印在证书上），"
            f"最多 {_MARK_LIMIT} 个字符。"
        )
    said = "必须填写。" if node.required else "可以不填。"
    if name == DATE:
        return f"{said}填写日期，如 2026-10-30；不填的用颁发时统一给出的日期。"
    if isinstance(node, Series):
        most = f"最多 {node.maximum} 人，" if node.maximum else ""
        return f"{said}{most}用“、”隔开；姓名中间不留空格。"
    if isinstance(node, Leaf) and node.kind is LeafKind.CHOICE:
        return f"{said}从下拉列表里选：{'、'.join(node.options)}。"
    limit = f"最多 {node.limit} 个字符，" if isinstance(node, Leaf) and node.limit else ""
    return f"{said}{limit}与证书上要印的一字不差。"


def _column(sheet: Worksheet, number: int, label: str, node: Node, note: str) -> None:
    cell: Cell = sheet.cell(1, number)  # type: ignore[assignment]  # nothing is merged here
    xlsx.write_text(cell, label)
    cell.font = Font(name=str(Face.HEITI), size=float(XIAOSI))
    cell.alignment = Alignment(horizontal="center", vertical="center")
    cell.fill = _NEEDED if node.required else _FREE
    cell.border = _FRAME
    cell.comment = Comment(note, "docgen", width=_NOTE_SIZE[0], height=_NOTE_SIZE[1])
    is_day = isinstance(node, Leaf) and node.kind is LeafKind.DATE
    column = sheet.column_dimensions[get_column_letter(number)]
    column.width = _NARROW if number == 1 else _WIDTHS.get(node.kind, _WIDE) if isinstance(node, Leaf) else _WIDE
    column.number_format = _DAY if is_day else _TEXT
    column.font = Font(name=str(Face.SONGTI), size=float(WUHAO))


def _choices(sheet: Worksheet, number: int, node: Node, options: str) -> None:
    """Let a column be chosen from a list, or take days only."""
    letter = get_column_letter(number)
    if options:
        rule = DataValidation("list", options, allow_blank=True, errorStyle="stop")
        rule.error = "请从下拉列表里选一项"
    elif isinstance(node, Leaf) and node.kind is LeafKind.DATE:
        rule = DataValidation("date", "32874", "73050", allow_blank=True, operator="between", errorStyle="warning")
        rule.error = "请填写日期，如 2026-10-30"
    else:
        return
    rule.errorTitle = node.title
    rule.showErrorMessage = True
    rule.add(f"{letter}{_FIRST}:{letter}{_LAST}")
    sheet.add_data_validation(rule)


def _sample(sheet: Worksheet, form: Form) -> None:
    values: dict[str, Any] = service.sample(form)
    grey = Font(name=str(Face.SONGTI), size=float(WUHAO), italic=True, color=_GREY)
    row = [synonyms.SAMPLE, *(values.get(name, "") for name, _ in _columns(form))]
    for number, value in enumerate(row, 1):
        cell: Cell = sheet.cell(_FIRST, number)  # type: ignore[assignment]  # nothing is merged here
        cell.font = grey
        cell.number_format = _TEXT
        if number > 1 and list(_columns(form))[number - 2][0] == DATE:
            cell.value, cell.number_format = date.fromisoformat(value), _DAY
        else:
            xlsx.write_text(cell, "、".join(value) if isinstance(value, list) else str(value))


def _guide(sheet: Worksheet, form: Form) -> dict[str, str]:
    """Write the sheet that explains; returns where the options of each choice stand, as a formula."""
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 22, 12
    sheet.column_dimensions["C"].width = 90
    lines: list[tuple[str, str, str]] = [(f"《{form.title}》名单填写说明", "", "")]
    lines += [("", "", rule) for rule in _RULES]
    lines.append(("栏", "填写", "要求"))
    lines += [(node.title, "必填" if node.required else "选填", _note(name, node)) for name, node in _columns(form)]
    found: dict[str, str] = {}
    for name, node in _columns(form):
        if isinstance(node, Leaf) and node.options:
            first = len(lines) + 1
            lines += [(f"{node.title}可选" if not at else "", "", option) for at, option in enumerate(node.options)]
            found[name] = f"'{synonyms.GUIDE}'!$C${first}:$C${len(lines)}"
    for number, line in enumerate(lines, 1):
        for column, text in enumerate(line, 1):
            cell: Cell = sheet.cell(number, column)  # type: ignore[assignment]  # nothing is merged here
            cell.font = Font(name=str(Face.HEITI if number == 1 else Face.SONGTI), size=float(WUHAO))
            cell.alignment = Alignment(vertical="top", wrap_text=column > 1)
            xlsx.write_text(cell, text)
    return found
