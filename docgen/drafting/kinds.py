"""A first guess at a field's type from its name; the person who adds the form corrects it in the model."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from docgen.forms.shape import LeafKind


@dataclass(frozen=True, slots=True)
class Kind:
    """How a field is typed in the model, and what it is on paper."""

    annotation: str
    leaf: LeafKind
    names: bool = False
    """A list of names, joined by 、 or in numbered slots."""


_TEXT: Final = Kind("Annotated[str, Words()", LeafKind.TEXT)
_LINE: Final = Kind("Annotated[str, Line(60)", LeafKind.LINE)
_GUESSES: Final = (
    (r"org_name|recommender", Kind("Annotated[OrgName", LeafKind.LINE)),
    (r"group_name|team_name", Kind("Annotated[GroupName", LeafKind.LINE)),
    (r"topic_name", Kind("Annotated[TopicName", LeafKind.LINE)),
    (r"members", Kind("Annotated[list[PersonName]", LeafKind.LINE, names=True)),
    (r"leader|contact_name|filled_by|adviser|name", Kind("Annotated[PersonName", LeafKind.LINE)),
    (r"phone|mobile|fax", Kind("Annotated[Phone", LeafKind.LINE)),
    (r"email", Kind("Annotated[Email", LeafKind.LINE)),
    (r"address", Kind("Annotated[Address", LeafKind.LINE)),
    (r"date|\w+_on", Kind("Annotated[IsoDate", LeafKind.DATE)),
    (r"birth", Kind("Annotated[YearMonth", LeafKind.MONTH)),
    (r"(\w+_)?period", Kind("Annotated[Period", LeafKind.PERIOD)),
    (r"\w*_rate", Kind("Annotated[Rate", LeafKind.NUMBER)),
    (r"\w*_count|employees|participants|complaints|accidents", Kind("Annotated[Count", LeafKind.INTEGER)),
    (r"\w*(opinion|summary|introduction|deeds|reason|target|plan|experience|benefit|text|comment)", _TEXT),
)


def guess(name: str) -> Kind:
    """Return the likely kind of a field by the last part of its path."""
    return next((kind for pattern, kind in _GUESSES if re.fullmatch(pattern, name)), _LINE)
