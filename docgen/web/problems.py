"""Errors as ``application/problem+json`` (RFC 9457). Which class means which status is decided here only."""

from __future__ import annotations

import json
import logging
import traceback
import uuid
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from flask import Response
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from docgen.errors import (
    BusyError,
    ConflictError,
    DocgenError,
    FaceError,
    Fault,
    FormatError,
    OutputError,
    RenderError,
    SubmissionError,
    TemplateError,
    UnknownBatchError,
    UnknownCertificateError,
    UnknownFormError,
    UnreadableInputError,
)
from docgen.issuing.gate import GateError
from docgen.issuing.printing import TamperedError
from docgen.jobs.children import StoppedError
from docgen.jobs.intake import RosterError
from docgen.people.accounts import LinkError, UnknownUserError
from docgen.people.keys import UnknownKeyError
from docgen.store.database import DatabaseError
from docgen.store.drafts import UnknownDraftError
from docgen.store.files import FileStoreError
from docgen.store.folder import FolderError
from docgen.upkeep.templates import UnknownTemplateError
from docgen.web.operations import API

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docgen.forms.form import Finding
    from docgen.rosters import Problem as RosterProblem

MEDIA_TYPE: Final = "application/problem+json"
TYPE_PREFIX: Final = "urn:docgen:problem:"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Problem:
    """What a client is told when a request was not done. ``code`` becomes the problem type."""

    status: int
    code: str
    title: str
    detail: str
    remedy: str = ""
    faults: tuple[Fault | RosterProblem, ...] = ()
    findings: tuple[Finding, ...] = ()
    instance: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def members(self) -> dict[str, object]:
        """Return the members of the JSON object; empty ones are left out."""
        told: dict[str, object] = {
            "type": TYPE_PREFIX + self.code,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": self.instance,
            "remedy": self.remedy,
            "errors": [fault.members() for fault in self.faults],
            "findings": [asdict(finding) for finding in self.findings],
        }
        return {name: value for name, value in told.items() if value}

    def response(self) -> Response:
        """Return the HTTP answer."""
        return Response(encode(self.members()), self.status, dict(self.headers), content_type=MEDIA_TYPE)


class ProblemError(Exception):
    """A request that the web room itself refuses."""

    def __init__(self, problem: Problem) -> None:
        """Keep the answer."""
        super().__init__(problem.code)
        self.problem = problem


def encode(value: object) -> bytes:
    """Return JSON that people can read; a lone surrogate in a name that a client sent becomes a question mark."""
    return (json.dumps(value, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8", "replace")


_ERRORS: Final[Mapping[type[DocgenError], tuple[HTTPStatus, str]]] = MappingProxyType(
    {
        RosterError: (HTTPStatus.UNPROCESSABLE_ENTITY, "名单有误"),
        SubmissionError: (HTTPStatus.UNPROCESSABLE_ENTITY, "填报数据有误"),
        UnreadableInputError: (HTTPStatus.BAD_REQUEST, "请求内容无法读取"),
        UnknownFormError: (HTTPStatus.NOT_FOUND, "没有这张表或这个通知"),
        UnknownCertificateError: (HTTPStatus.NOT_FOUND, "没有这张证书"),
        UnknownBatchError: (HTTPStatus.NOT_FOUND, "没有这个批次"),
        UnknownDraftError: (HTTPStatus.NOT_FOUND, "没有这份草稿"),
        UnknownUserError: (HTTPStatus.NOT_FOUND, "没有这个人"),
        UnknownKeyError: (HTTPStatus.NOT_FOUND, "没有这把密钥"),
        UnknownTemplateError: (HTTPStatus.NOT_FOUND, "没有这个模板"),
        LinkError: (HTTPStatus.GONE, "链接已失效"),
        ConflictError: (HTTPStatus.CONFLICT, "与已登记的不符"),
        FormatError: (HTTPStatus.BAD_REQUEST, "不提供这种格式"),
        BusyError: (HTTPStatus.SERVICE_UNAVAILABLE, "服务繁忙"),
        StoppedError: (HTTPStatus.SERVICE_UNAVAILABLE, "服务正在停止"),
        DatabaseError: (HTTPStatus.SERVICE_UNAVAILABLE, "数据库暂时不能用"),
        GateError: (HTTPStatus.INTERNAL_SERVER_ERROR, "证书没有发布"),
        TamperedError: (HTTPStatus.INTERNAL_SERVER_ERROR, "登记内容与签名不符"),
        FileStoreError: (HTTPStatus.INTERNAL_SERVER_ERROR, "文档存取失败"),
        FolderError: (HTTPStatus.INTERNAL_SERVER_ERROR, "数据目录有问题"),
        TemplateError: (HTTPStatus.INTERNAL_SERVER_ERROR, "模板有误"),
        FaceError: (HTTPStatus.INTERNAL_SERVER_ERROR, "缺少字体"),
        RenderError: (HTTPStatus.INTERNAL_SERVER_ERROR, "文档没有生成"),
        OutputError: (HTTPStatus.INTERNAL_SERVER_ERROR, "结果写不进去"),
    }
)
_ROUTES: Final[Mapping[str, str]] = MappingProxyType({"docgen history": f"GET {API}/certificates/编号"})
_OURS: Final = (HTTPStatus.INTERNAL_SERVER_ERROR, "服务出错")

_HTTP: Final[Mapping[int, tuple[str, str, str, str]]] = MappingProxyType(
    {
        400: ("request-malformed", "请求有误", "这个 HTTP 请求不完整或格式有误", "请检查请求行、请求头和请求体"),
        404: ("path-unknown", "没有这个地址", "这个地址不存在", "请核对路径；全部接口见 /docs"),
        405: (
            "method-not-allowed",
            "不支持这种请求方法",
            "这个地址不接受这种请求方法",
            "请换用 Allow 头列出的方法；用法见 /docs",
        ),
        408: ("request-timeout", "请求超时", "请求内容没有在限定时间内传完", "请检查网络后重试"),
        413: (
            "body-too-large",
            "请求内容过大",
            "请求内容超过了本服务接受的大小",
            "请减少行数或文字，缩小图片，或分几次提交",
        ),
        431: ("headers-too-large", "请求头过大", "请求行和请求头超过了本服务接受的大小", "请缩短地址和请求头"),
        501: (
            "transfer-unsupported",
            "不支持这种传输方式",
            "不支持请求所用的 Transfer-Encoding",
            "请用 chunked，或给出 Content-Length",
        ),
    }
)


def of_error(error: DocgenError, busy_seconds: int) -> Problem:
    """Return the problem for an error that docgen raised on purpose."""
    status, title = next((told for kind, told in _ERRORS.items() if isinstance(error, kind)), _OURS)
    return Problem(
        status,
        error.code,
        title,
        error.detail,
        over_http(error.remedy),
        faults=_faults(error),
        instance="" if status < HTTPStatus.INTERNAL_SERVER_ERROR or isinstance(error, BusyError) else _logged(error),
        headers={"Retry-After": str(busy_seconds)} if status == HTTPStatus.SERVICE_UNAVAILABLE else {},
    )


def _faults(error: DocgenError) -> tuple[Fault | RosterProblem, ...]:
    match error:
        case SubmissionError():
            return error.faults
        case RosterError():
            return error.problems
        case _:
            return ()


def over_http(remedy: str) -> str:
    """Point to the route where a remedy points to the command."""
    for command, route in _ROUTES.items():
        remedy = remedy.replace(command, route)
    return remedy


def of_http(error: HTTPException) -> Problem:
    """Return the problem for what Flask itself refuses."""
    allowed = error.valid_methods if isinstance(error, MethodNotAllowed) else None
    return of_status(error.code or 500, {"Allow": ", ".join(sorted(allowed))} if allowed else {})


def of_status(status: int, headers: Mapping[str, str] | None = None) -> Problem:
    """Return the problem for a bare status code of HTTP itself."""
    fallback = ("request-refused", "请求无法完成", f"请求没有完成（HTTP {status}）", "请对照 /docs 检查请求")
    code, title, detail, remedy = _HTTP.get(status, fallback)
    return Problem(status, code, title, detail, remedy, headers=headers or {})


def of_bug(error: Exception) -> Problem:
    """Return the problem for what nobody foresaw."""
    instance = _logged(error)
    return Problem(
        500,
        "internal",
        "服务出错",
        "服务内部出错，这不是填报数据的问题",
        "请把 instance 的编号告诉管理员",
        instance=instance,
    )


def _logged(error: Exception) -> str:
    """Log where an error came from and return the number that stands in the log and in the answer.

    Messages of foreign exceptions may hold values of a submission, so only their classes and places are written down.
    """
    instance = f"urn:uuid:{uuid.uuid4()}"
    told = error.detail if isinstance(error, DocgenError) else ""
    chain: list[str] = []
    link: BaseException | None = error
    while link is not None:
        chain.append(type(link).__name__ + "\n" + "".join(traceback.format_tb(link.__traceback__)))
        link = link.__cause__ or link.__context__
    _log.error("%s %s\n%s", instance, told, "caused by ".join(chain))
    return instance
