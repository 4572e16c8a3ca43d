"""The report of an issuing as an Excel file: every row of the roster, in order, with what became of it.

What people typed is written as text: no formula of theirs works here, and what cannot be shown is shown as such.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill
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
_TITLE: Final = "docgen 标题"
_TINTS: Final = {_SKIPPED: "EDEDED", _FAILED: "FCE4D6"}
"""What became of a row, where that is to be seen at once, to the colour behind it."""


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
    _problems(book.create_sheet("核对提示"), (*roster.general, *roster.warnings))
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
    _set_up(sheet, [8, *(24 for _ in names), 10, 22, 24, 50, 40], _HEAD_ROWS)
    counted = f"名单共 {tally.rows_in} 行 = 已颁发 {tally.good} 行 + 已跳过 {tally.skipped} 行 + 失败 {tally.failed} 行"
    sheet.append([_cell(sheet, f"{roster.form.title}颁发结果", _TITLE)])
    sheet.append([_cell(sheet, counted, _HEADING)])
    sheet.append([_cell(sheet, f"名单所在工作表：{roster.sheet}；行号与名单文件里的相同", _HEADING)])
    sheet.append([_cell(sheet, head, _HEADING) for head in heads])
    for line in lines:
        words = [line.row.words.get(name, "") for name in names]
        result = line.result
        texts = [str(line.row.number), *words, line.what, result.number, result.code, result.reason, result.remedy]
        style = line.what if line.what in _TINTS else _BODY
        sheet.append([_cell(sheet, text, style) for text in texts])


def _problems(sheet: WriteOnlyWorksheet, problems: Iterable[Problem]) -> None:
    _set_up(sheet, (36, 80, 50), 1)
    sheet.append([_cell(sheet, head, _HEADING) for head in ("位置", "提示", "改法")])
    for problem in problems:
        sheet.append([_cell(sheet, text, _BODY) for text in (str(problem.place), problem.detail, problem.remedy)])


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
    book.add_named_style(NamedStyle(_BODY, small, alignment=wrapped))
    book.add_named_style(NamedStyle(_HEADING, heavy, alignment=Alignment(vertical="top")))
    book.add_named_style(NamedStyle(_TITLE, Font(name=str(Face.XIAOBIAOSONG), size=float(ERHAO))))
    for name, colour in _TINTS.items():
        book.add_named_style(NamedStyle(name, small, PatternFill("solid", fgColor=colour), alignment=wrapped))


def _cell(sheet: WriteOnlyWorksheet, text: str, style: str) -> Cell:
    cell: Cell = WriteOnlyCell(sheet)
    cell.style = style
    xlsx.write_text(cell, shown(text))
    return cell


def shown(text: str) -> str:
    """Return words from a file fit for a cell: what leaves no ink or turns the writing round shows as a mark."""
    plain = "".join("\ufffd" if unicodedata.category(char) in _HIDDEN and char != "\n" else char for char in text)
    return plain if len(plain) <= _MOST_SHOWN else f"{plain[:_MOST_SHOWN]}…（共 {len(plain):,} 个字符）"
