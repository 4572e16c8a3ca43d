"""Counting wrong guesses across all processes. No hit is left counted: thousands share one carrier's address."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, select, update

from docgen.store.database import insert_new
from docgen.store.tables import misses

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import ColumnElement, Connection


class Guess(StrEnum):
    """What somebody guessed at, and so what ``subject`` is."""

    NAME = "name"
    """A name, for a certificate: the subject is its code."""
    CODE = "code"
    """A code, from an address: the subject is the address."""
    PASSWORD = "password"  # noqa: S105  what is guessed
    """A password, of one login from an address: the subject is both."""


MOST: Final = {Guess.NAME: 5, Guess.CODE: 60, Guess.PASSWORD: 10}
"""Wrong guesses a day before there are no more answers."""


def locked(connection: Connection, guess: Guess, subject: str, day: date) -> bool:
    """Tell whether the day's guesses are used up, and forget other days.

    Others who guess at the same subject wait until this transaction has ended: guessing at once gives no more guesses.
    """
    row = {"kind": guess.value, "subject": _hidden(subject, day), "day": day.isoformat(), "count": 0}
    if insert_new(connection, misses, [row]):
        connection.execute(delete(misses).where(misses.c.day < day.isoformat()))
    used = select(misses.c.count).where(*_of(guess, subject, day)).with_for_update()
    return int(connection.execute(used).scalar_one()) >= MOST[guess]


def count(connection: Connection, guess: Guess, subject: str, day: date) -> None:
    """Count one wrong guess, after ``locked`` in the same transaction."""
    connection.execute(update(misses).where(*_of(guess, subject, day)).values(count=misses.c.count + 1))


def forgive(connection: Connection, guess: Guess, subject: str, day: date) -> None:
    """Take back one counted guess, which was right."""
    connection.execute(update(misses).where(*_of(guess, subject, day)).values(count=misses.c.count - 1))


def _of(guess: Guess, subject: str, day: date) -> tuple[ColumnElement[bool], ...]:
    return (
        misses.c.kind == guess.value,
        misses.c.subject == _hidden(subject, day),
        misses.c.day == day.isoformat(),
    )


def _hidden(subject: str, day: date) -> str:
    """Return what stands for an address or a code in the table, another one every day."""
    return hashlib.sha256(f"{day.isoformat()} {subject}".encode()).hexdigest()[:32]
