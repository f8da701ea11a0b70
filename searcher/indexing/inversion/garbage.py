"""When need Python not look for garbage?

Analysis makes hundreds of thousands of small objects that stay, and none that refer to one another; each time there are some
more of them, Python looks through all that there are, the caller's too. What is collected is a matter of the whole process, so
it waits for no longer than a batch takes, half a second, and never while code of the caller runs in this thread: between batches
Python makes up for it.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def untroubled() -> Iterator[None]:
    """Let Python look for no garbage meanwhile.

    Of several threads that ask for it, the first that did ends it for all: they are slower then, no more.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
