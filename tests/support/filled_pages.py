"""What a browser would send of a page, taken from its entries."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from docgen.filling.entries import Asker, Block, Field, Lines, Rows
from docgen.forms.shape import LeafKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from docgen.filling.entries import Entry
    from docgen.filling.parts import Part
    from docgen.forms.form import Form

    Answers = dict[str, list[str]]
    """Names of fields and what is sent under them."""


def sent(form: Form, submission: Mapping[str, object], parts: Mapping[str, Part] = MappingProxyType({})) -> Answers:
    """Return the fields of a page that shows a submission, or parts of its lists, as its form is sent."""
    return _answers(Asker({}, parts=parts).entries(form.shape, submission))


def _answers(entries: Iterable[Entry]) -> Answers:
    found: Answers = {}
    for entry in entries:
        match entry:
            case Field(kind=LeafKind.CHOICES):
                found[entry.name] = list(entry.ticked)
            case Field(kind=LeafKind.PERIOD):
                found |= {f"{entry.name}.{end}": [text] for end, text in zip(("start", "end"), entry.ends, strict=True)}
            case Field() | Lines():
                found[entry.name] = [entry.value.replace("\n", "\r\n")]
            case Block():
                found |= _answers(entry.entries)
            case Rows():
                found |= {f"{entry.name}.others": [entry.part.others]} if entry.part else {}
                for row in entry.rows:
                    found |= _answers(row.entries)
    return found
