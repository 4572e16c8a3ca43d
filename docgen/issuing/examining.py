"""A file or an address that somebody brought: whether it is an original, and which certificate it claims to be."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from docgen.certificates import code as codes
from docgen.errors import UnreadableInputError
from docgen.issuing import verifying
from docgen.issuing.verifying import FileAnswer
from docgen.render.inspection import inspect
from docgen.store import filings

if TYPE_CHECKING:
    from docgen.issuing.registry import Registry
    from docgen.issuing.verifying import Verification

_ADDRESS: Final = re.compile(r"https?://", re.IGNORECASE)
_PAGE: Final = re.compile(r"/c/([^/?#]+)", re.IGNORECASE)
_PRINTED: Final = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}")


@dataclass(frozen=True, slots=True)
class Pointer:
    """What an address or a typed code leads to; ``stranger`` is a host that is not ours, "" where it is ours."""

    code: str
    stranger: str = ""


@dataclass(frozen=True, slots=True)
class Examined:
    """What a file is.

    ``claimed`` is what the code that it belongs to, or only shows, is worth; None where it shows none. ``strangers``
    are hosts of its QR codes that are not ours: the usual forgery leads to an imitation of the verification page.
    """

    sha256: str
    answer: FileAnswer
    claimed: Verification | None = None
    strangers: tuple[str, ...] = ()


def pointer(registry: Registry, text: str) -> Pointer:
    """Return what a code, or the address that a QR code holds, leads to."""
    if not _ADDRESS.match(text):
        return Pointer(text)
    try:
        host = urlsplit(text).netloc.lower()
    except ValueError:
        return Pointer("", text)
    page = _PAGE.search(text)
    ours = host == urlsplit(registry.public_url).netloc
    return Pointer(page[1] if page else "", "" if ours else host or text)


def examine(registry: Registry, data: bytes, address: str) -> Examined:
    """Say what a file is by its SHA-256 and, where it is no original of ours, what a PDF says it is."""
    sha256 = hashlib.sha256(data).hexdigest()
    answer = verifying.check_file(registry, sha256)
    if answer not in {FileAnswer.NOT_ORIGINAL, FileAnswer.UNSURE}:
        with registry.database.reading() as connection:
            own = filings.by_digest(connection, sha256)[0]
        return Examined(sha256, answer, verifying.verify(registry, own.code, address))
    try:
        seen = inspect(data)
    except UnreadableInputError:
        return Examined(sha256, answer)
    scanned = [pointer(registry, text) for text in seen.codes]
    strangers = tuple(dict.fromkeys(one.stranger for one in scanned if one.stranger))
    shown = [one.code for one in scanned if not one.stranger] + _PRINTED.findall(seen.text)
    code = next((text for text in shown if codes.parse(text)), None)
    return Examined(sha256, answer, verifying.verify(registry, code, address) if code else None, strangers)
