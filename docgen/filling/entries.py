"""A form as people fill it in: the shape with what is filled in, hints of the notice, and what is wrong where.

Templates show these entries one by one; nothing is decided there.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from docgen.fields import count_words
from docgen.filling.asking import anchor
from docgen.filling.parts import MOST_ROWS
from docgen.forms.form import Level
from docgen.forms.shape import Group, Leaf, LeafKind, Node, Series

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from docgen.errors import Fault
    from docgen.filling.parts import Part
    from docgen.forms.form import Finding, Form

_SHORT: Final = frozenset(
    {LeafKind.LINE, LeafKind.INTEGER, LeafKind.NUMBER, LeafKind.DATE, LeafKind.MONTH, LeafKind.CHOICE}
)
"""Kinds that fit into a cell of a table."""
_SHORT_LIMIT: Final = 60
"""Characters of a line that fit into half the width."""
_FEW: Final = 5
"""Rows that a page shows of an empty table whose form has more places."""
_MONTH: Final = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])", re.ASCII)
_LATER: Final = frozenset({"missing", "too_short"})
"""What is only not filled in yet."""
_SAID: Final = {
    "number_type": "应为数字，不写单位和文字",
    "several_names": "每行只填一个姓名，有多人时一人一行",
}
"""Sentences that the interface for machines puts otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing on the page. ``hint`` is a sentence of the notice, ``later`` says what is only not filled in yet."""

    name: str
    title: str
    required: bool
    hint: str = ""
    faults: tuple[str, ...] = ()
    later: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(Entry):
    """One value. ``counts`` says what is counted: words, characters, or nothing (""); ``usual`` stands for nothing."""

    sort: str = "field"
    kind: LeafKind
    printed: bool
    value: str = ""
    ends: tuple[str, str] = ("", "")
    ticked: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    limit: int | None = None
    counts: str = ""
    count: int = 0
    usual: str = ""

    @property
    def short(self) -> bool:
        """Whether two such fields fit side by side."""
        return self.kind in _SHORT and (self.limit or 0) <= _SHORT_LIMIT

    @property
    def well_written(self) -> bool:
        """Whether a browser's own field for dates and months can hold the value; else it would show none at all."""
        if self.kind is LeafKind.DATE:
            return not self.value or _is_day(self.value)
        return all(not value or _MONTH.fullmatch(value) for value in (self.value, *self.ends))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines(Entry):
    """A list of which every value is a line of one field."""

    sort: str = "lines"
    value: str = ""
    count: int = 0
    maximum: int | None = None
    limit: int | None = None
    height: int = 4
    printed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Block(Entry):
    """A group, or one row of a list."""

    sort: str = "block"
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows(Entry):
    """A list of groups; ``look`` is table, cards or album, ``part`` what is shown of a long one."""

    sort: str = "rows"
    look: str
    columns: tuple[Leaf, ...] = ()
    rows: tuple[Block, ...] = ()
    part: Part | None = None
    maximum: int | None = None
    printed: bool = True

    @property
    def before(self) -> int:
        """How many rows stand before those that are shown."""
        return self.part.before if self.part else 0

    @property
    def total(self) -> int:
        """How many rows the whole list has."""
        return self.before + len(self.rows) + (self.part.after if self.part else 0)

    @property
    def last(self) -> bool:
        """Whether the list's last row is among those shown, so that a row that goes pulls no other one up."""
        return not self.part or not self.part.after

    @property
    def roomy(self) -> bool:
        """Whether the next row can be shown beside those that are."""
        return self.last and len(self.rows) < MOST_ROWS

    @property
    def starts(self) -> range:
        """Where the parts of the list begin."""
        return range(0, self.total, MOST_ROWS)

    @property
    def full(self) -> bool:
        """Whether no further row fits in."""
        return self.maximum is not None and self.total >= self.maximum


@dataclass(frozen=True, slots=True)
class Spotted:
    """A fault and the name of its place; ``shown`` tells whether that is on the page, or in another part of a list."""

    place: str
    fault: Fault
    shown: bool = True

    @property
    def later(self) -> bool:
        """Whether it is only not filled in yet."""
        return self.fault.code in _LATER

    @property
    def detail(self) -> str:
        """The sentence for people on the page."""
        return said(self.fault)


@dataclass(frozen=True, slots=True)
class Noticed:
    """The same for what a rule says."""

    place: str
    finding: Finding
    shown: bool = True


def _everywhere(_pointer: str) -> bool:
    return True


def said(fault: Fault) -> str:
    """Return the sentence of a fault as it is put to somebody who fills in a page."""
    return _SAID.get(fault.code, fault.detail)


def spotted(
    faults: Iterable[Fault], shape: Group, names: Mapping[str, str], is_shown: Callable[[str], bool] = _everywhere
) -> tuple[Spotted, ...]:
    """Find the places of faults; ``is_shown`` tells of a JSON pointer whether it leads to something on the page."""
    return tuple(Spotted(anchor(one.pointer, shape, names), one, is_shown(one.pointer)) for one in faults)


def placed(
    findings: Iterable[Finding], shape: Group, names: Mapping[str, str], is_shown: Callable[[str], bool] = _everywhere
) -> tuple[Noticed, ...]:
    """Find the places of findings, those that weigh most first."""
    order = list(Level)
    found = sorted(findings, key=lambda one: order.index(one.level))
    return tuple(Noticed(anchor(one.pointer, shape, names), one, is_shown(one.pointer)) for one in found)


def usual(form: Form) -> dict[str, Any]:
    """Return what a new page is filled with: the form's own defaults."""
    plain = form.model.model_construct().model_dump(mode="json", warnings=False)
    return {name: value for name, value in plain.items() if value not in (None, [], "")}


@dataclass(slots=True)
class Asker:
    """Makes the entries of one page: of long lists ``parts``, in the list that ``extra`` names one more blank row."""

    sentences: Mapping[str, str]
    usual: Mapping[str, Any] = field(default_factory=dict)
    extra: str = ""
    parts: Mapping[str, Part] = field(default_factory=dict)
    places: Mapping[str, list[Spotted]] = field(default_factory=dict)

    def entries(self, shape: Group, raw: Mapping[str, Any], wrong: Sequence[Spotted] = ()) -> tuple[Entry, ...]:
        """Return the entries of the whole form."""
        places: dict[str, list[Spotted]] = defaultdict(list)
        for one in wrong:
            if one.shown:
                places[one.place].append(one)
        self.places = places
        return self._fields(shape, raw, "")

    def _fields(self, shape: Group, raw: object, name: str) -> tuple[Entry, ...]:
        given = raw if isinstance(raw, dict) else {}
        return tuple(
            self._entry(node, given.get(step), f"{name}.{step}" if name else step)
            for step, node in shape.fields.items()
        )

    def _entry(self, node: Node, value: object, name: str) -> Entry:
        match node:
            case Leaf():
                return self._leaf(node, value, name)
            case Group():
                return Block(**self._told(node, name), entries=self._fields(node, value, name))
            case Series(item=Leaf() as item):
                return self._lines(node, item, value, name)
            case Series(item=item):
                return self._rows(node, item, value, name)

    def _told(self, node: Node, name: str) -> dict[str, Any]:
        ids = dict.fromkeys(filter(None, (node.rule, getattr(node, "least_rule", ""), _rule_below(node))))
        found = self.places.get(name, [])
        return {
            "name": name,
            "title": node.title,
            "required": node.required,
            "hint": "；".join(self.sentences[one].rstrip("；。") for one in ids if one in self.sentences),
            "faults": tuple(_said(one, node) for one in found if not one.later),
            "later": tuple(_said(one, node) for one in found if one.later),
        }

    def _leaf(self, leaf: Leaf, value: object, name: str) -> Field:
        text = _written(value)
        period = value if isinstance(value, dict) else {}
        counts = {LeafKind.TEXT: "words", LeafKind.LINE: "characters" if leaf.limit else ""}.get(leaf.kind, "")
        return Field(
            **self._told(leaf, name),
            kind=leaf.kind,
            printed=leaf.printed,
            value=text,
            ends=(_written(period.get("start")), _written(period.get("end"))),
            ticked=tuple(map(_written, value)) if isinstance(value, list) else (text,),
            options=leaf.options,
            limit=leaf.limit,
            counts=counts,
            count=count_words(text) if counts == "words" else len(text),
            usual=_written(self.usual.get(name)),
        )

    def _lines(self, series: Series, item: Leaf, value: object, name: str) -> Lines:
        lines = [_written(one) for one in value] if isinstance(value, list) else []
        return Lines(
            **self._told(series, name),
            value="\n".join(lines),
            count=len(lines),
            maximum=series.maximum,
            limit=item.limit,
            height=min(12, max(series.slots, len(lines) + 1, 3)),
            printed=series.printed,
        )

    def _rows(self, series: Series, item: Node, value: object, name: str) -> Rows:
        assert isinstance(item, Group)  # noqa: S101  lists of lists are in no form
        given = list(value) if isinstance(value, list) else []
        look = _look(item)
        least = 0 if look == "album" or not series.required else min(series.slots, _FEW) if look == "table" else 1
        given += [{}] * (max(least, len(given) + (name == self.extra)) - len(given))
        part = self.parts.get(name)
        first = part.before if part else 0
        rows = tuple(
            Block(
                name=f"{name}.{index}",
                title=f"{item.title}第 {index + 1} 项",
                required=True,
                entries=self._fields(item, one, f"{name}.{index}"),
                faults=tuple(spot.detail for spot in self.places.get(f"{name}.{index}", ())),
            )
            for index, one in enumerate(part.of(given) if part else given, first)
        )
        columns = tuple(node for node in item.fields.values() if isinstance(node, Leaf)) if look == "table" else ()
        told = self._told(series, name) | {"maximum": series.maximum, "printed": series.printed}
        return Rows(**told, look=look, columns=columns, rows=rows, part=part)


def named(entries: Iterable[Entry], name: str) -> Entry | None:
    """Find an entry by its name."""
    for entry in entries:
        if entry.name == name:
            return entry
        if name.startswith(f"{entry.name}."):
            below = entry.rows if isinstance(entry, Rows) else entry.entries if isinstance(entry, Block) else ()
            return named(below, name)
    return None


def _look(item: Group) -> str:
    nodes = item.fields.values()
    if any(isinstance(node, Leaf) and node.kind is LeafKind.PICTURE for node in nodes):
        return "album"
    short = all(isinstance(node, Leaf) and node.kind in _SHORT for node in nodes)
    return "table" if short else "cards"


def _rule_below(node: Node) -> str:
    """Return the rule of a list's own lines, which have no entry for themselves."""
    return node.item.rule if isinstance(node, Series) and isinstance(node.item, Leaf) else ""


def _said(one: Spotted, node: Node) -> str:
    """Return the sentence with what the field's label does not say: which line, which end of a period."""
    last = one.fault.pointer.rpartition("/")[2]
    if isinstance(node, Series) and last.isdecimal():
        return f"第 {int(last) + 1} 行：{one.detail}"
    if isinstance(node, Leaf) and node.kind is LeafKind.PERIOD and last in {"start", "end"}:
        return f"{'开始' if last == 'start' else '结束'}年月{one.detail}"
    return one.detail


def _written(value: object) -> str:
    """Return a value as it stands in a field."""
    match value:
        case None | list() | dict() | bool():
            return ""
        case float():
            return format(Decimal(repr(value)), "f")
        case _:
            return str(value)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
