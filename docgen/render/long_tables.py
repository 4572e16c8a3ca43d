"""Long tables, laid out some hundred rows at a time: memory stays flat, and time grows with the rows.

A piece ends with a full page. What stands on its last page is laid out again at the head of the next piece, so that the
pages are those of the whole document. Tables whose cells span rows stay in one piece.
"""

from __future__ import annotations

import io
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from lxml import html
from pypdf import PdfWriter

from docgen.render import pdf, pulse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from docgen.layout import PageKind

MOST_ROWS: Final = 300
"""Rows that are laid out at once: some 20 pages, for which 250 MB are enough."""
_MARK: Final = "data-row"
"""Attribute with a row's number. An id would give every row, and all in it, a style of its own: half of the time."""
_PLACE: Final = "docgen-rows"


@dataclass(frozen=True, slots=True)
class LongTable:
    """A document with one long table: its rows, and all else with a mark where they stood."""

    frame: html.HtmlElement
    rows: tuple[str, ...]

    def piece(self, start: int, page: int, rows: int) -> str:
        """Return the document from one row on, beginning with a page number; what stands above comes first only.

        What stands below comes with the last row.
        """
        end = start + rows
        before, after = self._frame(above=not start, below=end >= len(self.rows), page=page).split(f"<!--{_PLACE}-->")
        marked = (f'<tr {_MARK}="{number}"{self.rows[number][3:]}' for number in range(start, min(end, len(self.rows))))
        return "".join(("<!DOCTYPE html>\n", before, *marked, after))

    def _frame(self, *, above: bool, below: bool, page: int) -> str:
        tree = deepcopy(self.frame)
        body = tree.find("body")
        blocks = list(body)
        place = next(number for number, block in enumerate(blocks) if block.get("id") == _PLACE)
        for number, block in enumerate(blocks):
            if (number < place and not above) or (number > place and not below):
                body.remove(block)
        if page > 1:
            style = html.Element("style")
            style.text = f"@page :first {{ counter-reset: page {page} }}"
            tree.find("head").append(style)
        del blocks[place].attrib["id"]
        return str(html.tostring(tree, encoding="unicode"))


def find(page: str) -> LongTable | None:
    """Return the document where its only long table stands by itself in the body, None where it need not be cut."""
    if page.count("<tr") <= MOST_ROWS:
        return None
    tree = html.fromstring(page)
    long = [(table, bulk) for table in tree.findall("body/table") for bulk in table.findall("tbody")]
    long = [(table, bulk) for table, bulk in long if len(bulk) > MOST_ROWS]
    if len(long) != 1 or any(cell.get("rowspan", "1") != "1" for cell in long[0][1].iterfind("tr/*")):
        return None
    ((table, bulk),) = long
    rows = list(bulk)
    table.set("id", _PLACE)
    told = tuple(str(html.tostring(row, encoding="unicode", with_tail=False)) for row in rows)
    for row in rows:
        bulk.remove(row)
    bulk.text = ""
    bulk.append(html.HtmlComment(_PLACE))
    return LongTable(tree, told)


def cut(pages: Sequence[Any]) -> tuple[int, int]:
    """Return how many pages of a piece to keep, and the row at which the next one begins.

    An even number, because odd pages may look otherwise than even ones, and none that parts a row; 0 where there is no
    such number.
    """
    for keep in range((len(pages) - 1) // 2 * 2, 0, -2):
        begun, ended = (pdf.marked(pages[number], _MARK) for number in (keep, keep - 1))
        if begun and begun[0] not in ended:
            return keep, int(begun[0])
    return 0, 0


def render(table: LongTable, page: PageKind, assets: Mapping[str, tuple[str, bytes]]) -> bytes:
    """Return the PDF of a document with a long table. Raises as ``pdf.render`` does."""
    pieces: list[bytes] = []
    start, pages, rows = 0, 0, MOST_ROWS
    while start < len(table.rows):
        is_last = start + rows >= len(table.rows)
        with pdf.laid_out(table.piece(start, pages + 1, rows), page, assets) as document:
            keep, following = (len(document.pages), len(table.rows)) if is_last else cut(document.pages)
            data = pdf.written(document.copy(document.pages[:keep])) if keep else b""
        if not data:  # rows as tall as pages
            rows *= 2
            continue
        pieces.append(data)
        start, pages, rows = following, pages + keep, MOST_ROWS
        pulse.beat()
    return _merged(pieces)


def _merged(pieces: Sequence[bytes]) -> bytes:
    """Return one PDF, with the title and language of the first piece."""
    merged = PdfWriter(clone_from=io.BytesIO(pieces[0]))
    for data in pieces[1:]:
        merged.append(io.BytesIO(data), import_outline=False)
    target = io.BytesIO()
    merged.write(target)
    return target.getvalue()
