"""Rules L01 to L17 of the 轻工 notice of 2025: each with a submission that keeps it and one that breaks it."""

from datetime import date
from typing import Any

import pytest
from extract import docx_text, pdf_pages, squeeze

from docgen import service
from docgen.errors import Fault
from docgen.forms import catalogue, checking
from docgen.forms.form import Finding, Form, Kind, Level
from docgen.forms.qinggong_2025._rules import SENTENCES

QINGGONG = catalogue.get_notice("qinggong-2025")
AS_OF = date(2025, 6, 1)
APPLICATIONS = ("manager-application", "group-application", "team-application")
TABLES = ("manager-statistics", "group-summary", "team-summary")
DIRECT = "联合会会员单位直接申报"
ALONE = {"recommender": None, "recommender_opinion": None, "recommended_on": None}
"""What an application without a recommender does not fill in."""


def form(stem: str) -> Form:
    return catalogue.get_form(f"{QINGGONG.id}/{stem}")


def sample(stem: str) -> dict[str, Any]:
    return service.sample(form(stem))


def findings(rule: str, stem: str, as_of: date = AS_OF, **changed: object) -> list[Finding]:
    """What one rule says of a sample of which some fields are changed."""
    verdict = service.check(form(stem), sample(stem) | changed, as_of)
    assert verdict.faults == ()
    found = [finding for finding in verdict.findings if finding.rule == rule]
    assert all(finding.sentence == SENTENCES[rule] for finding in found)
    return found


def said(found: list[Finding]) -> list[tuple[str, str, str]]:
    return [(finding.level, finding.pointer, finding.detail) for finding in found]


def only_fault(stem: str, **changed: object) -> Fault:
    (fault,) = service.check(form(stem), sample(stem) | changed, AS_OF).faults
    return fault


def printed(stem: str, **changed: object) -> dict[str, Any]:
    """The values of a sample without its counts, computed."""
    given = {key: value for key, value in sample(stem).items() if not key.endswith("_count")}
    values: dict[str, Any] = form(stem).model.model_validate(given | changed).model_dump(mode="json")
    return values


def package() -> dict[str, Any]:
    """One nominee of each kind, with tables and letter cut to them."""
    given = {stem: [sample(stem)] for stem in APPLICATIONS}
    for stem in TABLES:
        table = sample(stem)
        given[stem] = [table | {"items": table["items"][:1]}]
    letter = sample("recommendation-letter")
    for name in ("manager_count", "group_count", "team_count"):
        del letter[name]
    letter["items"] = [letter["items"][place] for place in (0, 3, 6)]
    return given | {"recommendation-letter": [letter]}


def package_findings(rule: str, given: dict[str, Any]) -> list[Finding]:
    """What one rule says over the annexes that it does not say of one by itself."""
    verdict = checking.check_package(QINGGONG, given, service.circumstances(QINGGONG, AS_OF))
    assert verdict.faults == ()
    found = [finding for finding in verdict.findings if finding.rule == rule and finding.level is not Level.REMINDER]
    assert all(finding.sentence == SENTENCES[rule] for finding in found)
    return found


def direct(stem: str) -> dict[str, Any]:
    route = "会员单位直报" if stem == "team-application" else DIRECT
    return sample(stem) | ALONE | {"route": route}


# L01


def test_l01_allows_one_manager_a_unit_in_the_table() -> None:
    assert findings("L01", "manager-statistics") == []
    items = sample("manager-statistics")["items"]
    items[2]["org_name"] = items[0]["org_name"]
    assert said(findings("L01", "manager-statistics", items=items)) == [
        (Level.ERROR, "/items/2/org_name", "该单位已有一名，每单位限报一名，请删去多余的")
    ]


def test_l01_allows_one_application_a_unit() -> None:
    given = package()
    assert package_findings("L01", given) == []
    given["manager-application"].append(given["manager-application"][0] | {"name": "方知近"})
    assert [finding.pointer for finding in package_findings("L01", given)] == ["/manager-application/1/name"]
    given["manager-application"][1]["org_name"] = "另一家有限公司"
    assert package_findings("L01", given) == []


# L02, L03, L04


def test_l02_wants_a_proof_of_what_was_achieved() -> None:
    assert findings("L02", "manager-application") == []
    assert said(findings("L02", "manager-application", proofs=["荣誉证书", "其他"])) == [
        (Level.ERROR, "/proofs", "未勾选质量业绩证明材料，至少需要提交一份")
    ]


@pytest.mark.parametrize(("rule", "stem"), [("L03", "group-application"), ("L04", "team-application")])
def test_l03_and_l04_want_the_report(rule: str, stem: str) -> None:
    assert findings(rule, stem) == []
    assert said(findings(rule, stem, attachments=[{"kind": "证明材料", "filename": "证明.pdf"}])) == [
        (Level.ERROR, "/attachments", "附件清单中没有成果报告，至少需要一份")
    ]
    assert [finding.level for finding in findings(rule, stem, attachments=None)] == [Level.WARNING]


BUNDLES = [
    ("L02", "manager-application", "manager-statistics", "申报表（附件 1）", "信息统计表（附件 1）", "name", "姓名"),
    ("L03", "group-application", "group-summary", "申报表（附件 2）", "汇总表（附件 2）", "group_name", "小组名称"),
    ("L04", "team-application", "team-summary", "申报表（附件 3）", "汇总表（附件 3）", "team_name", "班组名称"),
]


@pytest.mark.parametrize(("rule", "application", "table", "first", "second", "name", "what"), BUNDLES)
def test_l02_l03_l04_want_both_sheets_of_a_bundle(  # noqa: PLR0913, PLR0917  one row of the table above
    rule: str, application: str, table: str, first: str, second: str, name: str, what: str
) -> None:
    assert package_findings(rule, package()) == []
    for stem, title in ((application, first), (table, second)):
        given = package()
        given[stem] = []
        assert said(package_findings(rule, given)) == [(Level.ERROR, f"/{stem}", f"材料中没有{title}，请补齐")]
    given = package()
    given[table][0]["items"][0][name] = "另一个名称"
    detail = "{}中没有该项，请补上，或把两处的单位名称、{}改为一致"
    assert said(package_findings(rule, given)) == [
        (Level.ERROR, f"/{application}/0/{name}", detail.format(second, what)),
        (Level.ERROR, f"/{table}/0/items/0/{name}", detail.format(first, what)),
    ]
    del given[application], given[table]
    assert package_findings(rule, given) == []


# L05


@pytest.mark.parametrize("stem", [one.stem for one in catalogue.forms_of(QINGGONG) if one.kind is not Kind.CERTIFICATE])
def test_l05_counts_the_last_day_as_in_time(stem: str) -> None:
    assert findings("L05", stem, as_of=date(2025, 6, 10)) == []
    assert said(findings("L05", stem, as_of=date(2025, 6, 11))) == [
        (
            Level.ERROR,
            "",
            "已超过报送截止日期 2025年6月10日（核对日期为 2025年6月11日），请先与主办方联系",
        )
    ]


# L06, L10, L12, L14, L15, L16, L17: what only people can see


@pytest.mark.parametrize(
    ("rule", "stems"),
    [
        ("L06", APPLICATIONS[:1]),
        ("L10", APPLICATIONS[:1]),
        ("L12", APPLICATIONS[2:]),
        ("L14", (*APPLICATIONS, *TABLES, "recommendation-letter")),
        ("L15", ("recommendation-letter",)),
        ("L16", APPLICATIONS[1:]),
        ("L17", APPLICATIONS[1:]),
    ],
)
def test_reminders(rule: str, stems: tuple[str, ...]) -> None:
    for one in catalogue.forms_of(QINGGONG):
        wanted = [Level.REMINDER] if one.stem in stems else []
        assert [finding.level for finding in findings(rule, one.stem)] == wanted, one.id


# L07, L08


@pytest.mark.parametrize("stem", APPLICATIONS)
def test_l07_wants_everybody_recommended_on_the_letter(stem: str) -> None:
    assert package_findings("L07", package()) == []
    given = package()
    given["recommendation-letter"][0]["items"].pop(APPLICATIONS.index(stem))
    ((level, pointer, detail),) = said(package_findings("L07", given))
    assert level is Level.ERROR
    assert pointer.startswith(f"/{stem}/0/")
    assert detail == "申报途径为推荐，但推荐函的名单中没有该项，请补入名单或更正名称"


def test_l07_does_not_take_a_name_of_another_category() -> None:
    given = package()
    given["recommendation-letter"][0]["items"][1]["category"] = "质量信得过班组"
    assert [finding.pointer for finding in package_findings("L07", given)] == ["/group-application/0/group_name"]


def test_l07_wants_a_letter_once_and_only_for_the_recommended() -> None:
    given = package()
    del given["recommendation-letter"]
    assert said(package_findings("L07", given)) == [
        (Level.ERROR, "/recommendation-letter", "有申报途径为推荐的材料，但没有推荐函，请补齐")
    ]
    given |= {stem: [direct(stem)] for stem in APPLICATIONS}
    assert package_findings("L07", given) == []


@pytest.mark.parametrize("stem", APPLICATIONS)
def test_l08_points_at_direct_applicants_on_a_letter(stem: str) -> None:
    assert package_findings("L08", package()) == []
    given = package()
    given[stem] = [direct(stem)]
    ((level, pointer, _),) = said(package_findings("L08", given))
    assert level is Level.WARNING
    assert pointer.startswith(f"/{stem}/0/")
    del given["recommendation-letter"]
    assert package_findings("L08", given) == []


@pytest.mark.parametrize("stem", APPLICATIONS)
def test_a_recommender_goes_with_its_route_and_no_other(stem: str) -> None:
    fault = only_fault(stem, recommender=None)
    assert (fault.pointer, fault.code) == ("/recommender", "recommender_missing")
    missing = sample(stem)
    del missing["recommender"]
    assert [fault.code for fault in service.check(form(stem), missing).faults] == ["recommender_missing"]
    assert service.check(form(stem), direct(stem), AS_OF).faults == ()
    for name, value in (
        ("recommender", "某协会"),
        ("recommender_opinion", "同意。"),
        ("recommended_on", "2025-05-01"),
    ):
        fault = only_fault(stem, **{**direct(stem), name: value})
        assert (fault.pointer, fault.code) == (f"/{name}", "recommender_unwanted")


def test_an_unknown_route_is_the_only_fault() -> None:
    assert only_fault("group-application", route="自荐").pointer == "/route"


# L09, L11, L13


@pytest.mark.parametrize("level", ["高层", "中层"])
def test_l09_takes_managers_of_two_levels(level: str) -> None:
    assert findings("L09", "manager-application", level=level) == []
    fault = only_fault("manager-application", level="基层")
    assert (fault.pointer, fault.detail) == ("/level", "只能填「高层」或「中层」")


def test_l11_refuses_accidents() -> None:
    assert findings("L11", "team-application") == []
    assert said(findings("L11", "team-application", accident_free="有")) == [
        (Level.ERROR, "/accident_free", "近三年有事故的班组不能申报")
    ]


def test_l13_wants_a_direction() -> None:
    assert findings("L13", "group-application", directions=["绿色低碳"]) == []
    assert said(findings("L13", "group-application", directions=[])) == [
        (Level.ERROR, "/directions", "未勾选活动方向，至少选一项")
    ]


# Usual lengths, counts


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        *(("manager-application", name) for name in ("achievements", "breakthroughs", "participation", "honours")),
        ("group-application", "introduction"),
        ("team-application", "introduction"),
    ],
)
def test_long_texts_are_pointed_at_without_quoting_the_notice(stem: str, name: str) -> None:
    def remarks(text: str) -> list[Finding]:
        verdict = service.check(form(stem), sample(stem) | {name: text}, AS_OF)
        assert verdict.complete
        return [finding for finding in verdict.findings if not finding.rule]

    assert remarks("质" * 800) == []
    (found,) = remarks("质" * 801)
    assert (found.level, found.pointer, found.sentence) == (Level.WARNING, f"/{name}", "")
    assert "现为 801 字" in found.detail


@pytest.mark.parametrize("stem", APPLICATIONS[1:])
def test_people_are_counted_where_no_number_is_given(stem: str) -> None:
    assert printed(stem)["member_count"] == len(sample(stem)["members"])
    assert printed(stem, member_count=40)["member_count"] == 40
    fault = only_fault(stem, member_count=2)
    assert (fault.pointer, fault.code) == ("/member_count", "fewer_than_names")
    assert only_fault(stem, members=["甲、乙"], member_count=1).pointer == "/members/0"


def test_people_of_a_row_are_counted() -> None:
    rows = sample("team-summary")["items"]
    for row in rows:
        del row["member_count"]
    assert [row["member_count"] for row in printed("team-summary", items=rows)["items"]] == [12, 6]


def test_the_letter_counts_its_list() -> None:
    counts = ("manager_count", "group_count", "team_count")
    assert [printed("recommendation-letter")[name] for name in counts] == [3, 3, 2]
    items = sample("recommendation-letter")["items"][3:4]
    assert [printed("recommendation-letter", items=items)[name] for name in counts] == [0, 1, 0]
    for name in counts:
        fault = only_fault("recommendation-letter", **{name: 5})
        assert (fault.pointer, fault.code) == (f"/{name}", "count_mismatch")


@pytest.mark.parametrize(
    ("places", "title"),
    [
        ((0,), "关于推荐2025年轻工行业优秀质量管理者的函"),
        ((3,), "关于推荐2025年轻工行业优秀质量管理小组的函"),
        ((6,), "关于推荐2025年轻工行业质量信得过班组的函"),
        ((0, 6), "关于推荐2025年轻工行业优秀质量管理者、质量信得过班组的函"),
        ((3, 6), "关于推荐2025年轻工行业优秀质量管理小组、质量信得过班组的函"),
        ((0, 3, 6), "关于推荐2025年轻工行业优秀质量管理者、优秀质量管理小组、质量信得过班组的函"),
    ],
)
@pytest.mark.parametrize("fmt", ["docx", "pdf"])
def test_the_letter_names_only_what_it_recommends(places: tuple[int, ...], title: str, fmt: str) -> None:
    letter = package()["recommendation-letter"][0]
    rows = sample("recommendation-letter")["items"]
    data = service.render(form("recommendation-letter"), letter | {"items": [rows[place] for place in places]}, fmt)
    text = squeeze(docx_text(data.data) if fmt == "docx" else "".join(pdf_pages(data.data)))
    assert title in text
    for place, kind in ((0, "优秀质量管理者1名"), (3, "优秀质量管理小组1个"), (6, "质量信得过班组1个")):
        assert (kind in text) is (place in places)


@pytest.mark.parametrize("stem", APPLICATIONS)
def test_a_direct_application_says_so_in_the_recommenders_cell(stem: str) -> None:
    text = squeeze(docx_text(service.render(form(stem), direct(stem), "docx").data))
    assert "推荐单位意见：直接申报" in text
    text = squeeze("".join(pdf_pages(service.render(form(stem), direct(stem), "pdf").data)))
    assert "推荐单位意见：直接申报" in text


def test_every_rule_is_reached() -> None:
    given = package()
    given["manager-application"][0]["proofs"] = []
    given["manager-application"].append(given["manager-application"][0] | {"name": "方知近"})
    for stem in APPLICATIONS[1:]:
        given[stem][0]["attachments"] = None
    given["team-application"][0]["accident_free"] = "有"
    given["group-application"] = [direct("group-application") | {"attachments": None, "directions": []}]
    late = checking.check_package(QINGGONG, given, service.circumstances(QINGGONG, date(2025, 6, 11)))
    # L09 is the limit of a field.
    assert {finding.rule for finding in late.findings} == set(SENTENCES) - {"L09"}
