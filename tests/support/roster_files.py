"""Rosters as people fill them: rows of plain values become an xlsx, with what people do to it afterwards."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from docgen.rosters import Problem, Roster

DECISION = "云质协〔2026〕50号"
SHARED = {"issued_on": "2026-10-30"}
HEAD = ("序号", "组织名称（以公章为准）", "小组名称", "小组成员（10 人以内请用“、”隔开）")
"""The head of 附件 4 of caq-2026."""
ROWS: tuple[tuple[Any, ...], ...] = (
    (1, "云岭精密轴承制造有限公司", "攀登者QC小组", "章启明、卢思远、欧阳雪"),
    (2, "青川市第二供水有限公司", "清源QC小组", "白露、方致远"),
    (3, "云岭省人民电力建设公司", "光明使者QC小组", "雷鸣、乔木"),
)


def xlsx(*lines: Sequence[Any], sheet: str = "Sheet1", change: Callable[[Worksheet], object] = lambda _: None) -> bytes:
    """Return an xlsx of these lines from the first row on; ``change`` may then do what it likes to the sheet."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for number, line in enumerate(lines, 1):
        for column, value in enumerate(line, 1):
            if value is not None:
                page.cell(number, column).value = value
    change(page)
    return saved(book)


def saved(book: Workbook) -> bytes:
    """Return a workbook as bytes."""
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def shared_strings(data: bytes) -> bytes:
    """Return an xlsx with its texts in the table of shared strings, where Excel and WPS put them."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name).decode() for name in archive.namelist()}
    texts: list[str] = []

    def share(found: re.Match[str]) -> str:
        texts.append(found[2])
        return f'{found[1]} t="s"><v>{len(texts) - 1}</v></c>'

    sheet = "xl/worksheets/sheet1.xml"
    members[sheet] = re.sub(r'(<c r="[A-Z0-9]+") t="inlineStr"><is>(.*?)</is></c>', share, members[sheet])
    items = "".join(f"<si>{text}</si>" for text in texts)
    head = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    members["xl/sharedStrings.xml"] = f"{head}{items}</sst>"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    declared = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    members["[Content_Types].xml"] = members["[Content_Types].xml"].replace("</Types>", declared)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def told(problems: Sequence[Problem]) -> list[tuple[str, str]]:
    """Return problems as (code, cell address, or row number where it is no cell)."""
    return [(one.code, one.place.cell or (str(one.place.row) if one.place.row else "")) for one in problems]


def codes(problems: Sequence[Problem]) -> set[str]:
    """Return the codes of problems."""
    return {one.code for one in problems}


def fates(roster: Roster) -> dict[int, str]:
    """Return row number -> good, failed, or why it was skipped."""
    return {row.number: row.skipped or str(roster.fate(row)) for row in roster.rows}
