"""A look at a form that is not finished: what can be printed of it is, the rest stays blank."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from docgen.errors import SubmissionError
from docgen.forms import catalogue, checking
from docgen.forms.shape import Group, Leaf, LeafKind, Node, Series
from docgen.render import faces, press

if TYPE_CHECKING:
    from docgen.forms.form import Form
    from docgen.render.document import Document

_MONTH: Final = re.compile(r"(?:19|20)\d{2}-(?:0[1-9]|1[0-2])", re.ASCII)
_UNPRINTABLE: Final = frozenset({"Cc", "Cf", "Cn", "Cs", "Zl", "Zp"})
MOST_ROWS: Final = 60
"""Rows of a list that a picture shows."""
_GETA: Final = "〓"
"""What printers put where a character is missing."""


def picture(form_id: str, raw: dict[str, Any]) -> Document:
    """Make a PNG of a form as far as it is filled in; a character that no face has becomes 〓.

    Of a long list only the first rows are shown: somebody is waiting, and a page in work asks again and again.
    """
    form = catalogue.get_form(form_id)
    submission = printable(form, beginning(raw))
    for pointer in {fault.pointer for fault in press.without_face(form, submission)}:
        _substitute(submission, pointer)
    return press.make(form, submission, "png")


def beginning(raw: dict[str, Any]) -> dict[str, Any]:
    """Return a submission whose lists are no longer than a picture shows."""
    return {name: value[:MOST_ROWS] if isinstance(value, list) else value for name, value in raw.items()}


def printable(form: Form, raw: dict[str, Any]) -> dict[str, Any]:
    """Return what can be printed of an unfinished submission: all of it where nothing is wrong."""
    try:
        return checking.validate(form, raw).model_dump(mode="json")
    except SubmissionError:
        sound = _sound(form.shape, raw)
        assert isinstance(sound, dict)  # noqa: S101  a group's value
        return form.model.model_construct().model_dump(mode="json", warnings=False) | sound


def _sound(node: Node, value: object) -> Any:  # noqa: ANN401  plain data of any kind
    match node:
        case Leaf():
            return value if _fits(node.kind, value) else _text(node.kind, value)
        case Group():
            given = value if isinstance(value, dict) else {}
            found = {name: _sound(child, given.get(name)) for name, child in node.fields.items()}
            return {name: one for name, one in found.items() if one is not None}
        case Series():
            rows = [_sound(node.item, one) for one in value] if isinstance(value, list) else []
            return [row for row in rows if row is not None] or None


def _fits(kind: LeafKind, value: object) -> bool:
    """Tell whether a value is printable as it stands: of the kind of its field, if not within its limits."""
    match kind, value:
        case (LeafKind.INTEGER, int()) | (LeafKind.NUMBER, int() | float()):
            return not isinstance(value, bool)
        case LeafKind.DATE, str():
            return _is_day(value)
        case LeafKind.MONTH, str():
            return bool(_MONTH.fullmatch(value))
        case LeafKind.PERIOD, {"start": start, "end": end}:
            return _fits(LeafKind.MONTH, start) and _fits(LeafKind.MONTH, end)
        case LeafKind.CHOICES, list():
            return all(isinstance(one, str) for one in value)
        case _:
            return kind is LeafKind.PICTURE and isinstance(value, str)


def _text(kind: LeafKind, value: object) -> str | None:
    """Return text without what cannot be printed; None for every other kind."""
    if kind not in {LeafKind.LINE, LeafKind.TEXT, LeafKind.CHOICE} or not isinstance(value, str):
        return None
    breaks = {"\n"} if kind is LeafKind.TEXT else set()
    plain = unicodedata.normalize("NFC", value)
    return "".join(char for char in plain if char in breaks or unicodedata.category(char) not in _UNPRINTABLE)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _substitute(submission: dict[str, Any], pointer: str) -> None:
    """Put 〓 in the place of every character of a text that no face has."""
    *steps, last = [int(step) if step.isdecimal() else step for step in pointer.split("/")[1:]]
    spot: Any = submission
    for step in steps:
        spot = spot[step]
    missing = {char for _, char in faces.uncovered(spot[last])}
    spot[last] = "".join(_GETA if char in missing else char for char in spot[last])
