"""The faces of stamped documents: each used glyph gets a number, and in the end the face is cut down to these.

A number stands for a glyph and the characters that it was drawn for: what is copied from a page is what was written,
even where two characters share a glyph. A document has numbers for each face; certificates in one file share them.
"""

from __future__ import annotations

import zlib
from functools import cache, lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

import uharfbuzz
from isal import isal_zlib

from docgen.render import faces

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docgen.layout import Face

_NEEDED: Final = frozenset({"glyf", "head", "hhea", "hmtx", "loca", "maxp"})
"""Tables that a PDF reader draws from."""
FAST: Final = 1
"""Of ISA-L's levels: a fifth of zlib's time for two hundredths more bytes."""
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


class Glyph(NamedTuple):
    """A glyph as it was drawn: its number in the face, the characters it stands for, its width in 1/1000 em."""

    number: int
    text: str
    width: int


class Numbers(dict[Glyph, int]):
    """Glyphs by the number that a document knows them by, from 1 in the order of their first use."""

    def __missing__(self, glyph: Glyph) -> int:
        """Give a new glyph the next number."""
        number = self[glyph] = len(self) + 1
        return number


class Cut(NamedTuple):
    """A face cut down to its used glyphs: the bodies of three streams, its name, and its uncommon widths."""

    file: bytes
    unicode: bytes
    glyphs: bytes
    name: str
    widths: str


@cache
def _prepared(face: Face) -> tuple[uharfbuzz.Face, tuple[int, ...]]:
    """Return a face made ready for cutting, once a process, and the tags of tables that are left out."""
    whole = faces.font(face).face
    tags = [tag for tag in whole.table_tags if tag not in _NEEDED]
    return uharfbuzz.subset_preprocess(whole), tuple(int.from_bytes(tag.encode(), "big") for tag in tags)


@cache
def can_be_cut(face: Face) -> bool:
    """Whether a face has the outlines that are cut here."""
    return set(faces.font(face).face.table_tags) >= _NEEDED


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
    prepared, dropped = _prepared(face)
    wanted = uharfbuzz.SubsetInput()
    wanted.flags = uharfbuzz.SubsetFlags.NO_HINTING
    wanted.glyph_set.update({glyph.number for glyph in numbers})
    wanted.drop_table_tag_set.update(dropped)
    plan = uharfbuzz.SubsetPlan(prepared, wanted)
    data = plan.execute().blob.data
    places = dict(plan.old_to_new_glyph_mapping.items())
    glyphs = b"\0\0" + b"".join(places[glyph.number].to_bytes(2, "big") for glyph in numbers)
    return Cut(
        file=_stream(data, f"/Length1 {len(data)}"),
        unicode=_stream(_unicode([glyph.text for glyph in numbers])),
        glyphs=_stream(glyphs),
        name=f"{_tag(data)}+{faces.family(face)}",
        widths=_widths([glyph.width for glyph in numbers]),
    )


def _stream(data: bytes, more: str = "") -> bytes:
    packed: bytes = isal_zlib.compress(data, FAST)
    return b"<<%s/Filter /FlateDecode/Length %d>>\nstream\n%s\nendstream" % (more.encode(), len(packed), packed)


def _tag(data: bytes) -> str:
    """Return the six letters that tell one subset from another."""
    number = zlib.crc32(data)
    return "".join(chr(65 + number // 26**place % 26) for place in range(6))


@lru_cache(maxsize=65536)
def _code(text: str) -> str:
    return f"<{text.encode('utf-16-be').hex()}>"


def _unicode(texts: Iterable[str]) -> bytes:
    """Return the table of what each number stands for; no line of it crosses a change of the high byte."""
    codes = [_code(text) for text in ["", *texts]]
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
    told = []
    for is_other, run in groupby(enumerate(widths, 1), lambda one: one[1] != _WHOLE_EM):
        if is_other:
            found = list(run)
            told.append(f"{found[0][0]} [{' '.join(str(width) for _, width in found)}]")
    return " ".join(told)
