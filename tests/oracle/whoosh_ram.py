"""A plain Whoosh index of the same passages, in memory, and what makes it comparable.

The passages' bounds and kinds are taken from the index under test; everything else is analysed and written anew by Whoosh
itself. Two things are given to Whoosh that its own formats do not know: the width of joined words, kept as boosts of
positions, and swapped letters as one edit, as it documents.
"""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from whoosh.analysis import Composable, Token
from whoosh.fields import ID, KEYWORD, FieldType, Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.formats import PositionBoosts
from whoosh.matching.mcore import LeafMatcher, Matcher
from whoosh.query.spans import Span, SpanQuery
from whoosh.reading import IndexReader, SegmentReader

from searcher import Article, Kind, build_index
from searcher.indexing.segments.build import SegmentBuilder
from searcher.storage.manifest import SegmentEntry, commit, read_manifest, seal
from searcher.storage.snapshot import open_snapshot
from searcher.text.words.analysis import Analyser
from searcher.text.words.chunks import split, split_spans

WORDS = [
    "war",
    "wars",
    "talk",
    "talks",
    "talking",
    "peace",
    "cease",
    "fire",
    "fires",
    "fired",
    "first",
    "ceasefire",
    "ceasefires",
    "cease-fire",
    "cease-fires",
    "town",
    "town's",
    "towns",
    "peace-talks",
    "war-talks",
    "town-to-town",
    "co-op",
    "coop",
    "the",
    "of",
    "in",
    "U.S.",
    "US",
    "us",
    "UN",
    "Bakı",
    "Baki",
    "café",
    "cafés",
    "3.5",
    "100,437",
    "AT&T",
    "停戦",
]
FILLERS = ["lead", "copper", "zinc", "nickel"]


class _Tokens(Composable):  # type: ignore[misc]  # Whoosh's classes are not typed for us
    def __init__(self, *, is_stemmed: bool) -> None:
        self._is_stemmed = is_stemmed
        self._analyser = Analyser()

    def __call__(self, value: str, **options: Any) -> Iterator[Token]:
        first = 0
        for start, end in split_spans(value, 0, len(value)):
            tokens = self._analyser.tokens(value[start:end])
            for token in tokens:
                text = token.term if self._is_stemmed else token.surface.replace("-", "")
                made = Token(**options)
                made.text, made.pos, made.boost = text, first + token.position, float(token.width)
                yield made
            first += sum(not token.is_overlay for token in tokens)


def _words(*, is_stemmed: bool, is_scorable: bool = False) -> FieldType:
    return FieldType(PositionBoosts(), _Tokens(is_stemmed=is_stemmed), scorable=is_scorable)


def ram_index(index: Path) -> Any:
    """Write the live passages of an index of one segment to Whoosh."""
    schema = Schema(
        text=_words(is_stemmed=True, is_scorable=True),
        exact=_words(is_stemmed=False, is_scorable=True),
        title=_words(is_stemmed=True),
        source=_words(is_stemmed=False),
        author=_words(is_stemmed=False),
        keyword=KEYWORD(),
        path=ID(sortable=True),
        date=ID(sortable=True),
        kind=ID(sortable=True),
    )
    made = RamStorage().create_index(schema)
    with made.writer() as writer:
        for article, _, start, end, kind in passages(index):
            fields = {
                "path": article.address,
                "title": article.title,
                "source": article.source,
                "author": article.author,
                "keyword": [_bare(keyword) for keyword in article.keywords] or None,
                "date": article.date,
                "kind": kind.name.lower(),
                "text": article.text[start:end],
                "exact": article.text[start:end],
            }
            writer.add_document(**{name: value for name, value in fields.items() if value is not None})
    return made


def _bare(keyword: str) -> str:
    analyser = Analyser()
    tokens = [token for chunk in split(keyword) for token in analyser.tokens(chunk) if not token.is_overlay]
    return " ".join(token.surface for token in tokens)


def passages(index: Path) -> Iterator[tuple[Article, int, int, int, Kind]]:
    """Give article, number, start, end and kind of each passage of an index of one segment without dead articles."""
    (live,) = open_snapshot(index).segments
    columns = live.segment.columns
    for number in range(live.segment.n_articles):
        article = live.segment.article(number)
        first, end = (int(place) for place in columns["article_passages"][number : number + 2])
        for place in range(first, end):
            start, stop = int(columns["passage_start"][place]), int(columns["passage_end"][place])
            yield article, place, start, stop, Kind(int(columns["passage_kind"][place]))


def teach_whoosh(patch: pytest.MonkeyPatch) -> None:
    """Have Whoosh's own index know widths and swapped letters, and its span queries stand inside others."""

    def wide_spans(self: Any) -> list[Span]:
        return [Span(start, start + int(width) - 1) for start, width in self.value_as("position_boosts")]

    patch.setattr(Matcher, "spans", wide_spans)
    patch.setattr(LeafMatcher, "spans", wide_spans)
    patch.setattr(SpanQuery, "estimate_size", lambda _, reader: reader.doc_count())
    patch.setattr(SegmentReader, "terms_within", IndexReader.terms_within)


def make_articles(rng: random.Random) -> list[Article]:
    """Make up a few articles with metadata, some of them copies of others."""
    made: list[Article] = []
    for address in rng.sample(["a", "b", "B", "c/a", "c", "d", "é", "e-e", "f"], k=rng.randint(1, 8)):
        used = rng.sample(WORDS, k=rng.randint(3, 14))
        paragraphs = []
        if rng.random() < 0.5:
            paragraphs.append("# " + " ".join(rng.choices([*used, *FILLERS], k=rng.randint(3, 6))))
        if rng.random() < 0.4:
            paragraphs.append("Keywords: " + ", ".join(rng.choices(used, k=rng.randint(2, 4))))
        for _ in range(rng.randint(0, 4)):
            here = [*rng.choices(used, k=4), *rng.choices(FILLERS, k=rng.randint(1, 6))]
            paragraphs.append(" ".join(rng.choices(here, k=rng.choice((4, 8, 30, 82, 130, 260)))))
        article = Article(
            address=address,
            text="\n\n".join(paragraphs),
            title=" ".join(rng.choices(used, k=3)) if rng.random() < 0.7 else None,
            date=rng.choice((None, "2020", "2020-09", "2020-10-01", "1999-12-31")),
            source=rng.choice((None, "The Town Herald", "Cease-fire Monitor", "Herald")),
            author=rng.choice((None, "Ann Café", "Town Bakı")),
            keywords=tuple(rng.sample(["War", "Peace talks", "cease-fire", "Bakı"], k=rng.randint(0, 3))),
        )
        copied = made and rng.random() < 0.2
        made.append(replace(article, text=rng.choice(made).text) if copied else article)
    return made


def scatter(rng: random.Random, index: Path, scattered: Path, articles: list[Article]) -> None:
    """Build the index of the same articles in several segments, with dead articles, and words that only they hold."""
    scattered.mkdir()
    slices: list[list[tuple[Article, bool]]] = [[] for _ in range(rng.randint(2, 4))]
    for article in articles:
        home, other = rng.sample(range(len(slices)), 2)
        slices[home].append((article, True))
        if rng.random() < 0.5:
            old = rng.choice(articles).text + " war warring outdated out-of-date Herald firing"
            slices[other].append((replace(article, text=old, source="Outdated Herald", date="1666"), False))
    entries: list[SegmentEntry] = []
    for number, part in enumerate(filter(None, slices), 1):
        part.sort(key=lambda pair: pair[0].address)
        with SegmentBuilder(scattered, f"segment-{number:08d}", Analyser()) as builder:
            for article, _ in part:
                builder.add(article, "")
            entry = seal(scattered, builder.finish())
        dead = tuple(place for place, (_, is_live) in enumerate(part) if not is_live)
        entries.append(entry._replace(dead_articles=dead))
    commit(scattered, read_manifest(index)._replace(segments=tuple(entries)))


def build_both(rng: random.Random, folder: Path) -> Path:
    """Build an index of one segment, and beside it the same in several; give the folder of the second."""
    articles = make_articles(rng)
    build_index(articles, folder)
    scattered = folder.with_name(f"{folder.name}-scattered")
    scatter(rng, folder, scattered, articles)
    return scattered
