"""How do batches pass through this process, its thread and the helper process?

Every batch takes three steps:

1. This process numbers the chunks of the batch.
2. The *helper* analyses the chunks that are new, while this process works on the batches before and after. The helper is a
   second Python. It reads chunks from standard input and writes their facts to standard output. Without a second processor
   there is no helper, and this process analyses the chunks.
3. A thread inverts the batch, sorts its occurrences and compresses its texts. Most of this runs outside of Python's lock.
   Without a second processor there is no thread either.

Indexing 72 MB of news takes 7 s of processor time: 2.9 s in the helper, 2.1 s in the thread, 1.9 s in the main thread.

The helper opens no file, so it leaves nothing in the index folder, whatever happens to it. It ends when its input ends, and
so also when the process that started it is killed. The files written are the same with and without a helper.
"""

import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from copy import copy
from typing import IO, Any, Final, NamedTuple, cast

import numpy as np
import zstandard

from searcher.arrays import Array
from searcher.indexing.inversion import threads
from searcher.indexing.inversion.analyst import Analyst
from searcher.indexing.inversion.batch import Batch, BatchNumberer, Inverted, NumberedBatch, invert
from searcher.indexing.inversion.garbage import paused_garbage_collection
from searcher.indexing.inversion.helper.messages import receive, send
from searcher.indexing.inversion.key_table import SortedKeys
from searcher.indexing.inversion.threads import ImmediateExecutor

PIPE_BYTES: Final = 1 << 20
"""The size of a pipe, where the system lets one choose it. The new chunks of most batches fit into it."""
COMPRESSION_LEVEL: Final = 1

_PROGRAM: Final = "import sys; sys.path[:] = sys.argv[2:]; from searcher.indexing.inversion.helper.worker import work; work(sys.argv[1])"


class Finished(NamedTuple):
    """A batch after all steps.

    Attributes:
        inverted: Its sorted occurrences, passages and titles.
        frames: Its texts, each compressed by itself.
        frame_sizes: The bytes of each compressed text.
    """

    inverted: Inverted
    frames: bytes
    frame_sizes: Array


class LocalAnalyst:
    """Analyses chunks in this process."""

    def __init__(self, language: str) -> None:
        self._analyst = Analyst(language)

    def look_at(self, chunks: bytes) -> Future[Mapping[str, Array]]:
        """Analyse chunks at once."""
        return ImmediateExecutor().submit(self._analyst.look_at, chunks)

    def keys(self) -> SortedKeys:
        """Give all keys."""
        return self._analyst.keys()

    def close(self) -> None:
        """Do nothing."""


class HelperProcess:
    """Analyses chunks in another process, the helper.

    Nobody waits for the start of the helper. If it turns out not to run, this process analyses the chunks itself.

    Args:
        language: The language of the stemmer.

    Raises:
        OSError: The process cannot be started.
    """

    def __init__(self, language: str) -> None:
        self._thread = ThreadPoolExecutor(1, "searcher-helper")
        self._process = subprocess.Popen(  # noqa: S603  (this Python, these modules)
            [sys.executable, "-c", _PROGRAM, language, *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pipesize=PIPE_BYTES,
        )
        self._substitute = self._thread.submit(self._wait, language)

    def look_at(self, chunks: bytes) -> Future[Mapping[str, Array]]:
        """Let the helper analyse chunks."""
        return self._thread.submit(self._look_at, chunks)

    def keys(self) -> SortedKeys:
        """Ask the helper for all keys."""
        if substitute := self._substitute.result():
            return substitute.keys()
        return SortedKeys(**self._ask({"what": "keys"}, {}))

    def close(self) -> None:
        """Kill the helper. It has nothing to finish."""
        self._process.kill()
        self._thread.shutdown(cancel_futures=True)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # closing tries to send what is left
                pipe.close()  # type: ignore[union-attr]

    def _wait(self, language: str) -> Analyst | None:
        """Wait until the helper runs. If it does not start, give an analyst of this process instead."""
        return None if receive(cast("IO[bytes]", self._process.stdout)) else Analyst(language)

    def _look_at(self, chunks: bytes) -> Mapping[str, Array]:
        if substitute := self._substitute.result():
            return substitute.look_at(chunks)
        return self._ask({"what": "look"}, {"chunks": np.frombuffer(chunks, np.uint8)})

    def _ask(self, header: dict[str, Any], columns: dict[str, Array]) -> dict[str, Array]:
        with suppress(BrokenPipeError):  # then there is no answer either
            send(cast("IO[bytes]", self._process.stdin), header, columns)
        answer = receive(cast("IO[bytes]", self._process.stdout))
        if answer is None:
            raise ChildProcessError("the helper process for indexing has ended early; try again")
        return answer[1]


class Inversion:
    """Takes batches through all steps, and gives the finished batches in the same order.

    Args:
        analyst: Analyses the new chunks.
    """

    def __init__(self, analyst: LocalAnalyst | HelperProcess) -> None:
        self._analyst = analyst
        self._numberer = BatchNumberer()
        self._last: tuple[NumberedBatch, Future[Mapping[str, Array]]] | None = None
        self._thread = threads.worker_thread("searcher-indexing")
        self._finishing = deque[Future[Finished]]()

    def add(self, batch: Batch) -> Iterator[Finished]:
        """Start the first step of a batch and the last step of the batch before. Give the batches that are finished."""
        with paused_garbage_collection():
            self._invert_last(self._numberer.number(batch))
        while len(self._finishing) > 1:
            yield self._finishing.popleft().result()

    def rest(self) -> Iterator[Finished]:
        """Start the last step of the last batch. Give all batches that are left."""
        with paused_garbage_collection():
            self._invert_last(None)
        while self._finishing:
            yield self._finishing.popleft().result()

    def keys(self) -> SortedKeys:
        """Give the keys of all batches."""
        return self._analyst.keys()

    def close(self) -> None:
        """Stop at once."""
        self._analyst.close()
        self._thread.shutdown(cancel_futures=True)

    def _invert_last(self, following: NumberedBatch | None) -> None:
        """Have the chunks of the following batch analysed, and meanwhile start the last step of the batch before it."""
        last, coming = self._last or (None, None)
        if last and coming:
            last.facts.add(coming.result())
        self._last = (following, self._analyst.look_at(following.new)) if following else None
        if last:
            # The copy keeps its columns when facts are added for later batches.
            self._finishing.append(self._thread.submit(finish, last._replace(facts=copy(last.facts))))


def start_analyst(language: str) -> LocalAnalyst | HelperProcess:
    """Start a helper if there is a second processor. Otherwise this process analyses the chunks itself."""
    if threads.n_processors() > 1 and sys.executable and not getattr(sys, "frozen", False):
        with suppress(OSError):
            return HelperProcess(language)
    return LocalAnalyst(language)


def finish(numbered: NumberedBatch) -> Finished:
    """Invert a batch and compress its texts."""
    inverted = invert(numbered)
    frames = _compressed(numbered.batch.texts)
    sizes = np.array([len(frame) for frame in frames], np.int64)
    return Finished(inverted, b"".join(frames), sizes)


def _compressed(texts: Sequence[bytes]) -> list[bytes]:
    """Compress texts, each by itself."""
    compressor = zstandard.ZstdCompressor(level=COMPRESSION_LEVEL)
    if not any(texts):
        return [compressor.compress(text) for text in texts]  # the call below refuses texts of 0 bytes in all
    frames = compressor.multi_compress_to_buffer([*texts])
    return [frames[number].tobytes() for number in range(len(frames))]
