"""Which way a certificate goes: stamped where its template is proved to allow it, else laid out by WeasyPrint.

The way depends on the template and on the certificate, never on what was made before: the same certificate gives the
same bytes in every process.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from docgen.forms.form import Wording
from docgen.layout import Face
from docgen.render import html, qr
from docgen.render.garbage import uncollected
from docgen.render.stamp import laying, proving, setting, tracing, writing
from docgen.render.stamp.fount import Numbers
from docgen.render.stamp.setting import UnsettableError
from docgen.render.stamp.tracing import UntraceableError

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from docgen.forms.form import Form
    from docgen.render.document import Printing
    from docgen.render.stamp.design import Design
    from docgen.render.stamp.writing import Ground

_MOST_DESIGNS: Final = 64
"""Kept at once: each holds the ornaments, some tens of kilobytes."""

_log = logging.getLogger(__name__)
_told: set[str] = set()
_designs: OrderedDict[Hashable, Laid | None] = OrderedDict()
_lock = threading.Lock()


class Laid(NamedTuple):
    """A template laid out for certificates of one kind. ``seeds`` are glyphs that each of them is given."""

    design: Design
    ground: Ground
    seeds: dict[Face, Numbers]


def render(form: Form, values: Mapping[str, Any], printing: Printing) -> bytes | None:
    """Stamp a certificate; None where it is for WeasyPrint to lay it out.

    ``values`` are what the template runs on, ``fit`` and ``issue`` among them.
    """
    if printing.blank or printing.wording is not Wording.VERBATIM or not is_stamped(form):
        return None
    return stamped(form, values, printing)


def is_stamped(form: Form) -> bool:
    """Tell which way a form's certificates go, unless one of them holds what stamping leaves to WeasyPrint."""
    return _is_proved(form, html.version(form.id))


@lru_cache(maxsize=256)
def _is_proved(form: Form, _version: str) -> bool:
    reason = proving.reason(form, stamped)
    if reason:
        _tell(form, reason)
    return not reason


def stamped(form: Form, values: Mapping[str, Any], printing: Printing) -> bytes | None:
    """Stamp a certificate whether or not its template is proved; None for what needs WeasyPrint."""
    found = laid(form, values, printing)
    if found is None:
        return None
    founts = {face: Numbers(found.seeds.get(face, ())) for face in Face}
    with uncollected():
        try:
            painted = setting.page(found.design, values, founts)
        except UnsettableError:
            return None
        return writing.document(found.design, found.ground, painted, code(printing.qr_url), founts)


def code(url: str) -> bytes:
    """Return a certificate's code as the body of a picture."""
    return writing.code_image(qr.matrix(url))


def laid(form: Form, values: Mapping[str, Any], printing: Printing) -> Laid | None:
    """Return the template laid out for certificates like this one, or None where it cannot be followed."""
    key = (form.id, html.version(form.id), printing.wording, tracing.kind(values))
    with _lock:
        if key in _designs:
            _designs.move_to_end(key)
            return _designs[key]
    try:
        traced = tracing.trace(form, {**values, "blank": False}, printing.wording)
        design = laying.lay(traced, values, form.page, printing.pictures)
        found: Laid | None = Laid(design, writing.ground(design), setting.seeds(design))
    except UntraceableError as error:
        _tell(form, str(error))
        found = None
    with _lock:
        _designs[key] = found
        if len(_designs) > _MOST_DESIGNS:
            _designs.popitem(last=False)
    return found


def _tell(form: Form, reason: str) -> None:
    """Say once a process why a template's certificates are laid out one by one."""
    if form.id not in _told:
        _told.add(form.id)
        _log.warning("certificates of %s are laid out, not stamped: the template %s", form.id, reason)
