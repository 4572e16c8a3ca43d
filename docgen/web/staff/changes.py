"""What can happen to a certificate: suspended, resumed, revoked, corrected. Each asks first and says what it does."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from flask import Response, request, url_for

from docgen.certificates.states import ReasonClass, State
from docgen.errors import ConflictError, Fault, SubmissionError
from docgen.forms import catalogue
from docgen.forms.certificate import WORDS, Certificate
from docgen.forms.shape import Series
from docgen.issuing import changing, correcting
from docgen.people import accounts, actors
from docgen.people.accounts import Action
from docgen.render.document import MEDIA_TYPES
from docgen.store.users import Role
from docgen.web.context import context
from docgen.web.staff import door, pages, words
from docgen.web.staff.routes import Routes

if TYPE_CHECKING:
    from docgen.issuing.correcting import Proposal

ROUTES = Routes()


@dataclass(frozen=True, slots=True)
class _Ending:
    """One thing that can be done: its title, where it leads, how it is noted, what is said before and after."""

    title: str
    state: State
    action: Action
    warning: str
    done: str
    usual: str = ""


_ENDINGS: Final = MappingProxyType(
    {
        "suspend": _Ending(
            "暂停",
            State.SUSPENDED,
            Action.SUSPEND,
            "暂停期间，扫码显示「已暂停」，不能打印。以后可以恢复，也可以撤销。",
            "已暂停",
        ),
        "resume": _Ending(
            "恢复",
            State.ISSUED,
            Action.RESUME,
            "恢复后重新有效，扫码照常显示。",
            "已恢复，重新有效",
            ReasonClass.CLEARED,
        ),
        "revoke": _Ending(
            "撤销",
            State.REVOKED,
            Action.REVOKE,
            "撤销后永远不再有效，扫码显示「已撤销」，不能恢复；编号不会再用。内容有误请用「换发」。",
            "已撤销",
        ),
    }
)


@ROUTES.add("GET", "/certificates/<number>/suspend", Role.APPROVER)
def ask_suspend(number: str) -> Response:
    """Ask whether a certificate is to be suspended, and why."""
    return _ask("suspend", number)


@ROUTES.add("POST", "/certificates/<number>/suspend", Role.APPROVER)
def suspend(number: str) -> Response:
    """Suspend a certificate."""
    return _change("suspend", number)


@ROUTES.add("GET", "/certificates/<number>/resume", Role.APPROVER)
def ask_resume(number: str) -> Response:
    """Ask whether a certificate is to be valid again, and why."""
    return _ask("resume", number)


@ROUTES.add("POST", "/certificates/<number>/resume", Role.APPROVER)
def resume(number: str) -> Response:
    """Put a suspended certificate in force again."""
    return _change("resume", number)


@ROUTES.add("GET", "/certificates/<number>/revoke", Role.APPROVER)
def ask_revoke(number: str) -> Response:
    """Ask whether a certificate is to end, and why."""
    return _ask("revoke", number)


@ROUTES.add("POST", "/certificates/<number>/revoke", Role.APPROVER)
def revoke(number: str) -> Response:
    """End a certificate."""
    return _change("revoke", number)


def _ask(name: str, number: str, given: dict[str, str] | None = None, faults: tuple[Fault, ...] = ()) -> Response:
    desk, ending = door.desk(), _ENDINGS[name]
    with desk.registry.database.reading() as connection:
        record = changing.current(connection, desk, number)
    return pages.page(
        "certificate_change.html",
        "certificates",
        status=422 if faults else 200,
        name=name,
        ending=ending,
        number=record.number,
        classes=list(ReasonClass),
        given=given or {"reason_class": ending.usual, "reason": ""},
        faults=faults,
    )


def _change(name: str, number: str) -> Response:
    ending, given = _ENDINGS[name], _why()
    try:
        why = changing.read_reason(given)
    except SubmissionError as error:
        return _ask(name, number, given, error.faults)
    desk = door.desk()
    if changing.change(desk, number, ending.state, why).changed:
        accounts.note(desk, ending.action, number)
    return door.go(url_for("staff_certificate", number=number), f"证书 {number} {ending.done}")


# --- 换发 -----------------------------------------------------------------------------------------------------------


@ROUTES.add("GET", "/certificates/<number>/correct", Role.ISSUER)
def correct(number: str) -> Response:
    """Show what a certificate says, to be changed."""
    one = correcting.before(door.desk(), number)
    form = catalogue.get_form(one.claims.form)
    usual = {"reason_class": ReasonClass.WRONG_DATA.value, "reason": ""}
    return _correct(number, one.claims.form, correcting.typed(form, one.claims.submission), usual, ())


@ROUTES.add("POST", "/certificates/<number>/correct", Role.ISSUER)
def propose_correction(number: str) -> Response:
    """Take what a certificate is to say instead, and show what changes."""
    desk = door.desk()
    one = correcting.before(desk, number)
    form = catalogue.get_form(one.claims.form)
    fields = {name: request.form.get(name, "") for name in form.shape.fields}
    given = _why()
    try:
        why = changing.read_reason(given)
        kept = correcting.propose(desk, door.session().user.id, number, correcting.given(form, fields), why)
    except SubmissionError as error:
        return _correct(number, form.id, fields, given, error.faults)
    return door.go(url_for("staff_correction", number=number, identifier=kept))


def _correct(
    number: str, form_id: str, typed: dict[str, str], why: dict[str, str], faults: tuple[Fault, ...]
) -> Response:
    nodes = catalogue.get_form(form_id).shape.fields
    told = [
        (name, node, isinstance(node, Series), node.required or name in Certificate.model_fields)
        for name, node in nodes.items()
    ]
    return pages.page(
        "certificate_correct.html",
        "certificates",
        status=422 if faults else 200,
        number=number,
        nodes=told,
        long=WORDS,
        typed=typed,
        given=why,
        classes=list(ReasonClass),
        faults=[_at_field(fault) for fault in faults],
    )


def _at_field(fault: Fault) -> Fault:
    """Return a fault of one line of a list as one of its field, where the page shows it."""
    name, _, place = fault.pointer.strip("/").partition("/")
    label = f"{fault.label}第 {int(place) + 1} 行" if place.isdecimal() else fault.label
    return Fault(f"/{name}" if name else "", label, fault.code, fault.detail)


@ROUTES.add("GET", "/certificates/<number>/correct/<identifier>", Role.VIEWER)
def correction(number: str, identifier: str) -> Response:
    """Show what changes, to be confirmed."""
    desk = door.desk()
    found = correcting.proposal(desk, number, identifier)
    actor = f"user:{found.user}"
    return pages.page(
        "certificate_correction.html",
        "certificates",
        proposal=found,
        who=actors.named(desk, [actor])[actor],
        moment=words.moment,
        may_confirm=_may_confirm(found),
        second=context().settings.second_person,
        own=found.user == door.session().user.id,
    )


@ROUTES.add("GET", "/certificates/<number>/correct/<identifier>/picture.png", Role.VIEWER)
def correction_picture(number: str, identifier: str) -> Response:
    """Show what the certificate would look like."""
    found = correcting.proposal(door.desk(), number, identifier)
    with context().slots.taken():
        data = context().registry.press(correcting.picture, found.form, dict(found.submission))
    return Response(data, content_type=MEDIA_TYPES["png"])


@ROUTES.add("POST", "/certificates/<number>/correct/<identifier>", Role.ISSUER)
def confirm_correction(number: str, identifier: str) -> Response:
    """Correct the certificate."""
    desk, second = door.desk(), context().settings.second_person
    found = correcting.proposal(desk, number, identifier)
    if second and not door.may(Role.APPROVER):
        raise ConflictError("本单位要求由另一人复核，这份更正还没有确认", "请把这一页的网址发给有「复核」角色的同事")
    with context().slots.taken():
        correcting.confirm(desk, number, found.id, door.session().user.id, second=second)
    accounts.note(desk, Action.REISSUE, number)
    return door.go(
        url_for("staff_certificate", number=number), f"已换发：证书 {number} 有了新版本，旧查询码显示「已换发」"
    )


@ROUTES.add("POST", "/certificates/<number>/correct/<identifier>/drop", Role.ISSUER)
def drop_correction(number: str, identifier: str) -> Response:
    """Forget what was proposed."""
    correcting.drop(door.desk(), number, identifier)
    return door.go(url_for("staff_certificate", number=number), "更正已放弃，证书没有变化")


def _may_confirm(found: Proposal) -> bool:
    if context().settings.second_person:
        return door.may(Role.APPROVER) and found.user != door.session().user.id
    return door.may(Role.ISSUER)


def _why() -> dict[str, Any]:
    return {name: request.form.get(name, "").strip() for name in ("reason_class", "reason")}
