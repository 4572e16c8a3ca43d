"""Form and values to a document: picks the engine, names the file, and says which template made it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Final

MEDIA_TYPES: Final = MappingProxyType(
    {
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "pdf": "application/pdf",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "png": "image/png",
        "html": "text/html; charset=utf-8",
    }
)


@dataclass(frozen=True)
class Document:
    """A finished document.

    ``filename`` is for people (Chinese, with extension), ``template`` is ``<form id>@<version>``, where the version is a
    digest of every template file that had a part in it.
    """

    data: bytes
    format: str
    filename: str
    template: str

    @property
    def media_type(self) -> str:
        """The IANA media type."""
        return MEDIA_TYPES[self.format]

    @cached_property
    def sha256(self) -> bytes:
        """Digest of the bytes."""
        return hashlib.sha256(self.data).digest()
