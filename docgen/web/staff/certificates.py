"""证书."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docgen.store.users import Role
from docgen.web.staff import pages
from docgen.web.staff.routes import Routes

if TYPE_CHECKING:
    from flask import Response

ROUTES = Routes()


@ROUTES.add("GET", "/certificates", Role.VIEWER)
def certificates() -> Response:
    """Show what there is."""
    return pages.page("certificates.html", "certificates")
