"""PDF to PNG for a quick look: all pages, one below the other."""

from __future__ import annotations

import io
from typing import Final

import pypdfium2
from PIL import Image

_DPI: Final = 110
_GAP: Final = 12
"""Pixels of grey between two pages."""
_MOST_PAGES: Final = 40


def png(pdf: bytes) -> bytes:
    """Return the pages of a PDF as one PNG, the first 40 at most (what is left out is a matter for the PDF)."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = [
            document[number].render(scale=_DPI / 72).to_pil().convert("RGB")
            for number in range(min(len(document), _MOST_PAGES))
        ]
    finally:
        document.close()
    height = sum(page.height for page in pages) + _GAP * (len(pages) - 1)
    sheet = Image.new("RGB", (max(page.width for page in pages), height), (200, 200, 200))
    top = 0
    for page in pages:
        sheet.paste(page, (0, top))
        top += page.height + _GAP
    buffer = io.BytesIO()
    sheet.save(buffer, "PNG")
    return buffer.getvalue()
