"""Is a submission complete? Schema faults (they stop a render) and the notice's rules (they do not)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeVar

from pydantic import ValidationError

from docgen.errors import Fault, SubmissionError, quoted
from docgen.forms.catalogue import all_notices, forms_of
from docgen.forms.form import Circumstances, Finding, Form, Level, Notice, Rule
from docgen.forms.messages import MOST_FAULTS, faults_of, label_at, pointer_to

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from docgen.fields import Submission
    from docgen.forms.shape import Group

MOST_SUBMISSIONS: Final = 10_000
"""Submissions in one package; the largest recommenders hand in a few hundred."""

_Placed = TypeVar("_Placed", Fault, Finding)
_Model = TypeVar("_Model", bound="Submission")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check says: ``complete`` when nothing must be mended before handing in."""

    faults: tuple[Fault, ...]
    findings: tuple[Finding, ...]

    @property
    def complete(self) -> bool:
        """No fault, and no finding that is an error."""
        return not self.faults and all(finding.level is not Level.ERROR for finding in self.findings)

    def members(self) -> dict[str, object]:
        """Return the verdict for machines: the command line and HTTP answer alike."""
        return {
            "complete": self.complete,
            "errors": [fault.members() for fault in self.faults],
            "findings": [asdict(finding) for finding in self.findings],
        }


def validate(form: Form, raw: object) -> Submission:
    """Return the typed submission, or raise SubmissionError with every fault."""
    notice = all_notices().get(form.notice_id)  # the house's own documents belong to none
    return valid(form.model, raw, form.shape, notice.sentences if notice else {})


def valid(
    model: type[_Model], raw: object, shape: Group, sentences: Mapping[str, str] = MappingProxyType({})
) -> _Model:
    """Return what a model reads of plain values, or raise SubmissionError with every fault and its label."""
    if not isinstance(raw, dict):
        raise SubmissionError((Fault("", shape.title, "wrong_type", "应为一组字段（用花括号括起）"),))
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
        raise SubmissionError(faults_of(errors, shape, sentences)) from None


def check(form: Form, raw: object, circumstances: Circumstances) -> Verdict:
    """Check one submission: faults, else findings of the form's rules."""
    try:
        submission = validate(form, raw)
    except SubmissionError as error:
        return Verdict(error.faults, ())
    return Verdict((), findings_of(form.rules, submission, circumstances, form.shape))


def findings_of(
    rules: Iterable[Rule], subject: object, circumstances: Circumstances, shape: Group
) -> tuple[Finding, ...]:
    """Run rules and give their remarks the sentence and the printed label."""
    return tuple(
        Finding(rule.id, rule.sentence, remark.level, remark.detail, remark.pointer, label_at(remark.pointer, shape))
        for rule in rules
        for remark in rule.check(subject, circumstances)
    )


def check_package(notice: Notice, raw: object, circumstances: Circumstances) -> Verdict:
    """Check all submissions of one recommender: each by itself, then the notice's rules over all of them.

    ``raw`` maps an annex's stem to one submission or a list of them. Reading stops where there are more faults than a
    person reads.
    """
    forms = {form.stem: form for form in forms_of(notice)}
    if not isinstance(raw, dict):
        return _refused(notice, "wrong_type", "应为一组字段（用花括号括起），字段名为各附件的编号")
    if too_many(raw):
        return _refused(notice, "too_long", f"一次最多核对 {MOST_SUBMISSIONS:,} 份材料，请分几次核对")
    choice = f"本通知没有这个附件，可用的编号：{'、'.join(forms)}"
    unknown = [stem for stem in raw if stem not in forms]
    faults = [Fault(pointer_to((stem,)), f"附件{quoted(stem)}", "unknown_field", choice) for stem in unknown]
    findings: list[Finding] = []
    package: dict[str, list[Submission]] = {stem: [] for stem in raw if stem in forms}
    for stem, index, item in _submissions(raw):
        if len(faults) >= MOST_FAULTS:
            more = "问题较多，其后的材料未再核对，请先改正以上各处"
            faults.append(Fault("", notice.title, "more_faults", more))
            break
        if stem not in forms:
            continue
        try:
            submission = validate(forms[stem], item)
        except SubmissionError as error:
            faults += [moved(fault, forms[stem], index) for fault in error.faults]
        else:
            package[stem].append(submission)
            given = findings_of(forms[stem].rules, submission, circumstances, forms[stem].shape)
            findings += [moved(finding, forms[stem], index) for finding in given]
    if not faults:
        findings += _package_findings(notice, package, circumstances, raw)
    return Verdict(tuple(faults), tuple(findings))


def too_many(raw: Mapping[str, object]) -> bool:
    """Tell whether a package has more submissions than are read."""
    return sum(len(given) if isinstance(given, list) else 1 for given in raw.values()) > MOST_SUBMISSIONS


def _refused(notice: Notice, code: str, detail: str) -> Verdict:
    return Verdict((Fault("", notice.title, code, detail),), ())


def _submissions(raw: Mapping[str, object]) -> Iterator[tuple[str, int | None, object]]:
    """Walk a package as (stem, place in the list or None where the annex is given by itself, submission)."""
    for stem, given in raw.items():
        if isinstance(given, list):
            for index, item in enumerate(given):
                yield stem, index, item
        else:
            yield stem, None, given


def moved(item: _Placed, form: Form, index: int | None) -> _Placed:
    """Place what was found in one submission in its package; ``index`` is None for an annex that stands alone."""
    steps: tuple[int | str, ...] = (form.stem,) if index is None else (form.stem, index)
    which = "" if index is None else f"（第 {index + 1} 份）"
    label = f"{form.annex_name or form.title}{which}·{item.label}"
    return replace(item, pointer=pointer_to(steps) + item.pointer, label=label)


def _package_findings(
    notice: Notice,
    package: Mapping[str, Sequence[Submission]],
    circumstances: Circumstances,
    raw: Mapping[str, object],
) -> Iterator[Finding]:
    """Run the notice's rules; their pointers count submissions (``/summary/0/items/3``) also where one stands alone."""
    forms = {form.stem: form for form in forms_of(notice)}
    for rule in notice.package_rules:
        for remark in rule.check(package, circumstances):
            _, stem, *steps = remark.pointer.split("/")
            finding = Finding(rule.id, rule.sentence, remark.level, remark.detail, remark.pointer, forms[stem].title)
            if steps:
                index, *inner = steps
                pointer = "".join(f"/{step}" for step in inner)
                inside = replace(finding, pointer=pointer, label=label_at(pointer, forms[stem].shape))
                finding = moved(inside, forms[stem], int(index) if isinstance(raw[stem], list) else None)
            yield finding
