"""Issuing: an order is judged, rehearsed, recorded, and then released certificate by certificate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from docgen.certificates.sample import sample_issue
from docgen.certificates.states import State
from docgen.errors import ConflictError, DocgenError
from docgen.issuing import changing, gate, orders, printing, recording
from docgen.issuing.printing import TamperedError
from docgen.store import events, filings, records
from docgen.store.events import Step
from docgen.store.filings import Filed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from docgen.issuing.changing import Correction
    from docgen.issuing.orders import Order
    from docgen.issuing.printing import Attested
    from docgen.issuing.registry import Desk
    from docgen.store.records import Record


_OVERTAKEN: Final = ConflictError(
    "换发之前，原证书已被撤销、暂停或另行更正；换发没有完成", "请先查看它的经过（docgen history）"
)
_FAILURES: Final[Mapping[State | None, DocgenError]] = MappingProxyType(
    {
        State.VOID: ConflictError(
            "这张证书没有制成，已作废，它的编号不再使用",
            "原因见它的经过（docgen history）；模板改好后，请换一个幂等键，只把作废的各行再提交一次",
        ),
        None: TamperedError(
            "这张证书的经过不连贯，可能有人直接改过数据库", "请停止使用这张证书，从备份核对数据库，并查明是谁改的"
        ),
    }
)
"""Why a certificate that was recorded before has no document; the others have theirs."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one certificate: ``failure`` says why it has no document yet, or never will.

    ``new`` is False for a correction that was recorded before.
    """

    one: Attested
    state: State
    failure: DocgenError | None = None
    new: bool = True


@dataclass(frozen=True, slots=True)
class Issued:
    """What became of an order, in its order; ``new`` is False where the same order came before."""

    batch: int
    new: bool
    outcomes: tuple[Outcome, ...]
    notes: tuple[str, ...]


def issue(desk: Desk, raw: object, key: str, told: Callable[[Outcome], None] = lambda _: None) -> Issued:
    """Issue what an order asks for; the same order under the same key again goes on where it stopped.

    ``told`` hears of every certificate as it is done. Raises SubmissionError, UnknownFormError, ConflictError,
    DatabaseError or a fault of the template, all before anything is numbered.
    """
    order = orders.read(raw)
    rehearse(desk, order)
    recorded = recording.record(desk, order, key)
    outcomes = []
    for record in recorded.records:
        outcome = release(desk, record)
        told(outcome)
        outcomes.append(outcome)
    return Issued(recorded.batch, recorded.new, tuple(outcomes), recorded.notes)


def rehearse(desk: Desk, order: Order) -> None:
    """Make the first certificate as a sample: a template that cannot print it must not cost a number."""
    row = order.rows[0]
    issue = sample_issue(desk.registry.public_url)
    desk.registry.press(printing.certificate, recording.claims_of(desk, order, row, issue["number"]), issue, "pdf")


def release(desk: Desk, record: Record) -> Outcome:
    """Make a recorded certificate's document and let the public see it; what was released before stays as it is.

    A page that says something else than its record makes the certificate void: its number is not used again. Whatever
    else goes wrong leaves it pending, to be released by the same order sent again.
    """
    registry = desk.registry
    with registry.database.reading() as connection:
        state = events.standings(connection, [record.id])[record.id]
    one = printing.attested(registry, record)
    if state is not State.PENDING:
        return Outcome(one, state or State.UNREADABLE, _FAILURES.get(state))
    try:
        filed = printing.keep(registry, printing.make(registry, one, "pdf", border=True), border=True)
    except gate.GateError as error:
        return _settle(desk, one, error)
    except DocgenError as error:
        return Outcome(one, State.PENDING, error)
    return _settle(desk, one, filed)


def _settle(desk: Desk, one: Attested, made: Filed | gate.GateError) -> Outcome:
    """Lead a pending certificate on; what another process has settled meanwhile stays as it is."""
    record = one.record
    with desk.registry.database.writing() as connection:
        state = events.now(connection, record)
        if state is not State.PENDING:
            return Outcome(one, state or State.UNREADABLE, _FAILURES.get(state))
        if isinstance(made, Filed) and (record.version == 1 or changing.supersede(connection, record, desk.actor)):
            filings.file(connection, {record.id: made})
            events.add(connection, record, Step(State.ISSUED, desk.actor))
            return Outcome(one, State.ISSUED)
        failure = _OVERTAKEN if isinstance(made, Filed) else made
        events.add(connection, record, Step(State.VOID, desk.actor, reason=failure.detail))
        records.let_go(connection, record.id)
    return Outcome(one, State.VOID, failure)


def reissue(desk: Desk, number: str, correction: Correction, key: str) -> Outcome:
    """Correct a certificate: a new version with the same number and a new code; the old code then says 已换发.

    The same correction under the same key again goes on where it stopped. Raises SubmissionError, ConflictError,
    UnknownCertificateError, DatabaseError, or a fault of the template.
    """
    with desk.registry.database.reading() as connection:
        known = changing.known(connection, desk, number, correction, key)
        before = known or changing.current(connection, desk, number)
    if known:
        return replace(release(desk, known), new=False)
    order = changing.corrected(desk, printing.attested(desk.registry, before), correction)
    rehearse(desk, order)
    return release(desk, changing.record(desk, before, order, correction, key))
