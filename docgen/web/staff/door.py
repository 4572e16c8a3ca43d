"""Who is at the door of the staff pages: cookie, session, role, and whether a request was really meant.

A request that changes something carries the session's token and comes from our own pages (``Sec-Fetch-Site``, or
``Origin`` where a browser does not send that); a cookie alone never does anything.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

from flask import Response, g, request

from docgen.issuing.registry import Desk
from docgen.people import accounts
from docgen.web.context import context
from docgen.web.problems import Problem, ProblemError
from docgen.web.staff.routes import STAFF

if TYPE_CHECKING:
    from docgen.store.users import Role, Session
    from docgen.web.staff.routes import Route

TOKEN: Final = "csrf"  # noqa: S105  the name of a field
TOKEN_HEADER: Final = "X-CSRF-Token"  # noqa: S105  the name of a header
_SAFE: Final = frozenset({"GET", "HEAD"})
_OWN_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
"""Hosts to which no browser's request leaves the machine: http is no danger there."""
_MOST_PARTS: Final = 20_000
"""Fields of a long form: a table of two thousand rows."""
_LOGIN: Final = f"{STAFF}/login"


def admit(route: Route) -> Response | None:
    """Let a request in, or answer it: with the login page, or with a refusal."""
    g.session = _session()
    if route.long:
        _make_room()
    if request.method not in _SAFE:
        _want_own_page()
    if route.role is None:
        return None
    if g.session is None:
        return _to_login()
    g.key_id = g.session.user.actor
    if request.method not in _SAFE:
        _want_token(g.session)
    if not g.session.user.role.covers(route.role):
        raise ProblemError(
            Problem(403, "role-missing", "没有权限", "你的角色不能做这件事", "需要时请管理员在「人员」里调整角色")
        )
    return None


def _make_room() -> None:
    """Let a long form in; files may come along in it, and only in the kind of form that carries files."""
    most = context().settings.max_body_bytes
    if request.mimetype == "application/x-www-form-urlencoded":
        request.max_content_length = most
    request.max_form_memory_size = most
    request.max_form_parts = _MOST_PARTS


def greet() -> None:
    """Know who asks for what is not there, so that the page about it looks like the others."""
    g.session = _session()


def visitor() -> Session | None:
    """Return who is logged in, None for nobody."""
    found: Session | None = g.get("session")
    return found


def session() -> Session:
    """Return who is logged in, where a route lets nobody else in."""
    found = visitor()
    if found is None:
        raise _refused("还没有登录")
    return found


def desk() -> Desk:
    """Return the desk at which whoever is logged in works."""
    user = session().user
    return Desk(context().registry, user.organisation, user.actor)


def may(role: Role) -> bool:
    """Tell whether whoever is logged in has a role, or a higher one."""
    found = visitor()
    return found is not None and found.user.role.covers(role)


def let_in(response: Response, given: str) -> Response:
    """Hand out the cookie of a new session. It ends with the browser, and on the server sooner than that."""
    response.set_cookie(_cookie(), given, secure=_is_secure(), httponly=True, samesite="Lax", path="/")
    return response


def let_out(response: Response) -> Response:
    """Take the cookie back."""
    response.delete_cookie(_cookie(), secure=_is_secure(), httponly=True, samesite="Lax", path="/")
    return response


def _is_secure() -> bool:
    """Whether somebody comes by https: always, but for a trial, and on the machine itself."""
    if request.is_secure:
        return True
    host = urlsplit(f"//{request.host}").hostname
    return not context().registry.trial and host not in _OWN_MACHINE


def _cookie() -> str:
    """Return the cookie's name; with ``__Host-`` browsers take it from no other host and by no http (RFC 6265bis)."""
    return "__Host-docgen" if _is_secure() else "docgen-local"


def secret() -> str:
    """Return the value of the cookie that came with the request."""
    return request.cookies.get(_cookie(), "")


def _session() -> Session | None:
    given = secret()
    return accounts.current(context().registry, given) if given else None


def _want_own_page() -> None:
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None:
        own = site in {"same-origin", "none"}
    else:
        own = origin is None or urlsplit(origin).netloc == request.host
    if not own:
        raise _refused("这个请求来自别的网站")


def _want_token(session: Session) -> None:
    given = request.headers.get(TOKEN_HEADER) or request.form.get(TOKEN, "")
    if not hmac.compare_digest(given.encode(), session.csrf.encode()):
        raise _refused("这个页面是另一次登录时打开的")


def _refused(detail: str) -> ProblemError:
    remedy = "什么也没有改动；请回到首页，重新打开要用的页面再试"
    return ProblemError(Problem(403, "not-meant", "请求没有执行", detail, remedy))


def _to_login() -> Response:
    wanted = request.full_path.rstrip("?") if request.method in _SAFE else f"{STAFF}/"
    target = f"{_LOGIN}?next={quote(wanted)}"
    if request.headers.get("HX-Request"):
        return Response(headers={"HX-Redirect": target})
    return _moved(target)


def after_login() -> str:
    """Return where somebody wanted to go; only pages of ours, so that nobody is sent elsewhere."""
    wanted = request.args.get("next", "")
    plain = wanted.startswith(f"{STAFF}/") and wanted.isprintable() and "\\" not in wanted and "//" not in wanted
    return wanted if plain else f"{STAFF}/"


def _moved(target: str) -> Response:
    return Response(status=303, headers={"Location": target})


def go(target: str, notice: str = "") -> Response:
    """Send the browser on after something was done; ``notice`` is a sentence for the next page."""
    found = visitor()
    if notice and found is not None:
        accounts.leave_notice(context().registry, found, notice)
    if request.headers.get("HX-Request"):
        return Response(headers={"HX-Redirect": target})
    return _moved(target)
