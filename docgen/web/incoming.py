"""Reading a request: who asks, for what format, with which body. Whatever is not understood is refused, not ignored."""

from __future__ import annotations

import ipaddress
import re
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from flask import request

from docgen import service, strictjson
from docgen.forms.form import Wording
from docgen.render import gate
from docgen.render.document import MEDIA_TYPES
from docgen.store.keys import Key, Scope
from docgen.web.context import context
from docgen.web.operations import Access, Operation, Parameter
from docgen.web.problems import Problem, ProblemError, of_status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docgen.forms.form import Form

JSON: Final = "application/json"

FORMAT: Final = Parameter(
    "format", "文档格式。不写则按 Accept 头选择，都没有则为 docx。", {"type": "string", "enum": list(MEDIA_TYPES)}
)
STRICT: Final = Parameter(
    "strict",
    "写 true 时先按通知的规则核对，有不符合的条目（level 为 error）就不生成，回答 422 并列出核对结果。",
    {"type": "string", "enum": ["true", "false"], "default": "false"},
)
WORDING: Final = Parameter(
    "wording",
    "通知原表有笔误时，verbatim 照原样印，corrected 印改正后的文字。",
    {"type": "string", "enum": [wording.value for wording in Wording], "default": Wording.VERBATIM.value},
)
AS_OF: Final = Parameter(
    "as_of", "按哪一天核对，写作 2026-06-04 的样式。不写则为当天。", {"type": "string", "format": "date"}
)

BORDER: Final = Parameter(
    "border",
    "写 false 时不印边框，用于已印好边框的证书纸。",
    {"type": "string", "enum": ["true", "false"], "default": "true"},
)
FORM: Final = Parameter("form", "文件是哪张表，如 caq-2026/application。不写则由文件的内容判断。", {"type": "string"})

CHECK: Final = Parameter(
    "check",
    "写 true 时只核对，不登记也不颁发，也不用幂等键。",
    {"type": "string", "enum": ["true", "false"], "default": "false"},
)
ROSTER: Final = (
    Parameter("certificate", "名单是 Excel 时必须写：证书种类，如 caq-2026/certificate-group。", {"type": "string"}),
    Parameter("decision", "名单是 Excel 时必须写：表彰决定文号。", {"type": "string"}),
    Parameter(
        "date",
        "名单是 Excel 时：颁发日期，用于没有写日期的各行，写作 2026-10-30 的样式。",
        {"type": "string", "format": "date"},
    ),
    Parameter("series", "名单是 Excel 时：编号系列。不写则用这种证书的默认系列。", {"type": "string"}),
    Parameter("title", "名单是 Excel 时：批次名称。", {"type": "string"}),
    Parameter("webhook", "名单是 Excel 时：批次结束时通知的网址。", {"type": "string"}),
    Parameter(
        "second_person",
        "名单是 Excel 时：写 true 则须由另一人发布。",
        {"type": "string", "enum": ["true", "false"], "default": "false"},
    ),
)
"""What JSON says in its body."""
_DATE: Final = "date"

IDEMPOTENCY_KEY: Final = "Idempotency-Key"
_IDEMPOTENCY: Final = re.compile(r"[!-~]{1,100}", re.ASCII)
_BEARER: Final = re.compile(r"bearer +(\S+)", re.IGNORECASE | re.ASCII)


def asker() -> str:
    """Return where the question comes from: an IPv4 address, or the network that one IPv6 customer is given."""
    text = request.remote_addr or ""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    if isinstance(address, ipaddress.IPv4Address) or address.ipv4_mapped:
        return text
    return str(ipaddress.IPv6Network((int(address), 64), strict=False))


def authenticate() -> Key:
    """Return the key that came with the request, or refuse with 401."""
    given = _BEARER.fullmatch(request.headers.get("Authorization", ""))
    key = context().keys.find(given[1]) if given else None
    if key is not None:
        return key
    detail = "这把密钥无效" if given else "请求没有带密钥"
    remedy = "请加上请求头 Authorization: Bearer dgk_…；密钥在服务首次启动时打印在终端上"
    headers = {"WWW-Authenticate": 'Bearer realm="docgen"'}
    raise ProblemError(Problem(401, "key-required", "需要密钥", detail, remedy, headers=headers))


def authorize(key: Key, access: Access | Scope) -> None:
    """Refuse with 403 where the key lacks the scope that an operation needs."""
    if isinstance(access, Scope) and access not in key.scopes:
        detail = f"这把密钥没有 {access} 权限"
        raise ProblemError(Problem(403, "scope-missing", "没有权限", detail, "请换用有此权限的密钥"))


def read_query(operation: Operation) -> MappingProxyType[str, str]:
    """Return the query's parameters; unknown and repeated ones are refused, lest a typing error goes unnoticed."""
    known = [parameter.name for parameter in operation.query]
    for name, values in request.args.lists():
        if name not in known:
            offer = f"可用的参数：{'、'.join(known)}" if known else "这个地址不接受参数"
            raise _faulty_query(f"没有参数「{name[:40]}」", offer)
        if len(values) > 1:
            raise _faulty_query(f"参数 {name} 出现了 {len(values)} 次", "请只保留一个")
    return MappingProxyType(request.args.to_dict())


def as_of(query: MappingProxyType[str, str]) -> date | None:
    """Return the day to judge by, None for today."""
    return _day(query, AS_OF.name)


def date_of(query: MappingProxyType[str, str]) -> date | None:
    """Return the date of all certificates of a list."""
    return _day(query, _DATE)


def _day(query: MappingProxyType[str, str], name: str) -> date | None:
    text = query.get(name)
    if text is None:
        return None
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise _faulty_query(f"参数 {name} 不是存在的日期", "请写作 2026-06-04 的样式")


def strict(query: MappingProxyType[str, str]) -> bool:
    """Return whether findings stop a render."""
    return _truth(query, STRICT)


def only_check(query: MappingProxyType[str, str]) -> bool:
    """Return whether a list is only judged."""
    return _truth(query, CHECK)


def roster_query(query: MappingProxyType[str, str]) -> dict[str, Any]:
    """Return what the query says of a list in Excel, but for its date; the certificate must be named."""
    if "certificate" not in query:
        raise _faulty_query("缺少参数 certificate", "请写明证书种类，如 certificate=caq-2026/certificate-group")
    known = [parameter for parameter in ROSTER if parameter.name in query and parameter.name != _DATE]
    return {one.name: _truth(query, one) if "enum" in one.schema else query[one.name] for one in known}


def refuse_roster_query(query: MappingProxyType[str, str]) -> None:
    """Refuse parameters that only a list in Excel needs."""
    if strange := [parameter.name for parameter in ROSTER if parameter.name in query]:
        raise _faulty_query(f"名单是 JSON 时，{'、'.join(strange)} 不是查询参数", "请写在 JSON 里")


def choice(query: MappingProxyType[str, str], parameter: Parameter) -> str | None:
    """Return one of a parameter's values, None where it is not given."""
    text = query.get(parameter.name)
    known = parameter.schema["enum"]
    if text is not None and isinstance(known, list) and text not in known:
        raise _faulty_query(f"参数 {parameter.name} 只能是 {'、'.join(known)}", f"请改正参数 {parameter.name}")
    return text


def border(query: MappingProxyType[str, str]) -> bool:
    """Return whether a certificate is printed with its border."""
    return _truth(query, BORDER)


def _truth(query: MappingProxyType[str, str], parameter: Parameter) -> bool:
    text = query.get(parameter.name, parameter.schema["default"])
    if text not in {"true", "false"}:
        raise _faulty_query(f"参数 {parameter.name} 只能是 true 或 false", f"请改正参数 {parameter.name}")
    return text == "true"


def wording(query: MappingProxyType[str, str]) -> Wording:
    """Return whether slips of the notice's form are printed as they stand."""
    text = query.get(WORDING.name, Wording.VERBATIM)
    if text not in set(Wording):
        raise _faulty_query("参数 wording 只能是 verbatim 或 corrected", "请改正参数 wording")
    return Wording(text)


def wanted_format(form: Form, query: MappingProxyType[str, str]) -> str:
    """Return the format asked for by ``format``, else by ``Accept``, else docx."""
    if fmt := query.get(FORMAT.name):
        return fmt
    if not request.accept_mimetypes:
        return form.formats[0]
    offered = {MEDIA_TYPES[fmt]: fmt for fmt in form.formats}
    chosen = request.accept_mimetypes.best_match(offered)
    if chosen is None:
        detail = f"《{form.title}》没有 Accept 头要的格式"
        remedy = f"可选格式：{'、'.join(f'{fmt}（{media_type}）' for media_type, fmt in offered.items())}"
        raise ProblemError(Problem(406, "format-not-acceptable", "不提供这种格式", detail, remedy))
    return offered[chosen]


def idempotency_key() -> str:
    """Return the caller's own name for this request, by which a repetition is known."""
    given = request.headers.get(IDEMPOTENCY_KEY, "")
    if _IDEMPOTENCY.fullmatch(given):
        return given
    detail = f"请求头 {IDEMPOTENCY_KEY} 应为 1 至 100 个可见的 ASCII 字符" if given else f"缺少请求头 {IDEMPOTENCY_KEY}"
    remedy = "请为每次新的颁发或换发取一个新的值（如 UUID），重发同一请求时用原来的值，这样不会重复颁发"
    raise ProblemError(Problem(400, "idempotency-key-required", "缺少幂等键", detail, remedy))


def read_body(forms: Iterable[Form]) -> object:
    """Return the JSON value of the body, meant for these forms; its size is looked at before the first byte is read."""
    limit = service.body_limit(forms, context().settings)
    _want_size(limit)
    if request.mimetype != JSON:
        raise _strange_type("请求内容须为 JSON", f"请加上请求头 Content-Type: {JSON}")
    return strictjson.parse(request.get_data(cache=False), limit)


def read_file() -> tuple[bytes, str]:
    """Return the body as it is and its format (docx or xlsx), which its content type says."""
    _want_size(min(context().settings.max_body_bytes, gate.MOST_BYTES))
    formats = {MEDIA_TYPES[fmt]: fmt for fmt in service.READABLE_FORMATS}
    fmt = formats.get(request.mimetype)
    if fmt is None:
        offer = "或".join(f"{media_type}（{one}）" for media_type, one in formats.items())
        raise _strange_type("请求内容须为填好的 Word 或 Excel 文件", f"请加上请求头 Content-Type: {offer}")
    return request.get_data(cache=False), fmt


def read_roster() -> bytes:
    """Return a list as it came: JSON or xlsx, which its content type says."""
    _want_size(gate.MOST_BYTES)
    request.max_content_length = gate.MOST_BYTES
    if request.mimetype not in {JSON, MEDIA_TYPES["xlsx"]}:
        offer = f"{JSON} 或 {MEDIA_TYPES['xlsx']}"
        raise _strange_type("名单须为 JSON 或 Excel 文件（.xlsx）", f"请加上请求头 Content-Type: {offer}")
    return request.get_data(cache=False)


def _want_size(limit: int) -> None:
    length = request.content_length
    if length is not None and length > limit:
        problem = of_status(413)
        detail = f"请求内容有 {length:,} 字节，最多接受 {limit:,} 字节"
        raise ProblemError(Problem(413, problem.code, problem.title, detail, problem.remedy))


def _strange_type(detail: str, remedy: str) -> ProblemError:
    return ProblemError(Problem(415, "content-type-unsupported", "不接受这种内容类型", detail, remedy))


def _faulty_query(detail: str, remedy: str) -> ProblemError:
    return ProblemError(Problem(400, "query-invalid", "查询参数有误", detail, remedy))
