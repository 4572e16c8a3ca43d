"""Expressions of a template without a submission: which field a placeholder prints, which words it prints anyway."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import nodes

from docgen.forms.shape import Group, Node, Series
from docgen.reading.skeleton import Slot
from docgen.render.environment import sandbox

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docgen.forms.form import Form
    from docgen.reading.skeleton import Token
    from docgen.render.environment import TemplateSandbox


@dataclass(frozen=True)
class Scope:
    """What names stand for: fields, and loop variables by path; ``number`` is the loop's count where it is fixed."""

    fields: Mapping[str, Node]
    names: Mapping[str, Slot | str]
    groups: tuple[str, ...] = ()
    number: int | None = None
    optional: bool = False


@dataclass(frozen=True)
class Ways:
    """One of several, decided when the document is made."""

    ways: tuple[Token, ...]


Found = Slot | str | list[str] | Ways
_NO_FIELD = Slot("", None)


def evaluated(text: str, scope: Scope, form: Form) -> Found:
    """Return what an expression of a template stands for."""
    tree = _environment().parse(f"{{{{ {text} }}}}").body[0]
    return _value(tree.nodes[0] if isinstance(tree, nodes.Output) else tree, scope, form)


@cache
def _environment() -> TemplateSandbox:
    return sandbox()


def _value(node: nodes.Node, scope: Scope, form: Form) -> Found:
    found: Found = _NO_FIELD
    match node:
        case nodes.TemplateData():
            found = node.data
        case nodes.Const():
            found = str(node.value)
        case nodes.List():
            found = [str(one.value) for one in node.items if isinstance(one, nodes.Const)]
        case nodes.Name(name=name) if name not in {"form", "blank", "issue", "loop"}:
            found = scope.names.get(name) or Slot(name, scope.fields.get(name))
        case nodes.Getattr():
            found = _attribute(node, scope, form)
        case nodes.Getitem(node=inner, arg=nodes.Const(value=key)):
            found = _member(_value(inner, scope, form), key)
        case nodes.Filter(node=nodes.Node() as inner, name=name):
            base = _value(inner, scope, form)
            option = _value(node.args[0], scope, form) if node.args else ""
            found = replace(base, filter=name, option=str(option)) if isinstance(base, Slot) else base
        case nodes.CondExpr(expr1=one, expr2=other):
            sides = [_value(side, scope, form) for side in (one, other) if side is not None]
            found = Ways(tuple(side for side in sides if isinstance(side, Slot | str)))
    return found


def _attribute(node: nodes.Getattr, scope: Scope, form: Form) -> Found:
    match node:
        case nodes.Getattr(node=nodes.Name(name="form"), attr=attr):
            return form.title if attr == "title" else form.annex
        case nodes.Getattr(node=nodes.Name(name="loop"), attr="index") if scope.number is not None:
            return str(scope.number)
    return _member(_value(node.node, scope, form), node.attr)


def _member(base: Found, key: object) -> Slot:
    if isinstance(base, Slot):
        if isinstance(base.node, Group) and isinstance(key, str):
            return Slot(f"{base.path}.{key}", base.node.fields.get(key))
        if isinstance(base.node, Series) and isinstance(key, int):
            return Slot(f"{base.path}[{key}]", base.node.item)
    return _NO_FIELD
