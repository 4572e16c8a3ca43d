"""What a certificate looks like: ornaments of our own, a plain variant, marks, and the same sizes in PDF and Word."""

import io
import re
import zipfile

import pypdfium2
import pytest
import zxingcpp
from certificates import CERTIFICATES, ISSUE, made
from extract import docx_text, pdf_pages, squeeze
from lxml import etree
from PIL import Image, ImageChops

from docgen import paths, service
from docgen.forms.catalogue import get_form
from docgen.forms.form import Form
from docgen.layout import PAGES, PageKind, certificate_layout
from tools import draw_border

CIRCLE = get_form("caq-2026/certificate-group")
JOINT = get_form("qinghai-2026/certificate-group")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
WPS = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}"
BORDER = paths.TEMPLATES / "html" / "_house" / "border.svg"
DPI = 100
every_certificate = pytest.mark.parametrize("form", CERTIFICATES, ids=lambda form: form.id)
either_format = pytest.mark.parametrize("fmt", ["pdf", "docx"])


def picture(data: bytes) -> Image.Image:
    document = pypdfium2.PdfDocument(data)
    try:
        shown: Image.Image = document[0].render(scale=DPI / 72).to_pil().convert("RGB")
        return shown
    finally:
        document.close()


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def header(data: bytes) -> etree._Element:
    (found,) = [blob for name, blob in members(data).items() if re.fullmatch(r"word/header\d*\.xml", name)]
    return etree.fromstring(found)


def text(data: bytes, fmt: str) -> str:
    return squeeze(docx_text(data) if fmt == "docx" else "".join(pdf_pages(data)))


def pixels(mm: float) -> int:
    return round(mm * DPI / 25.4)


def ink_outside_the_text(image: Image.Image) -> int:
    """Count pixels that are not white between the paper's edge and the text area."""
    page = PAGES[PageKind.CERTIFICATE]
    left, top = pixels(page.left - 3), pixels(page.top - 1)
    right, bottom = pixels(page.width - page.right + 3), pixels(page.height - page.bottom + 1)
    outside = image.copy()
    outside.paste((255, 255, 255), (left, top, right, bottom))
    return sum(outside.convert("L").histogram()[:250])


def test_the_ornaments_are_what_the_tool_draws_and_stay_lean() -> None:
    drawn = BORDER.read_text(encoding="utf-8")
    assert drawn == draw_border.svg()
    assert len(drawn) < 20_000
    assert "<image" not in drawn
    assert drawn.count("<g ") == len(draw_border.layers())


@every_certificate
def test_word_has_the_same_ornaments_as_shapes_and_no_picture_but_the_code(form: Form) -> None:
    data = made(form, "docx")
    shapes = list(header(data).iter(f"{WPS}wsp"))
    wanted = etree.fromstring(draw_border.drawing())
    assert len(shapes) == len(draw_border.layers())
    for shape, drawn in zip(shapes, wanted.iter(f"{WPS}wsp"), strict=True):
        points = [[(one.get("x"), one.get("y")) for one in each.iter(f"{A}pt")] for each in (shape, drawn)]
        assert points[0] == points[1]
    assert len([name for name in members(data) if name.startswith("word/media/")]) == 1


@every_certificate
def test_the_plain_variant_has_no_ornament_and_its_words_stay_where_they_were(form: Form) -> None:
    framed, plain = (made(form, "pdf", border=border) for border in (True, False))
    assert ink_outside_the_text(picture(framed)) > 10_000
    assert ink_outside_the_text(picture(plain)) == 0
    assert positions(framed) == positions(plain)


def positions(data: bytes) -> list[tuple[float, ...]]:
    document = pypdfium2.PdfDocument(data)
    try:
        shown = document[0].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT])
        return [tuple(round(side, 2) for side in one.get_bounds()) for one in shown]
    finally:
        document.close()


@every_certificate
def test_the_plain_variant_in_word_leaves_the_shapes_out_and_the_words_alone(form: Form) -> None:
    framed, plain = (made(form, "docx", border=border) for border in (True, False))
    assert not list(header(plain).iter(f"{WPS}wsp"))
    assert members(framed)["word/document.xml"] == members(plain)["word/document.xml"]


@either_format
@pytest.mark.parametrize("mark", ["样张", "试用", ""])
def test_a_paper_that_is_no_certificate_carries_its_mark(fmt: str, mark: str) -> None:
    found = text(made(CIRCLE, fmt, mark=mark), fmt)
    assert found.endswith(mark)
    assert sum(found.count(word) for word in ("样张", "试用")) == (1 if mark else 0)


@either_format
def test_a_sample_says_so_until_it_is_issued(fmt: str) -> None:
    assert "样张" in text(service.render(CIRCLE, service.sample(CIRCLE), fmt).data, fmt)


@every_certificate
@either_format
def test_what_verifies_it_is_printed(form: Form, fmt: str) -> None:
    found = text(made(form, fmt), fmt)
    for words in (f"证书编号：{ISSUE['number']}", "扫码验证", ISSUE["code"], ISSUE["host"]):
        assert words in found


@either_format
def test_code_in_a_value_is_only_text(fmt: str) -> None:
    nasty = "{{ 7*7 }}{% x %}<script>alert(1)</script>&amp;"
    data = made(CIRCLE, fmt, {"org_name": nasty, "issuers": [nasty], "members": ["{{ 7*7 }}<b>"]})
    assert text(data, fmt).count(squeeze(nasty)) == 2
    assert "49" not in text(data, fmt)


@either_format
def test_changed_words_are_printed(fmt: str) -> None:
    change = {"recipient": "致{小组名称}：", "body": "{组织名称}的同志们辛苦了。", "closing": "谨此。"}
    found = text(made(CIRCLE, fmt, change), fmt)
    for words in ("致攀登者QC小组：", "云岭精密轴承制造有限公司的同志们辛苦了。", "谨此。"):
        assert words in found
    assert "特发此证" not in found


@pytest.mark.parametrize("dpi", [110, 150, 300])
@pytest.mark.parametrize("form", [CIRCLE, JOINT], ids=lambda form: form.id)
def test_the_code_on_the_framed_certificate_is_read(form: Form, dpi: int) -> None:
    document = pypdfium2.PdfDocument(made(form, "pdf"))
    (code,) = zxingcpp.read_barcodes(document[0].render(scale=dpi / 72).to_pil())
    document.close()
    assert code.text == ISSUE["url"]


@every_certificate
def test_the_code_stands_on_white_with_nothing_over_it(form: Form) -> None:
    """Without the ornaments its place looks the same to the last pixel."""
    box = certificate_layout(1).qr
    area = (pixels(box.left), pixels(box.top), pixels(box.right), pixels(box.bottom))
    framed, plain = (picture(made(form, "pdf", border=border)).crop(area) for border in (True, False))
    assert ImageChops.difference(framed, plain).getbbox() is None
    assert framed.getpixel((1, 1)) == (255, 255, 255)


def size_of(data: bytes, name: str) -> float:
    styles = etree.fromstring(members(data)["word/styles.xml"])
    style = next(
        one for one in styles.iter(f"{W}style") for found in one.iter(f"{W}name") if found.get(f"{W}val") == name
    )
    size = style.find(f"{W}rPr/{W}sz")
    assert size is not None
    return int(size.get(f"{W}val", "0")) / 2


@every_certificate
@pytest.mark.parametrize("length", [4, 60])
def test_word_and_pdf_take_the_same_size(form: Form, length: int) -> None:
    change = {"org_name": "云" * length, "issuers": ["京" * length, "津", "沪"]}
    pdf = pypdfium2.PdfDocument(made(form, "pdf", change))
    shown = pdf[0].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT])
    sizes = {round(one.get_font_size() * abs(one.get_matrix().a), 1) for one in shown}
    pdf.close()
    word = made(form, "docx", change)
    for style in ("证书抬头", "证书正文", "证书落款"):
        assert size_of(word, style) in sizes


@pytest.mark.parametrize("count", [1, 2, 3, 4])
@either_format
def test_one_to_four_issuers_in_their_order(count: int, fmt: str) -> None:
    issuers = [f"第{number}家协会" for number in "甲乙丙丁"[:count]]
    found = text(made(CIRCLE, fmt, {"issuers": issuers}), fmt)
    assert "".join(issuers) + "二〇二六年十二月二十日" in found
