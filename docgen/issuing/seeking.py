"""Searches for names: what was typed is kept here and named by an identifier, for names must not stand in addresses.

Addresses get into histories and logs of browsers and proxies. A number, a code or a part of one may stand there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from docgen.store import drafts
from docgen.store.drafts import Begun

if TYPE_CHECKING:
    from docgen.issuing.registry import Desk

_KIND: Final = "search"
_KEPT: Final = 300
"""Searches of one organisation that can still be gone back to."""
_MOST: Final = 100
_IMPERSONAL: Final = re.compile(r"(?=.*\d)[A-Za-z0-9:/.\-]{1,80}", re.ASCII)


def is_personal(text: str) -> bool:
    """Tell whether a text may name somebody: everything that does not look like a number, a code or its address."""
    return _IMPERSONAL.fullmatch(text) is None


def remember(desk: Desk, user: int, text: str) -> str:
    """Keep what somebody looks for; return the search's identifier."""
    with desk.registry.database.writing() as connection:
        for old in drafts.of(connection, desk.organisation, _KIND, 2 * _KEPT)[_KEPT:]:
            drafts.drop(connection, desk.organisation, old.id)
        return drafts.begin(connection, desk.organisation, user, Begun(_KIND, "", "", {"text": text[:_MOST]}))


def recall(desk: Desk, identifier: str) -> str:
    """Return what somebody looked for; raises UnknownDraftError where it was long ago."""
    with desk.registry.database.reading() as connection:
        return str(drafts.get(connection, desk.organisation, _KIND, identifier).body["text"])
