"""Staff for tests: an application with somebody of every role logged in, and a real server with a real browser.

``tests/web/conftest.py`` offers both as fixtures: ``office`` and ``desktop``.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # ships no types

from docgen.issuing.registry import Desk
from docgen.store import organisations, users
from docgen.store.organisations import FIRST
from docgen.store.users import Role, User

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient
    from playwright.sync_api import Browser, Page
    from web_server import Server
    from werkzeug.test import TestResponse

    from docgen.issuing.registry import Registry

COOKIE: Final = "docgen-local"
NAMES: Final = {Role.VIEWER: "方知远", Role.ISSUER: "章启明", Role.APPROVER: "卢思远", Role.ADMIN: "欧阳雪"}
OTHER: Final = "other"
"""A second organisation."""
_AXE: Final = Axe()


def enrol(registry: Registry, role: Role, organisation: str = FIRST, login: str = "") -> tuple[User, str]:
    """Return somebody of a role, made when first asked for, and the cookie of a new session."""
    login = login or f"{organisation}-{role}"
    with registry.database.writing() as connection:
        if organisation != FIRST and all(one.id != organisation for one in organisations.all_organisations(connection)):
            organisations.add(connection, organisation, "泽川市质量协会")
        user = users.find(connection, login) or users.add(connection, organisation, login, NAMES[role], role)
        assert user
        if not user.password:  # hashing takes a while, and nobody of these types a password
            users.set_password(connection, user.id, "nobody types this")
        return user, users.begin_session(connection, user.id)


@dataclass
class Clerk:
    """Somebody logged in, who sends forms as the pages do."""

    client: FlaskClient
    user: User
    desk: Desk
    csrf: str

    def get(self, path: str, **more: Any) -> TestResponse:
        """Open a page below /staff."""
        return self.client.get(f"/staff{path}", **more)

    def post(self, path: str, fields: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        """Send a form below /staff, with the session's token."""
        return self.client.post(f"/staff{path}", data={"csrf": self.csrf, **(fields or {})}, **more)


@dataclass
class Office:
    """An application in this process."""

    app: Flask
    registry: Registry

    def clerk(self, role: Role = Role.ADMIN, organisation: str = FIRST, login: str = "") -> Clerk:
        """Return a client of somebody of a role."""
        user, secret = enrol(self.registry, role, organisation, login)
        client = self.app.test_client()
        client.set_cookie(COOKIE, secret)
        with self.registry.database.reading() as connection:
            found = users.session(connection, secret)
        assert found
        return Clerk(client, user, Desk(self.registry, organisation, user.actor), found[0].csrf)


@dataclass
class Seat:
    """Somebody at a browser. ``complaints`` is what its console said."""

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Open a page below /staff."""
        self.page.goto(f"{self.base}/staff{path}")

    def overflows(self) -> bool:
        """Tell whether the page is wider than the window."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))

    def barriers(self) -> list[str]:
        """Return what axe finds that keeps people out: rule and elements."""
        found: list[dict[str, Any]] = _AXE.run(self.page).response["violations"]
        return [f"{one['id']}: {[node['html'] for node in one['nodes']]}" for one in found]


@dataclass
class Desktop:
    """A real server, the same records opened here, and a browser. It is a trial: http on the loopback."""

    server: Server
    registry: Registry
    browser: Browser

    @contextmanager
    def seat(self, role: Role | None = Role.ADMIN, width: int = 1280, **more: Any) -> Iterator[Seat]:
        """Open a window for somebody of a role, or for nobody; ``more`` are Playwright's settings of a context."""
        base = f"http://127.0.0.1:{self.server.port}"
        window = self.browser.new_context(viewport={"width": width, "height": 800}, locale="zh-CN", **more)
        if role:
            window.add_cookies([{"name": COOKIE, "value": enrol(self.registry, role)[1], "url": base}])
        seat = Seat(window.new_page(), base)
        seat.page.on("console", lambda said: seat.complaints.append(said.text))
        seat.page.on("pageerror", lambda error: seat.complaints.append(str(error)))
        yield seat
        window.close()
