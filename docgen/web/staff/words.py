"""Words and marks that several staff pages show: moments, states, what stands in the trail."""

from __future__ import annotations

from datetime import datetime
from types import MappingProxyType
from typing import Final

from docgen import clock
from docgen.certificates.states import NAMES, State
from docgen.people.accounts import Action

ACTIONS: Final = MappingProxyType(
    {
        Action.FIRST: "设了第一个管理员",
        Action.LOGIN: "登录",
        Action.LOGOUT: "退出",
        Action.PASSWORD: "设置密码",
        Action.INVITE: "添加人员",
        Action.RENEW: "发了重设密码的链接",
        Action.ROLE: "更改角色",
        Action.DISABLE: "停用人员",
        Action.ENABLE: "重新启用人员",
        Action.HOUSE: "修改设置",
        Action.KEY_ADD: "增加接口密钥",
        Action.KEY_WITHDRAW: "收回接口密钥",
        Action.BATCH: "颁发批次",
        Action.RELEASE: "发布批次",
        Action.CANCEL: "取消批次",
        Action.RETRY: "重试批次",
        Action.REVOKE: "撤销证书",
        Action.SUSPEND: "暂停证书",
        Action.RESUME: "恢复证书",
        Action.REISSUE: "换发证书",
        Action.REPRINT: "下载证书",
        Action.EXPORT: "导出证书清单",
        Action.TEMPLATE: "启用模板",
        Action.TEMPLATE_BACK: "换回模板",
    }
)
_TONES: Final = MappingProxyType(
    {State.PENDING: "busy", State.ISSUED: "good", State.SUSPENDED: "doubt", State.SUPERSEDED: "plain"}
)


def action(word: str) -> str:
    """Return what somebody did, in words; a word of a later docgen stands as it is."""
    return ACTIONS[Action(word)] if word in list(Action) else word


def moment(stamp: str | None) -> str:
    """Return a moment of the records as people here read it: 2026-11-20 22:35, Beijing's time."""
    return datetime.fromisoformat(stamp).astimezone(clock.BEIJING).strftime("%Y-%m-%d %H:%M") if stamp else ""


def state(one: State | None) -> tuple[str, str]:
    """Return a certificate's state as a word and the tone of its pill."""
    return (NAMES[one], _TONES.get(one, "ended")) if one else ("无法确认", "ended")
