"""The content controls of a Word template: without them a filled form cannot be read back by its tags."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from docgen.contract.spots import text_of
from docgen.contract.values import field_at, near
from docgen.errors import TemplateFinding
from docgen.forms.shape import Leaf, LeafKind, Node, Series
from docgen.render.controls import W14, W

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from docgen.contract.spots import Part
    from docgen.forms.form import Form
    from docgen.forms.shape import Group

_FIXED: Final = re.compile(r"\[\{\{.*?\}\}\]|\[\d+\]")
"""The number of a fixed slot in a tag: written out, or the loop's own."""
_PLACEHOLDER: Final = re.compile(r"\{\{\s*([\w.\[\]]+)\s*((?:\|[^}]*)?)\}\}")
_LOOP: Final = re.compile(r"\{%-?\w*\s*for\s+(\w+)\s+in\s+([\w.\[\]]+)\s*(\|\s*paragraphs)?")
_END: Final = re.compile(r"\{%-?\w*\s*endfor\b")


def check(part: Part, form: Form) -> Iterator[TemplateFinding]:
    """Walk controls whose tag names no field, and placeholders of fields that stand in no control."""
    yield from _unknown(part, form.printed)
    yield from _missing(part, form.printed)


def _unknown(part: Part, printed: Group) -> Iterator[TemplateFinding]:
    for control in part.root.iter(f"{W}sdt"):
        tag = control.find(f"{W}sdtPr/{W}tag")
        name = "" if tag is None else tag.get(f"{W}val", "")
        path, mark, option = _FIXED.sub("[]", name).partition("#")
        node = field_at(printed, path) if path else None
        if not name or _fits(node, option if mark else None, control):
            continue
        if node is None:
            detail, remedy = f"填写框的标记 {name} 不是字段", near(path, printed.fields, printed)
        elif mark:
            options = "、".join(node.options) if isinstance(node, Leaf) and node.options else "无"
            detail, remedy = f"填写框的标记 {name} 里没有这个选项", f"可用的选项：{options}"
        else:
            detail, remedy = f"填写框的标记 {name} 是一组字段或列表", f"请写到具体的字段；勾选框写作 {name}#选项"
        yield TemplateFinding("control-unknown", part.place(control, name), detail, f"在控件属性里改正标记：{remedy}")


def _fits(node: Node | None, option: str | None, control: etree._Element) -> bool:
    """Whether a tag names something that its control can hold."""
    if option is not None:
        return isinstance(node, Leaf) and option in node.options and control.find(f"{W}sdtPr/{W14}checkbox") is not None
    return isinstance(node, Leaf | Series)


def _missing(part: Part, printed: Group) -> Iterator[TemplateFinding]:
    """Find placeholders outside of controls; loops tell what their variables stand for."""
    names: list[tuple[str, str]] = []
    for paragraph in part.root.iter(f"{W}p"):
        text = text_of(paragraph)
        for loop in _LOOP.finditer(text):
            names.append((loop[1], _path(loop[2], names) + ("" if loop[3] else "[]")))
        for found in _PLACEHOLDER.finditer(text):
            path = _path(found[1], names)
            node = field_at(printed, path)
            picture = "picture" in found[2] or (isinstance(node, Leaf) and node.kind is LeafKind.PICTURE)
            if node is None or picture or _held(paragraph, found[0]):
                continue
            yield TemplateFinding(
                "control-missing",
                part.place(paragraph, found[0]),
                f"字段 {path}（{node.title}）不在填写框里，填好的表读不回这一项",
                f"选中占位符，在「开发工具」里插入格式文本内容控件，标记写作 {path}",
            )
        for _ in _END.finditer(text):
            if names:
                names.pop()


def _path(expression: str, names: list[tuple[str, str]]) -> str:
    """Return the field's path for an expression, loop variables replaced."""
    head, rest = re.match(r"(\w+)(.*)", expression, re.DOTALL).groups()  # type: ignore[union-attr]  # both patterns begin with a word
    known = next((path for name, path in reversed(names) if name == head), head)
    return _FIXED.sub("[]", known + rest)


def _held(paragraph: etree._Element, placeholder: str) -> bool:
    """Whether a placeholder of a paragraph stands in a control with a tag."""
    if any(_tagged(control) for control in paragraph.iterancestors(f"{W}sdt")):
        return True
    wanted = "".join(placeholder.split())
    return any(
        _tagged(control) and wanted in "".join("".join(text.text or "" for text in control.iter(f"{W}t")).split())
        for control in paragraph.iter(f"{W}sdt")
    )


def _tagged(control: etree._Element) -> bool:
    """Whether a control carries a tag and holds a value: rows that repeat hold others."""
    properties = control.find(f"{W}sdtPr")
    return (
        properties is not None
        and properties.find(f"{W}tag") is not None
        and not any("repeatingSection" in str(one.tag) for one in properties)
    )
