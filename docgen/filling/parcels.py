"""A package made of drafts: what each of them still lacks, what the notice's rules say of all of them together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from docgen import service
from docgen.filling import albums, keeping, parts
from docgen.filling.asking import anchor
from docgen.filling.entries import said
from docgen.forms.form import Level

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from docgen.filling.keeping import Kept
    from docgen.forms.form import Notice
    from docgen.issuing.registry import Desk


@dataclass(frozen=True, slots=True)
class Remark:
    """What the check says; ``kept`` and ``place`` are the draft and its field, None and "" where it is no draft's."""

    kept: Kept | None
    place: str
    label: str
    detail: str
    sentence: str = ""
    level: Level = Level.ERROR

    @property
    def row(self) -> str:
        """The row of a list in which the place is, "" for none: a long list is opened there."""
        return parts.row_of(self.place)


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdict on a package: with ``faults`` it cannot be packed, with ``findings`` it can."""

    faults: tuple[Remark, ...]
    findings: tuple[Remark, ...]
    complete: bool


def checked(notice: Notice, chosen: Sequence[Kept], as_of: date | None = None) -> Checked:
    """Check drafts as one package."""
    raw: dict[str, list[dict[str, Any]]] = {}
    for kept in chosen:
        raw.setdefault(kept.form.stem, []).append(albums.stand_ins(kept.form.shape, kept.submission))
    verdict = service.check_package(notice, raw, as_of)
    order = list(Level)
    return Checked(
        tuple(Remark(*_place(chosen, one.pointer), one.label, said(one), one.sentence) for one in verdict.faults),
        tuple(
            Remark(*_place(chosen, one.pointer), one.label, one.detail, one.sentence, one.level)
            for one in sorted(verdict.findings, key=lambda one: order.index(one.level))
        ),
        verdict.complete,
    )


def whole(desk: Desk, chosen: Sequence[Kept]) -> dict[str, list[dict[str, Any]]]:
    """Return the dataset of a package with all pictures: annex stem to submissions."""
    raw: dict[str, list[dict[str, Any]]] = {}
    for kept in chosen:
        raw.setdefault(kept.form.stem, []).append(keeping.whole(desk, kept.form, kept.submission))
    return raw


def _place(chosen: Sequence[Kept], pointer: str) -> tuple[Kept | None, str]:
    """Return the draft that a pointer into the package leads to, and the field there."""
    stem, *steps = pointer.split("/")[1:] or [""]
    drafts = [kept for kept in chosen if kept.form.stem == stem]
    if not steps or not steps[0].isdecimal() or int(steps[0]) >= len(drafts):
        return None, ""
    kept = drafts[int(steps[0])]
    return kept, anchor("".join(f"/{step}" for step in steps[1:]), kept.form.shape, {})
