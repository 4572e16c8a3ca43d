"""QR codes of certificates: host in byte mode, code in alphanumeric, level Q (certificates.md, section 2).

python-qrcode takes milliseconds for a code, most of it to choose the mask. For addresses of one length and one host
every module is a sum, modulo 2, of bits of the data: python-qrcode draws what each bit adds once, and from then on a
code is put together from that. A code is one large integer, whose penalties are counted with a few operations on all
of its modules at once.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

import qrcode
from PIL import Image
from qrcode.image.pil import PilImage
from qrcode.util import ALPHA_NUM, QRData

QUIET_ZONE: Final = 4
"""Modules of white around the code, as ISO/IEC 18004 wants."""
_PIXELS: Final = 12
"""Side of a module in the picture: 25 mm print at about 450 dpi."""
_MASKS: Final = 8
_SIXTEEN: Final = re.compile(r"(.*)(C/)([0-9A-Z]{16})", re.DOTALL)
"""An address whose code is as long as all of ours."""
_ZERO: Final = "0" * 16


@dataclass(frozen=True, slots=True)
class Matrix:
    """A code without its quiet zone: ``side`` modules a side, dark is 1, the first of a row in the lowest bit.

    Each row of ``bits`` fills whole bytes; the bits behind the last module are 0.
    """

    side: int
    bits: bytes

    def rows(self, pixels: int) -> tuple[int, bytes]:
        """Return its side with the quiet zone and its rows of bits, 0 for dark; ``pixels`` a module, an even number."""
        whole = (self.side + 2 * QUIET_ZONE) * pixels
        stride, length = (whole + 7) // 8, (self.side + 7) // 8
        wide = b"".join(map(_wide(pixels).__getitem__, self.bits))
        margin, step = b"\xff" * (QUIET_ZONE * pixels // 8), length * pixels
        behind = b"\xff" * max(0, stride - len(margin) - step)
        within = stride - len(margin) - len(behind)
        found = [
            b"".join((margin, wide[start : start + within], behind)) * pixels for start in range(0, len(wide), step)
        ]
        zone = b"\xff" * (stride * QUIET_ZONE * pixels)
        return whole, b"".join((zone, *found, zone))


@cache
def _wide(pixels: int) -> list[bytes]:
    """Return bytes turned round and light for dark, each bit so many times."""
    bit = (1 << pixels) - 1
    return [
        sum(bit << (7 - place) * pixels for place in range(8) if not number >> place & 1).to_bytes(pixels, "big")
        for number in range(256)
    ]


@lru_cache(maxsize=256)
def png(url: str) -> bytes:
    """Return the code of a verification address as a PNG with its quiet zone."""
    buffer = io.BytesIO()
    side, rows = matrix(url).rows(_PIXELS)
    Image.frombytes("1", (side, side), rows).save(buffer, "PNG")
    return buffer.getvalue()


def matrix(url: str) -> Matrix:
    """Return the code of a verification address, with the mask that python-qrcode would choose.

    ``url`` is ``<scheme>://<host>/C/<code>``: everything up to the path goes into a byte segment, the upper-case rest
    into an alphanumeric one, which keeps the code small.
    """
    found = _SIXTEEN.fullmatch(url)
    return _press(found[1]).matrix(found[3]) if found else reference(url)


def reference(url: str) -> Matrix:
    """Return what python-qrcode makes of an address."""
    drawing = _drawing(url)
    drawing.make(fit=True)
    return Matrix(drawing.modules_count, _bits(drawing))


def _drawing(url: str) -> qrcode.QRCode[PilImage]:
    head, mark, code = url.rpartition("C/")
    drawing: qrcode.QRCode[PilImage] = qrcode.QRCode(
        error_correction=qrcode.constants.ERROR_CORRECT_Q, image_factory=PilImage
    )
    drawing.add_data(QRData(head.encode("ascii"), mode=4), optimize=0)
    drawing.add_data(QRData((mark + code).encode("ascii"), mode=2), optimize=0)
    return drawing


def _bits(drawing: qrcode.QRCode[PilImage]) -> bytes:
    length = (drawing.modules_count + 7) // 8
    return b"".join(
        int("".join("1" if module else "0" for module in reversed(row)), 2).to_bytes(length, "little")
        for row in drawing.modules
    )


@lru_cache(maxsize=16)
def _press(head: str) -> _Press:
    return _Press(head)


class _Press:
    """All codes of one host. Codes are numbers; their rows have light columns behind them, and a light row below."""

    def __init__(self, head: str) -> None:
        """Let python-qrcode draw the codes whose sums are all others."""
        drawing = _drawing(f"{head}C/{_ZERO}")
        drawing.best_fit()
        self._side = 17 + 4 * drawing.version
        self._row = (self._side + 7) // 8 * 8
        self._whole = sum(((1 << self._side) - 1) << place * self._row for place in range(self._side))
        self._inner = [(step, self._whole & self._whole >> step) for step in (1, self._row)]
        """Modules that have a neighbour at the right, and those that have one below."""
        self._bases = [self._drawn(head, _ZERO, mask, test=True) for mask in range(_MASKS)]
        final = [self._drawn(head, _ZERO, mask, test=False) for mask in range(_MASKS)]
        self._told = [first ^ last for first, last in zip(self._bases, final, strict=True)]
        """What the mask's own number and the error level add; python-qrcode judges masks without."""
        self._steps = [
            [self._drawn(head, _pair(place, 1 << bit), 0, test=True) ^ self._bases[0] for bit in range(11)]
            for place in range(8)
        ]
        self._known: list[dict[str, int]] = [{} for _ in self._steps]

    def _drawn(self, head: str, code: str, mask: int, *, test: bool) -> int:
        drawing = _drawing(f"{head}C/{code}")
        drawing.best_fit()
        drawing.makeImpl(test, mask)
        return int.from_bytes(_bits(drawing), "little")

    def matrix(self, code: str) -> Matrix:
        """Return the code that ends in these sixteen characters."""
        added = 0
        for place, known in enumerate(self._known):
            pair = code[2 * place : 2 * place + 2]
            its = known.get(pair)
            if its is None:
                its = known[pair] = self._sum(place, pair)
            added ^= its
        codes = [base ^ added for base in self._bases]
        points = [self._points(each) for each in codes]
        mask = points.index(min(points))
        chosen = codes[mask] ^ self._told[mask]
        return Matrix(self._side, chosen.to_bytes(self._row // 8 * self._side, "little"))

    def _sum(self, place: int, pair: str) -> int:
        first, second = (ALPHA_NUM.index(char.encode()) for char in pair)
        number, found = first * 45 + second, 0
        for bit, step in enumerate(self._steps[place]):
            if number >> bit & 1:
                found ^= step
        return found

    def _points(self, code: int) -> int:
        """Return the penalty of a code (ISO/IEC 18004, 7.8.3.1), as python-qrcode counts it."""
        light = code ^ self._whole
        points = 0
        sames = []
        for step, inner in self._inner:
            differs = code ^ code >> step
            same = inner & ~differs
            pairs = same & same >> step
            runs = pairs & pairs >> 2 * step
            points += runs.bit_count() + 2 * (runs & ~(runs << step)).bit_count()
            # Dark, light, three dark, light, dark: it changes, changes, stays, stays, changes, changes.
            swings = differs & differs >> step
            finders = code & swings & pairs >> 2 * step & swings >> 4 * step
            free = light & light >> step
            free &= free >> 2 * step
            points += 40 * ((free & finders >> 4 * step).bit_count() + (finders & free >> 7 * step).bit_count())
            sames.append(same)
        across, down = sames
        points += 3 * (across & across >> self._row & down).bit_count()
        return points + int(abs(code.bit_count() / self._side**2 * 100 - 50) / 5) * 10


def _pair(place: int, number: int) -> str:
    first, second = divmod(number, 45)
    pair = (ALPHA_NUM[first : first + 1] + ALPHA_NUM[second : second + 1]).decode()
    return _ZERO[: 2 * place] + pair + _ZERO[2 * place + 2 :]
