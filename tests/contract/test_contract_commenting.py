"""Findings as comments: at their places, readable by other programs, with what stood there before."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from typing import TYPE_CHECKING

import docx as python_docx
import pytest
from lxml import etree

from docgen import contract
from docgen.contract.commenting import commented
from docgen.contract.spots import W
from docgen.errors import Place, TemplateFinding
from docgen.forms.catalogue import get_form
from docgen.render import docx
from docgen.render.gate import RefusedFileError

if TYPE_CHECKING:
    from pathlib import Path

FORM = get_form("caq-2026/application")
SOFFICE = shutil.which("soffice") or "soffice"


def changed(*swaps: tuple[str, str], member: str = "word/document.xml") -> bytes:
    """Return the form's template with words swapped."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(docx.path(FORM.id).read_bytes())) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            text = source.read(name)
            if name == member:
                for before, after in swaps:
                    assert before.encode() in text, before
                    text = text.replace(before.encode(), after.encode(), 1)
            target.writestr(name, text)
    return buffer.getvalue()


def anchors(data: bytes) -> dict[str, str]:
    """Return the words of the paragraph at which each comment stands, by its number."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        root = etree.fromstring(package.read("word/document.xml"))
    starts = [(start, start.getparent()) for start in root.iter(f"{W}commentRangeStart")]
    return {
        str(start.get(f"{W}id")): "".join(text.text or "" for text in holder.iter(f"{W}t"))
        for start, holder in starts
        if holder is not None
    }


def test_each_finding_stands_at_its_place() -> None:
    data = changed(("{{ org_name }}", "{{ org_nmae }}"), ("{{ group_name }}", "{{ 小组 }}"))
    findings = contract.check_word(data, FORM)
    assert len(findings) > 1
    document = python_docx.Document(io.BytesIO(commented(data, findings)))
    told = {str(one.comment_id): one.text for one in document.comments}
    assert {one.author for one in document.comments} == {"docgen"}
    assert sorted(told.values()) == sorted(
        f"{one.detail}\n办法：{one.remedy}"
        if one.place.part == "正文" and one.place.spot
        else f"{one.place}：\n{one.detail}\n办法：{one.remedy}"
        for one in findings
    )
    at = anchors(commented(data, findings))
    assert {at[number] for number, text in told.items() if "org_nmae" in text} == {"{{ org_nmae }}"}
    assert {at[number] for number, text in told.items() if "小组" in text and "不是字段" in text} <= {"{{ 小组 }}"}


def test_a_finding_elsewhere_says_where_it_belongs() -> None:
    findings = (
        TemplateFinding("x", Place("页眉", "第 1 段", "甲"), "不对", "改正"),
        TemplateFinding("x", Place("正文"), "少了", "补上"),
        TemplateFinding("x", Place("正文", "第 999 段"), "没有这一段", "看看"),
    )
    document = python_docx.Document(io.BytesIO(commented(changed(), findings)))
    assert [one.text for one in document.comments] == [
        "页眉，第 1 段「甲」：\n不对\n办法：改正",
        "正文：\n少了\n办法：补上",
        "正文，第 999 段：\n没有这一段\n办法：看看",
    ]


def test_what_a_person_commented_stays() -> None:
    document = python_docx.Document(io.BytesIO(docx.path(FORM.id).read_bytes()))
    run = document.tables[0].rows[0].cells[0].paragraphs[0].runs[0]
    document.add_comment(run, text="请看这里", author="章启明", initials="章")
    buffer = io.BytesIO()
    document.save(buffer)
    made = commented(buffer.getvalue(), (TemplateFinding("x", Place("正文"), "少了", "补上"),))
    told = python_docx.Document(io.BytesIO(made)).comments
    assert [(one.author, one.text) for one in told] == [("章启明", "请看这里"), ("docgen", "正文：\n少了\n办法：补上")]
    assert len({one.comment_id for one in told}) == 2


def test_without_findings_the_words_stay_and_the_same_input_gives_the_same_bytes() -> None:
    data = changed()
    assert commented(data, ()) == commented(data, ())
    before, after = (python_docx.Document(io.BytesIO(one)) for one in (data, commented(data, ())))
    assert [one.text for one in before.paragraphs] == [one.text for one in after.paragraphs]


def test_what_is_no_word_file_gets_no_comments() -> None:
    with pytest.raises(RefusedFileError):
        commented(b"no file of Word", ())


def test_libreoffice_shows_the_comments(tmp_path: Path) -> None:
    data = changed(("{{ org_name }}", "{{ org_nmae }}"))
    (tmp_path / "commented.docx").write_bytes(commented(data, contract.check_word(data, FORM)))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        [SOFFICE, profile, "--headless", "--convert-to", "odt", "--outdir", tmp_path, tmp_path / "commented.docx"],
        check=True,
        capture_output=True,
        timeout=120,
    )
    with zipfile.ZipFile(tmp_path / "commented.odt") as package:
        text = package.read("content.xml").decode()
    assert "<dc:creator>docgen</dc:creator>" in text
    assert "org_nmae" in text
