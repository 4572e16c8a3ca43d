"""Work that is not finished, kept until it is, or until it expires. What a body holds is its owner's affair.

A part of a draft, such as a picture, is a draft of its own kind that names the whole as its ``form``: saving the whole
does not write its pictures again, and the part goes when the whole goes.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, insert, literal, or_, select, update

from docgen import clock
from docgen.errors import ConflictError, DocgenError
from docgen.store.tables import drafts

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row, Select

_ID_BYTES: Final = 12


class UnknownDraftError(DocgenError):
    """There is no such draft, or it is another organisation's."""

    code = "draft-unknown"


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft; ``kind`` and ``form`` say what it is to become, ``revision`` counts how often it was saved."""

    id: str
    user: int
    kind: str
    form: str
    title: str
    body: dict[str, Any]
    revision: int
    created_at: str
    updated_at: str


@dataclass(frozen=True, slots=True)
class Begun:
    """What a new draft is to become, and what is known of it so far."""

    kind: str
    form: str
    title: str
    body: dict[str, Any]


def begin(connection: Connection, organisation: str, user: int, begun: Begun) -> str:
    """Keep a new draft; return its identifier."""
    identifier = secrets.token_hex(_ID_BYTES)
    now = clock.stamp()
    row = {
        "id": identifier,
        "organisation_id": organisation,
        "user_id": user,
        "kind": begun.kind,
        "form": begun.form,
        "title": begun.title,
        "body": _packed(begun.body),
        "revision": 1,
        "created_at": now,
        "updated_at": now,
    }
    connection.execute(insert(drafts).values(row))
    return identifier


def get(connection: Connection, organisation: str, kind: str, identifier: str) -> Draft:
    """Return a draft; raises UnknownDraftError."""
    wanted = drafts.c.id == identifier, drafts.c.organisation_id == organisation, drafts.c.kind == kind
    row = connection.execute(select(drafts).where(*wanted)).one_or_none()
    if row is None:
        raise UnknownDraftError("没有这份草稿", "它可能已经用掉、删除或过了保存期；请重新开始")
    return _draft(row)


def save(connection: Connection, draft: Draft, title: str, body: dict[str, Any]) -> int:
    """Keep a draft's new body and return its revision; raises ConflictError where it was saved elsewhere meanwhile."""
    found = connection.execute(
        update(drafts)
        .where(drafts.c.id == draft.id, drafts.c.revision == draft.revision)
        .values(title=title, body=_packed(body), revision=draft.revision + 1, updated_at=clock.stamp())
    )
    if not found.rowcount:
        raise ConflictError("这份草稿刚在另一个窗口里改过", "请重新打开它，再改一次")
    return draft.revision + 1


def of(connection: Connection, organisation: str, kind: str, most: int) -> tuple[Draft, ...]:
    """Return the drafts of an organisation, last touched first."""
    wanted = drafts.c.organisation_id == organisation, drafts.c.kind == kind
    rows = connection.execute(select(drafts).where(*wanted).order_by(drafts.c.updated_at.desc()).limit(most))
    return tuple(map(_draft, rows))


def heads(connection: Connection, organisation: str, kind: str, most: int) -> tuple[Draft, ...]:
    """Return the drafts of an organisation as ``of`` does, without their bodies: a roster is a megabyte."""
    told: list[Any] = [column for column in drafts.c if column.name != "body"]
    wanted = drafts.c.organisation_id == organisation, drafts.c.kind == kind
    bare: Select[Any] = select(*told, literal("{}").label("body"))
    rows = connection.execute(bare.where(*wanted).order_by(drafts.c.updated_at.desc()).limit(most))
    return tuple(_draft(row) for row in rows)


def drop(connection: Connection, organisation: str, identifier: str) -> bool:
    """Forget a draft and its parts; tell whether there was one."""
    whole = select(drafts.c.id).where(drafts.c.id == identifier, drafts.c.organisation_id == organisation)
    wanted = or_(drafts.c.id.in_(whole), drafts.c.form.in_(whole))
    return bool(connection.execute(delete(drafts).where(wanted)).rowcount)


def expire(connection: Connection, before: str) -> int:
    """Forget drafts that nobody touched since a moment, with their parts; return how many rows that were."""
    alive = select(drafts.c.id).where(drafts.c.updated_at >= before)
    wanted = drafts.c.updated_at < before, drafts.c.form.not_in(alive)
    return connection.execute(delete(drafts).where(*wanted)).rowcount


def _packed(body: dict[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _draft(row: Row[Any]) -> Draft:
    return Draft(
        row.id,
        row.user_id,
        row.kind,
        row.form,
        row.title,
        json.loads(row.body),
        row.revision,
        row.created_at,
        row.updated_at,
    )
