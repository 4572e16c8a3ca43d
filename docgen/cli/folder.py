"""A folder of filled forms as one set of data: each file is one submission, named after its annex."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from docgen import service
from docgen.cli import files
from docgen.errors import UnreadableInputError, quoted
from docgen.forms.catalogue import forms_of, get_form
from docgen.render.gate import read_bounded

if TYPE_CHECKING:
    from pathlib import Path

    from docgen.forms.form import Notice

MOST_FILES: Final = 2_000
_IGNORED: Final = (".", "~$")
"""What file managers and Word leave behind."""


def read(path: Path, notice: Notice) -> object:
    """Return the data of one notice: a JSON file or ``-`` as it is, a folder as annex stem -> its submissions.

    Files are called ``application.json``, or ``application-1.json``, ``application-2.docx`` where there are several.
    Raises UnreadableInputError, which names the file.
    """
    return _folder(path, notice) if path.is_dir() else files.read(path, forms_of(notice))


def _folder(folder: Path, notice: Notice) -> dict[str, object]:
    try:
        found = [entry for entry in folder.iterdir() if not entry.name.startswith(_IGNORED)]
    except OSError:
        raise UnreadableInputError(f"文件夹「{folder}」打不开", "请检查读取权限") from None
    if not found:
        raise UnreadableInputError(f"文件夹「{folder}」是空的", "请放入各附件的填报数据，如 application-1.json")
    if len(found) > MOST_FILES:
        raise UnreadableInputError(f"文件夹「{folder}」里的文件超过 {MOST_FILES:,} 个", "请分几个文件夹，几次打包")
    named = sorted((*_annex(entry, notice), entry.name, entry) for entry in found)
    data: dict[str, list[object]] = {}
    for stem, _, _, entry in named:
        data.setdefault(stem, []).append(_submission(entry, stem, notice))
    return {stem: given[0] if len(given) == 1 else given for stem, given in data.items()}


def _annex(entry: Path, notice: Notice) -> tuple[str, int]:
    """Return the annex and the number in a file's name."""
    stems = [form.stem for form in forms_of(notice)]
    named = re.fullmatch(rf"({'|'.join(map(re.escape, stems))})(?:-(\d{{1,6}}))?", entry.stem, re.ASCII)
    if named is None or not entry.is_file():
        offer = f"文件名为附件的编号，有多份时加序号，如 {stems[0]}-1.json；可用的编号：{'、'.join(stems)}"
        raise UnreadableInputError(f"看不出文件夹里的{quoted(entry.name)}是哪个附件", offer)
    return named[1], int(named[2] or 0)


def _submission(entry: Path, stem: str, notice: Notice) -> object:
    """Return the submission that a file holds: JSON, or a form filled in Word or Excel."""
    fmt = entry.suffix.removeprefix(".").lower()
    if fmt not in {"json", *service.READABLE_FORMATS}:
        offer = "可用 .json，或填好的 .docx、.xlsx"
        raise UnreadableInputError(f"文件夹里的{quoted(entry.name)}不是能读的文件", offer)
    try:
        if fmt == "json":
            return files.read(entry, forms_of(notice))
        reading = service.read(read_bounded(entry), fmt, get_form(f"{notice.id}/{stem}"))
    except UnreadableInputError as error:
        raise UnreadableInputError(f"{quoted(entry.name)}：{error.detail}", error.remedy) from None
    if reading.problems:
        first = reading.problems[0]
        raise UnreadableInputError(
            f"{quoted(entry.name)}有 {len(reading.problems)} 处读不出，"
            f"第一处：{first.place}，{first.label or '本表'}：{first.detail}",
            f"请用 docgen read {entry.name} 查看全部，改好后重试",
        )
    return reading.submission
