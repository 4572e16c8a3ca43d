"""All rooms of the staff pages."""

from __future__ import annotations

from docgen.web.staff import batches, certificates, entrance, forms, home, keys, people, templates, trail
from docgen.web.staff.routes import Routes

_ROOMS = (entrance, home, batches, certificates, forms, templates, people, keys, trail)

ROUTES = Routes({name: one for room in _ROOMS for name, one in room.ROUTES.items()})
