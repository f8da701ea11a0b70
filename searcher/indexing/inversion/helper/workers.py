"""Who does what of the inversion of batches: this process alone, or with the help of another one?

The chunks of a batch are numbered here, and new ones analysed, by this process or by a *helper*, which works on them while this
one ends the batch before and numbers the next. A helper is a Python that reads chunks from its standard input and writes what
there is to know of them to its standard output. It opens no file: whatever happens to it, nothing of it is left in the index folder,
and the order in which things are written is the same without it. It ends when its input does, so also when the process that
started it is killed.

Where there is another processor, a thread of this process ends batches, sorts and compresses, most of which does not hold up Python:
the next batch is begun meanwhile.
"""

import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from copy import copy
from typing import IO, Any, Final, NamedTuple, Protocol, cast

import numpy as np
import zstandard

from searcher.arrays import Array
from searcher.indexing.inversion import threads
from searcher.indexing.inversion.analyst import Analyst
from searcher.indexing.inversion.batch import Batch, Begun, Inverter, end
from searcher.indexing.inversion.garbage import untroubled
from searcher.indexing.inversion.helper.messages import receive, send
from searcher.indexing.inversion.key_table import SortedKeys
from searcher.indexing.inversion.threads import AtOnce

PIPE_BYTES: Final = 1 << 20
"""What a pipe holds, where that can be said: the new chunks of a batch, mostly."""
COMPRESSION_LEVEL: Final = 1

_PROGRAM: Final = "import sys; sys.path[:] = sys.argv[2:]; from searcher.indexing.inversion.helper.worker import work; work(sys.argv[1])"


class Finished(NamedTuple):
    """What has become of a batch.

    Attributes:
        run: Its occurrences, sorted: see `searcher.indexing.inversion.sort_occurrences.Run`.
        passages: As of `Inverted`.
        titles: As of `Inverted`.
        frames: Its texts, each compressed.
        frame_sizes: Bytes of each of these.
        epoch: As of `Inverted`.
    """

    run: dict[str, Array]
    passages: dict[str, Array]
    titles: list[list[str]]
    frames: bytes
    frame_sizes: Array
    epoch: int


class Looker(Protocol):
    """Says what there is to know of chunks, as `searcher.indexing.inversion.analyst.Analyst` does."""

    def look_at(self, chunks: bytes, forget: str) -> Future[Mapping[str, Array]]:
        """Say it, sooner or later."""

    def keys(self) -> list[SortedKeys]:
        """Give all keys."""

    def close(self) -> None:
        """Stop, whatever there is still to do."""


class Alone:
    """This process as the one that looks at chunks."""

    def __init__(self, language: str) -> None:
        self._analyst = Analyst(language)

    def look_at(self, chunks: bytes, forget: str) -> Future[Mapping[str, Array]]:
        """Say it at once."""
        return AtOnce().submit(self._analyst.look_at, chunks, forget)

    def keys(self) -> list[SortedKeys]:
        """Give all keys."""
        return self._analyst.keys()

    def close(self) -> None:
        """Do nothing."""


class Helper:
    """Another process that looks at chunks; this one does if that one turns out not to start, which nobody waits for.

    Args:
        language: Language of the stemmer.

    Raises:
        OSError: It cannot be started.
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

    def look_at(self, chunks: bytes, forget: str) -> Future[Mapping[str, Array]]:
        """Have it say it."""
        return self._thread.submit(self._look_at, chunks, forget)

    def keys(self) -> list[SortedKeys]:
        """Ask it for all keys."""
        if substitute := self._substitute.result():
            return substitute.keys()
        header, columns = self._ask({"what": "keys"}, {})
        return [SortedKeys(columns[f"packed{i}"], columns[f"numbers{i}"]) for i in range(header["n_epochs"])]

    def close(self) -> None:
        """End the process; there is nothing that it could leave unfinished."""
        self._process.kill()
        self._thread.shutdown(cancel_futures=True)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # what could not be sent
                pipe.close()  # type: ignore[union-attr]

    def _wait(self, language: str) -> Analyst | None:
        """Wait until it has started; if it does not, give somebody in its place."""
        return None if receive(cast("IO[bytes]", self._process.stdout)) else Analyst(language)

    def _look_at(self, chunks: bytes, forget: str) -> Mapping[str, Array]:
        if substitute := self._substitute.result():
            return substitute.look_at(chunks, forget)
        return self._ask({"what": "look", "forget": forget}, {"chunks": np.frombuffer(chunks, np.uint8)})[1]

    def _ask(
        self, header: dict[str, Any], columns: dict[str, Array]
    ) -> tuple[dict[str, Any], dict[str, Array]]:
        with suppress(BrokenPipeError):  # the answer will be missing too
            send(cast("IO[bytes]", self._process.stdin), header, columns)
        answer = receive(cast("IO[bytes]", self._process.stdout))
        if answer is None:
            raise ChildProcessError("a process that was to help indexing has ended early; try again")
        return answer


class Inversion:
    """Takes batches, and gives what becomes of them, in their order.

    Args:
        looker: Says what there is to know of chunks.
    """

    def __init__(self, looker: Looker) -> None:
        self._looker = looker
        self._inverter = Inverter()
        self._last: tuple[Begun, Future[Mapping[str, Array]]] | None = None
        self._thread = threads.beside("searcher-indexing")
        self._finishing = deque[Future[Finished]]()

    def add(self, batch: Batch) -> Iterator[Finished]:
        """Begin a batch and end the one before; give what has become of those before that."""
        with untroubled():
            self._end_last(self._inverter.begin(batch))
        while len(self._finishing) > 1:
            yield self._finishing.popleft().result()

    def rest(self) -> Iterator[Finished]:
        """End the last batch, and give what has become of all that are left."""
        with untroubled():
            self._end_last(None)
        while self._finishing:
            yield self._finishing.popleft().result()

    def keys(self) -> list[SortedKeys]:
        """Give the keys of all batches, by epoch."""
        return self._looker.keys()

    def close(self) -> None:
        """Stop, whatever there is still to do."""
        self._looker.close()
        self._thread.shutdown(cancel_futures=True)

    def _end_last(self, following: Begun | None) -> None:
        """End the last batch, when the one that follows it has been begun, and is being looked at."""
        last, said = self._last or (None, None)
        if last and said:
            last.facts.add(said.result())
        self._last = (following, self._looker.look_at(following.new, following.forget)) if following else None
        if last:
            # What is added to the facts of later batches leaves those of this one as they are.
            self._finishing.append(self._thread.submit(finish, last._replace(facts=copy(last.facts))))


def start(language: str) -> Looker:
    """Start a helper if there is a processor for it; this process is alone if there is none."""
    if threads.n_processors() > 1 and sys.executable and not getattr(sys, "frozen", False):
        with suppress(OSError):
            return Helper(language)
    return Alone(language)


def finish(begun: Begun) -> Finished:
    """End a batch, sort its occurrences and compress its texts."""
    inverted = end(begun)
    frames = _compressed(begun.batch.texts)
    sizes = np.array([len(frame) for frame in frames], np.int64)
    run = inverted.occurrences.sorted()
    return Finished(run, inverted.passages, inverted.titles, b"".join(frames), sizes, inverted.epoch)


def _compressed(texts: Sequence[bytes]) -> list[bytes]:
    """Compress texts, each on its own."""
    compressor = zstandard.ZstdCompressor(level=COMPRESSION_LEVEL)
    if not any(texts):
        return [compressor.compress(text) for text in texts]  # of nothing at all there are no frames
    frames = compressor.multi_compress_to_buffer([*texts])
    return [frames[number].tobytes() for number in range(len(frames))]
