"""All rooms of the staff pages."""

from __future__ import annotations

from docgen.web.staff import (
    batch_rosters,
    batch_terms,
    batches,
    certificates,
    changes,
    entrance,
    form_documents,
    form_packages,
    form_saving,
    forms,
    home,
    keys,
    people,
    templates,
    trail,
)
from docgen.web.staff.routes import Routes

_ROOMS = (
    entrance,
    home,
    batch_rosters,
    batch_terms,
    batches,
    certificates,
    changes,
    forms,
    form_saving,
    form_documents,
    form_packages,
    templates,
    people,
    keys,
    trail,
)

ROUTES = Routes({name: one for room in _ROOMS for name, one in room.ROUTES.items()})
