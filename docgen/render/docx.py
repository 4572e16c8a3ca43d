"""Values to Word: templates are patched by docxtpl and compiled by jinja once, then filled many times.

docxtpl's own ``render`` is not used: it parses and patches at every call, leaves text unescaped, turns ``{_{`` in a
value into ``{{`` and prints nothing for unknown names. What it is best at, making jinja of Word's scattered runs, is
``patch_xml``.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from docxtpl import DocxTemplate
from jinja2.exceptions import TemplateError as JinjaError
from lxml import etree

from docgen import folders
from docgen.errors import TemplateError
from docgen.forms.form import Form, Wording
from docgen.render import archive, controls, gate, wellformed, word_pictures, word_sizes
from docgen.render.environment import sandbox

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jinja2 import Template


_MAIN: Final = "word/document.xml"
_PARTS: Final = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes)\.xml|docProps/core\.xml")
_ASSET_MARK: Final = "docgen:"
"""Name of a picture that each document brings along: ``docgen:qr``."""
_NAMES: Final = {
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "rel": "http://schemas.openxmlformats.org/package/2006/relationships",
}


_MARKUP: Final = frozenset({"picture"})
"""Filters that return elements; all others return text."""
_KEPT: Final = 256
"""Compiled templates that are kept: those of all forms, and not every one that was ever in use."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A template's file as it stands now. Whatever is kept of a template is kept by its copy, for a file may change."""

    path: Path
    changed: int
    size: int
    inode: int


@dataclass(frozen=True)
class _Compiled:
    """A template ready to fill: members in order, some of them jinja code, some pictures to be replaced."""

    version: str
    members: Mapping[str, bytes]
    packed: Mapping[str, archive.Member]
    """The members compressed, for documents in which they stay as they are."""
    templates: Mapping[str, Template]
    proved: frozenset[str]
    """Those whose results are well-formed whatever is filled in."""
    pictures: Mapping[str, str]
    """Member name -> asset name."""


def path(form_id: str) -> Path:
    """Return the template's file; one in the association's folder wins."""
    return folders.template("docx", form_id)


def copy_of(form_id: str) -> Copy:
    """Return the template's file with what tells it from others under the same path."""
    found = path(form_id)
    told = found.stat()
    return Copy(found, told.st_mtime_ns, told.st_size, told.st_ino)


def version_of(data: bytes) -> str:
    """Return the version of a template: a digest of its file."""
    return hashlib.sha256(data).hexdigest()[:12]


def sources(data: bytes) -> dict[str, str]:
    """Return the jinja source of each part that may hold placeholders: member name to patched XML.

    Raises RefusedFileError when the file is no sound Word file.
    """
    parts = {name: blob for name, blob in gate.read_package(data, _MAIN).items() if _PARTS.fullmatch(name)}
    return {name: _patched(gate.parse_xml(blob)) for name, blob in parts.items()}


def _patched(part: etree._Element) -> str:
    return str(DocxTemplate("").patch_xml(etree.tostring(part, encoding="unicode")))


def _code(blob: bytes) -> str:
    """Return what jinja compiles of one part: placeholders in one piece, controls that know whether they are empty."""
    part = gate.parse_xml(blob)
    controls.mark(part)
    return controls.unfold(_patched(part))


def render(
    form: Form,
    values: Mapping[str, object],
    assets: Mapping[str, tuple[str, bytes]],
    wording: Wording = Wording.VERBATIM,
    template: bytes | None = None,
) -> tuple[bytes, str]:
    """Return the document and its template's version; the same template, values and assets give the same bytes.

    ``assets`` maps names to (media type, bytes); a picture named ``docgen:<name>`` shows the asset of that name.
    ``template`` is one to be tried, instead of the one in use.
    """
    compiled = _compiled(form, wording, template) if template else _compile(form, wording, copy_of(form.id))
    fit: Any = values.get("fit")
    context = {**values, "form": {"title": form.worded(form.title, wording), "annex": form.annex}}
    members = dict(compiled.members)
    members |= {
        name: _filled(form, template, context, is_proved=name in compiled.proved)
        for name, template in compiled.templates.items()
    }
    members |= {name: assets[asset][1] for name, asset in compiled.pictures.items() if asset in assets}
    if fit is not None:
        members[word_sizes.STYLES] = word_sizes.sized(members[word_sizes.STYLES], fit)
    finished = word_pictures.embedded(members, compiled.templates, assets)
    packed = archive.pack(
        compiled.packed[name] if compiled.members.get(name) is data else archive.member(name, data)
        for name, data in finished.items()
    )
    return packed, compiled.version


def _filled(form: Form, template: Template, context: Mapping[str, object], *, is_proved: bool) -> bytes:
    try:
        xml = template.render(context).encode("utf-8")
        if not is_proved:
            gate.parse_xml(xml)
    except JinjaError as error:
        raise _fault(form.id, type(error).__name__) from error
    except gate.RefusedFileError as error:
        raise _fault(form.id, "填入后结构不完整") from error
    return xml


@lru_cache(maxsize=_KEPT)
def _compile(form: Form, wording: Wording, copy: Copy) -> _Compiled:
    return _compiled(form, wording, copy.path.read_bytes())


def _compiled(form: Form, wording: Wording, data: bytes) -> _Compiled:
    environment = sandbox()
    environment.filters["picture"] = word_pictures.drawing
    try:
        members = gate.read_package(data, _MAIN)
        codes = {name: form.worded(_code(blob), wording) for name, blob in members.items() if _PARTS.fullmatch(name)}
        templates = {name: environment.from_string(code) for name, code in codes.items()}
    except gate.RefusedFileError as error:
        raise _fault(form.id, error.detail) from error
    except JinjaError as error:
        raise _fault(form.id, type(error).__name__) from error
    packed = {name: archive.member(name, blob, once=True) for name, blob in members.items()}
    proved = frozenset(name for name, code in codes.items() if wellformed.is_proved(code, environment, _MARKUP))
    return _Compiled(version_of(data), members, packed, templates, proved, _pictures(members))


def _pictures(members: Mapping[str, bytes]) -> dict[str, str]:
    """Find the pictures that are named after an asset."""
    found = {}
    for name in members:
        relations = f"word/_rels/{posixpath.basename(name)}.rels"
        if not _PARTS.fullmatch(name) or relations not in members:
            continue
        targets = {
            relation.get("Id"): posixpath.join("word", relation.get("Target", ""))
            for relation in gate.parse_xml(members[relations]).iterfind("rel:Relationship", _NAMES)
        }
        tree = gate.parse_xml(members[name])
        for properties in tree.iterfind(".//wp:docPr", _NAMES):
            mark = properties.get("name", "")
            blip = tree.find(f".//wp:docPr[@name='{mark}']/..//a:blip", _NAMES)
            if mark.startswith(_ASSET_MARK) and blip is not None:
                found[targets[blip.get(f"{{{_NAMES['r']}}}embed")]] = mark.removeprefix(_ASSET_MARK)
    return found


def _fault(form_id: str, why: str) -> TemplateError:
    return TemplateError(
        f"Word 模板 {form_id}.docx 无法使用：{why}",
        f"请运行 docgen template check templates/docx/{form_id}.docx 查看位置和改法",
    )
