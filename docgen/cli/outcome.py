"""How a command ends: its exit code, and what is said when it did not do what was asked."""

from __future__ import annotations

import traceback
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

from docgen import __version__
from docgen.errors import (
    BusyFolderError,
    ConflictError,
    DocgenError,
    Fault,
    FormatError,
    OrganisationError,
    OutputError,
    SettingsError,
    SubmissionError,
    TemplateError,
    TemplateFinding,
    UnknownCertificateError,
    UnknownFormError,
    UnreadableInputError,
)
from docgen.paths import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docgen.reading.result import ReadingProblem


class Code(IntEnum):
    """Exit codes; the last two are what a shell reports for a command that a signal ended."""

    DONE = 0
    AT_FAULT = 1
    """The submission, the template that was to be checked, or the state of a certificate."""
    WRONG_USE = 2
    OUR_FAULT = 3
    INTERRUPTED = 130
    READER_GONE = 141


def code_of(error: DocgenError) -> Code:
    """Return the exit code of an error."""
    if isinstance(error, SubmissionError | UnreadableInputError | ConflictError):
        return Code.AT_FAULT
    if isinstance(
        error,
        UnknownFormError
        | UnknownCertificateError
        | OrganisationError
        | FormatError
        | OutputError
        | SettingsError
        | BusyFolderError,
    ):
        return Code.WRONG_USE
    return Code.OUR_FAULT


def told(error: DocgenError) -> str:
    """Return an error as people read it: what failed, every place, the remedy."""
    lines = [f"错误：{error.detail}"]
    if isinstance(error, SubmissionError):
        lines += fault_lines(error.faults)
    if isinstance(error, TemplateError):
        lines += finding_lines(error.findings)
    if error.remedy:
        lines.append(f"办法：{error.remedy}")
    return "\n".join(lines)


def confession(error: Exception) -> str:
    """Return one sentence about a bug: where it is, never its message, which may hold a person's data."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(PACKAGE)]
    place = f"{Path(ours[-1].filename).relative_to(PACKAGE.parent)}:{ours[-1].lineno}" if ours else "docgen 之外"
    return (
        f"错误：docgen 内部出错（{type(error).__name__}，{place}，版本 {__version__}），没有完成；"
        "请先运行 docgen doctor 自查，仍不能解决时把本行文字和所用的命令报给维护者，不要附填报数据"
    )


def fault_lines(faults: Iterable[Fault]) -> list[str]:
    """Return every fault with label, pointer, what to do, and the notice's sentence where there is one."""
    lines: list[str] = []
    for number, fault in enumerate(faults, 1):
        lines.append(f"{number}. {placed(fault.label, fault.pointer)}：{fault.detail}")
        if fault.sentence:
            lines.append(f"   通知原文（{fault.rule}）：{fault.sentence}")
    return lines


def finding_lines(findings: Iterable[TemplateFinding]) -> list[str]:
    """Return every finding about a template with its place and remedy."""
    lines: list[str] = []
    for number, finding in enumerate(findings, 1):
        lines.append(f"{number}. {finding.place}：{finding.detail}")
        lines.append(f"   办法：{finding.remedy}")
    return lines


def reading_lines(problems: Iterable[ReadingProblem]) -> list[str]:
    """Return what could not be read from a filled form, each with its place in the file and the remedy."""
    lines: list[str] = []
    for number, problem in enumerate(problems, 1):
        label = f"{placed(problem.label, problem.pointer)}，" if problem.label else ""
        lines.append(f"{number}. {label}{problem.place}：{problem.detail}")
        lines.append(f"   办法：{problem.remedy}")
    return lines


def placed(label: str, pointer: str) -> str:
    """Return a place for people and for whoever edits the JSON, on one line whatever a field was called."""
    return " ".join(f"{label}（{pointer}）".split()) if pointer else label
