"""What a page sends back becomes a submission: flat names (``members.0.name``) to the tree of the form's shape.

What cannot be read as the kind of its field stays the text that was typed, so that the check can say what is wrong
with it and the page can show it again. What is left empty is not given at all.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from docgen.forms.shape import Group, Leaf, LeafKind, Node, Series

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from docgen.filling.parts import Part

    Answers = Mapping[str, Sequence[str]]
    """Name of a field to what was given under it."""

_MOST_STEPS: Final = 8
"""Names inside each other; no form has half as many."""
_INDEX: Final = re.compile(r"\d{1,6}", re.ASCII)
_GROUPED: Final = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
_INTEGER: Final = re.compile(r"-?\d{1,15}", re.ASCII)
_NUMBER: Final = re.compile(r"-?\d{1,15}(\.\d{1,6})?", re.ASCII)
_DAY: Final = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})", re.ASCII)
_MONTH: Final = re.compile(r"(\d{4})[-./年](\d{1,2})月?|(\d{4})(\d{2})", re.ASCII)


@dataclass(slots=True)
class _Spot:
    """One step of a name: what was given there, and below it."""

    values: list[str] = field(default_factory=list)
    below: dict[str, _Spot] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The first value, the last line end of which is the browser's own way."""
        return self.values[0].replace("\r\n", "\n") if self.values else ""

    def at(self, step: str) -> _Spot:
        """Return what is below; nothing where nothing was given."""
        return self.below.get(step, _NOTHING)

    def rows(self) -> list[_Spot]:
        """Return the rows of a list in their order."""
        places = sorted((step for step in self.below if _INDEX.fullmatch(step)), key=int)
        return [self.below[step] for step in places]


_NOTHING: Final = _Spot()


@dataclass(frozen=True, slots=True)
class Condensed:
    """A submission without blank rows; ``names`` tells by what name the row of a JSON pointer stands on the page."""

    submission: dict[str, Any]
    names: Mapping[str, str]


def answered(shape: Group, answers: Answers) -> dict[str, Any]:
    """Return what a page says, rows that are still blank included: their places are those on the page."""
    root = _Spot()
    for name, values in answers.items():
        steps = name.split(".")
        if len(steps) <= _MOST_STEPS:
            spot = root
            for step in steps:
                spot = spot.below.setdefault(step, _Spot())
            spot.values.extend(values)
    return _group(shape, root)


def condensed(raw: Mapping[str, Any], parts: Mapping[str, Part] = MappingProxyType({})) -> Condensed:
    """Leave blank rows out; of lists of which only ``parts`` are given, rows are counted from the list's beginning."""
    names: dict[str, str] = {}
    first = {name: part.before for name, part in parts.items()}
    told = {key: _condense(value, f"/{key}", key, names, first.get(key, 0)) for key, value in raw.items()}
    return Condensed(told, names)


def _condense(value: object, pointer: str, name: str, names: dict[str, str], first: int = 0) -> object:
    match value:
        case dict():
            return {key: _condense(one, f"{pointer}/{key}", f"{name}.{key}", names) for key, one in value.items()}
        case list():
            kept = [(place, one) for place, one in enumerate(value, first) if not is_blank(one)]
            names |= {f"{pointer}/{index}": f"{name}.{place}" for index, (place, _) in enumerate(kept, first)}
            return [
                _condense(one, f"{pointer}/{index}", f"{name}.{place}", names)
                for index, (place, one) in enumerate(kept, first)
            ]
        case _:
            return value


def is_blank(value: object) -> bool:
    """Tell whether nothing was given in a row: empty groups and lists count as nothing."""
    match value:
        case dict():
            return all(map(is_blank, value.values()))
        case list():
            return all(map(is_blank, value))
        case _:
            return value is None


def anchor(pointer: str, shape: Group, names: Mapping[str, str]) -> str:
    """Return the name of the field, group or list on the page that a JSON pointer leads to, "" for the whole form."""
    node: Node = shape
    name = path = ""
    for step in pointer.split("/")[1:]:
        match node:
            case Group() if step in node.fields:
                node = node.fields[step]
            case Series(item=Group() as item) if _INDEX.fullmatch(step):
                node = item
            case _:
                break
        path += f"/{step}"
        name = names.get(path) or (f"{name}.{step}" if name else step)
    return name


def holdable(node: Node, value: Any) -> Any:  # noqa: ANN401  plain data of any kind
    """Return what a page can show of plain data from elsewhere; None for nothing of it."""
    match node, value:
        case Group(), dict():
            found = {name: holdable(child, value.get(name)) for name, child in node.fields.items()}
            return {name: one for name, one in found.items() if one is not None}
        case Series(), list():
            rows = [holdable(node.item, one) for one in value]
            return [row for row in rows if row is not None]
        case Leaf(kind=LeafKind.PERIOD), dict():
            return {end: value[end] for end in ("start", "end") if isinstance(value.get(end), str)}
        case Leaf(kind=LeafKind.CHOICES), list():
            return [one for one in value if isinstance(one, str)]
        case Leaf(kind=kind), str() | int() | float() if not isinstance(value, bool):
            return None if kind in {LeafKind.PERIOD, LeafKind.CHOICES} else value
    return None


def rows_at(shape: Group, raw: dict[str, Any], name: str) -> list[Any] | None:
    """Return the rows of the list that stands under a name, ready to take one more; None where there is no list."""
    node: Node = shape
    spot: Any = raw
    for step in name.split("."):
        match node:
            case Group() if step in node.fields:
                node = node.fields[step]
                spot = spot.setdefault(step, [] if isinstance(node, Series) else {})
            case Series() if _INDEX.fullmatch(step) and int(step) < len(spot):
                node, spot = node.item, spot[int(step)]
            case _:
                return None
    return spot if isinstance(node, Series) and isinstance(node.item, Group) else None


def _group(shape: Group, spot: _Spot) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, node in shape.fields.items():
        value = _value(node, spot.at(name))
        if value is not None:
            found[name] = value
    return found


def _value(node: Node, spot: _Spot) -> object:
    match node:
        case Leaf():
            return _leaf(node, spot)
        case Group():
            inner = _group(node, spot)
            return inner if node.required or not is_blank(inner) else None
        case Series(item=Leaf() as item):
            lines = list(_lines(item, spot.text))
            return lines or ([] if node.required else None)
        case Series(item=item):
            rows = [_value(item, row) or {} for row in spot.rows()]
            return rows or ([] if node.required else None)


def _lines(item: Leaf, text: str) -> Iterator[object]:
    """Walk a list of which every line is one value."""
    for line in text.split("\n"):
        value = _read(item.kind, line)
        if value is not None:
            yield value


def _leaf(leaf: Leaf, spot: _Spot) -> object:
    match leaf.kind:
        case LeafKind.CHOICES:
            ticked = [value for value in spot.values if value]
            return ticked or ([] if leaf.required else None)
        case LeafKind.PERIOD:
            months = {end: _read(LeafKind.MONTH, spot.at(end).text) for end in ("start", "end")}
            return {end: month for end, month in months.items() if month} or None
        case _:
            return _read(leaf.kind, spot.text)


def _read(kind: LeafKind, text: str) -> object:
    """Return a typed text as the value of its kind, as it stands where it is none, None where nothing was typed."""
    plain = text.strip()
    folded = unicodedata.normalize("NFKC", plain).replace(" ", "")
    value: object = plain
    match kind:
        case LeafKind.TEXT if plain:
            value = text
        case LeafKind.INTEGER | LeafKind.NUMBER:
            bare = folded.replace(",", "") if _GROUPED.fullmatch(folded) else folded
            whole, broken = _INTEGER.fullmatch(bare), kind is LeafKind.NUMBER and _NUMBER.fullmatch(bare)
            value = int(bare) if whole else float(bare) if broken else plain
        case LeafKind.DATE:
            value = _padded(_DAY.fullmatch(folded)) or plain
        case LeafKind.MONTH:
            value = _padded(_MONTH.fullmatch(folded)) or plain
    return None if value == "" else value


def _padded(found: re.Match[str] | None) -> str:
    """Return the numbers of a date or month as ISO 8601 writes them."""
    return "-".join(number.zfill(2) for number in found.groups() if number) if found else ""
