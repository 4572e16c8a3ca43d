"""The frame of every staff page: navigation, notices, problems, and what templates may ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Response, render_template, request, url_for

from docgen.people import accounts
from docgen.store import organisations
from docgen.store.users import Role
from docgen.web.context import context
from docgen.web.staff import door

if TYPE_CHECKING:
    from docgen.store.organisations import Organisation
    from docgen.web.problems import Problem

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_ROOMS: Final = (
    ("home", "首页", Role.VIEWER),
    ("batches", "批量颁证", Role.VIEWER),
    ("certificates", "证书", Role.VIEWER),
    ("forms", "填表", Role.VIEWER),
    ("templates", "模板", Role.ADMIN),
    ("people", "人员", Role.ADMIN),
    ("keys", "接口密钥", Role.ADMIN),
    ("trail", "操作记录", Role.ADMIN),
    ("house", "设置", Role.ADMIN),
)
"""Rooms of the navigation: the endpoint's name, what stands there, who sees it."""
ROLES: Final = {
    Role.VIEWER: "查看",
    Role.ISSUER: "经办",
    Role.APPROVER: "复核",
    Role.ADMIN: "管理员",
}
ROLE_HINTS: Final = {
    Role.VIEWER: "看证书、批次和表格",
    Role.ISSUER: "颁发、更正、填表",
    Role.APPROVER: "另外可以复核发布、撤销、暂停",
    Role.ADMIN: "另外可以管理人员、密钥、模板和设置",
}


def page(template: str, room: str = "", status: int = 200, **values: object) -> Response:
    """Return a staff page. ``room`` marks where in the navigation it stands."""
    known: dict[str, object] = {
        "room": room,
        "rooms": [(name, url_for(f"staff_{name}"), title) for name, title, role in _ROOMS if door.may(role)],
        "trial": context().registry.trial,
        "user": None,
        "token": "",
        "notice": "",
        "association": "",
        "may": door.may,
        "Role": Role,
        "roles": ROLES,
    }
    session = door.visitor()
    if session is not None:
        house = organisation()
        known |= {"user": session.user, "token": session.csrf, "notice": session.notice, "association": house.name}
        if session.notice:
            accounts.leave_notice(context().registry, session, "")
    text = render_template(f"staff/{template}", **known | values)
    response = Response(text, status, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def part(template: str, **values: object) -> Response:
    """Return a piece of a page that htmx puts into its place."""
    session = door.session()
    text = render_template(f"staff/{template}", token=session.csrf, may=door.may, Role=Role, **values)
    return Response(text, content_type="text/html; charset=utf-8")


def problem_page(problem: Problem) -> Response:
    """Tell what went wrong, in the frame of the staff pages; as a piece above the page where htmx asked."""
    if request.headers.get("HX-Request"):
        text = render_template("staff/problem_part.html", problem=problem)
        response = Response(text, problem.status, content_type="text/html; charset=utf-8")
        response.headers.update({"HX-Retarget": "#alerts", "HX-Reswap": "innerHTML show:#alerts:top"})
    else:
        response = page("problem.html", status=problem.status, problem=problem)
    response.headers.update(problem.headers)
    return response


def organisation() -> Organisation:
    """Return the organisation of whoever is logged in."""
    with context().registry.database.reading() as connection:
        return organisations.pick(connection, door.session().user.organisation)
