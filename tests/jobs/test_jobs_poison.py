"""What one row does to a batch: it fails with its reason, its neighbours are released, and it can be mended."""

from __future__ import annotations

import os
import subprocess
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from houses import Estate, whole
from registry_data import FORM, order, person

from docgen import paths
from docgen.certificates.states import State
from docgen.errors import ConflictError
from docgen.jobs import runs
from docgen.settings import Settings
from docgen.store import events
from docgen.store.ledger import ItemState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from docgen.issuing.registry import Desk
    from docgen.store.ledger import Item

_DIGITS = '{{% for {0} in "0123456789" %}}'
ENDLESS = "".join(_DIGITS.format(name) for name in "abcdefghijklmn") + "{% endfor %}" * 14
BOMB = "{% set a = recipient * 5000000 %}{% set b = a ~ a ~ a ~ a %}{% set c = b ~ b ~ b ~ b %}{{ c ~ c ~ c ~ c }}"
FAULT = "{% set zero = 0 %}{{ 1 // zero }}"
WRONG = "{{% if '章错' in recipient %}}QG-GL-2026-999999{{% else %}}{0}{{% endif %}}"
POISONS = {"章永": ENDLESS, "章胖": BOMB, "章除": FAULT}
CRASH = "章崩"
GOOD = list(map(person, range(6)))


def _poison(folder: Path) -> None:
    """Write a template that goes wrong for some people, in place of the project's."""
    text = (paths.TEMPLATES / "html" / "_house" / "certificate.html").read_text()
    number = "{{ issue.number }}"
    assert text.count(number) == 1
    assert text.count("{% block body %}") == 1
    tests = "".join(f"{{% if '{name}' in recipient %}}{poison}{{% endif %}}" for name, poison in POISONS.items())
    text = text.replace("{% block body %}", "{% block body %}" + tests).replace(number, WRONG.format(number))
    target = folder / "html" / f"{FORM}.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text)


@pytest.fixture
def poisoned(embedded: Estate, tmp_path: Path) -> Estate:
    """An installation whose template is poisoned, with tight bounds."""
    _poison(tmp_path / "templates")
    changes = {"templates_dir": tmp_path / "templates", "render_seconds": 6, "render_memory_bytes": 700 * 1024 * 1024}
    return Estate(Settings(**{**embedded.conf.model_dump(exclude_unset=True), **changes}), embedded.log)


@pytest.fixture
def estate_of_poison(poisoned: Estate) -> Iterator[Estate]:
    yield poisoned
    poisoned.close()


def _states(desk: Desk, items: tuple[Item, ...]) -> list[State | None]:
    with desk.registry.database.reading() as connection:
        return list(events.standings(connection, [item.record.id for item in items]).values())


def test_every_kind_of_poison_costs_one_item_and_a_mended_template_finishes_them(
    estate_of_poison: Estate, tmp_path: Path
) -> None:
    estate = estate_of_poison
    names = [*GOOD[:3], *POISONS, "章错", CRASH, *GOOD[3:]]
    server = estate.server(("k", order(names), {}), environment={"HOUSE_CRASH": CRASH})
    batch = server.begun()
    progress = estate.ended(batch)
    assert (progress.made, progress.failed, progress.total) == (6, 5, 11)
    items = runs.items(estate.desk(), batch)
    found = {name: item.failure for name, item in zip(names, items, strict=True) if item.failure}
    assert {name: failure.code for name, failure in found.items() if failure} == {
        "章永": "render-killed",
        "章胖": "render-killed",
        "章除": "render-killed",
        "章错": "gate-refused",
        CRASH: "render-killed",
    }
    reasons = {name: failure.detail for name, failure in found.items()}
    assert "超过了 6 秒" in reasons["章永"]
    assert "内存超过了上限" in reasons["章胖"] or "超过了 6 秒" in reasons["章胖"]
    assert "ZeroDivisionError" in reasons["章除"]
    assert "不一致：证书编号" in reasons["章错"]
    assert "意外结束" in reasons[CRASH]
    assert {name: item.attempts for name, item in zip(names, items, strict=True) if item.failure} == {
        "章永": 3,
        "章胖": 3,
        "章除": 1,
        "章错": 1,
        CRASH: 3,
    }
    pending = [State.ISSUED] * 3 + [State.PENDING] * 5 + [State.ISSUED] * 3
    assert _states(estate.desk(), items) == pending
    assert server.stop() == 0
    (tmp_path / "templates" / "html" / f"{FORM}.html").unlink()
    estate.server(retry=[batch])
    estate.waited(batch, lambda progress: progress.made == len(names))
    whole(estate, batch, len(names))


def test_cancelling_voids_what_failed_and_its_holder_can_be_honoured_again(estate_of_poison: Estate) -> None:
    estate = estate_of_poison
    names = [*GOOD[:2], "章除", "章错"]
    batch = estate.server(("k", order(names), {})).begun()
    assert estate.ended(batch).failed == 2
    desk = estate.desk()
    assert runs.cancel(desk, batch) == 2
    assert runs.cancel(desk, batch) == 0
    progress = runs.progress(desk, batch)
    assert (progress.made, progress.cancelled, progress.failed, progress.total) == (2, 2, 0, 4)
    assert _states(desk, runs.items(desk, batch)) == [State.ISSUED] * 2 + [State.VOID] * 2
    assert runs.retry(desk, _Deaf(), batch) == 0
    with desk.registry.database.reading() as connection:
        held = connection.exec_driver_sql("SELECT count(*) FROM holdings").scalar_one()
    assert held == 2


class _Deaf:
    """An engine to which nobody listens."""

    def send(self, *_: Any) -> None:
        raise AssertionError

    def stop(self) -> None:
        pass


def test_cancelled_while_it_is_being_made_every_row_is_either_released_or_void(estate: Estate) -> None:
    rows = 600
    estate.worker()
    batch = estate.server(("k", order(map(person, range(rows))), {})).begun()
    estate.made(batch, 5)
    desk = estate.desk()
    assert runs.cancel(desk, batch) > 0
    progress = estate.ended(batch)
    assert progress.made + progress.cancelled == rows
    assert progress.run.cancelled_at
    items = runs.items(desk, batch)
    expected = {ItemState.MADE: State.ISSUED, ItemState.CANCELLED: State.VOID}
    assert _states(desk, items) == [expected[item.state] for item in items]
    assert runs.cancel(desk, batch) == 0


def test_a_finished_batch_cannot_be_cancelled_and_a_second_person_releases_it(embedded: Estate) -> None:
    batch = embedded.server(("k", order(GOOD), {"second": True})).begun()
    progress = embedded.ended(batch)
    desk = embedded.desk()
    assert (progress.made, progress.run.released_at) == (6, None)
    assert set(_states(desk, runs.items(desk, batch))) == {State.PENDING}
    assert runs.cancel(desk, batch) == 0
    assert runs.progress(desk, batch).run.cancelled_at is None
    beginner = type(desk)(desk.registry, desk.organisation, "cli:test")
    with pytest.raises(ConflictError, match="另一人"):
        runs.release(beginner, batch)
    runs.release(desk, batch)
    runs.release(desk, batch)
    whole(embedded, batch, 6)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 16 MB."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    folder = tmp_path / "data"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", folder], check=True)  # noqa: S607  wherever it is
    yield folder
    subprocess.run(["umount", folder], check=True)  # noqa: S607  wherever it is


def test_a_disk_that_is_full_for_a_while_fails_no_item(small_disk: Path, embedded: Estate) -> None:
    rows = 200  # so many that some are left when the disk is full
    batch = embedded.server(("k", order(map(person, range(rows))), {})).begun()
    embedded.made(batch, 5)
    filler = small_disk / "filler"
    with filler.open("wb") as stream, suppress(OSError):  # the batch takes of the same room meanwhile
        while (room := os.statvfs(small_disk)).f_bavail:
            stream.write(bytes(room.f_bavail * room.f_frsize))
            stream.flush()
    time.sleep(4)
    stuck = runs.progress(embedded.desk(), batch).made
    assert stuck < rows
    filler.unlink()
    whole(embedded, batch, rows)
    assert {item.attempts for item in runs.items(embedded.desk(), batch)} == {0}
    embedded.close()
