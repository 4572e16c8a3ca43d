"""What a registry of a million costs: ``python -m bench.registry [--count 1000000] [--folder DIR]``.

Fills a registry in SQLite with signed certificates, then measures issuing 10,000 rows in one transaction and the public
page as a client sees it: ``docgen serve`` on a core of its own, several kept connections from another process, hits
spread over the whole table. Measured at 10,000 first, to show what growing costs. Writes ``out/bench/registry.json``
and ``.md``; nothing is asserted.
"""

from __future__ import annotations

import argparse
import http.client
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bench import installation, measuring
from bench.installation import PUBLIC_URL
from bench.measuring import Line, Took, at_least, at_most, timed
from docgen.certificates.number import Number
from docgen.certificates.states import State
from docgen.issuing import orders, recording
from docgen.issuing.registry import Desk, open_registry
from docgen.settings import Settings
from docgen.store import numbering
from docgen.store.events import Step
from docgen.store.organisations import FIRST

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from docgen.certificates.signature import SigningKey
    from docgen.issuing.orders import Order

SERIES: Final = "BENCH"
DECISION: Final = "协字〔2026〕1号"
SMALL: Final = 10_000
REQUESTS: Final = 5_000
FIRST_ASKED: Final = 200
"""Requests before those that count."""
CONNECTIONS: Final = 4
CHUNK: Final = 10_000
SERIES_ROOM: Final = 500_000
WAYS: Final = {"application/json": "JSON", "text/html": "网页"}


def order(names: Sequence[str], decision: str = DECISION) -> dict[str, Any]:
    """Return an order of managers' certificates."""
    return {
        "certificate": "qinggong-2025/certificate-manager",
        "decision": decision,
        "series": "ISSUE",
        "shared": {"org_name": "云岭青瓷日用陶瓷股份有限公司", "issued_on": "2025-12-10"},
        "rows": [{"name": name, "ref": str(place)} for place, name in enumerate(names)],
    }


def fill(desk: Desk, first: int, last: int) -> None:
    """Add certificates with the numbers after ``first`` up to ``last``: real claims and signatures, no documents."""
    model = orders.read(order(["章启明"]))
    registry = desk.registry
    for start in range(first, last, CHUNK):
        end = min(start + CHUNK, last)
        with registry.database.writing() as connection:
            signer = registry.chest.current(connection, trial=registry.trial)
            before = _number(start)
            numbering.claim(connection, desk.organisation, before.series)
            numbering.last(connection, before.series, before.year)
            numbering.take(connection, before, end - start)
            cursor = connection.connection.cursor()
            key = ("INSERT INTO batches VALUES (?, ?, ?, '', ?, 'bench', '')", (start + 1, FIRST, f"{start}", "bench"))
            cursor.execute(*key)
            rows, told = zip(*_rows(desk, model, signer, start, end), strict=True)
            cursor.executemany("INSERT INTO certificates VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '')", rows)
            cursor.executemany("INSERT INTO holdings VALUES (?, ?)", [(row[7], row[0]) for row in rows])
            lives = [event for events in told for event in events]
            cursor.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, '', '')", lives)
        sys.stderr.write(f"\r{end:,} 份")
    sys.stderr.write("\n")


def _number(serial: int) -> Number:
    """Return the number of the certificate after so many others; a series has room for 999,999 a year."""
    return Number(f"{SERIES}{serial // SERIES_ROOM}", 2025, serial % SERIES_ROOM)


def _rows(desk: Desk, model: Order, signer: SigningKey, start: int, end: int) -> Iterator[tuple[Any, Any]]:
    (row,) = model.rows
    steps = (Step(State.PENDING, "bench"), Step(State.ISSUED, "bench"))
    at = "2025-12-10T00:00:00.000000+00:00"
    for serial in range(start + 1, end + 1):
        before = _number(serial - 1)
        number = Number(before.series, before.year, before.serial + 1)
        claims = recording.claims_of(desk, model, row, str(number))
        draft = recording.draft(claims, row, signer)
        identity = f"bench-{serial}"
        record = (serial, FIRST, start + 1, serial, draft.number, 1, draft.code, identity, draft.token)
        yield record, [(serial, place, step.state.value, at, step.actor) for place, step in enumerate(steps, 1)]


def issue(desk: Desk, rows: int, turn: int) -> tuple[Took, Took]:
    """Return what judging so many rows takes, and recording them in one transaction."""
    names = [f"章{place}" for place in range(rows)]
    judged: list[Order] = []
    judging = timed(lambda: judged.append(orders.read(order(names, f"协字〔2026〕{turn + 2}号"))))
    return judging, timed(lambda: recording.record(desk, judged[0], f"issue-{turn}"))


def _tool(name: str) -> str:
    found = shutil.which(name)
    if not found:
        sys.exit(f"{name} is missing")
    return found


def ask(port: int, codes: Sequence[str], accept: str) -> list[float]:
    """Return the seconds that each answer took on one kept connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    times = []
    for code in codes:
        start = time.perf_counter()
        connection.request("GET", f"/C/{code}", headers={"Accept": accept})
        answer = connection.getresponse()
        body = answer.read()
        times.append(time.perf_counter() - start)
        if answer.status != http.client.OK or "有效".encode() not in body:
            sys.exit(f"{answer.status}: {body[:200]!r}")
    connection.close()
    return times


def client(port: int, accept: str) -> None:
    """Ask for the codes on standard input over several connections; print requests a second and percentiles."""
    codes = sys.stdin.read().split()
    ask(port, codes[:FIRST_ASKED], accept)
    start = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        shares = pool.map(lambda share: ask(port, codes[share::CONNECTIONS], accept), range(CONNECTIONS))
        times = sorted(second for share in shares for second in share)
    wall = time.perf_counter() - start
    print(f"{len(times) / wall:.0f} {statistics.median(times) * 1000:.1f} {times[len(times) * 99 // 100] * 1000:.1f}")


def measure(folder: Path, desk: Desk, count: int) -> Iterator[Line]:
    """Walk what a verification costs with so many certificates."""
    chosen = random.Random(7).sample(range(1, count + 1), min(REQUESTS, count))  # noqa: S311  a sample, no secret
    codes: list[str] = []
    with desk.registry.database.reading() as connection:
        places = iter(chosen)
        while part := list(islice(places, 500)):
            asked = f"SELECT code FROM certificates WHERE id IN ({','.join(map(str, part))}) ORDER BY RANDOM()"  # noqa: S608  numbers
            codes += connection.exec_driver_sql(asked).scalars()
    with installation.serving(folder, [_tool("taskset"), "-c", "0"], public_url=PUBLIC_URL) as server:
        for accept in ("application/json", "text/html"):
            command = [_tool("taskset"), "-c", "1", sys.executable, "-m", "bench.registry", "--client"]
            busy = measuring.busy_of(server.process.pid)
            done = subprocess.run(
                [*command, str(server.port), accept],
                input="\n".join(codes),
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                sys.exit(done.stdout + done.stderr)
            rate, half, most = map(float, done.stdout.split())
            each = (measuring.busy_of(server.process.pid) - busy) / (len(codes) + len(codes[:FIRST_ASKED]))
            yield Line(
                f"核验 {count:,} 份中的一份，{WAYS[accept]}",
                f"{rate:,.0f} 次/秒，中位数 {half:.1f} 毫秒，p99 {most:.1f} 毫秒，处理器 {each * 1000:.2f} 毫秒/次",
                "≥ 500 次/秒，p99 < 30 毫秒",
                at_least(rate, 500) and at_most(most, 30),
            )
        yield Line(f"　服务进程的内存，{count:,} 份", f"{measuring.peak_mb(server.process.pid):,.0f} MB")


def figures(folder: Path, count: int) -> Iterator[Line]:
    """Walk the figures of a registry that grows to so many certificates; what is there already is used again."""
    data = folder / "data"
    desk = Desk(open_registry(Settings(data_dir=data, public_url=PUBLIC_URL)), FIRST, "cli:bench")
    with desk.registry.database.reading() as connection:
        there = int(connection.exec_driver_sql("SELECT COALESCE(MAX(id), 0) FROM certificates").scalar_one())
    for size in sorted({min(SMALL, count), count}):
        if there < size:
            start = time.perf_counter()
            fill(desk, there, size)
            rate = (size - there) / (time.perf_counter() - start)
            yield Line(f"签名并存入，到 {size:,} 份", f"{rate:,.0f} 份/秒")
            there = size
        yield from measure(folder, desk, size)
    rows = min(SMALL, count)
    judging, recorded = issue(desk, rows, random.randrange(10**6))  # noqa: S311  another order every time
    told = f"核对 {judging.seconds()}，一个事务里登记 {recorded.seconds()}"
    yield Line(f"颁发 {rows:,} 行：编号、查询码、签名", told, "< 5 秒", at_most(recorded.wall, 5))
    size = sum(file.stat().st_size for file in data.glob("docgen.sqlite3*"))
    yield Line(f"　数据库，{count:,} 份", f"{size / 1e6:,.0f} MB")
    yield Line("　登记用的内存", f"{measuring.peak_mb():.0f} MB")
    desk.registry.database.close()


def main() -> None:
    """Fill, measure and write."""
    parser = argparse.ArgumentParser(prog="python -m bench.registry", description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="keep the registry here; one that is there is used again")
    parser.add_argument("--client", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.client:
        client(int(given.client[0]), given.client[1])
        return
    with tempfile.TemporaryDirectory(prefix="docgen-bench-") as passing:
        folder = (given.folder or Path(passing)).absolute()
        found = measuring.told(figures(folder, given.count))
    measuring.keep_lines("registry", found, measuring.machine("sqlalchemy"))


if __name__ == "__main__":
    main()
