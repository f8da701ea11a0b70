"""Do the passages of a segment fit the texts of its articles? Reads every text.

It takes for granted that the rules of `searcher.storage.check.invariants` are kept.
"""

from collections.abc import Iterator
from itertools import pairwise

from searcher.errors import IndexCorruptError
from searcher.model import Kind
from searcher.storage.segment import Segment


def text_faults(segment: Segment) -> Iterator[tuple[str, str]]:
    """Read every text, and find the first that its passages do not fit.

    Yields:
        Name of a column that may be wrong and what is the matter; empty for the file of texts.
    """
    for number in range(segment.n_articles):
        try:
            text = segment.texts.read(number)
        except IndexCorruptError as error:
            yield "", error.detail
            yield "text_starts", f"article {number} has no readable text there"
            return
        columns, fault = _text_fault(segment, number, text)
        if fault:
            yield from ((column, f"{fault} (article {number})") for column in columns.split())
            return


def _text_fault(segment: Segment, number: int, text: str) -> tuple[str, str]:
    """Give the columns that do not fit a text, and what is the matter with them; empty if nothing is."""
    column = segment.columns
    here = slice(*column["article_passages"][number : number + 2].tolist())
    starts, ends = column["passage_start"][here].tolist(), column["passage_end"][here].tolist()
    body_start = int(column["article_body_start"][number])
    if max(body_start, *ends, 0) > len(text):
        return "passage_end article_body_start", "it is behind the end of the text"
    if any(text[start].isspace() for start in starts):
        return "passage_start", "a passage begins with a blank"
    if any(text[end - 1].isspace() for end in ends):
        return "passage_end", "a passage ends with a blank"
    n_before = sum(start < body_start for start in starts)
    if (column["passage_kind"][here][:n_before] != Kind.TITLE).any():
        return (
            "article_body_start passage_start passage_kind",
            "more than a title stands before the text proper",
        )
    first = 0, max(body_start, *ends[:n_before], 0)
    edges = pairwise([first, *zip(starts[n_before:], ends[n_before:], strict=True), (len(text), 0)])
    if any(text[end:start].strip() for (_, end), (start, _) in edges):
        return "article_body_start passage_start passage_end", "something between passages is no blank"
    return "", ""
