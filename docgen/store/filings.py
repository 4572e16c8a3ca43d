"""Which documents were made of a certificate, and where their bytes lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from docgen.store.database import insert_new
from docgen.store.records import Record, record_of
from docgen.store.tables import certificates, documents

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Filed:
    """A document that was made of a certificate."""

    format: str
    border: bool
    template: str
    sha256: str
    bytes: int
    created_at: str


def file(connection: Connection, certificate: int, filed: Filed) -> None:
    """Note a document; one that was noted before stays as it is."""
    row = {
        "certificate_id": certificate,
        "format": filed.format,
        "border": filed.border,
        "template": filed.template,
        "sha256": filed.sha256,
        "bytes": filed.bytes,
        "created_at": filed.created_at,
    }
    insert_new(connection, documents, [row])


def filed(connection: Connection, certificate: int) -> tuple[Filed, ...]:
    """Return the documents made of a certificate."""
    rows = connection.execute(
        select(documents)
        .where(documents.c.certificate_id == certificate)
        .order_by(documents.c.created_at, documents.c.format, documents.c.border)
    )
    return tuple(Filed(row.format, row.border, row.template, row.sha256, row.bytes, row.created_at) for row in rows)


def by_digest(connection: Connection, sha256: str) -> tuple[Record, ...]:
    """Return the certificates of which this file is a document; only one, but for bytes made twice."""
    rows = connection.execute(
        select(certificates)
        .join(documents, documents.c.certificate_id == certificates.c.id)
        .where(documents.c.sha256 == sha256)
        .distinct()
    )
    return tuple(map(record_of, rows))
