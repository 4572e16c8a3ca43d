"""Codes put together from sums are those that python-qrcode draws, mask and all."""

import io
import random

import pytest
import zxingcpp
from PIL import Image

from docgen.certificates.code import ALPHABET
from docgen.render import qr

HEADS = [
    "https://zs.quality-award.example.org.cn/",
    "http://127.0.0.1:8080/",
    "https://a.cn/",
    f"https://{'x' * 60}.example.org/",
    f"https://{'x' * 140}.example.org/",
]


def addresses(head: str, count: int) -> list[str]:
    chance = random.Random(head)  # noqa: S311  the same codes in every run
    return [f"{head}C/{''.join(chance.choices(ALPHABET, k=16))}" for _ in range(count)]


@pytest.mark.parametrize("head", HEADS)
def test_a_sum_is_what_the_reference_draws(head: str) -> None:
    for url in addresses(head, 40):
        assert qr.matrix(url) == qr.reference(url)


def test_masks_differ_from_code_to_code() -> None:
    """Else the choice of the mask would not have been compared at all."""
    codes = [int.from_bytes(qr.matrix(url).bits, "little") for url in addresses(HEADS[0], 40)]
    told = {code >> 8 * 40 & 0x1F for code in codes}  # the format information beside the finder tells the mask
    assert len(told) >= 4


@pytest.mark.parametrize("url", ["https://zs.example.org.cn/C/SHORT", "https://zs.example.org.cn/C/0123456789ABCDEFG"])
def test_an_address_of_another_length_is_drawn_by_the_reference(url: str) -> None:
    assert qr.matrix(url) == qr.reference(url)


@pytest.mark.parametrize("pixels", [2, 4, 12])
def test_a_picture_shows_its_code(pixels: int) -> None:
    (url,) = addresses(HEADS[0], 1)
    matrix = qr.matrix(url)
    side, rows = matrix.rows(pixels)
    image = Image.frombytes("1", (side, side), rows).convert("L")
    assert side == (matrix.side + 2 * qr.QUIET_ZONE) * pixels
    assert image.crop((0, 0, side, qr.QUIET_ZONE * pixels)).getextrema() == (255, 255)
    larger = image.resize((side * 4, side * 4), Image.Resampling.NEAREST)
    assert [code.text for code in zxingcpp.read_barcodes(larger)] == [url]


def test_the_png_is_black_and_white() -> None:
    (url,) = addresses(HEADS[0], 1)
    image = Image.open(io.BytesIO(qr.png(url)))
    assert (image.mode, image.width % (qr.matrix(url).side + 2 * qr.QUIET_ZONE)) == ("1", 0)
