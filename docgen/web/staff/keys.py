"""接口密钥: the keys by which other systems issue and look up."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from flask import Response, request

from docgen.errors import Fault, SubmissionError
from docgen.people import keys as keyring
from docgen.store.keys import Scope
from docgen.store.users import Role
from docgen.web.staff import door, pages, words
from docgen.web.staff.routes import STAFF, Routes

ROUTES = Routes()
SCOPES: Final = MappingProxyType(
    {
        Scope.RENDER: ("核对与生成", "核对填报数据，生成 Word、PDF、Excel，读回填好的表"),
        Scope.ISSUE: ("颁发", "颁发、换发、查看、打印证书，批量颁证"),
        Scope.REVOKE: ("撤销", "撤销、暂停、恢复证书"),
        Scope.ADMIN: ("管理", "读服务的运行指标"),
    }
)


@ROUTES.add("GET", "/keys", Role.ADMIN)
def keys() -> Response:
    """List the keys."""
    return _keys(())


@ROUTES.add("POST", "/keys", Role.ADMIN)
def add_key() -> Response:
    """Make a key and show it, once: nobody is sent on, because nobody can show it again."""
    try:
        text = keyring.add(door.desk(), request.form.getlist("scopes"))
    except SubmissionError as error:
        return _keys(error.faults)
    return pages.page("key.html", "keys", text=text)


@ROUTES.add("GET", "/keys/<identifier>/withdraw", Role.ADMIN)
def ask_withdraw_key(identifier: str) -> Response:
    """Ask whether a key is to be withdrawn."""
    key = keyring.in_use(door.desk(), identifier)
    return pages.page("key_withdraw.html", "keys", key=key, scopes=SCOPES, moment=words.moment)


@ROUTES.add("POST", "/keys/<identifier>/withdraw", Role.ADMIN)
def withdraw_key(identifier: str) -> Response:
    """Withdraw a key."""
    keyring.withdraw(door.desk(), identifier)
    return door.go(f"{STAFF}/keys", f"密钥 {identifier} 已收回，立即失效")


def _keys(faults: tuple[Fault, ...]) -> Response:
    values = {"keys": keyring.of(door.desk()), "faults": faults, "scopes": SCOPES, "moment": words.moment}
    return pages.page("keys.html", "keys", 422 if faults else 200, **values)
