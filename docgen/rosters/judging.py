"""Judging a roster's rows before anything is issued, and telling an order's faults in the words of the file."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from docgen.errors import SubmissionError
from docgen.forms import checking
from docgen.forms.shape import shape_of
from docgen.issuing import orders
from docgen.rosters import doubts, synonyms
from docgen.rosters.headings import DATE
from docgen.rosters.roster import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from docgen.errors import Fault
    from docgen.rosters.doubts import Registered
    from docgen.rosters.roster import Roster, Row

_ROW: Final = re.compile("第 ([0-9]+) 行")
_STEP: Final = re.compile(r"/rows/([0-9]+)(?:/([^/]*))?(?:/([0-9]+))?")
_ITEM: Final = re.compile("第 [0-9]+ 项")


def order_of(roster: Roster, decision: str, series: str | None, shared: Mapping[str, Any]) -> dict[str, Any]:
    """Return the order that ``issuing.orders.read`` takes: the good rows, in the order of the file."""
    marked = ({**row.values, **({synonyms.REF: row.ref} if row.ref else {})} for row in roster.good)
    order: dict[str, Any] = {"certificate": roster.form.id, "decision": decision, "shared": dict(shared)}
    return order | {"rows": list(marked)} | ({"series": series} if series is not None else {})


def check(roster: Roster, decision: str, shared: Mapping[str, Any], registered: Registered = doubts.nobody) -> Roster:
    """Return the roster with every row judged as an order judges it, and with what a person should look at twice.

    A row that repeats another's honour fails. What ``shared`` gets wrong is told once, and no row is good until it is
    mended. ``registered`` tells which holders are known already (see ``doubts``).
    """
    judged = with_repeats(judge(roster, decision, shared))
    return replace(judged, warnings=(*judged.warnings, *doubts.find(judged, shared, registered)))


def problems_of(roster: Roster, faults: Iterable[Fault]) -> tuple[Problem, ...]:
    """Return the faults of an order made by ``order_of`` with the sheet, row and column of the file."""
    return tuple(_placed(roster, fault) for fault in faults)


def judge(roster: Roster, decision: str, shared: Mapping[str, Any]) -> Roster:
    """Return the roster with every row judged by itself, and with the identity of those that could be issued."""
    form, honour = orders.certificate_form(roster.form.id)
    general = list(_without_date(roster, shared))
    told = {name for name in form.shape.fields if name not in roster.columns} if general or roster.general else set()
    found: dict[int, list[Problem]] = {}
    common: dict[Problem, list[int]] = defaultdict(list)
    known: dict[int, str] = {}
    judged = [(index, row) for index, row in enumerate(roster.rows) if not row.skipped]
    for index, row in judged:
        try:
            ref = _ref(row)
            submission = orders.judged(form, honour, {**shared, **row.values})
        except SubmissionError as error:
            unread = told | {name for name in roster.columns if any(_concerns(roster, one, name) for one in row.faults)}
            own = [fault for fault in error.faults if _step(fault) not in shared or _step(fault) in row.values]
            for fault in error.faults:
                if fault not in own:
                    common[_of_shared(roster, fault)].append(index)
            found[index] = [_of_row(roster, row, one) for one in own if _step(one) not in unread]
            continue
        known[index] = orders.identity_of(form, honour, decision, submission, ref)
    for problem, rows in common.items():
        if len(rows) == len(judged):
            general.append(problem)
        else:  # what is shared does not fit these rows only: words too long with their names, a line they leave out
            for index in rows:
                place = replace(roster.place(roster.rows[index]), heading=problem.place.heading)
                found[index].append(replace(problem, place=place))
    named = tuple(replace(row, identity=known.get(index, "")) for index, row in enumerate(roster.rows))
    return replace(roster, rows=named).with_faults(found, general)


def with_repeats(roster: Roster) -> Roster:
    """Return a judged roster in which a row that repeats another's honour fails."""
    first: dict[str, Row] = {}
    found: dict[int, list[Problem]] = {}
    for index, row in enumerate(roster.rows):
        if row.identity and not row.skipped:
            before = first.setdefault(row.identity, row)
            if before is not row:
                found[index] = [_repeated(roster, row, before)]
    return roster.with_faults(found)


def _concerns(roster: Roster, fault: Problem, name: str) -> bool:
    """Tell whether a fault found in reading stands in the column of a field, which then has no value to judge."""
    return fault.place.column in roster.columns[name]


def _ref(row: Row) -> str:
    """Return a row's mark as an order takes it."""
    marks = {synonyms.REF: row.ref} if row.ref else {}
    return checking.valid(orders.Mark, marks, shape_of(orders.Mark)).ref


def _of_shared(roster: Roster, fault: Fault) -> Problem:
    """Return a fault of what all rows share; it is the same in every row."""
    return Problem(fault.code, roster.place(field=fault.label), fault.detail, "请改正颁发时统一给出的内容")


def _without_date(roster: Roster, shared: Mapping[str, Any]) -> Iterator[Problem]:
    """Tell once that nobody said the date, instead of in every row."""
    if DATE not in roster.columns and DATE not in shared:
        title = roster.form.shape.fields[DATE].title
        detail = f"没有{title}：名单里没有这一栏，颁发时也没有给出"
        yield Problem("missing", roster.place(field=title), detail, f"请给出全部证书的{title}，或在名单里加这一栏")


def _step(fault: Fault) -> str:
    return fault.pointer.split("/")[1] if fault.pointer else ""


def _of_row(roster: Roster, row: Row, fault: Fault) -> Problem:
    """Return a fault of a row's submission with its place in the file."""
    return _problem(roster, row, fault, _step(fault))


def _problem(roster: Roster, row: Row, fault: Fault, name: str) -> Problem:
    item = _ITEM.search(fault.label)
    place = roster.place(row, name)
    label = "" if place.column else fault.label
    parts = [part for part in (label, item[0] if item and place.column else "") if part]
    sentence = f"；通知原文：{fault.sentence}" if fault.sentence else ""
    return Problem(fault.code, place, "：".join([*parts, fault.detail]) + sentence, "请按说明改正这一格，再上传一次")


def _repeated(roster: Roster, row: Row, before: Row) -> Problem:
    return Problem(
        "repeated_row",
        roster.place(row),
        f"与第 {before.number} 行是同一对象的同一荣誉",
        f"重复的请删去一行；确是同名的两者，请加一栏“{synonyms.REF_TITLE}”，两行填得不同",
    )


def _placed(roster: Roster, fault: Fault) -> Problem:
    """Return one fault of an order in the words of the file; a row that it names is counted as Excel counts."""
    found = _STEP.match(fault.pointer)
    if not found or int(found[1]) >= len(roster.good):
        return Problem(fault.code, roster.place(field=fault.label), fault.detail, "请按说明改正后重试")
    row = roster.good[int(found[1])]
    whole = _counted(roster, fault)
    label = fault.label.removeprefix(f"第 {int(found[1]) + 1} 行").strip()
    return _problem(roster, row, replace(fault, detail=whole, label=label), found[2] or "")


def _counted(roster: Roster, fault: Fault) -> str:
    """Return what an order says about another of its rows, with that row's number in the file."""
    if fault.code != "repeated_row":
        return fault.detail
    return _ROW.sub(lambda found: f"第 {roster.good[int(found[1]) - 1].number} 行", fault.detail)
