"""What was decided in the browser for the whole installation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select, update

from docgen.store.database import insert_new
from docgen.store.tables import installation

if TYPE_CHECKING:
    from sqlalchemy import Connection

PUBLIC_URL: Final = "public-url"
"""Scheme and host of the address that certificates carry."""


def get(connection: Connection, name: str) -> str:
    """Return a decision, "" where there is none yet."""
    found = connection.execute(select(installation.c.value).where(installation.c.name == name)).scalar_one_or_none()
    return str(found or "")


def put(connection: Connection, name: str, value: str) -> None:
    """Decide."""
    if not insert_new(connection, installation, [{"name": name, "value": value}]):
        connection.execute(update(installation).where(installation.c.name == name).values(value=value))
