"""A sign of life: a document made in pieces says after each that it goes on, so that a deadline can be for a piece."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_listeners: list[Callable[[], None]] = []


def listen(hear: Callable[[], None]) -> None:
    """Call a function at each sign of life of this process."""
    _listeners.append(hear)


def beat() -> None:
    """Give a sign of life."""
    for hear in _listeners:
        hear()
