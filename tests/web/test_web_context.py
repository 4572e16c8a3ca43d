"""Render slots: as many at once as there are, as many waiting, the rest sent away."""

from __future__ import annotations

import threading
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

import pytest

from docgen.errors import BusyError
from docgen.web.context import RenderSlots


def test_no_more_than_the_slots_are_held_at_once() -> None:
    slots = RenderSlots(2, 0)
    with slots.taken(), slots.taken():
        with pytest.raises(BusyError) as caught, slots.taken():
            pass
        assert "1 秒后" in caught.value.remedy
    with slots.taken(), slots.taken():
        pass


def test_a_slot_comes_back_after_an_error() -> None:
    slots = RenderSlots(1, 0)
    for _ in range(3):
        with pytest.raises(KeyError), slots.taken():
            raise KeyError


def test_who_finds_the_waiting_room_full_is_sent_away_while_the_other_waits_on() -> None:
    slots = RenderSlots(1, 3600)
    entered = threading.Event()

    def enter() -> None:
        with slots.taken():
            entered.set()

    with ThreadPoolExecutor(2) as pool:
        with slots.taken():
            both = {pool.submit(enter), pool.submit(enter)}
            (refused,), (waiting,) = wait(both, return_when=FIRST_COMPLETED)
            assert isinstance(refused.exception(), BusyError)
            assert not entered.is_set()
        assert waiting.result() is None
    assert entered.is_set()
