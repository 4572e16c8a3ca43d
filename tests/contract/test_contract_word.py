"""Word templates broken in one way each: the finding, and where it says that it is."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from template_files import (
    CERTIFICATE,
    OPINION,
    SUMMARY,
    add,
    cell_at,
    check_bytes,
    check_word,
    codes,
    member,
    repacked,
    replace,
    template,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from docx.document import Document

    from docgen.errors import TemplateFinding

CONTENT_TYPES = "[Content_Types].xml"
RELATIONS = "word/_rels/document.xml.rels"


def told(finding: TemplateFinding) -> tuple[str, str]:
    return finding.code, str(finding.place)


def test_a_copy_saved_by_another_program_still_passes(tmp_path: Path) -> None:
    assert check_word(tmp_path, lambda _: None) == ()


def test_placeholder_in_a_paragraph(tmp_path: Path) -> None:
    (finding,) = check_word(tmp_path, lambda document: replace(document, "电话：", "电话：{{ contact.fax }}"))
    assert told(finding) == ("unknown-placeholder", "正文，第 5 段「{{ contact.fax }}」")


def test_placeholder_in_a_cell(tmp_path: Path) -> None:
    def change(document: Document) -> None:
        replace(document, "{{ item.group_name }}", "{{ item.group_name }}{{ item.gruop_name }}")

    (finding,) = check_word(tmp_path, change)
    assert told(finding) == ("unknown-placeholder", "正文，第 1 个表格第 3 行第 3 格「{{ item.gruop_name }}」")
    assert finding.remedy == "是否指 group_name（小组名称）？"


def test_placeholder_in_a_cell_of_several_paragraphs(tmp_path: Path) -> None:
    def change(document: Document) -> None:
        cell_at(document, 2, 1).add_paragraph("{{ item.fax }}", style="表格密字")

    (finding,) = check_word(tmp_path, change)
    assert told(finding) == ("unknown-placeholder", "正文，第 1 个表格第 3 行第 2 格第 2 段「{{ item.fax }}」")


def test_placeholder_in_a_table_within_a_cell(tmp_path: Path) -> None:
    def change(document: Document) -> None:
        inner = cell_at(document, 2, 1).add_table(1, 2)
        inner.style = None
        inner.cell(0, 1).paragraphs[0].text = "{{ item.fax }}"
        inner.cell(0, 1).paragraphs[0].style = "表格密字"

    (finding,) = check_word(tmp_path, change)
    assert finding.place.spot == "第 1 个表格第 3 行第 2 格内第 1 个表格第 1 行第 2 格"


def test_placeholder_spread_over_runs(tmp_path: Path) -> None:
    def change(document: Document) -> None:
        paragraph = add(document, "{{ con")
        paragraph.add_run("tact")
        paragraph.add_run(".fax }}")

    (finding,) = check_word(tmp_path, change)
    assert (finding.code, finding.place.excerpt) == ("unknown-placeholder", "{{ contact.fax }}")


def test_the_same_wrong_name_twice_is_found_at_both_places(tmp_path: Path) -> None:
    findings = check_word(tmp_path, lambda document: (add(document, "{{ fax }}"), add(document, "x{{ fax }}")))
    assert [finding.place.spot for finding in findings] == ["第 8 段", "第 9 段"]


@pytest.mark.parametrize(
    ("part", "write"),
    [
        ("页眉", lambda document: document.sections[0].header.paragraphs[0].add_run("{{ recomender }}")),
        ("页脚", lambda document: document.sections[0].footer.add_paragraph("{{ recomender }}", style="页码")),
    ],
)
def test_placeholder_in_header_and_footer(tmp_path: Path, part: str, write: Callable[[Document], object]) -> None:
    (finding,) = check_word(tmp_path, write)
    assert (finding.code, finding.place.part) == ("unknown-placeholder", part)
    assert finding.remedy == "是否指 recommender（推荐省区市、行业质协）？"


def test_placeholder_in_the_document_properties(tmp_path: Path) -> None:
    def change(document: Document) -> None:
        document.core_properties.title = "{{ form.title }}{{ recomender }}"

    (finding,) = check_word(tmp_path, change)
    assert told(finding) == ("unknown-placeholder", "文档属性，标题「{{ recomender }}」")


def test_a_field_that_stands_only_in_the_properties_is_not_printed(tmp_path: Path) -> None:
    def change(document: Document) -> None:
        document.core_properties.subject = "{{ phone }}"
        replace(document, "{{ phone }}", "")

    (finding,) = check_word(tmp_path, change)
    assert (finding.code, finding.detail) == ("unused-field", "字段 phone（电话）没有印出")


def with_notes(kind: str, words: str) -> bytes:
    """Return the summary's template with a footnotes or endnotes part."""
    data = template(SUMMARY, "docx")
    run = f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>'
    notes = f'<w:{kind}s {nsdecls("w")}><w:{kind} w:id="2"><w:p>{run}</w:p></w:{kind}></w:{kind}s>'
    media = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}s+xml"
    relation = (
        f'<Relationship Id="rIdN" Target="{kind}s.xml" '
        f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}s"/></Relationships>'
    )
    override = f'<Override PartName="/word/{kind}s.xml" ContentType="{media}"/></Types>'
    return repacked(
        data,
        {
            f"word/{kind}s.xml": notes.encode(),
            RELATIONS: member(data, RELATIONS).replace(b"</Relationships>", relation.encode()),
            CONTENT_TYPES: member(data, CONTENT_TYPES).replace(b"</Types>", override.encode()),
        },
    )


def test_placeholder_in_a_footnote(tmp_path: Path) -> None:
    assert check_bytes(tmp_path, with_notes("footnote", "{{ phone }}"), SUMMARY) == ()
    (finding,) = check_bytes(tmp_path, with_notes("footnote", "{{ fone }}"), SUMMARY)
    assert told(finding) == ("unknown-placeholder", "脚注，第 1 段「{{ fone }}」")


def test_a_part_that_is_never_filled_holds_no_placeholder(tmp_path: Path) -> None:
    assert check_bytes(tmp_path, with_notes("endnote", "说明"), SUMMARY) == ()
    (finding,) = check_bytes(tmp_path, with_notes("endnote", "{{ phone }}"), SUMMARY)
    assert told(finding) == ("not-filled", "尾注，第 1 段「{{ phone }}」")


def test_an_unprinted_field_of_a_nested_loop(tmp_path: Path) -> None:
    findings = check_word(tmp_path, lambda document: replace(document, "item.opinion", "item.opinon"), OPINION)
    assert codes(findings) == ["unknown-placeholder", "unused-field"]
    assert "第 1 个表格第 3 行第 3 格" in findings[0].place.spot
    assert "items[].opinion（推荐意见）" in findings[1].detail


@pytest.mark.parametrize(
    ("words", "detail"),
    [
        ("{{ phone", "{{ 没有配对的括号"),
        ("phone }}", "}} 没有配对的括号"),
        ("{% if phone %", "{% 没有配对的括号"),
        ("{% if phone %}x", "if 没有对应的 endif"),
        ("{% endfor %}", "不认识的语句 endfor"),
        ("{{ phone day }}", "此处应为"),
        ("{{ phone| }}", "此处应为"),
        ("{{ 电话？ }}", "不认识的字符"),
        ("{{ " + "(" * 3_000 + "phone" + ")" * 3_000 + " }}", "嵌套太深"),
    ],
)
def test_broken_syntax(tmp_path: Path, words: str, detail: str) -> None:
    (finding,) = check_word(tmp_path, lambda document: add(document, words))
    assert finding.code == "jinja-syntax"
    assert detail in finding.detail
    assert finding.detail.isascii() is False
    assert finding.remedy


def test_broken_syntax_is_placed(tmp_path: Path) -> None:
    (finding,) = check_word(tmp_path, lambda document: (add(document, "{{ phone day }}"), add(document, "{{ phone }}")))
    assert str(finding.place) == "正文，第 8 段「{{ phone day }}」"


def test_many_open_braces_are_read_in_one_pass(tmp_path: Path) -> None:
    """So many of them would take hours if each looked for its end."""
    (finding,) = check_word(tmp_path, lambda document: add(document, "{{" * 300_000))
    assert finding.code == "jinja-syntax"


def test_more_placeholders_than_any_form_has(tmp_path: Path) -> None:
    findings = check_word(tmp_path, lambda document: add(document, "{{ phone }}" * 20_001))
    assert codes(findings) == ["too-large"]


@pytest.mark.parametrize("code", ["{{ range(9) }}", "{{ phone.__class__ }}", "{% set x = 1 %}", "{{ phone|safe }}"])
def test_code_in_word(tmp_path: Path, code: str) -> None:
    (finding,) = check_word(tmp_path, lambda document: add(document, code))
    assert (finding.code, finding.place.excerpt) == ("code-not-allowed", code)


@pytest.mark.parametrize("tag", ["{{r phone }}", "{{p phone }}", "{{tr phone }}"])
def test_tags_for_rich_text_would_lose_the_value(tmp_path: Path, tag: str) -> None:
    findings = check_word(tmp_path, lambda document: add(document, tag))
    assert "code-not-allowed" in codes(findings)


@pytest.mark.parametrize(
    ("words", "lost"),
    [("注：{%p if phone %}", "注："), ("{%p if phone %}（可不填）", "（可不填）")],
)
def test_words_that_docxtpl_drops_with_the_paragraph(tmp_path: Path, words: str, lost: str) -> None:
    findings = check_word(tmp_path, lambda document: (add(document, words), add(document, "{%p endif %}")))
    assert [told(finding) for finding in findings] == [("words-lost", f"正文，第 8 段「{lost}」")]


def test_words_that_docxtpl_drops_with_the_row(tmp_path: Path) -> None:
    def change(document: Document) -> None:
        cell_at(document, 1, 0).paragraphs[0].add_run("序号")

    (finding,) = check_word(tmp_path, change)
    assert told(finding) == ("words-lost", "正文，第 1 个表格第 2 行第 1 格「序号」")


@pytest.mark.parametrize("code", ["INCLUDEPICTURE http://example.org/x.png", "DDEAUTO c:\\x", "TIME"])
def test_fields_of_word_that_change_or_fetch(tmp_path: Path, code: str) -> None:
    def change(document: Document) -> None:
        field = parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="{code}"/>')
        add(document, "x")._p.append(field)  # noqa: SLF001  python-docx cannot insert fields

    (finding,) = check_word(tmp_path, change)
    assert finding.code == "field-not-allowed"


def test_a_picture_that_no_document_brings(tmp_path: Path) -> None:
    def change(document: Document) -> None:
        for picture in document.element.iter(qn("wp:docPr")):
            if picture.get("name") == "docgen:qr":
                picture.set("name", "docgen:seal")

    findings = check_word(tmp_path, change, CERTIFICATE)
    assert [(finding.code, finding.place.excerpt) for finding in findings] == [
        ("unknown-asset", "docgen:seal"),
        ("qr-missing", ""),
    ]
    assert findings[0].place.spot == "第 1 个表格第 3 行第 1 格内第 1 个表格第 1 行第 1 格"


def test_a_certificate_must_print_what_verifies_it(tmp_path: Path) -> None:
    findings = check_word(tmp_path, lambda document: replace(document, "{{ issue.code }}", ""), CERTIFICATE)
    assert [finding.detail for finding in findings] == ["字段 issue.code（查询码）没有印出"]


def test_more_findings_than_anyone_reads_are_cut(tmp_path: Path) -> None:
    findings = check_word(tmp_path, lambda document: [add(document, f"{{{{ fax_{n} }}}}") for n in range(250)])
    assert len(findings) == 201
    assert findings[-1].code == "more-findings"


def test_an_empty_document(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    docx.Document().save(buffer)
    assert {"page-setup", "unused-field"} <= set(codes(check_bytes(tmp_path, buffer.getvalue(), SUMMARY)))
