"""A long list is shown a part at a time: what a page sends of it takes the place that the part has in the draft.

A part is what stands between so many rows before it and so many after it. Whatever is done to the rows that a page
shows (changed, added, removed, left blank), these two numbers stay the same; so a request that comes twice, or late,
still falls into its place, and no row that was not shown is ever touched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from docgen.forms.shape import Group, Series

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from docgen.filling.asking import Answers

    Rows = Sequence[Any]

MOST_ROWS: Final = 100
"""Rows of a list that a page asks at a time; with a few thousand no browser can work."""
_OTHERS: Final = re.compile(r"(\d{1,6}),(\d{1,6})", re.ASCII)
_PLACE: Final = re.compile(r"(\w+)\.(\d{1,6})(?:\..+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of a list that a page shows: all but so many ``before`` and so many ``after`` them."""

    before: int = 0
    after: int = 0

    @property
    def others(self) -> str:
        """What the page says of it when it is sent."""
        return f"{self.before},{self.after}"

    def end(self, rows: Rows) -> int:
        """Return where the rows after it begin; in a list that another window made shorter that is no earlier place."""
        return max(len(rows) - self.after, min(self.before, len(rows)))

    def of(self, rows: Rows) -> list[Any]:
        """Return the rows of a whole list that are shown."""
        return list(rows[self.before : self.end(rows)])

    def joined(self, shown: Rows, rows: Rows) -> list[Any]:
        """Return a whole list with other rows in this part."""
        return [*rows[: self.before], *shown, *rows[self.end(rows) :]]


Parts = dict[str, Part]
"""Name of a list to the part of it that is shown; lists that are shown as a whole are not in it."""


def row_of(place: str) -> str:
    """Return the name of the row in which a field stands (``items.7.name``: ``items.7``), "" for no row."""
    found = _PLACE.fullmatch(place)
    return f"{found[1]}.{found[2]}" if found else ""


def sent(shape: Group, answers: Answers) -> Parts:
    """Return of which lists a page showed only a part."""
    told = ((name, _OTHERS.fullmatch("".join(answers.get(f"{name}.others", ())))) for name in _lists(shape))
    return {name: Part(int(found[1]), int(found[2])) for name, found in told if found}


def around(shape: Group, raw: Mapping[str, Any], places: Iterable[str], extra: str = "") -> Parts:
    """Return the parts of long lists in which places stand, else the first; where a row is added, the last."""
    wanted = {found[1]: int(found[2]) for found in map(_PLACE.fullmatch, places) if found}
    parts: Parts = {}
    for name in _lists(shape):
        count = len(_rows(raw, name))
        total = count + (name == extra)
        if total > MOST_ROWS:
            place = total - 1 if name == extra else min(wanted.get(name, 0), total - 1)
            before = place - place % MOST_ROWS
            parts[name] = Part(before, max(0, count - before - MOST_ROWS))
    return parts


def cut(raw: Mapping[str, Any], parts: Parts) -> dict[str, Any]:
    """Return what is shown of a whole submission."""
    return {name: parts[name].of(_rows(raw, name)) if name in parts else value for name, value in raw.items()}


def joined(shown: Mapping[str, Any], whole: Mapping[str, Any], parts: Parts) -> dict[str, Any]:
    """Return a whole submission with what is shown of it now."""
    lists = {name: part.joined(_rows(shown, name), _rows(whole, name)) for name, part in parts.items()}
    return {**shown, **{name: rows for name, rows in lists.items() if rows or name in shown}}


def shows(parts: Parts, whole: Mapping[str, Any], pointer: str) -> bool:
    """Tell whether what a JSON pointer into a whole submission leads to is shown."""
    _, name, step, *_ = [*pointer.split("/"), "", ""]
    if name not in parts or not step.isdecimal():
        return True
    part = parts[name]
    return part.before <= int(step) < part.end(_rows(whole, name))


def _rows(raw: Mapping[str, Any], name: str) -> Rows:
    rows = raw.get(name)
    return rows if isinstance(rows, list) else ()


def _lists(shape: Group) -> Iterator[str]:
    """Walk the lists that can be long: no form has long lists inside each other."""
    for name, node in shape.fields.items():
        if isinstance(node, Series) and isinstance(node.item, Group):
            yield name
