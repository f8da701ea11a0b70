"""Which terms do the live passages have, and where do the terms stand?

`Terms` looks up terms in the fields of `searcher.querying.whoosh.fields`, and gives documents of
`searcher.querying.whoosh.documents`. Whoever uses it need not know of segments, tombstones and variants. A term that stands in no
live passage does not exist here.
"""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from searcher.arrays import Numbers
from searcher.model import Kind
from searcher.querying.matching.patterns import Lines
from searcher.querying.whoosh.documents import Documents, concatenate
from searcher.querying.whoosh.fields import ARTICLE_FIELDS, TEXT_FIELDS, WORD_FIELDS
from searcher.storage.segment import Segment
from searcher.storage.snapshot import LiveSegment

MAX_FOUND = 128
"""How many terms are remembered, because Whoosh looks up a term several times in a query. Without, a query takes 35 % longer."""
_KINDS = {kind.name.lower().encode(): kind for kind in Kind}
_LAST = b"\xff"
_NONE = np.zeros(0, np.int64)


class TermPlaces(NamedTuple):
    """The occurrences of a term, ordered by document, then by position.

    Attributes:
        docs: int64, shape (n,): the documents.
        starts: int64, shape (n,): the first position that each occurrence covers.
        ends: int64, shape (n,): the last position that each occurrence covers. Only a joined word covers more than one.
    """

    docs: Numbers
    starts: Numbers
    ends: Numbers


@dataclass
class TermPostings:
    """The documents of one term.

    Attributes:
        docs: int64, shape (n,), ascending: the documents.
        weights: int64, shape (n,): how often the term occurs in each document.
        lengths: int64, shape (n,): how many words each document has.
        find_places: Finds all occurrences. There are none in fields without positions.
    """

    docs: Numbers
    weights: Numbers
    lengths: Numbers
    find_places: Callable[[], TermPlaces]

    @cached_property
    def ids(self) -> list[int]:
        """The documents as a list, through which Whoosh's matchers step."""
        ids: list[int] = self.docs.tolist()
        return ids

    @cached_property
    def _spans(self) -> tuple[list[int], list[tuple[int, int]]]:
        places = self.find_places()
        starts = [0, *self.weights.cumsum().tolist()]
        return starts, list(zip(places.starts.tolist(), places.ends.tolist(), strict=True))

    def spans(self, at: int) -> list[tuple[int, int]]:
        """List the first and the last position of each occurrence in the document ``docs[at]``."""
        starts, spans = self._spans
        return spans[starts[at] : starts[at + 1]]


class Terms:
    """Looks up terms. Safe to use from several threads."""

    def __init__(self, documents: Documents, schema: Any) -> None:
        self._documents = documents
        self._schema = schema
        self.find = lru_cache(MAX_FOUND)(self._find)
        # Over 128,000 passages each of these takes from .03 to 1.4 s.
        self.lexicon = lru_cache(None)(self._lexicon)
        self._joined = lru_cache(None)(_joined)
        self._of_articles = lru_cache(None)(self._index_articles)

    def _find(self, field: str, term: bytes) -> TermPostings | None:
        """Look up an encoded term of a field. None if no document has the term."""
        if field == "text":
            found = self._of_term(term)
        elif field == "exact":
            found = self._of_surface(term)
        elif field == "kind":
            found = self._existing((self._documents.kinds == _KINDS.get(term, -1)).nonzero()[0])
        elif field in ARTICLE_FIELDS:
            found = self._of_value(field, term)
        else:
            return None
        return found if len(found.docs) else None

    def _lexicon(self, field: str) -> list[bytes]:
        """List the terms of a field, sorted."""
        terms: set[bytes] = set()
        if field == "kind":
            terms.update(name for name, kind in _KINDS.items() if kind in self._documents.kinds)
        elif field in ARTICLE_FIELDS:
            ranks = frozenset(np.unique(self._documents.article_of).tolist())
            found = self._of_articles(field)
            terms.update(term for term, articles in found.items() if not ranks.isdisjoint(articles))
        elif field in TEXT_FIELDS:
            for live in self._documents.segments:
                terms.update(_live_strings(live, is_exact=field == "exact"))
        return sorted(terms)

    def within(self, field: str, text: str, max_distance: int, n_same: int) -> list[tuple[str, int]]:
        """List the terms of a field that are similar to a text, with their distances.

        Args:
            field: The field.
            text: The text.
            max_distance: How many characters may be inserted, deleted, replaced, or swapped with their neighbour.
            n_same: How many characters at the beginning must be the same.
        """
        lexicon = self.lexicon(field)
        prefix = text[:n_same].encode()
        first, end = bisect_left(lexicon, prefix), bisect_left(lexicon, prefix + _LAST)
        lines = Lines(b"".join(term + b"\n" for term in lexicon[first:end]))
        near = lines.near(text, int(max_distance))
        return [
            (lines.word(number), n_edits)
            for number, n_edits in zip(near.numbers.tolist(), near.n_edits.tolist(), strict=True)
        ]

    def _of_term(self, term: bytes) -> TermPostings:
        documents = self._documents
        numbers = [live.segment.terms.find(term) for live in documents.segments]
        sources = [(n, number, None) for n, number in enumerate(numbers) if number >= 0]
        postings = [documents.segments[n].postings(number) for n, number, _ in sources]
        docs = concatenate(
            [documents.numbers[n][found.passages] for (n, *_), found in zip(sources, postings, strict=True)]
        )
        weights = concatenate([(found.codes >> 8).astype(np.int64) for found in postings])
        order = docs.argsort()
        docs = docs[order]
        return TermPostings(docs, weights[order], documents.lengths[docs], lambda: self._places(sources))

    def _of_surface(self, surface: bytes) -> TermPostings:
        sources: list[tuple[int, int, Numbers | None]] = []
        for n, live in enumerate(self._documents.segments):
            surfaces, column = live.segment.surfaces, live.segment.columns
            low, high = (surfaces.lower_bound(bound) for bound in (surface, surface + b"\0"))
            numbers = [*self._joined(live.segment).get(surface, ()), *range(low, high)]
            terms = column["surface_term"][numbers]
            variants = column["surface_variant"][numbers].astype(np.int64)
            sources += [(n, term, variants[terms == term]) for term in np.unique(terms).tolist()]
        places = self._places(sources)
        docs, weights = np.unique(places.docs, return_counts=True)
        return TermPostings(docs, weights, self._documents.lengths[docs], lambda: places)

    def _of_value(self, field: str, term: bytes) -> TermPostings:
        documents = self._documents
        articles = self._of_articles(field).get(term, {})
        docs = documents.of_articles(np.array(sorted(articles), np.int64))
        if field not in WORD_FIELDS:
            return self._existing(docs)
        spans = [articles[article] for article in documents.article_of[docs].tolist()]
        weights = np.array([len(found) for found in spans], np.int64)
        starts, ends = np.array(list(chain.from_iterable(spans)), np.int64).reshape(-1, 2).T
        places = TermPlaces(np.repeat(docs, weights), starts, ends)
        return TermPostings(docs, weights, np.ones_like(docs), lambda: places)

    @staticmethod
    def _existing(docs: Numbers) -> TermPostings:
        ones = np.ones_like(docs)
        return TermPostings(docs, ones, ones, lambda: TermPlaces(_NONE, _NONE, _NONE))

    def _places(self, sources: list[Any]) -> TermPlaces:
        """Find the live occurrences of some terms.

        Args:
            sources: For each term: the number of its segment, its number there, and the variants to take, or None for all.
        """
        found = [TermPlaces(_NONE, _NONE, _NONE)]
        for n, term, variants in sources:
            segment = self._documents.segments[n].segment
            occurrences = segment.occurrences(term)
            docs = self._documents.numbers[n][occurrences.passages]
            keep = docs >= 0
            if variants is not None:
                keep &= np.isin(occurrences.variants, variants)
            widths = np.array([surface.count(b"-") for surface in segment.surfaces_of(term)])
            starts = occurrences.positions[keep]
            found.append(TermPlaces(docs[keep], starts, starts + widths[occurrences.variants[keep]]))
        docs, starts, ends = (np.concatenate(arrays) for arrays in zip(*found, strict=True))
        order = np.lexsort((starts, docs))
        return TermPlaces(docs[order], starts[order], ends[order])

    def _index_articles(self, field: str) -> dict[bytes, dict[int, list[tuple[int, int]]]]:
        """Map each term of a field of articles to its articles, and each article to the positions of the term, if it has any."""
        found: dict[bytes, dict[int, list[tuple[int, int]]]] = {}
        described = self._schema[field]
        for article, value in enumerate(self._documents.values(ARTICLE_FIELDS[field])):
            if field in WORD_FIELDS:
                for token in described.analyzer(value):
                    term = described.to_bytes(token.text)
                    span = token.pos, token.pos + token.width - 1
                    found.setdefault(term, {}).setdefault(article, []).append(span)
            else:
                for one in filter(None, value.split("\n")):
                    found.setdefault(described.to_bytes(one), {})[article] = []
        return found


def _joined(segment: Segment) -> dict[bytes, list[int]]:
    """Map the joined surfaces, without their hyphens, to their numbers."""
    surfaces = segment.surfaces
    hyphens = (surfaces.blob == ord("-")).nonzero()[0]
    found: dict[bytes, list[int]] = {}
    for number in np.unique(surfaces.starts.searchsorted(hyphens, side="right") - 1).tolist():
        found.setdefault(surfaces[number].replace(b"-", b""), []).append(number)
    return found


def _live_strings(live: LiveSegment, *, is_exact: bool) -> list[bytes]:
    """List the terms of a segment, or its surfaces without hyphens, that stand in live passages. A surface may come twice."""
    blob = (live.segment.surfaces if is_exact else live.segment.terms).blob.tobytes()
    strings = (blob.replace(b"-", b"") if is_exact else blob).split(b"\n")[:-1]
    if live.live is None:
        return strings
    n_live = live.doc_freqs()
    is_live = n_live > 0
    if is_exact:
        is_live = is_live[live.segment.columns["surface_term"]]
        starts = live.segment.columns["term_surface_starts"].astype(np.int64)
        n_all = np.diff(live.segment.columns["posting_starts"])
        for term in ((np.diff(starts) > 1) & (n_live > 0) & (n_live < n_all)).nonzero()[0].tolist():
            found = live.segment.occurrences(term)
            variants = found.variants[live.live[found.passages]]
            numbers = live.segment.columns["term_surfaces"][starts[term] : starts[term + 1]]
            is_live[numbers] = False
            is_live[numbers[variants]] = True
    return [strings[number] for number in is_live.nonzero()[0].tolist()]
