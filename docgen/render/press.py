"""A valid submission to a document: what a format cannot show is found first, then the form's shape is filled."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from docgen import folders
from docgen.certificates.sample import sample_issue
from docgen.errors import Fault
from docgen.forms import certificate
from docgen.forms.form import Kind, Wording
from docgen.forms.messages import label_at
from docgen.forms.shape import texts, view
from docgen.render import document, faces, fitting
from docgen.render.document import CELL_LIMIT, Printing
from docgen.render.pictures import Album
from docgen.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docgen.certificates.issue import Issue
    from docgen.forms.form import Form
    from docgen.render.document import Document

_DRAWN: Final = frozenset({"pdf", "png"})
"""Formats that carry their faces with them."""


def unprintable(form: Form, submission: dict[str, Any], fmt: str) -> tuple[Fault, ...]:
    """Find what this format cannot show of a valid submission."""
    faults = without_face(form, submission) if fmt in _DRAWN else ()
    if form.kind is Kind.CERTIFICATE:
        return faults + fitting.overlong(form, submission)
    return faults + (_too_long(form, submission) if fmt == "xlsx" else ())


def without_face(form: Form, submission: dict[str, Any]) -> tuple[Fault, ...]:
    """Find printed characters that no face can draw: in a PDF they would be empty boxes."""
    return tuple(
        Fault(
            pointer,
            label_at(pointer, form.shape),
            "no_face",
            f"第 {place} 个字符{f'「{char}」' if char.isprintable() else ''}（U+{ord(char):04X}）"
            "没有字体可用，PDF 和图片无法显示；"
            "请改用 Word 格式，或把含有该字的字体放入 DOCGEN_FONTS_DIR 指定的文件夹",
        )
        for pointer, text in _printed_texts(form, submission)
        for place, char in faces.uncovered(text)
    )


def _too_long(form: Form, submission: dict[str, Any]) -> tuple[Fault, ...]:
    """Find texts that one cell of Excel cannot hold."""
    if all(len(text) <= CELL_LIMIT for _, text in texts(submission)):  # printed or not; nearly always
        return ()
    return tuple(
        Fault(
            pointer,
            label_at(pointer, form.shape),
            "too_long_for_cell",
            f"Excel 的一个单元格最多 {CELL_LIMIT:,} 个字符，现为 {len(text):,} 个；请缩短，或改用 Word、PDF 格式",
        )
        for pointer, text in _printed_texts(form, submission)
        if len(text) > CELL_LIMIT
    )


def _printed_texts(form: Form, submission: dict[str, Any]) -> Iterator[tuple[str, str]]:
    return texts(view(form.printed, submission))


def make(
    form: Form,
    submission: dict[str, Any] | None,
    fmt: str,
    wording: Wording = Wording.VERBATIM,
    issue: Issue | None = None,
) -> Document:
    """Fill the form's shape and make the document; None makes a blank one.

    ``issue`` is what issuing decided of a certificate; a certificate that nobody issued is a sample.
    """
    values, printing = filled(form, submission, wording, issue)
    return document.make(form, values, fmt, printing)


def try_word(form: Form, submission: dict[str, Any], template: bytes) -> Document:
    """Make the Word document with a template that is not in use."""
    values, printing = filled(form, submission)
    return document.make(form, values, "docx", replace(printing, word=template))


def filled(
    form: Form, submission: dict[str, Any] | None, wording: Wording = Wording.VERBATIM, issue: Issue | None = None
) -> tuple[dict[str, Any], Printing]:
    """Return what templates run on, and how it is printed; arguments as ``make`` has them."""
    album = Album()
    values: dict[str, Any] = {
        name: view(node, (submission or {}).get(name), album.hang) for name, node in form.printed.fields.items()
    }
    url = ""
    assets = dict(album.assets)
    if form.kind is Kind.CERTIFICATE:
        issue = issue or sample_issue(settings().public_url)
        url = issue["url"]
        values |= certificate.said(form.model, form.shape, submission)
        values |= {"issue": issue, "fit": fitting.fit(form, submission)}
        if issue["border"]:
            assets["border"] = ("image/svg+xml", _border())
    return values, Printing(wording, blank=submission is None, qr_url=url, pictures=assets)


@cache
def _border() -> bytes:
    """Return the ornaments of certificates; the association's own win."""
    return next(
        path for folder in folders.templates("html") if (path := folder / "_house" / "border.svg").is_file()
    ).read_bytes()
