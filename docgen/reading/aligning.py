"""Which row of a file is which row of the form: the best match in order, anchored on the printed labels.

Rows may have been added, removed, split or merged by hand. An alignment maximises what fits; what fits nowhere is left
over and told, never pressed into a place.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from docgen.reading.folding import alike
from docgen.reading.matching import Fit, Match, match_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from docgen.reading.page import Cell, Page, Paragraph, Unit
    from docgen.reading.skeleton import CellForm, Line, Skeleton, UnitForm

_SAME_CELLS: Final = 0.5
_ANY_ROW: Final = 0.2
_PRINTED: Final = 0.05
"""Weight of printed words where a value should stand: only where nothing else takes them."""


def align(groups: Sequence[tuple[str, ...]], count: int, score: Callable[[int, int], float | None]) -> list[int | None]:
    """Return for each of ``count`` found things the place of the form that it is, None where it is none.

    ``score(place, found)`` is positive, or None where the two cannot be the same. ``groups`` are the lists that a
    place repeats with: from its last place the order may go back to an earlier one of the same list.
    """
    again = [
        [later for later in range(place, len(groups)) if set(groups[place]) & set(groups[later])]
        for place in range(len(groups))
    ]
    steps: list[tuple[int, int, int]] = []
    best: list[tuple[float, int]] = [(0.0, -1)] * len(groups)
    for found in range(count):
        before = (0.0, -1)
        updated = list(best)
        for place in range(len(groups)):
            here = score(place, found)
            if here is not None:
                total, step = max([before, *(best[later] for later in again[place])], key=lambda one: one[0])
                if total + here > updated[place][0]:
                    steps.append((place, found, step))
                    updated[place] = (total + here, len(steps) - 1)
            before = max(before, best[place], key=lambda one: one[0])
        best = updated
    answer: list[int | None] = [None] * count
    step = max(best, key=lambda one: one[0])[1] if best else -1
    while step >= 0:
        place, found, step = steps[step]
        answer[found] = place
    return answer


def align_units(skeleton: Skeleton, page: Page) -> list[int | None]:
    """Return for each unit of a file the unit of the form that it is."""
    forms = skeleton.units

    def score(place: int, found: int) -> float | None:
        return _unit_score(forms[place], page.units[found], skeleton, sheet=page.sheet)

    answer = align([form.groups for form in forms], len(page.units), score)
    _place_moved(forms, page, answer)
    return answer


def _place_moved(forms: Sequence[UnitForm], page: Page, answer: list[int | None]) -> None:
    """Give rows that stand out of order to the one row of the form with the same labels."""
    missing = [place for place, form in enumerate(forms) if place not in answer and form.slots and form.labels]
    for place in missing:
        labels = set(forms[place].labels)
        found = [
            number
            for number, unit in enumerate(page.units)
            if answer[number] is None and unit.is_row and labels <= {cell.fold for cell in unit.cells}
        ]
        if len(found) == 1:
            answer[found[0]] = place


def as_paragraph(unit: Unit) -> Paragraph:
    """Return the words of a sheet's row as one paragraph."""
    full = [one for one in unit.paragraphs if one.text.strip()]
    if len(full) == 1:
        return full[0]
    first = (full or unit.paragraphs)[0]
    return replace(
        first, text="　".join(one.text for one in full), trouble=next((o.trouble for o in full if o.trouble), "")
    )


def _unit_score(form: UnitForm, unit: Unit, skeleton: Skeleton, *, sheet: bool) -> float | None:
    if not form.is_row:
        if unit.is_row and not sheet:
            return None
        paragraph = as_paragraph(unit) if unit.is_row else unit.cells[0].paragraphs[0]
        score = line_score(form.cells[0].lines[0], paragraph, skeleton)
        return None if score is None or (sheet and not unit.fold) else score
    if not unit.is_row:
        return None
    return _row_score(form, unit, skeleton, sheet=sheet)


def _row_score(form: UnitForm, unit: Unit, skeleton: Skeleton, *, sheet: bool) -> float | None:
    score = 0.0
    if form.labels:
        waiting = [cell.fold for cell in unit.cells if cell.fold]
        hits = sum(_take(label, waiting) for label in form.labels)
        if hits * 2 < len(form.labels):
            return None
        score = 3.0 * hits - len(form.labels)
    cells = _counterparts(form, unit)
    if cells:
        score += _SAME_CELLS + sum(map(_cell_score, form.cells, cells, [skeleton] * len(cells)))
    elif form.groups and not form.labels:
        score += _ANY_ROW - sum(_is_printed(cell.fold, skeleton) for cell in unit.cells)
    elif not form.labels:
        return None
    if sheet and not unit.fold:
        return None
    return score if score > 0 else None


def _counterparts(form: UnitForm, unit: Unit) -> tuple[Cell, ...]:
    """Return as many cells as the form has in its row: all of them, or those with words; () where neither counts so."""
    full = tuple(cell for cell in unit.cells if cell.fold)
    return next((cells for cells in (unit.cells, full) if len(cells) == len(form.cells)), ())


def _take(label: str, waiting: list[str]) -> bool:
    found = next((words for words in waiting if words == label), None) or next(
        (words for words in waiting if alike(label, words)), None
    )
    if found is not None:
        waiting.remove(found)
    return found is not None


def _cell_score(form: CellForm, cell: Cell, skeleton: Skeleton) -> float:
    if form.continued or cell.continued:
        return 0.1 if form.continued == cell.continued else -0.5
    if not form.slots:
        return 0.0
    worded = [line for line in form.lines if line.has_words]
    if worded:
        fits = sum(any(line_fits(line, one) for one in cell.paragraphs) for line in worded)
        return 1.0 if fits == len(worded) else 0.3 if fits else -0.5
    return -1.5 if _is_printed(cell.fold, skeleton) else 0.0


def _is_printed(words: str, skeleton: Skeleton) -> bool:
    return len(words) > 1 and words in skeleton.words


def line_fits(line: Line, paragraph: Paragraph) -> bool:
    """Whether a paragraph has the printed words of a line."""
    if line.words or not line.slots:
        return alike(line.words, paragraph.folded.chars)
    match = match_line(line, paragraph)
    return match is not None and match.fit >= Fit.WORDS


def line_score(line: Line, paragraph: Paragraph, skeleton: Skeleton) -> float | None:
    """Return how well a paragraph fits a line, None where it cannot be one."""
    words = paragraph.folded.chars
    if not line.slots:
        return _words_score(line.words, words)
    drawn = any(slot.filter == "picture" for slot in line.slots)
    if drawn or (paragraph.pictures and not words):
        return 3.0 if drawn and paragraph.pictures else None if drawn else _PRINTED
    if line.text_slot:
        return _text_score(line, paragraph, skeleton)
    match = match_line(line, paragraph)
    return None if match is None else _match_score(match, words, skeleton)


def _match_score(match: Match, words: str, skeleton: Skeleton) -> float:
    by_place = _PRINTED if _is_printed(words, skeleton) else 0.3 + match.weight if words else 0.2
    return {
        Fit.CONTROLS: 3.0 + 2.0 * match.weight,
        Fit.WORDS: 2.0 + min(match.weight, 20.0) / 10,
        Fit.LABEL: 0.5,
        Fit.PLACE: by_place,
    }[match.fit]


def _words_score(wanted: str, words: str) -> float | None:
    if wanted == words:
        return 4.0 if words else 0.35
    return 2.0 if wanted and alike(wanted, words) else None


def _text_score(line: Line, paragraph: Paragraph, skeleton: Skeleton) -> float | None:
    slot = line.text_slot
    for control in paragraph.controls:
        if control.tag and slot:
            return 5.0 if control.tag == slot.path else None
        if control.alias and slot and slot.node:
            return 3.0 if control.alias == slot.node.title[: len(control.alias)] else None
    return _PRINTED if _is_printed(paragraph.folded.chars, skeleton) else 0.3


class Columns:
    """The columns of one table of a file, found by the labels above them."""

    def __init__(self, skeleton: Skeleton, page: Page, answer: Sequence[int | None]) -> None:
        """Take the alignment; rows of the form that are labels throughout are heads."""
        self._heads: dict[int, list[tuple[UnitForm, Unit]]] = {}
        for number, place in enumerate(answer):
            form = None if place is None else skeleton.units[place]
            if form and form.is_row and not form.slots and len(form.labels) > 1:
                self._heads.setdefault(form.table, []).append((form, page.units[number]))

    def head_of(self, table: int, cell: CellForm) -> Cell | None:
        """Return the head above a cell in the file, None where the form has none or the file lost it."""
        for form, unit in self._heads.get(table, ()):
            for head in form.cells:
                if (head.start, head.span) == (cell.start, cell.span) and head.words:
                    found = [one for one in unit.cells if one.fold == head.words] or [
                        one for one in unit.cells if alike(one.fold, head.words)
                    ]
                    return found[0] if len(found) == 1 else None
        return None

    def has_head(self, table: int, cell: CellForm) -> bool:
        """Whether the form has a head above a cell of a table whose head the file has."""
        return any(
            (head.start, head.span) == (cell.start, cell.span) and head.words
            for form, _ in self._heads.get(table, ())
            for head in form.cells
        )

    def strange(self, table: int) -> list[Cell]:
        """Return heads in the file that the form does not have."""
        return [
            cell
            for form, unit in self._heads.get(table, ())
            for cell in unit.cells
            if cell.fold and not any(alike(cell.fold, head.words) for head in form.cells)
        ]


def pair_cells(
    form: UnitForm, unit: Unit, columns: Columns, skeleton: Skeleton
) -> tuple[list[tuple[CellForm, Cell]], list[CellForm]]:
    """Return the cells of a row with those of the form, and the cells of the form that cannot be told in it."""
    wanted = [cell for cell in form.cells if any(slot.node for slot in cell.slots) and not cell.continued]
    heads = [columns.head_of(form.table, cell) for cell in wanted]
    if wanted and any(heads) and all(columns.has_head(form.table, cell) for cell in wanted):
        return _by_columns(unit, wanted, heads)
    cells = _counterparts(form, unit)
    if cells and _labels_in_place(form, cells):
        return list(zip(form.cells, cells, strict=True)), []
    return _by_anchors(form, unit, skeleton)


def _by_columns(
    unit: Unit, wanted: Sequence[CellForm], heads: Sequence[Cell | None]
) -> tuple[list[tuple[CellForm, Cell]], list[CellForm]]:
    pairs, lost = [], []
    for cell, head in zip(wanted, heads, strict=True):
        under = [] if head is None else [one for one in unit.cells if head.start <= one.start < head.start + head.span]
        full = [one for one in under if one.fold or (one.paragraphs and one.paragraphs[0].trouble)]
        alone = full if len(full) == 1 else under[:1] if not full else []
        covers = not alone or head is None or alone[0].start + alone[0].span <= head.start + head.span
        if alone and (covers or not alone[0].fold):
            pairs.append((cell, alone[0]))
        elif (
            under
            or head is None
            or any(one.start < head.start < one.start + one.span and one.fold for one in unit.cells)
        ):
            lost.append(cell)
    return pairs, lost


def _labels_in_place(form: UnitForm, cells: Sequence[Cell]) -> bool:
    return all(
        not cell.words or cell.continued or alike(cell.words, found.fold)
        for cell, found in zip(form.cells, cells, strict=True)
    )


def _by_anchors(form: UnitForm, unit: Unit, skeleton: Skeleton) -> tuple[list[tuple[CellForm, Cell]], list[CellForm]]:
    """Pair cells between the labels; where their number differs, only what is beyond doubt."""

    def score(place: int, found: int) -> float | None:
        cell, other = form.cells[place], unit.cells[found]
        if cell.words:
            return 3.0 if cell.words == other.fold else 2.0 if alike(cell.words, other.fold) else None
        worded = [line for line in cell.lines if line.has_words]
        return 1.0 if worded and any(line_fits(line, one) for line in worded for one in other.paragraphs) else None

    answer = align([()] * len(form.cells), len(unit.cells), score)
    anchors = [(-1, -1), *((place, found) for found, place in enumerate(answer) if place is not None)]
    anchors.append((len(form.cells), len(unit.cells)))
    pairs = [(form.cells[place], unit.cells[found]) for place, found in anchors[1:-1]]
    lost: list[CellForm] = []
    for (place, found), (next_place, next_found) in pairwise(anchors):
        wanted = [cell for cell in form.cells[place + 1 : next_place] if cell.slots and not cell.continued]
        between = [cell for cell in unit.cells[found + 1 : next_found] if not cell.continued]
        full = [cell for cell in between if cell.fold and cell.fold not in skeleton.words]
        if len(wanted) == len(between):
            pairs += zip(wanted, between, strict=True)
        elif len(wanted) == 1 and full and len({cell.fold for cell in full}) == 1:
            pairs.append((wanted[0], full[0]))
        elif full:
            lost += wanted
        elif between:
            pairs += [(cell, between[0]) for cell in wanted]
        else:
            lost += wanted
    return pairs, lost
