"""Printed words of plain values."""

import pytest

from docgen.render import filters


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("2026-10-30", "二〇二六年十月三十日"),
        ("2026-01-01", "二〇二六年一月一日"),
        ("2030-11-20", "二〇三〇年十一月二十日"),
        ("2026-12-31", "二〇二六年十二月三十一日"),
        ("2000-02-10", "二〇〇〇年二月十日"),
        ("2026-08-21", "二〇二六年八月二十一日"),
    ],
)
def test_numerals(value: str, words: str) -> None:
    assert filters.numerals(value) == words


def test_day_has_no_leading_zeros_and_leaves_blanks_to_write_in() -> None:
    assert filters.day("2026-06-04") == "2026年6月4日"
    assert filters.day(None) == "　　年　　月　　日"


def test_period() -> None:
    assert filters.period({"start": "2024-03", "end": "2025-12"}) == "2024年3月—2025年12月"
    assert filters.period(None) == ""


def test_tick_tells_whole_options_apart() -> None:
    assert filters.tick(["地方、行业级"], "国家级") == "□"
    assert filters.tick(["地方、行业级"], "地方、行业级") == "☑"
    assert filters.tick("问题解决型", "问题") == "□"
    assert filters.tick("", "创新型") == "□"


def test_names_and_paragraphs_leave_nothing_out() -> None:
    assert filters.names(["甲", "", "乙"]) == "甲、乙"
    assert filters.paragraphs("一\n\n二\n") == ["一", "", "二", ""]
    assert filters.paragraphs("") == []
