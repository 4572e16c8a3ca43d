"""Certificates in every state that the public can meet, for tests of the public pages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import registry_data
from sqlalchemy import text

from docgen.certificates import code as codes
from docgen.certificates.sample import SAMPLE_CODE
from docgen.certificates.states import ReasonClass, State
from docgen.issuing import changing
from docgen.issuing.changing import Reason
from docgen.issuing.verifying import Result
from docgen.store import events
from docgen.store.events import Step
from docgen.store.misses import MOST, Guess

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from docgen.issuing.registry import Desk
    from docgen.store.database import Database
    from docgen.store.records import Record

NAME: Final = "方知远"
"""On every certificate of these cases; never to be read in full."""
REASON: Final = "内部举报核实后撤销"
"""Words for the house, which the public must not read."""
WHY: Final = Reason(ReasonClass.UNTRUE, REASON)

Case = tuple["Desk", "FlaskClient"]


def issued(desk: Desk, name: str = NAME, day: str = "2026-10-30", org: str = registry_data.ORG) -> Record:
    """Return a released certificate."""
    key = f"{name} {day} {org}"
    return registry_data.released(desk, [name], key, shared={"org_name": org, "issued_on": day})[0]


def unknown() -> str:
    """Return a code that is well formed and was never issued."""
    return codes.make()


def _valid(case: Case) -> str:
    return issued(case[0]).code


def _not_yet(case: Case) -> str:
    return issued(case[0], day="2099-01-01").code


def _superseded(case: Case) -> str:
    before = issued(case[0])
    registry_data.corrected(case[0], before, {"name": "方致远"}, "correction")
    return before.code


def _changed(state: State) -> Callable[[Case], str]:
    def build(case: Case) -> str:
        one = issued(case[0])
        changing.change(case[0], one.number, state, WHY)
        return one.code

    return build


def pending(desk: Desk) -> str:
    """Return the code of a certificate that is recorded and not released."""
    return registry_data.record(desk, [NAME], "pending")[0].code


def _void(case: Case) -> str:
    desk = case[0]
    (one,) = registry_data.record(desk, [NAME], "void")
    with desk.registry.database.writing() as connection:
        events.add(connection, one, Step(State.VOID, desk.actor, reason=REASON))
    return one.code


def _trial(case: Case) -> str:
    """Issue while the installation was on trial, then look when it is not."""
    return issued(on_trial(case[0])).code


def _sample(_case: Case) -> str:
    return SAMPLE_CODE


def _unknown(_case: Case) -> str:
    return unknown()


def _malformed(_case: Case) -> str:
    return "4C08-RZHV-KES5-WWE9"


def _unsure(case: Case) -> str:
    code = _valid(case)
    registry_data.tampered(case[0].registry, "UPDATE certificates SET number = 'QG-GL-2026-000009'")
    return code


def _limited(case: Case) -> str:
    for _ in range(MOST[Guess.CODE]):
        case[1].get(f"/C/{unknown()}", headers={"Accept": "application/json"})
    return unknown()


RESULTS: Final[dict[Result, Callable[[Case], str]]] = {
    Result.VALID: _valid,
    Result.NOT_YET: _not_yet,
    Result.SUPERSEDED: _superseded,
    Result.REVOKED: _changed(State.REVOKED),
    Result.SUSPENDED: _changed(State.SUSPENDED),
    Result.VOID: _void,
    Result.TRIAL: _trial,
    Result.SAMPLE: _sample,
    Result.UNKNOWN: _unknown,
    Result.MALFORMED: _malformed,
    Result.UNSURE: _unsure,
    Result.LIMITED: _limited,
}
"""How to come by a code that gives each result."""


def break_down(database: Database) -> None:
    """Make a database useless, as a lost disk would."""
    with database.writing() as connection:
        for table in ("certificates", "misses", "organisations"):
            connection.execute(text(f"ALTER TABLE {table} RENAME TO {table}_gone"))


def on_trial(desk: Desk) -> Desk:
    """Return the same desk while nobody outside can reach the installation."""
    return replace(desk, registry=replace(desk.registry, fixed_url="http://127.0.0.1:8080"))
