"""Faces with nothing but their outlines: what PDFs are given is cut from these.

HarfBuzz looks through all tables of a face each time that it cuts one; most of them are for setting text.
"""

from __future__ import annotations

import mmap
import struct
import tempfile
from functools import cache
from typing import TYPE_CHECKING, Final

import uharfbuzz

from docgen.render import faces

if TYPE_CHECKING:
    from docgen.layout import Face

TABLES: Final = ("glyf", "head", "hhea", "hmtx", "loca", "maxp")
"""Tables that a PDF reader draws from, in the order of their names."""
HEADER: Final = struct.Struct(">4sHHHH")
RECORD: Final = struct.Struct(">4sIII")
"""Head of a font file and a line of its directory (OpenType 1.9, Organization of an OpenType Font)."""
TRUETYPE: Final = b"\0\1\0\0"
_COLLECTION: Final = b"ttcf"
_FIRST: Final = 12
"""Where a collection says at which byte its first face begins."""


@cache
def are_drawn(face: Face) -> bool:
    """Whether a face has TrueType outlines."""
    return set(faces.font(face).face.table_tags).issuperset(TABLES)


@cache
def bare(face: Face) -> uharfbuzz.Face:
    """Return a face that ``are_drawn`` tells of with nothing but these tables, once a process.

    It is read from a file, which has no name any more: of a face some hundred glyphs are ever in memory.
    """
    with (
        faces.resolve(face).open("rb") as source,
        mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ) as data,
        tempfile.NamedTemporaryFile(prefix="docgen-face-") as file,
    ):
        found = tables(data)
        offset = HEADER.size + RECORD.size * len(TABLES)
        file.write(HEADER.pack(TRUETYPE, len(TABLES), 0, 0, 0))
        for tag in TABLES:
            size = len(found[tag])
            file.write(RECORD.pack(tag.encode("ascii"), 0, offset, size))
            offset += size + -size % 4
        for tag in TABLES:
            file.write(found[tag])
            file.write(bytes(-len(found[tag]) % 4))
        file.flush()
        for table in found.values():
            table.release()
        return uharfbuzz.Face(uharfbuzz.Blob.from_file_path(file.name))


def tables(data: bytes | mmap.mmap) -> dict[str, memoryview]:
    """Return the tables of ``TABLES`` that a font file has; of a collection, those of its first face."""
    # Somebody may give simsun.ttc the name that docgen looks for.
    begin = int.from_bytes(data[_FIRST : _FIRST + 4], "big") if data[:4] == _COLLECTION else 0
    _, count, *_ = HEADER.unpack_from(data, begin)
    found = {}
    for place in range(count):
        tag, _, start, size = RECORD.unpack_from(data, begin + HEADER.size + place * RECORD.size)
        if (name := tag.decode("ascii")) in TABLES:
            found[name] = memoryview(data)[start : start + size]
    return found
