"""Certificates over HTTP: issued once, printed alike, ended and corrected; what goes wrong harms nothing."""

from __future__ import annotations

import base64
import hashlib
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from answers import idle, problem, with_key
from registry_data import DAY, DECISION, FORM, ORG, order

from docgen.issuing.registry import Registry, open_registry
from docgen.settings import Settings
from docgen.store.keys import Scope
from docgen.store.organisations import FIRST
from docgen.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

CERTIFICATES = "/api/v1/certificates"
WHY = {"reason_class": "信息有误", "reason": "登记有误"}
PLANTED = "王富贵甲乙丙"


@dataclass(frozen=True)
class House:
    """An installation with a client that may do everything to certificates."""

    conf: Settings
    registry: Registry
    client: FlaskClient

    def issue(self, raw: object, key: str = "k") -> TestResponse:
        return self.client.post(CERTIFICATES, json=raw, headers={"Idempotency-Key": key})

    def reissue(self, number: str, changes: object, key: str = "r", **why: str) -> TestResponse:
        body = {"changes": changes, **WHY, **why}
        return self.client.post(f"{CERTIFICATES}/{number}/reissue", json=body, headers={"Idempotency-Key": key})

    def end(self, number: str, action: str, **why: str) -> TestResponse:
        return self.client.post(f"{CERTIFICATES}/{number}/{action}", json={**WHY, **why})

    def states(self, number: str) -> list[str]:
        return [version["state"] for version in _json(self.client.get(f"{CERTIFICATES}/{number}"))["versions"]]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    conf = Settings(data_dir=tmp_path / "data", render_slots=1, render_wait_seconds=0)
    registry = open_registry(conf)
    key = registry.keyring.add(FIRST, Scope.ISSUE, Scope.REVOKE)
    yield House(conf, registry, with_key(create_app(conf, registry, idle()), key))
    registry.database.close()


def _json(answer: TestResponse) -> Any:
    assert answer.status_code in {200, 201}, answer.text
    return answer.json


def numbers(answer: TestResponse) -> list[str]:
    return [line["number"] for line in _json(answer)["certificates"]]


def test_an_order_is_issued_in_its_order_and_told_line_by_line(house: House) -> None:
    answer = house.issue(order(["章一", "章二"]))
    told = _json(answer)
    assert answer.status_code == 201
    assert numbers(answer) == ["QG-GL-2026-000001", "QG-GL-2026-000002"]
    assert answer.headers["Location"] == f"{CERTIFICATES}/QG-GL-2026-000001"
    assert any("第一次使用" in note for note in told["notes"])
    first = told["certificates"][0]
    assert (first["row"], first["version"], first["state"], first["state_name"]) == (0, 1, "issued", "有效")
    assert first["url"] == f"http://127.0.0.1:8080/C/{first['code'].replace('-', '')}"
    assert "failure" not in first
    assert house.client.get(first["links"]["self"]).status_code == 200
    assert house.client.get(first["links"]["pdf"]).data.startswith(b"%PDF-")


def test_the_same_request_again_issues_nothing(house: House) -> None:
    first = house.issue(order(["章一", "章二"]))
    spelt_otherwise = {
        **order([]),
        "shared": {},
        "rows": [{"name": n, "org_name": ORG, "issued_on": DAY} for n in ("章一", "章二")],
    }
    for again in (house.issue(order(["章一", "章二"])), house.issue(spelt_otherwise)):
        assert again.status_code == 200
        assert "Location" not in again.headers
        assert _json(again)["certificates"] == _json(first)["certificates"]
        assert _json(again)["batch"] == _json(first)["batch"]
    assert numbers(house.issue(order(["章三"]), "other")) == ["QG-GL-2026-000003"]


def test_a_key_used_for_something_else_is_a_conflict(house: House) -> None:
    house.issue(order(["章一"]))
    told = problem(house.issue(order(["章二"])), 409, "conflict")
    assert "幂等键" in told["detail"]
    assert numbers(house.issue(order(["章二"]), "other")) == ["QG-GL-2026-000002"]


@pytest.mark.parametrize("key", [None, "", "a b", "键", "k" * 101, "a\tb"])
@pytest.mark.parametrize("path", [CERTIFICATES, f"{CERTIFICATES}/QG-GL-2026-000001/reissue"])
def test_without_a_usable_idempotency_key_nothing_is_done(house: House, path: str, key: str | None) -> None:
    headers = {} if key is None else {"Idempotency-Key": key.encode().decode("latin-1")}
    told = problem(house.client.post(path, json=order(["章一"]), headers=headers), 400, "idempotency-key-required")
    assert "UUID" in told["remedy"]
    assert house.client.get(f"{CERTIFICATES}/QG-GL-2026-000001").status_code == 404


def test_a_faulty_row_costs_no_number(house: House) -> None:
    raw = order(["章一", " 章二", "章一"])
    told = problem(house.issue(raw), 422, "submission-invalid")
    assert [fault["pointer"] for fault in told["errors"]] == ["/rows/1/name"]
    repeated = problem(house.issue(order(["章一", "章一"])), 422, "submission-invalid")
    assert repeated["errors"][0]["code"] == "repeated_row"
    assert numbers(house.issue(order(["章一"]))) == ["QG-GL-2026-000001"]
    held = problem(house.issue(order(["章一"]), "other"), 422, "submission-invalid")
    assert "QG-GL-2026-000001" in held["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (order([f"章{number}" for number in range(21)]), 422, "submission-invalid"),
        (order([]), 422, "submission-invalid"),
        ([], 422, "submission-invalid"),
        ({"rows": 3, "shared": []}, 422, "submission-invalid"),
        (order(["章一"], certificate="caq-2026/application"), 422, "submission-invalid"),
        (order(["章一"], certificate="caq-2026/certificate"), 404, "form-unknown"),
        (order(["章一"], series="小写"), 422, "submission-invalid"),
    ],
)
def test_what_is_no_order_is_refused(house: House, raw: object, status: int, code: str) -> None:
    problem(house.issue(raw), status, code)


def test_twenty_are_told_to_be_the_most(house: House) -> None:
    told = problem(house.issue(order([f"章{number}" for number in range(21)])), 422, "submission-invalid")
    assert told["errors"][0]["code"] == "too_many_rows"
    assert "20" in told["errors"][0]["detail"]


def test_a_document_is_the_same_bytes_every_time_and_for_every_process(house: House) -> None:
    (number,) = numbers(house.issue(order(["章一"])))
    other = with_key(
        create_app(house.conf, open_registry(house.conf), idle()), house.registry.keyring.add(FIRST, Scope.ISSUE)
    )
    seen = []
    for path in (f"{number}.pdf", f"{number}.pdf?border=false", f"{number}.docx", f"{number}.docx?border=false"):
        answers = [client.get(f"{CERTIFICATES}/{path}") for client in (house.client, other, house.client)]
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.data for answer in answers}) == 1
        digest = hashlib.sha256(answers[0].data).digest()
        assert answers[0].headers["ETag"] == f'"{digest.hex()}"'
        assert answers[0].headers["Repr-Digest"] == f"sha-256=:{base64.b64encode(digest).decode()}:"
        assert answers[0].headers["Docgen-Template"].startswith(f"{FORM}@")
        assert number in answers[0].headers["Content-Disposition"]
        seen.append(digest)
    assert len(set(seen)) == 4
    (version,) = _json(house.client.get(f"{CERTIFICATES}/{number}"))["versions"]
    assert {filed["sha256"] for filed in version["documents"]} == {digest.hex() for digest in seen}


def test_unknown_formats_and_borders_are_refused(house: House) -> None:
    (number,) = numbers(house.issue(order(["章一"])))
    assert "pdf" in problem(house.client.get(f"{CERTIFICATES}/{number}.png"), 400, "format-unsupported")["remedy"]
    problem(house.client.get(f"{CERTIFICATES}/{number}.pdf?border=no"), 400, "query-invalid")
    problem(house.client.get(f"{CERTIFICATES}/{number}.pdf?page=1"), 400, "query-invalid")


def test_from_suspension_to_revocation(house: House) -> None:
    (number,) = numbers(house.issue(order(["章一"])))
    for action, state, changed in (
        ("suspend", "suspended", True),
        ("suspend", "suspended", False),
        ("resume", "issued", True),
        ("revoke", "revoked", True),
        ("revoke", "revoked", False),
    ):
        told = _json(house.end(number, action))
        assert (told["number"], told["state"], told["changed"]) == (number, state, changed)
    for action in ("suspend", "resume"):
        told = problem(house.end(number, action), 409, "conflict")
        assert "已撤销" in told["detail"]
        assert "docgen" not in told["remedy"]
    problem(house.client.get(f"{CERTIFICATES}/{number}.pdf"), 409, "conflict")
    problem(house.reissue(number, {"name": "章二"}), 409, "conflict")
    (version,) = _json(house.client.get(f"{CERTIFICATES}/{number}"))["versions"]
    steps = [(event["state"], event["reason_class"], event["reason"]) for event in version["events"]]
    assert steps == [
        ("pending", "", ""),
        ("issued", "", ""),
        ("suspended", *WHY.values()),
        ("issued", *WHY.values()),
        ("revoked", *WHY.values()),
    ]
    assert len({event["actor"] for event in version["events"]}) == 1
    assert version["events"][0]["actor"].startswith("key:")


@pytest.mark.parametrize(
    "body",
    [{}, [], "文字", {**WHY, "reason": " "}, {**WHY, "reason": 3}, {**WHY, "reason_class": "别的"}, {**WHY, "why": 1}],
)
def test_a_reason_must_be_given(house: House, body: object) -> None:
    (number,) = numbers(house.issue(order(["章一"])))
    for action in ("revoke", "suspend", "resume"):
        problem(house.client.post(f"{CERTIFICATES}/{number}/{action}", json=body), 422, "submission-invalid")
    assert house.states(number) == ["issued"]


def test_a_correction_is_a_new_version_with_a_new_code(house: House) -> None:
    answer = house.issue(order(["章一"]))
    (number,) = numbers(answer)
    made = house.reissue(number, {"name": "章二"})
    told = _json(made)
    assert made.status_code == 201
    assert (told["number"], told["version"], told["state"]) == (number, 2, "issued")
    assert told["code"] != _json(answer)["certificates"][0]["code"]
    again = house.reissue(number, {"name": "章二"})
    assert (again.status_code, _json(again)) == (200, told)
    assert house.states(number) == ["issued", "superseded"]
    problem(house.reissue(number, {"name": "章三"}), 409, "conflict")
    problem(house.reissue(number, {"name": "章二"}, "other"), 422, "submission-invalid")
    assert house.states(number) == ["issued", "superseded"]
    newest = _json(house.client.get(f"{CERTIFICATES}/{number}"))["versions"][0]
    assert newest["submission"]["name"] == "章二"
    assert newest["events"][0]["reason"] == WHY["reason"]


def test_corrections_follow_each_other_and_each_keeps_its_key(house: House) -> None:
    (number,) = numbers(house.issue(order(["章一"])))
    for key, name in (("r1", "章二"), ("r2", "章一"), ("r3", "章二")):
        assert house.reissue(number, {"name": name}, key).status_code == 201
    assert house.states(number) == ["issued", "superseded", "superseded", "superseded"]
    late = house.reissue(number, {"name": "章二"}, "r1")
    assert (late.status_code, _json(late)["version"], _json(late)["state"]) == (200, 2, "superseded")
    assert len(house.states(number)) == 4


@pytest.mark.parametrize(
    "changes", [{}, {"name": " "}, {"unknown": "字段"}, {"name": 1.5}, [], None, {"issued_on": "昨天"}]
)
def test_a_faulty_correction_changes_nothing(house: House, changes: object) -> None:
    (number,) = numbers(house.issue(order(["章一"])))
    problem(house.reissue(number, changes), 422, "submission-invalid")
    assert house.states(number) == ["issued"]


def test_an_honour_that_somebody_holds_is_not_corrected_into(house: House) -> None:
    first, second = numbers(house.issue(order(["章一", "章二"])))
    told = problem(house.reissue(second, {"name": "章一"}), 422, "submission-invalid")
    assert first in told["errors"][0]["detail"]
    assert house.states(second) == ["issued"]


def test_a_full_disk_leaves_rows_pending_and_the_same_request_goes_on(house: House) -> None:
    documents = house.conf.data_dir / "documents"
    documents.write_bytes(b"in the way")
    answer = house.issue(order(["章一", "章二"]))
    told = _json(answer)["certificates"]
    assert answer.status_code == 201
    assert [line["state"] for line in told] == ["pending", "pending"]
    assert {line["failure"]["code"] for line in told} == {"files-unavailable"}
    number = told[0]["number"]
    problem(house.client.get(f"{CERTIFICATES}/{number}.pdf"), 409, "conflict")
    problem(house.end(number, "revoke"), 409, "conflict")
    documents.unlink()
    again = house.issue(order(["章一", "章二"]))
    assert again.status_code == 200
    assert [(line["number"], line["state"]) for line in _json(again)["certificates"]] == [
        (line["number"], "issued") for line in told
    ]


def test_a_lost_document_is_our_fault_and_said(house: House) -> None:
    (number,) = numbers(house.issue(order(["章一"])))
    (file,) = [path for path in (house.conf.data_dir / "documents").rglob("*") if path.is_file()]
    file.write_bytes(file.read_bytes()[:-1])
    assert "已损坏" in problem(house.client.get(f"{CERTIFICATES}/{number}.pdf"), 500, "file-missing")["detail"]
    file.unlink()
    told = problem(house.client.get(f"{CERTIFICATES}/{number}.pdf"), 500, "file-missing")
    assert told["instance"].startswith("urn:uuid:")


def test_a_record_that_was_bent_is_shown_without_its_claims_and_not_printed_anew(house: House) -> None:
    from registry_data import tampered  # noqa: PLC0415  beside the only test that bends

    (number,) = numbers(house.issue(order(["章一"])))
    tampered(house.registry, "UPDATE certificates SET code = '0000000000000001'")
    (version,) = _json(house.client.get(f"{CERTIFICATES}/{number}"))["versions"]
    assert version["signed"] is False
    assert "submission" not in version
    problem(house.client.get(f"{CERTIFICATES}/{number}.docx"), 500, "record-tampered")
    problem(house.reissue(number, {"name": "章二"}), 500, "record-tampered")


def test_a_locked_database_is_told_with_when_to_come_back(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from docgen.store import database  # noqa: PLC0415  only its patience is shortened here

    (number,) = numbers(house.issue(order(["章一"])))
    monkeypatch.setattr(database, "_WAIT_SECONDS", 0.2)
    impatient = open_registry(house.conf)
    key = house.registry.keyring.add(FIRST, Scope.ISSUE, Scope.REVOKE)
    client = with_key(create_app(house.conf, impatient, idle()), key)
    with house.registry.database.writing():
        answer = client.post(f"{CERTIFICATES}/{number}/revoke", json=WHY)
        assert "占用" in problem(answer, 503, "database-unavailable")["detail"]
        assert int(answer.headers["Retry-After"]) >= 1
        blocked = client.post(CERTIFICATES, json=order(["章二"]), headers={"Idempotency-Key": "x"})
        problem(blocked, 503, "database-unavailable")
    assert house.states(number) == ["issued"]
    assert numbers(house.issue(order(["章二"]), "y")) == ["QG-GL-2026-000002"]


def test_all_slots_taken_sends_the_order_away_undone(house: House) -> None:
    from docgen.web.context import EXTENSION  # noqa: PLC0415  only to hold the slot

    with house.client.application.extensions[EXTENSION].slots.taken():
        assert problem(house.issue(order(["章一"])), 503, "busy")["remedy"]
    assert numbers(house.issue(order(["章一"]))) == ["QG-GL-2026-000001"]


def test_personal_names_reach_no_log_and_no_refusal(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    answer = house.issue(order([PLANTED]))
    number, code = numbers(answer)[0], _json(answer)["certificates"][0]["code"]
    refused = [
        house.issue(order([PLANTED]), "other"),
        house.issue(order([f" {PLANTED}"]), "third"),
        house.reissue(number, {"name": f"{PLANTED} "}),
        house.end(number, "resume", reason=f"{PLANTED}\u0000"),
    ]
    assert [one.status_code for one in refused] == [422, 422, 422, 422]
    (house.conf.data_dir / "documents").rename(house.conf.data_dir / "away")
    refused.append(house.client.get(f"{CERTIFICATES}/{number}.pdf"))
    assert refused[-1].status_code == 500
    assert all(PLANTED not in one.text for one in refused)
    house.client.get(f"{CERTIFICATES}/{PLANTED}")
    assert caplog.records
    for private in (PLANTED, code, code.replace("-", ""), number):
        assert private not in caplog.text


def test_public_keys_are_open_and_kept_a_while(house: House) -> None:
    stranger = house.client.application.test_client()
    empty = stranger.get("/.well-known/jwks.json")
    assert (empty.status_code, empty.json) == (200, {"keys": []})
    house.issue(order(["章一"]))
    with house.registry.database.writing() as connection:
        house.registry.chest.rotate(connection, trial=True)
    answer = stranger.get("/.well-known/jwks.json")
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    keys = _json(answer)["keys"]
    assert len({key["kid"] for key in keys}) == 2
    assert all(set(key) == {"kty", "crv", "x", "kid", "alg", "use"} for key in keys)
    stranger.environ_base["HTTP_HOST"] = "zs.example.org.cn"
    real = create_app(
        house.conf, open_registry(house.conf.model_copy(update={"public_url": "https://zs.example.org.cn"})), idle()
    )
    assert _json(real.test_client().get("/.well-known/jwks.json")) == {"keys": []}


def test_decision_is_recorded(house: House) -> None:
    (number,) = numbers(house.issue(order(["章一"])))
    (version,) = _json(house.client.get(f"{CERTIFICATES}/{number}"))["versions"]
    assert (version["decision"], version["certificate"]) == (DECISION, FORM)
