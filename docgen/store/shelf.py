"""Copies of the Word templates in use, as files: what the database decided, every process on this machine can read.

A server or worker looks at the last decision when it starts and every few seconds (``docgen.jobs.house``). When there
is a new one, it writes the files that are in use, each as a whole, and removes those that no longer are. Render
processes only read: they look a form's file up at every document and keep what they compiled of it for as long as it
is the same file (``docgen.render.docx``). So a decision made on one machine holds on all of them within seconds, and
a document always names the version of the very bytes that it was made from.
"""

from __future__ import annotations

import hashlib
import os
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from docgen import folders
from docgen.store import templates
from docgen.store.folder import FolderError, why

if TYPE_CHECKING:
    from pathlib import Path

    from docgen.store.database import Database


class Shelf:
    """The folder of one installation on this machine."""

    def __init__(self, database: Database, data_dir: Path) -> None:
        """Use a database, and a folder below the data folder."""
        self._database = database
        self._folder = folders.shelf(data_dir)
        self._last = -1
        self._lock = threading.Lock()

    def sync(self) -> None:
        """Bring the files up to date; raises DatabaseError, or FolderError where they cannot be written."""
        with self._lock:
            with self._database.reading() as connection:
                last = templates.last(connection)
                if last == self._last:
                    return
                wanted = {form: one for form, one in templates.chosen(connection).items() if one.template is not None}
                lacking = {form: one for form, one in wanted.items() if not _is(self._path(form), one.sha256)}
                found = {form: templates.data(connection, form, one.template or 0) for form, one in lacking.items()}
            try:
                for form, data in found.items():
                    _write(self._path(form), data or b"")
                for path in self._folder.rglob("*.docx"):
                    if path.relative_to(self._folder).as_posix().removesuffix(".docx") not in wanted:
                        path.unlink(missing_ok=True)
            except OSError as error:
                raise FolderError(
                    f"写不了在用的 Word 模板：{why(error)}", f"请检查磁盘空间和文件夹 {self._folder} 的权限"
                ) from None
            self._last = last

    def _path(self, form: str) -> Path:
        return self._folder / f"{form}.docx"


def _is(path: Path, sha256: str) -> bool:
    with suppress(OSError):
        return hashlib.sha256(path.read_bytes()).hexdigest() == sha256
    return False


def _write(path: Path, data: bytes) -> None:
    """Write a file as a whole, so that nobody reads half of it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
