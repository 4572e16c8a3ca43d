"""Certificates in bulk beside other ways, in one run: ``python -m bench.certificates [--rows 1000] [--slow 40]``.

Every way runs in a process of its own. What it made is checked: it opens, its faces are embedded, the circle's name can
be selected, the code is read. Writes ``out/bench/certificates.json``, ``.md`` and ``.svg``. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Final

import pypdf
import pypdfium2
import zxingcpp

from bench import _certificate_ways as ways
from bench.measuring import Line, fresh

OUT: Final = Path(__file__).resolve().parents[1] / "out" / "bench"
LIMIT: Final = 1_500_000
_MERGED: Final = """
import sys, time
from pathlib import Path
from bench import _certificate_ways as ways
from docgen.render import html
from docgen.render.stamp import merging
from docgen.render.stamp.design import Sheet
template = f"{{ways.FORM}}@{{html.version(ways.FORM)}}"
sheets = [Sheet(ways.FORM, submission, issue, template) for submission, issue in ways.rows({rows})]
merging.merge(Path({path!r}), "x", sheets[:1])
start = time.perf_counter()
left = merging.merge(Path({path!r}), "全国优秀质量管理小组", sheets)
told = time.perf_counter() - start, len(left)
"""
TITLES: Final = {
    "stamped": "docgen，一个进程",
    "two": "docgen，两个进程",
    "kept": "WeasyPrint，字体和样式常驻",
    "naive": "WeasyPrint，按说明直接用",
    "typst": "typst，编译器常驻",
    "floor": "下限：压缩两个小字体并写出",
}


@dataclass(frozen=True, slots=True)
class Way:
    """What one way took. ``each`` is seconds a document after the first, ``busy`` processor seconds of it."""

    name: str
    first: float
    each: float
    busy: float
    bytes: float
    peak: float
    count: int

    def wall(self, rows: int) -> float:
        """Return the seconds of so many documents with the start; for slow ways it is reckoned."""
        return self.first + (rows - 1) * self.each


def run(name: str, rows: int, folder: Path) -> Way:
    """Run a way in a process of its own."""
    command = [sys.executable, "-m", ways.__name__, name, str(rows), str(folder), str(time.time())]
    told = json.loads(subprocess.run(command, check=True, capture_output=True).stdout.splitlines()[-1])
    rest = max(told["count"] - 1, 1)
    return Way(name, told["first"], told["rest"] / rest, told["busy"] / rest, told["bytes"], told["peak"], rows)


def two(rows: int, folder: Path) -> Way:
    """Run docgen in two processes at once."""
    start = str(time.time())
    command = [sys.executable, "-m", ways.__name__, "stamped", str(rows // 2), str(folder), start]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(2)]
    told = [json.loads(one.communicate()[0].splitlines()[-1]) for one in running]
    each = max(one["rest"] for one in told) / (rows - 2)
    first, peak = max(one["first"] for one in told), max(one["peak"] for one in told)
    return Way("two", first, each, sum(one["busy"] for one in told) / (rows - 2), told[0]["bytes"], peak, rows)


def faults(name: str, folder: Path) -> list[str]:
    """Return what is wrong with what a way made."""
    wrong = []
    for place, (submission, issue) in enumerate(ways.rows(ways.KEPT)):
        path = folder / f"{name}-{place}.pdf"
        if not path.exists():
            continue
        with pypdfium2.PdfDocument(path) as document:
            page = document[0]
            text = "".join(page.get_textpage().get_text_range().split())
            codes = [code.text for code in zxingcpp.read_barcodes(page.render(scale=150 / 72).to_pil())]
        if "".join(submission["group_name"].split()) not in text or issue["number"] not in text:
            wrong.append(f"{path.name}: words")
        if issue["url"] not in codes:
            wrong.append(f"{path.name}: code")
        if not _embedded(path):
            wrong.append(f"{path.name}: faces")
    return wrong


def _embedded(path: Path) -> bool:
    fonts = pypdf.PdfReader(path).pages[0]["/Resources"]["/Font"]  # type: ignore[index]  # a dictionary
    return all(
        re.search(
            r"/FontFile\d?", str(font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object())
        )
        for font in fonts.values()
    )


def goals(found: dict[str, Way], rows: int, merged: tuple[float, int]) -> list[Line]:
    """Return what was to be reached (performance.md, section 5), by processor time where a ratio compares work."""
    ours, both, naive, floor = found["stamped"], found["two"], found["naive"], found["floor"]
    lines = [
        _ratio("启动后，比直接用 WeasyPrint", naive.busy / ours.busy, 300),
        _ratio("启动后，比下限", floor.busy / ours.busy, 0.4),
        _ratio("两个进程比一个", ours.each / both.each, 1.8),
        _ratio(f"连启动 {rows:,} 份，比直接用 WeasyPrint", naive.wall(rows) / ours.wall(rows), 60),
        Line(f"合并 {rows:,} 份", f"{merged[0]:.2f} 秒，{merged[1]:,} 字节", "≤ 1.5 MB", merged[1] <= LIMIT),
        Line("每份大小", f"{ours.bytes:,.0f} 字节", "≤ 30,000", ours.bytes <= 30_000),  # noqa: PLR2004  the goal
        Line("内存", f"{ours.peak:.0f} MB", "≤ 200", ours.peak <= 200),  # noqa: PLR2004  the goal
        Line("新进程的第一份", f"{ours.first:.2f} 秒", "< 1.5", ours.first < 1.5),  # noqa: PLR2004  the goal
    ]
    if peer := found.get("typst"):
        lines.insert(1, _ratio("启动后，比 typst", peer.busy / ours.busy, 20))
        lines.insert(5, _ratio(f"连启动 {rows:,} 份，比 typst", peer.wall(rows) / ours.wall(rows), 4))
    return lines


def _ratio(work: str, ratio: float, goal: float) -> Line:
    return Line(work, f"{ratio:.3g} 倍", f"≥ {goal:g} 倍", ratio >= goal)


def table(found: dict[str, Way], rows: int) -> str:
    """Return the measured ways as a Markdown table."""
    lines = [
        f"| 做法 | 连启动 {rows:,} 份/秒 | 启动后 份/秒 | 每份处理器毫秒 | 第一份 秒 | 内存 MB | 每份字节 |",
        "|---|---|---|---|---|---|---|",
    ]
    reckoned = {one.name: "" if one.count == rows else f"（测 {one.count} 份，推算）" for one in found.values()}
    lines += [
        f"| {TITLES[one.name]}{reckoned[one.name]} | {rows / one.wall(rows):,.0f} "
        f"| {1 / one.each:,.0f} | {one.busy * 1000:.2f} | {one.first:.2f} | {one.peak:.0f} | {one.bytes:,.0f} |"
        for one in found.values()
    ]
    return "\n".join(lines)


def picture(found: dict[str, Way]) -> str:
    """Return cost against size as SVG: processor time a document, on a scale of powers of ten, against its bytes."""
    import math

    marks = []
    most = max(one.bytes for one in found.values()) * 1.1

    def level(power: float) -> float:
        return 360 - 80 * (power + 1.5)

    for one in found.values():
        x, y = 80 + 560 * one.bytes / most, level(math.log10(one.busy * 1000))
        words = f'<text x="{x + 9:.0f}" y="{y + 4:.0f}">{TITLES[one.name]}</text>'
        marks.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="5"/>{words}')
    scale = [
        f'<line x1="80" x2="880" y1="{level(power):.0f}" y2="{level(power):.0f}" stroke="#ccc"/>'
        f'<text x="70" y="{level(power) + 4:.0f}" text-anchor="end">{10.0**power:g} ms</text>'
        for power in range(-1, 3)
    ]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 400" font-family="sans-serif" font-size="13">'
        f'{"".join(scale + marks)}<text x="80" y="392">横：每份字节，到 {most:,.0f}；纵：处理器时间</text></svg>\n'
    )


def main() -> None:
    """Measure, check and write."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rows", type=int, default=1000)
    asked.add_argument("--slow", type=int, default=40)
    given = asked.parse_args()
    found: dict[str, Way] = {}
    wrong: list[str] = []
    skipped = [] if importlib.util.find_spec("typst") else ["typst"]
    with tempfile.TemporaryDirectory(prefix="docgen-bench-") as name:
        folder = Path(name)
        run("stamped", 2, folder)  # the proof of the template is kept, as in an installation
        for way in ("floor", "stamped", "two", "typst", "kept", "naive"):
            if way not in skipped:
                slow = given.slow if way in {"kept", "naive"} else given.rows
                found[way] = two(slow, folder) if way == "two" else run(way, slow, folder)
                wrong += [] if way in {"floor", "two"} else faults(way, folder)
        path = folder / "merged.pdf"
        _, peak, told = fresh(_MERGED.format(rows=given.rows, path=str(path)))
        merged = told[0], path.stat().st_size  # type: ignore[index]  # seconds and what was left
    versions = {one: metadata.version(one) for one in ("weasyprint", "uharfbuzz", "typst") if one not in skipped}
    machine = (
        f"{platform.processor() or platform.machine()}，{os.cpu_count()} 核，负载 {os.getloadavg()[0]:.1f}，{versions}"
    )
    lines = [table(found, given.rows), "", "| 目标 | 测得 | 要达到 | |", "|---|---|---|---|"]
    lines += [line.row() for line in goals(found, given.rows, merged)]
    lines += [
        "",
        f"合并时最多 {peak:.0f} MB。{machine}。没有测：{'、'.join(skipped) or '无'}、Carbone、Chromium、LibreOffice。",
    ]
    lines += [f"检查：{'、'.join(wrong) or '全部打开、字体嵌入、名称可选中、二维码可读'}"]
    text = "\n".join(lines) + "\n"
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "certificates.md").write_text(text, encoding="utf-8")
    (OUT / "certificates.svg").write_text(picture(found), encoding="utf-8")
    record = {"ways": {name: asdict(one) for name, one in found.items()}, "merged": merged, "wrong": wrong}
    (OUT / "certificates.json").write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
