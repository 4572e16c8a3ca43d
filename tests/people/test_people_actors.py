"""Actors of histories in words: people by name to their own house only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docgen.issuing.registry import Desk, open_registry
from docgen.people import actors
from docgen.settings import Settings
from docgen.store import organisations, users
from docgen.store.organisations import FIRST
from docgen.store.users import Role

if TYPE_CHECKING:
    from pathlib import Path


def test_people_keys_and_commands_are_named(tmp_path: Path) -> None:
    registry = open_registry(Settings(data_dir=tmp_path / "data"))
    with registry.database.writing() as connection:
        organisations.add(connection, "other", "另一协会")
        user = users.add(connection, FIRST, "zhang", "章启明", Role.ISSUER)
    assert user
    known = actors.named(Desk(registry, FIRST, "cli:root"), [user.actor, "key:4c08", "cli:root", None, "user:99"])
    assert known == {
        user.actor: "章启明",
        "key:4c08": "接口密钥 4c08",
        "cli:root": "命令行 root",
        "user:99": "其他人员",
    }
    assert actors.named(Desk(registry, "other", "cli:root"), [user.actor]) == {user.actor: "其他人员"}
    registry.database.close()
