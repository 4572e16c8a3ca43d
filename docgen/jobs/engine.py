"""What carries messages between those who begin batches and those who work on them. A message holds an identifier only.

Messages may be lost, late or doubled: the ledger says what is to be done, and the sweeper sends again.
"""

from __future__ import annotations

import threading
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

import dramatiq
from dramatiq.brokers.stub import StubBroker
from dramatiq.middleware import CurrentMessage, ShutdownNotifications
from dramatiq.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_STOP_SECONDS: Final = 30


class Lane(StrEnum):
    """Who waits for the work: a person (fast), or a batch (bulk). Each has its own workers."""

    FAST = "fast"
    BULK = "bulk"


class Engine(Protocol):
    """The port behind which messages travel."""

    def send(self, lane: Lane, batch: int) -> None:
        """Ask for work on a batch."""

    def stop(self) -> None:
        """End in order: what is being made is finished, what is waiting stays in the ledger."""


class DramatiqEngine:
    """Dramatiq on any of its brokers; ``work`` runs in threads of this process where lanes are given.

    It is called with a batch and the name of the message.
    """

    def __init__(
        self, broker: dramatiq.Broker, work: Callable[[int, str], None], lanes: Sequence[Lane] = (), threads: int = 1
    ) -> None:
        """Declare the lanes' queues, and start threads for those of ``lanes``."""
        self._broker = broker
        for middleware in (CurrentMessage(), ShutdownNotifications()):
            broker.add_middleware(middleware)
        self._actors = {
            lane: dramatiq.actor(broker=broker, actor_name=f"work_{lane}", queue_name=lane)(_named(work))
            for lane in Lane
        }
        self._worker: Worker | None = None
        if lanes:
            self._worker = Worker(broker, queues=set(lanes), worker_threads=threads, worker_timeout=100)
            self._worker.start()

    def send(self, lane: Lane, batch: int) -> None:
        """Ask for work on a batch."""
        self._actors[lane].send(batch)

    def stop(self) -> None:
        """End in order."""
        if self._worker:
            self._worker.stop(timeout=_STOP_SECONDS * 1000)
        self._broker.close()


def embedded(work: Callable[[int, str], None], threads: int) -> DramatiqEngine:
    """Return an engine that needs nothing installed: messages stay in this process."""
    return DramatiqEngine(StubBroker(middleware=[]), work, tuple(Lane), threads)


def rabbitmq(url: str, work: Callable[[int, str], None], lanes: Sequence[Lane], threads: int) -> DramatiqEngine:
    """Return an engine on RabbitMQ; without lanes it only sends."""
    from dramatiq.brokers.rabbitmq import RabbitmqBroker  # noqa: PLC0415  the embedded size does not need it

    return DramatiqEngine(RabbitmqBroker(url=url, middleware=[], confirm_delivery=True), work, lanes, threads)


def _named(work: Callable[[int, str], None]) -> Callable[[int], None]:
    def run(batch: int) -> None:
        message = CurrentMessage.get_current_message()
        work(batch, message.message_id if message else threading.current_thread().name)

    return run
