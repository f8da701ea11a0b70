"""Where are the paragraphs of an article, and which are title, caption or keywords?

Together the paragraphs cover every non-blank character of the body exactly once; blank is what ``str.isspace`` says.
Which lines make a paragraph is told in ``lines``, of what kind it is in ``parts``.
"""

from typing import NamedTuple

from searcher.model import Kind, Span
from searcher.text import lines, parts
from searcher.text.analysis import split, word_spans


class Paragraph(NamedTuple):
    """A paragraph: ``text[start:end]`` without blanks around it, and what it is."""

    start: int
    end: int
    kind: Kind


def paragraphs(text: str, body_start: int = 0, title_span: Span | None = None) -> list[Paragraph]:
    r"""Divide a text into paragraphs and tell their kinds.

    Lines end at line feeds, carriage returns, form feeds, U+0085, U+2028 and U+2029. A blank line separates paragraphs.
    Between blank lines, lines of hard-wrapped text are joined, up to a line with room left for the first word of the
    next; in any other text each line is a paragraph (not each block: scraped news has one paragraph a line).

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
    spans = lines.join(text, body_start)
    given = text[title_span.start : title_span.end].strip() if title_span else ""
    kinds = parts.kinds(text, spans, given)
    found = [Paragraph(start, end, kind) for (start, end), kind in zip(spans, kinds, strict=True)]
    # Signs alone would join the first paragraph, and all the front matter between them with it.
    if title_span and any(map(word_spans, split(given))):
        start = text.index(given, title_span.start)
        found.insert(0, Paragraph(start, start + len(given), Kind.TITLE))
    return found


def title_of(text: str, found: list[Paragraph]) -> tuple[str, str]:
    r"""Find the title of an article that was not given one.

    Args:
        text: The whole article.
        found: Its ``paragraphs``.

    Returns:
        The title on one line, without Markdown, and where it comes from: ``"heading"``, ``"first line"`` or
        ``"first words"``. A text without paragraphs has the title ``""``.

    >>> text = "# War *and* peace\n\nWell, Prince."
    >>> title_of(text, paragraphs(text))
    ('War and peace', 'heading')
    >>> title_of("Well, Prince.", paragraphs("Well, Prince."))
    ('Well, Prince.', 'first words')
    """
    for paragraph in found:
        if paragraph.kind is Kind.TITLE:
            return parts.headline(text[paragraph.start : paragraph.end])
    body = [paragraph for paragraph in found if paragraph.kind is Kind.BODY] or found
    return (parts.first_words(text, body[0].start, body[0].end) if body else ""), "first words"
