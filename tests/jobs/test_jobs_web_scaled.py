"""The scaled size with the real commands: two servers, two workers, one installation."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING

from registry_data import order, person
from web_server import Server, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from houses import Estate

ROOT = Path(__file__).resolve().parents[2]
BATCHES = "/api/v1/batches"
_PATIENCE_SECONDS = 120


@contextmanager
def working(estate: Estate, lane: str, *more: str) -> Iterator[subprocess.Popen[str]]:
    """Run ``docgen worker`` until the block ends."""
    env = {**os.environ, **estate.environment(), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "docgen", "worker", "--lane", lane, *more]
    with estate.log.open("ab") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, env=env, text=True, encoding="utf-8")
    try:
        assert process.stdout
        assert "正在等待工作" in process.stdout.readline()
        yield process
    finally:
        process.terminate()
        said, _ = process.communicate(timeout=_PATIENCE_SECONDS)
    assert "已停止" in said
    assert process.returncode == 0


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def counted(address: str) -> str:
    """Return what a worker tells of itself."""
    connection = HTTPConnection(address, timeout=30)
    connection.request("GET", "/metrics")
    return connection.getresponse().read().decode()


def ended(server: Server, path: str) -> int:
    """Wait for the end of a batch; return how many were made."""
    end = time.monotonic() + _PATIENCE_SECONDS
    while (told := json.loads(server.ask("GET", path)[2]))["state"] == "running":
        assert time.monotonic() < end, told
        time.sleep(0.1)
    return int(told["issued"])


def test_what_one_server_began_another_sees_and_workers_make(scaled: Estate, tmp_path: Path) -> None:
    settings = {name.removeprefix("DOCGEN_").lower(): value for name, value in scaled.environment().items()}
    folder = Path(settings.pop("data_dir")).parent
    with ExitStack() as stack:
        one = stack.enter_context(serving(folder, **settings))
        other = stack.enter_context(serving(folder, **settings))
        other.printed += one.key
        many = json.dumps(order([person(index) for index in range(30)])).encode()
        few = json.dumps(order([person(index) for index in range(900, 902)], decision="另一份决定")).encode()
        path = one.ask("POST", BATCHES, many, **{"Idempotency-Key": "many"})[1]["Location"]
        again = other.ask("POST", BATCHES, many, **{"Idempotency-Key": "many"})
        assert (again[0], again[1]["Location"]) == (202, path)
        with working(scaled, "fast"):
            small = other.ask("POST", BATCHES, few, **{"Idempotency-Key": "few"})[1]["Location"]
            assert ended(one, small) == 2
            assert json.loads(one.ask("GET", path)[2])["issued"] == 0, "the fast lane leaves large batches alone"
            address = f"127.0.0.1:{free_port()}"
            with working(scaled, "all", "--metrics", address):
                assert ended(other, path) == 30
                assert 'docgen_render_seconds_count{kind="certificates"}' in counted(address)
        status, headers, _ = other.ask("GET", f"{path}/archive.zip")
        assert (status, headers["Content-Type"]) == (200, "application/zip")
        assert tmp_path.is_dir()
