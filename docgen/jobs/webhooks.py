"""Telling another system that a batch has ended: signed as Standard Webhooks 1.0 wants, tried again for a day.

Only hosts that the operator named are ever called, and redirects are not followed: a caller must not make this server
knock at doors inside its own network.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import urllib3
from standardwebhooks import Webhook

from docgen import __version__
from docgen.errors import Fault, SubmissionError
from docgen.jobs import meters
from docgen.store import deliveries, ledger

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docgen.store.database import Connection, Database
    from docgen.store.deliveries import Delivery

EVENT: Final = "batch.ended"
_TIMEOUT: Final = urllib3.Timeout(connect=5, read=10)
_log = logging.getLogger(__name__)


def judged(url: str, hosts: Sequence[str]) -> str:
    """Return an address that may be called; raises SubmissionError where it may not."""
    if not url or _allowed(url, hosts):
        return url
    known = "、".join(hosts) or "（没有）"
    detail = f"只能通知管理员允许的主机：{known}；由设置 DOCGEN_WEBHOOK_HOSTS 增加，地址写作 https://主机/路径"
    raise SubmissionError((Fault("/webhook", "通知地址", "not_allowed", detail),))


def _allowed(url: str, hosts: Sequence[str]) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"https", "http"} and parts.netloc in hosts and not parts.fragment


class Courier:
    """Delivers messages, one after the other."""

    def __init__(self, database: Database, hosts: Sequence[str]) -> None:
        """Use a database, and the hosts that may be called: a setting that was narrowed holds for old batches too."""
        self._database = database
        self._hosts = tuple(hosts)
        self._pool = urllib3.PoolManager(
            timeout=_TIMEOUT, retries=False, headers={"User-Agent": f"docgen/{__version__}"}
        )

    def deliver(self) -> bool:
        """Deliver one message whose time has come; tell whether there was one."""
        with self._database.writing() as connection:
            delivery = deliveries.lease(connection)
            body = _body(connection, delivery) if delivery else ""
        if delivery is None:
            return False
        status, taken = self._post(delivery, body)
        with self._database.writing() as connection:
            deliveries.settle(connection, delivery, status, taken=taken)
        meters.DELIVERIES.labels(status).inc()
        told = {"batch": delivery.batch, "attempt": delivery.attempts, "status": status}
        _log.info("webhook", extra=told)
        return True

    def _post(self, delivery: Delivery, body: str) -> tuple[str, bool]:
        if not _allowed(delivery.url, self._hosts):
            return "host-not-allowed", False
        now = datetime.now(UTC)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": delivery.id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(delivery.secret).sign(delivery.id, now, body),
        }
        try:
            answer = self._pool.request(
                "POST", delivery.url, body=body.encode(), headers=headers, redirect=False, preload_content=False
            )
        except urllib3.exceptions.HTTPError as error:
            return type(error).__name__, False
        answer.close()  # whatever else is said there, and however much of it, is nothing to us
        taken = 200 <= answer.status < 300  # noqa: PLR2004  the classes of HTTP's own statuses
        return str(answer.status), taken


def _body(connection: Connection, delivery: Delivery) -> str:
    """Return what is told: numbers of documents, and nothing of any person."""
    counts = ledger.counts(connection, delivery.batch)
    data = {"batch": delivery.batch, **{state.value: counts[state] for state in ledger.ItemState}}
    return json.dumps({"type": delivery.event, "timestamp": datetime.now(UTC).isoformat(), "data": data})
