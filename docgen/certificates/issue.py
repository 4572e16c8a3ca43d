"""What issuing decides of a certificate, as its templates print it."""

from __future__ import annotations

from typing import TypedDict
from urllib.parse import urlsplit

from docgen.certificates.code import grouped


class Issue(TypedDict):
    """What issuing decides and a certificate template may print as ``issue``.

    ``mark`` stands across a paper that is no certificate (样张, 试用) and is "" on a real one. ``border`` is False for
    card stock that has its border already.
    """

    number: str
    code: str
    url: str
    host: str
    mark: str
    border: bool


def address(public_url: str, code: str) -> str:
    """Return what the QR code says: the public page of a code, with no redirect and no parameter behind it."""
    return f"{public_url}/C/{code}"


def facts(public_url: str, number: str, code: str, *, mark: str, border: bool) -> Issue:
    """Return the facts of one certificate for an installation that answers at ``public_url`` (scheme and host)."""
    return Issue(
        number=number,
        code=grouped(code),
        url=address(public_url, code),
        host=urlsplit(public_url).netloc,
        mark=mark,
        border=border,
    )
