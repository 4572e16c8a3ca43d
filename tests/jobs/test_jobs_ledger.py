"""The ledger against a model that does the same in a dictionary, on both databases, however its steps follow."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from registry_data import DECISION, order, person
from sqlalchemy import func, select, update
from workers import together

from docgen.certificates.states import State
from docgen.errors import ConflictError
from docgen.issuing import orders, recording
from docgen.jobs import runs, working
from docgen.store import events, ledger
from docgen.store.ledger import MOST_ATTEMPTS, OPEN, Details, Failure, ItemState
from docgen.store.tables import deliveries, items

if TYPE_CHECKING:
    from databases import Site

    from docgen.issuing.registry import Desk
    from docgen.store.records import Record

OWNERS = st.sampled_from(["one", "two"])
PLACES = st.integers(0, 4)
WHY = Failure("render-killed", "生成文档的进程意外结束了", "请检查这一份的内容和模板")
_NUMBERS = count()


def begun(desk: Desk, rows: int, *, second: bool = False, webhook: str = "") -> tuple[Record, ...]:
    """Record a batch as ``runs.begin`` does, but for the rehearsal and the messages."""
    names = [person(next(_NUMBERS)) for _ in range(rows)]
    details = Details("测试批次", DECISION, webhook=webhook, second=second)
    recorded = recording.record(
        desk,
        orders.read(order(names)),
        f"k{next(_NUMBERS)}",
        lambda connection, batch, made: ledger.enter(connection, batch, details, made),
    )
    return recorded.records


@dataclass
class Model:
    """What one item should be."""

    state: ItemState = ItemState.WAITING
    owner: str | None = None
    attempts: int = 0
    life: State = State.PENDING
    over: bool = False
    """Whether its lease is."""

    def become(self, state: ItemState, owner: str | None = None) -> None:
        self.state, self.owner, self.over = state, owner, False


@dataclass
class Batch:
    """What one batch should be."""

    second: bool
    items: list[Model] = field(default_factory=list)
    cancelled: bool = False
    ended: bool = False
    released: bool = False

    def close(self) -> None:
        if self.ended:
            return
        if self.cancelled:
            self.void()
        if not any(item.state in OPEN for item in self.items):
            self.ended = True
            if not self.second:
                self.release()

    def void(self) -> int:
        stopped = [item for item in self.items if item.state in {ItemState.WAITING, ItemState.FAILED}]
        for item in stopped:
            item.become(ItemState.CANCELLED)
            item.life = State.VOID
        self.cancelled = True
        return len(stopped)

    def release(self) -> None:
        self.released = True
        for item in self.items:
            if item.state is ItemState.MADE:
                item.life = State.ISSUED


class LedgerMachine(RuleBasedStateMachine):
    """Workers that lease, settle, fail, stall and die, and people who cancel, retry and release."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk, self.database = desk, desk.registry.database

    @initialize(rows=st.integers(1, 5), second=st.booleans())
    def begin(self, rows: int, second: bool) -> None:  # noqa: FBT001  hypothesis calls it
        self.records = begun(self.desk, rows, second=second)
        self.batch = self.records[0].batch
        self.model = Batch(second, [Model() for _ in self.records])

    @rule(owner=OWNERS, most=st.integers(1, 5))
    def lease(self, owner: str, most: int) -> None:
        expected = [
            place
            for place, item in enumerate(self.model.items)
            if item.state is ItemState.WAITING
            or (item.state is ItemState.MAKING and (item.over or item.owner == owner))
        ][:most]
        with self.database.writing() as connection:
            taken = ledger.lease(connection, self.batch, owner, most, 1000)
        assert list(taken) == [self.records[place] for place in expected]
        for place in expected:
            self.model.items[place].become(ItemState.MAKING, owner)

    @rule(owner=OWNERS, place=PLACES)
    def settle(self, owner: str, place: int) -> None:
        item = self._item(place)
        mine = item.state is ItemState.MAKING and item.owner == owner
        with self.database.writing() as connection:
            assert bool(ledger.settle(connection, owner, [self._record(place).id])) is mine
        if mine:
            item.become(ItemState.MADE)

    @rule(owner=OWNERS, place=PLACES, final=st.booleans())
    def fail(self, owner: str, place: int, final: bool) -> None:  # noqa: FBT001  hypothesis calls it
        item = self._item(place)
        mine = item.state is ItemState.MAKING and item.owner == owner
        with self.database.writing() as connection:
            assert ledger.fail(connection, owner, self._record(place).id, WHY, final=final) is mine
        if mine:
            item.attempts += 1
            ends = final or item.attempts >= MOST_ATTEMPTS
            item.become(ItemState.FAILED if ends else ItemState.WAITING)

    @rule(owner=OWNERS)
    def give_back(self, owner: str) -> None:
        with self.database.writing() as connection:
            ledger.give_back(connection, owner)
        for item in self.model.items:
            if item.state is ItemState.MAKING and item.owner == owner:
                item.become(ItemState.WAITING)

    @rule()
    def all_leases_run_out(self) -> None:
        with self.database.writing() as connection:
            held = (items.c.batch_id == self.batch, items.c.state == ItemState.MAKING)
            connection.execute(update(items).where(*held).values(leased_until="2026-01-01T00:00:00.000000+00:00"))
        for item in self.model.items:
            item.over = item.state is ItemState.MAKING

    @rule(owner=OWNERS)
    def prolong(self, owner: str) -> None:
        with self.database.writing() as connection:
            ledger.prolong(connection, owner, 1000)
        for item in self.model.items:
            if item.owner == owner:
                item.over = False

    @rule()
    def crash(self) -> None:
        with self.database.writing() as connection:
            ledger.free(connection)
        for item in self.model.items:
            if item.state is ItemState.MAKING:
                item.become(ItemState.WAITING)

    @rule(data=st.data())
    def finish(self, data: st.DataObject) -> None:
        """Whatever can be made is made or fails at last, cancelled meanwhile or not: without an end little is seen."""
        self.lease("one", len(self.records))
        if data.draw(st.integers(0, 3)) == 0:
            self.cancel()
        for place, item in enumerate(self.model.items):
            if item.owner == "one":
                if data.draw(st.booleans()):
                    self.settle("one", place)
                else:
                    self.fail("one", place, final=True)
        self.close()

    @rule()
    def close(self) -> None:
        with self.database.writing() as connection:
            ended = working.close(connection, self.batch)
        self.model.close()
        assert ended is self.model.ended

    @rule()
    def cancel(self) -> None:
        failed = any(item.state is ItemState.FAILED for item in self.model.items)
        expected = 0
        if failed or not self.model.ended:
            expected = self.model.void()
            self.model.close()
        assert runs.cancel(self.desk, self.batch) == expected

    @rule()
    def retry(self) -> None:
        failed = [item for item in self.model.items if item.state is ItemState.FAILED]
        for item in failed:
            item.become(ItemState.WAITING)
            item.attempts = 0
        if failed:
            self.model.ended = self.model.released = False
        assert runs.retry(self.desk, _Deaf(), self.batch) == len(failed)

    @rule()
    def release(self) -> None:
        if self.model.ended:
            other = type(self.desk)(self.desk.registry, self.desk.organisation, "cli:other")
            runs.release(other, self.batch)
            self.model.release()

    @invariant()
    def all_is_as_the_model_says(self) -> None:
        found = runs.items(self.desk, self.batch)
        assert [item.record for item in found] == list(self.records)
        assert [(item.state, item.attempts) for item in found] == [(it.state, it.attempts) for it in self.model.items]
        progress = runs.progress(self.desk, self.batch)
        assert progress.total == len(self.records)
        run = progress.run
        told = (run.cancelled_at is not None, run.ended_at is not None, run.released_at is not None)
        assert told == (self.model.cancelled, self.model.ended, self.model.released)
        with self.database.reading() as connection:
            lives = events.standings(connection, [record.id for record in self.records])
            idle = {one.batch: one.free for one in ledger.unfinished(connection)}
            unended = self.batch in ledger.unended(connection)
        assert list(lives.values()) == [item.life for item in self.model.items]
        free = [item for item in self.model.items if item.state is ItemState.WAITING or item.over]
        assert idle.get(self.batch, 0) == (0 if self.model.ended else len(free))
        still = any(item.state in OPEN for item in self.model.items)
        assert unended is (not still and not self.model.ended)

    def _item(self, place: int) -> Model:
        return self.model.items[place % len(self.records)]

    def _record(self, place: int) -> Record:
        return self.records[place % len(self.records)]


class _Deaf:
    """An engine to which nobody listens."""

    def send(self, lane: object, batch: int) -> None:
        del lane, batch

    def stop(self) -> None:
        pass


def test_the_ledger_does_what_its_model_does(desk: Desk) -> None:
    class Machine(LedgerMachine):
        def __init__(self) -> None:
            super().__init__(desk)

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=40,
            stateful_step_count=25,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )


def test_what_is_retried_after_a_release_waits_for_another_one(desk: Desk) -> None:
    first, second = begun(desk, 2, second=True)
    database, other = desk.registry.database, type(desk)(desk.registry, desk.organisation, "cli:other")
    with database.writing() as connection:
        ledger.lease(connection, first.batch, "one", 2, 1000)
        ledger.settle(connection, "one", [first.id])
        ledger.fail(connection, "one", second.id, WHY, final=True)
        assert working.close(connection, first.batch)
    runs.release(other, first.batch)
    assert runs.retry(desk, _Deaf(), first.batch) == 1
    assert runs.progress(desk, first.batch).run.released_at is None
    with pytest.raises(ConflictError, match="还在制作"):
        runs.release(other, first.batch)
    with database.writing() as connection:
        ledger.lease(connection, first.batch, "two", 2, 1000)
        ledger.settle(connection, "two", [second.id])
        assert working.close(connection, first.batch)
    assert runs.progress(desk, first.batch).run.released_at is None
    runs.release(other, first.batch)
    with database.reading() as connection:
        assert events.standings(connection, [first.id, second.id]) == dict.fromkeys([first.id, second.id], State.ISSUED)


def _finish(site: Site, batch: int, owner: str, rows: int) -> bool:
    """Make some rows of a batch but for their documents, and end it if nothing is left, as a worker does."""
    database = site.open().database
    with database.writing() as connection:
        taken = ledger.lease(connection, batch, owner, rows, 1000)
    for record in taken:
        with database.writing() as connection:
            assert ledger.settle(connection, owner, [record.id])
    with database.writing() as connection:
        return working.close(connection, batch)


@pytest.mark.parametrize("turn", range(3))
def test_two_workers_that_end_together_end_a_batch_once(site: Site, desk: Desk, turn: int) -> None:
    rows = 6 + turn
    records = begun(desk, rows, webhook="https://oa.example.org.cn/docgen")
    batch = records[0].batch
    ended = together([(_finish, (site, batch, f"m{place}", 2 + turn)) for place in range(4)])
    assert any(ended)
    progress = runs.progress(desk, batch)
    assert (progress.made, progress.run.ended_at is not None) == (rows, True)
    with desk.registry.database.reading() as connection:
        lives = events.chains(connection, [record.id for record in records])
        told = connection.execute(select(func.count()).select_from(deliveries)).scalar_one()
    assert list(lives.values()) == [[(1, State.PENDING), (2, State.ISSUED)]] * rows
    assert told == 1


def _cancel(site: Site, batch: int) -> int:
    return runs.cancel(site.desk(), batch)


def test_cancelled_by_two_while_two_work_every_row_is_one_thing_or_the_other(site: Site, desk: Desk) -> None:
    records = begun(desk, 12)
    batch = records[0].batch
    together([*[(_finish, (site, batch, f"m{place}", 3)) for place in range(2)], *[(_cancel, (site, batch))] * 2])
    found = runs.items(desk, batch)
    with desk.registry.database.reading() as connection:
        lives = events.standings(connection, [record.id for record in records])
    expected = {ItemState.MADE: State.ISSUED, ItemState.CANCELLED: State.VOID}
    assert [expected[item.state] for item in found] == list(lives.values())
    assert runs.progress(desk, batch).run.ended_at
