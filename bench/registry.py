"""What a registry of a million costs: ``python -m bench.registry [--count 1000000] [--folder DIR]``.

Fills a registry in SQLite with signed certificates, then measures issuing 10,000 rows in one transaction and the public
page as a client sees it: ``docgen serve`` on a core of its own, several kept connections from another process, hits
spread over the whole table. Measured at 10,000 first, to show what growing costs. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import resource
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

PUBLIC_URL: Final = "https://zs.example.org.cn"
SERIES: Final = "BENCH"
DECISION: Final = "协字〔2026〕1号"
SMALL: Final = 10_000
REQUESTS: Final = 5_000
CONNECTIONS: Final = 4
CHUNK: Final = 10_000
SERIES_ROOM: Final = 500_000
SERVE: Final = "from docgen.web.server import serve; serve('127.0.0.1', 0)"
"""``docgen serve`` on a free port."""


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
        print(f"\r{end:>9,} certificates", end="", flush=True)
    print()


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


def issue(desk: Desk, turn: int) -> tuple[float, float]:
    """Return the seconds that judging 10,000 rows takes, and recording them in one transaction."""
    names = [f"章{place}" for place in range(SMALL)]
    start = time.perf_counter()
    judged = orders.read(order(names, f"协字〔2026〕{turn + 2}号"))
    middle = time.perf_counter()
    recording.record(desk, judged, f"issue-{turn}")
    return middle - start, time.perf_counter() - middle


class Server:
    """``docgen serve`` on the first core."""

    def __init__(self, folder: Path) -> None:
        """Start it and wait until it listens."""
        env = {name: value for name, value in os.environ.items() if not name.startswith("DOCGEN_")}
        env |= {"DOCGEN_DATA_DIR": str(folder), "DOCGEN_PUBLIC_URL": PUBLIC_URL, "PYTHONUTF8": "1"}
        self.process = subprocess.Popen(
            [_tool("taskset"), "-c", "0", sys.executable, "-c", SERVE],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        assert self.process.stdout is not None  # noqa: S101  asked for above
        found = next(filter(None, (re.search(r"http://[^:]+:(\d+)", line) for line in self.process.stdout)))
        self.port = int(found[1])

    def peak(self) -> int:
        """Return its greatest memory in bytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) * 1024

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.communicate()


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
    ask(port, codes[:200], accept)
    start = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        shares = pool.map(lambda share: ask(port, codes[share::CONNECTIONS], accept), range(CONNECTIONS))
        times = sorted(second for share in shares for second in share)
    wall = time.perf_counter() - start
    print(f"{len(times) / wall:.0f} {statistics.median(times) * 1000:.1f} {times[len(times) * 99 // 100] * 1000:.1f}")


def measure(folder: Path, desk: Desk, count: int) -> None:
    """Print what a verification costs with so many certificates."""
    chosen = random.Random(7).sample(range(1, count + 1), min(REQUESTS, count))  # noqa: S311  a sample, no secret
    codes: list[str] = []
    with desk.registry.database.reading() as connection:
        places = iter(chosen)
        while part := list(islice(places, 500)):
            asked = f"SELECT code FROM certificates WHERE id IN ({','.join(map(str, part))}) ORDER BY RANDOM()"  # noqa: S608  numbers
            codes += connection.exec_driver_sql(asked).scalars()
    server = Server(folder)
    try:
        for accept in ("application/json", "text/html"):
            done = subprocess.run(
                [
                    _tool("taskset"),
                    "-c",
                    "1",
                    sys.executable,
                    "-m",
                    "bench.registry",
                    "--client",
                    str(server.port),
                    accept,
                ],
                input="\n".join(codes),
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                sys.exit(done.stdout + done.stderr)
            rate, half, most = done.stdout.split()
            print(f"{count:>9,}  {accept:<17} {rate:>6}/s   median {half:>5} ms   p99 {most:>5} ms")
        print(f"{count:>9,}  server's peak memory {server.peak() / 1e6:,.0f} MB")
    finally:
        server.stop()


def main() -> None:
    """Fill and measure."""
    parser = argparse.ArgumentParser(prog="python -m bench.registry")
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="keep the registry here; one that is there is used again")
    parser.add_argument("--client", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.client:
        client(int(given.client[0]), given.client[1])
        return
    with tempfile.TemporaryDirectory(prefix="docgen-bench-") as passing:
        folder = (given.folder or Path(passing)).absolute()
        desk = Desk(open_registry(Settings(data_dir=folder, public_url=PUBLIC_URL)), FIRST, "cli:bench")
        with desk.registry.database.reading() as connection:
            there = int(connection.exec_driver_sql("SELECT COALESCE(MAX(id), 0) FROM certificates").scalar_one())
        for count in sorted({min(SMALL, given.count), given.count}):
            if there < count:
                start = time.perf_counter()
                fill(desk, there, count)
                print(f"{(count - there) / (time.perf_counter() - start):>9,.0f} signed and stored a second")
                there = count
            measure(folder, desk, count)
        turn = random.randrange(10**6)  # noqa: S311  another order every time
        judging, recorded = issue(desk, turn)
        print(f"{SMALL:>9,}  rows judged {judging:.2f} s, recorded in one transaction {recorded:.2f} s")
        size = sum(file.stat().st_size for file in folder.glob("docgen.sqlite3*"))
        print(f"{given.count:>9,}  database {size / 1e6:,.0f} MB")
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(f"{'':>9}  this process's peak memory {own / 1e6:,.0f} MB")
        desk.registry.database.close()


if __name__ == "__main__":
    main()
