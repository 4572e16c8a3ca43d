"""查询码: what a check character catches, and what a person may type."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.certificates.code import ALPHABET, LENGTH, check_character, grouped, make, parse
from docgen.certificates.sample import SAMPLE_CODE

DESIGN = "4C08RZHVKES5WWE8"
CODES = st.text(ALPHABET, min_size=LENGTH - 1, max_size=LENGTH - 1).map(lambda text: text + check_character(text))


def _substitutions(code: str) -> set[str]:
    return {f"{code[:place]}{other}{code[place + 1 :]}" for place in range(LENGTH) for other in ALPHABET} - {code}


def _transpositions(code: str) -> set[str]:
    """Return the code with any two characters exchanged, neighbours or not."""
    swapped = set()
    for left, right in combinations(range(LENGTH), 2):
        chars = list(code)
        chars[left], chars[right] = chars[right], chars[left]
        swapped.add("".join(chars))
    return swapped - {code}


def test_the_code_of_the_design_is_a_code() -> None:
    assert parse(DESIGN) == DESIGN
    assert grouped(DESIGN) == "4C08-RZHV-KES5-WWE8"


def test_every_wrong_character_and_every_exchange_is_found() -> None:
    for code in (DESIGN, make(), make()):
        wrong = _substitutions(code) | _transpositions(code)
        assert len(_substitutions(code)) == LENGTH * (len(ALPHABET) - 1)
        assert [text for text in wrong if parse(text) is not None] == []


@given(CODES)
def test_every_wrong_character_and_every_exchange_of_any_code_is_found(code: str) -> None:
    assert parse(code) == code
    assert [text for text in _substitutions(code) | _transpositions(code) if parse(text) is not None] == []


@given(CODES)
def test_a_code_is_read_as_it_is_printed(code: str) -> None:
    assert parse(grouped(code)) == code


def test_new_codes_differ_and_are_never_the_samples() -> None:
    codes = {make() for _ in range(2000)}
    assert len(codes) == 2000
    assert all(parse(code) == code != SAMPLE_CODE for code in codes)
    assert {char for code in codes for char in code} == set(ALPHABET)


def test_the_samples_code_is_well_formed() -> None:
    assert parse(SAMPLE_CODE) == SAMPLE_CODE


@pytest.mark.parametrize(
    "typed",
    [
        "4c08-rzhv-kes5-wwe8",
        " 4C08 RZHV KES5 WWE8\n",
        "4C08–RZHV—KES5‐WWE8",
        "４Ｃ０８－ＲＺＨＶ－ＫＥＳ５－ＷＷＥ８",
        "４ｃ０８　ｒｚｈｖ　ｋｅｓ５　ｗｗｅ８",
        "4CO8RZHVKES5WWE8",
        "4co8rzhvkes5wwe8",
        "4C08-RZHV-KES5-WWE8 ",
    ],
)
def test_what_people_type_is_understood(typed: str) -> None:
    assert parse(typed) == DESIGN


@given(CODES)
def test_letters_that_look_like_digits_are_read_as_digits(code: str) -> None:
    for digit, letters in (("0", "Oo"), ("1", "IiLl")):
        for letter in letters:
            assert parse(code.replace(digit, letter)) == code


@pytest.mark.parametrize(
    "typed",
    [
        "",
        DESIGN[:-1],
        f"{DESIGN}0",
        "4C08RZHVKES5WWEU",  # U is no letter of the alphabet
        "4C08.RZHV.KES5.WWE8",
        "4C08RZHVKES5WWE8" * 2,
        "四C08RZHVKES5WWE8",
        "4C08RZHVKES5WWE\u0668",  # an Arabic eight
        "CAQ-QC-2026-000001",
        "-" * 10_000_000,
    ],
)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert parse(typed) is None


@given(st.text(st.characters(exclude_categories=()), max_size=80))
def test_no_text_of_any_kind_breaks_the_reading(text: str) -> None:
    found = parse(text)
    assert found is None or (parse(found) == found and len(found) == LENGTH)


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTVWXYZ- 　０Ｏ－", min_size=14, max_size=20))
def test_what_is_read_is_always_a_code(text: str) -> None:
    found = parse(text)
    assert found is None or parse(found) == found
