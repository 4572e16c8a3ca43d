"""What the public asks: a code (certificates.md, section 4), a name, a file. No key, no cookie, no redirect."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import Response, request

from docgen import clock, strictjson
from docgen.certificates import code as codes
from docgen.issuing import verifying
from docgen.issuing.verifying import Result, Verification
from docgen.store import organisations
from docgen.store.database import DatabaseError
from docgen.web import incoming, metrics, pages, telling
from docgen.web.api import answer
from docgen.web.context import context
from docgen.web.operations import Access, Operation, Operations, Subject
from docgen.web.operations import Result as Answer
from docgen.web.problems import Problem, ProblemError

if TYPE_CHECKING:
    from collections.abc import Callable

    from docgen.store.database import Database
    from docgen.web.operations import View

OPERATIONS = Operations()

VERIFY: Final = "公开核验"
FORM: Final = "application/x-www-form-urlencoded"

_MOST_BYTES: Final = 4096
"""A name of thirty characters outside the BMP, percent-encoded, is a tenth of it."""
_MOST_ECHOED: Final = 40
_EXAMPLE: Final = codes.grouped("4C08RZHVKES5WWE8")
_DIGEST: Final = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)
_WITH_FILE: Final = frozenset({Result.VALID, Result.NOT_YET, Result.SUPERSEDED, Result.REVOKED, Result.SUSPENDED})
"""Results of certificates whose documents are known."""


def _public(operation: Operation, *also: str) -> Callable[[View], View]:
    """Declare a view for an address and for others that mean the same: people type ``/c/`` and forget a slash."""

    def declare(view: View) -> View:
        OPERATIONS[view.__name__] = (operation, view)
        for number, path in enumerate(also, 2):
            same = replace(operation, path=path, description=f"与 {operation.path} 相同。")
            OPERATIONS[f"{view.__name__}_{number}"] = (same, view)
        return view

    return declare


@_public(
    Operation("GET", "/C/", VERIFY, "输入查询码的网页", Answer.PAGE, access=Access.OPEN),
    "/C",
    "/c/",
    "/c",
    "/",
)
def entry() -> Response:
    """Let somebody type a code. Under the QR code stands the host alone, so the root is an entry too."""
    told = {"association": _house(), "host": telling.host(context().registry), "example": _EXAMPLE, "typed": ""}
    return pages.page("entry.html", pages.FORM_POLICY, **told)


@_public(
    Operation(
        "POST",
        "/C/",
        VERIFY,
        "核验输入的查询码",
        "Verification",
        "回答与 GET /C/{code} 相同；查询码不进网址。",
        Access.OPEN,
        body=Subject.CODE,
        problems=(429,),
    ),
    "/c/",
)
def look_up() -> Response:
    """Answer a code that was typed; the whole address of a QR code may be pasted."""
    typed = _field("code")
    return _told(_verified(typed.rpartition("/")[2]), typed)


@_public(
    Operation(
        "GET",
        "/C/{code}",
        VERIFY,
        "核验查询码",
        "Verification",
        "给人看的网页，或按 Accept 头给程序看的 JSON。个人姓名只显示一部分。"
        "各种结果（有效、已撤销、查无此证……）都回答 200，由 result 说明。",
        Access.OPEN,
        problems=(429,),
    ),
    "/c/{code}",
    "/C/{code}/name",
    "/c/{code}/name",
)
def verify(code: str) -> Response:
    """Answer a code that was scanned; a browser that comes back to the answer about a name gets this one too."""
    return _told(_verified(code), code)


@_public(
    Operation(
        "POST",
        "/C/{code}/name",
        VERIFY,
        "核对姓名",
        "Verification",
        "在 GET /C/{code} 的回答之外，用 name 说明这个姓名是否在证书上。每张证书每天最多答错五次。",
        Access.OPEN,
        body=Subject.NAME,
        problems=(429,),
    ),
    "/c/{code}/name",
)
def check_name(code: str) -> Response:
    """Answer whether a typed name stands on a valid certificate."""
    given = _field("name")
    found = _verified(code)
    try:
        said = telling.name_check(verifying.check_name(context().registry, found, given))
    except DatabaseError:
        said = telling.name_check(None)
    return _told(found, code, name=said)


@OPERATIONS.add(
    Operation(
        "POST",
        "/verify/file-hash",
        VERIFY,
        "核对电子版",
        "FileCheck",
        "按 SHA-256 说明一个文件是不是原件；文件本身不上传。写了 code 时还核对它是不是这张证书的。",
        Access.OPEN,
        body=Subject.DIGEST,
        problems=(400, 422),
    )
)
def check_file() -> Response:
    """Answer what a file is by its SHA-256, which the browser computed."""
    _limit(incoming.JSON)
    asked = strictjson.parse(request.get_data(cache=False), _MOST_BYTES)
    sha256 = asked.get("sha256") if isinstance(asked, dict) else None
    code = asked.get("code", "") if isinstance(asked, dict) else None
    if not isinstance(sha256, str) or not _DIGEST.fullmatch(sha256):
        raise _unreadable("sha256 应为 64 位十六进制数")
    parsed = codes.parse(code) if isinstance(code, str) else None
    if code != "" and parsed is None:
        raise _unreadable("code 不是完整、正确的查询码")
    return answer(telling.file_check(verifying.check_file(context().registry, sha256, parsed or "")))


def _verified(code: str) -> Verification:
    found = verifying.verify(context().registry, code, incoming.asker())
    metrics.VERIFICATIONS.labels(found.result).inc()
    return found


def _told(found: Verification, typed: str, **more: object) -> Response:
    """Return an answer as a page or as JSON, whichever was asked for."""
    association = found.association or _house()
    told = telling.verification(found, context().registry, association) | more
    response = answer(told) if pages.wants_json() else _page(found, told, typed)
    response.headers["X-Robots-Tag"] = "noindex"
    response.vary.add("Accept")
    if found.result is Result.LIMITED:
        response.status_code = HTTPStatus.TOO_MANY_REQUESTS
        tomorrow = (found.as_of + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        response.headers["Retry-After"] = str(int((tomorrow - found.as_of).total_seconds()) + 1)
    return response


def _page(found: Verification, told: telling.Members, typed: str) -> Response:
    certificate: dict[str, Any] = told.get("certificate", {})
    with_file = found.result in _WITH_FILE
    return pages.page(
        "result.html",
        pages.SCRIPT_POLICY if with_file else pages.FORM_POLICY,
        **told,
        name_check=found.result is Result.VALID and bool(certificate["persons"]),
        file_check=with_file,
        path_code=found.code,
        typed=typed[:_MOST_ECHOED],
        example=_EXAMPLE,
        day=telling.day,
        moment=telling.moment,
    )


def _field(name: str) -> str:
    """Return one field of a form that was sent."""
    _limit(FORM)
    return request.form.get(name, "").strip()


def _limit(media_type: str) -> None:
    """Refuse a body of another type; a larger one is refused when it is read."""
    request.max_content_length = _MOST_BYTES
    if request.mimetype != media_type:
        remedy = f"请加上请求头 Content-Type: {media_type}"
        raise ProblemError(Problem(415, "content-type-unsupported", "不接受这种内容类型", "内容的类型不对", remedy))


def _unreadable(detail: str) -> ProblemError:
    remedy = f'请发送 {{"sha256": "…", "code": "{_EXAMPLE}"}} 样式的 JSON，code 可以不写'
    return ProblemError(Problem(422, "question-invalid", "提问有误", detail, remedy))


def _house() -> str:
    """Return the name of the only organisation, "" where there are several or none can be read."""
    return _house_name(context().registry.database, int(clock.now().timestamp()) // 60)


@lru_cache(maxsize=4)
def _house_name(database: Database, _minute: int) -> str:
    """Look once a minute: a mistyped code must not cost a look at the database, nor a dead one a long wait."""
    try:
        with database.reading() as connection:
            known = organisations.all_organisations(connection)
    except DatabaseError:
        return ""
    return known[0].name if len(known) == 1 else ""
