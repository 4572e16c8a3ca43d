"""Is this installation fit for its work? Faces, libraries, packages, templates, data, keys, and how to mend each.

Engines are imported only while they are examined: the doctor must speak where one of them does not load.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import re
import stat
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from docgen import paths
from docgen.errors import DocgenError, SettingsError
from docgen.layout import Face

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from docgen.store.condition import Condition

_REINSTALL: Final = "请重新安装 docgen 及其依赖：在项目文件夹里运行 ./run demo，或 pip install --force-reinstall docgen"

FLOORS: Final = MappingProxyType({"WeasyPrint": "70.0", "Jinja2": "3.1.6", "Werkzeug": "3.1.6", "pypdf": "7"})
"""Oldest versions without known security faults that could reach us (service.md, section 5)."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was seen of one part; ``remedy`` says how to mend it where it is not ``ok``.

    With a remedy, what is ``ok`` works, but not as well as it should.
    """

    name: str
    ok: bool
    detail: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Library:
    """A shared library by its stem and ABI number, and the Debian package that holds it."""

    stem: str
    abi: int
    package: str


LIBRARIES: Final = (
    Library("pango-1.0", 0, "libpango-1.0-0"),
    Library("pangoft2-1.0", 0, "libpangoft2-1.0-0"),
    Library("harfbuzz", 0, "libharfbuzz0b"),
    Library("harfbuzz-subset", 0, "libharfbuzz-subset0"),
    Library("fontconfig", 1, "libfontconfig1"),
)
"""What PDFs need. WeasyPrint would do without harfbuzz-subset, 11 to 48 times slower; its warning is an error here."""


def examine() -> list[Diagnosis]:
    """Examine every part; what breaks while it is examined is a diagnosis too, never an exception."""
    fault = _settings_fault()
    examinations: tuple[tuple[str, Callable[[], Iterator[Diagnosis]]], ...] = (
        ("Python 软件包", _packages),
        ("系统库", _libraries),
    )
    if fault is None:
        examinations = (
            *examinations,
            ("设置", _folders),
            ("字体", _faces),
            ("模板", _templates),
            ("数据文件夹", _data_folder),
            ("数据库", _database),
            ("签名密钥", _signing_keys),
            ("核验网址", _public_url),
        )
    found = [diagnosis for name, examination in examinations for diagnosis in _guarded(name, examination)]
    return [fault, *found] if fault else found


def _guarded(name: str, examination: Callable[[], Iterator[Diagnosis]]) -> Iterator[Diagnosis]:
    try:
        yield from examination()
    except DocgenError as error:
        yield Diagnosis(name, ok=False, detail=error.detail, remedy=error.remedy)
    except Exception as error:  # noqa: BLE001  whatever is broken, the other parts are still worth a look
        yield Diagnosis(name, ok=False, detail=f"检查不下去（{type(error).__name__}）", remedy=_REINSTALL)


def _settings_fault() -> Diagnosis | None:
    """Return what is wrong with the settings; faces, templates and the data folder cannot be found without them."""
    from docgen.settings import settings  # noqa: PLC0415  see the module's docstring

    try:
        settings()
    except SettingsError as error:
        return Diagnosis(
            "设置", ok=False, detail=error.detail, remedy=f"{error.remedy}；字体、模板和数据文件夹到那时才能检查"
        )
    return None


def _folders() -> Iterator[Diagnosis]:
    from docgen.settings import settings  # noqa: PLC0415  see the module's docstring

    chosen = {"DOCGEN_TEMPLATES_DIR": settings().templates_dir, "DOCGEN_FONTS_DIR": settings().fonts_dir}
    for name, folder in chosen.items():
        if folder and not (folder.is_dir() and os.access(folder, os.R_OK | os.X_OK)):
            remedy = "请建好这个文件夹并让当前用户可读，或删除这个环境变量"
            yield Diagnosis(name, ok=False, detail=f"{folder} 不是能读的文件夹", remedy=remedy)
        elif folder:
            yield Diagnosis(name, ok=True, detail=str(folder))


def _packages() -> Iterator[Diagnosis]:
    for name, floor in FLOORS.items():
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            yield Diagnosis(name, ok=False, detail="没有安装", remedy=_REINSTALL)
            continue
        if _release(version) < _release(floor):
            detail = f"{version}，有已知的安全问题，至少需要 {floor}"
            yield Diagnosis(name, ok=False, detail=detail, remedy=f"请运行 pip install '{name}>={floor}'")
        else:
            yield Diagnosis(name, ok=True, detail=version)


def _release(version: str) -> tuple[int, ...]:
    """Return the numbers of a version without zeros at the end: 70.0 and 70 are the same release."""
    numbers = re.match(r"\d+(?:\.\d+)*", version, re.ASCII)
    return tuple(int(number) for number in re.sub(r"(?:\.0+)+$", "", numbers[0]).split(".")) if numbers else ()


def _libraries() -> Iterator[Diagnosis]:
    for library in LIBRARIES:
        name = f"系统库 {library.stem}"
        if _loads(library):
            yield Diagnosis(name, ok=True, detail="可以加载")
        else:
            remedy = f"Debian、Ubuntu 请运行 apt-get install {library.package}；其他系统见 README"
            yield Diagnosis(name, ok=False, detail="没有找到，不能生成 PDF", remedy=remedy)


def _loads(library: Library) -> bool:
    for name in (f"lib{library.stem}.so.{library.abi}", ctypes.util.find_library(library.stem)):
        if name:
            try:
                ctypes.CDLL(name)
            except OSError:
                continue
            return True
    return False


def _faces() -> Iterator[Diagnosis]:
    for face in Face:
        yield from _guarded(f"字体 {face}", partial(_face, face))


def _face(face: Face) -> Iterator[Diagnosis]:
    from docgen.render import faces  # noqa: PLC0415  see the module's docstring

    path, family = faces.resolve(face), faces.family(face)
    origin = "自带的替代字体" if path.is_relative_to(paths.FACES) else "本机的字体"
    yield Diagnosis(f"字体 {face}", ok=True, detail=f"PDF 用{origin} {path}（{family}）")


def _templates() -> Iterator[Diagnosis]:
    from docgen import folders  # noqa: PLC0415  see the module's docstring
    from docgen.forms.catalogue import all_forms  # noqa: PLC0415  the same

    faulty = 0
    for form_id in all_forms():
        for path in (folders.template("docx", form_id), folders.template("html", form_id)):
            found = list(_guarded(f"模板 {path}", partial(_template, path, form_id)))
            faulty += bool(found)
            yield from found
    if not faulty:
        yield Diagnosis("模板", ok=True, detail=f"{len(all_forms())} 张表的 Word 和 HTML 模板都在，都符合约定")


def _template(path: Path, form_id: str) -> Iterator[Diagnosis]:
    from docgen import contract  # noqa: PLC0415  see the module's docstring

    if not path.is_file():
        yield Diagnosis(f"模板 {path}", ok=False, detail="不存在", remedy=_REINSTALL)
    elif findings := contract.check_file(path, form_id):
        detail = f"有 {len(findings)} 处不符合约定，第一处：{findings[0].place}，{findings[0].detail}"
        remedy = f"{findings[0].remedy}；全部问题见 docgen template check --form {form_id} {path}"
        yield Diagnosis(f"模板 {path}", ok=False, detail=detail, remedy=remedy)


def _data_folder() -> Iterator[Diagnosis]:
    folder = _data_dir()
    name = "数据文件夹"
    if not folder.exists():
        above = next(parent for parent in folder.parents if parent.exists())
        if above.is_dir() and os.access(above, os.W_OK | os.X_OK):
            yield Diagnosis(name, ok=True, detail=f"{folder} 还没有，首次启动服务时会建立")
        else:
            remedy = f"请让当前用户可以写 {above}，或用 DOCGEN_DATA_DIR 指定别处"
            yield Diagnosis(name, ok=False, detail=f"{folder} 建不了", remedy=remedy)
        return
    if not folder.is_dir() or not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        remedy = f"请运行 chown -R $(id -un) {folder}，或用 DOCGEN_DATA_DIR 指定别处"
        yield Diagnosis(name, ok=False, detail=f"当前用户不能读写 {folder}", remedy=remedy)
        return
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & 0o077:
        detail = f"{folder} 的权限是 {mode:04o}，本机其他用户也进得去"
        yield Diagnosis(name, ok=False, detail=detail, remedy=f"请运行 chmod 700 {folder}")
        return
    yield Diagnosis(name, ok=True, detail=str(folder))


def _data_dir() -> Path:
    from docgen.settings import settings  # noqa: PLC0415  see the module's docstring

    return settings().data_dir.absolute()


def _condition() -> Condition | None:
    """Return what the database looks like, None where it will be made at the first start. Raises DatabaseError."""
    from docgen.settings import settings  # noqa: PLC0415  see the module's docstring
    from docgen.store import condition  # noqa: PLC0415  the same
    from docgen.store.database import FILE_NAME, SQLITE  # noqa: PLC0415  the same

    if url := settings().database_url:
        return condition.look(url)
    file = _data_dir() / FILE_NAME
    return condition.look(f"{SQLITE}{file}") if file.exists() else None


def _database() -> Iterator[Diagnosis]:
    from docgen.store.condition import Tables  # noqa: PLC0415  see the module's docstring

    name = "数据库"
    found = _condition()
    if found is None:
        yield Diagnosis(name, ok=True, detail="还没有，首次启动服务或颁发证书时会建立")
        return
    match found.tables:
        case Tables.NEWER:
            remedy = "请升级 docgen，或从这个版本的备份恢复数据库"
            yield Diagnosis(name, ok=False, detail=f"{found.engine}，是更新版本的 docgen 建的", remedy=remedy)
        case Tables.CURRENT:
            names = "、".join(one.name for one in found.organisations)
            yield Diagnosis(name, ok=True, detail=f"{found.engine}，颁证单位：{names or '还没有'}")
        case Tables.OLDER | Tables.NONE:
            yield Diagnosis(name, ok=True, detail=f"{found.engine}，表还不是最新的，启动时会自动更新")
    if not found.safe:
        yield Diagnosis(
            "SQLite",
            ok=True,
            detail=f"{found.engine} 在几个进程同时写时可能损坏数据库（3.7.0 至 3.51.2 的已知问题）",
            remedy="请运行 pip install pysqlite3，或改用 PostgreSQL（DOCGEN_DATABASE_URL）；在此之前请勤备份",
        )


def _signing_keys() -> Iterator[Diagnosis]:
    from docgen.store.signing import KeyChest  # noqa: PLC0415  see the module's docstring

    chest = KeyChest(_data_dir())
    chest.guard()
    found = _condition()
    in_use = [key for key in found.keys if key.retired_at is None] if found else []
    for key in in_use:
        chest.examine(key)
    used = "、".join(f"{key.kid}（{'试用' if key.trial else '正式'}）" for key in in_use)
    yield Diagnosis("签名密钥", ok=True, detail=used or "还没有，第一次颁发证书时自动生成")


def _public_url() -> Iterator[Diagnosis]:
    from docgen.settings import settings  # noqa: PLC0415  see the module's docstring
    from docgen.store.signing import is_trial  # noqa: PLC0415  the same

    url = settings().public_url
    if is_trial(url):
        detail = f"{url}，试用：证书上印「试用」，在别处无效；正式颁发前请设置 DOCGEN_PUBLIC_URL=https://协会的域名"
    else:
        detail = f"{url}，正式：印在证书上，请确认公众能打开"
    yield Diagnosis("核验网址", ok=True, detail=detail)
