"""Deciding numbers, codes and signatures: everything of an order in one transaction, or nothing."""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from docgen.certificates import code
from docgen.certificates.claims import Claims, digest
from docgen.certificates.number import Number
from docgen.errors import Fault, SubmissionError
from docgen.issuing import orders
from docgen.store import batches, events, numbering, records, search
from docgen.store.batches import Request
from docgen.store.records import Draft

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from docgen.certificates.signature import SigningKey
    from docgen.issuing.orders import Order, Row
    from docgen.issuing.registry import Desk
    from docgen.store.database import Connection
    from docgen.store.records import Record

_SALT_BYTES: Final = 16

Also: TypeAlias = "Callable[[Connection, int, tuple[Record, ...]], None]"


@dataclass(frozen=True, slots=True)
class Recorded:
    """The certificates of an order, in its order; ``notes`` are Chinese sentences that somebody should read.

    ``new`` is False where the same order was recorded before.
    """

    batch: int
    new: bool
    records: tuple[Record, ...]
    notes: tuple[str, ...] = ()


def record(desk: Desk, order: Order, key: str, also: Also = lambda *_: None) -> Recorded:
    """Record an order under the caller's idempotency key; the same order again returns what was recorded then.

    ``also`` records what belongs to the batch in the same transaction: its connection, its batch, its certificates.

    Raises SubmissionError where somebody on it already holds the honour, ConflictError where the key was used for
    another order or the series is another's.
    """
    request = Request(desk.organisation, key, order.digest, order.form.id, desk.actor)
    registry = desk.registry
    with registry.database.writing() as connection:
        batch = batches.begin(connection, request)
        if batch is None:
            known = batches.find(connection, request) or 0
            recorded = Recorded(known, new=False, records=records.by_batch(connection, known))
        else:
            recorded = _new(connection, desk, order, batch)
            also(connection, batch, recorded.records)
    # Of an order that came before too: whoever recorded it may have been killed before this.
    registry.marks.raise_to(_highest(recorded.records))
    return recorded


def _new(connection: Connection, desk: Desk, order: Order, batch: int) -> Recorded:
    registry = desk.registry
    if faults := held(connection, desk, order):
        raise SubmissionError(faults)
    notes = _begin_series(connection, desk, order)
    numbers, restored = _numbers(connection, desk, order)
    signer = registry.chest.current(connection, trial=registry.trial)
    drafts = [
        draft(claims_of(desk, order, row, str(number)), row, signer)
        for row, number in zip(order.rows, numbers, strict=True)
    ]
    made = records.record(connection, desk.organisation, batch, drafts)
    events.begin(connection, [one.id for one in made], desk.actor)
    records.hold(connection, made)
    return Recorded(batch, new=True, records=made, notes=(*notes, *restored))


def _highest(recorded: tuple[Record, ...]) -> dict[tuple[str, int], int]:
    numbers = sorted(number for one in recorded if (number := Number.parse(one.number)))
    return {(number.series, number.year): number.serial for number in numbers}


def claims_of(desk: Desk, order: Order, row: Row, number: str, version: int = 1) -> Claims:
    """Return the claims of a certificate that is about to be recorded, with a new code."""
    labels = {name: node.title for name, node in order.form.shape.fields.items()}
    honour, submission = order.honour, row.submission
    return Claims(
        organisation=desk.organisation,
        issuers=tuple(submission["issuers"]),
        number=number,
        version=version,
        code=code.make(),
        form=order.form.id,
        award=orders.award_of(order.form, honour, submission),
        grade=str(submission[honour.grade]) if honour.grade else "",
        decision=order.decision,
        issued_on=submission["issued_on"],
        ref=row.ref,
        holder=tuple((name, labels[name]) for name in honour.holder),
        persons=tuple((name, labels[name]) for name in honour.persons),
        submission=submission,
        salt=secrets.token_hex(_SALT_BYTES),
    )


def draft(claims: Claims, row: Row, signer: SigningKey) -> Draft:
    """Sign claims."""
    identity = held_as(claims.organisation, row, trial=signer.trial)
    token = signer.sign(claims.payload())
    return Draft(row.index, claims.number, claims.version, claims.code, identity, token, search.sought(claims))


def held_as(organisation: str, row: Row, *, trial: bool) -> str:
    """Return the digest of whom an organisation honours for what: another one's honours are its own affair.

    What was only tried is not held: the same roster must be free to be issued in earnest.
    """
    return digest({"organisation": organisation, "identity": row.identity, "trial": trial})


def held(connection: Connection, desk: Desk, order: Order) -> tuple[Fault, ...]:
    """Return the rows of an order whose honour somebody holds already."""
    known = [held_as(desk.organisation, row, trial=desk.registry.trial) for row in order.rows]
    holders = records.held(connection, known)
    return tuple(
        Fault(
            f"/rows/{row.index}",
            f"第 {row.index + 1} 行",
            "already_issued",
            f"同一决定下已给同一对象颁发过这项荣誉，证书编号 {holders[identity]}；"
            "请删去这一行，内容有误请用换发（reissue），确是同名的另一方请加 ref",
        )
        for row, identity in zip(order.rows, known, strict=True)
        if identity in holders
    )


def _begin_series(connection: Connection, desk: Desk, order: Order) -> tuple[str, ...]:
    if numbering.claim(connection, desk.organisation, order.series):
        return (f"编号系列 {order.series} 是第一次使用；如果是写错了，请联系管理员，不要再用它颁发",)
    return ()


def _numbers(connection: Connection, desk: Desk, order: Order) -> tuple[list[Number], tuple[str, ...]]:
    """Take a number for every row, in the order of rows; years are taken in one sequence, so that nobody deadlocks."""
    notes: list[str] = []
    taken: dict[int, Iterator[Number]] = {}
    for year, count in sorted(Counter(row.year for row in order.rows).items()):
        last = numbering.last(connection, order.series, year)
        known = desk.registry.marks.last(order.series, year)
        if known > last:
            notes.append(
                f"数据库像是从旧备份恢复的：{order.series} 在 {year} 年的编号用到过 {known:06d}，"
                f"数据库只记到 {last:06d}；为免重号，从 {known + 1:06d} 起编，中间的编号请到旧备份之后的文件中查找"
            )
        taken[year] = iter(numbering.take(connection, Number(order.series, year, max(last, known)), count))
    return [next(taken[row.year]) for row in order.rows], tuple(notes)
