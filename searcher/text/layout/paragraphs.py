"""Where are the paragraphs of an article, and which are title, caption or keywords?

Together the paragraphs cover every non-blank character of the body exactly once; blank is what ``str.isspace`` says.
Which lines make a paragraph is told in ``lines``, of what kind it is in ``parts``. Many articles are looked at together,
since what stands where is found in columns; the outcome for each depends on it alone.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from searcher.arrays import Array
from searcher.model import Article, Kind, Span
from searcher.text.layout import lines, parts
from searcher.text.layout.scan import Scan, scan
from searcher.text.words.chunks import split
from searcher.text.words.words import word_spans

_BREAK: Final = re.compile(f"[{lines.BREAKS}]")


class Source(NamedTuple):
    """A stretch of an article that is divided into paragraphs: its body, or the title in its front matter.

    Attributes:
        data: The stretch in UTF-8, as long as it is in code points; a title has no line breaks here.
        article: Number of the article.
        start: Code point at which it begins.
    """

    data: bytes
    article: int
    start: int


class Paragraph(NamedTuple):
    """A paragraph: ``text[start:end]`` without blanks around it, and what it is."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """The paragraphs of several articles.

    Attributes:
        starts: Code point of its article at which each begins.
        ends: One past the last.
        kinds: What each is.
        chunks: int64, shape (n_paragraphs,): the first chunk of each.
        bounds: int64, shape (n_articles + 1,): the first paragraph of each article.
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


def sources(number: int, article: Article, data: bytes) -> Iterator[Source]:
    """Give what of an article is divided into paragraphs: the title from the front matter, if given, and the body.

    Args:
        number: Number of the article.
        article: The article.
        data: Its text in UTF-8.
    """
    title, start = _given_title(article), article.body_start
    # Signs alone would join the first paragraph, and all the front matter between them with it.
    if article.title_span and any(map(word_spans, split(title))):
        yield Source(
            _BREAK.sub(" ", title).encode(), number, article.text.index(title, article.title_span.start)
        )
    yield Source(article.text[start:].encode() if start else data, number, start)


def find(articles: Sequence[Article], found: Sequence[Source], seen: Scan, may_credit: Array) -> Paragraphs:
    """Divide articles into paragraphs and tell their kinds.

    Lines end at line feeds, carriage returns, form feeds, U+0085, U+2028 and U+2029. A blank line separates paragraphs.
    Between blank lines, lines of hard-wrapped text are joined, up to a line with room left for the first word of the
    next; in any other text each line is a paragraph (not each block: scraped news has one paragraph a line).

    Args:
        articles: The articles.
        found: Their `sources`, in the order of the articles.
        seen: What stands where in these.
        may_credit: bool, shape (n_chunks,): `searcher.text.layout.parts.may_credit` of each.

    Returns:
        The paragraphs, in the order of sources and text: they hold every non-blank character of these once, and none is
        blank at either end.
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
        begins[here] = lines.begin(text, spans, seen.is_stacked[here].tolist(), found[number].start)

    first_lines = begins.nonzero()[0]
    chunks, texts = firsts[first_lines], seen.line_texts[first_lines]
    starts = line_starts[first_lines].tolist()
    ends = line_ends[np.append(first_lines, len(firsts))[1:] - 1].tolist()
    has_credit = np.zeros(len(chunks), np.bool_)
    has_credit[chunks.searchsorted(may_credit.nonzero()[0], side="right") - 1] = True
    owners = np.array([source.article for source in found], np.int64)[texts]
    bounds = owners.searchsorted(np.arange(len(articles) + 1)).tolist()
    may_have_credit: list[bool] = has_credit.tolist()
    spans = list(zip(starts, ends, strict=True))
    kinds: list[Kind] = []
    for article, (first, end) in zip(articles, pairwise(bounds), strict=True):
        if first < end and starts[first] < article.body_start:
            kinds.append(Kind.TITLE)
        body = slice(len(kinds), end)
        kinds += parts.kinds(article.text, spans[body], may_have_credit[body], _given_title(article))
    return Paragraphs(starts, ends, kinds, chunks, bounds)


def paragraphs(text: str, body_start: int = 0, title_span: Span | None = None) -> list[Paragraph]:
    r"""Divide one article into paragraphs, as `find` does.

    Args:
        text: The whole article.
        body_start: Where the text proper begins, behind the front matter.
        title_span: Where in the front matter the title stands, if it does.

    Returns:
        In text order, disjoint, none blank at either end: the title from the front matter, if given and not of signs
        alone, then paragraphs that hold every non-blank character from ``body_start`` on.

    >>> text = "A headline of five words\n\nThe story begins here. It has two sentences.\nIt goes on."
    >>> [(text[p.start : p.end], p.kind.name) for p in paragraphs(text)]  # doctest: +NORMALIZE_WHITESPACE
    [('A headline of five words', 'TITLE'), ('The story begins here. It has two sentences.', 'BODY'),
     ('It goes on.', 'BODY')]
    """
    article = Article(address="-", text=text, body_start=body_start, title_span=title_span)
    found = [*sources(0, article, text.encode())]
    seen = scan([source.data for source in found], [source.start for source in found])
    may_credit = np.array([parts.may_credit(chunk) for chunk in seen.chunks()], np.bool_)
    return [*find([article], found, seen, may_credit).of(0)]


def title_of(text: str, found: Iterable[Paragraph]) -> tuple[str, str]:
    r"""Find the title of an article that was not given one.

    Args:
        text: The whole article.
        found: Its paragraphs.

    Returns:
        The title on one line, without Markdown, and where it comes from: ``"heading"``, ``"first line"`` or
        ``"first words"``. A text without paragraphs has the title ``""``.

    >>> text = "# War *and* peace\n\nWell, Prince."
    >>> title_of(text, paragraphs(text))
    ('War and peace', 'heading')
    >>> title_of("Well, Prince.", paragraphs("Well, Prince."))
    ('Well, Prince.', 'first words')
    """
    first = body = None
    for paragraph in found:
        if paragraph.kind is Kind.TITLE:
            return parts.headline(text[paragraph.start : paragraph.end])
        first = first or paragraph
        if paragraph.kind is Kind.BODY:
            body = body or paragraph
    start = body or first
    return (parts.first_words(text, start.start, start.end) if start else ""), "first words"


def _given_title(article: Article) -> str:
    """Give the title from the front matter, or ``""``."""
    span = article.title_span
    return article.text[span.start : span.end].strip() if span else ""
