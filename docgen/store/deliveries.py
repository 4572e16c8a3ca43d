"""Webhook messages: what is to be told, how often it was tried, and when to try again."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, insert, select, update

from docgen import clock
from docgen.store.tables import batches, deliveries, organisations, runs

if TYPE_CHECKING:
    from sqlalchemy import Connection

WAITS: Final = (5, 30, 120, 600, 3_600, 4 * 3_600, 12 * 3_600)
"""Seconds before the second, third … attempt; after the last one nobody tries again by itself."""
_LEASE_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message on its way."""

    id: str
    batch: int
    event: str
    url: str
    secret: str
    attempts: int
    status: str


def enter(connection: Connection, batch: int, event: str) -> None:
    """Let a message wait to be delivered now."""
    connection.execute(
        insert(deliveries).values(
            id=f"msg_{secrets.token_hex(12)}",
            batch_id=batch,
            event=event,
            attempts=0,
            next_at=clock.stamp(),
            status="",
            updated_at=clock.stamp(),
        )
    )


def lease(connection: Connection) -> Delivery | None:
    """Take one message whose time has come; nobody else tries it meanwhile."""
    now = clock.stamp()
    row = connection.execute(
        select(deliveries, runs.c.webhook, organisations.c.id.label("organisation"), organisations.c.webhook_secret)
        .join(runs, runs.c.batch_id == deliveries.c.batch_id)
        .join(batches, batches.c.id == runs.c.batch_id)
        .join(organisations, organisations.c.id == batches.c.organisation_id)
        .where(deliveries.c.next_at <= now)
        .order_by(deliveries.c.next_at)
        .limit(1)
        .with_for_update(skip_locked=True, of=deliveries)
    ).one_or_none()
    if row is None:
        return None
    _set(connection, row.id, next_at=_after(_LEASE_SECONDS), attempts=row.attempts + 1)
    secret = row.webhook_secret or secret_of(connection, row.organisation)
    return Delivery(row.id, row.batch_id, row.event, row.webhook, secret, row.attempts + 1, row.status)


def settle(connection: Connection, delivery: Delivery, status: str, *, taken: bool) -> None:
    """Note how an attempt ended: ``taken`` by the other side, or to be tried again as long as that makes sense."""
    again = None
    if not taken and delivery.attempts <= len(WAITS):
        again = _after(WAITS[delivery.attempts - 1])
    _set(connection, delivery.id, next_at=again, status=status)


def again(connection: Connection, batch: int) -> bool:
    """Try a batch's last message once more, by hand; tell whether there is one."""
    last = connection.execute(
        select(deliveries.c.id).where(deliveries.c.batch_id == batch).order_by(deliveries.c.updated_at.desc()).limit(1)
    ).scalar_one_or_none()
    if last:
        _set(connection, last, next_at=clock.stamp(), attempts=0)
    return last is not None


def of_batch(connection: Connection, batch: int) -> tuple[tuple[str, int, str, str | None], ...]:
    """Return a batch's messages: identifier, attempts, how the last one ended, when the next one is."""
    rows = connection.execute(
        select(deliveries.c.id, deliveries.c.attempts, deliveries.c.status, deliveries.c.next_at)
        .where(deliveries.c.batch_id == batch)
        .order_by(deliveries.c.updated_at)
    )
    return tuple((row.id, row.attempts, row.status, row.next_at) for row in rows)


def expire(connection: Connection, before: str) -> None:
    """Forget messages that nobody will try again and that are older than a moment."""
    connection.execute(delete(deliveries).where(deliveries.c.next_at.is_(None), deliveries.c.updated_at < before))


def secret_of(connection: Connection, organisation: str) -> str:
    """Return the secret that signs an organisation's messages (``whsec_…``); make it the first time."""
    known = connection.execute(
        select(organisations.c.webhook_secret).where(organisations.c.id == organisation).with_for_update()
    ).scalar_one()
    if known:
        return str(known)
    made = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    connection.execute(update(organisations).where(organisations.c.id == organisation).values(webhook_secret=made))
    return made


def _set(connection: Connection, identifier: str, **values: object) -> None:
    connection.execute(
        update(deliveries).where(deliveries.c.id == identifier).values(**values, updated_at=clock.stamp())
    )


def _after(seconds: float) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat(timespec="microseconds")
