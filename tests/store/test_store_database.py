"""What holds for both databases before any certificate is in them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from databases import Site
from registry_data import person, record, released, tampered
from sqlalchemy import select, text

from docgen.store import database as databases
from docgen.store import filings
from docgen.store.database import Database, DatabaseError, insert_new
from docgen.store.filings import Filed
from docgen.store.tables import METADATA, certificates, organisations, series

if TYPE_CHECKING:
    from pathlib import Path

    from databases import PostgreSQL
    from sqlalchemy import Connection

    from docgen.issuing.registry import Desk, Registry


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new.sqlite3'}"
    server: PostgreSQL = request.getfixturevalue("postgresql")
    return server.new()


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, METADATA))


def test_migrations_make_exactly_the_tables_that_the_code_uses(empty: str) -> None:
    opened = Database(empty)
    with opened.reading() as connection:
        assert _differences(connection) == []
    with opened.writing() as connection:
        connection.execute(text("ALTER TABLE batches ADD COLUMN strange INTEGER"))
    with opened.reading() as connection:
        assert len(_differences(connection)) == 1
    opened.close()


def test_opening_again_changes_nothing(empty: str) -> None:
    first, second = Database(empty), Database(empty)
    with first.writing() as connection:
        connection.execute(organisations.insert().values(id="a", name="甲", created_at=""))
    with second.reading() as connection:
        assert connection.execute(select(organisations.c.name)).scalars().all() == ["甲"]
    first.close()
    second.close()


def test_two_that_open_an_empty_database_at_once_both_succeed(empty: str) -> None:
    failures: list[BaseException] = []

    def start() -> None:
        try:
            Database(empty).close()
        except BaseException as error:  # noqa: BLE001  whatever it is, the test tells it
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_database_of_a_newer_version_is_refused_and_left_alone(empty: str) -> None:
    opened = Database(empty)
    with opened.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    opened.close()
    with pytest.raises(DatabaseError, match="更新版本") as caught:
        Database(empty)
    assert "升级 docgen" in caught.value.remedy
    assert caught.value.code == "database-newer"


@pytest.mark.parametrize("name", ["数据 1", "a%20b", "a#b", "a?b", "a&b=c"])
def test_a_data_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    Database(f"sqlite:///{tmp_path / name / 'x.sqlite3'}").close()
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name / "x.sqlite3").stat().st_size > 0


def test_a_block_that_raises_leaves_nothing(registry: Registry) -> None:
    def wrong() -> None:
        with registry.database.writing() as connection:
            connection.execute(series.insert().values(name="X", organisation_id="main"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        wrong()
    with registry.database.reading() as connection:
        assert connection.execute(select(series)).all() == []


def test_what_is_inserted_anew_is_counted(registry: Registry) -> None:
    rows = [{"id": name, "name": name, "created_at": ""} for name in ("a", "b", "a")]
    with registry.database.writing() as connection:
        assert insert_new(connection, organisations, rows[:1]) == 1
        assert insert_new(connection, organisations, rows[:1]) == 0
        assert insert_new(connection, organisations, rows) == 1
        assert insert_new(connection, organisations, []) == 0


def test_a_reader_sees_one_state_however_others_write(registry: Registry) -> None:
    names = select(organisations.c.name)
    with registry.database.reading() as reader:
        before = reader.execute(names).scalars().all()
        with registry.database.writing() as writer:
            writer.execute(organisations.update().values(name="改名后的协会"))
        assert reader.execute(names).scalars().all() == before
    with registry.database.reading() as reader:
        assert reader.execute(names).scalars().all() == ["改名后的协会"]


@pytest.mark.parametrize("table", ["certificates", "events", "documents"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET created_at = 'x'", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_records_cannot_be_changed_or_deleted(desk: Desk, table: str, statement: str) -> None:
    database = desk.registry.database
    if database.is_sqlite and statement.startswith("TRUNCATE"):
        statement = "DELETE FROM {} WHERE 1"  # what SQLite has for it
    (one,) = released(desk, [person(1)])
    with database.writing() as connection:
        filings.file(connection, {one.id: Filed("pdf", True, "template", "0" * 64, 1, "now")})  # noqa: FBT003  a row
    wrong = statement.format(table).replace("created_at", "at" if table == "events" else "created_at")
    with pytest.raises(DatabaseError, match="数据库拒绝了这次操作"), database.writing() as connection:
        connection.exec_driver_sql(wrong)
    with database.reading() as connection:
        left = connection.execute(select(METADATA.tables[table])).all()
    assert len(left) == (2 if table == "events" else 1)
    assert "x" not in {str(value) for row in left for value in row}


def test_the_bending_of_these_tests_bends(desk: Desk) -> None:
    record(desk, [person(1)], "k")
    tampered(desk.registry, "UPDATE certificates SET identity = 'bent'")
    with desk.registry.database.reading() as connection:
        assert connection.execute(select(certificates.c.identity)).scalars().all() == ["bent"]


def test_a_locked_database_is_told_and_nothing_is_recorded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(databases, "_WAIT_SECONDS", 0.05)
    site = Site(tmp_path / "data", "")
    desk, other = site.desk(), site.open()
    with (
        other.database.writing(),
        pytest.raises(DatabaseError, match="正被别的操作占用") as caught,
    ):
        record(desk, [person(1)], "k")
    assert "稍后重试" in caught.value.remedy
    with desk.registry.database.reading() as connection:
        assert connection.execute(select(certificates)).all() == []
    assert [one.number for one in record(desk, [person(1)], "k")] == ["QG-GL-2026-000001"]


def test_a_server_that_is_away_is_told(postgresql: PostgreSQL) -> None:
    with pytest.raises(DatabaseError, match="连不上数据库") as caught:
        Database(postgresql.url("nobody_made_this"))
    assert caught.value.code == "database-unavailable"
