"""Content controls of rendered and blank documents: what Word shows, what LibreOffice leaves whole."""

import copy
import io
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from extract import W, docx_text
from lxml import etree

from docgen import service
from docgen.forms.catalogue import all_forms, get_form
from docgen.forms.form import Form, Kind
from docgen.forms.shape import leaves

APPLICATION = get_form("caq-2026/application")
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"


def tree(data: bytes) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return etree.fromstring(package.read("word/document.xml"))


def controls(data: bytes, tag: str) -> list[etree._Element]:
    found = []
    for control in tree(data).iter(f"{W}sdt"):
        name = control.find(f"{W}sdtPr/{W}tag")
        if name is not None and name.get(f"{W}val") == tag:
            found.append(control)
    return found


def words(control: etree._Element) -> str:
    return "".join(node.text or "" for node in control.iter(f"{W}t"))


def test_an_empty_control_shows_a_placeholder_and_a_filled_one_does_not() -> None:
    (blank,) = controls(service.blank(APPLICATION, "docx").data, "org_name")
    (filled,) = controls(service.render(APPLICATION, service.sample(APPLICATION), "docx").data, "org_name")
    assert blank.find(f"{W}sdtPr/{W}showingPlcHdr") is not None
    assert words(blank).strip() == ""
    assert filled.find(f"{W}sdtPr/{W}showingPlcHdr") is None
    assert words(filled) == "云岭精密轴承制造有限公司"


@pytest.mark.parametrize(("option", "state", "sign"), [("国家级", "0", "□"), ("地方、行业级", "1", "☑")])
def test_a_tick_box_carries_its_state(option: str, state: str, sign: str) -> None:
    data = service.render(APPLICATION, service.sample(APPLICATION), "docx").data
    (box,) = controls(data, f"topics[1].recognition#{option}")
    checked = box.find(f"{W}sdtPr/{W14}checkbox/{W14}checked")
    assert checked is not None
    assert checked.get(f"{W14}val") == state
    assert words(box) == sign


def test_dates_are_picked_and_rows_repeat() -> None:
    (date,) = controls(service.blank(APPLICATION, "docx").data, "sealed_on")
    assert date.find(f"{W}sdtPr/{W}date") is not None
    opinion = get_form("caq-2026/recommendation-opinion")
    (section,) = controls(service.render(opinion, service.sample(opinion), "docx").data, "items")
    assert section.find(f"{W}sdtPr/{W15}repeatingSection") is not None
    assert len(list(section.iter(f"{W15}repeatingSectionItem"))) == 5


def test_zero_is_a_value() -> None:
    form = get_form("hunan-2026/team-achievement")
    data = {**service.sample(form), "complaints": 0}
    (control,) = controls(service.render(form, data, "docx").data, "complaints")
    assert words(control) == "0"


FILLED_IN = [
    form
    for form in all_forms().values()
    if form.kind in {Kind.APPLICATION, Kind.OPINION, Kind.REGISTRATION, Kind.REPORT, Kind.REVIEW, Kind.STATISTICS}
]
ONLY_WHEN_GIVEN = {"fee"}
"""Printed in a sentence that a blank form leaves out."""


@pytest.mark.parametrize("form", FILLED_IN, ids=lambda form: form.id)
def test_every_single_value_of_a_form_to_fill_in_has_its_control(form: Form) -> None:
    tags = {
        (node.get(f"{W}val") or "").split("#")[0] for node in tree(service.blank(form, "docx").data).iter(f"{W}tag")
    }
    single = {path for path, _ in leaves(form.printed) if "[]" not in path}
    assert single - tags - ONLY_WHEN_GIVEN == set()


def test_libreoffice_saves_the_lines_of_a_text_once(tmp_path: Path) -> None:
    data = copy.deepcopy(service.sample(APPLICATION))
    data["activity_summary"] = "第一行甲\n第二行乙\n\n第四行丁"
    (tmp_path / "a.docx").write_bytes(service.render(APPLICATION, data, "docx").data)
    subprocess.run(
        [
            *(shutil.which("soffice") or "soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"),
            *("--headless", "--norestore", "--convert-to", "docx", "--outdir", str(tmp_path / "out")),
            str(tmp_path / "a.docx"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
        env=dict(os.environ),
    )
    text = docx_text((tmp_path / "out" / "a.docx").read_bytes())
    assert [text.count(line) for line in ("第一行甲", "第二行乙", "第四行丁")] == [1, 1, 1]
