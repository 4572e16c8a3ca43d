"""What every bench shares: one measured line, fresh processes, medians, processor time and memory, what is written."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

OUT: Final = Path(os.environ.get("BENCH_OUT") or Path(__file__).resolve().parents[1] / "out" / "bench")
FEW: Final = 0.01
"""Seconds below which hundredths of a millisecond are told."""
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_HEAD: Final = "| 工作 | 测得 | 要达到 | |\n|---|---|---|---|"
_TIMES: Final = slice(11, 15)
"""Of /proc/<pid>/stat behind the program's name: own time as user and in the kernel, the same of ended children."""
_TAIL: Final = """
import json
from bench.measuring import peak_mb
print(json.dumps({"peak": peak_mb(), "told": told}))
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


def at_most(value: float, goal: float) -> bool:
    """Tell whether a goal is reached that is an upper limit."""
    return value <= goal


def at_least(value: float, goal: float) -> bool:
    """Tell whether a goal is reached that is a lower limit."""
    return value >= goal


class Took(NamedTuple):
    """Seconds on the wall, and of the processor: these say the same on a machine that does something else beside."""

    wall: float
    busy: float

    def seconds(self) -> str:
        """Return both as they are told."""
        return f"{self.wall:.2f} 秒（处理器 {self.busy:.2f}）"

    def milliseconds(self) -> str:
        """Return both as they are told where they are small."""
        places = 2 if self.busy < FEW else 0
        return f"{self.wall * 1000:.{places}f} 毫秒（处理器 {self.busy * 1000:.{places}f}）"


def timed(work: Callable[[], object]) -> Took:
    """Return what one call takes."""
    others = _others()  # looking takes longer than some calls: it stays outside
    busy, start = time.process_time(), time.perf_counter()
    work()
    wall, busy = time.perf_counter() - start, time.process_time() - busy
    return Took(wall, busy + _others() - others)


def median(work: Callable[[], object], runs: int) -> Took:
    """Return the median of what a call takes, after one that warms up."""
    work()
    walls, busy = zip(*(timed(work) for _ in range(runs)), strict=True)
    return Took(statistics.median(walls), statistics.median(busy))


def fresh(code: str) -> tuple[float, float, Any]:
    """Run code in a process of its own; return its seconds, its peak MB and what it put into ``told``."""
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", f"told = None\n{code}\n{_TAIL}"], check=True, capture_output=True)
    seconds = time.perf_counter() - start
    said = json.loads(done.stdout.splitlines()[-1])
    return seconds, float(said["peak"]), said["told"]


# --- Processor time and memory, of this process and of those that it started ------------------------------------------


def family(pid: int) -> list[int]:
    """Return a process and all that it started, as far as they live."""
    found = [pid]
    with suppress(OSError):  # it may end while we look
        for path in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in path.read_text(encoding="ascii").split():
                found += family(int(child))
    return found


def busy_seconds() -> float:
    """Return the processor seconds of this process and of all that it started."""
    return time.process_time() + _others()


def busy_of(pid: int) -> float:
    """Return the processor seconds of a process and of all that it started."""
    return sum(map(_seconds, family(pid)))


def _others() -> float:
    told = os.times()
    return told.children_user + told.children_system + sum(map(_seconds, family(os.getpid())[1:]))


def _seconds(pid: int) -> float:
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0.0
    return sum(map(int, told.rpartition(")")[2].split()[_TIMES])) / _TICKS


def peak_mb(pid: int | None = None) -> float:
    """Return the most memory that a process ever held: getrusage would also tell of the parent that forked it."""
    return _memory("VmHWM", pid)


def resident_mb() -> float:
    """Return the memory that this process holds."""
    return _memory("VmRSS")


def _memory(name: str, pid: int | None = None) -> float:
    try:
        status = Path(f"/proc/{pid or 'self'}/status").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith(name)), 0.0)


# --- What is told -----------------------------------------------------------------------------------------------------


def machine(*packages: str) -> str:
    """Say what was measured on, with the versions of these packages as far as they are installed."""
    known = {name: version for name in packages if (version := _version(name))}
    told = "，".join(f"{name} {version}" for name, version in {"Python": platform.python_version(), **known}.items())
    return f"{_processor()}，{os.cpu_count()} 核，负载 {os.getloadavg()[0]:.1f}；{told}"


def _version(package: str) -> str:
    with suppress(metadata.PackageNotFoundError):
        return metadata.version(package)
    return ""


def _processor() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def goals(lines: Sequence[Line]) -> str:
    """Return measured figures as a Markdown table."""
    return "\n".join([_HEAD, *(line.row() for line in lines)])


def told(lines: Iterable[Line]) -> list[Line]:
    """Print figures as they come; return them all."""
    print(_HEAD, flush=True)
    found = []
    for line in lines:
        found.append(line)
        print(line.row(), flush=True)
    return found


def keep_lines(name: str, lines: Sequence[Line], machine: str) -> None:
    """Write figures that were printed, with the machine that they are of."""
    note = f"\n{machine}。\n"
    print(note)
    keep(name, f"{goals(lines)}\n{note}", {"lines": [asdict(line) for line in lines], "machine": machine})


def keep(name: str, text: str, record: Mapping[str, object]) -> None:
    """Write what a part measured as ``out/bench/<name>.md`` and ``.json``."""
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / f"{name}.md").write_text(text, encoding="utf-8")
    (OUT / f"{name}.json").write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
