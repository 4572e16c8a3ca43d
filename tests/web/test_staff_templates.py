"""Templates on the staff pages: listed, downloaded, checked, taken into use, gone back from."""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape
from typing import TYPE_CHECKING

import pytest
from answers import idle
from offices import OTHER, Office

from docgen.issuing.registry import open_registry
from docgen.settings import settings
from docgen.store import trail
from docgen.store.organisations import FIRST
from docgen.store.users import Role
from docgen.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from offices import Clerk
    from werkzeug.test import TestResponse

PAGE = "/templates/caq-2026/application"


@pytest.fixture
def office(tmp_path: Path, configure: Callable[..., None]) -> Iterator[Office]:
    """An office whose renders look into its own data folder."""
    configure(data_dir=str(tmp_path / "data"))
    registry = open_registry(settings())
    yield Office(create_app(settings(), registry, idle()), registry)
    registry.database.close()


def words(answer: TestResponse) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())


def file_of(clerk: Clerk, path: str = f"{PAGE}/template.docx") -> bytes:
    answer = clerk.get(path)
    assert answer.status_code == 200, words(answer)
    return answer.get_data()


def changed(data: bytes, before: str, after: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            text = source.read(name)
            target.writestr(name, text.replace(before.encode(), after.encode(), 1) if "document.xml" in name else text)
    return buffer.getvalue()


def upload(clerk: Clerk, data: bytes, name: str = "新版.docx") -> TestResponse:
    return clerk.post(PAGE, {"file": (io.BytesIO(data), name)}, content_type="multipart/form-data")


def path_of(answer: TestResponse) -> str:
    assert answer.status_code == 303, words(answer)
    return str(answer.location).removeprefix("/staff")


def test_a_changed_template_goes_all_the_way_and_back(office: Office) -> None:
    admin = office.clerk()
    own = file_of(admin)
    assert "全国优秀质量管理小组申报表 附件 2 docgen 自带" in words(admin.get("/templates"))
    trial = path_of(upload(admin, changed(own, "申报表", "申报表（新版）")))
    assert "检查通过" in words(admin.get(trial))
    assert (
        "（新版）"
        in zipfile.ZipFile(io.BytesIO(file_of(admin, f"{trial}/sample.docx"))).read("word/document.xml").decode()
    )
    assert file_of(admin) == own
    assert path_of(admin.post(trial)) == PAGE
    assert file_of(admin) != own
    page = admin.get(PAGE)
    assert "在这里启用的模板，欧阳雪" in words(page)
    assert "在这里启用" in words(admin.get("/templates"))
    version = re.findall(r"version=(\d+)", page.get_data(as_text=True))[0]
    assert path_of(admin.post(f"{PAGE}/back")) == PAGE
    assert file_of(admin) == own
    assert path_of(admin.post(f"{PAGE}/back", {"version": version})) == PAGE
    assert file_of(admin) == file_of(admin, f"{PAGE}/template.docx?version={version}") != own
    with office.registry.database.reading() as connection:
        noted = [(one.action, one.subject.partition("@")[0]) for one in trail.before(connection, FIRST, None, 3)]
    taken, back = ("template-taken-into-use", "caq-2026/application"), ("template-rolled-back", "caq-2026/application")
    assert noted == [back, back, taken]


def test_a_broken_template_is_told_with_place_and_remedy_and_cannot_be_taken(office: Office) -> None:
    admin = office.clerk()
    own = file_of(admin)
    trial = path_of(upload(admin, changed(own, "{{ org_name }}", "{{ org_nmae }}"), "<b>坏的</b>.docx"))
    page = admin.get(trial)
    for said in ("还不能启用", "位置：正文，第 1 个表格第 1 行第 2 格", "办法：", "org_name（组织名称"):
        assert said in words(page), said
    assert "<b>坏的" not in page.get_data(as_text=True)
    assert "启用后" not in words(page)
    assert b"comments.xml" in file_of(admin, f"{trial}/commented.docx")
    assert admin.post(trial).status_code == 409
    assert admin.get(f"{trial}/sample.docx").status_code == 409
    assert file_of(admin) == own


def test_what_is_no_word_file_is_told(office: Office) -> None:
    admin = office.clerk()
    for data, said in ((b"", "损坏"), (b"%PDF-1.7", "损坏"), (b"\xd0\xcf\x11\xe0", "旧版")):
        page = admin.get(path_of(upload(admin, data)))
        assert said in words(page)
        assert "带批注" not in words(page)
    missing = admin.post(PAGE, {}, content_type="multipart/form-data")
    assert (missing.status_code, "请先选一个文件" in words(missing)) == (422, True)


def test_the_same_template_need_not_be_taken(office: Office) -> None:
    admin = office.clerk()
    assert "完全相同" in words(admin.get(path_of(upload(admin, file_of(admin)))))


def test_another_organisation_looks_but_changes_nothing(office: Office) -> None:
    ours, theirs = office.clerk(), office.clerk(Role.ADMIN, OTHER)
    own = file_of(ours)
    trial = path_of(upload(ours, changed(own, "申报表", "申报表（新版）")))
    assert "由第一个颁证单位的管理员管理" in words(theirs.get(PAGE))
    assert file_of(theirs) == own
    assert upload(theirs, own).status_code == 409
    assert theirs.get(trial).status_code == 404
    assert theirs.post(trial).status_code == 409
    assert theirs.post(f"{PAGE}/back").status_code == 409
    assert file_of(ours) == own


def test_unknown_things_are_told(office: Office) -> None:
    admin = office.clerk()
    for path in ("/templates/caq-2026/nothing", f"{PAGE}/nothing", f"{PAGE}/template.docx?version=99"):
        assert admin.get(path).status_code == 404, path
    assert admin.post(f"{PAGE}/back", {"version": "99"}).status_code == 404
