"""The keys that sign certificates: private halves as files that only the operator can read, public ones as records.

A key is made when the first certificate is issued, and by ``docgen keys rotate``. While the installation answers at an
address that nobody outside can reach, its keys are trial keys: what they sign is never valid anywhere else.
"""

from __future__ import annotations

import ipaddress
from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from sqlalchemy import select, update

from docgen import clock
from docgen.certificates import signature
from docgen.certificates.signature import SigningKey, VerificationKey
from docgen.store import folder
from docgen.store.database import insert_new
from docgen.store.tables import signing_keys

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

FOLDER: Final = "signing-keys"
_LOST: Final = "请从备份恢复这个文件；没有备份时请执行 docgen keys rotate 换用新的签名密钥，旧证书仍可核验"
PUBLISHED: Final = frozenset({"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"})
"""Thumbprints of keys whose secret stands in a standard (RFC 8032, test 1): they prove nothing."""

_ALL_KEYS: Final = select(signing_keys).order_by(signing_keys.c.created_at, signing_keys.c.kid)


def is_trial(public_url: str) -> bool:
    """Tell whether certificates that point to this address could be verified by nobody but ourselves."""
    parts = urlsplit(public_url)
    host = parts.hostname or ""
    try:
        return parts.scheme != "https" or not ipaddress.ip_address(host).is_global
    except ValueError:
        return parts.scheme != "https" or "." not in host or host.endswith((".localhost", ".local", ".test"))


def key_table(connection: Connection) -> dict[str, VerificationKey]:
    """Return every public key that ever signed here, by its thumbprint."""
    rows = connection.execute(_ALL_KEYS)
    return {row.kid: _key(row.kid, row.public, row.trial, row.created_at, row.retired_at) for row in rows}


@cache
def _key(kid: str, public: str, trial: bool, created_at: str, retired_at: str | None) -> VerificationKey:  # noqa: FBT001  a row
    """Return one object for one row: it keeps what was computed from the key.

    A published key is a trial key, whatever its row says of it and whatever it is called there.
    """
    return VerificationKey(kid, public, trial or signature.thumbprint(public) in PUBLISHED, created_at, retired_at)


class KeyChest:
    """The private halves in the data folder."""

    def __init__(self, data_dir: Path) -> None:
        """Use ``<data_dir>/signing-keys``, which is made with the first key."""
        self._folder = data_dir / FOLDER

    def current(self, connection: Connection, *, trial: bool) -> SigningKey:
        """Return the key to sign with; make the first one. ``connection`` is writing.

        Raises FolderError where the file is missing, damaged, or readable by others.
        """
        for key in reversed(key_table(connection).values()):
            if key.trial == trial and key.retired_at is None:
                return self._read(key)
        return self._make(connection, trial=trial)

    def rotate(self, connection: Connection, *, trial: bool) -> SigningKey:
        """Make a new key and retire those before it; they verify for ever."""
        now = clock.stamp()
        connection.execute(
            update(signing_keys)
            .where(signing_keys.c.trial == trial, signing_keys.c.retired_at.is_(None))
            .values(retired_at=now)
        )
        return self._make(connection, trial=trial)

    def examine(self, key: VerificationKey) -> None:
        """Raise FolderError where the private half of a key cannot be used."""
        self._read(key)

    def guard(self) -> None:
        """Raise FolderError where others can read a private half; what a retired one signs verifies for ever too."""
        folder.guard(self._folder)

    def _make(self, connection: Connection, *, trial: bool) -> SigningKey:
        kid, public, secret = signature.generate()
        file = folder.open_folder(self._folder) / f"{kid}.json"
        # The file first: a record without its secret would stop all issuing, a secret without its record harms nobody.
        folder.replace_private(file, {"kty": "OKP", "crv": "Ed25519", "kid": kid, "x": public, "d": secret})
        now = clock.stamp()
        insert_new(connection, signing_keys, [{"kid": kid, "public": public, "trial": trial, "created_at": now}])
        return SigningKey(kid, public, trial, secret)

    def _read(self, key: VerificationKey) -> SigningKey:
        file = self._folder / f"{key.kid}.json"
        told = folder.read_private(file, _LOST)
        if told is None:
            raise folder.FolderError(f"签名密钥的文件 {file} 不见了", _LOST)
        secret = told.get("d") if isinstance(told, dict) else None
        if not isinstance(secret, str) or not signature.belongs(key.public, secret):
            raise folder.FolderError(f"文件 {file} 不是这把签名密钥", _LOST)
        return SigningKey(key.kid, key.public, key.trial, secret)
