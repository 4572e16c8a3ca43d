"""Which file stands in for each official face, and which characters it has.

fontconfig is never asked: it would replace 仿宋_GB2312 by a sans face without a word. An association's licensed files
win over those of the operating system, these over the free ones shipped with docgen (fonts.md).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import uharfbuzz

from docgen import paths
from docgen.errors import FaceError
from docgen.layout import FALLBACK, Face
from docgen.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CANDIDATES: Final = MappingProxyType(
    {
        Face.FANGSONG: ("仿宋_GB2312.ttf", "仿宋_GB2312.otf", "simfang.ttf", "FandolFang-Regular.otf"),
        Face.KAITI: ("楷体_GB2312.ttf", "楷体_GB2312.otf", "simkai.ttf", "LXGWWenKai-Regular.ttf"),
        Face.XIAOBIAOSONG: ("方正小标宋简体.ttf", "方正小标宋简体.otf", "FZXBSJW.TTF", "NotoSerifSC-Bold.ttf"),
        Face.HEITI: ("黑体.ttf", "黑体.otf", "simhei.ttf", "NotoSansSC-Regular.ttf"),
        Face.SONGTI: ("宋体.ttf", "宋体.otf", "NotoSerifSC-Regular.ttf"),
        Face.SYMBOL: ("seguisym.ttf", "DejaVuSans.ttf"),
    }
)
"""File names tried for each face, best first; within one name the folders in the order of ``folders``."""


def folders() -> tuple[Path, ...]:
    """Return where faces are looked for: the association's folder, the operating system's, docgen's own."""
    own = (settings().fonts_dir,) if settings().fonts_dir else ()
    return (*own, Path("C:/Windows/Fonts"), Path("/Library/Fonts"), paths.FACES)


@cache
def resolve(face: Face) -> Path:
    """Return the file for an official face, or say how to get one."""
    for name in CANDIDATES[face]:
        for folder in folders():
            if (folder / name).is_file():
                return folder / name
    raise FaceError(
        f"找不到字体「{face}」的任何候选文件",
        f"请把 {CANDIDATES[face][-1]} 放回 {paths.FACES}，"
        f"或把正版字体文件命名为 {CANDIDATES[face][0]} 放入 DOCGEN_FONTS_DIR 指定的文件夹",
    )


@cache
def _opened(path: Path) -> uharfbuzz.Face:
    try:
        opened = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path)))
    except uharfbuzz.HarfBuzzError:
        opened = None
    if not opened or not opened.unicodes:
        raise FaceError(f"{path} 不是完好的字体文件", "请换一份完好的文件，或删除它，改用下一个候选")
    return opened


@cache
def family(face: Face) -> str:
    """Return the family that style sheets use and PDFs show: the file's own name, set apart from installed ones."""
    return "docgen-" + str(_opened(resolve(face)).get_name(uharfbuzz.OTNameIdPredefined.POSTSCRIPT_NAME))


@cache
def _covers(face: Face) -> frozenset[int]:
    return frozenset(_opened(resolve(face)).unicodes)


@cache
def _covered() -> frozenset[int]:
    return frozenset().union(*(_covers(face) for face in Face))


def shared() -> Iterable[str]:
    """Walk the Chinese characters that every face for words has."""
    every = frozenset.intersection(*(_covers(face) for face in Face if face is not Face.SYMBOL))
    return (chr(code) for code in range(0x4E00, 0xA000) if code in every)


def only_in(face: Face, others: Iterable[Face]) -> Iterator[str]:
    """Walk the characters that a face has and others have not."""
    left = _covers(face).difference(*(_covers(one) for one in others))
    return (chr(code) for code in sorted(left))


@cache
def advance(face: Face, char: str) -> float:
    """Return how far a character moves on, in em, in the face that draws it: the wanted one, else a fallback."""
    for one in dict.fromkeys((face, *FALLBACK)):
        opened = font(one)
        if glyph := opened.get_nominal_glyph(ord(char)):
            width: float = opened.get_glyph_h_advance(glyph) / opened.face.upem
            return width
    return 1.0


@cache
def font(face: Face) -> uharfbuzz.Font:
    """Return the face for measuring and shaping, opened once a process; lengths are in units of its em."""
    return uharfbuzz.Font(_opened(resolve(face)))


def uncovered(text: str) -> Iterable[tuple[int, str]]:
    """Return (place from 1, character) for each character that no face can draw; line breaks need none."""
    covered = _covered()
    return [(place, char) for place, char in enumerate(text, 1) if ord(char) not in covered and char != "\n"]
