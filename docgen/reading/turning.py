"""A Word template turned around: where each field stands among the printed words.

Nothing is rendered. The template's source is walked statement by statement: a loop over fixed slots becomes as many
rows as it prints, a loop over a list becomes a row that repeats, both sides of an ``if`` become lines that may be
there. So the grid of every form is known from its template alone, also of a form that nobody has written yet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from docgen.contract.spots import tag_spans
from docgen.forms.form import Form, Wording
from docgen.forms.shape import Series
from docgen.reading.expressions import Scope, Ways, evaluated
from docgen.reading.folding import fold
from docgen.reading.skeleton import CellForm, Line, Skeleton, Slot, UnitForm
from docgen.render import docx
from docgen.render.controls import W
from docgen.render.gate import parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml import etree

    from docgen.reading.skeleton import Token, Way

_MAIN: Final = "word/document.xml"
_MARK: Final = re.compile("\ue000(\\d+)\ue001")
_BLOCKS: Final = {f"{W}p": "p", f"{W}tbl": "tbl", f"{W}tr": "tr", f"{W}tc": "tc"}
_KEPT: Final = 256
_MOST_WAYS: Final = 128
"""Ways in which one paragraph may read, by the conditions inside it."""


def skeleton_of(form: Form, wording: Wording = Wording.VERBATIM) -> Skeleton:
    """Return the form's Word template turned around."""
    return _skeleton(form, wording, docx.copy_of(form.id))


@lru_cache(maxsize=_KEPT)
def _skeleton(form: Form, wording: Wording, copy: docx.Copy) -> Skeleton:
    source = form.worded(docx.sources(copy.path.read_bytes())[_MAIN], wording)
    events = tuple(_events(source))
    walk = _Walk(form, events)
    walk.run(0, len(events), Scope(dict(form.printed.fields), {}))
    return Skeleton(tuple(walk.units))


@dataclass(frozen=True, slots=True)
class _Event:
    """A piece of the source in order: a block opens or closes, words, a placeholder, a statement."""

    kind: str
    text: str = ""
    node: etree._Element | None = None


def _events(source: str) -> Iterator[_Event]:
    codes: list[str] = []
    pieces: list[str] = []
    end = 0
    for start, stop in tag_spans(source):
        pieces += [source[end:start], f"\ue000{len(codes)}\ue001"]
        codes.append(source[start:stop])
        end = stop
    body = parse_xml("".join([*pieces, source[end:]]).encode()).find(f"{W}body")
    if body is not None:
        yield from _events_in(body, codes)


def _events_in(node: etree._Element, codes: Sequence[str]) -> Iterator[_Event]:
    block = _BLOCKS.get(str(node.tag))
    if block:
        yield _Event("open", block, node)
    if node.tag == f"{W}t":
        yield from _words(node.text or "", codes)
    elif node.tag in {f"{W}br", f"{W}tab"}:
        yield _Event("words", "\n" if node.tag == f"{W}br" else "\t")
    else:
        yield from _statements(node.text, codes)
        for child in node.iterchildren("{*}*"):
            if child.tag not in {f"{W}sdtPr", f"{W}pPr", f"{W}rPr", f"{W}tcPr", f"{W}trPr"}:
                yield from _events_in(child, codes)
            yield from _statements(child.tail, codes)
    if block:
        yield _Event("close", block)


def _words(text: str, codes: Sequence[str]) -> Iterator[_Event]:
    for place, piece in enumerate(_MARK.split(text)):
        if place % 2:
            yield _statement(codes[int(piece)])
        elif piece:
            yield _Event("words", piece)


def _statements(text: str | None, codes: Sequence[str]) -> Iterator[_Event]:
    """Walk the statements between elements; white space between them is not printed."""
    for number in _MARK.findall(text or ""):
        yield _statement(codes[int(number)])


def _statement(code: str) -> _Event:
    inner = code[2:-2].strip("-+ \n\t")
    kind = {"{{": "value", "{%": "statement"}.get(code[:2], "comment")
    return _Event(kind, inner)


@dataclass
class _Open:
    """A block being gathered."""

    kind: str
    groups: tuple[str, ...]
    optional: bool
    node: etree._Element | None = None
    ways: list[Way] = field(default_factory=lambda: [()])
    lines: list[Line] = field(default_factory=list)
    cells: list[CellForm] = field(default_factory=list)


class _Walk:
    """Runs the statements of a template for every way they may go."""

    def __init__(self, form: Form, events: Sequence[_Event]) -> None:
        self._form = form
        self._events = events
        self._open: list[_Open] = []
        self._table = 0
        self.units: list[UnitForm] = []

    def run(self, start: int, end: int, scope: Scope) -> None:
        """Run the events of a stretch."""
        at = start
        while at < end:
            event = self._events[at]
            if event.kind == "open":
                self._opened(event, scope)
            elif event.kind == "close":
                self._closed()
            elif event.kind == "words":
                self._add([(event.text,)])
            elif event.kind == "value":
                self._add(self._values(event.text, scope))
            elif event.kind == "statement":
                at = self._statement(at, event.text, scope)
                continue
            at += 1

    # Blocks

    def _opened(self, event: _Event, scope: Scope) -> None:
        self._table += event.text == "tbl"
        self._open.append(_Open(event.text, scope.groups, scope.optional, event.node))

    def _closed(self) -> None:
        done = self._open.pop()
        outer = self._open[-1] if self._open else None
        if done.kind == "p":
            line = Line(tuple(_distinct(done.ways)), done.groups, done.optional)
            cell = next((one for one in reversed(self._open) if one.kind == "tc"), None)
            if cell:
                cell.lines.append(replace(line, groups=line.groups[len(cell.groups) :]))
            else:
                only = CellForm((replace(line, groups=()),))
                self.units.append(UnitForm((only,), is_row=False, groups=line.groups, optional=done.optional))
        elif done.kind == "tc" and outer:
            start = outer.cells[-1].start + outer.cells[-1].span if outer.cells else 0
            span, continued = _measures(done.node)
            outer.cells.append(CellForm(tuple(done.lines), start, span, continued))
        elif done.kind == "tr":
            row = UnitForm(
                tuple(done.cells), is_row=True, table=self._table, groups=done.groups, optional=done.optional
            )
            self.units.append(row)

    def _add(self, ways: Sequence[Way]) -> None:
        if self._open and self._open[-1].kind == "p":
            current = self._open[-1]
            current.ways = [before + more for before in current.ways for more in ways][:_MOST_WAYS]

    # Statements

    def _statement(self, at: int, text: str, scope: Scope) -> int:
        """Run the statement at a place and return where to go on."""
        word, _, rest = text.partition(" ")
        if word not in {"for", "if"}:
            return at + 1
        stops = self._stops(at)
        if word == "for":
            self._loop(stops, rest, scope)
        else:
            self._branches(stops, scope)
        return stops[-1] + 1

    def _stops(self, at: int) -> list[int]:
        """Return the places of a statement's own opening, middle and end."""
        stops, depth = [at], 0
        for place in range(at + 1, len(self._events)):
            event = self._events[place]
            word = event.text.partition(" ")[0] if event.kind == "statement" else ""
            if word in {"for", "if"}:
                depth += 1
            elif word in {"endfor", "endif"}:
                depth -= 1
                if depth < 0:
                    return [*stops, place]
            elif word in {"else", "elif"} and depth == 0:
                stops.append(place)
        return [*stops, len(self._events) - 1]

    def _branches(self, stops: Sequence[int], scope: Scope) -> None:
        branches = list(pairwise(stops))
        inline = not any(event.kind == "open" for event in self._events[stops[0] : stops[-1]])
        if not inline or not self._open:
            for start, end in branches:
                self.run(start + 1, end, replace(scope, optional=True))
            return
        current = self._open[-1]
        before, found = list(current.ways), []
        for start, end in branches:
            current.ways = list(before)
            self.run(start + 1, end, scope)
            found += current.ways
        complete = any(self._events[stop].text.startswith("else") for stop in stops[1:-1])
        current.ways = _distinct(found if complete else [*found, *before])[:_MOST_WAYS]

    def _values(self, text: str, scope: Scope) -> list[Way]:
        found = evaluated(text, scope, self._form)
        if isinstance(found, Ways):
            return [(one,) if one else () for one in found.ways]
        return [()] if isinstance(found, list) else [(found,)]

    def _loop(self, stops: Sequence[int], text: str, scope: Scope) -> None:
        name, _, expression = (piece.strip() for piece in text.partition(" in "))
        body = (stops[0] + 1, stops[1])
        over = evaluated(expression, scope, self._form)
        if isinstance(over, list):
            for number, constant in enumerate(over, 1):
                names = {**scope.names, name: constant}
                self.run(*body, replace(scope, names=names, number=number))
        elif isinstance(over, Slot) and over.filter == "paragraphs":
            names = {**scope.names, name: over}
            self.run(*body, replace(scope, names=names, groups=(*scope.groups, f"{over.path}|"), number=None))
        elif isinstance(over, Slot) and isinstance(over.node, Series):
            self._rows(body, name, over, scope)
        for start, end in pairwise(stops[1:]):
            self.run(start + 1, end, replace(scope, optional=True))

    def _rows(self, body: tuple[int, int], name: str, over: Slot, scope: Scope) -> None:
        series = over.node
        if not isinstance(series, Series):
            return
        if series.slots and series.slots == series.maximum:
            for number in range(series.slots):
                names = {**scope.names, name: Slot(f"{over.path}[{number}]", series.item)}
                self.run(*body, replace(scope, names=names, number=number + 1))
            return
        group = f"{over.path}[]"
        names = {**scope.names, name: Slot(group, series.item)}
        self.run(*body, replace(scope, names=names, groups=(*scope.groups, group), number=None))


def _distinct(ways: Sequence[Way]) -> list[Way]:
    """Leave out ways that read the same: many conditions only choose how much room is left to write."""
    found: dict[Way, Way] = {}
    for way in map(_joined, ways):
        key = tuple(fold(token) if isinstance(token, str) else token for token in way)
        found.setdefault(tuple(token for token in key if token != ""), way)
    return list(found.values())


def _joined(way: Way) -> Way:
    """Join neighbouring words."""
    found: list[Token] = []
    for token in way:
        if isinstance(token, str) and found and isinstance(found[-1], str):
            found[-1] += token
        elif token != "":
            found.append(token)
    return tuple(found)


def _measures(cell: etree._Element | None) -> tuple[int, bool]:
    """Return the grid columns of a cell and whether it belongs to the one above."""
    if cell is None:
        return 1, False
    span, merge = cell.find(f"{W}tcPr/{W}gridSpan"), cell.find(f"{W}tcPr/{W}vMerge")
    width = 1 if span is None else int(span.get(f"{W}val", "1"))
    return width, merge is not None and merge.get(f"{W}val", "continue") == "continue"
