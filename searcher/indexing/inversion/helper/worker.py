"""What does a helper do? It looks at the chunks that it reads, until there are no more: see `searcher.indexing.inversion.helper.workers`."""

import gc
import signal
import sys

from searcher.indexing.inversion.analyst import Analyst
from searcher.indexing.inversion.helper.messages import receive, send


def work(language: str) -> None:
    """Answer the messages on standard input on standard output.

    Args:
        language: Language of the stemmer.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that reads the answers decides
    gc.disable()  # nothing here refers to itself, and looking for it takes a twentieth of the time
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    analyst = Analyst(language)
    send(answers, {"what": "ready"}, {})
    while message := receive(questions):
        header, columns = message
        if header["what"] == "keys":
            keys = analyst.keys()
            packed = {f"packed{epoch}": some.packed for epoch, some in enumerate(keys)}
            numbers = {f"numbers{epoch}": some.numbers for epoch, some in enumerate(keys)}
            send(answers, {"n_epochs": len(keys)}, packed | numbers)
        else:
            send(answers, {}, analyst.look_at(columns["chunks"].tobytes(), header["forget"]))
