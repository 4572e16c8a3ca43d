"""Pictures of a submission in Word and PDF: made anew, upright, whole, inside their column, beside their captions."""

import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx as python_docx
import pypdfium2
import pytest
from extract import docx_text, pdf_pages, squeeze
from lxml import etree
from picture_form import FORM, file, install, photo, picture, submission, word_template
from PIL import Image, ImageCms, PngImagePlugin

from docgen import service
from docgen.contract.checking import _of_file
from docgen.layout import PAGES, PICTURE_HEIGHT, PICTURE_WIDTH, PageKind
from docgen.render import docx, gate, html
from docgen.render.pictures import Album
from docgen.settings import settings

SOFFICE = shutil.which("soffice") or "soffice"
SECRET = b"GPS-39.9042N-116.4074E"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
EMU = 36_000
RED, GREEN, BLUE, GREY = (200, 30, 30), (30, 160, 30), (30, 30, 200), (90, 90, 90)


def _forget() -> None:
    for function in (settings, docx._compile, html._environment, html._template, html.version):  # noqa: SLF001  the caches are private
        function.cache_clear()


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("templates")
    install(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOCGEN_TEMPLATES_DIR", str(folder))
        _forget()
        yield folder
    _forget()


def hung(data: bytes) -> tuple[dict[str, Any], str, Image.Image]:
    """Return what stands for a picture in a template, and what is printed of it."""
    album = Album()
    shown = album.hang(picture(data)["data"])
    ((name, (media_type, made)),) = album.assets.items()
    assert shown["asset"] == name
    image = Image.open(io.BytesIO(made))
    assert image.get_format_mimetype() == media_type
    return shown, media_type, image


def corners(image: Image.Image) -> list[tuple[int, ...]]:
    across, down = image.size
    inset = min(image.size) // 8
    places = ((inset, inset), (across - inset, inset), (inset, down - inset), (across - inset, down - inset))
    return [image.convert("RGB").getpixel(place) for place in places]  # type: ignore[misc]  # RGB gives tuples


def near(found: Any, wanted: tuple[int, ...], by: int = 6) -> bool:
    return all(abs(one - other) <= by for one, other in zip(found, wanted, strict=True))


def looks_right(image: Image.Image, by: int = 6) -> bool:
    return all(near(one, other, by) for one, other in zip(corners(image), (RED, GREEN, BLUE, GREY), strict=True))


@pytest.mark.parametrize(
    ("size", "paper"),
    [
        ((4000, 3000), (140, 105)),
        ((3000, 4000), (78.75, 105)),
        ((6000, 1000), (150, 25)),
        ((960, 96), (150, 15)),
        ((192, 96), (50.8, 25.4)),
        ((40, 8000), (0.53, 105)),
    ],
)
def test_a_picture_is_as_large_as_it_can_be_read_and_never_blown_up(
    size: tuple[int, int], paper: tuple[float, float]
) -> None:
    shown, _, image = hung(file(photo(size)))
    assert (shown["width"], shown["height"]) == pytest.approx(paper, abs=0.01)
    assert shown["width"] <= PICTURE_WIDTH
    assert shown["height"] <= PICTURE_HEIGHT
    assert image.width <= min(size[0], round(paper[0] / 25.4 * 200))
    assert image.height <= min(size[1], round(paper[1] / 25.4 * 200))
    assert min(image.size) >= min(*size, 4), "no more than print shows, and no less"


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_pictures_stand_upright(orientation: int, kind: str) -> None:
    turns = [
        None, Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.ROTATE_180, Image.Transpose.FLIP_TOP_BOTTOM,
        Image.Transpose.TRANSPOSE, Image.Transpose.ROTATE_90, Image.Transpose.TRANSVERSE, Image.Transpose.ROTATE_270,
    ]  # fmt: skip
    turn = turns[orientation - 1]
    lying = photo((3200, 1600)) if turn is None else photo((3200, 1600)).transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation
    shown, _, image = hung(file(lying, kind, exif=exif))
    assert looks_right(image)
    assert (shown["width"], shown["height"]) == (150, 75)
    assert image.size == (1181, 591)


@pytest.mark.parametrize("mode", ["RGB", "CMYK"])
def test_colours_of_a_jpeg_survive(mode: str) -> None:
    _, media_type, image = hung(file(photo(mode=mode), quality=95))
    assert media_type == "image/jpeg"
    assert image.mode == "RGB"
    assert looks_right(image)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_colours_of_a_png_survive(mode: str) -> None:
    drawn = photo().quantize() if mode == "P" else photo(mode=mode)
    _, media_type, image = hung(file(drawn, "PNG"))
    assert media_type == "image/png"
    assert looks_right(image, 6 if mode == "P" else 0)


@pytest.mark.parametrize(("level", "shown"), [(0, 0), (32_896, 128), (65_535, 255)])
@pytest.mark.parametrize("extra", [{}, {"transparency": 7}])
def test_16_bits_become_8_and_are_not_cut(level: int, shown: int, extra: dict[str, int]) -> None:
    _, _, image = hung(file(Image.new("I;16", (64, 48), level), "PNG", **extra))
    assert image.convert("L").getpixel((30, 20)) == shown


def test_one_bit_and_grey_stay_grey() -> None:
    for mode in ("1", "L"):
        _, _, image = hung(file(photo(mode=mode), "PNG"))
        assert image.mode == "L"


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA"])
def test_what_is_transparent_becomes_white(mode: str) -> None:
    drawn = Image.new("RGBA", (600, 400), (255, 0, 0, 0))
    drawn.paste((0, 0, 0, 255), (0, 0, 300, 400))
    data = file(drawn.convert("P") if mode == "PA" else drawn.convert(mode), "PNG")
    _, _, image = hung(data)
    assert image.mode == "RGB"
    assert image.getpixel((500, 200)) == (255, 255, 255)
    assert image.getpixel((100, 200)) == (0, 0, 0)


def test_a_transparent_colour_of_a_palette_becomes_white() -> None:
    drawn = Image.new("P", (64, 48), 1)
    drawn.putpalette([0, 0, 0, 200, 0, 0])
    drawn.paste(0, (0, 0, 20, 48))
    _, _, image = hung(file(drawn, "PNG", transparency=1))
    assert near(image.convert("RGB").getpixel((50, 20)), (255, 255, 255), 0)


def test_a_photograph_that_came_as_png_becomes_a_jpeg() -> None:
    noise = Image.merge("RGB", [Image.effect_noise((1400, 1000), 90) for _ in range(3)])
    assert hung(file(noise, "PNG"))[1] == "image/jpeg"


def test_nothing_survives_but_pixels(templates: Path) -> None:
    del templates
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    exif.get_ifd(0x8825)[29] = SECRET.decode()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", SECRET.decode())
    words.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    jpeg = file(photo(), exif=exif, icc_profile=profile, comment=SECRET, xmp=SECRET) + SECRET
    png = file(photo(), "PNG", exif=exif, icc_profile=profile, pnginfo=words) + SECRET
    for data in (jpeg, png):
        assert data.count(SECRET) >= 3
        album = Album()
        album.hang(picture(data)["data"])
        ((_, made),) = album.assets.values()
        for remnant in (SECRET, b"Exif", b"eXIf", b"iCCP", b"ICC_PROFILE", b"tEXt", b"http"):
            assert remnant not in made
    sent = submission(jpeg, png)
    with zipfile.ZipFile(io.BytesIO(service.render(FORM, sent, "docx").data)) as package:
        assert not [name for name in package.namelist() if SECRET in package.read(name)]
    assert SECRET not in service.render(FORM, sent, "pdf").data


@pytest.mark.parametrize("fmt", ["docx", "pdf", "png"])
@pytest.mark.usefixtures("templates")
def test_the_same_pictures_give_the_same_bytes(fmt: str) -> None:
    sent = submission(file(photo()), file(photo((300, 200)), "PNG"))
    assert service.render(FORM, sent, fmt).data == service.render(FORM, sent, fmt).data


def drawings(data: bytes) -> list[tuple[etree._Element, bytes]]:
    """Return each drawing of a Word document with the file that it shows."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        tree = etree.fromstring(package.read("word/document.xml"))
        relations = etree.fromstring(package.read("word/_rels/document.xml.rels"))
        targets = {one.get("Id"): one.get("Target") for one in relations}
        assert len(targets) == len(relations), "no relationship twice"
        found = []
        for inline in tree.iter(f"{WP}inline"):
            blip = next(inline.iter(f"{A}blip"))
            found.append((inline, package.read(f"word/{targets[blip.get(f'{R}embed')]}")))
        return found


@pytest.mark.usefixtures("templates")
def test_word_carries_each_file_once_with_all_that_belongs_to_it() -> None:
    one, other, mark = file(photo()), file(photo((300, 200)), "PNG"), file(photo((2000, 1200)))
    data = service.render(FORM, submission(one, other, one, marks=(mark,)), "docx").data
    members = gate.read_package(data, "word/document.xml")
    assert sum(name.startswith("word/media/") for name in members) == 3
    for extension, media_type in (("png", "image/png"), ("jpeg", "image/jpeg")):
        assert f'Extension="{extension}" ContentType="{media_type}"'.encode() in members["[Content_Types].xml"]
    found = drawings(data)
    assert [Image.open(io.BytesIO(shown)).format for _, shown in found] == ["JPEG", "PNG", "JPEG", "JPEG"]
    assert found[0][1] == found[2][1]
    properties = [inline.find(f"{WP}docPr") for inline, _ in found]
    assert [one.get("id") for one in properties if one is not None] == ["1", "2", "3", "4"]
    assert [one.get("descr") for one in properties if one is not None][1:] == [
        "图2 现场情况", "图3 现场情况", "小组标志",
    ]  # fmt: skip
    assert len(python_docx.Document(io.BytesIO(data)).inline_shapes) == 4


@pytest.mark.usefixtures("templates")
def test_a_drawing_is_no_wider_than_its_cell_and_keeps_its_shape() -> None:
    data = service.render(FORM, submission(file(photo((3000, 500))), marks=(file(photo((2000, 1200))),)), "docx").data
    for (inline, shown), widest in zip(drawings(data), (156, 126), strict=True):
        sizes = [
            (int(one.get("cx", 0)), int(one.get("cy", 0))) for one in inline.iter(f"{WP}extent", f"{A}ext")
        ]  # A:ext stands in xfrm
        assert sizes[0] == sizes[1]
        across, down = sizes[0]
        image = Image.open(io.BytesIO(shown))
        assert widest - 7 <= across / EMU <= widest - 2 * 1.9
        assert across / down == pytest.approx(image.width / image.height, rel=0.01)


@pytest.mark.usefixtures("templates")
def test_the_paragraph_of_a_drawing_neither_cuts_nor_indents_it() -> None:
    ((inline, _),) = drawings(service.render(FORM, submission(file(photo())), "docx").data)
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    properties = next(inline.iterancestors(f"{w}p")).find(f"{w}pPr")
    assert properties is not None
    names = [str(child.tag).removeprefix(w) for child in properties]
    assert names == ["pStyle", "keepLines", "widowControl", "spacing", "ind"], "in the order of the standard"
    spacing, indent = properties[3], properties[4]
    assert (spacing.get(f"{w}lineRule"), indent.get(f"{w}firstLine")) == ("auto", "0")


NASTY = ['"><script>alert(1)</script>', "A<B & C>D", "'/><w:p/>", "{{ 7*7 }}", "]]>", "docgen-asset:qr"]  # fmt: skip


@pytest.mark.parametrize("caption", NASTY)
@pytest.mark.usefixtures("templates")
def test_a_caption_is_only_text(caption: str) -> None:
    sent = submission()
    sent["pictures"] = [picture(file(photo((64, 48))), caption)]
    data = service.render(FORM, sent, "docx").data
    ((inline, _),) = drawings(data)
    properties = inline.find(f"{WP}docPr")
    assert properties is not None
    assert properties.get("descr") == caption
    assert caption in docx_text(data)
    assert squeeze(caption) in squeeze("".join(pdf_pages(service.render(FORM, sent, "pdf").data)))


@pytest.mark.usefixtures("templates")
def test_a_blank_form_shows_no_picture() -> None:
    assert drawings(service.blank(FORM, "docx").data) == []
    assert images(service.blank(FORM, "pdf").data) == [[]]


def test_a_picture_in_a_footer_that_had_none_before(templates: Path) -> None:
    document = python_docx.Document(io.BytesIO(word_template()))
    document.sections[0].footer.paragraphs[0].text = "{{ marks[0]|picture }}"
    place = templates / "docx" / f"{FORM.id}.docx"
    whole = place.read_bytes()
    document.save(str(place))
    _forget()
    try:
        data = service.render(FORM, submission(marks=(file(photo()),)), "docx").data
    finally:
        place.write_bytes(whole)
        _forget()
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        footer = next(name for name in package.namelist() if name.startswith("word/footer"))
        (relation,) = etree.fromstring(package.read(f"word/_rels/{Path(footer).name}.rels"))
        assert f'"{relation.get("Id")}"'.encode() in package.read(footer)
        assert f"word/{relation.get('Target')}" in package.namelist()
    assert len(drawings(data)) == 1


def images(data: bytes) -> list[list[tuple[float, float, float, float]]]:
    """Return the pictures of each page as (left, bottom, right, top) in mm."""
    document = pypdfium2.PdfDocument(data)
    try:
        return [
            [
                tuple(side * 25.4 / 72 for side in found.get_bounds())
                for found in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
            ]
            for page in document
        ]
    finally:
        document.close()


def office(folder: Path, documents: dict[str, bytes]) -> dict[str, bytes]:
    """Let LibreOffice make PDFs of Word documents."""
    for name, data in documents.items():
        (folder / f"{name}.docx").write_bytes(data)
    subprocess.run(
        [
            SOFFICE, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore",
            "--convert-to", "pdf", "--outdir", str(folder), *(str(folder / f"{name}.docx") for name in documents),
        ],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    return {name: (folder / f"{name}.pdf").read_bytes() for name in documents}


@pytest.mark.usefixtures("templates")
def test_pictures_are_seen_whole_in_their_column_beside_their_captions(tmp_path: Path) -> None:
    sizes = ((1600, 1200), (900, 1600), (3000, 500), (300, 200), (1600, 1200))
    files = [file(photo(size)) for size in sizes]
    sent = {}
    for lines in range(0, 12, 3):
        sent[f"after {lines} lines"] = submission(*files) | {"survey": "\n".join(["一行现状"] * (1 + lines))}
    ours = {name: service.render(FORM, one, "pdf").data for name, one in sent.items()}
    words = {name: service.render(FORM, one, "docx").data for name, one in sent.items()}
    page = PAGES[PageKind.FORM]
    for name, data in ours.items():
        captions = [squeeze(text).count("现场情况") for text in pdf_pages(data)]
        assert [len(found) for found in images(data)] == captions, name
    # LibreOffice heeds no widow control in a cell: there a caption may start the next page.
    for data in [*ours.values(), *office(tmp_path, words).values()]:
        shown = images(data)
        for (left, bottom, right, top), (across, down) in zip(
            (one for found in shown for one in found), sizes, strict=True
        ):
            assert (right - left) / (top - bottom) == pytest.approx(across / down, rel=0.02)
            assert left >= page.left - 0.5
            assert right <= page.width - page.right + 0.5
            assert bottom >= page.bottom
            assert top <= page.height - page.top + 0.5


@pytest.mark.usefixtures("templates")
def test_what_is_printed_is_the_picture(tmp_path: Path) -> None:
    sent = submission(file(photo())) | {"survey": "见图。"}
    ours = service.render(FORM, sent, "pdf").data
    for data in (ours, office(tmp_path, {"one": service.render(FORM, sent, "docx").data})["one"]):
        ((left, bottom, right, top),) = images(data)[0]
        document = pypdfium2.PdfDocument(data)
        drawn = document[0].render(scale=100 / 72).to_pil()
        document.close()
        box = (left, 297 - top, right, 297 - bottom)
        assert looks_right(drawn.crop(tuple(round(side / 25.4 * 100) for side in box)), 12)


def codes(folder: Path, old: str, new: str) -> set[str]:
    """Return what the contract says of the HTML template after a change."""
    text = (folder / "html" / f"{FORM.id}.html").read_text(encoding="utf-8")
    assert old in text
    changed = folder / "changed.html"
    changed.write_text(text.replace(old, new), encoding="utf-8")
    return {finding.code for finding in _of_file(changed, FORM)}


def test_the_contract_knows_pictures(templates: Path) -> None:
    assert list(_of_file(templates / "html" / f"{FORM.id}.html", FORM)) == []
    # The invented Word template has no content controls; nothing else is wrong with it.
    found = {finding.code for finding in _of_file(templates / "docx" / f"{FORM.id}.docx", FORM)}
    assert found == {"control-missing"}
    assert codes(templates, "{{ one|picture }}", "") == {"unused-field"}
    assert codes(templates, "{{ one.caption }}", "") == {"unused-field"}
    assert codes(templates, "{{ one|picture }}", "{{ one.data }}") == {"filter-missing"}
    assert codes(templates, "{{ one|picture }}", "{{ one.data|picture }}") == {"wrong-filter", "unused-field"}
    assert codes(templates, "{{ topic_name }}", "{{ topic_name|picture }}") == {"wrong-filter", "unused-field"}
