"""Which state may follow which, and what a chain of events is worth."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.certificates.states import NAMES, State, may_follow, standing

P, I, S, X, R, V = State.PENDING, State.ISSUED, State.SUSPENDED, State.SUPERSEDED, State.REVOKED, State.VOID  # noqa: E741  a drawing
DRAWN = {(P, I), (P, V), (I, S), (I, X), (I, R), (S, I), (S, R)}


@pytest.mark.parametrize(("before", "after"), list(product(State, State)))
def test_only_the_drawn_steps_lead_on(before: State, after: State) -> None:
    assert may_follow(before, after) == ((before, after) in DRAWN)


def test_every_state_has_a_chinese_name() -> None:
    assert set(NAMES) == set(State)
    assert len(set(NAMES.values())) == len(State)


def test_what_has_ended_has_ended_for_ever() -> None:
    assert {before for before, _ in DRAWN}.isdisjoint({X, R, V})


@pytest.mark.parametrize(
    ("chain", "worth"),
    [
        ([(1, P)], P),
        ([(1, P), (2, I)], I),
        ([(1, P), (2, I), (3, S), (4, I), (5, R)], R),
        ([(1, P), (2, V)], V),
        ([], None),
        ([(1, I)], None),  # never begun
        ([(0, P), (1, I)], None),
        ([(2, P), (3, I)], None),  # the first event taken away
        ([(1, P), (3, I)], None),  # a middle event taken away
        ([(1, P), (2, I), (2, R)], None),
        ([(1, P), (2, I), (3, R), (4, I)], None),  # brought back from the dead
        ([(1, P), (2, R)], None),
        ([(1, P), (2, P)], None),
        ([(1, P), (2, V), (3, I)], None),
    ],
)
def test_a_chain_is_worth_its_end_where_it_can_have_grown_so(
    chain: list[tuple[int, State]], worth: State | None
) -> None:
    assert standing(chain) is worth


@given(st.lists(st.sampled_from(State), max_size=8))
def test_a_chain_stands_only_when_every_step_is_drawn(states: list[State]) -> None:
    chain = list(enumerate(states, 1))
    grown = bool(states) and states[0] is P and all(pair in DRAWN for pair in pairwise(states))
    assert standing(chain) is (states[-1] if grown else None)
