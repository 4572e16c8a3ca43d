"""Word templates that leave the house: page set-up, faces, styles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm
from template_files import APPLICATION, add, check_word, codes

if TYPE_CHECKING:
    from pathlib import Path

    from docx.document import Document
    from docx.text.paragraph import Paragraph

    from docgen.errors import TemplateFinding


@pytest.mark.parametrize(
    ("name", "length", "detail"),
    [
        ("left_margin", Mm(31.8), "左边距是 31.8 毫米，应为 36 毫米"),
        ("right_margin", Mm(31.8), "右边距是 31.8 毫米，应为 36 毫米"),
        ("top_margin", Mm(25.6), "上边距是 25.6 毫米，应为 21 毫米"),
        ("bottom_margin", Mm(20), "下边距是 20.0 毫米，应为 19 毫米"),
        ("page_width", Mm(420), "纸张宽度是 420.0 毫米，应为 297 毫米"),
        ("gutter", Mm(5), "设了装订线，版心会变窄"),
    ],
)
def test_page_set_up(tmp_path: Path, name: str, length: Mm, detail: str) -> None:
    (finding,) = check_word(tmp_path, lambda document: setattr(document.sections[0], name, length))
    assert (finding.code, finding.place.spot, finding.detail) == ("page-setup", "第 1 节", detail)


def test_page_set_up_within_tolerance(tmp_path: Path) -> None:
    assert check_word(tmp_path, lambda document: setattr(document.sections[0], "left_margin", Mm(36.4))) == ()


def test_every_section_is_looked_at(tmp_path: Path) -> None:
    def change(document: Document) -> None:
        section = document.add_section()
        section.orientation = WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = section.page_height, section.page_width

    findings = check_word(tmp_path, change)
    assert {finding.place.spot for finding in findings} == {"第 2 节"}
    assert "纸张方向不对，应为横向" in [finding.detail for finding in findings]


def told(finding: TemplateFinding) -> tuple[str, str]:
    return finding.code, str(finding.place)


def set_face(paragraph: Paragraph, **slots: str) -> None:
    fonts = OxmlElement("w:rFonts")
    for slot, face in slots.items():
        fonts.set(qn(f"w:{slot}"), face)
    paragraph.runs[0]._r.get_or_add_rPr().append(fonts)  # noqa: SLF001  python-docx has no face for East Asian text


@pytest.mark.parametrize(
    ("slots", "detail"),
    [
        ({"eastAsia": "宋体-简"}, "中文字体「宋体-简」不是本系统的字体"),
        ({"ascii": "Calibri"}, "西文字体「Calibri」不是本系统的字体"),
        ({"hAnsi": "Calibri"}, "西文字体「Calibri」不是本系统的字体"),
        ({"eastAsiaTheme": "minorEastAsia"}, "中文字体「宋体」"),
        ({"asciiTheme": "minorHAnsi"}, "西文字体「"),
        ({"eastAsia": "Segoe UI Symbol"}, "文字用了只有符号的字体"),
    ],
)
def test_face_of_a_run(tmp_path: Path, slots: dict[str, str], detail: str) -> None:
    findings = check_word(tmp_path, lambda document: set_face(add(document, "说明 A"), **slots))
    if detail == "中文字体「宋体」":  # the theme's face for simplified Chinese is one of the house
        assert findings == ()
        return
    (finding,) = findings
    assert finding.code in {"face-outside", "symbol-face"}
    assert detail in finding.detail
    assert str(finding.place) == "正文，第 8 段「说明 A」"


def test_face_of_a_style_and_of_the_defaults(tmp_path: Path) -> None:
    def in_style(document: Document) -> None:
        fonts = document.styles["表尾行"].element.rPr.rFonts
        fonts.set(qn("w:eastAsia"), "华文仿宋")

    findings = check_word(tmp_path, in_style)
    assert set(codes(findings)) == {"face-outside"}
    assert len(findings) == 5

    def in_defaults(document: Document) -> None:
        for fonts in document.styles.element.iter(qn("w:rFonts")):
            for name in list(fonts.attrib):
                if name.endswith(("eastAsia", "eastAsiaTheme")):
                    del fonts.attrib[name]

    findings = check_word(tmp_path, in_defaults)
    assert set(codes(findings)) == {"face-missing"}
    assert "w:eastAsia" in findings[0].detail


def test_face_of_an_inserted_symbol(tmp_path: Path) -> None:
    def change(document: Document) -> None:
        symbol = parse_xml(f'<w:sym {nsdecls("w")} w:font="Wingdings" w:char="F0FE"/>')
        add(document, "同意").runs[0]._r.append(symbol)  # noqa: SLF001  python-docx cannot insert symbols

    (finding,) = check_word(tmp_path, change)
    assert (finding.code, finding.detail) == ("face-outside", "插入的符号用了字体「Wingdings」")


def test_boxes_need_the_face_that_has_them(tmp_path: Path) -> None:
    (finding,) = check_word(tmp_path, lambda document: add(document, "□"))
    assert (finding.code, finding.place.excerpt) == ("symbol-face", "□")

    def with_words(document: Document) -> None:
        add(document, "").add_run("□同意", style="符号")

    (finding,) = check_word(tmp_path, with_words)
    assert finding.detail == "方框和文字在同一段格式里"

    def of_placeholder(document: Document) -> None:
        for run in document.element.body.iter(qn("w:r")):
            if "|tick" in "".join(node.text or "" for node in run.iter(qn("w:t"))):
                run.rPr.remove(run.rPr.rStyle)

    findings = check_word(tmp_path, of_placeholder, APPLICATION)
    assert set(codes(findings)) == {"symbol-face"}
    assert all("|tick" in finding.place.excerpt for finding in findings)


def test_styles_outside_the_house(tmp_path: Path) -> None:
    def change(document: Document) -> None:
        document.styles.add_style("我的样式", 1)
        document.add_paragraph("说明", style="我的样式")
        document.add_paragraph("说明", style="我的样式")

    (finding,) = check_word(tmp_path, change)
    assert told(finding) == ("style-outside", "正文，第 8 段「说明」")
    assert finding.detail == "段落样式「我的样式」不是本系统的样式（共 2 处）"
    assert "表格字" in finding.remedy


def test_styles_are_told_by_name_because_word_renumbers_them(tmp_path: Path) -> None:
    def change(document: Document) -> None:
        document.styles["表尾行"].element.set(qn("w:styleId"), "af3")
        for mark in document.element.iter(qn("w:pStyle")):
            if mark.get(qn("w:val")) == "表尾行":
                mark.set(qn("w:val"), "af3")

    assert check_word(tmp_path, change) == ()
