"""The OpenAPI document: valid, Chinese, complete, and true to what is answered."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from answers import fits, sample
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from registry_data import order

from docgen.forms.catalogue import all_forms, all_notices
from docgen.forms.form import Kind
from docgen.web.staff.house import ROUTES as STAFF_ROUTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

UNLISTED = {"/static/<path:filename>"}
"""Parts of pages."""


@pytest.fixture
def document(stranger: FlaskClient) -> dict[str, Any]:
    found = stranger.get("/openapi.json").json
    assert isinstance(found, dict)
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method, path, operation


def texts(value: Any, words: frozenset[str]) -> Iterator[str]:
    if isinstance(value, dict):
        for name, child in value.items():
            if name in words and isinstance(child, str):
                yield child
            elif name not in {"example", "examples"}:
                yield from texts(child, words)
    elif isinstance(value, list):
        for child in value:
            yield from texts(child, words)


def test_document_is_valid(document: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(document).validate()
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_path_of_the_document_is_a_route(app: Flask, document: dict[str, Any]) -> None:
    routes = app.url_map.bind("localhost")
    for method, path, _ in operations(document):
        endpoint, _ = routes.match(re.sub(r"{\w+}", "x", path), method=method.upper())
        assert endpoint in app.view_functions


def test_every_route_stands_in_the_document(app: Flask, document: dict[str, Any]) -> None:
    found = {(method.upper(), path) for method, path, _ in operations(document)}
    forms = [{"notice": form.notice_id, "form": form.stem} for form in all_forms().values()]
    for rule in app.url_map.iter_rules():
        if rule.rule in UNLISTED or rule.endpoint in STAFF_ROUTES:  # pages for people
            continue
        assert rule.methods is not None
        (method,) = rule.methods - {"HEAD"}
        path = re.sub(r"<(\w+)>", r"{\1}", rule.rule)
        concrete = {(method, path)}
        if method == "POST" and "{notice}" in path:
            values = forms if "{form}" in path else [{"notice": notice} for notice in all_notices()]
            concrete = {(method, path.format(**value)) for value in values}
        assert concrete <= found


def test_document_speaks_chinese(document: dict[str, Any]) -> None:
    told = list(texts(document, frozenset({"summary", "description", "title"})))
    assert len(told) > 100
    assert [text for text in told if text.isascii()] == []


def test_operations_have_names_of_their_own(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(set(names)) == len(names)


def test_examples_fit_their_schemas(document: dict[str, Any]) -> None:
    for _, _, operation in operations(document):
        for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
            assert fitting_examples(document, content) or media_type != "application/json"
        for response in operation["responses"].values():
            for content in response["content"].values():
                fitting_examples(document, content)


def fitting_examples(document: dict[str, Any], content: dict[str, Any]) -> int:
    """Hold the examples of a content to its schema; return how many there are."""
    examples = [content["example"]] if "example" in content else []
    examples += [example["value"] for example in content.get("examples", {}).values()]
    for example in examples:
        root = {**content["schema"], "components": document["components"]}
        Draft202012Validator(root).validate(example)
    return len(examples)


def test_there_is_an_order_of_every_certificate_as_an_example(document: dict[str, Any]) -> None:
    content = document["paths"]["/api/v1/certificates"]["post"]["requestBody"]["content"]["application/json"]
    certificates = {form.id for form in all_forms().values() if form.kind is Kind.CERTIFICATE}
    assert {example["value"]["certificate"] for example in content["examples"].values()} == certificates
    assert len(certificates) == 12


def test_no_part_of_a_schema_is_out_of_reach(document: dict[str, Any]) -> None:
    references = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))
    assert references == set(document["components"]["schemas"])


def test_answers_are_what_the_document_says(client: FlaskClient, document: dict[str, Any]) -> None:
    seen = 0
    for method, path, operation in operations(document):
        if method == "get" and "{number}" not in path and "{batch}" not in path:
            for form in all_forms().values():
                concrete = path.format(notice=form.notice_id, form=form.stem, format="docx", code="0" * 16)
                if path != "/readyz":
                    fits(document, client.get(concrete), operation)
                    seen += 1
    assert seen > 40


def test_watchers_are_answered_as_the_document_says(
    stranger: FlaskClient, document: dict[str, Any], tmp_path: Path, configure: Callable[..., None]
) -> None:
    (tmp_path / "file").touch()
    configure(data_dir=str(tmp_path / "file"))
    answer = stranger.get("/readyz")
    assert answer.status_code == 503
    fits(document, answer, document["paths"]["/readyz"]["get"])


def test_answers_about_certificates_are_what_the_document_says(issuer: FlaskClient, document: dict[str, Any]) -> None:
    root = "/api/v1/certificates"
    paths = document["paths"]

    def ask(path: str, method: str, status: int, body: object = None, key: str = "k") -> None:
        concrete = path.format(number="QG-GL-2026-000001", format="pdf")
        answer = issuer.open(concrete, method=method, json=body, headers={"Idempotency-Key": key})
        assert answer.status_code == status, answer.text
        fits(document, answer, paths[path][method.lower()])
        documented = paths[path][method.lower()]["responses"][str(status)].get("headers", {})
        assert [name for name in documented if name not in answer.headers] == []

    why = {"reason_class": "信息有误", "reason": "登记有误"}
    one = f"{root}/{{number}}"
    ask(one, "GET", 404)
    ask(root, "POST", 201, order(["章一"]))
    ask(root, "POST", 200, order(["章一"]))
    ask(root, "POST", 409, order(["章二"]))
    ask(root, "POST", 422, order(["章一"]), "other")
    ask(root, "POST", 400, order(["章二"]), "")
    ask(one, "GET", 200)
    ask(f"{one}.{{format}}", "GET", 200)
    ask(f"{one}/reissue", "POST", 201, {**why, "changes": {"name": "章二"}}, "r")
    ask(f"{one}/reissue", "POST", 200, {**why, "changes": {"name": "章二"}}, "r")
    ask(f"{one}/reissue", "POST", 422, {**why, "changes": {}}, "s")
    for action, status in (("suspend", 200), ("resume", 200), ("revoke", 200), ("resume", 409)):
        ask(f"{one}/{action}", "POST", status, why)
    ask(f"{one}.{{format}}", "GET", 409)
    ask(one, "GET", 200)


def test_verdicts_are_what_the_document_says(client: FlaskClient, document: dict[str, Any]) -> None:
    for form in all_forms():
        path = f"/api/v1/forms/{form}/check"
        for body in ({}, {"unknown": 1}, sample(client, form)):
            fits(document, client.post(path, json=body), document["paths"][path]["post"])


def test_refusals_are_what_the_document_says(
    client: FlaskClient, stranger: FlaskClient, issuer: FlaskClient, document: dict[str, Any]
) -> None:
    path = "/api/v1/forms/caq-2026/summary/render"
    full = sample(client, "caq-2026/summary")
    late = client.post(f"{path}?strict=true&as_of=2027-01-01", json=full)
    answers = [
        client.post(path, json={}),
        late,
        client.post(path, data=b"{"),
        client.post(path, data=b"{", content_type="application/json"),
        client.post(path, data=b" " * 200_001, content_type="application/json"),
        client.post(f"{path}?format=doc", json=full),
        client.post(path, json=full, headers={"Accept": "text/csv"}),
        stranger.post(path),
        issuer.post(path),
    ]
    assert [answer.status_code for answer in answers] == [422, 422, 415, 400, 413, 400, 406, 401, 403]
    for answer in answers:
        fits(document, answer, document["paths"][path]["post"])


def test_schemas_of_forms_stand_apart(document: dict[str, Any]) -> None:
    """What one form calls Topic must not be what another form calls Topic."""
    schemas = document["components"]["schemas"]
    for form in all_forms().values():
        assert schemas[form.id.replace("/", ".")]["title"] == form.title
    assert "caq-2026.application.Topic" in schemas
