"""The proof that a template may be stamped: some certificates made both ways look and read the same.

A usual one, the shortest, and the longest that fits are compared, with rare characters among theirs, with and without
ornaments and marks. What was found is kept in the user's cache for this very template, these faces and these versions
of everything that draws, so that it is found once a machine.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from docgen import folders
from docgen.certificates.issue import Issue
from docgen.errors import DocgenError
from docgen.forms import checking
from docgen.forms.form import Wording
from docgen.forms.shape import Leaf, LeafKind, Series
from docgen.layout import FEW_ISSUERS, Face
from docgen.render import document, faces, fitting, html, inspection, outlines, pdf, press
from docgen.render.stamp import setting

if TYPE_CHECKING:
    from docgen.forms.form import Form
    from docgen.render.document import Printing

Stamper = Callable[["Form", Mapping[str, Any], "Printing"], bytes | None]

_ENGINES: Final = ("weasyprint", "uharfbuzz", "pydyf", "jinja2", "pypdfium2")
_FOLDER: Final = Path(".cache", "docgen", "stamps")
"""Below the home folder: it holds for every installation of this user on this machine."""
_SHARES: Final = (1.0, 0.75, 0.5, 0.35, 0.2, 0.1)
"""Parts of what fields may hold, tried until all fits on the page."""
_WORDS: Final = "云岭精密轴承制造有限公司（第三事业部）“提质”QC2026·ÀЖΩ—《降本》AVATo%"
_RARE: Final = (*range(0x20000, 0x20100), *range(0x3400, 0x3420), 0x2103, 0x25A1)
"""Characters that the first face may lack: beyond the basic plane, rare ones, signs."""


def reason(form: Form, stamper: Stamper) -> str:
    """Return why a form's certificates must not be stamped, or nothing; looked up where it was found before."""
    path = _place(form)
    if path is not None:
        with suppress(OSError, ValueError, KeyError, TypeError):
            return str(json.loads(path.read_text(encoding="utf-8"))["reason"])
    found = _found(form, stamper)
    if path is not None:
        _keep(path, {"form": form.id, "reason": found})
    return found


def _place(form: Form) -> Path | None:
    """Return where what was found is kept; None for a user without a home."""
    try:
        return Path.home() / _FOLDER / f"{_fingerprint(form)}.json"
    except RuntimeError:
        return None


def _keep(path: Path, told: dict[str, str]) -> None:
    """Keep what was found; where that cannot be it is found anew."""
    with suppress(OSError):  # a full or read-only disk costs a second at the next start
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as draft:
            json.dump(told, draft, ensure_ascii=False)
        os.replace(draft.name, path)  # noqa: PTH105  Path has no other word for it


def _found(form: Form, stamper: Stamper) -> str:
    compared = 0
    for submission, issue in _rows(form):
        values, printing = press.filled(form, submission, Wording.VERBATIM, issue)
        stamped = stamper(form, values, printing)
        if stamped is None and not compared:
            return "cannot be followed"
        if stamped is None:
            continue
        laid_out = pdf.render(html.render(form, values), form.page, document.assets(printing))
        if not inspection.are_alike(stamped, laid_out):
            return f"comes out differently in comparison {compared + 1}"
        if any(inspection.inspect(stamped, pictures_only=only).codes != (issue["url"],) for only in (True, False)):
            return "shows other codes, or its own where no camera finds it"
        compared += 1
    return "" if compared else "has no sample to compare"


def _rows(form: Form) -> Iterator[tuple[dict[str, Any], Issue]]:
    """Walk the certificates that are compared."""
    try:
        usual = json.loads(folders.sample(form.id).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return
    yield from _valid(form, [usual], _issue(mark="", border=True))
    yield from _valid(form, [_changed(form, usual, lambda _: "甲", 2)], _issue(mark="试用", border=False))
    longest = [
        _changed(form, usual, lambda limit, share=share: _text(limit, share), 4)  # type: ignore[misc]  # bound now
        for share in _SHARES
    ]
    yield from _valid(form, longest, _issue(mark="", border=True))


def _valid(form: Form, tried: list[dict[str, Any]], issue: Issue) -> Iterator[tuple[dict[str, Any], Issue]]:
    """Walk the first of these submissions that is valid and fits, if there is one."""
    for raw in tried:
        with suppress(DocgenError):
            submission = checking.validate(form, raw).model_dump(mode="json")
            if not press.unprintable(form, submission, "pdf"):
                yield submission, issue
                return


def _changed(form: Form, usual: dict[str, Any], text: Callable[[int], str], issuers: int) -> dict[str, Any]:
    """Return a submission whose texts are as long as wished; words keep the fields that they name."""
    changed = dict(usual)
    for name, node in form.shape.fields.items():
        if name in {"recipient", "body", "closing"}:
            continue
        if isinstance(node, Leaf) and node.kind is LeafKind.LINE and name in usual:
            changed[name] = text(node.limit or 20)
        elif isinstance(node, Series) and name != "issuers":
            changed[name] = [] if issuers <= FEW_ISSUERS else [text(12)] * (node.maximum or 3)
    changed["issuers"] = [text(60) for _ in range(issuers)]
    return changed


def _text(limit: int, share: float) -> str:
    wanted = max(4, int(limit * share))
    source = rare() + _WORDS
    return (source * (wanted // len(source) + 1))[:wanted].strip()


@cache
def rare() -> str:
    """Return characters that other faces than the first draw, as far as there are such, between common ones."""
    found = ""
    for face in Face:
        alone = faces.only_in(face, [one for one in Face if one is not face])
        found += "质" + next((char for char in alone if setting.is_simple(char) and not char.isspace()), "")
    return found + "".join(chr(code) for code in _RARE if not faces.uncovered(chr(code)))[:3]


def _issue(*, mark: str, border: bool) -> Issue:
    return Issue(
        number="DOCGEN-VA-2026-000147",
        code="4C08-RZHV-KES5-WWE8",
        url="https://zs.example.org.cn/C/4C08RZHVKES5WWE8",
        host="zs.example.org.cn",
        mark=mark,
        border=border,
    )


@cache
def _surroundings() -> bytes:
    """Return a digest of everything that draws: versions, faces, and the code of this room."""
    digest = hashlib.sha256()
    for name in _ENGINES:
        digest.update(f"{name} {metadata.version(name)}\n".encode())
    digest.update(pdf.engines().encode())
    for face in Face:
        path = faces.resolve(face)
        known = path.stat()
        digest.update(f"{face} {path} {known.st_size} {known.st_mtime_ns}\n".encode())
    beside = [Path(str(room.__file__)) for room in (fitting, outlines, press)]
    for path in sorted([*Path(__file__).parent.glob("*.py"), *beside]):
        digest.update(path.read_bytes())
    return digest.digest()


def _fingerprint(form: Form) -> str:
    told = f"{form.id} {html.version(form.id)} {form.title}".encode()
    return hashlib.sha256(_surroundings() + told).hexdigest()[:32]
