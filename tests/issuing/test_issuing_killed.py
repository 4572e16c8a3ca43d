"""kill -9 before and after every step of issuing, and of the database itself: sent again, all is there once."""

from __future__ import annotations

import os
import signal
import threading
from typing import TYPE_CHECKING, Any

import pytest
from databases import Site, close_all
from registry_data import WHY, order, person, record, released
from sqlalchemy import Connection, select
from workers import alone, killed

from docgen.certificates.states import State
from docgen.issuing import issue, printing
from docgen.issuing.changing import Correction
from docgen.render import press
from docgen.store import batches, events, filings, numbering, records
from docgen.store.database import DatabaseError
from docgen.store.files import FolderStore
from docgen.store.marks import Marks
from docgen.store.signing import KeyChest
from docgen.store.tables import certificates

if TYPE_CHECKING:
    from pathlib import Path

    from databases import PostgreSQL

ROWS = 2
RAW = order(map(person, range(ROWS)))
STEPS: dict[str, tuple[object, str]] = {
    "batches.begin": (batches, "begin"),
    "numbering.claim": (numbering, "claim"),
    "numbering.last": (numbering, "last"),
    "numbering.take": (numbering, "take"),
    "chest.current": (KeyChest, "current"),
    "records.record": (records, "record"),
    "events.begin": (events, "begin"),
    "records.hold": (records, "hold"),
    "commit": (Connection, "commit"),
    "marks.raise_to": (Marks, "raise_to"),
    "press.make": (press, "make"),
    "files.keep": (FolderStore, "keep"),
    "printing.keep": (printing, "keep"),
    "filings.file": (filings, "file"),
    "events.add": (events, "add"),
}
_DOCUMENT = list(STEPS).index("press.make")
AT = [
    *((step, 1, "before") for step in list(STEPS)[:_DOCUMENT]),
    ("commit", 1, "after"),
    ("commit", 2, "before"),  # that of the first release
    ("commit", 2, "after"),
    ("marks.raise_to", 1, "after"),
    ("press.make", 1, "before"),  # the rehearsal
    *((step, 2, "before") for step in list(STEPS)[_DOCUMENT:]),
    ("files.keep", 1, "after"),
    ("events.add", 2, "after"),
]
"""Where a process is killed: a step, the how-manieth time that it is taken, and on which side of it.

Behind a step that leaves nothing on the disk lies the next one; only the others are struck on both sides.
"""


def _strike(step: str, turn: int, side: str) -> None:
    """End this process by SIGKILL before or after the turn-th time that a step is taken."""
    owner, name = STEPS[step]
    whole, taken = getattr(owner, name), 0

    def struck(*args: Any, **kwargs: Any) -> Any:
        nonlocal taken
        taken += 1
        if taken == turn and side == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        answer = whole(*args, **kwargs)
        if taken == turn:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    setattr(owner, name, struck)


def _issue_and_die(site: Site, step: str, turn: int, side: str) -> None:
    desk = site.desk()
    _strike(step, turn, side)
    issue.issue(desk, RAW, "k")


def _issue(site: Site, raw: dict[str, Any] = RAW, key: str = "k") -> list[tuple[str, str, str]]:
    issued = issue.issue(site.desk(), raw, key)
    return [(one.one.record.number, one.one.record.code, one.state.value) for one in issued.outcomes]


def _whole(site: Site) -> None:
    """Look at everything that the order should have left, and that nothing is there twice."""
    registry = site.open()
    with registry.database.reading() as connection:
        rows = connection.execute(select(certificates).order_by(certificates.c.row)).all()
        assert [row.number for row in rows] == [f"QG-GL-2026-{serial:06d}" for serial in range(1, ROWS + 1)]
        assert [row.row for row in rows] == list(range(ROWS))
        assert len({row.code for row in rows}) == len({row.batch_id for row in rows}) + ROWS - 1 == ROWS
        found = events.chains(connection, [row.id for row in rows])
        assert list(found.values()) == [[(1, State.PENDING), (2, State.ISSUED)]] * ROWS
        assert len(records.held(connection, [row.identity for row in rows])) == ROWS
        filed = [filings.filed(connection, row.id) for row in rows]
        last = numbering_last(connection)
    assert last == ROWS
    assert registry.marks.last("QG-GL", 2026) == ROWS
    for row, documents in zip(rows, filed, strict=True):
        (document,) = documents
        assert printing.document(site.desk(), row.number, "pdf").data == registry.files.get(document.sha256)


def numbering_last(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT last FROM counters").scalar_one())


@pytest.mark.parametrize(("step", "turn", "side"), AT, ids=["-".join(map(str, at)) for at in AT])
def test_killed_at_a_step_of_issuing_and_sent_again_everything_is_there_once(
    site: Site, step: str, turn: int, side: str
) -> None:
    killed(_issue_and_die, site, step, turn, side)
    first = alone(_issue, site)
    assert [state for _, _, state in first] == ["issued"] * ROWS
    assert _issue(site) == first
    _whole(site)


def _reissue(site: Site, number: str) -> tuple[str, str]:
    outcome = issue.reissue(site.desk(), number, Correction({"name": "章启明"}, WHY), "c")
    return outcome.one.record.code, outcome.state.value


def _reissue_and_die(site: Site, number: str, step: str, turn: int, side: str) -> None:
    desk = site.desk()
    _strike(step, turn, side)
    issue.reissue(desk, number, Correction({"name": "章启明"}, WHY), "c")


@pytest.mark.parametrize(
    ("step", "turn", "side"),
    [
        ("batches.begin", 1, "after"),
        ("records.record", 1, "after"),
        ("commit", 1, "before"),
        ("commit", 1, "after"),
        ("printing.keep", 1, "after"),
        ("events.add", 1, "after"),
        ("commit", 2, "before"),
        ("commit", 2, "after"),
    ],
)
def test_killed_at_a_step_of_a_correction_and_sent_again_it_is_made_once(
    site: Site, step: str, turn: int, side: str
) -> None:
    (one,) = released(site.desk(), [person(1)])
    killed(_reissue_and_die, site, one.number, step, turn, side)
    first = _reissue(site, one.number)
    assert first[1] == "issued"
    assert _reissue(site, one.number) == first
    with site.open().database.reading() as connection:
        versions = records.versions(connection, "main", one.number)
        found = events.standings(connection, [version.id for version in versions])
        held = records.held(connection, [version.identity for version in versions])
    assert list(found.values()) == [State.SUPERSEDED, State.ISSUED]
    assert held == {versions[1].identity: one.number}


def test_a_killed_database_server_loses_nothing_that_was_told_and_records_nothing_by_half(
    postgresql: PostgreSQL, tmp_path: Path
) -> None:
    """Batches follow each other; the server is killed in the middle; what was not told is sent again."""
    site = Site(tmp_path / "data", postgresql.migrated())
    desk = site.desk()
    record(desk, [person(1)], "first")
    told: list[str] = []
    failures: list[DatabaseError] = []
    running = threading.Event()

    def send() -> None:
        for batch in range(1, 1000):
            try:
                told.extend(one.number for one in record(desk, _people(batch), f"k{batch}"))
            except DatabaseError as error:
                failures.append(error)
                return
            if batch == 3:
                running.set()

    sender = threading.Thread(target=send)
    sender.start()
    assert running.wait(60)
    postgresql.kill()
    sender.join()
    postgresql.start()
    (failure,) = failures
    assert failure.detail == "连不上数据库"
    batch = len(told) // ROWS + 1
    again = record(desk, _people(batch), f"k{batch}")
    numbers = ["QG-GL-2026-000001", *told, *(one.number for one in again)]
    assert numbers == [f"QG-GL-2026-{serial:06d}" for serial in range(1, len(numbers) + 1)]
    with desk.registry.database.reading() as connection:
        assert list(connection.execute(select(certificates.c.number).order_by(certificates.c.id)).scalars()) == numbers
    close_all()
    postgresql.drop(site.database_url)


def _people(batch: int) -> list[str]:
    return [person(batch * 10 + row) for row in range(ROWS)]
