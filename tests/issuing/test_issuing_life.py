"""Any order of issuing, correcting, suspending and revoking, against a simple model of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from registry_data import ORG, WHY, order
from sqlalchemy import select

from docgen.certificates.states import State, may_follow
from docgen.errors import ConflictError, SubmissionError
from docgen.issuing import changing, orders, printing, recording, verifying
from docgen.issuing.verifying import Result
from docgen.store import events, records
from docgen.store.events import Step
from docgen.store.tables import counters

if TYPE_CHECKING:
    from docgen.issuing.registry import Desk
    from docgen.store.records import Record

NAMES = ("章启明", "卢思远", "欧阳雪", "韩一诺", "艾力·库尔班")
YEARS = (2025, 2026)
RESULTS = {
    State.PENDING: {Result.UNKNOWN, Result.LIMITED},
    State.ISSUED: {Result.VALID, Result.NOT_YET},
    State.SUSPENDED: {Result.SUSPENDED},
    State.SUPERSEDED: {Result.SUPERSEDED},
    State.REVOKED: {Result.REVOKED},
    State.VOID: {Result.VOID},
}
_LIVES = count(1)


@dataclass
class Version:
    """A version as the model knows it."""

    record: Record
    name: str
    state: State = State.PENDING


@dataclass
class Model:
    """What should be so."""

    last: dict[int, int] = field(default_factory=dict)
    numbers: dict[str, list[Version]] = field(default_factory=dict)
    orders: dict[str, tuple[dict[str, Any], tuple[Record, ...]]] = field(default_factory=dict)

    def holders(self) -> dict[str, str]:
        """Return who is honoured: name to number."""
        ended = {State.REVOKED, State.VOID, State.SUPERSEDED}
        # A correction holds nothing until it is released.
        return {
            one.name: number
            for number, versions in self.numbers.items()
            for one in versions
            if one.state not in ended and not (one.state is State.PENDING and one.record.version > 1)
        }

    def current(self, number: str) -> Version | None:
        """Return the version of a number that was released last."""
        released = [one for one in self.numbers[number] if one.state not in {State.PENDING, State.VOID}]
        return released[-1] if released else None


class Life(RuleBasedStateMachine):
    """One series of one registry; ``desk`` is set by the test."""

    desk: Desk

    def __init__(self) -> None:
        super().__init__()
        life = next(_LIVES)
        self.series, self.decision = f"T{life}", f"协字〔2026〕{life}号"
        self.model = Model()
        self.keys = count(1)

    def _key(self) -> str:
        return f"{self.series}-{next(self.keys)}"

    def _numbers(self) -> st.SearchStrategy[str]:
        return st.sampled_from(sorted(self.model.numbers))

    def _record(self, raw: dict[str, Any], key: str) -> tuple[Record, ...]:
        return recording.record(self.desk, orders.read(raw), key).records

    @rule(
        rows=st.lists(
            st.tuples(st.sampled_from(NAMES), st.sampled_from(YEARS)),
            min_size=1,
            max_size=3,
            unique_by=lambda row: row[0],
        )
    )
    def issue(self, rows: list[tuple[str, int]]) -> None:
        given = [{"name": name, "issued_on": f"{year}-12-31"} for name, year in rows]
        raw = order([], series=self.series, decision=self.decision, shared={"org_name": ORG}, rows=given)
        key = self._key()
        if any(name in self.model.holders() for name, _ in rows):
            with pytest.raises(SubmissionError):
                self._record(raw, key)
            return
        made = self._record(raw, key)
        for (name, year), one in zip(rows, made, strict=True):
            self.model.last[year] = self.model.last.get(year, 0) + 1
            assert one.number == f"{self.series}-{year}-{self.model.last[year]:06d}"
            self.model.numbers[one.number] = [Version(one, name)]
        self.model.orders[key] = (raw, made)

    @precondition(lambda self: self.model.orders)
    @rule(data=st.data())
    def send_again(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.model.orders)))
        raw, made = self.model.orders[key]
        assert self._record(raw, key) == made
        with pytest.raises(ConflictError, match="幂等键"):
            self._record({**raw, "rows": [*raw["rows"], {"name": "另一人", "issued_on": "2026-01-01"}]}, key)

    @precondition(lambda self: self.model.numbers)
    @rule(data=st.data(), good=st.booleans())
    def release(self, data: st.DataObject, good: bool) -> None:  # noqa: FBT001  drawn
        """Do what a release does, but for the document."""
        versions = self.model.numbers[data.draw(self._numbers())]
        one = versions[-1]
        if one.state is not State.PENDING:
            return
        with self.desk.registry.database.writing() as connection:
            old = self.model.current(one.record.number)
            if good and one.record.version > 1:
                good = changing.supersede(connection, one.record, "cli:test")
                assert good == (old is not None and old.state is State.ISSUED)
                if good and old:
                    old.state = State.SUPERSEDED
            one.state = State.ISSUED if good else State.VOID
            events.add(connection, one.record, Step(one.state, "cli:test"))
            if not good:
                records.let_go(connection, one.record.id)

    @precondition(lambda self: self.model.numbers)
    @rule(data=st.data(), state=st.sampled_from([State.REVOKED, State.SUSPENDED, State.ISSUED]))
    def change(self, data: st.DataObject, state: State) -> None:
        number = data.draw(self._numbers())
        one = self.model.current(number)
        if one is None or (one.state is not state and not may_follow(one.state, state)):
            with pytest.raises(ConflictError):
                changing.change(self.desk, number, state, WHY)
            return
        assert changing.change(self.desk, number, state, WHY).changed == (one.state is not state)
        one.state = state

    @precondition(lambda self: self.model.numbers)
    @rule(data=st.data(), name=st.sampled_from(NAMES))
    def correct(self, data: st.DataObject, name: str) -> None:
        number = data.draw(self._numbers())
        versions, before = self.model.numbers[number], self.model.current(number)
        if before is None or versions[-1].state is State.PENDING:
            return
        correction = changing.Correction({"name": name}, WHY)
        free = self.model.holders().get(name, number) == number
        try:
            wanted = changing.corrected(self.desk, printing.attested(self.desk.registry, before.record), correction)
            made = changing.record(self.desk, before.record, wanted, correction, self._key())
        except SubmissionError:
            assert name == before.name or not free
        except ConflictError:
            assert before.state is not State.ISSUED
        else:
            assert (made.number, made.version) == (number, len(versions) + 1)
            versions.append(Version(made, name))

    @invariant()
    def the_counters_are_where_the_model_is(self) -> None:
        with self.desk.registry.database.reading() as connection:
            rows = connection.execute(select(counters.c.year, counters.c.last).where(counters.c.series == self.series))
            assert {row.year: row.last for row in rows} == self.model.last

    def teardown(self) -> None:
        """Compare every certificate and what the public learns of it."""
        with self.desk.registry.database.reading() as connection:
            for number, versions in self.model.numbers.items():
                assert records.versions(connection, "main", number) == tuple(one.record for one in versions)
                found = events.standings(connection, [one.record.id for one in versions])
                assert [found[one.record.id] for one in versions] == [one.state for one in versions]
                assert sum(one.state in {State.ISSUED, State.SUSPENDED} for one in versions) <= 1
        for versions in self.model.numbers.values():
            for one in versions:
                assert verifying.verify(self.desk.registry, one.record.code, "203.0.113.7").result in RESULTS[one.state]


def test_any_life_goes_as_the_model_says(desk: Desk) -> None:
    bound = type("Bound", (Life,), {"desk": desk})
    run_state_machine_as_test(
        bound, settings=hypothesis.settings(max_examples=30, stateful_step_count=20, deadline=None)
    )
