"""Pages for people and for machines that watch: /docs, the page of the sample code, health, the OpenAPI document."""

from __future__ import annotations

from typing import Final

from flask import Response, render_template

from docgen.certificates.code import grouped
from docgen.certificates.sample import SAMPLE_CODE
from docgen.web import openapi
from docgen.web.api import answer
from docgen.web.context import context
from docgen.web.operations import Access, Operation, Operations, Result
from docgen.web.problems import Problem, ProblemError

OPERATIONS = Operations()

STATE: Final = "运行状态"
PAGES: Final = "网页"

PAGE_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
DOCS_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Swagger UI draws its icons from data: URLs and shows a PNG that it fetched from a blob: URL."""


@OPERATIONS.add(
    Operation("GET", "/healthz", STATE, "是否在运行", "Health", access=Access.OPEN),
)
def health() -> Response:
    """Say that the process answers."""
    return answer({"status": "ok"})


@OPERATIONS.add(
    Operation(
        "GET",
        "/readyz",
        STATE,
        "是否可以生成文档",
        "Readiness",
        "字体齐全、模板可用、数据目录可写时回答 200，否则 503 并列出原因。",
        access=Access.OPEN,
        problems=(503,),
    )
)
def ready() -> Response:
    """Say whether documents can be made."""
    if faulty := context().readiness.faulty_parts():
        detail = f"{'、'.join(faulty)}不正常"
        raise ProblemError(
            Problem(503, "not-ready", "还不能生成文档", detail, "请在服务器上运行 docgen doctor 查看原因和办法")
        )
    return answer({"status": "ready"})


@OPERATIONS.add(
    Operation("GET", "/openapi.json", STATE, "本接口的 OpenAPI 3.1 文件", "OpenApi", access=Access.OPEN),
)
def openapi_document() -> Response:
    """Give the OpenAPI document."""
    return answer(openapi.document(context().operations))


@OPERATIONS.add(Operation("GET", "/docs", PAGES, "本页：接口说明", Result.PAGE, access=Access.OPEN))
def docs() -> Response:
    """Show Swagger UI, served from this machine."""
    return page("docs.html", DOCS_POLICY)


def _sample(code: str) -> Response:
    if code.replace("-", "") != SAMPLE_CODE:
        detail = "这里没有这个查询码的记录"
        remedy = "请核对查询码是否输入完整；仍然查不到时，请不要采信，并向证书上写明的颁发单位核实"
        raise ProblemError(Problem(404, "code-unknown", "查无此码", detail, remedy))
    return page("sample.html", PAGE_POLICY, code=grouped(SAMPLE_CODE))


@OPERATIONS.add(
    Operation(
        "GET",
        "/C/{code}",
        PAGES,
        "查询码的公开页面",
        Result.PAGE,
        "目前只有样张的查询码。",
        Access.OPEN,
        problems=(404,),
    )
)
def verify(code: str) -> Response:
    """Show what a code stands for: for now, the code of samples only."""
    return _sample(code)


@OPERATIONS.add(
    Operation(
        "GET",
        "/c/{code}",
        PAGES,
        "查询码的公开页面（小写）",
        Result.PAGE,
        "与 /C/{code} 相同。",
        Access.OPEN,
        problems=(404,),
    )
)
def verify_lower(code: str) -> Response:
    """Show the same for an address that was typed in lower case."""
    return _sample(code)


def problem_page(problem: Problem) -> Response:
    """Show a problem to a person."""
    response = page("problem.html", PAGE_POLICY, problem=problem)
    response.status_code = problem.status
    response.headers.update(problem.headers)
    return response


def page(template: str, policy: str, **values: object) -> Response:
    """Return an HTML page with its content security policy; pages are not indexed and not kept."""
    response = Response(render_template(template, **values), content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = policy
    response.headers["X-Robots-Tag"] = "noindex"
    return response
