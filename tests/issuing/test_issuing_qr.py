"""The code on an issued page, as cameras of two makes see it."""

from __future__ import annotations

import io
import math
import subprocess
from typing import TYPE_CHECKING, cast

import pypdfium2
import pytest
import qrcode
import zxingcpp
from databases import PUBLIC_URL, Site, close_all
from PIL import Image, ImageFilter
from registry_data import order, person

from docgen.certificates.issue import address
from docgen.issuing import issue, printing
from docgen.render import qr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DPI = 150
MILLIMETRE = DPI / 25.4
"""Pixels at 150 dpi."""
DESIGN = f"{PUBLIC_URL}/C/4C08RZHVKES5WWE8"
MODULES = 33
"""Of version 4, without the quiet zone."""


def by_zxing(image: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(image)]


def by_zbar(image: Image.Image) -> list[str]:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    command = ["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", "-"]
    done = subprocess.run(command, input=buffer.getvalue(), capture_output=True, check=False)
    return done.stdout.decode().split()


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, bytes]]:
    """The address and the PDF of a certificate that was issued."""
    desk = Site(tmp_path_factory.mktemp("qr") / "data", "").desk()
    (outcome,) = issue.issue(desk, order([person(1)]), "k").outcomes
    record = outcome.one.record
    yield address(PUBLIC_URL, record.code), printing.document(desk, record.number, "pdf").data
    close_all()


def _page(pdf: bytes, dpi: float = DPI) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    try:
        image: Image.Image = document[0].render(scale=dpi / 72, grayscale=True).to_pil()
    finally:
        document.close()
    return image


def _side(image: Image.Image) -> float:
    """Return the side of the only code on a page in pixels, without its quiet zone."""
    (found,) = zxingcpp.read_barcodes(image)
    here, there = found.position.top_left, found.position.top_right
    return math.dist((here.x, here.y), (there.x, there.y))


def _turned(degrees: float) -> Callable[[Image.Image], Image.Image]:
    return lambda image: image.rotate(degrees, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)


def _squeezed(quality: int) -> Callable[[Image.Image], Image.Image]:
    def squeeze(image: Image.Image) -> Image.Image:
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=quality)
        return Image.open(buffer)

    return squeeze


def _printed(millimetres: float) -> Callable[[Image.Image], Image.Image]:
    """Return what scales a page so that its code and quiet zone are so wide on paper."""

    def scale(image: Image.Image) -> Image.Image:
        wanted = millimetres * MILLIMETRE * MODULES / (MODULES + 2 * qr.QUIET_ZONE)
        factor = wanted / _side(image)
        size = (round(image.width * factor), round(image.height * factor))
        return image.resize(size, Image.Resampling.LANCZOS)

    return scale


CAPTURES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "straight": lambda image: image,
    "3 degrees": _turned(3),
    "17 degrees": _turned(17),
    "90 degrees": _turned(90),
    "upside down": _turned(180),
    "blurred": lambda image: image.filter(ImageFilter.GaussianBlur(0.6)),  # from 0.8 on zbar loses some
    "JPEG 30": _squeezed(30),
    "20 mm": _printed(20),
    "25 mm": _printed(25),
    "20 mm, JPEG 30": lambda image: _squeezed(30)(_printed(20)(image)),
    "20 mm, 17 degrees": lambda image: _turned(17)(_printed(20)(image)),
    "faint": lambda image: image.point(lambda value: 90 + value * 165 // 255),
}


@pytest.mark.parametrize("name", CAPTURES)
def test_the_code_of_an_issued_page_is_read_by_both_decoders(issued: tuple[str, bytes], name: str) -> None:
    url, pdf = issued
    seen = CAPTURES[name](_page(pdf))
    assert by_zxing(seen) == [url]
    assert by_zbar(seen) == [url]


def test_a_picture_out_of_focus_is_still_read_by_the_decoder_of_most_phones(issued: tuple[str, bytes]) -> None:
    url, pdf = issued
    assert by_zxing(_page(pdf).filter(ImageFilter.GaussianBlur(1.2))) == [url]


def test_the_code_is_printed_25_millimetres_wide(issued: tuple[str, bytes]) -> None:
    _, pdf = issued
    side = _side(_page(pdf, 600)) / 600 * 25.4
    assert side * (MODULES + 2 * qr.QUIET_ZONE) / MODULES == pytest.approx(25, abs=0.5)


def test_the_address_of_the_design_is_version_4_at_q_and_3_at_m() -> None:
    image = Image.open(io.BytesIO(qr.png(DESIGN)))
    (code,) = zxingcpp.read_barcodes(image.convert("L"))
    assert (code.text, code.ec_level) == (DESIGN, "Q")
    assert cast("dict[str, str]", code.extra)["Version"] == "4"
    assert by_zbar(image.convert("L")) == [DESIGN]
    assert image.width % (MODULES + 2 * qr.QUIET_ZONE) == 0
    smaller = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M)
    head, _, code_text = DESIGN.rpartition("C/")
    smaller.add_data(qrcode.util.QRData(head.encode(), mode=4), optimize=0)
    smaller.add_data(qrcode.util.QRData(f"C/{code_text}".encode(), mode=2), optimize=0)
    smaller.make()
    assert smaller.version == 3
