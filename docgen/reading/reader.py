"""A filled form read back: the file becomes a page, the template a skeleton, and the two are laid over each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docgen.forms.form import Kind, Wording
from docgen.reading import excel, word
from docgen.reading.identifying import form_of, likeness
from docgen.reading.overlay import Overlay
from docgen.reading.result import ForeignFileError, Reading
from docgen.reading.turning import skeleton_of

if TYPE_CHECKING:
    from docgen.forms.form import Form
    from docgen.reading.page import Page


def read_word(data: bytes, form: Form | None = None) -> Reading:
    """Read a filled Word form; ``form`` is found by its words where it is not given.

    Raises RefusedFileError for what the gate refuses and ForeignFileError for a file that is no form of ours.
    """
    return _read(word.read_page(data), form)


def read_excel(data: bytes, form: Form | None = None) -> Reading:
    """Read a filled Excel table; of several sheets the one that looks most like a form is read. Raises as above."""
    pages = excel.read_pages(data)
    return _read(max(pages, key=lambda page: likeness(page, form)), form)


def _read(page: Page, form: Form | None) -> Reading:
    found = form_of(page, form)
    if found.kind is Kind.CERTIFICATE:
        raise ForeignFileError(
            f"《{found.title}》是证书，不是供填写的表，读不回填报数据",
            "请用颁发时的填报数据（JSON）；要改文字，请改其中的抬头、正文和结语",
        )
    skeleton = max(
        (skeleton_of(found, wording) for wording in (Wording if found.errata else [Wording.VERBATIM])),
        key=lambda one: sum(words in page.fold for words in one.words),
    )
    overlay = Overlay(found, skeleton, page)
    overlay.by_place()
    overlay.by_tag()
    overlay.tell_missing()
    submission, how, problems = overlay.gathering.submission()
    return Reading(found.id, submission, how, problems)
