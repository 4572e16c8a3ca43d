"""Grid description to HTML template: the grid of the notice in the classes and macros of the house."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Final

from docgen.drafting.grid import Boxes, Label, LineEnd, Seal, Value
from docgen.drafting.kinds import guess
from docgen.forms.shape import LeafKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docgen.drafting.grid import Cell, Grid, Piece, Row

_ROW_VARIABLE: Final = "item"
_FILTERS: Final = {LeafKind.DATE: "|day", LeafKind.MONTH: "|month", LeafKind.PERIOD: "|period"}


def html(grid: Grid) -> str:
    """Return the text of an HTML template."""
    return "\n".join([*_head(grid), *_table(grid), *_notes(grid), "{% endblock %}", ""])


def _head(grid: Grid) -> Iterator[str]:
    yield f"{{# {' '.join(filter(None, (grid.annex, grid.title)))} #}}"
    yield '{% extends "_house/base.html" %}'
    yield '{% import "_house/blocks.html" as house %}'
    yield "{% block body %}"
    if grid.header:
        yield f'{{{{ house.header_line("{escape(grid.header[0])}", {grid.header[1]}) }}}}'


def _table(grid: Grid) -> Iterator[str]:
    flowing = " flowing" if any(_flows(row) for row in grid.rows) else ""
    yield f'<table class="grid{flowing}">'
    if len(set(grid.widths)) == 1:
        yield f'<colgroup><col span="{len(grid.widths)}"></colgroup>'
    else:
        yield f"<colgroup>{''.join(f'<col class={chr(34)}w{width:.0f}{chr(34)}>' for width in grid.widths)}</colgroup>"
    first_body_row = _header_rows(grid)
    if first_body_row:
        yield from ("<thead>", *(_row(row, header=True) for row in grid.rows[:first_body_row]), "</thead>", "<tbody>")
    for row in grid.rows[first_body_row:]:
        if row.repeats:
            yield f"{{% for {_ROW_VARIABLE} in {row.repeats} %}}"
        yield _row(row)
        if row.repeats:
            yield "{% endfor %}"
    if first_body_row:
        yield "</tbody>"
    yield "</table>"


def _header_rows(grid: Grid) -> int:
    """Return how many rows head the table: those with printed words only, where the next row repeats."""
    repeated = next((number for number, row in enumerate(grid.rows) if row.repeats), 0)
    return repeated if all(_is_label(cell) for row in grid.rows[:repeated] for cell in row.cells) else 0


def _is_label(cell: Cell) -> bool:
    return all(isinstance(piece, Label | LineEnd) for piece in cell.pieces)


def _row(row: Row, *, header: bool = False) -> str:
    kept = f"h{row.height}{' flows' if _flows(row) else ''}"
    return f'<tr class="{kept}">{"".join(_cell(cell, header=header) for cell in row.cells)}</tr>'


def _flows(row: Row) -> bool:
    """Whether a row holds a long text, which may run over pages."""
    return any(_is_long(piece) for cell in row.cells for piece in cell.pieces) and not row.repeats


def _is_long(piece: Piece) -> bool:
    return isinstance(piece, Value) and guess(_name(piece.path)).leaf is LeafKind.TEXT


def _cell(cell: Cell, *, header: bool) -> str:
    spans = "".join(
        f' {name}="{count}"' for name, count in (("colspan", cell.columns), ("rowspan", cell.rows)) if count > 1
    )
    if _is_label(cell):
        words = "<br>".join(escape(piece.words) for piece in cell.pieces if isinstance(piece, Label))
        return f"<th{spans}>{words}</th>" if header or words else f"<td{spans}></td>"
    if any(_is_long(piece) or isinstance(piece, Seal) for piece in cell.pieces):
        return f'<td class="text"{spans}>{"".join(_blocks(cell))}</td>'
    side = ' class="left"' if any(isinstance(piece, Label) for piece in cell.pieces) else ""
    if [piece for piece in cell.pieces if isinstance(piece, Value) and _name(piece.path) == "seq"]:
        side = ' class="number"'
    return f"<td{side}{spans}>{_lines(cell)}</td>"


def _blocks(cell: Cell) -> Iterator[str]:
    """Write a long cell: printed lines, the text, the seal."""
    for piece in cell.pieces:
        match piece:
            case Label(words):
                yield f'<p class="lead">{escape(words)}</p>'
            case Value(path):
                yield f"{{{{ house.text({_expression(path)}) }}}}" if _is_long(piece) else f"<p>{_inline(piece)}</p>"
            case Boxes():
                yield f"<p>{_inline(piece)}</p>"
            case Seal(label):
                yield f'{{{{ house.seal("{escape(label)}", sealed_on) }}}}'
            case _:
                continue


def _lines(cell: Cell) -> str:
    """Write a short cell; several lines become paragraphs."""
    lines = [""]
    for piece in cell.pieces:
        if isinstance(piece, LineEnd):
            lines.append("")
        else:
            lines[-1] += _inline(piece)
    return lines[0] if len(lines) == 1 else "".join(f"<p>{line}</p>" for line in lines)


def _inline(piece: Piece) -> str:
    match piece:
        case Label(words):
            return escape(words)
        case Boxes(path, options):
            return "".join(f'{{{{ house.box({_expression(path)}, "{option}") }}}}' for option in options)
        case Value(path) if _name(path) == "seq":
            return "{{ loop.index }}"
        case Value(path):
            kind = guess(_name(path))
            name_of_filter = {LeafKind.DATE: "day", LeafKind.MONTH: "month", LeafKind.PERIOD: "period"}.get(
                kind.leaf, ""
            )
            if kind.names and not path.endswith("]"):
                name_of_filter = "names"
            return f"{{{{ {_expression(path)}{'|' if name_of_filter else ''}{name_of_filter} }}}}"
        case _:
            return ""


def _expression(path: str) -> str:
    return re.sub(r"^\w+\[\]\.", f"{_ROW_VARIABLE}.", path)


def _name(path: str) -> str:
    """Return the field's own name: the last step of its path, without an index."""
    return re.sub(r"\[\d*\]", "", path.rsplit(".", 1)[-1])


def _notes(grid: Grid) -> Iterator[str]:
    if grid.notes:
        yield '<div class="notes">'
        yield from (
            f"<p{'' if number == 0 else ' class=' + chr(34) + 'item' + chr(34)}>{escape(note)}</p>"
            for number, note in enumerate(grid.notes)
        )
        yield "</div>"
