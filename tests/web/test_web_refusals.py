"""What is refused over HTTP, with which status, and what is never said."""

from __future__ import annotations

import io
import json
import logging
from typing import TYPE_CHECKING

import pytest
from answers import problem, sample

from docgen.errors import ConflictError, FaceError, OutputError, RenderError, TemplateError
from docgen.issuing.gate import GateError
from docgen.issuing.printing import TamperedError
from docgen.store.database import DatabaseError
from docgen.store.files import MissingFileError
from docgen.store.folder import FolderError
from docgen.web import problems

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from docgen.errors import DocgenError

APPLICATION = "/api/v1/forms/caq-2026/application"
CHECK = f"{APPLICATION}/check"
JSON = "application/json"


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer dgk_00000000_00",
        "Basic dXNlcjpwYXNz",
        f"Bearer dgk_{'0' * 8}_{'0' * 64}",
        "Bearer 钥",
    ],
)
@pytest.mark.parametrize("path", ["/api/v1/forms", "/api/v1/nowhere", "/api/", "/api/v1/forms/no/such"])
def test_nothing_is_told_without_a_key(stranger: FlaskClient, path: str, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header.encode().decode("latin-1")}
    answer = stranger.get(path, headers=headers)
    told = problem(answer, 401, "key-required")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert "dgk_" in told["remedy"]


def test_wrong_method_is_not_told_without_a_key(stranger: FlaskClient) -> None:
    problem(stranger.delete(CHECK), 401, "key-required")


def test_scheme_of_the_key_may_be_written_in_any_case(app: Flask, client: FlaskClient) -> None:
    key = client.environ_base["HTTP_AUTHORIZATION"].split()[1]
    assert app.test_client().get("/api/v1/forms", headers={"Authorization": f"bearer  {key}"}).status_code == 200


def test_a_key_without_the_scope_may_look_up_but_not_work(issuer: FlaskClient) -> None:
    assert issuer.get(APPLICATION).status_code == 200
    for answer in (
        issuer.post(CHECK, json={}),
        issuer.post(f"{APPLICATION}/render", json={}),
        issuer.get(f"{APPLICATION}/blank.pdf"),
        issuer.post("/api/v1/packages/caq-2026/check", json={}),
    ):
        assert "render" in problem(answer, 403, "scope-missing")["detail"]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/api/v1/forms/caq-2026/aplication", "caq-2026/application"),
        ("/api/v1/forms/zzz/zzz/schema", "GET /api/v1/forms"),
        ("/api/v1/notices/caq-2027", "caq-2026"),
        ("/api/v1/forms/%2e%2e/%2e%2e", "GET /api/v1/forms"),
    ],
)
def test_unknown_forms_and_notices_suggest_what_is_near(client: FlaskClient, path: str, words: str) -> None:
    assert words in problem(client.get(path), 404, "form-unknown")["remedy"]


@pytest.mark.parametrize(
    "path", ["/api/v1", "/api/v1/", "/api/v1/form", "/api/v1/forms/", "/api//v1/forms", "/api/v1/批次"]
)
def test_unknown_paths(client: FlaskClient, path: str) -> None:
    problem(client.get(path), 404, "path-unknown")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("GET", CHECK, "POST"), ("DELETE", "/api/v1/forms", "GET"), ("OPTIONS", CHECK, "POST"), ("BREW", CHECK, "POST")],
)
def test_wrong_methods(client: FlaskClient, method: str, path: str, allowed: str) -> None:
    answer = client.open(path, method=method)
    problem(answer, 405, "method-not-allowed")
    assert allowed in answer.headers["Allow"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"a": 1,}',
        b'{"a": NaN}',
        b'{"a": 1, "a": 1}',
        b"\xff\xfe{}",
        '{"a": "字"}'.encode("gbk"),
        b"[" * 90_000,
    ],
)
def test_broken_json(client: FlaskClient, body: bytes) -> None:
    for path in (CHECK, f"{APPLICATION}/render", "/api/v1/packages/caq-2026/check"):
        assert problem(client.post(path, data=body, content_type=JSON), 400, "input-unreadable")["remedy"]


@pytest.mark.parametrize(
    "kind", [None, "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/json"]
)
def test_wrong_content_types(client: FlaskClient, kind: str | None) -> None:
    told = problem(client.post(CHECK, data=b"{}", content_type=kind), 415, "content-type-unsupported")
    assert JSON in told["remedy"]


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "Application/JSON"])
def test_content_type_may_carry_parameters(client: FlaskClient, kind: str) -> None:
    assert client.post(CHECK, data=b"{}", content_type=kind).status_code == 200


def test_too_large_bodies_are_refused_before_they_are_read(client: FlaskClient) -> None:
    body = io.BytesIO(b"{}")
    size = {"CONTENT_LENGTH": "10000000", "wsgi.input": body}
    told = problem(client.post(CHECK, content_type=JSON, environ_overrides=size), 413, "body-too-large")
    assert body.tell() == 0
    assert "10,000,000" in told["detail"]
    assert "200,000" in told["detail"]


def test_a_body_of_just_the_limit_is_read(client: FlaskClient) -> None:
    assert client.post(CHECK, data=b" " * 199_998 + b"{}", content_type=JSON).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({f"f{number}": 1 for number in range(10_000)}),
        '{"a":' * 400 + "1" + "}" * 400,
        '{"members":' + "[" * 500 + "]" * 500 + "}",
        '{"members": [' + ",".join('"甲"' for _ in range(20_000)) + "]}",
        '{"\\ud800": "\\udfff", "members": ["\\ud800"]}',
        '{"org_name": "' + "\\u0000" * 1000 + '"}',
    ],
)
def test_monstrous_bodies_get_an_ordinary_answer(client: FlaskClient, body: str) -> None:
    for path in (CHECK, "/api/v1/packages/caq-2026/check"):
        answer = client.post(path, data=body, content_type=JSON)
        assert answer.status_code in {200, 400}, answer.text
        assert answer.json
    assert client.post(f"{APPLICATION}/render", data=body, content_type=JSON).status_code in {400, 422}


@pytest.mark.parametrize(
    "query",
    [
        "format=doc",
        "format=xlsx",
        "format=pdf%0d%0aSet-Cookie:%20a=1",
        "format=pdf&format=docx",
        "fromat=pdf",
        "strict=1",
        "strict=",
        "as_of=2026-02-30",
        "as_of=2026-2-3",
        "as_of=%EF%BC%92026-01-01",
        "as_of=today",
    ],
)
def test_wrong_queries(client: FlaskClient, query: str) -> None:
    answer = client.post(f"{APPLICATION}/render?{query}", json=sample(client, "caq-2026/application"))
    assert answer.status_code == 400
    told = problem(answer, 400, "format-unsupported" if query in FORMATS else "query-invalid")
    assert told["remedy"]
    assert "Set-Cookie" not in answer.headers


FORMATS = {"format=doc", "format=xlsx", "format=pdf%0d%0aSet-Cookie:%20a=1"}


def test_wrong_blank_format(client: FlaskClient) -> None:
    for name in ("blank.xlsx", "blank.exe"):
        assert "docx" in problem(client.get(f"{APPLICATION}/{name}"), 400, "format-unsupported")["remedy"]


def test_unacceptable_format_names_what_there_is(client: FlaskClient) -> None:
    given = sample(client, "caq-2026/application")
    answer = client.post(f"{APPLICATION}/render", json=given, headers={"Accept": "application/json"})
    assert "application/pdf" in problem(answer, 406, "format-not-acceptable")["remedy"]


def test_values_are_never_repeated(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    planted = "王富贵甲乙丙"
    given = sample(client, "caq-2026/application") | {
        "members": [f"{planted}、{planted}"],
        "org_name": f" {planted}",
        "phone": planted,
    }
    for answer in (
        client.post(CHECK, json=given),
        client.post(f"{APPLICATION}/render", json=given),
        client.post(f"{CHECK}?as_of={planted}", json=given),
        client.post(CHECK, data=f'{{"a": "{planted}"', content_type=JSON),
    ):
        assert planted not in answer.text
    assert caplog.records
    assert planted not in caplog.text


def test_access_log_holds_neither_query_nor_made_up_paths(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "docgen.access")
    client.get("/C/4C08RZHVKES5WWE8?name=王富贵")
    client.get("/api/v1/王富贵%0d%0aforged")
    client.open("/api/v1/forms", method="FORGED")
    lines = [record.getMessage() for record in caplog.records]
    key = client.environ_base["HTTP_AUTHORIZATION"].split("_")[1]
    assert lines == ["GET /C/<code> 200", "GET - 404", "- - 405"]
    assert [vars(record)["key"] for record in caplog.records] == ["-", key, key]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (TemplateError("模板第 3 行有误"), "template-fault"),
        (FaceError("找不到字体"), "face-missing"),
        (RenderError("生成不了"), "render-failed"),
        (OutputError("写不进去"), "output-unwritable"),
        (GateError("与登记的不一致"), "gate-refused"),
        (TamperedError("与签名不符"), "record-tampered"),
        (MissingFileError("不在了"), "file-missing"),
        (FolderError("没有权限"), "data-folder-unusable"),
    ],
)
def test_our_own_faults_are_never_the_submission_s(error: DocgenError, code: str) -> None:
    told = problems.of_error(error, 1)
    assert (told.status, told.code, told.detail) == (500, code, error.detail)
    assert told.title != "服务出错"
    assert told.instance.startswith("urn:uuid:")


def test_a_database_that_does_not_answer_is_for_later() -> None:
    told = problems.of_error(DatabaseError("占用"), 7)
    assert (told.status, told.code, told.headers) == (503, "database-unavailable", {"Retry-After": "7"})
    assert told.instance


def test_remedies_point_to_routes_not_to_commands() -> None:
    told = problems.of_error(ConflictError("状态不对", "请先查看它的经过（docgen history）"), 1)
    assert (told.status, told.remedy) == (409, "请先查看它的经过（GET /api/v1/certificates/编号）")


def test_a_bug_is_confessed_without_its_message(caplog: pytest.LogCaptureFixture) -> None:
    planted = "王富贵"
    try:
        int(planted)
    except ValueError as error:
        told = problems.of_bug(error)
    assert told.status == 500
    assert planted not in json.dumps(told.members(), ensure_ascii=False)
    assert told.instance in caplog.text
    assert "ValueError" in caplog.text
    assert "test_web_refusals.py" in caplog.text
    assert planted not in caplog.text


@pytest.mark.parametrize("path", ["/healthz", "/docs", "/openapi.json", "/C/1", "/static/page.css", "/nowhere", CHECK])
def test_every_answer_has_its_security_headers(stranger: FlaskClient, path: str) -> None:
    headers = stranger.get(path, buffered=True).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
