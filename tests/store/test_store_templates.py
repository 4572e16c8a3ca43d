"""Templates of the browser: every version is kept, the last decision counts, files on the disk follow it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from docgen import folders
from docgen.store import templates

if TYPE_CHECKING:
    from pathlib import Path

    from databases import Site

    from docgen.issuing.registry import Registry

FORM = "caq-2026/application"
OTHER = "caq-2026/summary"


def take(registry: Registry, form: str, data: bytes | None) -> int | None:
    with registry.database.writing() as connection:
        kept = None if data is None else templates.keep(connection, form, data, "user:1")
        templates.choose(connection, form, kept, "user:1")
    registry.shelf.sync()
    return kept


def shelved(site: Site) -> dict[str, bytes]:
    folder = folders.shelf(site.data_dir)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_last_decision_counts_and_all_are_kept(registry: Registry) -> None:
    first = take(registry, FORM, b"one")
    second = take(registry, FORM, b"two")
    assert take(registry, FORM, b"one") == first, "the same file is kept once"
    take(registry, OTHER, b"three")
    take(registry, FORM, None)
    with registry.database.reading() as connection:
        history = templates.history(connection, FORM)
        assert [one.template for one in history] == [None, first, second, first]
        assert [one.sha256 for one in history][1] == hashlib.sha256(b"one").hexdigest()
        chosen = templates.chosen(connection)
        assert {form: one.sha256[:4] for form, one in chosen.items()} == {
            FORM: "",
            OTHER: hashlib.sha256(b"three").hexdigest()[:4],
        }
        assert second is not None
        assert templates.data(connection, FORM, second) == b"two"
        assert templates.data(connection, OTHER, second) is None, "a template belongs to its form"
        assert templates.last(connection) == history[0].id


def test_files_follow_the_decisions_of_any_process(registry: Registry, site: Site) -> None:
    assert shelved(site) == {}
    take(registry, FORM, b"one")
    assert shelved(site) == {f"{FORM}.docx": b"one"}
    other = site.open()
    take(other, FORM, b"two")
    take(other, OTHER, b"three")
    registry.shelf.sync()
    assert shelved(site) == {f"{FORM}.docx": b"two", f"{OTHER}.docx": b"three"}
    take(other, FORM, None)
    assert shelved(site) == {f"{OTHER}.docx": b"three"}


def test_another_machine_gets_the_files_when_it_starts(registry: Registry, site: Site, tmp_path: Path) -> None:
    take(registry, FORM, b"one")
    path = folders.shelf(site.data_dir) / f"{FORM}.docx"
    path.write_bytes(b"bent by hand")
    (path.parent / "never-chosen.docx").write_bytes(b"left over")
    site.open()
    assert shelved(site) == {f"{FORM}.docx": b"one"}
    path.unlink()
    site.open()
    assert shelved(site) == {f"{FORM}.docx": b"one"}
    assert not list(tmp_path.rglob("*.part"))
