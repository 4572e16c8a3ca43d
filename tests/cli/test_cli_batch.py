"""Batches on the command line: judged, made, interrupted and continued, and what stands in the folder afterwards."""

from __future__ import annotations

import io
import json
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from cli_process import Ended, docgen, environment, heed_interrupts
from openpyxl import load_workbook
from pypdf import PdfReader
from registry_data import DECISION, FORM, order, person
from roster_files import DECISION as ROSTER_DECISION
from roster_files import HEAD, ROWS, xlsx
from web_server import serving

from docgen.render.inspection import inspect

if TYPE_CHECKING:
    from pathlib import Path

ASKED = ("--certificate", "caq-2026/certificate-group", "--decision", ROSTER_DECISION, "--date", "2026-10-30")
TABLE = xlsx(HEAD, *ROWS, ("合计", "3"))
SUM = "名单 4 行 = 已颁发 3 份 + 已跳过 1 行 + 失败 0 份"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ended]:
    folder = tmp_path_factory.mktemp("batch")
    (folder / "名单.xlsx").write_bytes(TABLE)
    return folder, docgen(folder, "batch", "名单.xlsx", *ASKED, "-o", "证书")


def test_a_table_becomes_a_folder(made: tuple[Path, Ended]) -> None:
    folder, ended = made
    assert (ended.code, ended.out) == (0, SUM + "\n"), ended.err
    assert "制作证书 3/3" in ended.err
    names = sorted(path.name for path in (folder / "证书").iterdir())
    manifest = json.loads((folder / "证书" / "manifest.json").read_text(encoding="utf-8"))
    single = [told["name"] for told in manifest["files"]]
    assert names == sorted([*single, "manifest.json", "report.xlsx", "合并.pdf", "证书索引.pdf"])
    for told, row in zip(manifest["files"], ROWS, strict=True):
        assert told["name"] == f"{told['number']} {row[1]} {row[2]}.pdf"
        seen = inspect((folder / "证书" / told["name"]).read_bytes())
        assert seen.codes[0].endswith(told["code"].replace("-", ""))
    assert len(PdfReader(io.BytesIO((folder / "证书" / "合并.pdf").read_bytes())).pages) == 3
    report = load_workbook(folder / "证书" / "report.xlsx")["颁发结果"]
    assert report["A2"].value == "名单共 4 行 = 已颁发 3 行 + 已跳过 1 行 + 失败 0 行"


def test_the_same_again_issues_nothing_and_writes_the_same_files(made: tuple[Path, Ended]) -> None:
    folder, _ = made
    before = {path.name: path.read_bytes() for path in (folder / "证书").iterdir()}
    ended = docgen(folder, "batch", "名单.xlsx", *ASKED, "-o", "再来")
    assert (ended.code, ended.out) == (0, SUM + "\n")
    assert "以前提交过" in ended.err
    after = {path.name: path.read_bytes() for path in (folder / "再来").iterdir()}
    assert before == after


def test_a_check_meets_the_registry_and_changes_nothing(made: tuple[Path, Ended]) -> None:
    folder, _ = made
    ended = docgen(folder, "batch", "名单.xlsx", *ASKED, "--check")
    assert (ended.code, ended.err) == (1, "")
    assert "工作表「Sheet1」 第 2 行：" in ended.out
    assert "CAQ-QC-2026-000001" in ended.out
    assert ended.out.endswith("名单 4 行：可以颁发 0 份，跳过 1 行；什么也没有颁发\n")


def test_faults_are_told_by_cell_and_nothing_is_issued(tmp_path: Path) -> None:
    (tmp_path / "坏.xlsx").write_bytes(xlsx(HEAD, (1, None, "攀登者QC小组", "章启明")))
    ended = docgen(tmp_path, "batch", "坏.xlsx", *ASKED, "-o", "out")
    assert ended.code == 1
    assert "B2 格（组织名称）：必须填写" in ended.out
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "arguments", "said"),
    [
        ("名单.xlsx", TABLE, ("-o", "out"), "缺少选项 '--certificate'"),
        ("名单.xlsx", TABLE, ASKED, "缺少选项 '-o'"),
        ("名单.json", b"[{}]", ("--certificate", FORM, "-o", "out"), "缺少选项 '--decision'"),
    ],
)
def test_what_is_missing_is_said(
    tmp_path: Path, name: str, content: bytes, arguments: tuple[str, ...], said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    ended = docgen(tmp_path, "batch", name, *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


def test_what_is_no_list_is_refused(tmp_path: Path) -> None:
    (tmp_path / "名单.xls").write_bytes(b"x")
    assert "另存为 .xlsx" in docgen(tmp_path, "batch", "名单.xls", *ASKED, "--check").err
    (tmp_path / "名单.json").write_bytes(b"{")
    assert docgen(tmp_path, "batch", "名单.json", *ASKED, "--check").code == 1


def test_interrupted_it_is_continued_where_it_stopped(tmp_path: Path) -> None:
    rows = [{"name": person(index)} for index in range(60)]
    (tmp_path / "名单.json").write_text(json.dumps(order([], rows=rows)), encoding="utf-8")
    command = [sys.executable, "-m", "docgen", "batch", "名单.json", "-o", "out"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=environment(),
        preexec_fn=heed_interrupts,  # noqa: PLW1509  the test starts no threads
    ) as process:
        assert process.stderr
        for line in process.stderr:
            if re.match(r"制作证书 [1-9]\d*/60", line.decode()):
                process.send_signal(signal.SIGINT)
                break
        rest = process.stderr.read().decode()
    assert process.returncode == 130
    assert "原样再执行一次即继续" in rest
    assert not (tmp_path / "out" / "manifest.json").exists()
    ended = docgen(tmp_path, "batch", "名单.json", "-o", "out")
    assert (ended.code, ended.out) == (0, "名单 60 行 = 已颁发 60 份 + 已跳过 0 行 + 失败 0 份\n")
    assert "从停下的地方继续" in ended.err
    files = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert [told["number"] for told in files] == [f"QG-GL-2026-{serial:06d}" for serial in range(1, 61)]


def test_while_a_server_runs_the_command_says_how_to_go_by_http(tmp_path: Path) -> None:
    (tmp_path / "名单.xlsx").write_bytes(TABLE)
    with serving(tmp_path):
        env = {"DOCGEN_DATA_DIR": str(tmp_path / "data")}
        assert docgen(tmp_path, "batch", "名单.xlsx", *ASKED, "--check", env=env).code == 0
        ended = docgen(tmp_path, "batch", "名单.xlsx", *ASKED, "-o", "out", env=env)
    assert (ended.code, ended.out) == (2, "")
    assert "POST /api/v1/batches" in ended.err


def test_two_persons_are_wanted_where_the_setting_says_so(tmp_path: Path) -> None:
    (tmp_path / "名单.xlsx").write_bytes(TABLE)
    ended = docgen(tmp_path, "batch", "名单.xlsx", *ASKED, "-o", "out", env={"DOCGEN_SECOND_PERSON": "true"})
    assert ended.code == 0
    assert "等待另一人复核发布：POST /api/v1/batches/1/release" in ended.out
    assert list((tmp_path / "out").iterdir()) == []
    (tmp_path / "一份.json").write_bytes(b"{}")
    alone = docgen(
        tmp_path, "issue", FORM, "一份.json", "--decision", "x", "-o", "out", env={"DOCGEN_SECOND_PERSON": "true"}
    )
    assert alone.code == 1
    assert "由另一人复核发布" in alone.err


def test_the_list_to_fill_in_is_written_and_read(tmp_path: Path) -> None:
    assert docgen(tmp_path, "roster", FORM, "-o", "名单.xlsx").code == 0
    ended = docgen(
        tmp_path, "batch", "名单.xlsx", "--certificate", FORM, "--decision", DECISION, "--date", "2026-12-10", "--check"
    )
    assert "跳过第 2 行：示例行" in ended.out
    assert docgen(tmp_path, "roster", FORM, "-o", "名单.docx").code == 2
    assert docgen(tmp_path, "roster", "caq-2026/application", "-o", "x.xlsx").code == 1


def test_a_worker_is_for_several_machines(tmp_path: Path) -> None:
    ended = docgen(tmp_path, "worker", "--lane", "bulk")
    assert (ended.code, ended.out) == (2, "")
    assert "没有设置 DOCGEN_BROKER_URL" in ended.err
    assert "docgen serve 自己会制作" in ended.err


@pytest.mark.parametrize("address", ["nonsense", "127.0.0.1:99999", "203.0.113.7:9100"])
def test_a_worker_says_where_it_cannot_tell_its_figures(tmp_path: Path, address: str) -> None:
    env = {"DOCGEN_BROKER_URL": "amqp://127.0.0.1", "DOCGEN_DATABASE_URL": "postgresql://127.0.0.1/none"}
    ended = docgen(tmp_path, "worker", "--metrics", address, env=env)
    assert (ended.code, ended.out) == (2, "")
    assert f"不能在 {address} 提供运行指标" in ended.err
