"""A certificate with its life and its house, read with one statement: the public asks for nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import bindparam, select

from docgen.store.events import event_of
from docgen.store.records import record_of
from docgen.store.tables import certificates, events, organisations

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from docgen.certificates.states import State
    from docgen.store.events import Event
    from docgen.store.records import Record

# Outer joins: what a hand deleted from the other tables must not make a certificate unknown.
_BY_CODE: Final = (
    select(certificates, events, organisations.c.name.label("association"))
    .outerjoin_from(certificates, events, events.c.certificate_id == certificates.c.id)
    .outerjoin(organisations, organisations.c.id == certificates.c.organisation_id)
    .where(certificates.c.code == bindparam("code"))
    .order_by(events.c.sequence)
)


class Life(NamedTuple):
    """A certificate, its events, oldest first, and the full name of its house, "" where that is not known."""

    record: Record
    events: tuple[Event, ...]
    association: str

    @property
    def chain(self) -> list[tuple[int, State]]:
        """Sequence numbers and states, for ``states.standing``."""
        return [(event.sequence, event.step.state) for event in self.events]


def by_code(connection: Connection, code: str) -> Life | None:
    """Return the certificate of a public code."""
    rows = connection.execute(_BY_CODE, {"code": code}).all()
    if not rows:
        return None
    lived = tuple([event_of(row) for row in rows if row.sequence is not None])
    return Life(record_of(rows[0]), lived, rows[0].association or "")
