"""What is made of a draft, and what it is made from: documents, pictures, blank forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response

from docgen import service
from docgen.errors import FormatError
from docgen.filling import keeping, unfinished
from docgen.forms.form import Form, Wording
from docgen.store.users import Role
from docgen.web import api, renders
from docgen.web.context import context
from docgen.web.staff import door
from docgen.web.staff.routes import Routes

if TYPE_CHECKING:
    from docgen.render.document import Document

ROUTES = Routes()


@ROUTES.add("GET", "/forms/<notice>/<form>/page.png", Role.VIEWER)
def form_blank_picture(notice: str, form: str) -> Response:
    """Show the form before anything is filled in."""
    found = api.form_of(notice, form)
    with context().slots.taken():
        document = context().registry.press(unfinished.picture, found.id, {})
    return Response(document.data, content_type=document.media_type)


@ROUTES.add("GET", "/forms/<notice>/<form>/<draft>/page.png", Role.VIEWER)
def form_picture(notice: str, form: str, draft: str) -> Response:
    """Show a draft as it would be printed, as far as it is filled in."""
    found = api.form_of(notice, form)
    kept = keeping.opened(door.desk(), found, draft)
    raw = keeping.whole(door.desk(), found, kept.submission)
    with context().slots.taken():
        document = context().registry.press(unfinished.picture, found.id, raw)
    return Response(document.data, content_type=document.media_type)


@ROUTES.add("GET", "/forms/<notice>/<form>/<draft>/document.<fmt>", Role.VIEWER)
def form_document(notice: str, form: str, draft: str, fmt: str) -> Response:
    """Make the document of a draft that has no fault."""
    found = api.form_of(notice, form)
    kept = keeping.opened(door.desk(), found, draft)
    raw = keeping.whole(door.desk(), found, kept.submission)
    with context().slots.taken():
        document = context().registry.press(renders.form, found.id, raw, fmt, Wording.VERBATIM)
    return _file(found, document)


@ROUTES.add("GET", "/forms/<notice>/<form>/<draft>/pictures/<picture>", Role.VIEWER)
def form_hung(notice: str, form: str, draft: str, picture: str) -> Response:
    """Show one picture of a draft."""
    desk = door.desk()
    data, media_type = keeping.picture(desk, keeping.opened(desk, api.form_of(notice, form), draft), picture)
    return Response(data, content_type=media_type)


@ROUTES.add("GET", "/forms/<notice>/<form>/blank/<fmt>", Role.VIEWER)
def form_blank(notice: str, form: str, fmt: str) -> Response:
    """Make the empty form."""
    found = api.form_of(notice, form)
    if fmt not in service.BLANK_FORMATS:
        raise FormatError("空白表只有 Word 和 PDF 两种", "请回到「填表」，再选一次")
    with context().slots.taken():
        document = context().registry.press(renders.blank, found.id, fmt, Wording.VERBATIM)
    return _file(found, document)


def _file(form: Form, document: Document) -> Response:
    plain = f"{form.notice_id}-{form.stem}.{document.format}"
    return api.file(document.data, document.filename, plain, document.media_type)
