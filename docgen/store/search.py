"""Finding certificates: who and what stands on each, folded, in one narrow table beside the records.

The claims are the truth and lie inside signed tokens; this table only repeats what people look for, with the state that
the last event led to. It is written in the transaction of what it repeats, and can be emptied at any time: opening the
registry fills in what it lacks (``catch_up``). Words are found anywhere in a value, which neither SQLite nor PostgreSQL
has an index for in Chinese: the table is read from the newest certificate on until a page is full.
"""

from __future__ import annotations

import base64
import json
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from docgen.certificates import code as codes
from docgen.certificates import states
from docgen.certificates.claims import Claims
from docgen.certificates.number import Number
from docgen.certificates.states import State
from docgen.store.tables import batches, certificates, counters, events, search, series

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import ColumnElement, Connection, Row

    from docgen.store.database import Database

_CHUNK: Final = 500
_CAUGHT_UP: Final = 2_000
"""Certificates that are filled in by one transaction."""
_DOTS: Final = frozenset("·•・‧･∙⋅")
"""What people type for the dot in a name, or leave out."""
_MOST_WORDS: Final = 8


@dataclass(frozen=True, slots=True)
class Sought:
    """What a certificate is found by."""

    form: str
    year: int
    words: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; what is empty does not count.

    ``text`` is a number or a part of it, a code or its address, or words of names, each of which must occur.
    """

    text: str = ""
    state: State | None = None
    form: str = ""
    year: int | None = None
    batch: int | None = None


def sought(claims: Claims) -> Sought:
    """Return what a certificate is to be found by."""
    values = [claims.number, claims.award, *(value for _, value in claims.shown())]
    values += (name for _, names in claims.people() for name in names)
    return Sought(claims.form, int(claims.issued_on[:4]), "\n".join(map(folded, values)))


def folded(text: str) -> str:
    """Return words as they are compared: without case, width, white space and the dots of names."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in plain if char not in _DOTS and not char.isspace())


def enter(connection: Connection, made: Sequence[Row[Any]], soughts: Iterable[Sought]) -> None:
    """Enter certificates that were just recorded (rows of ``certificates``), each pending."""
    told = (_row(one, found, State.PENDING) for one, found in zip(made, soughts, strict=True))
    _insert(connection, list(told))


def lead(connection: Connection, ids: Sequence[int], state: State) -> None:
    """Note the state that certificates were led into."""
    for start in range(0, len(ids), _CHUNK):
        chosen = search.c.certificate_id.in_(ids[start : start + _CHUNK])
        connection.execute(update(search).where(chosen).values(state=state.value))


def catch_up(database: Database) -> int:
    """Fill in what the table lacks of the newest certificates, or of all; return how many were filled in."""
    count = 0
    while True:
        with database.reading() as connection:
            last = connection.execute(select(func.max(search.c.certificate_id))).scalar_one() or 0
            newest = connection.execute(select(func.max(certificates.c.id))).scalar_one() or 0
        if newest <= last:
            return count
        with database.writing() as connection:
            rows = connection.execute(
                select(certificates).where(certificates.c.id > last).order_by(certificates.c.id).limit(_CAUGHT_UP)
            ).all()
            told = _states(connection, [row.id for row in rows])
            _insert(connection, [_row(row, _read(row), told[row.id]) for row in rows])
        count += len(rows)


def find(connection: Connection, organisation: str, wanted: Wanted, before: int | None, most: int) -> list[Row[Any]]:
    """Return rows of ``certificates``, the newest first; ``before`` is the id where the page before ended."""
    chosen = [search.c.organisation_id == organisation, *_conditions(wanted)]
    if before is not None:
        chosen.append(search.c.certificate_id < before)
    query = (
        select(certificates)
        .join(search, search.c.certificate_id == certificates.c.id)
        .where(*chosen)
        .order_by(search.c.certificate_id.desc())
        .limit(most)
    )
    return list(connection.execute(query))


def years(connection: Connection, organisation: str) -> tuple[int, ...]:
    """Return the years of an organisation's numbers, the latest first."""
    found = select(counters.c.year).join(series).where(series.c.organisation_id == organisation).distinct()
    return tuple(sorted(connection.execute(found).scalars(), reverse=True))


def forms(connection: Connection, organisation: str) -> tuple[str, ...]:
    """Return the kinds of certificates that an organisation has issued."""
    found = select(batches.c.form).where(batches.c.organisation_id == organisation, batches.c.form != "").distinct()
    return tuple(sorted(connection.execute(found).scalars()))


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.state:
        yield search.c.state == wanted.state.value
    if wanted.form:
        yield search.c.form == wanted.form
    if wanted.year is not None:
        yield search.c.year == wanted.year
    if wanted.batch is not None:
        yield search.c.batch_id == wanted.batch
    if code := codes.parse(wanted.text.strip().rsplit("/", 1)[-1]):
        yield _among(certificates.c.code == code)
        return
    if number := Number.parse(wanted.text):
        yield _among(certificates.c.number == str(number))
        return
    for word in wanted.text.split()[:_MOST_WORDS]:
        if plain := folded(word):
            yield search.c.words.contains(plain, autoescape=True)


def _among(exactly: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition as a list of ids: SQLite would walk the whole table for the sake of its order."""
    return search.c.certificate_id.in_(select(certificates.c.id).where(exactly))


def _row(one: Row[Any], found: Sought, state: State) -> dict[str, object]:
    return {
        "certificate_id": one.id,
        "organisation_id": one.organisation_id,
        "batch_id": one.batch_id,
        "form": found.form,
        "year": found.year,
        "state": state.value,
        "words": found.words,
    }


def _insert(connection: Connection, rows: list[dict[str, object]]) -> None:
    if not rows:
        return
    # Two servers that start at once fill in the same.
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    connection.execute(insert(search).on_conflict_do_nothing(), rows)


def _states(connection: Connection, ids: Sequence[int]) -> dict[int, State]:
    chains: dict[int, list[tuple[int, State]]] = {one: [] for one in ids}
    for start in range(0, len(ids), _CHUNK):
        rows = connection.execute(
            select(events.c.certificate_id, events.c.sequence, events.c.state)
            .where(events.c.certificate_id.in_(ids[start : start + _CHUNK]))
            .order_by(events.c.certificate_id, events.c.sequence)
        )
        for row in rows:
            chains[row.certificate_id].append((row.sequence, State(row.state)))
    return {one: states.standing(chain) or State.UNREADABLE for one, chain in chains.items()}


def _read(row: Row[Any]) -> Sought:
    """Read what a record says without asking who signed it: whoever is found is shown by the verified claims."""
    try:
        payload = row.token.split(".")[1]
        return sought(Claims.read(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))))
    except (IndexError, ValueError, json.JSONDecodeError):
        return Sought("", 0, folded(row.number))
