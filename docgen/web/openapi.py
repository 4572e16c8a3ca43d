"""The OpenAPI 3.1 document, made from the operations, the catalogue and the forms' schemas."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from docgen import __version__, service
from docgen.forms import catalogue
from docgen.forms.form import Form, Notice
from docgen.packages import packing
from docgen.render.document import MEDIA_TYPES
from docgen.store.keys import Scope
from docgen.web.operations import API, Access, Operation, Operations, Result, Subject
from docgen.web.problems import MEDIA_TYPE, TYPE_PREFIX
from docgen.web.schemas import SCHEMAS, Schema, ref

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_DESCRIPTION: Final = (
    "按质量协会的通知核对填报数据，生成附件表的 Word、PDF、Excel 文档。\n\n"
    "`/api/v1` 下的接口都要带密钥：点「授权」填入以 `dgk_` 开头的密钥，或在请求头写 `Authorization: Bearer dgk_…`。"
    "出错时回答 RFC 9457 格式的说明，写明哪里错、怎样改。"
)
_PROBLEMS: Final = MappingProxyType(
    {
        400: ("query-invalid", "请求内容不是完整的 JSON、查询参数有误或不提供这种格式"),
        401: ("key-required", "没有带密钥，或密钥无效"),
        403: ("scope-missing", "密钥没有所需的权限"),
        404: ("form-unknown", "没有这个编号的通知或附件表，或没有这个查询码"),
        406: ("format-not-acceptable", "没有 Accept 头要的格式"),
        413: ("body-too-large", "请求内容过大"),
        415: ("content-type-unsupported", "请求内容的类型不是这个接口要的"),
        422: ("submission-invalid", "填报数据有误（errors），或带 strict=true 时不符合通知的规则（findings）"),
        500: ("template-fault", "模板、字体等服务自身的故障，与填报数据无关"),
        503: ("busy", "暂时不能生成文档：已达上限（请按 Retry-After 稍后重试），或字体、模板等不正常"),
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
            "schemas": dict(SCHEMAS) | _submissions(),
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
        "parameters": [*_path_parameters(path), *_query_parameters(operation, subject)],
        "requestBody": _body(subject, operation.answer) if subject else _upload(operation),
        "responses": {"200": _success(operation, subject)} | _problems(operation),
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
    if "{code}" in path:
        schema = {"type": "string"}
        yield {"name": "code", "in": "path", "required": True, "description": "证书上的查询码", "schema": schema}


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


def _upload(operation: Operation) -> Schema | None:
    if operation.body is not Subject.FILE:
        return None
    return {"required": True, "content": {MEDIA_TYPES[fmt]: {} for fmt in service.READABLE_FORMATS}}


def _success(operation: Operation, subject: Form | Notice | None) -> Schema:
    match operation.answer:
        case Result.DOCUMENT if isinstance(subject, Form):
            return _document(subject.formats)
        case Result.BLANK:
            return _document(service.BLANK_FORMATS)
        case Result.PACKAGE:
            return _file("材料包", {packing.MEDIA_TYPE: {}}, _FILE_HEADERS)
        case Result.PAGE:
            return {"description": "网页", "content": _PAGE}
        case Result.JSON_SCHEMA:
            return {"description": "成功", "content": {"application/schema+json": {"schema": ref("JsonSchema")}}}
        case name:
            return {"description": "成功", "content": {"application/json": {"schema": ref(name)}}}


def _document(formats: tuple[str, ...]) -> Schema:
    return _file("文档", {MEDIA_TYPES[fmt]: {} for fmt in formats}, (*_FILE_HEADERS, "Docgen-Template"))


def _file(description: str, content: Schema, headers: tuple[str, ...]) -> Schema:
    refs = {name: {"$ref": f"#/components/headers/{name}"} for name in headers}
    return {"description": description, "headers": refs, "content": content}


_PAGE: Final[Schema] = {"text/html": {"schema": {"type": "string"}}}


_FILE_HEADERS: Final = ("Content-Disposition", "ETag", "Repr-Digest")


def _header(description: str) -> Schema:
    return {"description": description, "schema": {"type": "string"}}


_HEADERS: Final[Mapping[str, Schema]] = MappingProxyType(
    {
        "Content-Disposition": _header("中文文件名（RFC 6266）"),
        "Docgen-Template": _header("所用模板：表的编号@模板版本"),
        "ETag": _header("文档内容的标识"),
        "Repr-Digest": _header("文档的 SHA-256 摘要（RFC 9530）"),
        "Retry-After": _header("多少秒后重试"),
    }
)


def _problems(operation: Operation) -> Schema:
    statuses = set(operation.problems)
    if operation.path.startswith(API):
        statuses |= {400, 401} | ({403} if isinstance(operation.access, Scope) else set())
    if operation.body:
        statuses |= {413, 415}
    found: Schema = {}
    for status in sorted(statuses):
        code, meaning = _PROBLEMS[status]
        example = {"type": TYPE_PREFIX + code, "title": "…", "status": status, "detail": "…", "remedy": "…"}
        content = {MEDIA_TYPE: {"schema": ref("Problem"), "example": example}}
        found[str(status)] = {"description": meaning, "content": _PAGE if operation.answer is Result.PAGE else content}
    if "503" in found:
        found["503"]["headers"] = {"Retry-After": {"$ref": "#/components/headers/Retry-After"}}
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
