"""The ledger of background batches: who is waiting, being made, made or failed. Progress and resuming read from it.

Every function works in the transaction of its caller. Delivery of messages may repeat or be late: what counts is what
stands here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, case, func, insert, or_, select, update

from docgen import clock
from docgen.errors import UnknownBatchError
from docgen.store.records import Record, record_of
from docgen.store.tables import batches, certificates, items, runs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement, Connection, Row

MOST_ATTEMPTS: Final = 3
"""Times that one item is tried before it is called failed: a crash of the machine must not fail it, a poison must."""


class ItemState(StrEnum):
    """Where one item stands."""

    WAITING = "waiting"
    MAKING = "making"
    MADE = "made"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN: Final = (ItemState.WAITING, ItemState.MAKING)
"""States in which an item still keeps its batch running."""


@dataclass(frozen=True, slots=True)
class Details:
    """What a background batch knows beside its rows. ``second`` wants another person to release it."""

    title: str
    decision: str
    roster_sha256: str = ""
    skipped: int = 0
    webhook: str = ""
    second: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """One background batch."""

    id: int
    organisation: str
    form: str
    actor: str
    created_at: str
    details: Details
    cancelled_at: str | None
    ended_at: str | None
    released_at: str | None
    released_by: str | None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an item has no document."""

    code: str
    detail: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A running batch with items that nobody holds: how many, and when anything last changed in it (UTC, ISO 8601)."""

    batch: int
    free: int
    moved_at: str


@dataclass(frozen=True, slots=True)
class Backlog:
    """Items of all batches by state, without those that are made; ``waiting_since`` is that of the oldest one."""

    counts: Counter[ItemState]
    waiting_since: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a run: its certificate and where it stands; ``failure`` is the last one, if any."""

    record: Record
    state: ItemState
    attempts: int
    failure: Failure | None


def enter(connection: Connection, batch: int, details: Details, made: Sequence[Record]) -> None:
    """Begin the ledger of a batch whose certificates were just recorded."""
    connection.execute(
        insert(runs).values(
            batch_id=batch,
            title=details.title,
            decision=details.decision,
            webhook=details.webhook,
            release_by="second" if details.second else "own",
            roster_sha256=details.roster_sha256,
            skipped=details.skipped,
        )
    )
    now = clock.stamp()
    blank = {"state": ItemState.WAITING.value, "attempts": 0, "code": "", "detail": "", "remedy": "", "updated_at": now}
    connection.execute(
        insert(items), [{"certificate_id": one.id, "batch_id": batch, "row": one.row, **blank} for one in made]
    )


def find(connection: Connection, organisation: str, batch: int) -> Run:
    """Return a batch of an organisation; raises UnknownBatchError where it has none of this number."""
    row = connection.execute(
        select(runs, batches)
        .join(batches, batches.c.id == runs.c.batch_id)
        .where(batches.c.id == batch, batches.c.organisation_id == organisation)
    ).one_or_none()
    if row is None:
        raise UnknownBatchError("没有这个编号的批次", "请核对批次编号")
    return _run(row)


def all_runs(connection: Connection, organisation: str, limit: int) -> tuple[Run, ...]:
    """Return an organisation's batches, the newest first."""
    rows = connection.execute(
        select(runs, batches)
        .join(batches, batches.c.id == runs.c.batch_id)
        .where(batches.c.organisation_id == organisation)
        .order_by(batches.c.id.desc())
        .limit(limit)
    )
    return tuple(map(_run, rows))


def counts(connection: Connection, batch: int) -> Counter[ItemState]:
    """Count a batch's items by state."""
    rows = connection.execute(
        select(items.c.state, func.count()).where(items.c.batch_id == batch).group_by(items.c.state)
    )
    return Counter({ItemState(state): count for state, count in rows})


def all_items(connection: Connection, batch: int, state: ItemState | None = None) -> tuple[Item, ...]:
    """Return a batch's items in the order of its rows."""
    wanted = (items.c.batch_id == batch,) if state is None else (items.c.batch_id == batch, items.c.state == state)
    rows = connection.execute(
        select(
            certificates, items.c.state, items.c.attempts, items.c.code.label("failure"), items.c.detail, items.c.remedy
        )
        .join(items, items.c.certificate_id == certificates.c.id)
        .where(*wanted)
        .order_by(items.c.row)
    )
    return tuple(
        Item(
            record_of(row),
            ItemState(row.state),
            row.attempts,
            Failure(row.failure, row.detail, row.remedy) if row.failure else None,
        )
        for row in rows
    )


def lease(connection: Connection, batch: int, owner: str, most: int, seconds: float) -> tuple[Record, ...]:
    """Take the next items of a batch to make them; nobody else gets them before the lease is over.

    ``owner`` names the message that is worked on. A message that comes again, because its worker died, finds what it
    held before and goes on at once.
    """
    now = datetime.now(UTC)
    own = and_(items.c.state == ItemState.MAKING, items.c.leased_by == owner)
    chosen = connection.execute(
        select(certificates)
        .join(items, items.c.certificate_id == certificates.c.id)
        .where(items.c.batch_id == batch, or_(_free(now), own))
        .order_by(items.c.row)
        .limit(most)
        .with_for_update(skip_locked=True, of=items)
    ).all()
    _set(
        connection,
        [row.id for row in chosen],
        state=ItemState.MAKING,
        leased_by=owner,
        leased_until=_after(now, seconds),
    )
    return tuple(map(record_of, chosen))


def prolong(connection: Connection, owner: str, seconds: float) -> None:
    """Keep what a message holds for some more time."""
    connection.execute(
        update(items)
        .where(items.c.leased_by == owner, items.c.state == ItemState.MAKING)
        .values(leased_until=_after(datetime.now(UTC), seconds))
    )


def free(connection: Connection) -> None:
    """Take back every lease: the only process that works on this database has just started."""
    connection.execute(
        update(items)
        .where(items.c.state == ItemState.MAKING)
        .values(state=ItemState.WAITING, leased_by=None, leased_until=None)
    )


def give_back(connection: Connection, owner: str) -> None:
    """Let others make what a message still holds."""
    connection.execute(
        update(items)
        .where(items.c.state == ItemState.MAKING, items.c.leased_by == owner)
        .values(state=ItemState.WAITING, leased_by=None, leased_until=None)
    )


def settle(connection: Connection, owner: str, made: Sequence[int]) -> frozenset[int]:
    """Note items whose documents are kept; return those whose lease was not over: others did not go on with them."""
    return _close(connection, owner, made, state=ItemState.MADE, code="", detail="", remedy="")


def fail(connection: Connection, owner: str, certificate: int, failure: Failure, *, final: bool) -> bool:
    """Note an item that could not be made; unless it is final it is tried again, a bounded number of times.

    False where its lease was over and others went on with it.
    """
    tried = items.c.attempts + 1
    again = ItemState.FAILED if final else case((tried >= MOST_ATTEMPTS, ItemState.FAILED), else_=ItemState.WAITING)
    told = {"code": failure.code, "detail": failure.detail, "remedy": failure.remedy}
    return bool(_close(connection, owner, [certificate], state=again, attempts=tried, **told))


def cancel(connection: Connection, batch: int) -> tuple[Record, ...]:
    """Stop what is waiting or has failed; return those certificates. What is being made is finished."""
    first = (runs.c.batch_id == batch, runs.c.cancelled_at.is_(None))
    connection.execute(update(runs).where(*first).values(cancelled_at=clock.stamp()))
    stopped = connection.execute(
        select(certificates)
        .join(items, items.c.certificate_id == certificates.c.id)
        .where(items.c.batch_id == batch, items.c.state.in_([ItemState.WAITING, ItemState.FAILED]))
        .with_for_update(of=items)
    ).all()
    _set(connection, [row.id for row in stopped], state=ItemState.CANCELLED, leased_by=None, leased_until=None)
    return tuple(map(record_of, stopped))


def retry(connection: Connection, batch: int) -> int:
    """Let what failed wait again; return how many."""
    now = clock.stamp()
    found = connection.execute(
        update(items)
        .where(items.c.batch_id == batch, items.c.state == ItemState.FAILED)
        .values(state=ItemState.WAITING, attempts=0, leased_by=None, leased_until=None, updated_at=now)
    )
    if found.rowcount:
        connection.execute(
            update(runs).where(runs.c.batch_id == batch).values(ended_at=None, released_at=None, released_by=None)
        )
    return int(found.rowcount)


def lock(connection: Connection, batch: int) -> Run:
    """Return a batch that nobody else can end meanwhile: of two chunks that end together one must see the other."""
    row = connection.execute(
        select(runs, batches)
        .join(batches, batches.c.id == runs.c.batch_id)
        .where(runs.c.batch_id == batch)
        .with_for_update(of=runs)
    ).one()
    return _run(row)


def end(connection: Connection, batch: int) -> None:
    """Note that nothing of a batch is waiting or being made."""
    connection.execute(update(runs).where(runs.c.batch_id == batch).values(ended_at=clock.stamp()))


def release(connection: Connection, batch: int, actor: str) -> None:
    """Note who let the public see a batch."""
    connection.execute(
        update(runs).where(runs.c.batch_id == batch).values(released_at=clock.stamp(), released_by=actor)
    )


def unfinished(connection: Connection) -> tuple[Unfinished, ...]:
    """Return the running batches that have items to be made and nobody who holds them."""
    free = func.sum(case((_free(datetime.now(UTC)), 1), else_=0))
    rows = connection.execute(
        select(items.c.batch_id, free.label("free"), func.max(items.c.updated_at).label("moved_at"))
        .join(runs, runs.c.batch_id == items.c.batch_id)
        .where(runs.c.ended_at.is_(None))
        .group_by(items.c.batch_id)
        .having(free > 0)
        .order_by(items.c.batch_id)
    )
    return tuple(Unfinished(row.batch_id, int(row.free), row.moved_at) for row in rows)


def unended(connection: Connection) -> tuple[int, ...]:
    """Return the batches in which everything is done and nobody has said so: the last worker died just then."""
    still = select(items.c.certificate_id).where(items.c.batch_id == runs.c.batch_id, items.c.state.in_(OPEN))
    rows = connection.execute(select(runs.c.batch_id).where(runs.c.ended_at.is_(None), ~still.exists()))
    return tuple(rows.scalars())


def made_since(connection: Connection, batch: int, moment: datetime) -> int:
    """Count the items that were made after a moment, to tell how fast a batch goes."""
    since = moment.astimezone(UTC).isoformat(timespec="microseconds")
    return int(
        connection.execute(
            select(func.count()).where(
                items.c.batch_id == batch, items.c.state == ItemState.MADE, items.c.updated_at >= since
            )
        ).scalar_one()
    )


def _after(now: datetime, seconds: float) -> str:
    return (now + timedelta(seconds=seconds)).isoformat(timespec="microseconds")


def _free(now: datetime) -> ColumnElement[bool]:
    over = and_(items.c.state == ItemState.MAKING, items.c.leased_until < now.isoformat(timespec="microseconds"))
    return or_(items.c.state == ItemState.WAITING, over)


def _close(connection: Connection, owner: str, chosen: Sequence[int], **values: Any) -> frozenset[int]:  # noqa: ANN401  columns
    """End the leases of items that are still the owner's; return these."""
    held = (items.c.certificate_id.in_(chosen), items.c.state == ItemState.MAKING, items.c.leased_by == owner)
    changed = {**values, "leased_by": None, "leased_until": None, "updated_at": clock.stamp()}
    found = connection.execute(update(items).where(*held).values(changed).returning(items.c.certificate_id))
    return frozenset(found.scalars())


def _set(connection: Connection, ids: Iterable[int], **values: Any) -> None:  # noqa: ANN401  columns of items
    chosen = list(ids)
    if chosen:
        told = {**values, "updated_at": clock.stamp()}
        connection.execute(update(items).where(items.c.certificate_id.in_(chosen)).values(told))


def _run(row: Row[Any]) -> Run:
    return Run(
        row.batch_id,
        row.organisation_id,
        row.form,
        row.actor,
        row.created_at,
        Details(row.title, row.decision, row.roster_sha256, row.skipped, row.webhook, row.release_by == "second"),
        row.cancelled_at,
        row.ended_at,
        row.released_at,
        row.released_by,
    )


def expire(connection: Connection, before: str) -> tuple[str, ...]:
    """Let go of the rosters of batches that ended before a moment; return the digests of their files."""
    old = (runs.c.ended_at < before, runs.c.roster_sha256 != "")
    found = tuple(connection.execute(select(runs.c.roster_sha256).where(*old)).scalars())
    connection.execute(update(runs).where(*old).values(roster_sha256=""))
    return found


def backlog(connection: Connection) -> Backlog:
    """Return what is to be made and what could not be made, of all organisations."""
    shown = (ItemState.WAITING, ItemState.MAKING, ItemState.FAILED)
    rows = connection.execute(
        select(items.c.state, func.count(), func.min(items.c.updated_at))
        .where(items.c.state.in_(shown))
        .group_by(items.c.state)
    ).all()
    since = {ItemState(state): moment for state, _, moment in rows}
    return Backlog(Counter({ItemState(state): count for state, count, _ in rows}), since.get(ItemState.WAITING))
