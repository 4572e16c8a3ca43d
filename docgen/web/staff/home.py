"""The first page after the login: what waits, what comes due, where to begin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from docgen import clock, service
from docgen.forms import catalogue
from docgen.jobs import runs
from docgen.store.users import Role
from docgen.web.staff import door, pages
from docgen.web.staff.routes import STAFF, Routes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from flask import Response

ROUTES = Routes()

_MOST_BATCHES: Final = 5


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline that is still ahead, and how many days there are left."""

    notice: str
    title: str
    day: date
    left: int


@ROUTES.add("GET", "/", Role.VIEWER)
def home() -> Response:
    """Show what waits, what comes due, where to begin."""
    desk = door.desk()
    recent = [runs.progress(desk, run.id) for run in runs.recent(desk, _MOST_BATCHES)]
    ahead = sorted(_ahead(clock.today()), key=lambda due: due.day)
    return pages.page("home.html", "home", recent=recent, ahead=ahead)


def _ahead(today: date) -> Iterator[Due]:
    for notice in catalogue.all_notices().values():
        days = service.circumstances(notice).deadlines
        for deadline in notice.deadlines:
            day = days[deadline.id]
            if day >= today:
                yield Due(notice.title, deadline.title, day, (day - today).days)


@ROUTES.add("GET", "", None)
def doorstep() -> Response:
    """Send on whoever forgot the slash."""
    return door.go(f"{STAFF}/")
