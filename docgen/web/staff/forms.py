"""填表: every notice with its forms, drafts to go on with, and the page of one form."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from flask import request, url_for

from docgen.filling import entries, keeping, overview, unfinished
from docgen.filling.entries import Asker
from docgen.forms import catalogue
from docgen.forms.form import Kind, Level
from docgen.forms.shape import LeafKind
from docgen.store.users import Role
from docgen.web import api
from docgen.web.staff import door, pages, words
from docgen.web.staff.routes import Routes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response

    from docgen.filling.entries import Entry, Spotted
    from docgen.filling.keeping import Kept
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

    @property
    def verdict(self) -> Verdict:
        """What the check says."""
        return keeping.verdict(self.form, self.submission)

    def spotted(self, verdict: Verdict) -> tuple[Spotted, ...]:
        """Find the places of all faults."""
        return entries.spotted(verdict.faults, self.form.shape, self.names)

    def entries(self, wrong: tuple[Spotted, ...]) -> tuple[Entry, ...]:
        """Return what the page asks."""
        sentences = catalogue.get_notice(self.form.notice_id).sentences
        return Asker(sentences, entries.usual(self.form), self.extra).entries(self.form.shape, self.raw, wrong)

    @property
    def address(self) -> str:
        """Where it can be opened again."""
        if not self.draft:
            return url_for("staff_form_page", notice=self.form.notice_id, form=self.form.stem)
        return url_for("staff_form_draft", notice=self.form.notice_id, form=self.form.stem, draft=self.draft)

    def look(self) -> dict[str, object]:
        """Return what stands beside the form: what is wrong, what is missing, what the rules say, its picture."""
        verdict = self.verdict
        found = self.spotted(verdict)
        return {
            "shown": self,
            "wrong": [one for one in found if not one.later],
            "later": [one for one in found if one.later],
            "findings": entries.placed(verdict.findings, self.form.shape, self.names),
            "levels": LEVELS,
            "complete": verdict.complete,
            "shortened": unfinished.MOST_ROWS if unfinished.beginning(self.submission) != self.submission else 0,
        }


def of_draft(kept: Kept, extra: str = "") -> Shown:
    """Return a draft as its page shows it."""
    return Shown(kept.form, kept.submission, kept.submission, kept.draft.id, kept.draft.revision, extra=extra)


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
    return _page(of_draft(kept, request.args.get("add", "")), kept.told)


def _page(shown: Shown, told: object) -> Response:
    form = shown.form
    notice = catalogue.get_notice(form.notice_id)
    look = shown.look() if shown.draft else {"shown": shown}
    found = shown.spotted(shown.verdict) if shown.draft else ()
    return pages.page(
        "form.html",
        "forms",
        listed=overview.listed(notice),
        form=form,
        entries=shown.entries(found),
        rules={rule.id: rule.sentence for rule in form.rules},
        told=told,
        writable=door.may(Role.ISSUER),
        Kind=Kind,
        LeafKind=LeafKind,
        **look,
    )
