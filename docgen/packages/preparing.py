"""From what a unit gave to what it hands in: missing documents are derived, then everything is checked together."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError, create_model

from docgen.errors import Fault
from docgen.forms import checking
from docgen.forms.catalogue import forms_of
from docgen.forms.checking import Verdict, moved
from docgen.forms.form import Circumstances, Finding, Form, Given, Level, Notice
from docgen.forms.messages import MOST_FAULTS, label_at, pointer_to

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_PLACE: Final = re.compile(r"第 \d+ 项")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document to be made. ``index`` is its place among several given ones, ``sources`` is set when derived.

    ``submission`` is plain data; where it is derived and ``gaps`` are named, the document is a skeleton to complete.
    """

    form: Form
    index: int | None
    submission: Mapping[str, Any]
    sources: tuple[str, ...] = ()
    gaps: str = ""

    @property
    def pointer(self) -> str:
        """Where its data stand in the package."""
        return pointer_to((self.form.stem,) if self.index is None else (self.form.stem, self.index))


@dataclass(frozen=True, slots=True)
class Prepared:
    """A package before anything is rendered; ``sheets`` is empty where the verdict has faults."""

    notice: Notice
    circumstances: Circumstances
    verdict: Verdict
    unit: str = ""
    contact: str = ""
    sheets: tuple[Sheet, ...] = ()
    strangers: tuple[Fault, ...] = ()
    """Places that name another unit: the package can be checked, and not be packed."""


@dataclass(slots=True)
class _Completed:
    """What was given, with what follows from it."""

    raw: dict[str, object]
    derived: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Annexes that nobody gave, with those that they follow from."""
    skeletons: dict[str, Sheet] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
    """Given annexes that lack fields only because a source of them is faulty."""


def prepare(notice: Notice, raw: object, circumstances: Circumstances) -> Prepared:
    """Complete and check what a unit gave: annex stem -> one submission or a list of them. Never raises for it."""
    if not isinstance(raw, dict) or checking.too_many(raw):
        return Prepared(notice, circumstances, checking.check_package(notice, raw, circumstances))
    forms = {form.stem: form for form in forms_of(notice)}
    unit, strangers = _unit(notice, forms, raw)
    completed = _complete(notice, forms, raw, unit)
    checked = checking.check_package(notice, completed.raw, circumstances)
    own = tuple(fault for fault in checked.faults if not _follows(fault, completed))
    if own:
        return Prepared(notice, circumstances, Verdict(own, checked.findings))
    findings = _with_derived(forms, completed, checked.findings)
    sheets = tuple(_sheets(forms, completed))
    contact = _contact(notice, forms, completed.raw)
    return Prepared(notice, circumstances, Verdict((), findings), unit, contact, sheets, strangers)


def _items(raw: Mapping[str, object], stem: str) -> Iterator[tuple[int | None, object]]:
    """Walk the submissions of one annex with their place in its list."""
    given = raw.get(stem, [])
    yield from enumerate(given) if isinstance(given, list) else [(None, given)]


def _valid(form: Form, raw: Mapping[str, object]) -> list[dict[str, Any]]:
    """Return the submissions of one annex that have no fault."""
    found = []
    for _, item in _items(raw, form.stem):
        try:
            found.append(form.model.model_validate(item).model_dump(mode="json"))
        except ValidationError:
            continue
    return found


def _complete(notice: Notice, forms: Mapping[str, Form], raw: Mapping[str, object], unit: str) -> _Completed:
    completed = _Completed(dict(raw))
    sources = dict.fromkeys(stem for derivation in notice.derivations for stem in derivation.sources)
    given = Given({stem: _valid(forms[stem], raw) for stem in sources}, unit)
    for derivation in notice.derivations:
        found = [stem for stem in derivation.sources if given.of(stem)]
        faulty = any(len(given.of(stem)) < len(list(_items(raw, stem))) for stem in derivation.sources)
        if not found and not faulty:
            continue
        told = derivation.derive(given) if found else {}
        told = {name: value for name, value in told.items() if value not in ("", None)}
        match raw.get(derivation.stem, []):
            case [] if told:
                _derive(completed, forms[derivation.stem], tuple(found), told)
            case [dict(own)]:
                completed.raw[derivation.stem] = [told | own]
            case dict(own):
                completed.raw[derivation.stem] = told | own
            case _:
                continue
        if faulty:
            completed.unsure.add(derivation.stem)
    return completed


def _derive(completed: _Completed, form: Form, sources: tuple[str, ...], told: dict[str, Any]) -> None:
    """Add a document that nobody gave: whole, or as a skeleton where only required values are missing."""
    try:
        form.model.model_validate(told)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
        if all(one["type"] == "missing" for one in errors):
            labels = Counter(_plain(label_at(pointer_to(one["loc"]), form.shape)) for one in errors)
            gaps = "、".join(f"{label}（{count} 处）" if count > 1 else label for label, count in labels.items())
            absent = {str(one["loc"][0]) for one in errors}
            completed.skeletons[form.stem] = Sheet(form, None, _skeleton(form, told, absent), sources, gaps)
            return
    completed.raw[form.stem] = told
    completed.derived[form.stem] = sources


def _skeleton(form: Form, told: dict[str, Any], absent: set[str]) -> dict[str, Any]:
    """Return what is told with the form's own defaults, and with computed values where only whole fields are absent."""
    optional: dict[str, Any] = dict.fromkeys(absent - set(told), (Any, None))
    lenient = create_model(form.model.__name__, __base__=form.model, **optional)
    try:
        return lenient.model_validate(told).model_dump(mode="json")
    except ValidationError:
        return form.model.model_construct(**told).model_dump(mode="json", warnings=False)


def _plain(label: str) -> str:
    """Return a label without the places in lists, and without saying the same twice."""
    return "·".join(dict.fromkeys(_PLACE.sub("", label).split("·")))


def _follows(fault: Fault, completed: _Completed) -> bool:
    """Tell whether a value may be missing only because the annexes that it follows from have faults, or lack it too."""
    stem, *steps = fault.pointer.split("/")[1:] or [""]
    own = [step for step in steps if not step.isdecimal()]
    unsure = stem in completed.unsure and len(own) == 1
    return fault.code == "missing" and (unsure or stem in completed.derived)


def _places(wanted: str, forms: Mapping[str, Form], raw: Mapping[str, object]) -> Iterator[tuple[Fault, str]]:
    """Walk the values of ``field`` in all annexes, or of ``stem.field``, each with its place (as an empty fault)."""
    only, _, name = wanted.rpartition(".")
    for stem, form in forms.items():
        if name not in form.shape.fields or only not in ("", stem):
            continue
        for index, item in _items(raw, stem):
            value = item.get(name) if isinstance(item, dict) else None
            if isinstance(value, str) and value:
                pointer = pointer_to((name,))
                yield moved(Fault(pointer, label_at(pointer, form.shape), "", ""), form, index), value


def _unit(notice: Notice, forms: Mapping[str, Form], raw: Mapping[str, object]) -> tuple[str, tuple[Fault, ...]]:
    """Return whose package it is, and a fault for every place that names somebody else."""
    for wanted in notice.delivery.unit:
        named = list(_places(wanted, forms, raw))
        if not named:
            continue
        (first, unit), *others = named
        detail = f"一个材料包只收一个单位的材料，这里与「{first.label}」不同；请改为一致，或分开打包"
        wrong = [replace(place, code="contradiction", detail=detail) for place, value in others if value != unit]
        return unit, tuple(wrong[:MOST_FAULTS])
    return "", ()


def _contact(notice: Notice, forms: Mapping[str, Form], raw: Mapping[str, object]) -> str:
    """Return whom to ask, from the first annexes that tell it."""
    for fields in notice.delivery.contact:
        values = [next((value for _, value in _places(wanted, forms, raw)), "") for wanted in fields]
        if all(values):
            return " ".join(values)
    return ""


def _with_derived(forms: Mapping[str, Form], completed: _Completed, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Add what is to be done for derived documents; a skeleton's gaps say better what a missing annex's rule says."""
    found = []
    absent: dict[str, Finding] = {}
    for finding in findings:
        stem = finding.pointer.removeprefix("/")
        if stem in completed.skeletons:
            absent.setdefault(stem, finding)
        else:
            found.append(finding)
    for stem, sheet in completed.skeletons.items():
        detail = f"本表由{_titles(forms, sheet.sources)}汇总列出，尚缺{sheet.gaps}，请补填后再核对一次"
        ruled = absent.get(stem, Finding("", "", Level.ERROR, ""))
        gap = replace(ruled, level=Level.ERROR, detail=detail)
        found.append(_whole(gap, forms[stem]))
    for stem, sources in completed.derived.items():
        detail = f"本表由{_titles(forms, sources)}汇总得出，请核对"
        if blank := _left_blank(forms[stem], completed.raw[stem]):
            detail += f"；{blank}空着，需要时请补填"
        found.append(_whole(Finding("", "", Level.REMINDER, detail), forms[stem]))
    return tuple(found)


def _whole(finding: Finding, form: Form) -> Finding:
    """Place what concerns a whole annex."""
    label = "·".join(filter(None, (form.annex_name, form.title)))
    return replace(finding, pointer=pointer_to((form.stem,)), label=label)


def _titles(forms: Mapping[str, Form], stems: Sequence[str]) -> str:
    return "、".join(f"《{forms[stem].title}》" for stem in stems)


def _left_blank(form: Form, submission: object) -> str:
    """Name the printed fields that a derived document does not have."""
    given = submission if isinstance(submission, dict) else {}
    return "、".join(node.title for name, node in form.printed.fields.items() if name not in given)


def _sheets(forms: Mapping[str, Form], completed: _Completed) -> Iterator[Sheet]:
    """Walk the documents in the order of the annexes."""
    for stem, form in forms.items():
        if stem in completed.skeletons:
            yield completed.skeletons[stem]
        for index, item in _items(completed.raw, stem):
            submission = checking.validate(form, item).model_dump(mode="json")
            yield Sheet(form, index, submission, completed.derived.get(stem, ()))
