"""What carries messages between those who begin batches and those who work on them. A message holds an identifier only.

Messages may be lost, late or doubled: the ledger says what is to be done, and the sweeper sends again.
"""

from __future__ import annotations

import logging
import threading
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

import dramatiq
from dramatiq.brokers.stub import StubBroker
from dramatiq.errors import BrokerError
from dramatiq.middleware import CurrentMessage
from dramatiq.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Work: TypeAlias = "Callable[[int, str], bool]"
_STOP_SECONDS: Final = 30

_log = logging.getLogger(__name__)


class Lane(StrEnum):
    """Who waits for the work: a person (fast), or a batch (bulk). Each has its own workers."""

    FAST = "fast"
    BULK = "bulk"


class Engine(Protocol):
    """The port behind which messages travel."""

    def send(self, lane: Lane, batch: int) -> None:
        """Ask for work on a batch. What cannot be sent now is left to the sweeper."""

    def stop(self) -> None:
        """End in order: what is being made is finished, what is waiting stays in the ledger."""


class DramatiqEngine:
    """Dramatiq on any of its brokers; ``work`` runs in threads of this process where lanes are given.

    It is called with a batch and the name of the message, and tells whether another message shall follow.
    """

    def __init__(self, broker: dramatiq.Broker, work: Work, lanes: Sequence[Lane] = (), threads: int = 1) -> None:
        """Declare the lanes' queues, and start so many threads for each of ``lanes``."""
        self._broker = broker
        broker.add_middleware(CurrentMessage())
        self._actors = {
            lane: dramatiq.actor(broker=broker, actor_name=f"work_{lane}", queue_name=lane)(self._runner(lane, work))
            for lane in Lane
        }
        self._workers = [
            Worker(broker, queues={lane}, worker_threads=threads, worker_timeout=100) for lane in sorted(set(lanes))
        ]
        for worker in self._workers:
            worker.start()

    def send(self, lane: Lane, batch: int) -> None:
        """Ask for work on a batch. What cannot be sent now is left to the sweeper."""
        try:
            self._actors[lane].send(batch)
        except BrokerError as error:
            _log.warning("message about batch %d not sent: %s", batch, type(error).__name__)

    def stop(self) -> None:
        """End in order."""
        for worker in self._workers:
            worker.stop(timeout=_STOP_SECONDS * 1000)
        self._broker.close()

    def _runner(self, lane: Lane, work: Work) -> Callable[[int], None]:
        def run(batch: int) -> None:
            message = CurrentMessage.get_current_message()
            if work(batch, message.message_id if message else threading.current_thread().name):
                self.send(lane, batch)

        return run


def embedded(work: Work, threads: int) -> DramatiqEngine:
    """Return an engine that needs nothing installed: messages stay in this process."""
    return DramatiqEngine(StubBroker(middleware=[]), work, tuple(Lane), threads)


def rabbitmq(url: str, work: Work, lanes: Sequence[Lane], threads: int) -> DramatiqEngine:
    """Return an engine on RabbitMQ; without lanes it only sends."""
    from dramatiq.brokers.rabbitmq import RabbitmqBroker  # noqa: PLC0415  the embedded size does not need it

    return DramatiqEngine(RabbitmqBroker(url=url, middleware=[], confirm_delivery=True), work, lanes, threads)
