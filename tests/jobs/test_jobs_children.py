"""Render processes: what goes wrong in one costs one document, whatever it was."""

from __future__ import annotations

import multiprocessing
import os
import signal
import tempfile
import time
from concurrent.futures import Future, wait
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from docgen.errors import Fault, SubmissionError
from docgen.issuing.gate import GateError
from docgen.jobs.children import Bounds, ChildError, Children, StoppedError
from docgen.render import pulse

if TYPE_CHECKING:
    from collections.abc import Iterator

BOUNDS = Bounds(seconds=3, memory_bytes=700 * 1024 * 1024, documents=4)


@pytest.fixture
def children() -> Iterator[Children]:
    pool = Children(2, BOUNDS)
    yield pool
    pool.stop()


def who(_: int = 0) -> int:
    return os.getpid()


def endless() -> None:
    while True:
        pass


def bomb() -> int:
    return len([bytes(1024 * 1024) for _ in range(10_000)])


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def leave() -> None:
    os._exit(0)


class Fatal:
    """Kills the process in the middle of handing over its result."""

    def __reduce__(self) -> Any:
        die()


def fatal() -> Fatal:
    return Fatal()


def divide(by: int) -> float:
    return 1 / by


def unpackable() -> object:
    return lambda: None


def refuse() -> None:
    raise GateError("制成的证书与登记的内容不一致", "请改好模板")


def refuse_rows() -> None:
    raise SubmissionError((Fault("/rows/0", "第 1 行", "wrong", "不对"),))


def long() -> int:
    """Take longer than a document may, with a sign of life after each piece."""
    for _ in range(6):
        time.sleep(0.5)
        pulse.beat()
    return 6


def undying() -> None:
    while True:
        time.sleep(0.01)
        pulse.beat()


@pytest.mark.parametrize(
    ("work", "cause"),
    [
        (endless, "deadline"),
        (bomb, "memory"),
        (die, "crash"),
        (leave, "crash"),
        (fatal, "crash"),
        (unpackable, "fault"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_a_poison_costs_one_document_and_its_neighbours_are_made(children: Children, work: Any, cause: str) -> None:
    before = [children.submit(who, number) for number in range(3)]
    poison = children.submit(work)
    after = [children.submit(who, number) for number in range(3)]
    with pytest.raises(ChildError) as caught:
        children.result_of(poison)
    assert caught.value.cause == cause
    assert caught.value.remedy
    assert all(children.result_of(future) for future in (*before, *after))


def test_what_is_made_in_pieces_has_the_time_for_each_but_not_for_ever() -> None:
    pool = Children(1, Bounds(2, BOUNDS.memory_bytes, 4))
    assert pool.call(long) == 6
    pool.stop()
    pool = Children(1, Bounds(0.3, BOUNDS.memory_bytes, 4))
    with pytest.raises(ChildError, match="超过了 3 秒") as caught:
        pool.call(undying)
    assert caught.value.cause == "deadline"
    pool.stop()


def test_many_poisons_one_after_the_other_leave_a_pool_that_works(children: Children) -> None:
    for _ in range(2):
        for work in (die, fatal):
            with pytest.raises(ChildError):
                children.call(work)
    assert len({children.call(who) for _ in range(3)}) <= 2


def test_what_the_house_raises_comes_back_as_it_was(children: Children) -> None:
    with pytest.raises(GateError) as gate:
        children.call(refuse)
    assert (gate.value.detail, gate.value.remedy) == ("制成的证书与登记的内容不一致", "请改好模板")
    with pytest.raises(SubmissionError) as refused:
        children.call(refuse_rows)
    assert refused.value.faults == (Fault("/rows/0", "第 1 行", "wrong", "不对"),)


def test_a_fault_of_the_program_is_told_without_its_words(
    children: Children, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ChildError, match="ZeroDivisionError") as caught:
        children.call(divide, 0)
    assert caught.value.cause == "fault"
    children.stop()
    assert "ZeroDivisionError at test_jobs_children.py:" in (said := capfd.readouterr().err)
    assert "division by zero" not in said


def test_a_process_is_replaced_after_so_many_documents() -> None:
    pool = Children(1, BOUNDS)
    made = [pool.call(who) for _ in range(10)]
    pool.stop()
    assert [made.count(pid) for pid in dict.fromkeys(made)] == [4, 4, 2]


def test_who_comes_one_after_the_other_meets_the_same_process() -> None:
    """Another one would first have to load the engines."""
    pool = Children(3, replace(BOUNDS, documents=100))
    assert len({pool.call(who) for _ in range(20)}) == 1
    pool.stop()


def test_one_that_was_killed_while_it_had_nothing_to_do_costs_nothing() -> None:
    pool = Children(1, BOUNDS)
    os.kill(first := pool.call(who), signal.SIGKILL)
    time.sleep(0.2)
    assert pool.call(who) != first
    pool.stop()


def test_stopping_ends_what_is_being_made_and_what_waits() -> None:
    pool = Children(1, Bounds(60, BOUNDS.memory_bytes, 4))
    pid = pool.call(who)
    futures: list[Future[Any]] = [pool.submit(endless), pool.submit(who)]
    wait(futures, 0.3)
    pool.stop()
    for future in futures:
        with pytest.raises(StoppedError):
            pool.result_of(future)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def copy_faces() -> str:
    """Leave a file behind, as the engine does."""
    return tempfile.mkdtemp(prefix="faces-")


def test_stopping_while_a_process_starts_leaves_none_behind() -> None:
    pool = Children(1, BOUNDS)
    begun = pool.submit(who)
    time.sleep(0.3)
    pool.stop()
    with pytest.raises(StoppedError):
        begun.result()
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("end", [die, leave, endless])
def test_a_process_that_ends_leaves_no_temporary_files(
    end: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    pool = Children(1, BOUNDS)
    for _ in range(BOUNDS.documents + 1):  # the last in a new process
        assert Path(pool.call(copy_faces)).is_relative_to(tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
    with pytest.raises(ChildError):
        pool.call(end)
    assert not list(tmp_path.iterdir())
    pool.call(copy_faces)
    pool.stop()
    assert not list(tmp_path.iterdir())
