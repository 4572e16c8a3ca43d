"""The command of the scaled size: a process that makes the documents of batches, on any machine."""

from __future__ import annotations

from typing import Final

import click

from docgen.cli import manual, terminal
from docgen.cli.outcome import Code
from docgen.errors import SettingsError

_WORKER: Final = """
制作批次里的证书，用于几台机器一起工作。

\b
只有一台机器时不需要：docgen serve 自己会制作。几台机器时，各台的设置
DOCGEN_DATABASE_URL、DOCGEN_BROKER_URL、DOCGEN_S3_BUCKET 须相同。
"""
_ALONE: Final = "只有一台机器时不需要 docgen worker，docgen serve 自己会制作；几台机器时请设置它，见 README「几台机器」"


@click.command(cls=manual.Command, help=_WORKER)
@click.option(
    "--lane",
    metavar="LANE",
    type=click.Choice(["bulk", "fast", "all"]),
    default="all",
    help="做哪些批次：bulk 大批次，fast 小批次，all 都做（默认）",
)
@click.option("--metrics", metavar="ADDRESS", help="在这个地址提供运行指标，如 127.0.0.1:9100")
def worker(lane: str, metrics: str | None) -> Code:
    """Make documents until interrupted or terminated."""
    from docgen.jobs import logs, meters, signals  # noqa: PLC0415  see commands.py
    from docgen.jobs.engine import Lane  # noqa: PLC0415  the same
    from docgen.jobs.house import open_house  # noqa: PLC0415  the same
    from docgen.settings import settings  # noqa: PLC0415  the same

    conf = settings()
    for name, value in (("DOCGEN_BROKER_URL", conf.broker_url), ("DOCGEN_DATABASE_URL", conf.database_url)):
        if not value:
            raise SettingsError(f"没有设置 {name}", _ALONE)
    logs.begin()
    if metrics:
        meters.serve(metrics)
    stopped = signals.listen()
    house = open_house(conf, tuple(Lane) if lane == "all" else (Lane(lane),))
    try:
        terminal.say(f"docgen worker 正在等待工作（{lane}），按 Ctrl+C 停止")
        signals.wait(stopped)
    finally:
        house.stop()
    terminal.say("docgen worker 已停止；正在制作的已做完，其余留给别的 worker")
    return Code.DONE
