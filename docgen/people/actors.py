"""Who an actor of a history is, in words for people: ``user:3``, ``key:4c08…``, ``cli:root``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from docgen.store import users

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from docgen.issuing.registry import Desk

_KINDS: Final = (("key:", "接口密钥"), ("cli:", "命令行"))


def named(desk: Desk, actors: Iterable[str | None]) -> Mapping[str, str]:
    """Return actor to name; users are known by their names only to their own organisation."""
    wanted = {actor for actor in actors if actor}
    with desk.registry.database.reading() as connection:
        people = {user.actor: user.name for user in users.of(connection, desk.organisation)}
    return {actor: people.get(actor) or _other(actor) for actor in wanted}


def _other(actor: str) -> str:
    for prefix, word in _KINDS:
        if actor.startswith(prefix):
            return f"{word} {actor.removeprefix(prefix)}"
    return "其他人员" if actor.startswith("user:") else actor
