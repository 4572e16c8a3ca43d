"""Reading a finished PDF as somebody who holds it would: its words, and what a camera finds in its codes."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pypdfium2
import zxingcpp
from PIL import ImageChops
from pypdfium2 import raw

from docgen.errors import UnreadableInputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PIL import Image

_DPI: Final = 150
"""A code that can be read at this resolution can be read from an ordinary office printer's paper."""
_QR: Final = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


_ALL: Final = (0.0, 0.0, 0.0, 0.0)
_AROUND: Final = 6.0
"""Points around a picture."""
_FAINT: Final = 16
"""Difference of two pixels, of 255, that nobody sees."""
_FEW: Final = 40
"""Pixels of a page that may differ by more: an edge that two programs round in two ways."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """What one PDF, or one page of it, shows: its pages, all its words without white space, its QR codes' texts."""

    pages: int
    text: str
    codes: tuple[str, ...]


def inspect(pdf: bytes, *, pictures_only: bool = False) -> Inspection:
    """Read a PDF that we made or that somebody handed in; raises UnreadableInputError where it is none.

    With ``pictures_only`` codes are looked for where the page has pictures, not in what is drawn with lines: a tenth of
    the time, for pages whose drawing is known to hold no code.
    """
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError:
        raise UnreadableInputError("这个文件不是能打开的 PDF", "请确认文件完整，没有加密码") from None
    try:
        seen = [_seen(page, pictures_only=pictures_only) for page in document]
        return Inspection(len(seen), "".join(one.text for one in seen), sum((one.codes for one in seen), ()))
    finally:
        document.close()


def pages(path: Path, first: int, count: int) -> list[Inspection]:
    """Read some pages of a PDF of ours, from 0, whose drawings are known to hold no code."""
    with pypdfium2.PdfDocument(path) as document:
        return [_seen(document[place], pictures_only=True) for place in range(first, first + count)]


def _seen(page: pypdfium2.PdfPage, *, pictures_only: bool) -> Inspection:
    found: list[str] = []
    for crop in _pictures(page) if pictures_only else [_ALL]:
        image = page.render(scale=_DPI / 72, grayscale=True, crop=crop).to_pil()
        found += [code.text for code in zxingcpp.read_barcodes(image, _QR)]
    return Inspection(1, "".join(page.get_textpage().get_text_range().split()), tuple(found))


def _pictures(page: pypdfium2.PdfPage) -> Iterator[tuple[float, ...]]:
    """Walk the places of a page's pictures as what is cut off around them, in points."""
    width, height = page.get_size()
    drawn = (raw.FPDFPage_GetObject(page, place) for place in range(raw.FPDFPage_CountObjects(page)))
    for one in drawn:
        if raw.FPDFPageObj_GetType(one) != raw.FPDF_PAGEOBJ_IMAGE:
            continue  # before anything is made of it: ornaments are hundreds
        left, bottom, right, top = pypdfium2.PdfObject(one, page=page, pdf=page.pdf).get_bounds()
        margins = (left, bottom, width - right, height - top)
        yield tuple(max(0.0, margin - _AROUND) for margin in margins)


def are_alike(first: bytes, second: bytes) -> bool:
    """Tell whether two PDFs of ours say the same and look the same."""
    with pypdfium2.PdfDocument(first) as one, pypdfium2.PdfDocument(second) as other:
        if len(one) != len(other):
            return False
        for left, right in zip(one, other, strict=True):
            if left.get_textpage().get_text_range() != right.get_textpage().get_text_range():
                return False
            shown = [page.render(scale=_DPI / 72).to_pil().convert("RGB") for page in (left, right)]
            if shown[0].size != shown[1].size or differing(*shown) > _FEW:
                return False
    return True


def differing(first: Image.Image, second: Image.Image) -> int:
    """Count the pixels of two pictures of one size that differ visibly."""
    difference = ImageChops.difference(first, second)
    strongest = functools.reduce(ImageChops.lighter, difference.split())
    return sum(strongest.histogram()[_FAINT + 1 :])
