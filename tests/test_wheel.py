"""The wheel: small enough, complete, and enough by itself on a machine that has no checkout."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from docgen.forms import catalogue

ROOT = Path(__file__).resolve().parent.parent
MOST_BYTES = 40_000_000


def run(*arguments: object, cwd: Path) -> str:
    """Run a command without anything of this checkout or its settings in reach."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DOCGEN_", "PYTHON"))}
    ended = subprocess.run(
        list(map(str, arguments)), cwd=cwd, env=inherited, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    (built,) = folder.glob("docgen-*.whl")
    return built


def test_wheel_holds_what_the_checkout_holds(wheel: Path) -> None:
    assert wheel.stat().st_size < MOST_BYTES
    held = set(zipfile.ZipFile(wheel).namelist())
    data = [
        path.relative_to(ROOT)
        for folder in ("templates", "samples", "fonts")
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    ]
    missing = {f"docgen/data/{path.as_posix()}" for path in data} - held
    assert missing == set()
    code = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docgen").rglob("*") if path.is_file()}
    assert {name for name in code - held if "__pycache__" not in name} == set()
    assert any(name.endswith("dist-info/licenses/LICENSE") for name in held)
    assert not any(name.startswith(("tests/", "tools/", "bench/")) or "__pycache__" in name for name in held)


@pytest.fixture
def docgen(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command ``docgen`` of an environment that has the locked packages and the wheel only."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder, with_pip=True)
    pip = (folder / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, "--require-hashes", "-r", ROOT / "requirements/runtime.lock", cwd=folder)
    run(*pip, "--no-deps", "--no-index", wheel, cwd=folder)
    run(folder / "bin/python", "-m", "pip", "check", cwd=folder)
    return folder / "bin/docgen"


def test_wheel_renders_from_an_empty_folder(docgen: Path, tmp_path: Path) -> None:
    listed = run(docgen, "forms", cwd=tmp_path)
    assert all(form_id in listed for form_id in catalogue.all_forms())
    sample = tmp_path / "sample.json"
    sample.write_text(run(docgen, "sample", "caq-2026/application", cwd=tmp_path), encoding="utf-8")
    for name, start in (("x.pdf", b"%PDF-"), ("x.docx", b"PK")):
        run(docgen, "render", "caq-2026/application", sample, "-o", name, cwd=tmp_path)
        assert (tmp_path / name).read_bytes().startswith(start)
    run(docgen, "doctor", cwd=tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"sample.json", "x.pdf", "x.docx"}
