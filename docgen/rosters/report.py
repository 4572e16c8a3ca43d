"""The report of an issuing as an Excel file: every row of the roster, in order, with what became of it.

What people typed is written as text: no formula of theirs works here, and what cannot be shown is shown as such.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter

from docgen.layout import ERHAO, WUHAO, Face
from docgen.render import xlsx
from docgen.rosters import synonyms
from docgen.rosters.roster import Fate, Tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from openpyxl.cell import Cell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

    from docgen.rosters.roster import Problem, Roster, Row

_MOST_SHOWN: Final = 1_000
"""Characters of a value that are shown; the roster itself has the rest."""
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_ISSUED, _SKIPPED, _FAILED = "已颁发", "已跳过", "失败"
_GENERAL: Final = "整份名单有问题，见“核对提示”"
_HEAD_ROWS: Final = 4
_BODY: Final = "docgen 正文"
_HEADING: Final = "docgen 栏名"
_REMARK: Final = "docgen 说明"
_TITLE: Final = "docgen 标题"
_TINTS: Final = {_SKIPPED: "EDEDED", _FAILED: "FCE4D6"}
"""What became of a row, where that is to be seen at once, to the colour behind it."""
_LINE: Final = Side("thin", color="B7B7B7")
_FRAME: Final = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_LINE_POINTS: Final = 15
_TALLEST: Final = 27
"""Lines of a row that Excel can still show: 409 points."""
_WIDE: Final = frozenset("WFA")


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one row that was good: its number and its code as printed, or why it failed and what to do."""

    number: str = ""
    code: str = ""
    reason: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of the report."""

    row: Row
    what: str
    result: Result


def report(roster: Roster, results: Sequence[Result]) -> bytes:
    """Return the report; ``results`` are those of ``roster.good``, in order. The same input gives the same bytes."""
    lines = tuple(_lines(roster, results))
    counts = [sum(line.what == what for line in lines) for what in (_ISSUED, _SKIPPED, _FAILED)]
    tally = Tally(roster.rows_in, *counts)
    book = Workbook(write_only=True)
    _add_styles(book)
    _main(book.create_sheet("颁发结果"), roster, lines, tally)
    if problems := (*roster.general, *roster.warnings):
        _problems(book.create_sheet("核对提示"), problems)
    book.properties.title = f"{roster.form.title}颁发结果"
    book.properties.creator = "docgen"
    return xlsx.saved(book)


def _lines(roster: Roster, results: Sequence[Result]) -> Iterator[_Line]:
    given = dict(zip(map(id, roster.good), results, strict=True))
    for row in roster.rows:
        match roster.fate(row):
            case Fate.GOOD:
                result = given[id(row)]
                yield _Line(row, _FAILED if result.reason else _ISSUED, result)
            case Fate.SKIPPED:
                yield _Line(row, _SKIPPED, Result(reason=row.skipped))
            case Fate.FAILED:
                reasons = [
                    f"{fault.place.cell}{'：' if fault.place.cell else ''}{fault.detail}" for fault in row.faults
                ]
                remedies = dict.fromkeys(fault.remedy for fault in row.faults)
                result = Result(reason="\n".join(reasons) or _GENERAL, remedy="\n".join(remedies))
                yield _Line(row, _FAILED, result)


def _main(sheet: WriteOnlyWorksheet, roster: Roster, lines: Sequence[_Line], tally: Tally) -> None:
    names = [name for name in roster.columns if name != synonyms.REF]
    heads = ["行号", *(roster.headings[name] for name in names), "结果", "证书编号", "查询码", "原因", "改法"]
    widths = [8, *(24 for _ in names), 10, 22, 24, 40, 40]
    _set_up(sheet, widths, _HEAD_ROWS)
    counted = f"名单共 {tally.rows_in} 行 = 已颁发 {tally.good} 行 + 已跳过 {tally.skipped} 行 + 失败 {tally.failed} 行"
    sheet.append([_cell(sheet, f"{roster.form.title}颁发结果", _TITLE)])
    sheet.append([_cell(sheet, counted, _REMARK)])
    sheet.append([_cell(sheet, f"名单所在工作表：{roster.sheet}；行号与名单文件里的相同", _REMARK)])
    sheet.append([_cell(sheet, head, _HEADING) for head in heads])
    for place, line in enumerate(lines, _HEAD_ROWS + 1):
        words = [line.row.words.get(name, "") for name in names]
        result = line.result
        texts = [str(line.row.number), *words, line.what, result.number, result.code, result.reason, result.remedy]
        style = line.what if line.what in _TINTS else _BODY
        sheet.row_dimensions[place].height = _height(texts, widths)  # type: ignore[attr-defined]  # the stubs lack it
        sheet.append([_cell(sheet, text, style) for text in texts])


def _problems(sheet: WriteOnlyWorksheet, problems: Iterable[Problem]) -> None:
    widths = (36, 80, 50)
    _set_up(sheet, widths, 1)
    sheet.append([_cell(sheet, head, _HEADING) for head in ("位置", "提示", "改法")])
    for place, problem in enumerate(problems, 2):
        texts = str(problem.place), problem.detail, problem.remedy
        sheet.row_dimensions[place].height = _height(texts, widths)  # type: ignore[attr-defined]  # the stubs lack it
        sheet.append([_cell(sheet, text, _BODY) for text in texts])


def _height(texts: Sequence[str], widths: Sequence[int]) -> float:
    """Return the height of a row in points; not every program finds it for itself. Widths are in Latin characters."""
    lines = 1
    for text, width in zip(texts, widths, strict=True):
        needed = [sum(1 + (unicodedata.east_asian_width(char) in _WIDE) for char in line) for line in text.split("\n")]
        lines = max(lines, sum(max(1, math.ceil(one / (width - 1))) for one in needed))
    return _LINE_POINTS * min(lines, _TALLEST)


def _set_up(sheet: WriteOnlyWorksheet, widths: Sequence[int], heads: int) -> None:
    """Set the columns' widths and keep the head in sight; a sheet written row by row wants that first."""
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width  # type: ignore[attr-defined]  # the stubs lack it
    sheet.freeze_panes = f"A{heads + 1}"
    sheet.page_setup.orientation = "landscape"  # type: ignore[attr-defined]  # the same
    xlsx.fit_to_width(sheet)  # type: ignore[arg-type]  # it prints as any other


def _add_styles(book: Workbook) -> None:
    """Declare the styles by name: setting face and colour cell by cell takes longer than all the rest."""
    wrapped = Alignment(vertical="top", wrap_text=True)
    small, heavy = Font(name=str(Face.SONGTI), size=float(WUHAO)), Font(name=str(Face.HEITI), size=float(WUHAO))
    head = Alignment(horizontal="center", vertical="center")
    book.add_named_style(NamedStyle(_BODY, small, border=_FRAME, alignment=wrapped))
    book.add_named_style(NamedStyle(_HEADING, heavy, PatternFill("solid", fgColor="D9E2EC"), _FRAME, head))
    book.add_named_style(NamedStyle(_REMARK, small))
    book.add_named_style(NamedStyle(_TITLE, Font(name=str(Face.XIAOBIAOSONG), size=float(ERHAO))))
    for name, colour in _TINTS.items():
        book.add_named_style(NamedStyle(name, small, PatternFill("solid", fgColor=colour), _FRAME, wrapped))


def _cell(sheet: WriteOnlyWorksheet, text: str, style: str) -> Cell:
    cell: Cell = WriteOnlyCell(sheet)
    cell.style = style
    xlsx.write_text(cell, shown(text))
    return cell


def shown(text: str) -> str:
    """Return words from a file fit for a cell: what leaves no ink or turns the writing round shows as a mark."""
    plain = "".join("\ufffd" if unicodedata.category(char) in _HIDDEN and char != "\n" else char for char in text)
    return plain if len(plain) <= _MOST_SHOWN else f"{plain[:_MOST_SHOWN]}…（共 {len(plain):,} 个字符）"
