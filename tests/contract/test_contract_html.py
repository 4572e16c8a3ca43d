"""HTML templates broken in one way each, and what they may take from the house."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from template_files import APPLICATION, CERTIFICATE, SUMMARY, check_bytes, check_html, codes, template

from docgen import paths
from docgen.contract import check_file

if TYPE_CHECKING:
    from pathlib import Path

    from docgen.errors import TemplateFinding

PHONE = "<p>电话：{{ phone }}</p>"
IMPORT = '{% import "_house/blocks.html" as house %}'
EXTENDS = '{% extends "_house/base.html" %}'


def beside_phone(folder: Path, markup: str) -> tuple[TemplateFinding, ...]:
    """Check the summary's template with markup behind the phone."""
    return check_html(folder, PHONE, f"{PHONE}\n{markup}")


def line_of(words: str) -> int:
    return template(SUMMARY, "html").decode().split(words)[0].count("\n") + 1


def test_placeholder_with_its_line(tmp_path: Path) -> None:
    (finding,) = beside_phone(tmp_path, "{% if phone %}{% else %}{{ fone }}{% endif %}")
    assert (finding.code, str(finding.place)) == ("unknown-placeholder", f"正文，第 {line_of(PHONE) + 1} 行「fone」")
    assert finding.remedy == "是否指 phone（电话）？"


def test_a_wrong_value_handed_to_a_macro_is_found_where_it_is_handed_over(tmp_path: Path) -> None:
    (finding,) = beside_phone(tmp_path, '{{ house.seal("盖章", phone) }}')
    assert (finding.code, finding.place.spot) == ("wrong-filter", f"第 {line_of(PHONE) + 1} 行")
    assert finding.place.excerpt == 'house.seal("盖章", phone)'
    assert finding.detail == "phone（电话）是单行文字，不能用 |day（经 _house/blocks.html 的宏 seal）"


def test_an_option_handed_to_a_macro(tmp_path: Path) -> None:
    findings = check_html(
        tmp_path, 'house.box(topic.recognition, "国家级")', 'house.box(topic.recognition, "省级")', APPLICATION
    )
    assert codes(findings) == ["unknown-option", "unused-field"]
    assert "国家级" in findings[1].detail


@pytest.mark.parametrize(
    ("markup", "code"),
    [
        ('{{ house.sael("盖章", date) }}', "unknown-macro"),
        ("{{ house.seal(date) }}", "wrong-call"),
        ('{{ house.seal("盖章", date, phone) }}', "wrong-call"),
        ('{{ house.seal("盖章", day=date) }}', "wrong-call"),
        ("{{ house }}", "not-printable"),
        ("{{ house.seal }}", "not-printable"),
        ("{{ range(9) }}", "code-not-allowed"),
        ("{{ phone.upper() }}", "code-not-allowed"),
        ("{{ self.body() }}", "code-not-allowed"),
        ("{% macro m() %}x{% endmacro %}", "code-not-allowed"),
        ("{% call house.text(phone) %}x{% endcall %}", "code-not-allowed"),
        ('{% include "caq-2026/application.html" %}', "code-not-allowed"),
        ('{% include "_house/../caq-2026/application.html" %}', "code-not-allowed"),
        ("{% include phone %}", "code-not-allowed"),
        ('{% include "_house/nothing.html" %}', "unknown-file"),
        ('{% import "_house/blocks.html" as other %}', "code-not-allowed"),
    ],
)
def test_what_is_taken_from_the_house(tmp_path: Path, markup: str, code: str) -> None:
    assert codes(beside_phone(tmp_path, markup)) == [code]


def test_a_macro_can_be_called_with_names(tmp_path: Path) -> None:
    assert beside_phone(tmp_path, '{{ house.seal("盖章", date=date) }}') == ()


def test_a_macro_imported_by_name(tmp_path: Path) -> None:
    old = f"{IMPORT}\n"
    assert check_html(tmp_path, old, f'{old}{{% from "_house/blocks.html" import box as tickbox %}}\n') == ()
    (finding,) = check_html(tmp_path, old, f'{old}{{% from "_house/blocks.html" import bocks %}}\n')
    assert finding.code == "unknown-macro"


@pytest.mark.parametrize("words", ["注：此处不印", "{{ phone }}", "{% if phone %}x{% endif %}"])
def test_what_stands_outside_the_blocks_is_never_printed(tmp_path: Path, words: str) -> None:
    (finding,) = check_html(tmp_path, IMPORT, f"{IMPORT}\n{words}")
    assert finding.code == "outside-block"


def test_a_block_that_the_page_does_not_print(tmp_path: Path) -> None:
    findings = check_html(tmp_path, "{% block body %}", "{% block bodi %}{{ fone }}")
    assert codes(findings)[:2] == ["unknown-block", "unknown-placeholder"]
    assert set(codes(findings)[2:]) == {"unused-field"}


def test_super_prints_the_block_of_the_page(tmp_path: Path) -> None:
    title = "{% block title %}{{ super() }}<p>{{ fone }}</p>{% endblock %}\n{% block body %}"
    assert codes(check_html(tmp_path, "{% block body %}", title)) == ["unknown-placeholder"]


def test_a_form_that_lacks_what_the_page_of_the_house_prints(tmp_path: Path) -> None:
    """The certificate's page names issuers, issue and the date: an annex without them cannot extend it."""
    findings = check_html(tmp_path, EXTENDS, '{% extends "_house/certificate.html" %}')
    assert {"unknown-placeholder"} == set(codes(findings))
    assert {finding.place.part for finding in findings} == {"_house/certificate.html"}


def test_a_page_that_is_not_there(tmp_path: Path) -> None:
    findings = check_html(tmp_path, EXTENDS, '{% extends "_house/bass.html" %}')
    assert codes(findings) == ["unknown-file"]


def test_an_own_house_wins(tmp_path: Path) -> None:
    """A template in an association's folder is checked with the house beside it."""
    folder = tmp_path / "html" / "caq-2026"
    folder.mkdir(parents=True)
    (folder / "summary.html").write_bytes(template(SUMMARY, "html"))
    house = tmp_path / "html" / "_house"
    house.mkdir()
    (house / "blocks.html").write_text(
        "{% macro header_line(label, value) %}{{ valeu }}{% endmacro %}", encoding="utf-8"
    )
    findings = check_file(folder / "summary.html")
    assert codes(findings) == ["unknown-placeholder", "unused-field"]
    assert "经 _house/blocks.html 的宏 header_line" in findings[0].detail


def test_macros_that_call_each_other_without_end(tmp_path: Path) -> None:
    folder = tmp_path / "html" / "caq-2026"
    folder.mkdir(parents=True)
    (folder / "summary.html").write_bytes(template(SUMMARY, "html"))
    house = tmp_path / "html" / "_house"
    house.mkdir()
    loop = "{% macro header_line(label, value) %}{{ header_line(label, value) }}{% endmacro %}"
    (house / "blocks.html").write_text(loop, encoding="utf-8")
    assert "没有尽头" in check_file(folder / "summary.html")[0].detail


@pytest.mark.parametrize(
    ("markup", "code"),
    [
        ('<p style="color: red">x</p>', "markup-not-allowed"),
        ("<style>p { color: red }</style>", "markup-not-allowed"),
        ("<script>x()</script>", "markup-not-allowed"),
        ('<p onclick="x()">x</p>', "markup-not-allowed"),
        ('<font face="Arial">x</font>', "markup-not-allowed"),
        ('<iframe src="docgen-asset:qr"></iframe>', "markup-not-allowed"),
        ('<meta http-equiv="refresh" content="0">', "markup-not-allowed"),
        ('<img src="http://example.org/x.png">', "outside-link"),
        ('<img src="//example.org/x.png">', "outside-link"),
        ('<img src="file:///etc/passwd">', "outside-link"),
        ('<img src="data:image/png;base64,xx">', "outside-link"),
        ('<img src="../x.png">', "outside-link"),
        ('<a href="{{ phone }}">x</a>', "outside-link"),
        ('<img src="docgen-asset:seal">', "outside-link"),
        ('<p title="http://example.org/">x</p>', "outside-link"),
        ("<p {{ phone }}>x</p>", "markup-not-allowed"),
        ("<p title={{ phone }}>x</p>", "markup-not-allowed"),
    ],
)
def test_markup_that_is_not_the_houses(tmp_path: Path, markup: str, code: str) -> None:
    findings = beside_phone(tmp_path, markup)
    assert set(codes(findings)) == {code}
    assert findings[0].place.spot == f"第 {line_of(PHONE) + 1} 行"


def test_the_pictures_of_a_document_are_allowed(tmp_path: Path) -> None:
    assert beside_phone(tmp_path, '<img src="docgen-asset:qr" alt="验证二维码">') == ()


def test_plain_markup_is_allowed(tmp_path: Path) -> None:
    assert beside_phone(tmp_path, '<p title="{{ phone }}" {% if phone %}class="para"{% endif %}>x</p>') == ()
    assert beside_phone(tmp_path, "<p>网址：http://www.example.org/</p>") == ()


@pytest.mark.parametrize(
    ("data", "code", "spot"),
    [
        ("电话".encode("gb18030"), "damaged", "第 2 行"),
        (b"{{ phone", "jinja-syntax", "第 2 行"),
        (b"{{ phone day }}", "jinja-syntax", "第 2 行"),
        (b"{% if phone %}", "jinja-syntax", "第 2 行"),
        (b"{{ " + b"(" * 3_000 + b"1" + b")" * 3_000 + b" }}", "jinja-syntax", "第 1 行"),
    ],
)
def test_broken_files(tmp_path: Path, data: bytes, code: str, spot: str) -> None:
    (finding,) = check_bytes(tmp_path, b"<p>\n" + data, CERTIFICATE, "html")
    assert (finding.code, finding.place.spot) == (code, spot)
    assert finding.remedy


def test_a_template_of_its_own_page_is_checked_whole(tmp_path: Path) -> None:
    page = (
        "<p>{{ recipient }}{{ body }}{{ closing }}{{ members|names }}</p>"
        "<p>{{ issuers|names }}{{ issued_on|numerals }}{{ fone }}</p>"
        "<p>{{ issue.mark }}{{ issue.number }}{{ issue.code }}{{ issue.host }}</p>"
    )
    assert codes(check_bytes(tmp_path, page.encode(), CERTIFICATE, "html")) == ["unknown-placeholder"]


def test_the_house_of_the_product_stands_behind_a_lone_file(tmp_path: Path) -> None:
    assert (paths.TEMPLATES / "html" / "_house").is_dir()
    assert check_bytes(tmp_path, template(SUMMARY, "html"), SUMMARY, "html") == ()
