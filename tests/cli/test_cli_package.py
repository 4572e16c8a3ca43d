"""``docgen package``: data from a file, a pipe or a folder become one zip, or nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
from cli_process import ROOT, as_bytes, docgen
from package_data import FOLDER, application, manifest, opened, sample
from template_files import member, repacked

from docgen import service
from docgen.forms.catalogue import get_form

WHOLE = ["package", "caq-2026", "-", "-o", "材料.zip", "--as-of", "2026-10-01"]


def folder(tmp_path: Path, **files: Any) -> Path:
    """Write a folder of JSON files; ``application_1`` becomes application-1.json."""
    made = tmp_path / "材料"
    made.mkdir()
    for name, content in files.items():
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        (made / f"{name.replace('_', '-')}.json").write_bytes(data)
    return made


def test_a_package_is_written_and_said(tmp_path: Path) -> None:
    ended = docgen(tmp_path, *WHOLE, stdin=as_bytes({"application": [application(1), application(2)]}))
    assert (ended.code, ended.err) == (0, "")
    data = (tmp_path / "材料.zip").read_bytes()
    assert ended.out.startswith(f"已写好 材料.zip（{len(data):,} 字节，材料 4 份）")
    assert manifest(data)["as_of"] == "2026-10-01"


def test_a_folder_gives_the_same_bytes_as_one_file(tmp_path: Path) -> None:
    given = {"application": [application(number) for number in range(1, 12)], "summary": {"filled_by": "夏至"}}
    files = {f"application_{number}": application(number) for number in range(1, 12)}
    made = folder(tmp_path, **files, summary=given["summary"])
    (made / ".DS_Store").write_bytes(b"\0")
    (made / "~$application.docx").write_bytes(b"\0")
    assert docgen(tmp_path, *WHOLE, stdin=as_bytes(given)).code == 0
    arguments = ["package", "caq-2026", made, "-o", "乙.zip", "--as-of", "2026-10-01"]
    assert docgen(tmp_path, *arguments).code == 0
    assert (tmp_path / "乙.zip").read_bytes() == (tmp_path / "材料.zip").read_bytes()
    assert f"{FOLDER}/附件2-11 全国优秀质量管理小组申报表（攀登11号QC小组）.docx" in opened(
        (tmp_path / "乙.zip").read_bytes()
    )


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (
            {"application_1": application(1), "application_2": b'{"org_name": '},
            "「application-2.json」：不是完整的 JSON",
        ),
        ({"application": b"\xff\xfe{"}, "「application.json」："),
        ({"aplication": {}}, "看不出文件夹里的「aplication.json」是哪个附件"),
        ({"application-x": {}}, "看不出文件夹里的「application-x.json」是哪个附件"),
        ({}, "是空的"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, files: dict[str, Any], said: str) -> None:
    ended = docgen(tmp_path, "package", "caq-2026", folder(tmp_path, **files), "-o", "材料.zip")
    assert (ended.code, ended.out) == (1, "")
    assert said in ended.err
    assert "办法：" in ended.err
    assert not (tmp_path / "材料.zip").exists()


def test_other_kinds_of_files_and_folders_are_named(tmp_path: Path) -> None:
    made = folder(tmp_path, application=application())
    (made / "summary.txt").touch()
    assert "「summary.txt」" in docgen(tmp_path, "package", "caq-2026", made, "-o", "材料.zip").err
    (made / "summary.txt").unlink()
    (made / "summary").mkdir()
    assert "「summary」" in docgen(tmp_path, "package", "caq-2026", made, "-o", "材料.zip").err


def test_with_faults_nothing_is_written(tmp_path: Path) -> None:
    made = folder(tmp_path, application_1=application(1), application_2=application(2, members=[]))
    ended = docgen(tmp_path, "package", "caq-2026", made, "-o", "材料.zip")
    assert (ended.code, ended.out) == (1, "")
    assert "1. 附件 2（第 2 份）·小组成员名单（/application/1/members）：" in ended.err
    assert [path.name for path in tmp_path.iterdir()] == ["材料"]


def test_strict_writes_only_what_is_complete(tmp_path: Path) -> None:
    opinions = sample("recommendation-opinion")
    group = opinions["items"][0]["group_name"]
    given: dict[str, Any] = {"application": application(group_name=group)}
    ended = docgen(tmp_path, *WHOLE, "--strict", stdin=as_bytes(given))
    assert (ended.code, ended.out) == (1, "")
    assert "尚缺推荐意见，请补填" in ended.err
    assert ended.err.splitlines()[-1].startswith("结论：不完整")
    assert list(tmp_path.iterdir()) == []
    given["recommendation-opinion"] = {"items": opinions["items"][:1]}
    assert docgen(tmp_path, *WHOLE, "--strict", stdin=as_bytes(given)).code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["package", "caq-2027", "-", "-o", "材料.zip"], "没有编号为「caq-2027」的通知"),
        (["package", "caq-2026", "-", "-o", "材料.rar"], "材料包只有 zip 格式"),
        (["package", "caq-2026", "-", "-o", "材料"], "没有扩展名"),
        (["package", "caq-2026", "-", "-o", "没有/材料.zip"], "文件夹不存在"),
        (["package", "caq-2026", "没有", "-o", "材料.zip"], "不存在"),
    ],
)
def test_wrong_use(tmp_path: Path, arguments: list[str], said: str) -> None:
    ended = docgen(tmp_path, *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


def test_a_single_file_is_read_too(tmp_path: Path) -> None:
    path = ROOT / "samples" / "caq-2026" / "summary.json"
    (tmp_path / "全部.json").write_text(f'{{"summary": {path.read_text(encoding="utf-8")}}}', encoding="utf-8")
    assert docgen(tmp_path, "package", "caq-2026", "全部.json", "-o", "材料.zip").code == 0


def test_forms_filled_in_word_are_read(tmp_path: Path) -> None:
    made = folder(tmp_path, application_1=application(1))
    given = application(2)
    form = get_form("caq-2026/application")
    (made / "application-2.docx").write_bytes(service.render(form, given, "docx").data)
    arguments = ["package", "caq-2026", made, "-o", "材料.zip", "--as-of", "2026-10-01"]
    ended = docgen(tmp_path, *arguments)
    assert ended.code == 0, ended.err
    names = opened((tmp_path / "材料.zip").read_bytes())
    assert any("攀登2号QC小组" in name for name in names)


def test_a_word_file_that_cannot_be_read_whole_is_named_with_the_place(tmp_path: Path) -> None:
    made = folder(tmp_path, application_1=application(1))
    form = get_form("caq-2026/application")
    data = service.render(form, application(2), "docx").data
    (made / "application-2.docx").write_bytes(repacked(data, {"word/document.xml": broken_date(data)}))
    ended = docgen(tmp_path, "package", "caq-2026", made, "-o", "材料.zip")
    assert ended.code == 1
    assert "「application-2.docx」有 1 处读不出" in ended.err
    assert "活动时间" in ended.err
    assert not (tmp_path / "材料.zip").exists()


def broken_date(data: bytes) -> bytes:
    return member(data, "word/document.xml").replace("2024年3月—2025年1月".encode(), "去年某月".encode())
