"""The use cases: what the command line, the HTTP interface and later the workers all call."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from docgen import paths
from docgen.errors import FormatError
from docgen.forms import catalogue, checking
from docgen.forms.checking import Verdict
from docgen.forms.form import Circumstances, Form, Notice
from docgen.forms.shape import leaves, view
from docgen.render import document
from docgen.render.document import Document
from docgen.settings import settings

BLANK_FORMATS: Final = ("docx", "pdf")


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
    deadlines = {deadline.id: moved.get(f"{notice.id}/{deadline.id}", deadline.day) for deadline in notice.deadlines}
    return Circumstances(as_of or date.today(), deadlines)  # noqa: DTZ011  a deadline is a day of the office's own calendar


def check(form: Form, raw: object, as_of: date | None = None) -> Verdict:
    """Check one submission; never raises for what a unit may have written."""
    return checking.check(form, raw, circumstances(catalogue.get_notice(form.notice_id), as_of))


def check_package(notice: Notice, raw: object, as_of: date | None = None) -> Verdict:
    """Check all submissions of one recommender, each by itself and against each other."""
    return checking.check_package(notice, raw, circumstances(notice, as_of))


def render(form: Form, raw: object, fmt: str) -> Document:
    """Make the document of a submission.

    Raises SubmissionError (with every fault), FormatError, TemplateError, FaceError or RenderError.
    """
    _want(fmt, form.formats, form)
    submission = checking.validate(form, raw)
    return document.make(form, view(form.printed, submission.model_dump(mode="json")), fmt)


def blank(form: Form, fmt: str) -> Document:
    """Make the empty form as the notice prints it."""
    _want(fmt, BLANK_FORMATS, form)
    return document.make(form, view(form.printed, None), fmt, blank=True)


def _want(fmt: str, formats: tuple[str, ...], form: Form) -> None:
    if fmt not in formats:
        raise FormatError(f"《{form.title}》不提供 {fmt[:20]} 格式", f"可选格式：{'、'.join(formats)}")


@cache
def schema(form: Form) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a form's submission."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **form.model.model_json_schema(mode="validation"),
        "title": form.title,
    }


def sample(form: Form) -> dict[str, Any]:
    """Return the sample submission: invented people and organisations."""
    text = (paths.SAMPLES / form.notice_id / f"{form.stem}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def fields(form: Form) -> tuple[FieldLine, ...]:
    """Return the form's fields as a flat list in the order of the form."""
    shown = {path for path, _ in leaves(form.printed)}
    return tuple(
        FieldLine(path, leaf.title, leaf.kind.value, leaf.required, path in shown, leaf.limit, leaf.options)
        for path, leaf in leaves(form.shape)
    )
