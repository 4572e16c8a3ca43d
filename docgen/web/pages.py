"""Pages for people and for machines that watch: /docs, problems, health, the OpenAPI document."""

from __future__ import annotations

from typing import Final

from flask import Response, render_template, request

from docgen.web import openapi
from docgen.web.api import answer
from docgen.web.context import context
from docgen.web.incoming import JSON
from docgen.web.operations import Access, Operation, Operations, Result
from docgen.web.problems import Problem, ProblemError

OPERATIONS = Operations()

STATE: Final = "运行状态"
PAGES: Final = "网页"

PAGE_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
FORM_POLICY: Final = PAGE_POLICY.replace("form-action 'none'", "form-action 'self'")
SCRIPT_POLICY: Final = f"{FORM_POLICY}; script-src 'self'; connect-src 'self'"
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


def problem_page(problem: Problem) -> Response:
    """Show a problem to a person."""
    response = page("problem.html", PAGE_POLICY, problem=problem)
    response.status_code = problem.status
    response.headers.update(problem.headers)
    return response


def page(template: str, policy: str, **values: object) -> Response:
    """Return an HTML page with its content security policy; pages are not indexed and not kept."""
    text = render_template(template, **{"trial": context().registry.trial} | values)
    response = Response(text, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = policy
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def wants_json() -> bool:
    """Tell whether the client would rather have JSON than a page, where both are offered."""
    return request.accept_mimetypes.best_match(["text/html", JSON], "text/html") == JSON
