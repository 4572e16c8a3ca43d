"""Logs: one JSON object a line on standard error, with named fields, and never a value of a person or a code.

Only our own lines are written: what a library says may hold a value of a submission, or a path with a code in it.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Final

_KNOWN: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
"""What every record has; the rest are a line's own fields."""


class _Lines(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; stack traces are written by whoever knows that they hold no values."""
        fields = {name: value for name, value in vars(record).items() if name not in _KNOWN}
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        return json.dumps(told | fields, ensure_ascii=False, default=str)


def begin() -> None:
    """Let this process write its log; what libraries say goes nowhere."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Lines())
    ours = logging.getLogger("docgen")
    ours.addHandler(handler)
    ours.setLevel(logging.INFO)
    ours.propagate = False
    silence()


def silence() -> None:
    """Let no log reach the terminal by itself: Python writes warnings that nobody handles to standard error."""
    logging.getLogger().addHandler(logging.NullHandler())


def begun() -> bool:
    """Tell whether this process writes a log, so that its render processes do too."""
    return any(isinstance(handler.formatter, _Lines) for handler in logging.getLogger("docgen").handlers)
