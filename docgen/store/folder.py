"""The data folder: whose it is, and small files in it that only the operator may read."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

from docgen.errors import DocgenError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_OTHERS: Final = 0o077


class FolderError(DocgenError):
    """The data folder or a file in it cannot be used as it stands."""

    code = "data-folder-unusable"


def open_folder(folder: Path) -> Path:
    """Make a folder (0700) where it is missing, and return it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise FolderError(
            f"建不了数据目录 {folder}：{why(error)}", "请检查上级目录的权限，或用 DOCGEN_DATA_DIR 指定另一个目录"
        ) from None
    return folder


def read_private(file: Path, remedy: str) -> Any | None:  # noqa: ANN401  whatever JSON holds
    """Return what a private JSON file holds, or None where there is none.

    Raises FolderError where others can read it, where it cannot be read, and where it is no JSON (``remedy`` says what
    then helps).
    """
    try:
        with file.open(encoding="utf-8") as stream:
            _refuse_open(file, os.fstat(stream.fileno()))
            return json.load(stream)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise FolderError(f"读不了文件 {file}：{why(error)}", "请检查它的所有者和权限") from None
    except ValueError:
        raise FolderError(f"文件 {file} 已损坏", remedy) from None


def guard(folder: Path) -> None:
    """Raise FolderError where others can reach a file of a private folder; without the folder all is well."""
    try:
        for file in sorted(folder.glob("*")):
            _refuse_open(file, file.stat())
    except OSError as error:
        raise FolderError(f"读不了文件夹 {folder}：{why(error)}", "请检查它的所有者和权限") from None


def _refuse_open(file: Path, found: os.stat_result) -> None:
    mode = stat.S_IMODE(found.st_mode)
    if mode & _OTHERS:
        raise FolderError(
            f"文件 {file} 的权限是 {mode:04o}，本机其他用户也能读写它",
            f"请执行 chmod 600 {file}；如果别人可能已经读过它，请换用新的密钥",
        )


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other processes from changing the folder's small files meanwhile."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise FolderError(f"打不开数据目录 {folder}：{why(error)}", "请检查它的所有者和权限") from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def replace_private(file: Path, content: object) -> None:
    """Write a JSON file that only its owner can read, all or nothing, and on the disk when this returns."""
    draft = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump(content, stream, indent=2)
            stream.write("\n")
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(file)
        folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise FolderError(f"写不了文件 {file}：{why(error)}", "请检查磁盘空间和数据目录的权限") from None


def why(error: OSError) -> str:
    """Say the usual reasons in Chinese."""
    match error:
        case PermissionError():
            return "没有权限"
        case FileExistsError() | NotADirectoryError():
            return "该处已有同名文件"
        case FileNotFoundError():
            return "目录不存在"
        case _:
            return f"系统错误 {error.errno}"
