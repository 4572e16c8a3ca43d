"""Is every field of the form on paper? What no placeholder prints would be lost without a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docgen.errors import Place, TemplateFinding
from docgen.forms.shape import Group, Leaf, Node, Series

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet


def unused(printed: Group, used: AbstractSet[str]) -> tuple[TemplateFinding, ...]:
    """Return a finding for each field that is nowhere printed; ``used`` are paths as the walk gathers them."""
    return tuple(
        TemplateFinding(
            "unused-field", Place("全文"), f"字段 {path}（{title}）没有印出{why}", f"请在表上它的位置写占位符 {path}"
        )
        for path, title, why in _missing(printed, used, "")
    )


def _missing(node: Node, used: AbstractSet[str], path: str) -> Iterator[tuple[str, str, str]]:
    """Walk the shape and yield (path, title, why) for what is not on paper."""
    match node:
        case Leaf():
            if path not in used:
                yield from _missing_leaf(node, used, path)
        case Group():
            for name, child in node.fields.items():
                yield from _missing(child, used, f"{path}.{name}" if path else name)
        case Series():
            yield from _missing_items(node, used, path)


def _missing_leaf(leaf: Leaf, used: AbstractSet[str], path: str) -> Iterator[tuple[str, str, str]]:
    ticked = [option for option in leaf.options if f"{path}#{option}" in used]
    if not ticked:
        yield path, leaf.title, ""
        return
    for option in leaf.options:
        if option not in ticked:
            yield f'{path}|tick("{option}")', leaf.title, f"：缺少选项「{option}」的方框"


def _missing_items(series: Series, used: AbstractSet[str], path: str) -> Iterator[tuple[str, str, str]]:
    """Judge a list: a loop shows every item, fixed slots only where it cannot be longer and no slot is left out.

    A field may stand in a loop and its neighbour in slots, so each leaf of the item is judged by itself.
    """
    for inner, leaf in _inner(series.item):
        looped = list(_missing(leaf, used, f"{path}[]{inner}"))
        slotted = [list(_missing(leaf, used, f"{path}[{index}]{inner}")) for index in range(series.slots)]
        if not looped or (not any(slotted) and 0 < len(slotted) == series.maximum):
            continue
        slots = {f"{path}[{index}]{inner}" for index in range(series.slots)}
        if slotted and not any(slotted):
            most = f"最多 {series.maximum:,} 项" if series.maximum else "项数不限"
            yield f"{path}[]{inner}", leaf.title, f"：列表{most}，只印了 {series.slots} 格，请改用 for 循环"
        elif any(use.partition("#")[0] in slots for use in used):
            yield from (each for missing in slotted for each in missing)
        else:
            yield from looped


def _inner(node: Node, path: str = "") -> Iterator[tuple[str, Leaf | Series]]:
    """Walk down to leaves, but into no further list."""
    if isinstance(node, Group):
        for name, child in node.fields.items():
            yield from _inner(child, f"{path}.{name}")
    else:
        yield path, node
