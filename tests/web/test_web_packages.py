"""Packages over HTTP: the zip of the service, or 422 with every place."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

from answers import fits, problem
from package_data import AS_OF, CAQ, FOLDER, application, manifest
from werkzeug.http import parse_options_header

from docgen import service

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

PATH = "/api/v1/packages/caq-2026"
GIVEN: dict[str, Any] = {"application": [application(1), application(2)]}


def test_a_package_is_that_of_the_service(client: FlaskClient) -> None:
    answer = client.post(f"{PATH}?as_of=2026-10-01", json=GIVEN)
    assert (answer.status_code, answer.content_type) == (200, "application/zip")
    assert answer.data == service.package(CAQ, GIVEN, AS_OF).data
    digest = hashlib.sha256(answer.data).digest()
    assert answer.get_etag() == (digest.hex(), False)
    assert answer.headers["Repr-Digest"] == f"sha-256=:{base64.b64encode(digest).decode()}:"
    header = answer.headers["Content-Disposition"]
    assert header.isascii()
    assert parse_options_header(header)[1]["filename"] == f"{FOLDER}.zip"
    assert 'filename="caq-2026.zip"' in header


def test_a_name_cannot_end_the_header(client: FlaskClient) -> None:
    answer = client.post(PATH, json={"application": application(recommender='甲"; filename=x/../y')})
    assert answer.status_code == 200
    assert parse_options_header(answer.headers["Content-Disposition"])[1]["filename"] == "甲＂; filename=x／..／y.zip"


def test_the_notice_leads_to_its_package(client: FlaskClient) -> None:
    found = client.get("/api/v1/notices/caq-2026").json
    assert found is not None
    assert found["links"]["package"] == PATH


def test_faults_are_answered_by_place(client: FlaskClient) -> None:
    given = {"application": [application(1), application(2, org_name=" ")], "nonsense": {}}
    told = problem(client.post(PATH, json=given), 422, "submission-invalid")
    assert [error["pointer"] for error in told["errors"]] == ["/nonsense", "/application/1/org_name"]


def test_strict_refuses_what_the_rules_do_not_let_pass(client: FlaskClient) -> None:
    told = problem(client.post(f"{PATH}?strict=true&as_of=2026-10-01", json=GIVEN), 422, "rules-unmet")
    errors = [finding for finding in told["findings"] if finding["level"] == "error"]
    assert [(finding["rule"], finding["pointer"]) for finding in errors] == [("C06", "/recommendation-opinion")]
    assert manifest(client.post(f"{PATH}?strict=false", json=GIVEN).data)["complete"] is False


def test_check_and_package_judge_alike(client: FlaskClient) -> None:
    told = client.post(f"{PATH}/check?as_of=2026-10-01", json=GIVEN).json
    assert told is not None
    assert manifest(client.post(f"{PATH}?as_of=2026-10-01", json=GIVEN).data)["findings"] == told["findings"]


def test_answers_are_what_the_document_says(client: FlaskClient, issuer: FlaskClient, app: Flask) -> None:
    document = client.get("/openapi.json").json
    assert document is not None
    operation = document["paths"][PATH]["post"]
    properties = operation["requestBody"]["content"]["application/json"]["schema"]["properties"]
    assert "certificate-group" not in properties
    assert "application" in properties
    with app.extensions["docgen"].slots.taken():
        busy = client.post(PATH, json=GIVEN)
    answers = [
        client.post(PATH, json=GIVEN),
        client.post(PATH, json={}),
        client.post(f"{PATH}?strict=yes", json=GIVEN),
        client.post(PATH, data=b"x"),
        issuer.post(PATH, json=GIVEN),
        busy,
    ]
    assert [answer.status_code for answer in answers] == [200, 422, 400, 415, 403, 503]
    for answer in answers:
        fits(document, answer, operation)
