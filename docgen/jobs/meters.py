"""What a process counts of its own work, for ``/metrics``: no name, no code and no path is ever a label."""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server

from docgen.errors import SettingsError

METERS: Final = CollectorRegistry()
"""Our own: what libraries count by themselves stays out."""

RENDER_SECONDS: Final = Histogram(
    "docgen_render_seconds",
    "Seconds that a render process took, by the kind of its work.",
    ("kind",),
    registry=METERS,
    buckets=(0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60),
)
CHILDREN_ENDED: Final = Counter(
    "docgen_render_processes_ended",
    "Render processes that ended before their time, by cause: deadline, memory, crash.",
    ("cause",),
    registry=METERS,
)
DELIVERIES: Final = Counter(
    "docgen_webhook_deliveries",
    "Attempts to deliver a webhook message, by how they ended: a status of HTTP, or the class of an error.",
    ("status",),
    registry=METERS,
)


def serve(address: str) -> None:
    """Tell what was counted at ``host:port`` for as long as the process lives; raises SettingsError.

    For workers, which have no other door. Whoever can reach it reads numbers, nothing else.
    """
    host, colon, port = address.rpartition(":")
    try:
        start_http_server(int(port), host.strip("[]") if colon else "127.0.0.1", METERS)
    except (OSError, ValueError, OverflowError):
        remedy = "请写成 127.0.0.1:9100 的样式，并换一个没有占用的端口"
        raise SettingsError(f"不能在 {address} 提供运行指标", remedy) from None
