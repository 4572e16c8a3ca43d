"""颁证单位: who issues. Keys, series and certificates each belong to one."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import insert, select, update

from docgen import clock
from docgen.errors import OrganisationError, quoted
from docgen.store.database import insert_new
from docgen.store.tables import organisations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

FIRST: Final = "main"
"""The organisation that an installation begins with."""
_SHAPE: Final = re.compile(r"[a-z][a-z0-9-]{0,19}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Organisation:
    """One organisation: its short identifier and its full name, which the public reads.

    ``issuers`` are the names below its certificates where they are not those of the form.
    """

    id: str
    name: str
    issuers: tuple[str, ...] = ()


def all_organisations(connection: Connection) -> tuple[Organisation, ...]:
    """Return every organisation, oldest first."""
    rows = connection.execute(select(organisations).order_by(organisations.c.created_at, organisations.c.id))
    return tuple(Organisation(row.id, row.name, tuple(json.loads(row.issuers or "[]"))) for row in rows)


def pick(connection: Connection, identifier: str | None) -> Organisation:
    """Return an organisation; without an identifier the only one. Raises OrganisationError."""
    known = all_organisations(connection)
    if identifier is None and len(known) == 1:
        return known[0]
    for one in known:
        if one.id == identifier:
            return one
    names = "、".join(f"{one.id}（{one.name}）" for one in known)
    if identifier is None:
        raise OrganisationError("本机有几个颁证单位，请指明是哪一个", f"可选：{names}")
    raise OrganisationError(f"没有编号为{quoted(identifier)}的颁证单位", f"可选：{names}")


def add(connection: Connection, identifier: str, name: str) -> Organisation:
    """Add an organisation; raises OrganisationError where the identifier is taken or badly written."""
    if not _SHAPE.fullmatch(identifier):
        raise OrganisationError(
            f"颁证单位的编号{quoted(identifier)}写得不对", "请用 1 至 20 个小写字母、数字或连字符，以字母开头"
        )
    if any(one.id == identifier for one in all_organisations(connection)):
        raise OrganisationError(f"已有编号为{quoted(identifier)}的颁证单位", "请换一个编号，或改它的名称")
    row = {"id": identifier, "name": _cleaned(name), "created_at": clock.stamp()}
    connection.execute(insert(organisations).values(row))
    return Organisation(identifier, row["name"])


def begin(connection: Connection, name: str) -> None:
    """Make the first organisation, unless another process just did."""
    row = {"id": FIRST, "name": _cleaned(name), "created_at": clock.stamp()}
    insert_new(connection, organisations, [row])


def rename(connection: Connection, identifier: str, name: str) -> Organisation:
    """Change the name that the public reads; certificates keep the issuers that are printed on them."""
    found = pick(connection, identifier)
    cleaned = _cleaned(name)
    connection.execute(update(organisations).where(organisations.c.id == found.id).values(name=cleaned))
    return Organisation(found.id, cleaned, found.issuers)


def set_issuers(connection: Connection, identifier: str, issuers: Sequence[str]) -> None:
    """Change what an organisation prints below its certificates; nothing means what each form says."""
    told = json.dumps(list(issuers), ensure_ascii=False)
    connection.execute(update(organisations).where(organisations.c.id == identifier).values(issuers=told))


def _cleaned(name: str) -> str:
    most = 60
    if not name.strip() or len(name) > most or not name.isprintable():
        raise OrganisationError("颁证单位的名称写得不对", f"请写 1 至 {most} 个字，不含换行和控制字符")
    return name.strip()
