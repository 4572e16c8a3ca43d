"""Rules H01, H02, H03, H05, H07 and H08 look at all annexes of one enterprise together."""

import copy
from datetime import date
from typing import Any

import pytest

from docgen import service
from docgen.forms import catalogue, checking
from docgen.forms.form import Finding, Level
from docgen.forms.hunan_2026._rules import SENTENCES

HUNAN = catalogue.get_notice("hunan-2026")
AS_OF = date(2026, 7, 1)
GROUP_FORM = "优秀质量管理小组成果表（附件一）"
TEAM_FORM = "优秀质量信得过班组成果表（附件二）"


def sample(stem: str) -> dict[str, Any]:
    return service.sample(catalogue.get_form(f"{HUNAN.id}/{stem}"))


def package() -> dict[str, Any]:
    """All six samples; the summary is cut to the team and the circle that filled in a form."""
    summary = sample("achievement-summary")
    return {
        "group-achievement": [sample("group-achievement")],
        "team-achievement": [sample("team-achievement")],
        "achievement-summary": [summary | {"items": summary["items"][:2]}],
        "brand-story": [sample("brand-story")],
        "work-summary": sample("work-summary"),
        "statistics": sample("statistics"),
    }


def about(rule: str, given: dict[str, Any]) -> list[Finding]:
    """What the package's rule says, reminders of single annexes left out."""
    verdict = checking.check_package(HUNAN, given, service.circumstances(HUNAN, AS_OF))
    assert verdict.faults == ()
    found = [finding for finding in verdict.findings if finding.rule == rule]
    assert all(finding.sentence == SENTENCES[rule] for finding in found)
    return found


def wrong(rule: str, given: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [
        (finding.level, finding.pointer, finding.detail)
        for finding in about(rule, given)
        if finding.level is not Level.REMINDER
    ]


def test_the_samples_make_a_complete_package() -> None:
    verdict = service.check_package(HUNAN, package(), AS_OF)
    assert verdict.complete, verdict.findings
    assert not [finding for finding in verdict.findings if finding.level is not Level.REMINDER]


@pytest.mark.parametrize(
    ("stem", "place", "title"),
    [("team-achievement", 0, TEAM_FORM), ("group-achievement", 1, GROUP_FORM)],
)
def test_h01_wants_the_form_of_every_row(stem: str, place: int, title: str) -> None:
    given = package()
    del given[stem]
    assert wrong("H01", given) == [
        (
            Level.ERROR,
            f"/achievement-summary/0/items/{place}/name",
            f"没有该班组或小组的{title}，请补上，或把各表的名称和类别改为一致",
        )
    ]


@pytest.mark.parametrize(
    ("row", "pointer"), [(0, "/team-achievement/0/team_name"), (1, "/group-achievement/0/group_name")]
)
def test_h01_wants_a_row_for_every_form(row: int, pointer: str) -> None:
    given = package()
    del given["achievement-summary"][0]["items"][row]
    assert wrong("H01", given) == [
        (
            Level.ERROR,
            pointer,
            "成果汇总表（附件三）中没有该班组或小组，请补上，或把各表的企业名称、班组或小组名称改为一致",
        )
    ]


def test_h01_wants_the_summary_itself() -> None:
    given = package()
    del given["achievement-summary"]
    assert wrong("H01", given) == [(Level.ERROR, "/achievement-summary", "材料中没有成果汇总表（附件三），请补齐")]


def test_h01_asks_nothing_of_a_unit_with_stories_only() -> None:
    given = package()
    for stem in ("group-achievement", "team-achievement", "achievement-summary"):
        del given[stem]
    assert wrong("H01", given) == []


@pytest.mark.parametrize("changed", [{"name": "铸剑 QC 小组"}, {"org_name": "星沅重机有限公司"}])
def test_h01_tells_two_spellings_apart(changed: dict[str, str]) -> None:
    given = package()
    given["achievement-summary"][0]["items"][1] |= changed
    assert [pointer for _, pointer, _ in wrong("H01", given)] == [
        "/group-achievement/0/group_name",
        "/achievement-summary/0/items/1/name",
    ]


def test_h01_tells_a_circle_from_a_team_of_the_same_name() -> None:
    given = package()
    given["team-achievement"][0]["team_name"] = "铸剑QC小组"
    assert [pointer for _, pointer, _ in wrong("H01", given)] == [
        "/team-achievement/0/team_name",
        "/achievement-summary/0/items/0/name",
    ]


def test_h01_wants_every_form_once() -> None:
    given = package()
    given["team-achievement"].append(copy.deepcopy(given["team-achievement"][0]))
    assert wrong("H01", given) == [
        (Level.ERROR, "/team-achievement/1/team_name", f"该班组或小组已有一份{TEAM_FORM}，请只保留一份")
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("topic_name", "降低焊缝返修率"),
        ("topic_type", "创新型"),
        ("leader", "江晚晴"),
        ("members", ["唐砺"]),
    ],
)
def test_h02_wants_the_details_of_the_circles_form(field: str, value: object) -> None:
    given = package()
    given["achievement-summary"][0]["items"][1][field] = value
    assert wrong("H02", given) == [
        (Level.ERROR, f"/achievement-summary/0/items/1/{field}", f"与{GROUP_FORM}不一致，请核实后改为一致")
    ]


def test_h02_wants_the_leader_of_the_teams_form() -> None:
    given = package()
    given["achievement-summary"][0]["items"][0] |= {"leader": "伍思齐", "members": ["伍思齐"]}
    assert wrong("H02", given) == [
        (Level.ERROR, "/achievement-summary/0/items/0/leader", f"与{TEAM_FORM}不一致，请核实后改为一致")
    ]


def test_h03_reminds_of_the_stories_form_where_there_is_none() -> None:
    given = package()
    assert [finding.pointer for finding in about("H03", given)] == ["/brand-story/0/summary"]
    given["brand-story"] = []
    (found,) = about("H03", given)
    assert (found.level, found.pointer) == (Level.REMINDER, "/brand-story")


@pytest.mark.parametrize(
    ("stem", "title"), [("work-summary", "工作总结（附件五）"), ("statistics", "概况统计表（附件六）")]
)
def test_h05_wants_one_summary_and_one_table_of_the_enterprise(stem: str, title: str) -> None:
    given = package()
    given[stem] = [given[stem], given[stem]]
    assert wrong("H05", given) == [(Level.WARNING, f"/{stem}/1", f"每家企业报一份{title}，现有多份，请只保留一份")]
    del given[stem]
    assert wrong("H05", given) == [(Level.ERROR, f"/{stem}", f"材料中没有{title}，请补齐")]


@pytest.mark.parametrize(
    ("rule", "stem", "what"), [("H07", "team-achievement", "信得过班组"), ("H08", "brand-story", "质量品牌故事")]
)
def test_h07_h08_add_up_the_fees(rule: str, stem: str, what: str) -> None:
    given = package()
    given[stem] = [given[stem][0] for _ in range(3)]
    *_, total = about(rule, given)
    assert (total.level, total.pointer) == (Level.REMINDER, f"/{stem}")
    assert total.detail == f"共 3 个{what}，应交纳 500 元 × 3 = 1,500 元，申报时汇入表注所列账户"
    del given[stem]
    assert about(rule, given) == []


def test_no_finding_repeats_a_value() -> None:
    given = package()
    given["group-achievement"][0] |= {"org_name": "植入甲公司", "group_name": "植入乙小组"}
    given["achievement-summary"][0]["items"][0] |= {"org_name": "植入丙公司", "leader": "植入丁"}
    given["statistics"] |= {"org_name": "植入戊公司", "participants": 9_999_999}
    verdict = checking.check_package(HUNAN, given, service.circumstances(HUNAN, AS_OF))
    assert {finding.rule for finding in verdict.findings if finding.level is Level.ERROR} == {"H01", "H10"}
    assert "植入" not in repr(verdict)
    assert "9999999" not in repr(verdict)
