"""Which form a file is: by its printed words and the tags of its controls, never by its name."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from docgen.forms.catalogue import all_forms
from docgen.reading.folding import fold
from docgen.reading.result import ForeignFileError
from docgen.reading.turning import skeleton_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docgen.forms.form import Form
    from docgen.reading.page import Page

_ENOUGH: Final = 0.5
"""Share of a form's printed words that a file must have, by length."""
_SURE: Final = 0.03
"""By how much the best form must lead the next."""
_HEAVY: Final = 30
"""Characters from which on a printed sentence weighs no more: notes are long and say little."""
_TITLE: Final = 0.15


def form_of(page: Page, wanted: Form | None) -> Form:
    """Return the form of a file, or say which it seems to be; ``wanted`` is the one that the caller named."""
    shares = {form: _share(form, page) for form in all_forms().values()}
    ranked = sorted(shares, key=lambda form: -shares[form])
    best = ranked[0]
    if wanted:
        if shares[wanted] >= _ENOUGH or (shares[best] < _ENOUGH and shares[wanted] > _ENOUGH / 2):
            return wanted
        what = f"像是《{best.title}》（{best.id}）" if shares[best] >= _ENOUGH else "也不是其他附件表"
        raise ForeignFileError(f"这份文件不是《{wanted.title}》（{wanted.id}），{what}", "请核对文件，或改用相应的表")
    if shares[best] < _ENOUGH:
        raise ForeignFileError(
            "这份文件不是本系统的任何一张附件表，或印好的文字改动太多",
            "请用 docgen blank 生成的空白表填写；确知是哪张表时请指定表的编号（--form 或参数 form）",
        )
    if len(ranked) > 1 and shares[best] - shares[ranked[1]] < _SURE:
        raise ForeignFileError(
            f"分不清这份文件是《{best.title}》（{best.id}）还是《{ranked[1].title}》（{ranked[1].id}）",
            "请指定表的编号（--form 或参数 form）",
        )
    return best


def likeness(page: Page, form: Form | None) -> float:
    """Return how much a page looks like a form, or like the one that it looks most like."""
    return max(_share(one, page) for one in ([form] if form else all_forms().values()))


def _share(form: Form, page: Page) -> float:
    """Return how much of a form's printed words stands in the file, with a bonus for its title and its tags."""
    total = there = 0
    for ways in _lines(form):
        total += max(sum(weights) for weights in (way.values() for way in ways))
        there += max(sum(weight for words, weight in way.items() if words in page.fold) for way in ways)
    words = there / total if total else 0.0
    titled = fold(form.title) in page.fold or fold(form.title) == fold(page.title)
    tags = {control.tag.partition("#")[0] for unit in page.units for one in unit.paragraphs for control in one.controls}
    tags.discard("")
    if tags:
        known = {slot.path for slot in skeleton_of(form).slots}
        words = (words + len(tags & known) / len(tags)) / 2
    return words + (_TITLE if titled else -_TITLE)


@cache
def _lines(form: Form) -> tuple[tuple[Mapping[str, int], ...], ...]:
    """Return the printed words of each line that is always there, way by way, with their weights."""
    lines = [
        line
        for unit in skeleton_of(form).units
        for cell in unit.cells
        for line in cell.lines
        if not (unit.optional or line.optional)
    ]
    found = [
        tuple(
            {words: min(len(words), _HEAVY) for token in way if isinstance(token, str) and (words := fold(token))}
            for way in line.ways
        )
        for line in lines
    ]
    return tuple(ways for ways in found if any(ways))
