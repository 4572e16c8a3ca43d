"""Making the documents of a batch: some rows at a time, in a render process, noted when they are kept.

Everything here may happen twice: a document is a pure function of its record, and is filed once.
"""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from docgen import clock
from docgen.certificates.states import State
from docgen.errors import DocgenError
from docgen.issuing import printing
from docgen.jobs import webhooks
from docgen.jobs.children import ChildError
from docgen.store import deliveries, events, filings, ledger, records
from docgen.store.events import Step
from docgen.store.filings import Filed
from docgen.store.ledger import Failure, ItemState

if TYPE_CHECKING:
    import threading
    from collections.abc import Sequence

    from docgen.issuing.printing import Task
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
_KEEPERS: Final = 8
"""Documents that are written to the file store at the same time."""
_MESSAGES: Final = 64
"""As many workers as may be at one batch at the same time; further work follows from theirs."""

R = TypeVar("R")

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
    outcomes = _outcomes(shop, owner, taken)
    with database.writing() as connection:
        _note(connection, owner, list(zip(taken, outcomes, strict=True)))
        if shop.stopping.is_set():
            ledger.give_back(connection, owner)
        return not close(connection, batch) and ledger.counts(connection, batch)[ItemState.WAITING] > 0


def _outcomes(shop: Shop, owner: str, taken: Sequence[Record]) -> list[Filed | DocgenError]:
    """Make and keep the documents of some items; what goes wrong with one is its own affair."""
    tasks = [
        one if isinstance(one, DocgenError) else (one.claims, printing.facts(shop.registry, one, border=True))
        for one in printing.all_attested(shop.registry, taken)
    ]
    good = [task for task in tasks if not isinstance(task, DocgenError)]
    made = iter(_made(shop, owner, good))
    results = [task if isinstance(task, DocgenError) else next(made) for task in tasks]
    with ThreadPoolExecutor(_KEEPERS) as keepers:  # a disk that has to sync many files at once does it in one go
        return list(keepers.map(lambda result: _kept(shop, result), results))


def _made(shop: Shop, owner: str, tasks: Sequence[Task]) -> Sequence[Document | DocgenError]:
    """Let one render process make all documents; where it does not finish, one after the other: one is to blame."""
    try:
        return _awaited(shop, owner, shop.children.submit(printing.certificates, tasks))
    except ChildError:
        return [_alone(shop, owner, task) for task in tasks]


def _alone(shop: Shop, owner: str, task: Task) -> Document | DocgenError:
    try:
        (result,) = _awaited(shop, owner, shop.children.submit(printing.certificates, [task]))
    except ChildError as error:
        return error
    return result


def _awaited(shop: Shop, owner: str, future: Future[R]) -> R:
    """Wait for a render process, and keep the items meanwhile."""
    while not wait([future], _BEAT_SECONDS).done:
        with shop.registry.database.writing() as connection:
            ledger.prolong(connection, owner, _LEASE_SECONDS)
    result = shop.children.result_of(future)
    with shop.registry.database.writing() as connection:
        ledger.prolong(connection, owner, _LEASE_SECONDS)
    return result


def _kept(shop: Shop, result: Document | DocgenError) -> Filed | DocgenError:
    return result if isinstance(result, DocgenError) else printing.keep(shop.registry, result, border=True)


def _note(connection: Connection, owner: str, outcomes: Sequence[tuple[Record, Filed | DocgenError]]) -> None:
    made = {record.id: outcome for record, outcome in outcomes if isinstance(outcome, Filed)}
    ours = ledger.settle(connection, owner, list(made))
    filings.file(connection, {certificate: made[certificate] for certificate in made if certificate in ours})
    for record, outcome in outcomes:
        if isinstance(outcome, Filed):
            continue
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
