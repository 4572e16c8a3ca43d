"""Filters of the templates: plain values to printed words. The same in Word and HTML, so that both agree."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

TICKED: Final = "☑"
UNTICKED: Final = "□"
_DIGITS: Final = "〇一二三四五六七八九"


def day(value: str | None) -> str:
    """Return an ISO date as 2026年6月4日 (GB/T 9704: no leading zeros), or blanks to write in by hand."""
    if value is None:
        return "　　年　　月　　日"
    found = date.fromisoformat(value)
    return f"{found.year}年{found.month}月{found.day}日"


def numerals(value: str | None) -> str:
    """Return an ISO date as 二〇二六年十月三十日, as certificates have it, or blanks."""
    if value is None:
        return "　　　　年　　月　　日"
    found = date.fromisoformat(value)
    year = "".join(_DIGITS[int(digit)] for digit in f"{found.year:04d}")
    return f"{year}年{_count(found.month)}月{_count(found.day)}日"


def _count(number: int) -> str:
    """Return 1 to 31 as 一 … 三十一."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones else "")


def period(value: Mapping[str, str] | None) -> str:
    """Return a span of months as 2024年3月—2025年2月, or nothing."""
    if value is None:
        return ""
    return f"{month(value['start'])}—{month(value['end'])}"


def month(value: str | None) -> str:
    """Return a year and month as 1985年6月, or nothing."""
    if value is None:
        return ""
    year, number = value.split("-")
    return f"{year}年{int(number)}月"


def names(value: Sequence[str]) -> str:
    """Join names with 、 as the notices ask."""
    return "、".join(name for name in value if name)


def tick(value: str | Sequence[str], option: str) -> str:
    """Return the box of one option, ticked where it was chosen."""
    chosen = [value] if isinstance(value, str) else value
    return TICKED if option in chosen else UNTICKED


def paragraphs(value: str) -> list[str]:
    """Return the lines of a text, each to be printed as a paragraph of its own."""
    return value.split("\n") if value else []


FILTERS: Final[Mapping[str, Callable[..., object]]] = MappingProxyType(
    {
        "day": day,
        "month": month,
        "names": names,
        "numerals": numerals,
        "paragraphs": paragraphs,
        "period": period,
        "tick": tick,
    }
)
