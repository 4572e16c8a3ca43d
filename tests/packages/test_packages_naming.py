"""Names in a package are safe on every system, whatever a unit or a circle is called."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.forms import catalogue
from docgen.forms.form import Delivery
from docgen.packages import naming

QINGHAI = Delivery(folder="{unit}（{contact}）")
APPLICATION = catalogue.get_form("caq-2026/application")
CERTIFICATE = catalogue.get_form("caq-2026/certificate-group")
anything = st.text(st.characters(exclude_categories=()), max_size=300)


def assert_safe(name: str) -> None:
    assert len(name.encode()) <= 200
    assert unicodedata.normalize("NFC", name) == name
    assert not re.search(r'[/\\:*?"<>|]', name)
    assert all(unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} for char in name)
    assert name == name.strip(" ").rstrip(".")
    assert name not in {"", ".", ".."}


@given(unit=anything, contact=anything)
def test_a_folder_has_a_safe_name_whatever_it_is_made_of(unit: str, contact: str) -> None:
    assert_safe(naming.folder_name(QINGHAI, unit, contact, "qinghai-2026"))


@given(group=anything, number=st.integers(1, 500))
def test_a_file_has_a_safe_name_whatever_its_circle_is_called(group: str, number: int) -> None:
    for form in (APPLICATION, CERTIFICATE):
        assert_safe(naming.file_name(form, {"group_name": group}, number, 500, "docx"))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("青川市水务集团", "青川市水务集团"),
        ('甲/乙\\丙:丁*戊?己"庚<辛>壬|癸', "甲／乙＼丙：丁＊戊？己＂庚＜辛＞壬｜癸"),
        ("../../etc/passwd", "／..／etc／passwd"),
        ("\u202egpj.公司\u200b", "gpj.公司"),
        ("甲\r\n乙\0丙", "甲乙丙"),
        ("e\u0301", "é"),
        ("  公司. . ", "公司"),
        ("CON", "_CON"),
        ("nul.公司", "_nul.公司"),
        ("console", "console"),
        ("\ud800", ""),
    ],
)
def test_clean(text: str, name: str) -> None:
    assert naming.clean(text) == name


def test_a_long_name_is_cut_between_characters() -> None:
    assert naming.clean("字" * 100) == "字" * 66


def test_the_folder_is_named_as_the_notice_says() -> None:
    assert naming.folder_name(QINGHAI, "雪域盐化公司", "白露 0999-1234567", "x") == "雪域盐化公司（白露 0999-1234567）"
    assert naming.folder_name(QINGHAI, "雪域盐化公司", "", "x") == "雪域盐化公司"
    assert naming.folder_name(QINGHAI, "", "", "qinghai-2026") == "qinghai-2026"


def test_a_long_unit_is_cut_and_the_contact_never() -> None:
    name = naming.folder_name(QINGHAI, "盐" * 60, "白露 0999-1234567", "x")
    assert name.endswith("盐（白露 0999-1234567）")
    assert 197 < len(name.encode()) <= 200


def test_files_are_numbered_by_annex() -> None:
    circle = {"group_name": "清源/QC小组"}
    assert naming.file_name(APPLICATION, circle, 1, 1, "docx") == "附件2 全国优秀质量管理小组申报表.docx"
    assert (
        naming.file_name(APPLICATION, circle, 3, 12, "pdf") == "附件2-03 全国优秀质量管理小组申报表（清源／QC小组）.pdf"
    )
    assert naming.file_name(APPLICATION, circle, 3, 120, "pdf").startswith("附件2-003 ")
    assert naming.file_name(CERTIFICATE, {}, 2, 2, "pdf") == "全国优秀质量管理小组荣誉证书-02.pdf"


@pytest.mark.parametrize("notice", catalogue.all_notices().values(), ids=lambda notice: notice.id)
def test_no_two_forms_of_a_notice_give_the_same_name(notice: object) -> None:
    forms = [form for form in catalogue.all_forms().values() if form.notice_id == getattr(notice, "id", "")]
    names = [naming.file_name(form, {}, 1, 1, "docx").casefold() for form in forms]
    assert len(set(names)) == len(names)
