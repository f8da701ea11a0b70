"""What does a worker do? It inverts the batches that it reads, until there are no more: see `searcher.indexing.workers`."""

import gc
import signal
import sys

import numpy as np

from searcher.indexing.invert import Batch, Inverter
from searcher.indexing.messages import receive, send
from searcher.indexing.workers import finish
from searcher.text.analysis import Analyser


def work(language: str) -> None:
    """Answer the messages on standard input on standard output.

    Args:
        language: Language of the stemmer.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that reads the answers decides
    gc.disable()  # nothing here refers to itself, and looking for it takes a twentieth of the time
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    inverter = Inverter(Analyser(language))
    send(answers, {"what": "ready"}, {})
    while message := receive(questions):
        header, columns = message
        if header["what"] == "keys":
            keys = inverter.keys()
            packed = {f"packed{epoch}": some.packed for epoch, some in enumerate(keys)}
            numbers = {f"numbers{epoch}": some.numbers for epoch, some in enumerate(keys)}
            send(answers, {"n_epochs": len(keys)}, packed | numbers)
            continue
        batch = Batch.from_message(header, columns)
        found = finish(inverter.invert(batch), batch.texts)
        send(
            answers,
            {"titles": found.titles, "passages": [*found.passages], "epoch": found.epoch},
            {
                **found.run,
                **found.passages,
                "frames": np.frombuffer(found.frames, np.uint8),
                "frame_sizes": found.frame_sizes,
            },
        )
