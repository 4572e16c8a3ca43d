"""What a bench looks at in a finished page: it opens, words can be selected, the code is read, faces are embedded."""

from __future__ import annotations

import html
import io
import zipfile
from typing import TYPE_CHECKING, Any, Final

import pypdf
import pypdfium2
import zxingcpp

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_DPI: Final = 150
_ENDS: Final = 3
"""Pages among which the last row of a table is: what is signed may follow."""


def faults(path: Path, words: Sequence[str], url: str, page: int = 0) -> list[str]:
    """Return what is wrong with one page of a PDF: ``words`` that cannot be selected, a missing code or face."""
    wrong = []
    with pypdfium2.PdfDocument(path) as document:
        sheet = document[page]
        text = "".join(sheet.get_textpage().get_text_range().split())
        codes = [code.text for code in zxingcpp.read_barcodes(sheet.render(scale=_DPI / 72).to_pil())]
    if any("".join(one.split()) not in text for one in words):
        wrong.append("words")
    if url and url not in codes:
        wrong.append("code")
    if not all(_is_embedded(font) for font in _fonts(pypdf.PdfReader(path).pages[page])):
        wrong.append("faces")
    return [f"{path.name}, page {page + 1}: {one}" for one in wrong]


def holds(data: bytes, fmt: str, words: str) -> bool:
    """Tell whether a long document can be opened and has these words at its end, in Word and Excel anywhere."""
    if fmt != "pdf":
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            members = [packed.read(name).decode() for name in packed.namelist() if name.endswith(".xml")]
        return any(words in html.unescape(member) for member in members)  # openpyxl writes 第 as a number
    with pypdfium2.PdfDocument(data) as document:
        ends = range(max(0, len(document) - _ENDS), len(document))
        return any(words in "".join(document[page].get_textpage().get_text_range().split()) for page in ends)


def _fonts(holder: Any) -> Iterator[Any]:
    """Walk the fonts of a page, and of what it draws in pieces."""
    resources = holder.get("/Resources", {})
    for font in resources.get("/Font", {}).values():
        yield font.get_object()
    for drawn in resources.get("/XObject", {}).values():
        if drawn.get_object().get("/Subtype") == "/Form":
            yield from _fonts(drawn.get_object())


def _is_embedded(font: Any) -> bool:
    if font["/Subtype"] == "/Type3":  # its glyphs are drawn in the file itself
        return True
    holder = font["/DescendantFonts"][0].get_object() if font["/Subtype"] == "/Type0" else font
    descriptor = holder["/FontDescriptor"].get_object() if "/FontDescriptor" in holder else {}
    return any(str(name).startswith("/FontFile") for name in descriptor)
