"""Passwords: hashed with Argon2id (RFC 9106), judged by length and by what is too easily guessed."""

from __future__ import annotations

from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from docgen.errors import Fault, SubmissionError

LEAST: Final = 10
_MOST: Final = 128
_FEW: Final = 5
"""Different characters that a password has at least."""

_hasher: Final = PasswordHasher()


def hashed(password: str, *known: str) -> str:
    """Return the hash of a new password; ``known`` is what it must not be. Raises SubmissionError."""
    if why := _weakness(password, known):
        raise SubmissionError((Fault("/password", "密码", "weak_password", why),))
    return _hasher.hash(password)


def _weakness(password: str, known: tuple[str, ...]) -> str:
    if len(password) < LEAST:
        return f"太短，至少要 {LEAST} 个字符；几个词连起来最好记"
    if len(password) > _MOST:
        return f"太长，最多 {_MOST} 个字符"
    if len(set(password)) < _FEW or password.casefold() in {one.casefold() for one in known}:
        return "太容易猜到；几个不相干的词连起来又好记又难猜"
    if any(one and one.casefold() in password.casefold() for one in known) and len(password) < LEAST + _FEW:
        return "里面有你的登录名或姓名，太容易猜到；请换一个"
    return ""


def right(password: str, kept: str) -> bool:
    """Tell whether a password is the one whose hash was kept; takes as long where there is none."""
    try:
        return _hasher.verify(kept or _nobody(), password) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")
