"""What a batch leaves in people's hands: one zip of all documents, or one PDF to print them from.

Both are written to a file of the caller's, document by document: a thousand certificates do not fit into memory.
"""

from __future__ import annotations

import io
import json
import shutil
import tempfile
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from pypdf import PdfReader, PdfWriter

from docgen import __version__
from docgen.certificates.code import grouped
from docgen.certificates.states import State
from docgen.errors import ConflictError
from docgen.issuing import gate, printing
from docgen.issuing.printing import TamperedError
from docgen.jobs import index, reporting, runs
from docgen.packages import naming
from docgen.render import archive, press
from docgen.render.stamp.design import Sheet
from docgen.store import events, filings
from docgen.store.ledger import ItemState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docgen.certificates.claims import Claims
    from docgen.issuing.printing import Attested
    from docgen.issuing.registry import Desk
    from docgen.store.filings import Filed

MERGED: Final = "合并.pdf"
REPORT: Final = "report.xlsx"
MANIFEST: Final = "manifest.json"
_MOST_INDEXED: Final = 1_000
"""Certificates of one index at most: laying out a table takes some milliseconds a row."""
_AT_ONCE: Final = 2
"""Indexes that are made at the same time; who waits for a form must still find a render process."""
_MOST_CHECKED: Final = 500
"""Pages that a render process reads at once; each takes some milliseconds."""


@dataclass(frozen=True, slots=True)
class _Finished:
    """One released certificate of a batch."""

    attested: Attested
    filed: Filed

    @property
    def claims(self) -> Claims:
        """What it says."""
        return self.attested.claims

    @property
    def holder(self) -> str:
        """The person, or the organisation and its group."""
        people = [names[0] for _, names in self.claims.people() if len(names) == 1]
        return " ".join([*(value for _, value in self.claims.shown()), *people])


def files(desk: Desk, batch: int) -> Iterator[tuple[str, bytes]]:
    """Walk what a batch leaves, by name: every released certificate, an index to print, the report, a manifest.

    The report is left out where its list has expired. Raises UnknownBatchError, and ConflictError while nothing of the
    batch is released.
    """
    done = _finished(desk, batch)
    names = list(_names(done))
    indexes = dict(_indexes(done))
    pool = ThreadPoolExecutor(_AT_ONCE)  # each is made in a render process, while documents are read here
    try:
        made = pool.map(lambda values: desk.registry.press(index_pdf, values), indexes.values())
        for one, name in zip(done, names, strict=True):
            yield name, desk.registry.files.get(one.filed.sha256)
        yield from zip(indexes, made, strict=True)
    finally:
        pool.shutdown(cancel_futures=True)
    with suppress(ConflictError):
        yield REPORT, reporting.report(desk, batch)
    yield MANIFEST, _manifest(batch, done, names)


def zipped(desk: Desk, batch: int, target: IO[bytes]) -> None:
    """Write what a batch leaves as one zip. Raises as ``files``."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as packed:
        for name, data in files(desk, batch):
            packed.writestr(_member(name), data)


def merged(desk: Desk, batch: int, target: IO[bytes]) -> None:
    """Write every released certificate as one PDF in the order of the roster. Raises as ``files``.

    Pages are stamped anew from the records, with faces and ornaments once in the file; what cannot be stamped, or was
    made with another template, comes from the kept documents. Stamped pages pass the release gate as documents do.
    """
    done = _finished(desk, batch)
    title = f"{done[0].claims.award}　{done[0].claims.decision}"
    issues = [printing.facts(desk.registry, one.attested, border=one.filed.border) for one in done]
    sheets = [
        Sheet(one.claims.form, dict(one.claims.submission), issue, one.filed.template)
        for one, issue in zip(done, issues, strict=True)
    ]
    with tempfile.TemporaryDirectory(prefix="docgen-merge-") as folder:
        path = Path(folder) / "stamped.pdf"
        left = desk.registry.press(merge, path, title, sheets)
        stamped = sorted(set(range(len(done))) - set(left))
        for first in range(0, len(stamped), _MOST_CHECKED):
            tasks = [(done[place].claims, issues[place]) for place in stamped[first : first + _MOST_CHECKED]]
            desk.registry.press(gate.check_pages, path, first, tasks)
        if not left:
            with path.open("rb") as whole:
                shutil.copyfileobj(whole, target)
            return
        with PdfWriter() as writer:
            _collect(writer, desk, done, path, set(left))
            writer.add_metadata({"/Title": title})
            writer.write(target)


def _collect(writer: PdfWriter, desk: Desk, done: list[_Finished], path: Path, left: set[int]) -> None:
    """Put the pages of a stamped file and the kept documents of those ``left`` into their order."""
    stamped = iter(PdfReader(path).pages) if len(left) < len(done) else iter(())
    for place, one in enumerate(done):
        if place in left:
            writer.append(io.BytesIO(desk.registry.files.get(one.filed.sha256)), import_outline=False)
        else:
            writer.add_page(next(stamped))
    writer.compress_identical_objects(remove_duplicates=True, remove_unreferenced=True)


def _indexes(done: list[_Finished]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Walk the indexes to print, by name: one, unless it would take too long to make."""
    subject = f"{done[0].claims.decision}　{done[0].claims.award}　共 {len(done)} 份"
    entries = [
        {"place": str(place), "number": one.claims.number, "holder": one.holder, "code": grouped(one.claims.code)}
        for place, one in enumerate(done, 1)
    ]
    parts = -(-len(entries) // _MOST_INDEXED)
    parts += parts % _AT_ONCE if parts > 1 else 0  # as many as are made at a time, so that none waits for a last one
    most = -(-len(entries) // parts)
    for part, start in enumerate(range(0, len(entries), most), 1):
        name = f"证书索引-{part}.pdf" if parts > 1 else "证书索引.pdf"
        yield name, {"subject": subject, "lines": entries[start : start + most]}


def _finished(desk: Desk, batch: int) -> list[_Finished]:
    registry = desk.registry
    made = runs.items(desk, batch, ItemState.MADE)
    ids = [item.record.id for item in made]
    with registry.database.reading() as connection:
        states = events.standings(connection, ids)
        known = filings.filed_of(connection, ids, "pdf")
    issued = [item.record for item in made if states[item.record.id] is State.ISSUED]
    if not issued:
        raise ConflictError("这个批次还没有已发布的证书", "请等制作完成；需要复核的请先发布")
    return [
        _Finished(_sound(one), known[record.id])
        for one, record in zip(printing.all_attested(registry, issued), issued, strict=True)
    ]


def _sound(one: Attested | TamperedError) -> Attested:
    if isinstance(one, TamperedError):
        raise one
    return one


def _names(done: list[_Finished]) -> Iterator[str]:
    """Walk the names of the documents: number first, so that they sort as they were issued and none comes twice."""
    for one in done:
        room = naming.MOST_BYTES - len(f"{one.claims.number} .pdf".encode())
        yield f"{one.claims.number} {naming.clean(one.holder, room)}.pdf"


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, archive.EPOCH)
    info.external_attr = 0o644 << 16
    return info


def _manifest(batch: int, done: list[_Finished], names: list[str]) -> bytes:
    files = [
        {
            "name": name,
            "number": one.claims.number,
            "code": grouped(one.claims.code),
            "sha256": one.filed.sha256,
            "bytes": one.filed.bytes,
            "template": one.filed.template,
        }
        for one, name in zip(done, names, strict=True)
    ]
    told = {"batch": batch, "docgen": __version__, "certificates": len(done), "files": files}
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()


def index_pdf(values: dict[str, Any]) -> bytes:
    """Make the index; runs in a render process."""
    return press.make(index.FORM, values, "pdf").data


def merge(path: Path, title: str, sheets: list[Sheet]) -> list[int]:
    """Stamp certificates into one PDF; runs in a render process. Return the places of those that are not in it."""
    from docgen.render.stamp import merging  # noqa: PLC0415  the server itself never loads the engines

    return merging.merge(path, title, sheets)
