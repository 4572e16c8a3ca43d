"""An Excel file from outside as sheets of lines: values as Excel keeps them, merged areas, what is hidden.

Two passes over each sheet. The first reads its XML without building it: merged areas, hidden rows and columns, formulas
without a result, and how far the sheet goes, so that nothing is opened that would not fit. The second is openpyxl's
read-only walk, told where to end: left to itself it believes the extent that the file claims.
"""

from __future__ import annotations

import io
import re
import warnings
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from lxml import etree
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.utils.datetime import from_excel

from docgen.render.gate import RefusedFileError, parse_xml, read_package
from docgen.rosters.foreign import refuse_other_kinds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from openpyxl.workbook import Workbook

MOST_COLUMNS: Final = 200
_MOST_SHEETS: Final = 20
_MOST_LINES: Final = 20_000
"""Rows with something in them, in one sheet; half of them may be data."""
_MOST_CELLS: Final = 400_000
"""Cells with something in them, in one file: 10,000 rows of 40 columns."""
_MOST_MERGED: Final = 200_000
"""Rows that the merged areas of one sheet span, summed."""
_WIDEST: Final = 16_384
"""Columns of Excel's own widest sheet; a row of more cells was made by hand."""
_MAIN: Final = "xl/workbook.xml"
_TAGS: Final = ("{*}c", "{*}row", "{*}mergeCell", "{*}col")
_TRUE: Final = frozenset({"1", "true"})
_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")
_REFERENCE: Final = re.compile("([A-Z]{1,3})([0-9]{1,7})")
_SPLIT: Final = "请只留下名单所在的内容，或拆成几个文件后重试"
_RESAVE: Final = "请在 Excel 中打开原件，另存为 .xlsx 后重试"
_SERIALS: Final = range(32_874, 73_051)
"""Excel's day numbers from 1990 to 2099."""


@dataclass(frozen=True, slots=True)
class Area:
    """A merged area, from (top, left) to (bottom, right), from 1, inclusive."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One value as Excel keeps it, dates as dates. ``trouble`` says why there is none; in ``area`` all are the same."""

    value: str | int | float | bool | date | None = None
    trouble: str = ""
    area: Area | None = None

    @property
    def blank(self) -> bool:
        """Whether a person sees nothing there."""
        return not self.trouble and (self.value is None or (isinstance(self.value, str) and not self.value.strip()))


@dataclass(frozen=True, slots=True)
class Line:
    """A row with something in it: its number as Excel counts, and its cells by column from 1."""

    number: int
    cells: Mapping[int, Cell]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A visible sheet. ``day`` turns a number of Excel's into the day that it stands for in this file."""

    name: str
    lines: tuple[Line, ...]
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]
    since_1904: bool = False

    def day(self, number: int) -> date | None:
        """Return the day that a plain number stands for, where it is one of our times."""
        if number not in _SERIALS:
            return None
        found = from_excel(number, datetime(1904, 1, 1) if self.since_1904 else datetime(1899, 12, 30))  # noqa: DTZ001  Excel knows no zones
        return found.date() if isinstance(found, datetime) else None


@dataclass(slots=True)
class _Plan:
    """What the first pass found of a sheet."""

    last_row: int = 0
    last_column: int = 0
    filled: set[int] = field(default_factory=set)
    """Rows with something in them."""
    cells: int = 0
    areas: list[Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    unsolved: set[tuple[int, int]] = field(default_factory=set)


def open_sheets(data: bytes) -> tuple[tuple[Sheet, ...], tuple[str, ...]]:
    """Return the visible sheets that have something in them, and the names of hidden ones.

    Raises RefusedFileError for what is no sound xlsx, is dangerous, or is larger than any roster.
    """
    refuse_other_kinds(data)
    members = read_package(data, _MAIN)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of what it leaves out: print settings, drawings
        try:
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            return _sheets(book, members)
        except RefusedFileError:
            raise
        except Exception:  # noqa: BLE001  a damaged part makes openpyxl raise whatever it stumbles over
            raise RefusedFileError("damaged", "Excel 文件的内容不完整，读不出来", _RESAVE) from None


def _sheets(book: Workbook, members: Mapping[str, bytes]) -> tuple[tuple[Sheet, ...], tuple[str, ...]]:
    if len(book.worksheets) > _MOST_SHEETS:
        raise RefusedFileError("too-large", f"工作表超过 {_MOST_SHEETS} 张", _SPLIT)
    listed = sum(1 for _ in parse_xml(members[_MAIN]).iter("{*}sheet"))
    if not listed or listed != len(book.sheetnames):  # openpyxl leaves out what it does not find
        raise RefusedFileError("damaged", "文件里没有工作表，或有的工作表找不到了", _RESAVE)
    found, hidden, cells = [], [], 0
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            hidden.append(sheet.title)
            continue
        plan = _planned(sheet.title, members[sheet._worksheet_path])  # type: ignore[attr-defined]  # noqa: SLF001  nothing public tells the member
        cells += plan.cells
        if cells > _MOST_CELLS:
            raise RefusedFileError("too-large", f"有内容的格超过 {_MOST_CELLS:,} 个", _SPLIT)
        if plan.cells:
            sheet.reset_dimensions()
            lines = tuple(_lines(sheet, plan))
            rows, columns = frozenset(plan.hidden_rows), frozenset(plan.hidden_columns)
            found.append(Sheet(sheet.title, lines, rows, columns, book.epoch.year == 1904))  # noqa: PLR2004  the year itself
    book.close()
    return tuple(found), tuple(hidden)


def _planned(name: str, content: bytes) -> _Plan:
    """Walk the XML of a sheet, keeping nothing of it; refuses what is too large or out of order."""
    plan = _Plan()
    row, column = 0, 0
    walk = etree.iterparse(
        io.BytesIO(content), events=("start", "end"), tag=_TAGS, resolve_entities=False, no_network=True, load_dtd=False
    )
    for event, element in walk:
        tag = etree.QName(element).localname
        if event == "start":
            if tag == "row":
                row, column = _begun(name, element, row, plan), 0
            continue
        if tag == "c":
            column = _column(element, row, column)
            if _holds(element, plan, (row, column)):
                plan.filled.add(row)
                plan.cells += 1
                plan.last_row, plan.last_column = row, max(plan.last_column, column)
        elif tag == "mergeCell":
            plan.areas.append(_area(element))
        elif tag == "col" and element.get("hidden") in _TRUE:
            last = min(int(element.get("max", "0")), MOST_COLUMNS)
            plan.hidden_columns |= set(range(int(element.get("min", "1")), last + 1))
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
        _want_bounded(name, plan)
    _clip(name, plan)
    return plan


def _begun(name: str, element: etree._Element, before: int, plan: _Plan) -> int:
    """Return the number of a row that begins; openpyxl would drop one that stands twice, without a word."""
    row = int(element.get("r", before + 1))
    if row <= before:
        raise RefusedFileError("damaged", f"工作表「{name}」里行的次序不对", _RESAVE)
    if element.get("hidden") in _TRUE:
        plan.hidden_rows.add(row)
    return row


def _column(element: etree._Element, row: int, before: int) -> int:
    """Return the column of a cell; one that does not say where it stands follows the one before it."""
    reference = element.get("r")
    if reference is None:
        column = before + 1
    else:
        found = _REFERENCE.fullmatch(reference)
        if not found or int(found[2]) != row:
            raise ValueError("a cell stands in another row")
        column = range_boundaries(reference)[0] or 0
    if not before < column <= _WIDEST:
        raise ValueError("cells out of order")
    return column


def _holds(element: etree._Element, plan: _Plan, place: tuple[int, int]) -> bool:
    """Tell whether a cell holds something; notes a formula that nobody has worked out."""
    value, inline, formula = element.find("{*}v"), element.find("{*}is"), element.find("{*}f")
    if formula is not None and element.get("t") != "str" and (value is None or not value.text):
        plan.unsolved.add(place)
        return True
    return inline is not None or (value is not None and bool(value.text))


def _area(element: etree._Element) -> Area:
    left, top, right, bottom = range_boundaries(element.get("ref", ""))
    if left is None or top is None or right is None or bottom is None:
        raise ValueError("a merged area without corners")
    return Area(top, left, bottom, right)


def _want_bounded(name: str, plan: _Plan) -> None:
    if plan.last_column > MOST_COLUMNS:
        raise RefusedFileError("too-large", f"工作表「{name}」超过 {MOST_COLUMNS} 列", _SPLIT)
    if len(plan.filled) > _MOST_LINES:
        raise RefusedFileError("too-large", f"工作表「{name}」有内容的行超过 {_MOST_LINES:,} 行", _SPLIT)
    if len(plan.areas) > _MOST_MERGED or len(plan.hidden_rows) > _MOST_MERGED * 10:
        raise RefusedFileError("too-large", f"工作表「{name}」的合并单元格或隐藏的行太多", _SPLIT)


def _clip(name: str, plan: _Plan) -> None:
    """Cut merged areas to where the sheet has values: people merge whole columns."""
    plan.areas = [
        Area(one.top, one.left, min(one.bottom, plan.last_row), min(one.right, MOST_COLUMNS))
        for one in plan.areas
        if one.top <= plan.last_row and one.left <= plan.last_column
    ]
    if sum(one.bottom - one.top + 1 for one in plan.areas) > _MOST_MERGED:
        raise RefusedFileError("too-large", f"工作表「{name}」的合并单元格太多", _SPLIT)


def _lines(sheet: object, plan: _Plan) -> Iterator[Line]:
    """Walk the rows with something in them; a merged area says the same in each of its cells."""
    spans: dict[int, list[Area]] = {}
    for area in plan.areas:
        for row in range(area.top, area.bottom + 1):
            spans.setdefault(row, []).append(area)
    kept: dict[Area, Cell] = {}
    rows = sheet.iter_rows(min_row=1, max_row=plan.last_row, max_col=plan.last_column)  # type: ignore[attr-defined]  # see _sheets
    for number, row in enumerate(rows, 1):
        if number not in plan.filled and number not in spans:
            continue
        cells = {
            column: cell
            for column, one in enumerate(row, 1)
            if not (cell := _cell(one, unsolved=(number, column) in plan.unsolved)).blank
        }
        for area in spans.get(number, ()):
            if area.top == number:
                first = cells.get(area.left, Cell())
                kept[area] = Cell(first.value, first.trouble, area)
            for column in range(area.left, area.right + 1):
                cells[column] = kept[area]
        if any(not cell.blank for cell in cells.values()):
            yield Line(number, cells)


def _cell(one: object, *, unsolved: bool) -> Cell:
    value, kind = one.value, one.data_type  # type: ignore[attr-defined]  # openpyxl's cells of a read-only sheet
    if unsolved:
        return Cell(trouble="这一格是公式，文件里没有存它的结果")
    if kind == "e":
        return Cell(trouble="这一格是公式的错误值")
    match value:
        case str():
            words = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
            return Cell(words.replace("\r\n", "\n").replace("\r", "\n"))
        case datetime():
            return Cell(value.date())
        case None | bool() | int() | float():
            return Cell(value)
        case _:
            return Cell(trouble="这一格是钟点或时长，不是文字或日期")
