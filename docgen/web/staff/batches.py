"""批量颁证: the batches, how far each is, what can be done to it, what it leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Response, request, url_for

from docgen.errors import UnknownBatchError
from docgen.forms import catalogue
from docgen.jobs import desktop, reporting, results, reviewing, runs
from docgen.jobs.runs import Stage
from docgen.packages.packing import MEDIA_TYPE as ZIP
from docgen.people import accounts, actors
from docgen.people.accounts import Action
from docgen.render.document import MEDIA_TYPES
from docgen.store.ledger import ItemState
from docgen.store.users import Role
from docgen.web import api
from docgen.web.batches import streamed
from docgen.web.context import context
from docgen.web.staff import door, pages, words
from docgen.web.staff.routes import Routes

if TYPE_CHECKING:
    from collections.abc import Callable

    from docgen.issuing.registry import Desk
    from docgen.jobs.runs import Progress

ROUTES = Routes()

PER_PAGE: Final = 100
_MOST_BATCHES: Final = 50
_MOST_DIGITS: Final = 18
_STATES: Final = {
    ItemState.MADE: ("已制成", "good"),
    ItemState.FAILED: ("失败", "ended"),
    ItemState.MAKING: ("制作中", "busy"),
    ItemState.WAITING: ("等待", "plain"),
    ItemState.CANCELLED: ("已取消", "plain"),
}


@ROUTES.add("GET", "/batches", Role.VIEWER)
def batches() -> Response:
    """List the rosters on the desk and the newest batches."""
    desk = door.desk()
    found = [runs.progress(desk, run.id) for run in runs.recent(desk, _MOST_BATCHES)]
    waiting = desktop.listed(desk)
    names = actors.named(desk, [*(one.run.actor for one in found), *(f"user:{one.user}" for one in waiting)])
    return pages.page(
        "batches.html",
        "batches",
        found=found,
        drafts=waiting,
        names=names,
        titles={form_id: form.title for form_id, form in catalogue.all_forms().items()},
        most=_MOST_BATCHES,
        moment=words.moment,
    )


@ROUTES.add("GET", "/batches/<batch>", Role.VIEWER)
def batch(batch: str) -> Response:
    """Show how far a batch is, its certificates, and what can be done now."""
    desk, number = door.desk(), number_of(batch)
    progress = runs.progress(desk, number)
    state = next((one for one in ItemState if one == request.args.get("state")), None)
    items = runs.items(desk, number, state)
    at = page_of(len(items))
    shown = items[(at - 1) * PER_PAGE : at * PER_PAGE]
    run = progress.run
    return pages.page(
        "batch.html",
        "batches",
        one=progress,
        form=catalogue.get_form(run.form),
        names=actors.named(desk, (run.actor, run.released_by)),
        items=shown,
        holders=reviewing.names(desk, shown),
        state=state,
        states=_STATES,
        counts=_counts(progress),
        at=at,
        last=max(1, -(-len(items) // PER_PAGE)),
        moment=words.moment,
        own=run.actor == desk.actor and run.details.second,
    )


def _counts(progress: Progress) -> dict[ItemState, int]:
    return {
        ItemState.MADE: progress.made,
        ItemState.FAILED: progress.failed,
        ItemState.MAKING: progress.making,
        ItemState.WAITING: progress.waiting,
        ItemState.CANCELLED: progress.cancelled,
    }


@ROUTES.add("GET", "/batches/<batch>/progress", Role.VIEWER)
def batch_progress(batch: str) -> Response:
    """Give the bar of a running batch; when it has ended, the whole page is to be loaded again."""
    progress = runs.progress(door.desk(), number_of(batch))
    response = pages.part("batch_progress.html", one=progress)
    if progress.stage is not Stage.RUNNING:
        response.headers["HX-Refresh"] = "true"
    return response


@ROUTES.add("GET", "/batches/<batch>/cancel", Role.ISSUER)
def ask_cancel(batch: str) -> Response:
    """Ask whether a batch shall really be stopped."""
    progress = runs.progress(door.desk(), number_of(batch))
    if not (progress.waiting or progress.making or progress.failed):
        return door.go(_address(progress.run.id), "这个批次已经没有可以取消的了")
    return pages.page("batch_cancel.html", "batches", one=progress)


@ROUTES.add("POST", "/batches/<batch>/cancel", Role.ISSUER)
def cancel_batch(batch: str) -> Response:
    """Stop a batch."""
    return _changed(
        batch, Action.CANCEL, runs.cancel, lambda count: f"已取消 {count} 份，它们的编号不再使用；已制成的照常保留"
    )


@ROUTES.add("POST", "/batches/<batch>/retry", Role.ISSUER)
def retry_batch(batch: str) -> Response:
    """Try again what failed."""
    engine = context().engine
    return _changed(
        batch,
        Action.RETRY,
        lambda desk, number: runs.retry(desk, engine, number),
        lambda count: f"失败的 {count} 份正在重新制作，编号不变",
    )


@ROUTES.add("POST", "/batches/<batch>/release", Role.APPROVER)
def release_batch(batch: str) -> Response:
    """Let the public see a batch."""
    return _changed(
        batch,
        Action.RELEASE,
        lambda desk, number: int(runs.release(desk, number)),
        lambda _: "已发布，公众现在可以核验这批证书",
    )


def _changed(batch: str, action: Action, change: Callable[[Desk, int], int], told: Callable[[int], str]) -> Response:
    desk, number = door.desk(), number_of(batch)
    count = change(desk, number)
    if not count:
        return door.go(_address(number), "没有需要改动的：这件事已经做过了")
    accounts.note(desk, action, str(number))
    return door.go(_address(number), told(count))


@ROUTES.add("GET", "/batches/<batch>/archive.zip", Role.VIEWER)
def batch_archive(batch: str) -> Response:
    """Give everything that a batch leaves."""
    desk, number = door.desk(), number_of(batch)
    names = f"批次{number}.zip", f"batch-{number}.zip"
    return streamed(lambda target: results.zipped(desk, number, target), *names, ZIP)


@ROUTES.add("GET", "/batches/<batch>/merged.pdf", Role.VIEWER)
def batch_merged(batch: str) -> Response:
    """Give the certificates as one PDF."""
    desk, number = door.desk(), number_of(batch)
    names = f"批次{number}.pdf", f"batch-{number}.pdf"
    return streamed(lambda target: results.merged(desk, number, target), *names, MEDIA_TYPES["pdf"])


@ROUTES.add("GET", "/batches/<batch>/report.xlsx", Role.VIEWER)
def batch_report(batch: str) -> Response:
    """Give what became of every row; before the release to those alone who decide on it."""
    desk, number = door.desk(), number_of(batch)
    with context().downloads.taken():
        data = reporting.report(desk, number, reviewing=door.may(Role.APPROVER))
    return api.file(data, f"批次{number}颁发结果.xlsx", f"batch-{number}.xlsx", MEDIA_TYPES["xlsx"])


# --- Looking before releasing ----------------------------------------------------------------------------------------


@ROUTES.add("GET", "/batches/<batch>/proofs", Role.APPROVER)
def proofs(batch: str) -> Response:
    """Show the first document that waits for its release."""
    number = number_of(batch)
    return door.go(url_for("staff_proof", batch=number, certificate=reviewing.proof(door.desk(), number, "").number))


@ROUTES.add("GET", "/batches/<batch>/proofs/<certificate>", Role.APPROVER)
def proof(batch: str, certificate: str) -> Response:
    """Show one document that waits for its release."""
    desk, number = door.desk(), number_of(batch)
    progress = runs.progress(desk, number)
    found = reviewing.proof(desk, number, certificate)
    return pages.page("batch_proof.html", "batches", one=progress, proof=found, own=progress.run.actor == desk.actor)


@ROUTES.add("GET", "/batches/<batch>/proofs/<certificate>.png", Role.APPROVER)
def proof_picture(batch: str, certificate: str) -> Response:
    """Give its picture."""
    desk = door.desk()
    found = reviewing.proof(desk, number_of(batch), certificate)
    with context().slots.taken():
        data = reviewing.picture(desk, found)
    return Response(data, content_type=MEDIA_TYPES["png"])


@ROUTES.add("GET", "/batches/<batch>/proofs/<certificate>.pdf", Role.APPROVER)
def proof_document(batch: str, certificate: str) -> Response:
    """Give the document itself."""
    found = reviewing.proof(door.desk(), number_of(batch), certificate)
    return api.file(found.pdf, f"{found.number}.pdf", f"{found.number}.pdf", MEDIA_TYPES["pdf"])


def number_of(text: str) -> int:
    """Return a batch's number as it stands in an address; raises UnknownBatchError."""
    if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS:
        return int(text)
    raise UnknownBatchError("没有这个编号的批次", "请回到批次列表，再选一次")


def page_of(count: int) -> int:
    """Return which page of a table is asked for, from 1; what does not exist is the nearest that does."""
    asked = request.values.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) <= _MOST_DIGITS else 1
    return min(max(1, number), max(1, -(-count // PER_PAGE)))


def _address(number: int) -> str:
    return url_for("staff_batch", batch=number)
