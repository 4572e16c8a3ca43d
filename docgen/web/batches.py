"""The routes of batches: a list in, progress, what it leaves, what can be done to it. Another house's are 404."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import Response, g, request

from docgen import strictjson
from docgen.errors import SubmissionError, UnknownBatchError
from docgen.jobs import intake, reporting, results, runs
from docgen.jobs.intake import Asked, Judged, Wish
from docgen.packages.packing import MEDIA_TYPE as ZIP
from docgen.render.document import MEDIA_TYPES
from docgen.rosters import template
from docgen.store.folder import open_folder
from docgen.store.keys import Scope
from docgen.store.ledger import ItemState
from docgen.web import incoming
from docgen.web.api import answer, file, form_of, stream
from docgen.web.certificates import desk
from docgen.web.context import context
from docgen.web.operations import API, Operation, Operations, Parameter, Result, Subject
from docgen.web.problems import over_http

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import IO

    from docgen.errors import Fault
    from docgen.jobs.runs import Progress
    from docgen.rosters import Known
    from docgen.store.ledger import Item

OPERATIONS = Operations()

BATCHES: Final = "批次"
_PATH: Final = f"{API}/batches"
_ONE: Final = f"{_PATH}/{{batch}}"
_MOST_DIGITS: Final = 18
_KNOWN_STATES: Final = Parameter(
    "state", "只列这一种状态的。", {"type": "string", "enum": [state.value for state in ItemState]}
)


@dataclass(frozen=True, slots=True)
class _Sent:
    """What came with a request: the list's bytes, whom it names as its certificate, how to judge it, and its terms."""

    data: bytes
    certificate: str
    judge: Callable[[tuple[Known, ...]], Judged]
    terms: dict[str, Any]


@OPERATIONS.add(
    Operation(
        "POST",
        _PATH,
        BATCHES,
        "按名单颁发",
        "BatchBegun",
        "名单是 JSON，或一个 Excel 文件（我们的模板，或通知的汇总表；这时用查询参数说明证书种类等）。先整体核对，"
        "有错回答 422 并逐处列出，什么也不登记；没有错就一次登记全部编号，回答 202，在后台逐份制成、复核，"
        "全部结束后一起发布。同一幂等键、同样的内容再发一次是同一批，不会重复颁发。"
        "写 check=true 时只核对，回答 200，还指出与已颁发的重复、相近或形近的名称。",
        access=Scope.ISSUE,
        query=(incoming.CHECK, *incoming.ROSTER),
        body=Subject.ROSTER,
        begins=True,
        problems=(404, 409, 422, 500, 503),
    )
)
def begin_batch() -> Response:
    """Judge a list and let it run."""
    only_check = incoming.only_check(g.query)
    key = "" if only_check else incoming.idempotency_key()
    sent = _sent()
    at = desk()
    with context().slots.taken():
        judged = sent.judge(intake.holders(at, sent.certificate) if only_check else ())
        wish, faults = _wish(sent.terms, key)
        judged = judged.refused(faults)
        if only_check:
            return answer(intake.examined(at, judged).members())
        begun = intake.begin(at, context().engine, judged, sent.data, wish)
    told = {
        "batch": begun.batch,
        "rows_in": judged.rows_in,
        "issuing": len(judged.wanted().rows),
        "skipped": judged.skipped_members(),
        "notes": list(begun.notes),
        "links": _links(begun.batch),
    }
    response = answer(told)
    response.status_code = HTTPStatus.ACCEPTED
    response.headers["Location"] = f"{_PATH}/{begun.batch}"
    return response


def _sent() -> _Sent:
    """Return the list that came, unjudged."""
    press = context().registry.press
    data = incoming.read_roster()
    if request.mimetype == MEDIA_TYPES["xlsx"]:
        query = incoming.roster_query(g.query)
        day = incoming.date_of(g.query)
        shared = {"issued_on": day.isoformat()} if day else {}
        asked = Asked(query.pop("certificate"), query.pop("decision", ""), query.pop("series", None), shared)
        return _Sent(data, asked.certificate, lambda known: press(intake.roster, data, asked, known), query)
    incoming.refuse_roster_query(g.query)
    raw = strictjson.parse(data, len(data))
    terms: dict[str, Any] = {}
    certificate = ""
    if isinstance(raw, dict):
        terms = {name: raw.pop(name) for name in intake.TERMS if name in raw}
        certificate = str(raw.get("certificate", ""))
    return _Sent(data, certificate, lambda known: press(intake.order, raw, known), terms)


def _wish(given: dict[str, Any], key: str) -> tuple[Wish, tuple[Fault, ...]]:
    """Return how a batch is to run, and what is wrong with that."""
    conf = context().settings
    try:
        wish = intake.wish(given, key, conf.webhook_hosts)
    except SubmissionError as error:
        return Wish(key), error.faults
    return replace(wish, second=wish.second or conf.second_person), ()


@OPERATIONS.add(
    Operation("GET", _PATH, BATCHES, "最近的批次", "Batches", "最近 100 批。", Scope.ISSUE, problems=(503,))
)
def list_batches() -> Response:
    """List the newest batches."""
    at = desk()
    return answer({"batches": [_line(runs.progress(at, run.id)) for run in runs.recent(at)]})


def _one(method: str, under: str, summary: str, result: str, description: str = "", **more: Any) -> Operation:  # noqa: ANN401  an operation's own
    problems = (404, 409, 503) if method == "POST" or isinstance(result, Result) else (404, 503)
    told = {"access": Scope.ISSUE, "problems": problems} | more
    return Operation(method, f"{_ONE}{under}", BATCHES, summary, result, description, **told)


@OPERATIONS.add(
    _one(
        "GET",
        "",
        "批次的进度",
        "Batch",
        "rows_in 总等于 issued + skipped + failed + cancelled + open。一批里有失败的也会结束并发布其余各份。",
    )
)
def get_batch(batch: str) -> Response:
    """Tell how far a batch is."""
    at, number = desk(), _number(batch)
    progress = runs.progress(at, number)
    return answer(_line(progress) | {"deliveries": _deliveries(number)})


@OPERATIONS.add(_one("GET", "/items", "批次的各份证书", "BatchItems", query=(_KNOWN_STATES,), problems=(400, 404, 503)))
def list_items(batch: str) -> Response:
    """List the certificates of a batch with where each stands."""
    number = _number(batch)
    state = incoming.choice(g.query, _KNOWN_STATES)
    found = runs.items(desk(), number, ItemState(state) if state else None)
    return answer({"batch": number, "items": list(map(_item, found))})


@OPERATIONS.add(
    _one(
        "GET",
        "/archive.zip",
        "批次的全部证书（zip）",
        Result.ARCHIVE,
        "每份证书一个 PDF，另有证书索引、颁发结果（report.xlsx）和 manifest.json。还没有发布时回答 409。",
        problems=(404, 409, 500, 503),
    )
)
def get_archive(batch: str) -> Response:
    """Give everything that a batch leaves as one zip."""
    at, number = desk(), _number(batch)
    return streamed(lambda target: results.zipped(at, number, target), f"批次{number}.zip", f"batch-{number}.zip", ZIP)


@OPERATIONS.add(
    _one(
        "GET",
        "/merged.pdf",
        "批次的全部证书（一个 PDF）",
        Result.MERGED,
        "按名单的次序，便于打印。还没有发布时回答 409。",
        problems=(404, 409, 500, 503),
    )
)
def get_merged(batch: str) -> Response:
    """Give every certificate of a batch as one PDF."""
    at, number = desk(), _number(batch)
    names = f"批次{number}.pdf", f"batch-{number}.pdf"
    return streamed(lambda target: results.merged(at, number, target), *names, MEDIA_TYPES["pdf"])


@OPERATIONS.add(
    _one(
        "GET",
        "/report.xlsx",
        "批次的颁发结果（Excel）",
        Result.SHEET,
        "名单的每一行：已颁发（编号、查询码）、已跳过或失败（原因、改法）。名单过了保存期就没有了，回答 409。",
        problems=(404, 409, 500, 503),
    )
)
def get_report(batch: str) -> Response:
    """Give the report of a batch."""
    at, number = desk(), _number(batch)
    with context().downloads.taken():
        data = reporting.report(at, number)
    return file(data, f"批次{number}颁发结果.xlsx", f"batch-{number}.xlsx", MEDIA_TYPES["xlsx"])


@OPERATIONS.add(
    _one(
        "POST",
        "/cancel",
        "取消批次",
        "BatchChanged",
        "还在等待和失败的作废，编号不再使用；正在制作的做完，已制成的照常发布。",
    )
)
def cancel_batch(batch: str) -> Response:
    """Stop a batch."""
    return _changed(batch, runs.cancel)


@OPERATIONS.add(_one("POST", "/retry", "重试失败的", "BatchChanged", "失败的各份重新等待制作，编号不变。"))
def retry_batch(batch: str) -> Response:
    """Try again what failed."""
    return _changed(batch, lambda at, number: runs.retry(at, context().engine, number))


@OPERATIONS.add(
    _one(
        "POST",
        "/release",
        "发布批次",
        "BatchChanged",
        "要求两人的批次（设置 DOCGEN_SECOND_PERSON，或提交时写 second_person）制成后，由提交者以外的另一人发布。",
    )
)
def release_batch(batch: str) -> Response:
    """Let the public see a batch."""
    return _changed(batch, lambda at, number: int(runs.release(at, number)))


@OPERATIONS.add(_one("POST", "/webhook", "再通知一次", "Deliveries", "把批次结束的通知马上再发一次。"))
def resend_webhook(batch: str) -> Response:
    """Send the message about a batch's end again."""
    number = _number(batch)
    runs.resend(desk(), number)
    return answer({"batch": number, "deliveries": _deliveries(number)})


@OPERATIONS.add(
    Operation(
        "GET",
        f"{API}/forms/{{notice}}/{{form}}/roster.xlsx",
        BATCHES,
        "名单的模板（Excel）",
        Result.SHEET,
        "这种证书的名单：栏名、下拉列表和填写说明。不是证书的表回答 422。",
        access=Scope.ISSUE,
        problems=(404, 422),
    )
)
def get_roster_template(notice: str, form: str) -> Response:
    """Give the list to fill in for a certificate."""
    found = form_of(notice, form)
    data = template(found)
    return file(data, f"{found.title}名单.xlsx", f"{notice}-{form}-roster.xlsx", MEDIA_TYPES["xlsx"])


def _number(text: str) -> int:
    if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS:
        return int(text)
    raise UnknownBatchError("没有这个编号的批次", "请核对批次编号")


def streamed(write: Callable[[IO[bytes]], None], name: str, plain: str, media_type: str) -> Response:
    """Answer with a file that is written to the disk first: a thousand certificates do not fit into memory."""
    conf = context().settings
    target = tempfile.TemporaryFile(dir=open_folder(conf.data_dir.absolute()))  # noqa: SIM115  closed with the answer
    try:
        with context().downloads.taken():
            write(target)
        return stream(target, name, plain, media_type)
    except BaseException:
        target.close()
        raise


def _changed(batch: str, change: Callable[[Any, int], int]) -> Response:
    at, number = desk(), _number(batch)
    changed = change(at, number)
    told = {"batch": number, "changed": changed, "state": runs.progress(at, number).stage, "links": _links(number)}
    return answer(told)


def _line(progress: Progress) -> dict[str, object]:
    return progress.members() | {"links": _links(progress.run.id)}


def _item(item: Item) -> dict[str, object]:
    number = item.record.number
    told: dict[str, object] = {
        "row": item.record.row,
        "number": number,
        "state": item.state,
        "attempts": item.attempts,
        "links": {"certificate": f"{API}/certificates/{number}"},
    }
    if item.failure:
        failure = item.failure
        told["failure"] = {"code": failure.code, "detail": failure.detail, "remedy": over_http(failure.remedy)}
    return told


def _deliveries(number: int) -> list[dict[str, object]]:
    found = runs.sent(desk(), number)
    return [{"id": one[0], "attempts": one[1], "status": one[2], "next_at": one[3]} for one in found]


def _links(number: int) -> dict[str, str]:
    own = f"{_PATH}/{number}"
    return {"self": own} | {
        name: f"{own}/{path}"
        for name, path in (
            ("items", "items"),
            ("archive", "archive.zip"),
            ("merged", "merged.pdf"),
            ("report", "report.xlsx"),
        )
    }
