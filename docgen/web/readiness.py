"""Whether this installation can make documents now: what ``docgen doctor`` examines, told in short."""

from __future__ import annotations

import threading
from time import monotonic
from typing import Final

_KEPT_SECONDS: Final = 10
"""An examination checks every template; everyone may ask, so it is not made anew for every request."""


class Readiness:
    """The last examination and when it was made."""

    def __init__(self) -> None:
        """Start without one."""
        self._lock = threading.Lock()
        self._faulty: tuple[str, ...] = ()
        self._until = 0.0

    def faulty_parts(self) -> tuple[str, ...]:
        """Return what keeps documents from being made, empty when nothing does.

        Only the parts are named: paths and versions stay with the command, which does not answer strangers.
        """
        with self._lock:
            if monotonic() >= self._until:
                self._faulty = _examined()
                self._until = monotonic() + _KEPT_SECONDS
            return self._faulty


def _examined() -> tuple[str, ...]:
    from docgen.doctor import examine  # noqa: PLC0415  it loads every engine, which must not delay the start

    return tuple(dict.fromkeys(diagnosis.name.partition(" ")[0] for diagnosis in examine() if not diagnosis.ok))
