"""When is a thread of use?

Where there is a processor for it. Two that share one take each other's data out of its cache, and change places in the
middle of a batch.
"""

import os
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Outcome = TypeVar("_Outcome")


class AtOnce(Executor):
    """Does what it is asked to before whoever asks goes on."""

    def submit(
        self, do: Callable[_Given, _Outcome], /, *args: _Given.args, **kwargs: _Given.kwargs
    ) -> Future[_Outcome]:
        """Do it."""
        done = Future[_Outcome]()
        done.set_result(do(*args, **kwargs))
        return done


def beside(name: str) -> Executor:
    """Give who does things one after the other: a thread of this name, if there is a processor for it."""
    return ThreadPoolExecutor(1, name) if n_processors() > 1 else AtOnce()


def n_processors() -> int:
    """Count the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
