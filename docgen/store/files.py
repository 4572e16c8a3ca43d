"""Documents, each under the digest of its own bytes: what is there is what was written, or it is damaged."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Protocol

from docgen.errors import DocgenError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


class FileStoreError(DocgenError):
    """A document cannot be written or read."""

    code = "files-unavailable"


class MissingFileError(FileStoreError):
    """The document is not there, or no longer what it was."""

    code = "file-missing"


class FileStore(Protocol):
    """Where documents lie. Both kinds keep the same promises, held by one contract test."""

    def keep(self, data: bytes) -> str:
        """Keep a file and return its SHA-256; when this returns it is safe. Raises FileStoreError."""

    def get(self, digest: str) -> bytes:
        """Return a file, compared with its digest; raises MissingFileError where it is gone or damaged."""

    def drop(self, digest: str) -> None:
        """Forget a file; one that is not there is forgotten already. Raises FileStoreError."""

    def kept_before(self, moment: datetime) -> Iterator[str]:
        """Walk the files that were kept before a moment. Raises FileStoreError."""


class FolderStore:
    """A folder of files; two writers of the same bytes do no harm to each other."""

    def __init__(self, folder: Path) -> None:
        """Use a folder, which is made when the first file is kept."""
        self._folder = folder

    def keep(self, data: bytes) -> str:
        """Keep a file and return its SHA-256; when this returns it is on the disk. Raises FileStoreError."""
        digest = hashlib.sha256(data).hexdigest()
        target = self._path(digest)
        draft = target.with_name(f".{secrets.token_hex(8)}")
        try:
            is_new = not target.parent.is_dir()
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if target.is_file() and target.read_bytes() == data:
                _sync(target.parent)  # whoever wrote it may have been killed before that
                return digest
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            draft.replace(target)
            _sync(target.parent)
            if is_new:
                _sync(self._folder)
        except OSError as error:
            with suppress(OSError):
                draft.unlink()
            raise FileStoreError(
                f"文档存不进 {self._folder}：系统错误 {error.errno}", "请检查磁盘空间和数据目录的权限，再重试"
            ) from None
        return digest

    def get(self, digest: str) -> bytes:
        """Return a file, compared with its digest; raises MissingFileError where it is gone or damaged."""
        try:
            data = self._path(digest).read_bytes()
        except FileNotFoundError:
            raise MissingFileError("保存的文档不在了", "请从备份恢复数据目录的 documents 文件夹") from None
        except OSError as error:
            raise FileStoreError(f"读不了保存的文档：系统错误 {error.errno}", "请检查数据目录的权限和磁盘") from None
        if hashlib.sha256(data).hexdigest() != digest:
            raise MissingFileError("保存的文档已损坏", "请从备份恢复数据目录的 documents 文件夹")
        return data

    def drop(self, digest: str) -> None:
        """Forget a file."""
        try:
            self._path(digest).unlink(missing_ok=True)
        except OSError as error:
            raise FileStoreError(f"删不了保存的文件：系统错误 {error.errno}", "请检查数据目录的权限") from None

    def kept_before(self, moment: datetime) -> Iterator[str]:
        """Walk the files that were kept before a moment; drafts of writers that were killed before it go."""
        try:
            for path in sorted(self._folder.glob("??/*")):
                if path.stat().st_mtime >= moment.timestamp():
                    continue
                if path.name.startswith("."):
                    path.unlink(missing_ok=True)
                elif is_digest(path.parent.name + path.name):
                    yield path.parent.name + path.name
        except OSError as error:
            raise FileStoreError(f"查不了保存的文件：系统错误 {error.errno}", "请检查数据目录的权限") from None

    def _path(self, digest: str) -> Path:
        return self._folder / place_of(digest)


def is_digest(name: str) -> bool:
    """Whether a file of ours can have this name."""
    return _DIGEST.fullmatch(name) is not None


def place_of(digest: str) -> str:
    """Return where a file lies, as a relative path; raises MissingFileError for what is no digest."""
    if not is_digest(digest):
        raise MissingFileError("文档的摘要写得不对", "请从备份恢复数据库")
    return f"{digest[:2]}/{digest[2:]}"


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
