"""An Excel file as a page: each row a row of cells, merged areas as one cell, values as a person sees them."""

from __future__ import annotations

import io
import re
import warnings
from datetime import datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from docgen.reading.page import Cell, Page, Paragraph, Unit
from docgen.render.gate import RefusedFileError, parse_xml, read_package

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MAIN: Final = "xl/workbook.xml"
_MOST_SHEETS: Final = 20
_MOST_ROWS: Final = 5_000
"""Rows with words in one sheet; the longest list of a notice has some hundred."""
_MOST_COLUMNS: Final = 200
_MOST_MERGED: Final = 20_000
"""Cells in one merged area: openpyxl makes an object of each."""
_SHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml")
_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")
_SPLIT: Final = "请拆成几个文件，或删去多余的内容后重试"

_Area = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 1."""


def read_pages(data: bytes) -> tuple[Page, ...]:
    """Return the sheets of an Excel file that have words; raises RefusedFileError for what the gate refuses."""
    members = read_package(data, _MAIN)
    _want_bounded(members)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of what it leaves out: print settings, drawings
            shown = load_workbook(io.BytesIO(data), data_only=True)
            typed = load_workbook(io.BytesIO(data))
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError):
        raise RefusedFileError(
            "damaged", "Excel 文件的内容不完整，读不出来", "请在 Excel 中打开原件，另存为 .xlsx 后重试"
        ) from None
    if len(shown.worksheets) > _MOST_SHEETS:
        raise RefusedFileError("too-large", f"工作表超过 {_MOST_SHEETS} 张", _SPLIT)
    title = str(shown.properties.title or "")
    pages = [
        _page(one, other, title)
        for one, other in zip(shown.worksheets, typed.worksheets, strict=True)
        if isinstance(one, Worksheet) and isinstance(other, Worksheet)
    ]
    return tuple(page for page in pages if page.units) or (Page((), sheet=True),)


def _want_bounded(members: Mapping[str, bytes]) -> None:
    """Refuse sheets that openpyxl would blow up: merged areas and places far out."""
    for name, content in members.items():
        if not _SHEET.fullmatch(name):
            continue
        tree = parse_xml(content)
        for merged in tree.iter("{*}mergeCell"):
            try:
                left, top, right, bottom = range_boundaries(merged.get("ref", ""))
            except (ValueError, TypeError):
                raise RefusedFileError("damaged", "合并单元格的范围不合规", "请另存为 .xlsx 后重试", name) from None
            if None in {left, top, right, bottom} or (right - left + 1) * (bottom - top + 1) > _MOST_MERGED:  # type: ignore[operator]  # None is refused first
                raise RefusedFileError("too-large", f"有一处合并单元格超过 {_MOST_MERGED:,} 格", _SPLIT, name)


def _page(shown: Worksheet, typed: Worksheet, title: str) -> Page:
    values: dict[tuple[int, int], tuple[str, str]] = {}
    for row, column, cell in _full(shown, typed):
        values[row, column] = cell
    if not values:
        return Page(())
    if len({row for row, _ in values}) > _MOST_ROWS:
        raise RefusedFileError("too-large", f"工作表超过 {_MOST_ROWS:,} 行", _SPLIT)
    areas = {(area.min_row, area.min_col, area.max_row, area.max_col) for area in shown.merged_cells.ranges}
    columns = sorted(_used_columns(values, areas))
    if len(columns) > _MOST_COLUMNS:
        raise RefusedFileError("too-large", f"工作表超过 {_MOST_COLUMNS} 列", _SPLIT)
    rows = sorted({row for row, _ in values} | {row for area in areas for row in range(area[0], area[2] + 1)})
    owners = {
        (row, column): area
        for area in areas
        for row in range(area[0], area[2] + 1)
        for column in range(area[1], area[3] + 1)
    }
    writer = _Writer(shown.title, values, owners, columns)
    return Page(tuple(writer.unit(row) for row in rows), title=title, sheet=True)


def _full(shown: Worksheet, typed: Worksheet) -> Iterator[tuple[int, int, tuple[str, str]]]:
    """Walk the cells with a value: row, column, (words, why they cannot be read)."""
    formulas = {place for place, cell in typed._cells.items() if cell.data_type == "f"}  # noqa: SLF001  the public ways walk the whole rectangle, up to 17 thousand million cells
    for place, cell in shown._cells.items():  # noqa: SLF001  the same
        value = cell.value
        if value is None and place in formulas:
            yield *place, ("", "这一格是公式，文件里没有存它的结果")
        elif cell.data_type == "e":
            yield *place, ("", "这一格是公式的错误值")
        elif value is not None and (words := _words(value, str(cell.number_format or ""))):
            yield *place, (words, "")


def _words(value: Any, shape: str) -> str:  # noqa: ANN401  whatever openpyxl reads
    """Return a value as a person would type it: dates as ISO, percentages with their sign."""
    match value:
        case bool():
            return "是" if value else "否"
        case int() | float():
            number = Decimal(repr(value))
            return f"{_digits(number * 100)}%" if "%" in shape else _digits(number)
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case str():
            return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value).replace("\r\n", "\n")
        case _:
            return str(value)


def _digits(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _used_columns(values: Mapping[tuple[int, int], object], areas: set[_Area]) -> set[int]:
    """Return the columns that count: with a value, or where a merged area with a value begins or ends."""
    starts = {column for _, column in values} | {area[1] for area in areas}
    ends = {area[3] + 1 for area in areas}
    last = max([column for _, column in values] + [area[3] for area in areas])
    return {column for column in starts | ends if column <= last}


class _Writer:
    """Writes the rows of a sheet as units."""

    def __init__(
        self,
        title: str,
        values: Mapping[tuple[int, int], tuple[str, str]],
        owners: Mapping[tuple[int, int], _Area],
        columns: list[int],
    ) -> None:
        self._title, self._values, self._owners, self._columns = title, values, owners, columns
        self._number = 0

    def unit(self, row: int) -> Unit:
        cells: list[Cell] = []
        done = 0
        for column in self._columns:
            if column < done:
                continue
            area = self._owners.get((row, column), (row, column, row, column))
            done = area[3] + 1
            continued = area[0] < row
            words, trouble = ("", "") if continued else self._values.get((row, column), ("", ""))
            place = f"工作表「{self._title}」{get_column_letter(column)}{row} 格"
            paragraphs = tuple(self._paragraph(line, place, trouble) for line in words.split("\n"))
            cells.append(Cell(paragraphs, column, area[3] - column + 1, place, continued))
        return Unit(tuple(cells), is_row=True, place=f"工作表「{self._title}」第 {row} 行")

    def _paragraph(self, text: str, place: str, trouble: str) -> Paragraph:
        self._number += 1
        return Paragraph(text, self._number, place, trouble=trouble)
