"""Where are the paragraphs of an article, and what is its title?

The paragraphs cover every non-blank character of the body exactly once. Blank means ``str.isspace``.
`searcher.text.layout.lines` decides which lines form a paragraph, and `searcher.text.layout.kinds` of which kind the
paragraph is. Many articles are divided together, because whole-array operations find their chunks and lines. Still, the
paragraphs of an article depend on that article alone.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from searcher.arrays import Array
from searcher.model import Article, Kind, Span
from searcher.text.layout.kinds import first_words, headline, may_credit, paragraph_kinds
from searcher.text.layout.lines import BREAKS, paragraph_begins
from searcher.text.layout.scan import Scan, scan
from searcher.text.words.chunks import split
from searcher.text.words.words import word_spans

_BREAK: Final = re.compile(f"[{BREAKS}]")


class Region(NamedTuple):
    """A region of an article that is divided into paragraphs: the body, or the title in the front matter.

    Attributes:
        data: The region in UTF-8. In a title, spaces replace line breaks.
        article: The number of the article.
        start: The code point of the article at which the region begins.
    """

    data: bytes
    article: int
    start: int


class Paragraph(NamedTuple):
    """A paragraph: ``text[start:end]``, without blanks around it, and its kind."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """The paragraphs of several articles.

    Attributes:
        starts: The code point of its article at which each paragraph begins.
        ends: One past the last code point of each paragraph.
        kinds: The kind of each paragraph.
        chunks: int64, shape (n_paragraphs,). The first chunk of each paragraph.
        bounds: The first paragraph of each article; at the end, the number of paragraphs.
    """

    starts: list[int]
    ends: list[int]
    kinds: list[Kind]
    chunks: Array
    bounds: list[int]

    def of(self, article: int) -> Iterator[Paragraph]:
        """Give the paragraphs of one article."""
        here = slice(self.bounds[article], self.bounds[article + 1])
        return map(Paragraph, self.starts[here], self.ends[here], self.kinds[here])


def regions(number: int, article: Article, data: bytes) -> Iterator[Region]:
    """Give the regions of an article that are divided into paragraphs: the title in the front matter, if any, and the body.

    ``data`` is the text of the article in UTF-8.
    """
    title, start = _given_title(article), article.body_start
    # A title without words would be joined to the first passage, together with the front matter between the two.
    if article.title_span and any(map(word_spans, split(title))):
        title_start = article.text.index(title, article.title_span.start)
        yield Region(_BREAK.sub(" ", title).encode(), number, title_start)
    yield Region(article.text[start:].encode() if start else data, number, start)


def find_paragraphs(
    articles: Sequence[Article], found: Sequence[Region], seen: Scan, chunk_credits: Array
) -> Paragraphs:
    """Divide articles into paragraphs, and tell the kind of each.

    Args:
        articles: The articles.
        found: Their `regions`, in the order of the articles.
        seen: The chunks and lines of the regions.
        chunk_credits: bool, shape (n_chunks,). `searcher.text.layout.kinds.may_credit` of each chunk.

    Returns:
        The paragraphs in text order. They hold every non-blank character of the regions once. None is blank at either end.
    """
    firsts = seen.line_chunks
    lasts = np.append(firsts, len(seen.chunk_starts))[1:] - 1
    line_starts = seen.code_points(seen.chunk_starts[firsts])
    line_ends = seen.code_points(seen.chunk_ends[lasts])
    begins = np.ones(len(firsts), np.bool_)
    for number in sorted({*seen.line_texts[seen.is_stacked].tolist()}):
        here = slice(*seen.line_texts.searchsorted([number, number + 1]).tolist())
        spans = list(zip(line_starts[here].tolist(), line_ends[here].tolist(), strict=True))
        text = articles[found[number].article].text
        begins[here] = paragraph_begins(text, spans, seen.is_stacked[here].tolist(), found[number].start)

    first_lines = begins.nonzero()[0]
    chunks, texts = firsts[first_lines], seen.line_texts[first_lines]
    starts = line_starts[first_lines].tolist()
    ends = line_ends[np.append(first_lines, len(firsts))[1:] - 1].tolist()
    has_credit = np.zeros(len(chunks), np.bool_)
    has_credit[chunks.searchsorted(chunk_credits.nonzero()[0], side="right") - 1] = True
    owners = np.array([region.article for region in found], np.int64)[texts]
    bounds = owners.searchsorted(np.arange(len(articles) + 1)).tolist()
    may_have_credit: list[bool] = has_credit.tolist()
    spans = list(zip(starts, ends, strict=True))
    kinds: list[Kind] = []
    for article, (first, end) in zip(articles, pairwise(bounds), strict=True):
        if first < end and starts[first] < article.body_start:
            kinds.append(Kind.TITLE)
        body = slice(len(kinds), end)
        kinds += paragraph_kinds(article.text, spans[body], may_have_credit[body], _given_title(article))
    return Paragraphs(starts, ends, kinds, chunks, bounds)


def paragraphs(text: str, body_start: int = 0, title_span: Span | None = None) -> list[Paragraph]:
    r"""Divide one article into paragraphs, as `find_paragraphs` does.

    They come in text order. The title from the front matter comes first, if it has words.

    >>> text = "A headline of five words\n\nThe story begins here. It has two sentences.\nIt goes on."
    >>> [(text[p.start : p.end], p.kind.name) for p in paragraphs(text)]  # doctest: +NORMALIZE_WHITESPACE
    [('A headline of five words', 'TITLE'), ('The story begins here. It has two sentences.', 'BODY'),
     ('It goes on.', 'BODY')]
    """
    article = Article(address="-", text=text, body_start=body_start, title_span=title_span)
    found = [*regions(0, article, text.encode())]
    seen = scan([region.data for region in found], [region.start for region in found])
    chunk_credits = np.array([may_credit(chunk) for chunk in seen.chunks()], np.bool_)
    return [*find_paragraphs([article], found, seen, chunk_credits).of(0)]


def title_of(text: str, found: Iterable[Paragraph]) -> tuple[str, str]:
    r"""Find the title of an article whose metadata have none: one line without Markdown; ``""`` without paragraphs.

    The second value is its source: ``"heading"``, ``"first line"`` or ``"first words"``.

    >>> text = "# War *and* peace\n\nWell, Prince."
    >>> title_of(text, paragraphs(text))
    ('War and peace', 'heading')
    >>> title_of("Well, Prince.", paragraphs("Well, Prince."))
    ('Well, Prince.', 'first words')
    """
    first = body = None
    for paragraph in found:
        if paragraph.kind is Kind.TITLE:
            return headline(text[paragraph.start : paragraph.end])
        first = first or paragraph
        if paragraph.kind is Kind.BODY:
            body = body or paragraph
    start = body or first
    return (first_words(text, start.start, start.end) if start else ""), "first words"


def _given_title(article: Article) -> str:
    """Give the title from the front matter, or ``""``."""
    span = article.title_span
    return article.text[span.start : span.end].strip() if span else ""
