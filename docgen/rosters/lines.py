"""What a line below a table's head is: a row of data, or one of the many other things that people put between them.

Every line is told to be something, and whatever is no data says why.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from docgen.rosters import synonyms
from docgen.rosters.cells import words_of
from docgen.rosters.headings import DATE, fields_of, fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from docgen.forms.form import Form
    from docgen.rosters.headings import Table
    from docgen.rosters.sheets import Cell, Line

_TOTAL: Final = re.compile(rf"(?:{'|'.join(synonyms.TOTALS)})(?:[:：\d０-９一二三四五六七八九十百共个项人名份家]|$)")
_FOOTER: Final = re.compile(rf"(?:{'|'.join(sorted(synonyms.FOOTERS, key=len, reverse=True))})\d*[:：]")
_FOOTER_NOTE: Final = re.compile(r"[(（][^()（）]*[)）]")
_DAY: Final = re.compile(
    "[0-9０-９〇○零一二三四五六七八九十]*年[0-9０-９一二三四五六七八九十]*月[0-9０-９一二三四五六七八九十]*日"
)
"""The date below a list, filled in or not."""
_WIDE: Final = 3
"""Columns that one line of words must span to be a caption or a note between rows."""

HEAD_AGAIN: Final = "重复的表头"
OTHER_HEAD: Final = "另一张表的表头"
OTHER_TABLE: Final = "属于同一工作表里的另一张表"
EMPTY: Final = "要用的各栏都空着"
ONLY_MERGED: Final = "只有合并单元格带下来的内容"
CAPTION: Final = "横跨各栏的标题或说明"
TOTAL: Final = "合计行"
FOOTER: Final = "表下的注或落款"
SAMPLE: Final = "示例行"
ANOTHER_KIND: Final = "类别是另一种荣誉对象"


@dataclass(frozen=True, slots=True)
class Own:
    """What a line brings by itself: cells by column, without what a merged area brings down from above."""

    line: Line
    cells: Mapping[int, Cell]

    @property
    def first(self) -> str:
        """The words of its first cell."""
        return words_of(next(iter(self.cells.values()))).strip() if self.cells else ""


def own(line: Line) -> Own:
    """Return what a line brings by itself."""
    return Own(
        line,
        {
            column: cell
            for column, cell in sorted(line.cells.items())
            if not cell.blank and (cell.area is None or (cell.area.top, cell.area.left) == (line.number, column))
        },
    )


class Sorter:
    """Tells the lines of one table apart."""

    def __init__(self, table: Table, heads: Sequence[Table], form: Form) -> None:
        """Take the table, and every head of its sheet."""
        self._table, self._form = table, form
        self._heads = {
            number: head for head in heads for number in range(head.top, head.bottom + 1) if head.top > table.bottom
        }
        self._inside = True
        self._needed = [
            name
            for name in fields_of(form)
            if name != DATE and form.shape.fields[name].required and name in table.fields
        ]
        self._mapped = {column for heading in table.fields.values() for column in heading.columns}
        self._numbering = table.special(synonyms.NUMBERING)
        self._category = table.special(synonyms.CATEGORY)

    def why_skipped(self, line: Line) -> str:
        """Return why a line is no data, "" for data."""
        if head := self._heads.get(line.number):
            self._inside = head.layout == self._table.layout
            return HEAD_AGAIN if self._inside else OTHER_HEAD
        if not self._inside:
            return OTHER_TABLE
        mine = own(line)
        if not mine.cells:
            return ONLY_MERGED
        return self._remark(mine) or self._nothing(mine) or self._other_kind(line)

    def _remark(self, mine: Own) -> str:
        """Tell lines that speak about the table."""
        number = words_of(mine.cells[self._numbering]) if self._numbering in mine.cells else ""
        if {fold(number), fold(mine.first)} & set(synonyms.SAMPLES):
            return SAMPLE
        if len(mine.cells) == 1 and (area := next(iter(mine.cells.values())).area):
            covered = set(range(area.left, area.right + 1))
            if len(covered) >= _WIDE and len(covered & self._mapped) != 1:
                return CAPTION
        plain = "".join(mine.first.split())
        counts = next(iter(mine.cells)) not in self._mapped
        if (counts and _TOTAL.match(plain)) or _TOTAL.match("".join(number.split())):
            return TOTAL
        if self._complete(mine.line):
            return ""
        if _TOTAL.match(plain):
            return TOTAL
        signed = len(mine.cells) == 1 and _DAY.fullmatch(plain)
        return FOOTER if signed or _FOOTER.match(_FOOTER_NOTE.sub("", plain)) else ""

    def _complete(self, line: Line) -> bool:
        """Tell whether every field that a certificate needs has something, in a cell of its own."""
        found = [self.cells(line, name) for name in self._needed]
        return all(found) and len({id(cell) for some in found for cell in some}) >= len(self._needed)

    def _nothing(self, mine: Own) -> str:
        return "" if self._mapped & set(mine.cells) else EMPTY

    def _other_kind(self, line: Line) -> str:
        """Tell a row about a team in a list that holds both, where circles are honoured."""
        cell = line.cells.get(self._category)
        if cell is None or cell.blank:
            return ""
        said = {name for name, word in synonyms.KINDS.items() if word in words_of(cell)}
        return ANOTHER_KIND if said and not said & set(self._form.shape.fields) else ""

    def cells(self, line: Line, name: str) -> list[Cell]:
        """Return the cells that a field has in a line, each merged area once, without blank ones."""
        found: list[Cell] = []
        for column in self._table.fields[name].columns:
            cell = line.cells.get(column)
            if cell and not cell.blank and not (cell.area and any(cell.area == one.area for one in found)):
                found.append(cell)
        return found

    def reach(self, line: Line) -> int:
        """Return the first row of the merged areas from which all that a line must say comes down, 0 where it says it.

        Such a line only adds to the row above it: a circle's name over ten rows, with one member in each.
        """
        areas = [cell.area for name in self._needed for cell in self.cells(line, name)]
        above = [area.top for area in areas if area and area.top < line.number]
        return min(above) if areas and len(above) == len(areas) else 0
