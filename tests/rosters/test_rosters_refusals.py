"""Files that are no roster, broken or dangerous: each ends in a Chinese sentence with a remedy, in nothing else."""

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from filled_forms import changed
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from roster_files import HEAD, ROWS, shared_strings, xlsx

from docgen import rosters
from docgen.forms.catalogue import get_form
from docgen.render.gate import RefusedFileError
from docgen.rosters.sheets import open_sheets

GROUP = get_form("caq-2026/certificate-group")
GOOD = shared_strings(xlsx(HEAD, *ROWS))
SHEET = "xl/worksheets/sheet1.xml"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def members(data: bytes = GOOD) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(content: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, blob in content.items():
            archive.writestr(name, blob)
    return buffer.getvalue()


def with_sheet(old: bytes, new: bytes) -> bytes:
    content = members()
    assert old in content[SHEET]
    return packed(content | {SHEET: content[SHEET].replace(old, new, 1)})


def refused(data: bytes) -> RefusedFileError:
    with pytest.raises(RefusedFileError) as caught:
        rosters.read(data, GROUP)
    error = caught.value
    for sentence in (error.detail, error.remedy):
        assert re.search("[\u4e00-\u9fff]", sentence)
    return error


FOREIGN = {
    "empty": (b"", "空的"),
    "xls": (COMPOUND, "xls"),
    "password": (COMPOUND + "EncryptedPackage".encode("utf-16-le"), "密码"),
    "csv": ("序号,组织名称,小组名称\n1,甲公司,乙组\n".encode("gb18030"), "CSV"),
    "html named xls": (b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
    "spreadsheet 2003": (b'<?xml version="1.0"?><Workbook/>', "XML"),
    "ods": (packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}, zipfile.ZIP_STORED), "ods"),
    "xlsb": (packed({"[Content_Types].xml": b"<a/>", "xl/workbook.bin": b"x"}), "xlsb"),
    "docx": (packed({"[Content_Types].xml": b"<a/>", "word/document.xml": b"<a/>"}), "不是 Excel"),
    "cut off": (GOOD[: len(GOOD) // 2], "损坏"),
    "macros": (packed(members() | {"xl/vbaProject.bin": b"x"}), "宏"),
    "doctype": (packed(members() | {SHEET: b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "DOCTYPE"),
    "zip bomb": (packed(members() | {"xl/x.bin": b"\0" * 9_000_000}), "解压"),
    "xml cut off": (packed(members() | {SHEET: members()[SHEET][:-40]}), "XML"),
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_foreign_files_are_named_and_say_how_to_make_an_xlsx(kind: str) -> None:
    data, word = FOREIGN[kind]
    assert word in refused(data).detail


@pytest.mark.parametrize(
    "data",
    [
        packed({name: blob for name, blob in members().items() if name != SHEET}),
        packed({name: blob for name, blob in members().items() if name != "xl/sharedStrings.xml"}),
        packed(members() | {"xl/workbook.xml": b"<x/>"}),
        packed(members() | {"xl/_rels/workbook.xml.rels": b"<Relationships/>"}),
        packed(members() | {"xl/styles.xml": members()["xl/styles.xml"].replace(b"numFmtId=", b"numFmtId=x")}),
        with_sheet(b'<row r="2"', b'<row r="1"'),
        with_sheet(b'<row r="2"', b'<row r="zwei"'),
        with_sheet(b'<c r="A2"', b'<c r="A7"'),
        with_sheet(b'<c r="A2"', b'<c r="ZZZ2"'),
        with_sheet(b'<c r="B2" t="s"><v>', b'<c r="B2" t="s"><v>99'),
        with_sheet(b'<c r="A2" t="n"><v>1', b'<c r="A2" t="n"><v>eins'),
        with_sheet(b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:"/></mergeCells>'),
        with_sheet(b"<sheetData>", b"<x>" * 300 + b"</x>" * 300 + b"<sheetData>"),
    ],
    ids=range(13),
)
def test_damaged_files_are_refused(data: bytes) -> None:
    refused(data)


@given(st.data())
def test_whatever_is_broken_ends_in_a_roster_or_a_refusal(data: st.DataObject) -> None:
    content = members()
    name = data.draw(st.sampled_from([SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"]))
    blob = content[name]
    at = data.draw(st.integers(0, len(blob) - 1))
    length = data.draw(st.integers(0, 12))
    new = data.draw(
        st.one_of(st.binary(max_size=4), st.sampled_from([b"", b"0", b"-1", b"9999999", b"x", b'"', b"<a/>"]))
    )
    content[name] = blob[:at] + new + blob[at + length :]
    try:
        roster = rosters.read(packed(content), GROUP)
    except RefusedFileError:
        refused(packed(content))
    else:
        assert roster.tally.rows_in == len(roster.rows)


def last_cell(place: str) -> bytes:
    def change(sheet: Worksheet) -> None:
        sheet[place].value = "x"

    return xlsx(HEAD, *ROWS, change=change)


def test_a_sheet_that_claims_to_end_early_is_read_to_its_end() -> None:
    def lie(tree: Any) -> None:
        next(tree.iter("{*}dimension")).set("ref", "A1:B2")

    assert len(rosters.read(changed(GOOD, lie, SHEET), GROUP).good) == 3


def test_a_stray_cell_far_down_costs_nothing_and_far_right_is_refused() -> None:
    assert len(rosters.read(last_cell("A1048576"), GROUP).good) == 3
    assert "200 列" in refused(last_cell("XFD3")).detail


@pytest.mark.parametrize("area", ["A1:XFD1048576", "A1:XFD1", "B2:B1048576"])
def test_merged_areas_without_end_are_cut_to_the_list(area: str) -> None:
    def merge(tree: Any) -> None:
        data = next(tree.iter("{*}sheetData"))
        cells = data.makeelement(data.tag.replace("sheetData", "mergeCells"))
        cells.append(cells.makeelement(data.tag.replace("sheetData", "mergeCell"), {"ref": area}))
        data.addnext(cells)

    (sheet,), _ = open_sheets(changed(GOOD, merge, SHEET))
    assert [line.number for line in sheet.lines] == [1, 2, 3, 4]


def long(rows: int, columns: int = 3) -> bytes:
    """Return a list of so many rows, all cells filled; written by hand, as openpyxl takes its time."""
    letters = [get_column_letter(number) for number in range(1, columns + 1)]
    heads = [*HEAD[1:3], *(f"备注{number}" for number in range(columns - 2))]

    def row(number: int, texts: Sequence[str]) -> str:
        cells = zip(letters, texts, strict=True)
        return "".join(f'<c r="{letter}{number}" t="inlineStr"><is><t>{text}</t></is></c>' for letter, text in cells)

    body = [row(1, heads), *(row(at, ["甲公司", f"第{at}组", *"x" * (columns - 2)]) for at in range(2, rows + 2))]
    sheet = "".join(f'<row r="{number}">{cells}</row>' for number, cells in enumerate(body, 1))
    content = members()
    before, _, rest = content[SHEET].partition(b"<sheetData>")
    after = rest.partition(b"</sheetData>")[2]
    return packed(content | {SHEET: before + b"<sheetData>" + sheet.encode() + b"</sheetData>" + after})


LIMITS: dict[str, tuple[Callable[[], bytes], str]] = {
    "rows": (lambda: long(10_001), "10,001 行"),
    "lines": (lambda: long(20_001), "20,000 行"),
    "columns": (lambda: long(1, 201), "200 列"),
    "cells": (lambda: long(2_011, 200), "400,000"),
}


@pytest.mark.parametrize("limit", LIMITS)
def test_more_than_a_roster_holds_is_refused(limit: str) -> None:
    make, word = LIMITS[limit]
    error = refused(make())
    assert error.code == "too-large"
    assert word in error.detail


def test_ten_thousand_rows_are_read() -> None:
    assert rosters.read(long(10_000), GROUP).tally == rosters.Tally(10_000, 10_000, 0, 0)
