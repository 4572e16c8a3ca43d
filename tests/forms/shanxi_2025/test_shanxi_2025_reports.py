"""Registration, report sheets and review tables of 晋信息业工发〔2025〕38号: their steps, totals and rules."""

import copy
from datetime import date
from typing import Any

import pytest
from extract import docx_text, pdf_pages, squeeze

from docgen import service
from docgen.errors import Fault
from docgen.forms import catalogue, checking
from docgen.forms.form import Finding, Level
from docgen.forms.shanxi_2025._rules import SENTENCES
from docgen.forms.shanxi_2025.achievement_report import HEADINGS

SHANXI = catalogue.get_notice("shanxi-2025")
AS_OF = date(2025, 9, 20)
REPORTS = ["achievement-report", "enterprise-report", "promoter-report"]
REVIEWS = {"review-onsite": 5, "review-problem-solving": 6, "review-innovation": 6}
NAMES = "甲乙丙丁戊己庚辛壬癸子"
every_review = pytest.mark.parametrize("stem", REVIEWS)


def sample(stem: str) -> dict[str, Any]:
    return service.sample(catalogue.get_form(f"{SHANXI.id}/{stem}"))


def findings(rule: str, stem: str, as_of: date = AS_OF, **changed: object) -> list[Finding]:
    """What one rule says of a sample of which some fields are changed."""
    verdict = service.check(catalogue.get_form(f"{SHANXI.id}/{stem}"), sample(stem) | changed, as_of)
    assert verdict.faults == ()
    found = [finding for finding in verdict.findings if finding.rule == rule]
    assert all(finding.sentence == SENTENCES[rule] for finding in found)
    return found


def said(found: list[Finding]) -> list[tuple[str, str, str]]:
    return [(finding.level, finding.pointer, finding.detail) for finding in found]


def only_fault(stem: str, **changed: object) -> Fault:
    (fault,) = service.check(catalogue.get_form(f"{SHANXI.id}/{stem}"), sample(stem) | changed, AS_OF).faults
    return fault


def valid(stem: str, given: dict[str, Any]) -> Any:
    return checking.validate(catalogue.get_form(f"{SHANXI.id}/{stem}"), given)


# The steps of a report


def report(topic_type: str, origin: str | None) -> dict[str, Any]:
    steps = [{"heading": heading, "text": "内容"} for heading in HEADINGS[topic_type, origin]]
    return sample("achievement-report") | {"topic_type": topic_type, "target_origin": origin, "sections": steps}


@pytest.mark.parametrize(
    ("topic_type", "origin", "count", "second", "third"),
    [
        ("问题解决型", "自定目标", 10, "二、现状调查", "三、设定目标"),
        ("问题解决型", "指令性目标", 10, "二、设定目标", "三、目标可行性论证"),
        ("创新型", None, 8, "二、设定目标及目标可行性论证", "三、提出方案并确定最佳方案"),
    ],
)
def test_each_variant_has_its_own_steps(
    topic_type: str, origin: str | None, count: int, second: str, third: str
) -> None:
    given = report(topic_type, origin)
    found = valid("achievement-report", given).sections
    assert (len(found), found[1].heading, found[2].heading) == (count, second, third)


@pytest.mark.parametrize("fmt", ["docx", "pdf"])
@pytest.mark.parametrize("variant", HEADINGS, ids=str)
def test_the_title_says_the_variant_and_no_row_stays_empty(variant: tuple[str, str | None], fmt: str) -> None:
    data = service.render(catalogue.get_form(f"{SHANXI.id}/achievement-report"), report(*variant), fmt).data
    text = squeeze("".join(pdf_pages(data)) if fmt == "pdf" else docx_text(data))
    assert text.startswith(f"2025年全省优秀质量管理小组成果报告单（{variant[0]}课题）单位名称")
    assert f"{HEADINGS[variant][-1]}内容单位意见" in text


def test_the_blank_report_names_no_variant_and_tells_the_steps_of_all() -> None:
    text = squeeze(docx_text(service.blank(catalogue.get_form(f"{SHANXI.id}/achievement-report"), "docx").data))
    assert text.startswith("2025年全省优秀质量管理小组成果报告单单位名称")
    for headings in HEADINGS.values():
        assert all(heading in text for heading in headings)


def test_a_wrong_heading_is_told_the_right_one_and_not_repeated() -> None:
    given = report("问题解决型", "指令性目标")
    given["sections"][1]["heading"] = "二、现状调查"
    fault = only_fault("achievement-report", **given)
    assert (fault.pointer, fault.label, fault.code) == ("/sections", "活动步骤", "section_heading")
    assert fault.detail == "问题解决型（指令性目标）课题的第 2 项标题应为「二、设定目标」，请按此更正标题或次序"


def test_steps_out_of_order_are_refused() -> None:
    given = report("创新型", None)
    given["sections"][3], given["sections"][4] = given["sections"][4], given["sections"][3]
    assert "第 4 项标题应为「四、制定对策」" in only_fault("achievement-report", **given).detail


@pytest.mark.parametrize("count", [0, 9])
def test_a_missing_step_is_refused_with_the_list_of_all(count: int) -> None:
    given = report("问题解决型", "自定目标")
    fault = only_fault("achievement-report", **given | {"sections": given["sections"][:count]})
    assert fault.code == "section_count"
    assert fault.detail.startswith(
        f"问题解决型（自定目标）课题共 10 个步骤，现为 {count} 个；各步骤依次为：一、选题理由、"
    )


def test_one_step_too_many_is_refused() -> None:
    given = report("创新型", None)
    given["sections"].append({"heading": "九、附录", "text": "内容"})
    assert "共 8 个步骤，现为 9 个" in only_fault("achievement-report", **given).detail


@pytest.mark.parametrize(
    ("topic_type", "origin", "detail"),
    [
        ("问题解决型", None, "问题解决型课题须选「自定目标」或「指令性目标」，步骤二、三的标题由此而定"),
        ("创新型", "自定目标", "创新型课题不分目标来源，请删除此项"),
    ],
)
def test_only_problem_solving_has_an_origin_of_its_target(topic_type: str, origin: str | None, detail: str) -> None:
    given = sample("achievement-report") | {"topic_type": topic_type, "target_origin": origin}
    fault = only_fault("achievement-report", **given)
    assert (fault.pointer, fault.label, fault.detail) == ("/target_origin", "目标来源", detail)
    if origin is None:
        del given["target_origin"]
        form = catalogue.get_form(f"{SHANXI.id}/achievement-report")
        assert [fault.detail for fault in service.check(form, given, AS_OF).faults] == [detail]


# S11, S24: limits of fields


@pytest.mark.parametrize("stem", ["group-registration", "achievement-report"])
def test_s11_allows_one_of_two_types(stem: str) -> None:
    form = catalogue.get_form(f"{SHANXI.id}/{stem}")
    assert form.shape.fields["topic_type"].rule == "S11"
    faults = service.check(form, sample(stem) | {"topic_type": "问题解决型、创新型"}, AS_OF).faults
    assert [(fault.pointer, fault.detail) for fault in faults] == [("/topic_type", "只能填「问题解决型」或「创新型」")]


def members(count: int) -> list[dict[str, str]]:
    return [{"name": name} for name in NAMES[:count]]


def test_s24_allows_ten_members_and_refuses_eleven() -> None:
    ten = sample("group-registration") | {"members": members(10), "member_count": None}
    assert valid("group-registration", ten).member_count == 10
    fault = only_fault("group-registration", members=members(11))
    assert (fault.pointer, fault.rule, fault.sentence) == ("/members", "S24", SENTENCES["S24"])


# Counts and totals are computed, and checked when given


def test_members_are_counted_where_no_count_is_given_and_compared_where_one_is() -> None:
    given = sample("group-registration") | {"members": members(3)}
    fault = only_fault("group-registration", **given)
    assert fault.code == "member_count"
    assert fault.detail.startswith("小组人数与成员名单的人数（3 人）不一致")
    del given["member_count"]
    assert valid("group-registration", given).member_count == 3
    data = service.render(catalogue.get_form(f"{SHANXI.id}/group-registration"), given, "docx").data
    assert "小组人数3课题名称" in squeeze(docx_text(data))


@every_review
def test_a_total_is_the_sum_of_the_scores(stem: str) -> None:
    given = sample(stem)
    scores = {name: index + 0.5 for index, name in enumerate(given["scores"])}
    given["scores"] = scores
    assert len(scores) == REVIEWS[stem]
    fault = only_fault(stem, **given)
    assert (fault.pointer, fault.label) == ("/total", "总分")
    assert fault.detail == "总分与各项得分之和不相等，请核对；不填总分时自动计算"
    del given["total"]
    assert float(valid(stem, given).total) == sum(scores.values())
    total = f"总分{sum(scores.values()):g}评审"
    for fmt in ("docx", "pdf"):
        data = service.render(catalogue.get_form(f"{SHANXI.id}/{stem}"), given, fmt).data
        text = squeeze("".join(pdf_pages(data)) if fmt == "pdf" else docx_text(data))
        assert total in text.replace("总体评价" + squeeze(given["comment"]), "")


@every_review
def test_full_marks_stand_on_the_form_and_add_up_to_a_hundred(stem: str) -> None:
    form = catalogue.get_form(f"{SHANXI.id}/{stem}")
    scores = service.schema(form)["$defs"]["Scores"]["properties"]
    full = {name: int(score["maximum"]) for name, score in scores.items()}
    assert sum(full.values()) == 100
    assert valid(stem, {**sample(stem), "scores": full, "total": 100}).total == 100
    printed = squeeze(docx_text(service.blank(form, "docx").data))
    assert [f"{marks}分" in printed for marks in full.values()] == [True] * len(full)


@every_review
@pytest.mark.parametrize(("excess", "code"), [(0.5, "number_range"), (-0.25, "number_step")])
def test_a_score_stays_within_its_marks_in_steps_of_a_half(stem: str, excess: float, code: str) -> None:
    form = catalogue.get_form(f"{SHANXI.id}/{stem}")
    given = sample(stem)
    name = next(iter(given["scores"]))
    most = service.schema(form)["$defs"]["Scores"]["properties"][name]["maximum"]
    given["scores"][name] = most + excess
    (fault,) = service.check(form, given, AS_OF).faults
    assert (fault.pointer, fault.code) == (f"/scores/{name}", code)


# Reminders


@pytest.mark.parametrize("stem", ["group-registration", *REPORTS])
def test_s01_counts_the_last_day_as_in_time(stem: str) -> None:
    assert findings("S01", stem, date(2025, 9, 30)) == []
    assert [finding.level for finding in findings("S01", stem, date(2025, 10, 1))] == [Level.ERROR]


@pytest.mark.parametrize("stem", ["group-registration", *REPORTS])
def test_s04_reminds_of_secrets(stem: str) -> None:
    assert [finding.level for finding in findings("S04", stem)] == [Level.REMINDER]


@pytest.mark.parametrize(
    ("rule", "stem"),
    [
        ("S07", "achievement-report"),
        ("S08", "group-registration"),
        *(("S09", stem) for stem in REPORTS),
        *(("S22", stem) for stem in REVIEWS),
    ],
)
def test_s07_s08_s09_s22_remind_of_what_goes_with_a_sheet(rule: str, stem: str) -> None:
    assert [finding.level for finding in findings(rule, stem)] == [Level.REMINDER]


# S12, S14, S18


@pytest.mark.parametrize(
    ("day", "recent"), [("2022-09-19", False), ("2022-09-20", True), ("2025-09-20", True), ("2025-09-21", False)]
)
def test_s12_and_s18_count_three_years_back(day: str, *, recent: bool) -> None:
    awards = [award | {"awarded_on": day} for award in sample("enterprise-report")["awards"]]
    missing = [(Level.ERROR, "/awards", "核对日期前三年内没有全省优秀质量管理小组的获奖记录，至少需要一项")]
    assert said(findings("S12", "enterprise-report", awards=awards)) == ([] if recent else missing)
    for stem in ("enterprise-report", "promoter-report"):
        found = [(finding.level, finding.pointer) for finding in findings("S18", stem, awards=awards)]
        warned = [(Level.WARNING, f"/awards/{index}/awarded_on") for index in range(2)]
        assert found == ([] if recent else warned)


@pytest.mark.parametrize(
    ("field", "detail"), [("awards", "至少 1 项，现为 0 项，请补齐"), ("publications", "至少 1 项，现为 0 项，请补齐")]
)
def test_s12_wants_an_award_and_a_publication(field: str, detail: str) -> None:
    fault = only_fault("enterprise-report", **{field: []})
    assert (fault.pointer, fault.detail, fault.rule) == (f"/{field}", detail, "S12")
    assert fault.sentence == SENTENCES["S12"]


@pytest.mark.parametrize("part", ["org_name", "group_name", "topic_name", "awarded_on"])
@pytest.mark.parametrize("stem", ["enterprise-report", "promoter-report"])
def test_s18_wants_four_parts_of_an_award(stem: str, part: str) -> None:
    awards = copy.deepcopy(sample(stem)["awards"])
    del awards[1][part]
    fault = only_fault(stem, awards=awards)
    assert (fault.pointer, fault.detail) == (f"/awards/1/{part}", "必须填写")


def test_a_promoter_may_have_no_award() -> None:
    assert findings("S18", "promoter-report", awards=[]) == []


@pytest.mark.parametrize(
    ("years", "role", "level"),
    [
        (5, None, None),
        (4, None, Level.ERROR),
        (4, "质量管理小组工作者", Level.ERROR),
        (4, "主要领导人", Level.WARNING),
        (0, "主要领导人", Level.WARNING),
    ],
)
def test_s14_wants_five_years_and_only_warns_leaders(years: int, role: str | None, level: Level | None) -> None:
    found = findings("S14", "promoter-report", years_in_qc=years, compliance={"role": role} if role else None)
    assert [(finding.level, finding.pointer) for finding in found] == ([(level, "/years_in_qc")] if level else [])


# S08, S09, S11 over a package


def package() -> dict[str, Any]:
    stems = ("entry", "enterprise-entry", "promoter-entry", "group-registration", "recommendation-summary", *REPORTS)
    return {stem: [sample(stem)] for stem in stems}


def package_errors(rule: str, given: dict[str, Any]) -> list[tuple[str, str]]:
    verdict = checking.check_package(SHANXI, given, service.circumstances(SHANXI, AS_OF))
    assert verdict.faults == ()
    found = [one for one in verdict.findings if one.rule == rule and one.level is not Level.REMINDER]
    assert all((one.sentence, one.level) == (SENTENCES[rule], Level.ERROR) for one in found)
    return [(one.pointer, one.detail) for one in found]


@pytest.mark.parametrize("rule", ["S08", "S09", "S11"])
def test_s08_s09_s11_are_kept_by_the_samples(rule: str) -> None:
    assert package_errors(rule, package()) == []


@pytest.mark.parametrize(
    ("stem", "title"), [("group-registration", "注册登记表"), ("recommendation-summary", "推荐汇总表（附件 5）")]
)
def test_s08_wants_registration_and_summary(stem: str, title: str) -> None:
    given = package()
    del given[stem]
    assert package_errors("S08", given) == [(f"/{stem}", f"材料中没有{title}，请补齐")]


def test_s08_wants_every_competing_topic_registered() -> None:
    given = package()
    watching = sample("entry") | {"group_name": "旁听小组", "participation": "观摩", "topic_name": None}
    given["entry"] += [sample("entry") | {"topic_name": "另一课题"}, watching]
    missing = "没有该课题的注册登记表，请补齐，或把各表的名称改为一致"
    assert package_errors("S08", given) == [("/entry/1/topic_name", missing)]


def test_s08_and_s11_want_one_type_on_every_sheet() -> None:
    given = package()
    given["entry"][0]["topic_type"] = "创新型"
    detail = "课题类型与该课题的报名表（附件 2）不一致，请更正其一"
    assert package_errors("S08", given) == [("/group-registration/0/topic_type", detail)]
    assert package_errors("S11", given) == [("/achievement-report/0/topic_type", f"{detail}；各步骤标题随课题类型而定")]


@pytest.mark.parametrize(
    ("stem", "place", "title"),
    [
        ("achievement-report", "/entry/0/topic_name", "成果报告单"),
        ("enterprise-report", "/enterprise-entry/0/org_name", "优秀企业报告单"),
        ("promoter-report", "/promoter-entry/0/name", "优秀推进者报告单"),
    ],
)
@pytest.mark.parametrize("other", [True, False])
def test_s09_wants_the_report_of_each_nominee(stem: str, place: str, title: str, *, other: bool) -> None:
    given = package()
    if other:
        given[stem][0]["org_name"] = "汾源信息技术有限公司"
    else:
        del given[stem]
    assert package_errors("S09", given) == [(place, f"没有对应的{title}，请补齐，或把各表的名称改为一致")]


def test_s09_wants_no_report_of_what_is_not_nominated() -> None:
    given = package()
    for stem in ("enterprise-entry", "enterprise-report", "promoter-entry", "promoter-report", "achievement-report"):
        del given[stem]
    given["entry"][0] |= {"participation": "观摩"}
    assert package_errors("S09", given) == []
