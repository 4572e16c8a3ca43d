"""The use cases of background batches: begin, watch, cancel, retry, release."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from docgen import clock
from docgen.errors import ConflictError
from docgen.issuing import issue, recording
from docgen.jobs import working
from docgen.jobs.engine import Lane
from docgen.store import deliveries, ledger
from docgen.store.ledger import OPEN, ItemState

if TYPE_CHECKING:
    from docgen.issuing.orders import Order
    from docgen.issuing.registry import Desk
    from docgen.jobs.engine import Engine
    from docgen.store.database import Connection
    from docgen.store.ledger import Details, Item, Run
    from docgen.store.records import Record

_WINDOW_SECONDS: Final = 20
"""The speed of a batch is that of its last moments: a slow start or a pause must not spoil the estimate."""
_SMALL: Final = 20
"""Up to so many certificates somebody waits for; more are a matter of minutes."""


class Stage(StrEnum):
    """Where a batch stands as a whole."""

    RUNNING = "running"
    ENDED = "ended"
    UNRELEASED = "waiting-for-release"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch is. ``remaining_seconds`` is None while there is nothing to estimate from."""

    run: Run
    waiting: int
    making: int
    made: int
    failed: int
    cancelled: int
    remaining_seconds: int | None

    @property
    def total(self) -> int:
        """Certificates of the batch."""
        return self.waiting + self.making + self.made + self.failed + self.cancelled

    @property
    def stage(self) -> Stage:
        """Where it stands: what was cancelled or has failed may still leave some to be released."""
        if not self.run.ended_at:
            return Stage.RUNNING
        if self.made and not self.run.released_at:
            return Stage.UNRELEASED
        return Stage.CANCELLED if self.run.cancelled_at else Stage.ENDED

    def members(self) -> dict[str, object]:
        """Return the progress for machines; rows in are always the sum of the five counts that follow."""
        run = self.run
        return {
            "batch": run.id,
            "title": run.details.title,
            "certificate": run.form,
            "decision": run.details.decision,
            "state": self.stage,
            "rows_in": self.total + run.details.skipped,
            "issued": self.made,
            "skipped": run.details.skipped,
            "failed": self.failed,
            "cancelled": self.cancelled,
            "open": self.waiting + self.making,
            "remaining_seconds": self.remaining_seconds,
            "second_person": run.details.second,
            "actor": run.actor,
            "created_at": run.created_at,
            "ended_at": run.ended_at,
            "released_at": run.released_at,
            "released_by": run.released_by,
        }


@dataclass(frozen=True, slots=True)
class Begun:
    """A batch that runs; ``notes`` are Chinese sentences that somebody should read. ``new`` unless sent before."""

    batch: int
    notes: tuple[str, ...]
    new: bool


def begin(desk: Desk, engine: Engine, order: Order, details: Details, key: str) -> Begun:
    """Record an order and let it run; the same order under the same key again is the same batch.

    Raises what ``issue.issue`` raises before anything is numbered.
    """
    issue.rehearse(desk, order)
    entered: list[int] = []

    def enter(connection: Connection, batch: int, made: tuple[Record, ...]) -> None:
        ledger.enter(connection, batch, details, made)
        entered.append(batch)

    recorded = recording.record(desk, order, key, enter)
    lane = Lane.FAST if len(recorded.records) <= _SMALL else Lane.BULK
    working.ask(engine, lane, recorded.batch, len(recorded.records))
    return Begun(recorded.batch, recorded.notes, bool(entered))


def progress(desk: Desk, batch: int) -> Progress:
    """Return how far a batch is; raises UnknownBatchError."""
    since = clock.now() - timedelta(seconds=_WINDOW_SECONDS)
    with desk.registry.database.reading() as connection:
        run = ledger.find(connection, desk.organisation, batch)
        counts = ledger.counts(connection, batch)
        lately = ledger.made_since(connection, batch, since)
    left = sum(counts[state] for state in OPEN)
    window = min(_WINDOW_SECONDS, (clock.now() - datetime.fromisoformat(run.created_at)).total_seconds())
    remaining = round(left * window / lately) if lately else None
    return Progress(
        run,
        counts[ItemState.WAITING],
        counts[ItemState.MAKING],
        counts[ItemState.MADE],
        counts[ItemState.FAILED],
        counts[ItemState.CANCELLED],
        remaining if left else 0,
    )


def items(desk: Desk, batch: int, state: ItemState | None = None) -> tuple[Item, ...]:
    """Return a batch's items in the order of its rows; raises UnknownBatchError."""
    with desk.registry.database.reading() as connection:
        ledger.find(connection, desk.organisation, batch)
        return ledger.all_items(connection, batch, state)


def recent(desk: Desk, limit: int = 100) -> tuple[Run, ...]:
    """Return the newest batches of an organisation."""
    with desk.registry.database.reading() as connection:
        return ledger.all_runs(connection, desk.organisation, limit)


def cancel(desk: Desk, batch: int) -> int:
    """Stop a batch; return how many certificates became void. What was made before is released all the same."""
    with desk.registry.database.writing() as connection:
        ledger.find(connection, desk.organisation, batch)
        run = ledger.lock(connection, batch)
        if run.ended_at and not ledger.counts(connection, batch)[ItemState.FAILED]:
            return 0
        return working.stop(connection, batch, desk.actor)


def retry(desk: Desk, engine: Engine, batch: int) -> int:
    """Try again what failed; return how many items."""
    with desk.registry.database.writing() as connection:
        ledger.find(connection, desk.organisation, batch)
        ledger.lock(connection, batch)
        count = ledger.retry(connection, batch)
    working.ask(engine, Lane.FAST if count <= _SMALL else Lane.BULK, batch, count)
    return count


def release(desk: Desk, batch: int) -> bool:
    """Let the public see a batch that waited for a second person; False where it was released before.

    Raises ConflictError for whoever began it, and while something is still being made.
    """
    with desk.registry.database.writing() as connection:
        ledger.find(connection, desk.organisation, batch)
        run = ledger.lock(connection, batch)
        if not run.ended_at:
            raise ConflictError("这个批次还在制作，不能发布", "请等制作完成，或先取消、重试失败的几份")
        if run.released_at:
            return False
        if run.details.second and run.actor == desk.actor:
            raise ConflictError("本单位要求由另一人复核发布，制作人不能自己发布", "请由另一位有权限的人发布")
        working.release(connection, batch, desk.actor)
    return True


def resend(desk: Desk, batch: int) -> None:
    """Send the message about a batch's end once more. Raises ConflictError where there is none."""
    with desk.registry.database.writing() as connection:
        run = ledger.find(connection, desk.organisation, batch)
        if not deliveries.again(connection, batch):
            why = "还没有结束" if run.details.webhook else "提交时没有写通知地址"
            raise ConflictError(f"这个批次{why}，没有可以再发的通知", "请等批次结束，或直接查看批次的进度")


def sent(desk: Desk, batch: int) -> tuple[tuple[str, int, str, str | None], ...]:
    """Return the messages about a batch's end as ``deliveries.of_batch`` does; raises UnknownBatchError."""
    with desk.registry.database.reading() as connection:
        ledger.find(connection, desk.organisation, batch)
        return deliveries.of_batch(connection, batch)
