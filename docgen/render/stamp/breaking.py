"""Where lines end: at Pango's own opportunities, as many characters on a line as there is room for."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from weasyprint.text.line_break import get_log_attrs

if TYPE_CHECKING:
    from collections.abc import Sequence


@lru_cache(maxsize=512)
def _opportunities(text: str, language: str) -> tuple[tuple[int, int], ...]:
    """Return where lines may end: the place, and how far their words reach without the spaces at their end."""
    found = get_log_attrs(text, language)
    ends = []
    for place in range(1, len(text) + 1):
        if place == len(text) or found[place].is_line_break:
            bare = place
            while bare and found[bare - 1].is_white:
                bare -= 1
            ends.append((place, bare))
    return tuple(ends)


def cuts(text: str, language: str, edges: Sequence[float], width: float, indent: float) -> list[int]:
    """Return where lines after the first begin. ``edges`` are the ends of all characters from the text's beginning.

    Spaces at the end of a line need no room; a word longer than a line is cut.
    """
    ends = _opportunities(text, language)
    found: list[int] = []
    start, free, at = 0, width - indent, 0
    while edges[-1] - edges[start] > free:
        last = at
        while last < len(ends) and edges[ends[last][1]] - edges[start] <= free:
            last += 1
        if last == len(ends):
            break
        if last > at:
            cut, at = ends[last - 1][0], last
        else:
            cut = _forced(edges, start, free)
        found.append(cut)
        start, free = cut, width
    return found


def _forced(edges: Sequence[float], start: int, free: float) -> int:
    """Return where a word is cut that is longer than a line."""
    end = start + 1
    while edges[end + 1] - edges[start] <= free:
        end += 1
    return end
