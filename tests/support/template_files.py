"""Templates to break: copies of the project's own, changed in one way each."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import docx
from docx.oxml.ns import qn
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from docgen import paths
from docgen.contract import check_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from docx.document import Document

    from docgen.errors import TemplateFinding

APPLICATION = "caq-2026/application"
CERTIFICATE = "caq-2026/certificate-group"
OPINION = "caq-2026/recommendation-opinion"
SUMMARY = "caq-2026/summary"


def template(form_id: str, ending: str) -> bytes:
    """Return the bytes of a template of the project."""
    return (paths.TEMPLATES / ending / f"{form_id}.{ending}").read_bytes()


def check_bytes(folder: Path, data: bytes, form_id: str, ending: str = "docx") -> tuple[TemplateFinding, ...]:
    """Check bytes as the template of a form."""
    path = folder / f"changed.{ending}"
    path.write_bytes(data)
    return check_file(path, form_id)


def check_word(
    folder: Path, change: Callable[[Document], object], form_id: str = SUMMARY
) -> tuple[TemplateFinding, ...]:
    """Check the Word template of a form after a change made with python-docx."""
    document = docx.Document(io.BytesIO(template(form_id, "docx")))
    change(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return check_bytes(folder, buffer.getvalue(), form_id)


def paragraph_of(document: Document, words: str) -> Paragraph:
    """Return the paragraph with these words, wherever it stands; python-docx looks into no content control."""
    everywhere = (Paragraph(node, document) for node in document.element.body.iter(qn("w:p")))
    return next(one for one in everywhere if words in "".join(node.text or "" for node in one._p.iter(qn("w:t"))))  # noqa: SLF001  the same


def replace(document: Document, old: str, new: str) -> None:
    """Replace words of one run."""
    run = next(node for node in document.element.body.iter(qn("w:t")) if old in (node.text or ""))
    run.text = run.text.replace(old, new)


def cell_at(document: Document, row: int, cell: int) -> _Cell:
    """Return a cell by its row in the document and its place there, both from 0, content controls or not."""
    rows = list(document.element.body.iter(qn("w:tr")))
    return _Cell(list(rows[row].iter(qn("w:tc")))[cell], document.tables[0])


def add(document: Document, words: str) -> Paragraph:
    """Add a paragraph at the end, in a style of the house."""
    return document.add_paragraph(words, style="表尾行")


def check_html(folder: Path, old: str, new: str, form_id: str = SUMMARY) -> tuple[TemplateFinding, ...]:
    """Check the HTML template of a form after replacing words in it."""
    text = template(form_id, "html").decode()
    assert text.count(old) == 1
    return check_bytes(folder, text.replace(old, new).encode(), form_id, "html")


def repacked(data: bytes, change: dict[str, bytes | None]) -> bytes:
    """Return a zip with members replaced, added, or (None) left out."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        members = {name: old.read(name) for name in old.namelist()}
        for name, content in (members | change).items():
            if content is not None:
                new.writestr(name, content)
    return buffer.getvalue()


def member(data: bytes, name: str) -> bytes:
    """Return one member of a zip."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def codes(findings: tuple[TemplateFinding, ...]) -> list[str]:
    """Return the machine words of findings."""
    return [finding.code for finding in findings]
