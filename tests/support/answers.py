"""Reads answers and holds them to the OpenAPI document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dramatiq.brokers.stub import StubBroker
from jsonschema import Draft202012Validator

from docgen.jobs.engine import DramatiqEngine

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

PROBLEM = "application/problem+json"


def idle() -> DramatiqEngine:
    """Return an engine whose messages nobody takes."""
    return DramatiqEngine(StubBroker(middleware=[]), lambda *_: False)


def with_key(app: Flask, key: str) -> FlaskClient:
    """Return a client that sends a key with every request."""
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key}"
    return client


def fits(document: dict[str, Any], answer: TestResponse, operation: dict[str, Any]) -> None:
    """Fail where an answer is not what the document says of this operation."""
    told = operation["responses"][str(answer.status_code)]
    content = told["content"][answer.mimetype]
    if "schema" in content and answer.mimetype != "text/html":
        root = {**content["schema"], "components": document["components"]}
        Draft202012Validator(root, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(answer.json)


def problem(answer: TestResponse, status: int, code: str) -> dict[str, Any]:
    """Return a problem's members after looking at what every problem has."""
    assert (answer.status_code, answer.mimetype) == (status, PROBLEM), answer.text
    told = answer.json
    assert isinstance(told, dict)
    assert (told["status"], told["type"]) == (status, f"urn:docgen:problem:{code}")
    assert all(not told[name].isascii() for name in ("title", "detail"))
    return told


def sample(client: FlaskClient, form: str) -> dict[str, Any]:
    """Return the sample submission of a form."""
    found = client.get(f"/api/v1/forms/{form}/sample").json
    assert isinstance(found, dict)
    return found
