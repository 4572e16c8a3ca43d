"""API keys: ``dgk_<id>_<secret>``, kept as SHA-256 digests; each belongs to one organisation.

The secret is 256 random bits, so a plain digest is as good as a slow one: there is nothing to guess.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, insert, select, update

from docgen import clock
from docgen.store.tables import api_keys

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from docgen.store.database import Database

_SHAPE: Final = re.compile(r"dgk_([0-9a-f]{8})_([0-9a-f]{64})", re.ASCII)
_NOBODY: Final = hashlib.sha256(b"").digest()
"""Compared with when no key has the identifier, so that both misses cost the same."""


class Scope(StrEnum):
    """What the holder of a key may do beyond looking forms up; no scope contains another."""

    RENDER = "render"
    ISSUE = "issue"
    REVOKE = "revoke"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Key:
    """One key without its secret."""

    id: str
    organisation: str
    scopes: frozenset[Scope]
    created_at: str
    withdrawn_at: str | None

    @property
    def actor(self) -> str:
        """How the key stands in the history of a certificate."""
        return f"key:{self.id}"


class Keyring:
    """The API keys of one database; a key withdrawn in one process is refused by all."""

    def __init__(self, database: Database) -> None:
        """Use a database."""
        self._database = database

    def __len__(self) -> int:
        """Return how many keys are in use."""
        with self._database.reading() as connection:
            found = connection.execute(select(func.count()).where(api_keys.c.withdrawn_at.is_(None))).scalar_one()
        return int(found)

    def find(self, text: str) -> Key | None:
        """Return the key that this text is, or None. Takes as long for a wrong identifier as for a wrong secret."""
        shape = _SHAPE.fullmatch(text)
        if shape is None:
            return None
        with self._database.reading() as connection:
            row = connection.execute(select(api_keys).where(api_keys.c.id == shape[1])).one_or_none()
        given = hashlib.sha256(shape[2].encode()).digest()
        same = hmac.compare_digest(given, row.digest if row else _NOBODY)
        return _key(row) if row and same and row.withdrawn_at is None else None

    def all(self) -> tuple[Key, ...]:
        """Return every key, withdrawn ones too, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(api_keys).order_by(api_keys.c.created_at, api_keys.c.id)).all()
        return tuple(map(_key, rows))

    def add(self, organisation: str, *scopes: Scope) -> str:
        """Make a key, store its digest, and return its text: the only time that the secret is known."""
        with self._database.writing() as connection:
            identifier, secret = _unused(connection), secrets.token_hex(32)
            connection.execute(
                insert(api_keys).values(
                    id=identifier,
                    organisation_id=organisation,
                    digest=hashlib.sha256(secret.encode()).digest(),
                    scopes=" ".join(sorted(set(scopes))),
                    created_at=clock.stamp(),
                )
            )
        return f"dgk_{identifier}_{secret}"

    def withdraw(self, identifier: str) -> bool:
        """Refuse a key from now on; tell whether there was one to refuse."""
        with self._database.writing() as connection:
            found = connection.execute(
                update(api_keys)
                .where(api_keys.c.id == identifier, api_keys.c.withdrawn_at.is_(None))
                .values(withdrawn_at=clock.stamp())
            )
        return bool(found.rowcount)


def _key(row: Row[Any]) -> Key:
    scopes = frozenset(Scope(scope) for scope in row.scopes.split())
    return Key(row.id, row.organisation_id, scopes, row.created_at, row.withdrawn_at)


def _unused(connection: Connection) -> str:
    while True:
        identifier = secrets.token_hex(4)
        if not connection.execute(select(api_keys.c.id).where(api_keys.c.id == identifier)).first():
            return identifier
