"""Files that are no filled form of ours: each gets a clear answer, and none does harm."""

import io
import zipfile
from typing import Any

import docx
import openpyxl
import pytest
from filled_forms import changed, without_controls
from template_files import repacked

from docgen import service
from docgen.errors import FormatError
from docgen.forms.catalogue import get_form
from docgen.reading import ForeignFileError
from docgen.render.gate import RefusedFileError

APPLICATION = get_form("caq-2026/application")
SUMMARY = get_form("caq-2026/summary")


def application() -> bytes:
    return service.render(APPLICATION, service.sample(APPLICATION), "docx").data


def packed(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def letter() -> bytes:
    document = docx.Document()
    document.add_paragraph("关于召开质量工作会议的通知")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def book() -> bytes:
    made = openpyxl.Workbook()
    made["Sheet"]["A1"] = "差旅费报销单"
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


BOMB = b'<?xml version="1.0"?><w:document xmlns:w="x">' + b" " * 40_000_000 + b"</w:document>"
ENTITY = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
OUTSIDE = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"'
    b' Target="http://evil.example/a.png" TargetMode="External"/></Relationships>'
)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "damaged"),
        (b"%PDF-1.7", "damaged"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "not-a-package"),
        (packed({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}), "not-a-package"),
        (packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": BOMB}), "too-large"),
        (repacked(application(), {"word/document.xml": ENTITY}), "doctype"),
        (repacked(application(), {"word/vbaProject.bin": b"macro"}), "macros"),
        (repacked(application(), {"word/_rels/document.xml.rels": OUTSIDE}), "outside-link"),
        (application()[:5000], "damaged"),
        (
            repacked(
                application(),
                {
                    "word/document.xml": b"<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'/>"
                },
            ),
            "damaged",
        ),
    ],
    ids=["empty", "pdf", "doc", "xlsx", "bomb", "entity", "macros", "outside", "cut", "no body"],
)
def test_what_the_gate_refuses(data: bytes, code: str) -> None:
    with pytest.raises(RefusedFileError) as caught:
        service.read(data, "docx")
    assert caught.value.code == code
    assert caught.value.remedy


def test_a_sheet_that_is_no_workbook() -> None:
    with pytest.raises(RefusedFileError, match="Excel"):
        service.read(packed({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}), "xlsx")


@pytest.mark.parametrize(("data", "fmt"), [(letter(), "docx"), (book(), "xlsx")])
def test_a_file_that_is_no_form(data: bytes, fmt: str) -> None:
    with pytest.raises(ForeignFileError, match="不是本系统的任何一张附件表"):
        service.read(data, fmt)


def test_a_form_of_another_notice_says_which_it_is() -> None:
    other = get_form("qinghai-2026/application")
    data = service.render(other, service.sample(other), "docx").data
    with pytest.raises(ForeignFileError, match="qinghai-2026/application") as caught:
        service.read(data, "docx", APPLICATION)
    assert "caq-2026/application" in caught.value.detail
    assert service.read(without_controls(data), "docx").form == "qinghai-2026/application"


@pytest.mark.parametrize("fmt", ["pdf", "doc", "json", ""])
def test_other_formats(fmt: str) -> None:
    with pytest.raises(FormatError, match="Word"):
        service.read(application(), fmt)


def test_no_problem_repeats_a_value() -> None:
    def change(tree: Any) -> None:
        for text in tree.iter("{*}t"):
            text.text = (text.text or "").replace("2026", "机密")

    reading = service.read(changed(application(), change), "docx")
    assert reading.problems
    assert all("机密" not in f"{problem}" for problem in reading.problems)
