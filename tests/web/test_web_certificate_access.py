"""Who may do what to certificates: every route, every scope, and what another organisation sees of them: nothing."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Final

import pytest
from answers import idle, problem, with_key
from registry_data import order

from docgen.issuing.registry import Registry, open_registry
from docgen.settings import Settings
from docgen.store import organisations
from docgen.store.keys import Scope
from docgen.store.organisations import FIRST
from docgen.web import certificates
from docgen.web.app import create_app
from docgen.web.operations import Access, Operation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

OTHER: Final = "other"
BODY: Final = {"reason_class": "信息有误", "reason": "登记有误"}
GUARDED: Final = {
    name: operation for name, (operation, _) in certificates.OPERATIONS.items() if operation.access is not Access.OPEN
}
NUMBERED: Final = {name: operation for name, operation in GUARDED.items() if "{number}" in operation.path}
SCOPES: Final = [scopes for size in range(len(Scope)) for scopes in combinations(Scope, size)]
"""Every set of scopes but all of them."""
NEEDED: Final = {
    "issue_certificates": Scope.ISSUE,
    "get_certificate": Scope.ISSUE,
    "print_certificate": Scope.ISSUE,
    "reissue_certificate": Scope.ISSUE,
    "revoke_certificate": Scope.REVOKE,
    "suspend_certificate": Scope.REVOKE,
    "resume_certificate": Scope.REVOKE,
}


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    registry = open_registry(Settings(data_dir=tmp_path_factory.mktemp("access") / "data"))
    with registry.database.writing() as connection:
        organisations.add(connection, OTHER, "另一协会")
    yield registry
    registry.database.close()


@pytest.fixture(scope="module")
def app(registry: Registry) -> Flask:
    return create_app(Settings(), registry, idle())


@pytest.fixture(scope="module")
def number(app: Flask, registry: Registry) -> str:
    client = with_key(app, registry.keyring.add(FIRST, Scope.ISSUE))
    answer = client.post("/api/v1/certificates", json=order(["章一"]), headers={"Idempotency-Key": "k"})
    assert answer.status_code == 201, answer.text
    return str(answer.json["certificates"][0]["number"]) if answer.json else ""


def ask(client: FlaskClient, operation: Operation, number: str) -> TestResponse:
    body = {**BODY, "changes": {"name": "章二"}} if operation.path.endswith("reissue") else BODY
    path = operation.path.format(number=number, format="pdf")
    return client.open(
        path, method=operation.method, json=body if operation.body else None, headers={"Idempotency-Key": "x"}
    )


def test_the_matrix_knows_every_route() -> None:
    assert GUARDED.keys() == NEEDED.keys()


@pytest.mark.parametrize("name", GUARDED)
def test_without_a_key_nothing_is_told(app: Flask, number: str, name: str) -> None:
    problem(ask(app.test_client(), GUARDED[name], number), 401, "key-required")


@pytest.mark.parametrize("scopes", SCOPES, ids=str)
@pytest.mark.parametrize("name", GUARDED)
def test_without_the_scope_nothing_is_done(
    app: Flask, registry: Registry, name: str, scopes: tuple[Scope, ...]
) -> None:
    client = with_key(app, registry.keyring.add(FIRST, *scopes))
    answer = ask(client, GUARDED[name], "QG-GL-2026-999999")
    if NEEDED[name] in scopes:
        assert answer.status_code in {404, 422}, answer.text
    else:
        assert NEEDED[name] in problem(answer, 403, "scope-missing")["detail"]


@pytest.mark.parametrize("name", NUMBERED)
def test_another_organisation_sees_what_it_sees_of_no_certificate(
    app: Flask, registry: Registry, number: str, name: str
) -> None:
    stranger = with_key(app, registry.keyring.add(OTHER, *Scope))
    answers = [ask(stranger, NUMBERED[name], asked) for asked in (number, "QG-GL-2026-999999", "x")]
    for answer in answers:
        problem(answer, 404, "certificate-unknown")
    assert len({answer.data for answer in answers}) == 1
    client = with_key(app, registry.keyring.add(FIRST, Scope.ISSUE))
    told = client.get(f"/api/v1/certificates/{number}").json
    assert told is not None
    assert [version["state"] for version in told["versions"]] == ["issued"]


def test_another_organisation_cannot_take_a_series_or_meet_an_idempotency_key(
    app: Flask, registry: Registry, number: str
) -> None:
    stranger = with_key(app, registry.keyring.add(OTHER, Scope.ISSUE))
    taken = stranger.post("/api/v1/certificates", json=order(["章一"]), headers={"Idempotency-Key": "k"})
    told = problem(taken, 409, "conflict")
    assert "编号系列" in told["detail"]
    assert number not in taken.text
    own = stranger.post("/api/v1/certificates", json=order(["章一"], series="QT-GL"), headers={"Idempotency-Key": "k"})
    assert own.status_code == 201
    assert own.json is not None
    assert own.json["certificates"][0]["number"] == "QT-GL-2026-000001"


def test_a_withdrawn_key_is_refused_at_once(app: Flask, registry: Registry, number: str) -> None:
    text = registry.keyring.add(FIRST, Scope.ISSUE)
    client = with_key(app, text)
    assert client.get(f"/api/v1/certificates/{number}").status_code == 200
    registry.keyring.withdraw(text.split("_")[1])
    problem(client.get(f"/api/v1/certificates/{number}"), 401, "key-required")
