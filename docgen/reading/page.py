"""A filled file as it lies on the desk: paragraphs, and rows of cells with paragraphs in them.

Word and Excel files come here in the same shape, so that one alignment reads both.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from docgen.reading.folding import Folded, fold, folded


@dataclass(frozen=True, slots=True)
class Control:
    """A content control in a paragraph: ``start`` and ``end`` are places of the paragraph's text.

    ``number`` tells controls apart: one that holds several paragraphs stands in each of them. ``checked`` is the state
    of a tick box, None for other controls.
    """

    number: int
    tag: str
    alias: str
    start: int
    end: int
    checked: bool | None = None


@dataclass(frozen=True)
class Paragraph:
    """One paragraph; ``number`` counts through the file, ``place`` is where a person finds it."""

    text: str
    number: int
    place: str
    controls: tuple[Control, ...] = ()
    pictures: tuple[bytes, ...] = ()
    trouble: str = ""
    """Why the text is not what a person sees: a formula without a stored result, an error value."""

    @cached_property
    def folded(self) -> Folded:
        """The text as it is compared."""
        return folded(self.text)

    def shown(self, control: Control) -> str:
        """Return the text inside a control."""
        return self.text[control.start : control.end]


@dataclass(frozen=True)
class Cell:
    """A cell; ``start`` is its first grid column from 0. A continued cell belongs to the one above it."""

    paragraphs: tuple[Paragraph, ...]
    start: int
    span: int
    place: str
    continued: bool = False

    @cached_property
    def text(self) -> str:
        """All paragraphs, one to a line."""
        return "\n".join(paragraph.text for paragraph in self.paragraphs)

    @cached_property
    def fold(self) -> str:
        """The words as they are compared."""
        return fold(self.text)


@dataclass(frozen=True)
class Unit:
    """A row of a table, or a paragraph outside of tables as a row of one cell."""

    cells: tuple[Cell, ...]
    is_row: bool
    place: str

    @cached_property
    def key(self) -> int:
        """The number of the first paragraph, which tells the unit apart."""
        return next((one.number for cell in self.cells for one in cell.paragraphs), -1)

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """All paragraphs in order."""
        return tuple(paragraph for cell in self.cells for paragraph in cell.paragraphs)

    @cached_property
    def fold(self) -> str:
        """All words as they are compared."""
        return "".join(cell.fold for cell in self.cells)


@dataclass(frozen=True)
class Page:
    """A file: its units in order, what no unit holds (text boxes), and the title among its properties."""

    units: tuple[Unit, ...]
    asides: tuple[str, ...] = ()
    """Places with words that are not read."""
    title: str = ""
    sheet: bool = False
    """From Excel: a paragraph of the form is a row there, and empty cells stand everywhere."""

    @cached_property
    def fold(self) -> str:
        """All words as they are compared, units apart."""
        return "\n".join(unit.fold for unit in self.units)
