"""Being told to stop, whichever thread the system hands the signal to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

SCRIPT = """
import threading, time
from docgen.jobs import signals
stopped = signals.listen()
other = threading.Thread(target=time.sleep, args=(60,), daemon=True)
other.start()
print(other.native_id, flush=True)
signals.wait(stopped)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("to_main", [True, False])
def test_a_signal_that_another_thread_takes_ends_the_process(number: int, to_main: bool) -> None:  # noqa: FBT001  a case
    process = subprocess.Popen([sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    thread = int(process.stdout.readline())
    os.kill(process.pid if to_main else thread, number)
    try:
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.communicate()
