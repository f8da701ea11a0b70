"""Random articles, the same index in one segment and in several, and what the naive evaluator sees of it."""

import random
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

import naive
import numpy as np
import pytest
from naive_forms import Line, Place
from naive_select import Metadata
from tokenisers import Tokeniser

from searcher import Article, Index, Kind, SearchResult, Span, build_index, check_index
from searcher.indexing.segments.build import SegmentBuilder
from searcher.storage.manifest import SegmentEntry, commit, read_manifest, seal
from searcher.storage.snapshot import open_snapshot
from searcher.text.layout.paragraphs import paragraphs, title_of
from searcher.text.layout.sentences import boundaries, flags
from searcher.text.words.analysis import Analyser
from searcher.text.words.chunks import split_spans

STOP_WORDS: Final = ("the", "of", "in", "to", "at", "t", "le", "la", "de")
DATES: Final = (
    "2019-12-31",
    "2020",
    "2020-02",
    "2020-09",
    "2020-09-27",
    "2020-10",
    "2020-10-01",
    "2021-03-05",
)
FILLERS: Final = ["lead", "copper", "zinc", "nickel"]
WORDS: Final = [
    "war", "wars", "talk", "talks", "talking", "peace", "cease", "fire", "fires", "ceasefire", "ceasefires", "cease-fire",
    "cease-fires", "cease-fire's", "town", "town's", "towns", "peace-talks", "war-talks", "town-to-town", "co-op", "co-op's", "co-op-s", "coop",
    "to", "the", "of", "in", "the",
]  # fmt: skip
RICH_WORDS: Final = [
    "war", "Wars", "war's", "cease-fire", "ceasefire", "Cease‐fires", "cease-fire's", "ceasefire’s", "cease", "fire",
    "U.S.", "US", "us", "UN", "U.N.", "un", "Bakı", "Baki", "café", "cafés", "Café’s", "停戦", "戦", "3.5", "100,437",
    "100437", "AT&T", "at", "t", "cease-fire/truce", "truce", "co-operation", "co-operation's", "cooperation", "the", "of",
]  # fmt: skip
FRENCH_WORDS: Final = [
    "élevée", "élever", "elevee", "mêlée", "melee", "eleve", "Élève", "élève-maître", "élevemaitre", "maître", "créée",
    "créer", "creee", "côte", "cote", "côté", "Cotes", "cessez-le-feu", "cessezlefeu", "cessez", "feu", "feux", "l'homme",
    "d’accord", "homme", "porte-parole", "porteparole", "porte-paroles", "Portes", "parole", "le", "la", "de",
]  # fmt: skip
"""Their language folds accents behind stemming, so that words written the same may have several terms."""


def make_articles(rng: random.Random, words: Sequence[str]) -> list[Article]:
    """Make up a few articles, some of them copies of others."""
    texts: list[str] = []
    for _ in range(rng.randint(1, 9)):
        texts.append(rng.choice(texts) if texts and rng.random() < 0.3 else _text(rng, words))
    names = rng.sample(["a", "b", "B", "c/a", "c", "d", "é", "e", "f/g.txt", "F/h.txt"], k=len(texts))
    return [_article(rng, words, name, text) for name, text in zip(names, texts, strict=True)]


def _article(rng: random.Random, words: Sequence[str], address: str, text: str) -> Article:
    def line() -> str | None:
        return " ".join(rng.choices(words, k=rng.choice((1, 2, 3)))) if rng.random() < 0.7 else None

    return Article(
        address=address,
        text=text,
        title=line(),
        date=rng.choice((None, None, *DATES)),
        source=line(),
        author=line(),
        keywords=tuple(keyword for _ in range(rng.choice((0, 1, 3))) if (keyword := line())),
    )


def _text(rng: random.Random, words: Sequence[str]) -> str:
    used = rng.sample(words, k=min(rng.randint(3, 12), len(words)))
    paragraphs = []
    if rng.random() < 0.6:
        paragraphs.append("# " + " ".join(rng.choices([*words, *FILLERS], k=rng.randint(3, 6))))
    if rng.random() < 0.4:
        paragraphs.append("Keywords: " + ", ".join(rng.choices(used, k=rng.randint(2, 4))))
    for _ in range(rng.randint(0, 5)):
        if rng.random() < 0.3:
            paragraphs.append("Photo: " + " ".join(rng.choices([*used, *FILLERS], k=rng.randint(3, 8))))
        here = [*rng.sample(used, k=rng.randint(1, len(used))), *rng.choices(FILLERS, k=rng.randint(1, 12))]
        size = rng.choice((6, 6, 12, 12, 30, 30, 82, 82, 130, 260))
        paragraphs.append(" ".join(_sentences(rng, rng.choices(here, k=size))))
    return "\n\n".join(paragraphs)


def _sentences(rng: random.Random, words: Sequence[str]) -> Iterator[str]:
    """Put stops and capitals among words, in some texts many."""
    often = rng.choice((0.0, 0.1, 0.3))
    is_first = False
    for word in words:
        is_last = rng.random() < often
        yield (word[0].upper() + word[1:] if is_first else word) + (rng.choice(".?") if is_last else "")
        is_first = is_last


class Located(NamedTuple):
    """Passages of an article as the index has them: only their bounds and kinds are taken from it."""

    passages: list[tuple[int, int, Kind]]
    words: list[list[Span]]


def read_corpus(index: Path, tokenise: Tokeniser) -> tuple[naive.Corpus, dict[str, Located]]:
    """Read the passages of an index of one segment, and tokenise them anew."""
    articles: list[naive.Article] = []
    located: dict[str, Located] = {}
    (live,) = open_snapshot(index).segments
    columns = live.segment.columns
    for number in range(live.segment.n_articles):
        article = live.segment.article(number)
        sentence_starts, paragraph_starts = _starts(article.text)
        metadata = _read_metadata(article, tokenise)
        here = Located([], [])
        passages: list[naive.Passage] = []
        for place in range(*(int(place) for place in columns["article_passages"][number : number + 2])):
            start, stop = int(columns["passage_start"][place]), int(columns["passage_end"][place])
            kind = Kind(int(columns["passage_kind"][place]))
            analysed = tokenise(article.text[start:stop])
            words = [Span(start + word.start, start + word.end) for word in analysed.spans]
            passage = naive.Passage(metadata, kind, analysed.tokens)
            passage.sentences = [bisect_right(sentence_starts, word.start) for word in words]
            passage.paragraphs = [bisect_right(paragraph_starts, word.start) for word in words]
            passages.append(passage)
            here.passages.append((start, stop, kind))
            here.words.append(words)
        articles.append(naive.Article(metadata, passages))
        located[article.address] = here
    return naive.Corpus(articles), located


def _starts(text: str) -> tuple[list[int], list[int]]:
    """Give where the sentences and the paragraphs of a text start, the latter among the former."""
    found = paragraphs(text)
    chunks = [chunk for paragraph in found for chunk in split_spans(text, paragraph.start, paragraph.end)]
    is_start = boundaries(np.array([flags(text[start:end]) for start, end in chunks], np.uint8))
    paragraph_starts = {paragraph.start for paragraph in found}
    inner = {chunk.start for chunk, starts in zip(chunks, is_start, strict=True) if starts}
    return sorted(inner | paragraph_starts), sorted(paragraph_starts)


def _read_metadata(article: Article, tokenise: Tokeniser) -> Metadata:
    def lines(*values: str | None) -> list[Line]:
        return [Line(tokenise(value).tokens) for value in values if value]

    title = article.title or title_of(article.text, paragraphs(article.text))[0]
    fields = {
        "title": lines(title),
        "source": lines(article.source),
        "author": lines(article.author),
        "keyword": lines(*article.keywords),
    }
    return Metadata(article.address, article.date, fields)


def _scatter(
    rng: random.Random, index: Path, scattered: Path, articles: list[Article], analyser: Analyser
) -> None:
    """Build the same index in several segments, with dead articles in them."""
    scattered.mkdir()
    slices: list[list[Article]] = [[] for _ in range(rng.randint(2, 3))]
    dead: list[set[str]] = [set() for _ in slices]
    for article in articles:
        home, other = rng.sample(range(len(slices)), 2)
        slices[home].append(article)
        if rng.random() < 0.4:  # an older state of it
            old = replace(rng.choice(articles), address=article.address)
            slices[other].append(replace(old, text=old.text + " war", source="War"))
            dead[other].add(article.address)
    segments: list[SegmentEntry] = []
    for number, (part, gone) in enumerate(zip(slices, dead, strict=True), 1):
        if not part:
            continue
        part.sort(key=lambda article: article.address)
        with SegmentBuilder(scattered, f"segment-{number:08d}", analyser) as builder:
            for article in part:
                builder.add(article, "")
            entry = seal(scattered, builder.finish())
        tombstones = tuple(i for i, article in enumerate(part) if article.address in gone)
        segments.append(entry._replace(dead_articles=tombstones))
    commit(scattered, read_manifest(index)._replace(segments=tuple(segments)))


def build_both(
    rng: random.Random,
    folder: Path,
    articles: list[Article],
    language: str = "english",
    *,
    folds: bool = False,
) -> Path:
    """Build an index of one segment, and beside it the same in several; give the folder of the second.

    Args:
        rng: Makes choices.
        folder: For the first.
        articles: What to index.
        language: That of the indexes.
        folds: Now and then put articles into the second again, so that segments are folded: all, unless tiers are tiny;
            and verify both.
    """
    build_index(articles, folder, language=language)
    scattered = folder.with_name(f"{folder.name}-scattered")
    _scatter(rng, folder, scattered, articles, Analyser(language))
    if folds:
        if rng.random() < 0.5:
            with Index(scattered) as index:
                index.put(rng.sample(articles, k=rng.randint(1, min(2, len(articles)))))
        for built in (folder, scattered):
            assert check_index(built).damages == ()
    return scattered


def timeless(result: SearchResult) -> SearchResult:
    return replace(result, elapsed_ms=0.0)


def assert_same(found: SearchResult, expected: naive.Result, located: dict[str, Located]) -> None:
    """Compare what was found with what should be, spans, scores and counts."""

    def spans(
        hit: naive.Hit, passage: int, places: frozenset[Place]
    ) -> tuple[int, int, Kind, tuple[Span, ...]]:
        bounds = located[hit.address].passages[passage]
        return *bounds, marks(places, located[hit.address].words[passage])

    shown = []
    for hit, real in zip(expected.hits, found, strict=False):
        heading: tuple[Span, ...] | None = None
        if hit.shown != hit.passage:
            *_, heading = spans(hit, hit.passage, hit.places_of_match)
            assert real.heading is not None
            heading = tuple(
                mark for mark in heading if real.heading.start <= mark.start and mark.end <= real.heading.end
            )
        shown.append((hit.address, *spans(hit, hit.shown, hit.places), hit.tier, heading))
    assert [
        (
            hit.article.address,
            hit.passage.start,
            hit.passage.end,
            hit.passage.kind,
            hit.marks,
            hit.match,
            hit.heading and hit.heading.marks,
        )
        for hit in found
    ] == shown
    assert [hit.score for hit in found] == pytest.approx([hit.score for hit in expected.hits], abs=1e-9)
    assert [hit.rank for hit in found] == list(range(1, len(expected.hits) + 1))
    assert found.tiers == expected.tiers
    assert (found.total, found.match, found.side_by_side) == (
        expected.total,
        expected.match,
        expected.side_by_side,
    )
    assert [clause.n_passages for clause in found.clauses] == expected.clauses


def marks(places: frozenset[Place], words: Sequence[Span]) -> tuple[Span, ...]:
    """Turn runs of positions into spans; those that overlap become one."""
    merged: list[Span] = []
    for start, end in sorted((words[first].start, words[last - 1].end) for first, last in places):
        if merged and start < merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(end, merged[-1].end))
        else:
            merged.append(Span(start, end))
    return tuple(merged)
