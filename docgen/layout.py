"""Paper, margins, type sizes and faces: said once, for Word and PDF alike.

Lengths are millimetres, type sizes points. Text pages follow GB/T 9704-2012 (page 210 x 297, 天头 37, 订口 28, 版心
156 x 225); form pages keep the 156 mm (portrait) or 225 mm (landscape) text width with narrower top and bottom.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Final, Self

MM_PER_INCH: Final = 25.4
TWIPS_PER_MM: Final = 1440 / MM_PER_INCH


@dataclass(frozen=True, slots=True)
class Page:
    """A page: paper and margins in mm."""

    width: float
    height: float
    top: float
    right: float
    bottom: float
    left: float

    @property
    def text_width(self) -> float:
        """Width between the side margins, in mm."""
        return self.width - self.left - self.right


class PageKind(StrEnum):
    """The page set-ups of the house; a template uses exactly the one its form names."""

    TEXT = "text"
    FORM = "form"
    WIDE = "wide"
    CERTIFICATE = "certificate"


PAGES: Final = MappingProxyType(
    {
        PageKind.TEXT: Page(210, 297, top=37, right=26, bottom=35, left=28),
        PageKind.FORM: Page(210, 297, top=22, right=27, bottom=20, left=27),
        PageKind.WIDE: Page(297, 210, top=21, right=36, bottom=19, left=36),
        PageKind.CERTIFICATE: Page(297, 210, top=26, right=34, bottom=21, left=34),
    }
)


class Size(float):
    """A type size in points that also knows its Chinese name."""

    name: str

    def __new__(cls, points: float, name: str) -> Self:
        """Make a size of so many points."""
        size = super().__new__(cls, points)
        size.name = name
        return size


ERHAO: Final = Size(22, "二号")
XIAOER: Final = Size(18, "小二")
SANHAO: Final = Size(16, "三号")
SIHAO: Final = Size(14, "四号")
XIAOSI: Final = Size(12, "小四")
WUHAO: Final = Size(10.5, "五号")

TEXT_LINE: Final = 28.95
"""Exact line spacing of text pages in points: 22 lines fill the 225 mm 版心."""


class Face(StrEnum):
    """Official faces by the name that Word documents carry."""

    FANGSONG = "仿宋_GB2312"
    KAITI = "楷体_GB2312"
    XIAOBIAOSONG = "方正小标宋简体"
    HEITI = "黑体"
    SONGTI = "宋体"
    SYMBOL = "Segoe UI Symbol"


FALLBACK: Final = (Face.SONGTI, Face.KAITI, Face.HEITI, Face.SYMBOL)
"""Faces tried, per character, after the one that the layout names."""

RULE_WIDTH: Final = 0.75
"""Table borders, points."""

SEAL_CLEAR: Final = 45
"""Free height for a real seal, mm (seals are 40 to 45 mm wide)."""

PICTURE_WIDTH: Final = 150
"""Widest picture of a submission, mm: what a cell over the whole portrait text width leaves free."""
PICTURE_HEIGHT: Final = 105
"""Highest picture, mm: two of them with their captions stand on one form page."""
PICTURE_DPI: Final = 200
"""Pixels to the inch that are kept for print; a laser printer shows no more of a photograph."""
SCREEN_DPI: Final = 96
"""Pixels to the inch of small pictures, which are not blown up: as large as the screen showed them."""

QR_SIDE: Final = 25
"""Side of a certificate's QR code with its quiet zone, mm."""
QR_QUIET: Final = 2.0
"""About the width of its quiet zone, mm: the code stands so much to the left that its ink is flush with the text."""


@dataclass(frozen=True, slots=True)
class Box:
    """A place on the paper, in mm from its upper left corner."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.top + self.height

    def meets(self, other: Box) -> bool:
        """Whether both share more than an edge."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


FEW_ISSUERS: Final = 2
"""Issuers that stand side by side in one row; three or four take two rows, each with room for its seals."""


@dataclass(frozen=True, slots=True)
class CertificateLayout:
    """Where the parts of a certificate stand. No two of these boxes meet, so no seal reaches the number or the code."""

    title: Box
    words: Box
    number: Box
    qr: Box
    code: Box
    issuers: Box


@cache
def certificate_layout(issuers: int) -> CertificateLayout:
    """Return the places on a certificate with so many issuers; the words get what the seals leave free.

    A row of issuers is as high as a seal: its names stand above its middle, the date below, and the seal covers both.
    """
    page = PAGES[PageKind.CERTIFICATE]
    end = page.height - page.bottom
    rows = 1 if issuers <= FEW_ISSUERS else 2
    seals = end - rows * SEAL_CLEAR
    wide = 96.0 if issuers == 1 else 144.0
    code_top = end - 6 - QR_SIDE
    return CertificateLayout(
        title=Box(page.left, page.top, page.text_width, 20),
        words=Box(page.left, page.top + 27, page.text_width, seals - page.top - 28.5),
        number=Box(page.left, code_top - 8, 84, 7),
        qr=Box(page.left - QR_QUIET, code_top, QR_SIDE, QR_SIDE),
        code=Box(page.left + QR_SIDE, code_top, 57, QR_SIDE),
        issuers=Box(page.width - page.right - wide, seals, wide, rows * SEAL_CLEAR),
    )


NAMES_HEIGHT: Final = 27
"""Height for the names of issuers in a row of ``SEAL_CLEAR``, mm; they stand at its foot, the date below them."""

CERTIFICATE_STEPS: Final = MappingProxyType(
    {22.0: 1.65, 20.0: 1.6, 18.0: 1.5, 17.0: 1.5, 16.0: 1.5, 15.0: 1.5, 14.0: 1.5, 13.0: 1.5, 12.0: 1.5}
)
"""Type sizes of a certificate's words in points, each with its line pitch against the size.

The largest that fits is taken; what does not fit at the last is not printed.
"""
NOTE_RATIO: Final = 0.64
"""Small print below the words, against their size."""
SMALLEST_NOTE: Final = 10.5
"""Points."""
ISSUER_STEPS: Final = (18.0, 16.0, 15.0, 14.0, 12.0, 10.5)
"""Type sizes of issuers and date, points; never larger than the words."""
NOTE_LINE: Final = 1.5
"""Line pitch of small print, issuers and date."""
AFTER_RECIPIENT: Final = 0.2
BEFORE_NOTES: Final = 0.15
"""Space between the parts of the words, against their size."""
