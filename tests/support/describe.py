"""Documents as text that a person can read in a diff: words, styles, spans, sizes, faces."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pypdfium2
from extract import W
from lxml import etree
from openpyxl import load_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL import Image

NAMES = {"w": W.strip("{}")}
MM_PER_TWIP = 25.4 / 1440


def docx(data: bytes) -> str:
    """Describe a Word document: page, tables with column widths, cells with spans, paragraphs with styles."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        body = etree.fromstring(package.read("word/document.xml")).find("w:body", NAMES)
        parts = {name: etree.fromstring(package.read(name)) for name in package.namelist() if "footer" in name}
    assert body is not None
    lines = [*_section(body), *_block_lines(body, "")]
    for name, tree in sorted(parts.items()):
        if name.endswith(".xml"):
            lines += [f"[{name}]", *_block_lines(tree, "  ")]
    return "\n".join(lines) + "\n"


def _mm(value: str | None) -> str:
    return f"{float(value or 0) * MM_PER_TWIP:.1f}"


def _section(body: etree._Element) -> Iterator[str]:
    for section in body.iterfind(".//w:sectPr", NAMES):
        size, margin = section.find("w:pgSz", NAMES), section.find("w:pgMar", NAMES)
        assert size is not None
        assert margin is not None
        yield f"page {_mm(size.get(W + 'w'))} x {_mm(size.get(W + 'h'))} mm"
        yield "margins " + " ".join(
            f"{side} {_mm(margin.get(W + side))}" for side in ("top", "right", "bottom", "left")
        )


def _block_lines(node: etree._Element, indent: str) -> Iterator[str]:
    for child in _unwrapped(node):
        if child.tag == f"{W}p":
            style = child.find("w:pPr/w:pStyle", NAMES)
            faces = {run.get(W + "val") for run in child.iterfind(".//w:rStyle", NAMES)}
            marks = f" +{','.join(sorted(map(str, faces)))}" if faces else ""
            text = "".join(piece.text or "" for piece in child.iter(f"{W}t", f"{W}instrText"))
            yield f"{indent}<{style.get(W + 'val') if style is not None else '-'}{marks}> {text}"
        elif child.tag == f"{W}tbl":
            widths = [_mm(column.get(W + "w")) for column in child.iterfind("w:tblGrid/w:gridCol", NAMES)]
            yield f"{indent}table {' '.join(widths)}"
            for row in (row for row in _unwrapped(child) if row.tag == f"{W}tr"):
                yield from _row_lines(row, indent + "  ")


def _unwrapped(node: etree._Element) -> Iterator[etree._Element]:
    """Walk the children of a node; content controls around them do not count."""
    for child in node:
        content = child.find("w:sdtContent", NAMES) if child.tag == f"{W}sdt" else None
        if content is None:
            yield child
        else:
            yield from _unwrapped(content)


def _row_lines(row: etree._Element, indent: str) -> Iterator[str]:
    height = row.find("w:trPr/w:trHeight", NAMES)
    flags = [name for name in ("tblHeader", "cantSplit") if row.find(f"w:trPr/w:{name}", NAMES) is not None]
    yield f"{indent}row h{_mm(height.get(W + 'val')) if height is not None else '-'} {' '.join(flags)}".rstrip()
    for cell in row.iterfind("w:tc", NAMES):
        span, merge = cell.find("w:tcPr/w:gridSpan", NAMES), cell.find("w:tcPr/w:vMerge", NAMES)
        marks = [
            f"c{span.get(W + 'val')}" if span is not None else "",
            str(merge.get(W + "val")) if merge is not None else "",
        ]
        yield f"{indent}  cell {' '.join(filter(None, marks))}".rstrip()
        yield from _block_lines(cell, indent + "    ")


def pdf(data: bytes) -> str:
    """Describe a PDF: pages with size, faces and lines of text."""
    document = pypdfium2.PdfDocument(data)
    lines = []
    try:
        for number, page in enumerate(document, 1):
            width, height = (side * 25.4 / 72 for side in page.get_size())
            texts = page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT])
            faces = sorted({text.get_font().get_base_name().split("+")[-1] for text in texts})
            lines += [f"page {number}: {width:.0f} x {height:.0f} mm; {', '.join(faces)}"]
            lines += ["  " + line for line in page.get_textpage().get_text_bounded().splitlines()]
    finally:
        document.close()
    return "\n".join(line.rstrip() for line in lines) + "\n"


def xlsx(data: bytes) -> str:
    """Describe a workbook: widths, heights, merges, cells with face and size."""
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    lines = [f"sheet {sheet.title}; print titles {sheet.print_title_rows}; freeze {sheet.freeze_panes}"]
    lines += [f"column {name} {column.width:g}" for name, column in sorted(sheet.column_dimensions.items())]
    lines += [f"merged {area}" for area in sorted(map(str, sheet.merged_cells.ranges))]
    for row in sheet.iter_rows():
        height = sheet.row_dimensions[row[0].row or 1].height
        lines.append(f"row {row[0].row} h{height:.1f}" if height else f"row {row[0].row}")
        lines += [
            f"  {cell.coordinate} {cell.font.name} {cell.font.size:g} {cell.alignment.horizontal}: {cell.value!r}"
            for cell in row
            if cell.value is not None
        ]
    return "\n".join(lines) + "\n"


def picture(data: bytes, page: int, dpi: int = 42) -> Image.Image:
    """Return one page of a PDF as a small grey picture."""
    document = pypdfium2.PdfDocument(data)
    try:
        shown: Image.Image = document[page].render(scale=dpi / 72).to_pil()
        return shown.convert("L")
    finally:
        document.close()
