"""样张: a certificate that was never issued. Its code is reserved, its page says that it proves nothing."""

from __future__ import annotations

from typing import Final

from docgen.certificates.issue import Issue, facts

SAMPLE_CODE: Final = "0000000000000000"
SAMPLE_MARK: Final = "样张"


def sample_issue(public_url: str, *, border: bool = True) -> Issue:
    """Return the facts of a sample for an installation that answers at ``public_url`` (scheme and host)."""
    return facts(public_url, SAMPLE_MARK, SAMPLE_CODE, mark=SAMPLE_MARK, border=border)
