"""Validation errors as Chinese sentences with the printed label of the place. Values are never repeated."""

from __future__ import annotations

import difflib
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, get_args

from pydantic_core.core_schema import ErrorType

from docgen.errors import Fault, quoted
from docgen.forms.shape import Group, Leaf, LeafKind, Node, Series

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pydantic_core import ErrorDetails

MOST_FAULTS: Final = 200
"""More faults than a person reads are cut, and said to be."""

_LONGEST_NAME: Final = 80
"""Characters of an unknown field's name that a pointer repeats; no form has a name half as long."""

_PERIOD: Final = MappingProxyType({"start": "开始年月", "end": "结束年月"})

_WRONG_KIND: Final = MappingProxyType(
    {
        "string_type": "应为文字（用引号括起）",
        "int_type": "应为整数",
        "int_from_float": "应为整数",
        "list_type": "应为列表（用方括号括起）",
        "model_type": "应为一组字段（用花括号括起）",
    }
)

_CODES: Final = MappingProxyType(
    {"extra_forbidden": "unknown_field", "literal_error": "not_an_option", "string_unicode": "bad_character"}
    | dict.fromkeys(_WRONG_KIND, "wrong_type")
)

_LIMITS: Final = frozenset({"too_many_words", "too_long", "several_names"})
"""Errors that quote the sentence of a field's rule; ``too_short`` has its own."""

_BUILT_IN: Final = frozenset(get_args(ErrorType))
"""Errors whose message is pydantic's, in English; all others are raised in ``fields`` with a Chinese one."""


def faults_of(errors: Sequence[ErrorDetails], shape: Group, sentences: Mapping[str, str]) -> tuple[Fault, ...]:
    """Translate pydantic's error list; the order of the form is kept."""
    faults = [_fault(error, shape, sentences) for error in errors[:MOST_FAULTS]]
    if len(errors) > MOST_FAULTS:
        rest = len(errors) - MOST_FAULTS
        faults.append(Fault("", shape.title, "more_faults", f"另有 {rest} 处问题未列出，请先改正以上各处"))
    return tuple(faults)


def pointer_to(steps: Sequence[int | str]) -> str:
    """Return the RFC 6901 pointer of a path; a lone surrogate, which no pointer can hold, becomes "?"."""
    escaped = (str(step)[:_LONGEST_NAME].replace("~", "~0").replace("/", "~1") for step in steps)
    return "".join(f"/{step}" for step in escaped).encode("utf-8", "replace").decode()


def label_at(pointer: str, shape: Group) -> str:
    """Return the printed labels along the JSON pointer of a remark: 近三年课题成果第 2 项·活动时间."""
    return _walk([int(step) if step.isdecimal() else step for step in pointer.split("/")[1:]], shape)[0]


def _walk(loc: Sequence[int | str], shape: Group) -> tuple[str, Node | None]:
    """Return the label of a path and its node; None where the shape has no such place."""
    pieces: list[str] = []
    node: Node | None = shape
    for step in loc:
        match node:
            case Group() if step in node.fields:
                node = node.fields[str(step)]
                pieces.append(node.title)
            case Series() if isinstance(step, int):
                pieces[-1] += f"第 {step + 1} 项"
                node = node.item
            case Leaf(kind=LeafKind.CHOICES) if isinstance(step, int):
                pieces[-1] += f"第 {step + 1} 项"
            case Leaf(kind=LeafKind.PERIOD) if step in _PERIOD:
                pieces.append(_PERIOD[str(step)])
            case _:
                pieces.append(f"字段{quoted(step)}")
                node = None
    return "·".join(pieces) or shape.title, node


def _fault(error: ErrorDetails, shape: Group, sentences: Mapping[str, str]) -> Fault:
    loc, kind = error["loc"], error["type"]
    label, node = _walk(loc, shape)
    rule = _rule(kind, node)
    detail = _unknown_field(loc, shape) if kind == "extra_forbidden" else _detail(error, node)
    return Fault(pointer_to(loc), label, _CODES.get(kind, kind), detail, rule, sentences.get(rule, ""))


def _rule(kind: str, node: Node | None) -> str:
    """Return the rule whose sentence was broken, or "" where the limit is not the notice's."""
    if kind == "too_short":
        return node.least_rule if isinstance(node, Series) else ""
    return node.rule if node and kind in _LIMITS else ""


def _detail(error: ErrorDetails, node: Node | None) -> str:
    kind = error["type"]
    if kind in _WRONG_KIND:
        if isinstance(node, Leaf) and node.kind is LeafKind.PERIOD and kind == "model_type":
            return '应写明开始年月和结束年月，写作 {"start": "2024-03", "end": "2025-02"} 的样式'
        return _WRONG_KIND[kind]
    if kind in _SENTENCES:
        return _SENTENCES[kind](error.get("ctx") or {}, node)
    if kind in _BUILT_IN:
        return "填写的内容不符合要求，请对照字段说明改正"
    return error["msg"]


def _options(_: Mapping[str, Any], node: Node | None) -> str:
    options = node.options if isinstance(node, Leaf) else ()
    return f"只能填{'或'.join(f'「{option}」' for option in options)}" if options else "不在可选范围内"


def _surrogate(_: Mapping[str, Any], node: Node | None) -> str:
    what = "有一个字段名" if isinstance(node, Group) else "文字"
    return f"{what}含有残缺的 Unicode 字符（单独的代理项），请删除该字符后重新输入"


_SENTENCES: Final[Mapping[str, Callable[[Mapping[str, Any], Node | None], str]]] = MappingProxyType(
    {
        "missing": lambda _, __: "必须填写",
        "too_long": lambda ctx, _: f"最多 {ctx['max_length']} 项，现为 {ctx['actual_length']} 项，请删去多余的",
        "too_short": lambda ctx, _: f"至少 {ctx['min_length']} 项，现为 {ctx['actual_length']} 项，请补齐",
        "literal_error": _options,
        "string_unicode": _surrogate,
        "greater_than_equal": lambda ctx, _: f"不能小于 {ctx['ge']}",
        "less_than_equal": lambda ctx, _: f"不能大于 {ctx['le']}",
    }
)


def _unknown_field(loc: Sequence[int | str], shape: Group) -> str:
    _, parent = _walk(loc[:-1], shape)
    known: Mapping[str, str] = {}
    if isinstance(parent, Group):
        known = {name: node.title for name, node in parent.fields.items()}
    elif isinstance(parent, Leaf) and parent.kind is LeafKind.PERIOD:
        known = _PERIOD
    names = {title: name for name, title in known.items()} | {name: name for name in known}
    near = difflib.get_close_matches(str(loc[-1])[:_LONGEST_NAME], names, n=1)
    if near:
        name = names[near[0]]
        return f"没有这个字段，是否指 {name}（{known[name]}）？"
    return f"没有这个字段，请删除；可用的字段：{'、'.join(known)}" if known else "此处不填任何字段，请删除"
