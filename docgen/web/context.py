"""What every request of one running application shares."""

from __future__ import annotations

import math
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import current_app

from docgen.errors import BusyError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docgen.issuing.registry import Registry
    from docgen.jobs.engine import Engine
    from docgen.settings import Settings
    from docgen.store.keys import Keyring
    from docgen.web.operations import Operations
    from docgen.web.readiness import Readiness

EXTENSION: Final = "docgen"


def most_threads(slots: int) -> int:
    """Return how many requests may render or wait for a slot: as many wait as render, more are sent away at once."""
    return 2 * slots


class RenderSlots:
    """At most so many renders at once; who does not get a slot in time is told to come back."""

    def __init__(self, count: int, wait_seconds: float) -> None:
        """Open ``count`` slots."""
        self._free = threading.BoundedSemaphore(count)
        self._room = threading.BoundedSemaphore(most_threads(count))
        self._wait_seconds = wait_seconds

    @property
    def retry_seconds(self) -> int:
        """When to come back, in whole seconds."""
        return max(1, math.ceil(self._wait_seconds))

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold a slot; BusyError when none is free in time."""
        with self._held(self._room, 0), self._held(self._free, self._wait_seconds):
            yield

    @contextmanager
    def _held(self, semaphore: threading.BoundedSemaphore, seconds: float) -> Iterator[None]:
        if not semaphore.acquire(timeout=seconds):
            raise BusyError("正在生成的文档已达上限", f"请在 {self.retry_seconds} 秒后重试")
        try:
            yield
        finally:
            semaphore.release()


@dataclass(frozen=True)
class Context:
    """What one application is made of. ``slots`` are for single documents, ``downloads`` for what a batch leaves."""

    settings: Settings
    registry: Registry
    engine: Engine
    slots: RenderSlots
    downloads: RenderSlots
    readiness: Readiness
    operations: Operations

    @property
    def keys(self) -> Keyring:
        """The API keys."""
        return self.registry.keyring


def context() -> Context:
    """Return the context of the application that serves the current request."""
    found: Context = current_app.extensions[EXTENSION]
    return found
