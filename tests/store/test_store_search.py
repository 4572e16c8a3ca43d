"""Finding certificates by number, code, name, batch, state, kind and year; on both databases."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from registry_data import FORM, ORG, WHY, corrected, record, released
from sqlalchemy import delete, select

from docgen.certificates.code import grouped
from docgen.certificates.states import State
from docgen.issuing import changing, looking
from docgen.issuing.registry import Desk
from docgen.store import organisations, search
from docgen.store.search import Wanted, folded
from docgen.store.tables import search as table

if TYPE_CHECKING:
    from databases import Site


def found(desk: Desk, wanted: Wanted, before: int | None = None, most: int = 50) -> list[str]:
    return [f"{line.record.number}/{line.record.version}" for line in looking.find(desk, wanted, before, most)]


def numbers(*serials: int, year: int = 2026) -> list[str]:
    return [f"QG-GL-{year}-{serial:06d}/1" for serial in serials]


@pytest.mark.parametrize(
    "text",
    [
        "章启明",
        "启明",
        "  章启明  ",
        "章 启明",
        "云岭 章启明",
        "章启明 青瓷",
        "QG-GL-2026-000001",
        "qg-gl-2026-000001",
        "000001",
        "优秀质量管理者 章启明",
    ],
)
def test_a_certificate_is_found_by_any_part_of_what_stands_on_it(desk: Desk, text: str) -> None:
    released(desk, ["章启明", "卢思远"])
    assert found(desk, Wanted(text)) == numbers(1)


@pytest.mark.parametrize("text", ["章思远", "章启明 卢思远", "章启明公司", "%", "_", "启_明", "\\", "'"])
def test_what_does_not_stand_on_it_is_not_found(desk: Desk, text: str) -> None:
    released(desk, ["章启明", "卢思远"])
    assert found(desk, Wanted(text)) == []


@pytest.mark.parametrize("text", ["艾力·库尔班", "艾力库尔班", "艾力•库尔班", "alexander smith", "ＡＬＥＸＡＮＤＥＲ"])
def test_dots_width_and_case_do_not_matter(desk: Desk, text: str) -> None:
    released(desk, ["艾力·库尔班 Alexander Smith", "卢思远"])
    assert found(desk, Wanted(text)) == numbers(1)


def test_a_code_is_found_however_it_is_written(desk: Desk) -> None:
    one, _ = released(desk, ["章启明", "卢思远"])
    for text in (one.code, grouped(one.code), grouped(one.code).lower(), f"https://zs.example.org.cn/C/{one.code}"):
        assert found(desk, Wanted(text)) == numbers(1), text


def test_lists_are_narrowed_down_and_the_newest_comes_first(desk: Desk) -> None:
    old = released(desk, ["章一", "章二"], "a", shared={"org_name": ORG, "issued_on": "2025-12-10"})
    new = released(desk, ["章三", "章四"], "b")
    assert found(desk, Wanted()) == [*numbers(2, 1), *numbers(2, 1, year=2025)]
    assert found(desk, Wanted(year=2025)) == numbers(2, 1, year=2025)
    assert found(desk, Wanted(batch=new[0].batch)) == numbers(2, 1)
    assert found(desk, Wanted("章一", batch=new[0].batch)) == []
    assert found(desk, Wanted(form=FORM, batch=old[0].batch)) == numbers(2, 1, year=2025)
    assert found(desk, Wanted(form="caq-2026/certificate-group")) == []
    assert looking.choices(desk) == looking.Choices((FORM,), (2026, 2025))


def test_pages_follow_one_another_without_a_gap(desk: Desk) -> None:
    released(desk, [f"章{chr(0x4E00 + index)}" for index in range(7)])
    seen: list[str] = []
    before = None
    while lines := looking.find(desk, Wanted("章"), before, 3):
        seen += [line.record.number for line in lines]
        before = lines[-1].record.id
    assert seen == [f"QG-GL-2026-{serial:06d}" for serial in range(7, 0, -1)]
    assert [line.record.number for line in looking.walk(desk, Wanted("章"), 5)] == seen[:5]


def test_the_state_is_the_one_that_the_last_event_led_to(desk: Desk) -> None:
    released(desk, ["章一", "章二", "章三"], "a")
    (pending,) = record(desk, ["章四"], "b")
    one = looking.find(desk, Wanted("000001"), None, 1)[0].record
    changing.change(desk, one.number, State.SUSPENDED, WHY)
    changing.change(desk, "QG-GL-2026-000002", State.REVOKED, WHY)
    corrected(desk, looking.find(desk, Wanted("000003"), None, 1)[0].record, {"name": "章五"}, "c")
    states = {
        State.PENDING: [f"{pending.number}/1"],
        State.SUSPENDED: numbers(1),
        State.REVOKED: numbers(2),
        State.SUPERSEDED: numbers(3),
        State.ISSUED: ["QG-GL-2026-000003/2"],
        State.VOID: [],
    }
    assert {state: found(desk, Wanted(state=state)) for state in states} == states
    changing.change(desk, one.number, State.ISSUED, WHY)
    assert found(desk, Wanted(state=State.SUSPENDED)) == []
    assert found(desk, Wanted("章五")) == ["QG-GL-2026-000003/2"]
    assert found(desk, Wanted("章三")) == numbers(3), "the old version is found by what it said"


def test_another_organisation_finds_nothing_of_ours(desk: Desk) -> None:
    one, *_ = released(desk, ["章启明"])
    with desk.registry.database.writing() as connection:
        organisations.add(connection, "other", "另一协会")
    other = Desk(desk.registry, "other", "cli:test")
    for wanted in (Wanted(), Wanted("章启明"), Wanted(one.code), Wanted(one.number), Wanted(batch=one.batch)):
        assert found(other, wanted) == []
    assert looking.choices(other) == looking.Choices((), ())


def test_an_emptied_table_is_filled_again_as_it_was(desk: Desk, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_CAUGHT_UP", 2)
    released(desk, ["章一", "章二", "章三"], "a")
    record(desk, ["章四"], "b")
    changing.change(desk, "QG-GL-2026-000002", State.REVOKED, WHY)

    def rows() -> list[tuple[object, ...]]:
        with desk.registry.database.reading() as connection:
            return [tuple(row) for row in connection.execute(select(table).order_by(table.c.certificate_id))]

    before = rows()
    assert len(before) == 4
    with desk.registry.database.writing() as connection:
        connection.execute(delete(table))
    assert found(desk, Wanted("章一")) == []
    site.open()
    assert rows() == before
    assert search.catch_up(desk.registry.database) == 0


def test_what_was_restored_is_found(desk: Desk, site: Site) -> None:
    """A backup brings records only, and they are the newest."""
    released(desk, ["章一", "章二"], "a")
    with desk.registry.database.writing() as connection:
        connection.execute(delete(table).where(table.c.certificate_id > 1))
    site.open()
    assert found(desk, Wanted("章二")) == numbers(2)


def test_folding_keeps_what_tells_names_apart() -> None:
    assert folded(" Ａ李 明·华 ") == "a李明华"
    assert folded("李明") != folded("李朋")


@pytest.mark.parametrize("token", ["", "no.token", "a.eyJmb3JtYXQiOiAyfQ.b", "一.二.三"])
def test_a_record_that_nobody_can_read_is_found_by_its_number(token: str) -> None:
    told: Any = SimpleNamespace(number="QG-GL-2026-000001", token=token)
    assert search._read(told).words == "qg-gl-2026-000001"  # noqa: SLF001  triggers keep such a row out of a database
