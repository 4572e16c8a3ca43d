"""Rules Q01 to Q11 of 青质协联〔2026〕5号: each with a submission that keeps it and one that breaks it."""

from datetime import date
from typing import Any

import pytest

from docgen import service
from docgen.errors import Fault
from docgen.forms import catalogue, checking
from docgen.forms.form import Finding, Level
from docgen.forms.qinghai_2026._rules import SENTENCES

QINGHAI = catalogue.get_notice("qinghai-2026")
AS_OF = date(2026, 6, 20)
ANNEXES = ("application", "work-summary", "statistics")


def sample(stem: str) -> dict[str, Any]:
    return service.sample(catalogue.get_form(f"{QINGHAI.id}/{stem}"))


def findings(rule: str, stem: str = "application", as_of: date = AS_OF, **changed: object) -> list[Finding]:
    """What one rule says of a sample of which some fields are changed."""
    verdict = service.check(catalogue.get_form(f"{QINGHAI.id}/{stem}"), sample(stem) | changed, as_of)
    assert verdict.faults == ()
    found = [finding for finding in verdict.findings if finding.rule == rule]
    assert all(finding.sentence == SENTENCES[rule] for finding in found)
    return found


def package_findings(rule: str, given: dict[str, Any]) -> list[Finding]:
    """What one rule says over the annexes, without what it says of each by itself."""
    verdict = checking.check_package(QINGHAI, given, service.circumstances(QINGHAI, AS_OF))
    assert verdict.faults == ()
    found = [finding for finding in verdict.findings if finding.rule == rule and finding.level is not Level.REMINDER]
    assert all(finding.sentence == SENTENCES[rule] for finding in found)
    return found


def package() -> dict[str, Any]:
    return {stem: [sample(stem)] for stem in ANNEXES}


def said(found: list[Finding]) -> list[tuple[str, str, str]]:
    return [(finding.level, finding.pointer, finding.detail) for finding in found]


def only_fault(**changed: object) -> Fault:
    (fault,) = service.check(catalogue.get_form("qinghai-2026/statistics"), sample("statistics") | changed).faults
    return fault


# Q01


def test_q01_wants_the_records_of_activity() -> None:
    assert findings("Q01") == []
    assert said(findings("Q01", attachments=[{"kind": "成果报告", "filename": "报告.docx"}])) == [
        (Level.ERROR, "/attachments", "证实性材料清单中没有小组活动记录，至少需要一份")
    ]
    assert [finding.level for finding in findings("Q01", attachments=[])] == [Level.ERROR]
    assert [finding.level for finding in findings("Q01", attachments=None)] == [Level.WARNING]


def test_q01_is_kept_by_a_full_package() -> None:
    assert package_findings("Q01", package()) == []
    two = package()
    two["application"].append(sample("application") | {"group_name": "净卤QC小组"})
    assert package_findings("Q01", two) == []


@pytest.mark.parametrize(
    ("stem", "title"),
    [("application", "申报表（附件 1）"), ("work-summary", "活动总结（附件 2）"), ("statistics", "统计表（附件 3）")],
)
def test_q01_wants_every_annex(stem: str, title: str) -> None:
    given = package()
    del given[stem]
    assert said(package_findings("Q01", given)) == [(Level.ERROR, f"/{stem}", f"材料中没有{title}，请补齐")]


def test_q01_wants_every_annex_of_every_unit() -> None:
    given = package()
    given["application"].append(sample("application") | {"org_name": "青海另一家有限公司"})
    assert said(package_findings("Q01", given)) == [
        (
            Level.ERROR,
            "/application/1/org_name",
            "没有该单位的活动总结（附件 2）和统计表（附件 3），请补上，或把各附件的单位名称改为一致",
        )
    ]


def test_q01_wants_one_summary_of_a_unit() -> None:
    given = package()
    given["work-summary"] *= 2
    assert said(package_findings("Q01", given)) == [
        (Level.ERROR, "/work-summary/1/org_name", "该单位的活动总结（附件 2）重复出现，每个单位只交一份")
    ]


# Q02, Q03, Q05, Q06, Q07, Q11: what only people can see


@pytest.mark.parametrize("stem", ANNEXES)
def test_q02_and_q03_remind_of_seal_paper_and_mail(stem: str) -> None:
    assert said(findings("Q02", stem)) == [(Level.REMINDER, "", "打印后请加盖单位公章")]
    ((level, _, detail),) = said(findings("Q03", stem))
    assert level is Level.REMINDER
    assert "纸质版报送 1 份" in detail
    assert "qhzhixie@163.com" in detail


@pytest.mark.parametrize("rule", ["Q05", "Q06", "Q07", "Q11"])
def test_reminders_of_the_application(rule: str) -> None:
    assert [finding.level for finding in findings(rule)] == [Level.REMINDER]


def test_q05_points_at_a_package_of_several_units() -> None:
    assert package_findings("Q05", package()) == []
    given = package()
    given["statistics"].append(sample("statistics") | {"org_name": "青海另一家有限公司"})
    ((level, pointer, detail),) = said(package_findings("Q05", given))
    assert (level, pointer) == (Level.WARNING, "/statistics/1/org_name")
    assert "以单位名称命名" in detail
    assert package_findings("Q05", {}) == []


def test_q07_names_who_must_have_chosen() -> None:
    assert "推荐单位已择优推荐" in findings("Q07")[0].detail
    assert "本单位已择优推荐" in findings("Q07", recommender=None)[0].detail


# Q04

LATE = "已超过{}申报材料受理截止日期 {}（核对日期为 {}），请先与主办方联系"


@pytest.mark.parametrize(
    ("term", "day", "late"),
    [
        ("第一期", date(2026, 6, 30), None),
        ("第一期", date(2026, 7, 1), LATE.format("第一期", "2026年6月30日", "2026年7月1日")),
        ("第二期", date(2026, 7, 1), None),
        ("第二期", date(2026, 10, 20), None),
        ("第二期", date(2026, 10, 21), LATE.format("第二期", "2026年10月20日", "2026年10月21日")),
    ],
)
def test_q04_judges_an_application_by_its_term(term: str, day: date, late: str | None) -> None:
    assert said(findings("Q04", as_of=day, term=term)) == ([(Level.ERROR, "", late)] if late else [])


@pytest.mark.parametrize("stem", ["work-summary", "statistics"])
def test_q04_judges_annexes_without_a_term_by_the_later_one(stem: str) -> None:
    assert findings("Q04", stem, as_of=date(2026, 10, 20)) == []
    assert [finding.level for finding in findings("Q04", stem, as_of=date(2026, 10, 21))] == [Level.ERROR]


# Q08, Q09, Q10

PRIZES = ["盐湖化工产业质量管理小组奖", "清洁能源产业质量管理小组奖", "绿色有机农畜产品领域质量管理小组奖"]


def test_q08_points_at_several_prizes_for_one_topic() -> None:
    assert findings("Q08", special_prizes=[]) == []
    assert findings("Q08", special_prizes=PRIZES[:1]) == []
    (found,) = findings("Q08", special_prizes=PRIZES)
    assert (found.level, found.pointer, found.label) == (Level.WARNING, "/special_prizes", "同时申报单项奖")


def test_q09_speaks_where_a_prize_is_applied_for() -> None:
    assert findings("Q09", special_prizes=[]) == []
    assert [finding.level for finding in findings("Q09", special_prizes=PRIZES[2:])] == [Level.REMINDER]


@pytest.mark.parametrize(("term", "month"), [("第一期", "7 月"), ("第二期", "12 月")])
def test_q10_tells_the_month_of_the_meeting(term: str, month: str) -> None:
    (found,) = findings("Q10", term=term)
    assert found.level is Level.REMINDER
    assert month in found.detail


# Rates of 附件 3


def rates(**changed: object) -> tuple[object, object]:
    """The two printed rates of the statistics without those given, some counts changed."""
    given = {key: value for key, value in sample("statistics").items() if not key.endswith("_rate")}
    form = catalogue.get_form("qinghai-2026/statistics")
    validated = form.model.model_validate(given | changed).model_dump(mode="json")
    return validated["result_rate"], validated["popularity_rate"]


def test_rates_are_computed_where_they_are_not_given() -> None:
    assert rates() == (75, 46.7)
    assert rates(result_rate=None) == (75, 46.7)
    assert rates(year_results=1, year_registered=16) == (6.3, 46.7)  # 6.25 is rounded half up
    assert rates(year_results=0) == (0, 46.7)


def test_rates_without_a_whole_stay_blank() -> None:
    assert rates(year_results=0, year_registered=0, participants=0, employees=0) == (None, None)


@pytest.mark.parametrize("given", [74.9, 75, 75.1])
def test_a_given_rate_may_be_off_by_a_tenth(given: float) -> None:
    assert rates(result_rate=given) == (given, 46.7)


@pytest.mark.parametrize("given", [74.89, 75.11, 0, 100])
def test_a_given_rate_that_is_further_off_is_refused(given: float) -> None:
    fault = only_fault(result_rate=given)
    assert (fault.pointer, fault.code, fault.label) == ("/result_rate", "rate_mismatch", "本年度QC小组成果率")
    assert "「本年度取得成果数量」除以「本年度登记注册QC小组数量」" in fault.detail
    assert only_fault(popularity_rate=given).pointer == "/popularity_rate"


def test_more_people_than_employees_are_refused() -> None:
    fault = only_fault(participants=861)
    assert (fault.pointer, fault.code) == ("/popularity_rate", "over_hundred")
    assert fault.detail == "「本年度参加QC小组活动人数」大于「企业职工总数」，比率超过 100%，请核对这两项数量"


def test_a_wrong_count_is_the_only_fault() -> None:
    assert only_fault(employees=-1).pointer == "/employees"


def test_every_rule_is_reached() -> None:
    given = package()
    given["application"][0]["special_prizes"] = PRIZES
    given["application"][0]["attachments"] = None
    late = checking.check_package(QINGHAI, given, service.circumstances(QINGHAI, date(2026, 10, 21)))
    assert {finding.rule for finding in late.findings} == set(SENTENCES)
