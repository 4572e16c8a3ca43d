"""Words compared as people compare them: full width or half width, with or without spaces, all the same.

Folding keeps the place of every character, so that a value is cut from the text as it was typed.
"""

from __future__ import annotations

import difflib
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_SAME: Final = str.maketrans(
    {"、": ",", "。": ".", "“": '"', "”": '"', "‘": "'", "’": "'", "〔": "[", "〕": "]", "【": "[", "】": "]", "–": "-"}
)
_DROPPED: Final = frozenset({"Cf", "Cc", "Zs", "Zl", "Zp"})
_LIKE: Final = 0.8
"""Share of characters in order that makes two labels one: a slip corrected, a word added by hand."""
_SHORTEST: Final = 4
"""Shorter labels (姓名, 电话) must be equal: one character of two is another label."""
_LONGEST: Final = 400
"""Longer texts are compared by their head: the comparison is quadratic."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A text without spaces in one width; ``places[i]`` is where character i stands in ``text``."""

    text: str
    chars: str
    places: tuple[int, ...]

    def cut(self, start: int, end: int) -> str:
        """Return the typed text between two places of ``chars``, with the spaces around it."""
        first = self.places[start - 1] + 1 if start else 0
        last = self.places[end] if end < len(self.places) else len(self.text)
        return self.text[first:last]


def folded(text: str) -> Folded:
    """Fold a text, keeping places."""
    chars: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        plain = _plain(char)
        chars.append(plain)
        places += [place] * len(plain)
    return Folded(text, "".join(chars), tuple(places))


@lru_cache(maxsize=8192)
def _plain(char: str) -> str:
    wide = unicodedata.normalize("NFKC", char).translate(_SAME).lower()
    return "".join(one for one in wide if unicodedata.category(one) not in _DROPPED)


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Return only the folded characters."""
    return "".join(map(_plain, text))


@lru_cache(maxsize=16384)
def _letters(words: str) -> frozenset[str]:
    return frozenset(words[:_LONGEST])


@lru_cache(maxsize=16384)
def alike(one: str, other: str) -> bool:
    """Whether two folded labels are the same but for a slip."""
    if one == other:
        return True
    shorter, longer = sorted((len(one), len(other)))
    if shorter < _SHORTEST or shorter < longer * (2 * _LIKE - 1):
        return False
    if len(_letters(one) & _letters(other)) < _LIKE / 2 * min(len(_letters(one)), len(_letters(other))):
        return False
    matcher = difflib.SequenceMatcher(None, one[:_LONGEST], other[:_LONGEST], autojunk=False)
    return matcher.quick_ratio() >= _LIKE and matcher.ratio() >= _LIKE
