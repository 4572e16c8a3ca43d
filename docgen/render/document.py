"""Form and values to a document: picks the engine, names the file, and says which template made it."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

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


def make(form: Form, values: Mapping[str, object], fmt: str, *, qr_url: str = "", blank: bool = False) -> Document:
    """Make a document of one form from the plain values of its shape.

    ``fmt`` is one of the form's formats; ``qr_url`` the address in a certificate's QR code. Engines are imported when
    they are needed: each costs a tenth of a second or more.
    """
    from docgen.render import html  # noqa: PLC0415  see make

    if fmt == "docx":
        from docgen.render import docx  # noqa: PLC0415  see make

        data, version = docx.render(form, values, _assets(qr_url)), docx.version(form.id)
    else:
        data, version = _from_html(html.render(form, values), form, fmt, qr_url), html.version(form.id)
    prefix = f"{form.annex.replace(' ', '')} " if form.annex else ""
    return Document(data, fmt, f"{prefix}{form.title}{'（空白）' if blank else ''}.{fmt}", f"{form.id}@{version}")


def _from_html(page: str, form: Form, fmt: str, qr_url: str) -> bytes:
    if fmt == "xlsx":
        from docgen.render import xlsx  # noqa: PLC0415  see make

        return xlsx.render(page, form.page)
    from docgen.render import pdf  # noqa: PLC0415  see make

    data = pdf.render(page, form.page, _assets(qr_url))
    if fmt == "png":
        from docgen.render import preview  # noqa: PLC0415  see make

        return preview.png(data)
    return data


def _assets(qr_url: str) -> dict[str, tuple[str, bytes]]:
    """Return the pictures that come with one document: name to (media type, bytes)."""
    if not qr_url:
        return {}
    from docgen.render import qr  # noqa: PLC0415  see make

    return {"qr": ("image/png", qr.png(qr_url))}
