"""JSON text to plain values, refusing what JSON readers usually let pass: duplicate names, NaN, bombs."""

from __future__ import annotations

import json
from typing import Final, NoReturn

from docgen.errors import UnreadableInputError

_MAX_NAMES: Final = 500
"""Names in one object; no form has a fiftieth of it."""
_MAX_DIGITS: Final = 40


class _RefusedError(ValueError):
    """Raised inside the reader's hooks."""


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(pairs) > _MAX_NAMES:
        raise _RefusedError(f"一个对象里有 {len(pairs)} 个字段，最多 {_MAX_NAMES} 个")
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise _RefusedError(f"同一对象里字段 {json.dumps(name[:40])} 出现了两次，请只保留一个")
        found[name] = value
    return found


def _constant(name: str) -> NoReturn:
    raise _RefusedError(f"{name} 不是 JSON 的数值")


def _integer(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        raise _RefusedError(f"数字超过 {_MAX_DIGITS} 位")
    return int(digits)


def parse(data: bytes, limit: int) -> object:
    """Return the value of a JSON text in UTF-8 of at most ``limit`` bytes; a byte order mark is accepted."""
    if len(data) > limit:
        raise UnreadableInputError(
            f"内容有 {len(data):,} 字节，最多接受 {limit:,} 字节", "请减少行数或文字，分几次提交"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableInputError(
            f"第 {error.start + 1} 个字节不是 UTF-8 编码", "请把文件另存为 UTF-8 编码后重试"
        ) from None
    try:
        value: object = json.loads(text, object_pairs_hook=_pairs, parse_constant=_constant, parse_int=_integer)
    except json.JSONDecodeError as error:
        raise UnreadableInputError(
            f"不是完整的 JSON：第 {error.lineno} 行第 {error.colno} 列读不下去",
            "请检查该处的引号、逗号和括号",
        ) from None
    except _RefusedError as error:
        raise UnreadableInputError(f"JSON 的内容不可接受：{error}", "请改正后重试") from None
    except RecursionError:
        raise UnreadableInputError("JSON 嵌套太深", "表的数据最多三四层，请检查结构") from None
    return value
