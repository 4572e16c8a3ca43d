"""Certificates as they were recorded, once and for ever, and who holds what now.

Every function works in the transaction of its caller. Nothing is updated or deleted but the holdings of certificates
that have ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from docgen import clock
from docgen.errors import ConflictError, UnknownCertificateError
from docgen.store import search
from docgen.store.tables import batches, certificates, holdings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection, Row

    from docgen.store.search import Sought, Wanted

_CHUNK: Final = 500
"""Values in one list of a query; SQLite and PostgreSQL both take more."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A certificate about to be recorded."""

    row: int
    number: str
    version: int
    code: str
    identity: str
    token: str
    sought: Sought


@dataclass(frozen=True, slots=True)
class Record:
    """A certificate as it was recorded, once and for ever."""

    id: int
    organisation: str
    batch: int
    row: int
    number: str
    version: int
    code: str
    identity: str
    token: str
    created_at: str


def held(connection: Connection, identities: Sequence[str]) -> dict[str, str]:
    """Return which of these are already honoured: identity to the number of their certificate."""
    found: dict[str, str] = {}
    for start in range(0, len(identities), _CHUNK):
        chunk = identities[start : start + _CHUNK]
        rows = connection.execute(
            select(holdings.c.identity, certificates.c.number)
            .join(certificates, certificates.c.id == holdings.c.certificate_id)
            .where(holdings.c.identity.in_(chunk))
        )
        found |= {row.identity: row.number for row in rows}
    return found


def record(connection: Connection, organisation: str, batch: int, drafts: Sequence[Draft]) -> tuple[Record, ...]:
    """Record certificates; their lives begin with ``events.begin``."""
    now = clock.stamp()
    values = [
        {
            "organisation_id": organisation,
            "batch_id": batch,
            "row": draft.row,
            "number": draft.number,
            "version": draft.version,
            "code": draft.code,
            "identity": draft.identity,
            "token": draft.token,
            "created_at": now,
        }
        for draft in drafts
    ]
    made = connection.execute(insert(certificates).returning(certificates, sort_by_parameter_order=True), values).all()
    search.enter(connection, made, (draft.sought for draft in drafts))
    return tuple(map(record_of, made))


def hold(connection: Connection, records: Iterable[Record]) -> None:
    """Note who is honoured for what. Raises ConflictError where somebody else noted the same just now."""
    rows = [{"identity": one.identity, "certificate_id": one.id} for one in records]
    rows.sort(key=lambda row: str(row["identity"]))  # in one sequence, so that two who note the same do not deadlock
    try:
        connection.execute(insert(holdings), rows)
    except IntegrityError:
        raise ConflictError(
            "另一个请求刚刚给名单里的同一对象颁发了证书，这次什么也没有颁发", "请重试，核对结果会指出是哪一行"
        ) from None


def let_go(connection: Connection, certificate: int) -> None:
    """Forget the holding of a certificate that has ended."""
    connection.execute(delete(holdings).where(holdings.c.certificate_id == certificate))


def by_batch(connection: Connection, batch: int) -> tuple[Record, ...]:
    """Return the certificates of a batch in the order of its rows."""
    rows = connection.execute(select(certificates).where(certificates.c.batch_id == batch).order_by(certificates.c.row))
    return tuple(map(record_of, rows))


def lately(connection: Connection, organisation: str, form: str, most: int) -> tuple[Record, ...]:
    """Return an organisation's newest certificates of one kind, the newest first."""
    rows = connection.execute(
        select(certificates)
        .join(batches, batches.c.id == certificates.c.batch_id)
        .where(certificates.c.organisation_id == organisation, batches.c.form == form)
        .order_by(certificates.c.id.desc())
        .limit(most)
    )
    return tuple(map(record_of, rows))


def find(
    connection: Connection, organisation: str, wanted: Wanted, before: int | None, most: int
) -> tuple[Record, ...]:
    """Return the certificates that somebody looks for, the newest first; ``before`` is where the page before ended."""
    return tuple(map(record_of, search.find(connection, organisation, wanted, before, most)))


def every(connection: Connection) -> Iterator[Record]:
    """Walk the certificates of all organisations, oldest first, without holding them in memory."""
    rows = connection.execution_options(yield_per=_CHUNK).execute(select(certificates).order_by(certificates.c.id))
    return map(record_of, rows)


def versions(connection: Connection, organisation: str, number: str) -> tuple[Record, ...]:
    """Return all versions of a number, oldest first; raises UnknownCertificateError where this house has none."""
    rows = connection.execute(
        select(certificates)
        .where(certificates.c.number == number, certificates.c.organisation_id == organisation)
        .order_by(certificates.c.version)
    ).all()
    if not rows:
        raise UnknownCertificateError("没有这个编号的证书", "请核对证书编号，写作 CAQ-QC-2026-000001 的样式")
    return tuple(map(record_of, rows))


def record_of(row: Row[Any]) -> Record:
    """Return the record of a row of ``certificates``."""
    return Record(
        row.id,
        row.organisation_id,
        row.batch_id,
        row.row,
        row.number,
        row.version,
        row.code,
        row.identity,
        row.token,
        row.created_at,
    )
