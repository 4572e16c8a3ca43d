"""Installations of both sizes for tests, with every server real and every process one that can be killed.

A pytest plugin of ``tests/jobs``: ``estate`` runs each test on the embedded and on the scaled size.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from databases import ASSOCIATION, PUBLIC_URL
from s3_server import BUCKET, S3Server, credentials
from sqlalchemy import select

from docgen.certificates.states import State
from docgen.issuing.registry import Desk, Registry, open_registry
from docgen.jobs import runs
from docgen.settings import Settings
from docgen.store import events, filings
from docgen.store.ledger import ItemState
from docgen.store.organisations import FIRST
from docgen.store.tables import items as ledger_items

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from databases import PostgreSQL
    from rabbitmq import RabbitMQ

    from docgen.jobs.runs import Progress

    Beginning = tuple[str, dict[str, Any], dict[str, Any]]
    """A batch to begin: key, order, details beside the decision."""

_PATIENCE_SECONDS: Final = 120
_SCRIPT: Final = Path(__file__).with_name("house_process.py")


class Process:
    """A server or worker of an installation."""

    def __init__(self, estate: Estate, told: dict[str, Any], environment: dict[str, str]) -> None:
        """Start it; ``said`` waits for what it says."""
        known = {**os.environ, **estate.environment(), **environment}
        known["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).resolve().parents[2]), str(_SCRIPT.parent)])
        self._log = estate.log
        self._is_ready = False
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, _SCRIPT, json.dumps(told)], env=known, stdout=subprocess.PIPE, stderr=log, text=True
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def said(self) -> list[Any] | None:
        """Wait for the next thing that it says; None where it has ended."""
        assert self._process.stdout
        line = self._process.stdout.readline()
        self._is_ready = self._is_ready or bool(line)
        return list(json.loads(line)) if line else None

    def begun(self) -> int:
        """Wait until it has begun a batch; return which."""
        while (said := self.said()) is not None:
            if said[0] == "begun":
                return int(said[1])
        raise AssertionError(self._log.read_text())

    def renderers(self) -> list[int]:
        """Return the ids of its render processes."""
        lists = [path.read_text() for path in Path(f"/proc/{self.pid}/task").glob("*/children")]
        pids = [int(pid) for text in lists for pid in text.split()]
        return [pid for pid in pids if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]

    def killed(self) -> None:
        """Wait until it has ended by SIGKILL."""
        assert self._process.wait(_PATIENCE_SECONDS) == -9, self._log.read_text()
        self._close()

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self.killed()

    def stop(self) -> int:
        """End it in order; return its exit code."""
        if not self._is_ready:
            self.said()  # what has not begun to listen is ended by the signal itself
        self._process.terminate()
        code = self._process.wait(_PATIENCE_SECONDS)
        self._close()
        return code

    def end(self) -> None:
        """End it however it stands; what has ended stays as it is."""
        self._process.kill()
        self._process.wait()
        self._close()

    def _close(self) -> None:
        assert self._process.stdout
        self._process.stdout.close()


@dataclass
class Estate:
    """One installation: its settings, and the processes that work in it."""

    conf: Settings
    log: Path
    processes: list[Process] = field(default_factory=list)
    opened: list[Registry] = field(default_factory=list)

    @property
    def is_scaled(self) -> bool:
        return bool(self.conf.broker_url)

    def environment(self) -> dict[str, str]:
        """Return the settings as an operator would set them."""
        values = self.conf.model_dump(mode="json", exclude_defaults=True)
        return {f"DOCGEN_{name.upper()}": str(value) for name, value in values.items()}

    def server(self, *begin: Beginning, **told: Any) -> Process:
        """Start a server that begins batches. In the embedded size it works on them too."""
        return self._start({"begin": begin, **told})

    def worker(self, *lanes: str, **told: Any) -> Process | None:
        """Start a worker of the scaled size; the embedded one has none."""
        return self._start({"lanes": lanes or ("bulk", "fast"), **told}) if self.is_scaled else None

    def _start(self, told: dict[str, Any]) -> Process:
        started = Process(self, told, told.pop("environment", {}))
        self.processes.append(started)
        return started

    def desk(self) -> Desk:
        """Open the registry in this process, to look."""
        if not self.opened:
            self.opened.append(open_registry(self.conf))
        return Desk(self.opened[0], FIRST, "cli:other")

    def waited(self, batch: int, until: Callable[[Progress], bool]) -> Progress:
        """Look until a batch is so far."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while not until(progress := runs.progress(self.desk(), batch)):
            assert time.monotonic() < end, (progress, self.log.read_text())
            time.sleep(0.05)
        return progress

    def made(self, batch: int, count: int) -> Progress:
        """Wait until so many documents of a batch are made."""
        return self.waited(batch, lambda progress: progress.made >= count or progress.run.ended_at is not None)

    def ended(self, batch: int) -> Progress:
        """Wait until a batch has ended."""
        return self.waited(batch, lambda progress: progress.run.ended_at is not None)

    def close(self) -> None:
        """End all processes."""
        for process in self.processes:
            process.end()
        while self.opened:
            self.opened.pop().database.close()


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Estate]:
    """One process, SQLite, a folder."""
    data = tmp_path / "data"
    one = Estate(Settings(data_dir=data, public_url=PUBLIC_URL, association=ASSOCIATION), tmp_path / "log")
    yield one
    one.close()


@pytest.fixture
def scaled(
    tmp_path: Path,
    postgresql: PostgreSQL,
    rabbitmq: RabbitMQ,
    s3_server: S3Server,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Estate]:
    """Servers and workers, PostgreSQL, RabbitMQ, S3."""
    for name, value in credentials().items():
        monkeypatch.setenv(name, value)
    url = postgresql.migrated()
    one = Estate(
        Settings(
            data_dir=tmp_path / "data",
            public_url=PUBLIC_URL,
            association=ASSOCIATION,
            database_url=url,
            broker_url=rabbitmq.url,
            s3_bucket=BUCKET,
            s3_endpoint=s3_server.endpoint,
        ),
        tmp_path / "log",
    )
    yield one
    one.close()
    rabbitmq.purge()
    postgresql.drop(url)


@pytest.fixture(params=["embedded", "scaled"])
def estate(request: pytest.FixtureRequest) -> Estate:
    found: Estate = request.getfixturevalue(request.param)
    return found


def whole(estate: Estate, batch: int, rows: int, first: int = 1) -> None:
    """Look at everything that a batch should have left, and that nothing is there twice."""
    desk = estate.desk()
    progress = estate.ended(batch)
    assert progress.run.released_at
    assert (progress.made, progress.total, progress.remaining_seconds) == (rows, rows, 0)
    items = runs.items(desk, batch)
    numbers = [f"QG-GL-2026-{serial:06d}" for serial in range(first, first + rows)]
    assert [(item.record.row, item.record.number) for item in items] == list(enumerate(numbers))
    assert {item.state for item in items} == {ItemState.MADE}
    ids = [item.record.id for item in items]
    with desk.registry.database.reading() as connection:
        lives = list(events.chains(connection, ids).values())
        filed = [filings.filed(connection, one) for one in ids]
        held = select(ledger_items).where(ledger_items.c.batch_id == batch, ledger_items.c.leased_by.is_not(None))
        leased = connection.execute(held).all()
    assert lives == [[(1, State.PENDING), (2, State.ISSUED)]] * rows
    assert leased == []
    for (document,) in filed:
        assert len(desk.registry.files.get(document.sha256)) == document.bytes
