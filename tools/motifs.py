"""Paths, and what is drawn once and stands in several places: what the ornaments of certificates are made of."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Point = tuple[float, float]


@dataclass
class Path:
    """One line of points; each step is a straight line (one point) or a cubic curve (three)."""

    start: Point
    steps: list[tuple[Point, ...]] = field(default_factory=list)
    closed: bool = False


class Turn(NamedTuple):
    """An affine map as SVG's matrix(): (x, y) goes to (a x + c y + e, b x + d y + f). None of ours changes lengths."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def of(self, point: Point) -> Point:
        """Return where a point goes."""
        x, y = point
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def after(self, first: Turn) -> Turn:
        """Return the map that does ``first`` before this one."""
        (e, f), (a, b), (c, d) = (self.of(point) for point in (first[4:], first[:2], first[2:4]))
        return Turn(a - self.e, b - self.f, c - self.e, d - self.f, e, f)


class Motif(NamedTuple):
    """What is drawn once and stands in several places."""

    paths: Sequence[Path]
    places: Sequence[Turn] = (Turn(),)


@dataclass(frozen=True)
class Layer:
    """Motifs of one look: filled, or drawn with a line of so many mm."""

    name: str
    colour: str
    motifs: Sequence[Motif]
    line: float = 0.0

    def paths(self) -> Iterator[Path]:
        """Walk all paths where they stand."""
        for motif in self.motifs:
            for place in motif.places:
                for path in motif.paths:
                    yield moved(path, place)


def polygon(*points: Point, closed: bool = True) -> Path:
    """Return straight lines through points."""
    return Path(points[0], [(point,) for point in points[1:]], closed)


def curve(place: Callable[[float], Point], start: float, end: float, count: int, *, closed: bool = False) -> Path:
    """Return cubic curves along ``place``: both meet in ends and directions at ``count`` + 1 points."""
    step, tiny = (end - start) / count, 1e-5
    ends = [start + step * number for number in range(count + 1)]

    def tangent(at: float) -> Point:
        (x0, y0), (x1, y1) = place(at - tiny), place(at + tiny)
        return (x1 - x0) / (2 * tiny) * step / 3, (y1 - y0) / (2 * tiny) * step / 3

    drawn = Path(place(start), closed=closed)
    for at, to in pairwise(ends):
        (x0, y0), (x1, y1), (dx0, dy0), (dx1, dy1) = place(at), place(to), tangent(at), tangent(to)
        drawn.steps.append(((x0 + dx0, y0 + dy0), (x1 - dx1, y1 - dy1), (x1, y1)))
    return drawn


def moved(path: Path, place: Turn) -> Path:
    """Return a path in another place."""
    return Path(place.of(path.start), [tuple(map(place.of, step)) for step in path.steps], path.closed)


def about(centre: Point, turn: float) -> Turn:
    """Return a turn, in radians, about a point."""
    (x, y), cos, sin = centre, math.cos(turn), math.sin(turn)
    return Turn(cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y)


def circle(centre: Point, radius: float) -> Path:
    """Return a circle of four curves."""
    return curve(
        lambda turn: (centre[0] + radius * math.cos(turn), centre[1] + radius * math.sin(turn)),
        0,
        2 * math.pi,
        4,
        closed=True,
    )
