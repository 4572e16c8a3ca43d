"""How an answer of the public verification is told: the same members in JSON and on the page.

Pages are made of these members only, so no template ever holds a personal name in full.
"""

from __future__ import annotations

from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from docgen import clock
from docgen.certificates import names
from docgen.certificates.code import grouped
from docgen.issuing.verifying import TITLES, FileAnswer, NameAnswer, Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docgen.certificates.claims import Claims
    from docgen.issuing.registry import Registry
    from docgen.issuing.verifying import Verification

Members = dict[str, Any]

_SENTENCES: Final = MappingProxyType(
    {
        Result.VALID: "这张证书登记在册，现在有效。请逐项核对：证书上印的应与下面完全一致。",
        Result.NOT_YET: "这张证书已经登记，但颁发日期还没有到，现在不能作为凭证。",
        Result.SUPERSEDED: "颁发单位已发出更正后的新证书，这一张不再有效。请向持证方索取新证书，核验新证书上的二维码。",
        Result.REVOKED: "颁发单位已撤销这张证书，请不要采信。",
        Result.SUSPENDED: "颁发单位已暂停这张证书，恢复之前请不要采信。",
        Result.VOID: "这张证书没有发布就已作废，请不要采信。",
        Result.TRIAL: "这是试用时印出的，不是已颁发的证书，什么也不能证明，请不要采信。",
        Result.SAMPLE: "这是样张的查询码。样张不对应任何已颁发的证书，什么也不能证明，请不要采信。",
        Result.UNKNOWN: "没有登记过这个查询码。请与证书上印的逐字核对；仍然查不到时请不要采信，并向颁发单位核实。",
        Result.MALFORMED: "这不是完整、正确的查询码，可能漏了字符或写错了字符。请与证书上印的逐字核对，重新输入。",
        Result.UNSURE: "现在得不到可靠的结果，这不说明证书是真是假。请稍后再查，或向颁发单位核实。",
        Result.LIMITED: "今天从您所在的网络查询了太多不存在的查询码，请明天再查，或换一个网络。",
    }
)
_NAMES: Final = MappingProxyType(
    {
        NameAnswer.SAME: ("一致", "这个姓名在这张证书上。"),
        NameAnswer.OTHER: (
            "不一致",
            "这个姓名不在这张证书上。请核对有没有写错字；确实不一致时，请不要采信对方出示的证书。",
        ),
        NameAnswer.LOCKED: ("今日核对次数已用完", "请明天再核对，或向颁发单位核实。"),
        NameAnswer.NOT_ASKED: ("没有核对", "没有输入姓名，或者没有可以核对的姓名。"),
    }
)
UNSURE: Final = "unsure"
"""Told of a name that could not be compared now."""
_FILES: Final = MappingProxyType(
    {
        FileAnswer.ORIGINAL: ("原件", "这个文件与颁发单位登记的电子版完全相同。"),
        FileAnswer.OLD_VERSION: ("旧版本", "这是更正之前的电子版，证书已经换发。请向持证方索取新的电子版。"),
        FileAnswer.ENDED: ("原件，但证书已撤销或暂停", "这个文件没有改动过，但它的证书现在不是有效状态，请不要采信。"),
        FileAnswer.ANOTHER: ("是另一张证书的原件", "这个文件没有改动过，但它不是本页所查的证书，请不要采信。"),
        FileAnswer.NOT_ORIGINAL: (
            "非原件或已改动",
            "颁发单位没有登记过这个文件。另存、压缩、扫描都会改动文件；请索取原来的文件，或以本页的内容为准。",
        ),
        FileAnswer.UNSURE: ("暂时无法确认", "现在得不到可靠的结果，请稍后再试。"),
    }
)


def verification(found: Verification, registry: Registry, association: str) -> Members:
    """Return what leaves the house about a code; personal names are masked, and ended certificates have none."""
    told: Members = {
        "result": found.result,
        "title": TITLES[found.result],
        "detail": _SENTENCES[found.result],
        "code": grouped(found.code),
        "as_of": found.as_of.isoformat(timespec="seconds"),
        "association": association,
        "host": host(registry),
        "trial": registry.trial,
    }
    if found.claims:
        told["certificate"] = _certificate(found.claims)
    if found.last:
        day = datetime.fromisoformat(found.last.at).astimezone(clock.BEIJING).date()
        told["change"] = {"date": day.isoformat(), "reason_class": found.last.step.reason_class}
    return told


def host(registry: Registry) -> str:
    """Return the host that stands on certificates."""
    return urlsplit(registry.public_url).netloc


def name_check(answer: NameAnswer | None) -> Members:
    """Return what is told of a name check; None where it could not be made."""
    title, detail = _NAMES[answer] if answer else ("暂时无法核对", "现在得不到可靠的结果，请稍后再试。")
    return {"answer": answer or UNSURE, "title": title, "detail": detail}


def file_check(answer: FileAnswer) -> Members:
    """Return what is told of a file."""
    title, detail = _FILES[answer]
    return {"answer": answer, "title": title, "detail": detail}


def _certificate(claims: Claims) -> Mapping[str, object]:
    return {
        "number": claims.number,
        "award": claims.award,
        "grade": claims.grade,
        "holder": [{"label": label, "value": value} for label, value in claims.shown()],
        "persons": [{"label": label, "names": list(map(names.masked, group))} for label, group in claims.people()],
        "issuers": list(claims.issuers),
        "decision": claims.decision,
        "issued_on": claims.issued_on,
    }


def day(text: str) -> str:
    """Return an ISO date as people write it: 2026年10月30日."""
    told = datetime.fromisoformat(text)
    return f"{told.year}年{told.month}月{told.day}日"


def moment(text: str) -> str:
    """Return an ISO date and time to the second: 2026年10月30日 09:05:00."""
    return f"{day(text)} {datetime.fromisoformat(text):%H:%M:%S}"
