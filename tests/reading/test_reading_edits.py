"""Forms that people changed by hand: what is still beyond doubt is read, and the rest is told."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from filled_forms import W, changed, printed, read_printed, unwrap, without_controls
from lxml import etree

from docgen import service
from docgen.forms.catalogue import get_form
from docgen.reading import How, Reading

APPLICATION = get_form("caq-2026/application")
SUMMARY = get_form("caq-2026/summary")
Tree = Any


def read(change: Callable[[Tree], object], form: Any = APPLICATION, data: bytes | None = None) -> Reading:
    made = service.render(form, service.sample(form), "docx").data if data is None else data
    return service.read(changed(made, change), "docx")


def plain(change: Callable[[Tree], object], form: Any = APPLICATION) -> Reading:
    return read(change, form, without_controls(service.render(form, service.sample(form), "docx").data))


def control(tree: Tree, tag: str) -> Tree:
    return next(one for one in tree.iter(f"{W}sdt") if one.find(f"{W}sdtPr/{W}tag[@{W}val='{tag}']") is not None)


def paragraph(tree: Tree, words: str) -> Tree:
    return next(one for one in tree.iter(f"{W}p") if words in "".join(text.text or "" for text in one.iter(f"{W}t")))


def around(node: Tree, name: str) -> Tree:
    return next(node.iterancestors(f"{W}{name}"))


def say(node: Tree, words: str) -> None:
    """Put other words in a paragraph or control."""
    first, *others = node.iter(f"{W}t")
    first.text = words
    for other in others:
        other.text = ""


def run(words: str) -> Tree:
    made = etree.Element(f"{W}r")
    etree.SubElement(made, f"{W}t").text = words
    return made


def codes(reading: Reading) -> dict[str, str]:
    return {problem.pointer: problem.code for problem in reading.problems}


def sample(form: Any = APPLICATION) -> Any:
    return printed(form, service.sample(form))


def test_a_deleted_control_leaves_its_words_to_the_place() -> None:
    reading = read(lambda tree: unwrap([control(tree, "contact.phone")]))
    assert (read_printed(APPLICATION, reading), reading.problems) == (sample(), ())
    assert reading.how["/contact/phone"] is How.GRID
    assert reading.how["/contact/email"] is How.TAG


def test_a_control_deleted_with_its_words_leaves_the_field_out() -> None:
    def change(tree: Tree) -> None:
        gone = control(tree, "contact.phone")
        gone.getparent().remove(gone)

    reading = read(change)
    assert "phone" not in reading.submission["contact"]
    assert reading.problems == ()


def test_a_moved_control_is_read_by_its_tag() -> None:
    def change(tree: Tree) -> None:
        say(control(tree, "contact.department"), "　　")
        around(control(tree, "contact.department"), "p").append(control(tree, "contact.phone"))

    contact = read(change).submission["contact"]
    assert contact["phone"] == sample()["contact"]["phone"]
    assert "department" not in contact


def test_two_controls_of_one_field_that_say_different_things() -> None:
    def change(tree: Tree) -> None:
        twin = copy.deepcopy(control(tree, "contact.phone"))
        say(twin, "0999-1234567")
        around(control(tree, "contact.email"), "p").append(twin)

    reading = read(change)
    assert "phone" not in reading.submission["contact"]
    assert codes(reading)["/contact/phone"] == "contradiction"


def test_a_control_that_was_copied_with_the_same_words() -> None:
    def change(tree: Tree) -> None:
        around(control(tree, "group_name"), "p").append(copy.deepcopy(control(tree, "group_name")))

    assert read(change).submission["group_name"] == sample()["group_name"]


def test_words_typed_beside_an_empty_control_are_read_by_place() -> None:
    def change(tree: Tree) -> None:
        box = control(tree, "org_name")
        say(box, "　　")
        box.addnext(run("云岭第二轴承厂"))

    reading = read(change)
    assert reading.submission["org_name"] == "云岭第二轴承厂"
    assert reading.how["/org_name"] is How.GRID


def test_words_typed_beside_a_filled_control_are_told() -> None:
    reading = read(lambda tree: control(tree, "org_name").addnext(run("（筹）")))
    assert reading.submission["org_name"] == sample()["org_name"]
    assert codes(reading) == {"/org_name": "words-beside"}


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [
        ("■国家级 □地方、行业级", ["国家级"]),
        ("√国家级□地方、行业级", ["国家级"]),
        ("□ 国家级 ☒ 地方、行业级", ["地方、行业级"]),
        ("□√国家级　□√地方，行业级", ["国家级", "地方、行业级"]),
        ("☐国家级 ☐地方、行业级", None),
        ("[ ]国家级 [√]地方、行业级", ["地方、行业级"]),
    ],
)
def test_boxes_ticked_by_hand(typed: str, chosen: list[str] | None) -> None:
    reading = plain(lambda tree: say(paragraph(tree, "国家级"), typed))
    assert reading.submission["topics"][0].get("recognition") == chosen
    assert reading.problems == ()


@pytest.mark.parametrize("typed", ["国家级 地方、行业级", "×国家级 □地方、行业级", "√□国家级 □地方、行业级", "国家级"])
def test_boxes_that_say_nothing_clear_are_told(typed: str) -> None:
    reading = plain(lambda tree: say(paragraph(tree, "国家级"), typed))
    assert "recognition" not in reading.submission["topics"][0]
    assert "/topics/0/recognition" in codes(reading)


def test_a_tick_of_a_symbol_face() -> None:
    def change(tree: Tree) -> None:
        cell = paragraph(tree, "国家级")
        say(cell, "国家级 □地方、行业级")
        symbol = etree.Element(f"{W}r")
        etree.SubElement(symbol, f"{W}sym", {f"{W}font": "Wingdings 2", f"{W}char": "F052"})
        cell.insert(1, symbol)

    assert plain(change).submission["topics"][0]["recognition"] == ["国家级"]


def test_a_box_whose_symbol_and_state_disagree_is_told() -> None:
    reading = read(lambda tree: say(control(tree, "topics[1].recognition#国家级"), "☑"))
    assert codes(reading) == {"/topics/1/recognition": "tick-unclear"}


@pytest.mark.parametrize("typed", ["2026年6月", "6月4日", "26年6月4日", "2026年2月30日", "六月上旬"])
def test_a_date_that_nobody_can_read_gives_a_problem_and_no_value(typed: str) -> None:
    reading = read(lambda tree: say(control(tree, "sealed_on"), typed))
    assert "sealed_on" not in reading.submission
    assert codes(reading) == {"/sealed_on": "date-unreadable"}
    (problem,) = reading.problems
    assert problem.label == "单位盖章日期"
    assert "第 1 个表格" in problem.place
    assert typed not in problem.detail


def test_labels_in_another_width_with_a_colon_and_a_slip() -> None:
    def change(tree: Tree) -> None:
        say(paragraph(tree, "QC 小组名称"), "ＱＣ小组名称：")
        say(paragraph(tree, "小组联系部门"), "小组 联系部门")

    reading = plain(change)
    assert (read_printed(APPLICATION, reading), reading.problems) == (sample(), ())


def test_a_break_inside_a_name_is_joined_and_told() -> None:
    def change(tree: Tree) -> None:
        words = next(control(tree, "contact.address").iter(f"{W}t"))
        words.text = "云岭市高新区"
        etree.SubElement(words.getparent(), f"{W}br")
        etree.SubElement(words.getparent(), f"{W}t").text = "轴承路88号"

    reading = read(change)
    assert reading.submission["contact"]["address"] == "云岭市高新区轴承路88号"
    assert codes(reading) == {"/contact/address": "lines-joined"}


def test_a_row_that_was_deleted_is_told() -> None:
    def change(tree: Tree) -> None:
        row = around(paragraph(tree, "QC 小组名称"), "tr")
        row.getparent().remove(row)

    reading = plain(change)
    assert codes(reading) == {"/group_name": "place-missing"}
    assert reading.submission["contact"] == sample()["contact"]


def test_a_row_that_was_moved_is_found_by_its_label() -> None:
    def change(tree: Tree) -> None:
        row = around(paragraph(tree, "QC 小组名称"), "tr")
        row.getparent().append(row)

    reading = plain(change)
    assert read_printed(APPLICATION, reading) == sample()


def test_a_row_that_was_added_is_told() -> None:
    def change(tree: Tree) -> None:
        row = around(paragraph(tree, "QC 小组名称"), "tr")
        twin = copy.deepcopy(row)
        say(paragraph(twin, "QC 小组名称"), "车间主任")
        row.addnext(twin)

    reading = plain(change)
    assert codes(reading) == {"": "words-left"}
    assert read_printed(APPLICATION, reading) == sample()


def test_cells_that_were_merged_are_told() -> None:
    def change(tree: Tree) -> None:
        row = around(paragraph(tree, "直接联系人"), "tr")
        cells = row.findall(f"{W}tc")
        for cell in cells[2:4]:
            for one in cell.findall(f"{W}p"):
                cells[1].append(one)
            row.remove(cell)

    reading = plain(change)
    assert {"/contact/contact_name", "/contact/phone"} & set(codes(reading))
    assert "contact_name" not in reading.submission["contact"]
    assert reading.submission["contact"]["email"] == sample()["contact"]["email"]


def test_words_in_a_text_box_are_told() -> None:
    def change(tree: Tree) -> None:
        box = etree.SubElement(etree.SubElement(run(""), f"{W}pict"), f"{W}txbxContent")
        etree.SubElement(box, f"{W}p").append(run("张三"))
        paragraph(tree, "QC 小组名称").append(next(box.iterancestors(f"{W}r")))

    assert "text-box" in {problem.code for problem in read(change).problems}


def test_deleted_words_of_tracked_changes_are_not_read() -> None:
    def change(tree: Tree) -> None:
        inside = control(tree, "group_name").find(f"{W}sdtContent")
        gone = etree.SubElement(inside, f"{W}del")
        gone.append(run("旧"))
        etree.SubElement(inside, f"{W}ins").append(run("（新）"))

    assert read(change).submission["group_name"] == sample()["group_name"] + "（新）"


def test_notes_changed_by_hand_are_no_matter() -> None:
    def change(tree: Tree) -> None:
        say(paragraph(tree, "注：申报材料统一交与推荐单位"), "注：申报材料统一交推荐单位，要求如下。")

    reading = plain(change)
    assert (read_printed(APPLICATION, reading), reading.problems) == (sample(), ())


def items(tree: Tree) -> list[Tree]:
    return [
        around(one, "tr")
        for one in tree.iter(f"{W}sdt")
        if one.find(f"{W}sdtPr/{W}tag[@{W}val='items[].org_name']") is not None
    ]


def test_rows_added_and_deleted_in_word() -> None:
    def change(tree: Tree) -> None:
        first, second, *_ = items(tree)
        item = around(first, "sdt")
        twin = copy.deepcopy(item)
        say(control(twin, "items[].group_name"), "新增QC小组")
        item.addnext(twin)
        gone = around(second, "sdt")
        gone.getparent().remove(gone)

    want = sample(SUMMARY)["items"]
    reading = read(change, SUMMARY)
    assert reading.submission["items"] == [want[0], {**want[0], "group_name": "新增QC小组"}, *want[2:]]
    assert reading.problems == ()


def test_a_row_added_without_controls_stands_in_its_place() -> None:
    def change(tree: Tree) -> None:
        first = items(tree)[0]
        twin = copy.deepcopy(first)
        unwrap(twin.iter(f"{W}sdt"))
        first.addnext(twin)

    want = sample(SUMMARY)["items"]
    reading = read(change, SUMMARY)
    assert reading.submission["items"] == [want[0], want[0], *want[1:]]
    assert (reading.how["/items/0/org_name"], reading.how["/items/1/org_name"]) == (How.TAG, How.GRID)


def test_columns_that_changed_places_follow_their_heads() -> None:
    def change(tree: Tree) -> None:
        for row in tree.iter(f"{W}tr"):
            cells = row.findall(f"{W}tc")
            cells[1].addprevious(cells[2])

    reading = plain(change, SUMMARY)
    assert (read_printed(SUMMARY, reading), reading.problems) == (sample(SUMMARY), ())


def test_a_column_that_the_form_does_not_have_is_told() -> None:
    def change(tree: Tree) -> None:
        for row in tree.iter(f"{W}tr"):
            cells = row.findall(f"{W}tc")
            twin = copy.deepcopy(cells[0])
            say(next(twin.iter(f"{W}p")), "备注" if "序号" in "".join(cells[0].itertext()) else "无")
            cells[-1].addnext(twin)

    reading = plain(change, SUMMARY)
    assert read_printed(SUMMARY, reading) == sample(SUMMARY)
    assert {problem.code for problem in reading.problems} == {"column-unknown"}


def test_names_with_spaces_between_are_not_guessed() -> None:
    reading = read(lambda tree: say(control(tree, "items[].members"), "张三丰 李四光 王五"), SUMMARY)
    assert codes(reading) == {"/items/0/members": "names-unclear"}
    assert "members" not in reading.submission["items"][0]


@pytest.mark.parametrize("form_id", ["caq-2026/application", "hunan-2026/work-summary"])
def test_a_paragraph_typed_below_a_text_and_outside_of_its_control_is_told(form_id: str) -> None:
    form = get_form(form_id)
    tag = "activity_summary" if form is APPLICATION else "sections.basic.overall"

    def change(tree: Tree) -> None:
        below = etree.Element(f"{W}p")
        below.append(run("后来补写的一段"))
        last = [node for node in tree.iter(f"{W}sdt") if node.find(f"{W}sdtPr/{W}tag[@{W}val='{tag}']") is not None][-1]
        (last.getparent() if last.getparent().tag == f"{W}p" else last).addnext(below)

    reading = read(change, form)
    assert read_printed(form, reading) == sample(form)
    assert {problem.code for problem in reading.problems} == {"words-beside"}
