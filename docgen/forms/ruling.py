"""What the rules of every notice share: declaring them with their sentence, deadlines, and spans of years."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docgen.forms.form import Circumstances, Level, Remark, Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    Check = Callable[[Any, Circumstances], Iterator[Remark]]
    """A check: a submission (or package) and its circumstances give remarks."""


def declaring(sentences: Mapping[str, str]) -> Callable[[str], Callable[[Check], Rule]]:
    """Return the decorator of a notice: ``@rule("C03")`` makes a check the rule with this id and its sentence."""

    def rule(rule_id: str) -> Callable[[Check], Rule]:
        def declare(check: Check) -> Rule:
            return Rule(rule_id, sentences[rule_id], check)

        return declare

    return rule


def late(what: str, last: date, as_of: date, whom: str = "主办方") -> Iterator[Remark]:
    """Refuse a date after a last day, which counts as inclusive; ``what`` names the deadline: 报送截止日期."""
    if as_of > last:
        yield Remark(
            Level.ERROR,
            f"已超过{what} {last.year}年{last.month}月{last.day}日（核对日期为 "
            f"{as_of.year}年{as_of.month}月{as_of.day}日），请先与{whom}联系",
        )


def years_after(day: date, years: int) -> date:
    """Return the same day so many years later; 29 February becomes the 28th (民法典 202: 没有对应日的，月末日)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def is_recent(day: date, as_of: date) -> bool:
    """Tell whether a day lies in the three years up to ``as_of``, both ends included."""
    return day <= as_of <= years_after(day, 3)
