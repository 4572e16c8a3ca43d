"""Installations to be measured, of both sizes: ``docgen serve`` in a process of its own, workers, and their servers."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT: Final = Path(__file__).resolve().parents[1]
SUPPORT: Final = ROOT / "tests" / "support"
"""The tests start the same servers."""
PUBLIC_URL: Final = "https://zs.example.org.cn"
_SERVE: Final = "from docgen.web.server import serve; serve('127.0.0.1', 0)"
"""``docgen serve`` on a free port."""
_LAST_WORDS: Final = "render?format=pdf"
"""What a new installation prints last when it has begun to listen."""
_KNOWN: Final = "沿用"
"""What one prints last that has a key already."""


@dataclass(frozen=True)
class Server:
    """A running server: where it listens, and what it printed when it started."""

    process: subprocess.Popen[str]
    port: int
    printed: str

    @property
    def key(self) -> str:
        """The key of the interface, printed once."""
        return str(re.findall(r"dgk_[0-9a-f]{8}_[0-9a-f]{64}", self.printed)[0])

    @property
    def first_link(self) -> str:
        """The path at which the first administrator begins, printed until there is one."""
        return str(re.findall(r"(/staff/begin/\S+)", self.printed)[0])


@contextmanager
def serving(folder: Path, before: Sequence[str] = (), **settings: str) -> Iterator[Server]:
    """Run a server on a folder; ``before`` is a command that starts it (``taskset``), ``settings`` are ours."""
    with (folder / "server.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [*before, sys.executable, "-c", _SERVE],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            encoding="utf-8",
            env=_environment(folder, settings),
        )
        try:
            printed = ""
            for line in process.stdout or ():
                printed += line
                if _LAST_WORDS in line or _KNOWN in line:
                    break
            found = re.search(r"127\.0\.0\.1:(\d+)", printed)
            if not found:
                sys.exit((folder / "server.log").read_text(encoding="utf-8"))
            yield Server(process, int(found[1]), printed)
        finally:
            process.terminate()
            process.communicate()


@contextmanager
def working(folder: Path, count: int, **settings: str) -> Iterator[list[subprocess.Popen[str]]]:
    """Run so many ``docgen worker`` and wait until they wait for work."""
    command, workers = [sys.executable, "-m", "docgen", "worker"], []
    with (folder / "workers.log").open("w", encoding="utf-8") as log:
        try:
            for _ in range(count):
                environment = _environment(folder, settings)
                worker = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment)
                workers.append(worker)
            for worker in workers:
                if worker.stdout is None or "正在等待工作" not in worker.stdout.readline():
                    sys.exit((folder / "workers.log").read_text(encoding="utf-8"))
            yield workers
        finally:
            for worker in workers:
                worker.terminate()
            for worker in workers:
                worker.communicate()


@contextmanager
def scaled() -> Iterator[dict[str, str]]:
    """Start PostgreSQL, RabbitMQ and S3 on the loopback; give the settings with which they are used."""
    sys.path.insert(0, str(SUPPORT))
    from databases import PostgreSQL
    from rabbitmq import RabbitMQ
    from s3_server import BUCKET, S3Server, credentials

    os.environ.update(credentials())
    with ExitStack() as running:
        postgresql = PostgreSQL()
        running.callback(postgresql.stop)
        broker = RabbitMQ()
        running.callback(broker.stop)
        store = S3Server()
        running.callback(store.stop)
        url = postgresql.migrated()
        yield {"database_url": url, "broker_url": broker.url, "s3_bucket": BUCKET, "s3_endpoint": store.endpoint}


def _environment(folder: Path, settings: Mapping[str, str]) -> dict[str, str]:
    known = {name: value for name, value in os.environ.items() if not name.startswith("DOCGEN_")}
    own = {f"DOCGEN_{name.upper()}": value for name, value in settings.items()}
    return known | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "DOCGEN_DATA_DIR": str(folder / "data")} | own


def end_in_order() -> None:
    """Let SIGTERM end this process as Ctrl+C does, so that the servers that it started end with it."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))


def until(seconds: float, *, every: float) -> Iterator[float]:
    """Walk the seconds that have passed, one look after the other; leaves the program when it takes too long."""
    start = time.perf_counter()
    while (passed := time.perf_counter() - start) < seconds:
        yield passed
        time.sleep(every)
    sys.exit(f"not done after {seconds:.0f} s")
