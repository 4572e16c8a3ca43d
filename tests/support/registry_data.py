"""Orders, certificates and bent rows for tests of the registry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from docgen.certificates.states import ReasonClass, State
from docgen.issuing import changing, orders, recording
from docgen.issuing.changing import Reason
from docgen.store import events
from docgen.store.events import Step

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docgen.issuing.registry import Desk, Registry
    from docgen.store.records import Record

FORM = "qinggong-2025/certificate-manager"
SERIES = "QG-GL"
DECISION = "中轻联质〔2026〕50号"
ORG = "云岭青瓷日用陶瓷股份有限公司"
DAY = "2026-12-10"
WHY = Reason(ReasonClass.WRONG_DATA, "登记有误")
_DIGITS = str.maketrans("0123456789", "零一二三四五六七八九")


def person(index: int) -> str:
    """Return the invented name of one of many: 章一二."""
    return f"章{str(index).translate(_DIGITS)}"


def order(names: Iterable[str], **changes: Any) -> dict[str, Any]:
    """Return an order of managers' certificates, one for each name."""
    rows = [{"name": name} for name in names]
    shared = {"org_name": ORG, "issued_on": DAY}
    return {"certificate": FORM, "decision": DECISION, "shared": shared, "rows": rows, **changes}


def record(desk: Desk, names: Iterable[str], key: str, **changes: Any) -> tuple[Record, ...]:
    """Record certificates without releasing them."""
    return recording.record(desk, orders.read(order(names, **changes)), key).records


def released(desk: Desk, names: Iterable[str], key: str = "k", **changes: Any) -> tuple[Record, ...]:
    """Record certificates and lead them to the public as a release does, but for their documents."""
    made = record(desk, names, key, **changes)
    with desk.registry.database.writing() as connection:
        for one in made:
            events.add(connection, one, Step(State.ISSUED, desk.actor))
    return made


def corrected(desk: Desk, before: Record, changes: dict[str, Any], key: str) -> Record:
    """Record and release a correction, but for its document."""
    from docgen.issuing import printing  # noqa: PLC0415  imports the engines, which most tests do without

    correction = changing.Correction(changes, WHY)
    wanted = changing.corrected(desk, printing.attested(desk.registry, before), correction)
    made = changing.record(desk, before, wanted, correction, key)
    with desk.registry.database.writing() as connection:
        assert changing.supersede(connection, made, desk.actor)
        events.add(connection, made, Step(State.ISSUED, desk.actor))
    return made


def tampered(registry: Registry, *statements: str, **values: object) -> None:
    """Change the database by hand, as somebody with its password would: the guards are taken away first."""
    with registry.database.writing() as connection:
        for table in ("certificates", "events", "documents"):
            if registry.database.is_sqlite:
                for verb in ("update", "delete"):
                    connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{verb}"))
            else:
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        for statement in statements:
            connection.execute(text(statement), values)
