"""Standard output and standard error: UTF-8 whatever the locale, and no control characters of others."""

from __future__ import annotations

import io
import os
import re
import sys
import unicodedata
from typing import TYPE_CHECKING, Final, TextIO

from docgen.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Sequence

_UNSAFE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udc7f\udd00-\udfff]"
)
"""What could move the cursor, turn text around or break UTF-8. U+DC80 to U+DCFF are bytes of the command line."""


def speak_utf8() -> None:
    """Write UTF-8 also where the locale names another encoding."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def say(text: str) -> None:
    """Write a result to standard output, at once, so that a failure to write is noticed here."""
    try:
        _write(sys.stdout, text)
    except BrokenPipeError:
        hush(sys.stdout)
        raise
    except OSError as error:
        hush(sys.stdout)
        raise OutputError("标准输出写不进去", "请检查磁盘空间，或换一个重定向的去处") from error


def complain(text: str) -> None:
    """Write to standard error; nobody can be told when that fails."""
    try:
        _write(sys.stderr, text)
    except OSError:
        hush(sys.stderr)


def hush(stream: TextIO | None) -> None:
    """Send what is still unwritten nowhere, so that Python does not complain about it when it ends."""
    if isinstance(stream, io.TextIOWrapper):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def width(text: str) -> int:
    """Return the columns that a text takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1 for char in text)


def aligned(rows: Sequence[tuple[str, ...]]) -> str:
    """Return rows as columns; the last one is not padded."""
    widths = [max(width(cell) for cell in column) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell + " " * (room - width(cell)) for cell, room in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _write(stream: TextIO | None, text: str) -> None:
    if stream is None:  # closed by the caller: 1>&-
        return
    safe = _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    stream.write(safe.encode("utf-8", "surrogateescape").decode("utf-8", "replace") + "\n")
    stream.flush()
