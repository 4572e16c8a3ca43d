"""A certificate's documents: made once, kept under their digest, and the same bytes ever after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ParamSpec

from docgen import clock
from docgen.certificates import issue as issues
from docgen.certificates.claims import Claims
from docgen.certificates.signature import verified
from docgen.certificates.states import NAMES, State
from docgen.errors import ConflictError, DocgenError, FormatError
from docgen.forms import catalogue
from docgen.issuing import gate
from docgen.render import press
from docgen.render.document import MEDIA_TYPES
from docgen.store import events, filings, records, signing
from docgen.store.filings import Filed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import TypeAlias

    from docgen.certificates.issue import Issue
    from docgen.certificates.signature import VerificationKey
    from docgen.issuing.registry import Desk, Registry
    from docgen.render.document import Document
    from docgen.store.records import Record

    Task: TypeAlias = tuple[Claims, Issue]

FORMATS = ("pdf", "docx")
TRIAL_MARK = "试用"

P = ParamSpec("P")


class TamperedError(DocgenError):
    """A record is not what was signed."""

    code = "record-tampered"


@dataclass(frozen=True, slots=True)
class Attested:
    """A record whose signature was verified. ``trial`` is said by the key that signed it."""

    record: Record
    claims: Claims
    trial: bool


@dataclass(frozen=True, slots=True)
class Printed:
    """A document of a certificate. ``filename`` is for people."""

    data: bytes
    filename: str
    media_type: str
    filed: Filed


def attested(registry: Registry, record: Record) -> Attested:
    """Return what a record says; raises TamperedError where nobody who could sign has said it."""
    (found,) = all_attested(registry, [record])
    if isinstance(found, TamperedError):
        raise found
    return found


def all_attested(registry: Registry, wanted: Sequence[Record]) -> list[Attested | TamperedError]:
    """Return what each of these records says, or what ``attested`` would raise."""
    with registry.database.reading() as connection:
        keys = signing.key_table(connection)
    return [witnessed(keys, record) or _tampered(record) for record in wanted]


def _tampered(record: Record) -> TamperedError:
    return TamperedError(
        f"证书 {record.number} 的登记内容与签名不符，可能有人直接改过数据库",
        "请停止使用这张证书，从备份核对数据库，并查明是谁改的",
    )


def witnessed(keys: Mapping[str, VerificationKey], record: Record) -> Attested | None:
    """Return what a record says, or None where its signature, its claims or its own row do not agree.

    ``keys`` are all public keys that ever signed here (``signing.key_table``).
    """
    found = verified(record.token, keys)
    if found is None:
        return None
    payload, key = found
    try:
        claims = Claims.read(payload)
    except ValueError:
        return None
    row = (record.number, record.version, record.code, record.organisation)
    if row != (claims.number, claims.version, claims.code, claims.organisation):
        return None
    return Attested(record, claims, key.trial)


def facts(registry: Registry, one: Attested, *, border: bool) -> Issue:
    """Return what issuing decided of a certificate, as it is printed."""
    mark = TRIAL_MARK if one.trial else ""
    return issues.facts(registry.public_url, one.claims.number, one.claims.code, mark=mark, border=border)


def make(registry: Registry, one: Attested, fmt: str, *, border: bool) -> Document:
    """Make a document of a certificate where the registry's are made. Raises as ``certificate`` does."""
    return registry.press(certificate, one.claims, facts(registry, one, border=border), fmt)


def certificate(claims: Claims, issue: Issue, fmt: str) -> Document:
    """Make a document of what is attested; a PDF passes the gate. Raises GateError and what ``press.make`` raises."""
    document = _made(claims, issue, fmt)
    return _checked(document, claims, issue) if fmt == "pdf" else document


def certificates(tasks: Sequence[Task]) -> list[Document | DocgenError]:
    """Make the PDFs of many certificates; one that cannot be made gives its error, and the others are made.

    All are made before the first is read again: by turns, each work would find the processor's caches full of the
    other's, and take a tenth longer.
    """
    made = [_told(_made, claims, issue, "pdf") for claims, issue in tasks]
    return [
        one if isinstance(one, DocgenError) else _told(_checked, one, claims, issue)
        for one, (claims, issue) in zip(made, tasks, strict=True)
    ]


def _told(work: Callable[P, Document], *args: P.args, **kwargs: P.kwargs) -> Document | DocgenError:
    """Return what a work returns, or the error that it raises."""
    try:
        return work(*args, **kwargs)
    except DocgenError as error:
        return error


def _made(claims: Claims, issue: Issue, fmt: str) -> Document:
    return press.make(catalogue.get_form(claims.form), dict(claims.submission), fmt, issue=issue)


def _checked(document: Document, claims: Claims, issue: Issue) -> Document:
    gate.check(document.data, claims, issue, stamped=document.stamped)
    return document


def picture(pdf: bytes) -> bytes:
    """Return what a certificate looks like, as PNG; meant for a render process."""
    from docgen.render import preview  # noqa: PLC0415  the server itself never draws

    return preview.png(pdf)


def keep(registry: Registry, document: Document, *, border: bool) -> Filed:
    """Keep a document's bytes; what is returned still has to be recorded."""
    sha256 = registry.files.keep(document.data)
    return Filed(document.format, border, document.template, sha256, len(document.data), clock.stamp())


def document(desk: Desk, number: str, fmt: str, *, border: bool = True) -> Printed:
    """Return a document of a number's valid version, made now or long ago.

    Raises UnknownCertificateError, ConflictError where nothing of it may be printed, FormatError, FileStoreError.
    """
    if fmt not in FORMATS:
        raise FormatError(f"证书不提供 {fmt[:20]} 格式", f"可选格式：{'、'.join(FORMATS)}")
    registry = desk.registry
    record = _valid(desk, number)
    with registry.database.reading() as connection:
        known = filings.filed(connection, record.id)
    filed = next((one for one in known if (one.format, one.border) == (fmt, border)), None)
    if filed is None:
        filed = keep(registry, make(registry, attested(registry, record), fmt, border=border), border=border)
        with registry.database.writing() as connection:
            filings.file(connection, {record.id: filed})
            known = filings.filed(connection, record.id)
        filed = next(one for one in known if (one.format, one.border) == (fmt, border))
    return Printed(registry.files.get(filed.sha256), f"{record.number}.{fmt}", MEDIA_TYPES[fmt], filed)


def _valid(desk: Desk, number: str) -> Record:
    with desk.registry.database.reading() as connection:
        versions = records.versions(connection, desk.organisation, number)
        states = events.standings(connection, [one.id for one in versions])
    for one in reversed(versions):
        if states[one.id] is State.ISSUED:
            return one
    here = NAMES.get(states[versions[-1].id] or State.VOID, "")
    raise ConflictError(f"证书 {number} 现在的状态是「{here}」，不能打印", "只有有效的证书可以打印")
