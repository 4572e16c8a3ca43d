"""Goldens that a person can read: renew with ``pytest --golden-update`` and look at the diff.

They pin the faces shipped in ``fonts/``; other faces make other line breaks.
"""

import io
from collections.abc import Callable

import describe
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageFilter, ImageStat

from docgen import service
from docgen.forms.catalogue import all_forms
from docgen.forms.form import Form, Kind

FORMS = list(all_forms().values())
Golden = Callable[[str, bytes], bytes]
DESCRIBE = {"docx": describe.docx, "pdf": describe.pdf, "xlsx": describe.xlsx}
TEXTS = [pytest.param(form, fmt, id=f"{form.id}.{fmt}") for form in FORMS for fmt in form.formats if fmt in DESCRIBE]


@pytest.mark.parametrize(("form", "fmt"), TEXTS)
def test_text_golden(form: Form, fmt: str, golden: Golden) -> None:
    got = DESCRIBE[fmt](service.render(form, service.sample(form), fmt).data)
    assert got == golden(f"{form.id}.{fmt}.txt", got.encode()).decode()


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_picture_golden(form: Form, golden: Golden) -> None:
    data = service.render(form, service.sample(form), "pdf").data
    for page in range(len(pypdfium2.PdfDocument(data))):
        got = describe.picture(data, page, dpi=33 if form.kind is Kind.CERTIFICATE else 42)  # ornaments weigh more
        buffer = io.BytesIO()
        got.quantize(16).save(buffer, "PNG", optimize=True)
        stored = golden(f"{form.id}.{page + 1}.png", buffer.getvalue())
        assert len(stored) <= 20 * 1024, "a golden picture stays small"
        wanted = Image.open(io.BytesIO(stored)).convert("L")
        assert got.size == wanted.size
        # Another build of Pango or FreeType moves a glyph by a fraction of a pixel; a missing rule or word is far more.
        blur = ImageFilter.GaussianBlur(1)
        difference = ImageChops.difference(got.filter(blur), wanted.filter(blur))
        assert ImageStat.Stat(difference).extrema[0][1] < 70
        assert ImageStat.Stat(difference).mean[0] < 1.5
