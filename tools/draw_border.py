"""Draw the ornaments of certificates: ``python -m tools.draw_border`` writes ``templates/html/_house/border.svg``.

Everything is computed: a band of 回纹 between red rules, 柿蒂 (persimmon calyx) blocks and scrolls in the corners,
a guilloche rosette behind the words, an ornament below the title. Word templates get the same paths as DrawingML
(``draft_certificate``), so both look the same. Lengths in mm, from the paper's upper left corner.

What repeats is drawn once and put in its places with ``<use>``: a stamped certificate holds it once, too.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from docgen import paths
from docgen.layout import PAGES, PageKind
from tools.motifs import Layer, Motif, Path, Turn, about, circle, curve, polygon

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tools.motifs import Point

TARGET: Final = paths.TEMPLATES / "html" / "_house" / "border.svg"
RED: Final = "B3261E"
GOLD: Final = "C39A3E"
PALE: Final = "F1E4C3"

_PAGE: Final = PAGES[PageKind.CERTIFICATE]
WIDTH: Final = _PAGE.width
HEIGHT: Final = _PAGE.height
_MIDDLE: Final = WIDTH / 2
_OUTER: Final = 8.0
"""From the paper's edge to the red rule: printers leave about 5 mm white."""
_BAND: Final = (11.1, 17.1)
"""Edges of the 回纹 band, from the paper's edge."""
_INNER: Final = 19.6
"""From the paper's edge to the inner red rule."""
_CORNER: Final = (10.5, 17.9)
"""Edges of the corner blocks, from the paper's edges."""
_START: Final = _CORNER[1] + 1.6
"""Where the scrolls of a side begin."""


def _frame(inset: float) -> Path:
    return polygon((inset, inset), (WIDTH - inset, inset), (WIDTH - inset, HEIGHT - inset), (inset, HEIGHT - inset))


_CORNERS: Final = tuple(
    Turn(1 if left else -1, 0, 0, 1 if top else -1, 0 if left else WIDTH, 0 if top else HEIGHT)
    for left in (True, False)
    for top in (True, False)
)
"""What stands in the upper left corner, mirrored into all four."""
_DIAGONAL: Final = Turn(0, 1, 1, 0)
"""Left and upper edge changed for each other."""


def _fret(length: float, sides: Sequence[Turn]) -> Iterator[Motif]:
    """Lay 回 scrolls along sides of a length: neighbours of two pairs are linked at the foot.

    ``sides`` map the upper side, from its left end, on the others; feet stand outwards.
    """
    scroll = ((0, 4), (0, 0), (4, 0), (4, 4), (1, 4), (1, 1), (3, 1), (3, 3), (2, 3))
    depth = _BAND[1] - _BAND[0]
    pairs = round((length / (depth / 4) + 1) / 10)
    unit = length / (pairs * 10 - 1)

    def drawn(*points: tuple[float, float]) -> Path:
        return polygon(*((_START + x * unit, _BAND[1] - depth * y / 4) for x, y in points), closed=False)

    right = [(9 - x, y) for x, y in reversed(scroll)]
    link = drawn(*right, *((10 + x, y) for x, y in scroll))
    yield Motif([link], [side.after(Turn(e=pair * 10 * unit)) for side in sides for pair in range(pairs - 1)])
    yield Motif([drawn(*reversed(scroll)), drawn(*(((pairs - 1) * 10 + x, y) for x, y in right))], sides)


def _band() -> Iterator[Motif]:
    """Lay the scrolls along the four sides."""
    yield from _fret(WIDTH - 2 * _START, (Turn(), Turn(d=-1, f=HEIGHT)))
    left = _DIAGONAL
    yield from _fret(HEIGHT - 2 * _START, (left, Turn(a=-1, e=WIDTH).after(left)))


def _petal(turn: float, length: float, width: float, centre: Point) -> Path:
    """Return a pointed petal of the 柿蒂 that grows from a centre in the direction ``turn`` (radians)."""
    cos, sin = math.cos(turn), math.sin(turn)

    def at(along: float, across: float) -> Point:
        return (
            centre[0] + along * length * cos - across * width * sin,
            centre[1] + along * length * sin + across * width * cos,
        )

    return Path(
        at(0.12, 0),
        [
            (at(0.2, 0.75), at(0.5, 1.0), at(0.72, 0.62)),
            (at(0.84, 0.42), at(0.84, 0.2), at(1, 0)),
            (at(0.84, -0.2), at(0.84, -0.42), at(0.72, -0.62)),
            (at(0.5, -1.0), at(0.2, -0.75), at(0.12, 0)),
        ],
        closed=True,
    )


def _clouds() -> Motif:
    """Return the scrolls of the corners: ever smaller clouds that hang from two lines, a mirrored pair."""
    edge = _INNER + 1.9
    line = Path((edge + 1.2, edge + 1.2), [((edge + 1.8, edge), (edge + 3, edge), (edge + 5, edge))])
    line.steps.append(((edge + 14, edge), (edge + 24, edge), (edge + 34, edge)))
    drawn = [line]
    for along, radius in ((8.2, 3.0), (15.6, 2.2), (21.2, 1.6), (25.4, 1.1)):
        centre = (edge + along, edge + radius)

        def place(at: float, centre: Point = centre, radius: float = radius) -> Point:
            away, turn = radius * (1 - 0.82 * at), -math.pi / 2 + at * 1.35 * 2 * math.pi
            return centre[0] + away * math.cos(turn), centre[1] + away * math.sin(turn)

        drawn.append(curve(place, 0, 1, 5))
    return Motif(drawn, [corner.after(turn) for corner in _CORNERS for turn in (Turn(), _DIAGONAL)])


def _rosette() -> Iterator[Motif]:
    """Return interlaced waves in three rings, as on bank notes."""
    centre, lobes = (_MIDDLE, 112.0), 18
    for low, high, phases in ((40.0, 57.0, 4), (23.0, 41.0, 3), (9.0, 24.0, 2)):
        middle, swing = (low + high) / 2, (high - low) / 2

        def place(turn: float, middle: float = middle, swing: float = swing) -> Point:
            radius = middle + swing * math.cos(lobes * turn)
            return centre[0] + radius * math.cos(turn), centre[1] + radius * math.sin(turn)

        # Curves end where the wave turns.
        wave = curve(place, 0, 2 * math.pi, lobes * 2, closed=True)
        yield Motif([wave], [about(centre, -2 * math.pi * phase / phases / lobes) for phase in range(phases)])


def _curl() -> Path:
    """Return one of the four curls beside the lozenge."""

    def place(at: float) -> Point:
        away, turn = 2.1 * (1 - 0.75 * at), math.pi * (1 + 2.2 * at)
        return 6.6 + away * math.cos(turn), -0.8 * away * math.sin(turn)

    return curve(place, 0, 1, 4)


def _below_title() -> tuple[Motif, Motif, Motif]:
    """Return the ornament below the title: tapering lines and dots in gold, a red lozenge, scrolls as lines."""
    y, size = 49.6, 2.3
    inner, outer = 13.0, 56.0
    taper = Path(
        (inner, 0),
        [
            ((inner + 8, -0.55), (inner + 18, -0.3), (outer, 0)),
            ((inner + 18, 0.3), (inner + 8, 0.55), (inner, 0)),
        ],
        closed=True,
    )
    sides = [Turn(a=side, e=_MIDDLE, f=y) for side in (-1, 1)]
    gold = Motif([taper, circle((10.9, 0), 0.55)], sides)
    curls = Motif([_curl()], [side.after(Turn(d=up)) for side in sides for up in (-1, 1)])
    lozenge = polygon((_MIDDLE - size * 1.3, y), (_MIDDLE, y - size), (_MIDDLE + size * 1.3, y), (_MIDDLE, y + size))
    return gold, Motif([lozenge]), curls


def layers() -> tuple[Layer, ...]:
    """Return all ornaments, what lies at the back first."""
    gold, red, scrolls = _below_title()
    low, high = _CORNER
    middle = ((low + high) / 2, (low + high) / 2)
    square = polygon((low, low), (high, low), (high, high), (low, high))
    petal = _petal(math.pi / 4, 4.4, 1.75, middle)
    petals = [corner.after(about(middle, math.pi / 2 * turn)) for corner in _CORNERS for turn in range(4)]
    edge = _INNER + 1.9
    leaf = _petal(math.pi / 4, 7.0, 1.9, (edge + 1.0, edge + 1.0))
    frames = Motif([_frame(_OUTER + 1.9), _frame(_INNER - 1.0)])
    return (
        Layer("rosette", PALE, list(_rosette()), line=0.2),
        Layer("rules", RED, [Motif([_frame(_OUTER + 0.6)])], line=1.2),
        Layer("inner rule", RED, [Motif([_frame(_INNER)])], line=0.5),
        Layer("gold rules", GOLD, [frames, Motif([square], _CORNERS)], line=0.25),
        Layer("fret", GOLD, list(_band()), line=0.55),
        Layer("clouds", GOLD, [_clouds(), scrolls], line=0.38),
        Layer("petals", GOLD, [Motif([petal], petals), Motif([leaf], _CORNERS), gold]),
        Layer("hearts", RED, [Motif([circle(middle, 0.9)], _CORNERS), red]),
    )


def _number(value: float) -> str:
    """Write a length with two places and nothing that can be left out."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in {"", "-0"} else text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def _data(path: Path) -> str:
    """Return SVG path data with relative coordinates; rounding does not add up."""

    def relative(point: Point, to: Point) -> str:
        first, second = _number(point[0] - to[0]), _number(point[1] - to[1])
        return first + ("" if second.startswith("-") else " ") + second

    at = (round(path.start[0], 2), round(path.start[1], 2))
    pieces = [f"M{_number(at[0])} {_number(at[1])}"]
    for step in path.steps:
        rounded = [(round(x, 2), round(y, 2)) for x, y in step]
        dx, dy = rounded[-1][0] - at[0], rounded[-1][1] - at[1]
        if len(step) > 1:
            pieces.append("c" + " ".join(relative(point, at) for point in rounded))
        elif not round(dy, 2):
            pieces.append(f"h{_number(dx)}")
        elif not round(dx, 2):
            pieces.append(f"v{_number(dy)}")
        else:
            pieces.append(f"l{relative(rounded[0], at)}")
        at = rounded[-1]
    return "".join(pieces) + ("z" if path.closed else "")


def svg() -> str:
    """Return the ornaments as SVG."""
    size = f'width="{WIDTH:g}mm" height="{HEIGHT:g}mm" viewBox="0 0 {WIDTH:g} {HEIGHT:g}"'
    once: list[str] = []
    placed: list[str] = []
    for layer in layers():
        stroke = f'fill="none" stroke="#{layer.colour}" stroke-width="{layer.line:g}"'
        placed.append(f"<g {stroke}>" if layer.line else f'<g fill="#{layer.colour}">')
        for motif in layer.motifs:
            path = f'd="{"".join(map(_data, motif.paths))}"/>'
            if len(motif.places) == 1:
                placed.append(f"<path {path}")
                continue
            once.append(f'<path id="m{len(once)}" {path}')
            placed += [f'<use href="#m{len(once) - 1}"{_matrix(place)}/>' for place in motif.places]
        placed.append("</g>")
    return "\n".join(
        [f'<svg xmlns="http://www.w3.org/2000/svg" {size}>', "<defs>", *once, "</defs>", *placed, "</svg>", ""]
    )


def _matrix(place: Turn) -> str:
    if place == Turn():
        return ""
    if place[:4] == Turn()[:4]:
        return f' transform="translate({place.e:.4g} {place.f:.4g})"'
    return f' transform="matrix({" ".join(f"{number:.6g}" for number in place)})"'


_EMU: Final = 36_000
"""English metric units in a millimetre."""
_UNITS: Final = 100
"""Units of a DrawingML path in a millimetre."""


def drawing() -> str:
    """Return the ornaments as a run of WordprocessingML: one group of shapes behind the text, over the whole page.

    ECMA-376 part 1, 20.1.9 (custom geometry); shapes of Word 2010 and later, which older programs leave out.
    """
    wide, high = round(WIDTH * _EMU), round(HEIGHT * _EMU)
    extent = f'<a:off x="0" y="0"/><a:ext cx="{wide}" cy="{high}"/>'
    shapes = "".join(_shape(number, layer, extent) for number, layer in enumerate(layers(), 101))
    return (
        '<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
        ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
        ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
        ' xmlns:wpg="http://schemas.microsoft.com/office/word/2010/wordprocessingGroup"'
        ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        '<mc:AlternateContent><mc:Choice Requires="wpg"><w:drawing>'
        '<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1" behindDoc="1" locked="0"'
        ' layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        '<wp:positionH relativeFrom="page"><wp:posOffset>0</wp:posOffset></wp:positionH>'
        '<wp:positionV relativeFrom="page"><wp:posOffset>0</wp:posOffset></wp:positionV>'
        f'<wp:extent cx="{wide}" cy="{high}"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>'
        '<wp:docPr id="100" name="边框" descr="证书的边框和花纹"/><wp:cNvGraphicFramePr/>'
        '<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingGroup"><wpg:wgp>'
        f"<wpg:cNvGrpSpPr/><wpg:grpSpPr><a:xfrm>{extent}{extent.replace('off', 'chOff').replace('ext ', 'chExt ')}"
        f"</a:xfrm></wpg:grpSpPr>{shapes}</wpg:wgp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>"
        "<mc:Fallback/></mc:AlternateContent></w:r>"
    )


def _shape(number: int, layer: Layer, extent: str) -> str:
    colour = f'<a:solidFill><a:srgbClr val="{layer.colour}"/></a:solidFill>'
    fill, line = (colour, "<a:ln><a:noFill/></a:ln>")
    if layer.line:
        fill = "<a:noFill/>"
        line = f'<a:ln w="{round(layer.line * _EMU)}" cap="flat">{colour}<a:miter lim="800000"/></a:ln>'
    kind = ' fill="none"' if layer.line else ""
    steps = "".join(map(_steps, layer.paths()))
    return (
        f'<wps:wsp><wps:cNvPr id="{number}" name="{layer.name}"/><wps:cNvSpPr/><wps:spPr><a:xfrm>{extent}</a:xfrm>'
        "<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/>"
        '<a:rect l="0" t="0" r="r" b="b"/><a:pathLst>'
        f'<a:path w="{round(WIDTH * _UNITS)}" h="{round(HEIGHT * _UNITS)}"{kind}>{steps}</a:path>'
        f"</a:pathLst></a:custGeom>{fill}{line}</wps:spPr><wps:bodyPr/></wps:wsp>"
    )


def _steps(path: Path) -> str:
    def points(step: Sequence[Point]) -> str:
        return "".join(f'<a:pt x="{round(x * _UNITS)}" y="{round(y * _UNITS)}"/>' for x, y in step)

    pieces = [f"<a:moveTo>{points([path.start])}</a:moveTo>"]
    for step in path.steps:
        name = "lnTo" if len(step) == 1 else "cubicBezTo"
        pieces.append(f"<a:{name}>{points(step)}</a:{name}>")
    return "".join(pieces) + ("<a:close/>" if path.closed else "")


def main() -> None:
    """Write the file."""
    TARGET.write_text(svg(), encoding="utf-8")
    print(f"{TARGET}: {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
