"""What was read from one layout of a template: where words stand, how they are set, and everything that never changes.

Lengths are CSS pixels (1/96 inch) from the page's upper left corner, as WeasyPrint counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from docgen.certificates.issue import Issue
    from docgen.layout import Face
    from docgen.render.stamp.tracing import Path, Source


class Metrics(NamedTuple):
    """How far a line of text reaches above the baseline, and its whole height, as Pango counts."""

    ascent: float
    height: float


class Ruler(Protocol):
    """What measures lines set in one style."""

    def measured(self, looks: Hashable, text: str) -> Metrics:
        """Return the measures of a line; all lines with these ``looks`` (faces and scripts) have the same."""


@dataclass(frozen=True, slots=True, eq=False)
class Style:
    """How a paragraph is set. ``faces`` are tried in order for each character; ``baseline`` is the empty line's.

    Lines are kept by their style, which is one object for each paragraph of a design.
    """

    size: float
    faces: tuple[Face, ...]
    ruler: Ruler
    line_height: float
    baseline: float
    indent: float
    align: str
    keeps_spaces: bool
    language: str


class Stretch(NamedTuple):
    """A padding that every certificate chooses: per pixel of it a paragraph moves down, right, and gets wider."""

    length: Path
    down: float
    right: float
    wider: float


class Push(NamedTuple):
    """How a paragraph moves down with every pixel that the one with this number grows beyond its one line."""

    place: int
    down: float


@dataclass(frozen=True, slots=True)
class Place:
    """A paragraph whose words or place differ from one certificate to the next: texts and the sources between them.

    ``room`` is how much it may grow beyond one line.
    """

    parts: tuple[str | Source, ...]
    style: Style
    left: float
    top: float
    width: float
    stretches: tuple[Stretch, ...]
    pushes: tuple[Push, ...]
    room: float


@dataclass(frozen=True, slots=True)
class Design:
    """A laid-out template.

    ``drawn`` are the operators, as WeasyPrint wrote them, that are painted before the first words; ``content`` is what
    follows: operators, and the numbers of places. ``objects`` are the bodies of all PDF objects by number, the fields
    below it say which is which. ``bottom`` is where the page ends.
    """

    places: tuple[Place, ...]
    drawn: bytes
    content: tuple[bytes | int, ...]
    objects: Mapping[int, bytes]
    catalog: int
    info: int
    pages: int
    page: int
    resources: int
    contents: int
    fonts: int
    code: int
    kept_fonts: bytes
    bottom: float


class Sheet(NamedTuple):
    """One certificate to be merged: form, submission, what issuing decided, and the template that it was made with."""

    form: str
    submission: dict[str, Any]
    issue: Issue
    template: str
