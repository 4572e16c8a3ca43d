"""Excel tables as people leave them: columns moved, rows between, values as Excel keeps them."""

import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from filled_forms import changed, printed, read_printed
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from docgen import service
from docgen.forms.catalogue import get_form
from docgen.forms.form import Form
from docgen.reading import Reading
from docgen.render.gate import RefusedFileError

SUMMARY = get_form("caq-2026/summary")
STATISTICS = get_form("qinghai-2026/statistics")
GROUPS = get_form("shanxi-2025/recommendation-summary")


def read(change: Callable[[Worksheet], object], form: Form = SUMMARY) -> Reading:
    book = load_workbook(io.BytesIO(service.render(form, service.sample(form), "xlsx").data))
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    change(sheet)
    buffer = io.BytesIO()
    book.save(buffer)
    return service.read(buffer.getvalue(), "xlsx")


def sample(form: Form = SUMMARY) -> Any:
    return printed(form, service.sample(form))


def cell(sheet: Worksheet, words: str) -> Any:
    return next(one for row in sheet.iter_rows() for one in row if str(one.value or "").startswith(words))


def codes(reading: Reading) -> dict[str, str]:
    return {problem.pointer: problem.code for problem in reading.problems}


def shifted(sheet: Worksheet) -> None:
    """Move everything two columns to the right and three rows down."""
    merged = [str(area) for area in sheet.merged_cells.ranges]
    for area in merged:
        sheet.unmerge_cells(area)
    sheet.move_range(sheet.calculate_dimension(), rows=3, cols=2)


@pytest.mark.parametrize("form", [SUMMARY, STATISTICS, GROUPS], ids=lambda form: form.id)
def test_a_sheet_that_was_shifted_and_unmerged(form: Form) -> None:
    reading = read(shifted, form)
    assert (read_printed(form, reading), reading.problems) == (sample(form), ())


def test_an_extra_column_is_told_and_the_others_are_read() -> None:
    def change(sheet: Worksheet) -> None:
        head = cell(sheet, "序号")
        for row in range(head.row, head.row + 4):
            sheet.cell(row, 9).value = "年龄" if row == head.row else 40 + row

    reading = read(change)
    assert read_printed(SUMMARY, reading) == sample()
    assert codes(reading) == {"": "column-unknown"}


def test_blank_rows_between_are_passed_over() -> None:
    def change(sheet: Worksheet) -> None:
        row = cell(sheet, "序号").row + 2
        for area in [str(one) for one in sheet.merged_cells.ranges]:
            sheet.unmerge_cells(area)
        sheet.insert_rows(row, 2)

    assert read_printed(SUMMARY, read(change)) == sample()


def test_columns_by_their_heads_whatever_their_order() -> None:
    def change(sheet: Worksheet) -> None:
        head = cell(sheet, "序号")
        for row in range(head.row, head.row + 4):
            one, other = sheet.cell(row, 2), sheet.cell(row, 3)
            one.value, other.value = other.value, one.value

    reading = read(change)
    assert (read_printed(SUMMARY, reading), reading.problems) == (sample(), ())


def test_a_formula_without_a_stored_result_is_told() -> None:
    def change(sheet: Worksheet) -> None:
        label = cell(sheet, "历年来登记注册")
        sheet.cell(label.row, label.column + 2).value = "=40+55"

    reading = read(change, STATISTICS)
    assert "total_registered" not in reading.submission
    (problem,) = reading.problems
    assert (problem.pointer, problem.code) == ("/total_registered", "cell-unreadable")
    assert "公式" in problem.detail
    assert "格" in problem.place


@pytest.mark.parametrize(("typed", "number"), [("８６０", 860), ("860", 860), (860.0, 860), ("1,860", 1860)])
def test_numbers_as_text(typed: str | float, number: int) -> None:
    def change(sheet: Worksheet) -> None:
        label = cell(sheet, "企业职工总数")
        sheet.cell(label.row, label.column + 2).value = typed

    assert read(change, STATISTICS).submission["employees"] == number


def test_a_percentage_of_excel() -> None:
    def change(sheet: Worksheet) -> None:
        label = cell(sheet, "本年度QC小组成果率")
        place = sheet.cell(label.row, label.column + 2)
        place.value, place.number_format = 0.755, "0.0%"

    assert read(change, STATISTICS).submission["result_rate"] == 75.5


def test_a_date_of_excel_in_the_footer() -> None:
    def change(sheet: Worksheet) -> None:
        cell(sheet, "2026年").value = datetime(2026, 9, 3)  # noqa: DTZ001  Excel knows no zones

    assert read(change).submission["date"] == "2026-09-03"


def test_footer_and_notes_are_no_rows() -> None:
    assert len(read(lambda _: None).submission["items"]) == len(sample()["items"])


def test_the_sheet_that_is_the_form_is_read() -> None:
    def change(sheet: Worksheet) -> None:
        other = sheet.parent.create_sheet("说明", 0)  # type: ignore[union-attr]  # a sheet of a book
        other["A1"] = "本文件由质量部整理"

    assert read_printed(SUMMARY, read(change)) == sample()


def test_a_merged_area_over_the_whole_sheet_is_refused() -> None:
    book = load_workbook(io.BytesIO(service.render(SUMMARY, service.sample(SUMMARY), "xlsx").data))
    buffer = io.BytesIO()
    book.save(buffer)

    def change(tree: Any) -> None:
        next(tree.iter("{*}mergeCell")).set("ref", "A1:XFD1048576")

    with pytest.raises(RefusedFileError, match="合并单元格"):
        service.read(changed(buffer.getvalue(), change, "xl/worksheets/sheet1.xml"), "xlsx")
