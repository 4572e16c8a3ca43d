"""What a cell says for a field: a name, several names, a date, a choice. Nothing is guessed.

Words that can be read in one way only are read and, where they were changed, said to be; words that could mean two
things are a fault that says how to write them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from docgen.certificates.names import COMPOUND
from docgen.forms.shape import Leaf, LeafKind, Series
from docgen.reading.values import read_day
from docgen.rosters import synonyms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from docgen.forms.shape import Node
    from docgen.rosters.sheets import Cell

_HAN: Final = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAN_ONLY: Final = re.compile(f"[{_HAN}·•・‧･]+")
_BETWEEN_HAN: Final = re.compile(f"(?<=[{_HAN}，。、；：（）《》“”])[ \\t]*\\n[ \\t]*(?=[{_HAN}，。、；：（）《》“”])")
_BREAK: Final = re.compile(r"[ \t]*[\n\t][ \t\n]*")
_RUN: Final = re.compile("[ \u00a0\u2002-\u200a\u3000]{2,}")
_SEPARATORS: Final = re.compile("[、，,；;/／|｜\n]+")
_NUMBER: Final = re.compile(r"(?:^|(?<=[\s、，,；;]))(?:[①-⑳]|[(（]?\d{1,2}(?:[.．、)）]|\s))\s*(?=\D)")
_DOT: Final = re.compile(r"\s*([·•・‧･])\s*")
_SHORTEST: Final = 2
_LONGEST: Final = 4
"""Characters of a Chinese name written with spaces inside."""
_PLAIN_DATE: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_ORDINALS: Final = str.maketrans("123壹贰叁", "一二三一二三")
_QUOTES: Final = "“”\"'《》「」『』"


@dataclass(frozen=True, slots=True)
class Told:
    """What is wrong with a cell, or was changed in reading it: a machine word, a sentence, and the remedy."""

    code: str
    detail: str
    remedy: str


_A_DATE: Final = Told(
    "date-not-text", "这一格在 Excel 里是日期，不是文字", "请把这一格设为“文本”格式，再按原样填写文字"
)
_AS_ABOVE: Final = Told("same-as-above", "填的是“同上”一类的记号", "请写出完整的内容，或与上一行合并单元格")
_NOTHING: Final = Told("placeholder", "填的是“无”或一道杠，按没有填写处理", "确有内容的请填写")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell says: a value (None: nothing), or a fault; ``notes`` tell what was changed."""

    value: Any = None
    fault: Told | None = None
    notes: tuple[Told, ...] = ()


def words_of(cell: Cell) -> str:
    """Return a value as a person sees it."""
    match cell.value:
        case None:
            return ""
        case str():
            return cell.value
        case bool():
            return "是" if cell.value else "否"
        case int() | float():
            text = f"{Decimal(repr(cell.value)):f}"
            return text.rstrip("0").rstrip(".") if "." in text else text
        case _:
            return cell.value.isoformat()


def read(node: Node, cell: Cell, day: Callable[[int], date | None]) -> Reading:
    """Return what a cell says for a field; ``day`` turns a plain number into the day it stands for."""
    words = words_of(cell).strip()
    plain = unicodedata.normalize("NFKC", words).strip()
    if not plain or plain in synonyms.NOTHING or plain in synonyms.REPEATS or cell.trouble:
        return _read_empty(cell, plain)
    if isinstance(node, Leaf) and node.kind is LeafKind.DATE:
        return _read_date(cell, plain, day)
    if isinstance(cell.value, date):
        return Reading(fault=_A_DATE)
    if isinstance(node, Series):
        return _read_names(words)
    return _read_choice(node, plain) if isinstance(node, Leaf) and node.options else _read_line(words)


def _read_empty(cell: Cell, plain: str) -> Reading:
    """Return what a cell without words of its own says: nothing, or why that is a fault."""
    if cell.trouble:
        return Reading(fault=Told("cell-unreadable", cell.trouble, "请在这一格直接填写内容"))
    if plain in synonyms.REPEATS:
        return Reading(fault=_AS_ABOVE)
    return Reading(notes=(_NOTHING,) if plain else ())


def read_person(cell: Cell) -> Reading:
    """Return the one personal name that a cell holds."""
    found = read(Leaf("", LeafKind.LINE), cell, lambda _: None)
    if not isinstance(found.value, str) or _SEPARATORS.search(found.value):
        return found
    names = _one_spaced(found.value)
    if not names[0]:
        return Reading(
            fault=Told(
                "several-names",
                "姓名中间有空格，像是不止一个人",
                "一行只填一个人；确是一个人的，请去掉空格，少数民族姓名用“·”",
            )
        )
    return Reading(names[0], notes=(*found.notes, *_closed(found.value, names)))


def _read_line(words: str) -> Reading:
    """Return one line; its characters stay as they are, but breaks and runs of spaces are no part of a name."""
    joined = _RUN.sub(" ", _BREAK.sub(" ", _BETWEEN_HAN.sub("", words)))
    if joined == words:
        return Reading(words)
    note = Told("lines-joined", "内容里有换行、制表符或连续的空格，已连成一行", "请核对连成一行后的内容")
    return Reading(joined, notes=(note,))


def _read_date(cell: Cell, plain: str, day: Callable[[int], date | None]) -> Reading:
    if isinstance(cell.value, date):
        return Reading(cell.value.isoformat())
    whole = int(cell.value) if isinstance(cell.value, int | float) and not isinstance(cell.value, bool) else 0
    if found := day(whole):
        note = Told("date-number", f"这一格是 Excel 的日期序号，读作 {found.isoformat()}", "请核对这个日期")
        return Reading(found.isoformat(), notes=(note,))
    compact = _PLAIN_DATE.fullmatch(plain)
    read_as = read_day("-".join(compact.groups()) if compact else plain)
    if read_as.value is None:
        return Reading(
            fault=Told(
                "date-unreadable",
                "日期看不懂，或这一天不存在",
                "请写成 2026年10月30日 或 2026-10-30 的样式，年份写四位，年月日写全",
            )
        )
    return Reading(read_as.value)


def _read_choice(leaf: Leaf, plain: str) -> Reading:
    """Return the option; 一等 and 1等奖 mean 一等奖 where no other option begins so."""
    folded = "".join(plain.strip(_QUOTES).split())
    options = {"".join(unicodedata.normalize("NFKC", option).split()): option for option in leaf.options}
    if folded in options:
        return Reading(options[folded])
    spelled = folded.translate(_ORDINALS)
    near = [option for key, option in options.items() if len(spelled) > 1 and key.startswith(spelled)]
    if len(near) == 1:
        return Reading(near[0], notes=(Told("choice-completed", f"已读作「{near[0]}」", "请核对，并在名单里写全"),))
    listed = "、".join(f"「{option}」" for option in leaf.options)
    return Reading(fault=Told("not-an-option", "填写的不是可选的内容", f"请填其中之一：{listed}"))


def _read_names(words: str) -> Reading:
    """Return the names of a list: separated by marks, by breaks, or by spaces alone."""
    plain, numbered = _NUMBER.subn("", words) if _NUMBER.match(words) else (words, 0)
    parts = [part for part in _SEPARATORS.split(_DOT.sub(r"\1", plain)) if part.strip()]
    marked = len(parts) > 1
    names = [name for part in parts for name in (_one_spaced(part) if marked else _several_spaced(part))]
    if not all(names):
        return Reading(
            fault=Told(
                "names-unclear",
                "姓名之间或姓名中间有空格，分不清是几个人",
                "请用“、”隔开各个姓名，姓名中间不留空格",
            )
        )
    notes = _closed(_SEPARATORS.sub(" ", plain), names)
    if len(names) > len(parts):
        notes += (Told("names-split", f"姓名之间只有空格，已分成 {len(names)} 个人", "请核对人数，最好用“、”隔开"),)
    if numbered:
        notes += (Told("numbers-dropped", "已去掉姓名前的序号", "请核对成员名单"),)
    return Reading(names or None, notes=notes)


def _one_spaced(part: str) -> tuple[str]:
    """Return the one name in words that may have spaces between, "" where it may be several.

    张 三, 张 启明 and 欧阳 雪 are one name; 王伟 李四光 are not, and 欧阳 娜娜 could be either.
    """
    tokens = _DOT.sub(r"\1", part).split()
    lengths = [len(token) for token in tokens]
    if len(tokens) < _SHORTEST or not all(_HAN_ONLY.fullmatch(token) for token in tokens):
        return (" ".join(tokens),)
    apart = max(lengths) == 1 and len(tokens) <= _LONGEST
    given = lengths in ([1, 2], [2, 1]) and (lengths[0] == 1 or tokens[0] in COMPOUND)
    return ("".join(tokens) if apart or given else "",)


def _several_spaced(part: str) -> Iterator[str]:
    """Walk the names in words with nothing but spaces between; "" where that cannot be told.

    Two or three characters that stand by themselves, beside longer words, are one name: 李四光 王 伟.
    """
    tokens = _DOT.sub(r"\1", part).split()
    if len(tokens) == _SHORTEST and min(map(len, tokens)) == 1:
        yield from _one_spaced(part)
        return
    if not all(_HAN_ONLY.fullmatch(token) for token in tokens):
        yield " ".join(tokens)
        return
    for short, group in groupby(tokens, lambda token: len(token) == 1):
        some = list(group)
        if short:
            yield "".join(some) if _SHORTEST <= len(some) < _LONGEST else ""
        else:
            yield from ("" if token in COMPOUND else token for token in some)


def _closed(words: str, names: Sequence[str]) -> tuple[Told, ...]:
    """Tell where spaces inside a name were taken out."""
    tokens = words.split()
    if all(token in tokens for name in names for token in name.split()):
        return ()
    return (Told("spaces-removed", "已去掉姓名中间的空格", "请核对姓名"),)
