"""The program and the naive evaluator give the same answers to queries of every kind of node, in any combination.

Queries are made up as trees, so that everything a tree can say is asked. Those that can be typed are asked that way too.
"""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import naive
import pytest
from corpora import (
    FRENCH_WORDS,
    RICH_WORDS,
    WORDS,
    assert_same,
    build_both,
    make_articles,
    read_corpus,
    timeless,
)
from features import branches, can_be_typed, features
from sizes import Sizes, both_sizes, tiny
from tokenisers import plain_tokens, tokens_of
from trees import Trees

from searcher.engine import Options
from searcher.language.tree import FIELDS, Query, Within, to_text
from searcher.model import SearchResult
from searcher.querying.search import Searcher
from searcher.storage.snapshot import open_snapshot

N_CORPORA = 24
N_QUERIES = 30
VOCABULARIES = {
    "plain": (WORDS, plain_tokens, "english"),
    "rich": (RICH_WORDS, tokens_of("english"), "english"),
    "french": (FRENCH_WORDS, tokens_of("french"), "french"),
}
LIMITS = (1, 3, 10, 1000)
LEAST_OF_TYPE = 15
LEAST_OF_FEATURE = 3
TYPES = ("Words", "Close", "Kinds", "Dates", "Undated", "Field", "Path", "Within", "And", "Or", "Not")
FEATURES = (
    *(
        f"{owner}: {what}"
        for owner in ("Words", "Close", "Field")
        for what in (
            *("exact word", "stemmed word", "exact phrase", "stemmed phrase"),
            *("exact hyphenated word", "stemmed hyphenated word", "Wildcard alone", "Wildcard in phrase"),
            *("Wildcard in hyphenated word", "Fuzzy alone", "Fuzzy in phrase", "Fuzzy in hyphenated word"),
        )
    ),
    *(
        f"Close{place}: {what}"
        for place in ("", " in sentence", " in paragraph")
        for what in ("2 members", "3 members", "alternatives")
    ),
    *(f"Field: {name}" for name in FIELDS),
    *(f"Dates: {what}" for what in ("year", "month", "day", "since", "until", "since until")),
    *(f"Not: {what}" for what in ("Words", "Close", "And", "Or", "Not", "selector")),
    *("Close: repeated", "Path: text", "Path: pattern", "Dates: since exclusive", "Dates: until exclusive"),
    *("exact hyphenated possessive", "stemmed hyphenated possessive", "nested", "weight"),
)


@both_sizes
def test_every_kind_of_node_finds_what_the_naive_evaluator_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sizes: Sizes
) -> None:
    n_matched: Counter[str] = Counter()
    for vocabulary, (words, tokenise, language) in VOCABULARIES.items():
        for seed in sizes(monkeypatch, range(N_CORPORA), 6):
            rng = random.Random(f"trees {vocabulary} {seed}")
            folder = tmp_path / f"{vocabulary}-{seed}"
            articles = make_articles(rng, words)
            scattered = build_both(rng, folder, articles, language, folds=sizes is tiny)
            corpus, located = read_corpus(folder, tokenise)
            whole, spread = Searcher(open_snapshot(folder)), Searcher(open_snapshot(scattered))
            trees = Trees(rng, words, tokenise, articles)
            for _ in range(N_QUERIES):
                query, asked = trees.query(), _options(rng, list(located))
                expected = corpus.search(query, **asked)
                within = Within((asked["within"],), keeps_headings=True) if asked["within"] else None
                options = Options(**asked | {"within": within})
                found = whole.search(query, options)
                assert_same(found, expected, located)
                assert timeless(spread.search(query, options)) == timeless(found)
                if can_be_typed(query):
                    assert _answer(whole.ask(to_text(query), options)) == _answer(found)
                n_matched.update(set(_decisive(query, corpus, expected)))
    least = {**dict.fromkeys(FEATURES, LEAST_OF_FEATURE), **dict.fromkeys(TYPES, LEAST_OF_TYPE)}
    rare = {name: n_matched[name] for name in least if n_matched[name] < least[name]}
    assert rare == {} or sizes is tiny


def _options(rng: random.Random, addresses: Sequence[str]) -> dict[str, Any]:
    """Choose everything about a question that is not the query."""
    return {
        "match": rng.choice(("auto", "auto", "any", "all")),
        "limit": rng.choice(LIMITS),
        "within": rng.choice(addresses) if rng.random() < 0.1 else "",
        "since": "2020" if rng.random() < 0.1 else "",
        "until": "2020-09" if rng.random() < 0.1 else "",
    }


def _answer(result: SearchResult) -> tuple[object, ...]:
    return result.hits, result.total, result.tiers, result.match


def _decisive(query: Query, corpus: naive.Corpus, found: naive.Result) -> Iterator[str]:
    """Name what is special about the nodes that a hit satisfies, and some other passage does not."""
    articles = {article.address: article for article in corpus.articles}
    hits = [articles[hit.address].passages[hit.passage] for hit in found.hits]
    for node in (node for clause in (*query.loose, *query.required) for node in branches(clause)):
        is_met = any(naive.satisfies(passage, node)[0] for passage in hits)
        if is_met and not all(naive.satisfies(passage, node)[0] for passage in corpus.passages):
            yield from features(node)
