"""What is missing is derived by field name, what cannot be derived is said, and nothing given is overwritten."""

from typing import Any

import pytest
from package_data import AS_OF, CAQ, application, sample

from docgen import service
from docgen.forms import catalogue
from docgen.forms.form import Level
from docgen.packages.preparing import Prepared, prepare

RECOMMENDER = "云岭省质量管理协会"


def prepared(raw: object) -> Prepared:
    return prepare(CAQ, raw, service.circumstances(CAQ, AS_OF))


def sheet(raw: object, stem: str) -> dict[str, Any]:
    (found,) = [dict(one.submission) for one in prepared(raw).sheets if one.form.stem == stem]
    return found


def test_the_summary_follows_from_the_applications() -> None:
    circles = [application(1), application(2, members=["甲一", "乙二"])]
    summary = sheet({"application": circles}, "summary")
    assert summary["recommender"] == RECOMMENDER
    assert [(row["org_name"], row["group_name"], row["members"]) for row in summary["items"]] == [
        (one["org_name"], one["group_name"], one["members"]) for one in circles
    ]


def test_what_was_derived_is_said_with_what_is_left_blank() -> None:
    (found,) = [one for one in prepared({"application": application()}).verdict.findings if not one.rule]
    assert (found.level, found.pointer) == (Level.REMINDER, "/summary")
    assert found.label == "附件 4·全国优秀质量管理小组推荐汇总表"
    assert "由《全国优秀质量管理小组申报表》汇总得出" in found.detail
    assert "填表人、电话、填表日期空着" in found.detail


def test_an_opinion_is_a_skeleton_and_its_gaps_are_an_error_with_the_notice_s_sentence() -> None:
    whole = prepared({"application": [application(1), application(2)]})
    (opinion,) = [one for one in whole.sheets if one.form.stem == "recommendation-opinion"]
    assert opinion.gaps == "推荐意见（2 处）"
    assert [row["group_name"] for row in opinion.submission["items"]] == ["攀登1号QC小组", "攀登2号QC小组"]
    assert not any("opinion" in row for row in opinion.submission["items"])
    (gap,) = [one for one in whole.verdict.findings if one.pointer == "/recommendation-opinion"]
    assert (gap.level, gap.rule) == (Level.ERROR, "C06")
    assert "尚缺推荐意见（2 处），请补填" in gap.detail
    assert not whole.verdict.complete


def test_a_skeleton_has_the_defaults_and_computed_values_of_its_form() -> None:
    """The letter says how many are recommended, also while its contact is still missing."""
    notice = catalogue.get_notice("qinggong-2025")
    raw = {stem: sample(stem, notice.id) for stem in ("manager-application", "group-application")}
    whole = prepare(notice, raw, service.circumstances(notice, AS_OF))
    (letter,) = [one for one in whole.sheets if one.form.stem == "recommendation-letter"]
    assert letter.gaps == "联系人、电话、邮箱"
    counts = {name: letter.submission[name] for name in ("manager_count", "group_count", "team_count")}
    assert counts == {"manager_count": 1, "group_count": 1, "team_count": 0}
    assert letter.submission["addressee"] == "河南省轻工业行业协会"


def test_gaps_are_counted_beyond_what_a_person_reads() -> None:
    whole = prepared({"application": [application(number) for number in range(300)]})
    (opinion,) = [one for one in whole.sheets if one.gaps]
    assert opinion.gaps == "推荐意见（300 处）"
    assert whole.verdict.faults == ()


def test_what_is_given_is_never_replaced() -> None:
    given = sample("summary") | {"items": sample("summary")["items"][:1]}
    raw = {"application": [application()], "summary": given}
    assert sheet(raw, "summary")["items"] == given["items"]
    assert [one.sources for one in prepared(raw).sheets if one.form.stem == "summary"] == [()]


@pytest.mark.parametrize("listed", [True, False])
def test_a_half_given_annex_is_completed(*, listed: bool) -> None:
    part: Any = {"filled_by": "夏至", "phone": "0999-6011223"}
    summary = sheet({"application": [application()], "summary": [part] if listed else part}, "summary")
    assert (summary["filled_by"], summary["recommender"]) == ("夏至", RECOMMENDER)
    assert summary["items"][0]["group_name"] == "攀登1号QC小组"


def test_faults_of_a_source_are_not_told_again_for_what_follows_from_it() -> None:
    raw = {"application": [application(org_name=" ")], "summary": {"filled_by": "夏、至"}}
    assert [fault.pointer for fault in prepared(raw).verdict.faults] == [
        "/application/0/org_name",
        "/summary/filled_by",
    ]


def test_every_fault_is_placed_by_its_annex() -> None:
    raw = {"application": [application(), application(2, members=[])], "summary": {"items": [{}]}, "nonsense": {}}
    faults = prepared(raw).verdict.faults
    assert [fault.pointer for fault in faults] == [
        "/nonsense",
        "/application/1/members",
        "/summary/items/0/org_name",
        "/summary/items/0/group_name",
        "/summary/items/0/members",
    ]
    assert faults[1].label == "附件 2（第 2 份）·小组成员名单"
    assert prepared(raw).sheets == ()


@pytest.mark.parametrize("raw", [None, [], "x", {"application": None}, {"application": 3}, {"summary": [[]]}])
def test_junk_is_a_verdict(raw: object) -> None:
    assert prepared(raw).verdict.faults


def test_two_recommenders_are_named_with_their_places() -> None:
    raw = {"application": [application(1), application(2, recommender="另一协会"), application(3)]}
    (stranger,) = prepared(raw).strangers
    assert (stranger.pointer, stranger.label) == (
        "/application/1/recommender",
        "附件 2（第 2 份）·推荐省区市、行业质协",
    )
    assert "「附件 2（第 1 份）·推荐省区市、行业质协」不同" in stranger.detail
    assert "另一协会" not in stranger.detail


def test_ten_thousand_rows_are_prepared() -> None:
    rows = [{"org_name": f"甲{number}公司", "group_name": "小组", "members": ["乙"]} for number in range(10_000)]
    whole = prepared({"summary": {"recommender": RECOMMENDER, "items": rows}})
    assert whole.verdict.faults == ()
    assert [len(one.submission["items"]) for one in whole.sheets] == [10_000]


def test_ten_thousand_submissions_too_many_are_refused() -> None:
    (fault,) = prepared({"application": [{}] * 10_001}).verdict.faults
    assert fault.code == "too_long"


@pytest.mark.parametrize("notice", catalogue.all_notices().values(), ids=lambda notice: notice.id)
def test_what_a_notice_declares_is_there(notice: Any) -> None:
    forms = {form.stem: form for form in catalogue.forms_of(notice)}
    fields = {name for form in forms.values() for name in form.shape.fields}
    delivery = notice.delivery
    for derivation in notice.derivations:
        assert {derivation.stem, *derivation.sources} <= set(forms)
        assert derivation.stem not in derivation.sources
    assert set(delivery.on_paper) <= set(forms)
    assert {clause.rule for clause in delivery.clauses} <= set(notice.sentences)
    for wanted in (*delivery.unit, *(field for fields in delivery.contact for field in fields)):
        stem, _, name = wanted.rpartition(".")
        assert name in (forms[stem].shape.fields if stem else fields)


@pytest.mark.parametrize("notice", catalogue.all_notices().values(), ids=lambda notice: notice.id)
def test_derived_from_the_samples_nothing_is_at_fault(notice: Any) -> None:
    """Every field that a derivation fills exists, and what it fills in is valid."""
    forms = {form.stem: form for form in catalogue.forms_of(notice)}
    for derivation in notice.derivations:
        raw = {stem: service.sample(forms[stem]) for stem in derivation.sources}
        whole = prepare(notice, raw, service.circumstances(notice, AS_OF))
        assert whole.verdict.faults == ()
        (made,) = [sheet for sheet in whole.sheets if sheet.form.stem == derivation.stem]
        assert made.sources == derivation.sources
        assert len(made.submission) > 1
