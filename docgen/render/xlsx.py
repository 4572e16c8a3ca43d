"""HTML to Excel: the tables of a document as a sheet, so that labels and columns are said only once.

Every text is written as text: nothing that a unit typed becomes a formula, and nothing is cut.
"""

from __future__ import annotations

import io
import re
import unicodedata
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from lxml import etree, html
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from docgen.layout import ERHAO, PAGES, SANHAO, SIHAO, WUHAO, XIAOSI, Face, PageKind
from docgen.render import archive
from docgen.render.garbage import uncollected

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl.cell import Cell, MergedCell
    from openpyxl.styles.cell_style import StyleArray

    _AnyCell = Cell | MergedCell

_MM_PER_WIDTH: Final = 2.0
"""Millimetres of one unit of column width in the default 11 pt face (Calibri: 7 pixels at 96 dpi, with padding)."""
_POINTS_PER_MM: Final = 72 / 25.4
_EPOCH: Final = datetime(*archive.EPOCH, tzinfo=UTC)
_NUMBER: Final = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_ESCAPED: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_LINE: Final = Side("thin", color="000000")
_FRAME: Final = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


_Area = tuple[int, int, int, int]
"""Cells from (row, column) to (row, column), from 1, inclusive."""


@dataclass(frozen=True, slots=True)
class _Look:
    """Face, size in pt and side of a paragraph."""

    face: Face
    size: float
    side: str


_LOOKS: Final = {
    "annex": _Look(Face.HEITI, SANHAO, "left"),
    "h1": _Look(Face.XIAOBIAOSONG, ERHAO, "center"),
    "header-line": _Look(Face.FANGSONG, SIHAO, "left"),
    "caption": _Look(Face.HEITI, XIAOSI, "left"),
    "subtitle": _Look(Face.FANGSONG, SIHAO, "center"),
    "notes": _Look(Face.FANGSONG, WUHAO, "left"),
    "footer-lines": _Look(Face.FANGSONG, XIAOSI, "left"),
    "footer-line": _Look(Face.FANGSONG, XIAOSI, "left"),
    "cell": _Look(Face.FANGSONG, WUHAO, "center"),
    "words": _Look(Face.FANGSONG, WUHAO, "left"),
}


def render(page: str, kind: PageKind) -> bytes:
    """Return a workbook with one sheet made of a document's paragraphs and tables.

    The same input gives the same bytes. Texts longer than a cell holds are the caller's to refuse.
    """
    with uncollected():
        tree = html.fromstring(page)
        title = tree.findtext(".//title") or ""
        book = Workbook()
        sheet = book.active
        if not isinstance(sheet, Worksheet):
            raise TypeError("a new workbook has a sheet")
        sheet.title = _sheet_name(title)
        _Writer(sheet, kind).write(tree.find("body"))
        _set_up(sheet, kind)
        book.properties.title = title
        book.properties.creator = "docgen"
        return saved(book)


def _sheet_name(title: str) -> str:
    return re.sub(r"[\\/*?:\[\]]", " ", title)[:31]


def _set_up(sheet: Worksheet, kind: PageKind) -> None:
    paper = PAGES[kind]
    sheet.page_setup.orientation = "landscape" if paper.width > paper.height else "portrait"
    fit_to_width(sheet)
    sheet.print_options.horizontalCentered = True
    for side in ("left", "right", "top", "bottom"):
        setattr(sheet.page_margins, side, getattr(paper, side) / 25.4)
    sheet.oddFooter.center.text = "— &P —"  # type: ignore[union-attr]  # a new sheet has a footer


class _Writer:
    """Writes blocks below each other; all tables share one set of columns, cut at every column edge."""

    def __init__(self, sheet: Worksheet, kind: PageKind) -> None:
        self._sheet = sheet
        self._width = PAGES[kind].text_width
        self._edges: list[float] = []
        self._row = 1
        self._stacked = False
        self._styles: dict[tuple[_Look, bool], StyleArray] = {}

    def write(self, body: html.HtmlElement) -> None:
        """Write all blocks of a body."""
        tables = [_widths(table) for table in body.iter("table")]
        self._stacked = len(tables) > 1
        self._edges = sorted({0.0, self._width, *(edge for widths in tables for edge in _edges(widths))})
        for number, (left, right) in enumerate(pairwise(self._edges), 1):
            self._sheet.column_dimensions[get_column_letter(number)].width = (right - left) / _MM_PER_WIDTH
        for block in body.iterchildren(etree.Element):
            self._block(block)

    def _block(self, block: html.HtmlElement) -> None:
        name = block.get("class", "")
        if block.tag == "table":
            self._table(block)
        elif block.tag == "div":
            for child in block:
                left = self._edges[-2] if name == "footer-lines" else 0.0
                self._paragraph(child, _LOOKS[name], left)
        else:
            self._paragraph(block, _LOOKS[name or block.tag], 0.0)

    def _paragraph(self, block: html.HtmlElement, look: _Look, left: float) -> None:
        first = self._edges.index(left) + 1
        area = (self._row, first, self._row, len(self._edges) - 1)
        height = self._put(area, self._dressed(self._row, first, look, framed=False), _text(block), look)
        self._sheet.row_dimensions[self._row].height = height
        self._row += 1

    def _table(self, table: html.HtmlElement) -> None:
        edges = _edges(_widths(table))
        columns = [self._edges.index(edge) + 1 for edge in edges]
        header = self._row
        taken: dict[int, int] = {}
        for row in table.iter("tr"):
            needed = _said_height(row.get("class", ""))
            at = 0
            for cell in row.iterchildren("th", "td"):
                while taken.get(at, 0) >= self._row:
                    at += 1
                span, down = int(cell.get("colspan", "1")), int(cell.get("rowspan", "1"))
                look = _LOOKS["words" if cell.get("class") in {"left", "text"} else "cell"]
                last = self._row + down - 1
                area = (self._row, columns[at], last, columns[at + span] - 1)
                height = self._put(
                    area, self._framed(area, look), _text(cell), look, number=cell.get("class") == "number"
                )
                if down == 1:
                    needed = max(needed, height)
                else:
                    taken |= dict.fromkeys(range(at, at + span), last)
                at += span
            self._sheet.row_dimensions[self._row].height = needed or None
            self._row += 1
        rows = len(table.findall("thead/tr"))
        if rows and not self._stacked:  # a sheet repeats and freezes the head of one table only
            self._sheet.print_title_rows = f"{header}:{header + rows - 1}"
            self._sheet.freeze_panes = f"A{header + rows}"

    def _put(self, area: _Area, cell: _AnyCell, text: str, look: _Look, *, number: bool = False) -> float:
        """Write a text into an area's first cell, make the area one, and return the height in points that it needs."""
        top, left, bottom, right = area
        if number and _NUMBER.fullmatch(text):
            cell.value = float(text) if "." in text else int(text)
        else:
            write_text(cell, text)
        if (bottom, right) != (top, left):
            self._sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
        return _height(text, self._edges[right] - self._edges[left - 1], look.size)

    def _framed(self, area: _Area, look: _Look) -> _AnyCell:
        """Give an area its look and return its first cell."""
        top, left, bottom, right = area
        first = self._dressed(top, left, look, framed=True)
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                if (row, column) != (top, left):
                    self._dressed(row, column, look, framed=True)
        return first

    def _dressed(self, row: int, column: int, look: _Look, *, framed: bool) -> _AnyCell:
        """Give a cell its look: a style is made once a sheet, since making one takes longer than writing ten cells."""
        cell = self._sheet.cell(row, column)
        known = self._styles.get((look, framed))
        if known is None:
            cell.font = Font(name=str(look.face), size=float(look.size))
            cell.alignment = Alignment(horizontal=look.side, vertical="center", wrap_text=True)
            if framed:
                cell.border = _FRAME
            self._styles[look, framed] = cell._style  # type: ignore[union-attr]  # noqa: SLF001  openpyxl documents this way to pass styles on; its stubs lack it
        else:
            cell._style = known  # type: ignore[union-attr]  # noqa: SLF001  the same
        return cell


def fit_to_width(sheet: Worksheet) -> None:
    """Print a sheet on A4 with all of its columns on one page."""
    sheet.page_setup.paperSize = 9  # A4, ECMA-376 part 1, 18.3.1.63
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def write_text(cell: _AnyCell, text: str) -> None:
    """Write a text that stays text even where Excel would see a formula, a number or an escape.

    What no cell can hold, control characters and more than ``fields.MOST_CHARACTERS``, is the caller's to refuse.
    """
    if text:
        cell.value = _ESCAPED.sub("_x005F_", text)
        cell.data_type = "s"
        if text.startswith(("=", "+", "-", "@", "'")):
            cell._style = copy(cell._style)  # type: ignore[union-attr]  # noqa: SLF001  other cells may share it; see _dressed
            cell.quotePrefix = True


def _height(text: str, width: float, size: float) -> float:
    """Return the height in points that a wrapped text needs in a column of so many mm."""
    per_line = max(1.0, (width - 2) / (size * 25.4 / 72))
    lines = 1.0
    if len(text) > per_line or "\n" in text:  # no character is wider than an em
        lines = sum(max(1, -(-_ems(line) // per_line)) for line in text.split("\n"))
    return float(lines * size * 1.35 + 4)


@cache
def _said_height(names: str) -> float:
    """Return the height in points that a row's classes say, or 0."""
    return next((float(name[1:]) for name in names.split() if re.fullmatch(r"h\d+", name)), 0.0) * _POINTS_PER_MM


def _ems(text: str) -> float:
    return sum(map(_advance, text))


@lru_cache(maxsize=65_536)
def _advance(char: str) -> float:
    """Return how far a character moves on, in em, as far as its kind tells."""
    return 1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.55


def _widths(table: html.HtmlElement) -> list[float]:
    """Return the column widths of a table in mm, from the classes of its columns."""
    return [float(column.get("class", "")[1:]) for column in table.iter("col")]


def _edges(widths: list[float]) -> list[float]:
    edges = [0.0]
    for width in widths:
        edges.append(edges[-1] + width)
    return edges


def _text(node: html.HtmlElement) -> str:
    """Return the words of a block: paragraphs and breaks on lines of their own, nothing trimmed inside."""
    return "\n".join(_lines(node)) if len(node) else node.text or ""


def _lines(node: html.HtmlElement) -> Iterator[str]:
    blocks = [child for child in node if child.tag in {"p", "div"}]
    if blocks:
        for block in blocks:
            yield from _lines(block)
        return
    line = node.text or ""
    for child in node:
        if child.tag == "br":
            yield line
            line = ""
        else:
            line += "".join(child.itertext())
        line += child.tail or ""
    yield line


def saved(book: Workbook) -> bytes:
    """Return a workbook without the time of saving: the same book gives the same bytes."""
    buffer = io.BytesIO()
    book.save(buffer)
    return archive.pack(map(_undated, archive.members(buffer.getvalue())))


def _undated(member: archive.Member) -> archive.Member:
    if member.name != "docProps/core.xml":
        return member
    stamp = _EPOCH.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    dated = re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>" + stamp, member.data())
    return archive.member(member.name, dated)
