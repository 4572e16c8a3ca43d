"""材料包: the drafts of one unit, checked together and packed as the notice wants them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from flask import request

from docgen.filling import keeping, overview, parcels
from docgen.forms import catalogue
from docgen.packages.packing import MEDIA_TYPE, NOT_HANDED_IN
from docgen.store.users import Role
from docgen.web import api, renders
from docgen.web.context import context
from docgen.web.staff import door, pages
from docgen.web.staff.forms import LEVELS
from docgen.web.staff.routes import Routes

if TYPE_CHECKING:
    from flask import Response

    from docgen.filling.keeping import Kept
    from docgen.forms.form import Notice

ROUTES = Routes()


@ROUTES.add("GET", "/packages/<notice>", Role.VIEWER)
def form_package(notice: str) -> Response:
    """Show which drafts can go into a package, and what the check says of those that were chosen."""
    found = catalogue.get_notice(notice)
    drafts = [kept for kept in keeping.of_notice(door.desk(), found) if kept.form.kind not in NOT_HANDED_IN]
    units: dict[str, list[Kept]] = defaultdict(list)
    for kept in drafts:
        units[kept.unit].append(kept)
    chosen = _chosen(found) if "draft" in request.args else []
    return pages.page(
        "form_package.html",
        "forms",
        listed=overview.listed(found),
        units={unit: units[unit] for unit in sorted(units, key=lambda unit: not unit)},
        chosen=chosen,
        checked=parcels.checked(found, chosen) if chosen else None,
        levels=LEVELS,
    )


@ROUTES.add("GET", "/packages/<notice>/package.zip", Role.VIEWER)
def form_parcel(notice: str) -> Response:
    """Pack the chosen drafts."""
    found = catalogue.get_notice(notice)
    raw = parcels.whole(door.desk(), _chosen(found))
    with context().slots.taken():
        made = context().registry.press(renders.package, found.id, raw, None)
    return api.file(made.data, made.filename, f"{found.id}.zip", MEDIA_TYPE)


def _chosen(notice: Notice) -> list[Kept]:
    """Return the drafts that the query names, in the order of the annexes."""
    wanted = set(request.args.getlist("draft"))
    return [kept for kept in keeping.of_notice(door.desk(), notice) if kept.draft.id in wanted]
