"""The OpenAPI 3.1 document, made from the operations, the catalogue and the forms' schemas."""

from __future__ import annotations

import hashlib
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from docgen import __version__, service
from docgen.forms import catalogue
from docgen.forms.form import Form, Kind, Notice
from docgen.issuing import printing
from docgen.packages import packing
from docgen.render.document import MEDIA_TYPES
from docgen.store.keys import Scope
from docgen.web import batch_schemas, certificate_schemas, incoming, verification_schemas
from docgen.web.operations import Access, Operation, Operations, Result, Subject
from docgen.web.problems import MEDIA_TYPE, TYPE_PREFIX
from docgen.web.schemas import SCHEMAS, Schema, members, ref, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_DESCRIPTION: Final = (
    "按质量协会的通知核对填报数据，生成附件表的 Word、PDF、Excel 文档；颁发、更正、撤销证书，供公众核验。\n\n"
    "`/api/v1` 下的接口都要带密钥：点「授权」填入以 `dgk_` 开头的密钥，或在请求头写 `Authorization: Bearer dgk_…`。"
    "出错时回答 RFC 9457 格式的说明，写明哪里错、怎样改。"
)
_TOO_MANY: Final = 429
_PROBLEMS: Final = MappingProxyType(
    {
        400: ("query-invalid", "请求内容不是完整的 JSON、查询参数有误或不提供这种格式"),
        401: ("key-required", "没有带密钥，或密钥无效"),
        403: ("scope-missing", "密钥没有所需的权限"),
        404: ("form-unknown", "没有这个编号的通知、附件表、证书或批次（别的颁证单位的证书和批次也是如此）"),
        406: ("format-not-acceptable", "没有 Accept 头要的格式"),
        409: ("conflict", "与已登记的不符：幂等键已用于别的内容，或证书、批次现在的状态不允许"),
        413: ("body-too-large", "请求内容过大"),
        415: ("content-type-unsupported", "请求内容的类型不是这个接口要的"),
        422: ("submission-invalid", "填报数据有误（errors），或带 strict=true 时不符合通知的规则（findings）"),
        _TOO_MANY: ("limited", "从这个网络查询了太多不存在的查询码，今天不再回答"),
        500: ("template-fault", "模板、字体等服务自身的故障，与填报数据无关"),
        503: (
            "busy",
            "暂时不能完成：生成的文档已达上限、数据库不能用（请按 Retry-After 稍后重试），或字体、模板等不正常",
        ),
    }
)
"""By status: an example of a problem type and what the status means."""
_PATH_PARAMETERS: Final[Mapping[str, tuple[str, Callable[[], list[str]]]]] = MappingProxyType(
    {
        "notice": ("通知编号", lambda: list(catalogue.all_notices())),
        "form": ("表在通知内的编号", lambda: sorted({form.stem for form in catalogue.all_forms().values()})),
        "format": ("文档格式", lambda: list(service.BLANK_FORMATS)),
    }
)


_FREE_PATH_PARAMETERS: Final = MappingProxyType(
    {"code": "证书上的查询码", "number": "证书编号，如 CAQ-QC-2026-000001", "batch": "批次编号"}
)
_IDEMPOTENCY_KEY: Final[Schema] = {
    "name": incoming.IDEMPOTENCY_KEY,
    "in": "header",
    "required": True,
    "description": "调用方为这次请求取的名称（如 UUID），重发时不变：同样的请求只做一次",
    "schema": {"type": "string", "pattern": "^[!-~]{1,100}$"},
}


def document(operations: Operations) -> Schema:
    """Return the whole document."""
    paths: dict[str, Schema] = {}
    for name, (operation, _) in operations.items():
        for path, subject in _places(operation):
            paths.setdefault(path, {})[operation.method.lower()] = _operation(name, operation, path, subject)
    tags = dict.fromkeys(operation.tag for operation, _ in operations.values())
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "docgen 接口",
            "version": __version__,
            "description": _DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "security": [{"key": []}],
        "tags": [{"name": tag} for tag in tags],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "服务首次启动时打印的密钥，以 dgk_ 开头"}
            },
            "schemas": dict(
                SCHEMAS
                | certificate_schemas.SCHEMAS
                | batch_schemas.SCHEMAS
                | verification_schemas.SCHEMAS
                | _submissions()
            ),
            "headers": dict(_HEADERS),
        },
    }


def _places(operation: Operation) -> Iterator[tuple[str, Form | Notice | None]]:
    """Give each path of an operation: one for each form or notice where the body depends on it."""
    match operation.body:
        case Subject.FORM:
            for form in catalogue.all_forms().values():
                yield operation.path.format(notice=form.notice_id, form=form.stem), form
        case Subject.NOTICE:
            for notice in catalogue.all_notices().values():
                yield operation.path.format(notice=notice.id), notice
        case _:
            yield operation.path, None


def _operation(name: str, operation: Operation, path: str, subject: Form | Notice | None) -> Schema:
    suffix = f"-{subject.id.replace('/', '-')}" if subject else ""
    told: Schema = {
        "operationId": f"{name.replace('_', '-')}{suffix}",
        "tags": [operation.tag],
        "summary": f"{operation.summary}：{_title(subject)}" if subject else operation.summary,
        "description": operation.description,
        "parameters": [
            *_path_parameters(path),
            *_query_parameters(operation, subject),
            *([_IDEMPOTENCY_KEY | {"required": operation.creates}] if operation.creates or operation.begins else []),
        ],
        "requestBody": _body(subject, operation.answer) if subject else _own_body(operation),
        "responses": _successes(operation, subject) | _problems(operation),
        "security": [] if operation.access is Access.OPEN else None,
    }
    if isinstance(operation.access, Scope):
        told["description"] += f"\n\n密钥须有 {operation.access} 权限。"
    return {key: value for key, value in told.items() if value is not None and value != ""}


def _title(subject: Form | Notice) -> str:
    if isinstance(subject, Form):
        return f"{subject.annex} {subject.title}".strip()
    return subject.title


def _path_parameters(path: str) -> Iterator[Schema]:
    for name, (description, values) in _PATH_PARAMETERS.items():
        if f"{{{name}}}" in path:
            schema = {"type": "string", "enum": values()}
            yield {"name": name, "in": "path", "required": True, "description": description, "schema": schema}
    for name, description in _FREE_PATH_PARAMETERS.items():
        if f"{{{name}}}" in path:
            schema = {"type": "string"}
            yield {"name": name, "in": "path", "required": True, "description": description, "schema": schema}


def _query_parameters(operation: Operation, subject: Form | Notice | None) -> Iterator[Schema]:
    for parameter in operation.query:
        schema = dict(parameter.schema)
        if parameter.name == "format" and isinstance(subject, Form):
            schema["enum"] = list(subject.formats)
        yield {"name": parameter.name, "in": "query", "description": parameter.description, "schema": schema}


def _body(subject: Form | Notice, answer: str) -> Schema:
    if isinstance(subject, Form):
        content: Schema = {"schema": ref(_component(subject)), "example": service.sample(subject)}
    else:
        forms = [
            form
            for form in catalogue.forms_of(subject)
            if answer != Result.PACKAGE or form.kind not in packing.NOT_HANDED_IN
        ]
        properties = {
            form.stem: {
                "title": _title(form),
                "anyOf": [ref(_component(form)), {"type": "array", "items": ref(_component(form))}],
            }
            for form in forms
        }
        content = {
            "schema": {"type": "object", "properties": properties, "additionalProperties": False},
            "example": {form.stem: service.sample(form) for form in forms},
        }
    return {"required": True, "content": {"application/json": content}}


def _own_body(operation: Operation) -> Schema | None:
    """Return the body of an operation that has one path."""
    match operation.body:
        case Subject.FILE:
            content: Schema = {MEDIA_TYPES[fmt]: {} for fmt in service.READABLE_FORMATS}
        case Subject.ORDER:
            content = {"application/json": {"schema": ref("Order"), "examples": _orders()}}
        case Subject.ROSTER:
            content = {
                "application/json": {"schema": ref("BatchOrder"), "examples": _orders()},
                MEDIA_TYPES["xlsx"]: {},
            }
        case Subject.REASON:
            content = {"application/json": {"schema": ref("Reason"), "example": _REASON}}
        case Subject.CORRECTION:
            example = _REASON | {"changes": {"org_name": "云岭精密轴承制造股份有限公司"}}
            content = {"application/json": {"schema": ref("Correction"), "example": example}}
        case Subject.CODE | Subject.NAME as field:
            schema = members({field.value: text(_FORM_FIELDS[field])})
            content = {"application/x-www-form-urlencoded": {"schema": schema}}
        case Subject.DIGEST:
            content = {"application/json": {"schema": ref("FileDigest"), "example": _FILE}}
        case _:
            return None
    return {"required": True, "content": content}


_FORM_FIELDS: Final = MappingProxyType({Subject.CODE: "查询码，或二维码里的网址", Subject.NAME: "证书上的完整姓名"})
_FILE: Final[Schema] = {"sha256": hashlib.sha256(b"").hexdigest(), "code": "4C08-RZHV-KES5-WWE8"}


def _orders() -> dict[str, Schema]:
    """Return an order of each certificate."""
    return {
        form.id.replace("/", "."): {
            "summary": form.title,
            "value": {"certificate": form.id, "decision": "示例字〔2026〕1号", "rows": [service.sample(form)]},
        }
        for form in catalogue.all_forms().values()
        if form.kind is Kind.CERTIFICATE
    }


_REASON: Final[Schema] = {"reason_class": "信息有误", "reason": "证书上的单位名称与公章不一致"}


def _successes(operation: Operation, subject: Form | Notice | None) -> Schema:
    """Return the answers of an operation that did what was asked."""
    done = _success(operation, subject)
    location = {"Location": {"$ref": "#/components/headers/Location"}}
    if operation.begins:
        checked = {"application/json": {"schema": ref(_CHECK)}}
        begun = done | {"description": "已登记，在后台制作", "headers": location}
        return {"200": {"description": "只核对的结果", "content": checked}, "202": begun}
    if not operation.creates:
        return {"200": done}
    return {"200": done | {"description": "以前已做过"}, "201": done | {"headers": location}}


def _success(operation: Operation, subject: Form | Notice | None) -> Schema:
    match operation.answer:
        case Result.DOCUMENT | Result.BLANK | Result.CERTIFICATE:
            return _document(subject.formats if isinstance(subject, Form) else _FORMATS[operation.answer])
        case Result() as result if result in _FILES:
            return _file(_FILES[result][0], {_FILES[result][1]: {}}, _FILE_HEADERS)
        case Result() as result:
            return _TEXTS[result]
        case name:
            content = {"application/json": {"schema": ref(name)}}
            return {"description": "成功", "content": content | (_PAGE if name in _FOR_PEOPLE_TOO else {})}


_CHECK: Final = "BatchCheck"
"""What a request that would begin something answers where it only checks."""
_FILES: Final = MappingProxyType(
    {
        Result.PACKAGE: ("材料包", packing.MEDIA_TYPE),
        Result.ARCHIVE: ("批次的全部证书", packing.MEDIA_TYPE),
        Result.MERGED: ("批次的全部证书", MEDIA_TYPES["pdf"]),
        Result.SHEET: ("Excel 文件", MEDIA_TYPES["xlsx"]),
    }
)
"""What a file is, and its media type."""
_FORMATS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {Result.BLANK: service.BLANK_FORMATS, Result.CERTIFICATE: printing.FORMATS}
)


def _document(formats: tuple[str, ...]) -> Schema:
    return _file("文档", {MEDIA_TYPES[fmt]: {} for fmt in formats}, (*_FILE_HEADERS, "Docgen-Template"))


def _file(description: str, content: Schema, headers: tuple[str, ...]) -> Schema:
    refs = {name: {"$ref": f"#/components/headers/{name}"} for name in headers}
    return {"description": description, "headers": refs, "content": content}


_PAGE: Final[Schema] = {"text/html": {"schema": {"type": "string"}}}
_TEXTS: Final[Mapping[Result, Schema]] = MappingProxyType(
    {
        Result.PAGE: {"description": "网页", "content": _PAGE},
        Result.JSON_SCHEMA: {
            "description": "成功",
            "content": {"application/schema+json": {"schema": ref("JsonSchema")}},
        },
        Result.METRICS: {
            "description": "Prometheus 的文本格式",
            "content": {"text/plain": {"schema": {"type": "string"}}},
        },
    }
)
_FOR_PEOPLE_TOO: Final = frozenset({"Verification"})
"""Answers that are a page or JSON, whichever ``Accept`` asks for."""


_FILE_HEADERS: Final = ("Content-Disposition", "ETag", "Repr-Digest")


def _header(description: str) -> Schema:
    return {"description": description, "schema": {"type": "string"}}


_HEADERS: Final[Mapping[str, Schema]] = MappingProxyType(
    {
        "Content-Disposition": _header("中文文件名（RFC 6266）"),
        "Docgen-Template": _header("所用模板：表的编号@模板版本"),
        "ETag": _header("文档内容的标识"),
        "Location": _header("证书或批次的地址"),
        "Repr-Digest": _header("文档的 SHA-256 摘要（RFC 9530）"),
        "Retry-After": _header("多少秒后重试"),
    }
)


def _problems(operation: Operation) -> Schema:
    statuses = set(operation.problems)
    if operation.access is not Access.OPEN:
        statuses |= {400, 401} | ({403} if isinstance(operation.access, Scope) else set())
    if operation.body:
        statuses |= {413, 415}
    found: Schema = {}
    for status in sorted(statuses):
        code, meaning = _PROBLEMS[status]
        example = {"type": TYPE_PREFIX + code, "title": "…", "status": status, "detail": "…", "remedy": "…"}
        content = {MEDIA_TYPE: {"schema": ref("Problem"), "example": example}}
        if operation.answer in _FOR_PEOPLE_TOO:
            content = _success(operation, None)["content"] if status == _TOO_MANY else content | _PAGE
        found[str(status)] = {"description": meaning, "content": _PAGE if operation.answer is Result.PAGE else content}
    for later in {str(_TOO_MANY), "503"} & found.keys():
        found[later]["headers"] = {"Retry-After": {"$ref": "#/components/headers/Retry-After"}}
    return found


def _component(form: Form) -> str:
    return form.id.replace("/", ".")


def _submissions() -> dict[str, Schema]:
    """Return the schema of every form and of its parts, each under a name of its own."""
    found: dict[str, Schema] = {}
    for form in catalogue.all_forms().values():
        name = _component(form)
        schema = service.schema(form)
        for part, told in schema.get("$defs", {}).items():
            found[f"{name}.{part}"] = _moved(told, name)
        found[name] = _moved({key: value for key, value in schema.items() if key not in {"$schema", "$defs"}}, name)
    return found


def _moved(schema: Any, name: str) -> Any:  # noqa: ANN401  any part of a JSON Schema
    """Point references to where the parts of a form stand in this document."""
    match schema:
        case dict():
            return {
                key: value.replace("#/$defs/", f"#/components/schemas/{name}.")
                if key == "$ref"
                else _moved(value, name)
                for key, value in schema.items()
            }
        case list():
            return [_moved(item, name) for item in schema]
        case _:
            return schema
