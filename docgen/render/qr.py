"""QR codes of certificates: host in byte mode, code in alphanumeric, level Q (certificates.md, section 2).

python-qrcode takes milliseconds for a code, most of it to choose the mask. For addresses of one length and one host
every module is a sum, modulo 2, of bits of the data: python-qrcode draws what each bit adds once, and from then on a
code is put together from that. Codes for all eight masks are one large integer, and so are their penalties.
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
_CHUNK: Final = 11
_LOW: Final = (1 << _CHUNK) - 1
"""Modules of a row that are widened at once: three times eleven are the thirty-three of version 4."""
_SIXTEEN: Final = re.compile(r"(.*)(C/)([0-9A-Z]{16})", re.DOTALL)
"""An address whose code is as long as all of ours."""
_ZERO: Final = "0" * 16


@dataclass(frozen=True, slots=True)
class Matrix:
    """A code without its quiet zone: ``side`` modules a side, one bit each, dark is 1, row by row from the lowest."""

    side: int
    bits: int

    def rows(self, pixels: int) -> tuple[int, bytes]:
        """Return its side with the quiet zone, in so many pixels a module, and its rows of bits, 0 for dark."""
        whole = (self.side + 2 * QUIET_ZONE) * pixels
        stride = (whole + 7) // 8
        table, chunks = _wide(pixels), range(0, self.side, _CHUNK)
        margin = stride * 8 - whole + QUIET_ZONE * pixels
        light = (1 << stride * 8) - 1
        found = [light.to_bytes(stride, "big") * (QUIET_ZONE * pixels)]
        for place in range(self.side):
            row = self.bits >> place * self.side & (1 << self.side) - 1
            dark = 0
            for start in chunks:
                dark |= table[row >> start & _LOW] << (self.side - start) * pixels
            found.append((light ^ dark >> _CHUNK * pixels << margin).to_bytes(stride, "big") * pixels)
        return whole, b"".join([*found, found[0]])


@cache
def _wide(pixels: int) -> list[int]:
    """Return numbers turned round, each bit so many times."""
    bit = (1 << pixels) - 1
    return [
        sum(bit << (_CHUNK - 1 - place) * pixels for place in range(_CHUNK) if number >> place & 1)
        for number in range(1 << _CHUNK)
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


def _bits(drawing: qrcode.QRCode[PilImage]) -> int:
    return int("".join("1" if module else "0" for row in drawing.modules for module in row)[::-1], 2)


@lru_cache(maxsize=16)
def _press(head: str) -> _Press:
    return _Press(head)


class _Press:
    """All codes of one host. A number holds a code once for each mask; rows have one column more, which is light."""

    def __init__(self, head: str) -> None:
        """Let python-qrcode draw the codes whose sums are all others."""
        drawing = _drawing(f"{head}C/{_ZERO}")
        drawing.best_fit()
        self._side = 17 + 4 * drawing.version
        self._row = self._side + 1
        self._size = self._row * (self._side + 1)
        self._all = sum(1 << self._size * mask for mask in range(_MASKS))
        self._whole = self._spread((1 << self._side**2) - 1) * self._all
        plain = [self._drawn(head, _ZERO, mask, test=True) for mask in range(_MASKS)]
        final = [self._drawn(head, _ZERO, mask, test=False) for mask in range(_MASKS)]
        self._told = [first ^ last for first, last in zip(plain, final, strict=True)]
        """What the mask's own number and the error level add; python-qrcode judges masks without."""
        self._base = sum(code << self._size * mask for mask, code in enumerate(plain))
        self._steps = [
            [(self._drawn(head, _pair(place, 1 << bit), 0, test=True) ^ plain[0]) * self._all for bit in range(11)]
            for place in range(8)
        ]
        self._known: list[dict[str, int]] = [{} for _ in self._steps]

    def _drawn(self, head: str, code: str, mask: int, *, test: bool) -> int:
        drawing = _drawing(f"{head}C/{code}")
        drawing.best_fit()
        drawing.makeImpl(test, mask)
        return self._spread(_bits(drawing))

    def _spread(self, bits: int) -> int:
        """Return a code with a light column behind each row."""
        row = (1 << self._side) - 1
        return sum((bits >> place * self._side & row) << place * self._row for place in range(self._side))

    def matrix(self, code: str) -> Matrix:
        """Return the code that ends in these sixteen characters."""
        codes = self._base
        for place, known in enumerate(self._known):
            pair = code[2 * place : 2 * place + 2]
            added = known.get(pair)
            if added is None:
                added = known[pair] = self._sum(place, pair)
            codes ^= added
        mask = self._best(codes)
        spread = (codes >> self._size * mask & ((1 << self._size) - 1)) ^ self._told[mask]
        row = (1 << self._side) - 1
        bits = sum((spread >> place * self._row & row) << place * self._side for place in range(self._side))
        return Matrix(self._side, bits)

    def _sum(self, place: int, pair: str) -> int:
        first, second = (ALPHA_NUM.index(char.encode()) for char in pair)
        number, found = first * 45 + second, 0
        for bit, step in enumerate(self._steps[place]):
            if number >> bit & 1:
                found ^= step
        return found

    def _best(self, codes: int) -> int:
        """Return the mask with the smallest penalty, the first of equals."""
        points = [0] * _MASKS
        light = codes ^ self._whole
        sames = []
        for step in (1, self._row):
            same = ~(codes ^ codes >> step) & self._whole & self._whole >> step
            pairs = same & same >> step
            runs = pairs & pairs >> 2 * step
            begins = runs & ~(runs << step)
            dark = codes & codes >> 2 * step & codes >> 3 * step & codes >> 4 * step & codes >> 6 * step
            finders = dark & light >> step & light >> 5 * step
            free = light & light >> step
            free &= free >> 2 * step
            before, after = free & finders >> 4 * step, finders & free >> 7 * step
            self._count(points, (runs, 1), (begins, 2), (before, 40), (after, 40))
            sames.append(same)
        across, down = sames
        self._count(points, (across & across >> self._row & down, 3))
        total = self._side**2
        for mask in range(_MASKS):
            dark_modules = (codes >> self._size * mask & ((1 << self._size) - 1)).bit_count()
            points[mask] += int(abs(float(dark_modules) / total * 100 - 50) / 5) * 10
        return points.index(min(points))

    def _count(self, points: list[int], *weighed: tuple[int, int]) -> None:
        one = (1 << self._size) - 1
        for found, weight in weighed:
            for mask in range(_MASKS):
                points[mask] += (found >> self._size * mask & one).bit_count() * weight


def _pair(place: int, number: int) -> str:
    first, second = divmod(number, 45)
    pair = (ALPHA_NUM[first : first + 1] + ALPHA_NUM[second : second + 1]).decode()
    return _ZERO[: 2 * place] + pair + _ZERO[2 * place + 2 :]
