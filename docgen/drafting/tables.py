"""Tables of an HTML template as Word tables: fixed grid, merged cells, repeated header rows, rows that Word can add."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from lxml import etree

from docgen.drafting.elements import W15, element, twips
from docgen.drafting.markup import FOR, rows
from docgen.layout import PAGES, RULE_WIDTH, PageKind

if TYPE_CHECKING:
    from docgen.drafting.word import Draft


def write(draft: Draft, node: etree._Element) -> None:
    """Write a table of the HTML template; its rows that repeat become a repeating section."""
    draft.dense = draft.form.page is PageKind.WIDE or "dense" in node.get("class", "").split()
    widths = _widths(node, PAGES[draft.form.page].text_width)
    table = element("tbl")
    properties = element("tblPr")
    properties.append(element("tblW", w=twips(sum(widths)), type="dxa"))
    properties.append(element("jc", val="center"))
    borders = element("tblBorders")
    for edge in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(element(edge, val="single", sz=str(round(RULE_WIDTH * 8)), space="0", color="000000"))
    properties.append(borders)
    properties.append(element("tblLayout", type="fixed"))
    margins = element("tblCellMar")
    margins.append(element("left", w=twips(1.2), type="dxa"))
    margins.append(element("right", w=twips(1.2), type="dxa"))
    properties.append(margins)
    table.append(properties)
    grid = element("tblGrid")
    for width in widths:
        grid.append(element("gridCol", w=twips(width)))
    table.append(grid)
    body = draft.document.element.body
    body.insert(len(body) - 1, table)
    open_spans: dict[int, tuple[int, int]] = {}
    repeated = ""
    for piece in rows(node):
        if isinstance(piece, str):
            _tag_row(draft, table, piece, widths)
            if loop := FOR.match(piece):
                repeated = draft.controls.loops.get(loop[1], "")
            elif piece == "endfor" and repeated.endswith("[]"):
                _repeat(table, repeated.removesuffix("[]"))
        else:
            _row(draft, table, piece, widths, open_spans)


def _tag_row(draft: Draft, table: Any, code: str, widths: list[float]) -> None:
    row, cell = element("tr"), make_cell(sum(widths), len(widths))
    row.append(cell)
    table.append(row)
    draft.fill(cell, lambda: draft.tag(code, "tr"))


def _row(
    draft: Draft, table: Any, node: etree._Element, widths: list[float], open_spans: dict[int, tuple[int, int]]
) -> None:
    classes = node.get("class", "").split()
    row, properties = element("tr"), element("trPr")
    if "flows" not in classes:
        properties.append(element("cantSplit"))
    height = next((name[1:] for name in classes if re.fullmatch(r"h\d+", name)), None)
    if height:
        properties.append(element("trHeight", val=twips(float(height)), hRule="atLeast"))
    if node.xpath("boolean(parent::thead)"):
        properties.append(element("tblHeader"))
    row.append(properties)
    table.append(row)
    column = 0
    cells = iter(node)
    while column < len(widths):
        if column in open_spans:
            rest, span = open_spans.pop(column)
            if rest > 1:
                open_spans[column] = (rest - 1, span)
            merged = make_cell(sum(widths[column : column + span]), span, merge="continue")
            row.append(merged)
            draft.fill(merged, lambda: draft.paragraph("表格字"))
            column += span
            continue
        cell = next(cells)
        span, down = int(cell.get("colspan", "1")), int(cell.get("rowspan", "1"))
        if down > 1:
            open_spans[column] = (down - 1, span)
        made = make_cell(sum(widths[column : column + span]), span, merge="restart" if down > 1 else "", node=cell)
        row.append(made)
        draft.fill(made, partial(draft.content, cell))
        column += span


def make_cell(width: float, span: int, merge: str = "", node: etree._Element | None = None) -> Any:
    """Return an empty cell, ``width`` mm over ``span`` columns; ``merge`` is Word's vMerge."""
    cell, properties = element("tc"), element("tcPr")
    properties.append(element("tcW", w=twips(width), type="dxa"))
    if span > 1:
        properties.append(element("gridSpan", val=str(span)))
    if merge:
        properties.append(element("vMerge", val=merge))
    if node is not None and (node.tag == "th" or node.get("class") == "tight"):
        margins = element("tcMar")
        margins.append(element("left", w="6", type="dxa"))
        margins.append(element("right", w="6", type="dxa"))
        properties.append(margins)
    top = node is not None and node.get("class") == "text"
    properties.append(element("vAlign", val="top" if top else "center"))
    cell.append(properties)
    return cell


def _repeat(table: Any, path: str) -> None:
    """Make the last loop's row one that Word can add again: a repeating section ([MS-DOCX] 2.5.4) of one item."""
    opening, row, closing = table[-3:]
    section, item = element("sdt"), element("sdt")
    properties, content = element("sdtPr"), element("sdtContent")
    properties.append(element("tag", val=path))
    etree.SubElement(properties, f"{W15}repeatingSection")
    section.extend([properties, content])
    item_properties, item_content = element("sdtPr"), element("sdtContent")
    etree.SubElement(item_properties, f"{W15}repeatingSectionItem")
    item.extend([item_properties, item_content])
    opening.addprevious(section)
    item_content.append(row)
    content.extend([opening, item, closing])


def _widths(table: etree._Element, text_width: float) -> list[float]:
    found: list[float] = []
    for column in table.iter("col"):
        width = re.fullmatch(r"w(\d+)", column.get("class", ""))
        span = int(column.get("span", "1"))
        found += [float(width[1]) if width else text_width / span] * span
    return found
