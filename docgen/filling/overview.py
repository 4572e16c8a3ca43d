"""Notices and their forms as a clerk looks for them: until when, what to fill in, what came from where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from docgen import service
from docgen.forms import catalogue
from docgen.forms.form import Kind

if TYPE_CHECKING:
    from datetime import date

    from docgen.forms.form import Form, Notice

_SOON_DAYS = 14


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline and how many days are left; negative when it is over. The day itself counts as in time."""

    title: str
    day: date
    left: int

    @property
    def said(self) -> str:
        """The days left, for people."""
        if self.left < 0:
            return f"已过 {-self.left} 天"
        return f"还有 {self.left} 天" if self.left else "今天截止"

    @property
    def tone(self) -> str:
        """How much it presses."""
        return "plain" if self.left < 0 else "doubt" if self.left <= _SOON_DAYS else "good"


@dataclass(frozen=True, slots=True)
class Listed:
    """A notice with its deadlines and its forms: those that units fill in, and the others."""

    notice: Notice
    dues: tuple[Due, ...]
    forms: tuple[Form, ...]
    others: tuple[Form, ...]


def listed(notice: Notice, as_of: date | None = None) -> Listed:
    """Return a notice as it is listed; ``as_of`` is the day from which days are counted, today by default."""
    known = service.circumstances(notice, as_of)
    dues = tuple(
        Due(one.title, known.deadlines[one.id], (known.deadlines[one.id] - known.as_of).days)
        for one in notice.deadlines
    )
    forms = catalogue.forms_of(notice)
    own = tuple(form for form in forms if form.shape.fields and form.kind not in {Kind.CERTIFICATE, Kind.REVIEW})
    return Listed(notice, dues, own, tuple(form for form in forms if form not in own))


def all_listed(as_of: date | None = None) -> tuple[Listed, ...]:
    """Return all notices: first those that can still be answered, the most pressing first, then the latest."""

    def pressing(one: Listed) -> tuple[bool, int]:
        open_ones = [due.left for due in one.dues if due.left >= 0]
        last = max((due.left for due in one.dues), default=-(10**6))
        return not open_ones, min(open_ones) if open_ones else -last

    return tuple(sorted((listed(notice, as_of) for notice in catalogue.all_notices().values()), key=pressing))
