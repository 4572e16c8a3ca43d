"""Correcting a certificate in two steps: what is to change is proposed and looked at, then confirmed.

A proposal is kept, so that confirming twice corrects once, and so that where every issue wants two people somebody
else can confirm it: the two-person rule would otherwise end where a certificate can be corrected.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from docgen.certificates.states import ReasonClass, State
from docgen.errors import ConflictError
from docgen.forms import catalogue
from docgen.forms.certificate import Certificate
from docgen.forms.shape import Leaf, Series
from docgen.issuing import changing, issue, orders, printing
from docgen.issuing.changing import Correction, Reason
from docgen.store import drafts
from docgen.store.drafts import Begun

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docgen.forms.form import Form
    from docgen.issuing.issue import Outcome
    from docgen.issuing.printing import Attested
    from docgen.issuing.registry import Desk
    from docgen.store.drafts import Draft

_KIND: Final = "correction"
_MOST_OPEN: Final = 1_000
_LISTED: Final = re.compile(r"[、\r\n]+")
_LINES: Final = re.compile(r"[\r\n]+")


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A correction that waits to be confirmed; ``user`` proposed it. ``submission`` is what the new version says."""

    id: str
    number: str
    user: int
    proposed_at: str
    form: str
    correction: Correction
    changes: tuple[Change, ...]
    submission: Mapping[str, Any]


def given(form: Form, fields: Mapping[str, str]) -> dict[str, Any]:
    """Return the submission of a certificate's fields as a page sends them: lists one to a line."""
    return {name: _value(name, node, fields.get(name, "")) for name, node in form.shape.fields.items()}


def typed(form: Form, submission: Mapping[str, Any]) -> dict[str, str]:
    """Return a submission as a page shows it for editing; ``given`` reads it back."""
    return {name: "\n".join(_texts(submission.get(name))) for name in form.shape.fields}


def before(desk: Desk, number: str) -> Attested:
    """Return the certificate that would be corrected. Raises UnknownCertificateError, ConflictError, TamperedError."""
    with desk.registry.database.reading() as connection:
        record = changing.current(connection, desk, number)
        changing.refuse_unless_valid(connection, desk, record)
    return printing.attested(desk.registry, record)


def propose(desk: Desk, user: int, number: str, after: Mapping[str, Any], why: Reason) -> str:
    """Keep what a certificate is to say instead; return the proposal's identifier. Raises as ``before``.

    Raises SubmissionError where it cannot be issued so, or nothing would change.
    """
    one = before(desk, number)
    old = one.claims.submission
    changes = {name: value for name, value in after.items() if value != old.get(name)}
    changing.corrected(desk, one, Correction(changes, why))
    body = {"changes": changes, "reason_class": why.kind.value, "reason": why.words}
    with desk.registry.database.writing() as connection:
        return drafts.begin(connection, desk.organisation, user, Begun(_KIND, one.claims.form, number, body))


def proposal(desk: Desk, number: str, identifier: str) -> Proposal:
    """Return a proposal as it stands against the certificate now. Raises UnknownDraftError, and as ``before``."""
    draft = _draft(desk, number, identifier)
    one = before(desk, number)
    form, old, correction = catalogue.get_form(draft.form), one.claims.submission, _correction(draft)
    changes = tuple(
        Change(form.shape.fields[name].title, "\n".join(_texts(old.get(name))), "\n".join(_texts(value)))
        for name, value in correction.changes.items()
        if name in form.shape.fields
    )
    submission = {**old, **correction.changes}
    return Proposal(identifier, number, draft.user, draft.created_at, draft.form, correction, changes, submission)


def waiting(desk: Desk, number: str) -> tuple[Draft, ...]:
    """Return the proposals for a certificate, the newest first."""
    with desk.registry.database.reading() as connection:
        known = drafts.of(connection, desk.organisation, _KIND, _MOST_OPEN)
    return tuple(draft for draft in known if draft.title == number)


def confirm(desk: Desk, number: str, identifier: str, user: int, *, second: bool) -> Outcome:
    """Correct the certificate. Raises as ``issue.reissue``, and what kept the new version from being released.

    ``second`` is whether somebody else than the proposer must do this.
    """
    draft = _draft(desk, number, identifier)
    if second and draft.user == user:
        raise ConflictError("本单位要求由另一人复核，不能自己提交、自己确认", "请把这一页的网址发给另一位复核人员")
    outcome = issue.reissue(desk, number, _correction(draft), f"correction-{identifier}")
    if outcome.state is not State.PENDING:
        drop(desk, number, identifier)
    if outcome.failure:
        raise outcome.failure
    return outcome


def drop(desk: Desk, number: str, identifier: str) -> None:
    """Forget a proposal; raises UnknownDraftError."""
    draft = _draft(desk, number, identifier)
    with desk.registry.database.writing() as connection:
        drafts.drop(connection, desk.organisation, draft.id)


def picture(form_id: str, submission: dict[str, Any]) -> bytes:
    """Return what a corrected certificate would look like, as a sample (PNG); meant for a render process."""
    from docgen.render import press  # noqa: PLC0415  the server itself never draws

    form, honour = orders.certificate_form(form_id)
    return press.make(form, orders.judged(form, honour, submission), "png").data


def _draft(desk: Desk, number: str, identifier: str) -> Draft:
    with desk.registry.database.reading() as connection:
        draft = drafts.get(connection, desk.organisation, _KIND, identifier)
    if draft.title != number:
        raise drafts.UnknownDraftError("这份更正不是这张证书的", "请回到证书的页面，再打开一次")
    return draft


def _correction(draft: Draft) -> Correction:
    body = draft.body
    return Correction(body["changes"], Reason(ReasonClass(body["reason_class"]), body["reason"]))


def _value(name: str, node: object, text: str) -> Any:  # noqa: ANN401  a JSON value
    match node:
        case Series():
            separator = _LINES if name in Certificate.model_fields else _LISTED
            return [line.strip() for line in separator.split(text) if line.strip()]
        case Leaf(required=False) if name not in Certificate.model_fields and not text.strip():
            return None
        case _:
            return "".join(_LINES.split(text)).strip()


def _texts(value: object) -> list[str]:
    if isinstance(value, list):
        return list(map(str, value))
    return [] if value is None else [str(value)]
