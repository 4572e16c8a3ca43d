"""The calendar that certificates and deadlines live by: Beijing's, wherever the server stands."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

BEIJING: Final = timezone(timedelta(hours=8), "北京时间")


def now() -> datetime:
    """Return the present moment in Beijing's time."""
    return datetime.now(BEIJING)


def today() -> date:
    """Return today's date in Beijing."""
    return now().date()


def stamp() -> str:
    """Return the present moment as records keep it: UTC, ISO 8601, microseconds."""
    return datetime.now(UTC).isoformat(timespec="microseconds")
