"""证书编号."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.certificates.number import LAST, MOST_SERIES, SERIES, Number, is_series
from docgen.forms import catalogue


def test_as_printed() -> None:
    assert str(Number("CAQ-QC", 2026, 1)) == "CAQ-QC-2026-000001"
    assert str(Number("A", 1999, LAST)) == "A-1999-999999"


@given(st.from_regex(SERIES, fullmatch=True), st.integers(1900, 2099), st.integers(1, LAST))
def test_a_number_is_read_as_it_is_printed(series: str, year: int, serial: int) -> None:
    number = Number(series, year, serial)
    assert Number.parse(str(number)) == (number if len(series) <= MOST_SERIES else None)
    assert Number.parse(f" {str(number).lower()} ") == Number.parse(str(number))


def test_numbers_sort_as_they_were_given_out() -> None:
    numbers = [Number("B", 2025, 2), Number("A", 2026, 10), Number("A", 2026, 9), Number("A", 2025, 999_999)]
    assert sorted(numbers) == sorted(numbers, key=str)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "CAQ-QC-2026-1",
        "CAQ-QC-2026-0000001",
        "CAQ-QC-26-000001",
        "证-2026-000001",
        "-2026-000001",
        "2026-000001",
        "CAQ--QC-2026-000001",
        "CAQ-QC-２０２６-000001",
        "CAQ-QC-2026-000001; DROP TABLE certificates",
        "0A-2026-000001",
    ],
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert Number.parse(text) is None


@pytest.mark.parametrize("text", ["", "caq", "CAQ_QC", "CAQ-", "-QC", "质协", "A" * 11, "ABCDEFGHIJ-ABCDEFG", "A\n"])
def test_what_is_no_series(text: str) -> None:
    assert not is_series(text)


def test_the_series_of_all_certificates_are_series_and_their_own() -> None:
    used = [form.honour.series for form in catalogue.all_forms().values() if form.honour]
    assert all(map(is_series, used))
    assert len(set(used)) == len(used) == 12
