"""Where the table of a sheet begins, and which column holds which field: found by what is printed over them.

A heading counts as a whole; nothing is taken because it looks similar. What could mean two things is not decided here
but told.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from docgen.forms.certificate import Certificate
from docgen.forms.shape import Series
from docgen.rosters import synonyms

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from docgen.forms.form import Form
    from docgen.rosters.sheets import Area, Cell, Line, Sheet

_ANYWHERE: Final = frozenset(label for some in (*synonyms.SURE.values(), *synonyms.LIKELY.values()) for label in some)
"""Headings of some certificate or other."""
DATE: Final = "issued_on"
"""The one field that all certificates share and that a row may have of its own."""
_LONGEST: Final = 40
"""Characters of the longest heading that is looked at; longer text is a title or a note."""
_NOTE: Final = re.compile(r"[(（\[【][^()（）\[\]【】]*[)）\]】]")
_NUMBERED: Final = re.compile(r"(.+?)(?:姓名)?\d{1,2}")
_MARKS: Final = " \t\n*＊★☆:：。"
_SLASHES: Final = str.maketrans({"或": "/", "／": "/", "、": "/", "\\": "/"})


@dataclass(frozen=True, slots=True)
class Heading:
    """What is printed over one column, or over several that belong together; ``label`` as it is printed."""

    label: str
    columns: tuple[int, ...]
    field: str = ""
    tier: int = 0
    """How sure it is: 0 the form's own title, 1 nothing else, 2 where nothing surer stands beside it."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a sheet: ``bottom`` is the last row of its head, ``at`` where that stands among the sheet's lines."""

    sheet: Sheet
    top: int
    bottom: int
    at: int
    fields: Mapping[str, Heading]
    doubtful: Mapping[str, tuple[Heading, ...]]
    others: tuple[Heading, ...]
    missing: tuple[str, ...]
    strange: str = ""
    """A heading that says the table is about something else: circles, where enterprises are honoured."""

    @property
    def fits(self) -> bool:
        """Whether every field that must have a column has one."""
        return bool(self.fields or self.doubtful) and not self.missing and not self.strange

    @property
    def layout(self) -> tuple[object, ...]:
        """What is read where: a head that is repeated on the next page says the same."""
        doubtful = [(name, one.columns) for name, some in self.doubtful.items() for one in some]
        return (self.strange, *sorted([(name, one.columns) for name, one in self.fields.items()] + doubtful))

    @property
    def named(self) -> frozenset[int]:
        """The columns that have a heading."""
        doubtful = [one for some in self.doubtful.values() for one in some]
        return frozenset(column for one in (*self.fields.values(), *self.others, *doubtful) for column in one.columns)

    def special(self, labels: Collection[str]) -> int:
        """Return the column of a heading that is no field (序号, 类别), 0 where there is none."""
        return next((one.columns[0] for one in self.others if fold(one.label) in labels), 0)


@lru_cache(maxsize=8192)
def fold(label: str) -> str:
    """Return a label as it is compared: one width, no spaces, no notes in brackets, no marks at its ends."""
    plain = unicodedata.normalize("NFKC", label).lower().translate(_SLASHES)
    plain = "".join(plain.split())
    while (bare := _NOTE.sub("", plain)) != plain and bare.strip(_MARKS):
        plain = bare
    return plain.strip(_MARKS)


def bare(label: str) -> str:
    """Return a label as a sentence names it: without notes in brackets and marks."""
    plain = "".join(label.split())
    short = _NOTE.sub("", plain).strip(_MARKS)
    return (short or plain)[:_LONGEST]


def fields_of(form: Form) -> tuple[str, ...]:
    """Return the fields that a row may fill: the certificate's own, and the date."""
    own = [name for name in form.shape.fields if name not in Certificate.model_fields]
    return (*own, DATE)


@cache
def _known(form: Form) -> Mapping[str, Mapping[str, int]]:
    """Return folded heading -> field -> tier."""
    known: dict[str, dict[str, int]] = defaultdict(dict)
    for name in (*fields_of(form), synonyms.REF):
        title = form.shape.fields[name].title if name in form.shape.fields else synonyms.REF_TITLE
        labels = ((title,), synonyms.SURE.get(name, ()), synonyms.LIKELY.get(name, ()))
        for tier, some in enumerate(labels):
            for label in some:
                known[fold(label)].setdefault(name, tier)
    return known


@cache
def _strange(form: Form) -> frozenset[str]:
    """Return headings that say the list is about something else: circles, where enterprises are honoured."""
    own = fields_of(form)
    if any(name in own for name in synonyms.SUBJECTS):
        return frozenset()
    return frozenset(label for name in synonyms.SUBJECTS for label in synonyms.SURE[name])


def heads(sheet: Sheet, form: Form, given: Collection[str]) -> tuple[Table, ...]:
    """Return every head of a sheet from top to bottom, repeated ones too; ``given`` are fields that need no column.

    A row is a head where half of its texts are known headings, two at least. Where it could be read with the row below
    it or without, the reading that finds more counts.
    """
    found: list[Table] = []
    for at, line in enumerate(sheet.lines):
        if (found and line.number <= found[-1].bottom) or not _may_begin(line, form):
            continue
        table = max(_heads(sheet, at, form, given), key=lambda one: (_worth(one, form), -one.bottom))
        if _worth(table, form):
            found.append(table)
    return tuple(found)


def _worth(table: Table, form: Form) -> tuple[int, int] | tuple[()]:
    """Return how much a head tells: fields, then labels known at all; () where it tells too little to be one."""
    fields = len(table.fields) + len(table.doubtful)
    known = sum(_is_known(one.label, form) for one in table.others)
    strangers = len(table.others) - known
    return (fields, known) if fields + known > strangers and (fields + known > 1 or not strangers) else ()


def _may_begin(line: Line, form: Form) -> bool:
    return any(_is_known(text, form) and not text.rstrip().endswith((":", "：")) for text, _ in _texts(line))


def _is_known(label: str, form: Form) -> bool:
    plain = fold(label)
    return plain in _known(form) or plain in _ANYWHERE or plain in synonyms.NOT_NEEDED


def _texts(line: Line) -> Iterator[tuple[str, int]]:
    """Walk the short texts of a row with their first columns."""
    for column, cell in line.cells.items():
        if isinstance(cell.value, str) and 0 < len(cell.value.strip()) <= _LONGEST and _begins(cell, column):
            yield cell.value, column


def _begins(cell: Cell, column: int) -> bool:
    return cell.area is None or cell.area.left == column


def _heads(sheet: Sheet, at: int, form: Form, given: Collection[str]) -> Iterator[Table]:
    """Read a head of one row, or of two or three: as many as its merged cells span, or the row below it joined."""
    line = sheet.lines[at]
    spans = [cell.area.bottom for cell in line.cells.values() if cell.area and cell.area.bottom - line.number < 3]  # noqa: PLR2004  heads have three rows at most
    least = max([line.number, *spans])
    below = [one for one in sheet.lines[at + 1 : at + 3] if one.number <= line.number + 2]
    forced = [one for one in below if one.number <= least]
    yield _table(sheet, at, [line, *forced], form, given)
    if not forced and below and below[0].number == line.number + 1:
        yield _table(sheet, at, [line, below[0]], form, given)


def _table(sheet: Sheet, at: int, lines: Sequence[Line], form: Form, given: Collection[str]) -> Table:
    fields: dict[str, list[Heading]] = defaultdict(list)
    others: list[Heading] = []
    for heading in _headings(lines, form):
        (fields[heading.field] if heading.field else others).append(heading)
    settled: dict[str, Heading] = {}
    doubtful: dict[str, tuple[Heading, ...]] = {}
    for name, found in fields.items():
        best = min(one.tier for one in found)
        sure = [one for one in found if one.tier == best]
        others += [one for one in found if one.tier > best]
        if len(sure) == 1:
            settled[name] = sure[0]
        else:
            doubtful[name] = tuple(sure)
    needed = [name for name in fields_of(form) if name != DATE and form.shape.fields[name].required]
    missing = [name for name in needed if name not in fields and name not in given]
    strange = next((one.label for one in others if fold(one.label) in _strange(form)), "")
    top, bottom, last = lines[0].number, lines[-1].number, at + len(lines) - 1
    return Table(sheet, top, bottom, last, settled, doubtful, tuple(others), tuple(missing), strange)


def _headings(lines: Sequence[Line], form: Form) -> Iterator[Heading]:
    """Read the headings over all columns; below one merged heading, or numbered 成员1, 成员2, they belong together."""
    grouped: dict[tuple[str, object], list[tuple[str, int, int]]] = defaultdict(list)
    for column in sorted({column for line in lines for column in line.cells}):
        parts = list(_parts(lines, column))
        if not parts:
            continue
        field, tier, joint = _field(parts, form)
        label = "".join(text for text, _ in parts)
        group = _group(parts, joint) if field else column
        grouped[field, group].append((label, column, tier))
    for (field, _), found in grouped.items():
        label = found[0][0] if len(found) == 1 else found[0][0] + "…"
        if len({label for label, _, _ in found}) == 1:
            label = found[0][0]
        yield Heading(" ".join(label.split()), tuple(column for _, column, _ in found), field, found[0][2])


def _parts(lines: Sequence[Line], column: int) -> Iterator[tuple[str, Area | None]]:
    """Walk what stands over a column, from top to bottom; a merged cell counts once."""
    seen: list[Area] = []
    for line in lines:
        cell = line.cells.get(column)
        if cell is None or cell.blank or cell.area in seen:
            continue
        if cell.area:
            seen.append(cell.area)
        yield str(cell.value), cell.area


def _group(parts: Sequence[tuple[str, Area | None]], joint: str) -> object:
    """Return what columns of one field must share to belong together."""
    return joint or next((area for _, area in parts if area and area.left != area.right), None) or object()


def _field(parts: Sequence[tuple[str, Area | None]], form: Form) -> tuple[str, int, str]:
    """Return the field of a column ("" for none), how sure it is, and the common name of numbered columns."""
    texts = [fold(text) for text, _ in parts]
    for label in _labels(texts):
        if found := _best(label, form):
            return *found, ""
    whole = "".join(texts)
    numbered = _NUMBERED.fullmatch(whole)
    if numbered and (found := _best(numbered[1], form)) and isinstance(form.shape.fields.get(found[0]), Series):
        return *found, numbered[1]
    return "", 0, ""


def _labels(texts: Sequence[str]) -> Iterator[str]:
    """Walk what a column may be called, the best first."""
    yield "".join(texts)
    if len(texts) > 1:
        if texts[0] not in synonyms.PERSONS | synonyms.NOT_NEEDED:
            yield texts[-1]
        if texts[-1] in synonyms.MEMBER_PARTS or texts[-1].isdecimal():
            yield "".join(texts[:-1])


def _best(label: str, form: Form) -> tuple[str, int] | None:
    """Return the field that a heading means, None where it means none, or two that are equally sure."""
    found = sorted((tier, name) for name, tier in _known(form).get(label, {}).items())
    if not found or (len(found) > 1 and found[0][0] == found[1][0]):
        return None
    return found[0][1], found[0][0]


def titles(form: Form, names: Iterable[str]) -> str:
    """Return the printed titles of fields, as a sentence lists them."""
    return "、".join(f"「{form.shape.fields[name].title}」" for name in names)
