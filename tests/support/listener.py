"""A real HTTP server that hears webhooks and answers as it was told."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Listener:
    """What was heard: headers and bodies; ``answers`` are the statuses to come, then 204."""

    host: str
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    news: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def wait(self, seconds: float = 60) -> tuple[dict[str, str], bytes]:
        """Wait for the next message."""
        assert self.news.acquire(timeout=seconds), "nothing came"
        return self.heard[-1]


@contextmanager
def listening(*answers: int) -> Iterator[Listener]:
    """Listen on a free port of the loopback."""
    hearer: Listener

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            hearer.heard.append((dict(self.headers.items()), body))
            self.send_response(hearer.answers.pop(0) if hearer.answers else 204)
            self.send_header("Content-Length", "0")
            self.send_header("Location", f"http://{hearer.host}/elsewhere")
            self.end_headers()
            hearer.news.release()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        hearer = Listener(f"127.0.0.1:{server.server_port}", answers=list(answers))
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield hearer
        server.shutdown()
        thread.join()
