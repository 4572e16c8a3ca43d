"""Rules H01 to H14 of 湘机质协[2026] 03 号 on single annexes: each kept by one submission and broken by another."""

from datetime import date
from typing import Any

import pytest

from docgen import service
from docgen.errors import Fault
from docgen.fields import count_words
from docgen.forms import catalogue, checking
from docgen.forms.form import Finding, Level
from docgen.forms.hunan_2026._rules import SENTENCES

HUNAN = catalogue.get_notice("hunan-2026")
AS_OF = date(2026, 7, 1)
ANNEXES = [form.stem for form in catalogue.forms_of(HUNAN) if form.annex]


def sample(stem: str) -> dict[str, Any]:
    return service.sample(catalogue.get_form(f"{HUNAN.id}/{stem}"))


def findings(rule: str, stem: str, as_of: date = AS_OF, **changed: object) -> list[Finding]:
    """What one rule says of a sample of which some fields are changed."""
    verdict = service.check(catalogue.get_form(f"{HUNAN.id}/{stem}"), sample(stem) | changed, as_of)
    assert verdict.faults == ()
    found = [finding for finding in verdict.findings if finding.rule == rule]
    assert all(finding.sentence == SENTENCES[rule] for finding in found)
    return found


def said(found: list[Finding]) -> list[tuple[str, str, str]]:
    return [(finding.level, finding.pointer, finding.detail) for finding in found]


def wrong(found: list[Finding]) -> list[tuple[str, str, str]]:
    return [one for one in said(found) if one[0] != Level.REMINDER]


def only_fault(stem: str, **changed: object) -> Fault:
    (fault,) = service.check(catalogue.get_form(f"{HUNAN.id}/{stem}"), sample(stem) | changed, AS_OF).faults
    return fault


def submission(stem: str, given: dict[str, Any]) -> Any:
    return checking.validate(catalogue.get_form(f"{HUNAN.id}/{stem}"), given)


def test_the_six_annexes_and_three_certificates_stand_in_order() -> None:
    assert [(form.annex, form.stem) for form in catalogue.forms_of(HUNAN)] == [
        ("附件一：", "group-achievement"),
        ("附件二：", "team-achievement"),
        ("附件三：", "achievement-summary"),
        ("附件四：", "brand-story"),
        ("附件五：", "work-summary"),
        ("附件六：", "statistics"),
        ("", "certificate-group"),
        ("", "certificate-story"),
        ("", "certificate-team"),
    ]


# H01


def test_h01_wants_as_many_people_as_members() -> None:
    assert findings("H01", "group-achievement") == []
    assert findings("H01", "group-achievement", member_count=12) == []
    assert said(findings("H01", "group-achievement", member_count=8)) == [
        (Level.WARNING, "/member_count", "小组人数少于所列的 9 名成员，请核实")
    ]


def test_h01_counts_the_members_where_no_number_is_given() -> None:
    given = sample("group-achievement")
    del given["member_count"]
    assert submission("group-achievement", given).member_count == len(given["members"])


@pytest.mark.parametrize(("day", "kept"), [("2021-03-07", False), ("2021-03-08", True), (None, True)])
def test_h01_wants_the_circle_before_its_topic(day: str | None, *, kept: bool) -> None:
    found = said(findings("H01", "group-achievement", topic_registered_on=day))
    assert found == ([] if kept else [(Level.WARNING, "/topic_registered_on", "课题注册时间早于小组注册时间，请核实")])


def test_h01_asks_again_after_an_accident() -> None:
    assert findings("H01", "team-achievement") == []
    assert said(findings("H01", "team-achievement", accidents=1)) == [
        (Level.WARNING, "/accidents", "年质量、安全事故数不为 0，请核实是否属实、是否仍予推荐")
    ]


# H02


def rows(**changed: object) -> list[dict[str, Any]]:
    """The rows of the sample, the second of which (a circle) is changed."""
    items: list[dict[str, Any]] = sample("achievement-summary")["items"]
    items[1] |= changed
    return items


def test_h02_is_kept_by_the_sample() -> None:
    found = findings("H02", "achievement-summary")
    assert [finding.level for finding in found] == [Level.REMINDER]
    assert "逐字核对" in found[0].detail


@pytest.mark.parametrize(("field", "title"), [("topic_name", "课题名称"), ("topic_type", "课题类型")])
def test_h02_wants_a_topic_of_a_circle_and_none_of_a_team(field: str, title: str) -> None:
    missing = findings("H02", "achievement-summary", items=rows(**{field: None}))
    assert wrong(missing) == [(Level.ERROR, f"/items/1/{field}", f"QC小组须填写{title}，请补填")]
    items = rows()
    items[0][field] = items[1][field]
    assert wrong(findings("H02", "achievement-summary", items=items)) == [
        (Level.WARNING, f"/items/0/{field}", f"{title}由QC小组填写，信得过班组请留空；如类别有误请更正")
    ]


@pytest.mark.parametrize("contact", ["江晚晴", "江晚晴 0999-82712238", "江晚晴 099900100012"])
def test_h02_wants_a_mobile_number_beside_the_name(contact: str) -> None:
    assert wrong(findings("H02", "achievement-summary", items=rows(contact=contact))) == [
        (Level.WARNING, "/items/1/contact", "没有 11 位手机号码，请写明联系人姓名和手机")
    ]


@pytest.mark.parametrize("contact", ["江晚晴09990010001", "江晚晴，099 9001 0001", "099-9001-0001（江晚晴）"])
def test_h02_reads_a_mobile_number_however_it_is_written(contact: str) -> None:
    assert wrong(findings("H02", "achievement-summary", items=rows(contact=contact))) == []


def test_h02_wants_everyone_once() -> None:
    items = rows()
    assert wrong(findings("H02", "achievement-summary", items=[*items, items[1]])) == [
        (Level.ERROR, "/items/3/name", "该班组或小组重复出现，请只保留一行")
    ]


def test_h02_reminds_of_teams_first() -> None:
    items = rows()
    (first, _) = said(findings("H02", "achievement-summary", items=[*items[1:], items[0]]))
    assert first == (Level.REMINDER, "/items", "表名的次序是先班组、后小组，建议把信得过班组排在QC小组之前")


@pytest.mark.parametrize("field", ["category", "org_name", "name", "leader", "members", "contact"])
def test_h02_lets_no_key_cell_be_empty(field: str) -> None:
    items = rows()
    del items[1][field]
    fault = only_fault("achievement-summary", items=items)
    assert (fault.pointer, fault.detail) == (f"/items/1/{field}", "必须填写")


# H04


@pytest.mark.parametrize(
    ("section", "point"),
    [(section, point) for section, points in sample("work-summary")["sections"].items() for point in points],
)
def test_h04_wants_every_point(section: str, point: str) -> None:
    sections = sample("work-summary")["sections"]
    del sections[section][point]
    assert only_fault("work-summary", sections=sections).pointer == f"/sections/{section}/{point}"
    sections[section][point] = " \n"
    assert only_fault("work-summary", sections=sections).code == "blank"


# H05


@pytest.mark.parametrize("stem", ANNEXES)
def test_h05_ends_on_the_fifteenth_of_july(stem: str) -> None:
    assert findings("H05", stem, as_of=date(2026, 7, 15)) == []
    assert said(findings("H05", stem, as_of=date(2026, 7, 16))) == [
        (
            Level.ERROR,
            "",
            "已超过报送截止日期 2026年7月15日（核对日期为 2026年7月16日），请先与协会秘书处联系",
        )
    ]


# H06


@pytest.mark.parametrize("stem", ["group-achievement", "team-achievement"])
def test_h06_wants_files_that_can_be_edited(stem: str) -> None:
    good = [{"filename": name} for name in ("成果.docx", "成果.DOC", "数据.xlsx", "发表.pptx", "成果.wps")]
    assert wrong(findings("H06", stem, attachments=good)) == []
    assert wrong(findings("H06", stem, attachments=None)) == []
    bad = [{"filename": name} for name in ("成果.pdf", "证书.jpg", "成果", "成果.docx.zip")]
    found = wrong(findings("H06", stem, attachments=[good[0], *bad]))
    assert [(level, pointer) for level, pointer, _ in found] == [
        (Level.WARNING, f"/attachments/{index}/filename") for index in (1, 2, 3, 4)
    ]


# H09


def test_h09_limits_the_story_to_200_words() -> None:
    for count in (1, 200):
        given = "质" * count
        assert count_words(given) == count
        assert submission("brand-story", sample("brand-story") | {"summary": given}).summary == given
    fault = only_fault("brand-story", summary="质" * 201)
    assert (fault.rule, fault.sentence, fault.code) == ("H09", SENTENCES["H09"], "too_many_words")
    assert fault.detail.startswith("限 200 字以内，现为 201 字")


# H10


@pytest.mark.parametrize(
    ("taking_part", "staff", "rate"),
    [(3264, 4000, 81.6), (1, 3, 33.3), (2, 3, 66.7), (1, 2000, 0.1), (1, 2001, 0), (0, 5, 0), (7, 7, 100)],
)
def test_h10_works_out_the_rate_to_one_decimal(taking_part: int, staff: int, rate: float) -> None:
    given = sample("statistics") | {"participants": taking_part, "employees": staff}
    del given["popularity_rate"]
    made = submission("statistics", given)
    assert float(made.popularity_rate) == rate
    assert findings("H10", "statistics", participants=taking_part, employees=staff, popularity_rate=None) == []


@pytest.mark.parametrize(("rate", "kept"), [(81.6, True), (81.5, True), (81.7, True), (81.49, False), (81.71, False)])
def test_h10_compares_a_given_rate(rate: float, *, kept: bool) -> None:
    found = said(findings("H10", "statistics", popularity_rate=rate))
    detail = "与参加活动人数除以职工总数的结果（81.6%）不一致，请更正"
    assert found == ([] if kept else [(Level.ERROR, "/popularity_rate", detail)])


def test_h10_needs_something_to_judge_by() -> None:
    assert said(findings("H10", "statistics", participants=None, employees=None)) == [
        (Level.REMINDER, "/popularity_rate", "未填参加活动人数和职工总数，无法核对普及率")
    ]
    assert said(findings("H10", "statistics", popularity_rate=None, participants=None)) == [
        (Level.ERROR, "/popularity_rate", "未填普及率；请填写，或补填参加活动人数和职工总数，由系统计算")
    ]


@pytest.mark.parametrize("rate", [None, 100])
def test_h10_wants_no_more_people_than_there_are(rate: int | None) -> None:
    found = said(findings("H10", "statistics", participants=4001, popularity_rate=rate))
    assert found == [(Level.ERROR, "/participants", "参加活动人数多于职工总数，请核实（同一人参加多项活动只计一次）")]


@pytest.mark.parametrize("rate", [-0.1, 100.01, 81.655])
def test_h10_keeps_rates_between_0_and_100(rate: float) -> None:
    assert only_fault("statistics", popularity_rate=rate).pointer == "/popularity_rate"
    assert only_fault("statistics", result_rate={"team": rate}).pointer == "/result_rate/team"


# H11


def test_h11_is_kept_where_a_year_is_no_more_than_all_years() -> None:
    assert findings("H11", "statistics") == []
    same = {"team": 63, "qc": 412}
    assert findings("H11", "statistics", year_registered=same, active=same, benefit_year=5862.4) == []


@pytest.mark.parametrize("field", ["year_registered", "active"])
@pytest.mark.parametrize(("kind", "number"), [("team", 64), ("qc", 413)])
def test_h11_sees_a_year_above_the_total(field: str, kind: str, number: int) -> None:
    changed = sample("statistics")[field] | {kind: number}
    assert said(findings("H11", "statistics", **{field: changed})) == [
        (Level.WARNING, f"/{field}/{kind}", "大于历年来已登记注册累计数，请核实")
    ]


def test_h11_sees_a_benefit_above_the_total() -> None:
    assert said(findings("H11", "statistics", benefit_year=5862.41)) == [
        (Level.WARNING, "/benefit_year", "大于历年来累计的经济效益，请核实")
    ]


# H03, H04, H06, H07, H08, H12, H13, H14: what only people can see


@pytest.mark.parametrize(
    ("rule", "stem", "words"),
    [
        ("H03", "brand-story", "质量文化内涵"),
        ("H04", "work-summary", "数据真实"),
        ("H07", "team-achievement", "500 元"),
        ("H08", "brand-story", "500 元"),
        ("H12", "statistics", "2025年7月至2026年7月"),
        ("H14", "work-summary", "数据和事例"),
        *(("H06", stem, "无需报送纸质资料") for stem in ANNEXES),
        *(("H13", stem, "不分等级") for stem in ("group-achievement", "team-achievement", "brand-story")),
    ],
)
def test_reminders(rule: str, stem: str, words: str) -> None:
    (found,) = (finding for finding in findings(rule, stem) if finding.level is Level.REMINDER)
    assert words in found.detail


def test_h13_there_is_one_certificate_for_each_honour_and_none_has_a_grade() -> None:
    for stem in ("certificate-group", "certificate-team", "certificate-story"):
        paths = [line.path for line in service.fields(catalogue.get_form(f"{HUNAN.id}/{stem}"))]
        assert "grade" not in paths


def test_no_rule_or_field_says_what_a_circle_pays() -> None:
    given = sample("group-achievement")
    del given["fee"]
    findings_without = service.check(catalogue.get_form(f"{HUNAN.id}/group-achievement"), given, AS_OF).findings
    assert not any("元" in finding.detail for finding in findings_without)


@pytest.mark.parametrize(
    ("stem", "field", "value"),
    [
        ("group-achievement", "postcode", "41999"),
        ("group-achievement", "postcode", "４１９９９９"),
        ("group-achievement", "mobile", "0999001000"),
        ("brand-story", "mobile", "099900100011"),
        ("statistics", "mobile", "0999-0010001"),
        ("team-achievement", "member_count", 0),
        ("group-achievement", "members", []),
        ("group-achievement", "members", ["甲"] * 11),
        ("brand-story", "content_category", []),
        ("brand-story", "content_category", ["品牌战略", "品牌战略"]),
        ("brand-story", "brand_type", ["个体"]),
        ("team-achievement", "training", {"people": 3}),
    ],
)
def test_what_the_forms_refuse(stem: str, field: str, value: object) -> None:
    fault = only_fault(stem, **{field: value})
    assert fault.pointer.startswith(f"/{field}")


def test_a_speaker_is_whole_or_absent() -> None:
    assert submission("brand-story", sample("brand-story") | {"speaker": None}).speaker is None
    speaker = sample("brand-story")["speaker"]
    for field in ("name", "gender", "position", "mobile"):
        rest = {name: value for name, value in speaker.items() if name != field}
        assert only_fault("brand-story", speaker=rest).pointer == f"/speaker/{field}"
