"""Pictures of a draft: they lie beside it, and its submission only names them, so that saving stays quick."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import TypeAdapter, ValidationError

from docgen.errors import Fault, SubmissionError
from docgen.forms.shape import Group, Leaf, LeafKind, Node, Series
from docgen.pictures import PictureFile, decoded
from docgen.store import drafts
from docgen.store.drafts import Begun, UnknownDraftError

if TYPE_CHECKING:
    from collections.abc import Callable

    from docgen.store.database import Connection

    Change = Callable[[str], str | None]
    """A picture to what stands in its place; None where nothing does."""

KIND: Final = "picture"
_REFERENCE: Final = re.compile(r"picture:([0-9a-f]{24})", re.ASCII)
_FILE: Final = TypeAdapter(Annotated[str, PictureFile()])
_STAND_IN: Final = "iVBORw0KGgoAAAANSUhEUgAAACAAAAAgAQAAAABbAUdZAAAADElEQVR42mNgGNwAAACgAAGO+7G0AAAAAElFTkSuQmCC"
"""A small picture: those that are kept were judged when they came, and need not be decoded at every check."""
_PNG: Final = b"\x89PNG"


def replaced(node: Node, value: Any, change: Change) -> Any:  # noqa: ANN401  plain data of any kind
    """Return plain data with every picture changed; whatever does not follow the shape stays as it is."""
    match node:
        case Leaf(kind=LeafKind.PICTURE) if isinstance(value, str):
            return change(value)
        case Group() if isinstance(value, dict):
            found = {
                name: replaced(node.fields[name], one, change) if name in node.fields else one
                for name, one in value.items()
            }
            return {name: one for name, one in found.items() if one is not None or value[name] is None}
        case Series() if isinstance(value, list):
            return [replaced(node.item, one, change) for one in value]
        case _:
            return value


def references(node: Node, value: object) -> set[str]:
    """Return the identifiers of all pictures that a submission names."""
    found: set[str] = set()

    def note(text: str) -> str:
        if match := _REFERENCE.fullmatch(text):
            found.add(match[1])
        return text

    replaced(node, value, note)
    return found


def identifier_in(text: str) -> str:
    """Return which picture a text names, "" for none."""
    match = _REFERENCE.fullmatch(text)
    return match[1] if match else ""


def judged(data: bytes, label: str) -> str:
    """Return a picture in base64; raises SubmissionError where it is none that can be printed."""
    return judged_text(base64.b64encode(data).decode("ascii"), label)


def judged_text(text: str, label: str) -> str:
    """Do the same for what is in base64 already."""
    try:
        return _FILE.validate_python(text)
    except ValidationError as error:
        (wrong,) = error.errors(include_url=False, include_input=False)
        raise SubmissionError((Fault("", label, wrong["type"], wrong["msg"]),)) from None


def stand_ins(node: Node, value: Any) -> Any:  # noqa: ANN401  plain data of any kind
    """Return plain data with a small picture in the place of every one that is kept."""
    return replaced(node, value, lambda text: _STAND_IN if _REFERENCE.fullmatch(text) else text)


def keep(connection: Connection, organisation: str, user: int, whole: str, picture: str) -> str:
    """Keep a picture in base64 beside a draft; return how the submission names it."""
    begun = Begun(KIND, whole, "", {"data": picture})
    return f"picture:{drafts.begin(connection, organisation, user, begun)}"


def take(connection: Connection, organisation: str, identifier: str) -> str | None:
    """Return a picture in base64, None where it is gone."""
    try:
        return str(drafts.get(connection, organisation, KIND, identifier).body["data"])
    except UnknownDraftError:
        return None


def as_file(picture: str) -> tuple[bytes, str]:
    """Return the file of a picture and its media type."""
    data = decoded(picture)
    return data, "image/png" if data.startswith(_PNG) else "image/jpeg"
