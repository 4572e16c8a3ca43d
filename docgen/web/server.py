"""Serving the application with waitress: the data folder, the first key, the door, and an orderly end."""

from __future__ import annotations

import ipaddress
import sys
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from waitress import create_server, wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer
from waitress.task import ErrorTask

from docgen.errors import DocgenError
from docgen.forms import catalogue
from docgen.forms.form import Kind, Wording
from docgen.jobs import logs, signals
from docgen.jobs.house import open_house
from docgen.people import accounts
from docgen.settings import settings
from docgen.store import organisations
from docgen.store.keys import Scope
from docgen.web import renders
from docgen.web.app import DOWNLOADS, SECURITY_HEADERS, create_app
from docgen.web.context import most_threads
from docgen.web.operations import API
from docgen.web.problems import MEDIA_TYPE, encode, of_status
from docgen.web.staff.routes import STAFF

if TYPE_CHECKING:
    from flask import Flask

    from docgen.issuing.registry import Registry
    from docgen.settings import Settings

_SPARE_THREADS: Final = 6
"""Threads beside those that render or wait for a slot, so that health, look-ups and checks are answered meanwhile."""
_LOOK_SECONDS: Final = 0.5
"""How soon the server notices that it shall stop."""
_HARD_LIMIT: Final = 4
"""A body up to so many times the limit is taken off the wire and then refused with an answer that the client can read;
beyond that the connection is closed at once, and a client that does not wait for 100-continue may see only that."""


class StartError(DocgenError):
    """The server cannot start."""

    code = "start-refused"


class _ProblemTask(ErrorTask):  # type: ignore[misc]  # waitress ships no types
    """What waitress refuses by itself (broken HTTP, sizes) is told like everything else."""

    def execute(self) -> None:
        body = encode(of_status(self.request.error.code).members())
        self.status = f"{self.request.error.code} {self.request.error.reason}"
        self.response_headers = [("Content-Type", MEDIA_TYPE), *SECURITY_HEADERS]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class _Channel(HTTPChannel):  # type: ignore[misc]  # waitress ships no types
    error_task_class = _ProblemTask


def serve(host: str | None = None, port: int | None = None) -> None:
    """Serve until interrupted or terminated, then in order: requests and documents that are being made are finished.

    Port 0 takes any free one. Raises StartError, BusyFolderError, DatabaseError or FolderError.
    """
    conf = settings()
    host, port = host or conf.host, conf.port if port is None else port
    conf = conf.model_copy(update={"port": port or conf.port})  # a trial's addresses lead here
    logs.begin()
    house = open_house(conf)
    try:
        registry = house.registry
        registry.chest.guard()
        doors: dict[int, Any] = {}
        server = _opened(conf, create_app(conf, registry, house.engine), doors, host, port)
        listening = [door for door in doors.values() if isinstance(door, BaseWSGIServer)]
        for door in listening:
            door.channel_class = _Channel
        stopped = signals.listen()
        _announce(host, f"http://{_bracketed(host)}:{listening[0].effective_port}", registry)
        house.fast.submit(
            renders.blank, _first_form(), "pdf", Wording.VERBATIM
        )  # who comes first shall not wait for it
        while not stopped.is_set():
            wasyncore.loop(_LOOK_SECONDS, use_poll=True, map=doors, count=1)
        _finish(doors, listening, conf.render_seconds)
        server.task_dispatcher.shutdown(timeout=0)
        wasyncore.close_all(doors)
    finally:
        house.stop()
    _say("docgen 已停止")


def _opened(conf: Settings, app: Flask, doors: dict[int, Any], host: str, port: int) -> BaseWSGIServer:
    """Listen; raises StartError. All sockets stand in ``doors`` from now on."""
    try:
        return create_server(
            app,
            map=doors,
            host=host,
            port=port,
            threads=most_threads(conf.render_slots) + most_threads(DOWNLOADS) + _SPARE_THREADS,
            max_request_body_size=_HARD_LIMIT * conf.max_body_bytes + conf.max_picture_bytes,
            channel_timeout=30,
            clear_untrusted_proxy_headers=not conf.trusted_proxies,
            ident=None,
        )
    except (OSError, ValueError) as error:
        raise _not_listening(host, port, error) from None


def _finish(doors: dict[int, Any], listening: list[BaseWSGIServer], seconds: float) -> None:
    """Let nobody in any more, and wait until those who are in have their answers."""
    for door in listening:
        wasyncore.dispatcher.close(door)
    end = monotonic() + seconds
    while monotonic() < end and any(
        one.requests or one.total_outbufs_len for one in doors.values() if isinstance(one, HTTPChannel)
    ):
        wasyncore.loop(_LOOK_SECONDS, use_poll=True, map=doors, count=1)


def _announce(host: str, address: str, registry: Registry) -> None:
    """Say where the service is and, the first time, give away its key."""
    _say(f"docgen 正在监听 {address}（接口说明：{address}/docs，按 Ctrl+C 停止）")
    if not _is_loopback(host):
        sys.stderr.write(
            f"警告：{host} 不是本机回环地址，其他机器也能连进来。\n"
            "　　　docgen 只说不加密的 HTTP，密钥和填报数据在途中会被看到。\n"
            "　　　请在前面放一个终结 TLS 的反向代理（如 nginx），让 docgen 只监听 127.0.0.1。\n"
        )
    _say(_standing(registry))
    if secret := accounts.first_link(registry):
        _say(f"还没有管理员。请在浏览器打开（三天内有效，只能用一次）：\n\n    {address}{STAFF}/begin/{secret}\n")
    else:
        _say(f"工作人员从这里登录：{address}{STAFF}/")
    if registry.keyring.all():
        _say(f"沿用已有的密钥，在用 {len(registry.keyring)} 把；增加和收回用 docgen api-keys")
        return
    form = catalogue.get_form(_first_form())
    url = f"{address}{API}/forms/{form.id}"
    with registry.database.reading() as connection:
        first = organisations.all_organisations(connection)[0]
    key = registry.keyring.add(first.id, Scope.RENDER, Scope.ISSUE, Scope.REVOKE)
    _say(
        f"首次启动，已为{first.name}生成一把密钥，可以生成文档，颁发、换发和撤销证书。它只显示这一次，请妥善保存：\n\n"
        f"    {key}\n\n"
        "用法举例（先取样例，再生成 PDF）：\n\n"
        "    export DOCGEN_KEY=上面的密钥\n"
        f'    curl -H "Authorization: Bearer $DOCGEN_KEY" -o 样例.json \\\n         {url}/sample\n'
        '    curl -H "Authorization: Bearer $DOCGEN_KEY" -H "Content-Type: application/json" \\\n'
        f"         --data-binary @样例.json -o {form.title}.pdf '{url}/render?format=pdf'\n"
    )


def _first_form() -> str:
    return next(form.id for form in catalogue.all_forms().values() if form.kind is Kind.APPLICATION)


def _standing(registry: Registry) -> str:
    """Say what certificates issued here are worth, and how to make them worth something."""
    if not registry.trial:
        return f"证书的核验网址（DOCGEN_PUBLIC_URL）：{registry.public_url}，印在证书上，请确认公众能打开"
    return (
        f"试用环境：证书的核验网址（DOCGEN_PUBLIC_URL）是 {registry.public_url}，公众打不开；"
        "颁发的证书都印有「试用」，在别处一律无效。\n"
        "正式颁发前，请在工作人员网页的「设置」里写上协会自己的网址，或设置 DOCGEN_PUBLIC_URL，如 https://zs.example.org.cn"
    )


def _not_listening(host: str, port: int, error: OSError | ValueError) -> StartError:
    match error:
        case OSError(errno=98 | 48):
            why = "这个端口已被占用"
        case PermissionError():
            why = "没有权限使用这个端口"
        case _:
            why = "这个地址不属于本机，或写得不对"
    return StartError(f"不能监听 {host}:{port}：{why}", "请用 --host 和 --port（或 DOCGEN_HOST、DOCGEN_PORT）换一个")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
