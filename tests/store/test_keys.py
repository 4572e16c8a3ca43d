"""API keys: found at once by all, refused at once by all, and never stored."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from docgen.store import organisations
from docgen.store.keys import Keyring, Scope
from docgen.store.organisations import FIRST

if TYPE_CHECKING:
    from databases import Site

    from docgen.issuing.registry import Registry


@pytest.fixture
def ring(registry: Registry) -> Keyring:
    return registry.keyring


def test_a_new_key_is_found_now_and_by_another_process(ring: Keyring, site: Site) -> None:
    assert len(ring) == 0
    text = ring.add(FIRST, Scope.RENDER, Scope.ISSUE)
    for keys in (ring, site.open().keyring):
        found = keys.find(text)
        assert found is not None
        assert text.startswith(f"dgk_{found.id}_")
        assert (found.organisation, found.scopes) == (FIRST, frozenset({Scope.RENDER, Scope.ISSUE}))
        assert found.actor == f"key:{found.id}"
        assert len(keys) == 1


def test_a_withdrawn_key_is_refused_at_once_by_all_and_stays_listed(ring: Keyring, site: Site) -> None:
    other = site.open().keyring
    text, kept = ring.add(FIRST, Scope.RENDER), ring.add(FIRST, Scope.ISSUE)
    identifier = text.split("_")[1]
    assert other.find(text)
    assert ring.withdraw(identifier)
    assert not ring.withdraw(identifier)
    assert not ring.withdraw("00000000")
    for keys in (ring, other):
        assert keys.find(text) is None
        assert keys.find(kept)
        assert len(keys) == 1
        assert {key.id: key.withdrawn_at is None for key in keys.all()} == {identifier: False, kept.split("_")[1]: True}


def test_a_key_belongs_to_one_organisation(ring: Keyring, registry: Registry) -> None:
    with registry.database.writing() as connection:
        organisations.add(connection, "other", "另一协会")
    found = ring.find(ring.add("other", Scope.ISSUE))
    assert found is not None
    assert found.organisation == "other"


def test_secrets_are_not_stored(ring: Keyring, site: Site) -> None:
    secret = ring.add(FIRST, Scope.RENDER).rsplit("_", 1)[1]
    assert secret not in repr(ring.all())
    if site.is_sqlite:
        stored = b"".join(path.read_bytes() for path in site.data_dir.glob("docgen.sqlite3*"))
        assert secret.encode() not in stored
        assert bytes.fromhex(secret) not in stored
        (file,) = site.data_dir.glob("docgen.sqlite3")
        with sqlite3.connect(file) as connection:
            (digest,) = connection.execute("SELECT digest FROM api_keys").fetchone()
        connection.close()
        assert len(digest) == 32


def test_keys_made_at_once_are_all_kept(ring: Keyring) -> None:
    with ThreadPoolExecutor(8) as pool:
        texts = list(pool.map(lambda _: ring.add(FIRST, Scope.RENDER), range(8)))
    assert len(set(texts)) == len(ring) == 8
    assert all(ring.find(text) for text in texts)


def test_what_is_no_key_is_not_found(ring: Keyring) -> None:
    text = ring.add(FIRST, Scope.RENDER)
    head, identifier, secret = text.split("_")
    other = "1" if secret[-1] == "0" else "0"
    near = [
        "",
        "dgk_",
        secret,
        f"{head}_{identifier}_{secret[:-1]}{other}",
        f"{head}_{'0' * 8}_{secret}",
        f"{head}_{identifier}_",
        f"{head}_{identifier}_{'0' * 64}",
        text.upper(),
        f"{text} ",
        f"{text}\n",
        text.replace("0", "０"),
        "钥" * 77,
    ]
    assert [given for given in near if given != text and ring.find(given)] == []
