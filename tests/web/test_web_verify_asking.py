"""How the public asks: ways to write a code, names, files, limits, headers, and what is never written down."""

from __future__ import annotations

import hashlib
import json
import logging
from typing import TYPE_CHECKING, Any

import pytest
import registry_data
import verify_cases
from answers import idle, problem
from databases import ASSOCIATION, PUBLIC_URL
from jsonschema import Draft202012Validator
from verify_cases import NAME

from docgen.certificates.code import grouped
from docgen.certificates.states import State
from docgen.issuing import changing, issue, printing
from docgen.issuing.changing import Correction
from docgen.issuing.verifying import Result
from docgen.settings import Settings
from docgen.store.misses import MOST, Guess
from docgen.web.app import ACCESS_LOG, create_app
from docgen.web.verification_schemas import SCHEMAS

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

    from docgen.issuing.registry import Desk
    from docgen.store.records import Record

JSON = {"Accept": "application/json"}
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def conf(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", public_url=PUBLIC_URL, association=ASSOCIATION)


def result(client: FlaskClient, code: str, **more: Any) -> str:
    found: str = client.get(f"/C/{code}", headers=JSON, **more).get_json()["result"]
    return found


def name_answer(client: FlaskClient, code: str, name: str) -> str:
    found: str = client.post(f"/C/{code}/name", data={"name": name}, headers=JSON).get_json()["name"]["answer"]
    return found


# Codes.


def test_a_code_may_be_written_in_many_ways(desk: Desk, stranger: FlaskClient) -> None:
    code = verify_cases.issued(desk).code
    spaced = " ".join(code)
    full_width = "".join(chr(ord(char) + 0xFEE0) for char in grouped(code))
    for written in (code, grouped(code), code.lower(), spaced, full_width, grouped(code).replace("-", "—")):
        assert result(stranger, written) == Result.VALID
        for path in ("/C/", "/c/"):
            answer = stranger.post(path, data={"code": f" {written} "})
            assert (answer.status_code, "<h1>有效</h1>" in answer.text) == (200, True)
    for pasted in (f"{PUBLIC_URL}/C/{code}", f"zs.example.org.cn/c/{code.lower()}"):
        assert "<h1>有效</h1>" in stranger.post("/C/", data={"code": pasted}).text
    assert "<h1>有效</h1>" in stranger.get(f"/c/{code.lower()}").text


def test_a_mistyped_code_comes_back_to_be_mended(stranger: FlaskClient) -> None:
    answer = stranger.post("/C/", data={"code": "4C08-RZHV-KES5"})
    assert "<h1>输入有误</h1>" in answer.text
    assert 'value="4C08-RZHV-KES5"' in answer.text
    assert "<h1>输入有误</h1>" in stranger.post("/C/", data=b"", content_type=FORM).text


@pytest.mark.parametrize("path", ["/C/", "/c/", "/C", "/c", "/"])
def test_the_entry_page_explains_how_to_type_a_code(stranger: FlaskClient, path: str) -> None:
    """Under the QR code stands the host alone, so the root is an entry too."""
    answer = stranger.get(path)
    assert answer.status_code == 200
    assert 'method="post" action="/C/"' in answer.text
    assert "4C08-RZHV-KES5-WWE8" in answer.text
    assert ASSOCIATION in answer.text
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "<script" not in answer.text


def test_a_result_leads_back_to_the_entry(desk: Desk, stranger: FlaskClient) -> None:
    assert '<a href="/C/">核验另一张证书</a>' in stranger.get(f"/C/{verify_cases.issued(desk).code}").text


# Names.


def test_the_right_name_is_the_same_however_it_is_spaced(desk: Desk, stranger: FlaskClient) -> None:
    code = verify_cases.issued(desk, "阿不都·热合曼").code
    for given in ("阿不都·热合曼", " 阿不都 热合曼 ", "阿不都•热合曼", "阿不都热合曼"):
        assert name_answer(stranger, code, given) == "same"
    page = stranger.post(f"/c/{code}/name", data={"name": "阿不都·热合曼"})
    assert "<strong>一致</strong>" in page.text
    assert "<h1>有效</h1>" in page.text
    assert "阿不都" not in page.text


def test_a_cloned_code_is_found_out_by_a_name_of_the_same_mask(desk: Desk, stranger: FlaskClient) -> None:
    code = verify_cases.issued(desk, "张明三").code
    assert "张*三" in stranger.get(f"/C/{code}").text
    page = stranger.post(f"/C/{code}/name", data={"name": "张小三"})
    assert "<strong>不一致</strong>" in page.text
    assert "张小三" not in page.text
    assert name_answer(stranger, code, "张*三") == "other"
    assert name_answer(stranger, code, "张明三") == "same"


def test_five_wrong_names_lock_a_code_for_the_day_and_no_other_code(desk: Desk, stranger: FlaskClient) -> None:
    code, other = verify_cases.issued(desk).code, verify_cases.issued(desk, "秦朗").code
    for _ in range(MOST[Guess.NAME]):
        assert name_answer(stranger, code, "方知近") == "other"
    assert name_answer(stranger, code, NAME) == "locked"
    page = stranger.post(f"/C/{code}/name", data={"name": NAME})
    assert page.status_code == 200
    assert "<strong>今日核对次数已用完</strong>" in page.text
    assert name_answer(stranger, other, "秦朗") == "same"


def test_no_name_is_compared_where_there_is_none_to_compare(desk: Desk, stranger: FlaskClient) -> None:
    one = verify_cases.issued(desk)
    assert name_answer(stranger, one.code, "   ") == "not-asked"
    assert name_answer(stranger, verify_cases.unknown(), NAME) == "not-asked"
    changing.change(desk, one.number, State.REVOKED, verify_cases.WHY)
    page = stranger.post(f"/C/{one.code}/name", data={"name": NAME})
    assert "<h1>已撤销</h1>" in page.text
    assert "一致" not in page.text
    assert name_answer(stranger, one.code, NAME) == "not-asked"


def test_a_name_that_cannot_be_compared_now_is_told_so(desk: Desk, stranger: FlaskClient) -> None:
    code = verify_cases.issued(desk).code
    registry_data.tampered(desk.registry, "ALTER TABLE misses RENAME TO misses_gone")
    page = stranger.post(f"/C/{code}/name", data={"name": NAME})
    assert page.status_code == 200
    assert "<strong>暂时无法核对</strong>" in page.text
    assert name_answer(stranger, code, NAME) == "unsure"


def test_coming_back_to_the_answer_about_a_name_shows_the_certificate(desk: Desk, stranger: FlaskClient) -> None:
    """A phone that was put away asks again with GET."""
    code = verify_cases.issued(desk).code
    for letter in "Cc":
        assert "<h1>有效</h1>" in stranger.get(f"/{letter}/{code}/name").text


# Files.


def asked(client: FlaskClient, data: bytes, code: str = "") -> str:
    sha256 = hashlib.sha256(data).hexdigest()
    answer = client.post("/verify/file-hash", json={"sha256": sha256} | ({"code": code} if code else {}))
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    found = answer.get_json()
    Draft202012Validator(SCHEMAS["FileCheck"]).validate(found)
    told: str = found["answer"]
    return told


def printed(desk: Desk, name: str) -> tuple[Record, bytes]:
    order = registry_data.order([name], shared={"org_name": registry_data.ORG, "issued_on": "2026-10-30"})
    (outcome,) = issue.issue(desk, order, name).outcomes
    assert outcome.failure is None
    return outcome.one.record, printing.document(desk, outcome.one.record.number, "pdf").data


def test_a_file_is_known_by_its_every_byte(desk: Desk, stranger: FlaskClient) -> None:
    one, pdf = printed(desk, NAME)
    other, second = printed(desk, "秦朗")
    altered = pdf[:-20] + bytes([pdf[-20] ^ 1]) + pdf[-19:]
    assert asked(stranger, pdf) == asked(stranger, pdf, grouped(one.code).lower()) == "original"
    assert asked(stranger, altered) == asked(stranger, altered, one.code) == "not-original"
    assert asked(stranger, second, one.code) == "another"
    changing.change(desk, other.number, State.SUSPENDED, verify_cases.WHY)
    assert asked(stranger, second) == asked(stranger, second, other.code) == "ended"
    correction = Correction({"name": "方致远"}, registry_data.WHY)
    new = issue.reissue(desk, one.number, correction, "correction").one.record
    assert asked(stranger, pdf) == asked(stranger, pdf, new.code) == "old-version"
    verify_cases.break_down(desk.registry.database)
    assert asked(stranger, pdf) == "unsure"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "input-unreadable"),
        (b"[]", 422, "question-invalid"),
        (b"{}", 422, "question-invalid"),
        (b'{"sha256": 1}', 422, "question-invalid"),
        (b'{"sha256": "00"}', 422, "question-invalid"),
        (json.dumps({"sha256": "0" * 63 + "g"}).encode(), 422, "question-invalid"),
        (json.dumps({"sha256": "0" * 64, "code": "4C08"}).encode(), 422, "question-invalid"),
        (json.dumps({"sha256": "0" * 64, "code": None}).encode(), 422, "question-invalid"),
        (b'"' + b"x" * 5000 + b'"', 413, "body-too-large"),
    ],
)
def test_a_question_that_is_none_is_refused(stranger: FlaskClient, body: bytes, status: int, code: str) -> None:
    problem(stranger.post("/verify/file-hash", data=body, content_type="application/json"), status, code)


# Limits.


def test_wrong_codes_are_limited_by_address_and_right_ones_never(desk: Desk, stranger: FlaskClient) -> None:
    code = verify_cases.issued(desk).code
    verify_cases.RESULTS[Result.LIMITED]((desk, stranger))
    for headers in (JSON, {}):
        answer = stranger.get(f"/C/{verify_cases.unknown()}", headers=headers)
        assert answer.status_code == 429
        assert 0 < int(answer.headers["Retry-After"]) <= 24 * 60 * 60 + 1
    assert stranger.post("/C/", data={"code": verify_cases.unknown()}).status_code == 429
    assert result(stranger, code) == Result.VALID
    assert result(stranger, "4C08-RZHV-KES5-WWE9") == Result.MALFORMED
    other = {"REMOTE_ADDR": "198.51.100.7"}
    assert result(stranger, verify_cases.unknown(), environ_overrides=other) == Result.UNKNOWN


def test_one_ipv6_customer_is_one_address_and_one_ipv4_address_is_one(stranger: FlaskClient) -> None:
    def seen(address: str) -> str:
        return result(stranger, verify_cases.unknown(), environ_overrides={"REMOTE_ADDR": address})

    for host in range(MOST[Guess.CODE]):
        assert seen(f"2001:db8:1:2:{host:x}::1") == seen("::ffff:198.51.100.7") == Result.UNKNOWN
    assert seen("2001:db8:1:2:ffff::") == seen("::ffff:198.51.100.7") == Result.LIMITED
    assert seen("2001:db8:1:3::1") == seen("::ffff:198.51.100.8") == Result.UNKNOWN


@pytest.mark.parametrize(("trusted", "wanted"), [(0, Result.LIMITED), (1, Result.UNKNOWN)])
def test_behind_a_proxy_the_client_is_counted(desk: Desk, conf: Settings, trusted: int, wanted: Result) -> None:
    client = create_app(conf.model_copy(update={"trusted_proxies": trusted}), desk.registry, idle()).test_client()
    for _ in range(MOST[Guess.CODE]):
        client.get(f"/C/{verify_cases.unknown()}", headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.1"})
    headers = JSON | {"X-Forwarded-For": "203.0.113.9, 198.51.100.2"}
    found = client.get(f"/C/{verify_cases.unknown()}", headers=headers).get_json()["result"]
    assert found == wanted


# HTTP.


def test_answers_are_neither_kept_nor_indexed_nor_redirected(desk: Desk, stranger: FlaskClient) -> None:
    code = verify_cases.issued(desk).code
    answers = [
        stranger.get(f"/C/{code}"),
        stranger.get(f"/C/{code}", headers=JSON),
        stranger.post("/C/", data={"code": code}),
        stranger.post(f"/C/{code}/name", data={"name": NAME}),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Vary"] == "Accept"
        assert "Set-Cookie" not in answer.headers
        policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
        assert (policy["default-src"], policy["frame-ancestors"]) == ("'none'", "'none'")
        assert set(policy.values()) <= {"'none'", "'self'"}
        if answer.mimetype == "text/html":
            assert (policy["form-action"], policy["script-src"]) == ("'self'", "'self'")


def test_only_pages_with_a_file_check_run_a_script(stranger: FlaskClient) -> None:
    for path in ("/C/", f"/C/{verify_cases.unknown()}", "/C/1", "/C/0000000000000000"):
        answer = stranger.get(path)
        assert "<script" not in answer.text
        assert "script-src" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [
        ("", "text/html"),
        ("*/*", "text/html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", "text/html"),
        ("application/json", "application/json"),
        ("application/json;q=0.9, text/html;q=0.5", "application/json"),
        ("image/png", "text/html"),
    ],
)
def test_accept_chooses(stranger: FlaskClient, accept: str, mimetype: str) -> None:
    assert stranger.get("/C/1", headers={"Accept": accept}).mimetype == mimetype


def test_head_says_what_get_would(desk: Desk, stranger: FlaskClient) -> None:
    code = verify_cases.issued(desk).code
    for path in ("/C/", f"/C/{code}", f"/c/{code}"):
        head, get = stranger.head(path), stranger.get(path)
        assert (head.status_code, head.data) == (200, b"")
        assert dict(head.headers) == dict(get.headers)


@pytest.mark.parametrize("path", ["/C/", "/c/", "/C/0000000000000000/name", "/c/0000000000000000/name"])
def test_forms_are_small_and_are_forms(stranger: FlaskClient, path: str) -> None:
    large = stranger.post(path, data={"code": "x" * 5000, "name": "y"})
    assert (large.status_code, large.mimetype) == (413, "text/html")
    for content_type in ("application/json", "multipart/form-data; boundary=x", "text/plain", ""):
        strange = stranger.post(path, data=b"code=1&name=1", content_type=content_type)
        assert (strange.status_code, strange.mimetype) == (415, "text/html")
    problem(
        stranger.post(path, data=b"{}", headers=JSON | {"Content-Type": "text/plain"}), 415, "content-type-unsupported"
    )
    assert stranger.post(path, data=b"code=%ff%00&name=%ff%ed%a0%80", content_type=FORM).status_code == 200


# What is written down.


def test_access_log_holds_no_code_and_no_name(
    desk: Desk, stranger: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, ACCESS_LOG)
    code = verify_cases.issued(desk).code
    stranger.get(f"/C/{code}")
    stranger.post("/C/", data={"code": code})
    stranger.post(f"/C/{code}/name", data={"name": NAME})
    stranger.post(f"/C/{code}/name", data={"name": "秦朗朗"})
    stranger.post("/verify/file-hash", json={"sha256": "0" * 64, "code": code})
    stranger.get(f"/C/{code}/nothing?name={NAME}")
    lines = [record.getMessage() for record in caplog.records if record.name == ACCESS_LOG]
    assert [line.split()[:3] for line in lines] == [
        ["GET", "/C/<code>", "200"],
        ["POST", "/C/", "200"],
        ["POST", "/C/<code>/name", "200"],
        ["POST", "/C/<code>/name", "200"],
        ["POST", "/verify/file-hash", "200"],
        ["GET", "-", "404"],
    ]
    for planted in (code, grouped(code), code.lower(), NAME, "秦朗朗"):
        assert planted not in caplog.text
