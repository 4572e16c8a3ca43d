"""Runs the real command in a process of its own, as a person would."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
APPLICATION = "caq-2026/application"
IN_TIME = "2026-09-01"
"""A day on which the samples of caq-2026 are complete."""


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


def environment(**more: str) -> dict[str, str]:
    """Return an environment without the settings and the language of whoever runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DOCGEN_", "LC_", "LANG"))}
    return {**kept, "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", **more}


def docgen(
    folder: Path,
    *arguments: object,
    stdin: bytes = b"",
    env: dict[str, str] | None = None,
    before: Callable[[], None] | None = None,
) -> Ended:
    """Run ``docgen`` in a folder (``before`` runs in the new process); it must print UTF-8 and no stack trace."""
    done = subprocess.run(
        [sys.executable, "-m", "docgen", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        cwd=folder,
        env=environment(**(env or {})),
        timeout=120,
        check=False,
        preexec_fn=before,
    )
    ended = Ended(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in ended.err
    assert "Traceback" not in ended.out
    return ended


def heed_interrupts() -> None:
    """Undo what a shell does to jobs in the background, which would ignore SIGINT."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def application(**changes: object) -> dict[str, Any]:
    """Return the sample of caq-2026/application with some fields replaced."""
    text = (ROOT / "samples" / "caq-2026" / "application.json").read_text(encoding="utf-8")
    return {**json.loads(text), **changes}


def as_bytes(submission: object) -> bytes:
    """Return JSON in UTF-8; what UTF-8 cannot hold stands as an escape."""
    return json.dumps(submission).encode()
