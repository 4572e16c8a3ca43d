"""A roster as it was read: every row of the table, in order, is good, skipped or failed, and nothing is left over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from openpyxl.utils import get_column_letter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from docgen.forms.form import Form


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the file: a cell, a row (``column`` 0), a sheet (``row`` 0), or the roster as a whole (no sheet)."""

    sheet: str = ""
    row: int = 0
    column: int = 0
    heading: str = ""

    @property
    def cell(self) -> str:
        """The address as Excel writes it: C5, or "" for what is no single cell."""
        return f"{get_column_letter(self.column)}{self.row}" if self.row and self.column else ""

    def __str__(self) -> str:
        """Return the place as people say it."""
        if not self.sheet:
            return "名单" if not self.heading else f"共同内容（{self.heading}）"
        head = f"（{self.heading}）" if self.heading else ""
        where = f"{self.cell} 格" if self.cell else f"第 {self.row} 行" if self.row else ""
        return " ".join(piece for piece in (f"工作表「{self.sheet}」", f"{where}{head}") if piece)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, or that a person must look at; the words found there are never repeated."""

    code: str
    place: Place
    detail: str
    remedy: str

    def members(self) -> dict[str, object]:
        """Return the problem for machines."""
        return {
            "code": self.code,
            "sheet": self.place.sheet,
            "row": self.place.row,
            "cell": self.place.cell,
            "heading": self.place.heading,
            "detail": self.detail,
            "remedy": self.remedy,
        }


class Fate(StrEnum):
    """What becomes of a row before anything is issued."""

    GOOD = "good"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table. ``words`` are what stands in the file, ``values`` what was read, both by field.

    ``skipped`` says why it is no certificate; ``ref`` is the mark that tells it from its namesake. ``identity`` is whom
    it honours for what, once it was judged and could be issued.
    """

    sheet: str
    number: int
    words: Mapping[str, str]
    values: Mapping[str, Any]
    ref: str = ""
    skipped: str = ""
    faults: tuple[Problem, ...] = ()
    identity: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """Rows in = good + skipped + failed: the one place that says so and holds it."""

    rows_in: int
    good: int
    skipped: int
    failed: int

    def __post_init__(self) -> None:
        """Refuse to count a row twice or not at all: that is our mistake, and must not pass."""
        if self.rows_in != self.good + self.skipped + self.failed:
            raise RuntimeError("a row of the roster was lost or counted twice")


@dataclass(frozen=True)
class Roster:
    """What was read of a file for one certificate form.

    ``columns`` are the columns of each field, ``headings`` what is printed over them. ``general`` faults concern every
    row: as long as there is one, no row is good. ``ignored`` are headings that no certificate needs. ``rows_in`` was
    counted when the file was walked, not from ``rows``.
    """

    form: Form
    sheet: str
    columns: Mapping[str, tuple[int, ...]]
    headings: Mapping[str, str]
    rows: tuple[Row, ...]
    rows_in: int
    general: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    ignored: tuple[str, ...] = ()

    def fate(self, row: Row) -> Fate:
        """Return what becomes of a row."""
        if row.skipped:
            return Fate.SKIPPED
        return Fate.FAILED if row.faults or self.general else Fate.GOOD

    @cached_property
    def good(self) -> tuple[Row, ...]:
        """The rows that an order is made of, in the order of the file."""
        return tuple(row for row in self.rows if self.fate(row) is Fate.GOOD)

    @cached_property
    def faults(self) -> tuple[Problem, ...]:
        """Everything that must be mended, from top to bottom."""
        return self.general + tuple(fault for row in self.rows if not row.skipped for fault in row.faults)

    @cached_property
    def tally(self) -> Tally:
        """How many rows came in, and what becomes of them."""
        fates = [self.fate(row) for row in self.rows]
        return Tally(self.rows_in, *(fates.count(fate) for fate in (Fate.GOOD, Fate.SKIPPED, Fate.FAILED)))

    def place(self, row: Row | None = None, field: str = "") -> Place:
        """Return where a field of a row stands; what has no column is the row's, and without a row the roster's."""
        if row is None:
            return Place(heading=field)
        columns = self.columns.get(field, ())
        return Place(row.sheet, row.number, columns[0] if columns else 0, self.headings.get(field, ""))

    def with_faults(self, found: Mapping[int, Iterable[Problem]], general: Iterable[Problem] = ()) -> Roster:
        """Return the roster with more faults; ``found`` names rows by their place in ``rows``."""
        rows = tuple(
            replace(row, faults=(*row.faults, *found[index])) if index in found else row
            for index, row in enumerate(self.rows)
        )
        return replace(self, rows=rows, general=(*self.general, *general))
