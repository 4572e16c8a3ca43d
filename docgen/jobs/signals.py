"""Being told to stop: SIGTERM, or Ctrl+C."""

from __future__ import annotations

import signal
import threading
from typing import Final

_LOOK_SECONDS: Final = 0.5


def listen() -> threading.Event:
    """Return what is set when this process is told to stop; called by its main thread."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    return stopped


def wait(stopped: threading.Event) -> None:
    """Wait until this process is told to stop.

    The system may hand a signal to any thread, and Python handles it when the main thread goes on: one that waits
    without an end would never do so.
    """
    while not stopped.wait(_LOOK_SECONDS):
        pass
