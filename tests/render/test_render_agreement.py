"""Word, PDF and Excel of one submission say the same: same labels, same values, same order."""

import re
import unicodedata
from pathlib import Path

import pytest
from extract import docx_text, pdf_pages, squeeze, xlsx_cells

from docgen import service
from docgen.forms.catalogue import all_forms, get_form
from docgen.forms.form import Form, Kind, Provenance

FORMS = list(all_forms().values())
NOTICES = Path(__file__).parents[2] / "notices"
both = pytest.mark.parametrize("filled", [True, False], ids=["sample", "blank"])
every_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)


def made(form: Form, fmt: str, *, filled: bool) -> bytes:
    return (service.render(form, service.sample(form), fmt) if filled else service.blank(form, fmt)).data


@every_form
@both
def test_word_and_pdf_agree(form: Form, *, filled: bool) -> None:
    assert squeeze(docx_text(made(form, "docx", filled=filled))) == squeeze(
        "".join(pdf_pages(made(form, "pdf", filled=filled)))
    )


@pytest.mark.parametrize("form", [form for form in FORMS if form.tabular], ids=lambda form: form.id)
def test_word_and_excel_agree(form: Form) -> None:
    word = squeeze(docx_text(made(form, "docx", filled=True)))
    assert squeeze("".join(xlsx_cells(made(form, "xlsx", filled=True)))) == word


@pytest.mark.parametrize("count", [6, 23], ids=["more than the slots", "several pages"])
def test_rows_beyond_the_slots_agree_and_the_header_row_is_repeated(count: int) -> None:
    form = get_form("caq-2026/recommendation-opinion")
    data = service.sample(form)
    data["items"] = [{**data["items"][0], "group_name": f"第{number}小组"} for number in range(count)]
    head = "序号组织/小组名称推荐意见（限300字）"
    first, *rest = map(squeeze, pdf_pages(service.render(form, data, "pdf").data))
    assert all(page.startswith(head) for page in rest if "小组" in page)
    word = squeeze(docx_text(service.render(form, data, "docx").data))
    assert first + "".join(page.removeprefix(head) for page in rest) == word


def plain(text: str) -> str:
    return unicodedata.normalize("NFKC", re.sub(r'<input type="checkbox"/>|[□☑_]', "", text)).translate(
        {ord(char): None for char in " \t\n\u3000-"}
    )


@pytest.mark.parametrize(
    "form",
    [form for form in FORMS if form.provenance is Provenance.EXACT and form.kind is not Kind.CERTIFICATE],
    ids=lambda form: form.id,
)
def test_every_printed_word_of_an_exact_form_stands_in_the_notice(form: Form) -> None:
    notice = plain((NOTICES / f"{form.notice_id}.txt").read_text(encoding="utf-8"))
    words = [line.strip() for line in docx_text(service.blank(form, "docx").data).splitlines() if line.strip()]
    strange = [line for line in words if plain(line) not in notice and not re.fullmatch(r"\d+", plain(line))]
    assert strange == []
