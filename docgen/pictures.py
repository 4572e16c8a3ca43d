"""Pictures of a submission: PNG or JPEG in base64, judged by content, bounded before anything is decoded.

A picture's size stands in its header, so that a file that unfolds into gigabytes is refused before one pixel of it is
made. Whatever can be wrong is a sentence for the unit that sent it; bytes are never repeated in one.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
import struct
import threading
import warnings
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import PydanticCustomError, core_schema

from docgen.fields import Line, Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.ImageFile import ImageFile

MOST_BYTES: Final = 5 * 1024 * 1024
"""One picture as a file: what a telephone makes of 12 to 48 megapixels."""
MOST_CHARACTERS: Final = 4 * -(-MOST_BYTES // 3)
"""The same in base64."""
MOST_PIXELS: Final = 40_000_000
"""An A4 page scanned at 600 dpi has 35 million."""
LEAST_SIDE: Final = 32
"""Pixels; anything smaller shows nothing on paper."""
_MOST_SCANS: Final = 64
"""Scans of a progressive JPEG, each of which costs a pass over all pixels; cameras and editors write 10 or so."""

_MEBIBYTE: Final = 1024 * 1024
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
_START_OF_SCAN: Final = b"\xff\xda"
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_OTHERS: Final = (
    (re.compile(rb"GIF8"), "GIF"),
    (re.compile(rb"BM"), "BMP"),
    (re.compile(rb"II\*\0|MM\0\*"), "TIFF"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "WebP"),
    (re.compile(rb"....ftyp(?:heic|heix|mif1|msf1)", re.DOTALL), "HEIC"),
    (re.compile(rb"....ftypavi[fs]", re.DOTALL), "AVIF"),
    (re.compile(rb"%PDF"), "PDF"),
    (re.compile(rb"PK\x03\x04"), "压缩包或 Office 文件"),
    (re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<", re.DOTALL), "SVG、HTML 之类的文字"),
)
_BROKEN: Final = (OSError, EOFError, SyntaxError, ValueError, LookupError, TypeError, struct.error, zlib.error)
"""What Pillow's readers raise for files that break off or lie."""

_decoding = threading.Lock()
"""The largest picture fills 160 MB while it is decoded, three times that with transparency: one at a time."""


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A PNG or JPEG in standard base64, without line breaks and without a ``data:`` prefix."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:  # noqa: ANN401  pydantic's own signature
        """Validate after the plain string schema."""
        return core_schema.no_info_after_validator_function(_checked, handler(source))

    def __get_pydantic_json_schema__(
        self, core: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Say what JSON Schema has words for."""
        return {
            **handler(core),
            "contentEncoding": "base64",
            "maxLength": MOST_CHARACTERS,
            "x-docgen-media-types": ["image/png", "image/jpeg"],
        }


def decoded(text: str) -> bytes:
    """Return the file of a picture that passed as ``PictureFile``."""
    return base64.b64decode(text, validate=True)


@contextmanager
def opened(data: bytes) -> Iterator[ImageFile]:
    """Open a picture whose header promises no more than is allowed; pixels are decoded when the caller loads them.

    Raises PydanticCustomError with a Chinese sentence, also for what goes wrong while the caller reads pixels.
    """
    if data.startswith(_JPEG):
        from PIL.JpegImagePlugin import JpegImageFile as Reader  # noqa: PLC0415  only submissions with pictures need it
    elif data.startswith(_PNG):
        from PIL.PngImagePlugin import PngImageFile as Reader  # type: ignore[assignment]  # noqa: PLC0415  see above
    else:
        raise _wrong_kind(data)
    if Reader.format == "JPEG" and data.count(_START_OF_SCAN) > _MOST_SCANS:
        raise PydanticCustomError("picture_too_large", "图片的扫描层次多得不正常，请用看图软件另存后重试")
    with _decoding, _strictly():
        try:
            # The readers themselves: Image.open would take other kinds too, and more than one picture of a file.
            with Reader(io.BytesIO(data)) as image:
                _want_fitting(*image.size)
                yield image
        except PydanticCustomError:
            raise
        except _BROKEN:
            raise PydanticCustomError(
                "picture_damaged", "图片不完整或已损坏，请用看图软件打开原图，另存后重试"
            ) from None


@contextmanager
def _strictly() -> Iterator[None]:
    """Let files that break off be errors: WeasyPrint has Pillow fill up what is missing, in the whole process."""
    from PIL import ImageFile  # noqa: PLC0415  only submissions with pictures need it

    before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        with warnings.catch_warnings():
            # Pillow warns of broken metadata, which is dropped anyway.
            warnings.simplefilter("ignore")
            yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _checked(text: str) -> str:
    if len(text) > MOST_CHARACTERS:
        raise PydanticCustomError(
            "picture_too_large", "图片超过 {most} MiB，请缩小或压缩后重试", {"most": MOST_BYTES // _MEBIBYTE}
        )
    if len(text) % 4 or not _BASE64.fullmatch(text):
        raise PydanticCustomError(
            "picture_base64", "不是 Base64 编码的图片文件；请用标准 Base64，不换行，不加 data: 前缀"
        )
    try:
        data = decoded(text)
    except binascii.Error:
        raise PydanticCustomError("picture_base64", "Base64 编码不完整，请重新编码") from None
    with opened(data) as image:
        # A JPEG can be read through at an eighth of its size: whether it breaks off shows all the same.
        image.draft(None, (image.width // 8, image.height // 8))
        image.load()
    return text


def _want_fitting(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise PydanticCustomError(
            "picture_too_large",
            "图片有 {width} × {height} 像素，最多 {most} 万像素，请缩小后重试",
            {"width": width, "height": height, "most": MOST_PIXELS // 10_000},
        )
    if min(width, height) < LEAST_SIDE:
        raise PydanticCustomError(
            "picture_too_small",
            "图片只有 {width} × {height} 像素，每边至少 {least} 像素，否则印出来看不清",
            {"width": width, "height": height, "least": LEAST_SIDE},
        )


def _wrong_kind(data: bytes) -> PydanticCustomError:
    """Say what the file is, as far as its first bytes tell: the name of a file tells nothing."""
    found = next((name for start, name in _OTHERS if start.match(data)), "")
    what = f"（这是 {found}）" if found else ""
    return PydanticCustomError(
        "picture_kind", "只接受 PNG 和 JPEG 图片{what}，请用看图软件另存为 JPEG 后重试", {"what": what}
    )


class Picture(Part):
    """One picture with the words under it, which are also what a screen reader says of it."""

    data: Annotated[str, PictureFile(), Field(title="图片文件")]
    caption: Annotated[str, Line(60), Field(title="图片说明")]
