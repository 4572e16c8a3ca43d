"""Tags of content controls: a field's path, for a tick box followed by ``#`` and its option."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docgen.contract.values import field_at
from docgen.forms.shape import Group, Leaf, LeafKind

if TYPE_CHECKING:
    from docgen.forms.form import Form


def plain(tag: str) -> str:
    """Return the path without an option."""
    return tag.partition("#")[0]


def names_field(form: Form, tag: str) -> bool:
    """Whether a tag names a printed field of the form."""
    path, mark, option = tag.partition("#")
    node = field_at(form.printed, path)
    if mark:
        return isinstance(node, Leaf) and option in node.options and node.kind in {LeafKind.CHOICE, LeafKind.CHOICES}
    return node is not None and not isinstance(node, Group)


def is_text(form: Form, tag: str) -> bool:
    """Whether a tag names a field of several lines."""
    node = field_at(form.printed, plain(tag))
    return isinstance(node, Leaf) and node.kind is LeafKind.TEXT
