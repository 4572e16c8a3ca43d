"""Putting a PDF together: what a template draws for everybody is packed once, each certificate adds what is its own.

Small objects share a packed stream, and the table of places is a stream as well (PDF 1.5), as WeasyPrint writes them.
"""

from __future__ import annotations

import re
import struct
import zlib
from typing import TYPE_CHECKING, Final, NamedTuple

from isal import isal_zlib

from docgen.render.stamp import fount

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from docgen.layout import Face
    from docgen.render.qr import Matrix
    from docgen.render.stamp.design import Design
    from docgen.render.stamp.fount import Numbers

HEAD: Final = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"
_BEST: Final = 9
_CODE_PIXELS: Final = 4
"""Side of a module: viewers that smooth pictures leave its edges sharp."""
_REFERENCE: Final = re.compile(rb"\b(\d+) 0 R\b")
_STREAM: Final = b"stream\n"
_FREE: Final = (0, 0, 65535)
_ROW: Final = struct.Struct(">BIH")
"""One line of the table of places: kind, place, and which of several."""
FACE_OBJECTS: Final = 5
"""Objects of one face: its file, what is copied from it, and three dictionaries."""


class Objects:
    """The objects of a document that is being written; places and numbers are decided as they come."""

    def __init__(self, first: int, offset: int) -> None:
        """Begin with a number, at an offset of the file."""
        self.next, self.offset = first, offset
        self.parts: list[bytes] = []
        self.places: dict[int, tuple[int, int, int]] = {}
        self.known: dict[bytes, int] = {}
        """Streams that may be met again, with their numbers."""

    def add(self, number: int, body: bytes) -> None:
        """Write an object as it is: a stream."""
        part = b"%d 0 obj\n%s\nendobj\n" % (number, body)
        self.places[number] = (1, self.offset, 0)
        self.offset += len(part)
        self.parts.append(part)

    def take(self) -> int:
        """Return the next number."""
        self.next += 1
        return self.next - 1

    def pack(self, bodies: Mapping[int, bytes]) -> None:
        """Write dictionaries as one packed stream."""
        number, offset, heads = self.take(), 0, []
        for place, (own, body) in enumerate(bodies.items()):
            heads.append(b"%d %d" % (own, offset))
            offset += len(body) + 1
            self.places[own] = (2, number, place)
        head = b" ".join(heads) + b"\n"
        extra = b"/Type /ObjStm/N %d/First %d" % (len(bodies), len(head))
        self.add(number, stream(head + b"\n".join(bodies.values()), extra))


def stream(data: bytes, extra: bytes = b"", *, once: bool = False) -> bytes:
    """Return a packed stream as the body of an object; what is packed once may take longer and be smaller."""
    packed: bytes = zlib.compress(data, _BEST) if once else isal_zlib.compress(data, fount.FAST)
    return b"<<%s/Filter /FlateDecode/Length %d>>\nstream\n%s\nendstream" % (extra, len(packed), packed)


def table(places: Mapping[int, tuple[int, int, int]], size: int) -> bytes:
    """Return the rows of a table of places for objects 0 to ``size``."""
    return b"".join([_ROW.pack(*places.get(number, _FREE)) for number in range(size)])


class Ground(NamedTuple):
    """What all certificates of one design share: the file's beginning, and the numbers of what is added."""

    head: bytes
    rows: bytes
    next: int
    root: int
    info: int
    fonts: int
    code: int
    words: int
    kept_fonts: bytes


def settle(
    design: Design, roots: bytes, fixed: Mapping[int, int], objects: Objects, packed: dict[int, bytes]
) -> dict[int, int]:
    """Write all that ``roots`` refer to; dictionaries go into ``packed``. Return the new numbers, ``fixed`` among them.

    A stream that refers to nothing is written once, however many designs have it.
    """
    numbers = dict(fixed)
    waiting = [*map(int, _REFERENCE.findall(roots))]
    fresh: list[int] = []
    while waiting:
        old = waiting.pop()
        if old in numbers:
            continue
        body = design.objects[old]
        inside = [*map(int, _REFERENCE.findall(body.partition(_STREAM)[0]))]
        known = objects.known.get(body)
        numbers[old] = known or objects.take()
        if known:
            continue
        if _STREAM in body and not inside:
            objects.known[body] = numbers[old]
        fresh.append(old)
        waiting += inside
    for old in fresh:
        body = renumbered(design.objects[old], numbers)
        if _STREAM in body:
            objects.add(numbers[old], body)
        else:
            packed[numbers[old]] = body
    return numbers


def renumbered(body: bytes, numbers: Mapping[int, int]) -> bytes:
    """Return the body of an object that refers to others by their new numbers."""
    head, mark, rest = body.partition(_STREAM)
    return _REFERENCE.sub(lambda found: b"%d 0 R" % numbers[int(found[1])], head) + mark + rest


def paged(design: Design, numbers: Mapping[int, int], words: int) -> bytes:
    """Return the dictionary of a page whose content is what is drawn once, then its own words."""
    page = renumbered(design.objects[design.page], numbers)
    drawn = b"%d 0 R" % numbers[design.contents]
    return page.replace(b"/Contents " + drawn, b"/Contents [%s %d 0 R]" % (drawn, words))


def drawn_into(objects: Objects, design: Design) -> int:
    """Write what is drawn before the first words, where it is not written yet; return its number."""
    body = stream(design.drawn, once=True)
    number = objects.known.get(body)
    if number is None:
        number = objects.known[body] = objects.take()
        objects.add(number, body)
    return number


def ground(design: Design) -> Ground:
    """Write what does not change."""
    objects = Objects(1, len(HEAD))
    packed: dict[int, bytes] = {}
    fonts, code, words = (objects.take() for _ in range(3))
    fixed = {design.contents: drawn_into(objects, design), design.fonts: fonts, design.code: code}
    roots = b"%d 0 R %d 0 R " % (design.catalog, design.info) + design.kept_fonts
    numbers = settle(design, roots, fixed, objects, packed)
    packed[numbers[design.page]] = paged(design, numbers, words)
    objects.pack(packed)
    return Ground(
        head=HEAD + b"".join(objects.parts),
        rows=table(objects.places, objects.next),
        next=objects.next,
        root=numbers[design.catalog],
        info=numbers[design.info],
        fonts=fonts,
        code=code,
        words=words,
        kept_fonts=renumbered(design.kept_fonts, numbers),
    )


def content(design: Design, painted: Sequence[bytes]) -> bytes:
    """Return the operators of one certificate: its words between what the template draws."""
    return b"\n".join(painted[part] if isinstance(part, int) else part for part in design.content)


def faces_into(objects: Objects, packed: dict[int, bytes], founts: Mapping[Face, Numbers]) -> bytes:
    """Write cut faces; put their dictionaries into ``packed``; return their entries in a page's dictionary of faces."""
    told = []
    for face, numbers in founts.items():
        if not numbers:
            continue
        cut = fount.cut(face, numbers)
        file, unicode, descriptor, descendant, whole = (objects.take() for _ in range(FACE_OBJECTS))
        for number, body in ((file, cut.file), (unicode, cut.unicode)):
            objects.add(number, body)
        packed[descriptor] = (
            f"<</Type /FontDescriptor/FontName /{cut.name}{fount.described(face)}/FontFile2 {file} 0 R>>"
        ).encode()
        packed[descendant] = (
            f"<</Type /Font/Subtype /CIDFontType2/BaseFont /{cut.name}"
            "/CIDSystemInfo <</Registry (Adobe)/Ordering (Identity)/Supplement 0>>"
            f"/CIDToGIDMap /Identity/DW 1000/W [{cut.widths}]/FontDescriptor {descriptor} 0 R>>"
        ).encode()
        packed[whole] = (
            f"<</Type /Font/Subtype /Type0/BaseFont /{cut.name}/ToUnicode {unicode} 0 R/Encoding /Identity-H"
            f"/DescendantFonts [{descendant} 0 R]>>"
        ).encode()
        told.append(b"/%s %d 0 R" % (face.name.encode(), whole))
    return b"".join(told)


def code_image(code: Matrix) -> bytes:
    """Return a code as the body of a picture."""
    side, rows = code.rows(_CODE_PIXELS)
    extra = (
        b"/Type /XObject/Subtype /Image/Width %d/Height %d/ColorSpace /DeviceGray/BitsPerComponent 1/Interpolate true"
    )
    return stream(rows, extra % (side, side))


def document(
    design: Design, ground: Ground, painted: Sequence[bytes], code: bytes, founts: Mapping[Face, Numbers]
) -> bytes:
    """Return one certificate as a PDF. ``code`` is the body of its picture."""
    objects = Objects(ground.next, len(ground.head))
    objects.add(ground.words, stream(content(design, painted)))
    objects.add(ground.code, code)
    packed: dict[int, bytes] = {}
    packed[ground.fonts] = b"<<" + ground.kept_fonts + faces_into(objects, packed, founts) + b">>"
    objects.pack(packed)
    number, start = objects.take(), objects.offset
    objects.places[number] = (1, start, 0)
    rows = bytearray(ground.rows)
    for one, place in objects.places.items():
        if one < ground.next:
            _ROW.pack_into(rows, one * _ROW.size, *place)
    tail = table({one - ground.next: place for one, place in objects.places.items()}, objects.next - ground.next)
    return b"".join([ground.head, *objects.parts, end(bytes(rows) + tail, number, start, ground.root, ground.info)])


def end(rows: bytes, number: int, start: int, root: int, info: int) -> bytes:
    """Return the table of places and what a reader looks for at a file's end."""
    extra = b"/Type /XRef/Size %d/W [1 4 2]/Root %d 0 R/Info %d 0 R" % (number + 1, root, info)
    return b"%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (number, stream(rows, extra), start)
