"""Letting go: rosters that came in expire, and the documents of certificates that have ended can be erased.

Records stay: what was issued must be answered for as long as paper lasts, and the triggers of the database hold that.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from docgen.certificates.states import NAMES, State
from docgen.errors import ConflictError
from docgen.store import deliveries, drafts, events, filings, ledger, records

if TYPE_CHECKING:
    from docgen.issuing.registry import Desk, Registry

_RECORDED_WITHIN: Final = timedelta(days=1)
"""A file is kept first and recorded right after; a day later nobody is about to."""
_ENDED: Final = frozenset({State.REVOKED, State.SUPERSEDED, State.VOID})


def expire(registry: Registry, days: int) -> int:
    """Drop what came in with batches that ended more than so many days ago; return how many rosters went.

    Drafts that nobody touched for so long go too, and so do files that no record names, a day after they were kept:
    whoever kept them was killed before the record was.
    """
    now = datetime.now(UTC)
    before = (now - timedelta(days=days)).isoformat(timespec="microseconds")
    with registry.database.writing() as connection:
        dropped = ledger.expire(connection, before)
        deliveries.expire(connection, before)
        drafts.expire(connection, before)
        # Files go before the record lets go: what is cut short here is done again the next time.
        for digest in dropped:
            if not filings.names(connection, digest):
                registry.files.drop(digest)
    for digest in registry.files.kept_before(now - _RECORDED_WITHIN):
        with registry.database.writing() as connection:
            if not filings.names(connection, digest):
                registry.files.drop(digest)
    return len(dropped)


def erase(desk: Desk, number: str) -> int:
    """Erase the documents of a number's ended versions; return how many. Their records keep answering the public.

    Raises UnknownCertificateError, or ConflictError where every version is still good for something.
    """
    registry = desk.registry
    with registry.database.reading() as connection:
        versions = records.versions(connection, desk.organisation, number)
        standing = events.standings(connection, [one.id for one in versions])
        ended = [one for one in versions if standing[one.id] in _ENDED]
        if not ended:
            here = NAMES.get(standing[versions[-1].id] or State.VOID, "")
            raise ConflictError(
                f"证书 {number} 现在的状态是「{here}」，文件还要用", "只能清除已撤销、已换发、已作废的版本的文件"
            )
        doomed = {filed.sha256 for one in ended for filed in filings.filed(connection, one.id)}
        good = [one for one in versions if one not in ended]
        doomed -= {filed.sha256 for one in good for filed in filings.filed(connection, one.id)}
    for digest in sorted(doomed):
        registry.files.drop(digest)
    return len(doomed)
