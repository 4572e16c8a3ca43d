"""The highest numbers ever given out, kept beside the database: a restored backup must not issue them again.

The marks are written after the database has committed. A crash in between leaves a mark behind the database, which
does no harm; a database behind its mark can only be an old one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from docgen.store import folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE_NAME: Final = "numbers.json"
_REMEDY: Final = "请从备份恢复这个文件；没有备份时请核对已打印证书的最大编号，再删除这个文件"


class Marks:
    """Series and year to the last serial, in ``numbers.json``."""

    def __init__(self, data_dir: Path) -> None:
        """Use the file in the data folder."""
        self._file = data_dir / FILE_NAME

    def last(self, series: str, year: int) -> int:
        """Return the highest serial known to have been given out, 0 where none is."""
        return self._read().get(f"{series}-{year}", 0)

    def raise_to(self, given: Mapping[tuple[str, int], int]) -> None:
        """Remember what a committed transaction gave out."""
        with folder.locked(self._file.parent):
            known = self._read()
            raised = {f"{series}-{year}": serial for (series, year), serial in given.items()}
            marks = known | {name: max(serial, known.get(name, 0)) for name, serial in raised.items()}
            if marks != known:
                folder.replace_private(self._file, marks)

    def _read(self) -> dict[str, int]:
        told = folder.read_private(self._file, _REMEDY)
        if told is None:
            return {}
        if not isinstance(told, dict) or not all(isinstance(serial, int) for serial in told.values()):
            raise folder.FolderError(f"文件 {self._file} 已损坏", _REMEDY)
        return dict(told)
