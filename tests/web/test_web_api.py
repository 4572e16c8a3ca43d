"""Looking up, checking and rendering over HTTP."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from answers import problem, sample
from werkzeug.http import parse_options_header

from docgen import service
from docgen.forms.catalogue import all_forms, get_form, get_notice
from docgen.render.document import MEDIA_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient

APPLICATION = "/api/v1/forms/caq-2026/application"
SUMMARY = "/api/v1/forms/caq-2026/summary"
STARTS = {"docx": b"PK\x03\x04", "xlsx": b"PK\x03\x04", "pdf": b"%PDF-", "png": b"\x89PNG\r\n"}


def json_of(client: FlaskClient, path: str) -> Any:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    return answer.json


def test_notices_lead_to_everything_else(client: FlaskClient) -> None:
    """Whoever starts at the list of notices finds every form and every link works."""
    for line in json_of(client, "/api/v1/notices")["notices"]:
        notice = json_of(client, line["links"]["self"])
        for item in notice["forms"]:
            form = json_of(client, item["links"]["self"])
            for name, link in form["links"].items():
                if name not in {"check", "render"}:
                    assert client.get(link).status_code == 200, link
            given = json_of(client, form["links"]["sample"])
            assert client.post(form["links"]["check"], json=given).status_code == 200


def test_notice_tells_its_rules_word_for_word(client: FlaskClient) -> None:
    found = json_of(client, "/api/v1/notices/caq-2026")
    notice = get_notice("caq-2026")
    assert {rule["id"]: rule["sentence"] for rule in found["rules"]} == dict(notice.sentences)
    assert (found["number"], found["issuers"]) == ("中国质协字〔2026〕23号", ["中国质量协会"])
    assert found["deadlines"] == [{"id": "recommendation", "title": "推荐材料报送", "day": "2026-10-30"}]


def test_notice_tells_the_deadline_that_is_checked_by(client: FlaskClient, configure: Callable[..., None]) -> None:
    configure(deadlines='{"caq-2026/recommendation": "2026-11-15"}')
    assert json_of(client, "/api/v1/notices/caq-2026")["deadlines"][0]["day"] == "2026-11-15"
    given = sample(client, "caq-2026/summary")
    on_time = client.post(f"{SUMMARY}/check?as_of=2026-11-15", json=given).json
    late = client.post(f"{SUMMARY}/check?as_of=2026-11-16", json=given).json
    assert on_time is not None
    assert late is not None
    assert (on_time["complete"], late["complete"]) == (True, False)


def test_forms_are_all_listed_with_where_they_come_from(client: FlaskClient) -> None:
    listed = {form["id"]: form for form in json_of(client, "/api/v1/forms")["forms"]}
    assert list(listed) == list(all_forms())
    assert listed["caq-2026/certificate-group"]["provenance"] == "reconstructed"
    assert listed["caq-2026/summary"]["formats"] == ["docx", "pdf", "xlsx", "png"]


@pytest.mark.parametrize("form", all_forms())
def test_schema_sample_and_fields_are_the_service_s(client: FlaskClient, form: str) -> None:
    answer = client.get(f"/api/v1/forms/{form}/schema")
    assert (answer.mimetype, answer.json) == ("application/schema+json", service.schema(get_form(form)))
    assert sample(client, form) == service.sample(get_form(form))
    fields = json_of(client, f"/api/v1/forms/{form}/fields")["fields"]
    assert [field["path"] for field in fields] == [line.path for line in service.fields(get_form(form))]


def test_answers_are_readable_as_they_are(client: FlaskClient) -> None:
    assert "中国质协字〔2026〕23号" in client.get("/api/v1/notices").text


def test_check_says_complete(client: FlaskClient) -> None:
    told = client.post(f"{SUMMARY}/check?as_of=2026-06-04", json=sample(client, "caq-2026/summary")).json
    assert told is not None
    assert (told["complete"], told["errors"]) == (True, [])
    assert {finding["level"] for finding in told["findings"]} == {"reminder"}


def test_check_judges_by_the_day_that_is_given(client: FlaskClient) -> None:
    given = sample(client, "caq-2026/summary")
    told = client.post(f"{SUMMARY}/check?as_of=2026-10-31", json=given).json
    assert told is not None
    assert told["complete"] is False
    (late,) = (finding for finding in told["findings"] if finding["level"] == "error")
    assert late["rule"] == "C15"
    assert "2026年10月30日前" in late["sentence"]


def test_check_answers_200_whatever_was_filled_in(client: FlaskClient) -> None:
    given = sample(client, "caq-2026/application") | {"activity_summary": "字" * 3001, "记录": 1}
    given["members"] = ["甲"] * 11
    answer = client.post(f"{APPLICATION}/check", json=given)
    assert answer.status_code == 200
    assert answer.json is not None
    errors = {error["pointer"]: error for error in answer.json["errors"]}
    assert set(errors) == {"/activity_summary", "/members", "/记录"}
    assert errors["/activity_summary"]["rule"] == "C10"
    assert "3000 字以内" in errors["/activity_summary"]["sentence"]
    assert "rule" not in errors["/记录"]


@pytest.mark.parametrize("body", ["[]", '"字"', "1", "null", "[[]]"])
def test_check_of_what_is_no_object_is_a_verdict_too(client: FlaskClient, body: str) -> None:
    answer = client.post(f"{APPLICATION}/check", data=body, content_type="application/json")
    assert answer.status_code == 200
    assert answer.json is not None
    assert [error["code"] for error in answer.json["errors"]] == ["wrong_type"]


def test_package_check_compares_the_annexes(client: FlaskClient) -> None:
    stems = ("application", "recommendation-opinion", "summary")
    package: dict[str, Any] = {stem: sample(client, f"caq-2026/{stem}") for stem in stems}
    package["application"] = [package["application"]]
    path = "/api/v1/packages/caq-2026/check?as_of=2026-06-04"
    answer = client.post(path, json={"summary": package["summary"]})
    assert answer.status_code == 200
    assert answer.json is not None
    missing = {finding["pointer"] for finding in answer.json["findings"] if finding["rule"] == "C06"}
    assert {"/application", "/recommendation-opinion"} <= missing
    package["summary"]["items"][0]["members"] = ["无"]
    package["nonsense"] = {}
    told = client.post(path, json=package).json
    assert told is not None
    assert [error["pointer"] for error in told["errors"]] == ["/nonsense"]


@pytest.mark.parametrize(("form", "fmt"), [(form.id, fmt) for form in all_forms().values() for fmt in form.formats])
def test_render_gives_the_document_of_the_service(client: FlaskClient, form: str, fmt: str) -> None:
    given = sample(client, form)
    answer = client.post(f"/api/v1/forms/{form}/render?format={fmt}", json=given)
    made = service.render(get_form(form), given, fmt)
    assert (answer.status_code, answer.content_type) == (200, MEDIA_TYPES[fmt])
    assert answer.data.startswith(STARTS[fmt])
    assert answer.data == made.data
    digest = hashlib.sha256(answer.data).digest()
    assert answer.get_etag() == (digest.hex(), False)
    assert answer.headers["Repr-Digest"] == f"sha-256=:{base64.b64encode(digest).decode()}:"
    assert answer.headers["Docgen-Template"] == made.template
    assert made.template.startswith(f"{form}@")


def test_file_name_is_chinese_and_safe(client: FlaskClient) -> None:
    answer = client.post(f"{APPLICATION}/render?format=pdf", json=sample(client, "caq-2026/application"))
    header = answer.headers["Content-Disposition"]
    assert header.isascii()
    kind, options = parse_options_header(header)
    assert (kind, options["filename"]) == ("attachment", "附件2 全国优秀质量管理小组申报表.pdf")
    assert 'filename="caq-2026-application.pdf"' in header


@pytest.mark.parametrize(
    ("accept", "fmt"),
    [
        (None, "docx"),
        ("*/*", "docx"),
        ("application/pdf", "pdf"),
        ("image/*", "png"),
        ("text/html, application/pdf;q=0.5, image/png;q=0.4", "pdf"),
        (f"{MEDIA_TYPES['xlsx']}, application/problem+json", "xlsx"),
    ],
)
def test_accept_chooses_the_format(client: FlaskClient, accept: str | None, fmt: str) -> None:
    headers = {"Accept": accept} if accept else {}
    answer = client.post(f"{SUMMARY}/render", json=sample(client, "caq-2026/summary"), headers=headers)
    assert (answer.status_code, answer.content_type) == (200, MEDIA_TYPES[fmt])


def test_format_wins_over_accept(client: FlaskClient) -> None:
    given = sample(client, "caq-2026/summary")
    answer = client.post(f"{SUMMARY}/render?format=xlsx", json=given, headers={"Accept": "application/pdf"})
    assert answer.content_type == MEDIA_TYPES["xlsx"]


def test_text_survives_the_way_through_http(client: FlaskClient) -> None:
    given = sample(client, "caq-2026/application") | {"group_name": "A<B & 质量<1% {{7*7}} =1+1 𠮷"}
    answer = client.post(f"{APPLICATION}/render", json=given)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert "A&lt;B &amp; 质量&lt;1% {{7*7}} =1+1 𠮷" in archive.read("word/document.xml").decode()


@pytest.mark.parametrize("fmt", service.BLANK_FORMATS)
def test_blank_forms(client: FlaskClient, fmt: str) -> None:
    answer = client.get(f"{APPLICATION}/blank.{fmt}")
    assert (answer.status_code, answer.content_type) == (200, MEDIA_TYPES[fmt])
    assert answer.data == service.blank(get_form("caq-2026/application"), fmt).data
    assert "空白" in parse_options_header(answer.headers["Content-Disposition"])[1]["filename"]


def test_strict_render_refuses_what_the_rules_do_not_let_pass(client: FlaskClient) -> None:
    given = sample(client, "caq-2026/summary")
    told = problem(client.post(f"{SUMMARY}/render?strict=true&as_of=2026-10-31", json=given), 422, "rules-unmet")
    assert [finding["rule"] for finding in told["findings"] if finding["level"] == "error"] == ["C15"]
    assert "errors" not in told


def test_strict_render_lets_reminders_pass_and_changes_nothing(client: FlaskClient) -> None:
    given = sample(client, "caq-2026/summary")
    strict = client.post(f"{SUMMARY}/render?strict=true&as_of=2026-10-30", json=given)
    late = client.post(f"{SUMMARY}/render?strict=false&as_of=2026-10-31", json=given)
    assert (strict.status_code, late.status_code) == (200, 200)
    assert strict.data == late.data


@pytest.mark.parametrize("strict", ["true", "false"])
def test_render_of_a_faulty_submission_names_every_place(client: FlaskClient, strict: str) -> None:
    given = sample(client, "caq-2026/application") | {"org_name": " ", "sealed_on": "2026-02-30"}
    told = problem(client.post(f"{APPLICATION}/render?strict={strict}", json=given), 422, "submission-invalid")
    assert [(error["pointer"], error["label"]) for error in told["errors"]] == [
        ("/org_name", "组织名称（公章为准）"),
        ("/sealed_on", "单位盖章日期"),
    ]


def test_render_waits_for_a_slot_and_says_when_to_come_back(app: Flask, client: FlaskClient) -> None:
    given = sample(client, "caq-2026/summary")
    with app.extensions["docgen"].slots.taken():
        for answer in (client.post(f"{SUMMARY}/render", json=given), client.get(f"{SUMMARY}/blank.pdf")):
            problem(answer, 503, "busy")
            assert answer.headers["Retry-After"] == "1"
        assert client.post(f"{SUMMARY}/check", json=given).status_code == 200
    assert client.post(f"{SUMMARY}/render", json=given).status_code == 200


def test_a_failed_render_gives_its_slot_back(client: FlaskClient) -> None:
    for _ in range(3):
        problem(client.post(f"{SUMMARY}/render", json={}), 422, "submission-invalid")
