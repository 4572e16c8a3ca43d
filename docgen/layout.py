"""Paper, margins, type sizes and faces: said once, for Word and PDF alike.

Lengths are millimetres, type sizes points. Text pages follow GB/T 9704-2012 (page 210 x 297, 天头 37, 订口 28, 版心
156 x 225); form pages keep the 156 mm (portrait) or 225 mm (landscape) text width with narrower top and bottom.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
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
        PageKind.CERTIFICATE: Page(297, 210, top=30, right=34, bottom=26, left=34),
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
