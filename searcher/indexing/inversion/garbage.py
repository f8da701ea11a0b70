"""When may Python's garbage collector pause?

Analysis makes hundreds of thousands of small objects. They stay, and none is part of a cycle. Still the collector looks
through all objects of the process, again and again. Without it indexing takes 5 % less time.

The collector belongs to the whole process. It pauses only while a batch is indexed, half a second, and runs again before
code of the caller does.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused_garbage_collection() -> Iterator[None]:
    """Pause the garbage collector.

    If several threads pause it, the first of them that is done ends the pause. The others are then a little slower.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
