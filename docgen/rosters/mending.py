"""A roster that a person mends row by row before it is issued: what was read, what was typed since, what is wrong.

A cell that nobody touched stays as it was read. What one row gets wrong is judged again with that row; what looks odd
beside other rows is looked for again in all of them. Everything here is plain and is kept as JSON between two looks.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from docgen.errors import ConflictError
from docgen.forms import catalogue
from docgen.forms.shape import Leaf, LeafKind, Series
from docgen.rosters import cells, doubts, judging, synonyms
from docgen.rosters.headings import DATE, fields_of
from docgen.rosters.roster import Place, Problem, Roster, Row
from docgen.rosters.sheets import Cell

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from docgen.forms.form import Form
    from docgen.forms.shape import Node
    from docgen.rosters.doubts import Known

LEFT_OUT: Final = "核对时选择不颁发"
_MARK: Final = Leaf(synonyms.REF_TITLE, LeafKind.LINE, required=False)
_MOST_TYPED: Final = 2_000
"""Characters of one cell; no field of a certificate takes half of them."""
_REMEDIES: Final = MappingProxyType(
    {
        "repeated_row": "重复的请选「不颁发」；确是同名的两者，请点「修改」，在两行的「区分标记」里填得不同",
        "already_issued": "这一行请选「不颁发」；内容有误请到「证书」里更正那一张；确是同名的另一方，请填「区分标记」",
    }
)
_REMEDY: Final = "请点「修改」，按说明改正"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row as it is now. ``row`` holds what reading said against it, ``judged`` what judging says."""

    row: Row
    judged: tuple[Problem, ...] = ()
    left_out: bool = False

    @property
    def skipped(self) -> str:
        """Why it is no certificate, "" where it is to be one."""
        return LEFT_OUT if self.left_out else self.row.skipped


@dataclass(frozen=True)
class Mended:
    """A roster being mended. ``file`` is the name of the file that it came in.

    ``notes`` are what reading pointed out; ``doubts`` what looks odd among the rows, ``beside`` what looks like
    something that is registered. ``general`` faults concern what all rows share.
    """

    form_id: str
    file: str
    sheet: str
    columns: Mapping[str, tuple[int, ...]]
    headings: Mapping[str, str]
    entries: tuple[Entry, ...]
    general: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    doubts: tuple[Problem, ...] = ()
    beside: tuple[Problem, ...] = ()

    def __getstate__(self) -> dict[str, Any]:
        """Cross to a render process without what follows from the rest."""
        return {one.name: getattr(self, one.name) for one in dataclasses.fields(self)}

    @property
    def form(self) -> Form:
        """The certificate's form."""
        return catalogue.get_form(self.form_id)

    @cached_property
    def roster(self) -> Roster:
        """The roster as it stands: what is left out is skipped, what repeats another row fails."""
        rows = tuple(replace(one.row, skipped=one.skipped, faults=_faults(one)) for one in self.entries)
        warnings = (*self.notes, *self.doubts, *self.beside)
        found = Roster(
            self.form, self.sheet, self.columns, self.headings, rows, len(rows), self.general, warnings=warnings
        )
        return judging.with_repeats(found)

    @property
    def faulty_terms(self) -> tuple[Problem, ...]:
        """What is wrong with what all rows share: told in general, or alike by all rows that could be judged that far.

        Rows have such a fault at no column of their own, but at the label of what is shared.
        """
        own = {node_of(self.form, name).title for name in fields(self.form)} | set(self.headings.values())
        alike: set[Problem] | None = None
        for one in self.entries:
            if one.row.identity:  # with these terms it could be issued
                return self.general
            bare = {replace(problem, place=Place(heading=problem.place.heading)) for problem in one.judged}
            shared = {problem for problem in bare if problem.place.heading and problem.place.heading not in own}
            if shared and not one.skipped:
                alike = shared if alike is None else alike & shared
        return (*self.general, *sorted(alike or (), key=str))

    def index(self, number: int) -> int:
        """Return where a row of the file stands; raises ConflictError where there is no such row."""
        for index, one in enumerate(self.entries):
            if one.row.number == number:
                return index
        raise ConflictError("名单里没有这一行", "请回到名单，再选一次")


def _faults(entry: Entry) -> tuple[Problem, ...]:
    return () if entry.skipped else (*entry.row.faults, *entry.judged)


def begun(roster: Roster, file: str) -> Mended:
    """Return a roster to be mended as it was read; what it shows are the values that were read."""
    entries = tuple(Entry(replace(row, words=_shown(row))) for row in roster.rows)
    return Mended(
        roster.form.id, file, roster.sheet, roster.columns, roster.headings, entries, notes=tuple(roster.warnings)
    )


def _shown(row: Row) -> dict[str, str]:
    """Return a row's words; where they could be read, as they were read."""
    known = {**row.values, **({synonyms.REF: row.ref} if row.ref else {})}
    return {name: _words(known[name]) if name in known else words for name, words in row.words.items()}


def _words(value: object) -> str:
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def node_of(form: Form, name: str) -> Node:
    """Return what a field of a row takes; a row may do without a date, which all share."""
    node = form.shape.fields.get(name, _MARK)
    return replace(node, required=False) if name == DATE else node


def fields(form: Form) -> tuple[str, ...]:
    """Return the fields that a row may fill, the mark of a namesake last."""
    return (*fields_of(form), synonyms.REF)


def shown_fields(mended: Mended) -> tuple[str, ...]:
    """Return the fields that a table of the rows shows: those of the file, what must be there, what was typed since."""
    form = mended.form
    needed = {name for name in fields(form) if node_of(form, name).required}
    return tuple(name for name in fields(form) if name in mended.columns or name in needed)


def title_of(mended: Mended, name: str) -> str:
    """Return what stands over a field: the file's own words, else the form's."""
    return mended.headings.get(name) or node_of(mended.form, name).title


def retyped(mended: Mended, number: int, texts: Mapping[str, str]) -> Mended:
    """Return the roster with what was typed into a row; only fields whose words changed are read anew."""
    entry = mended.entries[mended.index(number)]
    changed = {name: _typed(texts[name]) for name in fields(mended.form) if name in texts}
    changed = {name: words for name, words in changed.items() if words != entry.row.words.get(name, "")}
    return _reread(mended, number, changed)


def _typed(text: str) -> str:
    return text.replace("\r\n", "\n").strip()[:_MOST_TYPED]


def left_out(mended: Mended, number: int) -> Mended:
    """Return the roster with a row that is not to be issued."""
    index = mended.index(number)
    return _replaced(mended, index, replace(mended.entries[index], left_out=True))


def taken_in(mended: Mended, number: int) -> Mended:
    """Return the roster with a row that is to be issued after all, whoever thought otherwise."""
    index = mended.index(number)
    entry = mended.entries[index]
    was_skipped = bool(entry.row.skipped)
    back = replace(entry, left_out=False, row=replace(entry.row, skipped=""))
    found = _replaced(mended, index, back)
    return _reread(found, number, dict(entry.row.words)) if was_skipped else found


def _reread(mended: Mended, number: int, words: Mapping[str, str]) -> Mended:
    """Read some fields of a row anew from their words."""
    index = mended.index(number)
    entry = mended.entries[index]
    columns, headings = _with_columns(mended, [name for name, text in words.items() if text])
    mended = replace(mended, columns=columns, headings=headings)
    values = {name: value for name, value in entry.row.values.items() if name not in words}
    ref = "" if synonyms.REF in words else entry.row.ref
    stale = {columns[name][0] for name in words if name in columns}
    faults = [one for one in entry.row.faults if one.place.column not in stale]
    notes = [one for one in mended.notes if one.place.row != number or one.place.column not in stale]
    for name, text in words.items():
        reading = _read(mended.form, name, text)
        place = Place(mended.sheet, number, columns[name][0] if name in columns else 0, title_of(mended, name))
        if reading.value is not None and name == synonyms.REF:
            ref = str(reading.value)
        elif reading.value is not None:
            values[name] = reading.value
        faults += [Problem(one.code, place, one.detail, one.remedy) for one in (reading.fault,) if one]
        notes += [Problem(one.code, place, one.detail, one.remedy) for one in reading.notes]
    row = replace(
        entry.row, words={**entry.row.words, **words}, values=values, ref=ref, faults=tuple(faults), identity=""
    )
    return _replaced(replace(mended, notes=tuple(notes)), index, replace(entry, row=replace(row, words=_shown(row))))


def _with_columns(mended: Mended, names: Iterable[str]) -> tuple[Mapping[str, tuple[int, ...]], Mapping[str, str]]:
    """Return the columns with those that the file did not have behind its last."""
    columns, headings = dict(mended.columns), dict(mended.headings)
    for name in names:
        if name not in columns:
            columns[name] = (max((column for some in columns.values() for column in some), default=0) + 1,)
            headings[name] = node_of(mended.form, name).title
    return columns, headings


def _read(form: Form, name: str, text: str) -> cells.Reading:
    node = node_of(form, name)
    persons = form.honour.persons if form.honour else ()
    if name in persons and not isinstance(node, Series):
        return cells.read_person(Cell(text))
    return cells.read(node, Cell(text), lambda _: None)


def _replaced(mended: Mended, index: int, entry: Entry) -> Mended:
    return replace(mended, entries=(*mended.entries[:index], entry, *mended.entries[index + 1 :]))


def judged(mended: Mended, decision: str, shared: Mapping[str, Any], known: Sequence[Known] = ()) -> Mended:
    """Return the roster with every row judged, and with what a person should look at twice."""
    found = _judge(mended, decision, shared, range(len(mended.entries)))
    doubtful = doubts.find(found.roster, shared)
    told = set(doubtful)

    def registered(organisations: frozenset[str]) -> Iterable[Known]:
        return [one for one in known if one.organisation in organisations]

    beside = [one for one in doubts.find(found.roster, shared, registered) if one not in told] if known else []
    return replace(found, doubts=doubtful, beside=tuple(beside))


def judged_again(mended: Mended, number: int, decision: str, shared: Mapping[str, Any]) -> Mended:
    """Return the roster after one of its rows changed. What the registry holds is looked at with ``judged`` only."""
    only = range(len(mended.entries)) if mended.general else (mended.index(number),)
    found = _judge(mended, decision, shared, only)
    beside = tuple(one for one in mended.beside if one.place.row != number)
    return replace(found, doubts=doubts.find(found.roster, shared), beside=beside)


def _judge(mended: Mended, decision: str, shared: Mapping[str, Any], indexes: Collection[int]) -> Mended:
    """Judge some rows: all of them, or one beside others that were judged with the same terms."""
    chosen = set(indexes)
    rows = tuple(
        replace(one.row, skipped=one.skipped, identity="")
        for index, one in enumerate(mended.entries)
        if index in chosen
    )
    some = Roster(mended.form, mended.sheet, mended.columns, mended.headings, rows, len(rows))
    said = judging.judge(some, decision, shared)
    alone = len(chosen) < len(mended.entries)
    fresh = iter(said.rows)
    entries = tuple(
        _entry(one, next(fresh), said.general if alone else ()) if index in chosen else one
        for index, one in enumerate(mended.entries)
    )
    return replace(mended, entries=entries, general=mended.general if alone else tuple(_told(said.general)))


def _entry(entry: Entry, row: Row, common: tuple[Problem, ...]) -> Entry:
    """Return an entry with what judging says of it; ``common`` is what the only judged row has with no other."""
    found = () if entry.skipped else row.faults[len(entry.row.faults) :]
    placed = [replace(one, place=Place(row.sheet, row.number, 0, one.place.heading)) for one in common]
    row = replace(entry.row, identity=row.identity)
    return replace(entry, row=row, judged=tuple(_told((*found, *(() if entry.skipped else placed)))))


def _told(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Walk problems with what can be done about them on the page where they stand."""
    for one in problems:
        yield replace(one, remedy=remedy_of(one.code))


def remedy_of(code: str) -> str:
    """Return what a person does about a fault of a row."""
    return _REMEDIES.get(code, _REMEDY)


def longest(mended: Mended) -> int | None:
    """Return the row whose names take the most room among those that can be issued, None where there is none."""
    names = mended.form.honour.holder if mended.form.honour else ()
    good = mended.roster.good
    return max(good, key=lambda row: sum(len(row.words.get(name, "")) for name in names)).number if good else None


# --- As JSON ---------------------------------------------------------------------------------------------------------


def packed(mended: Mended) -> dict[str, Any]:
    """Return a roster as plain values for JSON."""
    return {
        "form": mended.form_id,
        "file": mended.file,
        "sheet": mended.sheet,
        "columns": {name: list(columns) for name, columns in mended.columns.items()},
        "headings": dict(mended.headings),
        "rows": [_packed(one) for one in mended.entries],
        **{name: [_packed_problem(one) for one in getattr(mended, name)] for name in _PROBLEMS},
    }


_PROBLEMS: Final = ("general", "notes", "doubts", "beside")


def _packed(entry: Entry) -> list[Any]:
    row = entry.row
    faults, judged_faults = ([_packed_problem(one) for one in some] for some in (row.faults, entry.judged))
    plain = [row.number, dict(row.words), dict(row.values), row.ref, row.skipped, row.identity]
    return [*plain, entry.left_out, faults, judged_faults]


def _packed_problem(one: Problem) -> list[Any]:
    place = one.place
    return [one.code, place.sheet, place.row, place.column, place.heading, one.detail, one.remedy]


def unpacked(raw: Mapping[str, Any]) -> Mended:
    """Return the roster that ``packed`` made plain."""
    sheet = raw["sheet"]
    return Mended(
        raw["form"],
        raw["file"],
        sheet,
        {name: tuple(columns) for name, columns in raw["columns"].items()},
        raw["headings"],
        tuple(_unpacked(one, sheet) for one in raw["rows"]),
        **{name: tuple(map(_problem, raw[name])) for name in _PROBLEMS},
    )


def _unpacked(raw: Sequence[Any], sheet: str) -> Entry:
    number, words, values, ref, skipped, identity, out, faults, judged_faults = raw
    row = Row(sheet, number, words, values, ref, skipped, tuple(map(_problem, faults)), identity)
    return Entry(row, tuple(map(_problem, judged_faults)), out)


def _problem(raw: Sequence[Any]) -> Problem:
    code, sheet, row, column, heading, detail, remedy = raw
    return Problem(code, Place(sheet, row, column, heading), detail, remedy)
