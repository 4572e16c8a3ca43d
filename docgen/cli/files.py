"""Reading submissions and writing documents: bounded in, all or nothing out."""

from __future__ import annotations

import errno
import os
import secrets
import stat
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, BinaryIO, Final

from docgen import service, strictjson
from docgen.errors import OutputError, UnreadableInputError
from docgen.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from docgen.forms.form import Form

STANDARD_INPUT: Final = Path("-")

_REASONS: Final = MappingProxyType(
    {
        errno.EACCES: "没有写入权限",
        errno.EPERM: "没有写入权限",
        errno.EROFS: "所在的磁盘是只读的",
        errno.ENOSPC: "磁盘空间不足",
        errno.EDQUOT: "超出了磁盘配额",
        errno.EFBIG: "超出了允许的文件大小",
        errno.ENAMETOOLONG: "文件名太长",
        errno.ELOOP: "链接绕成了圈",
        errno.ENOENT: "文件夹不存在",
        errno.ENOTDIR: "路径中有一段是文件，不是文件夹",
    }
)


def read(path: Path, forms: Iterable[Form]) -> object:
    """Return the value of a JSON file meant for these forms, or of standard input for ``-``; never reads too much."""
    limit = service.body_limit(forms, settings())
    return strictjson.parse(_bounded(path, limit), limit)


def text(path: Path) -> str:
    """Return a text file in UTF-8."""
    try:
        return _bounded(path, settings().max_body_bytes).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        detail = f"「{path}」第 {error.start + 1} 个字节不是 UTF-8 编码"
        raise UnreadableInputError(detail, "请把文件另存为 UTF-8 编码后重试") from None


def _bounded(path: Path, limit: int) -> bytes:
    try:
        if path == STANDARD_INPUT:
            data = _standard_input().read(limit + 1)
        else:
            with path.open("rb") as stream:
                data = stream.read(limit + 1)
    except OSError:
        raise UnreadableInputError(f"「{path}」读不出来", "请检查文件和磁盘，或另存一份后重试") from None
    if len(data) > limit:
        raise UnreadableInputError(
            f"内容超过 {limit:,} 字节的上限，没有读完", "请减少行数或文字，缩小图片，或分几次提交"
        )
    return data


def _standard_input() -> BinaryIO:
    if sys.stdin is None:
        raise UnreadableInputError("标准输入是关闭的", "请用管道或 < 送入 JSON，或直接写文件名")
    return sys.stdin.buffer


def destination(path: Path) -> Path:
    """Return the real file to write, links followed, or say why nothing can be written there."""
    try:
        target = Path(os.path.realpath(path))
        folder = target.parent
        if not stat.S_ISDIR(folder.stat().st_mode):
            raise OutputError(f"写不了「{path}」：「{folder}」不是文件夹", "请换一个位置")
        if target.exists() and not target.is_file():
            kind = "文件夹" if target.is_dir() else "设备或管道，不是普通文件"
            raise OutputError(f"写不了「{path}」：它是{kind}", "请换一个文件名")
    except OSError as error:
        raise _refusal(path, error) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutputError(f"写不了「{path}」：文件夹「{folder}」没有写入权限", "请换一个位置，或请管理员开放权限")
    return target


def folder(path: Path) -> Path:
    """Return the real folder to write into, made where it is missing, or say why nothing can be written there."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise OutputError(f"写不了「{path}」：它不是文件夹", "请换一个位置") from None
    except OSError as error:
        raise _refusal(path, error) from None
    return destination(path / "probe").parent


def write(target: Path, data: bytes) -> None:
    """Put a whole file in place or leave everything as it was; the mode follows the umask."""
    with writing(target) as stream:
        stream.write(data)


@contextmanager
def writing(target: Path) -> Iterator[IO[bytes]]:
    """Give a stream whose content is put in place as a whole when the block ends well."""
    draft = target.with_name(f".docgen-{secrets.token_hex(8)}.tmp")
    try:
        with draft.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(target)
    except OSError as error:
        raise _refusal(target, error) from None
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def _refusal(path: Path, error: OSError) -> OutputError:
    reason = _REASONS.get(error.errno or 0, f"系统拒绝（{errno.errorcode.get(error.errno or 0, '原因不明')}）")
    return OutputError(f"写不了「{path}」：{reason}，没有留下半个文件", "请换一个位置，或腾出空间、开放权限后重试")
