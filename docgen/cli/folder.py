"""A folder of filled forms as one set of data: each file is one submission, named after its annex."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from docgen.cli import files
from docgen.errors import UnreadableInputError, quoted
from docgen.forms.catalogue import forms_of

if TYPE_CHECKING:
    from pathlib import Path

    from docgen.forms.form import Notice

MOST_FILES: Final = 2_000
_IGNORED: Final = (".", "~$")
"""What file managers and Word leave behind."""


def read(path: Path, notice: Notice) -> object:
    """Return the data of one notice: a JSON file or ``-`` as it is, a folder as annex stem -> its submissions.

    Files are called ``application.json``, or ``application-1.json``, ``application-2.json`` where there are several.
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
        data.setdefault(stem, []).append(_submission(entry, notice))
    return {stem: given[0] if len(given) == 1 else given for stem, given in data.items()}


def _annex(entry: Path, notice: Notice) -> tuple[str, int]:
    """Return the annex and the number in a file's name."""
    stems = [form.stem for form in forms_of(notice)]
    named = re.fullmatch(rf"({'|'.join(map(re.escape, stems))})(?:-(\d{{1,6}}))?", entry.stem, re.ASCII)
    if named is None or not entry.is_file():
        offer = f"文件名为附件的编号，有多份时加序号，如 {stems[0]}-1.json；可用的编号：{'、'.join(stems)}"
        raise UnreadableInputError(f"看不出文件夹里的{quoted(entry.name)}是哪个附件", offer)
    return named[1], int(named[2] or 0)


def _submission(entry: Path, notice: Notice) -> object:
    """Return the submission that a file holds: the one place that knows kinds of files."""
    if entry.suffix.lower() != ".json":
        raise UnreadableInputError(f"文件夹里的{quoted(entry.name)}不是 JSON 文件", "请另存为 UTF-8 编码的 .json")
    try:
        return files.read(entry, forms_of(notice))
    except UnreadableInputError as error:
        raise UnreadableInputError(f"{quoted(entry.name)}：{error.detail}", error.remedy) from None
