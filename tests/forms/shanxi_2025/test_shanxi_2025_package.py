"""Rules over all annexes of one member unit of 晋信息业工发〔2025〕38号."""

import copy
from datetime import date
from typing import Any

import pytest

from docgen import service
from docgen.forms import catalogue, checking
from docgen.forms.form import Circumstances, Finding, Level
from docgen.forms.shanxi_2025._rules import SENTENCES

SHANXI = catalogue.get_notice("shanxi-2025")
AS_OF = date(2025, 9, 20)
NOMINATIONS = ["entry", "enterprise-entry", "promoter-entry"]
REST = ["group-registration", "recommendation-summary", "achievement-report", "enterprise-report", "promoter-report"]


def sample(stem: str) -> dict[str, Any]:
    return service.sample(catalogue.get_form(f"{SHANXI.id}/{stem}"))


def package() -> dict[str, Any]:
    """Everything that a unit with one circle, one enterprise and one promoter hands in."""
    return {stem: [sample(stem)] for stem in (*NOMINATIONS, *REST)}


def findings(rule: str, given: dict[str, Any]) -> list[tuple[str, str, str]]:
    verdict = service.check_package(SHANXI, given, AS_OF)
    assert verdict.faults == ()
    found: list[Finding] = [
        finding for finding in verdict.findings if finding.rule == rule and finding.level is not Level.REMINDER
    ]
    assert all(finding.sentence == SENTENCES[rule] for finding in found)
    return [(finding.level, finding.pointer, finding.detail) for finding in found]


def entries(*changes: dict[str, Any]) -> list[dict[str, Any]]:
    return [sample("entry") | change for change in changes]


def test_the_samples_are_a_complete_package() -> None:
    verdict = service.check_package(SHANXI, package(), AS_OF)
    assert verdict.complete, verdict


def test_s06_allows_an_enterprise_twenty_entries() -> None:
    given = package()
    twenty = [{"group_name": f"第{number}小组", "topic_name": f"课题{number}"} for number in range(20)]
    given["entry"] = entries(*twenty, {"participation": "观摩"}, {"org_name": "汾源信息技术有限公司"})
    assert findings("S06", given) == []
    given["entry"] += entries({"topic_name": "又一课题"})
    assert findings("S06", given) == [
        (Level.ERROR, "/entry/22/org_name", "该企业申报了 21 个小组成果，最多 20 个，请删去多余的")
    ]


def test_s10_wants_each_result_once() -> None:
    given = package()
    given["entry"] = entries({}, {"topic_name": "另一课题"}, {"participation": "观摩"}, {"group_name": "另一小组"})
    assert findings("S10", given) == [
        (Level.ERROR, "/entry/3/topic_name", "该企业的同一课题在材料中重复申报，请只保留一次")
    ]


@pytest.mark.parametrize(
    ("rule", "stem", "place", "detail"),
    [
        ("S13", "enterprise-entry", "org_name", "有 2 份优秀企业报名表（附件 3），每个会员单位限推荐 1 个"),
        ("S15", "promoter-entry", "name", "有 2 份优秀推进者报名表（附件 4），每个会员单位限推荐 1 名"),
    ],
)
def test_s13_and_s15_allow_one(rule: str, stem: str, place: str, detail: str) -> None:
    given = package()
    assert findings(rule, given) == []
    given[stem].append(copy.deepcopy(given[stem][0]))
    assert findings(rule, given) == [(Level.ERROR, f"/{stem}/1/{place}", detail)]


def over_the_places(stem: str, certificate: dict[str, Any], count: int) -> list[tuple[str, str]]:
    """What S21 says of a batch; certificates are the issuer's, so no unit's package holds them."""
    form = catalogue.get_form(f"{SHANXI.id}/{stem}")
    batch = [checking.validate(form, certificate) for _ in range(count)]
    (rule,) = (rule for rule in SHANXI.package_rules if rule.id == "S21")
    return [(remark.pointer, remark.detail) for remark in rule.check({stem: batch}, Circumstances(AS_OF))]


@pytest.mark.parametrize(("grade", "places"), [("一等奖", 1), ("二等奖", 2), ("三等奖", 3)])
@pytest.mark.parametrize(
    ("stem", "contest"), [("certificate-group", "QC小组竞赛"), ("certificate-promoter", "优秀推进者")]
)
def test_s21_awards_no_more_places_than_the_notice(stem: str, contest: str, grade: str, places: int) -> None:
    one = sample(stem) | {"grade": grade}
    assert over_the_places(stem, one, places) == []
    assert over_the_places(stem, one, places + 2) == [
        (f"/{stem}/{places}/grade", f"{contest}{grade}只有 {places} 名，此份超出名额")
    ]


def test_s21_awards_six_enterprises() -> None:
    one = sample("certificate-enterprise")
    assert over_the_places("certificate-enterprise", one, 6) == []
    assert over_the_places("certificate-enterprise", one, 7) == [
        ("/certificate-enterprise/6/org_name", "优秀企业只有 6 个，现为 7 个，超出名额")
    ]


def test_a_finding_names_the_annex_by_its_number_alone() -> None:
    given = package()
    row = given["recommendation-summary"][0]["enterprises"][0]
    given["recommendation-summary"][0]["enterprises"] = [row, row]
    (found,) = [one for one in service.check_package(SHANXI, given, AS_OF).findings if one.rule == "S13"]
    assert found.label.startswith("附件 5（第 1 份）·")


def test_s08_wants_no_registration_where_no_circle_competes() -> None:
    given = package()
    for stem in ("entry", "group-registration", "achievement-report"):
        del given[stem]
    assert findings("S08", given) == []
