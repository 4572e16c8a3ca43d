"""Signing claims: compact JWS (RFC 7515) with Ed25519 (RFC 9864), keys named by their thumbprint (RFC 7638).

Ed25519 is deterministic: signing the same claims again gives the same bytes. Which algorithm verifies a token is said
by our own table of keys, never by the token: ``alg: none`` or an HMAC made with the public key cannot pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

if TYPE_CHECKING:
    from collections.abc import Mapping

    from joserfc.jwk import GuestProtocol

ALGORITHM: Final = "Ed25519"
_CURVE: Final = "Ed25519"


@dataclass(frozen=True)
class VerificationKey:
    """A public key of our table. ``trial`` keys belong to installations that nobody outside can reach."""

    kid: str
    public: str
    """The ``x`` of its JWK: base64url of 32 bytes."""
    trial: bool
    created_at: str
    retired_at: str | None = None

    @cached_property
    def jwk(self) -> dict[str, str]:
        """The key as /.well-known/jwks.json lists it."""
        return {"kty": "OKP", "crv": _CURVE, "x": self.public, "kid": self.kid, "alg": ALGORITHM, "use": "sig"}

    @cached_property
    def _key(self) -> OKPKey:
        return OKPKey.import_key({"kty": "OKP", "crv": _CURVE, "x": self.public})


@dataclass(frozen=True)
class SigningKey:
    """A private key, in memory only as long as the process runs. ``secret`` is the 32-byte seed as base64url."""

    kid: str
    public: str
    trial: bool
    secret: str

    def __repr__(self) -> str:
        """Never show the secret."""
        return f"SigningKey({self.kid})"

    @cached_property
    def _key(self) -> OKPKey:
        return OKPKey.import_key({"kty": "OKP", "crv": _CURVE, "x": self.public, "d": self.secret})

    def sign(self, payload: bytes) -> str:
        """Return the token of a payload."""
        return jws.serialize_compact({"alg": ALGORITHM, "kid": self.kid}, payload, self._key, algorithms=[ALGORITHM])


def generate() -> tuple[str, str, str]:
    """Make a key pair; return its thumbprint, the public and the secret part."""
    key = OKPKey.generate_key(_CURVE)
    told = key.as_dict(private=True)
    return key.thumbprint(), str(told["x"]), str(told["d"])


def thumbprint(public: str) -> str | None:
    """Return the RFC 7638 thumbprint of a public key, None where it is none."""
    try:
        return OKPKey.import_key({"kty": "OKP", "crv": _CURVE, "x": public}).thumbprint()
    except (JoseError, ValueError):
        return None


def belongs(public: str, secret: str) -> bool:
    """Tell whether the two are halves of one key: a file copied together from two is found before it signs."""
    probe = b"docgen"
    try:
        token = SigningKey("", public, trial=True, secret=secret).sign(probe)
        return verified(token, {"": VerificationKey("", public, trial=True, created_at="")}) is not None
    except (JoseError, ValueError):
        return False


def verified(token: str, keys: Mapping[str, VerificationKey]) -> tuple[bytes, VerificationKey] | None:
    """Return the payload and the key that signed it, or None: unknown key, other algorithm, or another hand."""

    def named(signed: GuestProtocol) -> VerificationKey:
        return keys[str(signed.headers().get("kid"))]

    try:
        signed = jws.deserialize_compact(token, lambda one: named(one)._key, algorithms=[ALGORITHM])  # noqa: SLF001  the key's own room
        return bytes(signed.payload), named(signed)
    except (JoseError, ValueError, KeyError, TypeError):
        return None
