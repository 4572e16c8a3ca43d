"""``/metrics`` in the text format of Prometheus: what this process counted, and what the ledger says now."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from flask import Response
from prometheus_client import Counter, generate_latest
from prometheus_client.core import GaugeMetricFamily

from docgen.jobs.meters import METERS
from docgen.store import ledger
from docgen.store.keys import Scope
from docgen.store.ledger import ItemState
from docgen.web.context import context
from docgen.web.operations import Operation, Operations, Result
from docgen.web.pages import STATE

if TYPE_CHECKING:
    from docgen.store.ledger import Backlog

OPERATIONS = Operations()

_MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
REQUESTS: Final = Counter(
    "docgen_http_requests",
    "Requests answered, by the pattern of the address, the method and the status.",
    ("rule", "method", "status"),
    registry=METERS,
)
VERIFICATIONS: Final = Counter(
    "docgen_verifications", "Codes that the public asked about, by what it was told.", ("result",), registry=METERS
)


@OPERATIONS.add(
    Operation(
        "GET",
        "/metrics",
        STATE,
        "运行指标（Prometheus）",
        Result.METRICS,
        "待制作、制作中、失败的份数和最早一份等了多久（取自登记，各服务相同）；"
        "生成文档的时间、意外结束的进程、核验结果、请求、通知（本进程启动以来）。没有姓名、查询码和网址。",
        access=Scope.ADMIN,
        problems=(503,),
    )
)
def metrics() -> Response:
    """Tell what was counted."""
    with context().registry.database.reading() as connection:
        backlog = ledger.backlog(connection)
    return Response(generate_latest(METERS) + generate_latest(_Now(backlog)), content_type=_MEDIA_TYPE)


class _Now:
    """The ledger at this moment, as a registry that gives two gauges."""

    def __init__(self, backlog: Backlog) -> None:
        self._backlog = backlog

    def collect(self) -> list[GaugeMetricFamily]:
        items = GaugeMetricFamily("docgen_items", "Certificates of all batches that are not made.", labels=["state"])
        for state in (ItemState.WAITING, ItemState.MAKING, ItemState.FAILED):
            items.add_metric([state], self._backlog.counts[state])
        since = self._backlog.waiting_since
        age = (datetime.now(UTC) - datetime.fromisoformat(since)).total_seconds() if since else 0
        told = "Seconds that the oldest waiting certificate waits."
        return [items, GaugeMetricFamily("docgen_oldest_waiting_seconds", told, value=max(0, age))]
