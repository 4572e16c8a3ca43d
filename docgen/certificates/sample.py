"""样张: a certificate that was never issued. Its code is reserved, its page says that it proves nothing."""

from __future__ import annotations

from typing import Final, TypedDict
from urllib.parse import urlsplit

SAMPLE_CODE: Final = "0000000000000000"
SAMPLE_MARK: Final = "样张"


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


def grouped(code: str) -> str:
    """Return a code in groups of four: 4C08-RZHV-KES5-WWE8."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def sample_issue(public_url: str) -> Issue:
    """Return the facts of a sample for an installation that answers at ``public_url`` (scheme and host)."""
    return Issue(
        number="样张",
        code=grouped(SAMPLE_CODE),
        url=f"{public_url}/C/{SAMPLE_CODE}",
        host=urlsplit(public_url).netloc,
        mark=SAMPLE_MARK,
        border=True,
    )
