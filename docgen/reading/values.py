"""Typed words to values: what a person may write for a date, a number or a tick, and what nobody can tell.

Nothing is guessed: words that could mean two things give no value and a sentence that says how to write them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from docgen.forms.shape import Leaf, LeafKind
from docgen.reading.folding import fold


@dataclass(frozen=True, slots=True)
class Read:
    """A value (None: the place is empty or unreadable) and, where something is wrong, what and how to mend it."""

    value: Any = None
    code: str = ""
    detail: str = ""
    remedy: str = ""


TICKS: Final = frozenset("☑☒■√✓✔✅▣🗹⊠●v")
"""What people put where a box is to be ticked, folded to lower case; an R of a symbol face came here as ☑."""
BOXES: Final = frozenset("□☐◻▢❏❑口囗○〇")
_CROSSES: Final = frozenset("×✗✘x")
"""Yes to some and no to others."""
MARKS: Final = TICKS | BOXES | _CROSSES | frozenset("r[]()")

_LONGEST_LINE: Final = 1000
"""Longer text is no line with a slip in it; the check refuses it."""

_DIGITS: Final = MappingProxyType(
    {char: str(digit) for digit, char in enumerate("〇一二三四五六七八九")} | {"○": "0", "零": "0"}
)
_NUMERALS: Final = re.compile(
    "[〇○零一二三四五六七八九]{4}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日?"
)
_DAY: Final = re.compile(r"((?:19|20)\d{2})(?:年|[-./])(\d{1,2})(?:月|[-./])(\d{1,2})日?")
_MONTH: Final = re.compile(r"((?:19|20)\d{2})(?:年|[-./])(\d{1,2})月?(?:[-./]0?1)?")
_SPAN: Final = re.compile("—+|–|~|～|至|到|-{1,2}")
_EMPTY_DAY: Final = re.compile(r"[年月日/_.\-—]*")
_AMOUNT: Final = re.compile(r"([+-]?\d[\d,]*(?:\.\d+)?)(\D*)")
_GROUPED: Final = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_NAME_MARKS: Final = re.compile("[、，,；;\n]")
_ASCII_EDGE: Final = re.compile(r"(?<=[!-~])\s*[\n\t]\s*(?=[!-~])")


def _read_line(text: str) -> Read:
    """Return one line; a break typed inside it is taken out and said."""
    text = text.strip()
    if not text:
        return Read()
    if len(text) > _LONGEST_LINE or not re.search(r"[\n\t]", text):
        return Read(text)
    joined = re.sub(r"\s*[\n\t]\s*", "", _ASCII_EDGE.sub(" ", text))
    return Read(
        joined,
        "lines-joined",
        "这一栏分成了几行或含有制表符，已连成一行",
        "请核对连成一行后的内容，并在文件里删去换行和制表符",
    )


def read_names(text: str) -> Read:
    """Return a list of names that stand in one place, joined by 、."""
    names = [name.strip() for name in _NAME_MARKS.split(text) if name.strip()]
    if any(_looks_like_several(name) for name in names):
        return Read(None, "names-unclear", "姓名之间只有空格，分不清是几个人", "请用“、”隔开各个姓名")
    return Read(names or None)


def _looks_like_several(name: str) -> bool:
    parts = name.split()
    return len(parts) > 1 and all(re.fullmatch("[\u4e00-\u9fff]{2,4}", part) for part in parts)


def read_day(text: str) -> Read:
    """Return an ISO date for 2026年6月4日, 2026-6-4, 2026.06.04 or 二〇二六年六月四日."""
    plain = fold(text)
    if _EMPTY_DAY.fullmatch(plain):
        return Read()
    if found := _day(plain):
        return Read(found.isoformat())
    return Read(None, "date-unreadable", "日期看不懂，或这一天不存在", "请写成 2026年6月4日 的样式，年份写四位")


def _day(plain: str) -> date | None:
    if _NUMERALS.fullmatch(plain):
        plain = _arabic(plain)
    found = _DAY.fullmatch(plain.removesuffix("00:00:00"))
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _arabic(plain: str) -> str:
    """Return 二〇二六年六月二十四日 in digits."""
    year, month, day, _ = re.split("[年月日]", plain if plain.endswith("日") else plain + "日")
    return f"{''.join(_DIGITS[char] for char in year)}年{_count(month)}月{_count(day)}日"


def _count(numeral: str) -> int:
    tens, ten, ones = numeral.rpartition("十")
    return (int(_DIGITS.get(tens, "1")) * 10 if ten else 0) + int(_DIGITS.get(ones, "0"))


def _month(plain: str) -> str | None:
    found = _MONTH.fullmatch(plain.removesuffix("00:00:00"))
    if not found or not 1 <= int(found[2]) <= 12:  # noqa: PLR2004  months of a year
        return None
    return f"{found[1]}-{int(found[2]):02d}"


def _read_month(text: str) -> Read:
    plain = fold(text)
    if _EMPTY_DAY.fullmatch(plain):
        return Read()
    if found := _month(plain):
        return Read(found)
    return Read(None, "month-unreadable", "年月看不懂", "请写成 2024年3月 的样式，年份写四位")


def _read_period(text: str) -> Read:
    plain = fold(text)
    if _EMPTY_DAY.fullmatch(plain.replace("至", "").replace("~", "")):
        return Read()
    pairs = [(plain[: mark.start()], plain[mark.end() :]) for mark in _SPAN.finditer(plain)]
    found = {(start, end) for one, other in pairs if (start := _month(one)) and (end := _month(other))}
    if len(found) == 1:
        start, end = found.pop()
        return Read({"start": start, "end": end})
    return Read(None, "period-unreadable", "起止年月看不懂", "请写成 2024年3月—2025年2月 的样式，两头都写年份")


def _read_number(leaf: Leaf, text: str) -> Read:
    plain = fold(text)
    if not plain:
        return Read()
    found = _AMOUNT.fullmatch(plain)
    unit = found[2] if found else ""
    allowed = not unit or unit in fold(leaf.title) or (unit == "%" and "率" in leaf.title)
    if found and allowed and ("," not in found[1] or _GROUPED.fullmatch(found[1])):
        digits = found[1].replace(",", "")
        number = float(digits)
        whole = "." not in digits or number.is_integer()
        if whole or leaf.kind is LeafKind.NUMBER:
            return Read(int(number) if whole else number)
    what = "整数" if leaf.kind is LeafKind.INTEGER else "数字"
    return Read(None, "number-unreadable", f"这一栏应为{what}，现在看不懂", f"请只写{what}，不写单位和说明")


def _read_choice(leaf: Leaf, text: str) -> Read:
    plain = fold(text)
    if not plain:
        return Read()
    found = [option for option in leaf.options if fold(option) == plain]
    if found:
        return Read(found[0])
    options = "、".join(leaf.options)
    return Read(None, "not-an-option", "填写的不是可选的内容", f"请填其中之一：{options}")


def read_tick(mark: str) -> bool | None:
    """Return whether a box is ticked, None where that cannot be told."""
    plain = fold(mark).strip("[]()")
    inside = [char for char in plain if char in TICKS or char == "r"]
    if not plain:
        return None if not fold(mark) else False
    if len(plain) == 1:
        return True if inside else False if plain in BOXES else None
    # A tick typed behind its empty box; the other way round it may belong to the option before.
    return True if len(plain) == 2 and plain[0] in BOXES and inside else None  # noqa: PLR2004  box and tick


_READERS: Final = MappingProxyType(
    {
        LeafKind.TEXT: lambda _, text: Read(text if text.strip() else None),
        LeafKind.DATE: lambda _, text: read_day(text),
        LeafKind.MONTH: lambda _, text: _read_month(text),
        LeafKind.PERIOD: lambda _, text: _read_period(text),
        LeafKind.INTEGER: _read_number,
        LeafKind.NUMBER: _read_number,
        LeafKind.CHOICE: _read_choice,
    }
)


def read_value(leaf: Leaf, text: str) -> Read:
    """Return what a place says for a field of this kind."""
    reader = _READERS.get(leaf.kind)
    return reader(leaf, text) if reader else _read_line(text)
