"""Finding the table and its rows in lists as people make them: titles, merged cells, totals, notes, several sheets."""

from collections.abc import Callable

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from roster_files import DECISION, HEAD, ROWS, SHARED, codes, fates, saved, told, xlsx

from docgen import rosters, service
from docgen.errors import SubmissionError
from docgen.forms.catalogue import get_form

GROUP = get_form("caq-2026/certificate-group")
GRADED = get_form("shanxi-2025/certificate-group")
ENTERPRISE = get_form("shanxi-2025/certificate-enterprise")
TITLE = ("2026年全国优秀质量管理小组推荐汇总表",)
UNIT = ("推荐单位：云岭省质量管理协会　　联系人：夏至",)
NOTE = ("注：此表由推荐单位填写，作为推荐单位的名单汇总材料。",)


def rows(roster: rosters.Roster) -> list[tuple[str, str]]:
    return [(row.values["org_name"], row.values["group_name"]) for row in roster.good]


EXPECTED = [(row[1], row[2]) for row in ROWS]


def test_a_plain_list() -> None:
    roster = rosters.read(xlsx(HEAD, *ROWS), GROUP)
    assert rows(roster) == EXPECTED
    assert [row.number for row in roster.good] == [2, 3, 4]
    assert roster.good[0].values["members"] == ["章启明", "卢思远", "欧阳雪"]
    assert (roster.faults, roster.warnings) == ((), ())
    assert roster.tally == rosters.Tally(3, 3, 0, 0)


def test_titles_blank_rows_repeated_heads_totals_and_notes_are_no_certificates() -> None:
    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("A1:D1")
        sheet.merge_cells("A2:D2")
        sheet.merge_cells("A12:D12")

    lines = [
        *(TITLE, UNIT, HEAD, ROWS[0], (), HEAD, ROWS[1], (3,)),
        *(("小计", "2 家", "2 个"), ROWS[2], ("合计", None, None, "3 个小组"), NOTE, ("填表人：夏至", None, "电话：1")),
        *((None, None, None, "2026年10月30日"),),
    ]
    roster = rosters.read(xlsx(*lines, change=merge), GROUP)
    assert rows(roster) == EXPECTED
    assert fates(roster) == {
        4: "good",
        6: "重复的表头",
        7: "good",
        8: "要用的各栏都空着",
        9: "合计行",
        10: "good",
        11: "合计行",
        12: "横跨各栏的标题或说明",
        13: "表下的注或落款",
        14: "表下的注或落款",
    }
    assert roster.tally == rosters.Tally(10, 3, 7, 0)


def test_a_firm_whose_name_begins_like_a_total_is_a_row() -> None:
    roster = rosters.read(xlsx(HEAD, (1, "合计科技有限公司", "总数QC小组", "白露")), GROUP)
    assert rows(roster) == [("合计科技有限公司", "总数QC小组")]


def test_a_merged_name_counts_for_every_row_it_spans() -> None:
    lines = [HEAD, ROWS[0], (2, None, "飞轮QC小组", "管鲍"), (3, None, "铸剑QC小组", "安澜"), ROWS[1]]
    roster = rosters.read(xlsx(*lines, change=lambda sheet: sheet.merge_cells("B2:B4")), GROUP)
    first = ROWS[0][1]
    assert rows(roster) == [(first, "攀登者QC小组"), (first, "飞轮QC小组"), (first, "铸剑QC小组"), EXPECTED[1]]


def test_an_unmerged_blank_is_not_taken_from_the_row_above() -> None:
    roster = rosters.read(xlsx(HEAD, ROWS[0], (2, None, "飞轮QC小组", "管鲍")), GROUP)
    assert told(rosters.check(roster, DECISION, SHARED).faults) == [("missing", "B3")]


def test_members_below_one_another_belong_to_the_merged_circle() -> None:
    lines = [
        HEAD,
        (1, "云岭轴承有限公司", "攀登者QC小组", "章启明"),
        (2, None, None, "卢思远"),
        (3, None, None, "同上"),
        ROWS[1],
    ]

    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("B2:B4")
        sheet.merge_cells("C2:C4")

    roster = rosters.read(xlsx(*lines, change=merge), GROUP)
    assert roster.rows[0].values["members"] == ["章启明", "卢思远"]
    assert told(roster.faults) == [("same-as-above", "D4")]
    assert fates(roster) == {
        2: "failed",
        3: "成员已并入第 2 行（合并单元格）",
        4: "成员已并入第 2 行（合并单元格）",
        5: "good",
    }


def test_a_cell_merged_over_two_columns_is_a_fault() -> None:
    data = xlsx(HEAD, ROWS[0], (2, "青川供水有限公司清源QC小组", None, "白露"), change=lambda s: s.merge_cells("B3:C3"))
    assert told(rosters.read(data, GROUP).faults) == [("merged-across", "B3"), ("merged-across", "C3")]


def test_a_head_of_two_rows_with_a_column_for_each_member() -> None:
    lines = [
        ("序号", "获奖单位", "小组", None, None, None),
        (None, None, "名称", "成员", None, None),
        (1, "云岭轴承有限公司", "攀登者QC小组", "章启明", "卢思远", "欧阳雪"),
        (2, "青川供水有限公司", "清源QC小组", "白露", None, "方致远"),
    ]

    def merge(sheet: Worksheet) -> None:
        for area in ("A1:A2", "B1:B2", "C1:F1", "D2:F2"):
            sheet.merge_cells(area)

    roster = rosters.read(xlsx(*lines, change=merge), GROUP)
    assert rows(roster) == [("云岭轴承有限公司", "攀登者QC小组"), ("青川供水有限公司", "清源QC小组")]
    assert [row.values["members"] for row in roster.good] == [["章启明", "卢思远", "欧阳雪"], ["白露", "方致远"]]


def test_numbered_columns_of_members() -> None:
    head = ("单位名称", "QC小组名称", "成员1", "成员2", "成员3")
    roster = rosters.read(xlsx(head, ("云岭轴承有限公司", "攀登者QC小组", "章启明", None, "欧阳雪")), GROUP)
    assert roster.good[0].values["members"] == ["章启明", "欧阳雪"]


def test_the_name_of_a_contact_is_nobodys_honour() -> None:
    lines = [
        ("单位名称", "联系人", None, "姓名"),
        (None, "姓名", "电话", None),
        ("青川锦云家具制造有限公司", "夏至", "1", "欧阳立"),
    ]

    def merge(sheet: Worksheet) -> None:
        for area in ("A1:A2", "B1:C1", "D1:D2"):
            sheet.merge_cells(area)

    roster = rosters.read(xlsx(*lines, change=merge), get_form("qinggong-2025/certificate-manager"))
    assert [row.values["name"] for row in roster.good] == ["欧阳立"]
    assert roster.ignored == ("联系人姓名", "联系人电话")


def test_other_columns_are_listed_and_the_order_of_columns_is_free() -> None:
    head = ("备注", "小组成员", "小组名称", "得分", "企业名称")
    roster = rosters.read(xlsx(head, ("新", "章启明", "攀登者QC小组", 95.5, "云岭轴承有限公司")), GROUP)
    assert rows(roster) == [("云岭轴承有限公司", "攀登者QC小组")]
    assert roster.ignored == ("备注", "得分")


def test_a_column_without_a_heading_is_told() -> None:
    roster = rosters.read(xlsx(HEAD, (*ROWS[0], None, "内部备注")), GROUP)
    assert codes(roster.warnings) == {"column-without-heading"}
    assert "F 列" in roster.warnings[0].detail


def test_a_missing_column_fails_every_row_and_says_what_was_found_and_what_is_wanted() -> None:
    roster = rosters.read(xlsx(("序号", "单位名称", "组别"), (1, "云岭轴承有限公司", "甲")), GROUP)
    (fault,) = roster.faults
    assert (fault.code, fault.place.row) == ("column-missing", 1)
    assert "「小组名称」" in fault.detail
    assert "「组别」" in fault.detail
    assert "QC小组名称".lower() in fault.remedy
    assert roster.tally == rosters.Tally(1, 0, 0, 1)
    checked = rosters.check(roster, DECISION, SHARED)
    assert told(checked.faults) == told(roster.faults)


def test_what_all_rows_share_needs_no_column() -> None:
    data = xlsx(("单位名称", "小组名称", "课题名称"), ("晋岭通信有限公司", "光脉QC小组", "缩短故障修复时长"))
    assert codes(rosters.read(data, GRADED).faults) == {"column-missing"}
    assert len(rosters.read(data, GRADED, given={"grade": "一等奖"}).good) == 1


def test_two_columns_of_one_meaning_are_not_chosen_from() -> None:
    roster = rosters.read(xlsx(("单位名称", "企业名称", "小组名称"), ("甲有限公司", "乙有限公司", "丙组")), GROUP)
    assert rows(roster) == []  # 单位名称 and 企业名称 are no title of this form: both mean 组织名称
    (fault,) = roster.faults
    assert fault.code == "column-doubtful"
    assert "A 列「单位名称」、B 列「企业名称」" in fault.detail


def test_the_forms_own_title_wins_over_other_words() -> None:
    roster = rosters.read(
        xlsx(("推荐单位", "组织名称", "单位", "小组名称"), ("协会", "甲有限公司", "乙", "丙组")), GROUP
    )
    assert rows(roster) == [("甲有限公司", "丙组")]
    assert roster.ignored == ("推荐单位", "单位")


def test_the_recommender_is_no_holder() -> None:
    roster = rosters.read(xlsx(("推荐单位", "小组名称"), ("云岭省质量管理协会", "丙组")), GROUP)
    assert codes(roster.faults) == {"column-missing"}


def test_a_list_of_circles_is_no_list_of_enterprises() -> None:
    roster = rosters.read(xlsx(("单位名称", "小组名称"), ("甲有限公司", "丙组")), ENTERPRISE)
    assert codes(roster.faults) == {"another-list"}
    assert roster.good == ()


def test_rows_of_another_kind_are_skipped_where_a_list_holds_both() -> None:
    head = ("类别", "企业名称", "班组/小组名称", "班组/小组成员")
    lines = [
        head,
        ("信得过班组", "星沅重机有限公司", "精装班", "伍思齐"),
        ("QC小组", "星沅重机有限公司", "铸剑QC小组", "唐砺"),
    ]
    group = rosters.read(xlsx(*lines), get_form("hunan-2026/certificate-group"))
    team = rosters.read(xlsx(*lines), get_form("hunan-2026/certificate-team"))
    assert fates(group) == {2: "类别是另一种荣誉对象", 3: "good"}
    assert fates(team) == {2: "good", 3: "类别是另一种荣誉对象"}


def several(*names: str, change: Callable[[Workbook], object] = lambda _: None) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name in names:
        sheet = book.create_sheet(name)
        for line in (HEAD, *ROWS):
            sheet.append(line)
    change(book)
    return saved(book)


def test_two_sheets_that_fit_are_not_chosen_from() -> None:
    roster = rosters.read(several("一季度", "二季度"), GROUP)
    (fault,) = roster.faults
    assert fault.code == "several-tables"
    assert "「一季度」" in fault.detail
    assert "「二季度」" in fault.detail
    assert roster.tally == rosters.Tally(0, 0, 0, 0)


def test_a_sheet_without_rows_and_sheets_of_other_things_do_not_matter_and_are_told() -> None:
    def change(book: Workbook) -> None:
        book["空表"].delete_rows(2, 3)
        book.create_sheet("说明").append(("本文件由质量部整理", "x"))
        book.create_sheet("旧名单").append(("小组名称", "备注"))
        book["旧名单"].sheet_state = "hidden"

    roster = rosters.read(several("空表", "名单", change=change), GROUP)
    assert roster.sheet == "名单"
    assert rows(roster) == EXPECTED
    (warning,) = roster.warnings
    assert warning.code == "sheet-not-read"
    assert all(name in warning.detail for name in ("空表", "说明", "旧名单"))


def test_hidden_rows_and_columns_are_read_and_told() -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["C"].hidden = True

    roster = rosters.read(xlsx(HEAD, *ROWS, change=hide), GROUP)
    assert rows(roster) == EXPECTED
    assert codes(roster.warnings) == {"hidden-rows", "hidden-column"}
    assert "第 3 行" in roster.warnings[0].detail


def test_a_list_without_a_head_or_without_rows() -> None:
    assert codes(rosters.read(xlsx(*ROWS), GROUP).faults) == {"no-heading"}
    assert codes(rosters.read(xlsx(), GROUP).faults) == {"no-heading"}
    assert codes(rosters.read(xlsx(HEAD, (1,), (2,)), GROUP).faults) == {"no-rows"}


def test_a_form_that_is_no_certificate_is_refused() -> None:
    with pytest.raises(SubmissionError):
        rosters.read(xlsx(HEAD, *ROWS), get_form("caq-2026/summary"))


@pytest.mark.parametrize(
    ("summary", "certificate", "names"),
    [
        ("caq-2026/summary", "caq-2026/certificate-group", ["攀登者QC小组", "清源QC小组", "光明使者QC小组"]),
        ("hunan-2026/achievement-summary", "hunan-2026/certificate-group", ["铸剑QC小组", "飞轮QC小组"]),
        ("hunan-2026/achievement-summary", "hunan-2026/certificate-team", ["装配一工段精装班"]),
        ("qinggong-2025/group-summary", "qinggong-2025/certificate-group", ["晨光QC小组", "匠心QC小组", "窑火QC小组"]),
        ("qinggong-2025/team-summary", "qinggong-2025/certificate-team", ["施釉二班", "烘烤一班"]),
        ("qinggong-2025/manager-statistics", "qinggong-2025/certificate-manager", ["方知远", "苏映雪", "欧阳立"]),
        (
            "shanxi-2025/recommendation-summary",
            "shanxi-2025/certificate-enterprise",
            ["晋岭数智通信有限公司阳泉分公司"],
        ),
    ],
)
def test_the_notices_own_summary_tables(summary: str, certificate: str, names: list[str]) -> None:
    source, form = get_form(summary), get_form(certificate)
    roster = rosters.read(service.render(source, service.sample(source), "xlsx").data, form)
    subject = next(name for name in ("group_name", "team_name", "name", "org_name") if name in form.shape.fields)
    assert [row.values[subject] for row in roster.good] == names
    assert roster.faults == ()
