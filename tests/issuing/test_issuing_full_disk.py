"""A full disk: nothing is recorded by half, and when there is room again the same order goes on."""

from __future__ import annotations

import os
import resource
import subprocess
from typing import TYPE_CHECKING

import pytest
from databases import Site, close_all
from registry_data import order, person, record
from sqlalchemy import select
from workers import alone

from docgen.certificates.states import State
from docgen.issuing import issue
from docgen.store.database import DatabaseError
from docgen.store.files import FileStoreError
from docgen.store.folder import FolderError
from docgen.store.tables import METADATA, certificates

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from docgen.issuing.registry import Desk


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 4 MB."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder], check=True)  # noqa: S607  wherever it is
    yield folder
    close_all()
    subprocess.run(["umount", folder], check=True)  # noqa: S607  wherever it is


def _fill(folder: Path, but: int = 0) -> None:
    """Take all room but some bytes."""
    free = os.statvfs(folder)
    (folder / "filler").write_bytes(bytes(free.f_bavail * free.f_frsize - but))


def _counted(desk: Desk) -> dict[str, int]:
    with desk.registry.database.reading() as connection:
        return {name: len(connection.execute(select(table)).all()) for name, table in METADATA.tables.items()}


def _numbers(desk: Desk) -> list[str]:
    with desk.registry.database.reading() as connection:
        return list(connection.execute(select(certificates.c.number).order_by(certificates.c.id)).scalars())


@pytest.mark.parametrize("left", [0, 4096, 40_000, 400_000])
def test_a_full_disk_under_the_database_is_told_and_nothing_is_recorded(disk: Path, left: int) -> None:
    desk = Site(disk / "data", "").desk()
    record(desk, [person(1)], "first")
    before = _counted(desk)
    _fill(disk, but=left)
    with pytest.raises(DatabaseError, match="磁盘已满") as caught:
        record(desk, map(person, range(10, 400)), "k")
    assert "磁盘空间" in caught.value.remedy
    assert _counted(desk) == before
    (disk / "filler").unlink()
    made = record(desk, map(person, range(10, 400)), "k")
    assert [made[0].number, made[-1].number] == ["QG-GL-2026-000002", "QG-GL-2026-000391"]


def test_a_disk_that_is_too_full_for_a_document_leaves_the_certificate_pending(disk: Path, tmp_path: Path) -> None:
    site = Site(tmp_path / "data", "")
    desk = site.desk()
    (tmp_path / "data" / "documents").symlink_to(disk)
    _fill(disk)
    raw = order(map(person, range(2)))
    outcomes = issue.issue(desk, raw, "k").outcomes
    assert [one.state for one in outcomes] == [State.PENDING] * 2
    assert {type(one.failure) for one in outcomes} == {FileStoreError}
    assert [path.name for path in disk.iterdir()] == ["filler"] or not list(disk.glob("*/*"))
    (disk / "filler").unlink()
    again = issue.issue(desk, raw, "k").outcomes
    assert [one.state for one in again] == [State.ISSUED] * 2
    assert [one.one.record for one in again] == [one.one.record for one in outcomes]


def test_marks_that_cannot_be_written_are_told_and_written_when_the_order_is_sent_again(
    disk: Path, tmp_path: Path
) -> None:
    site = Site(tmp_path / "data", "")
    desk = site.desk()
    (disk / "taken").write_text("x")
    _fill(disk)
    marks = type(desk.registry.marks)(disk)
    short = type(desk)(type(desk.registry)(**{**vars(desk.registry), "marks": marks}), "main", "cli:test")
    with pytest.raises(FolderError, match="写不了文件"):
        record(short, [person(1)], "k")
    (disk / "filler").unlink()
    assert record(short, [person(1)], "k")[0].number == "QG-GL-2026-000001"
    assert marks.last("QG-GL", 2026) == 1
    assert _numbers(desk) == ["QG-GL-2026-000001"]


def _record_within(site: Site, more: int) -> list[str]:
    """Try to record much where files may grow a little only, then without that bound."""
    desk = site.desk()
    record(desk, [person(1)], "first")
    before = _counted(desk)
    size = max(file.stat().st_size for file in site.data_dir.iterdir())
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + more, most))
    with pytest.raises(DatabaseError):
        record(desk, map(person, range(10, 400)), "k")
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    assert _counted(desk) == before
    return [one.number for one in record(desk, map(person, range(10, 400)), "k")]


@pytest.mark.parametrize("more", [0, 5000, 100_000])
def test_a_file_that_may_not_grow_leaves_nothing_by_half(tmp_path: Path, more: int) -> None:
    made = alone(_record_within, Site(tmp_path / "data", ""), more)
    assert [made[0], made[-1]] == ["QG-GL-2026-000002", "QG-GL-2026-000391"]
