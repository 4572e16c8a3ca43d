"""The first page after the login."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docgen.store.users import Role
from docgen.web.staff import door, pages
from docgen.web.staff.routes import STAFF, Routes

if TYPE_CHECKING:
    from flask import Response

ROUTES = Routes()


@ROUTES.add("GET", "/", Role.VIEWER)
def home() -> Response:
    """Show what can be done now."""
    return pages.page("home.html", "home")


@ROUTES.add("GET", "", None)
def doorstep() -> Response:
    """Send on whoever forgot the slash."""
    return door.go(f"{STAFF}/")
