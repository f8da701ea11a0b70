"""What holds of the vocabulary, the passages and the articles of a segment, each by itself?

What takes a walk through postings and texts is in `searcher.storage.check.recount` and `searcher.storage.check.spans`.
"""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from operator import eq, le, lt
from typing import Final

import numpy as np

from searcher.arrays import Mask, Numbers
from searcher.model import Kind, is_date
from searcher.storage.check.rules import Rule, ascend_within, starts_rule, string_rules
from searcher.storage.format import ARTICLE_STRINGS, PASSAGE_POSITIONS
from searcher.storage.segment import Segment


def _lines_of(segment: Segment, name: str) -> list[bytes]:
    """Give the strings of a column, none of which holds a line feed."""
    return segment.columns[name].tobytes().split(b"\n")[:-1]


def _compare(name: str, relation: Callable[[bytes, bytes], bool], segment: Segment) -> Iterator[bool]:
    """Compare each string with the one that follows it."""
    lines = _lines_of(segment, name)
    return map(relation, lines, islice(lines, 1, None))


def _ascend(name: str, relation: Callable[[bytes, bytes], bool], segment: Segment) -> bool:
    return all(_compare(name, relation, segment))


# Vocabulary


def _surfaces_have_terms(segment: Segment) -> bool:
    return bool((segment.columns["surface_term"] < len(segment.terms)).all())


def _equal_surfaces_ascend(segment: Segment) -> bool:
    is_equal = np.fromiter(_compare("surfaces", eq, segment), np.bool_)
    terms = segment.columns["surface_term"]
    return bool((terms[1:] > terms[:-1])[is_equal].all())


def _counts(segment: Segment) -> Numbers:
    """Count the surfaces of each term, going by what they say of themselves."""
    counts: Numbers = np.bincount(segment.columns["surface_term"], minlength=len(segment.terms))
    return counts


def _by_term(segment: Segment) -> Numbers:
    """Put the surfaces in order of term, then variant, going by what they say of themselves."""
    order: Numbers = np.lexsort((segment.columns["surface_variant"], segment.columns["surface_term"]))
    return order


def _are_counted(segment: Segment) -> bool:
    return np.array_equal(_counts(segment), np.diff(segment.columns["term_surface_starts"]))


def _are_numbered(segment: Segment) -> bool:
    counts = _counts(segment)
    expected = np.arange(len(segment.surfaces)) - np.repeat(counts.cumsum() - counts, counts)
    return np.array_equal(segment.columns["surface_variant"][_by_term(segment)], expected)


def _terms_fit_either(segment: Segment) -> bool:
    return _are_counted(segment) or _are_numbered(segment)


def _ascend_in_term(segment: Segment) -> bool:
    return ascend_within(segment.columns["term_surfaces"], segment.columns["term_surface_starts"])


def _are_inverse(segment: Segment) -> bool:
    return np.array_equal(_by_term(segment), segment.columns["term_surfaces"])


VOCABULARY: Final = (
    *string_rules("terms"),
    *string_rules("surfaces"),
    Rule("terms", "terms do not ascend", partial(_ascend, "terms", lt)),
    Rule("surfaces", "surfaces do not ascend", partial(_ascend, "surfaces", le)),
    starts_rule("posting_starts", "codes"),
    starts_rule("occurrence_starts", "positions"),
    starts_rule("variant_starts", "variants"),
    starts_rule("term_surface_starts", "term_surfaces"),
    starts_rule("bound_starts", "bounds"),
    Rule("surface_term", "it holds a number of no term", _surfaces_have_terms),
    Rule("surface_term", "equal surfaces do not ascend by term", _equal_surfaces_ascend),
    Rule("surface_term", "it fits neither term_surface_starts nor surface_variant", _terms_fit_either),
    Rule("term_surface_starts", "terms do not have as many surfaces as it says", _are_counted),
    Rule("surface_variant", "the variants of a term are not 0, 1, 2..., each once", _are_numbered),
    Rule("term_surfaces", "the surfaces of a term do not ascend", _ascend_in_term),
    Rule("term_surfaces surface_variant", "the one is not the inverse of the other", _are_inverse),
)


# Passages


def _are_of_their_articles(segment: Segment) -> bool:
    counts = np.diff(segment.columns["article_passages"])
    return np.array_equal(segment.columns["passage_article"], np.repeat(np.arange(len(counts)), counts))


def _go_on(segment: Segment) -> Mask:
    """bool, shape (n_passages - 1,): whether the next passage is of the same article."""
    article = segment.columns["passage_article"]
    same: Mask = article[1:] == article[:-1]
    return same


def _are_disjoint(segment: Segment) -> bool:
    start, end = segment.columns["passage_start"], segment.columns["passage_end"]
    return bool((start < end).all() and (end[:-1] <= start[1:])[_go_on(segment)].all())


def _have_kinds(segment: Segment) -> bool:
    return bool((segment.columns["passage_kind"] < len(Kind)).all())


def _paragraphs_are_numbered(segment: Segment) -> bool:
    paragraph = segment.columns["passage_paragraph"]
    return bool((paragraph > 0).all() and (paragraph[1:] >= paragraph[:-1])[_go_on(segment)].all())


def _leave_out_0(name: str, segment: Segment) -> bool:
    return bool((segment.columns[name] > 0).all())


def _are_positions(name: str, starts: str, segment: Segment) -> bool:
    places = segment.columns[name]
    lengths = np.repeat(segment.columns["passage_length"], np.diff(segment.columns[starts]))
    return bool((places < lengths).all()) and ascend_within(places, segment.columns[starts])


def _inner_rules(name: str, starts: str) -> tuple[Rule, ...]:
    """Give the rules of the positions at which sentences, or paragraphs, start."""
    fault = "a passage does not have ascending positions, below its length"
    return (
        starts_rule(starts, name),
        Rule(name, "it holds position 0", partial(_leave_out_0, name)),
        Rule(f"{name} {starts}", fault, partial(_are_positions, name, starts)),
    )


def _paragraphs_start_sentences(segment: Segment) -> bool:
    inner, every = (
        np.repeat(np.arange(segment.n_passages), np.diff(segment.columns[starts])) << 8
        | segment.columns[name]
        for name, starts in (("paragraphs", "paragraph_starts"), ("sentences", "sentence_starts"))
    )
    return bool(np.isin(inner, every, assume_unique=True).all())


PASSAGES: Final = (
    starts_rule("article_passages", "passage_article"),
    Rule("article_passages passage_article", "the one does not fit the other", _are_of_their_articles),
    Rule("passage_start passage_end", "passages of an article overlap, or are empty", _are_disjoint),
    Rule("passage_kind", "it holds a number of no kind", _have_kinds),
    Rule("passage_paragraph", "it does not ascend from 1 within an article", _paragraphs_are_numbered),
    *(rule for name, starts in PASSAGE_POSITIONS.items() for rule in _inner_rules(name, starts)),
    Rule(
        "paragraphs paragraph_starts sentences sentence_starts",
        "a paragraph starts where no sentence does",
        _paragraphs_start_sentences,
    ),
)


# Articles


def _files_are_in_addresses(segment: Segment) -> bool:
    ends = segment.columns["article_file_end"].tolist()
    return all(
        not end or end == len(address) or address[end : end + 1] == "/"
        for address, end in zip(segment.article_strings("address"), ends, strict=True)
    )


def _titles_are_in_front_matter(segment: Segment) -> bool:
    start, end, body = (
        segment.columns[f"article_{edge}"] for edge in ("title_start", "title_end", "body_start")
    )
    return bool(((start <= end) & (end <= body)).all())


def _have_addresses(segment: Segment) -> bool:
    return all(_lines_of(segment, "article_address"))


def _dates_are_dates(segment: Segment) -> bool:
    return all(not date or is_date(date) for date in set(segment.article_strings("date")))


def _frames_ascend(segment: Segment) -> bool:
    starts = segment.columns["text_starts"]
    return bool(starts[0] == 0 and (starts[1:] > starts[:-1]).all())


ARTICLES: Final = (
    Rule("text_starts", "it does not ascend from 0", _frames_ascend),
    *(rule for name in ARTICLE_STRINGS for rule in string_rules(f"article_{name}")),
    Rule("article_address", "addresses do not ascend", partial(_ascend, "article_address", lt)),
    Rule("article_address", "an address is empty", _have_addresses),
    Rule(
        "article_file_end article_address", "an address does not begin with a path", _files_are_in_addresses
    ),
    Rule(
        "article_title_start article_title_end article_body_start",
        "a title does not stand in the front matter",
        _titles_are_in_front_matter,
    ),
    Rule("article_date", "it holds what is no ISO date", _dates_are_dates),
)
