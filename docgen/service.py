"""The use cases: what the command line, the HTTP interface and later the workers all call."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from docgen import clock, folders
from docgen.errors import FormatError, SettingsError, SubmissionError, UnknownFormError, quoted
from docgen.forms import catalogue, checking
from docgen.forms.checking import Verdict
from docgen.forms.form import Circumstances, Finding, Form, Kind, Level, Notice, Wording
from docgen.forms.shape import leaves
from docgen.packages import packing, preparing
from docgen.render import press
from docgen.settings import Settings, settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from docgen.packages.packing import Package
    from docgen.packages.preparing import Sheet
    from docgen.reading.result import Reading
    from docgen.render.document import Document

BLANK_FORMATS: Final = ("docx", "pdf")
READABLE_FORMATS: Final = ("docx", "xlsx")


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field of a form, as it is listed for people: ``items[].opinion``, 推荐意见, text, 300 字."""

    path: str
    label: str
    kind: str
    required: bool
    printed: bool
    limit: int | None
    options: tuple[str, ...]


def circumstances(notice: Notice, as_of: date | None = None) -> Circumstances:
    """Return the date to judge by (default: today) and the notice's deadlines, as far as settings do not move them."""
    moved = settings().deadlines
    known = {f"{one.id}/{deadline.id}" for one in catalogue.all_notices().values() for deadline in one.deadlines}
    if strange := sorted(set(moved) - known):
        raise SettingsError(
            f"环境变量 DOCGEN_DEADLINES 里没有这样的期限：{'、'.join(map(quoted, strange))}",
            f"可用的名称：{'、'.join(sorted(known))}",
        )
    deadlines = {deadline.id: moved.get(f"{notice.id}/{deadline.id}", deadline.day) for deadline in notice.deadlines}
    return Circumstances(as_of or clock.today(), deadlines)


def body_limit(forms: Iterable[Form], conf: Settings) -> int:
    """Return how many bytes of JSON are read for these forms: more where pictures travel along."""
    return conf.max_body_bytes + (conf.max_picture_bytes if any(form.takes_pictures for form in forms) else 0)


def check(form: Form, raw: object, as_of: date | None = None) -> Verdict:
    """Check one submission; never raises for what a unit may have written."""
    verdict = checking.check(form, raw, circumstances(catalogue.get_notice(form.notice_id), as_of))
    if verdict.faults:
        return verdict
    submission = checking.validate(form, raw).model_dump(mode="json")
    unprintable = tuple(
        Finding("", "", Level.WARNING, fault.detail, fault.pointer, fault.label)
        for fault in press.unprintable(form, submission, "pdf")
    )
    return Verdict((), verdict.findings + unprintable)


def check_package(notice: Notice, raw: object, as_of: date | None = None) -> Verdict:
    """Check all submissions of one unit, each by itself and against each other, with what is derived from them."""
    return preparing.prepare(notice, raw, circumstances(notice, as_of)).verdict


def package(notice: Notice, raw: object, as_of: date | None = None) -> Package:
    """Make every document of one unit, derived ones included, and pack them with a manifest and a checklist.

    Raises SubmissionError (with every fault), TemplateError, FaceError or RenderError.
    """
    prepared = preparing.prepare(notice, raw, circumstances(notice, as_of))
    return packing.pack(prepared)


def render(form: Form, raw: object, fmt: str, wording: Wording = Wording.VERBATIM) -> Document:
    """Make the document of a submission, with the slips of the notice's form as they stand or corrected.

    Raises SubmissionError (with every fault), FormatError, TemplateError, FaceError or RenderError.
    """
    _want(fmt, form.formats, form)
    submission = checking.validate(form, raw).model_dump(mode="json")
    if faults := press.unprintable(form, submission, fmt):
        raise SubmissionError(faults)
    return press.make(form, submission, fmt, wording)


def read(data: bytes, fmt: str, form: Form | None = None) -> Reading:
    """Read a filled form back: ``fmt`` is docx or xlsx; ``form`` is found by the file's words where it is not given.

    Raises UnreadableInputError for a file that the gate refuses or that is none of our forms.
    """
    from docgen import reading  # noqa: PLC0415  openpyxl and the Word engine cost a tenth of a second each

    _want_readable(fmt)
    return reading.read_word(data, form) if fmt == "docx" else reading.read_excel(data, form)


def _want_readable(fmt: str) -> None:
    if fmt not in READABLE_FORMATS:
        raise FormatError("只能读 Word（.docx）和 Excel（.xlsx）文件", "旧版 .doc、.xls 请先另存为新格式")


def summary(notice: Notice, raw: Mapping[str, object]) -> Sheet:
    """Return the notice's summary table that follows from the given applications (annex stem -> submissions).

    Raises SubmissionError where an application has faults or they name several units, UnknownFormError where no
    summary follows from these annexes.
    """
    prepared = preparing.prepare(notice, raw, circumstances(notice))
    if faults := prepared.verdict.faults or prepared.strangers:
        raise SubmissionError(faults)
    for sheet in prepared.sheets:
        if sheet.form.kind is Kind.SUMMARY and sheet.sources:
            return sheet
    stems = {stem for one in notice.derivations for stem in one.sources if _makes_summary(notice, one.stem)}
    titles = "、".join(f"《{form.title}》" for form in catalogue.forms_of(notice) if form.stem in stems)
    raise UnknownFormError(
        "这些文件汇总不出本通知的汇总表", f"请给出已填好的{titles}" if titles else "本通知没有可由申报表汇总的表"
    )


def _makes_summary(notice: Notice, stem: str) -> bool:
    return any(form.stem == stem and form.kind is Kind.SUMMARY for form in catalogue.forms_of(notice))


def render_sheet(sheet: Sheet, fmt: str) -> Document:
    """Make the document of a derived sheet; what no application tells stays blank. Raises as ``render`` does."""
    _want(fmt, sheet.form.formats, sheet.form)
    submission = dict(sheet.submission)
    if faults := press.unprintable(sheet.form, submission, fmt):
        raise SubmissionError(faults)
    return press.make(sheet.form, submission, fmt)


def blank(form: Form, fmt: str, wording: Wording = Wording.VERBATIM) -> Document:
    """Make the empty form as the notice prints it."""
    _want(fmt, BLANK_FORMATS, form)
    return press.make(form, None, fmt, wording)


def _want(fmt: str, formats: tuple[str, ...], form: Form) -> None:
    if fmt not in formats:
        raise FormatError(f"《{form.title}》不提供 {fmt[:20]} 格式", f"可选格式：{'、'.join(formats)}")


@cache
def schema(form: Form) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a form's submission."""
    found = form.model.model_json_schema(mode="validation")
    for part in (found, *found.get("$defs", {}).values()):
        # pydantic puts the names and docstrings of our classes here, which say nothing to a caller.
        part.pop("title", None)
        part.pop("description", None)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": form.title, **found}


def sample(form: Form) -> dict[str, Any]:
    """Return the sample submission: invented people and organisations."""
    text = folders.sample(form.id).read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def fields(form: Form) -> tuple[FieldLine, ...]:
    """Return the form's fields as a flat list in the order of the form."""
    shown = {path for path, _ in leaves(form.printed)}
    return tuple(
        FieldLine(path, leaf.title, leaf.kind.value, leaf.required, path in shown, leaf.limit, leaf.options)
        for path, leaf in leaves(form.shape)
    )
