"""The faces of stamped documents: each used glyph gets a number, and in the end the face is cut down to these.

A number stands for a glyph and the characters that it was drawn for: what is copied from a page is what was written,
even where two characters share a glyph. A document has numbers for each face; certificates in one file share them.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from isal import isal_zlib

from docgen.render import faces
from docgen.render.stamp import joining

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from docgen.layout import Face

FAST: Final = 1
"""Of ISA-L's levels: a seventh of zlib's time for three hundredths more bytes."""
_WHOLE_EM: Final = 1000
_FLAGS: Final = 4
"""A face with a character set of its own."""
_CMAP: Final = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe)/Ordering (UCS)/Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange
%s
endcmap
CMapName currentdict /CMap defineresource pop
end
end"""
_MOST_KEPT: Final = 100
"""Glyphs of a face whose cut is kept for a while: numbers and addresses have the same few in many certificates."""
_MOST_RANGES: Final = 100
"""Lines of one block of such a table."""


@dataclass(frozen=True, slots=True, eq=False)
class Glyph:
    """A glyph as it was drawn: its number in the face, the characters it stands for, its width in 1/1000 em.

    ``code`` is how a PDF writes these characters. There is one object for each (``glyphs`` gives it), which is found in
    a table faster than its parts could be compared.
    """

    number: int
    code: str
    width: int


class _Glyphs(dict[tuple[int, str], Glyph]):
    """The glyphs of a face by number and characters."""

    def __init__(self, face: Face) -> None:
        super().__init__()
        self._font = faces.font(face)

    def __missing__(self, drawn: tuple[int, str]) -> Glyph:
        """Measure a glyph."""
        number, text = drawn
        width = round(self._font.get_glyph_h_advance(number) * _WHOLE_EM / self._font.face.upem)
        found = self[drawn] = Glyph(number, f"<{text.encode('utf-16-be').hex()}>", width)
        return found


glyphs = cache(_Glyphs)
"""A face's glyphs by their number there and the characters that each was drawn for."""


class Numbers(dict[Glyph, int]):
    """Glyphs by the number that a document knows them by, from 1 in the order of their first use."""

    def meet(self, glyphs: Iterable[Glyph]) -> None:
        """Give new glyphs the next numbers."""
        fresh = [one for one in dict.fromkeys(glyphs) if one not in self]
        self.update(zip(fresh, range(len(self) + 1, len(self) + 1 + len(fresh)), strict=True))


class Cut(NamedTuple):
    """A face cut down to its used glyphs: the bodies of two streams, its name, and its uncommon widths."""

    file: bytes
    unicode: bytes
    name: str
    widths: str


@cache
def described(face: Face) -> str:
    """Return what a PDF says of a face, without its name and file."""
    extents, scale = faces.font(face).get_font_extents("ltr"), _WHOLE_EM / faces.font(face).face.upem
    ascent, descent = round(extents.ascender * scale), round(extents.descender * scale)
    return (
        f"/FontFamily ({faces.family(face)})/Flags {_FLAGS}/FontBBox [0 {descent} 1000 {ascent}]/ItalicAngle 0"
        f"/Ascent {ascent}/Descent {descent}/CapHeight {ascent}/StemV 80"
    )


def cut(face: Face, numbers: Numbers) -> Cut:
    """Cut a face down to the glyphs that were given numbers."""
    return _cut(face, tuple(numbers)) if len(numbers) < _MOST_KEPT else _cut.__wrapped__(face, tuple(numbers))


@lru_cache(maxsize=16)
def _cut(face: Face, numbers: tuple[Glyph, ...]) -> Cut:
    data = joining.joined(face, [one.number for one in numbers])
    return Cut(
        file=_stream(data, f"/Length1 {len(data)}"),
        unicode=_stream(_unicode([one.code for one in numbers])),
        name=f"{_tag(data)}+{faces.family(face)}",
        widths=_widths([one.width for one in numbers]),
    )


def _stream(data: bytes, more: str = "") -> bytes:
    packed: bytes = isal_zlib.compress(data, FAST)
    return b"<<%s/Filter /FlateDecode/Length %d>>\nstream\n%s\nendstream" % (more.encode(), len(packed), packed)


def _tag(data: bytes) -> str:
    """Return the six letters that tell one subset from another."""
    number = zlib.crc32(data)
    return "".join(chr(65 + number // 26**place % 26) for place in range(6))


def _unicode(codes: Sequence[str]) -> bytes:
    """Return the table of what each number stands for; no line of it crosses a change of the high byte."""
    codes = ["", *codes]
    lines = []
    for start in range(0, len(codes), 256):
        first, last = max(start, 1), min(start + 255, len(codes) - 1)
        if first <= last:
            lines.append(f"<{first:04x}> <{last:04x}> [{''.join(codes[first : last + 1])}]")
    blocks = [lines[start : start + _MOST_RANGES] for start in range(0, len(lines), _MOST_RANGES)]
    told = "\n".join(f"{len(block)} beginbfrange\n" + "\n".join(block) + "\nendbfrange" for block in blocks)
    return _CMAP % told.encode()


def _widths(widths: Iterable[int]) -> str:
    """Return the widths of glyphs that are not as wide as their em."""
    told: list[str] = []
    last = -1
    for number, width in enumerate(widths, 1):
        if width == _WHOLE_EM:
            continue
        told.append(f" {width}" if number == last + 1 else f"] {number} [{width}")
        last = number
    return "".join(told)[2:] + "]" if told else ""
