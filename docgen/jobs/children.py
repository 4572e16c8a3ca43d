"""Render processes: long-lived, bounded in memory and time, replaced after so many documents or when they die.

A template that never ends, or eats all memory, costs one process and one document; its neighbours do not notice.
"""

from __future__ import annotations

import multiprocessing
import resource
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

from docgen.errors import RenderError

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

_GRACE_SECONDS: Final = 30
"""What the first document of a process may take longer: it loads the engines and opens the faces."""

P = ParamSpec("P")
R = TypeVar("R")


class ChildError(RenderError):
    """A render process did not finish its document. ``cause`` is a word for counting: deadline, memory, crash."""

    code = "render-killed"

    def __init__(self, cause: str, detail: str, remedy: str) -> None:
        """Keep the cause beside the sentence."""
        super().__init__(detail, remedy)
        self.cause = cause


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one render process may use: seconds a document, bytes of address space, documents before it is replaced."""

    seconds: float
    memory_bytes: int
    documents: int


class Children:
    """A pool of render processes. They start when they are first needed."""

    def __init__(self, count: int, bounds: Bounds) -> None:
        """Use at most ``count`` processes."""
        self._bounds = bounds
        self._pool = ProcessPool(
            max_workers=count,
            max_tasks=bounds.documents,
            initializer=_begin,
            initargs=[bounds.memory_bytes],
            # A forked child would inherit locks that another thread of the server holds.
            context=multiprocessing.get_context("spawn"),
        )

    def submit(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Let a child call an importable function; ``result_of`` waits for it."""
        future: Future[R] = self._pool.schedule(
            work, args=args, kwargs=kwargs, timeout=self._bounds.seconds + _GRACE_SECONDS
        )
        return future

    def call(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Let a child call a function and wait for it; raises what it raised, or ChildError."""
        return self.result_of(self.submit(work, *args, **kwargs))

    def result_of(self, future: Future[R]) -> R:
        """Wait for a child; raises what it raised, or ChildError where it did not finish."""
        remedy = "请检查这一份的内容和模板；其余文档不受影响"
        try:
            return future.result()
        except TimeoutError:
            detail = f"生成文档超过了 {self._bounds.seconds:g} 秒，已停止"
            raise ChildError("deadline", detail, remedy) from None
        except MemoryError:
            raise ChildError("memory", "生成文档用的内存超过了上限，已停止", remedy) from None
        except ProcessExpired:
            raise ChildError("crash", "生成文档的进程意外结束了", remedy) from None

    def stop(self) -> None:
        """End all processes; what they were doing is lost, and can be done again."""
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it so
        self._pool.join()


def _begin(memory_bytes: int) -> None:
    """Bound a process that just started. Ctrl+C is for the parent, which ends its children in order."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
