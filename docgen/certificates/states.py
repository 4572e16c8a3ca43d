"""The states of a certificate and how one follows another. A state is never edited: an event adds the next one."""

from __future__ import annotations

from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence


class State(StrEnum):
    """What a certificate is worth now."""

    PENDING = "pending"
    """Recorded and numbered, its document not yet released: for the public it does not exist."""
    ISSUED = "issued"
    SUSPENDED = "suspended"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    VOID = "void"
    """Never released: its document could not be made. Its number is not used again."""
    UNREADABLE = "unreadable"
    """No word of ours: a hand wrote it into the database. Nothing leads there or on."""

    @classmethod
    def _missing_(cls, value: object) -> State:  # noqa: ARG003  the enumeration's own signature
        return cls.UNREADABLE


NAMES: Final = MappingProxyType(
    {
        State.PENDING: "待发布",
        State.ISSUED: "有效",
        State.SUSPENDED: "已暂停",
        State.SUPERSEDED: "已换发",
        State.REVOKED: "已撤销",
        State.VOID: "已作废",
        State.UNREADABLE: "无法辨认",
    }
)

_NEXT: Final = MappingProxyType(
    {
        State.PENDING: frozenset({State.ISSUED, State.VOID}),
        State.ISSUED: frozenset({State.SUSPENDED, State.SUPERSEDED, State.REVOKED}),
        State.SUSPENDED: frozenset({State.ISSUED, State.REVOKED}),
        State.SUPERSEDED: frozenset[State](),
        State.REVOKED: frozenset[State](),
        State.VOID: frozenset[State](),
        State.UNREADABLE: frozenset[State](),
    }
)


class ReasonClass(StrEnum):
    """The class of a reason: all that the public learns about why."""

    WRONG_DATA = "信息有误"
    DISPUTED = "成果存在争议"
    UNTRUE = "申报材料不实"
    AGAINST_RULES = "违反评选规定"
    ON_REQUEST = "应持证方要求"
    CLEARED = "核查无误"
    OTHER = "其他原因"


def may_follow(before: State, after: State) -> bool:
    """Tell whether an event may lead from one state to the other."""
    return after in _NEXT[before]


def standing(chain: Sequence[tuple[int, State]]) -> State | None:
    """Return the state that a chain of (sequence from 1, state) ends in; None where the chain cannot have grown so.

    A hand that edits the database leaves a gap, or a step that no event could have made.
    """
    if not chain or chain[0] != (1, State.PENDING):
        return None
    for (place, before), (following, after) in pairwise(chain):
        if following != place + 1 or not may_follow(before, after):
            return None
    return chain[-1][1]
