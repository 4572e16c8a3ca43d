"""Where the time of one stamped certificate goes, step by step: ``python -m bench.profile [--rows 1000]``.

Timers stand around docgen's own functions while certificates are made, on processor time; a step's time is without that
of the steps inside it. Beside them: the least that has to be done (two small faces packed), and what the release gate
takes to read a certificate again. Writes ``out/bench/profile.json`` and ``.md``; nothing is asserted.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from unittest import mock

from bench import _certificate_ways as ways
from bench import measuring

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

WARM: Final = 50
"""Certificates before those that count: tables of one host's codes, glyphs of common words."""
TURN: Final = 20
"""Certificates that are made at a stretch with timers, or without."""
TITLES: Final = {
    "values": "整理数据，填好要印的话",
    "fit": "选字号和行宽",
    "set": "排字（HarfBuzz、断行）",
    "paint": "写成页面内容",
    "code": "二维码",
    "cut": "裁剪字体（HarfBuzz）",
    "pack": "压缩（ISA-L）",
    "assemble": "拼成 PDF",
    "rest": "其余",
}


class Stages:
    """Seconds of steps; one that calls another does not count what that takes."""

    def __init__(self) -> None:
        """Begin outside of all steps."""
        self.spent: dict[str, float] = defaultdict(float)
        self._stack = ["rest"]
        self._mark = time.process_time()

    def _pass(self) -> None:
        now = time.process_time()
        self.spent[self._stack[-1]] += now - self._mark
        self._mark = now

    def timed(self, stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that does the same and tells how long it took."""

        def run(*given: Any, **named: Any) -> Any:
            self._pass()
            self._stack.append(stage)
            try:
                return work(*given, **named)
            finally:
                self._pass()
                self._stack.pop()

        return run

    def begin(self) -> None:
        """Forget what was measured so far."""
        self._pass()
        self.spent.clear()

    def end(self) -> None:
        """Count what is left."""
        self._pass()


def steps() -> list[tuple[str, Any, str]]:
    """Return where the timers stand: step, owner, name of the function."""
    from isal import isal_zlib

    from docgen.render import fitting, press, qr
    from docgen.render.stamp import fount, setting, writing

    return [
        ("values", press, "filled"),
        ("fit", fitting, "fit"),
        ("set", setting, "lines"),
        ("paint", setting, "page"),
        ("paint", writing, "content"),
        ("code", qr, "matrix"),
        ("code", qr.Matrix, "rows"),
        ("cut", fount, "cut"),
        ("pack", isal_zlib, "compress"),
        ("assemble", writing, "document"),
    ]


def staged(make: Callable[[ways.Row], bytes], rows: Sequence[ways.Row]) -> dict[str, float]:
    """Return the processor seconds of each step, of so many certificates."""
    stages = Stages()
    with ExitStack() as patched:
        for stage, owner, name in steps():
            timed = stages.timed(stage, getattr(owner, name))
            patched.enter_context(mock.patch.object(owner, name, timed))
        stages.begin()
        for row in rows:
            make(row)
        stages.end()
    return stages.spent


def alone(make: Callable[[ways.Row], object], rows: Sequence[ways.Row]) -> float:
    """Return the processor seconds of so many certificates without timers."""
    start = time.process_time()
    for row in rows:
        make(row)
    return time.process_time() - start


def both(make: Callable[[ways.Row], bytes], rows: Sequence[ways.Row]) -> tuple[float, dict[str, float]]:
    """Return the processor seconds of one certificate, whole and by step; every row is new to both.

    Some rows without timers and some with them by turns: what is kept of words that came before helps both alike.
    """
    whole, found = 0.0, dict.fromkeys(TITLES, 0.0)
    for start in range(0, len(rows), 2 * TURN):
        whole += alone(make, rows[start : start + TURN])
        for name, seconds in staged(make, rows[start + TURN : start + 2 * TURN]).items():
            found[name] += seconds
    half = len(rows) / 2
    return whole / half, {name: seconds / half for name, seconds in found.items()}


def read_again(pages: Sequence[bytes]) -> float:
    """Return the processor seconds that the release gate's reader takes for one certificate."""
    from docgen.render import inspection

    inspection.inspect(pages[0], pictures_only=True)
    start = time.process_time()
    for page in pages:
        inspection.inspect(page, pictures_only=True)
    return (time.process_time() - start) / len(pages)


def report(found: dict[str, float], more: dict[str, float]) -> str:
    """Return what was measured as Markdown."""
    whole = more["whole"]
    timed = sum(found.values())
    rows = [
        [title, f"{found[name] * 1e6:,.0f}", f"{found[name] / timed:.0%}"]
        for name, title in TITLES.items()
        if found[name] > 0
    ]
    rows.append(["**一份证书，不带计时器**", f"**{whole * 1e6:,.0f}**", ""])
    for name, title in (("floor", "下限：zlib 6 压缩两个小字体"), ("floor_isal", "下限，改用 ISA-L")):
        rows.append([title, f"{more[name] * 1e6:,.0f}", f"是一份的 {more[name] / whole:.0%}"])
    rows.append(["发布前再读一遍（文字、二维码）", f"{more['gate'] * 1e6:,.0f}", "不在上面"])
    note = f"计时器本身让一份多用 {(timed / whole - 1):.0%}。{measuring.machine('uharfbuzz', 'isal')}。"
    return f"{measuring.table(['步骤', '处理器微秒/份', '占比'], rows)}\n\n{note}\n"


def main() -> None:
    """Measure one process and print."""
    asked = argparse.ArgumentParser(prog="python -m bench.profile", description=__doc__)
    asked.add_argument("--rows", type=int, default=1000, help=f"with timers, and as many without; whole {TURN}s")
    count = -(-asked.parse_args().rows // TURN) * TURN
    with tempfile.TemporaryDirectory(prefix="docgen-bench-") as name:
        folder = Path(name)
        ways.write(folder, WARM + 2 * count)
        make, given = ways.stamped(folder), ways.read(folder, 0, WARM + 2 * count)
        for row in given[:WARM]:
            make(row)
        whole, found = both(make, given[WARM:])
        more = {"whole": whole}
        for floor in ("floor", "floor_isal"):
            more[floor] = alone(ways.WAYS[floor](folder), given) / len(given)
        more["gate"] = read_again([make(row) for row in given[: max(1, count // 10)]])
    text = report(found, more)
    measuring.keep("profile", text, {"steps": found, **more, "machine": measuring.machine()})
    print(text)


if __name__ == "__main__":
    main()
