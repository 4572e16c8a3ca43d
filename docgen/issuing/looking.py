"""Certificates as the house sees them: lists of them, and one with its versions, their states, histories, documents."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from docgen.certificates import issue as issues
from docgen.certificates.code import grouped
from docgen.certificates.states import NAMES, State
from docgen.issuing import printing
from docgen.issuing.printing import TamperedError
from docgen.store import events, filings, records, search, signing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docgen.certificates.claims import Claims
    from docgen.issuing.registry import Desk
    from docgen.store.events import Event
    from docgen.store.filings import Filed
    from docgen.store.records import Record
    from docgen.store.search import Wanted

_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a certificate. ``claims`` is None where the record is not what was signed.

    ``state`` is None where the history cannot have grown as it stands.
    """

    record: Record
    claims: Claims | None
    state: State | None
    history: tuple[Event, ...]
    documents: tuple[Filed, ...]
    url: str

    def members(self) -> dict[str, object]:
        """Return the version for machines: the command line and HTTP answer alike."""
        return {
            "number": self.record.number,
            "version": self.record.version,
            "state": self.state,
            "state_name": NAMES[self.state] if self.state else "无法确认",
            "code": grouped(self.record.code),
            "url": self.url,
            "signed": self.claims is not None,
            **(_told(self.claims) if self.claims else {}),
            "events": [
                {
                    "sequence": event.sequence,
                    "state": event.step.state,
                    "at": event.at,
                    "actor": event.step.actor,
                    "reason_class": event.step.reason_class,
                    "reason": event.step.reason,
                }
                for event in self.history
            ],
            "documents": [asdict(filed) for filed in self.documents],
        }


@dataclass(frozen=True, slots=True)
class Line:
    """One certificate in a list. ``claims`` and ``state`` are None as in ``Version``."""

    record: Record
    claims: Claims | None
    state: State | None


@dataclass(frozen=True, slots=True)
class Choices:
    """What lists can be narrowed down to: kinds of certificates, and years of numbers, the latest first."""

    forms: tuple[str, ...]
    years: tuple[int, ...]


def find(desk: Desk, wanted: Wanted, before: int | None, most: int) -> tuple[Line, ...]:
    """Return what somebody looks for, the newest first; ``before`` is the id of the last line of the page before.

    States and words are those of the events and of the signed claims, whatever found them.
    """
    with desk.registry.database.reading() as connection:
        found = records.find(connection, desk.organisation, wanted, before, most)
        states = events.standings(connection, [one.id for one in found])
        keys = signing.key_table(connection)
    told = [printing.witnessed(keys, one) for one in found]
    return tuple(
        Line(one, known.claims if known else None, states[one.id]) for one, known in zip(found, told, strict=True)
    )


def walk(desk: Desk, wanted: Wanted, most: int) -> Iterator[Line]:
    """Walk what somebody looks for, the newest first, some of it in memory at a time."""
    before, left = None, most
    while left > 0 and (lines := find(desk, wanted, before, min(left, _PAGE))):
        yield from lines
        before, left = lines[-1].record.id, left - len(lines)


def choices(desk: Desk) -> Choices:
    """Return what the organisation's certificates can be narrowed down to."""
    with desk.registry.database.reading() as connection:
        return Choices(search.forms(connection, desk.organisation), search.years(connection, desk.organisation))


def show(desk: Desk, number: str) -> tuple[Version, ...]:
    """Return all versions of a number, the newest first; raises UnknownCertificateError."""
    registry = desk.registry
    with registry.database.reading() as connection:
        versions = records.versions(connection, desk.organisation, number)
        states = events.standings(connection, [one.id for one in versions])
        lives = {one.id: events.history(connection, one.id) for one in versions}
        filed = {one.id: filings.filed(connection, one.id) for one in versions}
    return tuple(
        Version(
            one,
            _claims(desk, one),
            states[one.id],
            lives[one.id],
            filed[one.id],
            issues.address(registry.public_url, one.code),
        )
        for one in reversed(versions)
    )


def _claims(desk: Desk, record: Record) -> Claims | None:
    try:
        return printing.attested(desk.registry, record).claims
    except TamperedError:
        return None


def _told(claims: Claims) -> dict[str, object]:
    return {
        "certificate": claims.form,
        "award": claims.award,
        "grade": claims.grade,
        "decision": claims.decision,
        "issued_on": claims.issued_on,
        "issuers": list(claims.issuers),
        "ref": claims.ref,
        "holder": [{"label": label, "value": value} for label, value in claims.shown()],
        "persons": [{"label": label, "names": list(names)} for label, names in claims.people()],
        "submission": dict(claims.submission),
    }
