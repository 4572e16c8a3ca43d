"""Reading WeasyPrint's boxes: where the words of a traced template stand, and what moves when they take more lines.

Only block layout is followed: paragraphs below each other in blocks, in boxes with a position of their own, and in the
cells of tables with fixed columns and heights. Everything else that touches the words of a certificate is refused.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from weasyprint.css.properties import INITIAL_VALUES
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.text.line_break import strut

from docgen.layout import Face
from docgen.render import faces, outlines, pdf
from docgen.render.stamp.design import Metrics, Place, Push, Stretch, Style
from docgen.render.stamp.tracing import UntraceableError

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

from docgen.render.stamp.tracing import Path, Source

_HAIR: Final = 1e-4
_PLAIN: Final = (
    *("direction", "font_feature_settings", "font_kerning", "font_language_override", "font_stretch", "font_style"),
    *("font_variant_alternates", "font_variant_caps", "font_variant_east_asian", "font_variant_ligatures"),
    *("font_variant_numeric", "font_variant_position", "font_variation_settings", "font_weight", "hyphens"),
    *("letter_spacing", "text_decoration_line", "text_transform", "unicode_bidi", "vertical_align"),
    *("visibility", "word_break", "word_spacing"),
)
"""Properties that the words of a certificate leave as they are by default."""
_BARE: Final = (
    "background_color",
    "background_image",
    "box_shadow",
    "outline_style",
    "overflow",
    "transform",
    "opacity",
)
"""Properties that a box leaves as they are by default where it may move or grow."""
_SIDES: Final = ("top", "right", "bottom", "left")
_ALIGNED: Final = {"start": "left", "left": "left", "center": "center", "right": "right", "end": "right"}


class _FixedError(Exception):
    """Something cannot move."""


@dataclass(eq=False)
class Paragraph:
    """A block with one line of one text."""

    block: Any
    text: Any
    has_source: bool
    pushes: dict[int, float] = field(default_factory=dict)
    stretches: dict[Path, Stretch] = field(default_factory=dict)
    room: float = float("inf")


class Reader:
    """One laid-out page. ``texts`` and ``lengths`` say what characters and numbers in it stand for."""

    def __init__(self, page: Any, texts: Mapping[str, Source], lengths: Mapping[float, Path]) -> None:  # noqa: ANN401  weasyprint ships no types
        """Walk the page once; raises UntraceableError for words in places that cannot be followed."""
        self._texts, self._lengths = texts, lengths
        self._parents: dict[int, Any] = {}
        self._known: dict[int, Paragraph] = {}
        self._boxes: list[Any] = []
        self.bottom: float = page.content_box_y() + page.height
        self._walk(page)
        met = Counter(char for one in self._known.values() if one.has_source for char in one.text.text)
        if any(met[char] != 1 for char in texts):
            raise UntraceableError("prints a value where no paragraph of one text is")

    def _walk(self, box: Any) -> None:  # noqa: ANN401  as above
        self._boxes.append(box)
        if box.is_floated():
            raise UntraceableError("uses floats")
        if found := self._paragraph(box):
            self._known[id(box)] = found
        for child in _children(box):
            self._parents[id(child)] = box
            self._walk(child)

    def _paragraph(self, box: Any) -> Paragraph | None:  # noqa: ANN401  as above
        if not isinstance(box, boxes.BlockContainerBox) or len(box.children) != 1:
            return None
        line = box.children[0]
        if not isinstance(line, boxes.LineBox) or len(line.children) != 1:
            return None
        text = line.children[0]
        if not isinstance(text, boxes.TextBox):
            return None
        return Paragraph(box, text, has_source=any(char in self._texts for char in text.text))

    def places(self) -> list[tuple[Any, Place]]:
        """Return what is set anew for every certificate, each with its box; raises UntraceableError."""
        for one in self._known.values():
            if one.has_source:
                self._follow_growth(one)
        self._follow_lengths()
        moved = {key for one in self._known.values() for key in one.pushes}
        chosen = [
            one for key, one in self._known.items() if one.has_source or key in moved or self._known[key].stretches
        ]
        chosen += [one for one in self._known.values() if one not in chosen and self._joins(one, chosen)]
        numbers = {id(one.block): number for number, one in enumerate(chosen)}
        found = []
        for one in chosen:
            self._want_known_width(one.block)
            pushes = [
                Push(numbers[id(other.block)], other.pushes[id(one.block)])
                for other in chosen
                if other.pushes.get(id(one.block))
            ]
            found.append((one.text, self._place(one, tuple(pushes))))
        return found

    def _joins(self, one: Paragraph, chosen: list[Paragraph]) -> bool:
        """Tell whether fixed words are better set with the others: they would bring a face along a second time."""
        node = one.block
        while node is not None:
            if node.style["opacity"] != 1:
                return False
            node = self._parents.get(id(node))
        if one.text.style["font_family"] not in [other.text.style["font_family"] for other in chosen]:
            return False
        try:
            self._want_known_width(one.block)
            self._place(one, ())
        except UntraceableError:
            return False
        return True

    def _place(self, one: Paragraph, pushes: tuple[Push, ...]) -> Place:
        block, text = one.block, one.text
        if wrong := next((name for name in _PLAIN if text.style[name] != INITIAL_VALUES[name]), None):
            raise UntraceableError(f"sets words with {wrong}")
        if text.style["white_space"] not in {"normal", "pre-wrap"}:
            raise UntraceableError("sets words without line breaks")
        align, indent = _ALIGNED.get(block.style["text_align_all"]), _pixels(block.style["text_indent"])
        last = block.style["text_align_last"]
        if not align or (indent and align != "left") or last not in {"auto", block.style["text_align_all"]}:
            raise UntraceableError("aligns words in another way")
        magic = {path: pixels for pixels, path in self._lengths.items()}
        shift = [
            sum(getattr(each, name) * magic[path] for path, each in one.stretches.items())
            for name in ("right", "down", "wider")
        ]
        pieces = re.split(f"([{''.join(self._texts)}])", text.text) if self._texts else [text.text]
        return Place(
            parts=tuple(self._texts.get(piece, piece) for piece in pieces if piece),
            style=_style(text.style, align, indent),
            left=block.content_box_x() - shift[0],
            top=block.content_box_y() - shift[1],
            width=block.width - shift[2],
            stretches=tuple(one.stretches.values()),
            pushes=pushes,
            room=one.room,
        )

    def _follow_growth(self, one: Paragraph) -> None:
        """Find out what moves when a paragraph takes more lines."""
        moves: Counter[int] = Counter()
        try:
            one.room = self._grow(one.block, moves)
            one.pushes = {key: down for key, down in moves.items() if down}
        except _FixedError:
            one.room = 0.0

    def _grow(self, node: Any, moves: Counter[int]) -> float:  # noqa: ANN401  as above
        """Note in ``moves`` how paragraphs move with every pixel of a box; return how far it may grow."""
        while node.style["height"] == "auto":
            _want_bare(node)
            if node.is_absolutely_positioned():
                if node.style["top"] == "auto":
                    raise _FixedError
                return float("inf")
            parent = self._parents[id(node)]
            siblings = [child for child in _children(parent) if child is not node]
            after = _children(parent)[_place_of(node, parent) + 1 :]
            if isinstance(parent, boxes.TableCellBox):
                down = {"top": 0.0, "bottom": -1.0}.get(parent.vertical_align)
                if down is None or parent.computed_height == "auto":
                    raise _FixedError
                _want_bare(parent)
                for child in after:
                    self._move(child, 1.0, moves)
                for child in (node, *siblings):
                    self._move(child, down, moves)
                free: float = parent.computed_height - parent.content_height
                return max(0.0, free)
            if type(parent) is not boxes.BlockBox:
                raise _FixedError
            for child in after:
                self._move(child, 1.0, moves)
            node = parent
        return float("inf")

    def _move(self, box: Any, down: float, moves: Counter[int]) -> None:  # noqa: ANN401  as above
        """Note that a box and all in it moves; raises _FixedError where something in it is drawn by the template."""
        if not box.is_in_normal_flow():
            if box.style["top"] == box.style["bottom"] == "auto":
                raise _FixedError
            return
        if not down:
            return
        if id(box) in self._known:
            _want_bare(box)
            moves[id(box)] += down  # type: ignore[assignment]  # a counter of halves
            return
        if type(box) is not boxes.BlockBox or (box.children and isinstance(box.children[0], boxes.LineBox)):
            raise _FixedError
        _want_bare(box)
        for child in _children(box):
            self._move(child, down, moves)

    def _follow_lengths(self) -> None:
        """Find out what paddings that every certificate chooses do."""
        for box in self._boxes:
            for side in _SIDES:
                padding = getattr(box, f"padding_{side}", 0)
                for pixels, path in self._lengths.items():
                    if abs(padding - pixels) < _HAIR:
                        self._follow_length(box, side, path)

    def _follow_length(self, box: Any, side: str, path: Path) -> None:  # noqa: ANN401  as above
        if type(box) is not boxes.BlockBox:
            raise UntraceableError("pads something else than a block")
        moves: Counter[int] = Counter()
        is_fixed = box.style["height"] != "auto" and box.style["box_sizing"] == "border-box"
        try:
            if side in {"left", "right"}:
                for one in self._inside(box):
                    one.stretches[path] = _add(one.stretches.get(path), path, side)
                return
            if side == "top":
                for child in _children(box):
                    self._move(child, 1.0, moves)
                if id(box) in self._known:
                    moves[id(box)] += 1
            room = float("inf") if is_fixed else self._grow(box, moves)
        except _FixedError:
            room = 0.0
        if room != float("inf"):
            raise UntraceableError("pads what cannot move")
        for key, down in moves.items():
            one = self._known[key]
            known = one.stretches.get(path, Stretch(path, 0.0, 0.0, 0.0))
            one.stretches[path] = known._replace(down=known.down + down)

    def _inside(self, box: Any) -> Iterator[Paragraph]:  # noqa: ANN401  as above
        """Walk the paragraphs whose width follows that of a box; raises _FixedError where something else does."""
        if box.style["width"] != "auto" and box.style["box_sizing"] != "border-box":
            raise _FixedError
        _want_bare(box, bounded=False)
        if id(box) in self._known:
            yield self._known[id(box)]
            return
        for child in _children(box):
            if type(child) is not boxes.BlockBox or not child.is_in_normal_flow() or child.style["width"] != "auto":
                raise _FixedError
            yield from self._inside(child)

    def _want_known_width(self, box: Any) -> None:  # noqa: ANN401  as above
        """Refuse a paragraph whose width follows from the words in it or beside it."""
        node = box
        while id(node) in self._parents:
            style = node.style
            if isinstance(node, boxes.TableBox):
                is_known = style["table_layout"] == "fixed" and style["width"] != "auto"
            elif node.is_absolutely_positioned() and not node.is_table_wrapper:
                is_known = style["width"] != "auto" or "auto" not in (style["left"], style["right"])
            else:
                is_known = type(node) in _FOLLOWED and not node.is_column
            if not is_known:
                raise UntraceableError("gives words a width that follows from the words")
            node = self._parents[id(node)]


_FOLLOWED: Final = (boxes.BlockBox, boxes.TableCellBox, boxes.TableRowBox, boxes.TableRowGroupBox)


def _children(box: Any) -> list[Any]:  # noqa: ANN401  as above
    if not isinstance(box, boxes.ParentBox):
        return []
    return [child._box if isinstance(child, AbsolutePlaceholder) else child for child in box.children]  # noqa: SLF001  the box behind


def _place_of(box: Any, parent: Any) -> int:  # noqa: ANN401  as above
    return next(place for place, child in enumerate(_children(parent)) if child is box)


def _want_bare(box: Any, *, bounded: bool = True) -> None:  # noqa: ANN401  as above
    """Refuse a box that shows where it begins or ends, or does not grow freely."""
    style = box.style
    names = (*_BARE, "max_height") if bounded else _BARE
    if any(style[name] != INITIAL_VALUES[name] for name in names):
        raise _FixedError
    if bounded and style["min_height"] not in {"auto", 0} and _pixels(style["min_height"]):
        raise _FixedError
    if any(getattr(box, f"border_{side}_width", 0) for side in _SIDES):
        raise _FixedError


def _add(known: Stretch | None, path: Path, side: str) -> Stretch:
    known = known or Stretch(path, 0.0, 0.0, 0.0)
    return known._replace(right=known.right + (side == "left"), wider=known.wider - 1.0)


def _pixels(length: Any) -> float:  # noqa: ANN401  as above
    """Return a computed length; raises UntraceableError for a part of something else."""
    if isinstance(length, int | float):
        return float(length)
    if getattr(length, "unit", None) == "px":
        return float(length.value)
    raise UntraceableError("measures words in percent")


class _Ruler:
    """Asks Pango, once for all lines that look alike: it aligns faces of the second choice with the first one's."""

    def __init__(self, style: Any) -> None:  # noqa: ANN401  as above
        self._style = style
        self._known: dict[Hashable, Metrics] = {}

    def measured(self, looks: Hashable, text: str) -> Metrics:
        found = self._known.get(looks)
        if found is None:
            found = self._known[looks] = Metrics(*pdf.measured(text, self._style))
        return found


def _style(style: Any, align: str, indent: float) -> Style:  # noqa: ANN401  as above
    line_height, baseline = strut(style)
    known = {faces.family(face): face for face in reversed(Face)}
    stack = tuple(dict.fromkeys(known[family] for family in style["font_family"] if family in known))
    if not stack or any(family not in known for family in style["font_family"]):
        raise UntraceableError("sets words in a face that is not of the house")
    if not all(map(outlines.are_drawn, stack)):
        raise UntraceableError("sets words in a face without TrueType outlines")
    size = int(style["font_size"] * 1024) / 1024
    keeps = style["white_space"] == "pre-wrap"
    return Style(size, stack, _Ruler(style), line_height, baseline, indent, align, keeps, style["lang"] or "")
