"""A prepared package as one zip: the documents in the folder that the notice names, a manifest and a checklist."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from docgen import __version__
from docgen.errors import Fault, SubmissionError
from docgen.forms.checking import moved
from docgen.forms.form import Kind
from docgen.forms.messages import MOST_FAULTS
from docgen.packages import checklist, naming
from docgen.render import archive, press

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docgen.forms.form import Form, Notice
    from docgen.packages.preparing import Prepared, Sheet
    from docgen.render.document import Document

MEDIA_TYPE: Final = "application/zip"
MOST_SHEETS: Final = 500
"""Documents of one package; each takes a tenth of a second or more, and somebody waits for it."""

NOT_HANDED_IN: Final = MappingProxyType({Kind.CERTIFICATE: "证书由颁发单位制作", Kind.REVIEW: "评审表由评委填写"})
"""Kinds that no unit hands in, and who makes them."""
_CHECKLIST_FORMATS: Final = ("docx", "pdf")
_CHECKLIST: Final = "材料核对清单"
_MANIFEST: Final = "manifest.json"


@dataclass(frozen=True, slots=True)
class Package:
    """A finished zip. ``filename`` is for people; ``documents`` counts the annexes' documents in it."""

    data: bytes
    filename: str
    documents: int


@dataclass(frozen=True, slots=True)
class _Member:
    """One file of the zip and what the manifest says of it."""

    name: str
    document: Document
    facts: dict[str, object]


def pack(prepared: Prepared) -> Package:
    """Make every document and pack them; the same data, templates and day give the same bytes.

    Raises SubmissionError where anything is at fault: then nothing is made at all.
    """
    _refuse(prepared)
    notice = prepared.notice
    folder = naming.folder_name(notice.delivery, prepared.unit, prepared.contact, notice.id)
    members = [*_documents(prepared, folder), *_checklists(prepared, folder)]
    manifest = {
        "notice": notice.id,
        "title": notice.title,
        "number": notice.number,
        "folder": folder,
        "as_of": prepared.circumstances.as_of.isoformat(),
        "docgen": __version__,
        "complete": prepared.verdict.complete,
        "files": [_entry(member) for member in members],
        "findings": [asdict(finding) for finding in prepared.verdict.findings],
    }
    told = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    files = [(member.name, member.document.data) for member in members]
    data = archive.pack(archive.member(name, data) for name, data in [*files, (_MANIFEST, told.encode())])
    ending = ".zip"
    return Package(data, naming.clean(folder, naming.MOST_BYTES - len(ending)) + ending, len(prepared.sheets))


def formats_of(form: Form, notice: Notice) -> tuple[str, ...]:
    """Return the formats in which a notice gets a form: what it asks for, Excel of tables, PDF of what is printed."""
    wanted = (
        *notice.delivery.formats,
        *(("pdf",) if form.stem in notice.delivery.on_paper else ()),
        *(("xlsx",) if form.tabular else ()),
    )
    return tuple(dict.fromkeys(wanted))


def _refuse(prepared: Prepared) -> None:
    """Raise with every reason why nothing can be made."""
    faults = prepared.verdict.faults or tuple(_obstacles(prepared))
    if not faults:
        faults = tuple(dict.fromkeys(_unprintable(prepared)))[:MOST_FAULTS]
    if faults:
        raise SubmissionError(faults)


def _obstacles(prepared: Prepared) -> Iterator[Fault]:
    """Walk what does not hinder a check, and hinders a package."""
    title, sheets = prepared.notice.title, prepared.sheets
    if not sheets:
        yield Fault("", title, "empty", "一份材料也没有，请至少给出一个附件的填报数据")
    if len(sheets) > MOST_SHEETS:
        detail = f"一次最多打包 {MOST_SHEETS} 份材料，现为 {len(sheets):,} 份，请分几次打包"
        yield Fault("", title, "too_long", detail)
    for form in dict.fromkeys(sheet.form for sheet in sheets):
        if why := NOT_HANDED_IN.get(form.kind):
            yield Fault(f"/{form.stem}", form.title, "not_handed_in", f"{why}，不属于报送的材料，请删去这一项")
    yield from prepared.strangers


def _unprintable(prepared: Prepared) -> Iterator[Fault]:
    """Walk the values that one of the wanted formats cannot show."""
    for sheet in prepared.sheets:
        for fmt in formats_of(sheet.form, prepared.notice):
            for fault in press.unprintable(sheet.form, dict(sheet.submission), fmt):
                yield moved(fault, sheet.form, sheet.index)


def _documents(prepared: Prepared, folder: str) -> Iterator[_Member]:
    """Make the documents in the order of the annexes, numbered where there are several of one."""
    by_form: dict[str, list[Sheet]] = {}
    for sheet in prepared.sheets:
        by_form.setdefault(sheet.form.stem, []).append(sheet)
    for sheets in by_form.values():
        for number, sheet in enumerate(sheets, 1):
            for fmt in formats_of(sheet.form, prepared.notice):
                name = naming.file_name(sheet.form, sheet.submission, number, len(sheets), fmt)
                document = press.make(sheet.form, dict(sheet.submission), fmt)
                facts: dict[str, object] = {
                    "form": sheet.form.id,
                    "pointer": sheet.pointer,
                    "derived_from": list(sheet.sources),
                }
                yield _Member(f"{folder}/{name}", document, facts)


def _checklists(prepared: Prepared, folder: str) -> Iterator[_Member]:
    """Make the checklist; it stands beside the folder, which is handed in as it is."""
    formats = {sheet.form.stem: formats_of(sheet.form, prepared.notice) for sheet in prepared.sheets}
    values = checklist.values(prepared, folder, formats)
    for fmt in _CHECKLIST_FORMATS:
        yield _Member(f"{_CHECKLIST}.{fmt}", press.make(checklist.FORM, values, fmt), {})


def _entry(member: _Member) -> dict[str, object]:
    """Return what the manifest says of one file."""
    return {
        "name": member.name,
        "sha256": hashlib.sha256(member.document.data).hexdigest(),
        "bytes": len(member.document.data),
        "format": member.document.format,
        "template": member.document.template,
        **member.facts,
    }
