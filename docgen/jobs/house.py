"""A working installation: registry, render processes, engine and sweeper, put together from the settings."""

from __future__ import annotations

import fcntl
import logging
import os
import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING, Final

from docgen.errors import BusyFolderError, DocgenError
from docgen.issuing.registry import open_registry
from docgen.jobs import engine as engines
from docgen.jobs import working
from docgen.jobs.children import Bounds, Children
from docgen.jobs.engine import Lane
from docgen.jobs.webhooks import Courier
from docgen.jobs.working import Shop
from docgen.store import ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from docgen.issuing.registry import Registry
    from docgen.jobs.engine import Engine
    from docgen.settings import Settings

_SWEEP_SECONDS: Final = 5
_QUIET_SECONDS: Final = 10
"""Where something was made lately, there are messages on their way."""
_AGAIN_SECONDS: Final = 60
"""A batch that stands in a long queue is not sent again at every sweep."""
_PAUSE_SECONDS: Final = 2
"""What was leased is tried again this often while the database or the file store cannot be used."""
_GIVE_WAY: Final = 5
"""Niceness of the processes that make batches: who waits for one document waits for the making of that one only."""
_LOCK_NAME: Final = "docgen.lock"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class House:
    """What a server or worker works with, and how it ends."""

    shop: Shop
    fast: Children
    engine: Engine
    sweeper: Sweeper
    lock: int | None

    @property
    def registry(self) -> Registry:
        """The registry for those who wait: its press are render processes that no batch ever keeps busy."""
        return replace(self.shop.registry, press=self.fast.call)

    def stop(self) -> None:
        """End in order: no new work, what is being made is finished, render processes end."""
        self.shop.stopping.set()
        self.sweeper.join()
        self.engine.stop()
        self.fast.stop()
        self.shop.children.stop()
        self.shop.registry.database.close()
        if self.lock is not None:
            os.close(self.lock)


class Sweeper:
    """Sends again what nobody works on, ends what nobody has ended, brings templates up to date; every few seconds.

    Webhooks have a thread of their own: hosts that do not answer must not keep a batch from being resumed.
    """

    def __init__(self, shop: Shop, engine: Engine, courier: Courier) -> None:
        """Start the threads, which end when the shop is stopping."""
        self._shop, self._engine, self._courier = shop, engine, courier
        self._sent: dict[int, tuple[str, float]] = {}
        self._stopping = shop.stopping
        self._quiet = 0.0  # whoever worked before this start may have died with it
        self._threads = [
            threading.Thread(target=self._run, args=(once,), name=name, daemon=True)
            for name, once in (("sweeper", self._sweep_on), ("courier", self._deliver))
        ]
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        """Wait until the threads have ended."""
        for thread in self._threads:
            thread.join()

    def _run(self, once: Callable[[], None]) -> None:
        while not self._stopping.is_set():
            try:
                once()
            except DocgenError as error:
                _log.warning("sweep: %s", error.code)
            except Exception as error:  # noqa: BLE001  without the sweeper nothing is ever resumed
                _log.error("sweep: %s", type(error).__name__)  # its words may be a person's
            self._stopping.wait(_SWEEP_SECONDS)

    def _sweep_on(self) -> None:
        self.sweep(self._quiet)
        self._quiet = _QUIET_SECONDS
        self._shop.registry.shelf.sync()

    def _deliver(self) -> None:
        while not self._stopping.is_set() and self._courier.deliver():
            pass

    def sweep(self, quiet_seconds: float) -> None:
        """Look once; batches in which something changed in the last seconds are left alone."""
        database, now = self._shop.registry.database, monotonic()
        still = (datetime.now(UTC) - timedelta(seconds=quiet_seconds)).isoformat(timespec="microseconds")
        with database.reading() as connection:
            waiting, done = ledger.unfinished(connection), ledger.unended(connection)
        for one in waiting:
            moved, sent = self._sent.get(one.batch, ("", 0.0))
            if one.moved_at <= still and (moved != one.moved_at or now - sent >= _AGAIN_SECONDS):
                working.ask(self._engine, Lane.BULK, one.batch, one.free)
                self._sent[one.batch] = one.moved_at, now
        for batch in done:
            with database.writing() as connection:
                working.close(connection, batch)


def open_house(conf: Settings, lanes: Sequence[Lane] | None = None) -> House:
    """Open an installation. ``lanes`` are those that a worker of the scaled size serves; a server names none.

    The embedded size works in the server's own process, which must be the only one on its data folder.
    Raises BusyFolderError, DatabaseError or FolderError.
    """
    registry = open_registry(conf)
    lock = None if conf.broker_url else _alone(registry, conf.data_dir.absolute())
    bounds = Bounds(conf.render_seconds, conf.render_memory_bytes, conf.render_documents)
    bulk = Children(conf.render_processes, replace(bounds, niceness=_GIVE_WAY))
    shop = Shop(registry, bulk, threading.Event())

    def work(batch: int, owner: str) -> bool:
        """Go on with the same items until they are noted: the message stays ours as long as this process lives."""
        while True:
            try:
                return working.work(shop, batch, owner)
            except DocgenError as error:
                _log.warning("batch %d waits: %s", batch, error.code)
            if shop.stopping.wait(_PAUSE_SECONDS):
                with suppress(DocgenError), registry.database.writing() as connection:
                    ledger.give_back(connection, owner)
                return False

    threads = conf.render_processes + 1  # one keeps and notes documents while those of the others are made
    if conf.broker_url:
        engine = engines.rabbitmq(conf.broker_url, work, lanes or (), threads)
    else:
        engine = engines.embedded(work, threads)
    sweeper = Sweeper(shop, engine, Courier(registry.database, conf.webhook_hosts))
    fast = Children(conf.render_slots + 1, bounds)  # one for what a finished batch leaves
    return House(shop, fast, engine, sweeper, lock)


def _alone(registry: Registry, folder: Path) -> int:
    """Hold a lock that ends with this process, and take back what another one had begun; return its handle."""
    handle = os.open(folder / _LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        registry.database.close()
        raise BusyFolderError(
            f"另一个 docgen 服务正在使用数据目录 {folder}",
            "请先停止它；要同时运行几个服务，请设置 DOCGEN_DATABASE_URL 和 DOCGEN_BROKER_URL",
        ) from None
    with registry.database.writing() as connection:
        ledger.free(connection)
    return handle
