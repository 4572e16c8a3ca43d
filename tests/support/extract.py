"""What a person reads in a document, in reading order: the tests compare words, never bytes of different formats."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

import pypdfium2
from lxml import etree
from openpyxl import load_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def squeeze(text: str) -> str:
    """Drop white space: line and page breaks fall differently in each format."""
    return re.sub(r"\s+", "", text)


def docx_text(data: bytes) -> str:
    """Return all words of a Word document: its body, then the watermark of its header."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        headers = [package.read(name) for name in package.namelist() if name.startswith("word/header")]
    marks = [mark for header in headers for node in etree.fromstring(header).iter() if (mark := node.get("string"))]
    return "\n".join([*docx_paragraphs(data), *marks])


def docx_paragraphs(data: bytes) -> list[str]:
    """Return the paragraphs of a Word document's body in order, cells included."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        body = etree.fromstring(package.read("word/document.xml"))
    return ["".join(_run_text(paragraph)) for paragraph in body.iter(f"{W}p")]


def _run_text(paragraph: etree._Element) -> Iterator[str]:
    for node in paragraph.iter(f"{W}t", f"{W}tab", f"{W}br"):
        yield {f"{W}tab": "\t", f"{W}br": "\n"}.get(str(node.tag), node.text or "")


def pdf_pages(data: bytes) -> list[str]:
    """Return the text of each page as a viewer copies it, without the page number."""
    document = pypdfium2.PdfDocument(data)
    try:
        texts = [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()
    # PDFium takes a hyphen at a line's end for hyphenation and marks it.
    return [re.sub(r"—\s*\d+\s*—\s*$", "", text.replace("\x02", "-").strip()) for text in texts]


def xlsx_cells(data: bytes) -> list[str]:
    """Return the values of all cells row by row, as Excel shows them."""
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    return [
        re.sub(r"_x005F_(?=x[0-9A-Fa-f]{4}_)", "_", str(cell.value))
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
