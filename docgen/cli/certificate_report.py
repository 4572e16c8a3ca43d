"""What commands say of certificates, for people and for machines."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from docgen import clock
from docgen.certificates.code import grouped
from docgen.certificates.states import NAMES
from docgen.cli.terminal import aligned

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from docgen.issuing.looking import Version
    from docgen.store.events import Event

_UNSURE: Final = "无法确认"


def versions_text(versions: Sequence[Version]) -> str:
    """Return the newest version in full and the others in a line each."""
    newest, *older = versions
    lines = [f"{newest.record.number}  {_standing(newest)}", "", aligned(list(_rows(newest)))]
    if older:
        lines += ["", "以前的版本："]
        lines += [f"  {_standing(one)}，查询码 {grouped(one.record.code)}" for one in older]
    return "\n".join(lines)


def _standing(version: Version) -> str:
    return f"第 {version.record.version} 版  {NAMES[version.state] if version.state else _UNSURE}"


def _rows(version: Version) -> Iterator[tuple[str, str]]:
    claims = version.claims
    if claims:
        yield "荣誉", f"{claims.award}{claims.grade}"
        yield from claims.shown()
        yield from ((label, "、".join(group)) for label, group in claims.people())
        yield "颁发单位", "、".join(claims.issuers)
        yield "表彰决定", claims.decision
        yield "颁发日期", claims.issued_on
        yield "证书种类", claims.form
    else:
        yield "登记内容", "与签名不符，可能有人直接改过数据库；请停止使用这张证书，从备份核对"
    yield "查询码", grouped(version.record.code)
    yield "核验网址", version.url
    for one in version.documents:
        border = "" if one.border else "，无边框"
        yield "文档", f"{one.format}{border}，{one.bytes:,} 字节，SHA-256 {one.sha256}"


def event_entries(versions: Sequence[Version]) -> list[dict[str, object]]:
    """Return what happened, oldest first, for machines."""
    return [
        {
            "version": version,
            "state": event.step.state,
            "at": event.at,
            "actor": event.step.actor,
            "reason_class": event.step.reason_class,
            "reason": event.step.reason,
        }
        for version, event in _events(versions)
    ]


def history_text(versions: Sequence[Version]) -> str:
    """Return what happened, oldest first, in Beijing's time."""
    rows = [("时间（北京）", "版本", "状态", "经手", "原因类别", "原因")]
    rows += [
        (
            f"{datetime.fromisoformat(event.at).astimezone(clock.BEIJING):%Y-%m-%d %H:%M:%S}",
            str(version),
            NAMES[event.step.state],
            event.step.actor,
            event.step.reason_class or "—",
            event.step.reason or "—",
        )
        for version, event in _events(versions)
    ]
    return f"{versions[0].record.number}\n\n{aligned(rows)}"


def _events(versions: Sequence[Version]) -> list[tuple[int, Event]]:
    """Return the events of all versions in the order of time."""
    found = [(version.record.version, event) for version in versions for event in version.history]
    return sorted(found, key=lambda one: (one[1].at, one[0], one[1].sequence))


def verification_text(told: Mapping[str, Any]) -> str:
    """Return what a code is worth, from what ``web.telling`` says of it."""
    lines = [f"{told['title']}：{told['detail']}"]
    if told.get("stranger"):
        lines.append(
            f"警告：这个网址属于 {told['stranger']}，不是本单位的核验网址 {told['host']}；请不要相信那里显示的内容"
        )
    rows = list(_certificate_rows(told))
    return "\n".join([*lines, *(["", aligned(rows)] if rows else [])])


def _certificate_rows(told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if certificate := told.get("certificate"):
        yield "证书编号", certificate["number"]
        yield "荣誉", f"{certificate['award']}{certificate['grade']}"
        yield from ((one["label"], one["value"]) for one in certificate["holder"])
        yield from ((one["label"], "、".join(one["names"])) for one in certificate["persons"])
        yield "颁发单位", "、".join(certificate["issuers"])
        yield "表彰决定", certificate["decision"]
        yield "颁发日期", certificate["issued_on"]
    if change := told.get("change"):
        yield "变更日期", change["date"]
        yield "原因类别", change["reason_class"] or "—"
    if told["code"]:
        yield "查询码", told["code"]
    yield "截至", f"{told['as_of']}（北京时间）"


def file_text(told: Mapping[str, Any]) -> str:
    """Return what a file is and, where it is no original, what it claims to be."""
    lines = [f"{told['title']}：{told['detail']}", f"SHA-256 {told['sha256']}"]
    lines += [f"警告：文件上的二维码指向 {host}，不是本单位的核验网址" for host in told["strangers"]]
    if claimed := told.get("claimed"):
        number = claimed.get("certificate", {}).get("number")
        if told["answer"] == "not-original":
            whom = f"证书 {number}" if number else f"查询码 {claimed['code']}"
            lines += ["", f"文件自称是{whom}，但不是登记的原件，内容可能已改动；这个查询码登记的是："]
        lines += ["", verification_text(claimed)]
    return "\n".join(lines)
