"""What goes in comes out: every legal text survives into Word, Excel and PDF, and none of it is taken for code."""

import copy
import io
import zipfile
from functools import cache
from typing import Any

import pytest
import uharfbuzz
from extract import docx_paragraphs, pdf_pages, squeeze, xlsx_cells
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from lxml import etree
from openpyxl import load_workbook

from docgen import service
from docgen.errors import SubmissionError
from docgen.forms.catalogue import get_form
from docgen.forms.checking import validate
from docgen.layout import Face
from docgen.render import faces

OPINION = get_form("caq-2026/recommendation-opinion")
SUMMARY = get_form("caq-2026/summary")
NASTY = (
    "A<B & 质量<1%",
    "{{7*7}}",
    "{% for x in y %}{{ x }}{% endfor %}",
    "{_{ x }_} {#注#}",
    "=1+1",
    "+86",
    "-1",
    "@SUM(A1)",
    "'引号",
    "_x0041_",
    "]]>",
    "&amp;&#65;",
    "<w:p/><script>alert(1)</script>",
    "两  个空格",
    "\\a\\f\\n",
    "𠮷㛃𰻝",
    "é à Å",
    "艾力·库尔班",
    "“引”‘号’\"'",
)


def with_opinion(text: str) -> dict[str, Any]:
    data = copy.deepcopy(service.sample(OPINION))
    data["items"][1]["opinion"] = text
    return data


def with_group(text: str) -> dict[str, Any]:
    data = copy.deepcopy(service.sample(SUMMARY))
    data["items"][1]["group_name"] = text
    return data


legal = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)


def kept(data: dict[str, Any], form: Any, pick: str) -> str:
    """Return the text as the form keeps it (NFC, line ends), or leave this example out when the form refuses it."""
    try:
        submission = validate(form, data)
    except SubmissionError:
        assume(condition=False)
        raise
    return str(getattr(submission.items[1], pick))  # type: ignore[attr-defined]  # both forms have items


@settings(max_examples=300, suppress_health_check=[HealthCheck.filter_too_much])
@given(legal)
@example("\n前后有空行\n\n最后一行\n")
@example("\u3000\u3000缩进  和 空格 ")
def test_word_keeps_every_legal_text(text: str) -> None:
    data = with_opinion(text)
    expected = kept(data, OPINION, "opinion").split("\n")
    paragraphs = docx_paragraphs(service.render(OPINION, data, "docx").data)
    start = paragraphs.index("清源QC小组") + 1
    assert paragraphs[start : start + len(expected)] == expected


@settings(max_examples=300, suppress_health_check=[HealthCheck.filter_too_much])
@given(legal)
def test_excel_keeps_every_legal_text(text: str) -> None:
    data = with_group(text)
    expected = kept(data, SUMMARY, "group_name")
    cells = xlsx_cells(service.render(SUMMARY, data, "xlsx").data)
    assert cells[cells.index("青川市第二供水有限公司") + 1] == expected


@cache
def _fonts() -> tuple[uharfbuzz.Font, ...]:
    order = dict.fromkeys((Face.FANGSONG, *Face))
    return tuple(
        uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(faces.resolve(face))))) for face in order
    )


@cache
def drawn(char: str) -> tuple[int, int]:
    """Return (face, glyph): two characters drawn by one glyph cannot be told apart in a PDF, nor on paper."""
    for number, font in enumerate(_fonts()):
        if glyph := font.get_nominal_glyph(ord(char)):
            return number, glyph
    raise AssertionError(char)


def is_plain(char: str) -> bool:
    """Tell whether a face has the character and its script runs from left to right without stacking marks."""
    point = ord(char)
    return (0x20 <= point < 0x7F or 0x3000 <= point < 0xA000 or point > 0xFFFF) and not faces.uncovered(char)


# Scripts that are written from right to left or stack marks are copied from a PDF in another order than typed.
drawable = st.text(
    st.characters(
        codec="utf-8", categories=["Lu", "Ll", "Lo", "Nd", "No", "Po", "Pd", "Ps", "Pe", "Sm", "So", "Sc", "Zs"]
    ).filter(is_plain),
    min_size=1,
    max_size=40,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(drawable)
def test_pdf_keeps_every_text_that_a_face_can_draw(text: str) -> None:
    data = with_opinion(text)
    expected = kept(data, OPINION, "opinion")
    read = squeeze("".join(pdf_pages(service.render(OPINION, data, "pdf").data)))
    found = read.split("清源QC小组", 1)[1].split("3云岭省人民电力建设公司", 1)[0]
    assert [drawn(char) for char in found] == [drawn(char) for char in squeeze(expected)]


@pytest.mark.parametrize("text", NASTY)
def test_nasty_text_is_only_text(text: str) -> None:
    data = with_group(text)
    assert text in docx_paragraphs(service.render(SUMMARY, data, "docx").data)
    assert squeeze(text) in squeeze("".join(pdf_pages(service.render(SUMMARY, data, "pdf").data)))
    book = service.render(SUMMARY, data, "xlsx").data
    assert text in xlsx_cells(book)
    cells = [cell for row in load_workbook(io.BytesIO(book)).worksheets[0].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}, "no formula"


def test_a_character_that_no_face_has_is_refused_for_pdf_and_kept_in_word() -> None:
    data = with_group("㐀\U0002ceb1小组")
    with pytest.raises(SubmissionError) as caught:
        service.render(SUMMARY, data, "pdf")
    (fault,) = caught.value.faults
    assert (fault.pointer, fault.code) == ("/items/1/group_name", "no_face")
    assert "U+2CEB1" in fault.detail
    assert "推荐名单第 2 项·小组名称" in fault.label
    assert "㐀\U0002ceb1小组" in docx_paragraphs(service.render(SUMMARY, data, "docx").data)
    assert [finding.pointer for finding in service.check(SUMMARY, data).findings if not finding.rule] == [fault.pointer]


def test_every_part_of_a_word_document_is_well_formed_whatever_the_text() -> None:
    data = with_opinion("\n".join(NASTY))
    with zipfile.ZipFile(io.BytesIO(service.render(OPINION, data, "docx").data)) as package:
        assert package.testzip() is None
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(package.read(name))
