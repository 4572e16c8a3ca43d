"""What can happen to a certificate after its issue: revoked, suspended, resumed, corrected by a new version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from docgen.certificates import states
from docgen.certificates.claims import digest as digest_of
from docgen.certificates.states import ReasonClass, State
from docgen.errors import ConflictError, Fault, SubmissionError
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


def reason(kind: str, words: str) -> Reason:
    """Return a reason; raises SubmissionError where it says nothing."""
    faults = []
    if kind not in list(ReasonClass):
        faults.append(Fault("/reason_class", "原因类别", "not_listed", f"应为 {'、'.join(ReasonClass)} 之一"))
    if not words.strip() or len(words) > _MOST_REASON:
        faults.append(Fault("/reason", "原因", "wrong_value", f"请写明原因，最多 {_MOST_REASON} 个字符"))
    if faults:
        raise SubmissionError(tuple(faults))
    return Reason(ReasonClass(kind), words.strip())


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


def corrected(before: Attested, correction: Correction) -> Order:
    """Return the order for a corrected version; raises SubmissionError, also where nothing would change."""
    old = before.claims
    form, honour = orders.certificate_form(old.form)
    submission = orders.judged(form, honour, {**old.submission, **correction.changes})
    if submission == dict(old.submission):
        raise SubmissionError((Fault("", "更正内容", "nothing_changed", "与原证书相同，没有需要更正的地方"),))
    row = Row(0, submission, old.ref, orders.identity_of(form, honour, old.decision, submission, old.ref))
    digest = digest_of({"number": old.number, "submission": submission})
    return Order(form, honour, old.decision, "", (row,), digest)


def record(desk: Desk, before: Record, order: Order, correction: Correction, key: str) -> Record:
    """Record a corrected version; the same correction under the same key again returns what was recorded then."""
    registry = desk.registry
    request = Request(desk.organisation, key, order.digest, order.form.id, desk.actor)
    with registry.database.writing() as connection:
        batch = batches.begin(connection, request)
        if batch is None:
            return records.by_batch(connection, batches.find(connection, request) or 0)[0]
        _refuse_unless_valid(connection, desk, before)
        (row,) = order.rows
        _refuse_held(connection, before, row)
        versions = records.versions(connection, desk.organisation, before.number)
        signer = registry.chest.current(connection, trial=registry.trial)
        claims = recording.claims_of(desk, order, row, before.number, versions[-1].version + 1)
        draft = recording.draft(claims, row, signer)
        (made,) = records.record(connection, desk.organisation, batch, [draft])
        why = correction.reason
        events.begin(connection, [made.id], desk.actor, why.kind.value, why.words)
    return made


def _refuse_unless_valid(connection: Connection, desk: Desk, before: Record) -> None:
    now = events.standings(connection, [before.id])[before.id]
    if now is not State.ISSUED or current(connection, desk, before.number).id != before.id:
        here = states.NAMES[now] if now else "无法确认"
        raise ConflictError(f"证书 {before.number} 现在的状态是「{here}」，不能换发", "只有有效的证书可以换发")


def _refuse_held(connection: Connection, before: Record, row: Row) -> None:
    holder = records.held(connection, [row.identity]).get(row.identity, before.number)
    if holder != before.number:
        detail = f"同一决定下，更正后的对象已有这项荣誉的证书，编号 {holder}"
        raise SubmissionError((Fault("", "更正内容", "already_issued", detail),))


def supersede(connection: Connection, new: Record, actor: str) -> bool:
    """End the version that a correction replaces, in the transaction that releases the correction.

    False where it is no longer valid: what was revoked or suspended meanwhile must not come back corrected.
    """
    versions = records.versions(connection, new.organisation, new.number)
    found = events.standings(connection, [one.id for one in versions])
    old = next((one for one in reversed(versions) if found[one.id] is State.ISSUED), None)
    if old is None:
        return False
    begun = events.history(connection, new.id)[0].step
    events.add(connection, old, Step(State.SUPERSEDED, actor, begun.reason_class, begun.reason))
    records.let_go(connection, old.id)
    records.hold(connection, [new])
    return True
