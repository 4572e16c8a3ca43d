"""What every bench shares: one measured line, a fresh process, medians, peak memory."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_TAIL: Final = """
import json
from pathlib import Path
status = Path("/proc/self/status").read_text()  # getrusage would tell of the parent that forked us
peak = next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))
print(json.dumps({"peak": peak, "told": told}))
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One measured figure beside what is to be reached. ``met`` is None where there is no goal."""

    work: str
    figure: str
    goal: str = ""
    met: bool | None = None

    def row(self) -> str:
        """Return the line as a row of a Markdown table."""
        mark = {True: "✓", False: "✗", None: ""}[self.met]
        return f"| {self.work} | {self.figure} | {self.goal} | {mark} |"


def median(work: Callable[[], object], runs: int) -> float:
    """Return the median seconds of a call, after one that warms up."""
    work()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def fresh(code: str) -> tuple[float, float, object]:
    """Run code in a process of its own; return its seconds, its peak MB and what it put into ``told``."""
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", f"told = None\n{code}\n{_TAIL}"], check=True, capture_output=True)
    seconds = time.perf_counter() - start
    said = json.loads(done.stdout.splitlines()[-1])
    return seconds, float(said["peak"]), said["told"]
