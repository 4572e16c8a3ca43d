"""What state a database is in, looked at without making or changing anything."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import create_engine

from docgen.store import organisations, signing
from docgen.store.database import MIGRATIONS, SQLITE, postgresql_engine, sqlite_module, told

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from docgen.certificates.signature import VerificationKey
    from docgen.store.organisations import Organisation

_FAULTY: Final = ((3, 7, 0), (3, 51, 2))
"""SQLite from and to here can lose pages when a WAL is reset while another connection writes."""


class Tables(StrEnum):
    """Whether the tables are those that this docgen works with."""

    NONE = "none"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


@dataclass(frozen=True, slots=True)
class Condition:
    """One database as it stands. ``organisations`` and ``keys`` are read from current tables only.

    ``safe`` is False for a SQLite with the fault of resetting WALs.
    """

    engine: str
    safe: bool
    tables: Tables
    organisations: tuple[Organisation, ...] = ()
    keys: tuple[VerificationKey, ...] = ()


def look(url: str) -> Condition:
    """Look at ``sqlite:///<path>`` or ``postgresql://…``; raises DatabaseError where it is not there."""
    engine = _sqlite(url) if url.startswith(SQLITE) else postgresql_engine(url)
    try:
        with told(), engine.connect() as connection:
            name, safe = _engine(connection)
            tables = _tables(connection)
            if tables is not Tables.CURRENT:
                return Condition(name, safe, tables)
            known = organisations.all_organisations(connection)
            return Condition(name, safe, tables, known, tuple(signing.key_table(connection).values()))
    finally:
        engine.dispose()


def _sqlite(url: str) -> Engine:
    """Return connections that open a file and never make one."""
    address = f"file:{quote(url.removeprefix(SQLITE))}?mode=rw"
    module = sqlite_module()
    return create_engine(SQLITE, module=module, creator=lambda: module.connect(address, uri=True))


def _engine(connection: Connection) -> tuple[str, bool]:
    version = connection.dialect.server_version_info or ()
    name = "SQLite" if connection.dialect.name == "sqlite" else "PostgreSQL"
    safe = name != "SQLite" or not _FAULTY[0] <= version <= _FAULTY[1]
    return f"{name} {'.'.join(map(str, version))}", safe


def _tables(connection: Connection) -> Tables:
    revision = MigrationContext.configure(connection).get_current_revision()
    scripts = ScriptDirectory(str(MIGRATIONS))
    if revision is None:
        return Tables.NONE
    if revision == scripts.get_current_head():
        return Tables.CURRENT
    try:
        scripts.get_revision(revision)
    except CommandError:
        return Tables.NEWER
    return Tables.OLDER
