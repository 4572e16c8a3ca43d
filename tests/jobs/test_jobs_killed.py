"""kill -9 of everything that can be killed while a batch runs: afterwards every row is there exactly once."""

from __future__ import annotations

import os
import random
import signal
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from houses import whole
from registry_data import order, person

from docgen.jobs import runs, working

if TYPE_CHECKING:
    from databases import PostgreSQL
    from houses import Beginning, Estate
    from rabbitmq import RabbitMQ
    from s3_server import S3Server

ROWS = 30
BEGIN: Beginning = ("k", order(map(person, range(ROWS))), {})

POINTS = [
    ("ledger.enter", 1, True),  # inside the transaction that records: nothing is there yet
    ("working.ask", 1, False),  # recorded, and nobody was told
    ("ledger.lease", 2, True),
    ("printing.keep", 10, True),
    ("ledger.settle", 2, False),
    ("ledger.end", 1, False),
    ("events.release", 1, True),
]
"""Where a process is killed: a step, the how-manieth time that it is taken, before or after it."""


def told(what: str, since: float) -> None:
    """Say how long a recovery took; shown by ``pytest -rP``."""
    print(f"{what}: {time.monotonic() - since:.1f} s")  # noqa: T201  what the kill tests were asked to tell


@pytest.mark.parametrize(("step", "turn", "after"), POINTS, ids=[f"{step}-{turn}" for step, turn, _ in POINTS])
def test_killed_at_a_step_the_batch_is_finished_by_others(
    estate: Estate,
    step: str,
    turn: int,
    after: bool,  # noqa: FBT001  a parameter
) -> None:
    estate.conf = estate.conf.model_copy(update={"render_processes": 1})
    strike = (step, turn, after)
    if estate.is_scaled and step not in {"ledger.enter", "working.ask"}:
        struck = estate.worker(strike=strike)
        batch = estate.server(BEGIN).begun()
        assert struck
        struck.killed()
        since = time.monotonic()
        other = estate.worker()
    else:
        estate.server(BEGIN, strike=strike).killed()
        since = time.monotonic()
        other = estate.server(BEGIN)
        batch = other.begun()
        estate.worker()
    whole(estate, batch, ROWS)
    told(f"{step}: finished after the kill, the start of others included", since)
    assert other
    assert other.stop() == 0


def test_a_message_whose_worker_died_is_worked_on_at_once_by_another(scaled: Estate) -> None:
    struck, other = scaled.worker(strike=("ledger.lease", 1, True)), scaled.worker()
    assert struck
    assert other
    assert other.said() == ["ready"]
    rows = 5 * working.CHUNK  # more messages than one worker fetches
    batch = scaled.server(("k", order(map(person, range(rows))), {})).begun()
    struck.killed()
    since = time.monotonic()
    whole(scaled, batch, rows)
    told("finished by the other worker after the kill", since)


def test_what_was_leased_for_a_message_that_is_lost_is_made_when_the_lease_is_over(
    scaled: Estate, rabbitmq: RabbitMQ
) -> None:
    """The broker's disk is gone with its messages, and the worker with its leases: the ledger knows it all."""
    struck = scaled.worker(strike=("printing.keep", 5, True), lease_seconds=3)
    server = scaled.server(BEGIN, lease_seconds=3)
    batch = server.begun()
    assert struck
    struck.killed()
    rabbitmq.purge()
    since = time.monotonic()
    scaled.worker(lease_seconds=3)
    whole(scaled, batch, ROWS)
    told("finished after all messages were lost, leases of 3 s", since)


def test_render_processes_killed_at_random_cost_nothing(estate: Estate) -> None:
    chance = random.Random(7)  # noqa: S311  the same moments on every run
    rows = 600
    begin: Beginning = ("k", order(map(person, range(rows))), {})
    process = estate.worker() or estate.server(begin)
    server = estate.server(begin) if estate.is_scaled else process
    batch = server.begun()
    for killed in range(1, 5):
        estate.made(batch, killed * 100)
        time.sleep(chance.random() / 20)
        if victims := process.renderers():
            with suppress(ProcessLookupError):
                os.kill(chance.choice(victims), signal.SIGKILL)
    whole(estate, batch, rows)
    assert "render process ended" in estate.log.read_text(), "no render process was killed at work"


def test_render_processes_do_not_outlive_whoever_started_them(estate: Estate) -> None:
    process = estate.worker() or estate.server(BEGIN)
    batch = (estate.server(BEGIN) if estate.is_scaled else process).begun()
    estate.made(batch, 1)
    orphans = process.renderers()
    assert orphans
    process.kill()
    end = time.monotonic() + 30
    while any(_lives(pid) for pid in orphans):
        assert time.monotonic() < end, "render processes live on"
        time.sleep(0.05)


def _lives(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stream:  # noqa: PTH123  reads as it is meant
            return stream.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_everything_killed_at_random_again_and_again(estate: Estate) -> None:
    chance = random.Random(11)  # noqa: S311  the same moments on every run
    processes = [estate.worker(), estate.server(BEGIN)]
    batch = (processes[1] or estate.processes[0]).begun()
    for round_ in range(1, 4):
        estate.made(batch, round_ * 9)
        time.sleep(chance.random() / 3)
        for process in processes:
            if process:
                process.kill()
        processes = [estate.worker(), estate.server()]
    whole(estate, batch, ROWS)


def test_postgresql_killed_in_the_middle_of_a_batch(scaled: Estate, postgresql: PostgreSQL) -> None:
    scaled.worker()
    batch = scaled.server(BEGIN).begun()
    scaled.made(batch, 10)
    scaled.opened.pop().database.close()
    postgresql.kill()
    time.sleep(2)
    postgresql.start()
    since = time.monotonic()
    whole(scaled, batch, ROWS)
    told("finished after PostgreSQL came back", since)


def test_rabbitmq_killed_in_the_middle_of_a_batch(scaled: Estate, rabbitmq: RabbitMQ) -> None:
    worker = scaled.worker()
    server = scaled.server(BEGIN)
    batch = server.begun()
    scaled.made(batch, 10)
    rabbitmq.kill()
    time.sleep(1)
    rabbitmq.start()
    since = time.monotonic()
    whole(scaled, batch, ROWS)
    told("finished after RabbitMQ came back", since)
    assert worker
    assert (worker.stop(), server.stop()) == (0, 0)


def test_a_batch_that_begins_without_rabbitmq_runs_when_it_is_there(scaled: Estate, rabbitmq: RabbitMQ) -> None:
    server = scaled.server()
    assert server.said() == ["ready"]
    rabbitmq.kill()
    try:
        batch = scaled.server(BEGIN).begun()
        scaled.worker()
    finally:
        rabbitmq.start()
    since = time.monotonic()
    whole(scaled, batch, ROWS)
    told("finished after RabbitMQ was there", since)


def test_s3_away_for_a_while_fails_no_item(scaled: Estate, s3_server: S3Server) -> None:
    scaled.worker()
    batch = scaled.server(BEGIN).begun()
    scaled.made(batch, 10)
    s3_server.kill()
    time.sleep(5)
    s3_server.start()
    since = time.monotonic()
    whole(scaled, batch, ROWS)
    told("finished after S3 came back", since)
    assert {item.attempts for item in runs.items(scaled.desk(), batch)} == {0}


def test_stopped_in_order_what_is_being_made_is_finished_and_nothing_stays_leased(estate: Estate) -> None:
    rows = 600
    begin: Beginning = ("k", order(map(person, range(rows))), {})
    process = estate.worker() or estate.server(begin)
    server = estate.server(begin) if estate.is_scaled else process
    batch = server.begun()
    estate.made(batch, 1)
    assert process.stop() == 0
    left = runs.progress(estate.desk(), batch)
    assert (left.making, left.failed) == (0, 0)
    assert 0 < left.made < rows, "nothing was left to be done by others"
    _ = estate.worker() or estate.server()
    whole(estate, batch, rows)
