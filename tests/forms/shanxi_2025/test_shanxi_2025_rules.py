"""Rules of the annexes of 晋信息业工发〔2025〕38号: each with a submission that keeps it and one that breaks it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from extract import docx_text, pdf_pages, squeeze

from docgen import service
from docgen.errors import Fault
from docgen.fields import count_words
from docgen.forms import catalogue
from docgen.forms.form import Finding, Level, Wording
from docgen.forms.ruling import years_after
from docgen.forms.shanxi_2025._rules import SENTENCES

AS_OF = date(2025, 9, 20)
ENTRIES = ["entry", "enterprise-entry", "promoter-entry"]
DATED = [*ENTRIES, "recommendation-summary"]


def sample(annex: str) -> dict[str, Any]:
    return service.sample(catalogue.get_form(f"shanxi-2025/{annex}"))


def findings(rule: str, annex: str, *, as_of: date = AS_OF, **changed: Any) -> list[Finding]:
    """What one rule says of a sample of which some fields are changed."""
    verdict = service.check(catalogue.get_form(f"shanxi-2025/{annex}"), sample(annex) | changed, as_of)
    assert verdict.faults == ()
    found = [finding for finding in verdict.findings if finding.rule == rule]
    assert all(finding.sentence == SENTENCES[rule] for finding in found)
    return found


def said(found: list[Finding]) -> list[tuple[str, str, str]]:
    return [(finding.level, finding.pointer, finding.detail) for finding in found]


def only_fault(annex: str, **changed: object) -> Fault:
    form = catalogue.get_form(f"shanxi-2025/{annex}")
    (fault,) = service.check(form, sample(annex) | changed, AS_OF).faults
    return fault


# S01

LATE = "已超过报名截止日期 {}（核对日期为 {}），请先与主办方联系"


@pytest.mark.parametrize("annex", DATED)
def test_s01_counts_the_last_day_as_in_time(annex: str) -> None:
    assert findings("S01", annex, as_of=date(2025, 9, 30)) == []
    assert said(findings("S01", annex, as_of=date(2025, 10, 1))) == [
        (Level.ERROR, "", LATE.format("2025年9月30日", "2025年10月1日"))
    ]


def test_s01_follows_a_deadline_that_the_operator_moved(configure: Callable[..., None]) -> None:
    configure(deadlines='{"shanxi-2025/registration": "2025-10-08"}')
    assert findings("S01", "entry", as_of=date(2025, 10, 8)) == []
    assert [finding.level for finding in findings("S01", "entry", as_of=date(2025, 10, 9))] == [Level.ERROR]


# S02, S20, S23: what happens on paper and afterwards


@pytest.mark.parametrize(
    ("rule", "annex", "who"),
    [
        ("S02", "entry", "单位"),
        ("S20", "enterprise-entry", "申报单位和推荐单位的"),
        ("S20", "promoter-entry", "申报单位和推荐单位的"),
    ],
)
def test_s02_and_s20_remind_of_the_seals(rule: str, annex: str, who: str) -> None:
    assert said(findings(rule, annex)) == [(Level.REMINDER, "", f"打印后请加盖{who}公章，再扫描成 PDF")]


def test_s23_tells_the_days_that_follow() -> None:
    ((level, _, detail),) = said(findings("S23", "entry"))
    assert level is Level.REMINDER
    for day in ("10月10日至15日资料初审", "10月17日前", "10月28日至29日现场发表"):
        assert day in detail


# S03, S11: who competes, who watches

RESULT: dict[str, Any] = {"topic_name": None, "topic_type": None, "introduction": None}


def test_s03_and_s11_want_a_result_of_who_competes() -> None:
    assert findings("S03", "entry") == findings("S11", "entry") == []
    detail = "参赛须填写{}；没有发表项目、只到现场观摩的，请把参加方式填为「观摩」"
    assert said(findings("S03", "entry", **RESULT)) == [
        (Level.ERROR, "/topic_name", detail.format("课题名称")),
        (Level.ERROR, "/introduction", detail.format("小组简介和主要活动过程与效果")),
    ]
    assert said(findings("S11", "entry", **RESULT)) == [
        (Level.ERROR, "/topic_type", "参赛须选定课题类型，「问题解决型」或「创新型」只选一种")
    ]


@pytest.mark.parametrize("rule", ["S03", "S05", "S07", "S10", "S11"])
def test_s03_wants_no_result_of_who_only_watches(rule: str) -> None:
    watching: dict[str, Any] = {"participation": "观摩", "presenters": None, "compliance": None, "attachments": None}
    assert findings(rule, "entry", **RESULT, **watching) == []


@pytest.mark.parametrize("both", [["问题解决型", "创新型"], "问题解决型、创新型", "创新"])
def test_s11_allows_one_of_two_types(both: object) -> None:
    assert only_fault("entry", topic_type=both).pointer == "/topic_type"


# S04, S10: the unit's word


@pytest.mark.parametrize(("rule", "field"), [("S04", "no_secret"), ("S10", "first_time")])
def test_s04_and_s10_take_the_units_word(rule: str, field: str) -> None:
    place = f"/compliance/{field}"
    assert findings(rule, "entry", compliance={field: "是"}) == []
    assert [(one.level, one.pointer) for one in findings(rule, "entry", compliance={field: "否"})] == [
        (Level.ERROR, place)
    ]
    for silent in (None, {}, {field: None}):
        assert [(one.level, one.pointer) for one in findings(rule, "entry", compliance=silent)] == [
            (Level.REMINDER, place)
        ]


# S05


@pytest.mark.parametrize(("count", "kept"), [(0, False), (1, False), (2, True), (5, True), (6, False)])
def test_s05_wants_two_to_five_presenters(count: int, *, kept: bool) -> None:
    presenters = sample("entry")["members"][:count]
    error = (Level.ERROR, "/presenters", f"现场发表人应为 2 至 5 人，现为 {count} 人")
    assert said(findings("S05", "entry", presenters=presenters)) == ([] if kept else [error])


def test_s05_warns_of_presenters_from_outside_and_of_none_given() -> None:
    name = sample("entry")["members"][0]
    assert said(findings("S05", "entry", presenters=[name, "白无名"])) == [
        (Level.WARNING, "/presenters/1", "该发表人不在小组成员之列，请核对")
    ]
    assert said(findings("S05", "entry", presenters=None)) == [
        (Level.WARNING, "/presenters", "未填现场发表人，无法核对；请补填")
    ]
    assert only_fault("entry", presenters=[name, name]).code == "repeated"


# S07, S19: files


def without(annex: str, *endings: str) -> list[dict[str, str]]:
    """The sample's attachments but those whose kind or name ends so."""
    return [
        item
        for item in sample(annex)["attachments"]
        if not item["filename"].endswith(endings) and not item["kind"].endswith(endings)
    ]


@pytest.mark.parametrize(
    ("ending", "detail"),
    [
        (".pdf", "附件清单中没有小组推荐表的PDF 电子版（加盖公章），请补齐"),
        ("报名表.docx", "附件清单中没有小组推荐表的电子文本（Word 版本），请补齐"),
        ("成果报告", "附件清单中没有小组成果报告的 Word 文件，请补齐"),
        ("证实性材料", "附件清单中没有小组活动记录等证实性材料的 Word 文件，请补齐"),
    ],
)
def test_s07_wants_sheet_report_and_records(ending: str, detail: str) -> None:
    assert findings("S07", "entry") == []
    assert said(findings("S07", "entry", attachments=without("entry", ending))) == [
        (Level.ERROR, "/attachments", detail)
    ]


def test_s07_wants_report_and_records_in_word() -> None:
    attachments = sample("entry")["attachments"]
    attachments[2]["filename"] = "成果报告.PDF"
    attachments[3]["filename"] = "活动记录.DOC"
    assert said(findings("S07", "entry", attachments=attachments)) == [
        (Level.ERROR, "/attachments/2/filename", "小组成果报告须为 Word 格式（.doc 或 .docx）")
    ]


@pytest.mark.parametrize("annex", ["enterprise-entry", "promoter-entry"])
def test_s19_wants_the_sheet_as_pdf_and_word(annex: str) -> None:
    assert findings("S19", annex) == []
    pdf = (Level.ERROR, "/attachments", "附件清单中没有报名表的PDF 电子版（加盖公章），请补齐")
    word = (Level.ERROR, "/attachments", "附件清单中没有报名表的电子文本（Word 版本），请补齐")
    assert said(findings("S19", annex, attachments=without(annex, ".pdf"))) == [pdf]
    assert said(findings("S19", annex, attachments=without(annex, ".docx"))) == [word]
    annexed = [{"kind": "事迹附页", "filename": f"事迹.{ending}"} for ending in ("pdf", "docx")]
    assert said(findings("S19", annex, attachments=annexed)) == [pdf, word]


@pytest.mark.parametrize(("rule", "annex"), [("S07", "entry"), ("S19", "enterprise-entry"), ("S19", "promoter-entry")])
def test_s07_and_s19_cannot_be_judged_without_a_list(rule: str, annex: str) -> None:
    assert [(one.level, one.pointer) for one in findings(rule, annex, attachments=None)] == [
        (Level.WARNING, "/attachments")
    ]


# S06, S13, S15: how many a unit may recommend


def groups(count: int, org_name: str = "晋岭数智通信有限公司") -> list[dict[str, object]]:
    return [
        {"org_name": org_name, "group_name": f"第{number}小组", "member_count": 5} for number in range(1, count + 1)
    ]


def test_s06_allows_an_enterprise_twenty_results() -> None:
    rows = [*groups(20), *groups(20, "汾源信息技术有限公司")]
    assert findings("S06", "recommendation-summary", groups=rows) == []
    rows += groups(2)
    assert said(findings("S06", "recommendation-summary", groups=rows)) == [
        (Level.ERROR, "/groups/40/org_name", "该企业列了 22 个小组成果，最多 20 个，请删去多余的")
    ]


@pytest.mark.parametrize(
    ("rule", "rows", "detail"),
    [
        ("S13", "enterprises", "列了 2 个优秀企业，每个会员单位限推荐 1 个"),
        ("S15", "promoters", "列了 2 名优秀推进者，每个会员单位限推荐 1 名"),
    ],
)
def test_s13_and_s15_allow_one(rule: str, rows: str, detail: str) -> None:
    annex = "recommendation-summary"
    given = sample(annex)[rows]
    none: dict[str, Any] = {rows: []}
    two: dict[str, Any] = {rows: given * 2}
    assert findings(rule, annex) == findings(rule, annex, **none) == []
    assert said(findings(rule, annex, **two)) == [(Level.ERROR, f"/{rows}/1", detail)]


# S12, S18: awards


def won(*days: str) -> list[dict[str, object]]:
    award = sample("enterprise-entry")["awards"][0]
    return [award | {"awarded_on": day} for day in days]


RECENT = [
    ("2022-09-19", False),
    ("2022-09-20", True),
    ("2025-09-20", True),
    ("2025-09-21", False),
]
OLD = "获奖时间不在核对日期前三年内，不计入三年来的获奖情况"


@pytest.mark.parametrize("annex", ["enterprise-entry", "promoter-entry"])
@pytest.mark.parametrize(("day", "recent"), RECENT)
def test_s18_points_at_awards_outside_the_three_years(annex: str, day: str, *, recent: bool) -> None:
    found = said(findings("S18", annex, awards=won("2024-01-01", day)))
    assert found == ([] if recent else [(Level.WARNING, "/awards/1/awarded_on", OLD)])


@pytest.mark.parametrize("part", ["org_name", "group_name", "topic_name", "awarded_on"])
def test_s18_wants_the_four_parts_of_each_award(part: str) -> None:
    (award,) = won("2024-01-01")
    del award[part]
    for annex in ("enterprise-entry", "promoter-entry"):
        fault = only_fault(annex, awards=[award])
        assert (fault.pointer, fault.detail) == (f"/awards/0/{part}", "必须填写")


@pytest.mark.parametrize(("day", "recent"), RECENT)
def test_s12_wants_a_recent_award_of_an_enterprise(day: str, *, recent: bool) -> None:
    found = [one for one in findings("S12", "enterprise-entry", awards=won(day)) if one.level is not Level.REMINDER]
    error = (Level.ERROR, "/awards", "核对日期前三年内没有全省优秀质量管理小组的获奖记录，至少需要一项")
    assert said(found) == ([] if recent else [error])


def test_s12_is_quoted_where_an_enterprise_has_no_award() -> None:
    fault = only_fault("enterprise-entry", awards=[])
    assert (fault.pointer, fault.rule, fault.sentence) == ("/awards", "S12", SENTENCES["S12"])
    promoter = catalogue.get_form("shanxi-2025/promoter-entry")
    assert service.check(promoter, sample("promoter-entry") | {"awards": []}, AS_OF).complete


def test_s12_reminds_of_publications() -> None:
    assert [one.level for one in findings("S12", "enterprise-entry")] == [Level.REMINDER]


# S14


@pytest.mark.parametrize(
    ("compliance", "level"),
    [
        ({"years_in_qc": 5}, None),
        ({"years_in_qc": 4}, Level.ERROR),
        ({"years_in_qc": 4, "role": "质量管理小组工作者"}, Level.ERROR),
        ({"years_in_qc": 4, "role": "主要领导人"}, Level.WARNING),
        ({"years_in_qc": 5, "role": "主要领导人"}, None),
        ({"role": "主要领导人"}, Level.WARNING),
        ({}, Level.WARNING),
        (None, Level.WARNING),
    ],
)
def test_s14_wants_five_years_and_warns_leaders(compliance: dict[str, object] | None, level: Level | None) -> None:
    found = findings("S14", "promoter-entry", compliance=compliance)
    assert [(one.level, one.pointer) for one in found] == ([(level, "/compliance/years_in_qc")] if level else [])


# S16, S17, S24: limits of fields


@pytest.mark.parametrize(
    ("rule", "annex", "limit"), [("S16", "enterprise-entry", 1000), ("S17", "promoter-entry", 800)]
)
def test_s16_and_s17_limit_the_deeds(rule: str, annex: str, limit: int) -> None:
    text = "质量活动。\n" * (limit // 5)
    assert count_words(text) == limit
    assert findings(rule, annex, deeds=text) == []
    fault = only_fault(annex, deeds=text + "字")
    assert (fault.pointer, fault.code, fault.rule) == ("/deeds", "too_many_words", rule)
    assert fault.sentence == SENTENCES[rule]
    assert fault.detail.startswith(f"限 {limit} 字以内，现为 {limit + 1} 字，请删减 1 字")


def test_s24_has_ten_slots() -> None:
    names = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸", "子"]
    assert findings("S24", "entry", members=names[:10], presenters=names[:2]) == []
    fault = only_fault("entry", members=names)
    assert (fault.pointer, fault.rule, fault.sentence) == ("/members", "S24", SENTENCES["S24"])
    assert only_fault("entry", members=[]).rule == "S24"


# S21


@pytest.mark.parametrize(
    ("annex", "places"),
    [
        ("certificate-group", "一等奖 1 名、二等奖 2 名、三等奖 3 名"),
        ("certificate-promoter", "一等奖 1 名、二等奖 2 名、三等奖 3 名"),
        ("certificate-enterprise", "6 个"),
    ],
)
def test_s21_reminds_of_the_places(annex: str, places: str) -> None:
    assert said(findings("S21", annex)) == [(Level.REMINDER, "", f"名额为{places}，制证前请核对没有超出")]


# Slips of the notice's own form


SLIPS = [("（公章为主）", "（公章为准）"), ("2024 年 4 月 26 日", "2025 年 9 月 30 日")]


@pytest.mark.parametrize(("slip", "mended"), SLIPS)
def test_slips_of_the_entry_are_printed_as_they_stand_or_corrected(slip: str, mended: str) -> None:
    form = catalogue.get_form("shanxi-2025/entry")
    for wording, shown, absent in ((Wording.VERBATIM, slip, mended), (Wording.CORRECTED, mended, slip)):
        word = squeeze(docx_text(service.blank(form, "docx", wording).data))
        pdf = squeeze("".join(pdf_pages(service.blank(form, "pdf", wording).data)))
        for text in (word, pdf):
            assert squeeze(shown) in text
            assert squeeze(absent) not in text


def test_three_years_end_on_the_last_day_of_february() -> None:
    assert years_after(date(2024, 2, 29), 3) == date(2027, 2, 28)
    assert years_after(date(2024, 2, 29), 4) == date(2028, 2, 29)
