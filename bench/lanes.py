"""What a batch costs those who wait: ``python -m bench.lanes [--rows 2000] [--samples 60]``.

Starts ``docgen serve`` on one machine, measures the latency of single documents (a form as Word and as PDF) and of the
public page while nothing else runs, then begins a batch and measures the same until it ends. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import http.client
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from bench import installation

FORM: Final = "/api/v1/forms/caq-2026/application"
SAMPLE: Final = (installation.ROOT / "samples" / "caq-2026" / "application.json").read_bytes()
WANTED: Final[dict[str, tuple[str, str, bytes | None]]] = {
    "docx": ("POST", f"{FORM}/render?format=docx", SAMPLE),
    "pdf": ("POST", f"{FORM}/render?format=pdf", SAMPLE),
}
PAGE: Final = "public page"


class Client:
    """One kept connection to a running server."""

    def __init__(self, port: int, key: str) -> None:
        """Connect."""
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        self._key = key
        self.wanted = dict(WANTED)

    def publish(self) -> None:
        """Issue one certificate, whose public page is asked for from now on."""
        status, answer = self.ask(
            "POST", "/api/v1/certificates", json.dumps(order(1, "另一份决定")).encode(), **{"Idempotency-Key": "one"}
        )
        if status != http.HTTPStatus.CREATED:
            raise SystemExit(answer.decode())
        code = json.loads(answer)["certificates"][0]["code"].replace("-", "")
        self.wanted[PAGE] = ("GET", f"/C/{code}", None)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        """Send one request; return status and body."""
        given = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"} | headers
        self._connection.request(method, path, body, given)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def latency(self, what: str) -> float:
        """Return the seconds that one document takes."""
        start = time.perf_counter()
        status, _ = self.ask(*self.wanted[what])
        if status != http.HTTPStatus.OK:
            raise SystemExit(f"{what}: {status}")
        return time.perf_counter() - start


def order(rows: int, decision: str = "协字〔2026〕1号") -> dict[str, Any]:
    """Return an order of managers' certificates."""
    return {
        "certificate": "qinggong-2025/certificate-manager",
        "decision": decision,
        "shared": {"org_name": "云岭青瓷日用陶瓷股份有限公司", "issued_on": "2025-12-10"},
        "rows": [{"name": "章启明", "ref": str(place)} for place in range(rows)],
    }


def told(when: str, found: dict[str, list[float]]) -> None:
    """Print median and the slow ones, milliseconds."""
    for what, seconds in found.items():
        ranked = sorted(seconds)
        high = ranked[int(0.95 * (len(ranked) - 1))]
        print(
            f"{when:>6}  {what:<12} n={len(ranked):<4} median {1000 * statistics.median(ranked):6.0f} ms"
            f"  95% {1000 * high:6.0f} ms  most {1000 * ranked[-1]:6.0f} ms"
        )


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--samples", type=int, default=60)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, installation.serving(Path(folder)) as running:
        server = Client(running.port, running.key)
        server.publish()
        for what in server.wanted:
            server.latency(what)  # the first ones open the faces
            server.latency(what)
        told("idle", {what: [server.latency(what) for _ in range(asked.samples)] for what in server.wanted})
        start = time.perf_counter()
        body = json.dumps(order(asked.rows)).encode()
        status, answer = server.ask("POST", "/api/v1/batches", body, **{"Idempotency-Key": "bench"})
        if status != http.HTTPStatus.ACCEPTED:
            raise SystemExit(answer.decode())
        print(f"        {asked.rows} rows judged and recorded in {time.perf_counter() - start:.1f} s")
        path = f"/api/v1/batches/{json.loads(answer)['batch']}"
        found: dict[str, list[float]] = {what: [] for what in server.wanted}
        start = time.perf_counter()
        while json.loads(server.ask("GET", path)[1])["state"] == "running":
            for what, seconds in found.items():
                seconds.append(server.latency(what))
        spent = time.perf_counter() - start
        told("batch", found)
        print(f"        {asked.rows} certificates in {spent:.0f} s, {asked.rows / spent:.1f} a second")


if __name__ == "__main__":
    main()
