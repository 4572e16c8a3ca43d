"""JSON Schemas of what is sent and answered about batches."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from docgen.certificates.number import MOST_SERIES, SERIES
from docgen.issuing.orders import MOST_ROWS
from docgen.jobs.runs import Stage
from docgen.store.ledger import ItemState
from docgen.web.schemas import LINKS, Schema, listed, members, ref, text

_FIELDS: Final[Schema] = {"type": "object", "description": "证书的字段，见这种证书的 JSON Schema"}


def _count(description: str) -> Schema:
    return {"type": "integer", "minimum": 0, "description": description}


_BATCH: Final = {"type": "integer", "description": "批次编号"}
_SKIPPED: Final = listed(
    members({"sheet": text("工作表"), "row": _count("行号，与文件里的相同"), "reason": text("为什么不是证书")}),
    "跳过的行（表头、合计、示例、空行等）",
)
_PROGRESS: Final[Schema] = {
    "batch": _BATCH,
    "title": text("批次名称"),
    "certificate": text("证书种类"),
    "decision": text("表彰决定文号"),
    "state": text(
        "running 制作中，ended 已结束，waiting-for-release 等待另一人复核发布，cancelled 已取消", enum=list(Stage)
    ),
    "rows_in": _count("名单的行数，总等于 issued + skipped + failed + cancelled + open"),
    "issued": _count("已制成；批次结束并发布后公众才看得到"),
    "skipped": _count("跳过的行"),
    "failed": _count("没有制成"),
    "cancelled": _count("已取消，编号不再使用"),
    "open": _count("还在等待或正在制作"),
    "remaining_seconds": {"type": ["integer", "null"], "description": "大约还要多少秒；还没有依据时为 null"},
    "second_person": {"type": "boolean", "description": "是否须由另一人发布"},
    "actor": text("谁提交的"),
    "created_at": text("提交的时间，世界协调时（UTC）", format="date-time"),
    "ended_at": {"type": ["string", "null"], "description": "结束的时间"},
    "released_at": {"type": ["string", "null"], "description": "发布的时间"},
    "released_by": {"type": ["string", "null"], "description": "谁发布的"},
    "links": LINKS,
}
_DELIVERIES: Final = listed(
    members(
        {
            "id": text("消息的编号（webhook-id）"),
            "attempts": _count("试过几次"),
            "status": text("上一次的结果：HTTP 状态码，或出错的种类；还没有试过则为空串"),
            "next_at": {"type": ["string", "null"], "description": "下一次的时间；不再自动重试则为 null"},
        }
    ),
    "批次结束的通知",
)
_FAILURE: Final = members(
    {"code": text("原因，供程序识别"), "detail": text("哪里不对"), "remedy": text("怎样解决")},
    description="上一次没有制成的原因",
)

SCHEMAS: Final[MappingProxyType[str, Schema]] = MappingProxyType(
    {
        "BatchOrder": members(
            {
                "certificate": text("证书种类，如 caq-2026/certificate-group；全部种类见 GET /api/v1/forms"),
                "decision": text("表彰决定文号", minLength=1, maxLength=60),
                "series": text("编号系列；不写则用这种证书的默认系列", pattern=SERIES.pattern, maxLength=MOST_SERIES),
                "shared": _FIELDS | {"description": "各行共有的字段，行里写了的以行里的为准"},
                "rows": listed(
                    {"type": "object", "description": "一份证书的字段；另可写 ref，用来区分同名的两个对象"},
                    "每行一份证书，编号按次序",
                )
                | {"minItems": 1, "maxItems": MOST_ROWS},
                "title": text("批次名称；不写则用证书的名称", maxLength=60),
                "webhook": text("批次结束时通知的网址，主机须由管理员允许（DOCGEN_WEBHOOK_HOSTS）", maxLength=500),
                "second_person": {"type": "boolean", "description": "写 true 则须由另一人发布"},
            },
            optional=("series", "shared", "title", "webhook", "second_person"),
        ),
        "BatchBegun": members(
            {
                "batch": _BATCH,
                "rows_in": _count("名单的行数"),
                "issuing": _count("要颁发的份数"),
                "skipped": _SKIPPED,
                "notes": listed({"type": "string"}, "请人留意的事，如编号系列是第一次使用"),
                "links": LINKS,
            }
        ),
        "BatchCheck": members(
            {
                "rows_in": _count("名单的行数"),
                "issuing": _count("可以颁发的份数；有错误时为 0"),
                "skipped": _SKIPPED,
                "errors": listed({"anyOf": [ref("Fault"), ref("RosterProblem")]}, "必须改正的错误"),
                "warnings": listed(ref("RosterProblem"), "请人核对的地方：相近的名称、形近字、隐藏的行等"),
            }
        ),
        "RosterProblem": members(
            {
                "code": text("种类，供程序识别"),
                "sheet": text("工作表；rows 指 JSON 的 rows，空串指整份名单"),
                "row": _count("行号，从 1 起；0 指不是某一行"),
                "cell": text("单元格，如 C5；空串指不是某一格"),
                "heading": text("栏名"),
                "detail": text("哪里不对"),
                "remedy": text("怎样改"),
            },
            description="名单的一处问题",
        ),
        "Batches": members({"batches": listed(members(_PROGRESS), "最近 100 批，新的在前")}),
        "Batch": members(_PROGRESS | {"deliveries": _DELIVERIES}),
        "BatchItems": members(
            {
                "batch": _BATCH,
                "items": listed(
                    members(
                        {
                            "row": _count("在要颁发的各行里的位置，从 0 起"),
                            "number": text("证书编号"),
                            "state": text(
                                "waiting 等待，making 制作中，made 已制成，failed 没有制成，cancelled 已取消",
                                enum=list(ItemState),
                            ),
                            "attempts": _count("失败过几次"),
                            "failure": _FAILURE,
                            "links": LINKS,
                        },
                        optional=("failure",),
                    ),
                    "按名单的次序",
                ),
            }
        ),
        "BatchChanged": members(
            {
                "batch": _BATCH,
                "changed": _count("改变了几份；release 为 0 或 1"),
                "state": text("批次现在的状态", enum=list(Stage)),
                "links": LINKS,
            }
        ),
        "Deliveries": members({"batch": _BATCH, "deliveries": _DELIVERIES}),
    }
)
