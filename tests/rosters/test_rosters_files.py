"""What rosters write: the list to fill in for each certificate, and the report of an issuing."""

import io
import zipfile
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from roster_files import DECISION, HEAD, ROWS, SHARED, codes, saved, xlsx

from docgen import rosters, service
from docgen.forms.catalogue import all_forms, get_form
from docgen.forms.form import Form
from docgen.issuing import orders

CERTIFICATES = [form for form in all_forms().values() if form.honour]
GROUP = get_form("caq-2026/certificate-group")
GRADED = get_form("shanxi-2025/certificate-group")


def opened(data: bytes) -> dict[str, Worksheet]:
    book = load_workbook(io.BytesIO(data))
    return {sheet.title: sheet for sheet in book.worksheets if isinstance(sheet, Worksheet)}


def filled(form: Form, *values: dict[str, Any]) -> bytes:
    """Return the template with rows filled in as a person does, below the sample."""
    book = load_workbook(io.BytesIO(rosters.template(form)))
    sheet = book["名单"]
    heads = {str(cell.value).rstrip("*"): number for number, cell in enumerate(sheet[1], 1)}
    for number, row in enumerate(values, 3):
        for name, value in row.items():
            if name in form.shape.fields and form.shape.fields[name].title in heads:
                words = "、".join(value) if isinstance(value, list) else value
                sheet.cell(number, heads[form.shape.fields[name].title]).value = words
    return saved(book)


@pytest.mark.parametrize("form", CERTIFICATES, ids=lambda form: form.id)
def test_what_is_filled_in_below_the_sample_becomes_an_order(form: Form) -> None:
    sample = service.sample(form)
    roster = rosters.check(rosters.read(filled(form, sample), form), DECISION, {"issuers": sample["issuers"]})
    assert (roster.faults, codes(roster.warnings) - {"too-many-places"}) == ((), set())
    assert roster.tally == rosters.Tally(2, 1, 1, 0)
    assert roster.rows[0].skipped == "示例行"
    order = orders.read(rosters.order_of(roster, DECISION, None, {"issuers": sample["issuers"]}))
    assert {name: order.rows[0].submission[name] for name in sample} == sample


@pytest.mark.parametrize("form", CERTIFICATES, ids=lambda form: form.id)
def test_a_template_says_what_is_needed(form: Form) -> None:
    sheet = opened(rosters.template(form))["名单"]
    heads = {str(cell.value): cell for cell in sheet[1]}
    own = [node for name, node in form.shape.fields.items() if name in service.sample(form) and name != "issuers"]
    for node in own:
        needed = node.required and node.title != "颁发日期"
        comment = heads[f"{node.title}*" if needed else node.title].comment
        assert comment is not None
        assert ("必须填写" in comment.text) == needed
    assert sheet.freeze_panes == "A2"
    assert sheet["A2"].value == "示例"
    assert codes(rosters.read(rosters.template(form), form).faults) == {"no-rows"}


def test_choices_come_from_a_list_and_columns_hold_text() -> None:
    sheets = opened(rosters.template(GRADED))
    rules = {rule.type: rule for rule in sheets["名单"].data_validations.dataValidation}
    assert set(rules) == {"list", "date"}
    name, _, area = str(rules["list"].formula1).partition("!")
    options = [cell.value for (cell,) in sheets[name.strip("'")][area.replace("$", "")]]
    assert options == ["一等奖", "二等奖", "三等奖"]
    assert str(rules["list"].sqref) == "E2:E10002"
    assert sheets["名单"].column_dimensions["C"].number_format == "@"
    assert sheets["名单"].column_dimensions["G"].number_format == "yyyy-mm-dd"


def test_the_same_template_is_the_same_bytes() -> None:
    assert rosters.template(GROUP) == rosters.template(GROUP)


def test_a_sample_row_that_was_overwritten_is_told() -> None:
    book = load_workbook(io.BytesIO(filled(GROUP, service.sample(GROUP))))
    book["名单"]["B2"].value = "青川市第二供水有限公司"
    assert codes(rosters.read(saved(book), GROUP).warnings) == {"sample-changed"}


NASTY = ("=cmd|'/c calc'!A1", "+1+1", "-1", "@SUM(A1)", "{{ 7*7 }}", "<script>alert(1)</script>", "'x", "_x005F_x0041_")


def reported(*names: str) -> tuple[rosters.Roster, bytes]:
    lines = [("云岭有限公司", f"{name}", "白露") for name in names]
    data = xlsx(HEAD[1:], *lines, change=as_text)
    roster = rosters.check(rosters.read(data, GROUP), DECISION, SHARED)
    return roster, rosters.report(roster, [rosters.Result("CAQ-QC-2026-000001", "4C08") for _ in roster.good])


def as_text(sheet: Worksheet) -> None:
    """Let what looks like a formula be the text that a person sees."""
    for row in sheet.iter_rows():
        for cell in row:
            cell.data_type = "s"


def test_what_looks_like_a_formula_or_markup_is_text_in_the_order_and_in_the_report() -> None:
    roster, report = reported(*NASTY)
    assert [row.values["group_name"] for row in roster.rows] == [*NASTY[:-1], "_x0041_"]
    sheet = opened(report)["颁发结果"]
    cells = [sheet.cell(row, 3) for row in range(5, 5 + len(NASTY))]
    assert [cell.data_type for cell in cells] == ["s"] * len(NASTY)
    assert [cell.value for cell in cells] == list(NASTY)
    assert all(cell.quotePrefix for cell in cells[:4])


def test_controls_and_marks_that_turn_the_writing_are_faults_and_shown_as_such() -> None:
    roster, report = reported("甲\u202e乙", "_x0007_铃", "\u200b")
    assert [fault.code for fault in roster.faults] == ["bad_character"] * 3
    sheet = opened(report)["颁发结果"]
    assert [sheet.cell(row, 3).value for row in (5, 6, 7)] == ["甲\ufffd乙", "\ufffd铃", "\ufffd"]


def test_the_report_holds_every_row_in_order_with_what_became_of_it() -> None:
    lines = [("名单",), HEAD, ROWS[0], ("合计",), (2, "青川公司", None, "白露"), ROWS[1], ROWS[2]]
    roster = rosters.check(rosters.read(xlsx(*lines), GROUP), DECISION, SHARED)
    results = [
        rosters.Result("CAQ-QC-2026-000001", "4C08-RZHV-KES5-WWE8"),
        rosters.Result("CAQ-QC-2026-000002", "4C08-RZHV-KES5-WWE9"),
        rosters.Result("CAQ-QC-2026-000003", reason="证书没有制成", remedy="请重试"),
    ]
    data = rosters.report(roster, results)
    assert data == rosters.report(roster, results)
    sheet = opened(data)["颁发结果"]
    assert sheet["A2"].value == "名单共 5 行 = 已颁发 2 行 + 已跳过 1 行 + 失败 2 行"
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    assert [row[0] for row in rows] == ["3", "4", "5", "6", "7"]
    assert [row[4] for row in rows] == ["已颁发", "已跳过", "失败", "已颁发", "失败"]
    assert [row[5] for row in rows] == ["CAQ-QC-2026-000001", None, None, "CAQ-QC-2026-000002", "CAQ-QC-2026-000003"]
    assert rows[1][7] == "合计行"
    assert rows[2][7] == "C5：必须填写"
    assert rows[4][7:9] == ["证书没有制成", "请重试"]


def test_the_report_tells_doubts_and_what_stops_every_row() -> None:
    roster = rosters.check(rosters.read(xlsx(HEAD, *ROWS), GROUP), DECISION, {})
    sheets = opened(rosters.report(roster, ()))
    assert sheets["颁发结果"]["A2"].value == "名单共 3 行 = 已颁发 0 行 + 已跳过 0 行 + 失败 3 行"
    assert "没有颁发日期" in str(sheets["核对提示"]["B2"].value)


def test_results_that_do_not_match_the_rows_are_our_mistake() -> None:
    roster = rosters.read(xlsx(HEAD, *ROWS), GROUP)
    with pytest.raises(ValueError, match="shorter"):
        rosters.report(roster, [rosters.Result("1")])


def test_a_row_counted_twice_or_not_at_all_is_our_mistake() -> None:
    with pytest.raises(RuntimeError, match="lost or counted twice"):
        rosters.Tally(3, 1, 1, 0)


def test_the_files_are_plain_zips_without_times() -> None:
    with zipfile.ZipFile(io.BytesIO(rosters.template(GRADED))) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
