"""One process of an installation, to be watched and killed: ``python house_process.py '{"lanes": …}'``.

It opens a house with the settings of its environment, may begin batches, says so on its output (one JSON list a line),
and ends in order on SIGTERM. ``strike`` ends it by SIGKILL at a step; ``crash`` is a name that kills a render process.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
from typing import Any

from docgen.jobs import working
from docgen.render import press

_CRASH = "HOUSE_CRASH"


def _strike(step: str, turn: int, *, after: bool) -> None:
    """End this process by SIGKILL before or after the turn-th time that a step is taken."""
    from docgen.issuing import printing  # noqa: PLC0415  render processes import this file too
    from docgen.store import events, ledger  # noqa: PLC0415  the same

    owners = {"ledger": ledger, "printing": printing, "events": events, "working": working}
    room, name = step.split(".")
    whole, taken, lock = getattr(owners[room], name), 0, threading.Lock()

    def struck(*args: Any, **kwargs: Any) -> Any:
        nonlocal taken
        with lock:
            taken += 1
            mine = taken == turn
        if mine and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = whole(*args, **kwargs)
        if mine:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    setattr(owners[room], name, struck)


def _crash_at(name: str) -> None:
    """Kill the process that makes the document of this person."""
    whole = press.make

    def fatal(form: Any, submission: Any, *args: Any, **kwargs: Any) -> Any:
        if submission and submission.get("name") == name:
            os.kill(os.getpid(), signal.SIGKILL)
        return whole(form, submission, *args, **kwargs)

    setattr(press, "make", fatal)  # noqa: B010  mypy must not see a function replaced


def main(told: dict[str, Any]) -> None:
    from docgen.issuing import orders  # noqa: PLC0415  see above
    from docgen.issuing.registry import Desk  # noqa: PLC0415  see above
    from docgen.jobs import house, runs, signals  # noqa: PLC0415  see above
    from docgen.settings import settings  # noqa: PLC0415  see above
    from docgen.store.ledger import Details  # noqa: PLC0415  see above
    from docgen.store.organisations import FIRST  # noqa: PLC0415  see above

    logging.basicConfig(format="%(asctime)s %(name)s %(levelname)s %(message)s", level=logging.INFO)
    logging.getLogger("pika").setLevel(logging.CRITICAL)
    stopped = signals.listen()
    if seconds := told.get("lease_seconds"):
        setattr(working, "_LEASE_SECONDS", seconds)  # noqa: B010  a constant: mypy must not see it changed
    opened = house.open_house(settings(), told.get("lanes"))
    if told.get("strike"):
        step, turn, after = told["strike"]
        _strike(step, turn, after=after)
    print(json.dumps(["ready"]), flush=True)  # noqa: T201  the test reads it
    desk = Desk(opened.shop.registry, FIRST, "cli:test")
    for key, order, changes in told.get("begin", ()):
        details = Details("测试批次", order["decision"], **changes)
        begun = runs.begin(desk, opened.engine, orders.read(order), details, key)
        print(json.dumps(["begun", begun.batch]), flush=True)  # noqa: T201  the same
    for batch in told.get("retry", ()):
        runs.retry(desk, opened.engine, batch)
    signals.wait(stopped)
    opened.stop()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
elif crash := os.environ.get(_CRASH):
    _crash_at(crash)
