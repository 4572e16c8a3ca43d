"""A small face for one certificate, joined from outlines that are kept.

HarfBuzz cuts each glyph out of its face once a process, without hints. Certificates share most of their glyphs, and to
put these in a row takes a third of the time of cutting all of them again. They stand in the order in which they are
asked for, so that a PDF needs no table of what is where.
"""

from __future__ import annotations

import struct
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple

import uharfbuzz

from docgen.render import faces, outlines
from docgen.render.outlines import HEADER, RECORD, TRUETYPE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docgen.layout import Face

_CUTTING: Final = (
    uharfbuzz.SubsetFlags.NO_HINTING | uharfbuzz.SubsetFlags.NO_LAYOUT_CLOSURE | uharfbuzz.SubsetFlags.NO_BIDI_CLOSURE
)
"""The glyphs that were shaped are all there is: none can take the place of another any more."""
_BEGIN: Final = HEADER.pack(TRUETYPE, 6, 64, 2, 32)
"""Of a font file with six tables; the other figures are for looking them up."""
_WORD: Final = 4
_MODULUS: Final = 1 << 32
"""Checksums are sums of words."""
_MAGIC: Final = 0xB1B0AFBA
"""What the words of a whole face add up to, with the adjustment that ``head`` holds."""
_ADJUSTMENT: Final = 8
_LOCA_FORMAT: Final = 50
_METRICS: Final = 34
_GLYPHS: Final = 4
"""Places of figures in ``head``, ``hhea`` and ``maxp`` that depend on the glyphs (OpenType 1.9)."""
_MOST: Final = ((6, 10), (8, 12))
"""Where ``maxp`` says how many points and contours glyphs have at most, and those put together from others."""
_LEFT: Final = slice(2, 4)
"""Where an outline says how far left it reaches."""
_ALONE: Final = 2
"""Glyphs of a face from which one was cut: the empty one and itself, and more where it is put together from others."""
_LONGEST: Final = 2 * 0xFFFF
"""Bytes of outlines whose places fit into the short kind of ``loca``, which counts pairs of them."""


class _Outline(NamedTuple):
    """A glyph and its line of ``hmtx``, both in whole words, and what these add up to."""

    data: bytes
    metric: bytes
    data_sum: int
    metric_sum: int


class _Outlines(dict[int, _Outline]):
    """The glyphs of a face that were asked for so far; 0 is empty. A whole face would take some ten megabytes."""

    def __init__(self, face: Face) -> None:
        super().__init__()
        self._face = face
        tables = self._cut(0)
        self.head, self.hhea, maxp = (bytes(tables[tag]) for tag in ("head", "hhea", "maxp"))
        most = (max(_figure(maxp, simple), _figure(maxp, composed)) for simple, composed in _MOST)
        self.maxp = _with(maxp, _MOST[0][0], b"".join([figure.to_bytes(2, "big") for figure in most]))
        self[0] = _outline(b"", bytes(tables["hmtx"][:_WORD]))

    def __missing__(self, glyph: int) -> _Outline:
        """Cut a glyph out of its face."""
        tables = self._cut(glyph)
        metrics = bytes(tables["hmtx"])
        if _figure(tables["maxp"], _GLYPHS) > _ALONE:
            found = self._drawn(glyph)
        elif _figure(tables["hhea"], _METRICS) == _ALONE:
            found = _outline(bytes(tables["glyf"]), metrics[_WORD:])
        else:  # both advances are the same, and stand there once
            found = _outline(bytes(tables["glyf"]), metrics[: _WORD // 2] + metrics[_WORD:])
        self[glyph] = found
        return found

    def _cut(self, glyph: int) -> dict[str, memoryview]:
        wanted = uharfbuzz.SubsetInput()
        wanted.flags = _CUTTING
        wanted.glyph_set.add(glyph)
        return outlines.tables(uharfbuzz.SubsetPlan(outlines.bare(self._face), wanted).execute().blob.data)

    def _drawn(self, glyph: int) -> _Outline:
        """Return a glyph that is put together from others as an outline of its own."""
        from fontTools.pens.ttGlyphPen import TTGlyphPen  # noqa: PLC0415  few Chinese faces have such glyphs

        font, pen = faces.font(self._face), TTGlyphPen(None)
        font.draw_glyph_with_pen(glyph, pen)
        data: bytes = pen.glyph(dropImpliedOnCurves=True).compile(None)
        return _outline(data, font.get_glyph_h_advance(glyph).to_bytes(2, "big") + (data[_LEFT] or bytes(2)))


_outlines = cache(_Outlines)


def _outline(data: bytes, metric: bytes) -> _Outline:
    data += bytes(-len(data) % _WORD)
    return _Outline(data, metric, _sum(data), _sum(metric))


def _figure(table: memoryview | bytes, place: int) -> int:
    return int.from_bytes(table[place : place + 2], "big")


def joined(face: Face, glyphs: Sequence[int]) -> bytes:
    """Return a TrueType face whose glyphs, from 1 on, are these of a face; 0 is empty."""
    kept = _outlines(face)
    data, metrics, data_sums, metric_sums = zip(kept[0], *map(kept.__getitem__, glyphs), strict=True)
    ends = [*accumulate(map(len, data), initial=0)]
    count = len(data).to_bytes(2, "big")
    is_long = ends[-1] > _LONGEST
    loca = struct.pack(f">{len(ends)}{'I' if is_long else 'H'}", *(ends if is_long else [end // 2 for end in ends]))
    head = _with(_with(kept.head, _ADJUSTMENT, bytes(_WORD)), _LOCA_FORMAT, bytes((0, is_long)))
    hhea, maxp = _with(kept.hhea, _METRICS, count), _with(kept.maxp, _GLYPHS, count)
    return _file(
        (b"glyf", b"".join(data), sum(data_sums)),
        (b"head", head, _sum(head)),
        (b"hhea", hhea, _sum(hhea)),
        (b"hmtx", b"".join(metrics), sum(metric_sums)),
        (b"loca", loca, _sum(loca)),
        (b"maxp", maxp, _sum(maxp)),
    )


def _file(*tables: tuple[bytes, bytes, int]) -> bytes:
    """Return a font file of these tables: tag, body, and what its words add up to; ``head`` without its adjustment."""
    offset, head, total = HEADER.size + RECORD.size * len(tables), 0, 0
    lines, bodies = [_BEGIN], []
    for tag, body, its in tables:
        lines.append(RECORD.pack(tag, its % _MODULUS, offset, len(body)))
        bodies.append(body + bytes(-len(body) % _WORD))
        head = offset if tag == b"head" else head
        offset += len(bodies[-1])
        total += its
    directory = b"".join(lines)
    adjustment = (_MAGIC - _sum(directory) - total) % _MODULUS
    whole = directory + b"".join(bodies)
    return _with(whole, head + _ADJUSTMENT, adjustment.to_bytes(_WORD, "big"))


def _with(table: bytes, place: int, figure: bytes) -> bytes:
    return table[:place] + figure + table[place + len(figure) :]


def _sum(table: bytes) -> int:
    """Return what the words of a table add up to."""
    whole = table + bytes(-len(table) % _WORD)
    return sum(struct.unpack(f">{len(whole) // _WORD}I", whole))
