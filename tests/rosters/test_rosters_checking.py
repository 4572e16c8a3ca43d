"""Rows judged before anything is issued: faults with their cells, doubts, and an order's faults in the file's words."""

from collections.abc import Iterable
from typing import Any

import pytest
from roster_files import DECISION, HEAD, ROWS, SHARED, codes, told, xlsx

from docgen import rosters
from docgen.errors import Fault, SubmissionError
from docgen.forms.catalogue import get_form
from docgen.issuing import orders

GROUP = get_form("caq-2026/certificate-group")
GRADED = get_form("shanxi-2025/certificate-group")
ENTERPRISE = get_form("shanxi-2025/certificate-enterprise")
NAMED = ("组织名称", "小组名称", "小组成员")


def checked(*lines: tuple[Any, ...], shared: dict[str, Any] = SHARED) -> rosters.Roster:
    return rosters.check(rosters.read(xlsx(*lines), GROUP), DECISION, shared)


def doubts(*lines: tuple[Any, ...]) -> list[tuple[str, str]]:
    return told(checked(NAMED, *lines).warnings)


def test_a_good_roster_becomes_an_order_in_its_order() -> None:
    roster = checked(HEAD, *ROWS)
    assert (roster.faults, roster.warnings) == ((), ())
    order = orders.read(rosters.order_of(roster, DECISION, "CAQ-QC", SHARED))
    assert [row.submission["group_name"] for row in order.rows] == [row[2] for row in ROWS]
    assert order.series == "CAQ-QC"
    assert {row.submission["issued_on"] for row in order.rows} == {"2026-10-30"}


def test_every_fault_has_its_cell_its_reason_and_its_remedy() -> None:
    many = "、".join(f"成员{number}" for number in "甲乙丙丁戊己庚辛壬癸子")
    roster = checked(
        NAMED,
        ("云岭轴承有限公司", None, "章启明"),
        ("好" * 61, "清源QC小组", "白露"),
        ("青川供水有限公司", "\u202e清源QC小组", "白露"),
        ("云岭电力公司", "光明QC小组", many),
        ("云岭电力公司", "星火QC小组", "雷\u200b鸣、乔木"),
        ("云岭电力公司", "远航QC小组", "白露"),
    )
    assert told(roster.faults) == [
        ("missing", "B2"),
        ("too_many_characters", "A3"),
        ("bad_character", "B4"),
        ("too_long", "C5"),
        ("bad_character", "C6"),
    ]
    assert roster.tally == rosters.Tally(6, 1, 0, 5)
    assert str(roster.faults[0].place) == "工作表「Sheet1」 B2 格（小组名称）"
    assert roster.faults[4].detail.startswith("第 1 项")
    assert all(fault.remedy for fault in roster.faults)
    assert "雷" not in "".join(fault.detail for fault in roster.faults)


def test_a_character_that_no_face_has_is_a_fault_of_its_cell() -> None:
    roster = checked(NAMED, ("云岭轴承有限公司", "攀登者QC小组", "章启明、卢\U0002b73f"))
    assert told(roster.faults) == [("no_face", "C2")]
    assert "U+2B73F" in roster.faults[0].detail


def test_the_same_honour_twice_is_a_fault_that_names_the_row_unless_a_mark_tells_them_apart() -> None:
    twin = ("云岭轴承有限公司", "攀登者QC小组", "章启明")
    roster = checked(NAMED, twin, ("甲有限公司", "乙组", None), twin)
    assert told(roster.faults) == [("repeated_row", "4")]
    assert "第 2 行" in roster.faults[0].detail
    marked = checked((*NAMED, "区分标记"), (*twin, "东区"), (*twin, "西区"))
    assert marked.faults == ()
    order = orders.read(rosters.order_of(marked, DECISION, None, SHARED))
    assert [row.ref for row in order.rows] == ["东区", "西区"]


def test_a_mark_that_is_none_is_a_fault() -> None:
    roster = checked((*NAMED, "区分标记"), ("甲有限公司", "乙组", None, "东" * 61))
    assert told(roster.faults) == [("too_many_characters", "D2")]


def test_what_all_rows_share_is_told_once_and_stops_every_row() -> None:
    roster = checked(HEAD, *ROWS, shared={"issued_on": "2026-13-01", "issuers": []})
    assert codes(roster.faults) == {"date", "too_short"}
    assert {str(fault.place) for fault in roster.faults} == {"共同内容（颁发日期）", "共同内容（颁发单位）"}
    assert (roster.tally, roster.good) == (rosters.Tally(3, 0, 0, 3), ())


def test_shared_words_that_do_not_fit_one_row_stop_that_row_only() -> None:
    graded = get_form("hunan-2026/certificate-group")
    head = ("企业名称", "小组名称", "课题名称")
    data = xlsx(head, ("甲公司", "乙组", "降低返修率"), ("甲公司", "丙组", None))
    body = "你小组课题《{课题名称}》被评为湖南省机械工业优秀质量管理小组。"
    roster = rosters.check(rosters.read(data, graded), DECISION, SHARED | {"body": body})
    assert told(roster.faults) == [("label_not_filled", "3")]
    assert roster.tally == rosters.Tally(2, 1, 0, 1)


def test_a_row_that_could_not_be_read_is_judged_for_the_rest() -> None:
    roster = checked(NAMED, ("云岭轴承有限公司", None, "欧阳 娜娜"), ("同上", "甲组", None))
    assert told(roster.faults) == [("names-unclear", "C2"), ("missing", "B2"), ("same-as-above", "A3")]


def test_a_date_that_nobody_gave_is_told_once() -> None:
    assert told(checked(HEAD, *ROWS, shared={}).faults) == [("missing", "")]


def test_a_date_of_its_own_wins() -> None:
    roster = checked(
        (*NAMED, "颁发日期"), ("甲有限公司", "乙组", None, "2026.11.1"), ("甲有限公司", "丙组", None, None)
    )
    order = orders.read(rosters.order_of(roster, DECISION, None, SHARED))
    assert [row.submission["issued_on"] for row in order.rows] == ["2026-11-01", "2026-10-30"]


def test_faults_of_an_order_are_told_in_the_words_of_the_file() -> None:
    twin = ("云岭轴承有限公司", "攀登者QC小组", "章启明")
    data = xlsx(("名单",), NAMED, ("合计",), twin, ("小计",), (None, "乙组", "白露"), twin)
    roster = rosters.read(data, GROUP)
    with pytest.raises(SubmissionError) as caught:
        orders.read(rosters.order_of(roster, "", "x", SHARED))
    assert told(rosters.problems_of(roster, caught.value.faults)) == [("blank", ""), ("string_pattern_mismatch", "")]
    with pytest.raises(SubmissionError) as caught:
        orders.read(rosters.order_of(roster, DECISION, None, SHARED))
    (missing,) = rosters.problems_of(roster, caught.value.faults)
    assert (missing.code, missing.place.cell, missing.place.heading) == ("missing", "A6", "组织名称")
    twins = rosters.read(xlsx(NAMED, ("合计",), twin, twin), GROUP)
    with pytest.raises(SubmissionError) as caught:
        orders.read(rosters.order_of(twins, DECISION, None, SHARED))
    (repeated,) = rosters.problems_of(twins, caught.value.faults)
    assert (repeated.code, repeated.place.row) == ("repeated_row", 4)
    assert "与第 3 行" in repeated.detail
    (held,) = rosters.problems_of(twins, (Fault("/rows/1", "第 2 行", "already_issued", "已颁发过"),))
    assert (held.place.row, held.detail) == (4, "已颁发过")
    (item,) = rosters.problems_of(twins, (Fault("/rows/1/members/0", "第 2 行 小组成员第 1 项", "x", "不对"),))
    assert (item.place.cell, item.detail) == ("C4", "第 1 项：不对")


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        ("云岭轴承有限公司", "云岭軸承有限公司", "one-character"),
        ("赵氏机械有限公司", "趙氏机械有限公司", "look-alike"),
        ("末来科技有限公司", "未来科技有限公司", "look-alike"),
        ("己任科技有限公司", "巳任科技有限公司", "look-alike"),
        ("云岭ＡＢ有限公司", "云岭AB有限公司", "same-but-marks"),
        ("云岭 轴承有限公司", "云岭轴承有限公司", "same-but-marks"),
        ("云岭轴承（东川）公司", "云岭轴承(东川)公司", "same-but-marks"),
        ("云岭轴承制造公司", "云岭轴承造公司", "one-character"),
    ],
)
def test_organisations_that_are_nearly_the_same(one: str, other: str, code: str) -> None:
    assert doubts((one, "甲组", None), (other, "乙组", None)) == [(code, "A3")]


def test_the_doubt_says_which_characters_differ_and_where_the_other_stands() -> None:
    (doubt,) = checked(NAMED, ("戴氏公司", "甲组", None), ("载氏公司", "乙组", None)).warnings
    assert "A2 格" in doubt.detail
    assert "「载」和「戴」" in doubt.detail


@pytest.mark.parametrize(
    ("one", "other"),
    [("施釉一班", "施釉二班"), ("攀登1组", "攀登2组"), ("A组", "B组"), ("城东组", "城西组"), ("攀登组", "飞轮小组")],
)
def test_neighbours_of_a_series_are_no_doubt(one: str, other: str) -> None:
    assert doubts(("甲公司", one, None), ("甲公司", other, None)) == []


def test_names_are_compared_within_one_organisation_only() -> None:
    assert doubts(("甲公司", "攀登者小组", None), ("乙集团", "攀登着小组", None)) == []
    assert doubts(("甲公司", "攀登者小组", None), ("甲 公司", "攀登着小组", None)) == [
        ("same-but-marks", "A3"),
        ("one-character", "B3"),
    ]


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("章启明", "章启铭", [("one-character", "C3")]),
        ("戴启明", "载启明", [("look-alike", "C3")]),
        ("艾力·库尔班", "艾力•库尔班", [("same-but-marks", "C3")]),
        ("张伟", "张炜", [("one-character", "C3")]),
        ("张伟", "张强", []),
        ("张伟", "李伟", []),
        ("章启明", "卢思远", []),
    ],
)
def test_people_of_one_organisation(one: str, other: str, found: list[tuple[str, str]]) -> None:
    assert doubts(("甲公司", "攀登者小组", one), ("甲公司", "清泉队伍", other)) == found


def test_what_is_odd_by_itself() -> None:
    assert doubts(
        ("甲公司", "攀登者小组", "张三1、白露"),
        ("云岭轴承", "清泉队伍", "白露、张"),
        ("乙公司", "光明使者", "白露、方远、白露"),
        ("丙公司", "远航班", "张三（组长）、李四等"),
    ) == [
        ("odd-name", "C2"),
        ("odd-name", "C3"),
        ("odd-organisation", "A3"),
        ("odd-name", "C5"),
        ("odd-name", "C5"),
        ("person-twice", "C4"),
    ]


def test_the_registry_is_asked_by_organisation_and_answers_with_numbers() -> None:
    asked: list[frozenset[str]] = []

    def registered(organisations: frozenset[str]) -> Iterable[rosters.Known]:
        asked.append(organisations)
        yield rosters.Known("甲公司", "group_name", "攀登着小组", "CAQ-QC-2025-000007")
        yield rosters.Known("甲公司", "group_name", "清源小组", "CAQ-QC-2025-000008")
        yield rosters.Known("甲公司", "group_name", "清泉小组", "CAQ-QC-2025-000009")

    roster = rosters.read(xlsx(NAMED, ("甲公司", "攀登者小组", None), ("甲公司", "清源小组", None)), GROUP)
    found = rosters.check(roster, DECISION, SHARED, registered).warnings
    assert asked == [frozenset({"甲公司"})]
    assert ("one-character", "B2") in told(found)
    assert "CAQ-QC-2025-000007" in next(one.detail for one in found if one.place.cell == "B2")


def test_more_places_than_the_notice_gives() -> None:
    head = ("单位名称", "小组名称", "课题名称", "奖项等级")
    lines = [(f"晋岭通信{name}公司", "光脉QC小组", "缩短时长", "一等奖") for name in "东西"]
    roster = rosters.check(rosters.read(xlsx(head, *lines), GRADED), DECISION, SHARED)
    (doubt,) = [one for one in roster.warnings if one.code == "too-many-places"]
    assert "一等奖 2 个" in doubt.detail
    assert "一等奖（1名）" in doubt.detail
    assert len(roster.good) == 2
    six = [(f"晋岭通信{name}公司",) for name in "东西南北中上下"]
    many = rosters.check(rosters.read(xlsx(("单位名称",), *six), ENTERPRISE), DECISION, SHARED)
    assert "too-many-places" in codes(many.warnings)
    few = rosters.check(rosters.read(xlsx(("单位名称",), *six[:6]), ENTERPRISE), DECISION, SHARED)
    assert "too-many-places" not in codes(few.warnings)


def test_thousands_of_names_with_one_remainder_are_not_compared_with_each_other() -> None:
    """Comparing all with all would be some millions of comparisons, and as many doubts."""
    lines = [("甲公司", f"攀{chr(0x4E00 + number)}组", None) for number in range(3_000)]
    roster = rosters.read(xlsx(NAMED, *lines), GROUP)
    found = codes(rosters.check(roster, DECISION, SHARED).warnings)
    assert "many-alike" in found
    assert "one-character" not in found


def test_doubts_of_one_kind_are_counted_beyond_what_a_person_reads() -> None:
    lines = [(f"云岭{number}", "甲组", None) for number in range(300)]
    found = checked(NAMED, *lines).warnings
    assert sum(one.code == "odd-organisation" for one in found) == 200
    (more,) = [one for one in found if one.code == "more-doubts"]
    assert "100 处" in more.detail
