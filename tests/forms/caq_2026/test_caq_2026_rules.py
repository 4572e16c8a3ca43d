"""Rules C01 to C17 of 中国质协字〔2026〕23号: each with a submission that keeps it and one that breaks it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen import service
from docgen.errors import Fault
from docgen.fields import count_words
from docgen.forms import catalogue
from docgen.forms.caq_2026._rules import SENTENCES
from docgen.forms.form import Finding, Level
from docgen.forms.ruling import years_after

CAQ = catalogue.get_notice("caq-2026")
AS_OF = date(2026, 10, 1)
IDS = {
    "application": "caq-2026/application",
    "opinion": "caq-2026/recommendation-opinion",
    "summary": "caq-2026/summary",
}


def sample(annex: str) -> dict[str, Any]:
    return service.sample(catalogue.get_form(IDS[annex]))


def findings(rule: str, annex: str = "application", as_of: date = AS_OF, **changed: object) -> list[Finding]:
    """What one rule says of a sample of which some fields are changed."""
    verdict = service.check(catalogue.get_form(IDS[annex]), sample(annex) | changed, as_of)
    assert verdict.faults == ()
    found = [finding for finding in verdict.findings if finding.rule == rule]
    assert all(finding.sentence == SENTENCES[rule] for finding in found)
    return found


def said(found: list[Finding]) -> list[tuple[str, str, str]]:
    return [(finding.level, finding.pointer, finding.detail) for finding in found]


def only_fault(annex: str, **changed: object) -> Fault:
    (fault,) = service.check(catalogue.get_form(IDS[annex]), sample(annex) | changed, AS_OF).faults
    return fault


def topics(*changes: dict[str, object]) -> list[dict[str, object]]:
    """As many topics of the sample as there are changes, each changed."""
    return [topic | change for topic, change in zip(sample("application")["topics"], changes, strict=False)]


# C01


@pytest.mark.parametrize(
    ("registered", "as_of", "kept"),
    [
        ("2023-10-01", "2026-10-01", True),
        ("2023-10-02", "2026-10-01", False),
        ("2019-05-06", "2026-10-01", True),
        ("2020-02-29", "2023-02-27", False),
        ("2020-02-29", "2023-02-28", True),
        ("2021-02-28", "2024-02-28", True),
        ("2021-03-01", "2024-02-29", False),
        ("2027-01-01", "2026-10-01", False),
    ],
)
def test_c01_wants_three_full_years_since_registration(registered: str, as_of: str, *, kept: bool) -> None:
    found = findings("C01", as_of=date.fromisoformat(as_of), compliance={"registered_on": registered})
    error = (Level.ERROR, "/compliance/registered_on", "至核对日期注册不满三年")
    assert said(found) == ([] if kept else [error])


@pytest.mark.parametrize("compliance", [None, {}, {"registered_on": None}, {"seal_name": "云岭精密轴承制造有限公司"}])
def test_c01_cannot_be_judged_without_the_date(compliance: dict[str, object] | None) -> None:
    (found,) = findings("C01", compliance=compliance)
    assert (found.level, found.label) == (Level.WARNING, "申报条件核对信息·小组注册日期")


# C02, C08, C09: one proof of training serves all three


@pytest.mark.parametrize("rule", ["C02", "C08", "C09"])
def test_c02_c08_c09_want_a_proof_of_training(rule: str) -> None:
    assert findings(rule) == []
    reports = [{"kind": "课题成果报告", "filename": "报告.docx"}]
    assert said(findings(rule, attachments=reports)) == [
        (Level.ERROR, "/attachments", "附件清单中没有能力培训证实材料，至少需要一份")
    ]
    assert [finding.level for finding in findings(rule, attachments=[])] == [Level.ERROR]
    assert [finding.level for finding in findings(rule, attachments=None)] == [Level.WARNING]


# C03


def ended(end: str, level: str = "一等", completed_on: str | None = None) -> dict[str, object]:
    return {"period": {"start": "2020-01", "end": end}, "award_level": level, "completed_on": completed_on}


def test_c03_is_kept_by_two_recent_topics_of_which_one_is_first_class() -> None:
    assert findings("C03") == []
    assert findings("C03", topics=topics(ended("2025-01", "三等"), ended("2026-09"))) == []


@pytest.mark.parametrize(
    ("end", "recent"),
    [("2023-09", False), ("2023-10", True), ("2026-10", True), ("2026-11", False)],
)
def test_c03_counts_by_month_where_no_day_is_given(end: str, *, recent: bool) -> None:
    found = findings("C03", topics=topics(ended("2026-01"), ended("2026-02"), ended(end)))
    warning = (Level.WARNING, "/topics/2/period", "该课题不在核对日期前三年内完成，不计入近三年的课题")
    assert said(found) == ([] if recent else [warning])


@pytest.mark.parametrize(
    ("completed", "as_of", "recent"),
    [
        ("2023-09-30", "2026-10-01", False),
        ("2023-10-01", "2026-10-01", True),
        ("2026-10-01", "2026-10-01", True),
        ("2026-10-02", "2026-10-01", False),
        ("2024-02-29", "2027-02-28", True),
        ("2024-02-29", "2027-03-01", False),
    ],
)
def test_c03_counts_by_day_where_one_is_given(completed: str, as_of: str, *, recent: bool) -> None:
    others = topics(ended("2026-01"), ended("2026-02"), ended("2020-01", completed_on=completed))
    found = findings("C03", as_of=date.fromisoformat(as_of), topics=others)
    assert [finding.pointer for finding in found] == ([] if recent else ["/topics/2/completed_on"])


def test_c03_wants_two_recent_topics() -> None:
    found = findings("C03", topics=topics(ended("2026-01"), ended("2022-02")))
    assert said(found)[1:] == [(Level.ERROR, "/topics", "近三年内完成的课题只有 1 项，至少需要 2 项")]


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        (("一等", None), []),
        (("二等", "其他"), [(Level.ERROR, "/topics", "近三年内完成的课题中没有一项成果达到一等水平")]),
        (("二等", None), [(Level.WARNING, "/topics", "有课题未填成果水平，无法核对是否达到一等；请补填")]),
    ],
)
def test_c03_wants_one_of_the_first_class(levels: tuple[str, ...], expected: object) -> None:
    changed = topics(*(ended("2026-01", level) for level in levels))
    assert said(findings("C03", topics=changed)) == expected


def test_c03_does_not_let_an_old_topic_of_the_first_class_count() -> None:
    changed = topics(ended("2026-01", "二等"), ended("2026-02", "二等"), ended("2021-03", "一等"))
    assert said(findings("C03", topics=changed))[-1][2] == "近三年内完成的课题中没有一项成果达到一等水平"


def test_c03_is_quoted_where_a_form_has_less_than_two_topics() -> None:
    fault = only_fault("application", topics=topics({}))
    assert (fault.rule, fault.sentence) == ("C03", SENTENCES["C03"])
    assert fault.detail == "至少 2 项，现为 1 项，请补齐"


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_years_go_by_for_every_day(day: date) -> None:
    later = years_after(day, 3)
    assert (later.year, later.month) == (day.year + 3, day.month)
    assert later.day == day.day or (day.month, day.day, later.day) == (2, 29, 28)


# C04, C05, C13, C14: what only people can see


@pytest.mark.parametrize(
    ("annex", "who"), [("application", "所在单位"), ("opinion", "推荐单位"), ("summary", "推荐单位")]
)
def test_c04_and_c05_remind_of_review_and_seal(annex: str, who: str) -> None:
    assert said(findings("C04", annex)) == [
        (Level.REMINDER, "/recommender", "请确认推荐单位已审核材料，并由其汇总后以电子版报送")
    ]
    assert said(findings("C05", annex)) == [(Level.REMINDER, "", f"打印后请加盖{who}公章，再扫描成电子版")]


def test_c04_wants_a_recommender() -> None:
    for annex, form_id in IDS.items():
        given = sample(annex)
        del given["recommender"]
        (fault,) = service.check(catalogue.get_form(form_id), given, AS_OF).faults
        assert (fault.pointer, fault.detail) == ("/recommender", "必须填写")


@pytest.mark.parametrize(
    ("compliance", "level"),
    [
        ({"registered_on": "2019-05-06", "seal_name": "云岭精密轴承制造有限公司"}, None),
        ({"registered_on": "2019-05-06", "seal_name": "云岭集团云岭精密轴承制造有限公司"}, Level.WARNING),
        ({"registered_on": "2019-05-06"}, Level.REMINDER),
        (None, Level.REMINDER),
    ],
)
def test_c13_compares_the_name_with_the_seal(compliance: dict[str, object] | None, level: Level | None) -> None:
    found = findings("C13", compliance=compliance)
    assert [(finding.level, finding.pointer) for finding in found] == ([(level, "/org_name")] if level else [])


# C07


def test_c07_wants_a_word_report_for_each_topic_and_a_proof_for_each_tick() -> None:
    assert findings("C07") == []
    attachments = [item for item in sample("application")["attachments"] if "课题3" not in item["filename"]]
    assert said(findings("C07", attachments=attachments)) == [
        (Level.ERROR, "/attachments", "3 项课题只列了 2 份课题成果报告，每项课题需要一份")
    ]
    attachments = [item for item in sample("application")["attachments"] if "行业级" not in item["filename"]]
    assert said(findings("C07", attachments=attachments)) == [
        (Level.ERROR, "/attachments", "勾选了 3 项外部认可，只列了 1 份证实材料，每项需要一份")
    ]
    assert [finding.level for finding in findings("C07", attachments=None)] == [Level.WARNING]


@pytest.mark.parametrize(
    ("filename", "word"),
    [("报告.docx", True), ("报告.DOC", True), ("报告.pdf", False), ("报告.docx.pdf", False), ("报告docx", False)],
)
def test_c07_wants_reports_in_word(filename: str, *, word: bool) -> None:
    attachments = sample("application")["attachments"]
    attachments[1]["filename"] = filename
    error = (Level.ERROR, "/attachments/1/filename", "课题成果报告须为 Word 格式（.doc 或 .docx）")
    assert said(findings("C07", attachments=attachments)) == ([] if word else [error])


# C10, C11, C12, C17: limits of fields


def test_c10_allows_3000_words_and_refuses_3001() -> None:
    text = "QC 小组活动，\n" * 500
    assert count_words(text) == 3000
    assert findings("C10", activity_summary=text) == []
    fault = only_fault("application", activity_summary=text + "字")
    assert (fault.pointer, fault.code, fault.rule) == ("/activity_summary", "too_many_words", "C10")
    assert fault.sentence == SENTENCES["C10"]
    assert fault.detail.startswith("限 3000 字以内，现为 3001 字，请删减 1 字")


def test_c11_allows_300_words_in_each_row_and_refuses_301() -> None:
    items = sample("opinion")["items"]
    items[1]["opinion"] = "同意推荐。" * 60
    assert findings("C11", "opinion", items=items) == []
    items[2]["opinion"] = "同意推荐。" * 60 + "好"
    fault = only_fault("opinion", items=items)
    assert (fault.pointer, fault.label, fault.rule) == ("/items/2/opinion", "推荐意见第 3 项·推荐意见", "C11")
    assert fault.sentence == SENTENCES["C11"]


NAMES = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸", "子"]


def test_c12_allows_ten_members_in_a_row_and_refuses_eleven() -> None:
    items = sample("summary")["items"]
    items[0]["members"] = NAMES[:10]
    assert findings("C12", "summary", items=items) == []
    items[0]["members"] = NAMES
    fault = only_fault("summary", items=items)
    assert (fault.pointer, fault.rule, fault.sentence) == ("/items/0/members", "C12", SENTENCES["C12"])
    assert fault.detail == "最多 10 项，现为 11 项，请删去多余的"
    items[0]["members"] = []
    assert only_fault("summary", items=items).rule == "C12"


@pytest.mark.parametrize("mark", "、，,；")
def test_c12_refuses_a_name_that_would_print_as_two(mark: str) -> None:
    items = sample("summary")["items"]
    items[0]["members"] = [f"甲{mark}乙"]
    fault = only_fault("summary", items=items)
    assert (fault.code, fault.rule, fault.sentence) == ("several_names", "C12", SENTENCES["C12"])
    assert fault.label == "推荐名单第 1 项·小组成员第 1 项"
    assert only_fault("application", members=[f"甲{mark}乙"]).code == "several_names"


def test_c17_allows_three_topics_and_ten_members_and_no_more() -> None:
    assert findings("C17", members=NAMES[:10]) == []
    fault = only_fault("application", members=NAMES)
    assert (fault.pointer, fault.rule, fault.sentence) == ("/members", "C17", SENTENCES["C17"])
    fault = only_fault("application", topics=topics({}, {}, {}) + topics({}))
    assert (fault.pointer, fault.rule, fault.sentence) == ("/topics", "C17", SENTENCES["C17"])


# C14


def test_c14_reminds_before_handing_in() -> None:
    for annex in ("application", "summary"):
        ((level, _, detail),) = said(findings("C14", annex))
        assert level is Level.REMINDER
        assert detail == "组织名称、小组名称和成员名单是制作证书的依据，提交前请逐字核对"


# C15

LATE = "已超过报送截止日期 {}（核对日期为 {}），请先与主办方联系"


@pytest.mark.parametrize("annex", IDS)
def test_c15_counts_the_last_day_as_in_time(annex: str) -> None:
    assert findings("C15", annex, as_of=date(2026, 10, 29)) == []
    assert findings("C15", annex, as_of=date(2026, 10, 30)) == []
    assert said(findings("C15", annex, as_of=date(2026, 10, 31))) == [
        (Level.ERROR, "", LATE.format("2026年10月30日", "2026年10月31日"))
    ]


def test_c15_follows_a_deadline_that_the_operator_moved(configure: Callable[..., None]) -> None:
    configure(deadlines='{"caq-2026/recommendation": "2026-11-30"}')
    assert findings("C15", as_of=date(2026, 11, 30)) == []
    assert said(findings("C15", as_of=date(2026, 12, 1))) == [
        (Level.ERROR, "", LATE.format("2026年11月30日", "2026年12月1日"))
    ]
    configure(deadlines='{"caq-2026/recommendation": "2026-09-30"}')
    assert said(findings("C15")) == [(Level.ERROR, "", LATE.format("2026年9月30日", "2026年10月1日"))]


# C16


@pytest.mark.parametrize(
    "words",
    [
        "请缴费",
        "报名费200元",
        "评审费",
        "工本费",
        "汇款至",
        "开户行：",
        "收款单位",
        "账号",
        "帐号",
        "卡6222021234567890123。",
        "6222 0212 3456 7890 123",
        "6222021234567890",
        "1234 5678 9012 3456",
    ],
)
@pytest.mark.parametrize(("annex", "pointer"), [("application", "/activity_summary"), ("opinion", "/items/1/opinion")])
def test_c16_sees_fees_and_account_numbers(words: str, annex: str, pointer: str) -> None:
    changed = sample(annex)
    if annex == "application":
        changed["activity_summary"] = f"本小组{words}活动"
    else:
        changed["items"][1]["opinion"] = f"本小组{words}活动"
    ((level, found, detail),) = said(findings("C16", annex, **changed))
    assert (level, found) == (Level.WARNING, pointer)
    assert detail == "文字中有疑似收费或银行账户的内容；推荐过程不得收费，请核实，确属收费的请删除"


@pytest.mark.parametrize(
    "words",
    [
        "节约成本67.4万元",
        "降低费用",
        "单号123456789012345",
        "件号12345678901234567890",
        "2024-03-01 2024-05-31",
        "68416388 68416376",
        "1234 5678 9012",
        "13800000000 13900000000",
    ],
)
def test_c16_lets_other_numbers_and_money_stand(words: str) -> None:
    assert findings("C16", activity_summary=f"本小组{words}。") == []


def test_c16_looks_at_every_text_and_has_no_field_for_money() -> None:
    assert [finding.pointer for finding in findings("C16", org_name="收款有限公司", group_name="账号小组")] == [
        "/org_name",
        "/group_name",
    ]
    for form in catalogue.forms_of(CAQ):
        for line in service.fields(form):
            assert not any(word in line.label for word in ("费", "账", "金额", "银行"))
