"""One database: SQLite in the data folder, or PostgreSQL. Opening brings its tables up to date.

SQLite runs with WAL and ``synchronous=FULL``, and whoever writes says so at once (``BEGIN IMMEDIATE``): a transaction
that reads first and writes later could otherwise lose to another one after its work is done.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import URL, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, OperationalError

from docgen.errors import DocgenError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import ModuleType

    from sqlalchemy import Engine, Table

Connection = sqlalchemy.Connection
"""A transaction; other rooms hand it on and never look inside."""

FILE_NAME: Final = "docgen.sqlite3"
_WAIT_SECONDS: Final = 10
"""How long a writer waits for another one before it gives up."""
SQLITE: Final = "sqlite:///"
MIGRATIONS: Final = Path(__file__).with_name("migrations")
_MIGRATION_LOCK: Final = 0x646F6367
"""An arbitrary number, the same for all servers: only one of them changes the tables."""


class DatabaseError(DocgenError):
    """The database cannot be used now; what was being done was not done at all."""

    code = "database-unavailable"


class _NewerError(DatabaseError):
    code = "database-newer"


def sqlite_module() -> ModuleType:
    """Return the SQLite to use: Debian 12's 3.40 can lose pages of a reset WAL (3.7.0 to 3.51.2), the wheel cannot."""
    try:
        import pysqlite3  # noqa: PLC0415  has no wheel for every platform
    except ImportError:
        return sqlite3
    module: ModuleType = pysqlite3
    return module


class Database:
    """Connections to one database. ``reading`` and ``writing`` are transactions; they raise DatabaseError."""

    def __init__(self, url: str) -> None:
        """Open ``sqlite:///<path>`` or ``postgresql://…`` and bring its tables up to date."""
        self.is_sqlite = url.startswith(SQLITE)
        self._engine = _sqlite_engine(url) if self.is_sqlite else postgresql_engine(url)
        # PostgreSQL shows every statement the newest state; in SQLite a transaction keeps to one by itself.
        level = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._reader = self._engine.execution_options(**level)
        try:
            with self.writing() as connection:
                self._migrate(connection)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the database."""
        with told(), self._reader.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN")
            yield connection
            connection.rollback()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose work is kept as a whole when the block ends well, and not at all when it raises."""
        with told(), self._engine.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _migrate(self, connection: Connection) -> None:
        if not self.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        scripts = ScriptDirectory(str(MIGRATIONS))
        context = MigrationContext.configure(connection)
        if context.get_current_revision() == scripts.get_current_head():
            return
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = connection
        try:
            _upgrade(config)
        except CommandError:
            raise _NewerError(
                "数据库是更新版本的 docgen 建的，这个版本不认得", "请升级 docgen，或从这个版本的备份恢复数据库"
            ) from None


def _upgrade(config: Config) -> None:
    from alembic import command  # noqa: PLC0415  costs more than all the rest, needed once a version

    command.upgrade(config, "head")


def insert_new(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert what is not there yet; return how many rows were new."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    # psycopg's rowcount is not kept for an INSERT: only what it returns tells whether there was one.
    new = insert(table).on_conflict_do_nothing().returning(*table.primary_key)
    return len(connection.execute(new, list(rows)).all()) if rows else 0


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=url.removeprefix(SQLITE)),  # a folder may be called a%20b or a?b
        module=sqlite_module(),
        connect_args={"timeout": _WAIT_SECONDS, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:  # noqa: ANN401  the driver's own object
        connection.isolation_level = None  # the driver must not begin transactions by itself
        _begin_wal(connection)
        for pragma in ("synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _begin_wal(connection: Any) -> None:  # noqa: ANN401  the driver's own object
    """Switch to WAL, which stays. SQLite does not wait here by itself when others make the same new database."""
    end = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite_module().OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.01)
        else:
            return


def postgresql_engine(url: str) -> Engine:
    """Return connections to a PostgreSQL server; none is made yet."""
    return create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),
        pool_pre_ping=True,
        connect_args={"connect_timeout": _WAIT_SECONDS},
    )


@contextmanager
def told() -> Iterator[None]:
    """Say in Chinese why the database did not do what was asked; values never leave with the error."""
    try:
        yield
    except OperationalError as error:
        raise DatabaseError(_why(error), "稍后重试；一直如此时请检查磁盘空间、文件权限和数据库服务") from None
    except DBAPIError as error:
        raise DatabaseError(
            f"数据库拒绝了这次操作（{type(error.orig).__name__}）", "请把时间和这句话告诉管理员，查看服务的日志"
        ) from None


def _why(error: OperationalError) -> str:
    said = str(error.orig)
    for sign, why in (
        ("locked", "数据库正被别的操作占用"),
        ("disk is full", "数据库所在的磁盘已满"),
        ("No space left", "数据库所在的磁盘已满"),
        ("readonly", "数据库文件是只读的"),
        ("unable to open", "打不开数据库文件"),
        ("connection", "连不上数据库"),
    ):
        if sign in said:
            return why
    return "数据库暂时不能用"
