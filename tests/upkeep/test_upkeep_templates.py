"""Changing templates: checked, tried, taken into use, gone back from; every document names its version."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from docgen import service
from docgen.errors import ConflictError
from docgen.forms.catalogue import get_form
from docgen.forms.form import Wording
from docgen.issuing.registry import Desk, open_registry
from docgen.jobs.children import Bounds, Children
from docgen.reading.turning import skeleton_of
from docgen.settings import Settings
from docgen.store import organisations, users
from docgen.store.drafts import UnknownDraftError
from docgen.store.organisations import FIRST
from docgen.store.users import Role
from docgen.upkeep import templates
from docgen.upkeep.templates import Origin, UnknownTemplateError
from docgen.web import renders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FORM = get_form("caq-2026/application")
OTHER = get_form("caq-2026/summary")


@pytest.fixture
def desk(tmp_path: Path, configure: Callable[..., None]) -> Iterator[Desk]:
    """The first organisation's desk; renders of this process look into the same data folder."""
    configure(data_dir=str(tmp_path / "data"))
    registry = open_registry(Settings())
    with registry.database.writing() as connection:
        user = users.add(connection, FIRST, "ouyang", "欧阳雪", Role.ADMIN)
    assert user
    yield Desk(registry, FIRST, user.actor)
    registry.database.close()


def changed(desk: Desk, before: str = "申报表", after: str = "申报表（新版）") -> bytes:
    """Return the template in use with words swapped."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(templates.file_in_use(desk, FORM))) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            text = source.read(name)
            if name == "word/document.xml":
                assert before.encode() in text
                text = text.replace(before.encode(), after.encode(), 1)
            target.writestr(name, text)
    return buffer.getvalue()


def uploaded(desk: Desk, data: bytes) -> str:
    return templates.upload(desk, 1, FORM, "新版.docx", data)


def words(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read("word/document.xml").decode()


def version(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:12]


def test_a_changed_template_is_tried_taken_and_gone_back_from(desk: Desk) -> None:
    own = templates.file_in_use(desk, FORM)
    new = changed(desk)
    before = service.render(FORM, service.sample(FORM), "docx")
    assert before.template == f"{FORM.id}@{version(own)}"
    assert "（新版）" not in words(before.data)
    kept = uploaded(desk, new)
    found = templates.trial(desk, FORM, kept)
    assert (found.findings, found.version, found.used) == ((), version(new), False)
    assert "（新版）" in words(templates.sample(desk, FORM, kept).data)
    assert templates.used(desk, FORM).origin is Origin.OWN, "trying changes nothing"

    assert templates.take(desk, FORM, kept) == version(new)
    after = service.render(FORM, service.sample(FORM), "docx")
    assert after.template == f"{FORM.id}@{version(new)}"
    assert "（新版）" in words(after.data)
    used = templates.used(desk, FORM)
    assert (used.origin, used.version) == (Origin.TAKEN, version(new))
    assert templates.file_in_use(desk, FORM) == new
    assert templates.used(desk, OTHER).origin is Origin.OWN
    with pytest.raises(UnknownDraftError):
        templates.trial(desk, FORM, kept)

    templates.go_back(desk, FORM, None)
    assert service.render(FORM, service.sample(FORM), "docx").data == before.data
    template = next(one.template for one in templates.history(desk, FORM) if one.template)
    templates.go_back(desk, FORM, template)
    assert service.render(FORM, service.sample(FORM), "docx").data == after.data
    assert [bool(one.template) for one in templates.history(desk, FORM)] == [True, False, True]


def test_what_was_filled_with_a_new_template_is_read_back_by_it(desk: Desk) -> None:
    before = skeleton_of(FORM, Wording.VERBATIM)
    templates.take(desk, FORM, uploaded(desk, changed(desk)))
    assert skeleton_of(FORM, Wording.VERBATIM) is not before
    filled = service.render(FORM, service.sample(FORM), "docx")
    reading = service.read(filled.data, "docx")
    assert (reading.form, reading.submission["org_name"]) == (FORM.id, service.sample(FORM)["org_name"])


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("{{ org_name }}", "{{ org_nmae }}", ""),
        ("{{ org_name }}", "{{ org_name.__class__ }}", ""),
        ("{{ org_name }}", "{{ cycler() }}", ""),
        ("{{ org_name }}", "{{ org_name", "jinja-syntax"),
    ],
)
def test_a_broken_template_never_becomes_usable(desk: Desk, before: str, after: str, code: str) -> None:
    kept = uploaded(desk, changed(desk, before, after))
    found = templates.trial(desk, FORM, kept)
    assert found.findings
    assert not code or {one.code for one in found.findings} == {code}
    assert found.commentable
    assert "word/comments.xml" in zipfile.ZipFile(io.BytesIO(templates.commented(desk, FORM, kept))).namelist()
    for attempt in (templates.sample, templates.take):
        with pytest.raises(ConflictError, match="不能使用"):
            attempt(desk, FORM, kept)
    assert templates.used(desk, FORM).origin is Origin.OWN
    assert templates.history(desk, FORM) == ()


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04 cut", b"\xd0\xcf\x11\xe0 old", b"0" * 11_000_000])
def test_what_is_no_word_file_is_told_and_kept_out(desk: Desk, data: bytes) -> None:
    found = templates.trial(desk, FORM, uploaded(desk, data))
    assert [one.place.part for one in found.findings] == ["文件"]
    assert not found.commentable


def test_a_bomb_costs_a_render_process_and_is_told_like_any_other_fault(desk: Desk) -> None:
    loops = "".join(f"{{% for a{index} in members %}}" for index in range(12))
    data = changed(desk, "{{ org_name }}", f"{{{{ org_name }}}}{loops}{'{% endfor %}' * 12}")
    children = Children(1, Bounds(5, 1536 * 1024 * 1024, 100))
    try:
        away = replace(desk, registry=replace(desk.registry, press=children.call))
        kept = uploaded(away, data)
        assert [one.code for one in templates.trial(away, FORM, kept).findings] == ["too-heavy"]
        with pytest.raises(ConflictError):
            templates.take(away, FORM, kept)
    finally:
        children.stop()


def test_render_processes_that_live_on_use_the_new_template(desk: Desk) -> None:
    children = Children(1, Bounds(60, 1536 * 1024 * 1024, 100))
    try:
        away = replace(desk, registry=replace(desk.registry, press=children.call))
        sample = service.sample(FORM)
        press = away.registry.press
        own = templates.used(away, FORM).version
        before = press(renders.form, FORM.id, sample, "docx", Wording.VERBATIM)
        taken = templates.take(away, FORM, uploaded(away, changed(away)))
        after = press(renders.form, FORM.id, sample, "docx", Wording.VERBATIM)
        assert (before.template, after.template) == (f"{FORM.id}@{own}", f"{FORM.id}@{taken}")
    finally:
        children.stop()


def test_only_the_first_organisation_changes_templates(desk: Desk) -> None:
    with desk.registry.database.writing() as connection:
        organisations.add(connection, "other", "另一协会")
    other = Desk(desk.registry, "other", "user:9")
    kept = uploaded(desk, changed(desk))
    with pytest.raises(ConflictError, match="第一个颁证单位"):
        uploaded(other, b"")
    with pytest.raises(UnknownDraftError):
        templates.trial(other, FORM, kept)
    with pytest.raises(ConflictError):
        templates.take(other, FORM, kept)
    with pytest.raises(ConflictError):
        templates.go_back(other, FORM, None)
    assert templates.overview(other) == templates.overview(desk)


def test_a_template_belongs_to_its_form(desk: Desk) -> None:
    kept = uploaded(desk, changed(desk))
    with pytest.raises(UnknownDraftError):
        templates.take(desk, OTHER, kept)
    templates.take(desk, FORM, kept)
    template = templates.history(desk, FORM)[0].template
    assert template is not None
    for identifier in (template, 999):
        with pytest.raises(UnknownTemplateError):
            templates.earlier(desk, OTHER, identifier)
        with pytest.raises(UnknownTemplateError):
            templates.go_back(desk, OTHER, identifier)


def test_the_association_s_folder_is_told_and_the_browser_wins(
    desk: Desk, tmp_path: Path, configure: Callable[..., None]
) -> None:
    mine = changed(desk, after="申报表（文件夹）")
    target = tmp_path / "own" / "docx" / f"{FORM.id}.docx"
    target.parent.mkdir(parents=True)
    target.write_bytes(mine)
    configure(templates_dir=str(tmp_path / "own"))
    assert (templates.used(desk, FORM).origin, templates.file_in_use(desk, FORM)) == (Origin.FOLDER, mine)
    templates.take(desk, FORM, uploaded(desk, changed(desk, "（文件夹）", "（浏览器）")))
    assert "（浏览器）" in words(service.render(FORM, service.sample(FORM), "docx").data)
    templates.go_back(desk, FORM, None)
    assert "（文件夹）" in words(service.render(FORM, service.sample(FORM), "docx").data)
