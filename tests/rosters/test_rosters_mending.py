"""Mending a roster: what was touched is read anew, what was not stays, and every row is accounted for."""

from __future__ import annotations

import json

import pytest
from roster_files import DECISION, HEAD, ROWS, SHARED, codes, xlsx

from docgen import rosters
from docgen.errors import ConflictError
from docgen.forms.catalogue import all_forms, get_form
from docgen.forms.form import Kind
from docgen.issuing import orders
from docgen.rosters import Known, judging, mending, sample
from docgen.rosters.mending import LEFT_OUT, Mended

FORM = get_form("caq-2026/certificate-group")
CERTIFICATES = [form for form in all_forms().values() if form.kind is Kind.CERTIFICATE]


def begun(*lines: tuple[object, ...], known: tuple[Known, ...] = ()) -> Mended:
    """Return a roster of the usual head and these lines, judged."""
    read = rosters.read(xlsx(HEAD, *lines), FORM, SHARED)
    return mending.judged(mending.begun(read, "名单.xlsx"), DECISION, SHARED, known)


def typed(before: Mended, number: int, **texts: str) -> Mended:
    """Type into a row and judge it again."""
    return mending.judged_again(mending.retyped(before, number, texts), number, DECISION, SHARED)


def tally(one: Mended) -> tuple[int, int, int, int]:
    found = one.roster.tally
    return found.rows_in, found.good, found.skipped, found.failed


def same(one: Mended, other: Mended) -> bool:
    return mending.packed(one) == mending.packed(other)


def test_a_row_is_mended_and_only_its_faults_go() -> None:
    one = begun(*ROWS, (4, None, "夜航QC小组", "于洋"), (5, "望海港口集团有限公司", None, "江帆"))
    assert tally(one) == (5, 3, 0, 2)
    one = typed(one, 5, org_name="临江化工机械有限公司")
    assert tally(one) == (5, 4, 0, 1)
    assert [fault.place.cell for fault in one.roster.faults] == ["C6"]
    assert all("上传" not in fault.remedy for fault in one.roster.faults)
    one = typed(one, 6, group_name=" 扬帆QC小组 ")
    assert tally(one) == (5, 5, 0, 0)
    order = orders.read(judging.order_of(one.roster, DECISION, None, SHARED))
    assert [row.submission["group_name"] for row in order.rows][-2:] == ["夜航QC小组", "扬帆QC小组"]


def test_mending_row_by_row_ends_where_judging_all_at_once_does() -> None:
    one = begun((1, None, "夜航QC小组", "于洋"), *ROWS, (5, "望海港口集团有限公司", "夜航QC小组", "江帆 等"))
    for number, texts in (
        (2, {"org_name": "望海港口集团有限公司"}),
        (6, {"members": "江帆、1号"}),
        (3, {"members": ""}),
    ):
        one = typed(one, number, **texts)
        assert same(one, mending.judged(one, DECISION, SHARED))


def test_what_nobody_touched_stays_as_it_was_read() -> None:
    head = ("单位名称", "小组名称", "成员1", "成员2", "颁发日期")
    read = rosters.read(xlsx(head, ("云岭水务有限公司", "源泉QC小组", "白 露", "王伟", 46325)), FORM, SHARED)
    one = mending.judged(mending.begun(read, "名单.xlsx"), DECISION, SHARED)
    row = one.entries[0].row
    assert (row.words["members"], row.words["issued_on"]) == ("白露、王伟", row.values["issued_on"])
    again = typed(one, 2, **row.words)
    assert same(again, one)
    assert typed(one, 2, group_name="清泉QC小组").entries[0].row.values["members"] == ["白露", "王伟"]


def test_words_that_cannot_be_read_are_told_and_kept_for_mending() -> None:
    one = typed(begun(*ROWS), 2, members="王伟 李四光", issued_on="明年春天")
    (row,) = [entry.row for entry in one.entries if entry.row.number == 2]
    assert row.words["issued_on"] == "明年春天"
    assert "date-unreadable" in codes(one.roster.faults)
    assert tally(one) == (3, 2, 0, 1)
    assert tally(typed(one, 2, issued_on="2026年11月1日")) == (3, 3, 0, 0)
    assert tally(typed(one, 2, issued_on="")) == (3, 3, 0, 0)


def test_rows_are_left_out_and_taken_in_again() -> None:
    one = begun(*ROWS, ("合计", "3"))
    assert tally(one) == (4, 3, 1, 0)
    one = mending.judged_again(mending.left_out(one, 3), 3, DECISION, SHARED)
    assert tally(one) == (4, 2, 2, 0)
    assert [row.skipped for row in one.roster.rows if row.skipped] == [LEFT_OUT, "合计行"]
    assert [row.number for row in one.roster.good] == [2, 4]
    one = mending.judged_again(mending.taken_in(one, 3), 3, DECISION, SHARED)
    one = mending.judged_again(mending.taken_in(one, 5), 5, DECISION, SHARED)
    assert tally(one) == (4, 3, 0, 1)


def test_a_row_that_repeats_another_is_told_until_one_of_them_is_out_or_marked() -> None:
    one = begun(*ROWS, (4, *ROWS[0][1:]))
    assert [(fault.code, fault.place.row) for fault in one.roster.faults] == [("repeated_row", 5)]
    out = mending.judged_again(mending.left_out(one, 2), 2, DECISION, SHARED)
    assert not out.roster.faults
    assert not typed(one, 5, ref="二分厂").roster.faults
    assert "ref" in mending.shown_fields(typed(one, 5, ref="二分厂"))


def test_doubts_follow_what_is_typed_and_what_is_registered_is_kept_until_the_row_changes() -> None:
    known = (Known("青川市第二供水有限公司", "group_name", "清原QC小组", "CAQ-QC-2026-000007"),)
    one = begun(*ROWS, known=known)
    assert [(doubt.place.row, "CAQ-QC-2026-000007" in doubt.detail) for doubt in one.beside] == [(3, True)]
    one = typed(one, 4, org_name="云岭精蜜轴承制造有限公司")
    assert 4 in {doubt.place.row for doubt in one.doubts}
    assert len(one.beside) == 1
    assert not typed(one, 3, group_name="白鹭QC小组").beside


def test_faults_of_what_all_rows_share_are_told_once_and_leave_with_the_terms() -> None:
    shared = SHARED | {"body": "没有写荣誉名称的正文"}
    one = mending.judged(begun(*ROWS), DECISION, shared)
    assert [problem.code for problem in one.general] == ["award_not_said"]
    assert tally(one) == (3, 0, 0, 3)
    again = mending.judged_again(mending.left_out(one, 2), 2, DECISION, shared)
    assert len(again.general) == 1
    assert tally(mending.judged(again, DECISION, SHARED)) == (3, 2, 1, 0)


def test_it_is_the_same_after_being_kept_as_json() -> None:
    one = typed(begun(*ROWS, (4, None, "夜航QC小组", "于洋 等")), 3, ref="甲", members="白露")
    kept = mending.unpacked(json.loads(json.dumps(mending.packed(one), ensure_ascii=False)))
    assert same(kept, one)
    assert kept.roster.faults == one.roster.faults


def test_the_longest_names_are_found_among_what_can_be_issued() -> None:
    longer = (4, "云岭省人民电力建设公司第三工程分公司输变电项目部", "甲QC小组", "于洋")
    assert mending.longest(begun(*ROWS, longer)) == 5
    assert mending.longest(begun((1, None, "夜航QC小组", "于洋"))) is None


def test_a_row_that_is_not_there_is_refused() -> None:
    with pytest.raises(ConflictError, match="没有这一行"):
        mending.retyped(begun(*ROWS), 99, {})


@pytest.mark.parametrize("form", CERTIFICATES, ids=lambda form: form.id)
def test_every_certificate_has_a_sample_with_one_row_to_mend_and_one_to_look_at(form: object) -> None:
    one = mending.judged(sample.sample(form), DECISION, SHARED)  # type: ignore[arg-type]  # a form
    assert tally(one) == (6, 5, 0, 1)
    (fault,) = one.roster.faults
    assert fault.code == "missing"
    assert 7 in {doubt.place.row for doubt in one.doubts}
