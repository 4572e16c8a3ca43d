"""Numbers without gaps: series, years, full series, restored backups."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from databases import Site
from registry_data import ORG, order, person, record
from sqlalchemy import insert, select, text

from docgen.certificates.number import LAST, Number
from docgen.errors import ConflictError, SubmissionError
from docgen.issuing import orders, recording
from docgen.store import numbering, organisations
from docgen.store.folder import FolderError
from docgen.store.marks import FILE_NAME
from docgen.store.tables import certificates, counters, series

if TYPE_CHECKING:
    from collections.abc import Callable

    from databases import PostgreSQL

    from docgen.issuing.registry import Desk


def numbers(desk: Desk) -> list[str]:
    with desk.registry.database.reading() as connection:
        return list(connection.execute(select(certificates.c.number).order_by(certificates.c.id)).scalars())


def wound(desk: Desk, last: int, year: int = 2026) -> None:
    """Turn a counter to where thousands of certificates would have brought it."""
    with desk.registry.database.writing() as connection:
        connection.execute(insert(series).values(name="QG-GL", organisation_id="main"))
        connection.execute(insert(counters).values(series="QG-GL", year=year, last=last))


def test_numbers_follow_the_order_of_rows_and_go_on_with_the_next_batch(desk: Desk) -> None:
    first = record(desk, map(person, range(3)), "a")
    second = record(desk, map(person, range(10, 12)), "b")
    assert [one.number[-6:] for one in (*first, *second)] == ["000001", "000002", "000003", "000004", "000005"]
    assert [one.row for one in first] == [0, 1, 2]


def test_the_year_is_that_of_the_date_on_the_certificate(desk: Desk) -> None:
    days = ["2026-12-31", "2027-01-01", "2026-01-01", "2027-12-31"]
    rows = [{"name": person(place), "issued_on": day} for place, day in enumerate(days)]
    made = record(desk, [], "k", shared={"org_name": ORG}, rows=rows)
    assert [one.number for one in made] == [
        "QG-GL-2026-000001",
        "QG-GL-2027-000001",
        "QG-GL-2026-000002",
        "QG-GL-2027-000002",
    ]


def test_every_series_counts_for_itself(desk: Desk) -> None:
    made = [record(desk, [person(place)], str(place), series=name)[0] for place, name in enumerate(["A", "B", "A"])]
    assert [one.number for one in made] == ["A-2026-000001", "B-2026-000001", "A-2026-000002"]


def test_what_is_refused_leaves_no_gap(desk: Desk) -> None:
    record(desk, [person(1)], "a")
    with pytest.raises(SubmissionError) as caught:
        record(desk, [person(2), person(1)], "b")
    assert "证书编号 QG-GL-2026-000001" in caught.value.faults[0].detail
    assert caught.value.faults[0].pointer == "/rows/1"
    with pytest.raises(ConflictError, match="幂等键"):
        record(desk, [person(3)], "a")
    assert [one.number for one in record(desk, [person(2)], "c")] == ["QG-GL-2026-000002"]


def test_two_people_of_one_name_are_told_apart_by_their_mark(desk: Desk) -> None:
    rows = [{"name": "章启明"}, {"name": "章启明", "ref": "工号 12"}]
    assert len(record(desk, [], "a", rows=rows)) == 2
    for again in rows:
        with pytest.raises(SubmissionError):
            record(desk, [], "b", rows=[again])
    with pytest.raises(SubmissionError) as caught:
        orders.read(order([], rows=[rows[0], rows[0]]))
    assert caught.value.faults[0].code == "repeated_row"


def test_the_last_number_of_a_year_is_given_out_and_none_after_it(desk: Desk) -> None:
    wound(desk, LAST - 2)
    with pytest.raises(ConflictError, match="只有 999,999 个"):
        record(desk, map(person, range(3)), "a")
    assert [one.number[-6:] for one in record(desk, map(person, range(2)), "a")] == ["999998", "999999"]
    with pytest.raises(ConflictError, match="已不够用") as caught:
        record(desk, [person(9)], "b")
    assert "换一个编号系列" in caught.value.remedy
    later = {"org_name": ORG, "issued_on": "2027-01-01"}
    assert [one.number for one in record(desk, [person(9)], "c", shared=later)] == ["QG-GL-2027-000001"]


def test_the_same_again_returns_what_was_recorded_then(desk: Desk) -> None:
    names = list(map(person, range(700)))  # more than one chunk of a query
    first = record(desk, names, "k")
    assert record(desk, names, "k") == first
    assert len(numbers(desk)) == 700
    assert [one.number[-6:] for one in first] == [f"{serial:06d}" for serial in range(1, 701)]


def test_another_organisation_may_use_the_same_key_but_not_the_same_series(desk: Desk) -> None:
    with desk.registry.database.writing() as connection:
        organisations.add(connection, "other", "另一协会")
    other = type(desk)(desk.registry, "other", "cli:test")
    record(desk, [person(1)], "k")
    with pytest.raises(ConflictError, match="属于本机的另一个颁证单位"):
        record(other, [person(2)], "k")
    assert record(other, [person(2)], "k", series="OT")[0].number == "OT-2026-000001"


def test_a_new_series_is_told_once(desk: Desk) -> None:
    told = [recording.record(desk, orders.read(order([person(n)])), f"k{n}").notes for n in range(2)]
    assert len(told[0]) == 1
    assert "QG-GL 是第一次使用" in told[0][0]
    assert told[1] == ()


def test_a_restored_backup_does_not_give_out_a_used_number_again(site: Site, request: pytest.FixtureRequest) -> None:
    desk = site.desk()
    record(desk, map(person, range(3)), "a")
    desk.registry.database.close()
    restored = _backup(site, request)
    desk = site.desk()
    later = record(desk, map(person, range(10, 15)), "b")
    assert later[-1].number == "QG-GL-2026-000008"
    desk.registry.database.close()
    desk = restored().desk()
    assert len(numbers(desk)) == 3
    recorded = recording.record(desk, orders.read(order(map(person, range(20, 22)))), "c")
    assert [one.number for one in recorded.records] == ["QG-GL-2026-000009", "QG-GL-2026-000010"]
    (note,) = recorded.notes
    assert "从旧备份恢复" in note
    assert "从 000009 起编" in note
    assert recording.record(desk, orders.read(order([person(30)])), "d").notes == ()


def _backup(site: Site, request: pytest.FixtureRequest) -> Callable[[], Site]:
    """Copy the database that nobody uses now; return a function that puts the copy in the place of the other."""
    if not site.is_sqlite:
        server: PostgreSQL = request.getfixturevalue("postgresql")
        copy = server.copy(site.database_url)
        return lambda: Site(site.data_dir, copy)
    live = site.data_dir / "docgen.sqlite3"
    copied = site.data_dir.with_name("backup")
    shutil.copy(live, copied)

    def restore() -> Site:
        for file in site.data_dir.glob("docgen.sqlite3*"):
            file.unlink()
        shutil.copy(copied, live)
        return site

    return restore


@pytest.mark.parametrize("content", ["", "[]", '{"QG-GL-2026": "3"}', '{"QG-GL-2026": null}'])
def test_damaged_marks_stop_issuing_before_anything_is_recorded(desk: Desk, site: Site, content: str) -> None:
    record(desk, [person(1)], "a")
    file = site.data_dir / FILE_NAME
    file.write_text(content)
    with pytest.raises(FolderError, match=r"numbers\.json 已损坏") as caught:
        record(desk, [person(2)], "b")
    assert "备份" in caught.value.remedy
    assert len(numbers(desk)) == 1
    file.unlink()
    assert record(desk, [person(2)], "b")[0].number == "QG-GL-2026-000002"


def test_a_counter_that_is_put_back_by_hand_gives_no_number_twice(desk: Desk, site: Site) -> None:
    record(desk, map(person, range(3)), "a")
    with desk.registry.database.writing() as connection:
        connection.execute(text("UPDATE counters SET last = 0"))
    assert record(desk, [person(9)], "b")[0].number == "QG-GL-2026-000004"
    (site.data_dir / FILE_NAME).unlink()
    with desk.registry.database.writing() as connection:
        connection.execute(text("UPDATE counters SET last = 0"))
    with pytest.raises(Exception, match="数据库拒绝了这次操作"):
        record(desk, [person(10)], "c")
    assert len(set(numbers(desk))) == len(numbers(desk)) == 4


def test_a_number_is_taken_only_after_the_last(desk: Desk) -> None:
    wound(desk, 5)
    with desk.registry.database.writing() as connection:
        assert numbering.last(connection, "QG-GL", 2026) == 5
        taken = numbering.take(connection, Number("QG-GL", 2026, 5), 2)
        assert numbering.last(connection, "QG-GL", 2026) == 7
    assert list(map(str, taken)) == ["QG-GL-2026-000006", "QG-GL-2026-000007"]
