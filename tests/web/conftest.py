"""Applications and clients for the tests of the HTTP interface."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from docgen.settings import Settings
from docgen.store.keys import Keyring, Scope
from docgen.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient


@pytest.fixture
def keys(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path)


@pytest.fixture
def app(tmp_path: Path, keys: Keyring) -> Flask:
    return create_app(Settings(data_dir=tmp_path, max_body_bytes=200_000, render_slots=1, render_wait_seconds=0), keys)


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    """A client without a key."""
    return app.test_client()


@pytest.fixture
def client(app: Flask, keys: Keyring) -> FlaskClient:
    """A client whose key may render."""
    return _with_key(app, keys.add(Scope.RENDER))


@pytest.fixture
def issuer(app: Flask, keys: Keyring) -> FlaskClient:
    """A client whose key may do much, but not render."""
    return _with_key(app, keys.add(Scope.ISSUE, Scope.REVOKE, Scope.ADMIN))


def _with_key(app: Flask, key: str) -> FlaskClient:
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key}"
    return client
