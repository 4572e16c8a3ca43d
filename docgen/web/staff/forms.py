"""填表: every notice with its forms, drafts to go on with, and the page of one form."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from flask import request, url_for

from docgen.filling import entries, keeping, overview, parts, unfinished
from docgen.filling.entries import Asker
from docgen.forms import catalogue
from docgen.forms.form import Kind, Level
from docgen.forms.shape import LeafKind
from docgen.store.users import Role
from docgen.web import api
from docgen.web.staff import door, pages, words
from docgen.web.staff.routes import Routes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flask import Response

    from docgen.filling.entries import Entry, Spotted
    from docgen.filling.keeping import Kept
    from docgen.filling.parts import Parts
    from docgen.forms.checking import Verdict
    from docgen.forms.form import Form

ROUTES = Routes()
LEVELS: Final = {
    Level.ERROR: ("不符合", "ended"),
    Level.WARNING: ("请核实", "doubt"),
    Level.REMINDER: ("提醒", "plain"),
}
"""How findings of each weight are called, and their tone."""
_WINDOW_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class Shown:
    """A form as a page shows it: what is filled in, where it is kept, and by what names its rows stand there."""

    form: Form
    raw: dict[str, Any]
    submission: dict[str, Any]
    draft: str = ""
    revision: int = 0
    window: str = field(default_factory=lambda: secrets.token_hex(_WINDOW_BYTES))
    names: Mapping[str, str] = field(default_factory=dict)
    extra: str = ""
    parts: Parts = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        """What the check says."""
        return keeping.verdict(self.form, self.submission)

    def spotted(self, verdict: Verdict) -> tuple[Spotted, ...]:
        """Find the places of all faults."""
        return entries.spotted(verdict.faults, self.form.shape, self.names, self._shows)

    def entries(self, wrong: tuple[Spotted, ...]) -> tuple[Entry, ...]:
        """Return what the page asks."""
        sentences = catalogue.get_notice(self.form.notice_id).sentences
        asker = Asker(sentences, entries.usual(self.form), self.extra, self.parts)
        return asker.entries(self.form.shape, self.raw, wrong)

    @property
    def address(self) -> str:
        """Where it can be opened again."""
        return self._address()

    def link(self, place: str = "", add: str = "") -> str:
        """Return where it can be opened at a place: long lists at the parts shown now, or at the one with the place."""
        series = place.partition(".")[0]
        at = [f"{name}.{part.before}" for name, part in self.parts.items() if part.before and name != series]
        if series in self.parts and not add:
            at.append(parts.row_of(place) or f"{series}.{self.parts[series].before}")
        return self._address(at=at, add=add or None, _anchor=place or None)

    def _address(self, **more: Any) -> str:  # noqa: ANN401  as url_for takes it
        page = "staff_form_draft" if self.draft else "staff_form_page"
        return url_for(page, notice=self.form.notice_id, form=self.form.stem, draft=self.draft or None, **more)

    def _shows(self, pointer: str) -> bool:
        return parts.shows(self.parts, self.submission, pointer)

    def look(self, verdict: Verdict) -> dict[str, object]:
        """Return what stands beside the form: what is wrong, what is missing, what the rules say, its picture."""
        found = self.spotted(verdict)
        return {
            "shown": self,
            "wrong": [one for one in found if not one.later],
            "later": [one for one in found if one.later],
            "findings": entries.placed(verdict.findings, self.form.shape, self.names, self._shows),
            "levels": LEVELS,
            "complete": verdict.complete,
            "shortened": unfinished.MOST_ROWS if unfinished.beginning(self.submission) != self.submission else 0,
        }


def of_draft(kept: Kept, places: Iterable[str], extra: str) -> Shown:
    """Return a draft as its page shows it: of long lists the parts with the places, or where a row is added."""
    draft, raw = kept.draft, kept.submission
    around = parts.around(kept.form.shape, raw, places, extra)
    return Shown(kept.form, raw, raw, draft.id, draft.revision, extra=extra, parts=around)


@ROUTES.add("GET", "/forms", Role.VIEWER)
def forms() -> Response:
    """Show all notices and all drafts."""
    found = overview.all_listed()
    drafts = keeping.of(door.desk())
    return pages.page("forms.html", "forms", notices=found, drafts=drafts, Kind=Kind, moment=words.moment)


@ROUTES.add("GET", "/forms/<notice>/<form>", Role.VIEWER)
def form_page(notice: str, form: str) -> Response:
    """Ask a new form."""
    found = api.form_of(notice, form)
    usual = entries.usual(found)
    return _page(Shown(found, usual, usual, extra=request.args.get("add", "")), ())


@ROUTES.add("GET", "/forms/<notice>/<form>/<draft>", Role.VIEWER)
def form_draft(notice: str, form: str, draft: str) -> Response:
    """Go on with a draft."""
    kept = keeping.opened(door.desk(), api.form_of(notice, form), draft)
    return _page(of_draft(kept, request.args.getlist("at"), request.args.get("add", "")), kept.told)


def _page(shown: Shown, told: object) -> Response:
    form = shown.form
    notice = catalogue.get_notice(form.notice_id)
    verdict = shown.verdict if shown.draft else None
    look = shown.look(verdict) if verdict else {"shown": shown}
    return pages.page(
        "form.html",
        "forms",
        listed=overview.listed(notice),
        form=form,
        entries=shown.entries(shown.spotted(verdict) if verdict else ()),
        rules={rule.id: rule.sentence for rule in form.rules},
        told=told,
        writable=door.may(Role.ISSUER),
        Kind=Kind,
        LeafKind=LeafKind,
        **look,
    )
