"""All records as lines of JSON, and back: the same for SQLite and PostgreSQL, so that a house can move between them."""

from __future__ import annotations

import base64
import json
from typing import IO, TYPE_CHECKING, Any, Final

from sqlalchemy import func, insert, select, text

from docgen.store.tables import METADATA

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Table

_ROWS: Final = 1_000
"""Rows that are in memory at once."""
_SKIPPED: Final = frozenset({"misses", "search"})
"""Wrong guesses of a day, which nobody wants back, and what is repeated from the other tables."""


class DumpError(ValueError):
    """A dump is cut short, or no dump of ours."""


def revision(connection: Connection) -> str:
    """Return which version the tables have."""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def write(connection: Connection, target: IO[bytes]) -> dict[str, int]:
    """Write every table in an order in which each finds what it refers to; return the rows of each.

    ``connection`` reads, so that all tables are seen at one moment.
    """
    counts = {}
    for table in _tables():
        counts[table.name] = 0
        result = connection.execution_options(yield_per=_ROWS).execute(select(table).order_by(*table.primary_key))
        for row in result.mappings():
            told = {name: _plain(value) for name, value in row.items()}
            target.write(json.dumps([table.name, told], ensure_ascii=False).encode() + b"\n")
            counts[table.name] += 1
    return counts


def read(connection: Connection, source: IO[bytes]) -> dict[str, int]:
    """Fill empty tables from a dump; return the rows of each. Raises DumpError."""
    counts = {table.name: 0 for table in _tables()}
    for table, rows in _grouped(source):
        connection.execute(insert(table), rows)
        counts[table.name] += len(rows)
    if connection.dialect.name == "postgresql":
        for table in _tables():
            _count_on(connection, table)
    return counts


def is_empty(connection: Connection) -> bool:
    """Tell whether nothing was ever issued, nor anybody let in."""
    return not any(
        connection.execute(select(func.count()).select_from(METADATA.tables[name])).scalar_one()
        for name in ("certificates", "batches", "api_keys", "signing_keys", "counters")
    )


def clear(connection: Connection) -> None:
    """Take out what opening an empty database puts in: its first organisation."""
    connection.execute(METADATA.tables["organisations"].delete())


def _tables() -> Iterator[Table]:
    return (table for table in METADATA.sorted_tables if table.name not in _SKIPPED)


def _grouped(source: IO[bytes]) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    rows: list[dict[str, Any]] = []
    name = ""
    for line in source:
        try:
            following, row = json.loads(line)
            row = {key: _bytes(value) for key, value in row.items()}
        except (ValueError, TypeError, AttributeError):
            raise DumpError("a line is no row") from None
        if rows and (following != name or len(rows) == _ROWS):
            yield _table(name), rows
            rows = []
        name = following
        rows.append(row)
    if rows:
        yield _table(name), rows


def _table(name: str) -> Table:
    if name not in METADATA.tables:
        raise DumpError("a row of no table of ours")
    return METADATA.tables[name]


def _plain(value: object) -> object:
    return {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def _bytes(value: object) -> object:
    return base64.b64decode(value["base64"]) if isinstance(value, dict) else value


def _count_on(connection: Connection, table: Table) -> None:
    """Let PostgreSQL number new rows after those that came with their own numbers."""
    column = table.primary_key.columns.values()[0]
    if column.name != "id" or not column.autoincrement or str(column.type) != "BIGINT":
        return
    connection.execute(
        text(
            f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "  # noqa: S608  our own tables' names
            f"(SELECT COALESCE(MAX(id), 0) + 1 FROM {table.name}), false)"
        )
    )
