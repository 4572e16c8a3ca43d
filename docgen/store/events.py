"""The lives of certificates: events are added, never changed; the last one is the state."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert, select

from docgen import clock
from docgen.certificates import states
from docgen.certificates.states import State
from docgen.errors import ConflictError
from docgen.store import search
from docgen.store.tables import certificates, events

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection, Row

    from docgen.store.records import Record

_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class Step:
    """Where a certificate is led, by whom and why: a class for the public, a text for the house."""

    state: State
    actor: str
    reason_class: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One step in the life of a certificate; ``sequence`` counts from 1, ``at`` is UTC."""

    sequence: int
    at: str
    step: Step


def begin(connection: Connection, ids: Iterable[int], actor: str, reason_class: str = "", reason: str = "") -> None:
    """Begin the lives of certificates that were just recorded."""
    _add(connection, ids, 1, Step(State.PENDING, actor, reason_class, reason))


def add(connection: Connection, one: Record, step: Step) -> bool:
    """Lead a certificate into a state; False where it is already there. Raises ConflictError where no way leads.

    ``connection`` is writing; two who do it at once are put in a row.
    """
    chain = _locked(connection, one)
    before = states.standing(chain)
    if before is step.state:
        return False
    if before is None or not states.may_follow(before, step.state):
        here = states.NAMES[before] if before else "无法确认"
        raise ConflictError(
            f"证书 {one.number} 现在的状态是「{here}」，不能变为「{states.NAMES[step.state]}」",
            "请先查看它的经过（docgen history）",
        )
    _add(connection, [one.id], len(chain) + 1, step)
    return True


def now(connection: Connection, one: Record) -> State | None:
    """Return a certificate's state; None where its chain cannot have grown so.

    ``connection`` is writing; others who would lead it on wait until this transaction has ended.
    """
    return states.standing(_locked(connection, one))


def _locked(connection: Connection, one: Record) -> list[tuple[int, State]]:
    connection.execute(select(certificates.c.id).where(certificates.c.id == one.id).with_for_update()).one()
    return chains(connection, [one.id])[one.id]


def release(connection: Connection, ids: Sequence[int], actor: str) -> None:
    """Let the public see certificates that are pending; what is in any other state stays as it is.

    ``connection`` is writing and holds the lock of their batch, so that nobody else releases them meanwhile.
    """
    pending = [one for one, state in standings(connection, ids).items() if state is State.PENDING]
    _add(connection, pending, 2, Step(State.ISSUED, actor))


def _add(connection: Connection, ids: Iterable[int], sequence: int, step: Step) -> None:
    at = clock.stamp()
    rows: list[dict[str, Any]] = [
        {
            "certificate_id": one,
            "sequence": sequence,
            "state": step.state.value,
            "at": at,
            "actor": step.actor,
            "reason_class": step.reason_class,
            "reason": step.reason,
        }
        for one in ids
    ]
    if rows:
        connection.execute(insert(events), rows)
    if step.state is not State.PENDING:  # in which they were entered
        search.lead(connection, [one["certificate_id"] for one in rows], step.state)


def chains(connection: Connection, ids: Sequence[int]) -> dict[int, list[tuple[int, State]]]:
    """Return the sequence numbers and states of certificates' events, for ``states.standing``."""
    found: defaultdict[int, list[tuple[int, State]]] = defaultdict(list)
    for start in range(0, len(ids), _CHUNK):
        rows = connection.execute(
            select(events.c.certificate_id, events.c.sequence, events.c.state)
            .where(events.c.certificate_id.in_(ids[start : start + _CHUNK]))
            .order_by(events.c.certificate_id, events.c.sequence)
        )
        for row in rows:
            found[row.certificate_id].append((row.sequence, State(row.state)))
    return {one: found[one] for one in ids}


def standings(connection: Connection, ids: Sequence[int]) -> dict[int, State | None]:
    """Return the states of certificates; None where a chain cannot have grown so."""
    return {one: states.standing(chain) for one, chain in chains(connection, ids).items()}


def history(connection: Connection, certificate: int) -> tuple[Event, ...]:
    """Return all events of a certificate, oldest first."""
    rows = connection.execute(select(events).where(events.c.certificate_id == certificate).order_by(events.c.sequence))
    return tuple(map(event_of, rows))


def event_of(row: Row[Any]) -> Event:
    """Return the event of a row of ``events``."""
    return Event(row.sequence, row.at, Step(State(row.state), row.actor, row.reason_class, row.reason))
