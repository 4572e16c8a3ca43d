"""Standard output in every locale, readers that go away, full disks, and bugs that must not leak data."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from cli_process import APPLICATION, ROOT, application, as_bytes, docgen, environment, heed_interrupts

from docgen.cli.terminal import aligned, width


@pytest.mark.parametrize(
    "locale",
    [
        {"LANG": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "POSIX", "PYTHONIOENCODING": "latin-1"},
        {"LANG": "en_US.UTF-8", "LANGUAGE": "en:de"},
        {"PYTHONIOENCODING": "gbk"},
    ],
    ids=str,
)
def test_output_is_chinese_in_utf8_whatever_the_locale(tmp_path: Path, locale: dict[str, str]) -> None:
    help_page = docgen(tmp_path, "--help", env=locale)
    assert (help_page.code, help_page.err) == (0, "")
    assert help_page.out.startswith("用法：docgen [选项] 命令")
    assert "全国优秀质量管理小组申报表" in docgen(tmp_path, "forms", env=locale).out
    assert "没有命令「chek」" in docgen(tmp_path, "chek", env=locale).err
    (tmp_path / "数据.json").write_bytes(b"{")
    assert "不是完整的 JSON" in docgen(tmp_path, "check", APPLICATION, "数据.json", env=locale).err


def test_a_file_name_that_is_no_utf8_can_be_printed(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xc8\xed.json")
    ended = docgen(tmp_path, "check", APPLICATION, name)
    assert ended.code == 2
    assert "不存在" in ended.err
    ended = docgen(tmp_path, "blank", APPLICATION, "-o", tmp_path / os.fsdecode(b"\xc8\xed") / "a.docx")
    assert ended.code == 2
    assert "文件夹不存在" in ended.err


def test_a_reader_that_goes_away_is_no_error_to_talk_about(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "docgen", "schema", APPLICATION]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path, env=environment()
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 128 + signal.SIGPIPE


def test_a_full_disk_behind_standard_output_is_said(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "docgen", "forms"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, cwd=tmp_path, env=environment(), check=False
        )
    assert done.returncode == 2
    assert done.stderr.decode().startswith("错误：标准输出写不进去\n办法：")
    assert "Exception" not in done.stderr.decode()


def test_closed_outputs_change_nothing(tmp_path: Path) -> None:
    def close() -> None:
        os.close(1)
        os.close(2)

    data = as_bytes(application(members=[]))
    assert docgen(tmp_path, "check", APPLICATION, "-", stdin=data, before=close).code == 1


def test_an_interrupt_is_said_in_one_word(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "管道")
    command = [sys.executable, "-m", "docgen", "check", APPLICATION, "管道"]
    with subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=environment(),
        preexec_fn=heed_interrupts,  # noqa: PLW1509  the test starts no threads
    ) as process:
        assert process.stderr
        with (tmp_path / "管道").open("wb"):  # opens when the command has opened it too and waits for data
            process.send_signal(signal.SIGINT)
            assert process.stderr.read().decode().strip() == "已中断"
    assert process.returncode == 128 + signal.SIGINT


PLANTED = """
import sys
from docgen import service
from docgen.cli import main

def check(form, raw, as_of=None):
    raise ValueError(f"bad value {raw['org_name']}")

service.check = check
sys.argv = ["docgen", "check", "caq-2026/application", "-"]
main()
"""


def test_a_bug_is_confessed_without_stack_trace_or_data(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PLANTED],
        input=as_bytes(application(org_name="绝密单位")),
        capture_output=True,
        cwd=tmp_path,
        env=environment(),
        check=False,
    )
    said = done.stderr.decode()
    assert done.returncode == 3
    assert said.startswith("错误：docgen 内部出错（ValueError，docgen/cli/commands.py:")
    assert "docgen doctor" in said
    assert said.count("\n") == 1
    assert "绝密" not in said
    assert "Traceback" not in said
    assert done.stdout == b""


def test_width_counts_columns() -> None:
    assert [width(text) for text in ("", "abc", "附件 2", "（）", "ｱ")] == [0, 3, 6, 4, 1]


def test_aligned_pads_by_columns() -> None:
    assert aligned([("附件", "a", ""), ("x", "标题", "※")]) == "附件  a\nx     标题  ※"


def test_the_entry_point_of_the_package_is_the_same_command() -> None:
    assert 'docgen = "docgen.cli:main"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
