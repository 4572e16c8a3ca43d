"""PDF to PNG for a quick look: all pages, one below the other."""

from __future__ import annotations

import io
from typing import Final

import pypdfium2
from PIL import Image, ImageDraw, ImageFont

from docgen.layout import Face
from docgen.render import faces

_DPI: Final = 110
_GAP: Final = 12
"""Pixels of grey between two pages."""
_MOST_PAGES: Final = 40


def png(pdf: bytes) -> bytes:
    """Return the pages of a PDF as one PNG: the first 40 at most, then a line that says how many are left out."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        left_out = len(document) - _MOST_PAGES
        pages = [
            document[number].render(scale=_DPI / 72).to_pil().convert("RGB")
            for number in range(min(len(document), _MOST_PAGES))
        ]
    finally:
        document.close()
    if left_out > 0:
        pages.append(_line(f"预览只到第 {_MOST_PAGES} 页，其余 {left_out} 页请看 PDF", pages[-1].width))
    height = sum(page.height for page in pages) + _GAP * (len(pages) - 1)
    sheet = Image.new("RGB", (max(page.width for page in pages), height), (200, 200, 200))
    top = 0
    for page in pages:
        sheet.paste(page, (0, top))
        top += page.height + _GAP
    buffer = io.BytesIO()
    sheet.save(buffer, "PNG")
    return buffer.getvalue()


def _line(words: str, width: int) -> Image.Image:
    """Return a strip of paper with one line of words."""
    strip = Image.new("RGB", (width, 60), "white")
    ImageDraw.Draw(strip).text((40, 16), words, "black", ImageFont.truetype(str(faces.resolve(Face.HEITI)), 24))
    return strip
