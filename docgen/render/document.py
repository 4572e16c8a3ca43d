"""Form and values to a document: picks the engine, names the file, and says which template made it."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from docgen.forms.form import Kind, Wording

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
    a digest of every template file that had a part in it. ``stamped`` tells that the template was not laid out for it.
    """

    data: bytes
    format: str
    filename: str
    template: str
    stamped: bool = False

    @property
    def media_type(self) -> str:
        """The IANA media type."""
        return MEDIA_TYPES[self.format]


@dataclass(frozen=True)
class Printing:
    """How a document is printed.

    ``qr_url`` is the address in a certificate's QR code, ``pictures`` those of the submission: name to (media type,
    bytes). ``word`` is a Word template to be tried instead of the one in use.
    """

    wording: Wording = Wording.VERBATIM
    blank: bool = False
    qr_url: str = ""
    pictures: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    word: bytes | None = None


def make(form: Form, values: Mapping[str, object], fmt: str, printing: Printing) -> Document:
    """Make a document of one form from the plain values of its shape.

    ``fmt`` is one of the form's formats. Engines are imported when they are needed: each costs a tenth of a second or
    more.
    """
    from docgen.render import html  # noqa: PLC0415  see above

    values = {**values, "blank": printing.blank}
    stamped = None
    if fmt == "docx":
        from docgen.render import docx  # noqa: PLC0415  see above

        data, version = docx.render(form, values, assets(printing), printing.wording, printing.word)
    else:
        stamped = _stamped(form, values, printing) if form.kind is Kind.CERTIFICATE else None
        data, version = _from_html(form, values, fmt, printing, stamped), html.version(form.id)
    prefix = f"{form.annex_name.replace(' ', '')} " if form.annex else ""
    suffix = "（空白）" if printing.blank else ""
    return Document(data, fmt, f"{prefix}{form.title}{suffix}.{fmt}", f"{form.id}@{version}", stamped is not None)


def _from_html(form: Form, values: Mapping[str, object], fmt: str, printing: Printing, stamped: bytes | None) -> bytes:
    from docgen.render import html  # noqa: PLC0415  see make

    if fmt == "xlsx":
        from docgen.render import xlsx  # noqa: PLC0415  see make

        return xlsx.render(html.render(form, values, printing.wording), form.page)
    data = stamped
    if data is None:
        from docgen.render import long_tables, pdf  # noqa: PLC0415  see make

        page, pictures = html.render(form, values, printing.wording), assets(printing)
        table = long_tables.find(page)
        data = long_tables.render(table, form.page, pictures) if table else pdf.render(page, form.page, pictures)
    if fmt == "png":
        from docgen.render import preview  # noqa: PLC0415  see make

        return preview.png(data)
    return data


def _stamped(form: Form, values: Mapping[str, object], printing: Printing) -> bytes | None:
    from docgen.render.stamp import stamping  # noqa: PLC0415  see make

    return stamping.render(form, values, printing)


def assets(printing: Printing) -> dict[str, tuple[str, bytes]]:
    """Return the pictures that come with one document: name to (media type, bytes)."""
    if not printing.qr_url:
        return dict(printing.pictures)
    from docgen.render import qr  # noqa: PLC0415  see make

    return {**printing.pictures, "qr": ("image/png", qr.png(printing.qr_url))}
