"""Signatures, also by hands that are not ours: node's crypto and OpenSSL."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from signed_data import CLAIMS, HEADER, KID, PUBLIC, SEED, SIGNATURE, by_node, by_openssl, coded, plain

from docgen.certificates.signature import SigningKey, VerificationKey, belongs, generate, thumbprint, verified

if TYPE_CHECKING:
    from pathlib import Path


def public_key(kid: str = KID, public: str = PUBLIC) -> VerificationKey:
    return VerificationKey(kid, public, trial=False, created_at="")


def fresh() -> tuple[SigningKey, VerificationKey]:
    kid, public, secret = generate()
    return SigningKey(kid, public, trial=False, secret=secret), public_key(kid, public)


STANDARD = SigningKey(KID, PUBLIC, trial=False, secret=SEED)
KEYS = {KID: public_key()}
TOKEN = f"{coded(HEADER.encode())}.{coded(CLAIMS.payload())}.{SIGNATURE}"


def test_the_thumbprint_of_the_standards_key() -> None:
    assert thumbprint(PUBLIC) == KID


def test_the_token_of_the_standards_key_is_the_golden_one() -> None:
    assert STANDARD.sign(CLAIMS.payload()) == TOKEN
    found = verified(TOKEN, KEYS)
    assert found is not None
    assert found == (CLAIMS.payload(), KEYS[KID])


def test_node_and_openssl_find_the_golden_token_good(tmp_path: Path) -> None:
    assert by_node(TOKEN, PUBLIC) == {"good": True, "payload": CLAIMS.payload().decode()}
    assert by_openssl(tmp_path, TOKEN, PUBLIC)


def test_node_and_openssl_find_a_new_keys_token_good_and_a_bent_one_bad(tmp_path: Path) -> None:
    key, public = fresh()
    token = key.sign(CLAIMS.payload())
    header, payload, signature = token.split(".")
    assert by_node(token, public.public)["good"]
    assert by_openssl(tmp_path, token, public.public)
    assert thumbprint(public.public) == public.kid
    bent = f"{header}.{payload[:-4]}AAAA.{signature}"
    assert not by_node(bent, public.public)["good"]
    assert not by_openssl(tmp_path, bent, public.public)
    assert not by_openssl(tmp_path, token, PUBLIC)


@given(st.binary(max_size=200))
def test_signing_again_gives_the_same_bytes(payload: bytes) -> None:
    token = STANDARD.sign(payload)
    assert STANDARD.sign(payload) == token
    found = verified(token, KEYS)
    assert found is not None
    assert found[0] == payload


def _with(header: object, signature: str = SIGNATURE, payload: bytes | None = None) -> str:
    body = CLAIMS.payload() if payload is None else payload
    return f"{coded(json.dumps(header).encode())}.{coded(body)}.{signature}"


def _hmac(secret: bytes) -> str:
    head = coded(json.dumps({"alg": "HS256", "kid": KID}).encode())
    signed = f"{head}.{coded(CLAIMS.payload())}"
    return f"{signed}.{coded(hmac.digest(secret, signed.encode(), hashlib.sha256))}"


FORGED = {
    "alg none": _with({"alg": "none", "kid": KID}, ""),
    "alg None": _with({"alg": "None", "kid": KID}),
    "hmac with the public key": _hmac(plain(PUBLIC)),
    "hmac with the public key as text": _hmac(PUBLIC.encode()),
    "hmac with nothing": _hmac(b""),
    "no alg": _with({"kid": KID}),
    "no kid": _with({"alg": "Ed25519"}),
    "unknown kid": _with({"alg": "Ed25519", "kid": "unknown"}),
    "kid of another type": _with({"alg": "Ed25519", "kid": [KID]}),
    "key in the header": fresh()[0].sign(CLAIMS.payload()),
    "other header": _with({"alg": "Ed25519", "kid": KID, "typ": "JWT"}),
    "critical header": _with({"alg": "Ed25519", "kid": KID, "crit": ["exp"], "exp": 1}),
    "header no object": _with([1]),
    "other payload": TOKEN.replace(
        coded(CLAIMS.payload()), coded(CLAIMS.payload().replace(b'"version":1', b'"version":2'))
    ),
    "other signature": TOKEN[:-4] + "AAAA",
    "no signature": TOKEN.rpartition(".")[0] + ".",
    "two parts": TOKEN.rpartition(".")[0],
    "four parts": f"{TOKEN}.",
    "nothing": "",
    "dots": "..",
    "no token": "docgen",
    "no ascii": TOKEN.replace("e", "é"),
    "json": json.dumps({"payload": coded(CLAIMS.payload()), "signatures": []}),
    "space": f" {TOKEN}",
}


@pytest.mark.parametrize("name", FORGED)
def test_no_forged_token_is_verified(name: str) -> None:
    assert verified(FORGED[name], KEYS) is None


def test_a_key_that_the_token_brings_along_is_not_used() -> None:
    stranger, key = fresh()
    header = {"alg": "Ed25519", "kid": KID, "jwk": {"kty": "OKP", "crv": "Ed25519", "x": key.public}}
    signed = f"{coded(json.dumps(header).encode())}.{coded(CLAIMS.payload())}"
    assert verified(stranger.sign(CLAIMS.payload()), KEYS) is None
    assert verified(f"{signed}.{stranger.sign(CLAIMS.payload()).rpartition('.')[2]}", KEYS) is None


@given(st.integers(0, len(TOKEN) - 1), st.sampled_from("ABab01-_."))
def test_no_changed_character_is_verified(place: int, char: str) -> None:
    bent = f"{TOKEN[:place]}{char}{TOKEN[place + 1 :]}"
    found = verified(bent, KEYS)
    # The last character of a part carries bits that base64url ignores: such a token says the same thing.
    assert found is None or [plain(part) for part in bent.split(".")] == [plain(part) for part in TOKEN.split(".")]


@given(st.text(st.characters(exclude_categories=())))
def test_no_text_of_any_kind_breaks_verifying(text: str) -> None:
    assert verified(text, KEYS) is None
    assert verified(f"{coded(HEADER.encode())}.{text}.{SIGNATURE}", KEYS) is None


def test_halves_of_two_keys_do_not_belong_together() -> None:
    (one, _), (other, _) = fresh(), fresh()
    assert belongs(one.public, one.secret)
    assert not belongs(one.public, other.secret)
    assert not belongs(one.public, "")
    assert not belongs(one.public, "密钥")
    assert not belongs("", one.secret)


def test_a_secret_does_not_show_itself() -> None:
    assert SEED not in f"{STANDARD!r} {STANDARD}"
