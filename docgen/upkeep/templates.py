"""Changing a form's Word template in the browser: check it, try it, take it into use, go back.

What somebody uploads is kept as a draft and looked at in a render process only, with its limits; nothing but samples is
made with it until it is taken into use, and what has a finding cannot be. Templates are those of the whole
installation: only the first organisation changes them.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from docgen import folders, paths, service
from docgen.errors import ConflictError, DocgenError, Place, RenderError, TemplateFinding
from docgen.forms import catalogue
from docgen.store import drafts, organisations, templates
from docgen.store.drafts import Begun

if TYPE_CHECKING:
    from docgen.forms.form import Form
    from docgen.issuing.registry import Desk
    from docgen.render.document import Document
    from docgen.store.templates import Choice

_KIND: Final = "template"
_MOST_NAME: Final = 100


class Origin(StrEnum):
    """Where the template that a form uses comes from."""

    OWN = "docgen 自带"
    FOLDER = "本单位文件夹"
    TAKEN = "在这里启用"


class UnknownTemplateError(DocgenError):
    """There is no such template of this form."""

    code = "template-unknown"


@dataclass(frozen=True, slots=True)
class Used:
    """The template that a form uses now; ``choice`` is the last decision about it, where there was any."""

    form: Form
    version: str
    origin: Origin
    choice: Choice | None


@dataclass(frozen=True, slots=True)
class Trial:
    """An uploaded template with what is wrong with it; without findings it is fit to be taken into use.

    ``used`` tells that the form uses the very same file already; ``commentable`` that Word can open the file.
    """

    id: str
    form: Form
    name: str
    version: str
    findings: tuple[TemplateFinding, ...]
    used: bool
    commentable: bool
    uploaded_at: str


def overview(desk: Desk) -> tuple[Used, ...]:
    """Return the templates in use of all forms."""
    with desk.registry.database.reading() as connection:
        chosen = templates.chosen(connection)
    return tuple(_used(form, chosen.get(form.id)) for form in catalogue.all_forms().values())


def used(desk: Desk, form: Form) -> Used:
    """Return the template that a form uses now."""
    with desk.registry.database.reading() as connection:
        return _used(form, templates.chosen(connection).get(form.id))


def history(desk: Desk, form: Form) -> tuple[Choice, ...]:
    """Return all decisions about a form's template, the newest first."""
    with desk.registry.database.reading() as connection:
        return templates.history(connection, form.id)


def file_in_use(desk: Desk, form: Form) -> bytes:
    """Return the template that a form uses now."""
    with desk.registry.database.reading() as connection:
        choice = templates.chosen(connection).get(form.id)
        found = templates.data(connection, form.id, choice.template) if choice and choice.template else None
    return _installed(form)[0] if found is None else found


def earlier(desk: Desk, form: Form, template: int) -> bytes:
    """Return a template that was taken into use at some time; raises UnknownTemplateError."""
    with desk.registry.database.reading() as connection:
        found = templates.data(connection, form.id, template)
    if found is None:
        raise UnknownTemplateError("没有这个模板", "请回到这张表的模板页，从列表里选")
    return found


def decides(desk: Desk) -> bool:
    """Tell whether a desk may change templates."""
    return desk.organisation == organisations.FIRST


def upload(desk: Desk, user: int, form: Form, name: str, data: bytes) -> str:
    """Check what somebody uploaded and keep it for a while; return its identifier. Raises ConflictError."""
    _want_first(desk)
    body = {
        "data": base64.b64encode(data).decode("ascii"),
        "findings": [asdict(finding) for finding in _examined(desk, form, data)],
    }
    begun = Begun(_KIND, form.id, _cleaned(name), body)
    with desk.registry.database.writing() as connection:
        return drafts.begin(connection, desk.organisation, user, begun)


def trial(desk: Desk, form: Form, identifier: str) -> Trial:
    """Return an uploaded template; raises UnknownDraftError."""
    draft = _draft(desk, form, identifier)
    data, findings = _data(draft), _findings(draft)
    same = hashlib.sha256(data).digest() == hashlib.sha256(file_in_use(desk, form)).digest()
    commentable = bool(findings) and all(one.place.part != "文件" or one.code == "outside-link" for one in findings)
    version = hashlib.sha256(data).hexdigest()[:12]
    return Trial(identifier, form, draft.title, version, findings, same, commentable, draft.created_at)


def commented(desk: Desk, form: Form, identifier: str) -> bytes:
    """Return an uploaded template with its findings as comments of Word. Raises UnknownDraftError, RefusedFileError."""
    draft = _draft(desk, form, identifier)
    return desk.registry.press(comment, _data(draft), _findings(draft))


def sample(desk: Desk, form: Form, identifier: str) -> Document:
    """Return the form's sample made with an uploaded template; raises ConflictError where that has findings."""
    draft = _draft(desk, form, identifier)
    _want_fit(_findings(draft))
    return desk.registry.press(try_out, form.id, _data(draft))


def take(desk: Desk, form: Form, identifier: str) -> str:
    """Take an uploaded template into use at once, everywhere within seconds; return its version.

    It is checked again: what was fit when it was uploaded may not be so for a newer docgen. Raises ConflictError,
    UnknownDraftError.
    """
    _want_first(desk)
    draft = _draft(desk, form, identifier)
    data = _data(draft)
    _want_fit(_examined(desk, form, data))
    with desk.registry.database.writing() as connection:
        template = templates.keep(connection, form.id, data, desk.actor)
        templates.choose(connection, form.id, template, desk.actor)
        drafts.drop(connection, desk.organisation, draft.id)
    desk.registry.shelf.sync()
    return hashlib.sha256(data).hexdigest()[:12]


def go_back(desk: Desk, form: Form, template: int | None) -> None:
    """Use an earlier template again, or the installed one for None. Raises UnknownTemplateError, ConflictError.

    An earlier one is checked again too: the form may have changed since.
    """
    _want_first(desk)
    if template is not None:
        _want_fit(_examined(desk, form, earlier(desk, form, template)))
    with desk.registry.database.writing() as connection:
        templates.choose(connection, form.id, template, desk.actor)
    desk.registry.shelf.sync()


# --- What a render process does ------------------------------------------------------------------------------------


def examine(form_id: str, data: bytes) -> tuple[TemplateFinding, ...]:
    """Return what is wrong with a Word template: by its contract first, then by making the sample with it."""
    from docgen import contract  # noqa: PLC0415  the server itself looks into no upload

    form = catalogue.get_form(form_id)
    if found := contract.check_word(data, form):
        return found
    try:
        try_out(form_id, data)
    except DocgenError as error:
        return (TemplateFinding("not-printable", Place("全文"), error.detail, "请从正在用的模板重新改起"),)
    return ()


def try_out(form_id: str, data: bytes) -> Document:
    """Make a form's sample with a Word template."""
    from docgen.render import press  # noqa: PLC0415  the server itself makes no document

    form = catalogue.get_form(form_id)
    return press.try_word(form, service.sample(form), data)


def comment(data: bytes, findings: tuple[TemplateFinding, ...]) -> bytes:
    """Return a template with findings as comments."""
    from docgen.contract import commenting  # noqa: PLC0415  as in ``examine``

    return commenting.commented(data, findings)


# --- The rest ------------------------------------------------------------------------------------------------------


def _examined(desk: Desk, form: Form, data: bytes) -> tuple[TemplateFinding, ...]:
    try:
        return desk.registry.press(examine, form.id, data)
    except RenderError as error:  # it took too long or too much memory: a fault of the template like any other
        return (
            TemplateFinding("too-heavy", Place("全文"), error.detail, "请删去循环嵌套和多余内容，从正在用的模板改起"),
        )


def _used(form: Form, choice: Choice | None) -> Used:
    if choice and choice.template is not None:
        return Used(form, choice.sha256[:12], Origin.TAKEN, choice)
    data, origin = _installed(form)
    return Used(form, hashlib.sha256(data).hexdigest()[:12], origin, choice)


def _installed(form: Form) -> tuple[bytes, Origin]:
    """Return the template that a form uses where nobody decided otherwise."""
    shelf, *rest = folders.templates("docx")
    for folder in rest:
        path = folder / f"{form.id}.docx"
        if path.is_file():
            return path.read_bytes(), Origin.OWN if path.is_relative_to(paths.TEMPLATES) else Origin.FOLDER
    raise UnknownTemplateError(f"《{form.title}》没有 Word 模板", f"请重新安装 docgen，或把模板放进 {shelf.parent}")


def _draft(desk: Desk, form: Form, identifier: str) -> drafts.Draft:
    with desk.registry.database.reading() as connection:
        draft = drafts.get(connection, desk.organisation, _KIND, identifier)
    if draft.form != form.id:
        raise drafts.UnknownDraftError("这个模板不是这张表的", "请回到模板列表，再上传一次")
    return draft


def _data(draft: drafts.Draft) -> bytes:
    return base64.b64decode(draft.body["data"])


def _findings(draft: drafts.Draft) -> tuple[TemplateFinding, ...]:
    told: list[dict[str, Any]] = draft.body["findings"]
    return tuple(TemplateFinding(one["code"], Place(**one["place"]), one["detail"], one["remedy"]) for one in told)


def _want_first(desk: Desk) -> None:
    if not decides(desk):
        raise ConflictError("模板由第一个颁证单位的管理员管理", "请与对方联系；这里可以查看和下载")


def _want_fit(findings: tuple[TemplateFinding, ...]) -> None:
    if findings:
        raise ConflictError(f"这个模板还有 {len(findings)} 处问题，不能使用", "请按各条说明改好后重新上传")


def _cleaned(name: str) -> str:
    """Return a file's name fit to be shown."""
    shown = "".join(char for char in name if char.isprintable())
    return shown[-_MOST_NAME:] or "模板.docx"
