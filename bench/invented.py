"""Invented organisations, circles and people, as many as a bench wants."""

from __future__ import annotations

from typing import Final

_TOWNS: Final = ("云岭", "滨江", "青川", "望海", "泽川", "石桥", "临溪", "枫林", "白沙", "长亭", "松原", "河湾")
_TRADES: Final = (
    "精密轴承制造",
    "供水",
    "电力建设",
    "港口",
    "纺织",
    "仪器仪表",
    "通信",
    "矿山机械",
    "航空动力",
    "轻工",
    "石油化工",
)
_KINDS: Final = ("有限公司", "股份有限公司", "集团有限公司", "有限责任公司滨海分公司")
_WORDS: Final = ("攀登", "启航", "先锋", "星火", "匠心", "卓越", "求实", "创新", "超越", "凌云", "领航", "破浪", "磐石")
_FAMILIES: Final = "章卢白方雷乔于林沈苏江叶唐顾孟秦"
_GIVEN: Final = ("启明", "思远", "致远", "鸣", "露", "木", "洋", "静", "海波", "一凡", "子涵", "文博", "晓东")
_MEMBERS: Final = 6


def circles(count: int) -> list[tuple[str, str, str]]:
    """Return organisation, circle and members of so many rows; no circle comes twice."""
    found = []
    for place in range(count):
        rest, word = divmod(place, len(_WORDS))
        rest, kind = divmod(rest, len(_KINDS))
        rest, trade = divmod(rest, len(_TRADES))
        series, town = divmod(rest, len(_TOWNS))
        organisation = f"{_TOWNS[town]}{_TRADES[trade]}{_KINDS[kind]}"
        circle = f"{_WORDS[word]}{_WORDS[(word + series + 1) % len(_WORDS)]}QC小组"
        names = [_name(place, at) for at in range(_MEMBERS)]
        found.append((organisation, circle, "、".join(names)))
    return found


def _name(place: int, at: int) -> str:
    return _FAMILIES[(place + at) % len(_FAMILIES)] + _GIVEN[(place * 7 + at) % len(_GIVEN)]
