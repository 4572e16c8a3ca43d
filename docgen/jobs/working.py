"""Making the documents of a batch: some rows at a time, each in a render process, each noted when it is kept.

Everything here may happen twice: a document is a pure function of its record, and is filed once.
"""

from __future__ import annotations

import logging
from collections import deque
from concurrent.futures import Future, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from docgen import clock
from docgen.certificates.states import State
from docgen.errors import DocgenError
from docgen.issuing import printing
from docgen.jobs import webhooks
from docgen.jobs.children import ChildError, StoppedError
from docgen.store import deliveries, events, filings, ledger, records
from docgen.store.database import DatabaseError
from docgen.store.events import Step
from docgen.store.filings import Filed
from docgen.store.ledger import Failure, ItemState

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator

    from docgen.issuing.registry import Registry
    from docgen.jobs.children import Children
    from docgen.jobs.engine import Engine, Lane
    from docgen.render.document import Document
    from docgen.store.database import Connection
    from docgen.store.records import Record

CHUNK: Final = 20
"""Items that one message takes: enough to spare messages, few enough that a crash costs little."""
_LEASE_SECONDS: Final = 120
"""A lease is prolonged with every document, and while one takes long."""
_BEAT_SECONDS: Final = 30
_AHEAD: Final = 2
"""Items handed to render processes at once: enough to keep them busy, few enough that another lane is served soon."""
_MESSAGES: Final = 64
"""As many workers as may be at one batch at the same time; further work follows from theirs."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shop:
    """What a worker works with. Once ``stopping`` is set nothing new is begun."""

    registry: Registry
    children: Children
    stopping: threading.Event


def ask(engine: Engine, lane: Lane, batch: int, count: int) -> None:
    """Send as many messages as this many waiting items can keep busy; each is followed by another while there are more.

    A batch that has few messages on their way at a time lets those of another batch stand between them.
    """
    for _ in range(min(-(-count // CHUNK), _MESSAGES)):
        engine.send(lane, batch)


def work(shop: Shop, batch: int, owner: str) -> bool:
    """Make the next items of a batch; tell whether there are more. ``owner`` names the message.

    Raises DatabaseError, FileStoreError or StoppedError: then what was not noted is made again.
    """
    database = shop.registry.database
    with database.writing() as connection:
        taken = ledger.lease(connection, batch, owner, CHUNK, _LEASE_SECONDS)
    for record, future in _handed(shop, taken):
        while not wait([future], _BEAT_SECONDS).done:
            with database.writing() as connection:
                ledger.prolong(connection, owner, _LEASE_SECONDS)
        outcome = _outcome(shop, future)
        with database.writing() as connection:
            _note(connection, owner, record, outcome)
            ledger.prolong(connection, owner, _LEASE_SECONDS)
    with database.writing() as connection:
        if shop.stopping.is_set():
            ledger.give_back(connection, owner)
        return not close(connection, batch) and ledger.counts(connection, batch)[ItemState.WAITING] > 0


def _handed(shop: Shop, taken: tuple[Record, ...]) -> Iterator[tuple[Record, Future[Document]]]:
    """Walk the items in their order, some of them handed to the render processes ahead."""
    waiting = deque(taken)
    handed: deque[tuple[Record, Future[Document]]] = deque()
    while waiting or handed:
        if shop.stopping.is_set():
            waiting.clear()
        while waiting and len(handed) < _AHEAD:
            record = waiting.popleft()
            handed.append((record, _hand(shop, record)))
        yield handed.popleft()


def _hand(shop: Shop, record: Record) -> Future[Document]:
    try:
        one = printing.attested(shop.registry, record)
        issue = printing.facts(shop.registry, one, border=True)
        return shop.children.submit(printing.certificate, one.claims, issue, "pdf")
    except DatabaseError:
        raise
    except DocgenError as error:
        refused: Future[Document] = Future()
        refused.set_exception(error)
        return refused


def _outcome(shop: Shop, future: Future[Document]) -> Filed | DocgenError:
    try:
        document = shop.children.result_of(future)
    except StoppedError:
        raise
    except DocgenError as error:
        return error
    return printing.keep(shop.registry, document, border=True)


def _note(connection: Connection, owner: str, record: Record, outcome: Filed | DocgenError) -> None:
    if isinstance(outcome, Filed):
        if ledger.settle(connection, owner, record.id):
            filings.file(connection, record.id, outcome)
        return
    # Only what a crash or a limit cut short may end otherwise the next time.
    final = not isinstance(outcome, ChildError) or outcome.cause == "fault"
    ledger.fail(connection, owner, record.id, Failure(outcome.code, outcome.detail, outcome.remedy), final=final)
    _log.warning("item of batch %d row %d: %s", record.batch, record.row, outcome.code)


def close(connection: Connection, batch: int) -> bool:
    """End a batch in which nothing is waiting or being made, and release it unless a second person must.

    Tell whether it has ended. The lock comes before the count: of two chunks that end together one sees the other.
    """
    run = ledger.lock(connection, batch)
    if run.ended_at:
        return True
    if run.cancelled_at:  # what was being made just then may have failed since
        _void(connection, batch, run.actor)
    counts = ledger.counts(connection, batch)
    if any(counts[state] for state in ledger.OPEN):
        return False
    ledger.end(connection, batch)
    if run.details.webhook:
        deliveries.enter(connection, batch, webhooks.EVENT)
    if not run.details.second:
        release(connection, batch, run.actor)
    return True


def release(connection: Connection, batch: int, actor: str) -> None:
    """Let the public see every certificate of a batch that was made; ``connection`` holds the batch's lock."""
    made = [item.record.id for item in ledger.all_items(connection, batch, ItemState.MADE)]
    events.release(connection, made, actor)
    ledger.release(connection, batch, actor)


def stop(connection: Connection, batch: int, actor: str) -> int:
    """Cancel what is waiting or has failed: those certificates are void and their numbers used up. Return how many."""
    count = _void(connection, batch, actor)
    close(connection, batch)
    return count


def _void(connection: Connection, batch: int, actor: str) -> int:
    stopped = ledger.cancel(connection, batch)
    for record in stopped:
        events.add(connection, record, Step(State.VOID, actor, reason=f"批次取消，{clock.today()}"))
        records.let_go(connection, record.id)
    return len(stopped)
