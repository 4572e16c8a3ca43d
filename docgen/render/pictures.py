"""Pictures of a submission for print: decoded once, made anew from their pixels, scaled to what paper shows.

Nothing of the file survives but its pixels: no EXIF with the place of a photograph, no profile, no comment, no bytes
behind the end. Colours are taken for sRGB. The same file gives the same bytes on one machine.
"""

from __future__ import annotations

import hashlib
import io
import struct
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from PIL import Image
from pydantic_core import PydanticCustomError

from docgen.errors import RenderError
from docgen.layout import MM_PER_INCH, PICTURE_DPI, PICTURE_HEIGHT, PICTURE_WIDTH, SCREEN_DPI
from docgen.pictures import decoded, opened

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

_QUALITY: Final = 88
_MOST_PNG: Final = 1024 * 1024
"""A PNG that stays larger at print size is a photograph, and becomes a JPEG: a dozen must fit into one mail."""
_MOST_SIDE: Final = round(max(PICTURE_WIDTH, PICTURE_HEIGHT) / MM_PER_INCH * PICTURE_DPI)
"""Pixels of the longer side that print shows at most."""
_ORIENTATION: Final = 0x0112
"""The EXIF tag: how the camera was held."""
_UPRIGHT: Final = MappingProxyType(
    {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
)
_SIDEWAYS: Final = frozenset({5, 6, 7, 8})


class Album:
    """Gathers the pictures of one document: ``assets`` maps a picture's name to (media type, bytes)."""

    def __init__(self) -> None:
        """Start empty."""
        self.assets: dict[str, tuple[str, bytes]] = {}

    def hang(self, text: str) -> dict[str, object]:
        """Return what stands for a picture in a template: its asset's name, and its size on paper in mm.

        ``text`` is base64 that passed as ``docgen.pictures.PictureFile``.
        """
        try:
            with opened(decoded(text)) as image:
                kind, data, width, height = _printable(image)
        except PydanticCustomError as error:
            raise RenderError(error.message(), "请换一张图片后重试") from None
        name = hashlib.sha256(data).hexdigest()
        self.assets[name] = (kind, data)
        return {"asset": name, "width": width, "height": height}


def _printable(image: ImageFile) -> tuple[str, bytes, float, float]:
    """Return (media type, bytes, width, height): upright, opaque, at most as large as print shows; sizes in mm."""
    full = image.size
    # A JPEG is decoded at half, a quarter or an eighth of its size where that is still more than print shows.
    image.draft(None, (full[0] * _MOST_SIDE // max(full), full[1] * _MOST_SIDE // max(full)))
    image.load()
    turn = _turn(image)
    if turn in _SIDEWAYS:
        width, height = _paper(full[1], full[0])
        drawn = _opaque(image, _pixels(full, (height, width)))
    else:
        width, height = _paper(*full)
        drawn = _opaque(image, _pixels(full, (width, height)))
    if turn in _UPRIGHT:
        drawn = drawn.transpose(_UPRIGHT[turn])
    kind, data = _encoded(drawn, str(image.format))
    return kind, data, width, height


def _turn(image: ImageFile) -> int:
    """Return the orientation that the camera noted, 1 (upright) where it noted none or nonsense."""
    try:
        turn = image.getexif().get(_ORIENTATION)
    except (OSError, SyntaxError, ValueError, LookupError, TypeError, struct.error):
        return 1
    return turn if isinstance(turn, int) else 1


def _paper(across: int, down: int) -> tuple[float, float]:
    """Return width and height in mm for so many upright pixels: as on a screen, or less where paper is smaller."""
    per_pixel = min(MM_PER_INCH / SCREEN_DPI, PICTURE_WIDTH / across, PICTURE_HEIGHT / down)
    return round(across * per_pixel, 2), round(down * per_pixel, 2)


def _pixels(full: tuple[int, int], paper: tuple[float, float]) -> tuple[int, int]:
    """Return how many pixels are kept for so many mm, at least one a side."""
    across, down = (
        max(1, min(had, round(mm / MM_PER_INCH * PICTURE_DPI))) for had, mm in zip(full, paper, strict=True)
    )
    return across, down


def _opaque(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Return the pixels alone, grey or RGB, scaled, on white where they let something shine through."""
    if image.mode.startswith("I"):
        # 16 bits: Pillow would cut off what exceeds 8 instead of scaling it.
        image = image.convert("I").point(lambda level: level / 257).convert("L")
    mode = "L" if image.mode in {"1", "L"} else "RGB"
    if image.has_transparency_data:
        scaled = image.convert("RGBA").resize(size, Image.Resampling.LANCZOS, reducing_gap=2)
        drawn = Image.new("RGB", size, "white")
        drawn.paste(scaled, mask=scaled.getchannel("A"))
        return drawn
    drawn = Image.new(mode, size)
    drawn.paste(image.convert(mode).resize(size, Image.Resampling.LANCZOS, reducing_gap=2))
    return drawn


def _encoded(drawn: Image.Image, kind: str) -> tuple[str, bytes]:
    """Return (media type, bytes) in the kind that was given, where that does not waste space."""
    buffer = io.BytesIO()
    if kind == "PNG":
        drawn.save(buffer, "PNG", optimize=True)
        if buffer.tell() <= _MOST_PNG:
            return "image/png", buffer.getvalue()
        buffer = io.BytesIO()
    drawn.save(buffer, "JPEG", quality=_QUALITY, optimize=True)
    return "image/jpeg", buffer.getvalue()
