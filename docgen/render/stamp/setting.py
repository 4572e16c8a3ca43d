"""Setting the words of one certificate: HarfBuzz shapes them, lines end where Pango would end them.

What the comparison with WeasyPrint does not cover (scripts written from the right, marks above letters, emoji) is
refused, and that certificate is laid out by WeasyPrint.
"""

from __future__ import annotations

import re
import struct
from collections import defaultdict
from functools import cache, lru_cache
from itertools import accumulate, chain, groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import uharfbuzz

from docgen.certificates import code
from docgen.render import faces
from docgen.render.stamp import breaking, fount
from docgen.render.stamp.fount import Glyph, Numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from docgen.layout import Face
    from docgen.render.stamp.design import Design, Place, Style
    from docgen.render.stamp.tracing import Source

_PIXELS_PER_MM: Final = 96 / 25.4
PANGO_UNITS: Final = 1024
"""Of a pixel; advances are rounded to them."""
_HAIR: Final = 0.01
"""Pixels by which a page may be overrun through rounding."""
_SIMPLE: Final = re.compile(
    "[ -~\u00a1-\u00ac\u00ae-\u024f\u0370-\u03ff\u0400-\u0482\u048a-\u04ff\u2010-\u2027\u2030-\u205e\u2070-\u209f"
    "\u20a0-\u20bf\u2100-\u218b\u2190-\u22ff\u2460-\u24ff\u2500-\u25fc\u3000-\u3029\u3030\u30fb"
    "\u3200-\u33ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff5e\uffe0-\uffe6"
    "\U00020000-\U0003ffff]*"
)
"""Characters that stand for themselves, one after the other."""
_LANGUAGES: Final = {"Latn": "en", "Grek": "el", "Cyrl": "ru"}
"""Pango shapes scripts that Chinese is not written in as another language; some faces have other digits for it."""
_OF_NUMBERS: Final = "".join(sorted(code.ALPHABET, reverse=True)) + "-"
"""What codes are made of, and most numbers. Letters first, as there: faces may have other digits for Chinese."""
_SPACES: Final = " \u2028\u3000\u00a0"


def is_simple(text: str) -> bool:
    """Tell whether a text needs nothing but one glyph after the other."""
    return bool(_SIMPLE.fullmatch(text))


Look = tuple["Face", str]
"""A face and a script: what is shaped at once has the same."""


class UnsettableError(Exception):
    """These words need WeasyPrint."""


class Run(NamedTuple):
    """Glyphs of one look. ``starts`` are their characters' places in the run's text.

    ``advances`` are in Pango's units, ``width`` in pixels; ``kerns`` tell in 1/1000 em how much nearer the next glyph
    stands than the width says, and are left out where none does.
    """

    look: Look
    glyphs: tuple[Glyph, ...]
    starts: tuple[int, ...]
    advances: tuple[int, ...]
    kerns: tuple[int, ...]
    width: float


class Part(NamedTuple):
    """Part of a line in one face: the operators before its glyphs, and these. ``kerns`` as in a run, for each glyph."""

    face: Face
    opening: str
    glyphs: tuple[Glyph, ...]
    kerns: tuple[int, ...]


class Line(NamedTuple):
    """One line in pixels: its width with the spaces at its end, how far its baseline lies below its top, its height."""

    parts: tuple[Part, ...]
    width: float
    baseline: float
    height: float


class _Looks(dict[str, tuple["Face | None", str]]):
    """Characters by the first face of ``stack`` that has them, and their script.

    Spaces have no face of their own; marks and digits have no script and go with what stands before them.
    """

    def __init__(self, stack: tuple[Face, ...]) -> None:
        super().__init__()
        self._stack = stack

    def __missing__(self, char: str) -> tuple[Face | None, str]:
        """Look a character up; raises UnsettableError where no face has it."""
        face = next((face for face in self._stack if faces.font(face).get_nominal_glyph(ord(char))), None)
        if face is None and char not in _SPACES:
            raise UnsettableError
        buffer = uharfbuzz.Buffer()
        buffer.add_str(char)
        buffer.guess_segment_properties()
        look = self[char] = (None if char in _SPACES else face, buffer.script or "")
        return look


_looks = cache(_Looks)


def _scripts(looks: Sequence[tuple[Face | None, str]]) -> Iterator[tuple[int, int, str]]:
    """Walk the parts of a text in one script: start, end, script."""
    start, script = 0, ""
    for place, (_, its) in enumerate(looks):
        if its and script and its != script:
            yield start, place, script
            start, script = place, its
        else:
            script = script or its
    yield start, len(looks), script


def _pieces(text: str, stack: tuple[Face, ...]) -> Iterator[tuple[int, int, Look]]:
    """Walk what is shaped at once: start, end, look.

    Spaces go with what stands before them, or with what follows where that is in a face nearer to the wanted one.
    """
    looks = [*map(_looks(stack).__getitem__, text)]
    found, scripts = zip(*set(looks), strict=True)
    if len({*found} - {None}) == 1 and len({*scripts} - {""}) <= 1:  # nearly always; the same as below
        yield 0, len(text), (next(filter(None, found)), "".join(scripts))
        return
    for first, last, script in _scripts(looks):
        start, face = first, None
        for place in range(first, last):
            one = looks[place][0]
            if one is face or one is None:
                continue
            if face:
                end = place
                if stack.index(one) < stack.index(face):
                    while text[end - 1] in _SPACES:
                        end -= 1
                yield start, end, (face, script)
                start = end
            face = one
        yield start, last, (face or stack[0], script)


def _shaped(text: str, style: Style) -> list[tuple[int, Run]]:
    """Return the runs of a text and where they begin; raises UnsettableError for what is not simple."""
    if not is_simple(text):
        raise UnsettableError
    return [
        (start, _run(text[start:end], look, style.language, style.size))
        for start, end, look in _pieces(text, style.faces)
    ]


@lru_cache(maxsize=1024)
def _run(text: str, look: Look, language: str, size: float) -> Run:
    face, script = look
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.direction, buffer.script, buffer.language = "ltr", script or "Zyyy", _LANGUAGES.get(script, language)
    uharfbuzz.shape(_sized(face, size), buffer)
    positions, infos = buffer.glyph_positions, buffer.glyph_infos
    if any([position.x_offset or position.y_offset for position in positions]):  # noqa: C419  lists are faster here
        raise UnsettableError
    codes = [info.codepoint for info in infos]
    starts = tuple([info.cluster for info in infos])
    parts: Sequence[str] = text
    if starts != tuple(range(len(text))):
        ends = (*starts[1:], len(text))
        if any(first >= last for first, last in zip(starts, ends, strict=True)):
            raise UnsettableError
        parts = [text[first:last] for first, last in zip(starts, ends, strict=True)]
    if 0 in codes:
        raise UnsettableError
    glyphs = tuple(map(fount.glyphs(face).__getitem__, zip(codes, parts, strict=True)))
    advances = tuple([position.x_advance for position in positions])
    kerns = _kerns([one.width for one in glyphs], advances, size * PANGO_UNITS)
    return Run(look, glyphs, starts, advances, kerns, sum(advances) / PANGO_UNITS)


def _kerns(widths: Sequence[int], advances: Sequence[int], em: float) -> tuple[int, ...]:
    """Return by how many 1/1000 em glyphs stand nearer to the next than their widths say; nothing where none does."""
    pairs = list(zip(widths, advances, strict=True))
    known = {pair: int(pair[0] - pair[1] * 1000 / em) for pair in set(pairs)}
    return tuple([known[pair] for pair in pairs]) if any(known.values()) else ()


@cache
def _sized(face: Face, size: float) -> uharfbuzz.Font:
    """Return a face that measures in Pango's units at a size."""
    font = uharfbuzz.Font(faces.font(face).face)
    font.scale = (round(size * PANGO_UNITS),) * 2
    return font


def _line(text: str, style: Style, runs: Sequence[Run]) -> Line:
    metrics = style.ruler.measured((runs[0].look, frozenset([run.look for run in runs])), text)
    baseline = metrics.ascent + (style.line_height - metrics.height) / 2
    parts = tuple([_part(face, style.size, tuple(found)) for face, found in groupby(runs, lambda run: run.look[0])])
    # A face of another build shifts the baseline: the line is then higher than the style's.
    height = style.line_height + abs(baseline - style.baseline)
    return Line(parts, sum([run.width for run in runs]), max(baseline, style.baseline), height)


def _part(face: Face, size: float, runs: Sequence[Run]) -> Part:
    glyphs = tuple(chain.from_iterable([run.glyphs for run in runs]))
    kerns = tuple(chain.from_iterable([run.kerns or (0,) * len(run.glyphs) for run in runs]))
    return Part(face, f"/{face.name} {size:.6f} Tf\n[<", glyphs, kerns if any(kerns) else ())


@lru_cache(maxsize=512)
def lines(text: str, style: Style, width: float) -> tuple[Line, ...]:
    """Break a text into lines of at most ``width`` pixels, the first shorter by the indent.

    Raises UnsettableError for what is not simple.
    """
    placed = _shaped(text, style)
    runs = [run for _, run in placed]
    if sum([run.width for run in runs]) <= width - style.indent:
        return (_line(text, style, runs),)
    steps = [0] * (len(text) + 1)
    for begin, run in placed:
        for start, advance in zip(run.starts, run.advances, strict=True):
            steps[begin + start + 1] = advance
    edges = [edge / PANGO_UNITS for edge in accumulate(steps)]
    cuts = breaking.cuts(text, style.language, edges, width, style.indent)
    broken = [text[first:last] for first, last in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    return tuple([_line(part, style, [run for _, run in _shaped(part, style)]) for part in broken])


def seeds(design: Design) -> dict[Face, Numbers]:
    """Return the glyphs that numbers and codes are made of, where nothing else is set in their face.

    Every certificate then has the same cut of that face, which is made once.
    """
    found: dict[Face, Numbers] = {}
    for place in design.places:
        sources = [part for part in place.parts if not isinstance(part, str)]
        if all(source.path[0] == "issue" for source in sources):
            constant = "".join(part for part in place.parts if isinstance(part, str))
            for _, run in _shaped(constant + _OF_NUMBERS, place.style):
                found.setdefault(run.look[0], Numbers()).meet(run.glyphs)
    others = {place.style.faces[0] for place in design.places if any(_is_said(part) for part in place.parts)}
    return {face: numbers for face, numbers in found.items() if face not in others}


def _is_said(part: str | Source) -> bool:
    return not isinstance(part, str) and part.path[0] != "issue"


def page(design: Design, values: Mapping[str, Any], founts: Mapping[Face, Numbers]) -> list[bytes]:
    """Set the words of one certificate; return the operators of each of its places.

    ``founts`` are those of its document; new glyphs are added. Raises UnsettableError where WeasyPrint is needed.
    """
    placed = [_placed(place, values) for place in design.places]
    used: defaultdict[Face, list[Glyph]] = defaultdict(list)
    for one in placed:
        for line in one.lines:
            for part in line.parts:
                used[part.face] += part.glyphs
    for face, glyphs in used.items():
        founts[face].meet(glyphs)
    grown = [one.grown for one in placed]
    numbers = {face: found.__getitem__ for face, found in founts.items()}
    return [_painted(one, grown, design.bottom, numbers) for one in placed]


class _Placed(NamedTuple):
    """A paragraph of one certificate: where it begins, how wide it may be, by how much it is higher than one line."""

    place: Place
    left: float
    top: float
    width: float
    lines: tuple[Line, ...]
    grown: float


def _placed(place: Place, values: Mapping[str, Any]) -> _Placed:
    """Break the words of a paragraph into lines where it stands."""
    style = place.style
    text = "".join([part if isinstance(part, str) else str(part.value(values)) for part in place.parts])
    if not text or (not style.keeps_spaces and (text != text.strip() or "  " in text)):
        raise UnsettableError
    left, top, width = place.left, place.top, place.width
    for stretch in place.stretches:
        length: Any = values
        for step in stretch.length:
            length = length[step]
        pixels = length * _PIXELS_PER_MM
        left, top = left + stretch.right * pixels, top + stretch.down * pixels
        width += stretch.wider * pixels
    found = lines(text, style, width)
    grown = sum([line.height for line in found]) - style.line_height
    if grown > place.room:
        raise UnsettableError
    return _Placed(place, left, top, width, found, grown)


def _painted(
    one: _Placed, grown: Sequence[float], bottom: float, numbers: Mapping[Face, Callable[[Glyph], int]]
) -> bytes:
    """Return the operators of a paragraph."""
    place, left, top, width, found, _ = one
    style = place.style
    if place.pushes:
        top += sum([grown[push.place] * push.down for push in place.pushes])
    if top + one.grown + style.line_height > bottom + _HAIR:
        raise UnsettableError
    painted: list[str] = []
    indent = style.indent
    for line in found:
        free = max(0.0, width - indent - line.width)
        x = left + indent + (free if style.align == "right" else free / 2 if style.align == "center" else 0.0)
        painted.append(f"1 0 0 -1 {x:.6f} {top + line.baseline:.6f} Tm")
        for face, opening, glyphs, kerns in line.parts:
            painted.append(f"{opening}{_shown([*map(numbers[face], glyphs)], kerns)}>] TJ")
        top += line.height
        indent = 0.0
    return "\n".join(painted).encode("ascii")


def _shown(numbers: Sequence[int], kerns: Sequence[int]) -> str:
    """Return glyphs as they stand in a page's content, between angle brackets."""
    if not kerns:
        return struct.pack(f">{len(numbers)}H", *numbers).hex()
    return "".join(
        [f"{number:04x}>{kern}<" if kern else f"{number:04x}" for number, kern in zip(numbers, kerns, strict=True)]
    )
