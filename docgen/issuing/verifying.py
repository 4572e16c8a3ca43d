"""What the public learns of a code, a name or a file (certificates.md, section 4).

Green is shown only when everything was looked at and agreed; what could not be looked at is amber, never green.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from docgen import clock
from docgen.certificates import code as codes
from docgen.certificates import names, states
from docgen.certificates.sample import SAMPLE_CODE
from docgen.certificates.states import State
from docgen.issuing.printing import witnessed
from docgen.store import filings, lives, misses, signing
from docgen.store.database import Connection, DatabaseError
from docgen.store.misses import Guess

if TYPE_CHECKING:
    from docgen.certificates.claims import Claims
    from docgen.issuing.registry import Registry
    from docgen.store.events import Event
    from docgen.store.lives import Life
    from docgen.store.records import Record

_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


class Result(StrEnum):
    """What a code is worth."""

    VALID = "valid"
    NOT_YET = "not-yet"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    VOID = "void"
    TRIAL = "trial"
    SAMPLE = "sample"
    UNKNOWN = "unknown"
    MALFORMED = "malformed"
    UNSURE = "unsure"
    LIMITED = "limited"


TITLES: Final = MappingProxyType(
    {
        Result.VALID: "有效",
        Result.NOT_YET: "尚未生效",
        Result.SUPERSEDED: "已换发",
        Result.REVOKED: "已撤销",
        Result.SUSPENDED: "已暂停",
        Result.VOID: "已作废",
        Result.TRIAL: "试用，非证书",
        Result.SAMPLE: "样张，非证书",
        Result.UNKNOWN: "查无此证",
        Result.MALFORMED: "输入有误",
        Result.UNSURE: "暂时无法确认",
        Result.LIMITED: "查询过于频繁",
    }
)

_OF_STATE: Final = MappingProxyType(
    {
        State.ISSUED: Result.VALID,
        State.SUPERSEDED: Result.SUPERSEDED,
        State.REVOKED: Result.REVOKED,
        State.SUSPENDED: Result.SUSPENDED,
        State.VOID: Result.VOID,
    }
)


@dataclass(frozen=True, slots=True)
class Verification:
    """An answer about one code at one moment.

    ``claims`` are set for VALID and NOT_YET only; ``last`` is the event behind an ended or suspended state;
    ``association`` is the full name of the organisation that issued, "" where there is none to name.
    """

    result: Result
    code: str
    as_of: datetime
    claims: Claims | None = None
    last: Event | None = None
    association: str = ""


class NameAnswer(StrEnum):
    """Whether a typed name stands on the certificate."""

    SAME = "same"
    OTHER = "other"
    LOCKED = "locked"
    NOT_ASKED = "not-asked"
    """Nothing to compare with: no valid certificate, no personal name on it, or no name typed."""


class FileAnswer(StrEnum):
    """What a file is, by its SHA-256."""

    ORIGINAL = "original"
    OLD_VERSION = "old-version"
    ENDED = "ended"
    """An original of a certificate that is no longer, or not now, valid."""
    ANOTHER = "another"
    """An original of another certificate than the one asked about."""
    NOT_ORIGINAL = "not-original"
    UNSURE = "unsure"


_FILES: Final = MappingProxyType(
    {
        Result.VALID: FileAnswer.ORIGINAL,
        Result.NOT_YET: FileAnswer.ORIGINAL,
        Result.SUPERSEDED: FileAnswer.OLD_VERSION,
        Result.SUSPENDED: FileAnswer.ENDED,
        Result.REVOKED: FileAnswer.ENDED,
        Result.UNSURE: FileAnswer.UNSURE,
    }
)
"""What a certificate's own document is, by what the certificate is worth; the best answer first."""


def verify(registry: Registry, text: str, address: str, today: date | None = None) -> Verification:
    """Answer what a typed or scanned code is worth.

    ``address`` is where the question came from: from one address a bounded number of wrong codes a day is looked up;
    right ones are always answered. A code that cannot be one costs no look at the database.
    """
    as_of, code = clock.now(), codes.parse(text)
    if code is None:
        return Verification(Result.MALFORMED, "", as_of)
    if code == SAMPLE_CODE:
        return Verification(Result.SAMPLE, code, as_of)
    try:
        with registry.database.reading() as connection:
            life = lives.by_code(connection, code)
            judge = _Judge(registry, connection, as_of, today or as_of.date())
            found = judge.look(life) if life else Verification(Result.UNKNOWN, code, as_of)
        if found.result is Result.UNKNOWN:
            return Verification(_missed(registry, address, as_of.date()), code, as_of)
    except DatabaseError:
        return Verification(Result.UNSURE, code, as_of)
    return found


@dataclass(frozen=True, slots=True)
class _Judge:
    """Looks at certificates at one moment."""

    registry: Registry
    connection: Connection
    as_of: datetime
    today: date

    def look(self, life: Life) -> Verification:
        """Say what a certificate is worth; one that is not yet released is unknown."""
        record, chain = life.record, life.chain
        if chain == [(1, State.PENDING)]:
            return self._says(Result.UNKNOWN, record)
        found = witnessed(signing.key_table(self.connection), record)
        result = _OF_STATE.get(states.standing(chain) or State.PENDING)
        if found is None or result is None:
            return self._says(Result.UNSURE, record)
        if found.trial and not self.registry.trial:
            return self._says(Result.TRIAL, record)
        if result is not Result.VALID:
            last = life.events[-1]
            return Verification(result, record.code, self.as_of, last=last, association=life.association)
        if date.fromisoformat(found.claims.issued_on) > self.today:
            result = Result.NOT_YET
        return Verification(result, record.code, self.as_of, found.claims, association=life.association)

    def _says(self, result: Result, record: Record) -> Verification:
        return Verification(result, record.code, self.as_of)


def _missed(registry: Registry, address: str, day: date) -> Result:
    """Count a wrong code; the same for one that never was and one that is not yet released."""
    with registry.database.writing() as connection:
        if misses.locked(connection, Guess.CODE, address, day):
            return Result.LIMITED
        misses.count(connection, Guess.CODE, address, day)
    return Result.UNKNOWN


def check_name(registry: Registry, found: Verification, given: str) -> NameAnswer:
    """Answer whether somebody typed a name that stands on a valid certificate in full."""
    people = [name for _, group in found.claims.people() for name in group] if found.claims else []
    if found.result is not Result.VALID or not people or not given.strip():
        return NameAnswer.NOT_ASKED
    day = found.as_of.date()
    with registry.database.writing() as connection:
        if misses.locked(connection, Guess.NAME, found.code, day):
            return NameAnswer.LOCKED
        if any([names.same(given, name) for name in people]):  # noqa: C419  as long for the first name as for the last
            return NameAnswer.SAME
        misses.count(connection, Guess.NAME, found.code, day)
    return NameAnswer.OTHER


def check_file(registry: Registry, sha256: str, code: str = "") -> FileAnswer:
    """Answer what a file is by its SHA-256 (64 hexadecimal digits), and whether it belongs to a code's certificate."""
    if not _DIGEST.fullmatch(sha256.lower()):
        return FileAnswer.NOT_ORIGINAL
    as_of = clock.now()
    try:
        with registry.database.reading() as connection:
            judge = _Judge(registry, connection, as_of, as_of.date())
            known = filings.by_digest(connection, sha256.lower())
            asked = lives.by_code(connection, code) if code else None
            same = [one for one in known if not code or (asked is not None and one.number == asked.record.number)]
            results = {judge.look(life).result for one in same if (life := lives.by_code(connection, one.code))}
    except DatabaseError:
        return FileAnswer.UNSURE
    if known and not same:
        return FileAnswer.ANOTHER
    return next((answer for result, answer in _FILES.items() if result in results), FileAnswer.NOT_ORIGINAL)
