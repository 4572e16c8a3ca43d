"""Content controls around placeholders, tagged with the field's path (see docgen/render/controls.py)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lxml import etree

from docgen.contract.values import field_at
from docgen.drafting.elements import element
from docgen.forms.shape import Leaf, LeafKind, Series
from docgen.layout import Face
from docgen.render.controls import W14

if TYPE_CHECKING:
    from docgen.forms.shape import Group, Node


class Controls:
    """Knows what each expression of a template stands for, and wraps it accordingly."""

    def __init__(self, fields: Group) -> None:
        """Start outside any loop; ``fields`` is the form's printed shape."""
        self._fields = fields
        self.loops: dict[str, str] = {}

    def enter(self, name: str, series: str) -> None:
        """Remember what a loop's variable stands for: fixed slots are told apart by number, rows by their place."""
        if place := self.place(series):
            path, node = place
            fixed = isinstance(node, Series) and node.slots and node.slots == node.maximum
            self.loops[name] = f"{path}[{{{{ loop.index0 }}}}]" if fixed else f"{path}[]"

    def place(self, expression: str) -> tuple[str, Node] | None:
        """Return path and node of a field; None for what is no field (``loop.index``, ``issue.code``)."""
        head, dot, rest = expression.partition(".")
        path = self.loops.get(head, head) + dot + rest
        node = field_at(self._fields, re.sub(r"\[\{\{.*?\}\}\]", "[]", path))
        return (path, node) if node else None

    def wrap(self, content: Any, path: str, node: Node) -> None:
        """Wrap a run, or paragraphs, into a content control that is tagged with the field's path."""
        first = content[0] if isinstance(content, list) else content
        control, properties, inner = element("sdt"), element("sdtPr"), element("sdtContent")
        properties.append(element("alias", val=node.title[:64]))
        properties.append(element("tag", val=path))
        kind = getattr(node, "kind", None)
        if kind is LeafKind.DATE:
            date = element("date")
            date.append(element("dateFormat", val="yyyy年M月d日"))
            date.append(element("lid", val="zh-CN"))
            date.append(element("storeMappedDataAs", val="date"))
            date.append(element("calendar", val="gregorian"))
            properties.append(date)
        elif kind is LeafKind.CHOICE and isinstance(node, Leaf):
            choices = element("dropDownList")
            for option in node.options:
                choices.append(element("listItem", displayText=option, value=option))
            properties.append(choices)
        control.append(properties)
        control.append(inner)
        first.addprevious(control)
        for one in content if isinstance(content, list) else [content]:
            inner.append(one)

    def tick_box(self, run: Any, chosen: str, option: str) -> None:
        """Make the run of a tick symbol a box that ticks."""
        place = self.place(chosen)
        if place is None:
            return
        self.wrap(run, f"{place[0]}#{option.strip(chr(34))}", Leaf(place[1].title, LeafKind.LINE))
        properties: Any = run.getparent().getprevious()
        box = etree.SubElement(properties, f"{W14}checkbox")
        etree.SubElement(box, f"{W14}checked").set(f"{W14}val", "0")
        for state, code in (("checkedState", "2611"), ("uncheckedState", "25A1")):
            shown = etree.SubElement(box, f"{W14}{state}")
            shown.set(f"{W14}val", code)
            shown.set(f"{W14}font", str(Face.SYMBOL))
