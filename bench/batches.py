"""How fast batches are made, and with how much memory: ``python -m bench.batches [--rows 300]``.

Embedded (SQLite, a folder) with 1 and 2 render processes, scaled (PostgreSQL, RabbitMQ, S3, all started here on the
loopback) with 1 and 2 workers of one render process each. Nothing is asserted. ``bench.lanes`` measures those who wait.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

SUPPORT: Final = Path(__file__).resolve().parents[1] / "tests" / "support"
sys.path.insert(0, str(SUPPORT))

if TYPE_CHECKING:
    from houses import Estate, Process


def peak(pid: int) -> int:
    """Return the most memory that a process ever held, in MiB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) // 1024


def measured(estate: Estate, rows: int, workers: int) -> None:
    """Make a batch and print a line of the table."""
    from registry_data import order, person

    at_work: list[Process] = [one for _ in range(workers) if (one := estate.worker())]
    for process in at_work:
        process.said()
    server = estate.server(("bench", order(map(person, range(rows))), {}))
    batch = server.begun()
    begun = time.perf_counter()
    first = estate.made(batch, 1)
    warm, made = time.perf_counter(), first.made
    estate.made(batch, rows)
    done = time.perf_counter()
    run = (ended := estate.ended(batch)).run
    wall = (datetime.fromisoformat(str(run.ended_at)) - datetime.fromisoformat(run.created_at)).total_seconds()
    at_work = at_work or [server]
    children = [pid for process in at_work for pid in process.renderers()]
    print(
        f"{'scaled' if estate.is_scaled else 'embedded':9}{max(workers, 1):8}{estate.conf.render_processes:10}"
        f"{rows / wall:12.1f}{(rows - made) / (done - warm):12.1f}{warm - begun:10.1f}"
        f"{max(peak(process.pid) for process in at_work):12}{max(map(peak, children)):12}"
        f"{f'   {ended.failed} failed' if ended.failed else ''}"
    )
    estate.close()


def conf(folder: Path, processes: int, **values: Any) -> Estate:
    """Return an installation in a folder of its own."""
    from databases import PUBLIC_URL
    from houses import Estate

    from docgen.settings import Settings

    known: dict[str, Any] = {"data_dir": folder / "data", "public_url": PUBLIC_URL, "render_processes": processes}
    return Estate(Settings(**known, **values), folder / "log")


def scaled(folder: Path, rows: int) -> None:
    """Start the servers and measure one worker and two."""
    from databases import PostgreSQL
    from rabbitmq import RabbitMQ
    from s3_server import BUCKET, S3Server, credentials

    os.environ.update(credentials())
    postgresql, broker, store = PostgreSQL(), RabbitMQ(), S3Server()
    try:
        for workers in (1, 2):
            values = {"database_url": postgresql.migrated(), "broker_url": broker.url}
            values |= {"s3_bucket": BUCKET, "s3_endpoint": store.endpoint}
            (place := folder / f"scaled{workers}").mkdir()
            measured(conf(place, 1, **values), rows, workers)
            broker.purge()
    finally:
        store.stop()
        broker.stop()
        postgresql.stop()


def main() -> None:
    """Measure both sizes."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rows", type=int, default=300)
    rows: int = asked.parse_args().rows
    print(
        f"{rows} certificates, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}"
    )
    print("size      workers processes     all in/s    warm/s  first, s  worker MiB   child MiB")
    with tempfile.TemporaryDirectory(prefix="docgen-bench-") as name:
        for processes in (1, 2):
            (place := Path(name) / f"embedded{processes}").mkdir()
            measured(conf(place, processes), rows, 0)
        scaled(Path(name), rows)


if __name__ == "__main__":
    main()
