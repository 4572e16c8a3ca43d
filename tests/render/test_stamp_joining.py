"""Faces joined from kept outlines: each glyph looks and stands as in its whole face, and the file is sound."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
import uharfbuzz
from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from docgen.layout import Face
from docgen.render import faces, outlines
from docgen.render.stamp import joining

if TYPE_CHECKING:
    from collections.abc import Sequence

DRAWN = [face for face in Face if outlines.are_drawn(face)]
ACCENTED = "éÀŵǰ"
"""Put together from a letter and a mark in some faces."""


def opened(data: bytes) -> uharfbuzz.Font:
    return uharfbuzz.Font(uharfbuzz.Face(data))


def drawing(font: uharfbuzz.Font, glyph: int) -> list[object]:
    pen = RecordingPen()
    font.draw_glyph_with_pen(glyph, pen)
    return list(pen.value)


def numbers(face: Face, text: str) -> list[int]:
    return [glyph for char in text if (glyph := faces.font(face).get_nominal_glyph(ord(char)))]


def agree(face: Face, glyphs: Sequence[int]) -> None:
    whole, small = faces.font(face), opened(joining.joined(face, glyphs))
    assert small.face.glyph_count == len(glyphs) + 1
    for place, glyph in enumerate(glyphs, 1):
        assert drawing(small, place) == drawing(whole, glyph)
        assert small.get_glyph_h_advance(place) == whole.get_glyph_h_advance(glyph)


@given(st.sampled_from(DRAWN), st.lists(st.integers(1, 6000), max_size=40))
def test_glyphs_look_and_advance_as_in_their_face(face: Face, glyphs: list[int]) -> None:
    agree(face, glyphs)


@pytest.mark.parametrize("face", DRAWN)
def test_letters_with_marks_are_whole(face: Face) -> None:
    agree(face, numbers(face, ACCENTED))


def test_some_letters_are_put_together_from_others() -> None:
    """Else the test above would prove less than it says."""
    font = TTFont(faces.resolve(Face.SYMBOL))
    assert any(font["glyf"][font.getBestCmap()[ord(char)]].isComposite() for char in ACCENTED)


@pytest.mark.parametrize("text", ["", "章", "章启明é%", "".join(map(chr, range(0x4E00, 0x4E00 + 900)))])
@pytest.mark.parametrize("face", DRAWN)
def test_the_file_is_sound(face: Face, text: str) -> None:
    data = joining.joined(face, numbers(face, text))
    font = TTFont(io.BytesIO(data), checkChecksums=2)
    for tag in font.reader.keys():  # noqa: SIM118  no dictionary: reading a table compares its checksum
        font.reader[tag]
    sums = sum(int.from_bytes(data[place : place + 4], "big") for place in range(0, len(data), 4))
    assert sums % 2**32 == 0xB1B0AFBA
    for name in font.getGlyphOrder()[1:]:
        glyph = font["glyf"][name]
        assert font["hmtx"][name][1] == glyph.xMin
        assert len(glyph.flags) <= font["maxp"].maxPoints
        assert glyph.numberOfContours <= font["maxp"].maxContours


def test_a_long_face_tells_places_in_the_long_way() -> None:
    text = "".join(map(chr, range(0x4E00, 0x4E00 + 900)))
    font = TTFont(io.BytesIO(joining.joined(Face.KAITI, numbers(Face.KAITI, text))))
    assert font["head"].indexToLocFormat == 1
    assert len(font["loca"].locations) > 800
