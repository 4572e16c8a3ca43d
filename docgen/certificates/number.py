"""证书编号: ``<series>-<year>-<six digits>``, printed on the certificate and counted without gaps.

It names a certificate among people. It proves nothing by itself: numbers can be guessed, codes cannot.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Self

SERIES: Final = re.compile(r"[A-Z][A-Z0-9]{0,9}(-[A-Z0-9]{1,9})?", re.ASCII)
"""A series names the body and the honour: CAQ-QC."""
MOST_SERIES: Final = 16
"""Characters of a series that find room on the certificate."""
_NUMBER: Final = re.compile(r"(.+)-(\d{4})-(\d{6})", re.ASCII)
LAST: Final = 999_999


@dataclass(frozen=True, slots=True, order=True)
class Number:
    """One number; the year is that of the date on the certificate."""

    series: str
    year: int
    serial: int

    def __str__(self) -> str:
        """Return it as printed: CAQ-QC-2026-000001."""
        return f"{self.series}-{self.year:04d}-{self.serial:06d}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Return the number that is written so, or None."""
        shape = _NUMBER.fullmatch(text.strip().upper())
        return cls(shape[1], int(shape[2]), int(shape[3])) if shape and is_series(shape[1]) else None


def is_series(text: str) -> bool:
    """Tell whether a text can name a series."""
    return len(text) <= MOST_SERIES and SERIES.fullmatch(text) is not None
