"""Take out of two faces what no form prints with them, so that a wheel stays below 40 MB.

``python -m tools.trim_faces FOLDER``: FOLDER holds NotoSerifSC-Bold.ttf and NotoSansSC-Regular.ttf as they come from
their publisher. Titles and headings never need the ideographs of extension A; 宋体 draws them where somebody does.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from docgen import paths

FACES: Final = ("NotoSerifSC-Bold.ttf", "NotoSansSC-Regular.ttf")
EXTENSION_A: Final = range(0x3400, 0x4DC0)


def trim(source: Path, target: Path) -> None:
    """Write a face without extension A, vertical metrics and hints."""
    options = Options(
        hinting=False,
        layout_features=["ccmp", "kern", "liga", "locl", "mark", "mkmk"],
        drop_tables=["BASE", "DSIG", "VORG", "vhea", "vmtx"],
        name_IDs=["*"],
        name_languages=["*"],
        notdef_outline=True,
        recalc_timestamp=False,
    )
    with TTFont(source, recalcTimestamp=False) as font:
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=[point for point in font.getBestCmap() if point not in EXTENSION_A])
        subsetter.subset(font)
        font.save(target)


def main() -> None:
    """Trim both faces into fonts/."""
    for name in FACES:
        trim(Path(sys.argv[1]) / name, paths.FACES / name)
        print(paths.FACES / name)


if __name__ == "__main__":
    main()
