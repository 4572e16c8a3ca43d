"""Accounts: the first administrator, invitations, coming in and going, what administrators change.

Whoever sets a password gets there by a one-time link. Every action stands in the trail.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field

from docgen import clock
from docgen.errors import ConflictError, DocgenError, Fault, SubmissionError
from docgen.fields import Line, OrgName, Submission
from docgen.forms import checking
from docgen.forms.shape import shape_of
from docgen.people import passwords
from docgen.store import installation, misses, organisations, trail, users
from docgen.store.misses import Guess
from docgen.store.users import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docgen.issuing.registry import Desk, Registry
    from docgen.store.database import Connection
    from docgen.store.users import Session, User

_ADDRESS: Final = re.compile(r"(?:https://)?([a-z0-9](?:[a-z0-9.\-]*[a-z0-9])?(?::\d{1,5})?)/?", re.ASCII)


class Action(StrEnum):
    """What the trail tells of: a machine word; pages say it in Chinese."""

    FIRST = "first-administrator"
    LOGIN = "login"
    LOGOUT = "logout"
    PASSWORD = "password-set"  # noqa: S105  a word of the trail
    INVITE = "user-invited"
    RENEW = "user-link-renewed"
    ROLE = "user-role-changed"
    DISABLE = "user-disabled"
    ENABLE = "user-enabled"
    HOUSE = "house-changed"
    KEY_ADD = "key-added"
    KEY_WITHDRAW = "key-withdrawn"
    BATCH = "batch-begun"
    RELEASE = "batch-released"
    CANCEL = "batch-cancelled"
    RETRY = "batch-retried"
    REVOKE = "certificate-revoked"
    SUSPEND = "certificate-suspended"
    RESUME = "certificate-resumed"
    REISSUE = "certificate-reissued"
    REPRINT = "certificate-printed"
    EXPORT = "certificates-exported"
    TEMPLATE = "template-taken-into-use"
    TEMPLATE_BACK = "template-rolled-back"


class LoginError(DocgenError):
    """Somebody may not come in."""

    code = "login-refused"


class LinkError(DocgenError):
    """A one-time link holds no longer."""

    code = "link-over"


class UnknownUserError(DocgenError):
    """There is no such user in the organisation."""

    code = "user-unknown"


class Newcomer(Submission):
    """A new member of staff."""

    login: Annotated[str, Line(30), Field(title="登录名")]
    name: Annotated[str, Line(30), Field(title="姓名")]


class House(Submission):
    """What the pages and the certificates of an organisation say of it."""

    association: Annotated[str, Line(60), Field(title="协会全称")]
    address: Annotated[str, Line(100), Field(title="核验网址")] = ""
    issuers: Annotated[list[OrgName], Field(title="颁发单位", max_length=4, default_factory=list)]


_NEWCOMER: Final = shape_of(Newcomer, "工作人员")
_HOUSE: Final = shape_of(House, "协会")


@dataclass(frozen=True, slots=True)
class Invited:
    """A user, and the secret of the link by which the password is set: the only time that it is known."""

    user: User
    secret: str


def first_link(registry: Registry) -> str | None:
    """Return the secret of a new link for the first administrator, None where somebody can log in already."""
    with registry.database.writing() as connection:
        return None if users.any_known(connection) else users.invite(connection, None)


def holds(registry: Registry, secret: str) -> User | None:
    """Return whose a link is, None for the first administrator's; raises LinkError where it holds no longer."""
    with registry.database.reading() as connection:
        good, user = users.invited(connection, secret)
        if good and user is None and users.any_known(connection):
            good = False
    if not good:
        raise LinkError(
            "这个链接已经用过或过期了", "请管理员再发一个；首次设置的链接，重新启动 docgen serve 会再打印一个"
        )
    return user


def begin(registry: Registry, secret: str, person: Mapping[str, object], password: str) -> str:
    """Make the first administrator and log them in; return the cookie's value. Raises SubmissionError, LinkError."""
    told, hashed = _judged(person, password)
    holds(registry, secret)
    with registry.database.writing() as connection:
        if users.any_known(connection) or not users.take(connection, secret):
            raise LinkError("这个链接已经用过了", "请直接登录")
        user = users.add(connection, organisations.FIRST, told.login, told.name, Role.ADMIN)
        if user is None:
            raise _taken()
        users.set_password(connection, user.id, hashed)
        trail.note(connection, user.organisation, user.actor, Action.FIRST, user.login)
        return users.begin_session(connection, user.id)


def accept(registry: Registry, secret: str, password: str) -> str:
    """Set the password that a link is for, and log its user in; return the cookie's value."""
    user = holds(registry, secret)
    if user is None:
        raise LinkError("这个链接是首次设置用的", "请从终端里打印的地址进入")
    hashed = passwords.hashed(password, user.login, user.name)
    with registry.database.writing() as connection:
        if not users.take(connection, secret):
            raise LinkError("这个链接已经用过了", "请直接登录")
        users.set_password(connection, user.id, hashed)
        trail.note(connection, user.organisation, user.actor, Action.PASSWORD, user.login)
        return users.begin_session(connection, user.id)


def enter(registry: Registry, login: str, password: str, address: str) -> str:
    """Log somebody in; return the cookie's value. Raises LoginError, which never tells whether there is such a user."""
    guessed = f"{login.casefold()} {address}"
    today = clock.today()
    with registry.database.writing() as connection:
        locked = misses.locked(connection, Guess.PASSWORD, guessed, today)
        if not locked:  # before the look at the password: guesses at the same moment are no more than one by one
            misses.count(connection, Guess.PASSWORD, guessed, today)
        user = users.find(connection, login)
    if locked:
        raise LoginError("今天在这里输错的次数太多了", "请明天再试，或请管理员发一个重设密码的链接")
    if not passwords.right(password, user.password if user else "") or user is None or user.disabled_at:
        raise LoginError("登录名或密码不对", "请检查大小写和输入法；忘了密码请管理员发一个重设密码的链接")
    with registry.database.writing() as connection:
        misses.forgive(connection, Guess.PASSWORD, guessed, today)
        trail.note(connection, user.organisation, user.actor, Action.LOGIN, user.login)
        return users.begin_session(connection, user.id)


def current(registry: Registry, secret: str) -> Session | None:
    """Return whose a cookie is, None where nobody's any more."""
    with registry.database.reading() as connection:
        found = users.session(connection, secret)
    if found is None:
        return None
    session, due = found
    if due:
        with registry.database.writing() as connection:
            users.see(connection, session.digest)
    return session


def leave_notice(registry: Registry, session: Session, notice: str) -> None:
    """Leave a sentence for somebody's next page; "" takes it away."""
    with registry.database.writing() as connection:
        users.leave_notice(connection, session.digest, notice)


def note(desk: Desk, action: Action, subject: str) -> None:
    """Note what somebody did where another room did it."""
    with desk.registry.database.writing() as connection:
        trail.note(connection, desk.organisation, desk.actor, action, subject)


def leave(registry: Registry, session: Session) -> None:
    """Log somebody out."""
    with registry.database.writing() as connection:
        users.end_session(connection, session.digest)
        trail.note(connection, session.user.organisation, session.user.actor, Action.LOGOUT, session.user.login)


def change_password(desk: Desk, user: User, before: str, after: str) -> str:
    """Set a new password for somebody who knows the old one; other sessions end. Return the new cookie's value."""
    if not passwords.right(before, user.password):
        raise SubmissionError((Fault("/before", "现在的密码", "wrong_password", "不对"),))
    hashed = passwords.hashed(after, user.login, user.name)
    with desk.registry.database.writing() as connection:
        users.set_password(connection, user.id, hashed)
        trail.note(connection, desk.organisation, desk.actor, Action.PASSWORD, user.login)
        return users.begin_session(connection, user.id)


# --- What administrators do ----------------------------------------------------------------------------------------


def invite(desk: Desk, person: Mapping[str, object], role: Role) -> Invited:
    """Add a member of staff; raises SubmissionError where the login is taken or badly written."""
    told = checking.valid(Newcomer, dict(person), _NEWCOMER)
    with desk.registry.database.writing() as connection:
        user = users.add(connection, desk.organisation, told.login, told.name, role)
        if user is None:
            raise _taken()
        trail.note(connection, desk.organisation, desk.actor, Action.INVITE, user.login)
        return Invited(user, users.invite(connection, user.id))


def renew(desk: Desk, identifier: int) -> Invited:
    """Give somebody a new link for setting a password; the old password stays good until then."""
    with desk.registry.database.writing() as connection:
        user = _known(connection, desk, identifier)
        trail.note(connection, desk.organisation, desk.actor, Action.RENEW, user.login)
        return Invited(user, users.invite(connection, user.id))


def change_role(desk: Desk, identifier: int, role: Role) -> None:
    """Change what somebody may do. Raises UnknownUserError, ConflictError for the last administrator."""
    with desk.registry.database.writing() as connection:
        user = _known(connection, desk, identifier)
        if role is not Role.ADMIN:
            _keep_one(connection, desk, user)
        users.set_role(connection, user.id, role)
        trail.note(connection, desk.organisation, desk.actor, Action.ROLE, f"{user.login} {role}")


def disable(desk: Desk, identifier: int) -> None:
    """Shut somebody out at once. Raises UnknownUserError, ConflictError for the last administrator."""
    with desk.registry.database.writing() as connection:
        user = _known(connection, desk, identifier)
        _keep_one(connection, desk, user)
        users.set_disabled(connection, user.id, disabled=True)
        trail.note(connection, desk.organisation, desk.actor, Action.DISABLE, user.login)


def enable(desk: Desk, identifier: int) -> None:
    """Let somebody in again."""
    with desk.registry.database.writing() as connection:
        user = _known(connection, desk, identifier)
        users.set_disabled(connection, user.id, disabled=False)
        trail.note(connection, desk.organisation, desk.actor, Action.ENABLE, user.login)


def furnish(desk: Desk, raw: Mapping[str, object]) -> None:
    """Decide the association's name, issuers and address; raises SubmissionError.

    The address belongs to the whole installation: only the first organisation decides it, and where none is given, not
    even an empty one, it stays as it is.
    """
    told = checking.valid(House, {name: value for name, value in raw.items() if value != ""}, _HOUSE)
    url = ""
    if told.address:
        match = _ADDRESS.fullmatch(told.address.strip().lower())
        if match is None:
            why = "应为以 https:// 开头的网址，只写到域名，如 https://zs.example.org.cn"
            raise SubmissionError((Fault("/address", "核验网址", "wrong_address", why),))
        url = f"https://{match[1]}"
    with desk.registry.database.writing() as connection:
        organisations.rename(connection, desk.organisation, told.association)
        organisations.set_issuers(connection, desk.organisation, told.issuers)
        if desk.organisation == organisations.FIRST and "address" in raw:
            installation.put(connection, installation.PUBLIC_URL, url)
        trail.note(connection, desk.organisation, desk.actor, Action.HOUSE, "")
    desk.registry.look_again()


def _judged(person: Mapping[str, object], password: str) -> tuple[Newcomer, str]:
    """Return a person and the hash of their password; raises SubmissionError with the faults of both."""
    faults: list[Fault] = []
    told: Newcomer | None = None
    hashed = ""
    try:
        told = checking.valid(Newcomer, dict(person), _NEWCOMER)
    except SubmissionError as error:
        faults += error.faults
    try:
        hashed = passwords.hashed(password, *(str(value) for value in person.values()))
    except SubmissionError as error:
        faults += error.faults
    if told is None or faults:
        raise SubmissionError(tuple(faults))
    return told, hashed


def _known(connection: Connection, desk: Desk, identifier: int) -> User:
    user = users.by_id(connection, desk.organisation, identifier)
    if user is None:
        raise UnknownUserError("没有这个人", "请回到人员列表，再选一次")
    return user


def _keep_one(connection: Connection, desk: Desk, user: User) -> None:
    """Refuse to leave an organisation without anybody who can mend what went wrong."""
    left = [
        one
        for one in users.of(connection, desk.organisation)
        if one.role is Role.ADMIN and not one.disabled_at and one.password and one.id != user.id
    ]
    if user.role is Role.ADMIN and not left:
        raise ConflictError(f"{user.name}是最后一个管理员", "请先让另一个人做管理员，再改")


def _taken() -> SubmissionError:
    return SubmissionError((Fault("/login", "登录名", "login_taken", "已经有人用了，请换一个"),))
