"""Backup and restore: records as text, documents, keys and marks in one folder that proves itself.

Records are read first, documents afterwards: whatever a record names was kept before it, so nothing is missing.
A backup of one kind of database can be restored into the other.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from docgen import __version__, clock
from docgen.certificates import states
from docgen.certificates.number import Number
from docgen.errors import DocgenError
from docgen.issuing import printing
from docgen.store import dump, events, filings, folder, records, signing
from docgen.store.files import MissingFileError
from docgen.store.marks import FILE_NAME as MARKS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from docgen.issuing.registry import Registry
    from docgen.store.database import Connection

_MANIFEST: Final = "manifest.json"
_RECORDS: Final = "records.jsonl"
_DOCUMENTS: Final = "documents"
_FORMAT: Final = 1


class BackupError(DocgenError):
    """A backup cannot be made, or is not whole."""

    code = "backup-refused"


@dataclass(frozen=True, slots=True)
class Saved:
    """What a backup holds; ``lacking`` are documents that the records name and the store no longer has."""

    certificates: int
    documents: int
    lacking: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back. ``highest`` is the last number of every series and year."""

    certificates: int
    documents: int
    highest: tuple[str, ...]


def save(registry: Registry, data_dir: Path, target: Path) -> Saved:
    """Write a backup into a folder that does not exist yet.

    Raises BackupError, FolderError, DatabaseError, or FileStoreError where documents cannot be read now.
    """
    if target.exists():
        raise BackupError(f"「{target}」已经存在", "请写一个还不存在的文件夹，备份不会覆盖任何东西")
    draft = target.with_name(f".{target.name}.part")
    try:
        shutil.rmtree(draft, ignore_errors=True)  # of a backup that was stopped
        return _saved(registry, data_dir, folder.open_folder(draft), target)
    except OSError as error:
        raise BackupError(f"备份写不下去：{folder.why(error)}", "请检查磁盘空间和权限，再执行一次") from None


def _saved(registry: Registry, data_dir: Path, draft: Path, target: Path) -> Saved:
    with registry.database.reading() as connection:
        revision = dump.revision(connection)
        with (draft / _RECORDS).open("wb") as stream:
            counts = dump.write(connection, stream)
            stream.flush()
            os.fsync(stream.fileno())
        digests = filings.digests(connection)
    lacking = sum(not _copied(registry, digest, draft) for digest in digests)
    _copy_private(data_dir, draft)
    told = {
        "format": _FORMAT,
        "docgen": __version__,
        "revision": revision,
        "made_at": clock.stamp(),
        "rows": counts,
        "files": {str(path.relative_to(draft)): _digest(path) for path in _files(draft)},
    }
    folder.replace_private(draft / _MANIFEST, told)
    os.sync()  # thousands of small files: once for all of them
    draft.rename(target)
    return Saved(counts["certificates"], len(digests) - lacking, lacking)


def restore(registry: Registry, data_dir: Path, source: Path, told: Callable[[str], None]) -> Restored:
    """Bring a backup back into an empty installation and look at every record.

    Records come last, all or none: whatever stops it before, the same call again goes on.
    Raises BackupError, FolderError or DatabaseError.
    """
    try:
        return _restored(registry, data_dir, source, told)
    except OSError as error:
        raise BackupError(f"备份读不下去，或写不下去：{folder.why(error)}", "请检查磁盘和权限，再执行一次") from None


def _restored(registry: Registry, data_dir: Path, source: Path, told: Callable[[str], None]) -> Restored:
    manifest = _whole(source)
    with registry.database.reading() as connection:
        _refuse_unless_fit(connection, manifest)
    told("备份完整，正在恢复文档")
    kept = 0
    for path in _files(source / _DOCUMENTS):
        registry.files.keep(path.read_bytes())
        kept += 1
    _bring_private(source, data_dir)
    told("文档已恢复，正在恢复记录并逐条核对签名")
    with registry.database.writing() as connection:
        _refuse_unless_fit(connection, manifest)
        dump.clear(connection)
        try:
            with (source / _RECORDS).open("rb") as stream:
                counts = dump.read(connection, stream)
        except dump.DumpError:
            raise BackupError("备份里的记录读不下去", "请换一份备份") from None
        if counts != manifest["rows"]:
            raise BackupError("恢复的行数与备份时不同", "请换一份备份")
        highest = _examined(connection)
    registry.marks.raise_to({(number.series, number.year): number.serial for number in highest})
    return Restored(counts["certificates"], kept, tuple(map(str, highest)))


def _refuse_unless_fit(connection: Connection, manifest: Mapping[str, Any]) -> None:
    if not dump.is_empty(connection):
        raise BackupError(
            "这里已经有记录，恢复会盖住它们", "请用 DOCGEN_DATA_DIR（和 DOCGEN_DATABASE_URL）指定空的位置"
        )
    if dump.revision(connection) != manifest["revision"]:
        raise BackupError(
            f"备份是 docgen {manifest['docgen']} 做的，数据库的结构与这个版本不同",
            "请先安装那个版本恢复，再升级；升级时会自动调整结构",
        )


def _whole(source: Path) -> dict[str, Any]:
    """Return the manifest of a backup in which every file is what it was; raises BackupError."""
    try:
        manifest: dict[str, Any] = json.loads((source / _MANIFEST).read_bytes())
        files = dict(manifest["files"])
    except (OSError, ValueError, KeyError, TypeError):
        raise BackupError(f"「{source}」不是 docgen 的备份，或没有做完", "请指定 docgen backup 写好的文件夹") from None
    found = {str(path.relative_to(source)) for path in _files(source)} - {_MANIFEST}
    if lacking := set(files) - found:
        raise BackupError(f"备份里少了 {len(lacking)} 个文件，第一个是 {min(lacking)}", "请换一份备份")
    for name, digest in files.items():
        if _digest(source / name) != digest:
            raise BackupError(f"备份里的文件 {name} 与备份时不同", "请换一份备份")
    return manifest


def _examined(connection: Connection) -> list[Number]:
    """Look at every certificate: its signature, its history, and that no counter stands below a number given out."""
    highest: dict[tuple[str, int], int] = {}
    keys = signing.key_table(connection)
    for one in records.every(connection):
        if printing.witnessed(keys, one) is None:
            raise BackupError(f"备份里证书 {one.number} 的内容与签名不符", "请换一份备份，并查明是谁改过数据库")
        number = Number.parse(one.number)
        if number is None or states.standing(events.chains(connection, [one.id])[one.id]) is None:
            raise BackupError(f"备份里证书 {one.number} 的经过不连贯", "请换一份备份，并查明是谁改过数据库")
        place = (number.series, number.year)
        highest[place] = max(number.serial, highest.get(place, 0))
    return [Number(series, year, serial) for (series, year), serial in sorted(highest.items())]


def _copied(registry: Registry, digest: str, draft: Path) -> bool:
    try:
        data = registry.files.get(digest)
    except MissingFileError:
        return False
    place = draft / _DOCUMENTS / digest[:2]
    place.mkdir(parents=True, exist_ok=True)
    (place / digest[2:]).write_bytes(data)
    return True


def _copy_private(data_dir: Path, draft: Path) -> None:
    """Copy keys and marks; they stay as private as they were."""
    if (data_dir / signing.FOLDER).is_dir():
        shutil.copytree(data_dir / signing.FOLDER, draft / signing.FOLDER)
    if (data_dir / MARKS).is_file():
        shutil.copy2(data_dir / MARKS, draft / MARKS)


def _bring_private(source: Path, data_dir: Path) -> None:
    if (source / signing.FOLDER).is_dir():
        shutil.copytree(source / signing.FOLDER, data_dir / signing.FOLDER, dirs_exist_ok=True)
    if (source / MARKS).is_file() and not (data_dir / MARKS).exists():
        shutil.copy2(source / MARKS, data_dir / MARKS)


def _files(place: Path) -> Iterator[Path]:
    return (path for path in sorted(place.rglob("*")) if path.is_file())


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
