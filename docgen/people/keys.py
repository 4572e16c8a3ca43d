"""The API keys of one organisation, as its administrators deal with them; what they do is noted in the trail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docgen.errors import DocgenError, Fault, SubmissionError
from docgen.people.accounts import Action
from docgen.store import trail
from docgen.store.keys import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docgen.issuing.registry import Desk
    from docgen.store.keys import Key


class UnknownKeyError(DocgenError):
    """There is no such key in use in the organisation."""

    code = "key-unknown"


def of(desk: Desk) -> tuple[Key, ...]:
    """Return the organisation's keys, the newest first, withdrawn ones last."""
    known = [key for key in desk.registry.keyring.all() if key.organisation == desk.organisation]
    known.reverse()
    return tuple(sorted(known, key=lambda key: key.withdrawn_at is not None))


def add(desk: Desk, scopes: Iterable[str]) -> str:
    """Make a key and return its text, the only time that it is known; raises SubmissionError without a scope."""
    wanted = [scope for scope in Scope if scope in set(scopes)]
    if not wanted:
        raise SubmissionError((Fault("/scopes", "权限", "missing", "请至少选一项"),))
    text = desk.registry.keyring.add(desk.organisation, *wanted)
    told = f"{text.split('_')[1]} {' '.join(wanted)}"
    with desk.registry.database.writing() as connection:
        trail.note(connection, desk.organisation, desk.actor, Action.KEY_ADD, told)
    return text


def in_use(desk: Desk, identifier: str) -> Key:
    """Return a key of the organisation that is in use; raises UnknownKeyError."""
    for key in of(desk):
        if key.id == identifier and key.withdrawn_at is None:
            return key
    raise UnknownKeyError("没有这把在用的密钥", "它可能已经收回；请回到密钥列表看看")


def withdraw(desk: Desk, identifier: str) -> None:
    """Refuse a key from now on; raises UnknownKeyError."""
    in_use(desk, identifier)
    desk.registry.keyring.withdraw(identifier)
    with desk.registry.database.writing() as connection:
        trail.note(connection, desk.organisation, desk.actor, Action.KEY_WITHDRAW, identifier)
