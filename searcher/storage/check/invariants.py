"""Which rules do the vocabulary, the passages and the articles of a segment keep, each by itself?

Rules that need a walk through postings or texts are in `searcher.storage.check.recount` and `searcher.storage.check.spans`.
"""

from collections.abc import Iterator
from itertools import islice
from operator import eq, le, lt

import numpy as np

from searcher.arrays import Array
from searcher.model import Kind, is_date
from searcher.storage.check.rules import Rule, ascend_within, starts_rule, string_rules
from searcher.storage.format import ARTICLE_STRINGS, PASSAGE_POSITIONS
from searcher.storage.segment import Segment


def _lines(column: Array) -> list[bytes]:
    """Give the strings of a column, none of which holds a line feed."""
    return column.tobytes().split(b"\n")[:-1]


def vocabulary_rules(segment: Segment) -> Iterator[Rule]:
    """Give the rules of terms and surfaces."""
    columns = segment.columns
    yield from string_rules(segment, "terms")
    yield from string_rules(segment, "surfaces")
    terms, surfaces = _lines(columns["terms"]), _lines(columns["surfaces"])
    yield "terms", "terms do not ascend", all(map(lt, terms, islice(terms, 1, None)))
    yield "surfaces", "surfaces do not ascend", all(map(le, surfaces, islice(surfaces, 1, None)))
    yield starts_rule(segment, "posting_starts", "codes")
    yield starts_rule(segment, "occurrence_starts", "positions")
    yield starts_rule(segment, "variant_starts", "variants")
    yield starts_rule(segment, "term_surface_starts", "term_surfaces")
    yield starts_rule(segment, "bound_starts", "bounds")

    owners, variants = columns["surface_term"], columns["surface_variant"]
    yield "surface_term", "it holds a number of no term", (owners < len(terms)).all()
    is_equal = np.fromiter(map(eq, surfaces, islice(surfaces, 1, None)), np.bool_)
    ascend_by_term = (owners[1:] > owners[:-1])[is_equal].all()
    yield "surface_term", "equal surfaces do not ascend by term", ascend_by_term
    # How many surfaces each term has, and which, going by what the surfaces say of themselves.
    counts = np.bincount(owners, minlength=len(terms))
    by_term = np.lexsort((variants, owners))
    are_counted = np.array_equal(counts, np.diff(columns["term_surface_starts"]))
    numbers = np.arange(len(owners)) - np.repeat(counts.cumsum() - counts, counts)
    are_numbered = np.array_equal(variants[by_term], numbers)
    fits_either = are_counted or are_numbered
    yield "surface_term", "it fits neither term_surface_starts nor surface_variant", fits_either
    yield "term_surface_starts", "terms do not have as many surfaces as it says", are_counted
    yield "surface_variant", "the variants of a term are not 0, 1, 2..., each once", are_numbered
    ascend = ascend_within(columns["term_surfaces"], columns["term_surface_starts"])
    yield "term_surfaces", "the surfaces of a term do not ascend", ascend
    are_inverse = np.array_equal(by_term, columns["term_surfaces"])
    yield "term_surfaces surface_variant", "the one is not the inverse of the other", are_inverse


def passage_rules(segment: Segment) -> Iterator[Rule]:
    """Give the rules of passages."""
    columns = segment.columns
    yield starts_rule(segment, "article_passages", "passage_article")
    counts, article = np.diff(columns["article_passages"]), columns["passage_article"]
    are_theirs = np.array_equal(article, np.repeat(np.arange(len(counts)), counts))
    yield "article_passages passage_article", "the one does not fit the other", are_theirs
    start, end, paragraph = (columns[f"passage_{name}"] for name in ("start", "end", "paragraph"))
    goes_on = article[1:] == article[:-1]  # the next passage is of the same article
    are_disjoint = (start < end).all() and (end[:-1] <= start[1:])[goes_on].all()
    yield "passage_start passage_end", "passages of an article overlap, or are empty", are_disjoint
    yield "passage_kind", "it holds a number of no kind", (columns["passage_kind"] < len(Kind)).all()
    ascends = (paragraph > 0).all() and (paragraph[1:] >= paragraph[:-1])[goes_on].all()
    yield "passage_paragraph", "it does not ascend from 1 within an article", ascends

    edges = {}
    for name, starts in PASSAGE_POSITIONS.items():
        yield starts_rule(segment, starts, name)
        places, n_places = columns[name], np.diff(columns[starts])
        yield name, "it holds position 0", (places > 0).all()
        lengths = np.repeat(columns["passage_length"], n_places)
        ascend = (places < lengths).all() and ascend_within(places, columns[starts])
        yield f"{name} {starts}", "a passage does not have ascending positions, below its length", ascend
        edges[name] = np.repeat(np.arange(segment.n_passages), n_places) << 8 | places
    yield (
        "paragraphs paragraph_starts sentences sentence_starts",
        "a paragraph starts where no sentence does",
        np.isin(edges["paragraphs"], edges["sentences"], assume_unique=True).all(),
    )


def article_rules(segment: Segment) -> Iterator[Rule]:
    """Give the rules of articles."""
    columns = segment.columns
    starts = columns["text_starts"]
    yield "text_starts", "it does not ascend from 0", starts[0] == 0 and (starts[1:] > starts[:-1]).all()
    for name in ARTICLE_STRINGS:
        yield from string_rules(segment, f"article_{name}")
    addresses = _lines(columns["article_address"])
    yield "article_address", "addresses do not ascend", all(map(lt, addresses, islice(addresses, 1, None)))
    yield "article_address", "an address is empty", all(addresses)
    ends = columns["article_file_end"].tolist()
    begin_with_paths = all(
        not end or end == len(address) or address[end : end + 1] == "/"
        for address, end in zip(segment.article_strings("address"), ends, strict=True)
    )
    yield "article_file_end article_address", "an address does not begin with a path", begin_with_paths
    start, end, body = (columns[f"article_{edge}"] for edge in ("title_start", "title_end", "body_start"))
    yield (
        "article_title_start article_title_end article_body_start",
        "a title does not stand in the front matter",
        ((start <= end) & (end <= body)).all(),
    )
    dates = set(segment.article_strings("date"))
    yield "article_date", "it holds what is no ISO date", all(not date or is_date(date) for date in dates)
