"""Our compiled Word templates say what stock docxtpl makes of the same files and values, on every form."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from docxtpl import DocxTemplate
from extract import docx_text, squeeze

from docgen import service
from docgen.forms.catalogue import all_forms
from docgen.forms.form import Form, Wording
from docgen.render import docx, word_pictures
from docgen.render.environment import sandbox

if TYPE_CHECKING:
    from collections.abc import Mapping


def stock(form: Form, values: Mapping[str, Any]) -> bytes:
    """Return what docxtpl makes, as its manual says, but with our filters and with escaping."""
    environment = sandbox()
    environment.filters["picture"] = word_pictures.drawing
    template = DocxTemplate(str(docx.path(form.id)))
    facts = {"title": form.worded(form.title, Wording.VERBATIM), "annex": form.annex}
    template.render({**values, "form": facts}, environment, autoescape=True)
    target = io.BytesIO()
    template.save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    "form", [form for form in all_forms().values() if "docx" in form.formats], ids=lambda one: one.id
)
def test_word_says_what_stock_docxtpl_says(form: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Mapping[str, Any]] = []
    render = docx.render

    def heard(form: Form, values: Mapping[str, object], *rest: Any) -> tuple[bytes, str]:
        given.append(values)
        return render(form, values, *rest)

    monkeypatch.setattr(docx, "render", heard)
    ours = service.render(form, service.sample(form), "docx").data
    assert squeeze(docx_text(ours)) == squeeze(docx_text(stock(form, given[0])))
