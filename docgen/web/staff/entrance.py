"""Coming in: the first administrator's link, invitations, login, logout, one's own password, the house's settings."""

from __future__ import annotations

from flask import Response, request

from docgen.errors import Fault, SubmissionError
from docgen.people import accounts, passwords
from docgen.people.accounts import LoginError
from docgen.store import organisations
from docgen.store.users import Role
from docgen.web import incoming
from docgen.web.context import context
from docgen.web.staff import door, pages
from docgen.web.staff.routes import STAFF, Routes

ROUTES = Routes()


@ROUTES.add("GET", "/login", None)
def login() -> Response:
    """Ask for login and password."""
    if door.visitor():
        return door.go(door.after_login())
    return pages.page("login.html")


@ROUTES.add("POST", "/login", None)
def enter() -> Response:
    """Let somebody in."""
    given = request.form.get("login", "").strip()
    try:
        secret = accounts.enter(context().registry, given, request.form.get("password", ""), incoming.asker())
    except LoginError as error:
        return pages.page("login.html", status=401, error=error, login=given)
    return door.let_in(door.go(door.after_login()), secret)


@ROUTES.add("POST", "/logout", Role.VIEWER)
def leave() -> Response:
    """Let somebody go."""
    accounts.leave(context().registry, door.session())
    return door.let_out(door.go(f"{STAFF}/login"))


@ROUTES.add("GET", "/begin/<secret>", None)
def begin(secret: str) -> Response:
    """Ask who the first administrator is."""
    accounts.holds(context().registry, secret)
    return _ask_first({})


@ROUTES.add("POST", "/begin/<secret>", None)
def begun(secret: str) -> Response:
    """Make the first administrator, who then tells about the house."""
    person = {name: request.form.get(name, "").strip() for name in ("login", "name")}
    password = request.form.get("password", "")
    try:
        _want_same(password)
        cookie = accounts.begin(context().registry, secret, person, password)
    except SubmissionError as error:
        return _ask_first(person, error.faults)
    return door.let_in(door.go(f"{STAFF}/house?first=1"), cookie)


def _ask_first(person: dict[str, str], faults: tuple[Fault, ...] = ()) -> Response:
    status = 422 if faults else 200
    return pages.page("begin.html", status=status, person=person, faults=faults, least=passwords.LEAST)


@ROUTES.add("GET", "/link/<secret>", None)
def link(secret: str) -> Response:
    """Ask for the password that somebody was invited to set."""
    user = accounts.holds(context().registry, secret)
    return pages.page("link.html", invited=user, faults=(), least=passwords.LEAST)


@ROUTES.add("POST", "/link/<secret>", None)
def accept(secret: str) -> Response:
    """Set it, and let them in."""
    user = accounts.holds(context().registry, secret)
    password = request.form.get("password", "")
    try:
        _want_same(password)
        cookie = accounts.accept(context().registry, secret, password)
    except SubmissionError as error:
        return pages.page("link.html", status=422, invited=user, faults=error.faults, least=passwords.LEAST)
    return door.let_in(door.go(f"{STAFF}/"), cookie)


@ROUTES.add("GET", "/account", Role.VIEWER)
def account() -> Response:
    """Show somebody their own account."""
    return _account(())


@ROUTES.add("POST", "/account", Role.VIEWER)
def change_password() -> Response:
    """Change one's own password."""
    after = request.form.get("password", "")
    user = door.session().user
    try:
        _want_same(after)
        secret = accounts.change_password(door.desk(), user, request.form.get("before", ""), after)
    except SubmissionError as error:
        return _account(error.faults)
    return door.let_in(door.go(f"{STAFF}/"), secret)


def _account(faults: tuple[Fault, ...]) -> Response:
    return pages.page("account.html", status=422 if faults else 200, faults=faults, least=passwords.LEAST)


@ROUTES.add("GET", "/house", Role.ADMIN)
def house() -> Response:
    """Show what the association's pages and certificates say of it."""
    return _house({}, ())


@ROUTES.add("POST", "/house", Role.ADMIN)
def furnish() -> Response:
    """Decide that."""
    given = {name: request.form[name].strip() for name in ("association", "address") if name in request.form}
    secret = door.secret()
    issuers = [line.strip() for line in request.form.getlist("issuers") if line.strip()]
    try:
        accounts.furnish(door.desk(), {**given, "issuers": issuers})
    except SubmissionError as error:
        return _house({**given, "issuers": issuers}, error.faults)
    # A new address may want the cookie to be handed out in another way; nobody is to be logged out by it.
    return door.let_in(door.go(f"{STAFF}/" if request.args.get("first") else f"{STAFF}/house", "设置已保存"), secret)


def _house(given: dict[str, object], faults: tuple[Fault, ...]) -> Response:
    registry = context().registry
    one = pages.organisation()
    address = "" if registry.trial else registry.public_url
    known: dict[str, object] = {"association": one.name, "address": address, "issuers": list(one.issuers)}
    return pages.page(
        "house.html",
        "house",
        status=422 if faults else 200,
        given=known | given,
        faults=faults,
        first=bool(request.args.get("first")),
        fixed=bool(registry.fixed_url),
        decides=one.id == organisations.FIRST,
        public_url=registry.public_url,
    )


def _want_same(password: str) -> None:
    """Refuse two passwords that differ: nobody sees what they type."""
    if request.form.get("again", "") != password:
        raise SubmissionError((Fault("/again", "再输一遍", "differs", "和上面的密码不一样"),))
