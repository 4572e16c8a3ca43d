"""批量颁证: what all certificates of a batch have in common, how they look, and the last question before issuing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import Response, request, url_for

from docgen.errors import ConflictError, SubmissionError
from docgen.forms import certificate
from docgen.jobs import desktop
from docgen.jobs.intake import RosterError
from docgen.people import accounts
from docgen.people.accounts import Action
from docgen.render.document import MEDIA_TYPES
from docgen.rosters import mending
from docgen.store.drafts import UnknownDraftError
from docgen.store.users import Role
from docgen.web.context import context
from docgen.web.staff import door, pages
from docgen.web.staff.batch_rosters import gone
from docgen.web.staff.routes import Routes

if TYPE_CHECKING:
    from docgen.errors import Fault
    from docgen.jobs.desktop import Opened, Terms

ROUTES = Routes()

_MOST_DIGITS = 7


@ROUTES.add("GET", "/batches/drafts/<draft>/terms", Role.ISSUER)
def roster_terms(draft: str) -> Response:
    """Ask what all certificates have in common."""
    try:
        one = desktop.opened(door.desk(), draft)
    except UnknownDraftError:
        return gone(draft)
    return _ask(one)


@ROUTES.add("POST", "/batches/drafts/<draft>/terms", Role.ISSUER)
def settle_terms(draft: str) -> Response:
    """Judge and keep that."""
    desk = door.desk()
    try:
        before = desktop.opened(desk, draft)
        with context().slots.taken():
            one = desktop.settle(desk, draft, _typed(before.terms))
    except UnknownDraftError:
        return gone(draft)
    except SubmissionError as error:
        return _ask(desktop.opened(desk, draft), error.faults)
    if one.roster.faults:
        failed = one.roster.tally.failed
        told = f"颁发内容已保存；还有 {failed} 行要先改好，或选「不颁发」"
        return door.go(url_for("staff_roster", draft=draft, show="faults"), told)
    return door.go(url_for("staff_confirm_roster", draft=draft))


@ROUTES.add("POST", "/batches/drafts/<draft>/terms/look", Role.ISSUER)
def look_at_terms(draft: str) -> Response:
    """Keep what was typed so far, and show how a certificate looks with it."""
    desk = door.desk()
    try:
        before = desktop.opened(desk, draft)
    except UnknownDraftError:
        return gone(draft)
    typed = _typed(before.terms)
    one = before if typed == before.terms else desktop.note(desk, draft, typed)
    if request.headers.get("HX-Request"):
        return pages.part("roster_look.html", **_look(one))
    return _ask(one)


@ROUTES.add("GET", "/batches/drafts/<draft>/picture.png", Role.ISSUER)
def roster_picture(draft: str) -> Response:
    """Draw the certificate of a row as 样张."""
    desk = door.desk()
    one = desktop.opened(desk, draft)
    with context().slots.taken():
        data = desktop.picture(desk, one, _row(one))
    return Response(data, content_type=MEDIA_TYPES["png"])


def _typed(before: Terms) -> Terms:
    """Return the terms as they stand in the form that was sent."""
    given = request.form

    def line(name: str) -> str:
        return given.get(name, "").strip()

    return replace(
        before,
        title=line("title"),
        decision=line("decision"),
        issued_on=line("issued_on"),
        series=line("series").upper(),
        recipient=line("recipient"),
        body=line("body"),
        closing=line("closing"),
        issuers=tuple(name.strip() for name in given.getlist("issuers") if name.strip()),
        second="second" in given,
    )


def _ask(one: Opened, faults: tuple[Fault, ...] = ()) -> Response:
    form = one.mended.form
    told: dict[str, Any] = {
        "faults": faults,
        "labels": [f"{{{label}}}" for label in certificate.labels(form.shape)],
        "usual": {name: form.model.model_fields[name].default for name in certificate.WORDS},
        "must_second": context().settings.second_person,
        "most_issuers": max(4, len(one.terms.issuers)),
    }
    status = 422 if faults else 200
    return pages.page("roster_terms.html", "batches", status=status, **told, **_look(one))


def _look(one: Opened) -> dict[str, Any]:
    """Return what the preview shows: a row, and why it cannot be drawn, if it cannot."""
    number = _row(one)
    wrong: tuple[Fault, ...] = ()
    if number:
        with context().slots.taken():
            wrong = desktop.look(door.desk(), one, number)
    good = one.roster.good
    return {
        "one": one,
        "form": one.mended.form,
        "number": number,
        "wrong": wrong,
        "first": good[0].number if good else 0,
        "longest": mending.longest(one.mended) or 0,
    }


def _row(one: Opened) -> int:
    """Return the row that is asked for, where there is one; else the first that can be issued, 0 where none can."""
    asked = request.values.get("look") or request.values.get("row", "")
    numbers = {entry.row.number for entry in one.mended.entries if not entry.skipped}
    if asked.isascii() and asked.isdecimal() and len(asked) <= _MOST_DIGITS and int(asked) in numbers:
        return int(asked)
    good = one.roster.good
    return good[0].number if good else min(numbers, default=0)


# --- The last question -----------------------------------------------------------------------------------------------


@ROUTES.add("GET", "/batches/drafts/<draft>/confirm", Role.ISSUER)
def confirm_roster(draft: str) -> Response:
    """Show what is about to be issued."""
    try:
        one = desktop.opened(door.desk(), draft)
    except UnknownDraftError:
        return gone(draft)
    return _confirm(one)


def _confirm(one: Opened, refusal: ConflictError | None = None) -> Response:
    if not one.terms.settled:
        return door.go(url_for("staff_roster_terms", draft=one.draft.id), "请先确认颁发内容")
    return pages.page(
        "roster_confirm.html",
        "batches",
        status=409 if refusal else 200,
        one=one,
        form=one.mended.form,
        tally=one.roster.tally,
        numbers=desktop.numbers(door.desk(), one),
        doubts=sum(1 for problem in one.roster.warnings if problem.place.row),
        second=one.terms.second or context().settings.second_person,
        refusal=refusal,
    )


@ROUTES.add("POST", "/batches/drafts/<draft>/begin", Role.ISSUER)
def begin_batch_of_roster(draft: str) -> Response:
    """Issue it; sent twice it is one batch."""
    desk = door.desk()
    try:
        with context().slots.taken():
            begun = desktop.begin(desk, context().engine, draft, second=context().settings.second_person)
    except UnknownDraftError:
        return gone(draft)
    except RosterError:
        told = "名单里有刚刚才发现的问题，什么也没有颁发；请按提示改好再确认"
        return door.go(url_for("staff_roster", draft=draft, show="faults"), told)
    except ConflictError as error:
        return _confirm(desktop.opened(desk, draft), error)
    if begun.new:
        accounts.note(desk, Action.BATCH, str(begun.batch))
    notice = "。".join(["已登记，正在后台制作；可以关掉窗口，做完再来下载", *begun.notes])
    return door.go(url_for("staff_batch", batch=begun.batch), notice)
