"""Writing documents: the right bytes at the right place, all or nothing."""

import json
import os
import resource
import stat
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cli_process import APPLICATION, ROOT, application, as_bytes, docgen
from lxml import etree
from pypdf import PdfReader

SAMPLES = ROOT / "samples" / "caq-2026"
SUMMARY = "caq-2026/summary"
IN_TIME = {"DOCGEN_DEADLINES": json.dumps({"caq-2026/recommendation": "2100-12-31"})}

SIGNATURES = {"docx": b"PK\x03\x04", "xlsx": b"PK\x03\x04", "pdf": b"%PDF-", "png": b"\x89PNG\r\n"}


def _text(docx: Path) -> str:
    with zipfile.ZipFile(docx) as archive:
        return "".join(map(str, etree.fromstring(archive.read("word/document.xml")).itertext()))


@pytest.mark.parametrize(
    ("form_id", "name"),
    [(APPLICATION, "申报表.docx"), (APPLICATION, "申报表.PDF"), (APPLICATION, "申报表.png"), (SUMMARY, "汇总表.xlsx")],
)
def test_render_writes_the_document_and_says_so(tmp_path: Path, form_id: str, name: str) -> None:
    ended = docgen(tmp_path, "render", form_id, ROOT / "samples" / f"{form_id}.json", "-o", name)
    assert (ended.code, ended.err) == (0, "")
    written = (tmp_path / name).read_bytes()
    assert written.startswith(SIGNATURES[name.rpartition(".")[2].lower()])
    assert ended.out.startswith(f"已写好 {name}（{len(written):,} 字节，模板 {form_id}@")
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("fmt", ["docx", "pdf"])
def test_blank_writes_an_empty_form(tmp_path: Path, fmt: str) -> None:
    ended = docgen(tmp_path, "blank", APPLICATION, "-o", f"空白.{fmt}")
    assert (ended.code, ended.err) == (0, "")
    assert (tmp_path / f"空白.{fmt}").read_bytes().startswith(SIGNATURES[fmt])


def test_standard_input_gives_the_same_bytes_as_a_file(tmp_path: Path) -> None:
    sample = SAMPLES / "application.json"
    assert docgen(tmp_path, "render", APPLICATION, sample, "-o", "甲.docx").code == 0
    assert docgen(tmp_path, "render", APPLICATION, "-", "-o", "乙.docx", stdin=sample.read_bytes()).code == 0
    assert (tmp_path / "甲.docx").read_bytes() == (tmp_path / "乙.docx").read_bytes()


def test_marks_of_template_languages_are_text(tmp_path: Path) -> None:
    nasty = application(group_name="{{7*7}}QC小组", activity_summary="一、A<B & 质量<1%\n二、{% raw %}")
    data = as_bytes(nasty)
    assert docgen(tmp_path, "render", APPLICATION, "-", "-o", "表.docx", stdin=data).code == 0
    assert docgen(tmp_path, "render", APPLICATION, "-", "-o", "表.pdf", stdin=data).code == 0
    in_pdf = "".join(page.extract_text() for page in PdfReader(tmp_path / "表.pdf").pages)
    for text in (_text(tmp_path / "表.docx"), in_pdf):
        squeezed = "".join(text.split())
        for value in ("{{7*7}}QC小组", "A<B&质量<1%", "{%raw%}"):
            assert value in squeezed


@pytest.mark.parametrize(
    ("output", "said", "remedy"),
    [
        ("表.doc", "《全国优秀质量管理小组申报表》不提供 doc 格式", "可选格式：docx、pdf、png"),
        ("表.xlsx", "不提供 xlsx 格式", "可选格式：docx、pdf、png"),
        ("表", "「表」没有扩展名，看不出要哪种格式", "请写上扩展名：.docx、.pdf、.png"),
        ("-", "「-」没有扩展名", "请写上扩展名"),
        ("没有/表.docx", "写不了「没有/表.docx」：文件夹不存在", "请换一个位置"),
        ("甲.json/表.docx", "甲.json」不是文件夹", "请换一个位置"),
        ("甲.json/乙/表.docx", "路径中有一段是文件，不是文件夹", "请换一个位置"),
        ("夹.docx", "写不了「夹.docx」：它是文件夹", "请换一个文件名"),
        ("管道.docx", "写不了「管道.docx」：它是设备或管道，不是普通文件", "请换一个文件名"),
        ("链接.docx", "写不了「链接.docx」：它是设备或管道，不是普通文件", "请换一个文件名"),
        (f"{'长' * 100}.docx", "文件名太长", "请换一个位置"),
    ],
)
def test_an_output_that_cannot_be_is_refused(tmp_path: Path, output: str, said: str, remedy: str) -> None:
    (tmp_path / "甲.json").write_bytes(as_bytes(application()))
    (tmp_path / "夹.docx").mkdir()
    os.mkfifo(tmp_path / "管道.docx")
    (tmp_path / "链接.docx").symlink_to("管道.docx")
    before = _inventory(tmp_path)
    for arguments in (["render", APPLICATION, "甲.json"], ["blank", APPLICATION]):
        ended = docgen(tmp_path, *arguments, "-o", output)
        assert (ended.code, ended.out) == (2, "")
        assert ended.err.startswith("错误：")
        if arguments[0] == "render" or "格式" not in said + remedy:
            assert said in ended.err
            assert f"\n办法：{remedy}" in ended.err
    assert _inventory(tmp_path) == before


def _inventory(folder: Path) -> dict[str, int]:
    return {path.name: path.lstat().st_mode for path in folder.iterdir()}


def _small_files_only() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))


def test_a_write_that_fails_half_way_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "表.docx").write_bytes(b"old")
    ended = docgen(tmp_path, "blank", APPLICATION, "-o", "表.docx", before=_small_files_only)
    assert (ended.code, ended.out) == (2, "")
    assert "超出了允许的文件大小，没有留下半个文件" in ended.err
    assert [path.name for path in tmp_path.iterdir()] == ["表.docx"]
    assert (tmp_path / "表.docx").read_bytes() == b"old"


def test_an_existing_file_is_replaced_and_links_are_followed(tmp_path: Path) -> None:
    (tmp_path / "真.docx").write_bytes(b"old")
    (tmp_path / "链接.docx").symlink_to("真.docx")
    assert docgen(tmp_path, "blank", APPLICATION, "-o", "链接.docx").code == 0
    assert (tmp_path / "链接.docx").is_symlink()
    assert (tmp_path / "真.docx").read_bytes().startswith(SIGNATURES["docx"])
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_the_mode_follows_the_umask(tmp_path: Path, mask: int) -> None:
    assert docgen(tmp_path, "blank", APPLICATION, "-o", "表.docx", before=lambda: _set_umask(mask)).code == 0
    assert stat.S_IMODE((tmp_path / "表.docx").stat().st_mode) == 0o666 & ~mask


def _set_umask(mask: int) -> None:
    os.umask(mask)


@pytest.mark.parametrize(
    ("changes", "code"), [({}, 0), ({"attachments": []}, 1), ({"members": []}, 1)], ids=["complete", "finding", "fault"]
)
def test_strict_writes_only_what_is_complete(tmp_path: Path, changes: dict[str, Any], code: int) -> None:
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    topics = [{**topic, "completed_on": yesterday.isoformat()} for topic in application()["topics"]]
    data = as_bytes(application(topics=topics, **changes))
    ended = docgen(tmp_path, "render", APPLICATION, "-", "-o", "表.docx", "--strict", stdin=data, env=IN_TIME)
    assert ended.code == code
    assert (tmp_path / "表.docx").exists() == (code == 0)
    if code:
        assert ended.out == ""
        assert ended.err.splitlines()[-1].startswith("结论：不完整")


def test_without_strict_findings_do_not_stop_a_document(tmp_path: Path) -> None:
    data = as_bytes(application(attachments=[]))
    assert docgen(tmp_path, "render", APPLICATION, "-", "-o", "表.docx", stdin=data).code == 0
    assert (tmp_path / "表.docx").exists()
