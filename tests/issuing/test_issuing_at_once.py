"""Several processes at work on one registry at the same moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from registry_data import DECISION, ORG, WHY, order, person, record, released
from sqlalchemy import func, select
from workers import together

from docgen.certificates.states import State
from docgen.errors import ConflictError, DocgenError
from docgen.issuing import changing, issue, orders, recording, verifying
from docgen.issuing.changing import Correction
from docgen.issuing.verifying import NameAnswer
from docgen.store import events, organisations, records
from docgen.store.misses import MOST, Guess
from docgen.store.tables import batches, certificates
from docgen.store.tables import events as life

if TYPE_CHECKING:
    from databases import Site

    from docgen.issuing.registry import Desk

Row = tuple[int, str, int, str]


def _record(site: Site, raw: dict[str, Any], key: str) -> tuple[list[Row], bool]:
    recorded = recording.record(site.desk(), orders.read(raw), key)
    return [(one.id, one.number, one.row, one.code) for one in recorded.records], recorded.new


def _issue(site: Site, raw: dict[str, Any], key: str) -> list[tuple[str, str, str]]:
    issued = issue.issue(site.desk(), raw, key)
    return [(one.one.record.number, one.one.record.code, one.state.value) for one in issued.outcomes]


def _revoke(site: Site, number: str) -> bool:
    return changing.change(site.desk(), number, State.REVOKED, WHY).changed


def _reissue(site: Site, number: str, changes: dict[str, str], key: str) -> tuple[str, str]:
    outcome = issue.reissue(site.desk(), number, Correction(changes, WHY), key)
    return outcome.one.record.code, outcome.state.value


def _guess(site: Site, code: str, names: list[str]) -> list[str]:
    registry = site.open()
    found = verifying.verify(registry, code, "203.0.113.7")
    return [verifying.check_name(registry, found, name).value for name in names]


def count(desk: Desk, table: Any) -> int:
    with desk.registry.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def numbers(desk: Desk) -> list[str]:
    with desk.registry.database.reading() as connection:
        return list(connection.execute(select(certificates.c.number).order_by(certificates.c.id)).scalars())


def test_the_same_batch_sent_by_four_processes_is_recorded_once(site: Site, desk: Desk) -> None:
    raw = order(map(person, range(40)))
    outcomes = together([(_record, (site, raw, "k"))] * 4)
    assert [rows for rows, _ in outcomes] == [outcomes[0][0]] * 4
    assert [new for _, new in outcomes].count(True) == 1
    assert [row[1] for row in outcomes[0][0]] == [f"QG-GL-2026-{serial:06d}" for serial in range(1, 41)]
    assert (count(desk, certificates), count(desk, batches), count(desk, life)) == (40, 1, 40)


def test_the_same_batch_issued_by_three_processes_is_issued_once(site: Site, desk: Desk) -> None:
    raw = order(map(person, range(3)))
    outcomes = together([(_issue, (site, raw, "k"))] * 3)
    assert outcomes == [outcomes[0]] * 3
    assert [state for _, _, state in outcomes[0]] == ["issued"] * 3
    assert (count(desk, certificates), count(desk, life)) == (3, 6)


def test_different_batches_of_one_series_leave_no_gap_and_keep_their_order(site: Site, desk: Desk) -> None:
    sent = [order([person(100 * batch + row) for row in range(25)]) for batch in range(1, 5)]
    outcomes = together([(_record, (site, raw, f"k{place}")) for place, raw in enumerate(sent)])
    for rows, new in outcomes:
        assert new
        serials = [int(number[-6:]) for _, number, _, _ in rows]
        assert serials == list(range(serials[0], serials[0] + 25))
    assert sorted(numbers(desk)) == [f"QG-GL-2026-{serial:06d}" for serial in range(1, 101)]


def test_batches_over_two_years_in_opposite_orders_do_not_block_each_other(site: Site, desk: Desk) -> None:
    """The turn of the year: one worker's rows begin with the old year, the other's with the new one."""
    days = ("2026-12-31", "2027-01-01")
    sent = []
    for batch in range(1, 5):
        rows = [{"name": person(100 * batch + row), "issued_on": days[(batch + row) % 2]} for row in range(20)]
        sent.append(order([], shared={"org_name": ORG}, rows=rows))
    outcomes = together([(_record, (site, raw, f"k{place}")) for place, raw in enumerate(sent)])
    for raw, (rows, _) in zip(sent, outcomes, strict=True):
        for given, (_, number, _, _) in zip(raw["rows"], rows, strict=True):
            assert number.split("-")[2] == given["issued_on"][:4]
        for year in ("2026", "2027"):
            serials = [int(number[-6:]) for _, number, _, _ in rows if f"-{year}-" in number]
            assert serials == list(range(serials[0], serials[0] + 10))
    expected = [f"QG-GL-{year}-{serial:06d}" for year in (2026, 2027) for serial in range(1, 41)]
    assert sorted(numbers(desk)) == expected


def test_two_that_honour_the_same_people_in_opposite_orders_do_it_once(site: Site, desk: Desk) -> None:
    names = list(map(person, range(60)))
    sent = [order(names, series="QG-A"), order(names[::-1], series="QG-B")]
    outcomes = together([(_record, (site, raw, f"k{place}")) for place, raw in enumerate(sent)])
    failed = [one for one in outcomes if isinstance(one, DocgenError)]
    assert len(failed) == 1
    assert failed[0].detail.startswith(("另一个请求刚刚", "填报数据有"))
    assert count(desk, certificates) == 60


def test_four_revocations_at_once_are_one_event(site: Site, desk: Desk) -> None:
    (one,) = released(desk, [person(1)])
    assert sorted(together([(_revoke, (site, one.number))] * 4)) == [False, False, False, True]
    with desk.registry.database.reading() as connection:
        assert [event.step.state.value for event in events.history(connection, one.id)] == [
            "pending",
            "issued",
            "revoked",
        ]


def test_the_same_correction_sent_by_three_processes_is_made_once(site: Site, desk: Desk) -> None:
    (one,) = released(desk, [person(1)])
    outcomes = together([(_reissue, (site, one.number, {"name": "章启明"}, "c"))] * 3)
    assert outcomes == [outcomes[0]] * 3
    assert outcomes[0][1] == "issued"
    with desk.registry.database.reading() as connection:
        versions = records.versions(connection, "main", one.number)
        assert [events.standings(connection, [v.id])[v.id] for v in versions] == [State.SUPERSEDED, State.ISSUED]
        assert records.held(connection, [v.identity for v in versions]) == {versions[1].identity: one.number}


def test_two_corrections_and_a_revocation_at_once_leave_at_most_one_valid_version(site: Site, desk: Desk) -> None:
    (one,) = released(desk, [person(1)])
    outcomes = together(
        [
            (_reissue, (site, one.number, {"name": "章启明"}, "a")),
            (_reissue, (site, one.number, {"name": "卢思远"}, "b")),
            (_revoke, (site, one.number)),
        ]
    )
    assert [one for one in outcomes if isinstance(one, Exception) and not isinstance(one, ConflictError)] == []
    with desk.registry.database.reading() as connection:
        versions = records.versions(connection, "main", one.number)
        found = events.standings(connection, [version.id for version in versions])
    assert None not in found.values()
    assert list(found.values()).count(State.ISSUED) <= 1
    if State.REVOKED in found.values():
        assert State.ISSUED not in found.values()


def test_a_series_belongs_to_whoever_used_it_first(site: Site, desk: Desk) -> None:
    with desk.registry.database.writing() as connection:
        organisations.add(connection, "other", "另一协会")
    record(desk, [person(1)], "k")
    other = type(desk)(desk.registry, "other", "cli:test")
    with pytest.raises(ConflictError, match="编号系列 QG-GL 属于本机的另一个颁证单位"):
        record(other, [person(2)], "k")
    assert numbers(desk) == ["QG-GL-2026-000001"]
    assert [one.number for one in record(other, [person(2)], "k", series="QG-X")] == ["QG-X-2026-000001"]
    assert site.data_dir.is_dir()


def test_wrong_names_are_counted_over_all_processes(site: Site, desk: Desk) -> None:
    (one,) = released(desk, [person(1)], shared={"org_name": ORG, "issued_on": "2026-01-01"}, decision=DECISION)
    outcomes = together([(_guess, (site, one.code, [f"猜{person(10 * n + k)}" for k in range(4)])) for n in range(4)])
    answers = [answer for told in outcomes for answer in told]
    assert answers.count(NameAnswer.OTHER.value) == MOST[Guess.NAME]
    assert answers.count(NameAnswer.LOCKED.value) == 16 - MOST[Guess.NAME]
