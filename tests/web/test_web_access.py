"""Who may do what, over every route there is: no key, keys without the scope, and another organisation's keys."""

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
from docgen.web import api, batches, certificates, metrics, pages, verify
from docgen.web.app import create_app
from docgen.web.operations import Access, Operation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

OTHER: Final = "other"
ROUTES: Final[dict[str, Operation]] = {
    name: operation
    for room in (api, batches, certificates, metrics, pages, verify)
    for name, (operation, _) in room.OPERATIONS.items()
}
GUARDED: Final = {name: one for name, one in ROUTES.items() if one.access is not Access.OPEN}
SCOPED: Final = {name: one for name, one in GUARDED.items() if isinstance(one.access, Scope)}
OWNED: Final = {name: one for name, one in GUARDED.items() if "{number}" in one.path or "{batch}" in one.path}
OPEN: Final = {
    "health", "ready", "openapi_document", "docs", "get_jwks", "check_file", "check_name", "check_name_2", "entry",
    "entry_2", "entry_3", "entry_4", "entry_5", "look_up", "look_up_2", "verify", "verify_2", "verify_3", "verify_4",
}  # fmt: skip
"""All that is open to everybody; whatever else is made must be guarded, or be put here on purpose."""
SCOPES: Final = [scopes for size in range(len(Scope)) for scopes in combinations(Scope, size)]


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
def ours(app: Flask, registry: Registry) -> dict[str, str]:
    """A certificate and a batch of the first organisation."""
    client = with_key(app, registry.keyring.add(FIRST, Scope.ISSUE))
    issued = client.post("/api/v1/certificates", json=order(["章一"]), headers={"Idempotency-Key": "one"})
    begun = client.post("/api/v1/batches", json=order(["章二", "章三"]), headers={"Idempotency-Key": "many"})
    assert (issued.status_code, begun.status_code) == (201, 202), (issued.text, begun.text)
    assert issued.json is not None
    assert begun.json is not None
    return {"number": issued.json["certificates"][0]["number"], "batch": str(begun.json["batch"])}


def ask(client: FlaskClient, operation: Operation, **names: str) -> TestResponse:
    known = {"notice": "caq-2026", "form": "application", "format": "pdf", "code": "0" * 16}
    path = operation.path.format(**{"number": "x", "batch": "0"} | known | names)
    body = {"reason_class": "信息有误", "reason": "登记有误", "changes": {"name": "章二"}}
    if operation.body and not operation.path.endswith("reissue"):
        del body["changes"]
    headers = {"Idempotency-Key": "x"}
    return client.open(path, method=operation.method, json=body if operation.body else None, headers=headers)


def test_what_is_open_to_everybody_was_meant_to_be() -> None:
    assert ROUTES.keys() - GUARDED.keys() == OPEN


@pytest.mark.parametrize("name", GUARDED)
def test_without_a_key_nothing_is_told(app: Flask, ours: dict[str, str], name: str) -> None:
    answer = ask(app.test_client(), GUARDED[name], **ours)
    problem(answer, 401, "key-required")
    assert not set(ours.values()) & set(answer.text.split('"'))


@pytest.mark.parametrize("scopes", SCOPES, ids=str)
@pytest.mark.parametrize("name", SCOPED)
def test_without_the_scope_nothing_is_done(
    app: Flask, registry: Registry, ours: dict[str, str], name: str, scopes: tuple[Scope, ...]
) -> None:
    operation = SCOPED[name]
    if operation.access in scopes:
        return
    told = problem(ask(with_key(app, registry.keyring.add(FIRST, *scopes)), operation, **ours), 403, "scope-missing")
    assert operation.access in told["detail"]


@pytest.mark.parametrize("name", OWNED)
def test_another_organisation_sees_what_it_sees_of_nothing(
    app: Flask, registry: Registry, ours: dict[str, str], name: str
) -> None:
    stranger = with_key(app, registry.keyring.add(OTHER, *Scope))
    of_ours = ask(stranger, OWNED[name], **ours)
    of_nothing = ask(stranger, OWNED[name], number="QG-GL-2026-999999", batch="999999")
    assert of_ours.status_code == 404
    assert of_ours.data == of_nothing.data
    assert {key: of_ours.headers[key] for key in dict(of_ours.headers) if key != "Date"} == {
        key: of_nothing.headers[key] for key in dict(of_nothing.headers) if key != "Date"
    }


def test_nothing_was_changed_by_all_that(app: Flask, registry: Registry, ours: dict[str, str]) -> None:
    client = with_key(app, registry.keyring.add(FIRST, Scope.ISSUE))
    certificate = client.get(f"/api/v1/certificates/{ours['number']}").json
    batch = client.get(f"/api/v1/batches/{ours['batch']}").json
    assert certificate is not None
    assert batch is not None
    assert [version["state"] for version in certificate["versions"]] == ["issued"]
    assert (batch["state"], batch["open"]) == ("running", 2)


def test_lists_show_only_one_s_own(app: Flask, registry: Registry, ours: dict[str, str]) -> None:
    stranger = with_key(app, registry.keyring.add(OTHER, *Scope))
    assert stranger.get("/api/v1/batches").json == {"batches": []}
    assert ours


def test_lists_are_compared_with_one_s_own_certificates_only(
    app: Flask, registry: Registry, ours: dict[str, str]
) -> None:
    stranger = with_key(app, registry.keyring.add(OTHER, Scope.ISSUE))
    told = stranger.post("/api/v1/batches?check=true", json=order(["章一"], series="QT-GL")).json
    assert told is not None
    assert (told["errors"], told["warnings"]) == ([], [])
    assert ours["number"] not in str(told)
