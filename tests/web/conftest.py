"""Applications and clients for the tests of the HTTP interface."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from answers import idle, with_key
from browser import chromium
from offices import Desktop, Office
from web_server import serving

from docgen.issuing.registry import open_registry
from docgen.settings import Settings
from docgen.store.keys import Scope
from docgen.store.organisations import FIRST
from docgen.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

    from docgen.issuing.registry import Registry


@pytest.fixture
def conf(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", max_body_bytes=200_000, render_slots=1, render_wait_seconds=0)


@pytest.fixture
def registry(conf: Settings) -> Iterator[Registry]:
    registry = open_registry(conf)
    yield registry
    registry.database.close()


@pytest.fixture
def app(conf: Settings, registry: Registry) -> Flask:
    return create_app(conf, registry, idle())


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    """A client without a key."""
    return app.test_client()


@pytest.fixture
def client(app: Flask, registry: Registry) -> FlaskClient:
    """A client whose key may render."""
    return with_key(app, registry.keyring.add(FIRST, Scope.RENDER))


@pytest.fixture
def issuer(app: Flask, registry: Registry) -> FlaskClient:
    """A client whose key may do much, but not render."""
    return with_key(app, registry.keyring.add(FIRST, Scope.ISSUE, Scope.REVOKE, Scope.ADMIN))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An application with staff, whose batches nobody works at."""
    conf = Settings(data_dir=tmp_path / "data")
    registry = open_registry(conf)
    yield Office(create_app(conf, registry, idle()), registry)
    registry.database.close()


@pytest.fixture(scope="module")
def desktop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desktop]:
    """A real server and a real browser for the tests of one file."""
    folder = tmp_path_factory.mktemp("desktop")
    with serving(folder) as server, chromium() as browser:
        registry = open_registry(Settings(data_dir=folder / "data"))
        yield Desktop(server, registry, browser)
        registry.database.close()
