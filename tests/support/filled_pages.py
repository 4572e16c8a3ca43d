"""What a browser would send of a page, taken from its entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docgen.filling.entries import Asker, Block, Field, Lines, Rows
from docgen.forms.shape import LeafKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from docgen.filling.entries import Entry
    from docgen.forms.form import Form


def sent(form: Form, submission: Mapping[str, object]) -> dict[str, list[str]]:
    """Return the fields of a page that shows a submission, as its form is sent."""
    return _answers(Asker({}).entries(form.shape, submission))


def _answers(entries: Iterable[Entry]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
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
                for row in entry.rows:
                    found |= _answers(row.entries)
    return found
