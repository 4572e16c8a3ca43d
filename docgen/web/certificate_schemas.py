"""JSON Schemas of what is sent and answered about certificates, beside those of ``schemas.py``."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from docgen.certificates.number import MOST_SERIES, SERIES
from docgen.certificates.signature import ALGORITHM
from docgen.certificates.states import ReasonClass, State
from docgen.issuing.printing import FORMATS
from docgen.web.schemas import LINKS, Schema, listed, members, ref, text

_STATE: Final = text(
    "状态：pending 待发布，issued 有效，suspended 已暂停，superseded 已换发，revoked 已撤销，void 已作废",
    enum=list(State),
)
_REASON: Final[Schema] = {
    "reason_class": text("原因类别，公众看得到", enum=list(ReasonClass)),
    "reason": text("原因，只在本单位内部可见", minLength=1, maxLength=500),
}
_FIELDS: Final[Schema] = {"type": "object", "description": "证书的字段，见这种证书的 JSON Schema"}
_LINE: Final[Schema] = {
    "row": {"type": "integer", "description": "在 rows 里的位置，从 0 起"},
    "number": text("证书编号"),
    "version": {"type": "integer", "description": "版本，从 1 起"},
    "code": text("查询码"),
    "url": text("二维码里的网址", format="uri"),
    "state": _STATE,
    "state_name": text("状态的名称"),
    "links": LINKS,
    "failure": members(
        {"code": text("原因，供程序识别"), "detail": text("哪里不对"), "remedy": text("怎样解决")},
        description="没有制成的原因；制成的没有这一项",
    ),
}
_EVENT: Final = members(
    {
        "sequence": {"type": "integer", "description": "次序，从 1 起"},
        "state": text("变为的状态", enum=list(State)),
        "at": text("时间，世界协调时（UTC）", format="date-time"),
        "actor": text("谁做的：key: 后是密钥的编号，cli: 后是登录名"),
        "reason_class": text("原因类别；没有则为空串"),
        "reason": text("原因；没有则为空串"),
    }
)
_DOCUMENT: Final = members(
    {
        "format": text("格式", enum=list(FORMATS)),
        "border": {"type": "boolean", "description": "是否印边框"},
        "template": text("所用模板：表的编号@模板版本"),
        "sha256": text("文件的 SHA-256，十六进制"),
        "bytes": {"type": "integer", "description": "字节数"},
        "created_at": text("制成的时间，世界协调时（UTC）", format="date-time"),
    }
)
_CLAIMS: Final[Schema] = {
    "certificate": text("证书种类，如 caq-2026/certificate-group"),
    "award": text("荣誉名称"),
    "grade": text("等级；没有则为空串"),
    "decision": text("表彰决定文号"),
    "issued_on": text("颁发日期", format="date"),
    "issuers": listed({"type": "string"}, "颁发单位"),
    "ref": text("区分标记；没有则为 -"),
    "holder": listed(members({"label": text("名称"), "value": text("内容")}), "对象，公开页面上全文显示"),
    "persons": listed(
        members({"label": text("名称"), "names": listed({"type": "string"}, "姓名")}),
        "个人姓名，公开页面上只显示一部分",
    ),
    "submission": _FIELDS,
}

SCHEMAS: Final[MappingProxyType[str, Schema]] = MappingProxyType(
    {
        "Order": members(
            {
                "certificate": text("证书种类，如 caq-2026/certificate-group；全部种类见 GET /api/v1/forms"),
                "decision": text("表彰决定文号", minLength=1, maxLength=60),
                "series": text("编号系列；不写则用这种证书的默认系列", pattern=SERIES.pattern, maxLength=MOST_SERIES),
                "shared": _FIELDS | {"description": "各行共有的字段，行里写了的以行里的为准"},
                "rows": listed(
                    {"type": "object", "description": "一份证书的字段；另可写 ref，用来区分同名的两个对象"},
                    "每行一份证书，编号按次序",
                )
                | {"minItems": 1, "maxItems": 20},
            },
            optional=("series", "shared"),
        ),
        "Issued": members(
            {
                "batch": {"type": "integer", "description": "这次颁发的编号"},
                "notes": listed({"type": "string"}, "请人留意的事，如编号系列是第一次使用"),
                "certificates": listed(members(_LINE, optional=("failure",)), "每行一份，次序与请求相同"),
            }
        ),
        "Certificate": members(
            {
                "number": text("证书编号"),
                "versions": listed(ref("CertificateVersion"), "全部版本，新的在前"),
                "links": LINKS,
            }
        ),
        "CertificateVersion": members(
            {
                "number": text("证书编号"),
                "version": {"type": "integer", "description": "版本，从 1 起"},
                "state": _STATE | {"type": ["string", "null"], "enum": [*State, None]},
                "state_name": text("状态的名称；经过与登记不符时为「无法确认」"),
                "code": text("查询码"),
                "url": text("二维码里的网址", format="uri"),
                "signed": {
                    "type": "boolean",
                    "description": "登记内容是否与签名相符；不符时没有以下各项内容",
                },
                **_CLAIMS,
                "events": listed(_EVENT, "经过，旧的在前"),
                "documents": listed(_DOCUMENT, "已制成的文档"),
            },
            optional=tuple(_CLAIMS),
        ),
        "Reason": members(_REASON),
        "Changed": members(
            {
                "number": text("证书编号"),
                "state": _STATE,
                "state_name": text("状态的名称"),
                "changed": {"type": "boolean", "description": "这次请求是否改变了状态"},
                "links": LINKS,
            }
        ),
        "Correction": members({"changes": _FIELDS | {"description": "只写要改的字段，null 表示去掉这一项"}} | _REASON),
        "Reissued": members(_LINE, optional=("failure",)),
        "Jwks": members(
            {
                "keys": listed(
                    members(
                        {
                            "kty": text("密钥类型：椭圆曲线 OKP", const="OKP"),
                            "crv": text("曲线 Ed25519", const="Ed25519"),
                            "x": text("公钥，base64url"),
                            "kid": text("RFC 7638 指纹，写在签名的头部"),
                            "alg": text("签名算法 Ed25519（RFC 9864）", const=ALGORITHM),
                            "use": text("用途：签名 sig", const="sig"),
                        }
                    ),
                    "公钥，旧的在前",
                )
            }
        ),
    }
)
