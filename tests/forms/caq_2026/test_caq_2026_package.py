"""Rules C06 and C14 look at all annexes of one recommender together."""

import copy
from datetime import date
from typing import Any

import pytest

from docgen import service
from docgen.forms import catalogue, checking
from docgen.forms.caq_2026._rules import SENTENCES
from docgen.forms.form import Finding, Level

CAQ = catalogue.get_notice("caq-2026")
AS_OF = date(2026, 10, 1)


def sample(stem: str) -> dict[str, Any]:
    return service.sample(catalogue.get_form(f"{CAQ.id}/{stem}"))


def package() -> dict[str, Any]:
    """The three samples, cut to the circle that handed in an application."""
    opinion, summary = sample("recommendation-opinion"), sample("summary")
    return {
        "application": [sample("application")],
        "recommendation-opinion": [opinion | {"items": opinion["items"][:1]}],
        "summary": [summary | {"items": summary["items"][:1]}],
    }


def package_findings(rule: str, given: dict[str, object]) -> list[Finding]:
    verdict = checking.check_package(CAQ, given, service.circumstances(CAQ, AS_OF))
    assert verdict.faults == ()
    found = [finding for finding in verdict.findings if finding.rule == rule and finding.level is not Level.REMINDER]
    assert all(finding.sentence == SENTENCES[rule] for finding in found)
    return found


def said(found: list[Finding]) -> list[tuple[str, str, str]]:
    return [(finding.level, finding.pointer, finding.detail) for finding in found]


def test_c06_is_kept_where_the_annexes_agree() -> None:
    assert package_findings("C06", package()) == []


@pytest.mark.parametrize(
    ("stem", "title"),
    [
        ("application", "申报表（附件 2）"),
        ("recommendation-opinion", "推荐意见（附件 3）"),
        ("summary", "推荐汇总表（附件 4）"),
    ],
)
@pytest.mark.parametrize("empty", [True, False])
def test_c06_wants_every_annex(stem: str, title: str, *, empty: bool) -> None:
    given = package()
    del given[stem]
    if empty:
        given[stem] = []
    assert said(package_findings("C06", given)) == [(Level.ERROR, f"/{stem}", f"材料中没有{title}，请补齐")]


def test_c06_wants_every_circle_on_every_annex() -> None:
    given = package()
    given["summary"][0]["items"].append(sample("summary")["items"][1])
    (found,) = package_findings("C06", given)
    assert (found.pointer, found.label) == (
        "/summary/0/items/1/group_name",
        "附件 4（第 1 份）·推荐名单第 2 项·小组名称",
    )
    assert found.detail == (
        "申报表（附件 2）和推荐意见（附件 3）中没有该小组，请补上，或把各表的组织名称、小组名称改为一致"
    )


def test_c06_tells_two_spellings_of_one_circle() -> None:
    given = package()
    given["application"][0]["group_name"] = "攀登者 QC 小组"
    assert [finding.pointer for finding in package_findings("C06", given)] == [
        "/application/0/group_name",
        "/recommendation-opinion/0/items/0/group_name",
    ]


def test_c06_wants_every_circle_once() -> None:
    given = package()
    given["application"].append(copy.deepcopy(given["application"][0]))
    given["summary"][0]["items"] *= 2
    assert said(package_findings("C06", given)) == [
        (Level.ERROR, "/application/1/group_name", "该小组在申报表（附件 2）中重复出现，请只保留一次"),
        (Level.ERROR, "/summary/0/items/1/group_name", "该小组在推荐汇总表（附件 4）中重复出现，请只保留一次"),
    ]


def test_c06_and_c14_repeat_no_name() -> None:
    given = package()
    given["application"][0] |= {"org_name": "植入甲公司", "group_name": "植入乙小组", "members": ["植入丙"]}
    given["summary"][0]["items"][0] |= {"org_name": "植入甲公司", "group_name": "植入乙小组"}
    verdict = service.check_package(CAQ, given, AS_OF)
    assert {finding.rule for finding in verdict.findings if finding.level is Level.ERROR} == {"C06", "C14"}
    assert "植入" not in repr(verdict)


def test_c14_is_kept_where_the_members_are_the_same() -> None:
    assert package_findings("C14", package()) == []


@pytest.mark.parametrize("alone", [True, False])
def test_c14_refuses_other_members_or_another_order(*, alone: bool) -> None:
    given = package()
    given["summary"][0]["items"][0]["members"].reverse()
    if alone:
        given["summary"] = given["summary"][0]
    (found,) = package_findings("C14", given)
    index, copy_ = ("", "") if alone else ("/0", "（第 1 份）")
    assert found.pointer == f"/summary{index}/items/0/members"
    assert found.label == f"附件 4{copy_}·推荐名单第 1 项·小组成员"
    assert found.detail == "成员名单或次序与该小组申报表（附件 2）不一致，请以已提交的申报表为准"
