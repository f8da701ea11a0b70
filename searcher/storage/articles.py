"""How do articles lie in columns? Their metadata as strings, by the tables of `searcher.storage.format`."""

from collections.abc import Mapping
from typing import Any

from searcher.arrays import Array
from searcher.model import Article, Span
from searcher.storage.columns.strings import Strings
from searcher.storage.format import ARTICLE_STRINGS, LISTS, METADATA


def to_strings(article: Article) -> dict[str, str]:
    """Write the metadata of an article as strings, by name."""
    values = {name: getattr(article, name) for name in METADATA}
    return {name: "\n".join(value) if name in LISTS else value or "" for name, value in values.items()}


def article_strings(columns: Mapping[str, Array]) -> dict[str, Strings]:
    """Give the strings of articles, by name, as they lie in the columns of a segment."""
    return {
        name: Strings(columns[f"article_{name}"], columns[f"article_{name}_starts"])
        for name in ARTICLE_STRINGS
    }


def to_article(
    columns: Mapping[str, Array], strings: Mapping[str, Strings], number: int, text: str
) -> Article:
    """Put an article together.

    Args:
        columns: The columns of a segment.
        strings: Their `article_strings`.
        number: Number of the article.
        text: Its text.
    """
    file_end, body_start, title_start, title_end = (
        int(columns[f"article_{name}"][number])
        for name in ("file_end", "body_start", "title_start", "title_end")
    )
    address = strings["address"].text(number)
    values = {name: strings[name].text(number) for name in METADATA}
    metadata: dict[str, Any] = {
        name: (tuple(value.split("\n")) if value else ()) if name in LISTS else value or None
        for name, value in values.items()
    }
    return Article(
        address=address,
        text=text,
        body_start=body_start,
        title_span=Span(title_start, title_end) if title_end > title_start else None,
        file=address[:file_end] or None,
        **metadata,
    )
