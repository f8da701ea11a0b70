"""When does work run in a thread of its own?

Only if this process has a second processor. On one processor two threads push each other's data out of the cache.
"""

import os
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Outcome = TypeVar("_Outcome")


class ImmediateExecutor(Executor):
    """Runs every task at once, in the calling thread."""

    def submit(
        self, do: Callable[_Given, _Outcome], /, *args: _Given.args, **kwargs: _Given.kwargs
    ) -> Future[_Outcome]:
        """Run the task."""
        done = Future[_Outcome]()
        done.set_result(do(*args, **kwargs))
        return done


def worker_thread(name: str) -> Executor:
    """Give an executor that runs one task after the other: in a thread of this name, if there is a second processor."""
    return ThreadPoolExecutor(1, name) if n_processors() > 1 else ImmediateExecutor()


def n_processors() -> int:
    """Count the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
