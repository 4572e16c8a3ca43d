"""Reading filled forms back over HTTP: the file is the body, the answer says what was read and what was not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from answers import fits, problem
from filled_forms import printed, without_controls

from docgen import service
from docgen.forms.catalogue import get_form
from docgen.render.document import MEDIA_TYPES

if TYPE_CHECKING:
    from flask.testing import FlaskClient

PATH = "/api/v1/read"
SUMMARY = get_form("caq-2026/summary")


def made(fmt: str) -> bytes:
    return service.render(SUMMARY, service.sample(SUMMARY), fmt).data


@pytest.mark.parametrize("fmt", ["docx", "xlsx"])
def test_a_filled_form_is_read_and_judged(client: FlaskClient, fmt: str) -> None:
    answer = client.post(f"{PATH}?as_of=2026-10-01", data=made(fmt), content_type=MEDIA_TYPES[fmt])
    assert answer.status_code == 200
    told = answer.json
    assert told is not None
    assert told["form"] == SUMMARY.id
    assert told["submission"] == printed(SUMMARY, service.sample(SUMMARY))
    assert set(told["how"].values()) == {"tag" if fmt == "docx" else "grid"}
    assert told["problems"] == []
    assert told["verdict"]["complete"]


def test_the_answer_and_its_refusals_are_documented(client: FlaskClient) -> None:
    document = client.get("/openapi.json").json
    assert document is not None
    operation = document["paths"][PATH]["post"]
    assert set(operation["requestBody"]["content"]) == {MEDIA_TYPES["docx"], MEDIA_TYPES["xlsx"]}
    for data, media_type in (
        (without_controls(made("docx")), MEDIA_TYPES["docx"]),
        (b"PK", MEDIA_TYPES["docx"]),
        (b"{}", "application/json"),
    ):
        fits(document, client.post(PATH, data=data, content_type=media_type), operation)


def test_a_file_of_another_kind(client: FlaskClient) -> None:
    told = problem(client.post(PATH, data=b"{}", content_type="application/json"), 415, "content-type-unsupported")
    assert MEDIA_TYPES["docx"] in told["remedy"]


def test_a_damaged_file(client: FlaskClient) -> None:
    told = problem(client.post(PATH, data=b"PK", content_type=MEDIA_TYPES["docx"]), 400, "damaged")
    assert "已损坏" in told["detail"]


def test_a_file_that_is_too_large(client: FlaskClient) -> None:
    answer = client.post(PATH, data=b"P" * 300_000, content_type=MEDIA_TYPES["docx"])
    problem(answer, 413, "body-too-large")


def test_the_form_that_the_caller_names(client: FlaskClient) -> None:
    named = f"{PATH}?form=caq-2026/application"
    told = problem(client.post(named, data=made("docx"), content_type=MEDIA_TYPES["docx"]), 400, "form-unrecognised")
    assert "caq-2026/summary" in told["detail"]
    problem(client.post(f"{PATH}?form=x", data=made("docx"), content_type=MEDIA_TYPES["docx"]), 404, "form-unknown")


def test_a_key_that_may_not_render(issuer: FlaskClient, stranger: FlaskClient) -> None:
    problem(issuer.post(PATH, data=made("docx"), content_type=MEDIA_TYPES["docx"]), 403, "scope-missing")
    problem(stranger.post(PATH, data=made("docx"), content_type=MEDIA_TYPES["docx"]), 401, "key-required")
