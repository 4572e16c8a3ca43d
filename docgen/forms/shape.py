"""The shape of a submission as a tree of plain nodes, read once from the pydantic model.

Messages find Chinese labels in it, templates are checked against it, ``view`` fills it with printed values, and the
HTTP listing of fields is this tree written flat.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, Literal

from pydantic import BaseModel

from docgen.fields import MONTH, FromRule, Line, Period, Slots, Unprinted, Words
from docgen.pictures import PictureFile

if typing.TYPE_CHECKING:
    from pydantic.fields import FieldInfo


class LeafKind(StrEnum):
    """How one value is printed and filled in."""

    LINE = "line"
    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    MONTH = "month"
    PERIOD = "period"
    CHOICE = "choice"
    CHOICES = "choices"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value."""

    title: str
    kind: LeafKind
    required: bool = True
    printed: bool = True
    limit: int | None = None
    options: tuple[str, ...] = ()
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Named values that belong together."""

    title: str
    fields: Mapping[str, Node]
    required: bool = True
    printed: bool = True
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """A list; ``slots`` places are printed at least, filled or not; ``least_rule`` is where its minimum comes from."""

    title: str
    item: Node
    slots: int = 0
    required: bool = True
    printed: bool = True
    rule: str = ""
    least_rule: str = ""
    maximum: int | None = None


Node = Leaf | Group | Series


def shape_of(model: type[BaseModel], title: str = "") -> Group:
    """Return the tree of a model; a field without a Chinese title is a programming error."""
    return Group(title=title, fields={name: _node(name, info) for name, info in model.model_fields.items()})


def _node(name: str, info: FieldInfo) -> Node:
    if not info.title:
        raise TypeError(f"field {name} has no title")
    return _build(info.annotation, info.metadata, info.title, required=info.is_required())


def _build(annotation: Any, metadata: Sequence[object], title: str, *, required: bool = True) -> Node:  # noqa: ANN401  a type expression
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        inner, *more = typing.get_args(annotation)
        return _build(inner, [*more, *metadata], title, required=required)
    if origin in (typing.Union, types.UnionType):
        (inner,) = (arg for arg in typing.get_args(annotation) if arg is not type(None))
        return _build(inner, metadata, title, required=False)
    printed = not any(isinstance(mark, Unprinted) for mark in metadata)
    source = next((mark for mark in metadata if isinstance(mark, FromRule)), FromRule(""))
    rule = source.rule
    if origin is list:
        (item,) = typing.get_args(annotation)
        if typing.get_origin(item) is Literal:
            return Leaf(title, LeafKind.CHOICES, required, printed, options=typing.get_args(item), rule=rule)
        return Series(
            title,
            _build(item, (), title),
            slots=next((mark.count for mark in metadata if isinstance(mark, Slots)), 0),
            required=required,
            printed=printed,
            rule=rule,
            least_rule=source.least or rule,
            maximum=next((length for mark in metadata if (length := getattr(mark, "max_length", None))), None),
        )
    if isinstance(annotation, type) and issubclass(annotation, BaseModel) and annotation is not Period:
        return Group(title, shape_of(annotation).fields, required, printed, rule)
    kind, options = _leaf_kind(annotation, metadata)
    limit = next((mark.limit for mark in metadata if isinstance(mark, Words | Line)), None)
    return Leaf(title, kind, required, printed, limit, options, rule)


_SIMPLE: Final = MappingProxyType(
    {Period: LeafKind.PERIOD, date: LeafKind.DATE, int: LeafKind.INTEGER, Decimal: LeafKind.NUMBER}
)


def _leaf_kind(annotation: Any, metadata: Sequence[object]) -> tuple[LeafKind, tuple[str, ...]]:  # noqa: ANN401  a type expression
    if typing.get_origin(annotation) is Literal:
        return LeafKind.CHOICE, typing.get_args(annotation)
    if annotation in _SIMPLE:
        return _SIMPLE[annotation], ()
    if annotation is not str:
        raise TypeError(f"no printed kind for {annotation!r}")
    if any(mark is MONTH for mark in metadata):
        return LeafKind.MONTH, ()
    if any(isinstance(mark, PictureFile) for mark in metadata):
        return LeafKind.PICTURE, ()
    return (LeafKind.TEXT if any(isinstance(mark, Words) for mark in metadata) else LeafKind.LINE), ()


def leaves(node: Node, path: str = "") -> Iterator[tuple[str, Leaf]]:
    """Walk all values as (path, leaf); list items stand as ``items[].opinion``."""
    match node:
        case Leaf():
            yield path, node
        case Group():
            for name, child in node.fields.items():
                yield from leaves(child, f"{path}.{name}" if path else name)
        case Series():
            yield from leaves(node.item, f"{path}[]")


def printed(node: Group) -> Group:
    """Return the shape without what no template may show."""
    return replace(node, fields={name: _shown(child) for name, child in node.fields.items() if child.printed})


def _shown(node: Node) -> Node:
    match node:
        case Group():
            return printed(node)
        case Series():
            return replace(node, item=_shown(node.item))
        case Leaf():
            return node


def view(node: Node, value: object, hang: Callable[[str], Mapping[str, object] | None] = lambda _: None) -> object:
    """Fill the shape with plain values for a template: no attribute is ever missing, nothing live is passed on.

    ``value`` is JSON-like data of a valid submission, or None for a blank form. Missing lines become "", missing dates,
    periods and pictures None, lists are padded with blanks to their slots. ``hang`` takes a picture's file in base64
    and returns what stands for it in a template; without it no picture is shown.
    """
    match node:
        case Leaf(kind=LeafKind.PICTURE):
            return hang(value) if isinstance(value, str) else None
        case Leaf(kind=LeafKind.CHOICES):
            return list(value) if isinstance(value, list) else []
        case Leaf(kind=LeafKind.DATE | LeafKind.MONTH | LeafKind.PERIOD):
            return value
        case Leaf():
            return "" if value is None else value
        case Group():
            given = value if isinstance(value, Mapping) else {}
            return {name: view(child, given.get(name), hang) for name, child in node.fields.items()}
        case Series():
            items = list(value) if isinstance(value, list) else []
            items += [None] * (node.slots - len(items))
            return [view(node.item, item, hang) for item in items]


def texts(value: object, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Walk all texts of JSON-like data as (JSON pointer, text)."""
    match value:
        case str():
            yield pointer, value
            return
        case Mapping():
            children: Iterable[tuple[object, object]] = value.items()
        case list():
            children = enumerate(value)
        case _:
            return
    for name, child in children:
        if isinstance(child, str):  # most are; a walk of its own for each would take twice as long
            yield f"{pointer}/{name}", child
        else:
            yield from texts(child, f"{pointer}/{name}")
