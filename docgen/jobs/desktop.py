"""What lies on a clerk's desk before it is a batch: a roster being mended, its terms, how its certificates look.

It is kept as a draft after every change, so that nobody loses what was done. Reading a stranger's file, judging rows
and drawing go through the registry's press. A draft is the idempotency key of its batch: begun twice it is one batch.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import Field

from docgen import clock
from docgen.certificates.number import Number
from docgen.certificates.sample import sample_issue
from docgen.errors import ConflictError, Fault, SubmissionError
from docgen.fields import IsoDate, Line, OrgName, Submission
from docgen.forms import catalogue, checking
from docgen.forms.certificate import WORDS
from docgen.forms.shape import shape_of
from docgen.issuing import orders, recording
from docgen.jobs import intake
from docgen.jobs.intake import Judged, RosterError, Wish
from docgen.render import press
from docgen.rosters import Problem, judging, mending, reader, sample
from docgen.rosters.headings import DATE
from docgen.store import batches, drafts, numbering, organisations, records
from docgen.store.drafts import Begun, Draft

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from docgen.forms.form import Form
    from docgen.issuing.registry import Desk
    from docgen.jobs import runs
    from docgen.jobs.engine import Engine
    from docgen.rosters import Known, Roster
    from docgen.rosters.mending import Mended

KIND: Final = "roster"
MOST_DRAFTS: Final = 50
_TRIES: Final = 3
"""Two windows may change different rows of one roster at once."""
_MOST_TITLE: Final = 60


class _Said(Submission):
    """What the terms say beside the words that are judged with every row."""

    title: Annotated[str, Line(_MOST_TITLE), Field(title="批次名称")]
    decision: Annotated[str, Line(60), Field(title="表彰决定文号")]
    issued_on: Annotated[IsoDate | None, Field(title="颁发日期")] = None
    series: Annotated[str, *orders.Head.model_fields["series"].metadata, Field(title="编号系列")]
    issuers: Annotated[list[OrgName], Field(title="颁发单位", min_length=1, max_length=4)]


_SAID: Final = shape_of(_Said, "颁发内容")


@dataclass(frozen=True, slots=True)
class Terms:
    """What all certificates of a batch have in common, as it was typed. ``settled`` once all of it was judged.

    ``second`` asks that another person releases the batch.
    """

    title: str
    decision: str
    issued_on: str
    series: str
    recipient: str
    body: str
    closing: str
    issuers: tuple[str, ...]
    second: bool = False
    settled: bool = False

    @property
    def shared(self) -> dict[str, Any]:
        """What every row is judged with; until the terms are settled, today stands for the date."""
        day = self.issued_on or ("" if self.settled else clock.today().isoformat())
        told = {DATE: day, "recipient": self.recipient, "body": self.body, "closing": self.closing}
        return {name: value for name, value in told.items() if value} | {"issuers": list(self.issuers)}


@dataclass(frozen=True)
class Opened:
    """A roster on the desk. ``held`` are identities that are honoured already, with their certificates' numbers.

    ``sample`` rosters are for trying: they hold invented people, and are issued by no installation that is in earnest.
    """

    draft: Draft
    mended: Mended
    terms: Terms
    sample: bool
    held: Mapping[int, str]

    @cached_property
    def roster(self) -> Roster:
        """The roster as it stands, with what the registry says against it."""
        found = self.mended.roster
        told = {index: [_already(found, index, number)] for index, number in self.held.items()}
        return found.with_faults(told)

    @property
    def ready(self) -> bool:
        """Whether it can be issued as it stands."""
        return self.terms.settled and not self.roster.faults and bool(self.roster.good)


def _already(roster: Roster, index: int, number: str) -> Problem:
    detail = f"同一决定下已给同一对象颁发过这项荣誉，证书编号 {number}"
    code = "already_issued"
    return Problem(code, roster.place(roster.rows[index]), detail, mending.remedy_of(code))


# --- Putting a roster on the desk ------------------------------------------------------------------------------------


def put(desk: Desk, user: int, form_id: str, file: str, data: bytes) -> str:
    """Keep a roster that came as a file; return its draft's identifier.

    Raises UnreadableInputError for a file that cannot be read, RosterError for one without a table for this
    certificate, UnknownFormError, SubmissionError.
    """
    form, _ = orders.certificate_form(form_id)
    terms = _usual_terms(desk, form, file.rsplit(".", 1)[0])
    known = intake.holders(desk, form.id)
    mended = desk.registry.press(taken, data, form.id, file, terms.shared, known)
    return _keep_new(desk, user, mended, terms, is_sample=False)


def taken(data: bytes, form_id: str, file: str, shared: Mapping[str, Any], known: Sequence[Known]) -> Mended:
    """Read a file and judge its rows; runs in a render process."""
    roster = reader.read(data, catalogue.get_form(form_id), tuple(shared))
    if roster.general:
        raise RosterError(roster.general)
    return mending.judged(mending.begun(roster, file), "", shared, known)


def put_sample(desk: Desk, user: int, form_id: str) -> str:
    """Keep a roster of invented people, with one thing to mend; return its draft's identifier."""
    form, _ = orders.certificate_form(form_id)
    with desk.registry.database.reading() as connection:
        count = batches.count(connection, desk.organisation)
    terms = replace(_usual_terms(desk, form, "样例"), decision=f"试用〔{clock.today().year}〕{count + 1}号")
    mended = desk.registry.press(mending.judged, sample.sample(form), terms.decision, terms.shared)
    return _keep_new(desk, user, mended, terms, is_sample=True)


def _usual_terms(desk: Desk, form: Form, title: str) -> Terms:
    with desk.registry.database.reading() as connection:
        house = organisations.pick(connection, desk.organisation)
    usual = {name: form.model.model_fields[name].default for name in (*WORDS, "issuers")}
    issuers = house.issuers or tuple(usual.pop("issuers"))
    recipient, text, closing = (str(usual[name]) for name in WORDS)
    plain = "".join(char for char in title if char.isprintable()).strip()[:_MOST_TITLE]
    series = form.honour.series if form.honour else ""
    return Terms(plain or form.title, "", clock.today().isoformat(), series, recipient, text, closing, tuple(issuers))


def _keep_new(desk: Desk, user: int, mended: Mended, terms: Terms, *, is_sample: bool) -> str:
    body = _body(mended, terms, is_sample=is_sample)
    with desk.registry.database.writing() as connection:
        return drafts.begin(connection, desk.organisation, user, Begun(KIND, mended.form_id, terms.title, body))


def _body(mended: Mended, terms: Terms, *, is_sample: bool) -> dict[str, Any]:
    return {"roster": mending.packed(mended), "terms": asdict(terms), "sample": is_sample}


def listed(desk: Desk) -> tuple[Draft, ...]:
    """Return the rosters on the desk of an organisation without their bodies, last touched first."""
    with desk.registry.database.reading() as connection:
        return drafts.heads(connection, desk.organisation, KIND, MOST_DRAFTS)


def opened(desk: Desk, identifier: str) -> Opened:
    """Return a roster on the desk; raises UnknownDraftError."""
    with desk.registry.database.reading() as connection:
        draft = drafts.get(connection, desk.organisation, KIND, identifier)
        mended = mending.unpacked(draft.body["roster"])
        held = _held(desk, mended, lambda wanted: records.held(connection, wanted))
    told = draft.body["terms"]
    return Opened(draft, mended, Terms(**told | {"issuers": tuple(told["issuers"])}), bool(draft.body["sample"]), held)


def _held(desk: Desk, mended: Mended, look: Callable[[list[str]], dict[str, str]]) -> dict[int, str]:
    """Return which rows honour somebody who is honoured already."""
    trial = desk.registry.trial
    wanted = {
        recording.held_as(desk.organisation, orders.Row(index, {}, row.ref, row.identity), trial=trial): index
        for index, row in enumerate(mended.roster.rows)
        if row.identity and not row.skipped
    }
    return {wanted[identity]: number for identity, number in look(list(wanted)).items()}


def became(desk: Desk, identifier: str) -> int | None:
    """Return the batch that a draft became, None where it became none."""
    with desk.registry.database.reading() as connection:
        return batches.of_key(connection, desk.organisation, _key(identifier))


def drop(desk: Desk, identifier: str) -> None:
    """Throw a roster away; nothing was issued from it."""
    with desk.registry.database.writing() as connection:
        drafts.drop(connection, desk.organisation, identifier)


# --- Mending ---------------------------------------------------------------------------------------------------------


def retype(desk: Desk, identifier: str, number: int, texts: Mapping[str, str]) -> Opened:
    """Change the words of a row and judge it again. Raises UnknownDraftError, ConflictError for no such row."""
    return _mended(desk, identifier, number, lambda one: mending.retyped(one, number, texts))


def leave_out(desk: Desk, identifier: str, number: int) -> Opened:
    """Take a row out of what is issued."""
    return _mended(desk, identifier, number, lambda one: mending.left_out(one, number))


def take_in(desk: Desk, identifier: str, number: int) -> Opened:
    """Take a row that was left out, or that reading took for no data, into what is issued."""
    return _mended(desk, identifier, number, lambda one: mending.taken_in(one, number))


def _mended(desk: Desk, identifier: str, number: int, change: Callable[[Mended], Mended]) -> Opened:
    def changed(before: Opened) -> tuple[Mended, Terms]:
        terms = before.terms
        after = change(before.mended)
        return desk.registry.press(mending.judged_again, after, number, terms.decision, terms.shared), terms

    return _change(desk, identifier, changed)


def _change(desk: Desk, identifier: str, change: Callable[[Opened], tuple[Mended, Terms]]) -> Opened:
    """Keep a changed roster; where another window kept another change just now, change that one."""
    for left in reversed(range(_TRIES)):
        before = opened(desk, identifier)
        mended, terms = change(before)
        body = _body(mended, terms, is_sample=before.sample)
        try:
            with desk.registry.database.writing() as connection:
                revision = drafts.save(connection, before.draft, terms.title, body)
                held = _held(desk, mended, lambda wanted: records.held(connection, wanted))
        except ConflictError:
            if not left:
                raise
        else:
            draft = replace(before.draft, title=terms.title, body=body, revision=revision)
            return Opened(draft, mended, terms, before.sample, held)
    raise AssertionError("the last try returns or raises")


# --- Terms -----------------------------------------------------------------------------------------------------------


def note(desk: Desk, identifier: str, terms: Terms) -> Opened:
    """Keep terms as they are typed; they still have to be settled."""
    return _change(desk, identifier, lambda before: (before.mended, replace(_filled(before, terms), settled=False)))


def settle(desk: Desk, identifier: str, terms: Terms) -> Opened:
    """Judge terms, and every row with them. They are kept in any case; raises SubmissionError with their faults.

    What is left to mend stands in the roster: ``general`` faults are the terms', the others the rows'.
    """
    try:
        _judged(terms)
    except SubmissionError:
        note(desk, identifier, terms)
        raise

    def settled(before: Opened) -> tuple[Mended, Terms]:
        agreed = replace(_filled(before, terms), settled=True)
        known = intake.holders(desk, before.mended.form_id)
        after = desk.registry.press(mending.judged, before.mended, agreed.decision, agreed.shared, known)
        return after, replace(agreed, settled=not after.faulty_terms)

    after = _change(desk, identifier, settled)
    if wrong := after.mended.faulty_terms:
        raise SubmissionError(tuple(_term_fault(after.mended.form, one) for one in wrong))
    return after


def _filled(before: Opened, terms: Terms) -> Terms:
    """Return terms in which the usual words stand where somebody left none."""
    usual = before.mended.form.model.model_fields
    recipient, text, closing = (getattr(terms, name) or str(usual[name].default) for name in WORDS)
    return replace(terms, recipient=recipient, body=text, closing=closing)


def _judged(terms: Terms) -> None:
    told = {one.name: getattr(terms, one.name) for one in fields(terms) if one.name in _Said.model_fields}
    day = {DATE: terms.issued_on} if terms.issued_on else {DATE: None}
    checking.valid(_Said, told | day | {"issuers": list(terms.issuers)}, _SAID)


def _term_fault(form: Form, problem: Problem) -> Fault:
    """Return a fault of what all rows share as one of the terms."""
    label = problem.place.heading
    name = next((name for name, node in form.shape.fields.items() if label.startswith(node.title)), "")
    return Fault(f"/{name}" if name else "", label, problem.code, problem.detail)


def look(desk: Desk, one: Opened, number: int) -> tuple[Fault, ...]:
    """Return why a row cannot be drawn with the terms as they stand; nothing where it can."""
    return desk.registry.press(undrawable, one.mended.form_id, _values(one, number))


def undrawable(form_id: str, values: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Return what is wrong with a certificate's values; runs in a render process."""
    try:
        orders.judged(*orders.certificate_form(form_id), values)
    except SubmissionError as error:
        return error.faults
    return ()


def picture(desk: Desk, one: Opened, number: int) -> bytes:
    """Draw the certificate of a row as 样张; return a PNG. Raises SubmissionError where it cannot be drawn."""
    return desk.registry.press(drawn, one.mended.form_id, _values(one, number), desk.registry.public_url)


def drawn(form_id: str, values: Mapping[str, Any], public_url: str) -> bytes:
    """Draw a certificate that nobody issued; runs in a render process."""
    form, honour = orders.certificate_form(form_id)
    return press.make(form, orders.judged(form, honour, values), "png", issue=sample_issue(public_url)).data


def _values(one: Opened, number: int) -> dict[str, Any]:
    row = one.mended.entries[one.mended.index(number)].row
    return {**one.terms.shared, **row.values}


# --- Becoming a batch ------------------------------------------------------------------------------------------------


def numbers(desk: Desk, one: Opened) -> tuple[tuple[Number, Number], ...]:
    """Return the first and the last number that the certificates would get, for each year, if they were issued now."""
    counts = Counter(int(str(row.values.get(DATE, one.terms.issued_on))[:4]) for row in one.roster.good)
    series, marks = one.terms.series, desk.registry.marks
    with desk.registry.database.reading() as connection:
        last = {year: max(numbering.peek(connection, series, year), marks.last(series, year)) for year in counts}
    return tuple(
        (Number(series, year, last[year] + 1), Number(series, year, last[year] + count))
        for year, count in sorted(counts.items())
    )


def begin(desk: Desk, engine: Engine, identifier: str, *, second: bool) -> runs.Begun:
    """Issue what a roster says, and clear it away. ``second`` wants another person to release it in any case.

    Raises ConflictError while something is left to mend, RosterError with what was found only now, and what
    ``intake.begin`` raises.
    """
    one = opened(desk, identifier)
    if one.sample and not desk.registry.trial:
        raise ConflictError("这是虚构的样例名单，正式环境里不颁发", "请删去这份草稿，用真实的名单新建一批")
    if not one.ready:
        raise ConflictError(
            "这份名单还不能颁发：有没改好的地方，或颁发内容还没有确认", "请回到名单和颁发内容，按提示改好"
        )
    terms = one.terms
    judged = desk.registry.press(ordered, one.mended, terms.decision, terms.series, terms.shared)
    # What the report needs: the rows as they were mended. Doubts among them are found again from these.
    data = json.dumps({MENDED: mending.packed(replace(one.mended, doubts=()))}, ensure_ascii=False).encode()
    wish = Wish(_key(identifier), terms.title, second=second or terms.second)
    try:
        begun = intake.begin(desk, engine, judged, data, wish)
    except RosterError:
        settle(desk, identifier, terms)  # so that the roster tells what is wrong now
        raise
    drop(desk, identifier)
    return begun


MENDED: Final = "mended"
"""Says of a batch's list that it was mended at the desk."""


def ordered(mended: Mended, decision: str, series: str, shared: Mapping[str, Any]) -> Judged:
    """Return the order that a mended roster makes; runs in a render process."""
    roster = mended.roster
    found = Judged(len(roster.rows), roster, None, is_file=True)
    try:
        return replace(found, order=orders.read(judging.order_of(roster, decision, series, shared)))
    except SubmissionError as error:
        return found.refused(error.faults)


def _key(identifier: str) -> str:
    return f"draft-{identifier}"
