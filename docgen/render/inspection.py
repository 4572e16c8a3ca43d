"""Reading a finished PDF as somebody who holds it would: its words, and what a camera finds in its codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pypdfium2
import zxingcpp

from docgen.errors import UnreadableInputError

_DPI: Final = 150
"""A code that can be read at this resolution can be read from an ordinary office printer's paper."""
_QR: Final = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


@dataclass(frozen=True, slots=True)
class Inspection:
    """What one PDF shows: its pages, all its words without white space, and the texts of its QR codes."""

    pages: int
    text: str
    codes: tuple[str, ...]


def inspect(pdf: bytes) -> Inspection:
    """Read a PDF that we made or that somebody handed in; raises UnreadableInputError where it is none."""
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError:
        raise UnreadableInputError("这个文件不是能打开的 PDF", "请确认文件完整，没有加密码") from None
    try:
        texts: list[str] = []
        found: list[str] = []
        for page in document:
            texts.append(page.get_textpage().get_text_range())
            image = page.render(scale=_DPI / 72, grayscale=True).to_pil()
            found += [code.text for code in zxingcpp.read_barcodes(image, _QR)]
        return Inspection(len(texts), "".join("".join(texts).split()), tuple(found))
    finally:
        document.close()
