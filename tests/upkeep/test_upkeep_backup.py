"""Backups: restored into an empty place on either database, everything is there, valid, and counts on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from databases import PUBLIC_URL, Site, close_all
from registry_data import order, tampered

from docgen.certificates.states import ReasonClass, State
from docgen.issuing import changing, issue, looking, printing, verifying
from docgen.issuing.changing import Reason
from docgen.issuing.registry import Desk
from docgen.issuing.verifying import Result
from docgen.store import filings
from docgen.store.files import FileStoreError, MissingFileError
from docgen.store.organisations import FIRST
from docgen.upkeep import backup
from docgen.upkeep.backup import BackupError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from databases import PostgreSQL

    from docgen.issuing.registry import Registry

WHY = Reason(ReasonClass.OTHER, "登记有误")
FIRST_NUMBER = "QG-GL-2026-000001"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """A place to restore into."""
    if request.param == "sqlite":
        yield Site(tmp_path / "new", "")
        close_all()
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    url = server.migrated()
    yield Site(tmp_path / "new", url)
    close_all()
    server.drop(url)


@pytest.fixture
def lived(desk: Desk) -> Desk:
    """An installation with a key, three certificates, one of them revoked."""
    desk.registry.keyring.add(FIRST)
    issue.issue(desk, order(["章一", "章二", "章三"]), "k")
    changing.change(desk, "QG-GL-2026-000002", State.REVOKED, WHY)
    return desk


def saved(desk: Desk, site: Site, folder: Path) -> Path:
    target = folder / "backup"
    assert backup.save(desk.registry, site.data_dir, target).lacking == 0
    return target


def restored(place: Site, source: Path) -> Registry:
    registry = place.open()
    backup.restore(registry, place.data_dir, source, lambda _: None)
    return registry


def test_everything_is_there_valid_and_counts_on(lived: Desk, site: Site, empty: Site, tmp_path: Path) -> None:
    source = saved(lived, site, tmp_path)
    before = [looking.show(lived, f"QG-GL-2026-00000{serial}")[0] for serial in (1, 2, 3)]
    registry = restored(empty, source)
    desk = Desk(registry, FIRST, "cli:test")
    after = [looking.show(desk, version.record.number)[0] for version in before]
    assert [version.members() for version in after] == [version.members() for version in before]
    answers = [verifying.verify(registry, version.record.code, "").result for version in after]
    assert answers[1] is Result.REVOKED
    assert {answers[0], answers[2]} <= {Result.VALID, Result.NOT_YET}
    assert printing.document(desk, FIRST_NUMBER, "pdf").data == printing.document(lived, FIRST_NUMBER, "pdf").data
    assert [key.id for key in registry.keyring.all()] == [key.id for key in lived.registry.keyring.all()]
    (new,) = issue.issue(desk, order(["章四"]), "k2").outcomes
    assert (new.one.record.number, new.state) == ("QG-GL-2026-000004", State.ISSUED)
    assert not issue.issue(desk, order(["章一", "章二", "章三"]), "k").new, "the request of before is known"


def test_a_backup_overwrites_nothing_and_goes_nowhere_but_into_an_empty_place(
    lived: Desk, site: Site, tmp_path: Path
) -> None:
    source = saved(lived, site, tmp_path)
    with pytest.raises(BackupError, match="已经存在"):
        backup.save(lived.registry, site.data_dir, source)
    with pytest.raises(BackupError, match="已经有记录"):
        backup.restore(lived.registry, site.data_dir, source, lambda _: None)
    assert source.stat().st_mode & 0o777 == 0o700


def test_what_a_stopped_backup_left_is_in_nobody_s_way(lived: Desk, site: Site, tmp_path: Path) -> None:
    (tmp_path / ".backup.part" / "signing-keys").mkdir(parents=True)
    (tmp_path / ".backup.part" / "stray").write_text("x")
    source = saved(lived, site, tmp_path)
    assert not (source / "stray").exists()


@pytest.mark.parametrize("harm", ["gone", "changed", "manifest", "cut"])
def test_a_backup_that_is_not_whole_is_refused_and_nothing_is_restored(
    lived: Desk, site: Site, tmp_path: Path, harm: str
) -> None:
    source = saved(lived, site, tmp_path)
    document = next(path for path in sorted((source / "documents").rglob("*")) if path.is_file())
    manifest = source / "manifest.json"
    match harm:
        case "gone":
            document.unlink()
        case "changed":
            document.write_bytes(document.read_bytes() + b"\n")
        case "manifest":
            manifest.unlink()
        case "cut":
            manifest.write_bytes(manifest.read_bytes()[:100])
    place = Site(tmp_path / "new", "")
    with pytest.raises(BackupError):
        restored(place, source)
    with place.open().database.reading() as connection:
        assert filings.digests(connection) == ()


def test_a_record_that_was_changed_by_hand_is_found(lived: Desk, site: Site, tmp_path: Path) -> None:
    tampered(lived.registry, "UPDATE certificates SET number = 'QG-GL-2026-000009' WHERE number LIKE '%000003'")
    with pytest.raises(BackupError, match="QG-GL-2026-000009"):
        restored(Site(tmp_path / "new", ""), saved(lived, site, tmp_path))


def test_documents_that_are_gone_are_counted_and_a_store_that_is_away_stops_the_backup(
    lived: Desk, site: Site, tmp_path: Path
) -> None:
    with lived.registry.database.reading() as connection:
        digest, *_ = filings.digests(connection)
    lived.registry.files.drop(digest)
    assert backup.save(lived.registry, site.data_dir, tmp_path / "backup").lacking == 1
    folder = site.data_dir / "documents"
    other = next(path for path in sorted(folder.rglob("*")) if path.is_file())
    kept = other.read_bytes()
    other.unlink()
    other.mkdir()  # reading it fails otherwise than by being gone
    with pytest.raises(FileStoreError) as caught:
        backup.save(lived.registry, site.data_dir, tmp_path / "second")
    assert not isinstance(caught.value, MissingFileError)
    assert not (tmp_path / "second").exists()
    other.rmdir()
    other.write_bytes(kept)


def test_a_manifest_says_what_is_in_it(lived: Desk, site: Site, tmp_path: Path) -> None:
    told = json.loads((saved(lived, site, tmp_path) / "manifest.json").read_text(encoding="utf-8"))
    assert told["rows"]["certificates"] == 3
    assert site.public_url == PUBLIC_URL
