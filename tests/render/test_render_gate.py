"""Files that never reach a parser: damaged, dangerous, too large."""

import io
import struct
import zipfile
from pathlib import Path

import pytest
from template_files import SUMMARY, check_bytes, codes, member, repacked, template

from docgen.render import gate
from docgen.render.gate import RefusedFileError, read_package

WORD = template(SUMMARY, "docx")
MAIN = "word/document.xml"
RELATIONS = "word/_rels/document.xml.rels"
OUTSIDE = (
    '<Relationship Id="rIdX" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" '
    'Target="http://example.org/x" TargetMode="External"/></Relationships>'
)


def with_relation(kind: str) -> bytes:
    relations = member(WORD, RELATIONS).replace(b"</Relationships>", OUTSIDE.format(kind).encode())
    return repacked(WORD, {RELATIONS: relations})


def with_doctype(encoding: str) -> bytes:
    text = member(WORD, MAIN).decode().partition("?>")[2]
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    return repacked(WORD, {MAIN: f'<?xml version="1.0" encoding="{encoding}"?>{bomb}{text}'.encode(encoding)})


def encrypted() -> bytes:
    data = bytearray(WORD)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        data[place + offset] |= 1
    return bytes(data)


def lying_about_size() -> bytes:
    """A member of 80 MiB that says it has 10 bytes."""
    data = bytearray(repacked(WORD, {"word/media/big.xml": b" " * (80 * 1024 * 1024)}))
    place = data.rfind(b"PK\x01\x02", 0, data.rfind(b"word/media/big.xml"))
    data[place + 24 : place + 28] = struct.pack("<I", 10)
    return bytes(data)


def doubled() -> bytes:
    buffer = io.BytesIO(WORD)
    with zipfile.ZipFile(buffer, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(MAIN, b"<w:document/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"", "damaged", id="empty"),
        pytest.param(b"PK\x03\x04 cut off", "damaged", id="no zip"),
        pytest.param(WORD[: len(WORD) // 2], "damaged", id="half a file"),
        pytest.param(WORD.replace(b"PK\x03\x04", b"PK\x03\x05"), "damaged", id="wrong headers"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "not-a-package", id="old .doc"),
        pytest.param(repacked(WORD, {MAIN: None}), "not-a-package", id="no main part"),
        pytest.param(repacked(WORD, {MAIN: b"<w:document"}), "damaged", id="broken XML"),
        pytest.param(repacked(WORD, {"word/styles.xml": b"\xff\xfe\xfa"}), "damaged", id="broken styles"),
        pytest.param(with_doctype("utf-8"), "doctype", id="document type"),
        pytest.param(with_doctype("utf-16"), "doctype", id="document type in UTF-16"),
        pytest.param(repacked(WORD, {"word/x.bin": b"\n<!DOCTYPE a><a/>"}), "doctype", id="document type, other name"),
        pytest.param(repacked(WORD, {"word/vbaProject.bin": b"x"}), "macros", id="macros"),
        pytest.param(repacked(WORD, {"word/activeX/activeX1.bin": b"x"}), "macros", id="ActiveX"),
        pytest.param(with_relation("image"), "outside-link", id="picture from outside"),
        pytest.param(with_relation("attachedTemplate"), "outside-link", id="template from outside"),
        pytest.param(encrypted(), "damaged", id="password"),
        pytest.param(doubled(), "damaged", id="two members of one name"),
        pytest.param(repacked(WORD, {"../x.xml": b"<a/>"}), "damaged", id="path that climbs"),
        pytest.param(repacked(WORD, {f"x/{n}": b"" for n in range(2_001)}), "too-large", id="too many members"),
        pytest.param(repacked(WORD, {"x.xml": b" " * (70 * 1024 * 1024)}), "too-large", id="bomb"),
        pytest.param(lying_about_size(), "damaged", id="bomb that lies"),
        pytest.param(bytes(10 * 1024 * 1024 + 1), "too-large", id="too large"),
    ],
)
def test_refused(tmp_path: Path, data: bytes, code: str) -> None:
    (finding,) = check_bytes(tmp_path, data, SUMMARY)
    assert finding.code == code
    assert finding.place.part == "文件"
    assert finding.detail
    assert finding.remedy


def test_the_refusal_names_the_member() -> None:
    with pytest.raises(RefusedFileError) as caught:
        read_package(repacked(WORD, {"word/footer1.xml": b"<w:ftr>\n<"}), MAIN)
    assert caught.value.member == "word/footer1.xml"
    assert "第 2 行第" in caught.value.detail


def test_a_sound_file_is_read_whole() -> None:
    members = read_package(WORD, MAIN)
    with zipfile.ZipFile(io.BytesIO(WORD)) as archive:
        assert members == {name: archive.read(name) for name in archive.namelist()}


def test_a_workbook_is_told_from_a_document() -> None:
    with pytest.raises(RefusedFileError, match="不是 Excel 文件"):
        read_package(WORD, "xl/workbook.xml")


def test_a_hyperlink_passes_the_gate_but_not_the_contract(tmp_path: Path) -> None:
    """Word makes one of every e-mail address that somebody types: fine in an upload, not in a template."""
    data = with_relation("hyperlink")
    assert MAIN in read_package(data, MAIN)
    assert codes(check_bytes(tmp_path, data, SUMMARY)) == ["outside-link"]


def test_reading_stops_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sizes in a zip lie: what is read is bounded by what comes out."""
    monkeypatch.setattr(gate, "MOST_UNPACKED", 1_000)
    with pytest.raises(RefusedFileError) as caught:
        read_package(WORD, MAIN)
    assert caught.value.code == "too-large"
