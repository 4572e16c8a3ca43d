"""Processes of their own that work on one installation, together or until they are killed."""

from __future__ import annotations

import multiprocessing
import os
import sys
from multiprocessing import forkserver
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from multiprocessing.connection import Connection as Pipe
    from multiprocessing.synchronize import Barrier

_CONTEXT: Final = multiprocessing.get_context("forkserver")
_PATIENCE_SECONDS: Final = 120


def _prepare() -> None:
    """Fork from a process that has the engines warm; Python 3.11 finds its modules by PYTHONPATH only."""
    here = Path(__file__).resolve().parent
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(here), str(here.parents[1])]))
        _CONTEXT.set_forkserver_preload(["warm"])
        forkserver.ensure_running()


def killed(call: Callable[..., object], *args: object) -> None:
    """Run a call in a process that must end by SIGKILL."""
    _prepare()
    process = _CONTEXT.Process(target=call, args=args)
    process.start()
    process.join(_PATIENCE_SECONDS)
    assert process.exitcode == -9, process.exitcode
    process.close()


def together(calls: Sequence[tuple[Callable[..., Any], tuple[Any, ...]]]) -> list[Any]:
    """Run calls at the same time, each in its own process; return what each returned or raised."""
    _prepare()
    barrier = _CONTEXT.Barrier(len(calls))
    running = []
    for call, args in calls:
        ours, theirs = _CONTEXT.Pipe(duplex=False)
        process = _CONTEXT.Process(target=_run, args=(theirs, barrier, call, args))
        process.start()
        theirs.close()
        running.append((process, ours))
    outcomes = []
    for process, ours in running:
        assert ours.poll(_PATIENCE_SECONDS), "a worker hangs"
        outcomes.append(ours.recv())
        ours.close()
        process.join()
        process.close()
    return outcomes


def alone(call: Callable[..., Any], *args: Any) -> Any:
    """Run a call in a new process; return what it returned, raise what it raised."""
    (outcome,) = together([(call, args)])
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


def _run(wire: Pipe, barrier: Barrier, call: Callable[..., Any], args: tuple[Any, ...]) -> None:
    sys.stdin.close()
    barrier.wait(_PATIENCE_SECONDS)
    try:
        outcome = call(*args)
    except BaseException as error:  # noqa: BLE001  the parent judges it
        outcome = error
    wire.send(outcome)
    wire.close()
