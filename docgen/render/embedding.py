"""How the PDFs that WeasyPrint writes carry their faces: cut down at once, and packed quickly.

For each face of each document WeasyPrint copies the whole file twice and cuts it twice, and zlib packs what is left:
half of the time of a form. Here a face that is used again is made ready for cutting, and ISA-L packs. Nothing of
WeasyPrint is replaced: a release that does not ask here writes the same pages its own way.
"""

from __future__ import annotations

import copy
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final

import uharfbuzz
from isal import isal_zlib
from pydyf import Stream

from docgen.layout import Face
from docgen.render import faces, outlines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_LEVEL: Final = 2
"""Of ISA-L's levels: a twentieth of zlib's time for a twentieth more bytes."""
_KEPT: Final = frozenset({"CFF ", *outlines.TABLES})
"""Tables that readers draw from; the others are for setting text."""
_TOLD: Final = frozenset({"OS/2", "cmap", "name", "post"})
"""Tables that say what a face is, kept with PostScript outlines, which are embedded as a whole font."""
_MAGIC: Final = 4
"""Bytes at the beginning of a face by which WeasyPrint tells its kind."""
_WHOLE_EM: Final = 1000

_known: Final[dict[int, Any]] = {}
"""WeasyPrint's fonts by its own key, none of them used in a document."""
_cut_before: Final[set[Face]] = set()


class Fonts(dict[int, Any]):
    """The fonts of one document, by WeasyPrint's own key. What it reads of a face is kept for the next document."""

    def __contains__(self, key: object) -> bool:
        """Tell whether the document has a font; a known one is added first, so that WeasyPrint need not make it."""
        if not super().__contains__(key) and isinstance(key, int) and key in _known:
            super().__setitem__(key, _unused(_known[key]))
        return super().__contains__(key)

    def __setitem__(self, key: int, font: Any) -> None:  # noqa: ANN401  weasyprint's own object
        """Take a font that WeasyPrint has just made."""
        if font.family in _by_family() and _is_plain(font):
            font.file_content = font.file_content[:_MAGIC]
            _known[key] = font
            font = _unused(font)
        super().__setitem__(key, font)


@cache
def _by_family() -> Mapping[str, Face]:
    return {faces.family(face): face for face in Face}


def _is_plain(font: Any) -> bool:  # noqa: ANN401  weasyprint's own object
    """Whether a face has outlines of one weight and nothing else: WeasyPrint does more with the others than cut."""
    return not (font.bitmap or font.png or font.svg or font.colr or "fvar" in font.tables)


def _unused(known: Any) -> Any:  # noqa: ANN401  weasyprint's own object
    """Return a font as WeasyPrint makes it, which cuts itself down in our way.

    Its heights come from the file: Pango's are those of the size that was seen first.
    """
    font, face = copy.copy(known), _by_family()[known.family]
    font.widths, font.to_unicode, font.missing = {}, {}, {}
    extents, em = faces.font(face).get_font_extents("ltr"), faces.font(face).face.upem
    font.ascent = round(extents.ascender * _WHOLE_EM / em)
    font.descent = round(extents.descender * _WHOLE_EM / em)
    font.clean = partial(_clean, font, face)
    return font


def _clean(font: Any, face: Face, used: Mapping[int, str], hinting: object) -> None:  # noqa: ANN401  as above
    """Leave of a face what a document uses. Glyphs keep their numbers, which stand in the pages."""
    if font.missing or not used:
        type(font).clean(font, used, hinting)
    else:
        font.file_content = _cut(face, used)


def _cut(face: Face, glyphs: Iterable[int]) -> bytes:
    """Return a face with nothing but some glyphs.

    It is cut from its bare outlines, which cost a process that makes one document more than they save: not the first
    time. The result is the same.
    """
    whole = faces.font(face).face
    is_bare, is_again = outlines.are_drawn(face), face in _cut_before
    _cut_before.add(face)
    wanted = uharfbuzz.SubsetInput()
    wanted.flags = uharfbuzz.SubsetFlags.RETAIN_GIDS | uharfbuzz.SubsetFlags.NO_HINTING
    wanted.glyph_set.update(glyphs)
    kept = _KEPT if is_bare else _KEPT | _TOLD
    wanted.drop_table_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in whole.table_tags if tag not in kept)
    data: bytes = uharfbuzz.subset(outlines.bare(face) if is_bare and is_again else whole, wanted).blob.data
    return data


def pack(pdf: Any) -> None:  # noqa: ANN401  pydyf's own object
    """Pack the streams of a PDF before it is written."""
    for one in pdf.objects:
        if isinstance(one, Stream) and one.compress:
            data = b"\n".join(part if isinstance(part, bytes) else str(part).encode("ascii") for part in one.stream)
            one.stream, one.compress = [isal_zlib.compress(data, _LEVEL)], False
            one.extra = {**one.extra, "Filter": "/FlateDecode"}
