"""A roster from the file to the finished zip, as a person brings it: ``python -m bench.rosters [--rows 5000]``.

Login, upload, judging, terms, the last question, making, download: over HTTP at the staff pages, embedded (``docgen
serve`` alone, SQLite, a folder) and scaled (PostgreSQL, RabbitMQ, S3, two workers with one render process each, all
started here). The zip is checked. Writes ``out/bench/rosters.json`` and ``.md``; nothing is asserted.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import re
import tempfile
import time
import zipfile
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from openpyxl import Workbook

from bench import checking, installation, measuring
from bench.clerk import Clerk
from bench.installation import PUBLIC_URL
from bench.invented import circles

if TYPE_CHECKING:
    from collections.abc import Sequence

FORM: Final = "caq-2026/certificate-group"
HEAD: Final = ("序号", "组织名称（以公章为准）", "小组名称", "小组成员（10 人以内请用“、”隔开）")
"""The head of 附件 4."""
WORKERS: Final = 2
SAMPLE: Final = 20
"""Certificates of the zip that are looked at; the digests of all are compared with the manifest's."""
_LATEST_SECONDS: Final = 3_600
_LOOK_SECONDS: Final = 1.0
STEPS: Final = {
    "judged": "上传并核对",
    "settled": "写好颁发内容，再核对",
    "begun": "确认：编号、签名、登记",
    "made": "制作、复核、落盘、发布",
    "fetched": "取回 zip",
}


@dataclass
class Told:
    """What one size took: seconds of each step, the most memory of processes of a kind, MB, and what is wrong.

    ``busy`` are processor seconds of docgen's processes, without those of PostgreSQL, RabbitMQ and S3.
    """

    size: str
    rows: int
    seconds: dict[str, float] = field(default_factory=dict)
    busy: dict[str, float] = field(default_factory=dict)
    peak: dict[str, float] = field(default_factory=dict)
    bytes: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def whole(self) -> float:
        """Seconds from the upload until the zip is there."""
        return sum(self.seconds.values())

    def look(self, kind: str, pids: Sequence[int]) -> None:
        """Note how much memory processes have held so far."""
        self.peak[kind] = max([self.peak.get(kind, 0.0), *map(measuring.peak_mb, pids)])


def roster(rows: Sequence[tuple[str, str, str]]) -> bytes:
    """Return the roster as an association's clerk has it: an xlsx."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("名单")
    sheet.append(HEAD)
    for place, row in enumerate(rows, 1):
        sheet.append((place, *row))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


class _Watch:
    """Seconds of steps, one after the other; ``pids`` are the processes whose work counts."""

    def __init__(self, told: Told, pids: Sequence[int]) -> None:
        self._told, self._pids = told, pids
        self._start, self._busy = time.perf_counter(), self._worked()

    def _worked(self) -> float:
        return sum(map(measuring.busy_of, self._pids))

    def step(self, name: str) -> None:
        now, busy = time.perf_counter(), self._worked()
        self._told.seconds[name], self._told.busy[name] = now - self._start, busy - self._busy
        self._start, self._busy = now, busy


def carried(clerk: Clerk, told: Told, data: bytes, target: Path, look: Sequence[tuple[str, int]]) -> None:
    """Take a roster all the way at the staff pages; ``look`` are the processes that work on it: kind and id."""
    clerk.get("/staff/batches/new")
    watch = _Watch(told, [pid for _, pid in look])
    clerk.upload("/staff/batches/new", {"certificate": FORM}, "名单.xlsx", data)
    draft = clerk.path
    watch.step("judged")
    clerk.get(f"{draft}/terms")
    terms = {"title": "第一批", "decision": "云质协〔2026〕50号", "issued_on": "2026-10-30", "series": "CAQ-QC"}
    clerk.post(f"{draft}/terms", {**terms, "issuers": "云岭省质量协会"})
    watch.step("settled")
    clerk.post(f"{draft}/begin", {})
    batch = clerk.path
    watch.step("begun")
    for _ in installation.until(_LATEST_SECONDS, every=_LOOK_SECONDS):
        for kind, pid in look:
            told.look(kind, [pid])
            told.look("制作进程", measuring.family(pid)[1:])
        clerk.get(f"{batch}/progress")
        if "HX-Refresh" in clerk.headers:
            break
    watch.step("made")
    clerk.download(f"{batch}/archive.zip", target)
    watch.step("fetched")
    for kind, pid in look:
        told.look(kind, [pid])


def faults(path: Path, rows: Sequence[tuple[str, str, str]], folder: Path) -> list[str]:
    """Return what is wrong with the zip of a batch; every document's digest, and a sample of pages, are looked at."""
    with zipfile.ZipFile(path) as packed:
        names = [name for name in packed.namelist() if re.match(r"CAQ-QC-2026-\d+ ", name)]
        told = json.loads(packed.read("manifest.json"))["files"]
        wrong = [] if len(names) == len(told) == len(rows) else [f"{len(names)} documents of {len(rows)} rows"]
        wrong += [
            f"{one['name']}: not what was kept"
            for one in told
            if hashlib.sha256(packed.read(one["name"])).hexdigest() != one["sha256"]
        ]
        wrong += [f"{kind}: missing" for kind in ("证书索引", "report.xlsx") if kind not in "".join(packed.namelist())]
        for place in range(0, len(told), max(1, len(told) // SAMPLE)):
            one, (organisation, circle, _) = told[place], rows[place]
            page = folder / f"{one['number']}.pdf"
            page.write_bytes(packed.read(one["name"]))
            url = f"{PUBLIC_URL}/C/{one['code'].replace('-', '')}"
            wrong += checking.faults(page, (organisation, circle, one["number"]), url)
    return wrong


def measured(size: str, rows: int, folder: Path) -> Told:
    """Measure one size, ``embedded`` or ``scaled``, in a folder of its own."""
    folder.mkdir()
    told, given, target = Told(size, rows), circles(rows), folder / "batch.zip"
    with ExitStack() as running:
        settings = {"public_url": PUBLIC_URL}
        look: list[tuple[str, int]] = []
        if size == "scaled":
            settings |= {**running.enter_context(installation.scaled()), "render_processes": "1"}
        server = running.enter_context(installation.serving(folder, **settings))
        look.append(("服务进程", server.process.pid))
        if size == "scaled":
            workers = running.enter_context(installation.working(folder, WORKERS, **settings))
            look += [("worker", worker.pid) for worker in workers]
        clerk = Clerk(server.port)
        clerk.begin(server.first_link)
        carried(clerk, told, roster(given), target, look)
    told.bytes = target.stat().st_size
    told.wrong = faults(target, given, folder)
    return told


def report(found: Sequence[Told]) -> str:
    """Return what was measured as Markdown."""
    titles = {"embedded": "单机（SQLite、文件夹）", "scaled": f"PostgreSQL、RabbitMQ、S3，{WORKERS} 个 worker"}
    rows = [
        [title, *(f"{one.seconds[name]:.1f} 秒（处理器 {one.busy[name]:.1f}）" for one in found)]
        for name, title in STEPS.items()
    ]
    rows.append(["从上传到 zip 在手", *(f"{one.whole:.1f} 秒（处理器 {sum(one.busy.values()):.1f}）" for one in found)])
    rows.append(["每秒份数，全程", *(f"{one.rows / one.whole:.0f}" for one in found)])
    rows.append(["每秒份数，制作", *(f"{one.rows / one.seconds['made']:.0f}" for one in found)])
    kinds = list(dict.fromkeys(kind for one in found for kind in one.peak))
    rows += [
        [f"内存，{kind}，最大的一个", *(f"{one.peak[kind]:.0f} MB" if kind in one.peak else "" for one in found)]
        for kind in kinds
    ]
    rows.append(["zip 的大小", *(f"{one.bytes / 1e6:.1f} MB" for one in found)])
    heads = [f"{found[0].rows:,} 行的名单", *(titles[one.size] for one in found)]
    wrong = [one for each in found for one in each.wrong]
    sample = min(SAMPLE, found[0].rows)
    good = f"份数、全部摘要；约 {sample} 份能打开、名称可选中、二维码可读、字体嵌入"
    return f"{measuring.table(heads, rows)}\n\n{measuring.machine('weasyprint')}。\n检查：{'、'.join(wrong) or good}\n"


def main() -> None:
    """Measure both sizes."""
    asked = argparse.ArgumentParser(prog="python -m bench.rosters", description=__doc__)
    asked.add_argument("--rows", type=int, default=5_000)
    asked.add_argument("--size", choices=["embedded", "scaled"], help="only one of both")
    given = asked.parse_args()
    installation.end_in_order()
    with tempfile.TemporaryDirectory(prefix="docgen-bench-") as name:
        sizes = [given.size] if given.size else ["embedded", "scaled"]
        found = [measured(size, given.rows, Path(name) / size) for size in sizes]
    text = report(found)
    measuring.keep("rosters", text, {"sizes": [asdict(one) for one in found]})
    print(text)


if __name__ == "__main__":
    main()
