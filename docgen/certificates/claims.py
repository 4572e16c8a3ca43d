"""What a certificate says for ever, as canonical JSON: the same claims are the same bytes (certificates.md, 3)."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, Self

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FORMAT: Final = 1
"""Raised when a claim changes its meaning; old certificates keep theirs."""


@dataclass(frozen=True, slots=True)
class Claims:
    """The facts of one certificate. ``submission`` holds what its template prints, so it can be printed again.

    ``holder`` and ``persons`` are the fields of the submission that the public page shows (in full, and masked), in its
    order and with their labels, so that reading a certificate never needs the form that made it. ``salt`` keeps a
    digest of the claims from being guessed; ``ref`` is the issuer's own mark and never shown.
    """

    organisation: str
    issuers: tuple[str, ...]
    number: str
    version: int
    code: str
    form: str
    award: str
    grade: str
    decision: str
    issued_on: str
    ref: str
    holder: tuple[tuple[str, str], ...]
    persons: tuple[tuple[str, str], ...]
    submission: Mapping[str, Any]
    salt: str

    def payload(self) -> bytes:
        """Return the bytes that are signed."""
        return canonical({"format": FORMAT, **asdict(self)})

    @classmethod
    def read(cls, payload: bytes) -> Self:
        """Read signed bytes; raises ValueError where they are no claims of ours."""
        told = json.loads(payload)
        if not isinstance(told, dict) or told.pop("format", None) != FORMAT:
            raise ValueError("claims of another format")
        try:
            told["issuers"] = tuple(told["issuers"])
            for name in ("holder", "persons"):
                told[name] = tuple((str(field), str(label)) for field, label in told[name])
            return cls(**told)
        except (KeyError, TypeError, ValueError):
            raise ValueError("claims with other members") from None

    def shown(self) -> Iterator[tuple[str, str]]:
        """Walk what everybody may read about the holder: label and value."""
        for field, label in self.holder:
            if value := self.submission.get(field):
                yield label, str(value)

    def people(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Walk the personal names: label and names."""
        for field, label in self.persons:
            if value := self.submission.get(field):
                yield label, tuple(value) if isinstance(value, list) else (value,)


def canonical(value: object) -> bytes:
    """Return JSON with sorted names, NFC text and no white space; floats have no canonical form and are refused."""
    return json.dumps(_normal(value), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(value: object) -> str:
    """Return the SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _normal(value: object) -> object:
    match value:
        case str():
            return unicodedata.normalize("NFC", value)
        case dict():
            return {_normal(name): _normal(item) for name, item in value.items()}
        case list() | tuple():
            return [_normal(item) for item in value]
        case None | bool() | int():
            return value
        case _:
            raise TypeError(f"{type(value).__name__} has no canonical form")
