"""Real Office programs open what we make: LibreOffice shows the same words on the expected number of pages."""

import copy
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from certificates import made
from extract import docx_text, pdf_pages, squeeze, xlsx_cells

from docgen import service
from docgen.fields import count_words
from docgen.forms.catalogue import all_forms, get_form
from docgen.forms.form import Form, Kind

SOFFICE = shutil.which("soffice") or "soffice"
TWO_PAGES = {
    *("qinggong-2025/manager-application", "qinggong-2025/recommendation-letter"),
    "shanxi-2025/achievement-report",
}
"""Forms that are longer by their own grid: four long texts, a list on a page of its own, eight steps."""
SENTENCE = "小组围绕生产现场的突出问题开展活动，坚持用数据说话，"


_LONG = {
    "org_name": "云岭精密轴承与高端装备制造联合集团股份有限公司第三事业部武陵山片区生产基地设备保障中心（2026）",
    "group_name": "勇攀质量高峰永不止步QC小组",
    "members": ["买买提艾力·阿卜杜热合曼", "Alexander Konstantinopolsky", "欧阳若溪", *"甲乙丙丁戊己庚"],
}
BRIM: dict[str, tuple[str, dict[str, Any]]] = {
    "one issuer": (
        "caq-2026/certificate-group",
        _LONG | {"issuers": ["中国机械工业质量管理与可靠性提升联合促进会华中工作委员会"]},
    ),
    "two issuers": ("qinggong-2025/certificate-group", _LONG),
    "four issuers": ("qinghai-2026/certificate-group", _LONG),
    "long topic": ("shanxi-2025/certificate-group", _LONG | {"topic_name": ("降低KUKA机器人焊缝返修率并" * 6)[:80]}),
}
"""Certificates that say much."""


def long_application() -> dict[str, Any]:
    """Return an application whose summary has exactly 3,000 字 in thirty paragraphs."""
    data = copy.deepcopy(service.sample(get_form("caq-2026/application")))
    line = (SENTENCE * 4)[:100]
    data["activity_summary"] = "\n".join([line] * 30)
    assert count_words(data["activity_summary"]) == 3000
    return data


def many_rows(form_id: str, count: int) -> dict[str, Any]:
    data = copy.deepcopy(service.sample(get_form(form_id)))
    data["items"] = [{**data["items"][number % 3], "group_name": f"第{number + 1}号小组"} for number in range(count)]
    return data


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[bytes, bytes]]:
    """Convert all documents with one start of LibreOffice: name -> (our document, LibreOffice's PDF)."""
    folder = tmp_path_factory.mktemp("office")
    ours: dict[str, bytes] = {}
    for form in all_forms().values():
        name = form.id.replace("/", " ")
        for fmt in set(form.formats) & {"docx", "xlsx"}:
            ours[f"{name} {fmt}.{fmt}"] = service.render(form, service.sample(form), fmt).data
        ours[f"{name} blank.docx"] = service.blank(form, "docx").data
    application = get_form("caq-2026/application")
    ours["long.docx"] = service.render(application, long_application(), "docx").data
    for form_id in ("caq-2026/summary", "caq-2026/recommendation-opinion"):
        rows = many_rows(form_id, 200)
        ours[f"rows {form_id.split('/')[1]}.docx"] = service.render(get_form(form_id), rows, "docx").data
    for name, (form_id, change) in BRIM.items():
        ours[f"{name}.docx"] = made(get_form(form_id), "docx", change)
    for name, document in ours.items():
        (folder / name).write_bytes(document)
    subprocess.run(
        [
            SOFFICE, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore",
            "--convert-to", "pdf", "--outdir", str(folder / "out"), *(str(folder / name) for name in ours),
        ],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    return {
        name: (data, (folder / "out" / Path(name).with_suffix(".pdf").name).read_bytes()) for name, data in ours.items()
    }


def words(data: bytes, name: str) -> str:
    return "".join(xlsx_cells(data)) if name.endswith("xlsx") else docx_text(data).removesuffix("样张")


def test_libreoffice_shows_every_word_in_order(converted: dict[str, tuple[bytes, bytes]]) -> None:
    for name, (ours, shown) in converted.items():
        if name.startswith("rows"):
            continue
        read, wanted = squeeze("".join(pdf_pages(shown))), squeeze(words(ours, name))
        if name.endswith("xlsx"):  # LibreOffice draws a sheet font by font, not cell by cell
            assert sorted(read.replace("—1—", "")) == sorted(wanted), name
        else:
            assert read == wanted, name


@pytest.mark.parametrize(
    "form", [form for form in all_forms().values() if form.kind is not Kind.REQUIREMENTS], ids=lambda form: form.id
)
def test_a_blank_form_fits_one_page_in_word_and_pdf(form: Form, converted: dict[str, tuple[bytes, bytes]]) -> None:
    pages = 2 if form.id in TWO_PAGES else 1
    assert len(pdf_pages(converted[f"{form.id.replace('/', ' ')} blank.docx"][1])) == pages
    assert len(pdf_pages(service.blank(form, "pdf").data)) == pages


def test_three_thousand_words_run_over_pages_in_word_and_pdf(converted: dict[str, tuple[bytes, bytes]]) -> None:
    form = get_form("caq-2026/application")
    own = pdf_pages(service.render(form, long_application(), "pdf").data)
    for pages in (own, pdf_pages(converted["long.docx"][1])):
        assert len(pages) in {3, 4}
        assert squeeze("".join(pages)).count(SENTENCE[:10]) == 30 * 4
        assert pages[0].count(SENTENCE[:10]) > 0, "the text starts below the grid, not on a page of its own"


@pytest.mark.parametrize("stem", ["summary", "recommendation-opinion"])
def test_two_hundred_rows_repeat_the_header_row_on_every_page(
    stem: str, converted: dict[str, tuple[bytes, bytes]]
) -> None:
    form = get_form(f"caq-2026/{stem}")
    own = pdf_pages(service.render(form, many_rows(form.id, 200), "pdf").data)
    for pages in (own, pdf_pages(converted[f"rows {stem}.docx"][1])):
        squeezed = [squeeze(page) for page in pages]
        assert all("序号组织" in page for page in squeezed if "小组" in page.replace("推荐单位", ""))
        assert [f"第{number + 1}号小组" in "".join(squeezed) for number in range(200)] == [True] * 200


def test_a_certificate_is_one_page_in_word_however_much_it_says(converted: dict[str, tuple[bytes, bytes]]) -> None:
    certificates = [
        form.id.replace("/", " ") + " docx" for form in all_forms().values() if form.kind is Kind.CERTIFICATE
    ]
    for name in (*certificates, *BRIM):
        assert len(pdf_pages(converted[f"{name}.docx"][1])) == 1, name
