"""The grid description of a form: a text that a person can type while looking at the notice.

    title: 某省优秀质量管理小组申报表
    annex: 附件 1
    page: portrait
    header: 推荐单位（盖章） <recommender>
    cols: 34,48,30,44
    r1 h11 | 「单位名称」 | <org_name> c3
    r2 h10 | 「课题类型」 | □{topic_type: 问题解决型 / 创新型} c3
    r* repeat=items min=5 h10 | <items[].seq> | <items[].org_name> c3
    r3 h60 | 「小组简介」¶<introduction>¶⟦seal 单位盖章 / 年 月 日⟧ c4
    note: 注：此表由小组填写。

``「」`` is printed as it stands, ``<>`` is a field, ``□{field: a / b}`` are boxes, ``¶`` ends a line, ``⟦seal …⟧`` is a
block for seal and date; ``cN`` and ``rN`` at a cell's end are its spans, ``hNN`` a row's least height in mm, ``5.2x30``
thirty columns of 5.2 mm.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from docgen.errors import UnreadableInputError

_CELL_SPANS: Final = re.compile(r"(.*?)((?:\s+[cr]\d+)*)\s*", re.DOTALL)
_PIECE: Final = re.compile(
    r"「(?P<label>.*?)」|<(?P<field>[^>]+)>|□\{(?P<boxes>[^}]+)\}|⟦seal (?P<seal>[^/⟧]+)/[^⟧]*⟧|(?P<end>¶)"
)
_FIELD: Final = re.compile(r"[a-z][a-z0-9_]*(?:\[(?:\d+)?\])?(?:\.[a-z][a-z0-9_]*)*")
_FACTS: Final = ("title", "annex", "page", "header", "cols", "note")


@dataclass(frozen=True, slots=True)
class Label:
    """Words printed as they stand."""

    words: str


@dataclass(frozen=True, slots=True)
class Value:
    """A field: ``org_name``, ``members[0]``, ``items[].opinion``."""

    path: str


@dataclass(frozen=True, slots=True)
class Boxes:
    """Tick boxes of one field."""

    path: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seal:
    """Room for a seal and a date."""

    label: str


@dataclass(frozen=True, slots=True)
class LineEnd:
    """What follows stands on the next line."""


Piece = Label | Value | Boxes | Seal | LineEnd


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with its spans."""

    pieces: tuple[Piece, ...]
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A row; ``repeats`` names the list whose items it prints, at least ``least`` times."""

    cells: tuple[Cell, ...]
    height: int
    repeats: str = ""
    least: int = 0


@dataclass(frozen=True, slots=True)
class Grid:
    """A form's description; widths in mm."""

    title: str
    annex: str
    landscape: bool
    header: tuple[str, str] | None
    """Label and field of the line above the table."""
    widths: tuple[float, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = field(default=())


def parse(text: str) -> Grid:
    """Read a description; raises UnreadableInputError with the line, what is wrong there, and how it should look."""
    facts: dict[str, list[str]] = {name: [] for name in _FACTS}
    rows: list[Row] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, colon, rest = line.partition(":")
        if colon and name.strip() in facts and "|" not in name:
            facts[name.strip()].append(rest.strip())
        elif re.match(r"\s*r(\d+|\*)\s", line):
            rows.append(_row(line.strip(), number))
        else:
            raise _fault(
                number, "既不是「名称: 内容」，也不是以 r1、r2 或 r* 开头的行", "写法见 README「增加一个通知」"
            )
    for name in ("title", "cols"):
        if not facts[name]:
            raise UnreadableInputError(f"表格说明缺少 {name}", f"请加一行「{name}: …」")
    if not rows:
        raise UnreadableInputError("表格说明里没有一行表格", "请至少写一行，如：r1 h11 | 「单位名称」 | <org_name>")
    widths = _widths(facts["cols"][0])
    _want_full(rows, len(widths))
    return Grid(
        title=facts["title"][0],
        annex=facts["annex"][0] if facts["annex"] else "",
        landscape=bool(facts["page"]) and facts["page"][0] == "landscape",
        header=_header(facts["header"][0]) if facts["header"] else None,
        widths=widths,
        rows=tuple(rows),
        notes=tuple(facts["note"]),
    )


def _fault(line: int, why: str, remedy: str) -> UnreadableInputError:
    return UnreadableInputError(f"表格说明第 {line} 行：{why}", remedy)


def _widths(text: str) -> tuple[float, ...]:
    if equal := re.fullmatch(r"([\d.]+)x(\d+)", text):
        return (float(equal[1]),) * int(equal[2])
    try:
        return tuple(float(width) for width in text.split(","))
    except ValueError:
        raise UnreadableInputError("表格说明的 cols 读不懂", "请写各列的毫米数，如 34,48,30,44 或 5.2x30") from None


def _header(text: str) -> tuple[str, str]:
    found = re.fullmatch(r"(.+?)\s*<([a-z_]+)>", text)
    if not found:
        raise UnreadableInputError("表格说明的 header 读不懂", "请写作：header: 推荐单位（盖章） <recommender>")
    return found[1], found[2]


def _row(line: str, number: int) -> Row:
    head, *cells = re.split(r"\s\|\s|\s\|$", line)
    if not cells:
        raise _fault(number, "没有单元格", "单元格之间用「 | 」（两边有空格）隔开")
    height = re.search(r"\bh(\d+)", head)
    repeats, least = re.search(r"repeat=([a-z_]+)", head), re.search(r"min=(\d+)", head)
    return Row(
        tuple(_cell(cell, number) for cell in cells),
        int(height[1]) if height else 10,
        repeats[1] if repeats else "",
        int(least[1]) if least else 1,
    )


def _cell(text: str, number: int) -> Cell:
    split = _CELL_SPANS.fullmatch(text)
    if split is None:
        raise _fault(number, "单元格读不懂", "请对照 README 的写法")
    content, spans = split[1].strip(), split[2]
    columns, rows = re.search(r"c(\d+)", spans), re.search(r"r(\d+)", spans)
    pieces: list[Piece] = []
    end = 0
    for found in _PIECE.finditer(content):
        if strange := content[end : found.start()].strip(" /"):
            raise _fault(number, f"「{strange[:20]}」不知是什么", "印出的字放在「」里，字段放在 <> 里")
        pieces.append(_piece(found, number))
        end = found.end()
    if strange := content[end:].strip():
        raise _fault(number, f"「{strange[:20]}」不知是什么", "印出的字放在「」里，字段放在 <> 里")
    return Cell(tuple(pieces), int(columns[1]) if columns else 1, int(rows[1]) if rows else 1)


def _piece(found: re.Match[str], number: int) -> Piece:
    if found["label"] is not None:
        return Label(found["label"])
    if found["end"]:
        return LineEnd()
    if found["seal"]:
        return Seal(found["seal"].strip())
    path: str = found["field"] or ""
    options: tuple[str, ...] = ()
    if found["boxes"]:
        path, _, listed = found["boxes"].partition(":")
        options = tuple(option.strip() for option in listed.split(" / "))
    if not _FIELD.fullmatch(path.strip()):
        raise _fault(
            number, f"「{path[:30]}」不能作字段名", "字段名用小写英文字母、数字和下划线，如 org_name、items[].opinion"
        )
    return Boxes(path.strip(), options) if found["boxes"] else Value(path.strip())


def _want_full(rows: list[Row], columns: int) -> None:
    """Spans must fill every row."""
    open_spans: list[tuple[int, int]] = []
    for number, row in enumerate(rows, 1):
        width = sum(span for _, span in open_spans) + sum(cell.columns for cell in row.cells)
        if width != columns:
            raise UnreadableInputError(
                f"表格说明的第 {number} 个表格行共 {width} 列，应为 {columns} 列",
                "请核对各单元格末尾的 cN（跨几列）和 rN（跨几行）",
            )
        open_spans = [(rest - 1, span) for rest, span in open_spans if rest > 1]
        open_spans += [(cell.rows - 1, cell.columns) for cell in row.cells if cell.rows > 1]
