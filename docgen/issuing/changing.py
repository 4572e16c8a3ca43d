"""What can happen to a certificate after its issue: revoked, suspended, resumed, corrected by a new version."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import Field

from docgen.certificates import states
from docgen.certificates.states import ReasonClass, State
from docgen.errors import ConflictError, Fault, SubmissionError
from docgen.fields import Line, Submission
from docgen.forms import checking
from docgen.forms.shape import shape_of
from docgen.issuing import orders, recording
from docgen.issuing.orders import Order, Row
from docgen.store import batches, events, records
from docgen.store.batches import Request
from docgen.store.events import Step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docgen.issuing.printing import Attested
    from docgen.issuing.registry import Desk
    from docgen.store.database import Connection
    from docgen.store.records import Record

_MOST_REASON: Final = 500
_CHANGES: Final = "changes"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a class that the public reads, and words for the house."""

    kind: ReasonClass
    words: str


@dataclass(frozen=True, slots=True)
class Correction:
    """The fields of a certificate that change, and why."""

    changes: Mapping[str, Any]
    reason: Reason


@dataclass(frozen=True, slots=True)
class Changed:
    """The certificate, the state it is in now, and whether this call led it there."""

    record: Record
    state: State
    changed: bool


class _Why(Submission):
    """A reason as it comes in."""

    reason_class: Annotated[str, Field(title="原因类别")]
    reason: Annotated[str, Line(_MOST_REASON), Field(title="原因")]


_WHY: Final = shape_of(_Why, "变更请求")


def reason(kind: str, words: str) -> Reason:
    """Return a reason; raises SubmissionError where it says nothing."""
    return read_reason({"reason_class": kind, "reason": words.strip()})


def read_reason(raw: object) -> Reason:
    """Return the reason of ``{"reason_class": …, "reason": …}``; raises SubmissionError with every fault."""
    why = checking.valid(_Why, raw, _WHY)
    if why.reason_class not in list(ReasonClass):
        detail = f"应为 {'、'.join(ReasonClass)} 之一"
        raise SubmissionError((Fault("/reason_class", "原因类别", "not_listed", detail),))
    return Reason(ReasonClass(why.reason_class), why.reason)


def read_correction(raw: object) -> Correction:
    """Return the correction of ``{"changes": {…}, "reason_class": …, "reason": …}``; raises SubmissionError."""
    rest = dict(raw) if isinstance(raw, dict) else raw
    changes = rest.pop(_CHANGES, None) if isinstance(rest, dict) else {}
    faults: tuple[Fault, ...] = ()
    if not isinstance(changes, dict):
        faults = (Fault(f"/{_CHANGES}", "更正内容", "wrong_type", "应为一组字段（用花括号括起），只写要改的"),)
    try:
        why = read_reason(rest)
    except SubmissionError as error:
        raise SubmissionError((*faults, *error.faults)) from None
    if faults:
        raise SubmissionError(faults)
    return Correction(changes, why)


def change(desk: Desk, number: str, state: State, why: Reason) -> Changed:
    """Revoke, suspend or resume a number's current version; doing it twice is doing it once.

    Raises UnknownCertificateError, or ConflictError where the state does not allow it.
    """
    with desk.registry.database.writing() as connection:
        one = current(connection, desk, number)
        changed = events.add(connection, one, Step(state, desk.actor, why.kind.value, why.words))
        if changed and state is State.REVOKED:
            records.let_go(connection, one.id)
    return Changed(one, state, changed)


def current(connection: Connection, desk: Desk, number: str) -> Record:
    """Return the version of a number that was released last. Raises UnknownCertificateError or ConflictError."""
    versions = records.versions(connection, desk.organisation, number)
    found = events.standings(connection, [one.id for one in versions])
    for one in reversed(versions):
        if found[one.id] not in {State.PENDING, State.VOID}:
            return one
    here = states.NAMES[found[versions[-1].id] or State.VOID]
    raise ConflictError(f"证书 {number} 现在的状态是「{here}」，还没有发布过", "请先查看它的经过（docgen history）")


def known(connection: Connection, desk: Desk, number: str, correction: Correction, key: str) -> Record | None:
    """Return what a correction recorded when it was sent before, None where it is new.

    Raises ConflictError where its key was used for something else.
    """
    batch = batches.find(connection, Request(desk.organisation, key, digest(number, correction), "", desk.actor))
    return records.by_batch(connection, batch)[0] if batch else None


def digest(number: str, correction: Correction) -> str:
    """Return the digest of a correction as it was sent: what it makes of a certificate depends on when it comes."""
    why = correction.reason
    told = json.dumps([number, dict(correction.changes), why.kind, why.words], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def corrected(desk: Desk, before: Attested, correction: Correction) -> Order:
    """Return the order for a corrected version; raises SubmissionError, also where nothing would change.

    Raises ConflictError where one of the two would be a trial: its number would change its meaning.
    """
    old = before.claims
    if before.trial and not desk.registry.trial:
        raise ConflictError(f"证书 {old.number} 是试用时制作的，不能换发成正式证书", "请重新颁发")
    if desk.registry.trial and not before.trial:
        raise ConflictError(
            f"证书 {old.number} 是正式证书，现在的服务却是试用的", "请先恢复 DOCGEN_PUBLIC_URL 的设置，再换发"
        )
    form, honour = orders.certificate_form(old.form)
    submission = orders.judged(form, honour, {**old.submission, **correction.changes})
    if submission == dict(old.submission):
        raise SubmissionError((Fault("", "更正内容", "nothing_changed", "与原证书相同，没有需要更正的地方"),))
    row = Row(0, submission, old.ref, orders.identity_of(form, honour, old.decision, submission, old.ref))
    return Order(form, honour, old.decision, "", (row,), digest(old.number, correction))


def record(desk: Desk, before: Record, order: Order, correction: Correction, key: str) -> Record:
    """Record a corrected version; the same correction under the same key again returns what was recorded then."""
    registry = desk.registry
    request = Request(desk.organisation, key, order.digest, order.form.id, desk.actor)
    with registry.database.writing() as connection:
        batch = batches.begin(connection, request)
        if batch is None:
            return records.by_batch(connection, batches.find(connection, request) or 0)[0]
        refuse_unless_valid(connection, desk, before)
        (row,) = order.rows
        _refuse_held(connection, desk, before, row)
        versions = records.versions(connection, desk.organisation, before.number)
        signer = registry.chest.current(connection, trial=registry.trial)
        claims = recording.claims_of(desk, order, row, before.number, versions[-1].version + 1)
        draft = recording.draft(claims, row, signer)
        (made,) = records.record(connection, desk.organisation, batch, [draft])
        why = correction.reason
        events.begin(connection, [made.id], desk.actor, why.kind.value, why.words)
    return made


def refuse_unless_valid(connection: Connection, desk: Desk, before: Record) -> None:
    """Raise ConflictError for what cannot be corrected: what is not valid now, and what is not the newest version."""
    now = events.standings(connection, [before.id])[before.id]
    if now is not State.ISSUED or current(connection, desk, before.number).id != before.id:
        here = states.NAMES[now] if now else "无法确认"
        raise ConflictError(f"证书 {before.number} 现在的状态是「{here}」，不能换发", "只有有效的证书可以换发")


def _refuse_held(connection: Connection, desk: Desk, before: Record, row: Row) -> None:
    identity = recording.held_as(before.organisation, row, trial=desk.registry.trial)
    holder = records.held(connection, [identity]).get(identity, before.number)
    if holder != before.number:
        detail = f"同一决定下，更正后的对象已有这项荣誉的证书，编号 {holder}"
        raise SubmissionError((Fault("", "更正内容", "already_issued", detail),))


def supersede(connection: Connection, new: Record, actor: str) -> bool:
    """End the version that a correction replaces, in the transaction that releases the correction.

    False where it is no longer valid: what was revoked, suspended or corrected otherwise meanwhile stays so.
    """
    versions = records.versions(connection, new.organisation, new.number)
    found = events.standings(connection, [one.id for one in versions])
    old = next((one for one in reversed(versions) if found[one.id] is State.ISSUED), None)
    if old is None or old.version > new.version:
        return False
    begun = events.history(connection, new.id)[0].step
    events.add(connection, old, Step(State.SUPERSEDED, actor, begun.reason_class, begun.reason))
    records.let_go(connection, old.id)
    records.hold(connection, [new])
    return True
