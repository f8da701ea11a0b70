"""Who inverts batches: this process, or several others?

Batches do not depend on one another, so that each may be inverted by another process, in any order; what comes of them is put
together in theirs. A worker is a Python that reads batches from its standard input and writes what they consist of to its
standard output. It opens no file: whatever happens to it, nothing of it is left in the index folder, and the order in which
things are written is the same without it. It ends when its input does, so also when the process that started it is killed.

In this process a thread sorts and compresses, neither of which holds up Python: the next batch is inverted meanwhile.
"""

import os
import queue
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import IO, Any, Final, NamedTuple, Protocol, cast

import numpy as np
import numpy.typing as npt
import zstandard

from searcher.indexing.garbage import untroubled
from searcher.indexing.invert import Batch, Inverted, Inverter
from searcher.indexing.messages import receive, send
from searcher.indexing.vocabulary import SortedKeys
from searcher.text.analysis import Analyser

MAX_WORKERS: Final = 2
"""Each takes up to 0.4 GB."""
PIPE_BYTES: Final = 1 << 20
"""What a pipe holds, where that can be said: a batch, and what becomes of it, is several millions of bytes."""
COMPRESSION_LEVEL: Final = 1

Array = npt.NDArray[Any]
_PROGRAM: Final = (
    "import sys; sys.path[:] = sys.argv[2:]; from searcher.indexing.worker import work; work(sys.argv[1])"
)


class Finished(NamedTuple):
    """What has become of a batch.

    Attributes:
        run: Its occurrences, sorted: see `searcher.indexing.runs.Run`.
        passages: As of `Inverted`.
        titles: As of `Inverted`.
        frames: Its texts, each compressed.
        frame_sizes: Bytes of each of these.
        inverter: Whose keys those of the run are.
        epoch: Which of its keys.
    """

    run: dict[str, Array]
    passages: dict[str, Array]
    titles: list[list[str]]
    frames: bytes
    frame_sizes: Array
    inverter: int
    epoch: int


class Inverters(Protocol):
    """Takes batches, and gives what becomes of them."""

    depth: int
    """Batches that it works on or has waiting, so that it is never idle."""

    def submit(self, batch: Batch) -> Future[Finished]:
        """Take a batch."""

    def keys(self) -> list[list[SortedKeys]]:
        """Give the keys of each inverter, once all batches have been inverted."""

    def close(self) -> None:
        """Stop, whatever there is still to do."""


class Alone:
    """This process as the only inverter."""

    depth = 1

    def __init__(self, language: str) -> None:
        self._inverter = Inverter(Analyser(language))
        self._thread = ThreadPoolExecutor(1, "searcher-indexing")

    def submit(self, batch: Batch) -> Future[Finished]:
        """Take a batch."""
        with untroubled():
            inverted = self._inverter.invert(batch)
        return self._thread.submit(finish, inverted, batch.texts)

    def keys(self) -> list[list[SortedKeys]]:
        """Give its keys."""
        return [self._inverter.keys()]

    def close(self) -> None:
        """Wait for what it is at, and do no more."""
        self._thread.shutdown(cancel_futures=True)


class Workers:
    """Other processes as inverters.

    Args:
        language: Language of the stemmer.
        n_workers: How many processes.

    Raises:
        OSError: They cannot be started.
    """

    def __init__(self, language: str, n_workers: int) -> None:
        self.depth = n_workers + 1
        self._processes: list[subprocess.Popen[bytes]] = []
        self._idle: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._threads = ThreadPoolExecutor(n_workers, "searcher-indexing")
        try:
            for number in range(n_workers):
                self._processes.append(
                    subprocess.Popen(  # noqa: S603  (this Python, these modules)
                        [sys.executable, "-c", _PROGRAM, language, *sys.path],
                        stdin=subprocess.PIPE,
                        stdout=subprocess.PIPE,
                        stderr=subprocess.DEVNULL,
                        pipesize=PIPE_BYTES,
                    )
                )
                self._idle.put(number)
            for number in range(n_workers):
                self._receive(number)
        except BaseException:
            self.close()
            raise

    def submit(self, batch: Batch) -> Future[Finished]:
        """Take a batch."""
        return self._threads.submit(self._invert, batch)

    def keys(self) -> list[list[SortedKeys]]:
        """Ask each worker for its keys."""
        found = []
        for number in range(len(self._processes)):
            header, columns = self._ask(number, {"what": "keys"}, {})
            epochs = range(header["n_epochs"])
            found.append([SortedKeys(columns[f"packed{i}"], columns[f"numbers{i}"]) for i in epochs])
        return found

    def close(self) -> None:
        """End the processes; there is nothing that they could leave unfinished."""
        for process in self._processes:
            process.kill()
        self._threads.shutdown(cancel_futures=True)
        for process in self._processes:
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):  # what could not be sent
                    pipe.close()  # type: ignore[union-attr]

    def _invert(self, batch: Batch) -> Finished:
        number = self._idle.get()
        try:
            header, columns = self._ask(number, *batch.to_message())
        finally:
            self._idle.put(number)  # also one that has ended: whoever asks it next is told so
        passages = {name: columns.pop(name) for name in header["passages"]}
        frames, sizes = columns.pop("frames").tobytes(), columns.pop("frame_sizes")
        return Finished(columns, passages, header["titles"], frames, sizes, number, header["epoch"])

    def _ask(
        self, number: int, header: dict[str, Any], columns: dict[str, Array]
    ) -> tuple[dict[str, Any], dict[str, Array]]:
        with suppress(BrokenPipeError):  # the answer will be missing too
            send(cast("IO[bytes]", self._processes[number].stdin), header, columns)
        return self._receive(number)

    def _receive(self, number: int) -> tuple[dict[str, Any], dict[str, Array]]:
        answer = receive(cast("IO[bytes]", self._processes[number].stdout))
        if answer is None:
            raise ChildProcessError("a process that was to help indexing has ended early; try again")
        return answer


def start(language: str) -> Inverters:
    """Start as many workers as there are processors for; this process is the only inverter if that is one, or none start."""
    n_workers = min(MAX_WORKERS, _n_processors())
    if n_workers > 1 and sys.executable and not getattr(sys, "frozen", False):
        with suppress(OSError):
            return Workers(language, n_workers)
    return Alone(language)


def finish(inverted: Inverted, texts: Sequence[bytes]) -> Finished:
    """Sort the occurrences of a batch and compress its texts, without holding up other threads."""
    frames = _compressed(texts)
    sizes = np.array([len(frame) for frame in frames], np.int64)
    run = inverted.occurrences.sorted()
    return Finished(run, inverted.passages, inverted.titles, b"".join(frames), sizes, 0, inverted.epoch)


def _compressed(texts: Sequence[bytes]) -> list[bytes]:
    """Compress texts, each on its own."""
    compressor = zstandard.ZstdCompressor(level=COMPRESSION_LEVEL)
    if not any(texts):
        return [compressor.compress(text) for text in texts]  # of nothing at all there are no frames
    frames = compressor.multi_compress_to_buffer([*texts])
    return [frames[number].tobytes() for number in range(len(frames))]


def _n_processors() -> int:
    """Count the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
