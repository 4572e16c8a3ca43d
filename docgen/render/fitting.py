"""Which type sizes a certificate takes, so that its words never leave their place: measured before anything is drawn.

Lines are broken here as both engines break them (no closing mark begins a line, no opening mark ends one, Latin words
stay whole), with the advances of the real faces. PDF and Word get the same sizes. What does not fit at the smallest
size is a fault.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate, pairwise, zip_longest
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypedDict

from docgen.errors import Fault
from docgen.forms import certificate
from docgen.forms.messages import label_at
from docgen.layout import (
    AFTER_RECIPIENT,
    BEFORE_NOTES,
    CERTIFICATE_STEPS,
    FEW_ISSUERS,
    ISSUER_STEPS,
    MM_PER_INCH,
    NAMES_HEIGHT,
    NOTE_LINE,
    NOTE_RATIO,
    SMALLEST_NOTE,
    Face,
    certificate_layout,
)
from docgen.render import faces

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from docgen.forms.form import Form

MM_PER_POINT: Final = MM_PER_INCH / 72
SMALLEST: Final = min(CERTIFICATE_STEPS)
"""Points; words that need less are refused."""
_NEVER_FIRST: Final = frozenset("、，。．；：！？）》」』】〕〉〗”’…—·％‰℃々ー・〜,.;:!?)]}%/-")
_NEVER_LAST: Final = frozenset("（《「『【〔〈〖“‘([{$￥")
_WIDE: Final = frozenset("WF")
_EITHER: Final = frozenset("“”‘’…—·〇")
"""Marks of Chinese text that Unicode calls ambiguous."""
_GAP: Final = 0.25
"""Gap between Chinese and Latin where a program leaves one, em."""
_SHORT: Final = 5
"""A last line of fewer characters looks lost."""
_EVEN: Final = 0.7
"""Part of a line that the last of a centred name should fill."""
_NARROWEST: Final = 0.7
"""Lines are shortened to this part of their place at most, for a better last line."""
_HALF: Final = 0.5
"""The same for the recipient, which breaks best between organisation and circle."""
_DATE: Final = 12.5
"""The longest date, 二〇二六年十二月二十二日, stands on one line of the issuers' place, em."""
_INDENT: Final = 2.0
"""Indent of a paragraph's first line, em."""


class Pair(TypedDict):
    """One row of issuers; the second is "" where one stands alone."""

    first: str
    second: str


class Fit(TypedDict):
    """How one certificate is set; templates know it as ``fit``. Sizes in points, lengths in mm."""

    size: float
    line: float
    """Line pitch of the words against their size."""
    note_size: float
    issuer_size: float
    note_indent: float
    """Indent of the small print: its bracket stands below the words' first character."""
    above: float
    """Free height above the words, which stand a little above the middle of their place."""
    recipient_right: float
    words_right: float
    notes_right: float
    issuer_inset: float
    """How much shorter than their place lines are, so that they break well; issuers at both sides."""
    notes: list[str]
    pairs: list[Pair]
    words_height: float
    issuers_width: float
    """Their places: the more seals, the less room for the words."""


@dataclass(frozen=True, slots=True)
class _Text:
    """A paragraph: the field to blame when it is too long, and its words."""

    pointer: str
    words: str


class _Pieces(NamedTuple):
    """The pieces of a text between which a line may end; spaces belong to the piece before them.

    ``ends`` are the places in the text where they end; in em from the text's beginning: ``begins`` where they begin,
    ``bare`` where their words end.
    """

    ends: tuple[int, ...]
    begins: tuple[float, ...]
    bare: tuple[float, ...]


class Measure(StrEnum):
    """How wide characters are: in the face of this installation, or at most, in the faces and programs of others.

    Others draw quotation marks as wide as Chinese characters, and LibreOffice leaves a gap between Chinese and Latin.
    """

    HERE = "here"
    ANYWHERE = "anywhere"


@lru_cache(maxsize=1024)
def _pieces(text: str) -> dict[Measure, _Pieces]:
    """Return the pieces of a text by how wide characters are."""
    ends, here, anywhere = [], [], []
    begin = words = width = most_begin = most_words = most = 0.0
    for place, (char, following) in enumerate(zip_longest(text, text[1:], fillvalue=""), 1):
        wide, widest, is_end, is_space = _step(char, following)
        width, most = width + wide, most + widest
        if not is_space:
            words, most_words = width, most
        if is_end:
            ends.append(place)
            here.append((begin, words))
            anywhere.append((most_begin, most_words))
            begin = words = width
            most_begin = most_words = most
    return {
        measure: _Pieces(tuple(ends), *(tuple(zip(*found, strict=True)) if found else ((), ())))
        for measure, found in ((Measure.HERE, here), (Measure.ANYWHERE, anywhere))
    }


@lru_cache(maxsize=65_536)
def _step(char: str, following: str) -> tuple[float, float, bool, bool]:
    """Return how wide a character is here and anywhere, whether a line may end behind it, whether it is a space."""
    is_end = not following or _may_end(char, following)
    here, anywhere = (_width(char, following, measure) for measure in (Measure.HERE, Measure.ANYWHERE))
    return here, anywhere, is_end, char.isspace()


def _width(char: str, following: str, measure: Measure) -> float:
    """Return the width of a character in em, with the gap to the next."""
    width = faces.advance(Face.KAITI, char)
    if measure is Measure.HERE:
        return width
    meets = following.isalnum() and char.isalnum() and _is_wide(char) != _is_wide(following)
    return (max(width, 1.0) if char in _EITHER else width) + (_GAP if meets else 0.0)


def _may_end(last: str, char: str) -> bool:
    """Whether a line may end between two characters."""
    if char.isspace() or char in _NEVER_FIRST or unicodedata.category(char).startswith("M"):
        return False
    if last.isspace():
        return True
    # Quotation marks cling to both sides: the engines cannot tell an opening one from a closing one.
    if last in _NEVER_LAST or last in "”’" or char in "“‘":
        return False
    return _is_wide(last) or _is_wide(char)


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in _WIDE or char in _EITHER


def broken(text: str, room: float, indent: float = 0.0, measure: Measure = Measure.ANYWHERE) -> list[str]:
    """Break a text into lines of at most ``room`` em, the first shorter by ``indent``; a longer word is cut.

    Spaces at the end of a line hang over and need no room.
    """
    pieces = _pieces(text)[measure]
    lines, line, free = [], "", room - indent
    afters = [*pieces.begins, 0.0][1:]  # what is free after the last one matters no more
    for (start, end), begin, bare, after in zip(
        pairwise([0, *pieces.ends]), pieces.begins, pieces.bare, afters, strict=True
    ):
        if bare - begin > free and line:
            lines.append(line)
            line, free = "", room
        if bare - begin <= free:
            line, free = line + text[start:end], free - (after - begin)
            continue
        for char in text[start:end]:
            width = _width(char, "", measure)
            if line and width > free and not char.isspace():
                lines.append(line)
                line, free = "", room
            line, free = line + char, free - width
    return [*lines, line] if line else lines


def _ends(text: str, room: float, indent: float, measure: Measure) -> list[int]:
    """Return where the lines of ``broken`` end, in characters, without making them: a certificate tries many rooms."""
    pieces = _pieces(text)[measure]
    found: list[int] = []
    piece, free = 0, room - indent
    while piece < len(pieces.ends):
        following = bisect_right(pieces.bare, pieces.begins[piece] + free, piece)
        if following == piece:  # a word longer than a line
            return list(accumulate(map(len, broken(text, room, indent, measure))))
        found.append(pieces.ends[following - 1])
        piece, free = following, room
    return found


@lru_cache(maxsize=4096)
def _pretty(texts: tuple[str, ...], room: float, indent: float, least: float, short: float) -> float:
    """Return the room, in em, in which these paragraphs take no more lines than in all of it, and look best."""
    tries = [(text, measure) for text in texts for measure in Measure]

    def lines(tried: float) -> list[list[int]]:
        return [_ends(text, tried, indent, measure) for text, measure in tries]

    counts = [len(each) for each in lines(room)]
    best, price = room, float("inf")
    if max(counts, default=1) == 1:
        return best
    for step in range(int((room - least) * 2) + 1):
        tried = room - step / 2
        found = lines(tried)
        if [len(each) for each in found] != counts:
            break
        cost = step / 8 + sum(_ugliness(text, ends, short) for (text, _), ends in zip(tries, found, strict=True))
        if cost < price:
            best, price = tried, cost
    return best


def _ugliness(text: str, ends: Sequence[int], short: float) -> float:
    """Price a paragraph: a last line of fewer characters than ``short``, and a break elsewhere than at its space."""
    if len(ends) <= 1:
        return 0.0
    price = max(0.0, short - (ends[-1] - ends[-2])) * 5
    if " " in text.rstrip() and not any(text[end - 1] == " " for end in ends[:-1]):
        price += 4
    return price


@dataclass(frozen=True, slots=True)
class _Paragraphs:
    """What stands between title and issuers."""

    recipient: _Text
    words: tuple[_Text, ...]
    notes: tuple[_Text, ...]

    def heights(self, size: float, width: float) -> list[tuple[float, str]]:
        """Return (height in mm, pointer) of each paragraph at a size in points, over a width in mm."""
        small = _note_size(size)
        found = []
        for text, points, line, indent in [
            (self.recipient, size, CERTIFICATE_STEPS[size], 0.0),
            *((text, size, CERTIFICATE_STEPS[size], _INDENT) for text in self.words),
            *((text, small, NOTE_LINE, _note_indent(size)) for text in self.notes),
        ]:
            count = len(_ends(text.words, _em(width, points), indent, Measure.ANYWHERE))
            found.append((count * points * line * MM_PER_POINT, text.pointer))
        return found


def _gaps(size: float, notes: Sequence[_Text]) -> float:
    return size * MM_PER_POINT * (AFTER_RECIPIENT + (BEFORE_NOTES if notes else 0))


def _note_size(size: float) -> float:
    return max(SMALLEST_NOTE, round(size * NOTE_RATIO * 2) / 2)


def _note_indent(size: float) -> float:
    """Return the indent of small print, in its own em: half of a full-width bracket is white."""
    return _INDENT * size / _note_size(size) - 0.5


def _em(width: float, size: float) -> float:
    """Return a width in em, less a hair that two engines may differ by."""
    return (width - 0.1) / (size * MM_PER_POINT)


def _paragraphs(form: Form, values: Mapping[str, Any] | None) -> _Paragraphs:
    filled = certificate.said(form.model, form.shape, values)
    small = certificate.notes(form.shape, values or {}, "".join(certificate.words_of(form.model, values).values()))
    return _Paragraphs(
        _Text("/recipient", filled["recipient"]),
        tuple(_Text(f"/{name}", filled[name]) for name in ("body", "closing")),
        tuple(_Text(f"/{name}", text) for name, text in small),
    )


def fit(form: Form, values: Mapping[str, Any] | None) -> Fit:
    """Return how a certificate is set; what does not fit (``overlong`` tells) gets the smallest size.

    ``values`` is the JSON-like data of a valid submission, or None for a blank one.
    """
    issuers = certificate.issuers_of(form.model, values)
    layout = certificate_layout(len(issuers))
    said = _paragraphs(form, values)
    width, height = layout.words.width, layout.words.height
    tries = ((size, height - _height(said, size, width)) for size in CERTIFICATE_STEPS)
    size, spare = next(((size, spare) for size, spare in tries if spare >= 0), (SMALLEST, 0.0))
    small = _note_size(size)
    issuer_size, inset = _issuers_fit(issuers, size)
    rows = [issuers[start : start + FEW_ISSUERS] for start in range(0, len(issuers), FEW_ISSUERS)]
    return Fit(
        size=size,
        line=CERTIFICATE_STEPS[size],
        note_size=small,
        note_indent=round(_note_indent(size) * small * MM_PER_POINT, 2),
        issuer_size=issuer_size,
        above=round(min(spare * 0.4, 12.0), 1),
        recipient_right=_shorter((said.recipient,), width, size, least=_HALF),
        words_right=_shorter(said.words, width, size, _INDENT),
        notes_right=_shorter(said.notes, width, small, _note_indent(size)),
        issuer_inset=inset,
        notes=[note.words for note in said.notes],
        pairs=[Pair(first=row[0], second="".join(row[1:])) for row in rows],
        words_height=height,
        issuers_width=layout.issuers.width,
    )


def _height(said: _Paragraphs, size: float, width: float) -> float:
    return sum(height for height, _ in said.heights(size, width)) + _gaps(size, said.notes)


def _shorter(
    texts: Sequence[_Text], width: float, size: float, indent: float = 0.0, least: float = _NARROWEST
) -> float:
    """Return by how many mm lines are shortened, so that they break well; ``least`` is the part that stays."""
    room = _em(width, size)
    best = _pretty(tuple(text.words for text in texts), room, indent, room * least, _SHORT)
    return round((room - best) * size * MM_PER_POINT, 1)


def _issuers_fit(issuers: Sequence[str], largest: float) -> tuple[float, float]:
    """Return size and inset of the issuers: one line each where that is not too small, else several."""
    column = _column(len(issuers))
    steps = [step for step in ISSUER_STEPS if step <= largest]
    for step in steps:
        if step >= ISSUER_STEPS[3] and all(
            len(_ends(issuer, _em(column, step), 0.0, Measure.ANYWHERE)) == 1 for issuer in issuers
        ):
            return step, 0.0
    for step in steps:
        if all(_names_height(issuer, column, step) <= NAMES_HEIGHT for issuer in issuers):
            room = _em(column, step)
            best = _pretty(tuple(issuers), room, 0.0, max(_DATE, room * _NARROWEST), room * _EVEN)
            return step, round((room - best) * step * MM_PER_POINT / 2, 1)
    return steps[-1], 0.0


def _column(issuers: int) -> float:
    """Return the width that one issuer may take, mm."""
    return certificate_layout(issuers).issuers.width / min(issuers, FEW_ISSUERS) - 3


def _names_height(issuer: str, column: float, size: float) -> float:
    return len(broken(issuer, _em(column, size))) * size * NOTE_LINE * MM_PER_POINT


def overlong(form: Form, values: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Find what does not fit its place at the smallest size; the longest part of the words is blamed."""
    issuers = certificate.issuers_of(form.model, values)
    place = certificate_layout(len(issuers)).words
    said = _paragraphs(form, values)
    found = []
    needed = _height(said, SMALLEST, place.width)
    if needed > place.height:
        _, pointer = max(said.heights(SMALLEST, place.width))
        found.append(
            Fault(
                pointer,
                label_at(pointer, form.shape),
                "too_long_for_page",
                f"按最小字号（{SMALLEST:g} 磅）排，证书文字需 {needed:.0f} 毫米高，版面只有 {place.height:.0f} 毫米；"
                "这一项最长，请缩短或删减",
            )
        )
    for index, issuer in enumerate(issuers):
        if _names_height(issuer, _column(len(issuers)), ISSUER_STEPS[-1]) > NAMES_HEIGHT:
            pointer = f"/issuers/{index}"
            detail = f"按最小字号（{ISSUER_STEPS[-1]:g} 磅）也排不下，请用简称或缩短"
            found.append(Fault(pointer, label_at(pointer, form.shape), "too_long_for_page", detail))
    return tuple(found)
