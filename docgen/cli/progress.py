"""How far a batch is, shown to whoever waits: a bar on a terminal, a line for every tenth elsewhere."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from docgen.cli import terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from docgen.jobs.runs import Progress

    Show = Callable[[Progress], None]


@contextmanager
def watching() -> Iterator[Show]:
    """Give a function that shows progress on standard error."""
    if sys.stderr and sys.stderr.isatty():
        with _bar() as show:
            yield show
    else:
        yield _lines()


@contextmanager
def _bar() -> Iterator[Show]:
    from rich.console import Console  # noqa: PLC0415  see commands.py
    from rich.progress import BarColumn, MofNCompleteColumn, TaskProgressColumn, TextColumn  # noqa: PLC0415  the same
    from rich.progress import Progress as Bar  # noqa: PLC0415  the same

    columns = (
        TextColumn("制作证书"),
        BarColumn(),
        MofNCompleteColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rest]}"),
    )
    with Bar(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=None, rest="")

        def show(progress: Progress) -> None:
            bar.update(task, total=progress.total, completed=_done(progress), rest=_rest(progress))

        yield show


def _lines() -> Show:
    """Return a function that writes a line whenever another tenth is done."""
    told = -1

    def show(progress: Progress) -> None:
        nonlocal told
        tenth = 10 * _done(progress) // max(1, progress.total)
        if tenth > told:
            told = tenth
            terminal.complain(f"制作证书 {_done(progress)}/{progress.total}　{_rest(progress)}".rstrip())

    return show


def _done(progress: Progress) -> int:
    return progress.made + progress.failed + progress.cancelled


def _rest(progress: Progress) -> str:
    """Say what is still to come, as far as anybody can know."""
    failed = f"失败 {progress.failed} 份　" if progress.failed else ""
    seconds = progress.remaining_seconds
    if not seconds:
        return failed
    minutes = f"{seconds // 60} 分 {seconds % 60} 秒" if seconds >= 60 else f"{seconds} 秒"  # noqa: PLR2004  a minute
    return f"{failed}大约还要 {minutes}"
