"""证书: finding them, looking at one, printing it, taking a list along."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flask import Response, request, url_for

from docgen.certificates import states
from docgen.certificates.code import grouped
from docgen.certificates.states import State
from docgen.errors import UnknownFormError
from docgen.forms import catalogue
from docgen.issuing import correcting, looking, printing, seeking
from docgen.people import accounts, actors
from docgen.people.accounts import Action
from docgen.render.document import MEDIA_TYPES
from docgen.rosters import register
from docgen.store.drafts import UnknownDraftError
from docgen.store.search import Wanted
from docgen.store.users import Role
from docgen.web.api import file
from docgen.web.context import context
from docgen.web.staff import door, pages, words
from docgen.web.staff.routes import Routes

if TYPE_CHECKING:
    from docgen.issuing.looking import Line, Version

ROUTES = Routes()
_PAGE: Final = 50
_MOST_EXPORTED: Final = 10_000
_MOST_ID: Final = 2**62
_UNSEEN: Final = frozenset({State.PENDING, State.VOID})


@dataclass(frozen=True, slots=True)
class _Search:
    """What somebody looks for. ``find`` names a text that must not stand in an address."""

    text: str
    find: str
    wanted: Wanted

    def query(self) -> dict[str, Any]:
        """Return it as parts of an address."""
        told = {
            "q": "" if self.find else self.text,
            "find": self.find,
            "state": self.wanted.state.value if self.wanted.state else "",
            "form": self.wanted.form,
            "year": self.wanted.year,
            "batch": self.wanted.batch,
        }
        return {name: value for name, value in told.items() if value}


@ROUTES.add("GET", "/certificates", Role.VIEWER)
def certificates() -> Response:
    """List certificates, the newest first."""
    search = _search(request.args)
    before = _number(request.args.get("before", ""))
    desk = door.desk()
    found = looking.find(desk, search.wanted, before, _PAGE + 1)
    lines, choices = found[:_PAGE], looking.choices(desk)
    return pages.page(
        "certificates.html",
        "certificates",
        search=search,
        lines=lines,
        older=url_for("staff_certificates", before=lines[-1].record.id, **search.query()) if len(found) > _PAGE else "",
        newest=url_for("staff_certificates", **search.query()) if before is not None else "",
        forms=[(one, _title(one)) for one in choices.forms],
        years=choices.years,
        states=states.NAMES,
        state=words.state,
        most=_MOST_EXPORTED,
    )


@ROUTES.add("POST", "/certificates/search", Role.VIEWER)
def search_certificates() -> Response:
    """Take what somebody looks for, and show it under an address in which no name stands."""
    search = _search(request.form)
    text = search.text.strip()
    if text and seeking.is_personal(text):
        kept = seeking.remember(door.desk(), door.session().user.id, text)
        search = _Search(text, kept, search.wanted)
    else:
        search = _Search(text, "", search.wanted)
    return door.go(url_for("staff_certificates", **search.query()))


@ROUTES.add("POST", "/certificates/export", Role.ISSUER)
def export_certificates() -> Response:
    """Give the list as a file of Excel."""
    desk, search = door.desk(), _search(request.form)
    registry = context().registry
    with context().downloads.taken():
        rows = [_row(line) for line in looking.walk(desk, search.wanted, _MOST_EXPORTED)]
        full = len(rows) == _MOST_EXPORTED
        note = f"证书清单，{len(rows):,} 份" + ("（只列最新的，其余请缩小范围后再导出）" if full else "")
        data = registry.press(register.written, rows, note)
    accounts.note(desk, Action.EXPORT, f"{len(rows)} 份")
    return file(data, "证书清单.xlsx", "certificates.xlsx", MEDIA_TYPES["xlsx"])


@ROUTES.add("GET", "/certificates/<number>", Role.VIEWER)
def certificate(number: str) -> Response:
    """Show one certificate with all that happened to it."""
    desk = door.desk()
    versions = looking.show(desk, number.strip().upper())
    here = next((one for one in versions if one.state not in _UNSEEN), versions[0])
    history = [(one.record.version, event) for one in versions for event in one.history]
    history.sort(key=lambda told: told[1].at, reverse=True)
    waiting = correcting.waiting(desk, here.record.number) if here.state is State.ISSUED else ()
    who = {event.step.actor for _, event in history} | {f"user:{draft.user}" for draft in waiting}
    return pages.page(
        "certificate.html",
        "certificates",
        here=here,
        versions=versions,
        history=history,
        waiting=waiting,
        names=actors.named(desk, who),
        title=_title(here.claims.form) if here.claims else "",
        grouped=grouped,
        state=words.state,
        moment=words.moment,
        ways=_ways(here),
        formats=printing.FORMATS,
    )


@ROUTES.add("GET", "/certificates/<number>/picture.png", Role.VIEWER)
def certificate_picture(number: str) -> Response:
    """Show what the valid version looks like."""
    with context().slots.taken():
        printed = printing.document(door.desk(), number, "pdf")
        data = context().registry.press(printing.picture, printed.data)
    return Response(data, content_type=MEDIA_TYPES["png"])


@ROUTES.add("GET", "/certificates/<number>/print.<fmt>", Role.ISSUER)
def print_certificate(number: str, fmt: str) -> Response:
    """Give the document of the valid version; ``border=no`` is for paper that has its border."""
    desk = door.desk()
    border = request.args.get("border") != "no"
    with context().slots.taken():
        printed = printing.document(desk, number, fmt, border=border)
    accounts.note(desk, Action.REPRINT, f"{number} {fmt}{'' if border else ' 无边框'}")
    return file(printed.data, printed.filename, printed.filename, printed.media_type)


def _search(given: dict[str, str]) -> _Search:
    """Read what somebody looks for; what is no choice of ours does not count."""
    find = given.get("find", "")
    try:
        text = seeking.recall(door.desk(), find) if find else given.get("q", "")
    except UnknownDraftError:
        text, find = "", ""
    state = given.get("state", "")
    chosen = State(state) if state in states.NAMES else None
    year, batch = _number(given.get("year", "")), _number(given.get("batch", ""))
    return _Search(text, find, Wanted(text, chosen, given.get("form", ""), year, batch))


def _number(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(_MOST_ID)) - 1 else None


def _title(form_id: str) -> str:
    """Return the title of a kind of certificate; of one that is no longer installed, its identifier."""
    try:
        return catalogue.get_form(form_id).title
    except UnknownFormError:
        return form_id


def _row(line: Line) -> list[str]:
    record, claims = line.record, line.claims
    state, _ = words.state(line.state)
    if claims is None:
        return [record.number, str(record.version), state, "登记内容与签名不符", *[""] * 7, str(record.batch)]
    return [
        record.number,
        str(record.version),
        state,
        claims.award,
        claims.grade,
        "，".join(value for _, value in claims.shown()),
        "、".join(name for _, names in claims.people() for name in names),
        claims.decision,
        claims.issued_on,
        "、".join(claims.issuers),
        grouped(record.code),
        str(record.batch),
    ]


def _ways(here: Version) -> list[tuple[str, str, str]]:
    """Return what can be done to a certificate now by whoever looks: endpoint, words, class of the button."""
    match here.state:
        case State.ISSUED if here.claims:
            ways = [("correct", "换发", Role.ISSUER), ("suspend", "暂停", Role.APPROVER)]
        case State.ISSUED:
            ways = [("suspend", "暂停", Role.APPROVER)]
        case State.SUSPENDED:
            ways = [("resume", "恢复", Role.APPROVER)]
        case _:
            return []
    ways.append(("revoke", "撤销", Role.APPROVER))
    return [(name, title, "danger" if name == "revoke" else "") for name, title, role in ways if door.may(role)]
