"""What does the helper process do? It analyses the chunks that it reads, until its input ends."""

import gc
import signal
import sys

from searcher.indexing.inversion.analyst import Analyst
from searcher.indexing.inversion.helper.messages import receive, send


def work(language: str) -> None:
    """Read messages from standard input, and write the answers to standard output.

    Args:
        language: The language of the stemmer.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one decides when it ends
    gc.disable()  # see `searcher.indexing.inversion.garbage`
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    analyst = Analyst(language)
    send(answers, {"what": "ready"}, {})
    while message := receive(questions):
        header, columns = message
        if header["what"] == "keys":
            keys = analyst.keys()
            send(answers, {}, {"packed": keys.packed, "numbers": keys.numbers})
        else:
            send(answers, {}, analyst.look_at(columns["chunks"].tobytes()))
