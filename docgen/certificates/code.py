"""查询码: what a QR code carries and a person can type (certificates.md, section 2).

Fifteen random Crockford base32 characters (75 bits) and one check character over GF(32): with weights αⁱ and
x⁵+x²+1 it misses no single substitution and no transposition of two characters, neighbours or not.
"""

from __future__ import annotations

import secrets
import unicodedata
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH: Final = 16
_PAYLOAD: Final = LENGTH - 1
_VALUES: Final = {char: value for value, char in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}
"""Letters that people take for digits are read as those digits."""
_POLYNOMIAL: Final = 0b100101


def _times_alpha(value: int) -> int:
    value <<= 1
    return value ^ _POLYNOMIAL if value & 0b100000 else value


def _weighted(value: int, place: int) -> int:
    """Return value · α^place."""
    for _ in range(place):
        value = _times_alpha(value)
    return value


_TERMS: Final = tuple(tuple(_weighted(value, place) for value in range(len(ALPHABET))) for place in range(1, LENGTH))
"""What each character adds to the check, by place."""


def check_character(payload: str) -> str:
    """Return the check character of fifteen characters of the alphabet."""
    total = 0
    for terms, char in zip(_TERMS, payload, strict=True):
        total ^= terms[_VALUES[char]]
    return ALPHABET[total]


def make() -> str:
    """Return a new random code; never that of a sample, which is all zeros."""
    while True:
        payload = "".join(secrets.choice(ALPHABET) for _ in range(_PAYLOAD))
        if payload.strip("0"):
            return payload + check_character(payload)


def parse(text: str) -> str | None:
    """Return the code that a person typed or scanned, or None where it cannot be one.

    Any case, full-width letters and digits, hyphens of all kinds and spaces are accepted; O is read as 0, I and L as 1.
    """
    if len(text) > 4 * LENGTH:
        return None
    plain = (char for char in unicodedata.normalize("NFKC", text).upper() if not _separates(char))
    values = [_VALUES.get(char) for char in plain]
    if len(values) != LENGTH:
        return None
    found = "".join(ALPHABET[value] for value in values if value is not None)
    if len(found) != LENGTH or check_character(found[:_PAYLOAD]) != found[_PAYLOAD]:
        return None
    return found


def _separates(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) == "Pd"


def grouped(code: str) -> str:
    """Return a code in groups of four: 4C08-RZHV-KES5-WWE8."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
