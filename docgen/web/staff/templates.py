"""模板: the Word templates of all forms, changed in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Response, request, url_for

from docgen.errors import Fault
from docgen.forms import catalogue
from docgen.people import accounts, actors
from docgen.people.accounts import Action
from docgen.render import gate
from docgen.render.document import MEDIA_TYPES
from docgen.store.users import Role
from docgen.upkeep import templates as upkeep
from docgen.web.api import file, form_of
from docgen.web.context import context
from docgen.web.staff import door, pages, words
from docgen.web.staff.routes import Routes

if TYPE_CHECKING:
    from docgen.forms.form import Form

ROUTES = Routes()
_DOCX: Final = MEDIA_TYPES["docx"]


@ROUTES.add("GET", "/templates", Role.ADMIN)
def templates() -> Response:
    """List the templates in use."""
    desk = door.desk()
    known = upkeep.overview(desk)
    groups = [
        (notice, [one for one in known if one.form.notice_id == notice.id])
        for notice in catalogue.all_notices().values()
    ]
    return pages.page("templates.html", "templates", groups=groups, Origin=upkeep.Origin, moment=words.moment)


@ROUTES.add("GET", "/templates/<notice>/<stem>", Role.ADMIN)
def template(notice: str, stem: str) -> Response:
    """Show a form's template, and those before it."""
    return _template(form_of(notice, stem), ())


@ROUTES.add("GET", "/templates/<notice>/<stem>/template.docx", Role.ADMIN)
def template_file(notice: str, stem: str) -> Response:
    """Give the template in use, or (``version``) one that was in use at some time."""
    desk, form = door.desk(), form_of(notice, stem)
    version = request.args.get("version", type=int)
    data = upkeep.file_in_use(desk, form) if version is None else upkeep.earlier(desk, form, version)
    return _word(form, data, "模板")


@ROUTES.add("POST", "/templates/<notice>/<stem>", Role.ADMIN)
def upload_template(notice: str, stem: str) -> Response:
    """Take a changed template and check it."""
    form = form_of(notice, stem)
    given = request.files.get("file")
    if given is None or not given.filename:
        return _template(form, (Fault("/file", "Word 文件", "missing", "请先选一个文件"),))
    data = given.stream.read(gate.MOST_BYTES + 1)  # the gate says what is too large
    with context().slots.taken():
        kept = upkeep.upload(door.desk(), door.session().user.id, form, given.filename, data)
    return door.go(url_for("staff_trial", notice=notice, stem=stem, identifier=kept))


@ROUTES.add("GET", "/templates/<notice>/<stem>/<identifier>", Role.ADMIN)
def trial(notice: str, stem: str, identifier: str) -> Response:
    """Show what the check found in an uploaded template."""
    form = form_of(notice, stem)
    found = upkeep.trial(door.desk(), form, identifier)
    return pages.page("template_trial.html", "templates", form=form, trial=found)


@ROUTES.add("GET", "/templates/<notice>/<stem>/<identifier>/commented.docx", Role.ADMIN)
def commented_template(notice: str, stem: str, identifier: str) -> Response:
    """Give an uploaded template with the findings as comments."""
    form = form_of(notice, stem)
    with context().slots.taken():
        data = upkeep.commented(door.desk(), form, identifier)
    return _word(form, data, "模板（有批注）")


@ROUTES.add("GET", "/templates/<notice>/<stem>/<identifier>/sample.docx", Role.ADMIN)
def template_sample(notice: str, stem: str, identifier: str) -> Response:
    """Give the sample made with an uploaded template."""
    form = form_of(notice, stem)
    with context().slots.taken():
        document = upkeep.sample(door.desk(), form, identifier)
    return _word(form, document.data, "样例")


@ROUTES.add("POST", "/templates/<notice>/<stem>/<identifier>", Role.ADMIN)
def take_template(notice: str, stem: str, identifier: str) -> Response:
    """Take an uploaded template into use."""
    desk, form = door.desk(), form_of(notice, stem)
    with context().slots.taken():
        version = upkeep.take(desk, form, identifier)
    accounts.note(desk, Action.TEMPLATE, f"{form.id}@{version}")
    return door.go(url_for("staff_template", notice=notice, stem=stem), "新模板已启用，从现在起用它制作 Word 文件")


@ROUTES.add("POST", "/templates/<notice>/<stem>/back", Role.ADMIN)
def template_back(notice: str, stem: str) -> Response:
    """Use an earlier template again, or (without ``version``) the installed one."""
    desk, form = door.desk(), form_of(notice, stem)
    with context().slots.taken():
        upkeep.go_back(desk, form, request.form.get("version", type=int))
    accounts.note(desk, Action.TEMPLATE_BACK, f"{form.id}@{upkeep.used(desk, form).version}")
    return door.go(url_for("staff_template", notice=notice, stem=stem), "已换回，从现在起用它制作 Word 文件")


def _template(form: Form, faults: tuple[Fault, ...]) -> Response:
    desk = door.desk()
    history = upkeep.history(desk, form)
    return pages.page(
        "template.html",
        "templates",
        status=422 if faults else 200,
        form=form,
        used=upkeep.used(desk, form),
        history=history,
        names=actors.named(desk, {one.actor for one in history}),
        decides=upkeep.decides(desk),
        moment=words.moment,
        faults=faults,
        Origin=upkeep.Origin,
    )


def _word(form: Form, data: bytes, what: str) -> Response:
    return file(data, f"{form.title}{what}.docx", f"{form.notice_id}-{form.stem}.docx", _DOCX)
