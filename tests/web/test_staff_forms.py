"""填表 over HTTP, as a browser without script sends it: drafts, rows, pictures, files, documents, packages."""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from filled_pages import sent
from offices import OTHER
from PIL import Image

from docgen import service
from docgen.forms import catalogue
from docgen.store.users import Role

if TYPE_CHECKING:
    from offices import Clerk, Office
    from werkzeug.test import TestResponse

FORMS = catalogue.all_forms()
APPLICATION = FORMS["caq-2026/application"]
REPORT = FORMS["shanxi-2025/achievement-report"]
AT = "/forms/caq-2026/application"
NASTY = "<script>alert(1)</script>\"'&"


@pytest.fixture
def clerk(office: Office) -> Clerk:
    return office.clerk(Role.ISSUER)


def words(answer: TestResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def begun(clerk: Clerk, path: str = AT, /, **fields: Any) -> str:
    """Save a new draft; return its path below /staff."""
    answer = clerk.post(path, {"do": "save", "window": f"w{len(fields)}", **fields})
    assert answer.status_code == 303
    return answer.location.removeprefix("/staff").partition("?")[0].partition("#")[0]


def hidden(clerk: Clerk, path: str) -> dict[str, str]:
    """Return what the page of a draft knows of it."""
    text = clerk.get(path).get_data(as_text=True)
    found = {}
    for name in ("draft", "revision", "window"):
        match = re.search(rf'name="{name}"[^>]*value="([^"]*)"', text)
        assert match
        found[name] = match[1]
    return found


def png(colour: str = "red") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 40), colour).save(buffer, "PNG")
    return buffer.getvalue()


def test_every_notice_stands_there_with_deadlines_and_forms(clerk: Clerk) -> None:
    answer = clerk.get("/forms")
    text = words(answer)
    for notice in catalogue.all_notices().values():
        assert notice.title in text
    for form in FORMS.values():
        assert form.title in text
        assert not form.shape.fields or f"/staff/forms/{form.id}" in answer.get_data(as_text=True)
    assert "2026年10月30日" in text
    assert re.search(r"还有 \d+ 天|已过 \d+ 天|今天截止", text)


def test_every_form_has_its_page_and_keeps_its_sample(clerk: Clerk) -> None:
    for form in FORMS.values():
        page = clerk.get(f"/forms/{form.id}")
        assert page.status_code == 200
        assert form.title in words(page)
        if form.shape.fields and not form.takes_pictures:
            text = words(clerk.get(begun(clerk, f"/forms/{form.id}", **sent(form, service.sample(form)))))
            assert "还要填" not in text, form.id
            assert "要改" not in text, form.id


def test_what_is_missing_and_what_is_wrong_are_told_apart_and_lead_to_their_fields(clerk: Clerk) -> None:
    path = begun(clerk, group_name="攀登者", contact__phone="", **{"contact.phone": "abc"})
    text = clerk.get(path).get_data(as_text=True)
    assert '<a href="#contact.phone" data-fault="contact.phone">' in text
    assert '<a href="#org_name">' in text
    assert "近三年至少完成两项课题" in text
    assert 'value="攀登者"' in text


def test_a_draft_is_saved_again_reopened_listed_and_deleted(clerk: Clerk) -> None:
    path = begun(clerk, group_name="攀登者")
    again = clerk.post(AT, {"do": "save", "group_name": "登高者", **hidden(clerk, path)})
    assert again.location.removeprefix("/staff") == path
    assert "已保存到草稿" in words(clerk.get(path))
    assert 'value="登高者"' in clerk.get(path).get_data(as_text=True)
    assert "登高者" in words(clerk.get("/forms"))
    assert clerk.post(f"{path}/drop").status_code == 303
    assert clerk.get(path).status_code == 404
    assert "登高者" not in words(clerk.get("/forms"))


def test_two_windows_at_one_draft_both_keep_their_words(clerk: Clerk) -> None:
    path = begun(clerk, group_name="甲")
    one, two = hidden(clerk, path), hidden(clerk, path)
    clerk.post(AT, {"do": "save", "group_name": "甲一", **one})
    answer = clerk.post(AT, {"do": "save", "group_name": "甲二", **two})
    other = answer.location.removeprefix("/staff")
    assert other != path
    assert "另一个窗口" in words(clerk.get(other))
    assert 'value="甲一"' in clerk.get(path).get_data(as_text=True)
    assert 'value="甲二"' in clerk.get(other).get_data(as_text=True)


def test_rows_are_added_and_removed_by_buttons(clerk: Clerk) -> None:
    first = {"topics.0.topic_name": "甲", "topics.0.recognition": ["国家级"]}
    answer = clerk.post(AT, {"do": "add:topics", "window": "w", **first})
    assert answer.location.endswith("?add=topics#topics.1")
    path, _, query = answer.location.removeprefix("/staff").partition("?")
    page = clerk.get(f"{path}?{query.partition('#')[0]}").get_data(as_text=True)
    assert 'name="topics.1.topic_name"' in page
    both = {**first, "topics.1.topic_name": "乙", **hidden(clerk, path)}
    answer = clerk.post(AT, {"do": "drop:topics.0", **both})
    page = clerk.get(path).get_data(as_text=True)
    assert 'value="乙"' in page
    assert 'value="甲"' not in page


def test_a_row_comes_alone_where_htmx_asks(clerk: Clerk) -> None:
    given = {"do": "add:topics", "window": "w", "topics.0.topic_name": "", "topics.1.topic_name": "乙"}
    answer = clerk.post(AT, given, headers={"HX-Request": "true"})
    part = answer.get_data(as_text=True)
    assert (answer.status_code, "<html" in part) == (200, False)
    assert 'name="topics.2.topic_name"' in part
    assert re.search(r'id="revision"[^>]*hx-swap-oob="true"', part)
    assert answer.headers["HX-Replace-Url"].startswith(f"/staff{AT}/")


def test_a_look_saves_and_answers_with_names_of_the_page(clerk: Clerk) -> None:
    given = {"do": "look", "window": "w", "topics.0.topic_name": "", "topics.4.topic_name": "字" * 81}
    part = clerk.post(AT, given, headers={"HX-Request": "true"}).get_data(as_text=True)
    assert 'href="#topics.1.topic_name"' in part or 'href="#topics.4.topic_name"' in part
    assert "page.png?r=1" in part


def test_long_forms_pass(clerk: Clerk) -> None:
    rows = {f"items.{row}.group_name": f"第{row}小组" for row in range(1200)}
    answer = clerk.post("/forms/caq-2026/summary", {"do": "save", **rows})
    last = clerk.get(f"{answer.location.removeprefix('/staff')}?at=items.1199")
    assert 'value="第1199小组"' in last.get_data(as_text=True)


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=b", "application/x-www-form-urlencoded"])
def test_endless_forms_do_not_pass(office: Office, clerk: Clerk, kind: str) -> None:
    most = office.app.extensions["docgen"].settings.max_body_bytes
    head = b'--b\r\nContent-Disposition: form-data; name="group_name"\r\n\r\n' if "boundary" in kind else b"group_name="
    body = head + b"a" * (most + 1) + (b"\r\n--b--\r\n" if "boundary" in kind else b"")
    answer = clerk.client.post(f"/staff{AT}", data=body, content_type=kind, headers={"X-CSRF-Token": clerk.csrf})
    assert answer.status_code == 413
    assert "<h1" in answer.get_data(as_text=True)


def test_documents_are_made_of_a_complete_draft_and_refused_with_reasons(clerk: Clerk) -> None:
    fields = sent(APPLICATION, service.sample(APPLICATION))
    answer = clerk.post(AT, {"do": "docx", "window": "w", **fields})
    made = clerk.get(answer.location.removeprefix("/staff"))
    assert made.status_code == 200
    assert "filename*=UTF-8''" in made.headers["Content-Disposition"]
    text = zipfile.ZipFile(io.BytesIO(made.data)).read("word/document.xml").decode()
    assert "攀登者QC小组" in text
    answer = clerk.post(AT, {"do": "docx", "window": "v", **fields, "group_name": ""})
    assert answer.location.endswith("#look")
    assert "还要填 1 处" in words(clerk.get(answer.location.removeprefix("/staff")))
    path = answer.location.removeprefix("/staff").partition("#")[0]
    refused = clerk.get(f"{path}/document.pdf")
    assert (refused.status_code, "QC 小组名称" in words(refused)) == (422, True)


def test_a_picture_of_the_pages_shows_even_what_is_not_finished(clerk: Clerk) -> None:
    path = begun(clerk, group_name="攀登者")
    for address in (f"{AT}/page.png", f"{path}/page.png"):
        answer = clerk.get(address)
        assert (answer.mimetype, answer.data[:4]) == ("image/png", b"\x89PNG")


@pytest.mark.parametrize("fmt", ["docx", "pdf"])
def test_blank_forms_are_to_be_had(clerk: Clerk, fmt: str) -> None:
    assert clerk.get(f"{AT}/blank/{fmt}").status_code == 200
    assert clerk.get(f"{AT}/blank/exe").status_code == 400


def test_a_filled_word_file_fills_the_page(clerk: Clerk) -> None:
    sample = service.sample(APPLICATION)
    data = service.render(APPLICATION, sample, "docx").data
    answer = clerk.post("/forms/file", {"file": (io.BytesIO(data), "申报表.docx")})
    page = clerk.get(answer.location.removeprefix("/staff"))
    assert "请核对" in words(page)
    assert f'value="{sample["group_name"]}"' in page.get_data(as_text=True)
    assert sample["members"][0] in page.get_data(as_text=True)


def test_json_fills_the_page_and_strange_fields_are_told_until_seen(clerk: Clerk) -> None:
    raw = {"group_name": "攀登者", "topics": "x", "nonsense": {"a": [1]}}
    data = json.dumps(raw).encode()
    fields = {"form": APPLICATION.id, "file": (io.BytesIO(data), "a.JSON")}
    path = clerk.post("/forms/file", fields).location.removeprefix("/staff")
    assert "没有这个字段" in words(clerk.get(path))
    clerk.post(f"{path}/read")
    assert "没有这个字段" not in words(clerk.get(path))


@pytest.mark.parametrize(
    ("data", "name", "status", "said"),
    [
        (b"\xd0\xcf\x11\xe0", "旧.doc", 400, "另存为新格式"),
        (b"PK\x03\x04", "坏.docx", 400, "。"),
        (b"[1]", "a.json", 400, "先打开要填的表"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(clerk: Clerk, data: bytes, name: str, status: int, said: str) -> None:
    answer = clerk.post("/forms/file", {"file": (io.BytesIO(data), name)})
    assert answer.status_code == status
    assert said in words(answer)


def test_pictures_are_hung_shown_and_taken_down(clerk: Clerk, office: Office) -> None:
    at = f"/forms/{REPORT.id}"
    files = [(io.BytesIO(png()), "一.png"), (io.BytesIO(b"GIF89a"), "二.png")]
    given = {"window": "w", "sections.0.heading": "", "sections.0.pictures.+": files}
    answer = clerk.post(at, {"do": "picture:sections.0.pictures", **given})
    path = answer.location.removeprefix("/staff").partition("#")[0]
    page = clerk.get(path)
    assert "第 2 张图片没有加上" in words(page)
    text = page.get_data(as_text=True)
    (named,) = re.findall(r'name="sections.0.pictures.0.data" value="picture:([0-9a-f]{24})"', text)
    shown = clerk.get(f"{path}/pictures/{named}")
    assert (shown.data, shown.mimetype) == (png(), "image/png")
    assert clerk.get(f"{path}/pictures/{'0' * 24}").status_code == 404
    assert office.clerk(Role.ADMIN, OTHER).get(f"{path}/pictures/{named}").status_code == 404
    still = {"sections.0.pictures.0.data": f"picture:{named}", **hidden(clerk, path)}
    clerk.post(at, {"do": "drop:sections.0.pictures.0", **still})
    assert clerk.get(f"{path}/pictures/{named}").status_code == 404


def test_a_picture_reaches_the_document(clerk: Clerk) -> None:
    raw = service.sample(REPORT)
    raw["sections"][0]["pictures"] = [{"data": base64.b64encode(png()).decode(), "caption": "现状"}]
    fields = {"form": REPORT.id, "file": (io.BytesIO(json.dumps(raw).encode()), "a.json")}
    path = clerk.post("/forms/file", fields).location.removeprefix("/staff")
    made = clerk.get(f"{path}/document.docx")
    assert any("media/" in name for name in zipfile.ZipFile(io.BytesIO(made.data)).namelist())


def test_a_package_is_checked_and_packed_from_drafts(clerk: Clerk) -> None:
    fields = sent(APPLICATION, service.sample(APPLICATION))
    path = begun(clerk, AT, **fields)
    draft = path.rpartition("/")[2]
    assert "云岭省质量管理协会" in words(clerk.get("/packages/caq-2026"))
    page = clerk.get(f"/packages/caq-2026?draft={draft}")
    assert "可以打包" in words(page)
    assert f"/staff{path}#recommender" in page.get_data(as_text=True)
    made = clerk.get(f"/packages/caq-2026/package.zip?draft={draft}")
    assert made.mimetype == "application/zip"
    names = zipfile.ZipFile(io.BytesIO(made.data)).namelist()
    assert any("汇总表" in name for name in names)
    clerk.post(AT, {"do": "save", **fields, "group_name": "", **hidden(clerk, path)})
    page = clerk.get(f"/packages/caq-2026?draft={draft}")
    assert f"/staff{path}#group_name" in page.get_data(as_text=True)
    assert "package.zip" not in page.get_data(as_text=True)
    assert clerk.get("/packages/unknown").status_code == 404


def test_a_viewer_looks_and_writes_nothing(office: Office, clerk: Clerk) -> None:
    path = begun(clerk, group_name="攀登者")
    viewer = office.clerk(Role.VIEWER)
    page = viewer.get(path).get_data(as_text=True)
    assert "攀登者" in page
    assert '<fieldset class="all card" disabled>' in page
    assert viewer.post(AT, {"do": "save"}).status_code == 403
    assert viewer.post(f"{path}/drop").status_code == 403
    assert viewer.post("/forms/file").status_code == 403


def test_another_organisation_sees_no_draft(office: Office, clerk: Clerk) -> None:
    path = begun(clerk, group_name="攀登者")
    stranger = office.clerk(Role.ADMIN, OTHER)
    for address in (path, f"{path}/page.png", f"{path}/document.docx"):
        assert stranger.get(address).status_code == 404
    assert stranger.post(f"{path}/drop").status_code == 404
    assert stranger.post(AT, {"do": "save", **hidden(clerk, path)}).status_code == 404
    assert "攀登者" not in words(stranger.get("/forms"))
    draft = path.rpartition("/")[2]
    assert "攀登者" not in words(stranger.get(f"/packages/caq-2026?draft={draft}"))


def test_html_in_a_value_stays_text_on_every_page(clerk: Clerk) -> None:
    fields = sent(APPLICATION, service.sample(APPLICATION))
    fields |= {name: [NASTY] for name in ("org_name", "group_name", "activity_summary", "members", "recommender")}
    path = begun(clerk, AT, **fields)
    draft = path.rpartition("/")[2]
    for address in ("/forms", path, f"/packages/caq-2026?draft={draft}"):
        text = clerk.get(address).get_data(as_text=True)
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text


@pytest.mark.parametrize("do", ["add:nowhere", "drop:", "picture:nowhere", "picture:sections", "add:group_name", "???"])
def test_a_button_that_no_page_has_does_no_harm(clerk: Clerk, do: str) -> None:
    for headers in ({}, {"HX-Request": "true"}):
        answer = clerk.post(AT, {"do": do, "window": "w", "group_name": "甲"}, headers=headers)
        assert answer.status_code in {200, 303, 400}
