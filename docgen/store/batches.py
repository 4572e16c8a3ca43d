"""Requests to issue: the same one sent twice is one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from docgen import clock
from docgen.errors import ConflictError
from docgen.store.database import insert_new
from docgen.store.tables import batches

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came in. ``key`` is the caller's, ``digest`` that of its content, ``form`` the certificate's."""

    organisation: str
    key: str
    digest: str
    form: str
    actor: str


def find(connection: Connection, request: Request) -> int | None:
    """Return the batch of a request that came before. Raises ConflictError where its key was used for another."""
    found = connection.execute(
        select(batches.c.id, batches.c.request_digest).where(
            batches.c.organisation_id == request.organisation, batches.c.idempotency_key == request.key
        )
    ).one_or_none()
    if found is None:
        return None
    if found.request_digest != request.digest:
        raise ConflictError(
            "这个幂等键已经用于另一份内容不同的请求", "内容改过就请换一个新的幂等键；要重试原来的请求，请原样再发"
        )
    return int(found.id)


def of_key(connection: Connection, organisation: str, key: str) -> int | None:
    """Return the batch that an organisation began under a key, whatever its content."""
    told = batches.c.organisation_id == organisation, batches.c.idempotency_key == key
    return connection.execute(select(batches.c.id).where(*told)).scalar_one_or_none()


def count(connection: Connection, organisation: str) -> int:
    """Count the batches of an organisation."""
    told = select(func.count()).where(batches.c.organisation_id == organisation)
    return int(connection.execute(told).scalar_one())


def begin(connection: Connection, request: Request) -> int | None:
    """Return the batch of a new request, or None where another process has begun it. Raises as ``find`` does."""
    row = {
        "organisation_id": request.organisation,
        "idempotency_key": request.key,
        "request_digest": request.digest,
        "form": request.form,
        "actor": request.actor,
        "created_at": clock.stamp(),
    }
    return find(connection, request) if insert_new(connection, batches, [row]) else None
