"""One paragraph of a file against one line of the form: which words are printed, which are the values between them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from docgen.forms.shape import LeafKind
from docgen.reading.folding import fold, folded
from docgen.reading.skeleton import Slot
from docgen.reading.values import MARKS, read_day

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from docgen.reading.folding import Folded
    from docgen.reading.page import Control, Paragraph
    from docgen.reading.skeleton import Line, Token, Way

BREAK: Final = "\n"
"""Between the lines of a cell that is read as one."""
_MOST_MARKS: Final = 3
_DAY_AT_END: Final = re.compile(r"(?:\d{4}|[\s_]*)年[\d\s_]*月[\d\s_]*日\s*$|\d{4}([-./])\d{1,2}\1\d{1,2}\s*$")
"""A date, or the blanks of one, behind another value on the same line."""
_LONGEST_DAY: Final = 60
"""Characters at the end of a line in which a date is looked for."""
_SHORT: Final = 3
"""Words so short may stand in a value as well."""


class Fit(IntEnum):
    """How well a paragraph fits a line."""

    LABEL = 1
    """Only its first words are there."""
    PLACE = 2
    """The line has no printed words: its place alone speaks for it."""
    WORDS = 3
    """All printed words are there."""
    CONTROLS = 4
    """Its controls are, and nothing but printed words stands around them."""


@dataclass(frozen=True, slots=True)
class Match:
    """Values by slot; ``unclear`` are slots whose values cannot be told apart."""

    fit: Fit
    values: dict[Slot, str] = field(default_factory=dict)
    unclear: tuple[Slot, ...] = ()
    weight: float = 0.0


def match_line(line: Line, paragraph: Paragraph) -> Match | None:
    """Return the best way in which a paragraph fits a line with values, or None."""
    found = [match for way in line.ways if (match := _match_way(way, paragraph))]
    return max(found, key=lambda match: (match.fit, -len(match.unclear), match.weight), default=None)


def _match_way(way: Way, paragraph: Paragraph) -> Match | None:
    slots = [token for token in way if isinstance(token, Slot)]
    if not slots:
        return None if fold("".join(map(str, way))) != paragraph.folded.chars else Match(Fit.WORDS, {}, (), 1.0)
    return _by_controls(way, slots, paragraph) or match_text(way, paragraph.folded)


def _by_controls(way: Way, slots: Sequence[Slot], paragraph: Paragraph) -> Match | None:
    """Take each value from its control, where the controls stand as the form has them."""
    controls = [one for one in paragraph.controls if one.tag or one.alias or len(paragraph.controls) == len(slots)]
    wanted = [slot for slot in slots if slot.node is not None]
    if len(controls) != len(wanted) or not all(map(_may_hold, controls, wanted)):
        return None
    end, outside = 0, []
    for control in controls:
        outside.append(fold(paragraph.text[end : control.start]))
        end = control.end
    outside.append(fold(paragraph.text[end:]))
    if not _same_words(way, outside):
        return None
    tagged = all(control.tag for control in controls)
    values = {slot: paragraph.shown(control) for slot, control in zip(wanted, controls, strict=True)}
    return Match(Fit.CONTROLS, values, (), 2.0 if tagged else 1.0)


def _same_words(way: Way, outside: Sequence[str]) -> bool:
    """Compare the words around controls with the printed ones; a slot without a field may hold anything."""
    pieces = [""]
    free = False
    for token in way:
        if isinstance(token, str):
            pieces[-1] += fold(token)
        elif token.node is None:
            free = True
        else:
            pieces.append("")
    return len(pieces) == len(outside) and (free or list(outside) == pieces)


def _may_hold(control: Control, slot: Slot) -> bool:
    if control.tag:
        return same_field(control.tag, slot)
    if control.checked is not None or slot.option:
        return control.checked is not None and bool(slot.option)
    return not control.alias or slot.node is None or control.alias == slot.node.title[: len(control.alias)]


def same_field(tag: str, slot: Slot) -> bool:
    """Whether a control's tag names a slot's field."""
    path, _, option = tag.partition("#")
    return path == slot.path and option == slot.option


def match_text(way: Sequence[Token], text: Folded) -> Match | None:
    """Cut the values out from between the printed words; None where these are not all there, in order."""
    pieces = list(_pieces(way))
    words = [piece for piece in pieces if isinstance(piece, str)]
    if not any(words):
        run = [piece for piece in pieces if isinstance(piece, list)]
        return _cut_run(Match(Fit.PLACE), run[0], text.text, _shape_weight(run[0], text)) if run else None
    match = Match(Fit.WORDS, weight=float(sum(map(len, words))))
    at = 0
    for place, piece in enumerate(pieces):
        if isinstance(piece, str):
            if place == 0 and not text.chars.startswith(piece):
                return None
            at += len(piece) if place == 0 else 0
            continue
        after = pieces[place + 1] if place + 1 < len(pieces) else None
        end, sure = _end_of(piece, after, pieces[place + 2 :], text.chars, at)
        if end < 0:
            return _label_only(words[0], text)
        cut = _cut_run(match, piece, text.cut(at, end), match.weight)
        match = cut if sure else Match(cut.fit, cut.values, (*cut.unclear, *_fields(piece)), cut.weight)
        at = end + (len(after) if isinstance(after, str) else 0)
    return match if at == len(text.chars) else None


def _label_only(label: str, text: Folded) -> Match | None:
    return Match(Fit.LABEL, weight=float(len(label))) if len(label) > 1 and text.chars.startswith(label) else None


def _fields(run: Sequence[Token]) -> tuple[Slot, ...]:
    return tuple(token for token in run if isinstance(token, Slot) and token.node is not None)


def _pieces(way: Sequence[Token]) -> Iterator[str | list[Token]]:
    """Walk printed words and, between them, runs of values; separators without ink stay inside a run."""
    run: list[Token] = []
    for token in way:
        if isinstance(token, str) and fold(token):
            if run:
                yield run
            run = []
            yield fold(token)
        elif isinstance(token, Slot) or run:
            run.append(token)
    if run:
        yield run


def _end_of(
    run: Sequence[Token], after: str | list[Token] | None, rest: Sequence[str | list[Token]], chars: str, start: int
) -> tuple[int, bool]:
    """Return where a run of values ends (-1: nowhere) and whether that is sure."""
    if not isinstance(after, str):
        return len(chars), True
    if not rest:
        return (len(chars) - len(after) if chars.endswith(after) and len(chars) - len(after) >= start else -1), True
    if all(slot.option for slot in _fields(run)) and _fields(run):
        return _end_of_marks(after, chars, start), True
    if any(slot.is_text for slot in _fields(run)):
        tail = sum(len(piece) for piece in rest if isinstance(piece, str))
        return chars.rfind(after, start, len(chars) - tail), True
    end = chars.find(after, start)
    wanted = 1 + sum(piece.count(after) for piece in rest if isinstance(piece, str))
    return end, len(after) > _SHORT or end < 0 or chars.count(after, start) <= wanted


def _end_of_marks(after: str, chars: str, start: int) -> int:
    """Return where an option's words begin behind its box."""
    for end in range(start, min(start + _MOST_MARKS, len(chars)) + 1):
        if chars.startswith(after, end):
            return end
        if end < len(chars) and chars[end] not in MARKS:
            break
    return -1


def _cut_run(match: Match, run: Sequence[Token], text: str, weight: float) -> Match:
    """Share a stretch of text among values that have only space between them."""
    slots = [token for token in run if isinstance(token, Slot)]
    fields = _fields(run)
    if (
        len(slots) > 1
        and slots[-1].kind is LeafKind.DATE
        and (found := _DAY_AT_END.search(text, max(0, len(text) - _LONGEST_DAY)))
    ):
        rest = run[: run.index(slots[-1])]
        dated = Match(match.fit, {**match.values, slots[-1]: found[0]}, match.unclear, weight)
        return _cut_run(dated, rest, text[: found.start()], weight)
    if len(slots) == 1:
        return Match(match.fit, match.values | dict.fromkeys(fields, text), match.unclear, weight)
    breaks = any(isinstance(token, str) and BREAK in token for token in run)
    parts = text.strip(BREAK).split(BREAK) if breaks else text.split()
    if breaks and len(parts) != len(slots):
        parts = [part for part in parts if part.strip()]
    if len(parts) == len(slots):
        shared = {slot: part for slot, part in zip(slots, parts, strict=True) if slot.node is not None}
        return Match(match.fit, match.values | shared, match.unclear, weight)
    if not text.strip():
        return Match(match.fit, match.values | dict.fromkeys(fields, ""), match.unclear, weight)
    return Match(match.fit, match.values, (*match.unclear, *fields), weight)


def _shape_weight(run: Sequence[Token], text: Folded) -> float:
    """Return how well a text without printed words looks like its value."""
    kinds = {slot.kind for slot in _fields(run)}
    if LeafKind.DATE in kinds:
        return 1.0 if not read_day(text.text).code else 0.0
    return 0.4


def joined(lines: Sequence[Line]) -> Way | None:
    """Return the lines of a cell as one way to read it, None where lines repeat or may be missing."""
    if any(line.optional or len(line.ways) != 1 or (line.groups and not line.text_slot) for line in lines):
        return None
    way: list[Token] = []
    for line in lines:
        way += [BREAK, *line.ways[0]] if way else line.ways[0]
    return tuple(way)


def match_cell(way: Way, text: str) -> Match | None:
    """Match a whole cell with its lines joined."""
    return match_text(way, folded(text))
