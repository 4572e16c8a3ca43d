"""API keys: ``dgk_<id>_<secret>``, kept as SHA-256 digests in ``keys.json``.

The secret is 256 random bits, so a plain digest is as good as a slow one: there is nothing to guess. The file belongs
to the operator alone (0600) and is replaced as a whole, so a crash leaves the old file or the new one.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import re
import secrets
import stat
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Self

from docgen.errors import DocgenError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FILE_NAME: Final = "keys.json"
_SHAPE: Final = re.compile(r"dgk_([0-9a-f]{8})_([0-9a-f]{64})", re.ASCII)
_NOBODY: Final = hashlib.sha256(b"").digest()
"""Compared with when no key has the identifier, so that both misses cost the same."""


class Scope(StrEnum):
    """What the holder of a key may do beyond looking forms up; no scope contains another."""

    RENDER = "render"
    ISSUE = "issue"
    REVOKE = "revoke"
    ADMIN = "admin"


class KeyFileError(DocgenError):
    """The data folder or its key file cannot be used as it stands."""

    code = "keys-unusable"


@dataclass(frozen=True, slots=True)
class Key:
    """One key without its secret."""

    id: str
    digest: bytes
    scopes: frozenset[Scope]
    created: str

    def record(self) -> dict[str, object]:
        """Return what the file says about the key."""
        return {
            "id": self.id,
            "sha256": self.digest.hex(),
            "scopes": sorted(self.scopes),
            "created": self.created,
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read a key back; ValueError, KeyError or TypeError where the record is damaged."""
        return cls(
            str(record["id"]),
            bytes.fromhex(record["sha256"]),
            frozenset(Scope(scope) for scope in record["scopes"]),
            str(record["created"]),
        )


class Keyring:
    """The keys of one installation, read once when it starts."""

    def __init__(self, folder: Path) -> None:
        """Read the key file of a data folder; a folder without one has no keys yet."""
        self.file = folder / FILE_NAME
        self._keys = _read(self.file)

    def __len__(self) -> int:
        """Return how many keys there are."""
        return len(self._keys)

    def find(self, text: str) -> Key | None:
        """Return the key that this text is, or None. Takes as long for a wrong identifier as for a wrong secret."""
        shape = _SHAPE.fullmatch(text)
        if shape is None:
            return None
        key = self._keys.get(shape[1])
        given = hashlib.sha256(shape[2].encode()).digest()
        same = hmac.compare_digest(given, key.digest if key else _NOBODY)
        return key if same else None

    def add(self, *scopes: Scope) -> str:
        """Make a key, store its digest, and return its text: the only time that the secret is known."""
        secret = secrets.token_hex(32)
        created = datetime.now(UTC).isoformat(timespec="seconds")
        with _locked(self.file):
            keys = _read(self.file)
            identifier = _unused(keys)
            digest = hashlib.sha256(secret.encode()).digest()
            keys[identifier] = Key(identifier, digest, frozenset(scopes), created)
            _replace(self.file, {"keys": [key.record() for key in keys.values()]})
        self._keys = keys
        return f"dgk_{identifier}_{secret}"


def open_folder(folder: Path) -> Path:
    """Make the data folder (0700) where it is missing, and return it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise KeyFileError(
            f"建不了数据目录 {folder}：{_why(error)}", "请检查上级目录的权限，或用 DOCGEN_DATA_DIR 指定另一个目录"
        ) from None
    return folder


def _unused(keys: Mapping[str, Key]) -> str:
    while (identifier := secrets.token_hex(4)) in keys:
        pass
    return identifier


def _read(file: Path) -> dict[str, Key]:
    try:
        with file.open(encoding="utf-8") as stream:
            mode = stat.S_IMODE(os.fstat(stream.fileno()).st_mode)
            if mode & 0o077:
                raise KeyFileError(
                    f"密钥文件 {file} 的权限是 {mode:04o}，本机其他用户也能读写它",
                    f"请执行 chmod 600 {file}；如果别人可能已经读过它，请删除后重新启动，以生成新的密钥",
                )
            records = json.load(stream)["keys"]
        return {key.id: key for key in map(Key.from_record, records)}
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise KeyFileError(f"读不了密钥文件 {file}：{_why(error)}", "请检查它的所有者和权限") from None
    except (ValueError, KeyError, TypeError):
        raise KeyFileError(
            f"密钥文件 {file} 已损坏", "请从备份恢复；没有备份就删除它再启动，会生成一把新密钥，旧密钥全部失效"
        ) from None


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    """Keep two processes that start at once from overwriting each other's key."""
    try:
        handle = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise KeyFileError(f"打不开数据目录 {file.parent}：{_why(error)}", "请检查它的所有者和权限") from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _replace(file: Path, content: object) -> None:
    """Write a file that only its owner can read, all or nothing, and on the disk when this returns."""
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
        raise KeyFileError(f"写不了密钥文件 {file}：{_why(error)}", "请检查磁盘空间和数据目录的权限") from None


def _why(error: OSError) -> str:
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
