"""JSON text to plain values, refusing what JSON readers usually let pass: duplicate names, NaN, bombs."""

from __future__ import annotations

import json
import math
from typing import Final, NoReturn

from docgen.errors import UnreadableInputError, quoted

_MAX_NAMES: Final = 500
"""Names in one object; no form has a fiftieth of it."""
_MAX_DEPTH: Final = 32
"""Objects and lists inside each other; no form has a sixth of it."""
_MAX_DIGITS: Final = 40
_MAX_MARKS: Final = 1_000_000
"""Commas and opening brackets: each may become an object of a hundred bytes, which pictures in base64 do not."""

_CHINESE_MARKS: Final = "“”‘’，：；｛｝【】［］"
"""What a Chinese keyboard gives where JSON wants its ASCII twin."""


class _RefusedError(ValueError):
    """Raised inside the reader's hooks."""


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(pairs) > _MAX_NAMES:
        raise _RefusedError(f"一个对象里有 {len(pairs)} 个字段，最多 {_MAX_NAMES} 个")
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise _RefusedError(f"同一对象里字段{quoted(name)}出现了两次，请只保留一个")
        found[name] = value
    return found


def _constant(name: str) -> NoReturn:
    raise _RefusedError(f"{name} 不是 JSON 的数值")


def _integer(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        raise _RefusedError(f"数字超过 {_MAX_DIGITS} 位")
    return int(digits)


def _decimal(digits: str) -> float:
    value = float(digits) if len(digits) <= _MAX_DIGITS else math.inf
    if not math.isfinite(value):
        raise _RefusedError(f"数字超过 {_MAX_DIGITS} 位，或者大得无法表示")
    return value


def _remedy(error: json.JSONDecodeError) -> str:
    """Return how to mend the place where the reader stopped."""
    if error.doc[error.pos : error.pos + 1] in tuple(_CHINESE_MARKS):
        return "该处是中文标点，请改为英文（半角）标点"
    if error.msg.startswith("Invalid control character"):
        return "文字中间不能直接换行或用制表符，换行请写作 \\n"
    if error.msg.startswith("Invalid \\"):
        return "文字中的反斜杠请写作 \\\\"
    return "请检查该处的引号、逗号和括号"


def _refuse_depth(value: object) -> None:
    level = [value]
    for _ in range(_MAX_DEPTH):
        level = [
            child
            for node in level
            for child in (node.values() if isinstance(node, dict) else node if isinstance(node, list) else ())
            if isinstance(child, dict | list)
        ]
        if not level:
            return
    raise _RefusedError(f"嵌套超过 {_MAX_DEPTH} 层，表的数据只有三四层，请检查括号")


def _decode(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableInputError(
            f"第 {error.start + 1} 个字节不是 UTF-8 编码", "请把文件另存为 UTF-8 编码后重试"
        ) from None
    if "\0" in text:
        raise UnreadableInputError("内容含有空字节，像是 UTF-16 编码", "请把文件另存为 UTF-8 编码后重试")
    if not text.strip():
        raise UnreadableInputError("内容是空的", "请提供填报数据的 JSON")
    if sum(map(text.count, ",[{")) > _MAX_MARKS:
        raise UnreadableInputError(f"内容超过 {_MAX_MARKS:,} 项", "请减少行数，分几次提交")
    return text


def parse(data: bytes, limit: int) -> object:
    """Return the value of a JSON text in UTF-8 of at most ``limit`` bytes; a byte order mark is accepted."""
    if len(data) > limit:
        raise UnreadableInputError(
            f"内容有 {len(data):,} 字节，最多接受 {limit:,} 字节", "请减少行数或文字，缩小图片，或分几次提交"
        )
    text = _decode(data)
    try:
        value: object = json.loads(
            text, object_pairs_hook=_pairs, parse_constant=_constant, parse_int=_integer, parse_float=_decimal
        )
        _refuse_depth(value)
    except json.JSONDecodeError as error:
        raise UnreadableInputError(
            f"不是完整的 JSON：第 {error.lineno} 行第 {error.colno} 列读不下去", _remedy(error)
        ) from None
    except _RefusedError as error:
        raise UnreadableInputError(f"JSON 的内容不可接受：{error}", "请改正后重试") from None
    except RecursionError:
        raise UnreadableInputError("JSON 嵌套太深", "表的数据只有三四层，请检查括号") from None
    return value
