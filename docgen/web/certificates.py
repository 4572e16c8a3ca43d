"""The routes of certificates: issue, look up, print, end, correct. The key's organisation decides what there is."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import Response, g

from docgen.certificates.code import grouped
from docgen.certificates.issue import address
from docgen.certificates.states import NAMES, State
from docgen.errors import ConflictError, Fault, SubmissionError
from docgen.issuing import changing, issue, looking, printing
from docgen.issuing.registry import Desk
from docgen.store import signing
from docgen.store.keys import Scope
from docgen.web import incoming
from docgen.web.api import answer, file
from docgen.web.context import context
from docgen.web.operations import API, Access, Operation, Operations, Result, Subject
from docgen.web.problems import over_http

if TYPE_CHECKING:
    from docgen.issuing.issue import Outcome

OPERATIONS = Operations()

CERTIFICATES: Final = "证书"
MOST_ROWS: Final = 20
"""Certificates of one request, which are made while the caller waits."""
_PATH: Final = f"{API}/certificates"
_JWKS_KEPT: Final = "public, max-age=300"


@OPERATIONS.add(
    Operation(
        "POST",
        _PATH,
        CERTIFICATES,
        "颁发证书",
        "Issued",
        f"一次 1 至 {MOST_ROWS} 份。先整体核对，有错回答 422，一个编号也不用掉；全部登记后逐份制成、复核、发布。"
        "某一份没有制成时，其余照常，它的 failure 写明原因：state 为 pending 的，原样重发即可继续；"
        "为 void 的已作废，编号不再使用。同一幂等键、同样的内容再发一次回答 200，不会重复颁发；内容不同回答 409。",
        access=Scope.ISSUE,
        body=Subject.ORDER,
        creates=True,
        problems=(404, 409, 422, 500, 503),
    )
)
def issue_certificates() -> Response:
    """Issue what an order asks for, all rows while the caller waits."""
    key = incoming.idempotency_key()
    raw = incoming.read_body(())
    if context().settings.second_person:
        remedy = f"请用 POST {API}/batches 提交（一行也可以），再由另一人发布"
        raise ConflictError("本单位要求由另一人复核发布，不能当场颁发", remedy)
    rows = raw.get("rows") if isinstance(raw, dict) else None
    if isinstance(rows, list) and len(rows) > MOST_ROWS:
        detail = f"一次最多颁发 {MOST_ROWS} 份，现为 {len(rows):,} 份，请分几次提交，每次用不同的幂等键"
        raise SubmissionError((Fault("/rows", "名单", "too_many_rows", detail),))
    with context().slots.taken():
        made = issue.issue(desk(), raw, key)
    lines = [_line(outcome) for outcome in made.outcomes]
    told = {"batch": made.batch, "notes": list(made.notes), "certificates": lines}
    return _created(told, made.outcomes[0], new=made.new)


@OPERATIONS.add(
    Operation(
        "GET",
        f"{_PATH}/{{number}}",
        CERTIFICATES,
        "一个编号的证书",
        "Certificate",
        "全部版本，新的在前；每个版本附登记内容、状态、经过和已制成的文档。",
        access=Scope.ISSUE,
        problems=(404, 503),
    )
)
def get_certificate(number: str) -> Response:
    """Tell all about one number."""
    versions = [version.members() for version in looking.show(desk(), number)]
    return answer({"number": number, "versions": versions, "links": _links(number)})


@OPERATIONS.add(
    Operation(
        "GET",
        f"{_PATH}/{{number}}.{{format}}",
        CERTIFICATES,
        "打印证书",
        Result.CERTIFICATE,
        "有效版本的文档。每种文档只制作一次，以后每次都是同样的字节。已撤销、暂停或作废的证书回答 409。",
        access=Scope.ISSUE,
        query=(incoming.BORDER,),
        problems=(400, 404, 409, 500, 503),
    )
)
def print_certificate(number: str, format: str) -> Response:  # noqa: A002  the path's own word
    """Give a document of the valid version, made now or long ago."""
    border = incoming.border(g.query)
    with context().slots.taken():
        printed = printing.document(desk(), number, format, border=border)
    response = file(printed.data, printed.filename, printed.filename, printed.media_type)
    response.headers["Docgen-Template"] = printed.filed.template
    return response


def _ending(action: str, summary: str, description: str) -> Operation:
    return Operation(
        "POST",
        f"{_PATH}/{{number}}/{action}",
        CERTIFICATES,
        summary,
        "Changed",
        f"{description}重复执行不会再次记录，回答的 changed 为 false。公众只看得到原因类别，看不到原因。",
        access=Scope.REVOKE,
        body=Subject.REASON,
        problems=(404, 409, 422, 503),
    )


@OPERATIONS.add(_ending("revoke", "撤销证书", "从此不再有效，不能恢复。"))
def revoke_certificate(number: str) -> Response:
    """End a certificate for ever."""
    return _change(number, State.REVOKED)


@OPERATIONS.add(_ending("suspend", "暂停证书", "核查期间不显示为有效，以后可以恢复，也可以撤销。"))
def suspend_certificate(number: str) -> Response:
    """Take a certificate out of force for a while."""
    return _change(number, State.SUSPENDED)


@OPERATIONS.add(_ending("resume", "恢复证书", "结束暂停，重新有效。"))
def resume_certificate(number: str) -> Response:
    """Put a suspended certificate in force again."""
    return _change(number, State.ISSUED)


@OPERATIONS.add(
    Operation(
        "POST",
        f"{_PATH}/{{number}}/reissue",
        CERTIFICATES,
        "换发证书",
        "Reissued",
        "更正有效证书的内容：编号不变，版本加一，换一个查询码；旧查询码从此显示「已换发」。"
        "changes 只写要改的字段，null 表示去掉这一项。",
        access=Scope.ISSUE,
        body=Subject.CORRECTION,
        creates=True,
        problems=(404, 409, 422, 500, 503),
    )
)
def reissue_certificate(number: str) -> Response:
    """Correct a certificate by a new version."""
    key = incoming.idempotency_key()
    correction = changing.read_correction(incoming.read_body(()))
    if context().settings.second_person:
        remedy = "请在工作人员网页的「证书」里换发，由另一人确认"
        raise ConflictError("本单位要求由另一人复核，不能当场换发", remedy)
    with context().slots.taken():
        outcome = issue.reissue(desk(), number, correction, key)
    return _created(_line(outcome), outcome, new=outcome.new)


@OPERATIONS.add(
    Operation(
        "GET",
        "/.well-known/jwks.json",
        CERTIFICATES,
        "验证签名的公钥（RFC 7517）",
        "Jwks",
        "含已停用的公钥：它们签过的证书一直可以验证。可以缓存 5 分钟。",
        access=Access.OPEN,
        problems=(503,),
    )
)
def get_jwks() -> Response:
    """Give the public keys; trial keys only where everything is a trial."""
    registry = context().registry
    with registry.database.reading() as connection:
        keys = signing.key_table(connection).values()
    response = answer({"keys": [key.jwk for key in keys if registry.trial or not key.trial]})
    response.headers["Cache-Control"] = _JWKS_KEPT
    return response


def desk() -> Desk:
    """Return the desk of whoever asks."""
    return Desk(context().registry, g.key.organisation, g.key.actor)


def _change(number: str, state: State) -> Response:
    why = changing.read_reason(incoming.read_body(()))
    done = changing.change(desk(), number, state, why)
    return answer(
        {"number": number, "state": done.state, "state_name": NAMES[done.state], "changed": done.changed}
        | {"links": _links(number)}
    )


def _created(told: dict[str, object], first: Outcome, *, new: bool) -> Response:
    """Return 201 with the place of what was made, 200 where it was made before."""
    response = answer(told)
    if new:
        response.status_code = HTTPStatus.CREATED
        response.headers["Location"] = f"{_PATH}/{first.one.record.number}"
    return response


def _line(outcome: Outcome) -> dict[str, object]:
    """Return what became of one certificate."""
    record, failure = outcome.one.record, outcome.failure
    told: dict[str, object] = {
        "row": record.row,
        "number": record.number,
        "version": record.version,
        "code": grouped(record.code),
        "url": address(context().registry.public_url, record.code),
        "state": outcome.state,
        "state_name": NAMES[outcome.state],
        "links": _links(record.number),
    }
    if failure:
        told["failure"] = {"code": failure.code, "detail": failure.detail, "remedy": over_http(failure.remedy)}
    return told


def _links(number: str) -> dict[str, str]:
    own = f"{_PATH}/{number}"
    return {"self": own} | {fmt: f"{own}.{fmt}" for fmt in printing.FORMATS}
