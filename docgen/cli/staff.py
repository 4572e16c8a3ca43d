"""The commands for whoever is locked out of the staff pages: list people, invite one, give a new link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from docgen.cli import manual, terminal
from docgen.cli.arguments import ORGANISATION
from docgen.cli.outcome import Code

if TYPE_CHECKING:
    from docgen.people.accounts import Invited
    from docgen.store.users import User

_ROLES: Final = {"viewer": "查看", "issuer": "经办", "approver": "复核", "admin": "管理员"}
_INVITE: Final = """
添加一个工作人员，打印设置密码的链接。

\b
LOGIN  登录名，不分大小写
NAME   姓名
角色：viewer 查看；issuer 经办；approver 复核；admin 管理员（默认）。
"""
_LINK: Final = """
打印一个人重设密码的链接。

\b
三天内有效，只能用一次；设好之前，旧密码照常可用。
全部管理员都进不去时，用它恢复。
"""


@click.group(cls=manual.Group, help="管理工作人员：列出、添加、重设密码。")
def staff() -> None:
    """Group the commands for staff."""


@staff.command("list", help="列出工作人员。")
@ORGANISATION
def list_staff(organisation: str | None) -> Code:
    """List who may log in."""
    from docgen.cli.desk import desk  # noqa: PLC0415  see commands.py
    from docgen.store import users  # noqa: PLC0415  the same

    at = desk(organisation)
    with at.registry.database.reading() as connection:
        known = users.of(connection, at.organisation)
    if not known:
        terminal.say("还没有工作人员；第一个管理员由 docgen serve 打印的链接设置")
        return Code.DONE
    rows = [("登录名", "姓名", "角色", "状态"), *map(_row, known)]
    terminal.say(terminal.aligned(rows))
    return Code.DONE


def _row(user: User) -> tuple[str, str, str, str]:
    state = "已停用" if user.disabled_at else "可登录" if user.password else "还没设密码"
    return user.login, user.name, _ROLES[user.role], state


@staff.command("invite", help=_INVITE)
@click.argument("login", metavar="LOGIN")
@click.argument("name", metavar="NAME")
@click.option("--role", metavar="ROLE", type=click.Choice(tuple(_ROLES)), default="admin", help="角色，默认 admin")
@ORGANISATION
def invite(login: str, name: str, role: str, organisation: str | None) -> Code:
    """Add somebody."""
    from docgen.cli.desk import desk  # noqa: PLC0415  see commands.py
    from docgen.people import accounts  # noqa: PLC0415  the same
    from docgen.store.users import Role  # noqa: PLC0415  the same

    return _told(accounts.invite(desk(organisation), {"login": login, "name": name}, Role(role)))


@staff.command("link", help=_LINK)
@click.argument("login", metavar="LOGIN")
@ORGANISATION
def link(login: str, organisation: str | None) -> Code:
    """Give somebody a new link."""
    from docgen.cli.desk import desk  # noqa: PLC0415  see commands.py
    from docgen.people import accounts  # noqa: PLC0415  the same
    from docgen.store import users  # noqa: PLC0415  the same

    at = desk(organisation)
    with at.registry.database.reading() as connection:
        user = users.find(connection, login.strip())
    if user is None or user.organisation != at.organisation:
        raise click.UsageError(f"没有登录名是「{login[:30]}」的人，请用 docgen staff list 查看")
    return _told(accounts.renew(at, user.id))


def _told(invited: Invited) -> Code:
    """Print a link: the address of this installation, where the public knows one."""
    from docgen.settings import settings  # noqa: PLC0415  see commands.py

    conf = settings()
    is_public = conf.public_url.startswith("https://")
    address = conf.public_url if is_public else f"http://{conf.host}:{conf.port}"
    user = invited.user
    terminal.complain(f"请{user.name}（登录名 {user.login}）在浏览器打开，三天内有效，只能用一次：")
    terminal.say(f"{address}/staff/link/{invited.secret}")
    if user.disabled_at:
        terminal.complain("这个人已停用，请另一位管理员在「人员」里重新启用后再打开")
    return Code.DONE


COMMANDS: Final = (staff,)
