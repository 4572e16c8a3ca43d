"""Staff, their one-time links and their sessions. Secrets are kept as digests: 256 random bits need no slow hash."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, func, insert, select, update

from docgen import clock
from docgen.store.database import insert_new
from docgen.store.tables import invitations, sessions, users

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

_SECRET_BYTES: Final = 32
_LINK_LIVES: Final = timedelta(days=3)
_SESSION_LIVES: Final = timedelta(hours=12)
_SESSION_IDLES: Final = timedelta(hours=2)
_SEEN_EVERY: Final = timedelta(minutes=5)
"""A look at a page must not cost a write."""


class Role(StrEnum):
    """What a member of staff may do; each may do what those before it may."""

    VIEWER = "viewer"
    ISSUER = "issuer"
    APPROVER = "approver"
    ADMIN = "admin"

    def covers(self, other: Role) -> bool:
        """Whether it may do what the other may."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(other)


@dataclass(frozen=True, slots=True)
class User:
    """A member of staff of one organisation. ``login`` is typed, ``name`` is read."""

    id: int
    organisation: str
    login: str
    name: str
    role: Role
    password: str
    created_at: str
    disabled_at: str | None

    @property
    def actor(self) -> str:
        """How the user stands in histories."""
        return f"user:{self.id}"


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is logged in. ``notice`` is a sentence for the next page."""

    digest: str
    user: User
    csrf: str
    notice: str


def find(connection: Connection, login: str) -> User | None:
    """Return the user of a login, however its letters are written."""
    row = connection.execute(select(users).where(users.c.login == login.casefold())).one_or_none()
    return _user(row) if row else None


def by_id(connection: Connection, organisation: str, identifier: int) -> User | None:
    """Return a user of an organisation."""
    told = users.c.id == identifier, users.c.organisation_id == organisation
    row = connection.execute(select(users).where(*told)).one_or_none()
    return _user(row) if row else None


def of(connection: Connection, organisation: str) -> tuple[User, ...]:
    """Return the users of an organisation, oldest first."""
    rows = connection.execute(select(users).where(users.c.organisation_id == organisation).order_by(users.c.id))
    return tuple(map(_user, rows))


def any_known(connection: Connection) -> bool:
    """Tell whether the installation has any user who can log in."""
    return bool(connection.execute(select(func.count()).where(users.c.password != "")).scalar_one())


def add(connection: Connection, organisation: str, login: str, name: str, role: Role) -> User | None:
    """Add a user without a password; None where the login is taken."""
    row = {
        "organisation_id": organisation,
        "login": login.casefold(),
        "name": name,
        "role": role.value,
        "password": "",
        "created_at": clock.stamp(),
    }
    return find(connection, login) if insert_new(connection, users, [row]) else None


def set_password(connection: Connection, user: int, password: str) -> None:
    """Store a new hash; whoever is logged in as this user is no longer."""
    connection.execute(update(users).where(users.c.id == user).values(password=password))
    connection.execute(delete(sessions).where(sessions.c.user_id == user))


def set_role(connection: Connection, user: int, role: Role) -> None:
    """Change what a user may do, from the next request on."""
    connection.execute(update(users).where(users.c.id == user).values(role=role.value))


def set_disabled(connection: Connection, user: int, *, disabled: bool) -> None:
    """Shut a user out at once, or let them in again."""
    stamp = clock.stamp() if disabled else None
    connection.execute(update(users).where(users.c.id == user).values(disabled_at=stamp))
    if disabled:
        connection.execute(delete(sessions).where(sessions.c.user_id == user))


def invite(connection: Connection, user: int | None) -> str:
    """Return the secret of a new one-time link for setting a password; older ones of the same user end."""
    if user is not None:
        connection.execute(delete(invitations).where(invitations.c.user_id == user))
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    row = {"digest": _digest(secret), "user_id": user, "expires_at": _stamp(datetime.now(UTC) + _LINK_LIVES)}
    connection.execute(insert(invitations).values(row))
    return secret


def invited(connection: Connection, secret: str) -> tuple[bool, User | None]:
    """Tell whether a link still holds, and whose it is; None for the first administrator's."""
    row = connection.execute(
        select(invitations.c.user_id, invitations.c.expires_at, invitations.c.used_at).where(
            invitations.c.digest == _digest(secret)
        )
    ).one_or_none()
    if row is None or row.used_at or row.expires_at < _stamp(datetime.now(UTC)):
        return False, None
    if row.user_id is None:
        return True, None
    user = _user(connection.execute(select(users).where(users.c.id == row.user_id)).one())
    return user.disabled_at is None, user


def take(connection: Connection, secret: str) -> bool:
    """Use a link up; False where somebody else just did."""
    found = connection.execute(
        update(invitations)
        .where(invitations.c.digest == _digest(secret), invitations.c.used_at.is_(None))
        .values(used_at=clock.stamp())
    )
    return bool(found.rowcount)


def begin_session(connection: Connection, user: int) -> str:
    """Log a user in; return the cookie's value. Sessions that are over go."""
    now = datetime.now(UTC)
    idle, old = _stamp(now - _SESSION_IDLES), _stamp(now - _SESSION_LIVES)
    connection.execute(delete(sessions).where((sessions.c.seen_at < idle) | (sessions.c.created_at < old)))
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    row = {
        "digest": _digest(secret),
        "user_id": user,
        "csrf": secrets.token_urlsafe(_SECRET_BYTES),
        "notice": "",
        "created_at": _stamp(now),
        "seen_at": _stamp(now),
    }
    connection.execute(insert(sessions).values(row))
    return secret


def session(connection: Connection, secret: str) -> tuple[Session, bool] | None:
    """Return who a cookie belongs to, and whether ``see`` is due; None where it is over or its user shut out."""
    now = datetime.now(UTC)
    row = connection.execute(
        select(sessions, users)
        .join(users)
        .where(
            sessions.c.digest == _digest(secret),
            sessions.c.seen_at >= _stamp(now - _SESSION_IDLES),
            sessions.c.created_at >= _stamp(now - _SESSION_LIVES),
            users.c.disabled_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    told = row._mapping  # noqa: SLF001  SQLAlchemy's public name for it
    found = Session(row.digest, _user_of(told), row.csrf, row.notice)
    return found, row.seen_at < _stamp(now - _SEEN_EVERY)


def see(connection: Connection, digest: str) -> None:
    """Note that a session is in use."""
    connection.execute(update(sessions).where(sessions.c.digest == digest).values(seen_at=_stamp(datetime.now(UTC))))


def leave_notice(connection: Connection, digest: str, notice: str) -> None:
    """Leave a sentence for a session's next page; "" takes it away."""
    connection.execute(update(sessions).where(sessions.c.digest == digest).values(notice=notice))


def end_session(connection: Connection, digest: str) -> None:
    """Log somebody out."""
    connection.execute(delete(sessions).where(sessions.c.digest == digest))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")


def _user(row: Row[Any]) -> User:
    return User(
        row.id, row.organisation_id, row.login, row.name, Role(row.role), row.password, row.created_at, row.disabled_at
    )


def _user_of(told: Any) -> User:  # noqa: ANN401  SQLAlchemy's mapping by column
    values = {column.name: told[column] for column in users.c}
    return User(
        values["id"],
        values["organisation_id"],
        values["login"],
        values["name"],
        Role(values["role"]),
        values["password"],
        values["created_at"],
        values["disabled_at"],
    )
