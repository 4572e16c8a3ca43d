"""A registry with two organisations that keep drafts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from docgen.issuing.registry import Desk, open_registry
from docgen.people import accounts
from docgen.settings import Settings
from docgen.store import organisations
from docgen.store.organisations import FIRST

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

USER = 1


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Somebody of the first organisation, who is user 1."""
    registry = open_registry(Settings(data_dir=tmp_path / "data"))
    secret = accounts.first_link(registry)
    assert secret
    accounts.begin(registry, secret, {"login": "wang", "name": "王敏"}, "Qinghe-Taihang-2026")
    yield Desk(registry, FIRST, "user:1")
    registry.database.close()


@pytest.fixture
def other(desk: Desk) -> Desk:
    """Somebody of another organisation."""
    with desk.registry.database.writing() as connection:
        organisations.add(connection, "other", "另一个协会")
    return Desk(desk.registry, "other", "user:2")
