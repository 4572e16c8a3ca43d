"""What a request lets a render process do: plain values in, a document out. Forms and notices travel by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docgen import service
from docgen.forms import catalogue

if TYPE_CHECKING:
    from datetime import date

    from docgen.forms.form import Wording
    from docgen.packages.packing import Package
    from docgen.reading.result import Reading
    from docgen.render.document import Document


def form(form_id: str, raw: object, fmt: str, wording: Wording) -> Document:
    """Make the document of a submission. Raises as ``service.render`` does."""
    return service.render(catalogue.get_form(form_id), raw, fmt, wording)


def blank(form_id: str, fmt: str, wording: Wording) -> Document:
    """Make an empty form."""
    return service.blank(catalogue.get_form(form_id), fmt, wording)


def package(notice_id: str, raw: object, as_of: date | None) -> Package:
    """Make every document of one unit. Raises as ``service.package`` does."""
    return service.package(catalogue.get_notice(notice_id), raw, as_of)


def reading(data: bytes, fmt: str, form_id: str | None) -> Reading:
    """Read a filled form back. Raises as ``service.read`` does."""
    return service.read(data, fmt, catalogue.get_form(form_id) if form_id else None)
