"""填表."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docgen.store.users import Role
from docgen.web.staff import pages
from docgen.web.staff.routes import Routes

if TYPE_CHECKING:
    from flask import Response

ROUTES = Routes()


@ROUTES.add("GET", "/forms", Role.VIEWER)
def forms() -> Response:
    """Show what there is."""
    return pages.page("forms.html", "forms")
