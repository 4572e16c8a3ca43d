"""Making the documents of a batch: some rows at a time, each in a render process, each noted when it is kept.

Everything here may happen twice: a document is a pure function of its record, and is filed once.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from docgen import clock
from docgen.certificates.states import State
from docgen.errors import DocgenError
from docgen.forms import catalogue
from docgen.issuing import gate, printing
from docgen.jobs import webhooks
from docgen.jobs.children import ChildError
from docgen.render import press
from docgen.store import deliveries, events, filings, ledger, records
from docgen.store.events import Step
from docgen.store.filings import Filed
from docgen.store.ledger import Failure, ItemState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future

    from docgen.certificates.claims import Claims
    from docgen.certificates.issue import Issue
    from docgen.issuing.registry import Registry
    from docgen.jobs.children import Children
    from docgen.render.document import Document
    from docgen.store.database import Connection
    from docgen.store.records import Record

CHUNK: Final = 20
"""Items that one message takes: enough to spare messages, few enough that a crash costs little."""
_LEASE_SECONDS: Final = 120
"""Longer than any one document may take; a lease is prolonged with every document."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shop:
    """What a worker works with."""

    registry: Registry
    children: Children


def work(shop: Shop, batch: int, owner: str) -> None:
    """Make the next items of a batch. ``owner`` names the message.

    Raises DatabaseError or FileStoreError: then what was not noted is made again.
    """
    with shop.registry.database.writing() as connection:
        taken = ledger.lease(connection, batch, owner, CHUNK, _LEASE_SECONDS)
    for record, outcome in _made(shop, taken):
        with shop.registry.database.writing() as connection:
            _note(connection, record, outcome)
            ledger.prolong(connection, owner, _LEASE_SECONDS)
    with shop.registry.database.writing() as connection:
        close(connection, batch)


def _made(shop: Shop, taken: tuple[Record, ...]) -> Iterator[tuple[Record, Filed | DocgenError]]:
    """Walk the items as they are done, in their order; all are handed to the render processes at once."""
    handed: list[tuple[Record, Future[Document] | DocgenError]] = []
    for record in taken:
        try:
            one = printing.attested(shop.registry, record)
            issue = printing.facts(shop.registry, one, border=True)
            handed.append((record, shop.children.submit(make, one.claims, issue)))
        except DocgenError as error:
            handed.append((record, error))
    for record, future in handed:
        if isinstance(future, DocgenError):
            yield record, future
            continue
        try:
            document = shop.children.result_of(future)
        except DocgenError as error:
            yield record, error
        else:
            yield record, printing.keep(shop.registry, document, border=True)


def make(claims: Claims, issue: Issue) -> Document:
    """Make a certificate's PDF and pass it through the gate; runs in a render process."""
    document = press.make(catalogue.get_form(claims.form), dict(claims.submission), "pdf", issue=issue)
    gate.check(document.data, claims, issue)
    return document


def _note(connection: Connection, record: Record, outcome: Filed | DocgenError) -> None:
    if isinstance(outcome, Filed):
        filings.file(connection, record.id, outcome)
        ledger.settle(connection, [record.id])
        return
    # Only what a crash or a limit cut short may end otherwise the next time.
    final = not isinstance(outcome, ChildError)
    ledger.fail(connection, record.id, Failure(outcome.code, outcome.detail, outcome.remedy), final=final)
    _log.warning("item of batch %d row %d: %s", record.batch, record.row, outcome.code)


def close(connection: Connection, batch: int) -> bool:
    """End a batch in which nothing is waiting or being made, and release it unless a second person must.

    Tell whether it has ended. The lock comes before the count: of two chunks that end together one sees the other.
    """
    run = ledger.lock(connection, batch)
    if run.ended_at:
        return True
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
    stopped = ledger.cancel(connection, batch)
    for record in stopped:
        events.add(connection, record, Step(State.VOID, actor, reason=f"批次取消，{clock.today()}"))
        records.let_go(connection, record.id)
    close(connection, batch)
    return len(stopped)
