"""The routes under /api/v1: looking notices and forms up, checking and rendering submissions."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import asdict
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Response, g, request
from werkzeug.wsgi import wrap_file

from docgen import service
from docgen.errors import SubmissionError, UnknownFormError
from docgen.forms import catalogue
from docgen.forms.form import Form, Level, Notice
from docgen.layout import PAGES
from docgen.packages.packing import MEDIA_TYPE
from docgen.store.keys import Scope
from docgen.web import incoming, renders
from docgen.web.context import context
from docgen.web.operations import API, Operation, Operations, Result, Subject
from docgen.web.problems import Problem, ProblemError, encode

if TYPE_CHECKING:
    from typing import IO

    from docgen.forms.checking import Verdict
    from docgen.render.document import Document

OPERATIONS = Operations()

LOOK_UP = "通知与附件表"
WORK = "核对与生成"


def answer(value: object, media_type: str = incoming.JSON) -> Response:
    """Return JSON."""
    return Response(encode(value), content_type=media_type)


@OPERATIONS.add(Operation("GET", f"{API}/notices", LOOK_UP, "全部通知", "Notices"))
def list_notices() -> Response:
    """List the notices in short."""
    return answer({"notices": [_notice_line(notice) for notice in catalogue.all_notices().values()]})


@OPERATIONS.add(
    Operation(
        "GET",
        f"{API}/notices/{{notice}}",
        LOOK_UP,
        "一个通知",
        "Notice",
        "文号、截止日期、可核对的规则（附通知原文）和全部附件表。",
        problems=(404,),
    )
)
def get_notice(notice: str) -> Response:
    """Tell all about one notice; deadlines are those that this installation checks by."""
    found = _notice(notice)
    days = service.circumstances(found).deadlines
    return answer(
        {
            **_notice_line(found),
            "issuers": found.issuers,
            "award": found.award,
            "deadlines": [
                {"id": item.id, "title": item.title, "day": days[item.id].isoformat()} for item in found.deadlines
            ],
            "rules": [{"id": rule, "sentence": sentence} for rule, sentence in found.sentences.items()],
            "forms": [_form_line(form) for form in catalogue.forms_of(found)],
        }
    )


@OPERATIONS.add(Operation("GET", f"{API}/forms", LOOK_UP, "全部附件表", "Forms"))
def list_forms() -> Response:
    """List the forms of all notices in short."""
    return answer({"forms": [_form_line(form) for form in catalogue.all_forms().values()]})


@OPERATIONS.add(
    Operation(
        "GET",
        f"{API}/forms/{{notice}}/{{form}}",
        LOOK_UP,
        "一张附件表",
        "Form",
        "种类、来源、纸张、可生成的格式和各接口的地址。",
        problems=(404,),
    )
)
def get_form(notice: str, form: str) -> Response:
    """Tell all about one form."""
    found = form_of(notice, form)
    page = PAGES[found.page]
    paths = ("schema", "sample", "fields", *(f"blank.{fmt}" for fmt in service.BLANK_FORMATS), "check", "render")
    links = {"self": _path(found), "notice": f"{API}/notices/{found.notice_id}"}
    return answer(
        {
            **_form_line(found),
            "page": {"width_mm": page.width, "height_mm": page.height},
            "links": links | {path: f"{_path(found)}/{path}" for path in paths},
        }
    )


@OPERATIONS.add(
    Operation(
        "GET",
        f"{API}/forms/{{notice}}/{{form}}/schema",
        LOOK_UP,
        "填报数据的 JSON Schema",
        Result.JSON_SCHEMA,
        "JSON Schema 2020-12。x-docgen-words 是按 Word 字数统计的上限。",
        problems=(404,),
    )
)
def get_schema(notice: str, form: str) -> Response:
    """Give the JSON Schema of a form's submission."""
    return answer(service.schema(form_of(notice, form)), "application/schema+json")


@OPERATIONS.add(
    Operation(
        "GET",
        f"{API}/forms/{{notice}}/{{form}}/sample",
        LOOK_UP,
        "填报数据的样例",
        "Sample",
        "组织和人员均为虚构，可直接用于核对和生成。",
        problems=(404,),
    )
)
def get_sample(notice: str, form: str) -> Response:
    """Give the sample submission."""
    return answer(service.sample(form_of(notice, form)))


@OPERATIONS.add(
    Operation(
        "GET",
        f"{API}/forms/{{notice}}/{{form}}/fields",
        LOOK_UP,
        "字段清单",
        "Fields",
        "按表中次序列出；items[].opinion 指列表每一项的字段。",
        problems=(404,),
    )
)
def get_fields(notice: str, form: str) -> Response:
    """List the fields in the order of the form."""
    return answer({"fields": [asdict(line) for line in service.fields(form_of(notice, form))]})


@OPERATIONS.add(
    Operation(
        "GET",
        f"{API}/forms/{{notice}}/{{form}}/blank.{{format}}",
        LOOK_UP,
        "空白表",
        Result.BLANK,
        "与通知所附的空白表一致，可打印手填或在 Word 中填写。",
        access=Scope.RENDER,
        query=(incoming.WORDING,),
        problems=(400, 404, 500, 503),
    )
)
def get_blank(notice: str, form: str, format: str) -> Response:  # noqa: A002  the path's own word
    """Make the empty form."""
    found = form_of(notice, form)
    wording = incoming.wording(g.query)
    with context().slots.taken():
        document = context().registry.press(renders.blank, found.id, format, wording)
    return _document(found, document)


@OPERATIONS.add(
    Operation(
        "POST",
        f"{API}/forms/{{notice}}/{{form}}/check",
        WORK,
        "核对填报数据",
        "Verdict",
        "内容有错也回答 200：errors 是必须改正的错误，findings 是按通知规则核对的结果，各附通知原文。不保存任何数据。",
        access=Scope.RENDER,
        query=(incoming.AS_OF,),
        body=Subject.FORM,
    )
)
def check(notice: str, form: str) -> Response:
    """Check one submission."""
    found = form_of(notice, form)
    day = incoming.as_of(g.query)
    return answer(service.check(found, incoming.read_body((found,)), day).members())


@OPERATIONS.add(
    Operation(
        "POST",
        f"{API}/forms/{{notice}}/{{form}}/render",
        WORK,
        "生成文档",
        Result.DOCUMENT,
        "数据有错回答 422 并逐处列出；模板、字体等服务自身的故障回答 500。"
        "相同的数据和模板得到逐字节相同的文档。不保存任何数据。",
        access=Scope.RENDER,
        query=(incoming.FORMAT, incoming.WORDING, incoming.STRICT, incoming.AS_OF),
        body=Subject.FORM,
        problems=(406, 422, 500, 503),
    )
)
def render(notice: str, form: str) -> Response:
    """Make the document of a submission; nothing is kept."""
    found = form_of(notice, form)
    fmt = incoming.wanted_format(found, g.query)
    strict, day, wording = incoming.strict(g.query), incoming.as_of(g.query), incoming.wording(g.query)
    raw = incoming.read_body((found,))
    if strict:
        _refuse_unmet(service.check(found, raw, day))
    with context().slots.taken():
        document = context().registry.press(renders.form, found.id, raw, fmt, wording)
    return _document(found, document)


@OPERATIONS.add(
    Operation(
        "POST",
        f"{API}/packages/{{notice}}/check",
        WORK,
        "核对材料包",
        "Verdict",
        "一个推荐单位的全部填报数据：以附件的编号为字段名，值是一份数据或多份数据的列表。"
        "先逐份核对，再核对各附件之间是否一致。内容有错也回答 200。",
        access=Scope.RENDER,
        query=(incoming.AS_OF,),
        body=Subject.NOTICE,
    )
)
def check_package(notice: str) -> Response:
    """Check all submissions of one recommender."""
    found = _notice(notice)
    day = incoming.as_of(g.query)
    return answer(service.check_package(found, incoming.read_body(catalogue.forms_of(found)), day).members())


@OPERATIONS.add(
    Operation(
        "POST",
        f"{API}/packages/{{notice}}",
        WORK,
        "生成材料包",
        Result.PACKAGE,
        "一个单位的全部填报数据，写法与核对材料包相同。回答一个 zip：各附件的文档（能由申报表汇总的不必给出）、"
        "manifest.json 和材料核对清单。数据有错回答 422 并逐处列出，什么也不生成。不保存任何数据。",
        access=Scope.RENDER,
        query=(incoming.STRICT, incoming.AS_OF),
        body=Subject.NOTICE,
        problems=(422, 500, 503),
    )
)
def package(notice: str) -> Response:
    """Make all documents of one unit; nothing is kept."""
    found = _notice(notice)
    strict, day = incoming.strict(g.query), incoming.as_of(g.query)
    raw = incoming.read_body(catalogue.forms_of(found))
    if strict:
        _refuse_unmet(service.check_package(found, raw, day))
    with context().slots.taken():
        made = context().registry.press(renders.package, found.id, raw, day)
    return file(made.data, made.filename, f"{found.id}.zip", MEDIA_TYPE)


@OPERATIONS.add(
    Operation(
        "POST",
        f"{API}/read",
        WORK,
        "读回填好的表",
        "Reading",
        "请求内容是填好的 Word 或 Excel 文件本身，回答填报数据（submission）、每个值怎样读出（how）、"
        "读不出的地方（problems）和按通知规则核对的结果（verdict）。看不清的地方不猜，只说明在哪里、怎样改。不保存文件。",
        access=Scope.RENDER,
        query=(incoming.FORM, incoming.AS_OF),
        body=Subject.FILE,
        problems=(404, 500, 503),
    )
)
def read() -> Response:
    """Read a filled form back; nothing is kept."""
    notice, _, stem = g.query.get(incoming.FORM.name, "").partition("/")
    form = form_of(notice, stem) if incoming.FORM.name in g.query else None
    day = incoming.as_of(g.query)
    data, fmt = incoming.read_file()
    with context().slots.taken():
        reading = context().registry.press(renders.reading, data, fmt, form.id if form else None)
    verdict = service.check(catalogue.get_form(reading.form), reading.submission, day)
    return answer({**reading.members(), "verdict": verdict.members()})


def _notice(notice_id: str) -> Notice:
    try:
        return catalogue.get_notice(notice_id)
    except UnknownFormError as error:
        raise _over_http(error, f"{API}/notices") from None


def form_of(notice_id: str, stem: str) -> Form:
    """Return a form; raises UnknownFormError, which points to the listing."""
    try:
        return catalogue.get_form(f"{notice_id}/{stem}")
    except UnknownFormError as error:
        raise _over_http(error, f"{API}/forms") from None


def _over_http(error: UnknownFormError, listing: str) -> UnknownFormError:
    """Point to the listing over HTTP where the error points to the one of the command line."""
    return UnknownFormError(error.detail, error.remedy.replace("docgen forms", f"GET {listing}"))


def _path(form: Form) -> str:
    return f"{API}/forms/{form.id}"


def _notice_line(notice: Notice) -> dict[str, object]:
    package = f"{API}/packages/{notice.id}"
    return {
        "id": notice.id,
        "title": notice.title,
        "number": notice.number,
        "links": {"self": f"{API}/notices/{notice.id}", "package": package, "check": f"{package}/check"},
    }


def _form_line(form: Form) -> dict[str, object]:
    return {
        "id": form.id,
        "title": form.title,
        "annex": form.annex_name,
        "kind": form.kind,
        "provenance": form.provenance,
        "formats": form.formats,
        "links": {"self": _path(form)},
    }


def _refuse_unmet(verdict: Verdict) -> None:
    """Refuse with 422 what the notice's rules do not let pass."""
    if verdict.faults:
        raise SubmissionError(verdict.faults)
    if unmet := sum(finding.level is Level.ERROR for finding in verdict.findings):
        detail = f"按通知的规则核对，有 {unmet} 处不符合，没有生成文档"
        remedy = "请按 findings 各条说明修改后重试；不带 strict=true 则照常生成"
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        raise ProblemError(
            Problem(status, "rules-unmet", "不符合通知的规则", detail, remedy, findings=verdict.findings)
        )


def _document(form: Form, document: Document) -> Response:
    """Return a document's bytes and its template."""
    plain = f"{form.notice_id}-{form.stem}.{document.format}"
    response = file(document.data, document.filename, plain, document.media_type)
    response.headers["Docgen-Template"] = document.template
    return response


def file(data: bytes, name: str, plain: str, media_type: str) -> Response:
    """Return bytes with their digest and their Chinese name (RFC 6266).

    The plain name is for clients that do not know ``filename*``; percent encoding leaves no way to end the header.
    """
    return Response(data, headers=_headers(hashlib.sha256(data).digest(), name, plain), content_type=media_type)


def stream(source: IO[bytes], name: str, plain: str, media_type: str) -> Response:
    """Return an open file as ``file`` returns bytes; it is closed when the last byte has left."""
    length = source.tell()
    source.seek(0)
    digest = hashlib.file_digest(source, "sha256").digest()  # type: ignore[arg-type]  # a file, and open for reading
    source.seek(0)
    headers = _headers(digest, name, plain) | {"Content-Length": str(length)}
    body = wrap_file(request.environ, source)
    response = Response(body, headers=headers, content_type=media_type, direct_passthrough=True)
    response.call_on_close(source.close)
    return response


def _headers(digest: bytes, name: str, plain: str) -> dict[str, str]:
    return {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "ETag": f'"{digest.hex()}"',
        "Repr-Digest": f"sha-256=:{base64.b64encode(digest).decode('ascii')}:",
    }
