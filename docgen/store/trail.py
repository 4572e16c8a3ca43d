"""Who did what on the staff pages, append-only by triggers; never what stands on a certificate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from docgen import clock
from docgen.store.tables import trail

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that somebody did; ``at`` is UTC, ISO 8601."""

    id: int
    at: str
    actor: str
    action: str
    subject: str


def note(connection: Connection, organisation: str, actor: str, action: str, subject: str) -> None:
    """Note an action, in the transaction that does it wherever there is one."""
    row = {
        "organisation_id": organisation,
        "at": clock.stamp(),
        "actor": actor,
        "action": action,
        "subject": subject,
    }
    connection.execute(insert(trail).values(row))


def before(connection: Connection, organisation: str, identifier: int | None, most: int) -> tuple[Entry, ...]:
    """Return entries of an organisation, the newest first; ``identifier`` is where the page before ended."""
    wanted = [trail.c.organisation_id == organisation]
    if identifier is not None:
        wanted.append(trail.c.id < identifier)
    rows = connection.execute(select(trail).where(*wanted).order_by(trail.c.id.desc()).limit(most))
    return tuple(Entry(row.id, row.at, row.actor, row.action, row.subject) for row in rows)
