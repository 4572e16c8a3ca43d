"""JSON Schemas of our own answers, as they stand in the OpenAPI document. Tests hold every answer to them."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final

from docgen.forms.form import Kind, Level, Provenance
from docgen.forms.shape import LeafKind
from docgen.reading.result import How
from docgen.render.document import MEDIA_TYPES

Schema = dict[str, Any]


def text(description: str, **more: object) -> Schema:
    """Return the schema of a text."""
    return {"type": "string", "description": description, **more}


def listed(items: Schema, description: str = "") -> Schema:
    """Return the schema of a list of such items."""
    return {"type": "array", "items": items} | ({"description": description} if description else {})


def members(known: Schema, *, optional: tuple[str, ...] = (), description: str = "") -> Schema:
    """Return the schema of an object that has these members and no others."""
    told = {"description": description} if description else {}
    required = [name for name in known if name not in optional]
    return {"type": "object", **told, "required": required, "properties": known, "additionalProperties": False}


def ref(name: str) -> Schema:
    """Return a reference to a schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


LINKS: Final[Schema] = {
    "type": "object",
    "description": "相关接口的地址",
    "additionalProperties": {"type": "string", "format": "uri-reference"},
}
_NOTICE_LINE: Final[Schema] = {
    "id": text("通知编号，如 caq-2026"),
    "title": text("通知标题"),
    "number": text("文号"),
    "links": LINKS,
}
_FORM_LINE: Final[Schema] = {
    "id": text("表的编号，如 caq-2026/application"),
    "title": text("表名"),
    "annex": text("附件号；空串表示不是通知的附件"),
    "kind": text("种类", enum=list(Kind)),
    "provenance": text(
        "来源：exact 表示通知原文附有此表，reconstructed 表示通知只提到表名，由本系统重拟",
        enum=list(Provenance),
    ),
    "formats": listed({"type": "string", "enum": list(MEDIA_TYPES)}, "可生成的格式"),
    "links": LINKS,
}
_FAULT: Final = members(
    {
        "pointer": text("出错处的 JSON Pointer（RFC 6901）；空串指整份数据"),
        "label": text("出错处在表上的名称"),
        "code": text("错误种类，供程序识别"),
        "detail": text("错在哪里，怎样改"),
        "rule": text("所依据规则的编号，如 C10"),
        "sentence": text("该规则的通知原文"),
    },
    optional=("rule", "sentence"),
    description="填报数据的一处错误",
)
_FINDING: Final = members(
    {
        "rule": text("规则编号，如 C03"),
        "sentence": text("该规则的通知原文"),
        "level": text("轻重：error 必须改正，warning 请核实，reminder 请留意", enum=list(Level)),
        "detail": text("核对出什么，怎样改"),
        "pointer": text("所在位置的 JSON Pointer；空串指整份数据"),
        "label": text("所在位置在表上的名称"),
    },
    description="按通知规则核对的一条结果",
)
_FIELD: Final = members(
    {
        "path": text("字段路径；items[].opinion 指列表每一项的字段"),
        "label": text("表上印的名称"),
        "kind": text("填写方式", enum=list(LeafKind)),
        "required": {"type": "boolean", "description": "是否必填"},
        "printed": {"type": "boolean", "description": "是否印在表上；不印的只用于核对"},
        "limit": {"type": ["integer", "null"], "description": "字数或字符数上限"},
        "options": listed({"type": "string"}, "可选的值"),
    }
)
_PROBLEM: Final = members(
    {
        "type": text("错误种类，供程序识别，如 urn:docgen:problem:submission-invalid", format="uri"),
        "title": text("错误种类的名称"),
        "status": {"type": "integer", "description": "HTTP 状态码"},
        "detail": text("出了什么错"),
        "instance": text("这一次错误的编号，也写在服务的日志里", format="uri"),
        "remedy": text("怎样解决"),
        "errors": listed({"anyOf": [ref("Fault"), ref("RosterProblem")]}, "填报数据或名单的错误"),
        "findings": listed(ref("Finding"), "按通知规则核对的结果"),
    },
    optional=("instance", "remedy", "errors", "findings"),
    description="RFC 9457 格式的错误说明。不会重复填报数据的内容。",
)

SCHEMAS: Final[MappingProxyType[str, Schema]] = MappingProxyType(
    {
        "Notices": members({"notices": listed(members(_NOTICE_LINE))}),
        "Notice": members(
            _NOTICE_LINE
            | {
                "issuers": listed({"type": "string"}, "发文单位"),
                "award": text("奖项"),
                "deadlines": listed(
                    members(
                        {
                            "id": text("期限编号"),
                            "title": text("期限名称"),
                            "day": text("最后一天（含当天）", format="date"),
                        }
                    ),
                    "期限",
                ),
                "rules": listed(
                    members({"id": text("规则编号，如 C01"), "sentence": text("通知原文")}), "可核对的规则"
                ),
                "forms": listed(members(_FORM_LINE), "附件表"),
            }
        ),
        "Forms": members({"forms": listed(members(_FORM_LINE))}),
        "Form": members(
            _FORM_LINE
            | {
                "page": members(
                    {
                        "width_mm": {"type": "number", "description": "纸宽，毫米"},
                        "height_mm": {"type": "number", "description": "纸高，毫米"},
                    },
                    description="纸张",
                )
            }
        ),
        "Sample": {"type": "object", "description": "与该表的 JSON Schema 一致的样例"},
        "JsonSchema": {"type": "object", "description": "该表填报数据的 JSON Schema（2020-12）"},
        "Fields": members({"fields": listed(_FIELD, "字段，按表中次序")}),
        "Fault": _FAULT,
        "Finding": _FINDING,
        "Verdict": members(
            {
                "complete": {"type": "boolean", "description": "是否没有必须改正的地方"},
                "errors": listed(ref("Fault"), "数据本身的错误，改正前不能生成文档"),
                "findings": listed(ref("Finding"), "按通知规则核对的结果，不妨碍生成文档"),
            }
        ),
        "Reading": members(
            {
                "form": text("表的编号，如 caq-2026/application"),
                "submission": {"type": "object", "description": "读出的填报数据；没有填写和读不出的字段不在其中"},
                "how": {
                    "type": "object",
                    "description": "每个值怎样读出，以 JSON Pointer 为名：tag 按控件的标记，grid 按表格里的位置",
                    "additionalProperties": {"type": "string", "enum": list(How)},
                },
                "problems": listed(
                    members(
                        {
                            "code": text("问题种类，供程序识别"),
                            "pointer": text("字段的 JSON Pointer；空串指不知属于哪个字段"),
                            "label": text("字段在表上的名称"),
                            "place": text("在文件里的位置"),
                            "detail": text("为什么读不出"),
                            "remedy": text("怎样改"),
                        }
                    ),
                    "读不出或需要核对的地方",
                ),
                "verdict": ref("Verdict"),
            }
        ),
        "OpenApi": {"type": "object", "description": "OpenAPI 3.1 文件"},
        "Health": members({"status": text("服务在运行", const="ok")}),
        "Readiness": members({"status": text("可以生成文档", const="ready")}),
        "Problem": _PROBLEM,
    }
)
