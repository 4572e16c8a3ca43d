"""Write a registry as SQL, to be kept for tests of upgrades: ``python -m tools.dump_registry DATABASE FOLDER``.

DATABASE is the SQLite file of a registry that an older docgen made; FOLDER gets ``schema.sqlite.sql`` and ``rows.sql``,
whose INSERT statements PostgreSQL understands too. PostgreSQL's schema is that of an empty registry of the same docgen:
``pg_dump --schema-only --no-owner --no-privileges``, without the lines that begin with a backslash or ``SET``, as
``schema.postgresql.sql``. No secret is in any of them.
"""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path
from typing import Any, Final

_BOOLEANS: Final = frozenset({"trial", "border"})
_AFTER: Final = (
    "organisations", "signing_keys", "series", "counters", "batches", "certificates", "holdings", "events", "documents",
    "alembic_version",
)  # fmt: skip
"""Tables in the order of their references; API keys and misses are nobody's business later."""


def main() -> None:
    """Dump."""
    database, folder = sys.argv[1:]
    connection = sqlite3.connect(database)
    connection.row_factory = sqlite3.Row
    schema = [
        row[0] for row in connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")
    ]
    rows = []
    for table in _AFTER:
        for row in connection.execute(f"SELECT * FROM {table} ORDER BY rowid"):  # noqa: S608  names from above
            names = ", ".join(row.keys())
            values = ", ".join(_literal(name, row[name]) for name in row.keys())  # noqa: SIM118  a Row is no mapping
            rows.append(f"INSERT INTO {table} ({names}) VALUES ({values});\n")  # noqa: S608  it is written, not run
    Path(folder).mkdir(parents=True, exist_ok=True)
    (Path(folder) / "schema.sqlite.sql").write_text("".join(f"{sql};\n" for sql in schema), encoding="utf-8")
    (Path(folder) / "rows.sql").write_text("".join(rows), encoding="utf-8")


def _literal(name: str, value: Any) -> str:
    if value is None:
        return "NULL"
    if name in _BOOLEANS:
        return "TRUE" if value else "FALSE"
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


if __name__ == "__main__":
    main()
