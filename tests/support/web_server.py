"""The real server in a process of its own, spoken to over a socket."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
SERVE = "import sys; from docgen.web.server import serve; serve(sys.argv[1], 0)"


@dataclass
class Server:
    """A running server: where it listens, what it printed, and what it wrote to its log."""

    process: subprocess.Popen[str]
    host: str
    port: int
    printed: str
    log: Path

    @property
    def key(self) -> str:
        return str(re.findall(r"dgk_[0-9a-f]{8}_[0-9a-f]{64}", self.printed)[0])

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, Any, bytes]:
        """Send one request with the printed key; return status, headers and body."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        try:
            given = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"} | headers
            connection.request(method, path, body, given)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def say(self, *parts: bytes) -> bytes:
        """Send bytes as they are; return all that comes back until the server closes."""
        with socket.create_connection((self.host, self.port), timeout=60) as wire:
            for part in parts:
                wire.sendall(part)
            return b"".join(iter(lambda: wire.recv(65536), b""))

    def stop(self) -> str:
        """End the server as a supervisor would; return the rest of what it printed."""
        self.process.terminate()
        rest, _ = self.process.communicate(timeout=60)
        return rest


@contextmanager
def serving(folder: Path, host: str = "127.0.0.1", **settings: str) -> Iterator[Server]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("DOCGEN_")}
    env |= {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "DOCGEN_DATA_DIR": str(folder / "data")}
    env |= {f"DOCGEN_{name.upper()}": value for name, value in settings.items()}
    log = folder / "log"
    with log.open("a", encoding="utf-8") as stream:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE, host],
            stdout=subprocess.PIPE,
            stderr=stream,
            text=True,
            encoding="utf-8",
            env=env,
        )
    try:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "render?format=pdf" in line or "沿用" in line:
                break
        printed = "".join(lines)
        found = re.search(r"http://([0-9.]+|\[::1\]):(\d+)", printed)
        assert found, log.read_text(encoding="utf-8")
        yield Server(process, found[1].strip("[]").replace("0.0.0.0", "127.0.0.1"), int(found[2]), printed, log)  # noqa: S104  read, not bound
    finally:
        process.kill()
        process.communicate()
