"""Help and wrong use: Chinese, in 80 columns, exit code 2, and light to load."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from cli_process import ROOT, docgen, environment

from docgen.cli import commands
from docgen.cli.terminal import width


def _paths(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    if isinstance(command, click.Group):
        for name, child in command.commands.items():
            yield from _paths(child, (*path, name))


PATHS = list(_paths(commands.docgen))


def test_the_help_lists_commands_by_what_they_are_for(tmp_path: Path) -> None:
    out = docgen(tmp_path, "--help").out
    headings = [line for line in out.splitlines() if line.endswith("命令：")]
    assert headings == ["文档命令：", "证书命令：", "维护命令："]
    listed = {line.split()[0] for line in out.partition("文档命令：")[2].splitlines() if line.startswith("  ")}
    assert {path[0] for path in PATHS if len(path) == 1} <= listed


def test_all_commands_of_the_issue_exist() -> None:
    names = {" ".join(path) for path in PATHS}
    assert names == {
        "", "forms", "schema", "sample", "blank", "check", "render", "package", "read",
        "template", "template check", "template new", "doctor", "serve",
        "issue", "roster", "batch", "reissue", "reprint", "show", "history", "verify", "revoke", "suspend", "resume",
        "worker", "backup", "restore", "expire", "erase",
        "org", "org add", "org list", "org rename", "org webhook-secret", "keys", "keys list", "keys rotate",
        "api-keys", "api-keys add", "api-keys list", "api-keys withdraw",
        "staff", "staff list", "staff invite", "staff link",
    }  # fmt: skip


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_help_is_chinese_and_fits_a_terminal(tmp_path: Path, path: tuple[str, ...]) -> None:
    ended = docgen(tmp_path, *path, "--help")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith(f"用法：{' '.join(('docgen', *path))} [选项]")
    assert "--help" in ended.out
    assert "显示本说明" in ended.out
    for english in ("Usage", "Option", "Command", "ARGS", "Show", "required", "default", "argument"):
        assert english not in ended.out
    assert [line for line in ended.out.splitlines() if width(line) > 80] == []
    assert "..." not in ended.out.partition("命令：")[2]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chek"], "没有命令「chek」"),
        (["forms", "--jsn"], "没有选项「--jsn」。 是否指 '--json'？"),
        (["forms", "--json=3"], "选项「--json」不带值"),
        (["forms", "多余"], "多出了参数（多余）"),
        (["schema"], "缺少参数 'FORM'"),
        (["blank", "caq-2026/application"], "缺少选项 '-o'"),
        (["blank", "caq-2026/application", "-o"], "选项「-o」需要 1 个值"),
        (["check", "caq-2026/application", "没有.json"], "文件「没有.json」不存在"),
        (["check", "caq-2026/application", "."], "文件「.」是文件夹，这里需要文件"),
        (["check", "caq-2026/application", "-", "--as-of", "2026-02-30"], "应为存在的日期，写作 2026-06-04 的样式"),
        (["check", "caq-2026/application", "-", "--as-of", "20260204"], "应为存在的日期，写作 2026-06-04 的样式"),
        (["serve", "--port", "abc"], "「abc」不是整数"),
        (["serve", "--port", "70000"], "70000 不在范围 1<=x<=65535 之内"),
        (["template", "check", "没有.docx"], "文件「没有.docx」不存在"),
    ],
)
def test_wrong_use(tmp_path: Path, arguments: list[str], said: str) -> None:
    ended = docgen(tmp_path, *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    for english in ("Usage", "Error", "Try", "Invalid", "Missing", "Got"):
        assert english not in ended.err


@pytest.mark.parametrize("path", [(), ("template",)], ids=str)
def test_a_group_alone_shows_its_help_and_is_wrong_use(tmp_path: Path, path: tuple[str, ...]) -> None:
    ended = docgen(tmp_path, *path)
    assert (ended.code, ended.out) == (2, "")
    assert "命令：" in ended.err


HEAVY = (
    "{'pydantic', 'pydantic_settings', 'flask', 'weasyprint', 'docxtpl', 'openpyxl', 'lxml', 'jinja2', 'PIL', "
    "'sqlalchemy', 'alembic', 'joserfc'}"
)


def test_importing_the_command_line_loads_nothing_heavy() -> None:
    code = f"import sys, docgen.cli; print(sorted(({HEAVY} | {{'click'}}) & set(sys.modules)))"
    assert _python(code) == "[]\n"


@pytest.mark.parametrize("arguments", [["--help"], ["render", "--help"], ["revoke", "--help"], ["chek"]], ids=str)
def test_help_and_wrong_use_load_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys; from docgen.cli import main\n"
        f"sys.argv = ['docgen', *{arguments!r}]\n"
        "try: main()\n"
        f"except SystemExit: print(sorted({HEAVY} & set(sys.modules)))"
    )
    assert _python(code).endswith("[]\n")


def test_listing_forms_waits_for_no_engine() -> None:
    code = (
        "import sys; from docgen.cli import main\n"
        "sys.argv = ['docgen', 'forms']\n"
        "try: main()\n"
        "except SystemExit: print(sorted({'flask', 'weasyprint', 'docxtpl', 'openpyxl'} & set(sys.modules)))"
    )
    assert _python(code).endswith("[]\n")


def _python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment(), capture_output=True, check=True)
    return done.stdout.decode()
