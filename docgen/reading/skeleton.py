"""What a form's template prints where: units, cells and lines of printed words and slots for values."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from docgen.forms.shape import Group, Leaf, LeafKind, Node, Series
from docgen.reading.folding import fold


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a value stands. ``path`` is written as in ``shape.leaves``, fixed slots as ``topics[0].period``.

    ``node`` is the field, None for what is no field (a row's number, a certificate's code). ``filter`` is the last
    filter that prints it, ``option`` the option of a tick box.
    """

    path: str
    node: Node | None = field(compare=False)
    filter: str = ""
    option: str = ""

    @property
    def kind(self) -> LeafKind | None:
        """The kind of the value; None for what is no field."""
        match self.node:
            case Leaf() as leaf:
                return leaf.kind
            case Series() | Group():
                return LeafKind.LINE
            case None:
                return None

    @property
    def is_text(self) -> bool:
        """Whether its value may be several paragraphs."""
        return self.filter == "paragraphs"


Token = str | Slot
Way = tuple[Token, ...]


@dataclass(frozen=True)
class Line:
    """One paragraph of the form: ``ways`` are the ways it may read, ``groups`` the lists it repeats with."""

    ways: tuple[Way, ...]
    groups: tuple[str, ...] = ()
    optional: bool = False

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """All values that may stand in it."""
        return tuple(dict.fromkeys(token for way in self.ways for token in way if isinstance(token, Slot)))

    @cached_property
    def words(self) -> str:
        """The folded words of a paragraph without values."""
        return "" if self.slots else fold("".join(str(token) for token in self.ways[0]))

    @cached_property
    def has_words(self) -> bool:
        """Whether printed words stand in it that leave ink."""
        return any(isinstance(token, str) and fold(token) for way in self.ways for token in way)

    @property
    def text_slot(self) -> Slot | None:
        """The field whose paragraphs stand here, where nothing else does."""
        only = self.slots[0] if len(self.slots) == 1 and len(self.ways) == 1 and len(self.ways[0]) == 1 else None
        return only if only and only.is_text else None


@dataclass(frozen=True)
class CellForm:
    """One cell of the form; ``start`` is its first grid column."""

    lines: tuple[Line, ...]
    start: int = 0
    span: int = 1
    continued: bool = False

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """All values that may stand in it."""
        return tuple(dict.fromkeys(slot for line in self.lines for slot in line.slots))

    @cached_property
    def words(self) -> str:
        """The folded words of a cell without values."""
        return "" if self.slots else "".join(line.words for line in self.lines)


@dataclass(frozen=True)
class UnitForm:
    """A row of the form, or a paragraph outside of tables."""

    cells: tuple[CellForm, ...]
    is_row: bool
    table: int = 0
    groups: tuple[str, ...] = ()
    optional: bool = False

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """All values that may stand in it."""
        return tuple(dict.fromkeys(slot for cell in self.cells for slot in cell.slots))

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The folded words of the cells that hold nothing else."""
        return tuple(cell.words for cell in self.cells if cell.words)


@dataclass(frozen=True)
class Skeleton:
    """A form's template turned around."""

    units: tuple[UnitForm, ...]

    @cached_property
    def words(self) -> frozenset[str]:
        """Every run of printed words, folded."""
        lines = [line for unit in self.units for cell in unit.cells for line in cell.lines]
        pieces = {fold(token) for line in lines for way in line.ways for token in way if isinstance(token, str)}
        wholes = {line.words for line in lines} | {cell.words for unit in self.units for cell in unit.cells}
        return frozenset(piece for piece in pieces | wholes if piece)

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """All values that may stand in it."""
        return tuple(dict.fromkeys(slot for unit in self.units for slot in unit.slots))

    @cached_property
    def row_groups(self) -> frozenset[str]:
        """The lists that grow by rows; others grow by paragraphs inside a cell."""
        return frozenset(group for unit in self.units if unit.is_row for group in unit.groups)
