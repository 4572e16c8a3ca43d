"""A certificate as the house sees it: every version with its state, its history and its documents."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from docgen.certificates import issue as issues
from docgen.certificates.code import grouped
from docgen.certificates.states import NAMES, State
from docgen.issuing import printing
from docgen.issuing.printing import TamperedError
from docgen.store import events, filings, records

if TYPE_CHECKING:
    from docgen.certificates.claims import Claims
    from docgen.issuing.registry import Desk
    from docgen.store.events import Event
    from docgen.store.filings import Filed
    from docgen.store.records import Record


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
