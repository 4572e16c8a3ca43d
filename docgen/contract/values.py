"""What an expression of a template can stand for: a node of the form's shape, or something made from one."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Final

from jinja2 import nodes

from docgen.forms import certificate
from docgen.forms.form import Form, Kind
from docgen.forms.shape import Group, Leaf, LeafKind, Node, Series, leaves


@dataclass(frozen=True, slots=True)
class Data:
    """A place of the submission; ``path`` is written as in ``leaves``, a fixed index as ``topics[0].period``."""

    node: Node
    path: str


@dataclass(frozen=True, slots=True)
class Shown:
    """Printed words; ``uses`` are the paths, for choices with ``#option``, that are on paper once it is printed."""

    uses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a text, made by ``paragraphs``: to be looped over."""

    use: str


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal of the template."""

    value: object


@dataclass(frozen=True, slots=True)
class Listed:
    """A list written out in the template, of literals only."""

    items: tuple[Constant, ...]


@dataclass(frozen=True, slots=True)
class Flag:
    """A yes or no: for ``if`` only."""


@dataclass(frozen=True, slots=True)
class Loop:
    """Jinja's ``loop`` inside a ``for``."""


@dataclass(frozen=True, slots=True)
class Either:
    """One of several, decided at render time."""

    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Module:
    """The macros of a file of the house."""

    macros: Mapping[str, Macro]
    file: str


@dataclass(frozen=True, slots=True)
class Macro:
    """One macro of the house, with the names that its body can see."""

    node: nodes.Macro
    scope: Scope
    file: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Already reported: silent from here on, so that one slip gives one finding."""


Value = Data | Shown | Lines | Constant | Listed | Flag | Loop | Either | Module | Macro | Unknown
Scope = Mapping[str, Value]

LOOP_NAMES: Final = frozenset({"index", "index0", "first", "last"})
"""What templates may ask of ``loop``."""

_FORM: Final = Data(
    Group("表", {"title": Leaf("表的标题", LeafKind.LINE), "annex": Leaf("附件编号", LeafKind.LINE)}), "form"
)
_PAGE: Final = Data(Leaf("页面设置", LeafKind.LINE), "page")
_BORDER_LEAF: Final = Leaf("是否印边框", LeafKind.CHOICE)
_BLANK_LEAF: Final = Leaf("是否空白表", LeafKind.CHOICE)
_ISSUE: Final = Group(
    "签发信息",
    {
        "number": Leaf("证书编号", LeafKind.LINE),
        "code": Leaf("查询码", LeafKind.LINE),
        "url": Leaf("查询网址", LeafKind.LINE),
        "host": Leaf("查询网站", LeafKind.LINE),
        "mark": Leaf("水印文字", LeafKind.LINE),
        "border": _BORDER_LEAF,
    },
)
"""What issuing adds to a certificate: docgen.certificates.issue.Issue."""
_PAIRS: Final = Series(
    "颁发单位（每行两家）",
    Group("一行", {"first": Leaf("第一家", LeafKind.LINE), "second": Leaf("第二家", LeafKind.LINE)}),
)
_FIT: Final = Group(
    "排版",
    {
        "size": Leaf("文字字号", LeafKind.NUMBER),
        "line": Leaf("文字行距", LeafKind.NUMBER),
        "note_size": Leaf("附注字号", LeafKind.NUMBER),
        "note_indent": Leaf("附注首行缩进", LeafKind.NUMBER),
        "issuer_size": Leaf("落款字号", LeafKind.NUMBER),
        "above": Leaf("文字上方留空", LeafKind.NUMBER),
        "recipient_right": Leaf("抬头右缩进", LeafKind.NUMBER),
        "words_right": Leaf("正文右缩进", LeafKind.NUMBER),
        "notes_right": Leaf("附注右缩进", LeafKind.NUMBER),
        "issuer_inset": Leaf("落款缩进", LeafKind.NUMBER),
        "notes": Series("附注", Leaf("附注", LeafKind.LINE)),
        "pairs": _PAIRS,
        "words_height": Leaf("文字区高度", LeafKind.NUMBER),
        "issuers_width": Leaf("落款区宽度", LeafKind.NUMBER),
    },
)
"""How a certificate is set: docgen.render.fitting.Fit."""


def names_of_engine(form: Form, *, html: bool) -> Scope:
    """Return what the engines pass on beside the fields: docgen.render.docx and docgen.render.html."""
    names: dict[str, Value] = {"form": _FORM, "blank": Data(_BLANK_LEAF, "blank")}
    if html:
        names["page"] = _PAGE
    if form.kind is Kind.CERTIFICATE:
        names |= {"issue": Data(_ISSUE, "issue"), "fit": Data(_FIT, "fit")}
    return names


def must_print(form: Form) -> Group:
    """Return what must be on paper: the form's fields, and on a certificate what somebody needs to verify it."""
    if form.kind is not Kind.CERTIFICATE:
        return form.printed
    needed = {name: leaf for name, leaf in _ISSUE.fields.items() if name in {"number", "code", "host", "mark"}}
    return replace(form.printed, fields={**form.printed.fields, "issue": replace(_ISSUE, fields=needed)})


def on_paper(form: Form, used: AbstractSet[str]) -> set[str]:
    """Return the paths on paper, those included that a certificate prints by other names.

    Its words say every required line (the model sees to it), its notes the rest, its pairs the issuers.
    """
    found = set(used)
    if form.kind is not Kind.CERTIFICATE:
        return found
    if set(certificate.WORDS) <= found:
        found |= {name for name in certificate.labels(form.shape).values() if form.shape.fields[name].required}
    if "fit.notes[]" in found:
        found |= {path for path, _ in leaves(form.shape) if path.endswith("[]") and path != "issuers[]"}
        found |= {name for name in certificate.labels(form.shape).values() if not form.shape.fields[name].required}
    if {"fit.pairs[].first", "fit.pairs[].second"} <= found:
        found.add("issuers[]")
    return found


def is_flag(node: Node) -> bool:
    """Whether the value is a yes or no."""
    return node is _BORDER_LEAF or node is _BLANK_LEAF


def near(wanted: str, siblings: Mapping[str, Node], root: Group) -> str:
    """Return what a wrong name was probably meant to be, with its Chinese title, as a remedy."""
    if close := difflib.get_close_matches(wanted, siblings, n=1, cutoff=0.6):
        return f"是否指 {close[0]}（{siblings[close[0]].title}）？"
    everywhere = {path.rsplit(".", 1)[-1].removesuffix("[]"): (path, leaf) for path, leaf in leaves(root)}
    if close := difflib.get_close_matches(wanted, everywhere, n=1, cutoff=0.6):
        path, leaf = everywhere[close[0]]
        return f"是否指 {path}（{leaf.title}）？"
    return f"可用的名称：{'、'.join(f'{name}（{node.title}）' for name, node in siblings.items()) or '无'}"


def field_at(root: Group, path: str) -> Node | None:
    """Return the node at a path as ``Data`` writes it, or None."""
    node: Node | None = root
    for step in path.replace("[", ".[").split("."):
        if step.startswith("["):
            node = node.item if isinstance(node, Series) else None
        else:
            node = node.fields.get(step) if isinstance(node, Group) else None
    return node


def expression(node: nodes.Node) -> str:
    """Write a placeholder as it stands in the template: ``topics[0].topik``."""
    words = "…"
    match node:
        case nodes.Name():
            words = node.name
        case nodes.Getattr():
            words = f"{expression(node.node)}.{node.attr}"
        case nodes.Getitem(arg=nodes.Const()):
            words = f"{expression(node.node)}[{expression(node.arg)}]"
        case nodes.Filter(node=nodes.Node() as inner):
            words = f"{expression(inner)}|{node.name}"
        case nodes.Call():
            words = f"{expression(node.node)}({', '.join(expression(argument) for argument in node.args)})"
        case nodes.Const():
            words = json.dumps(node.value, ensure_ascii=False)
        case nodes.Block():
            words = f"block {node.name}"
        case nodes.Extends() | nodes.Include() | nodes.Import() | nodes.FromImport():
            words = expression(node.template)
    return words


def either(values: Iterable[Value]) -> Value:
    """Return one value for several alternatives."""
    found: list[Value] = []
    for value in values:
        found += [one for one in each(value) if one not in found]
    return found[0] if len(found) == 1 else Either(tuple(found))


def each(value: Value) -> Iterator[Value]:
    """Walk the alternatives."""
    if isinstance(value, Either):
        for one in value.values:
            yield from each(one)
    else:
        yield value
