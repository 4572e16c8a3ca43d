"""An order to issue: which certificate, by which decision, to whom; judged as a whole before anything is numbered.

``{"certificate": "caq-2026/certificate-group", "decision": "…〔2026〕50号", "series": "CAQ-QC", "shared": {…},
"rows": [{…}, {…}]}``: a row is what the certificate's form asks for; ``shared`` are fields that all rows have in
common; a row's ``ref`` tells two people of one name apart. ``series`` may be left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import Field

from docgen.certificates import claims, number
from docgen.errors import Fault, SubmissionError
from docgen.fields import Line, Submission
from docgen.forms import catalogue, certificate, checking
from docgen.forms.form import Form, Honour, Kind
from docgen.forms.messages import MOST_FAULTS
from docgen.forms.shape import shape_of
from docgen.render import press

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MOST_ROWS: Final = 10_000
_SHARED: Final = "shared"
_ROWS: Final = "rows"
NO_REF: Final = "-"
"""The mark of a row that needs none."""


class Head(Submission):
    """What an order says once for all its rows."""

    certificate: Annotated[str, Line(100), Field(title="证书种类")]
    decision: Annotated[str, Line(60), Field(title="表彰决定文号")]
    series: Annotated[
        str | None, Field(title="编号系列", pattern=number.SERIES.pattern, max_length=number.MOST_SERIES)
    ] = None


class Mark(Submission):
    """What a row may hold beside the fields of its certificate."""

    ref: Annotated[str, Line(60), Field(title="区分标记")] = NO_REF


@dataclass(frozen=True, slots=True)
class Row:
    """One certificate to be: its place in the order (from 0), its submission, the caller's mark, and whom for what."""

    index: int
    submission: dict[str, Any]
    ref: str
    identity: str

    @property
    def year(self) -> int:
        """The year of its number: that of the date on the certificate, whenever it is issued."""
        return int(self.submission["issued_on"][:4])


@dataclass(frozen=True, slots=True)
class Order:
    """A valid order. ``digest`` is the same for the same content, however the JSON was written."""

    form: Form
    honour: Honour
    decision: str
    series: str
    rows: tuple[Row, ...]
    digest: str


def read(raw: object) -> Order:
    """Judge an order; raises SubmissionError with every fault, UnknownFormError where there is no such certificate."""
    head, shared, rows = _parts(raw)
    form, honour = certificate_form(head.certificate)
    found: list[Row] = []
    faults: list[Fault] = []
    for index, row in enumerate(rows):
        try:
            submission, ref = _submission(form, honour, shared, row)
            identity = identity_of(form, honour, head.decision, submission, ref)
            found.append(Row(index, submission, ref, identity))
        except SubmissionError as error:
            faults += (placed(fault, index) for fault in error.faults)
        if len(faults) >= MOST_FAULTS:
            break
    faults += () if faults else _repeated(found)
    if faults:
        raise SubmissionError(tuple(faults[:MOST_FAULTS]))
    series = head.series or honour.series
    content = [[row.submission, row.identity] for row in found]
    digest = claims.digest({"form": form.id, "decision": head.decision, "series": series, "rows": content})
    return Order(form, honour, head.decision, series, tuple(found), digest)


def certificate_form(form_id: str) -> tuple[Form, Honour]:
    """Return a certificate's form; raises UnknownFormError, or SubmissionError for a form that is no certificate."""
    form = catalogue.get_form(form_id)
    if form.kind is not Kind.CERTIFICATE or form.honour is None:
        known = "、".join(one.id for one in catalogue.all_forms().values() if one.kind is Kind.CERTIFICATE)
        detail = f"《{form.title}》不是证书；可选：{known}"
        raise SubmissionError((Fault("/certificate", "证书种类", "not_a_certificate", detail),))
    return form, form.honour


def judged(form: Form, honour: Honour, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a submission that can be printed and attested; raises SubmissionError with every fault."""
    submission = checking.validate(form, dict(values)).model_dump(mode="json")
    faults = press.unprintable(form, submission, "pdf") or tuple(_unsaid(form, honour, submission))
    if faults:
        raise SubmissionError(faults)
    return submission


def award_of(form: Form, honour: Honour, submission: Mapping[str, Any]) -> str:
    """Return the honour in words."""
    return certificate.filled(honour.award, form.shape, submission)


def identity_of(form: Form, honour: Honour, decision: str, submission: Mapping[str, Any], ref: str = NO_REF) -> str:
    """Return a digest of who is honoured for what: the same again is a mistake, unless ``ref`` tells them apart."""
    names = [name for name in (*honour.holder, *honour.persons) if isinstance(submission.get(name), str)]
    who = {name: submission[name] for name in names}
    return claims.digest({"form": form.id, "decision": decision, "who": who, "ref": ref})


def placed(fault: Fault, index: int) -> Fault:
    """Return a fault of one row, told as one of the order."""
    return Fault(
        f"/rows/{index}{fault.pointer}",
        f"第 {index + 1} 行 {fault.label}".rstrip(),
        fault.code,
        fault.detail,
        fault.rule,
        fault.sentence,
    )


def _parts(raw: object) -> tuple[Head, dict[str, Any], list[object]]:
    """Return the order's head, what its rows share, and the rows; raises SubmissionError with every fault."""
    if not isinstance(raw, dict):
        raise SubmissionError((Fault("", "颁发请求", "wrong_type", "应为一组字段（用花括号括起）"),))
    rest = dict(raw)
    shared, rows = rest.pop(_SHARED, {}), rest.pop(_ROWS, None)
    faults: list[Fault] = []
    if not isinstance(shared, dict):
        faults.append(Fault(f"/{_SHARED}", "共同内容", "wrong_type", "应为一组字段（用花括号括起）"))
    if not isinstance(rows, list) or not 0 < len(rows) <= MOST_ROWS:
        detail = f"应为列表（用方括号括起），1 至 {MOST_ROWS:,} 行，每行是一份证书的内容"
        faults.append(Fault(f"/{_ROWS}", "名单", "wrong_type", detail))
    try:
        head = checking.valid(Head, rest, shape_of(Head, "颁发请求"))
    except SubmissionError as error:
        raise SubmissionError((*error.faults, *faults)) from None
    if faults:
        raise SubmissionError(tuple(faults))
    return head, shared, rows


def _submission(form: Form, honour: Honour, shared: Mapping[str, Any], row: object) -> tuple[dict[str, Any], str]:
    """Return a row's submission and its mark."""
    if not isinstance(row, dict):
        raise SubmissionError((Fault("", "", "wrong_type", "应为一组字段（用花括号括起）"),))
    own = dict(row)
    marks = {name: own.pop(name) for name in Mark.model_fields if name in own}
    mark = checking.valid(Mark, marks, shape_of(Mark))
    return judged(form, honour, {**shared, **own}), mark.ref


def _unsaid(form: Form, honour: Honour, submission: Mapping[str, Any]) -> Iterator[Fault]:
    """Find what the record would attest and the paper would not say."""
    body = "".join(certificate.filled(submission["body"], form.shape, submission).split())
    said = {"荣誉名称": award_of(form, honour, submission)}
    if honour.grade and (grade := submission.get(honour.grade)):
        said["等级"] = grade
    for label, words in said.items():
        if "".join(words.split()) not in body:
            detail = f"正文里没有{label}「{words}」；证书上印的要与登记的一致，请写入正文"
            yield Fault("/body", "正文", "award_not_said", detail)


def _repeated(rows: Sequence[Row]) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for row in rows:
        before = first.setdefault(row.identity, row.index)
        if before != row.index:
            yield Fault(
                f"/rows/{row.index}",
                f"第 {row.index + 1} 行",
                "repeated_row",
                f"与第 {before + 1} 行是同一对象的同一荣誉；重复的请删去，确是两者的请各加一个不同的 ref",
            )
