"""人员: who may work here, as what, and the links by which they set their passwords."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, request

from docgen.errors import Fault, SubmissionError
from docgen.people import accounts
from docgen.store import users
from docgen.store.users import Role
from docgen.web.context import context
from docgen.web.staff import door, pages, words
from docgen.web.staff.routes import STAFF, Routes

if TYPE_CHECKING:
    from docgen.people.accounts import Invited
    from docgen.store.users import User

ROUTES = Routes()
_LIST = f"{STAFF}/people"


@ROUTES.add("GET", "/people", Role.ADMIN)
def people() -> Response:
    """List who may work here."""
    return _people({}, ())


@ROUTES.add("POST", "/people", Role.ADMIN)
def invite() -> Response:
    """Add somebody and show the link for their password, once."""
    given = {name: request.form.get(name, "").strip() for name in ("name", "login", "role")}
    person = {name: given[name] for name in ("login", "name")}
    try:
        return _link(accounts.invite(door.desk(), person, _role(given["role"])))
    except SubmissionError as error:
        return _people(given, error.faults)


@ROUTES.add("GET", "/people/<int:identifier>", Role.ADMIN)
def person(identifier: int) -> Response:
    """Show somebody."""
    return _person(identifier, ())


@ROUTES.add("POST", "/people/<int:identifier>/role", Role.ADMIN)
def change_role(identifier: int) -> Response:
    """Change what somebody may do."""
    found = _known(identifier)
    try:
        role = _role(request.form.get("role", ""))
    except SubmissionError as error:
        return _person(identifier, error.faults)
    accounts.change_role(door.desk(), identifier, role)
    return door.go(f"{_LIST}/{identifier}", f"{found.name}现在的角色是「{pages.ROLES[role]}」")


@ROUTES.add("POST", "/people/<int:identifier>/link", Role.ADMIN)
def renew_link(identifier: int) -> Response:
    """Show a new link for somebody's password, once."""
    return _link(accounts.renew(door.desk(), identifier))


@ROUTES.add("POST", "/people/<int:identifier>/disable", Role.ADMIN)
def disable(identifier: int) -> Response:
    """Shut somebody out."""
    found = _known(identifier)
    accounts.disable(door.desk(), identifier)
    notice = f"已停用{found.name}，从现在起不能登录"
    return door.go(f"{_LIST}/{identifier}", notice) if found.id != door.session().user.id else door.go(_LIST)


@ROUTES.add("POST", "/people/<int:identifier>/enable", Role.ADMIN)
def enable(identifier: int) -> Response:
    """Let somebody in again."""
    found = _known(identifier)
    accounts.enable(door.desk(), identifier)
    return door.go(f"{_LIST}/{identifier}", f"{found.name}又可以登录了")


def _people(given: dict[str, str], faults: tuple[Fault, ...]) -> Response:
    with context().registry.database.reading() as connection:
        known = users.of(connection, door.session().user.organisation)
    return pages.page(
        "people.html",
        "people",
        status=422 if faults else 200,
        people=sorted(known, key=lambda one: one.disabled_at is not None),
        given=given,
        faults=faults,
        hints=pages.ROLE_HINTS,
        moment=words.moment,
    )


def _person(identifier: int, faults: tuple[Fault, ...]) -> Response:
    status = 422 if faults else 200
    values = {"person": _known(identifier), "faults": faults, "hints": pages.ROLE_HINTS, "moment": words.moment}
    return pages.page("person.html", "people", status, **values)


def _link(invited: Invited) -> Response:
    """Show a link: the only time that its secret is known, so the page is not redirected to."""
    address = f"{request.host_url.rstrip('/')}{STAFF}/link/{invited.secret}"
    return pages.page("person_link.html", "people", invited=invited.user, address=address)


def _known(identifier: int) -> User:
    with context().registry.database.reading() as connection:
        found = users.by_id(connection, door.session().user.organisation, identifier)
    if found is None:
        raise accounts.UnknownUserError("没有这个人", "请回到人员列表，再选一次")
    return found


def _role(word: str) -> Role:
    if word not in list(Role):
        raise SubmissionError((Fault("/role", "角色", "missing", "请选一个"),))
    return Role(word)
