"""What the page of a form sends: its content is kept, whatever else the button that sent it wants."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from flask import request, url_for

from docgen import service, strictjson
from docgen.errors import FormatError, SubmissionError, UnreadableInputError
from docgen.filling import asking, entries, keeping, parts
from docgen.filling.entries import Rows
from docgen.filling.keeping import Sheet
from docgen.forms import catalogue
from docgen.forms.shape import LeafKind
from docgen.render import gate
from docgen.store.users import Role
from docgen.web import api, renders
from docgen.web.context import context
from docgen.web.problems import Problem, ProblemError
from docgen.web.staff import door, pages
from docgen.web.staff.forms import Shown
from docgen.web.staff.routes import STAFF, Routes

if TYPE_CHECKING:
    from flask import Response

    from docgen.filling.keeping import Saved
    from docgen.filling.parts import Parts
    from docgen.forms.form import Form

    _Brought = tuple[Form, dict[str, Any], list[dict[str, str]]]
    """What a file is: its form, what it says, what could not be read."""

ROUTES = Routes()
_LONGEST_WINDOW: Final = 32
_COPIED: Final = "这份草稿刚在另一个窗口里改过。你这里的内容另存成了这一份，两份都在「填表」的草稿里"


@ROUTES.add("POST", "/forms/<notice>/<form>", Role.ISSUER, long=True)
def form_fill(notice: str, form: str) -> Response:
    """Keep what is filled in, then do what the button wants."""
    found = api.form_of(notice, form)
    do, _, target = request.form.get("do", "save").partition(":")
    answers = {name: request.form.getlist(name) for name in request.form}
    shown_parts = parts.sent(found.shape, answers)
    if do == "drop":
        answers = {name: values for name, values in answers.items() if not name.startswith(f"{target}.")}
    raw = asking.answered(found.shape, answers)
    saved = _save(found, raw, shown_parts, request.form.get("draft", ""))
    whole, refused = parts.joined(raw, saved.submission, shown_parts), ""
    if do == "picture":
        refused = _hang(found, whole, target, saved)
        saved = _save(found, parts.cut(whole, shown_parts), shown_parts, saved.draft, saved.revision)
    series = target.rpartition(".")[0] if do == "drop" else target
    shown = _shown(found, whole, shown_parts, saved, series if do == "add" else "")
    if saved.copied:
        return door.go(shown.link(), _COPIED)
    if request.headers.get("HX-Request"):
        return _part(shown, do, series, refused)
    return _sent_on(shown, do, target, refused)


def _save(form: Form, raw: dict[str, Any], shown_parts: Parts, draft: str, revision: int | None = None) -> Saved:
    submission = asking.condensed(raw).submission
    window = request.form.get("window", "")[:_LONGEST_WINDOW]
    if revision is None:
        revision = request.form.get("revision", 0, type=int)
    sheet = Sheet(draft, revision, window, submission, shown_parts)
    return keeping.save(door.desk(), door.session().user.id, form, sheet)


def _hang(form: Form, raw: dict[str, Any], target: str, saved: Saved) -> str:
    """Put the uploaded pictures into a list of the form; return what is wrong with those that were refused."""
    rows = asking.rows_at(form.shape, raw, target)
    if rows is None:
        raise ProblemError(Problem(400, "place-unknown", "请求有误", "表里没有放这些图片的地方", "请重新打开草稿再试"))
    refused = []
    for number, file in enumerate(request.files.getlist(f"{target}.+"), 1):
        if not file.filename:
            continue
        try:
            data = file.stream.read()
            kept = keeping.add_picture(door.desk(), door.session().user.id, saved.draft, data, f"第 {number} 张图片")
            rows.append({"data": kept})
        except SubmissionError as error:
            refused += [f"{fault.label}没有加上：{fault.detail}" for fault in error.faults]
    return "；".join(refused)


def _shown(form: Form, whole: dict[str, Any], shown_parts: Parts, saved: Saved, extra: str) -> Shown:
    names = asking.condensed(parts.cut(whole, shown_parts), shown_parts).names
    window = request.form.get("window", "")[:_LONGEST_WINDOW]
    return Shown(form, whole, saved.submission, saved.draft, saved.revision, window, names, extra, shown_parts)


def _part(shown: Shown, do: str, series: str, refused: str) -> Response:
    """Return the piece of the page that changes."""
    if do not in {"add", "drop", "picture"}:
        response = pages.part("form_look.html", **shown.look(shown.verdict))
        response.headers["HX-Replace-Url"] = shown.link()
        return response
    entry = entries.named(shown.entries(shown.spotted(shown.verdict)), series)
    if entry is None:
        return door.go(shown.link())
    known = {"entry": entry, "shown": shown, "refused": refused, "writable": True, "LeafKind": LeafKind}
    response = pages.part("form_rows.html", **known)
    response.headers.update({"HX-Trigger-After-Swap": "refresh", "HX-Replace-Url": shown.link()})
    return response


def _sent_on(shown: Shown, do: str, target: str, refused: str) -> Response:
    """Send a browser on: one that has no script, or goes to another part of a list."""
    place = notice = add = ""
    match do:
        case "add":
            place, add = _last_row(shown, target), target
        case "drop":
            place = _next_row(shown, target)
        case "picture":
            place, notice = target, refused
        case "show":
            place = request.form.get(f"{target}.at", target)
        case "docx" | "pdf" | "xlsx":
            if not shown.verdict.faults:
                return door.go(f"{shown.address}/document.{do}")
            place, notice = "look", "内容已保存。还有几处要填好、改好才能生成文件，见「核对」"
        case "look":
            place = "look"
        case _:
            notice = "已保存到草稿"
    return door.go(shown.link(place, add), notice)


def _last_row(shown: Shown, series: str) -> str:
    """Return the name of the blank row that the page will have."""
    around = parts.around(shown.form.shape, shown.submission, (), series)
    entry = entries.named(replace(shown, raw=shown.submission, parts=around).entries(()), series)
    return entry.rows[-1].name if isinstance(entry, Rows) and entry.rows else series


def _next_row(shown: Shown, dropped: str) -> str:
    """Return the name of the row that takes the place of one that was dropped from a long list; else the list's."""
    series, _, step = dropped.rpartition(".")
    rows = shown.submission.get(series) or []
    if series not in shown.parts or not rows or not step.isdecimal():
        return series
    return f"{series}.{min(int(step), len(rows) - 1)}"


@ROUTES.add("POST", "/forms/file", Role.ISSUER)
def form_file() -> Response:
    """Fill a new draft from a filled Word or Excel file, or from JSON."""
    given = request.files.get("file")
    named = request.form.get("form", "")
    notice, _, stem = named.partition("/")
    wanted = api.form_of(notice, stem) if named else None
    if given is None or not given.filename:
        page = url_for("staff_form_page", notice=notice, form=stem) if wanted else f"{STAFF}/forms"
        return door.go(page, "请先选一个文件")
    data, ending = given.stream.read(), given.filename.rpartition(".")[2].lower()
    if ending == "json":
        form, raw, told = _of_json(wanted, data)
    else:
        form, raw, told = _read(wanted, data, ending)
    draft = keeping.bring(door.desk(), door.session().user.id, form, raw, told)
    address = url_for("staff_form_draft", notice=form.notice_id, form=form.stem, draft=draft)
    return door.go(address, f"已从文件填好《{form.title}》，请核对")


def _read(wanted: Form | None, data: bytes, ending: str) -> _Brought:
    if ending not in service.READABLE_FORMATS:
        remedy = "旧版 .doc、.xls 请先在 Word、Excel 里另存为新格式"
        raise FormatError("只能读 Word（.docx）、Excel（.xlsx）和 JSON 文件", remedy)
    with context().slots.taken():
        reading = context().registry.press(renders.reading, data, ending, wanted.id if wanted else None)
    return catalogue.get_form(reading.form), reading.submission, keeping.told_by(reading)


def _of_json(wanted: Form | None, data: bytes) -> _Brought:
    if wanted is None:
        raise UnreadableInputError("JSON 文件里看不出是哪张表", "请先打开要填的表，再在那里选这个文件")
    raw = strictjson.parse(data, gate.MOST_BYTES)
    if not isinstance(raw, dict):
        raise UnreadableInputError("这个 JSON 文件里不是一份填报数据", "应为一组字段（用花括号括起）")
    return wanted, raw, []


@ROUTES.add("POST", "/forms/<notice>/<form>/<draft>/drop", Role.ISSUER)
def form_drop(notice: str, form: str, draft: str) -> Response:
    """Forget a draft."""
    desk = door.desk()
    keeping.drop(desk, keeping.opened(desk, api.form_of(notice, form), draft))
    return door.go(f"{STAFF}/forms", "草稿已删除")


@ROUTES.add("POST", "/forms/<notice>/<form>/<draft>/read", Role.ISSUER)
def form_told(notice: str, form: str, draft: str) -> Response:
    """Put away what could not be read of a file."""
    desk = door.desk()
    kept = keeping.opened(desk, api.form_of(notice, form), draft)
    keeping.forget_told(desk, kept)
    return door.go(url_for("staff_form_draft", notice=notice, form=form, draft=draft))
