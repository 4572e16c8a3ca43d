"""What a cell says: names however they are joined, dates however they are written, choices, and what cannot be told."""

from datetime import datetime
from typing import Any

import pytest
from openpyxl.worksheet.worksheet import Worksheet
from roster_files import codes, told, xlsx

from docgen import rosters
from docgen.forms.catalogue import get_form

GROUP = get_form("caq-2026/certificate-group")
MANAGER = get_form("qinggong-2025/certificate-manager")
GRADED = get_form("shanxi-2025/certificate-group")
SPECIAL = get_form("qinghai-2026/certificate-special")


def cell(field: str, heading: str, value: Any) -> tuple[Any, set[str], set[str]]:
    """Return what a cell is read as, the codes of its faults, and of what was told of it."""
    cells = {"组织名称": "云岭轴承有限公司", "小组名称": "攀登者QC小组"} | {heading: value}
    roster = rosters.read(xlsx(tuple(cells), tuple(cells.values())), GROUP)
    return roster.rows[0].values.get(field), codes(roster.faults), codes(roster.warnings)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("张三、李四、王小五", ["张三", "李四", "王小五"]),
        ("张三，李四,王小五", ["张三", "李四", "王小五"]),
        ("张三；李四;王小五", ["张三", "李四", "王小五"]),
        ("张三/李四／王小五", ["张三", "李四", "王小五"]),
        ("张三\n李四\n\n王小五\n", ["张三", "李四", "王小五"]),
        ("张三、\n李四", ["张三", "李四"]),
        ("张三、、李四、", ["张三", "李四"]),
        ("艾力·库尔班、John Smith", ["艾力·库尔班", "John Smith"]),
        ("欧阳娜娜", ["欧阳娜娜"]),
    ],
)
def test_names_joined_by_marks(typed: str, names: list[str]) -> None:
    assert cell("members", "小组成员", typed) == (names, set(), set())


@pytest.mark.parametrize(
    ("typed", "names", "notes"),
    [
        ("张三丰 李四光 王五", ["张三丰", "李四光", "王五"], {"names-split"}),
        ("张三丰　李四光", ["张三丰", "李四光"], {"names-split"}),
        ("张 三、李四", ["张三", "李四"], {"spaces-removed"}),
        ("张　三", ["张三"], {"spaces-removed"}),
        ("张 启明、欧阳 雪、欧 阳 娜 娜", ["张启明", "欧阳雪", "欧阳娜娜"], {"spaces-removed"}),
        ("李四光 王 伟", ["李四光", "王伟"], {"spaces-removed", "names-split"}),
        ("艾力 · 库尔班", ["艾力·库尔班"], {"spaces-removed"}),
        ("1、张三、2、李四", ["张三", "李四"], {"numbers-dropped"}),
        ("1.张三\n2.李四", ["张三", "李四"], {"numbers-dropped"}),
        ("①张三 ②李四", ["张三", "李四"], {"numbers-dropped", "names-split"}),
        ("无", None, {"placeholder"}),
        ("／", None, {"placeholder"}),
    ],
)
def test_names_that_were_changed_in_reading_are_told(typed: str, names: list[str] | None, notes: set[str]) -> None:
    assert cell("members", "小组成员", typed) == (names, set(), notes)


@pytest.mark.parametrize("typed", ["张 三 李 四", "欧阳 娜娜", "张三、李四 王五", "张 启明 李四", "司马 张三"])
def test_names_that_could_be_read_in_two_ways_are_a_fault(typed: str) -> None:
    assert cell("members", "小组成员", typed) == (None, {"names-unclear"}, set())


@pytest.mark.parametrize(
    ("typed", "name", "fault"),
    [
        ("方知远", "方知远", set()),
        ("方 知 远", "方知远", set()),
        ("方　远", "方远", set()),
        ("艾力· 库尔班", "艾力·库尔班", set()),
        ("方知远 苏映雪", None, {"several-names"}),
        ("古丽 巴哈尔", None, {"several-names"}),
    ],
)
def test_one_person(typed: str, name: str | None, fault: set[str]) -> None:
    roster = rosters.read(xlsx(("单位名称", "姓名"), ("青川家具有限公司", typed)), MANAGER)
    assert (roster.rows[0].values.get("name"), codes(roster.faults)) == (name, fault)


@pytest.mark.parametrize(
    "typed",
    [
        *("2026年10月30日", "2026年 10月 30日", "2026.10.30", "2026/10/30", "2026-10-30", "2026-10-30 00:00:00"),
        *("20261030", "２０２６年１０月３０日", "２０２６－１０－３０", "二〇二六年十月三十日", "二○二六年十月三十日"),
        *(20261030, datetime(2026, 10, 30), datetime(2026, 10, 30, 9, 30)),  # noqa: DTZ001  Excel knows no zones
    ],
)
def test_dates_however_they_are_written(typed: Any) -> None:
    assert cell("issued_on", "颁发日期", typed) == ("2026-10-30", set(), set())


def test_a_day_number_of_excel_is_a_date_and_is_told() -> None:
    assert cell("issued_on", "颁发日期", 46325) == ("2026-10-30", set(), {"date-number"})


@pytest.mark.parametrize("typed", ["2026年10月", "26.10.30", "2026年2月30日", "十月三十日", "10/30", 12, "下周五"])
def test_what_is_no_full_date_is_a_fault(typed: Any) -> None:
    assert cell("issued_on", "颁发日期", typed) == (None, {"date-unreadable"}, set())


@pytest.mark.parametrize(
    ("typed", "grade", "faults", "notes"),
    [
        ("一等奖", "一等奖", set(), set()),
        (" 一 等 奖 ", "一等奖", set(), set()),
        ("“二等奖”", "二等奖", set(), set()),
        ("三等", "三等奖", set(), {"choice-completed"}),
        ("1等奖", "一等奖", set(), {"choice-completed"}),
        ("２等", "二等奖", set(), {"choice-completed"}),
        ("特等奖", None, {"not-an-option"}, set()),
        ("一", None, {"not-an-option"}, set()),
    ],
)
def test_a_choice(typed: str, grade: str | None, faults: set[str], notes: set[str]) -> None:
    head = ("单位名称", "小组名称", "课题名称", "奖项")
    roster = rosters.read(xlsx(head, ("晋岭通信有限公司", "光脉QC小组", "缩短时长", typed)), GRADED)
    assert roster.rows[0].values.get("grade") == grade
    assert codes(roster.faults) == faults
    assert {"choice-completed"} & codes(roster.warnings) == notes
    if faults:
        assert "「一等奖」" in roster.faults[0].remedy


def test_the_word_for_a_prize_depends_on_the_certificate() -> None:
    prize = "清洁能源产业质量管理小组奖"
    roster = rosters.read(xlsx(("组织名称", "小组名称", "奖项"), ("青海能源有限公司", "光组", prize)), SPECIAL)
    assert roster.good[0].values["prize"] == prize


@pytest.mark.parametrize(
    ("typed", "read", "notes"),
    [
        ("  云岭轴承有限公司\u3000", "云岭轴承有限公司", set()),
        ("云岭轴承\n有限公司", "云岭轴承有限公司", {"lines-joined"}),
        ("ACME Bearing\nLtd.公司", "ACME Bearing Ltd.公司", {"lines-joined"}),
        ("云岭集团 轴承公司", "云岭集团 轴承公司", set()),
        ("ＡＢ轴承（云岭）有限公司", "ＡＢ轴承（云岭）有限公司", set()),
        (10086, "10086", set()),
        (3.50, "3.5", set()),
    ],
)
def test_names_keep_their_characters(typed: Any, read: str, notes: set[str]) -> None:
    assert cell("org_name", "组织名称", typed) == (read, set(), notes)


@pytest.mark.parametrize("typed", ["同上", "〃", "”", "同前"])
def test_ditto_is_a_fault(typed: str) -> None:
    assert cell("org_name", "组织名称", typed)[:2] == (None, {"same-as-above"})


def test_a_date_that_excel_made_of_a_name_is_a_fault() -> None:
    assert cell("group_name", "小组名称", datetime(2026, 3, 5))[:2] == (None, {"date-not-text"})  # noqa: DTZ001  the same


def test_formulas_without_a_result_and_error_values_are_faults() -> None:
    lines = [("组织名称", "小组名称"), ("云岭轴承有限公司", "=A1&A2"), ("云岭轴承有限公司", "攀登者QC小组")]

    def break_it(sheet: Worksheet) -> None:
        sheet["B3"].value = "#REF!"
        sheet["B3"].data_type = "e"

    roster = rosters.read(xlsx(*lines, change=break_it), GROUP)
    assert told(roster.faults) == [("cell-unreadable", "B2"), ("cell-unreadable", "B3")]
    assert "公式" in roster.faults[0].detail


def test_the_mark_of_a_namesake() -> None:
    roster = rosters.read(xlsx(("组织名称", "小组名称", "区分标记", "编号"), ("甲公司", "乙组", "东区", "7")), GROUP)
    assert roster.good[0].ref == "东区"
    assert roster.ignored == ()  # 编号 only counts: it would make every repeated row another
