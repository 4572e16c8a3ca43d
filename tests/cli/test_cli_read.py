"""Reading filled forms back at the command line: data out, problems on standard error, summaries of several files."""

import json
from pathlib import Path
from typing import Any

import pytest
from cli_process import APPLICATION, docgen
from filled_forms import W, changed, printed

from docgen import service
from docgen.forms.catalogue import get_form

FORM = get_form(APPLICATION)


def filled(folder: Path, name: str, **changes: Any) -> Path:
    path = folder / name
    path.write_bytes(service.render(FORM, {**service.sample(FORM), **changes}, "docx").data)
    return path


def test_a_filled_form_becomes_data_on_standard_output(tmp_path: Path) -> None:
    ended = docgen(tmp_path, "read", filled(tmp_path, "甲.docx"))
    assert ended.code == 0
    assert json.loads(ended.out) == printed(FORM, service.sample(FORM))
    assert "《全国优秀质量管理小组申报表》（caq-2026/application），按控件标记读出" in ended.err


def test_what_was_read_can_be_rendered_again(tmp_path: Path) -> None:
    first = filled(tmp_path, "甲.docx")
    assert docgen(tmp_path, "read", first, "-o", tmp_path / "甲.json").code == 0
    again = docgen(tmp_path, "render", APPLICATION, tmp_path / "甲.json", "-o", tmp_path / "乙.docx")
    assert again.code == 0
    assert (tmp_path / "乙.docx").read_bytes() == first.read_bytes()


def test_what_could_not_be_read_is_told_with_its_place(tmp_path: Path) -> None:
    def change(tree: Any) -> None:
        control = next(
            one for one in tree.iter(f"{W}sdt") if one.find(f"{W}sdtPr/{W}tag[@{W}val='sealed_on']") is not None
        )
        first, *others = control.iter(f"{W}t")
        first.text = "六月初"
        for other in others:
            other.text = ""

    path = filled(tmp_path, "甲.docx")
    path.write_bytes(changed(path.read_bytes(), change))
    ended = docgen(tmp_path, "read", path)
    assert ended.code == 1
    assert "sealed_on" not in json.loads(ended.out)
    assert "1. 单位盖章日期（/sealed_on），第 1 个表格" in ended.err
    assert "   办法：请写成 2026年6月4日 的样式" in ended.err
    assert "六月初" not in ended.err


def test_several_files_become_the_data_of_a_package(tmp_path: Path) -> None:
    paths = [filled(tmp_path, f"{name}.docx", group_name=f"{name}QC小组") for name in ("甲", "乙")]
    ended = docgen(tmp_path, "read", *paths)
    assert [one["group_name"] for one in json.loads(ended.out)["application"]] == ["甲QC小组", "乙QC小组"]


@pytest.mark.parametrize("ending", ["json", "docx", "xlsx"])
def test_a_folder_of_applications_becomes_the_summary_table(tmp_path: Path, ending: str) -> None:
    names = ["甲QC小组", "乙QC小组", "丙QC小组"]
    paths = [filled(tmp_path, f"{name}.docx", group_name=name) for name in names]
    target = tmp_path / f"汇总.{ending}"
    ended = docgen(tmp_path, "read", *paths, "--summary", "-o", target)
    assert ended.code == 0
    assert "《全国优秀质量管理小组推荐汇总表》由 3 个文件汇总得出" in ended.err
    data = target.read_bytes()
    items = (json.loads(data) if ending == "json" else service.read(data, ending).submission)["items"]
    assert [item["group_name"] for item in items] == names


def test_a_file_that_is_no_form_does_not_hide_the_others(tmp_path: Path) -> None:
    (tmp_path / "信.docx").write_bytes(b"PK")
    ended = docgen(tmp_path, "read", tmp_path / "信.docx", filled(tmp_path, "甲.docx"))
    assert ended.code == 1
    assert json.loads(ended.out)["group_name"]
    assert "错误：文件已损坏" in ended.err


def test_wrong_use(tmp_path: Path) -> None:
    path = filled(tmp_path, "甲.docx")
    assert docgen(tmp_path, "read", path, "-o", tmp_path / "甲.pdf").code == 2
    assert docgen(tmp_path, "read", path, "--form", "caq-2026/nothing").code == 2
    other = docgen(tmp_path, "read", path, "--form", "caq-2026/summary")
    assert other.code == 1
    assert "像是《全国优秀质量管理小组申报表》" in other.err
