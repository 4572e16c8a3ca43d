"""Render processes: long-lived, bounded in memory and time, replaced after so many documents or when they die.

A template that never ends, or eats all memory, costs one process and one document; its neighbours do not notice. Every
process has a pipe of its own: where they share one, a process that is killed while it holds the lock stops all others.
It also has a folder of its own for temporary files, removed with it: the engine copies 60 MB of faces, and a process
that is killed tidies nothing up.
"""

from __future__ import annotations

import atexit
import logging
import multiprocessing
import os
import pickle
import queue
import resource
import shutil
import signal
import tempfile
import threading
import traceback
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import connection
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

from docgen.errors import DocgenError, RenderError
from docgen.jobs import logs, meters
from docgen.render import pulse

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection as Pipe

_START_SECONDS: Final = 60
"""A process that loads the engines on a busy machine takes some seconds."""
_CONTEXT: Final = multiprocessing.get_context("spawn")
"""A forked child would inherit locks that another thread of the server holds."""
_STARTING: Final = threading.Lock()
"""multiprocessing keeps one list of all processes, which two threads must not change at once."""
_REMEDY: Final = "请检查这一份的内容和模板；其余文档不受影响"
_LONG_REMEDY: Final = f"{_REMEDY}。几千行的表可以改用 Word 或 Excel 格式，或者分成几份"
_BEAT: Final = b"."
"""A child's sign of life; a packed answer is longer."""
_MOST_TIMES: Final = 10
"""So many times its seconds a document may take at most, however often it gives a sign of life."""

P = ParamSpec("P")
R = TypeVar("R")

_log = logging.getLogger(__name__)


class ChildError(RenderError):
    """A render process did not finish its document. ``cause`` is a word for counting: deadline, memory, crash, fault.

    All but a fault of the program may end otherwise the next time.
    """

    code = "render-killed"

    def __init__(self, cause: str, detail: str, remedy: str = _REMEDY) -> None:
        """Keep the cause beside the sentence."""
        super().__init__(detail, remedy)
        self.cause = cause


class StoppedError(DocgenError):
    """The render processes end in order; what was asked of them is to be asked again after the next start."""

    code = "stopping"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one render process may use: seconds a document, bytes of address space, documents before it is replaced.

    The seconds begin anew with each piece of a document that is made in pieces.
    ``niceness`` is how far it gives way to others where the processor is short, as the system counts it: 0 to 19.
    """

    seconds: float
    memory_bytes: int
    documents: int
    niceness: int = 0


@dataclass(frozen=True, slots=True)
class _Job:
    future: Future[Any]
    kind: str
    task: bytes


class Children:
    """A pool of render processes. Each starts when it is first needed."""

    def __init__(self, count: int, bounds: Bounds) -> None:
        """Use at most ``count`` processes."""
        self._bounds = bounds
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._halt, self._halting = _CONTEXT.Pipe(duplex=False)
        self._stopped = threading.Event()
        self._idle: list[_Child] = []
        self._keepers = [
            threading.Thread(target=self._keep, name=f"render-{place}", daemon=True) for place in range(1, count + 1)
        ]
        for keeper in self._keepers:
            keeper.start()
        atexit.register(self.stop)  # before multiprocessing's own, which would wait for ever

    def submit(self, work: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Let a child call an importable function; ``result_of`` waits for it."""
        future: Future[R] = Future()
        self._jobs.put(_Job(future, work.__name__, pickle.dumps((work, args, kwargs))))
        return future

    def call(self, work: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Let a child call a function and wait for it; raises the DocgenError that it raised, or ChildError."""
        return self.result_of(self.submit(work, *args, **kwargs))

    def result_of(self, future: Future[R]) -> R:
        """Wait for a child; raises the DocgenError that it raised, or ChildError where it did not finish."""
        return future.result()

    def stop(self) -> None:
        """End all processes; what they were doing is lost, and can be done again."""
        if self._stopped.is_set():
            return
        atexit.unregister(self.stop)
        self._stopped.set()
        self._halting.close()
        for _ in self._keepers:
            self._jobs.put(None)
        for keeper in self._keepers:
            keeper.join()
        while self._idle:
            self._idle.pop().end()
        self._halt.close()

    def _keep(self) -> None:
        """Hand jobs to a child, one after the other, as long as there are any."""
        while job := self._jobs.get():
            if not job.future.set_running_or_notify_cancel():
                continue
            child = self._rested()
            try:
                child = child or self._started()
                with meters.RENDER_SECONDS.labels(job.kind).time():
                    answer = child.do(job.task)
            except Exception as error:  # noqa: BLE001  whoever waits for the document is told
                self._let_rest(child)
                job.future.set_exception(error)
            else:
                self._let_rest(child)
                job.future.set_result(answer)

    def _let_rest(self, child: _Child | None) -> None:
        """Put a child back, before anybody is told of its document: who comes again at once finds the same one."""
        if child and child.spent:
            child.end()
        elif child:
            self._idle.append(child)

    def _rested(self) -> _Child | None:
        """Return the child that was at work last, so that nobody waits for another to load what it has loaded."""
        while self._idle:
            with suppress(IndexError):  # another keeper was quicker
                child = self._idle.pop()
                if child.alive:
                    return child
                child.end()
        return None

    def _started(self) -> _Child:
        if self._stopped.is_set():
            raise _stopped()
        return _Child(self._bounds, self._halt)


def _stopped() -> StoppedError:
    return StoppedError("服务正在停止", "请等服务重新启动后再试")


class _Child:
    """One render process and our end of its pipe."""

    def __init__(self, bounds: Bounds, halt: Pipe) -> None:
        """Start it and wait until it has loaded the engines; raises ChildError."""
        self._bounds, self._halt = bounds, halt
        self._left = bounds.documents
        self._wire, theirs = _CONTEXT.Pipe()
        self._folder = tempfile.mkdtemp(prefix="docgen-render-")
        self._process = _CONTEXT.Process(
            target=_live, args=(theirs, bounds, self._folder, logs.begun()), name="docgen-render"
        )
        with _STARTING:
            self._process.start()
        theirs.close()
        try:
            self._answer(_START_SECONDS)
        except BaseException:
            self.end()
            raise

    @property
    def alive(self) -> bool:
        """Whether it can take another document."""
        return not connection.wait([self._process.sentinel], 0)

    @property
    def spent(self) -> bool:
        """Whether its time is over."""
        return self._left <= 0

    def do(self, task: bytes) -> Any:  # noqa: ANN401  whatever the function returns
        """Let it do a task; raises what the task raised, ChildError or StoppedError."""
        self._left -= 1
        try:
            self._wire.send_bytes(task)
        except OSError:
            raise self._broken("crash", "生成文档的进程意外结束了") from None
        return self._answer(self._bounds.seconds)

    def end(self) -> None:
        """Kill it."""
        self._left = 0
        with _STARTING:
            self._process.kill()
            self._process.join()
        self._wire.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _answer(self, seconds: float) -> Any:  # noqa: ANN401  whatever the function returns
        result, error = pickle.loads(self._packed(seconds))  # noqa: S301  our own process
        if isinstance(error, ChildError) and error.cause == "memory":
            self._left = 0  # what is left of its memory is in pieces
            _count(error.cause)
        if error:
            raise error
        return result

    def _packed(self, seconds: float) -> bytes:
        """Wait for an answer; the seconds begin anew at each sign of life."""
        end = monotonic() + _MOST_TIMES * seconds
        while (now := monotonic()) < end:
            ready = connection.wait([self._wire, self._process.sentinel, self._halt], min(seconds, end - now))
            if self._wire in ready:
                try:
                    message = self._wire.recv_bytes()
                except (EOFError, OSError):
                    raise self._broken("crash", "生成文档的进程意外结束了") from None
                if message == _BEAT:
                    continue
                return message
            if self._halt in ready:
                self._left = 0
                raise _stopped()
            if ready:
                raise self._broken("crash", "生成文档的进程意外结束了")
            break
        told = seconds if now + seconds < end else _MOST_TIMES * seconds
        raise self._broken("deadline", f"生成文档超过了 {told:g} 秒，已停止", _LONG_REMEDY)

    def _broken(self, cause: str, detail: str, remedy: str = _REMEDY) -> ChildError:
        self.end()
        _count(cause)
        return ChildError(cause, detail, remedy)


def _count(cause: str) -> None:
    """Note a render process that ended before its time."""
    meters.CHILDREN_ENDED.labels(cause).inc()
    _log.warning("render process ended", extra={"cause": cause})


def _live(wire: Pipe, bounds: Bounds, folder: str, logged: bool) -> None:  # noqa: FBT001  a process takes no names
    """Do one task after the other in a render process. Signals are for the parent, which ends its children in order."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    tempfile.tempdir = folder
    threading.Thread(target=_end_with_parent, args=(folder,), daemon=True).start()
    os.nice(bounds.niceness)
    resource.setrlimit(resource.RLIMIT_AS, (bounds.memory_bytes, bounds.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if logged:
        logs.begin()
    _load()
    pulse.listen(lambda: wire.send_bytes(_BEAT))
    answer: bytes = pickle.dumps((None, None))
    while True:
        try:
            wire.send_bytes(answer)
            task = wire.recv_bytes()
        except (EOFError, OSError):
            return
        answer = _done(task)


def _load() -> None:
    """Import what every document needs; a deadline is for documents."""
    from docgen.forms import catalogue  # noqa: PLC0415  the parent does without
    from docgen.render import pdf  # noqa: F401, PLC0415  the same
    from docgen.render.stamp import stamping  # noqa: F401, PLC0415  the same

    catalogue.all_forms()


def _done(task: bytes) -> bytes:
    """Do a task; return its result and its error, packed. What was no DocgenError is told without its words."""
    result, error = None, None
    try:
        work, args, kwargs = pickle.loads(task)  # noqa: S301  our own parent
        result = work(*args, **kwargs)
        return pickle.dumps((result, None))
    except DocgenError as raised:
        error = raised
    except MemoryError:
        error = ChildError("memory", "生成文档用的内存超过了上限，已停止")
    except Exception as raised:  # noqa: BLE001  a fault of ours or of a template must not stop the others
        frames = traceback.extract_tb(raised.__traceback__)
        where = " < ".join(f"{os.path.basename(one.filename)}:{one.lineno}" for one in frames[:-5:-1])  # noqa: PTH119  one word
        _log.error("render process: %s at %s", type(raised).__name__, where)
        error = ChildError(
            "fault", f"生成文档时程序出错（{type(raised).__name__}）", "请检查模板；再出错请把服务的日志告诉管理员"
        )
    return pickle.dumps((None, error))


def _end_with_parent(folder: str) -> None:
    """End at once when the parent is killed: an endless template would outlive it, and nobody tidies up after it."""
    parent = multiprocessing.parent_process()
    if parent:
        connection.wait([parent.sentinel])
        shutil.rmtree(folder, ignore_errors=True)
        os.kill(os.getpid(), signal.SIGKILL)
