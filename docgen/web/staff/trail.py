"""操作记录: who did what on the staff pages."""

from __future__ import annotations

from typing import Final

from flask import Response, request

from docgen.people import actors
from docgen.store import trail as trails
from docgen.store.users import Role
from docgen.web.context import context
from docgen.web.staff import door, pages, words
from docgen.web.staff.routes import Routes

ROUTES = Routes()
_MOST: Final = 50


@ROUTES.add("GET", "/trail", Role.ADMIN)
def trail() -> Response:
    """List what was done, the newest first."""
    before = request.args.get("before", type=int)
    desk = door.desk()
    with context().registry.database.reading() as connection:
        found = trails.before(connection, desk.organisation, before, _MOST + 1)
    entries = found[:_MOST]
    return pages.page(
        "trail.html",
        "trail",
        entries=entries,
        older=entries[-1].id if len(found) > _MOST else None,
        newest=before is None,
        names=actors.named(desk, {entry.actor for entry in entries}),
        action=words.action,
        moment=words.moment,
    )
