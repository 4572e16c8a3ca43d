"""Validation errors as Chinese sentences with the printed label of the place. Values are never repeated."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from pydantic_core import ErrorDetails

from docgen.errors import Fault
from docgen.forms.shape import Group, Leaf, Node, Series

MOST_FAULTS: Final = 200
"""More faults than a person reads are cut, and said to be."""

_WRONG_KIND: Final = MappingProxyType(
    {
        "string_type": "应为文字（用引号括起）",
        "int_type": "应为整数",
        "int_from_float": "应为整数",
        "bool_type": "应为 true 或 false",
        "list_type": "应为列表（用方括号括起）",
        "dict_type": "应为一组字段（用花括号括起）",
        "model_type": "应为一组字段（用花括号括起）",
        "string_unicode": "含有残缺的 Unicode 字符（单独的代理项），请删除后重新输入",
    }
)


def faults_of(errors: Sequence[ErrorDetails], shape: Group, sentences: Mapping[str, str]) -> tuple[Fault, ...]:
    """Translate pydantic's error list; the order of the form is kept."""
    faults = [_fault(error, shape, sentences) for error in errors[:MOST_FAULTS]]
    if len(errors) > MOST_FAULTS:
        rest = len(errors) - MOST_FAULTS
        faults.append(Fault("", shape.title, "more_faults", f"另有 {rest} 处问题未列出，请先改正以上各处"))
    return tuple(faults)


def label_of(loc: Sequence[int | str], shape: Node) -> str:
    """Return the printed labels along a path: 近三年课题成果第 2 项·活动时间."""
    return _walk(loc, shape)[0]


def label_at(pointer: str, shape: Node) -> str:
    """Return the label of a JSON pointer."""
    return label_of([int(step) if step.isdecimal() else step for step in pointer.split("/")[1:]], shape)


def _walk(loc: Sequence[int | str], shape: Node) -> tuple[str, Node | None, str]:
    """Return the label of a path, its node, and the rule nearest to it."""
    pieces: list[str] = []
    node: Node | None = shape
    rule = ""
    for step in loc:
        if isinstance(node, Group) and step in node.fields:
            node = node.fields[str(step)]
            pieces.append(node.title)
        elif isinstance(node, Series) and isinstance(step, int):
            name = "" if pieces else node.title
            pieces[-1:] = [f"{pieces[-1] if pieces else name}第 {step + 1} 项"]
            node = node.item
        elif isinstance(node, Leaf) and isinstance(step, int):
            pieces[-1:] = [f"{pieces[-1]}第 {step + 1} 项"]
        elif isinstance(node, Leaf) and step in {"start", "end"}:
            pieces.append("开始年月" if step == "start" else "结束年月")
        else:
            pieces.append(str(step)[:40])
            node = None
        rule = (node.rule if node else "") or rule
    return "·".join(pieces) or shape.title, node, rule


def _fault(error: ErrorDetails, shape: Group, sentences: Mapping[str, str]) -> Fault:
    loc = error["loc"]
    label, node, rule = _walk(loc, shape)
    pointer = "".join(f"/{str(step)[:80].replace('~', '~0').replace('/', '~1')}" for step in loc)
    pointer = pointer.encode("utf-8", "replace").decode()
    label = label.encode("utf-8", "replace").decode()
    detail = _detail(error, node, shape, loc)
    limit_hit = error["type"] in {"too_many_words", "too_long", "too_short", "several_names"}
    code = _CODES.get(error["type"], error["type"])
    return Fault(pointer, label, code, detail, rule if limit_hit else "", sentences.get(rule, "") if limit_hit else "")


_CODES: Final = MappingProxyType(
    {"missing": "missing", "extra_forbidden": "unknown_field", "literal_error": "not_an_option", "string_unicode": "bad_character"}
    | dict.fromkeys(set(_WRONG_KIND) - {"string_unicode"}, "wrong_type")
)


def _detail(error: ErrorDetails, node: Node | None, shape: Group, loc: Sequence[int | str]) -> str:
    kind = error["type"]
    context: dict[str, Any] = error.get("ctx") or {}
    if kind in _WRONG_KIND:
        return _WRONG_KIND[kind]
    if kind == "extra_forbidden":
        return _unknown_field(shape, loc)
    if kind in _SENTENCES:
        return _SENTENCES[kind](context, node)
    if "error" in context or not error["msg"].isascii():
        return error["msg"]
    return "填写的内容不符合要求，请对照字段说明改正"


def _options(_: Mapping[str, Any], node: Node | None) -> str:
    options = node.options if isinstance(node, Leaf) else ()
    return f"只能填：{'、'.join(options)}" if options else "不在可选范围内"


_SENTENCES: Final[Mapping[str, Callable[[Mapping[str, Any], Node | None], str]]] = MappingProxyType(
    {
        "missing": lambda _, __: "必须填写",
        "too_long": lambda ctx, _: f"最多 {ctx['max_length']} 项，现为 {ctx['actual_length']} 项，请删去多余的",
        "too_short": lambda ctx, _: f"至少 {ctx['min_length']} 项，现为 {ctx['actual_length']} 项，请补齐",
        "literal_error": _options,
        "greater_than_equal": lambda ctx, _: f"不能小于 {ctx['ge']}",
        "less_than_equal": lambda ctx, _: f"不能大于 {ctx['le']}",
    }
)


def _unknown_field(shape: Group, loc: Sequence[int | str]) -> str:
    node: Node | None = shape
    for step in loc[:-1]:
        if isinstance(node, Group):
            node = node.fields.get(str(step))
        elif isinstance(node, Series):
            node = node.item
    known = node.fields if isinstance(node, Group) else {}
    near = difflib.get_close_matches(str(loc[-1]), known, n=1)
    if near:
        return f"没有这个字段，是否指 {near[0]}（{known[near[0]].title}）？"
    return f"没有这个字段，请删除；可用的字段：{'、'.join(known) or '无'}"
