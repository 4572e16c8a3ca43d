"""批量颁证: a roster comes in, and is mended row by row before anything is issued."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flask import Response, request, url_for

from docgen.errors import ConflictError, Fault, SubmissionError, UnknownFormError, UnreadableInputError
from docgen.forms import catalogue
from docgen.forms.form import Kind
from docgen.jobs import desktop
from docgen.jobs.intake import RosterError
from docgen.packages import naming
from docgen.render import gate
from docgen.render.document import MEDIA_TYPES
from docgen.rosters import Fate, mending, template
from docgen.store.drafts import UnknownDraftError
from docgen.store.users import Role
from docgen.web import api
from docgen.web.context import context
from docgen.web.staff import door, pages
from docgen.web.staff.batches import PER_PAGE, page_of
from docgen.web.staff.routes import Routes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from docgen.forms.form import Form
    from docgen.jobs.desktop import Opened
    from docgen.rosters import Problem, Row

ROUTES = Routes()

SHOWS: Final = {"all": "全部", "faults": "有问题", "doubts": "提醒", "out": "不颁发"}
_MEGABYTES: Final = gate.MOST_BYTES // 1024 // 1024


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the table, with what is said about it."""

    name: str
    words: str
    faults: tuple[Problem, ...]
    doubts: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table; ``faults`` and ``doubts`` are those of no single cell."""

    number: int
    fate: Fate
    reason: str
    cells: tuple[Cell, ...]
    faults: tuple[Problem, ...]
    doubts: tuple[Problem, ...]

    @property
    def wrong(self) -> bool:
        """Whether something must be mended."""
        return self.fate is Fate.FAILED

    @property
    def doubtful(self) -> bool:
        """Whether somebody should look twice."""
        return not self.reason and bool(self.doubts or any(cell.doubts for cell in self.cells))


@ROUTES.add("GET", "/batches/new", Role.ISSUER)
def new_batch() -> Response:
    """Ask for the kind of certificate and the roster."""
    return _ask(request.args.get("certificate", ""))


@ROUTES.add("POST", "/batches/new", Role.ISSUER)
def take_roster() -> Response:
    """Keep a roster that somebody brings, or the one to try with; what is wrong with a file is told beside it."""
    form_id = request.form.get("certificate", "")
    desk, user = door.desk(), door.session().user.id
    try:
        if "sample" in request.form:
            with context().slots.taken():
                return door.go(_table_of(desktop.put_sample(desk, user, form_id)))
        name, data = _uploaded()
        with context().slots.taken():
            identifier = desktop.put(desk, user, form_id, name, data)
    except UnknownFormError:
        return _ask("", (Fault("/certificate", "证书种类", "missing", "请先选一种证书"),))
    except SubmissionError as error:
        return _ask(form_id, error.faults)
    except UnreadableInputError as error:
        return _ask(form_id, (Fault("/roster", "名单文件", error.code, f"{error.detail}；{error.remedy}"),))
    except RosterError as error:
        told = (Fault("/roster", "名单文件", one.code, f"{one.detail}；{one.remedy}") for one in error.problems)
        return _ask(form_id, tuple(told))
    return door.go(_table_of(identifier))


def _uploaded() -> tuple[str, bytes]:
    """Return the name and the bytes of the file; raises SubmissionError where there is none or it is too large."""
    sent = request.files.get("roster")
    if sent is None or not sent.filename:
        raise SubmissionError((Fault("/roster", "名单文件", "missing", "请选一个 Excel 文件（.xlsx）"),))
    with sent.stream as stream:
        data = stream.read(gate.MOST_BYTES + 1)
    if len(data) > gate.MOST_BYTES:
        detail = f"文件超过 {_MEGABYTES} MB；请只留下名单，删去图片和别的工作表后重试"
        raise SubmissionError((Fault("/roster", "名单文件", "too_large", detail),))
    return naming.clean(sent.filename) or "名单.xlsx", data


def _ask(chosen: str, faults: tuple[Fault, ...] = ()) -> Response:
    kinds: dict[str, list[Form]] = {}
    for form in catalogue.all_forms().values():
        if form.kind is Kind.CERTIFICATE:
            kinds.setdefault(catalogue.get_notice(form.notice_id).title, []).append(form)
    return pages.page(
        "roster_new.html",
        "batches",
        status=422 if faults else 200,
        kinds=kinds,
        chosen=chosen,
        faults=faults,
        megabytes=_MEGABYTES,
        trying="sample" in request.values,
    )


@ROUTES.add("GET", "/batches/rosters/<notice>/<form>.xlsx", Role.VIEWER)
def roster_template(notice: str, form: str) -> Response:
    """Give the list to fill in for a certificate."""
    found = catalogue.get_form(f"{notice}/{form}")
    data = template(found)
    return api.file(data, f"{found.title}名单.xlsx", f"{notice}-{form}-roster.xlsx", MEDIA_TYPES["xlsx"])


# --- The table -------------------------------------------------------------------------------------------------------


@ROUTES.add("GET", "/batches/drafts/<draft>", Role.ISSUER)
def roster(draft: str) -> Response:
    """Show a roster's rows with what is wrong in them."""
    try:
        one = desktop.opened(door.desk(), draft)
    except UnknownDraftError:
        return gone(draft)
    if request.headers.get("HX-Request"):
        return pages.part("roster_table.html", **_table(one))
    return pages.page("roster.html", "batches", **_table(one))


def gone(draft: str) -> Response:
    """Answer for a draft that is no more: where it became a batch, with that. Raises UnknownDraftError."""
    batch = desktop.became(door.desk(), draft)
    if batch is None:
        raise UnknownDraftError("没有这份名单", "它可能已经删除或过了保存期；请回到「批量颁证」新建一批")
    return door.go(url_for("staff_batch", batch=batch), "这份名单已经颁发，这就是它的批次")


def _table(one: Opened, focus: int = 0) -> dict[str, Any]:
    """Return what the table shows; ``focus`` is the row that somebody just worked on."""
    names = mending.shown_fields(one.mended)
    picked = _picked(one)
    show = request.values.get("show", "all")
    show = show if show in SHOWS else "all"
    at = page_of(len(picked[show]))
    shown = lines_of(one, names, picked[show][(at - 1) * PER_PAGE : at * PER_PAGE])
    numbers = [line.number for line in shown]
    return {
        "one": one,
        "form": one.mended.form,
        "names": names,
        "heads": {name: mending.title_of(one.mended, name) for name in names},
        "lines": shown,
        "tally": one.roster.tally,
        "counts": {name: len(some) for name, some in picked.items()},
        "shows": SHOWS,
        "show": show,
        "at": at,
        "last": max(1, -(-len(picked[show]) // PER_PAGE)),
        "focus": focus if focus in numbers or not focus else (numbers[0] if numbers else -1),
        "overall": [problem for problem in one.roster.warnings if not problem.place.row],
        "usual": mending.remedy_of(""),
    }


def _picked(one: Opened) -> dict[str, tuple[Row, ...]]:
    """Return the rows that each choice shows."""
    roster = one.roster
    doubtful = {problem.place.row for problem in roster.warnings}
    return {
        "all": roster.rows,
        "faults": tuple(row for row in roster.rows if roster.fate(row) is Fate.FAILED),
        "doubts": tuple(row for row in roster.rows if not row.skipped and row.number in doubtful),
        "out": tuple(row for row in roster.rows if row.skipped),
    }


def lines_of(one: Opened, names: tuple[str, ...], rows: Iterable[Row]) -> list[Line]:
    """Return rows as the table shows them."""
    roster = one.roster
    doubts: dict[int, list[Problem]] = {}
    for problem in roster.warnings:
        doubts.setdefault(problem.place.row, []).append(problem)
    columns = {column: name for name in names for column in roster.columns.get(name, ())}
    return [_line(row, roster.fate(row), doubts.get(row.number, []), names, columns) for row in rows]


def _line(row: Row, fate: Fate, doubts: list[Problem], names: tuple[str, ...], columns: Mapping[int, str]) -> Line:
    faults, odd = ([(columns.get(one.place.column, ""), one) for one in some] for some in (row.faults, doubts))
    cells = tuple(
        Cell(
            name,
            row.words.get(name, ""),
            tuple(one for at, one in faults if at == name),
            tuple(one for at, one in odd if at == name),
        )
        for name in names
    )
    whole = tuple(one for at, one in faults if not at)
    return Line(row.number, fate, row.skipped, cells, whole, tuple(one for at, one in odd if not at))


# --- One row ---------------------------------------------------------------------------------------------------------


@ROUTES.add("GET", "/batches/drafts/<draft>/rows/<row>", Role.ISSUER)
def roster_row(draft: str, row: str) -> Response:
    """Show a row to be changed: in the table's place of it, or on a page of its own."""
    try:
        one = desktop.opened(door.desk(), draft)
    except UnknownDraftError:
        return gone(draft)
    number = _row(row)
    names = mending.fields(one.mended.form)
    (line,) = lines_of(one, names, [one.roster.rows[one.mended.index(number)]])
    told: dict[str, Any] = {
        "one": one,
        "line": line,
        "nodes": {name: mending.node_of(one.mended.form, name) for name in names},
        "heads": {name: mending.title_of(one.mended, name) for name in names},
        "width": len(mending.shown_fields(one.mended)) + 3,
        "show": request.args.get("show", "all"),
        "at": request.args.get("page", "1"),
        "usual": mending.remedy_of(""),
    }
    if request.headers.get("HX-Request"):
        return pages.part("roster_row.html", **told)
    return pages.page("roster_row_page.html", "batches", **told)


@ROUTES.add("POST", "/batches/drafts/<draft>/rows/<row>", Role.ISSUER)
def retype_row(draft: str, row: str) -> Response:
    """Change a row."""
    texts = {name.removeprefix("w-"): text for name, text in request.form.items() if name.startswith("w-")}
    return _changed(draft, row, lambda number: desktop.retype(door.desk(), draft, number, texts))


@ROUTES.add("POST", "/batches/drafts/<draft>/rows/<row>/out", Role.ISSUER)
def leave_row_out(draft: str, row: str) -> Response:
    """Leave a row out."""
    return _changed(draft, row, lambda number: desktop.leave_out(door.desk(), draft, number))


@ROUTES.add("POST", "/batches/drafts/<draft>/rows/<row>/in", Role.ISSUER)
def take_row_in(draft: str, row: str) -> Response:
    """Take a row in."""
    return _changed(draft, row, lambda number: desktop.take_in(door.desk(), draft, number))


def _changed(draft: str, row: str, change: Callable[[int], Opened]) -> Response:
    number = _row(row)
    try:
        with context().slots.taken():
            one = change(number)
    except UnknownDraftError:
        return gone(draft)
    if request.headers.get("HX-Request"):
        return pages.part("roster_table.html", **_table(one, number))
    told = _table(one, number)
    address = url_for("staff_roster", draft=draft, show=told["show"], page=told["at"])
    return door.go(f"{address}#row-{number}")


def _row(text: str) -> int:
    if text.isascii() and text.isdecimal() and len(text) <= len("1048576"):
        return int(text)
    raise ConflictError("名单里没有这一行", "请回到名单，再选一次")


@ROUTES.add("POST", "/batches/drafts/<draft>/drop", Role.ISSUER)
def drop_roster(draft: str) -> Response:
    """Throw a roster away."""
    desktop.drop(door.desk(), draft)
    return door.go(url_for("staff_batches"), "名单已删去，什么也没有颁发")


def _table_of(draft: str) -> str:
    return url_for("staff_roster", draft=draft)
