"""Claims as canonical bytes: what is signed today must be the same bytes in twenty years."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from signed_data import CLAIMS, PAYLOAD

from docgen.certificates.claims import Claims, canonical, digest

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def test_the_bytes_that_are_signed() -> None:
    assert CLAIMS.payload().decode() == PAYLOAD


def test_claims_are_read_back_as_they_were() -> None:
    assert Claims.read(CLAIMS.payload()) == CLAIMS


def test_what_everybody_may_read_and_what_is_masked_are_named_in_the_claims() -> None:
    assert list(CLAIMS.shown()) == [("组织名称", "云岭精密轴承制造有限公司"), ("小组名称", "攀登者QC小组")]
    assert list(CLAIMS.people()) == [("小组成员", ("章启明", "艾力·库尔班", "𠮷㛃"))]
    alone = replace(CLAIMS, persons=(("name", "姓名"),), submission={"name": "方知远", "org_name": None})
    assert list(alone.people()) == [("姓名", ("方知远",))]
    assert list(alone.shown()) == []


@given(JSON)
def test_canonical_bytes_do_not_depend_on_how_the_json_was_written(value: Any) -> None:
    written = canonical(value)
    other = json.loads(json.dumps(value, indent=3, sort_keys=False))
    assert canonical(other) == written
    assert canonical(json.loads(written)) == written
    assert written == unicodedata.normalize("NFC", written.decode()).encode()


def test_decomposed_text_is_the_same_text() -> None:
    assert canonical({"e\u0301": ["e\u0301"]}) == canonical({"é": ["é"]}) == '{"é":["é"]}'.encode()
    assert digest("e\u0301") == digest("é") != digest("e")


@pytest.mark.parametrize("value", [1.0, {"a": [0.5]}, float("nan"), b"a", {1, 2}, object()])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="no canonical form"):
        canonical(value)


def test_the_salt_makes_equal_claims_differ() -> None:
    assert digest(json.loads(replace(CLAIMS, salt="0" * 32).payload())) != digest(json.loads(CLAIMS.payload()))


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"docgen",
        b"[]",
        b"null",
        b"1",
        b"{}",
        b'{"format":1}',
        PAYLOAD.replace('"format":1', '"format":2').encode(),
        PAYLOAD.replace('"salt"', '"salz"').encode(),
        PAYLOAD.replace('"format":1', '"format":1,"more":1').encode(),
        b"\xff\xfe",
    ],
)
def test_what_are_no_claims_of_ours_is_refused(payload: bytes) -> None:
    with pytest.raises(ValueError, match=r"claims|Expecting|decode"):
        Claims.read(payload)
