"""``docgen doctor`` in a process of its own, on installations that are broken one way each."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tomllib
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from docgen import doctor
from docgen.issuing.registry import open_registry
from docgen.layout import Face
from docgen.settings import Settings

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Visit:
    """How a visit ended, and what the doctor said: name and detail of each part, with the remedy where there is one."""

    code: int
    well: dict[str, str]
    ill: dict[str, tuple[str, str]]
    weak: dict[str, tuple[str, str]]


def visit(folder: Path, *python_path: Path, **env: str) -> Visit:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DOCGEN_")}
    search = os.pathsep.join(map(str, (*python_path, ROOT)))
    ended = subprocess.run(
        [sys.executable, "-m", "docgen", "doctor"],
        cwd=folder,
        env={**kept, "PYTHONPATH": search, **env},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert ended.stderr == ""
    well: dict[str, str] = {}
    told: dict[str, dict[str, tuple[str, str]]] = {"异常": {}, "留意": {}}
    lines = iter(ended.stdout.splitlines())
    for line in lines:
        state, _, said = line.partition("  ")
        name, _, detail = said.partition("：")
        if state == "正常":
            well[name] = detail
        else:
            told[state][name] = detail, next(lines).partition("办法：")[2]
    return Visit(ended.returncode, well, told["异常"], told["留意"])


def test_nothing_is_wrong_here(tmp_path: Path) -> None:
    seen = visit(tmp_path)
    assert seen.ill == {}
    assert seen.code == 0
    assert {f"字体 {face}" for face in Face} <= seen.well.keys()
    assert "NotoSerifSC-Bold.ttf" in seen.well["字体 方正小标宋简体"]
    assert seen.weak == {}
    assert "首次启动服务时会建立" in seen.well["数据文件夹"]
    assert "首次启动" in seen.well["数据库"]
    assert "第一次颁发" in seen.well["签名密钥"]
    assert "试用" in seen.well["核验网址"]
    assert "DOCGEN_PUBLIC_URL" in seen.well["核验网址"]
    assert not list(tmp_path.iterdir())


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the checkout whose faces and templates can be taken away."""
    folder = tmp_path / "checkout"
    for name in ("docgen", "templates"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "fonts").mkdir()
    for path in (ROOT / "fonts").glob("*.?tf"):
        (folder / "fonts" / path.name).symlink_to(path)
    return folder


def test_absent_face_and_template_are_named_with_the_way_back(checkout: Path, tmp_path: Path) -> None:
    (checkout / "fonts/LXGWWenKai-Regular.ttf").unlink()
    template = checkout / "templates/html/caq-2026/summary.html"
    template.unlink()
    seen = visit(tmp_path, checkout)
    assert seen.code == 3
    detail, remedy = seen.ill[f"字体 {Face.KAITI}"]
    assert "找不到" in detail
    assert "LXGWWenKai-Regular.ttf" in remedy
    assert seen.ill[f"模板 {template}"][0] == "不存在"
    assert "字体 黑体" in seen.well


def test_damaged_template_is_named(checkout: Path, tmp_path: Path) -> None:
    template = checkout / "templates/docx/caq-2026/application.docx"
    template.write_bytes(template.read_bytes()[:1000])
    seen = visit(tmp_path, checkout)
    assert seen.ill.keys() == {f"模板 {template}"}
    assert seen.code == 3


def test_template_outside_its_contract_is_named(checkout: Path, tmp_path: Path) -> None:
    template = checkout / "templates/html/caq-2026/summary.html"
    text = template.read_text(encoding="utf-8").replace("filled_by", "filler")
    template.write_text(text, encoding="utf-8")
    seen = visit(tmp_path, checkout)
    detail, remedy = seen.ill[f"模板 {template}"]
    assert "不符合约定" in detail
    assert "docgen template check" in remedy


def test_own_face_is_used_and_junk_is_told(tmp_path: Path) -> None:
    shutil.copy(ROOT / "fonts/NotoSansSC-Regular.ttf", tmp_path / "黑体.ttf")
    (tmp_path / "宋体.ttf").write_text("no font", encoding="utf-8")
    seen = visit(tmp_path, DOCGEN_FONTS_DIR=str(tmp_path))
    assert str(tmp_path / "黑体.ttf") in seen.well["字体 黑体"]
    assert seen.ill.keys() == {"字体 宋体"}
    assert str(tmp_path / "宋体.ttf") in seen.ill["字体 宋体"][0]


def test_old_and_unloadable_packages_do_not_stop_the_visit(tmp_path: Path) -> None:
    old = tmp_path / "pypdf-6.11.0.dist-info"
    old.mkdir()
    (old / "METADATA").write_text("Metadata-Version: 2.1\nName: pypdf\nVersion: 6.11.0\n", encoding="utf-8")
    (tmp_path / "uharfbuzz.py").write_text("raise ImportError", encoding="utf-8")
    seen = visit(tmp_path, tmp_path)
    assert seen.code == 3
    assert seen.ill["pypdf"][0].startswith("6.11.0")
    assert "pypdf>=7" in seen.ill["pypdf"][1]
    assert {f"字体 {face}" for face in Face} <= seen.ill.keys()
    assert "数据文件夹" in seen.well


def test_wrong_settings_are_named_without_their_values(tmp_path: Path) -> None:
    seen = visit(tmp_path, DOCGEN_PORT="plant-7731", DOCGEN_TEMPLATES_DIR=str(tmp_path / "absent"))
    assert "DOCGEN_PORT" in seen.ill["设置"][0]
    assert "plant-7731" not in str(seen)
    assert seen.code == 3


def test_absent_folder_of_templates_is_told(tmp_path: Path) -> None:
    seen = visit(tmp_path, DOCGEN_TEMPLATES_DIR=str(tmp_path / "absent"))
    assert str(tmp_path / "absent") in seen.ill["DOCGEN_TEMPLATES_DIR"][0]


def test_open_data_folder_is_told_with_chmod(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(0o755)
    seen = visit(tmp_path, DOCGEN_DATA_DIR=str(folder))
    assert seen.ill["数据文件夹"][1] == f"请运行 chmod 700 {folder}"
    folder.chmod(0o700)
    assert visit(tmp_path, DOCGEN_DATA_DIR=str(folder)).code == 0
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_file_in_place_of_the_data_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    assert "数据文件夹" in visit(tmp_path, DOCGEN_DATA_DIR=str(tmp_path / "data")).ill
    assert "数据文件夹" in visit(tmp_path, DOCGEN_DATA_DIR=str(tmp_path / "data/below")).ill


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data folder of an installation that has issued."""
    folder = tmp_path / "data"
    registry = open_registry(Settings(data_dir=folder, association="云岭省质量管理协会"))
    with registry.database.writing() as connection:
        registry.chest.current(connection, trial=True)
    registry.database.close()
    return folder


def test_data_in_use_are_looked_at_and_left_alone(data: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    seen = visit(tmp_path, DOCGEN_DATA_DIR=str(data), DOCGEN_PUBLIC_URL="https://zs.example.org.cn")
    assert (seen.code, seen.ill) == (0, {})
    assert "云岭省质量管理协会" in seen.well["数据库"]
    assert seen.well["数据库"].startswith("SQLite 3.")
    assert "（试用）" in seen.well["签名密钥"]
    assert "正式" in seen.well["核验网址"]
    assert {path: path.read_bytes() for path in data.rglob("*") if path.is_file()} == before


def test_signing_keys_that_others_can_read_or_that_are_gone_are_told(data: Path, tmp_path: Path) -> None:
    (file,) = (data / "signing-keys").iterdir()
    file.chmod(0o644)
    assert f"chmod 600 {file}" in visit(tmp_path, DOCGEN_DATA_DIR=str(data)).ill["签名密钥"][1]
    file.unlink()
    detail, remedy = visit(tmp_path, DOCGEN_DATA_DIR=str(data)).ill["签名密钥"]
    assert "不见了" in detail
    assert "docgen keys rotate" in remedy


@pytest.mark.parametrize(("revision", "ok"), [("9999", False), ("0001", True)])
def test_tables_of_another_version_are_told(data: Path, tmp_path: Path, revision: str, *, ok: bool) -> None:
    with closing(sqlite3.connect(data / "docgen.sqlite3")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    seen = visit(tmp_path, DOCGEN_DATA_DIR=str(data))
    if ok:
        assert "自动更新" in seen.well["数据库"]
    else:
        assert "更新版本" in seen.ill["数据库"][0]
        assert "升级 docgen" in seen.ill["数据库"][1]


def test_a_damaged_database_and_an_absent_server_are_told_without_the_password(data: Path, tmp_path: Path) -> None:
    (data / "docgen.sqlite3").write_bytes(b"no database at all" * 100)
    seen = visit(tmp_path, DOCGEN_DATA_DIR=str(data))
    assert seen.code == 3
    assert "数据库" in seen.ill
    seen = visit(tmp_path, DOCGEN_DATABASE_URL="postgresql://docgen:plant-7731@127.0.0.1:1/docgen")
    assert "连不上数据库" in seen.ill["数据库"][0]
    assert "plant-7731" not in str(seen)


def test_a_sqlite_with_the_known_fault_is_pointed_out_but_works(data: Path, tmp_path: Path) -> None:
    (tmp_path / "pysqlite3.py").write_text("raise ImportError", encoding="utf-8")
    seen = visit(tmp_path, tmp_path, DOCGEN_DATA_DIR=str(data))
    assert seen.code == 0
    if (3, 7, 0) <= sqlite3.sqlite_version_info <= (3, 51, 2):
        assert "pysqlite3" in seen.weak["SQLite"][1]
    else:
        assert seen.weak == {}


def test_absent_library_is_told_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = doctor.Library("no-such-library", 0, "libnosuch0")
    monkeypatch.setattr(doctor, "LIBRARIES", (*doctor.LIBRARIES, absent))
    found = {diagnosis.name: diagnosis for diagnosis in doctor.examine()}
    assert found["系统库 harfbuzz-subset"].ok
    assert not found["系统库 no-such-library"].ok
    assert "libnosuch0" in found["系统库 no-such-library"].remedy


def test_floors_are_those_of_the_project() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    assert {f"{name.lower()}>={floor.removesuffix('.0')}" for name, floor in doctor.FLOORS.items()} <= set(declared)
