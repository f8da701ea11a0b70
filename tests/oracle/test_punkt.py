"""Sentence starts against nltk's Punkt, which is given our abbreviations and starters and so needs no download."""

import itertools
import json
import lzma
import re
from pathlib import Path

import numpy as np
import pytest
from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

from searcher.text.layout.sentences import ABBREVIATIONS, STARTERS, TITLES, boundaries, flags

NEWS = Path(__file__).parents[2].parent / "shared" / "data" / "news.jsonl.xz"
N_ARTICLES = 300
CONTRACTED = ("'s", "'re", "'ll", "'ve", "'d", "'m")
# Punkt of some versions knows straight quotes only.
STRAIGHT = str.maketrans("“”‘’", "\"\"''")


def punkt() -> PunktSentenceTokenizer:
    parameters = PunktParameters()
    parameters.abbrev_types = set(TITLES | ABBREVIATIONS)
    parameters.sent_starters = STARTERS | {starter + end for starter in STARTERS for end in CONTRACTED}
    return PunktSentenceTokenizer(parameters)


def test_sentence_starts_agree_with_punkt() -> None:
    if not NEWS.exists():
        pytest.skip(f"no news to compare on: {NEWS} is absent")
    tokenizer = punkt()
    n_both = n_ours = n_theirs = 0
    with lzma.open(NEWS, "rt", encoding="utf-8") as lines:
        articles = [json.loads(line)["text"] for line in itertools.islice(lines, N_ARTICLES)]
    for paragraph in itertools.chain.from_iterable(text.splitlines() for text in articles):
        chunks = list(re.finditer(r"\S+", paragraph))
        starts = boundaries(np.array([flags(chunk[0]) for chunk in chunks], dtype=np.uint8))
        # The start of the paragraph is known to both, and proves nothing.
        ours = {chunk.start() for chunk, is_start in zip(chunks[1:], starts[1:], strict=True) if is_start}
        theirs = {start for start, _ in tokenizer.span_tokenize(paragraph.translate(STRAIGHT))}
        theirs &= {chunk.start() for chunk in chunks[1:]}
        n_both += len(ours & theirs)
        n_ours += len(ours)
        n_theirs += len(theirs)
    assert n_theirs > 5_000
    assert 2 * n_both / (n_ours + n_theirs) >= 0.98
