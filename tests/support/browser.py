"""A real Chromium that sees one site only, and what it said about the pages that it opened."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # ships no types
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, Route

CHROMIUM: Final = "/usr/bin/chromium"
_QUIET: Final = (
    "--no-sandbox",  # tests run as root in a container
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=zh-CN",
)
_HOP_BY_HOP: Final = {"connection", "transfer-encoding", "content-length", "date", "via"}
_AXE: Final = Axe()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium, which looks nothing up and reports to nobody."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_QUIET))
        yield browser
        browser.close()


@dataclass
class Visitor:
    """One person with one window. ``strayed`` are requests to other places, ``complaints`` what the console said.

    Requests to ``site`` (scheme and host) are sent to the server that listens on ``port``, as a reverse proxy that ends
    TLS would; all others are refused.
    """

    page: Page
    site: str
    port: int
    strayed: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def carry(self, route: Route) -> None:
        """Bring a request to the server and its answer back."""
        asked = route.request
        if not asked.url.startswith(f"{self.site}/"):
            self.strayed.append(asked.url)
            route.abort()
            return
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            path = asked.url.removeprefix(self.site)
            headers = asked.all_headers() | {"host": urlsplit(self.site).netloc}
            sent = {name: value for name, value in headers.items() if name[0] != ":" and name not in _HOP_BY_HOP}
            connection.request(asked.method, path.partition("#")[0], asked.post_data_buffer, sent)
            answer = connection.getresponse()
            told = {name: value for name, value in answer.getheaders() if name.lower() not in _HOP_BY_HOP}
            route.fulfill(status=answer.status, headers=told, body=answer.read())
        finally:
            connection.close()

    def overflows(self) -> bool:
        """Tell whether the page is wider than the window."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))

    def barriers(self) -> list[str]:
        """Return what axe finds that keeps people out: rule and elements."""
        found: list[dict[str, Any]] = _AXE.run(self.page).response["violations"]
        return [f"{one['id']}: {[node['html'] for node in one['nodes']]}" for one in found]


@contextmanager
def visiting(browser: Browser, site: str, port: int, width: int = 1280, **more: Any) -> Iterator[Visitor]:
    """Open a window on a site; ``more`` are Playwright's own settings of a browser context."""
    window = browser.new_context(viewport={"width": width, "height": 800}, locale="zh-CN", **more)
    visitor = Visitor(window.new_page(), site, port)
    window.route("**/*", visitor.carry)
    visitor.page.on("console", lambda said: visitor.complaints.append(said.text))
    visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
    yield visitor
    window.close()
