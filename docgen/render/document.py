"""Form and values to a document: picks the engine, names the file, and says which template made it."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from docgen.forms.form import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docgen.forms.form import Form

MEDIA_TYPES: Final = MappingProxyType(
    {
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "pdf": "application/pdf",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "png": "image/png",
    }
)


CELL_LIMIT: Final = 32_767
"""Characters that one cell of Excel holds; openpyxl would cut the rest in silence."""


@dataclass(frozen=True)
class Document:
    """A finished document.

    ``filename`` is for people (Chinese, with extension), ``template`` is ``<form id>@<version>``, where the version is
    a digest of every template file that had a part in it.
    """

    data: bytes
    format: str
    filename: str
    template: str

    @property
    def media_type(self) -> str:
        """The IANA media type."""
        return MEDIA_TYPES[self.format]


@dataclass(frozen=True)
class Printing:
    """How a document is printed.

    ``qr_url`` is the address in a certificate's QR code, ``pictures`` those of the submission: name to (media type,
    bytes).
    """

    wording: Wording = Wording.VERBATIM
    blank: bool = False
    qr_url: str = ""
    pictures: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)


def make(form: Form, values: Mapping[str, object], fmt: str, printing: Printing) -> Document:
    """Make a document of one form from the plain values of its shape.

    ``fmt`` is one of the form's formats. Engines are imported when they are needed: each costs a tenth of a second or
    more.
    """
    from docgen.render import html  # noqa: PLC0415  see above

    values = {**values, "blank": printing.blank}
    if fmt == "docx":
        from docgen.render import docx  # noqa: PLC0415  see above

        data, version = docx.render(form, values, _assets(printing), printing.wording), docx.version(form.id)
    else:
        data, version = _from_html(form, values, fmt, printing), html.version(form.id)
    prefix = f"{form.annex_name.replace(' ', '')} " if form.annex else ""
    suffix = "（空白）" if printing.blank else ""
    return Document(data, fmt, f"{prefix}{form.title}{suffix}.{fmt}", f"{form.id}@{version}")


def _from_html(form: Form, values: Mapping[str, object], fmt: str, printing: Printing) -> bytes:
    from docgen.render import html  # noqa: PLC0415  see make

    page = html.render(form, values, printing.wording)
    if fmt == "xlsx":
        from docgen.render import xlsx  # noqa: PLC0415  see make

        return xlsx.render(page, form.page)
    from docgen.render import pdf  # noqa: PLC0415  see make

    data = pdf.render(page, form.page, _assets(printing))
    if fmt == "png":
        from docgen.render import preview  # noqa: PLC0415  see make

        return preview.png(data)
    return data


def _assets(printing: Printing) -> dict[str, tuple[str, bytes]]:
    """Return the pictures that come with one document: name to (media type, bytes)."""
    if not printing.qr_url:
        return dict(printing.pictures)
    from docgen.render import qr  # noqa: PLC0415  see make

    return {**printing.pictures, "qr": ("image/png", qr.png(printing.qr_url))}
