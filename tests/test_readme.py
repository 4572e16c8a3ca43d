"""What the README says: its examples run, its tables are those of the code, the demo makes what it promises."""

import json
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from docgen import paths
from docgen.forms import catalogue
from docgen.layout import Face
from docgen.render.faces import CANDIDATES
from docgen.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
ADDRESS = "http://127.0.0.1:8080"


def examples(mark: str) -> list[str]:
    """Return the shell blocks that stand under a mark."""
    return re.findall(rf"<!-- {mark} -->\n```sh\n(.*?)```", README, re.DOTALL)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment in which ``docgen`` is this checkout's, as after ``. .venv/bin/activate``."""
    command = tmp_path / ".bin/docgen"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m docgen "$@"\n', encoding="utf-8")
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DOCGEN_")}
    search = os.pathsep.join([str(command.parent), os.environ["PATH"]])
    return {**kept, "PATH": search, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


def run(script: str, folder: Path, environment: dict[str, str]) -> str:
    ended = subprocess.run(
        ["/bin/sh", "-eu", "-c", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def test_command_line_examples_run(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "templates").symlink_to(ROOT / "templates")
    blocks = examples("本段在测试中运行")
    assert len(blocks) == 8
    for block in blocks:
        run(block, tmp_path, environment)
    made = {
        "庐山申报表.docx",
        "申报表.json",
        "申报表.pdf",
        "汇总表.xlsx",
        "空白申报表.docx",
        "申报表.schema.json",
        "我的申报表.docx",
        "再打印.pdf",
        "换发.pdf",
        "名单模板.xlsx",
        "这一批",
        "恢复的数据",
    }
    assert made <= {path.name for path in tmp_path.iterdir()}


@pytest.fixture
def server(tmp_path: Path, environment: dict[str, str]) -> Iterator[tuple[str, str]]:
    """A server of its own as ``docgen serve`` starts it: its address and the key that it printed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "docgen", "serve", "--port", str(free_port())],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    )
    try:
        yield announced(process)
    finally:
        process.terminate()
        process.communicate(timeout=60)


def announced(process: subprocess.Popen[str]) -> tuple[str, str]:
    assert process.stdout
    said = ""
    for line in process.stdout:
        said += line
        if found := re.search(r"(http://\S+?)（.*?(dgk_\S+)", said, re.DOTALL):
            return found[1], found[2]
    raise AssertionError(said)


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def test_http_examples_run(server: tuple[str, str], tmp_path: Path, environment: dict[str, str]) -> None:
    if not shutil.which("curl"):
        pytest.fail("curl is missing: ./run test installs it")
    address, key = server
    (block,) = examples("本段在测试中对着真实的服务运行")
    assert ADDRESS in block
    said = run(block.replace(ADDRESS, address), tmp_path, {**environment, "DOCGEN_KEY": key})
    assert all(form_id in said for form_id in catalogue.all_forms())
    assert '"complete"' in said
    assert (tmp_path / "申报表.pdf").read_bytes().startswith(b"%PDF-")


def test_table_of_forms_is_that_of_the_code(tmp_path: Path, environment: dict[str, str]) -> None:
    copy = tmp_path / "README.md"
    copy.write_text(README, encoding="utf-8")
    subprocess.run([sys.executable, "-m", "tools.readme", copy], cwd=ROOT, env=environment, check=True)
    assert copy.read_text(encoding="utf-8") == README, "run ./run readme"
    assert all(f"`{form_id}`" in README for form_id in catalogue.all_forms())


def test_table_of_settings_is_that_of_the_code() -> None:
    listed = dict(re.findall(r"^\| `(DOCGEN_[A-Z0-9_]+)` \| `?(.*?)`? \|", README, re.MULTILINE))
    defaults = {
        f"DOCGEN_{name.upper()}": field.get_default(call_default_factory=True)
        for name, field in Settings.model_fields.items()
    }
    nothing = (None, "", ())
    assert listed == {name: "—" if value in nothing else str(value) for name, value in defaults.items()}
    (moved,) = re.findall(r"`(\{\"caq-2026.*?\})`", README)
    for place in json.loads(moved):
        notice_id, _, deadline_id = place.partition("/")
        assert deadline_id in {deadline.id for deadline in catalogue.get_notice(notice_id).deadlines}


@pytest.mark.parametrize("face", Face)
def test_table_of_faces_is_that_of_the_code(face: Face) -> None:
    (row,) = re.findall(rf"^\| {face}.*\|$", README, re.MULTILINE)
    shipped = CANDIDATES[face][-1]
    assert (paths.FACES / shipped).is_file()
    named = re.findall(r"`([^`]+)`", row)
    assert named[0] == shipped
    assert set(named) <= set(CANDIDATES[face])


def test_demo_makes_every_form_in_every_format(tmp_path: Path, environment: dict[str, str]) -> None:
    out = tmp_path / "out"
    ended = subprocess.run(
        [sys.executable, "-m", "tools.demo", out],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    for form in catalogue.all_forms().values():
        folder = out / form.notice_id
        made = {path.suffix[1:] for path in folder.glob(f"*{form.title}.*")}
        assert made == set(form.formats)
        assert {path.suffix for path in (folder / "空白表").glob(f"*{form.title}（空白）.*")} == {".docx", ".pdf"}
    for path in out.rglob("*.*"):
        assert path.name in ended.stdout


def test_demo_says_where_it_cannot_write(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "out").touch()
    ended = subprocess.run(
        [sys.executable, "-m", "tools.demo", tmp_path / "out"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ended.returncode == 2
    assert "写不进去" in ended.stderr
    assert "Traceback" not in ended.stderr
