"""A page laid over a form's skeleton: every place is read by its tag, or by where it stands in the grid."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from docgen.contract.values import field_at
from docgen.forms.shape import Group
from docgen.reading.aligning import Columns, align, align_units, as_paragraph, line_score, pair_cells
from docgen.reading.folding import alike, fold
from docgen.reading.gathering import Doubt, Entry, Gathering, path_of
from docgen.reading.matching import BREAK, Fit, Match, joined, match_cell, match_line, same_field
from docgen.reading.result import How
from docgen.reading.skeleton import Slot
from docgen.reading.tags import is_text, names_field, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from docgen.forms.form import Form
    from docgen.reading.page import Cell, Control, Page, Paragraph, Unit
    from docgen.reading.skeleton import CellForm, Line, Skeleton, UnitForm

Keys = dict[str, int]
"""List (``items[]``) to the number of the item that is being read."""
_LEFT: Final = 1
"""Printed words that may be left over: digits of a row's number."""


class Overlay:
    """Lays a page over a skeleton."""

    def __init__(self, form: Form, skeleton: Skeleton, page: Page) -> None:
        """Align the page with the skeleton."""
        self._form = form
        self._skeleton = skeleton
        self._page = page
        self._answer = align_units(skeleton, page)
        self._columns = Columns(skeleton, page, self._answer)
        self._keys: dict[int, Keys] = {}
        self._seen: set[Slot] = set()
        self._texts: dict[tuple[str, tuple[int, ...]], tuple[Slot, Keys, list[Paragraph]]] = {}
        self._led = self._led_by_controls()
        self.gathering = Gathering(form)

    def _led_by_controls(self) -> frozenset[int]:
        """Return the texts that begin with a control without a tag, in a file that has no tags."""
        found = [
            (place, control)
            for unit, place in zip(self._page.units, self._answer, strict=True)
            if place is not None
            for paragraph in unit.paragraphs
            for control in paragraph.controls
            if control.tag or control.alias
        ]
        return frozenset() if any(control.tag for _, control in found) else frozenset(place for place, _ in found)

    # By place

    def by_place(self) -> None:
        """Read every unit that the form has, and tell what it does not have."""
        before: int | None = None
        keys: Keys = {}
        for unit, place in zip(self._page.units, self._answer, strict=True):
            if place is None:
                self._tell_left(unit)
                continue
            form = self._skeleton.units[place]
            keys = _counted(
                form.groups,
                self._skeleton.units[before].groups if before is not None else (),
                keys,
                back=before is not None and place <= before,
                number=unit.key,
            )
            for paragraph in unit.paragraphs:
                self._keys[paragraph.number] = keys
            self._read_unit(form, unit, keys, self._texts_beside(place))
            before = place
        self._put_texts()
        for table in sorted({form.table for form in self._skeleton.units if form.groups}):
            for cell in self._columns.strange(table):
                remedy = "请把内容移到本表的栏目里，或删去这一列"
                self.gathering.doubt(Doubt("column-unknown", cell.place, "这一列不是本表的栏目，没有读入", remedy))
        for place_text in self._page.asides:
            remedy = "请把文字移到表格的格子里，删去文本框"
            self.gathering.doubt(Doubt("text-box", place_text, "文本框里的文字没有读入", remedy))

    def _texts_beside(self, place: int) -> tuple[Slot, ...]:
        """Return the texts that stand with a text, no printed words between: nobody can tell where one ends.

        LibreOffice leaves a control with the field's title only around the first paragraph of each text; then the
        next such control begins the next text.
        """
        units = self._skeleton.units
        first = last = place
        while _text_of(units, first - 1):
            first -= 1
        while _text_of(units, last + 1):
            last += 1
        run = range(first, last + 1)
        if not _text_of(units, place) or len(run) == 1 or self._led.issuperset(run):
            return ()
        return tuple(slot for other in run if (slot := _text_of(units, other)))

    def _read_unit(self, form: UnitForm, unit: Unit, keys: Keys, rivals: tuple[Slot, ...]) -> None:
        if not form.is_row:
            paragraph = as_paragraph(unit) if unit.is_row else unit.cells[0].paragraphs[0]
            self._read_line(form.cells[0].lines[0], paragraph, keys, rivals)
            return
        pairs, lost = pair_cells(form, unit, self._columns, self._skeleton)
        for cell in lost:
            self._seen |= set(cell.slots)
            self._unclear(cell.slots, keys, unit.place, "这一行的格子被合并、拆开或增删过，分不清哪格是这一项")
        for cell, found in pairs:
            if cell.slots:
                self._read_cell(cell, found, keys)
        paired = {id(found) for _, found in pairs}
        if len(unit.cells) != len(form.cells) and not self._columns.strange(form.table):
            self._tell_extra([cell for cell in unit.cells if id(cell) not in paired], form)

    def _tell_extra(self, cells: Sequence[Cell], form: UnitForm) -> None:
        for cell in cells:
            if cell.fold and not cell.fold.isdigit() and not any(alike(cell.fold, label) for label in form.labels):
                detail = "这一格不是本表原有的，里面的文字没有读入"
                self.gathering.doubt(Doubt("cell-unknown", cell.place, detail, "请把文字移到本表原有的格子里"))

    def _read_cell(self, form: CellForm, cell: Cell, keys: Keys) -> None:
        lines = form.lines
        self._seen |= set(form.slots)
        if len(lines) == 1 and len(lines[0].ways) == 1 and len(lines[0].ways[0]) == 1 and not lines[0].groups:
            self._read_whole(lines[0].slots[0], cell, keys)
            return
        paragraphs = [one for one in cell.paragraphs if one.text or one.pictures] or list(cell.paragraphs)
        if any(line.text_slot for line in lines):
            paragraphs = list(cell.paragraphs)

        def score(place: int, found: int) -> float | None:
            return line_score(lines[place], paragraphs[found], self._skeleton)

        answer = align([line.groups for line in lines], len(paragraphs), score)
        whole = joined(lines)
        left = [one for one, place in zip(paragraphs, answer, strict=True) if place is None and one.folded.chars]
        wanting = [
            line
            for place, line in enumerate(lines)
            if line.slots and not line.text_slot and not line.optional and not line.groups and place not in answer
        ]
        if whole and (left or wanting) and cell.fold:
            match = match_cell(whole, cell.text)
            if match and match.fit >= Fit.PLACE:
                self._put_all(match, cell.paragraphs[0], cell.place, keys)
                return
        self._read_lines(lines, paragraphs, answer, keys, sure=not (left or wanting))
        for paragraph in left:
            if not self._printed(paragraph.folded.chars):
                detail = "格子里有一段文字不知属于哪一项，没有读入"
                self.gathering.doubt(
                    Doubt(
                        "words-left",
                        paragraph.place,
                        detail,
                        "请对照空白表把文字放回原处",
                        self._first(form.slots, keys),
                    )
                )

    def _first(self, slots: Sequence[Slot], keys: Keys) -> tuple[str | int, ...] | None:
        return next((path for slot in slots if slot.node and (path := path_of(slot.path, keys))), None)

    def _read_whole(self, slot: Slot, cell: Cell, keys: Keys) -> None:
        """Read a cell that holds one value and nothing else."""
        if slot.node is None or not cell.paragraphs:
            return
        paragraphs = cell.paragraphs
        foreign = next((one for one in paragraphs if self._foreign(one, (slot,))), None)
        if foreign:
            return
        text = BREAK.join(one.text for one in paragraphs) if slot.is_text else cell.text.strip()
        trouble = next((one.trouble for one in paragraphs if one.trouble), "")
        inside = [control for one in paragraphs for control in one.controls]
        shown = "".join(one.shown(control) for one in paragraphs for control in one.controls)
        beside = bool(inside) and fold(shown) != fold(text)
        self._put(slot, keys, Entry(text, How.GRID, cell.place, beside=beside), trouble)

    def _read_lines(
        self,
        lines: Sequence[Line],
        paragraphs: Sequence[Paragraph],
        answer: Sequence[int | None],
        keys: Keys,
        *,
        sure: bool,
    ) -> None:
        before: int | None = None
        inner: Keys = {}
        for paragraph, place in zip(paragraphs, answer, strict=True):
            if place is None:
                continue
            line = lines[place]
            inner = _counted(
                line.groups,
                lines[before].groups if before is not None else (),
                inner,
                back=before is not None and place <= before,
                number=paragraph.number,
            )
            before = place
            here = keys | inner
            self._keys[paragraph.number] = here
            if sure or line.has_words or line.text_slot:
                self._read_line(line, paragraph, here)
            elif line.slots:
                self._unclear(line.slots, here, paragraph.place, "格子里的段落增删过，分不清哪段是这一项")

    def _put_texts(self) -> None:
        """Join the paragraphs of each text."""
        for slot, keys, parts in self._texts.values():
            if not any(self._foreign(one, (slot,)) for one in parts):
                text = BREAK.join(one.text for one in parts)
                inside = [bool(one.controls) for one in parts if one.folded.chars]
                self._put(slot, keys, Entry(text, How.GRID, parts[0].place, beside=any(inside) and not all(inside)))

    def _read_line(self, line: Line, paragraph: Paragraph, keys: Keys, rivals: tuple[Slot, ...] = ()) -> None:
        """Read one paragraph; ``rivals`` are the texts, itself among them, that it could belong to as well."""
        self._seen |= set(line.slots)
        if slot := line.text_slot:
            named = any(control.tag or control.alias for control in paragraph.controls)
            if not rivals or named or not paragraph.folded.chars:
                items = tuple(number for group, number in keys.items() if not group.endswith("|"))
                self._texts.setdefault((slot.path, items), (slot, dict(keys), []))[2].append(paragraph)
            else:
                self._unclear(rivals, keys, paragraph.place, "几项文字连在一起，分不清从哪里断开")
                self.gathering.leave(paragraph.place, path_of(slot.path, keys))
            return
        if self._foreign(paragraph, line.slots):
            return
        if any(slot.filter == "picture" for slot in line.slots):
            self._read_picture(line, paragraph, keys)
            line = without_pictures(line)
        match = match_line(line, paragraph)
        if match is None:
            return
        if match.fit is Fit.LABEL:
            self._unclear(line.slots, keys, paragraph.place, "这里印好的文字改动过，分不清填写的内容")
            return
        self._put_all(match, paragraph, paragraph.place, keys)

    def _read_picture(self, line: Line, paragraph: Paragraph, keys: Keys) -> None:
        for slot in line.slots:
            if slot.filter == "picture" and paragraph.pictures:
                data = base64.b64encode(paragraph.pictures[0]).decode()
                path = path_of(slot.path, keys)
                if path:
                    self.gathering.put(slot, (*path, "data"), Entry(data, How.GRID, paragraph.place))

    def _put_all(self, match: Match, paragraph: Paragraph, place: str, keys: Keys) -> None:
        inside = bool(paragraph.controls) and match.fit is not Fit.CONTROLS
        for slot, text in match.values.items():
            if slot.node is not None and slot not in match.unclear:
                self._put(slot, keys, Entry(text, How.GRID, place, beside=inside), paragraph.trouble)
        self._unclear(match.unclear, keys, place, "几项内容连在一起，分不清从哪里断开")

    def _put(self, slot: Slot, keys: Mapping[str, int], entry: Entry, trouble: str = "") -> None:
        path = path_of(slot.path, keys)
        if path is None:
            return
        if trouble:
            self.gathering.doubt(Doubt("cell-unreadable", entry.place, trouble, "请把这一格改成直接填写的内容", path))
            return
        # Blank lines at the edges are the room that the form leaves, as far as its place tells.
        text = entry.text.strip(BREAK) if slot.is_text else entry.text
        self.gathering.put(slot, path, replace(entry, text=text))

    def _unclear(self, slots: Sequence[Slot], keys: Keys, place: str, detail: str) -> None:
        for slot in slots:
            path = path_of(slot.path, keys) if slot.node is not None else None
            if path is not None:
                remedy = "请换用空白表重填，或恢复原来的样子"
                self.gathering.void(Doubt("place-unclear", place, detail, remedy, path))

    def _foreign(self, paragraph: Paragraph, slots: Sequence[Slot]) -> bool:
        """Whether a control of another field stands here: moved by hand, and read by its tag."""
        return any(
            control.tag
            and names_field(self._form, control.tag)
            and not any(same_field(plain(control.tag), _of(slot)) for slot in slots)
            for control in paragraph.controls
        )

    # By tag

    def by_tag(self) -> None:
        """Read every control that carries the path of a field."""
        blocks: dict[int, tuple[Control, Paragraph, Unit, list[str]]] = {}
        above: dict[str, int] = {}
        for unit in self._page.units:
            above = {} if unit.is_row else above
            for paragraph in unit.paragraphs:
                lines: dict[str, int] = {}
                for control in (one for one in paragraph.controls if one.tag and names_field(self._form, one.tag)):
                    # The lines of a text follow each other, each in a control of its own.
                    number = above.get(control.tag, control.number)
                    blocks.setdefault(number, (control, paragraph, unit, []))[3].append(paragraph.shown(control))
                    if is_text(self._form, control.tag):
                        lines[control.tag] = number
                above = lines
        for control, paragraph, unit, texts in blocks.values():
            self._read_control(control, paragraph, unit, BREAK.join(texts))

    def _read_control(self, control: Control, paragraph: Paragraph, unit: Unit, text: str) -> None:
        slot_path, _, option = control.tag.partition("#")
        keys = dict(self._keys.get(paragraph.number, {}))
        steps = slot_path.split("[]")
        for depth in range(1, len(steps)):
            group = "[]".join(steps[:depth]) + "[]"
            by_row = group in self._skeleton.row_groups or (unit.is_row and depth == 1)
            keys.setdefault(group, unit.key if by_row else paragraph.number)
        path = path_of(slot_path, keys)
        if path is not None:
            slot = Slot(slot_path, field_at(self._form.printed, plain(control.tag)), option=option)
            self.gathering.put(slot, path, Entry(text, How.TAG, paragraph.place, control.checked))

    # What is left

    def tell_missing(self) -> None:
        """Tell places of the form that the file does not have any more."""
        for form in self._skeleton.units:
            for cell in form.cells:
                for line in cell.lines:
                    repeats = form.groups or line.groups
                    if not (form.optional or line.optional or repeats):
                        self._tell_absent([slot for slot in line.slots if slot not in self._seen])

    def _tell_absent(self, slots: Sequence[Slot]) -> None:
        for slot in slots:
            path = path_of(slot.path, {}) if slot.node is not None and not isinstance(slot.node, Group) else None
            if path is not None and not self.gathering.knows(path):
                remedy = "可能整行被删去或栏目名称改动过，请换用空白表重填这一项"
                self.gathering.doubt(Doubt("place-missing", "全文", "文件里找不到这一栏", remedy, path))

    def _tell_left(self, unit: Unit) -> None:
        if (
            self.gathering.is_full
            or not unit.fold
            or self._printed(unit.fold)
            or all(self._printed(cell.fold) for cell in unit.cells if cell.fold)
        ):
            return
        if any(control.tag for paragraph in unit.paragraphs for control in paragraph.controls):
            return
        detail = "这里的文字不在本表的任何一栏里，没有读入"
        self.gathering.doubt(Doubt("words-left", unit.place, detail, "如属填写的内容，请移到相应的栏里"))

    def _printed(self, words: str) -> bool:
        """Whether words are the form's own, perhaps with a slip or a number changed by hand."""
        return (
            len(words) <= _LEFT
            or words in self._skeleton.words
            or any(alike(words, printed) for printed in self._skeleton.words)
        )


def _text_of(units: Sequence[UnitForm], place: int) -> Slot | None:
    """Return the field whose paragraphs stand at a place outside of tables."""
    inside = 0 <= place < len(units) and not units[place].is_row
    return units[place].cells[0].lines[0].text_slot if inside else None


def without_pictures(line: Line) -> Line:
    """Return what else stands in a picture's paragraph: its caption."""
    ways = (tuple(token for token in way if isinstance(token, str) or token.filter != "picture") for way in line.ways)
    return replace(line, ways=tuple(ways))


def _counted(groups: Sequence[str], before: Sequence[str], keys: Keys, *, back: bool, number: int) -> Keys:
    """Return the items that a place belongs to; going back in the form starts the innermost shared list anew."""
    shared = [group for group in groups if group in before and group in keys]
    found: Keys = {}
    fresh = shared[-1] if back and shared else ""
    renewed = False
    for group in groups:
        renewed = renewed or group == fresh or group not in shared
        found[group] = number if renewed else keys[group]
    return found


def _of(slot: Slot) -> Slot:
    return replace(slot, option="")
