"""A registry that an older docgen made (``registry_0001/``, see tools/dump_registry.py), opened by today's."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from databases import Site, close_all
from registry_data import WHY, record

from docgen.certificates.states import State
from docgen.issuing import changing, looking, printing, verifying
from docgen.issuing.verifying import FileAnswer, Result
from docgen.store.database import DatabaseError
from docgen.store.files import MissingFileError
from docgen.store.folder import FolderError
from docgen.store.tables import METADATA

if TYPE_CHECKING:
    from collections.abc import Iterator

    from databases import PostgreSQL

    from docgen.issuing.registry import Desk

KEPT = Path(__file__).with_name("registry_0001")
ROWS = (KEPT / "rows.sql").read_text(encoding="utf-8")
CODES = re.findall(r"'QG-GL-2025-(\d{6})', (\d), '([0-9A-Z]{16})'", ROWS)
DIGEST = re.findall(r"'([0-9a-f]{64})', \d+, '2026", ROWS)[0]
"""Of the PDF of the first certificate."""
SEQUENCES = (
    "SELECT setval(pg_get_serial_sequence('batches', 'id'), max(id)) FROM batches;"
    "SELECT setval(pg_get_serial_sequence('certificates', 'id'), max(id)) FROM certificates;"
)


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """The old registry, without its private key and its documents: they are no part of the database."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    if request.param == "sqlite":
        connection = sqlite3.connect(folder / "docgen.sqlite3")
        connection.executescript((KEPT / "schema.sqlite.sql").read_text(encoding="utf-8") + ROWS)
        connection.close()
        yield Site(folder, "").desk()
        close_all()
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    url = server.new()
    with psycopg.connect(url) as old:
        old.execute((KEPT / "schema.postgresql.sql").read_bytes())
        old.execute(ROWS.encode())
        old.execute(SEQUENCES.encode())
    yield Site(folder, url).desk()
    close_all()
    server.drop(url)


def test_every_old_code_says_what_it_said(desk: Desk) -> None:
    said = [verifying.verify(desk.registry, code, "203.0.113.7") for _, _, code in CODES]
    assert [f"{number}.{version}" for number, version, _ in CODES] == [
        "000001.1", "000002.1", "000003.1", "000004.1", "000005.1", "000002.2",
    ]  # fmt: skip
    assert [one.result for one in said] == [
        Result.VALID,
        Result.SUPERSEDED,
        Result.REVOKED,
        Result.SUSPENDED,
        Result.VALID,
        Result.VALID,
    ]
    assert said[0].claims is not None
    assert list(said[0].claims.people()) == [("姓名", ("章启明",))]
    assert said[0].association == "云岭省质量管理协会"


def test_an_old_pdf_is_still_an_original(desk: Desk) -> None:
    assert verifying.check_file(desk.registry, DIGEST, CODES[0][2]) is FileAnswer.ORIGINAL
    assert verifying.check_file(desk.registry, DIGEST, CODES[4][2]) is FileAnswer.ANOTHER


def test_an_old_certificate_is_still_printed_and_its_lost_pdf_told(desk: Desk) -> None:
    with pytest.raises(MissingFileError, match="不在了") as caught:
        printing.document(desk, "QG-GL-2025-000001", "pdf")
    assert "documents" in caught.value.remedy
    assert printing.document(desk, "QG-GL-2025-000001", "pdf", border=False).data.startswith(b"%PDF")
    assert printing.document(desk, "QG-GL-2025-000002", "docx").data.startswith(b"PK")


def test_old_certificates_go_on_living(desk: Desk) -> None:
    changing.change(desk, "QG-GL-2025-000004", State.ISSUED, WHY)
    changing.change(desk, "QG-GL-2025-000001", State.REVOKED, WHY)
    newest, oldest = looking.show(desk, "QG-GL-2025-000002")
    assert (newest.state, oldest.state) == (State.ISSUED, State.SUPERSEDED)
    found = [verifying.verify(desk.registry, CODES[place][2], "203.0.113.7").result for place in (3, 0)]
    assert found == [Result.VALID, Result.REVOKED]


def test_numbers_go_on_where_they_were_once_there_is_a_key_again(desk: Desk) -> None:
    last_year = {"org_name": "云岭青瓷日用陶瓷股份有限公司", "issued_on": "2025-12-31"}
    with pytest.raises(FolderError, match=r"签名密钥的文件 .* 不见了"):
        record(desk, ["方知远"], "new", shared=last_year)
    with desk.registry.database.writing() as connection:
        desk.registry.chest.rotate(connection, trial=False)
    assert record(desk, ["方知远"], "new", shared=last_year)[0].number == "QG-GL-2025-000006"
    assert verifying.verify(desk.registry, CODES[0][2], "203.0.113.7").result is Result.VALID


def test_the_old_database_has_become_todays_and_its_guards_stand(desk: Desk) -> None:
    database = desk.registry.database
    with database.reading() as connection:
        for table in METADATA.sorted_tables:
            connection.execute(table.select()).all()
    for name in ("certificates", "events", "documents"):
        with pytest.raises(DatabaseError, match="拒绝"), database.writing() as connection:
            connection.execute(METADATA.tables[name].delete())
