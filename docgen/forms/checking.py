"""Is a submission complete? Schema faults (they stop a render) and the notice's rules (they do not)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from pydantic import ValidationError

from docgen.errors import Fault, SubmissionError
from docgen.fields import Submission
from docgen.forms.catalogue import forms_of, get_notice
from docgen.forms.form import Circumstances, Finding, Form, Level, Notice, Rule
from docgen.forms.messages import faults_of, label_at
from docgen.forms.shape import Group


_Placed = TypeVar("_Placed", Fault, Finding)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check says: ``complete`` when nothing must be mended before handing in."""

    faults: tuple[Fault, ...]
    findings: tuple[Finding, ...]

    @property
    def complete(self) -> bool:
        """No fault, and no finding that is an error."""
        return not self.faults and all(finding.level is not Level.ERROR for finding in self.findings)


def validate(form: Form, raw: object) -> Submission:
    """Return the typed submission, or raise SubmissionError with every fault."""
    if not isinstance(raw, dict):
        raise SubmissionError((Fault("", form.title, "wrong_type", "应为一组字段（用花括号括起）"),))
    try:
        return form.model.model_validate(raw)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
        raise SubmissionError(faults_of(errors, form.shape, get_notice(form.notice_id).sentences)) from None


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
        Finding(
            rule.id, rule.sentence, remark.level, remark.detail, remark.pointer, label_at(remark.pointer, shape)
        )
        for rule in rules
        for remark in rule.check(subject, circumstances)
    )


def check_package(notice: Notice, raw: object, circumstances: Circumstances) -> Verdict:
    """Check all submissions of one recommender: each by itself, then the notice's rules over all of them.

    ``raw`` maps an annex's stem to one submission or a list of them.
    """
    forms = {form.stem: form for form in forms_of(notice)}
    if not isinstance(raw, dict):
        return Verdict((Fault("", notice.title, "wrong_type", "应为一组字段（用花括号括起），字段名为各附件的编号"),), ())
    faults: list[Fault] = []
    findings: list[Finding] = []
    package: dict[str, list[Submission]] = {}
    for stem, given in raw.items():
        form = forms.get(stem)
        if form is None:
            detail = f"本通知没有这个附件，可用的编号：{'、'.join(forms)}"
            faults.append(Fault(f"/{str(stem)[:80]}", str(stem)[:40], "unknown_field", detail))
            continue
        package[stem] = []
        for index, item in enumerate(given if isinstance(given, list) else [given]):
            prefix = f"/{stem}/{index}" if isinstance(given, list) else f"/{stem}"
            verdict = check(form, item, circumstances)
            faults += [_moved(fault, prefix, form) for fault in verdict.faults]
            findings += [_moved(finding, prefix, form) for finding in verdict.findings]
            if not verdict.faults:
                package[stem].append(validate(form, item))
    if not faults:
        findings += _package_findings(notice, package, circumstances, forms)
    return Verdict(tuple(faults), tuple(findings))


def _moved(item: _Placed, prefix: str, form: Form) -> _Placed:
    return replace(item, pointer=prefix + item.pointer, label=f"{form.annex or form.title}·{item.label}")


def _package_findings(
    notice: Notice, package: Mapping[str, Sequence[Submission]], circumstances: Circumstances, forms: Mapping[str, Form]
) -> list[Finding]:
    found: list[Finding] = []
    for rule in notice.package_rules:
        for remark in rule.check(package, circumstances):
            stem = remark.pointer.split("/")[1] if remark.pointer else ""
            label = forms[stem].title if stem in forms else notice.title
            found.append(Finding(rule.id, rule.sentence, remark.level, remark.detail, remark.pointer, label))
    return found
