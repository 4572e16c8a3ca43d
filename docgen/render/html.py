"""Values to HTML: the house's style sheet and the annex's own template. PDF and xlsx are made from this HTML."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from jinja2 import FileSystemLoader, Template
from jinja2.exceptions import TemplateError as JinjaError
from markupsafe import Markup

from docgen import folders
from docgen.errors import TemplateError
from docgen.forms.form import Form, Wording
from docgen.layout import (
    AFTER_RECIPIENT,
    BEFORE_NOTES,
    FALLBACK,
    NAMES_HEIGHT,
    NOTE_LINE,
    NOTE_RATIO,
    PAGES,
    QR_SIDE,
    RULE_WIDTH,
    SEAL_CLEAR,
    TEXT_LINE,
    Face,
    PageKind,
    certificate_layout,
)
from docgen.render.environment import TemplateSandbox, sandbox
from docgen.render.faces import family

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docgen.layout import Box


FACE_URL: Final = "docgen-face:"
"""Scheme of the only URLs in the house's style sheet; the fetcher of ``pdf`` serves them."""
ASSET_URL: Final = "docgen-asset:"
"""Scheme of the pictures that come with one document, for example its QR code."""
_IMG: Final = Markup('<img class="picture" src="{}{}" alt="{}" style="width: {}mm">')
"""Narrower where the column is; the height follows from the file."""


@cache
def _environment() -> TemplateSandbox:
    environment = sandbox(FileSystemLoader([str(folder) for folder in folders.templates("html")]))
    environment.filters["picture"] = _picture
    return environment


def _picture(picture: Mapping[str, Any]) -> Markup:
    """Return a picture (``data`` as ``Album.hang`` makes it, and ``caption``) as HTML, or nothing."""
    data = picture["data"]
    if data is None:
        return Markup("")
    return _IMG.format(ASSET_URL, data["asset"], picture["caption"], data["width"])


@cache
def _template(form: Form, wording: Wording) -> Template:
    environment = _environment()
    loader = FileSystemLoader([str(folder) for folder in folders.templates("html")])
    try:
        source, _, _ = loader.get_source(environment, f"{form.id}.html")
        return environment.from_string(form.worded(source, wording))
    except JinjaError as error:
        raise _fault(form.id, error) from error


def render(form: Form, values: Mapping[str, object], wording: Wording = Wording.VERBATIM) -> str:
    """Return the document as HTML; raises TemplateError with the line where the template fails."""
    facts = {"title": form.worded(form.title, wording), "annex": form.annex}
    try:
        return _template(form, wording).render(values, form=facts, page=form.page.value)
    except JinjaError as error:
        raise _fault(form.id, error) from error


def _fault(form_id: str, error: JinjaError) -> TemplateError:
    line = getattr(error, "lineno", None)
    where = f"第 {line} 行" if line else ""
    return TemplateError(
        f"HTML 模板 {form_id}.html {where}无法使用：{type(error).__name__}",
        f"请运行 docgen template check templates/html/{form_id}.html 查看位置和改法",
    )


@cache
def version(form_id: str) -> str:
    """Return a digest over the annex's template and everything of the house."""
    digest = hashlib.sha256()
    for folder in reversed(folders.templates("html")):
        for path in sorted((folder / "_house").glob("*")):
            digest.update(path.read_bytes())
        if (path := folder / f"{form_id}.html").is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def face_sheet() -> str:
    """Return the CSS that names every official face."""
    return "\n".join(
        f'@font-face {{ font-family: "{family(face)}"; src: url("{FACE_URL}{face.name}"); }}' for face in Face
    )


@cache
def style_sheet(page: PageKind) -> str:
    """Return the house's CSS for one page set-up: layout as variables, then the hand-written part."""
    paper = PAGES[page]
    stacks = {
        "fangsong": Face.FANGSONG,
        "kaiti": Face.KAITI,
        "xiaobiaosong": Face.XIAOBIAOSONG,
        "heiti": Face.HEITI,
        "songti": Face.SONGTI,
        "symbol": Face.SYMBOL,
    }
    variables = [
        *(f"--{name}: {_stack(face)};" for name, face in stacks.items()),
        f"--text-width: {paper.text_width:g}mm;",
        f"--text-line: {TEXT_LINE}pt;",
        f"--rule: {RULE_WIDTH}pt solid #000;",
        f"--seal: {SEAL_CLEAR}mm;",
        f"--qr: {QR_SIDE}mm;",
        *(_certificate_variables() if page is PageKind.CERTIFICATE else ()),
    ]
    margins = f"{paper.top:g}mm {paper.right:g}mm {paper.bottom:g}mm {paper.left:g}mm"
    box = f"@page {{ size: {paper.width:g}mm {paper.height:g}mm; margin: {margins}; }}"
    heights = [f".h{mm} {{ height: {mm}mm; }}" for mm in range(4, 121)]
    widths = [f".w{mm} {{ width: {mm}mm; }}" for mm in range(4, 226)]
    sheets = [_environment().get_template(f"_house/{name}.css").render() for name in ("house", page.value)]
    return "\n".join([":root {", *variables, "}", box, *heights, *widths, *sheets])


def _certificate_variables() -> list[str]:
    """Return where the parts of a certificate stand, from the corner of its text area, and how its lines are set."""
    page, layout = PAGES[PageKind.CERTIFICATE], certificate_layout(1)
    lengths = {
        "paper-width": page.width,
        "paper-height": page.height,
        "left": page.left,
        "top": page.top,
        "text-height": page.height - page.top - page.bottom,
        "names-height": NAMES_HEIGHT,
    }
    for name in ("title", "words", "number", "qr", "code"):
        box: Box = getattr(layout, name)
        lengths |= {f"{name}-left": box.left - page.left, f"{name}-top": box.top - page.top}
        lengths |= {f"{name}-width": box.width, f"{name}-height": box.height}
    return [
        *(f"--{name}: {length:g}mm;" for name, length in lengths.items()),
        f"--note-line: {NOTE_LINE};",
        f"--after-recipient: {AFTER_RECIPIENT}em;",
        f"--before-notes: {BEFORE_NOTES / NOTE_RATIO:.4f}em;",
    ]


def _stack(face: Face) -> str:
    return ", ".join(f'"{family(one)}"' for one in dict.fromkeys((face, *FALLBACK)))
