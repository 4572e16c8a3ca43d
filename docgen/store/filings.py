"""Which documents were made of a certificate, and where their bytes lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from docgen.store.database import insert_new
from docgen.store.records import Record, record_of
from docgen.store.tables import certificates, documents, runs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, Row

_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class Filed:
    """A document that was made of a certificate."""

    format: str
    border: bool
    template: str
    sha256: str
    bytes: int
    created_at: str


def file(connection: Connection, made: Mapping[int, Filed]) -> None:
    """Note documents by their certificates; one that was noted before stays as it is."""
    rows = [
        {
            "certificate_id": certificate,
            "format": filed.format,
            "border": filed.border,
            "template": filed.template,
            "sha256": filed.sha256,
            "bytes": filed.bytes,
            "created_at": filed.created_at,
        }
        for certificate, filed in made.items()
    ]
    insert_new(connection, documents, rows)


def filed(connection: Connection, certificate: int) -> tuple[Filed, ...]:
    """Return the documents made of a certificate."""
    rows = connection.execute(
        select(documents)
        .where(documents.c.certificate_id == certificate)
        .order_by(documents.c.created_at, documents.c.format, documents.c.border)
    )
    return tuple(map(_filed, rows))


def by_digest(connection: Connection, sha256: str) -> tuple[Record, ...]:
    """Return the certificates of which this file is a document; only one, but for bytes made twice."""
    rows = connection.execute(
        select(certificates)
        .join(documents, documents.c.certificate_id == certificates.c.id)
        .where(documents.c.sha256 == sha256)
        .distinct()
    )
    return tuple(map(record_of, rows))


def digests(connection: Connection) -> tuple[str, ...]:
    """Return the files that the records name: documents, and the rosters of batches that are still kept."""
    made = select(documents.c.sha256).distinct()
    came = select(runs.c.roster_sha256).where(runs.c.roster_sha256 != "").distinct()
    return (*connection.execute(made).scalars(), *connection.execute(came).scalars())


def names(connection: Connection, digest: str) -> bool:
    """Tell whether any record names a file."""
    made = select(documents.c.sha256).where(documents.c.sha256 == digest)
    came = select(runs.c.roster_sha256).where(runs.c.roster_sha256 == digest)
    return connection.execute(made.union(came).limit(1)).first() is not None


def filed_of(connection: Connection, ids: Sequence[int], fmt: str) -> dict[int, Filed]:
    """Return the bordered documents of many certificates in one format, by the certificate."""
    found: dict[int, Filed] = {}
    for start in range(0, len(ids), _CHUNK):
        rows = connection.execute(
            select(documents).where(
                documents.c.certificate_id.in_(ids[start : start + _CHUNK]),
                documents.c.format == fmt,
                documents.c.border.is_(True),
            )
        )
        found |= {row.certificate_id: _filed(row) for row in rows}
    return found


def _filed(row: Row[Any]) -> Filed:
    return Filed(row.format, row.border, row.template, row.sha256, row.bytes, row.created_at)
