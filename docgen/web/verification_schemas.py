"""JSON Schemas of what the public asks and is answered, as they stand in the OpenAPI document."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from docgen.certificates.states import ReasonClass
from docgen.issuing.verifying import TITLES, FileAnswer, NameAnswer, Result
from docgen.web.schemas import Schema, listed, members, text
from docgen.web.telling import UNSURE

_CERTIFICATE: Final = members(
    {
        "number": text("证书编号，如 CAQ-QC-2026-000001"),
        "award": text("荣誉"),
        "grade": text("等级；空串表示不分等级"),
        "holder": listed(
            members({"label": text("名称，如组织名称"), "value": text("证书上印的内容")}), "证书颁给谁，完整显示"
        ),
        "persons": listed(
            members(
                {
                    "label": text("名称，如小组成员"),
                    "names": listed({"type": "string"}, "姓名，只显示一部分，如 张*三"),
                }
            ),
            "证书上的个人",
        ),
        "issuers": listed({"type": "string"}, "颁发单位"),
        "decision": text("表彰决定文号"),
        "issued_on": text("颁发日期", format="date"),
    },
    description="证书上应当印着的内容；result 为 valid 或 not-yet 时才有",
)
_CHANGE: Final = members(
    {
        "date": text("哪一天（北京时间）", format="date"),
        "reason_class": text("原因类别；空串表示没有", enum=["", *ReasonClass]),
    },
    description="撤销、暂停、换发或作废；result 为这几种时才有",
)
_NAME: Final = members(
    {
        "answer": text(
            "same 一致，other 不一致，locked 今日核对次数已用完，not-asked 没有核对，unsure 暂时无法核对",
            enum=[*NameAnswer, UNSURE],
        ),
        "title": text("中文名称"),
        "detail": text("说明"),
    },
    description="核对姓名的结果；核对姓名时才有",
)

SCHEMAS: Final[MappingProxyType[str, Schema]] = MappingProxyType(
    {
        "Verification": members(
            {
                "result": text("；".join(f"{result} {title}" for result, title in TITLES.items()), enum=list(Result)),
                "title": text("结果的中文名称"),
                "detail": text("结果的说明"),
                "code": text("查询码；空串表示输入有误"),
                "as_of": text("查询的时间（北京时间）", format="date-time"),
                "association": text("颁证单位的全称；空串表示不能确定"),
                "host": text("证书上印的网址的主机名，请与访问的地址核对"),
                "trial": {"type": "boolean", "description": "是否试用环境：试用环境里的证书不作数"},
                "certificate": _CERTIFICATE,
                "change": _CHANGE,
                "name": _NAME,
            },
            optional=("certificate", "change", "name"),
        ),
        "FileDigest": members(
            {
                "sha256": text("文件的 SHA-256", pattern="^[0-9a-fA-F]{64}$"),
                "code": text("查询码；写了就同时核对文件是不是这张证书的"),
            },
            optional=("code",),
        ),
        "FileCheck": members(
            {
                "answer": text(
                    "original 原件，old-version 旧版本，ended 原件但证书已撤销或暂停，another 另一张证书的原件，"
                    "not-original 非原件或已改动，unsure 暂时无法确认",
                    enum=list(FileAnswer),
                ),
                "title": text("中文名称"),
                "detail": text("说明"),
            }
        ),
    }
)
