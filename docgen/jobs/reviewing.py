"""Looking at a batch closely: whom its certificates honour, and each document before a second person releases it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from docgen.certificates.claims import Claims
from docgen.certificates.signature import verified
from docgen.errors import ConflictError, UnknownCertificateError
from docgen.issuing import printing
from docgen.render import preview
from docgen.store import filings, ledger, signing
from docgen.store.ledger import ItemState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from docgen.issuing.registry import Desk
    from docgen.store.ledger import Item


@dataclass(frozen=True, slots=True)
class Proof:
    """A document that was made and that nobody outside has seen; ``before`` and ``after`` are its neighbours' numbers.

    It is the very file that a release hands out: what was looked at is what is issued.
    """

    number: str
    claims: Claims
    pdf: bytes
    place: int
    count: int
    before: str = ""
    after: str = ""


def proof(desk: Desk, batch: int, number: str) -> Proof:
    """Return a made document of a batch that is not released yet; "" is its first.

    Raises UnknownBatchError, UnknownCertificateError, and ConflictError where there is nothing to look at.
    """
    with desk.registry.database.reading() as connection:
        run = ledger.find(connection, desk.organisation, batch)
        made = ledger.all_items(connection, batch, ItemState.MADE)
    if run.released_at:
        raise ConflictError("这个批次已经发布", "请到「证书」里查看")
    if not made:
        raise ConflictError("这个批次还没有制成的证书可看", "请等制作完成")
    place = next((at for at, item in enumerate(made) if item.record.number == number or not number), None)
    if place is None:
        raise UnknownCertificateError("这个批次里没有这个编号的已制成的证书", "请回到批次，再选一份")
    record = made[place].record
    with desk.registry.database.reading() as connection:
        filed = filings.filed_of(connection, [record.id], "pdf")[record.id]
    near = ["", *(item.record.number for item in made), ""]
    claims = printing.attested(desk.registry, record).claims
    data = desk.registry.files.get(filed.sha256)
    return Proof(record.number, claims, data, place + 1, len(made), near[place], near[place + 2])


def picture(desk: Desk, one: Proof) -> bytes:
    """Return a proof as PNG."""
    return desk.registry.press(preview.png, one.pdf)


def names(desk: Desk, items: Iterable[Item]) -> Mapping[int, str]:
    """Return whom the certificates of items honour; a record that is not as it was signed tells nothing."""
    with desk.registry.database.reading() as connection:
        keys = signing.key_table(connection)
    found: dict[int, str] = {}
    for item in items:
        if signed := verified(item.record.token, keys):
            claims = Claims.read(signed[0])
            people = [some[0] for _, some in claims.people() if len(some) == 1]
            found[item.record.id] = " ".join([*(value for _, value in claims.shown()), *people])
    return found
