"""Content controls of Word templates: tags that name no field, and fields that no control holds."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filled_forms import W, changed, unwrap
from template_files import APPLICATION, SUMMARY, check_bytes, codes, template

Tree = Any


def checked(folder: Path, change: Callable[[Tree], object], form_id: str = SUMMARY) -> Any:
    return check_bytes(folder, changed(template(form_id, "docx"), change), form_id)


def tags(tree: Tree, words: str) -> list[Tree]:
    return [tag for tag in tree.iter(f"{W}tag") if tag.get(f"{W}val") == words]


@pytest.mark.parametrize("tag", ["fone", "items[].fone", "items", "contact", "filled_by#是"])
def test_a_tag_that_names_no_field(tmp_path: Path, tag: str) -> None:
    findings = checked(tmp_path, lambda tree: tags(tree, "phone")[0].set(f"{W}val", tag))
    wanted = [] if tag == "items" else ["control-unknown"]
    assert codes(findings) == wanted
    for finding in findings:
        assert tag in finding.detail
        assert finding.place.part == "正文"
        assert finding.remedy


def test_a_tag_with_an_option_that_the_field_does_not_have(tmp_path: Path) -> None:
    def change(tree: Tree) -> None:
        box = next(tag for tag in tree.iter(f"{W}tag") if tag.get(f"{W}val", "").endswith("#国家级"))
        box.set(f"{W}val", box.get(f"{W}val").replace("国家级", "国际级"))

    (finding,) = checked(tmp_path, change, APPLICATION)
    assert (finding.code, "可用的选项：国家级、地方、行业级" in finding.remedy) == ("control-unknown", True)


def test_a_field_that_no_control_holds(tmp_path: Path) -> None:
    def change(tree: Tree) -> None:
        unwrap([tags(tree, "items[].group_name")[0].getparent().getparent()])

    (finding,) = checked(tmp_path, change)
    assert finding.code == "control-missing"
    assert "items[].group_name（小组名称）" in finding.detail
    assert "第 1 个表格" in str(finding.place)
    assert "标记写作 items[].group_name" in finding.remedy


def test_a_text_that_no_control_holds(tmp_path: Path) -> None:
    def change(tree: Tree) -> None:
        unwrap([tags(tree, "activity_summary")[0].getparent().getparent()])

    assert codes(checked(tmp_path, change, APPLICATION)) == ["control-missing"]
