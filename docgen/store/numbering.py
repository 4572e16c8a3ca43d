"""Numbers without gaps: the counter moves in the transaction that uses the numbers, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from docgen.certificates.number import LAST, Number
from docgen.errors import ConflictError
from docgen.store.database import insert_new
from docgen.store.tables import counters, series

if TYPE_CHECKING:
    from sqlalchemy import Connection


def claim(connection: Connection, organisation: str, name: str) -> bool:
    """Make a series an organisation's own; tell whether it is new. Raises ConflictError where it is another's."""
    new = insert_new(connection, series, [{"name": name, "organisation_id": organisation}])
    owner = connection.execute(select(series.c.organisation_id).where(series.c.name == name)).scalar_one()
    if owner != organisation:
        raise ConflictError(f"编号系列 {name} 属于本机的另一个颁证单位", "请换一个编号系列")
    return bool(new)


def last(connection: Connection, name: str, year: int) -> int:
    """Return the last serial given out, 0 where none was; others wait until this transaction has ended."""
    insert_new(connection, counters, [{"series": name, "year": year, "last": 0}])
    moved = update(counters).where(counters.c.series == name, counters.c.year == year).values(last=counters.c.last)
    return int(connection.execute(moved.returning(counters.c.last)).scalar_one())


def peek(connection: Connection, name: str, year: int) -> int:
    """Return the last serial given out without keeping anybody waiting: others may take the next one meanwhile."""
    told = select(counters.c.last).where(counters.c.series == name, counters.c.year == year)
    return connection.execute(told).scalar_one_or_none() or 0


def take(connection: Connection, after: Number, count: int) -> list[Number]:
    """Take the numbers that follow one. Raises ConflictError where the year has not so many left."""
    end = after.serial + count
    if end > LAST:
        raise ConflictError(
            f"编号系列 {after.series} 在 {after.year} 年的编号只有 {LAST:,} 个，已不够用", "请换一个编号系列"
        )
    connection.execute(
        update(counters).where(counters.c.series == after.series, counters.c.year == after.year).values(last=end)
    )
    return [Number(after.series, after.year, serial) for serial in range(after.serial + 1, end + 1)]
