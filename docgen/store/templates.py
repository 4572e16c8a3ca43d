"""Word templates that were taken into use in the browser, and which of them each form uses; nothing is ever changed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select

from docgen import clock
from docgen.store.tables import template_choices, word_templates

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row


@dataclass(frozen=True, slots=True)
class Choice:
    """One decision about a form's template. Without ``template`` it is the installation's own (``sha256`` is "")."""

    id: int
    form: str
    template: int | None
    sha256: str
    actor: str
    at: str


def keep(connection: Connection, form: str, data: bytes, actor: str) -> int:
    """Keep a template; return its identifier. The same file for the same form is kept once."""
    sha256 = hashlib.sha256(data).hexdigest()
    known = connection.execute(
        select(word_templates.c.id).where(word_templates.c.form == form, word_templates.c.sha256 == sha256)
    ).scalar()
    if known is not None:
        return int(known)
    row = {"form": form, "sha256": sha256, "data": data, "actor": actor, "created_at": clock.stamp()}
    made = connection.execute(insert(word_templates).values(row).returning(word_templates.c.id))
    return int(made.scalar_one())


def choose(connection: Connection, form: str, template: int | None, actor: str) -> None:
    """Decide which template a form uses from now on."""
    row = {"form": form, "template_id": template, "actor": actor, "created_at": clock.stamp()}
    connection.execute(insert(template_choices).values(row))


def last(connection: Connection) -> int:
    """Return which decision was the last: as long as it stays the same, so do the templates in use."""
    return int(connection.execute(select(func.max(template_choices.c.id))).scalar() or 0)


def chosen(connection: Connection) -> dict[str, Choice]:
    """Return the last decision about each form about which there was any."""
    newest = select(func.max(template_choices.c.id)).group_by(template_choices.c.form)
    rows = connection.execute(_choices().where(template_choices.c.id.in_(newest)))
    return {row.form: _choice(row) for row in rows}


def history(connection: Connection, form: str) -> tuple[Choice, ...]:
    """Return all decisions about a form, the newest first."""
    rows = connection.execute(_choices().where(template_choices.c.form == form).order_by(template_choices.c.id.desc()))
    return tuple(map(_choice, rows))


def data(connection: Connection, form: str, template: int) -> bytes | None:
    """Return the file of a template of a form."""
    wanted = word_templates.c.id == template, word_templates.c.form == form
    found = connection.execute(select(word_templates.c.data).where(*wanted)).scalar_one_or_none()
    return None if found is None else bytes(found)


def _choices() -> Any:  # noqa: ANN401  SQLAlchemy's type of a select spells every column out
    return select(template_choices, word_templates.c.sha256).join(
        word_templates, word_templates.c.id == template_choices.c.template_id, isouter=True
    )


def _choice(row: Row[Any]) -> Choice:
    return Choice(row.id, row.form, row.template_id, row.sha256 or "", row.actor, row.created_at)
