"""A list comes in, as JSON or as an Excel file: it is judged as a whole, and becomes a batch or is told every fault.

Judging ten thousand rows takes seconds, and an Excel file is a stranger's: ``roster`` and ``order`` are called through
the registry's press, which a server gives to a render process.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import Field

from docgen import rosters
from docgen.certificates.claims import Claims
from docgen.certificates.signature import verified
from docgen.errors import DocgenError, Fault, SubmissionError
from docgen.fields import Line, Submission
from docgen.forms import catalogue, checking
from docgen.forms.shape import shape_of
from docgen.issuing import orders, recording
from docgen.jobs import runs, webhooks
from docgen.rosters import Known, Problem, Roster, Row, doubts, synonyms
from docgen.store import filings, records, signing
from docgen.store.ledger import Details

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from docgen.issuing.orders import Order
    from docgen.issuing.registry import Desk
    from docgen.jobs.engine import Engine
    from docgen.jobs.runs import Begun

SHEET: Final = "rows"
"""What stands for the sheet where a list is JSON; its rows count from 1."""
_MOST_KNOWN: Final = 5_000
"""Certificates, the newest, whose holders a new list is compared with."""


class Terms(Submission):
    """What a batch is called and who is told of its end, as its caller says it."""

    title: Annotated[str, Line(60), Field(title="批次名称")] = ""
    webhook: Annotated[str, Line(500), Field(title="通知地址")] = ""


_TERMS: Final = shape_of(Terms, "批次")
SECOND: Final = "second_person"
TERMS: Final = frozenset({*Terms.model_fields, SECOND})
"""What a request says beside its order."""


class RosterError(DocgenError):
    """A list has faults, told in the words of its file; nothing was recorded."""

    code = "roster-invalid"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Keep the faults; at least one."""
        super().__init__(f"名单有 {len(problems)} 处需要修改，什么也没有颁发", "请按各条说明修改后，再提交一次")
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Asked:
    """What an Excel file is to become, which the file itself does not say."""

    certificate: str
    decision: str
    series: str | None
    shared: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wish:
    """How a batch is to run: the caller's idempotency key, a title, who is told of its end, who must release it."""

    key: str
    title: str = ""
    webhook: str = ""
    second: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """A list that was judged. ``order`` is None where there are faults; ``roster`` where JSON rows have some.

    Faults of a file are told by sheet and row, those of JSON by pointer.
    """

    rows_in: int
    roster: Roster | None
    order: Order | None
    faults: tuple[Fault | Problem, ...] = ()
    is_file: bool = False

    @property
    def skipped(self) -> tuple[Row, ...]:
        """The rows that are no certificate."""
        return tuple(row for row in self.roster.rows if row.skipped) if self.roster else ()

    def refused(self, faults: tuple[Fault, ...]) -> Judged:
        """Return the list with faults that only the registry knew."""
        told = rosters.problems_of(self.roster, faults) if self.is_file and self.roster else faults
        return replace(self, order=None, faults=(*self.faults, *told)) if faults else self

    def wanted(self) -> Order:
        """Return the order; raises RosterError or SubmissionError with every fault."""
        if self.order is not None:
            return self.order
        if self.is_file:
            raise RosterError(tuple(one for one in self.faults if isinstance(one, Problem)))
        raise SubmissionError(tuple(one for one in self.faults if isinstance(one, Fault)))

    def members(self) -> dict[str, object]:
        """Return the judgement for machines."""
        return {
            "rows_in": self.rows_in,
            "issuing": len(self.order.rows) if self.order else 0,
            "skipped": self.skipped_members(),
            "errors": [fault.members() for fault in self.faults],
            "warnings": [problem.members() for problem in self.roster.warnings] if self.roster else [],
        }

    def skipped_members(self) -> list[dict[str, object]]:
        """Return the rows that are no certificate, and why, for machines."""
        return [{"sheet": row.sheet, "row": row.number, "reason": row.skipped} for row in self.skipped]


def wish(given: Mapping[str, Any], key: str, hosts: Sequence[str]) -> Wish:
    """Return how a batch is to run from ``title``, ``webhook``, ``second_person``; raises SubmissionError."""
    rest = dict(given)
    second = rest.pop(SECOND, False)
    faults: list[Fault] = []
    found = Terms()
    try:
        found = checking.valid(Terms, rest, _TERMS)
    except SubmissionError as error:
        faults += error.faults
    try:
        webhooks.judged(str(rest.get("webhook", "")), hosts)
    except SubmissionError as error:
        faults += error.faults if not any(fault.pointer == "/webhook" for fault in faults) else ()
    if not isinstance(second, bool):
        faults.append(Fault(f"/{SECOND}", "须由另一人发布", "wrong_type", "应为 true 或 false"))
    if faults:
        raise SubmissionError(tuple(faults))
    return Wish(key, found.title, found.webhook, second)


def roster(data: bytes, asked: Asked, known: Sequence[Known] = ()) -> Judged:
    """Judge an Excel file; raises UnreadableInputError or UnknownFormError where there is nothing to judge."""
    form = catalogue.get_form(asked.certificate)
    head = {"certificate": asked.certificate, "decision": asked.decision}
    read = rosters.read(data, form, asked.shared)
    judged = rosters.check(read, asked.decision, asked.shared, _among(known))
    faults: tuple[Problem, ...] = judged.faults
    try:
        checking.valid(
            orders.Head, head | ({"series": asked.series} if asked.series else {}), shape_of(orders.Head, "颁发请求")
        )
    except SubmissionError as error:
        faults = (*rosters.problems_of(judged, error.faults), *faults)
    found = Judged(judged.rows_in, judged, None, faults, is_file=True)
    if faults:
        return found
    try:
        order = orders.read(rosters.order_of(judged, asked.decision, asked.series, asked.shared))
    except SubmissionError as error:
        return found.refused(error.faults)
    return replace(found, order=order)


def order(raw: object, known: Sequence[Known] = ()) -> Judged:
    """Judge a JSON order; raises UnknownFormError."""
    rows = raw.get("rows") if isinstance(raw, dict) else None
    rows_in = len(rows) if isinstance(rows, list) else 0
    try:
        judged = orders.read(raw)
    except SubmissionError as error:
        return Judged(rows_in, None, None, error.faults)
    shared = raw.get("shared", {}) if isinstance(raw, dict) else {}
    listed = plain(judged.form.id, shared, rows or ())
    return Judged(rows_in, replace(listed, warnings=doubts.find(listed, shared, _among(known))), judged)


def plain(form_id: str, shared: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> Roster:
    """Return the rows of a valid JSON order as a roster."""
    form = catalogue.get_form(form_id)
    listed = list(rows)
    named = {name for row in listed for name in row}
    titles = {name: node.title for name, node in form.shape.fields.items()} | {synonyms.REF: synonyms.REF_TITLE}
    found = tuple(
        Row(SHEET, number, {name: _words(value) for name, value in row.items()}, {**shared, **row})
        for number, row in enumerate(listed, 1)
    )
    columns: dict[str, tuple[int, ...]] = {name: () for name in titles if name in named}
    return Roster(form, SHEET, columns, titles, found, len(listed))


def holders(desk: Desk, form_id: str) -> tuple[Known, ...]:
    """Return the holders of an organisation's newest certificates of one kind, to compare a list with."""
    found: list[Known] = []
    with desk.registry.database.reading() as connection:
        keys = signing.key_table(connection)
        lately = records.lately(connection, desk.organisation, form_id, _MOST_KNOWN)
    for one in lately:
        if signed := verified(one.token, keys):
            claims = Claims.read(signed[0])
            organisation = str(claims.submission.get("org_name", ""))
            names = [*claims.holder, *claims.persons]
            found += (
                Known(organisation, field, str(value), one.number)
                for field, _ in names
                if field != "org_name" and isinstance(value := claims.submission.get(field), str) and value
            )
    return tuple(found)


def examined(desk: Desk, judged: Judged) -> Judged:
    """Return a list with what the registry says against it."""
    if judged.order is None:
        return judged
    with desk.registry.database.reading() as connection:
        return judged.refused(recording.held(connection, desk, judged.order))


def begin(desk: Desk, engine: Engine, judged: Judged, data: bytes, wish: Wish) -> Begun:
    """Record a list and let it run; ``data`` is the list as it came, kept for the report until it expires.

    Raises RosterError or SubmissionError with every fault, and what ``runs.begin`` raises.
    """
    wanted = judged.wanted()
    files = desk.registry.files
    digest = files.keep(data)
    title = wish.title or wanted.form.title
    details = Details(title, wanted.decision, digest, len(judged.skipped), wish.webhook, wish.second)
    begun = None
    try:
        begun = runs.begin(desk, engine, wanted, details, wish.key)
    except SubmissionError as error:
        judged.refused(error.faults).wanted()
        raise
    finally:
        if begun is None or not begun.new:
            _forget(desk, digest)
    return begun


def _forget(desk: Desk, digest: str) -> None:
    """Drop a list that no batch names: it holds names of people."""
    with desk.registry.database.reading() as connection:
        named = filings.names(connection, digest)
    if not named:
        desk.registry.files.drop(digest)


def _among(known: Sequence[Known]) -> doubts.Registered:
    def registered(organisations: frozenset[str]) -> Iterable[Known]:
        return [one for one in known if one.organisation in organisations]

    return registered


def _words(value: object) -> str:
    return "、".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
