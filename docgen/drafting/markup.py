"""HTML templates read as a tree: elements, and the jinja statements that stand between them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docgen.forms.form import Form

FOR: Final = re.compile(r"for (\w+) in ([\w.]+)")
TAG: Final = re.compile(r"\{%-?\s*(.*?)\s*-?%\}")


def tree(form: Form, source: str) -> etree._Element:
    """Return the body of a template: annex label, title, then what the template adds."""
    source = re.sub(r"\{#.*?#\}", "", source)
    source = re.sub(r"<(br|col)\b([^>]*)>", r"<\1\2/>", source).replace("&", "&amp;")
    title = re.search(r"\{% block title %\}(.*?)\{% endblock %\}", source, re.DOTALL)
    if title:
        source = source.replace(title[0], "")
    own = re.search(r"\{% block annex %\}(.*?)\{% endblock %\}", source, re.DOTALL)
    if own:
        source = source.replace(own[0], "")
    head = own[1] if own else f'<p class="annex">{form.annex}</p>' if form.annex else ""
    return etree.fromstring(f"<body>{head}{title[1] if title else f'<h1>{form.title}</h1>'}{source}</body>")


def pieces(node: etree._Element) -> Iterator[str | etree._Element]:
    """Walk the texts and elements directly inside a node."""
    if text := (node.text or "").strip():
        yield text
    for child in node:
        yield child
        if text := (child.tail or "").strip():
            yield text


def rows(table: etree._Element) -> Iterator[str | etree._Element]:
    """Walk a table's rows and the statements between them."""
    for piece in pieces(table):
        if isinstance(piece, str):
            yield from (code for code in TAG.findall(piece))
        elif piece.tag in {"thead", "tbody"}:
            yield from rows(piece)
        elif piece.tag == "tr":
            yield piece
