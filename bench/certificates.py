"""Certificates in bulk beside other ways, in one run: ``python -m bench.certificates [--rows 1000] [--slow 40]``.

Every way runs in a process of its own. What it made is checked: it opens, its faces are embedded, the circle's name can
be selected, the code is read. Peers that are not installed are named as skipped (``bench.peers``). Writes
``out/bench/certificates.json``, ``.md`` and ``.svg``. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

import pypdfium2

from bench import _certificate_ways as ways
from bench import checking, measuring, peers
from bench.measuring import OUT, Line, at_least, at_most, fresh

LIMIT: Final = 1_500_000
SAMPLE: Final = 20
"""Pages of the merged file that are looked at."""
_MERGED: Final = """
import time
from pathlib import Path
from bench import _certificate_ways as ways
from docgen.render import html
from docgen.render.stamp import merging
from docgen.render.stamp.design import Sheet
template = f"{{ways.FORM}}@{{html.version(ways.FORM)}}"
given = ways.read(Path({folder!r}), 0, {rows})
sheets = [Sheet(ways.FORM, submission, issue, template) for submission, issue in given]
merging.merge(Path({path!r}), "x", sheets[:1])
start = time.perf_counter()
left = merging.merge(Path({path!r}), "全国优秀质量管理小组", sheets)
told = time.perf_counter() - start, len(left)
"""
TITLES: Final = {
    "stamped": "docgen，一个进程",
    "two": "docgen，两个进程",
    "floor": "下限：zlib 6 压缩两个小字体并写出",
    "floor_isal": "下限，改用 ISA-L 压缩",
    "typst": "typst，编译器常驻",
    "kept": "WeasyPrint，字体和样式常驻",
    "naive": "WeasyPrint，按说明直接用",
    "carbone": "Carbone + LibreOffice",
    "libreoffice": "docxtpl + LibreOffice，整批转换",
    "chromium": "Chromium page.pdf",
}
"""In the order in which they are measured and shown."""
NEEDS: Final = {"typst": "typst", "carbone": "carbone_pdf", "libreoffice": "libreoffice", "chromium": "chromium"}
"""What a way needs of ``peers.missing``."""
SLOW: Final = frozenset({"kept", "naive", "carbone", "libreoffice", "chromium"})
WARMED: Final = frozenset({"stamped", *NEEDS})
"""Ways that run once before: programs come from the disk, and the proof of our template is found, once a machine."""


@dataclass(frozen=True, slots=True)
class Way:
    """What one way took. ``each`` is seconds a document after the first, ``busy`` processor seconds of it.

    ``peak`` is the most memory in MB, ``begun`` the same for two documents, where that was measured.
    """

    name: str
    first: float
    each: float
    busy: float
    bytes: float
    peak: float
    count: int
    begun: float = 0.0

    def wall(self, rows: int) -> float:
        """Return the seconds of so many documents with the start; for slow ways it is reckoned."""
        return self.first + (rows - 1) * self.each


def run(name: str, rows: int, folder: Path) -> Way:
    """Run a way in a process of its own."""
    told = _told(_begun(name, folder, 0, rows))
    rest = max(told["count"] - 1, 1)
    return Way(name, told["first"], told["rest"] / rest, told["busy"] / rest, told["bytes"], told["peak"], rows)


def two(rows: int, folder: Path) -> Way:
    """Run docgen in two processes at once, each with one half of the rows."""
    half = rows // 2
    running = [_begun("stamped", folder, *part, "wait") for part in ((0, half), (half, rows))]
    for one in running:
        assert one.stdout  # noqa: S101  asked for below
        one.stdout.readline()
    for one in running:
        assert one.stdin  # noqa: S101  the same
        one.stdin.write(b"\n")
        one.stdin.flush()
    told = [_told(one) for one in running]
    each = max(one["rest"] for one in told) / (rows - 2)
    first, peak = max(one["first"] for one in told), max(one["peak"] for one in told)
    return Way("two", first, each, sum(one["busy"] for one in told) / (rows - 2), told[0]["bytes"], peak, rows)


def _begun(name: str, folder: Path, begin: int, end: int, *more: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", ways.__name__, name, str(folder), str(begin), str(end), str(time.time()), *more]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def _told(running: subprocess.Popen[bytes]) -> dict[str, float]:
    said, complaint = running.communicate()
    if running.returncode:
        sys.exit(complaint.decode())
    told: dict[str, float] = json.loads(said.splitlines()[-1])
    return told


def faults(folder: Path) -> list[str]:
    """Return what is wrong with the documents that were kept of every way, and take them away."""
    wrong = []
    for path in sorted(folder.glob("*-*.pdf")):
        name, _, place = path.stem.rpartition("-")
        if not name.startswith("floor"):
            wrong += _faults(path, ways.read(folder, int(place), int(place) + 1)[0])
        path.unlink()
    return wrong


def _faults(path: Path, row: ways.Row, page: int = 0) -> list[str]:
    submission, issue = row
    return checking.faults(
        path, (submission["org_name"], submission["group_name"], issue["number"]), issue["url"], page
    )


@dataclass(frozen=True, slots=True)
class Merged:
    """One PDF of all certificates."""

    seconds: float
    bytes: int
    peak: float
    wrong: list[str]


def merged(rows: int, folder: Path) -> Merged:
    """Make one PDF of all certificates and look at a sample of its pages."""
    path = folder / "merged.pdf"
    _, peak, told = fresh(_MERGED.format(rows=rows, folder=str(folder), path=str(path)))
    seconds, left = told
    with pypdfium2.PdfDocument(path) as document:
        pages = len(document)
    wrong = [] if pages == rows and not left else [f"{path.name}: {pages} pages of {rows}"]
    for place in range(0, pages, max(1, pages // SAMPLE)):
        wrong += _faults(path, ways.read(folder, place, place + 1)[0], place)
    return Merged(seconds, path.stat().st_size, peak, wrong)


def goals(found: dict[str, Way], rows: int, one: Merged) -> list[Line]:
    """Return what was to be reached (performance.md, section 5), by processor time where a ratio compares work."""
    ours, both, naive = found["stamped"], found["two"], found["naive"]
    peer = found.get("typst")
    lines = [_ratio("启动后，比直接用 WeasyPrint", naive.busy / ours.busy, 300)]
    lines += [_ratio("启动后，比 typst", peer.busy / ours.busy, 20)] if peer else []
    lines += [
        _ratio("启动后，比下限（zlib 6）", found["floor"].busy / ours.busy, 0.4),
        Line("启动后，比下限（ISA-L）", f"{found['floor_isal'].busy / ours.busy:.3g} 倍"),
        _ratio("两个进程比一个", ours.each / both.each, 1.8),
        _ratio(f"连启动 {rows:,} 份，比直接用 WeasyPrint", naive.wall(rows) / ours.wall(rows), 60),
    ]
    if peer:
        lines.append(_ratio(f"连启动 {rows:,} 份，比 typst", peer.wall(rows) / ours.wall(rows), 4))
        lines.append(_ratio("　模板已编译时（常驻的服务）", peer.wall(rows) / (rows * ours.each), 20))
    return [
        *lines,
        Line(f"合并 {rows:,} 份", f"{one.seconds:.2f} 秒，{one.bytes:,} 字节", "≤ 1.5 MB", at_most(one.bytes, LIMIT)),
        Line("每份大小", f"{ours.bytes:,.0f} 字节", "≤ 30,000", at_most(ours.bytes, 30_000)),
        Line("内存", f"{ours.peak:.0f} MB，两份时 {ours.begun:.0f} MB", "≤ 200", at_most(ours.peak, 200)),
        Line("新进程的第一份", f"{ours.first:.2f} 秒", "< 1.5", at_most(ours.first, 1.5)),
    ]


def _ratio(work: str, ratio: float, goal: float) -> Line:
    return Line(work, f"{ratio:.3g} 倍", f"≥ {goal:g} 倍", at_least(ratio, goal))


def table(found: dict[str, Way], rows: int) -> str:
    """Return the measured ways as a Markdown table."""
    naive = found["naive"]
    heads = [f"做法（{rows:,} 份，各一个文件）", "连启动 份/秒", "启动后 份/秒", "处理器毫秒/份", "× 直接用 WeasyPrint"]
    lines = [
        [
            TITLES[one.name] + ("" if one.count == rows else f"（测 {one.count} 份，推算）"),
            f"{rows / one.wall(rows):,.0f}",
            f"{1 / one.each:,.0f}",
            f"{one.busy * 1000:.2f}",
            f"{naive.busy / one.busy:.3g}",
            f"{one.first:.2f}",
            f"{one.peak:.0f}",
            f"{one.bytes:,.0f}",
        ]
        for one in found.values()
    ]
    return measuring.table([*heads, "第一份 秒", "内存 MB", "字节/份"], lines)


def picture(found: dict[str, Way]) -> str:
    """Return cost against size as SVG: processor time a document, on a scale of powers of ten, against its bytes."""
    most = max(one.bytes for one in found.values()) * 1.1

    def across(size: float) -> float:
        return 80 + 600 * size / most

    def level(seconds: float) -> float:
        return 360 - 80 * (math.log10(seconds * 1000) + 1.5)

    # Two processes cost what one does.
    places = {one.name: (across(one.bytes), level(one.busy)) for one in found.values() if one.name != "two"}
    marks = []
    free = 0.0
    for name, (x, y) in sorted(places.items(), key=lambda one: one[1][1]):
        crowded = any(20 < right - x < 220 and abs(its - y) < 16 for right, its in places.values())  # noqa: PLR2004  room of a label
        at, anchor = (x - 9, "end") if crowded else (x + 9, "start")
        line = y if crowded else max(y, free)
        free = free if crowded else line + 15
        words = f'<text x="{at:.0f}" y="{line + 4:.0f}" text-anchor="{anchor}">{TITLES[name]}</text>'
        colour = "#b3261e" if name == "stamped" else "#444"
        marks.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="5" fill="{colour}"/>{words}')
    scale = [
        f'<line x1="80" x2="880" y1="{level(10.0**power):.0f}" y2="{level(10.0**power):.0f}" stroke="#ccc"/>'
        f'<text x="70" y="{level(10.0**power) + 4:.0f}" text-anchor="end">{10.0 ** (power + 3):g} 毫秒</text>'
        for power in range(-4, 0)
    ]
    scale += [
        f'<line x1="{across(size):.0f}" x2="{across(size):.0f}" y1="20" y2="360" stroke="#eee"/>'
        f'<text x="{across(size):.0f}" y="376" text-anchor="middle">{size // 1000} kB</text>'
        for size in range(0, int(most), 10_000)
    ]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 400" font-family="sans-serif" font-size="13">'
        '<rect width="900" height="400" fill="#fff"/>'
        f'{"".join(scale + marks)}<text x="80" y="394">横：每份的大小；纵：每份的处理器时间</text></svg>\n'
    )


def measured(rows: int, slow: int, times: int, folder: Path) -> tuple[dict[str, Way], list[str]]:
    """Run every way that can run; return what each took, and what is wrong with what they made.

    Quick ways run so many ``times`` and the quickest counts: what a machine does beside only makes them slower.
    """
    found: dict[str, Way] = {}
    wrong: list[str] = []
    for way in TITLES:
        if NEEDS.get(way) in peers.missing():
            continue
        count = slow if way in SLOW else rows
        for _ in range(way in WARMED):
            run(way, 2, folder)
        few = run(way, 2, folder) if way == "stamped" else None
        if way == "two":
            found[way] = min((two(count, folder) for _ in range(times)), key=lambda one: one.each)
        else:
            best = min((run(way, count, folder) for _ in range(1 if way in SLOW else times)), key=lambda one: one.busy)
            found[way] = replace(best, begun=few.peak if few else 0.0)
        wrong += faults(folder)
    return found, wrong


def main() -> None:
    """Measure, check and write."""
    asked = argparse.ArgumentParser(prog="python -m bench.certificates", description=__doc__)
    asked.add_argument("--rows", type=int, default=1000)
    asked.add_argument("--slow", type=int, default=40, help="rows of the ways that take long; the rest is reckoned")
    asked.add_argument("--times", type=int, default=3, help="how often the other ways run")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="docgen-bench-") as name:
        folder = Path(name)
        ways.write(folder, max(given.rows, given.slow))
        found, wrong = measured(given.rows, given.slow, given.times, folder)
        one = merged(given.rows, folder)
    wrong += one.wrong
    skipped = [f"{TITLES[way]}（缺 {peers.missing()[what]}）" for way, what in NEEDS.items() if what in peers.missing()]
    good = f"每种做法的前 {ways.KEPT} 份和合并文件里的约 {SAMPLE} 页，全部打开、字体嵌入、名称可选中、二维码可读"
    notes = (
        f"合并时最多 {one.peak:.0f} MB。{measuring.machine('weasyprint', 'uharfbuzz', 'typst', 'docxtpl')}。"
        f"没有测：{'、'.join(skipped) or '无'}。推算的做法测一次，其余各测 {given.times} 次，取最快的一次。\n"
        f"检查：{'、'.join(wrong) or good}\n"
    )
    text = "\n\n".join([table(found, given.rows), measuring.goals(goals(found, given.rows, one)), notes])
    record = {"ways": {name: asdict(one) for name, one in found.items()}, "merged": asdict(one), "wrong": wrong}
    measuring.keep("certificates", text, record | {"machine": measuring.machine(), "skipped": skipped})
    (OUT / "certificates.svg").write_text(picture(found), encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
