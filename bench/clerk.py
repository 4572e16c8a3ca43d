"""Somebody at the staff pages, without a browser: one connection, a cookie, forms sent as the pages send them."""

from __future__ import annotations

import http.client
import re
import shutil
import sys
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urlsplit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LOGIN: Final = "zhangqiming"
PASSWORD: Final = "清晨 河岸 石桥 芦苇"  # noqa: S105  of an installation that lives as long as the bench
_FIELDS: Final = "application/x-www-form-urlencoded"
_BOUNDARY: Final = "docgen-bench"
_TOKEN: Final = re.compile(r'name="csrf" value="([^"]+)"')
_PATIENCE_SECONDS: Final = 600


class Clerk:
    """One person's connection. ``page`` is what it shows, ``path`` where that stands, ``headers`` what came with it."""

    def __init__(self, port: int) -> None:
        """Connect; nobody is logged in yet."""
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_SECONDS)
        self._cookies: dict[str, str] = {}
        self.page, self.path = "", ""
        self.headers = http.client.HTTPMessage()

    def begin(self, link: str) -> None:
        """Become the first administrator, name the house, leave, and log in as on any other day."""
        self.get(link)
        twice = {"password": PASSWORD, "again": PASSWORD}
        self.post(link, {"login": LOGIN, "name": "章启明", **twice})
        self.post("/staff/house?first=1", {"association": "云岭省质量协会", "issuers": "云岭省质量协会"})
        self.post("/staff/logout", {})
        self.post("/staff/login", {"login": LOGIN, "password": PASSWORD})

    def get(self, path: str, **headers: str) -> str:
        """Open a page."""
        return self._ask("GET", path, b"", headers)

    def post(self, path: str, fields: dict[str, str] | Sequence[tuple[str, str]]) -> str:
        """Send a form of the page that is shown."""
        given = [*(fields.items() if isinstance(fields, dict) else fields), *self._token()]
        return self._ask("POST", path, urlencode(given).encode(), {"Content-Type": _FIELDS})

    def upload(self, path: str, fields: dict[str, str], name: str, data: bytes) -> str:
        """Send a form with a file."""
        parts = "".join(
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
            for field, value in [*fields.items(), *self._token()]
        )
        head = f'{parts}--{_BOUNDARY}\r\nContent-Disposition: form-data; name="roster"; filename="{name}"\r\n\r\n'
        body = head.encode() + data + f"\r\n--{_BOUNDARY}--\r\n".encode()
        return self._ask("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"})

    def download(self, path: str, target: Path) -> None:
        """Save a file."""
        self._connection.request("GET", path, headers=self._cookie())
        answer = self._connection.getresponse()
        if answer.status != http.HTTPStatus.OK:
            sys.exit(f"{path}: {answer.status} {answer.read().decode()}")
        with target.open("wb") as file:
            shutil.copyfileobj(answer, file)

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> str:
        """Ask, and go where the answer leads, as a browser does; leaves the program on a refusal."""
        self._connection.request(method, path, body or None, headers | self._cookie())
        answer = self._connection.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie", ()):
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        if answer.status == http.HTTPStatus.SEE_OTHER:
            return self._ask("GET", _local(answer.headers["Location"]), b"", {})
        if answer.status != http.HTTPStatus.OK:
            sys.exit(f"{method} {path}: {answer.status}\n{' '.join(re.sub('<[^>]+>', ' ', text).split())}")
        self.page, self.path, self.headers = text, path, answer.headers
        return text

    def _cookie(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}

    def _token(self) -> list[tuple[str, str]]:
        found = _TOKEN.search(self.page)
        return [("csrf", found[1])] if found else []


def _local(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
