"""Which matches are shown, in which order, and how many are there?

**Tiers.** A passage that has all the loose words comes before one whose article has them all, and that before one that
has any. Scores decide only within a tier.

**Headings.** Titles and keyword lines win by shortness and are not what one wants to read. A heading that matches is
dropped where a body or caption passage of its article matches in the same tier or a better one. Otherwise it stands for
its article, once: what is shown is the article's best passage of the next tier that has one, which then does not appear
again, or the lead, or the heading itself where the lead holds what the query excludes. Counts are taken after this rule.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from searcher.arrays import Numbers, Scores
from searcher.language.tree import And, Node, Not
from searcher.model import Kind, Tier
from searcher.querying.matching.evaluate import Matches
from searcher.querying.matching.leaves import Scored
from searcher.querying.scoring.topk import top
from searcher.storage.snapshot import LiveSegment

TIERS: Final[tuple[Tier, ...]] = ("all", "article", "any")
_NO_TIER = len(TIERS)


class Candidates(NamedTuple):
    """The hits of one segment, before any limit.

    Attributes:
        live: The segment.
        passages: int64, ascending: what matched.
        shown: int64, beside them: what to show; the same, or for a heading a body passage of its article, or -1 for
            its lead.
        tiers: int64, beside them: places in `TIERS`.
        scores: float64, beside them.
    """

    live: LiveSegment
    passages: Numbers
    shown: Numbers
    tiers: Numbers
    scores: Scores

    def best(self, tier: int, k: int) -> Numbers:
        """Give the places of the k best hits of a tier, best first, ties by passage."""
        here = (self.tiers == tier).nonzero()[0]
        best: Numbers = here[top(self.scores[here], k)]
        return best


def candidates(
    live: LiveSegment,
    loose: Sequence[Scored],
    required: Matches | None,
    everywhere: Sequence[Scored] | None,
    *,
    shows_headings: bool,
) -> Candidates:
    """Work out tiers and scores of everything that matches in a segment, and apply the rule of headings.

    Args:
        live: The segment.
        loose: The loose words, where the other clauses are satisfied.
        required: What satisfies the other clauses, or None if there are none.
        everywhere: The loose words in all articles that matter, to sort into tiers; None for one tier.
        shows_headings: The rule of headings does not apply.
    """
    among = None if required is None else required.passages

    def places(leaf: Scored) -> Numbers:
        return leaf.passages if among is None else leaf.places(among, live.segment.scratch)[0]

    total = np.zeros(live.segment.n_passages if among is None else len(among))
    n_words = np.zeros(len(total), np.int16)
    # Leaves in one fixed order, so that sums of floating-point numbers do not depend on how the query was written.
    for leaf in sorted([*loose, *(required.scored if required else ())], key=lambda leaf: leaf.leaf.key):
        total[places(leaf)] += leaf.scores
    for leaf in loose:
        n_words[places(leaf)] += 1
    kept = n_words.nonzero()[0] if loose or among is None else np.arange(len(among))
    passages = kept if among is None else among[kept]
    tiers = np.zeros(len(kept), np.int64)
    if everywhere is not None and len(loose) > 1:
        tiers[n_words[kept] < len(loose)] = 2
        complete = _articles_with_all(live, everywhere)
        tiers[(tiers == 2) & complete[live.segment.columns["passage_article"][passages]]] = 1
    found = Candidates(live, passages, passages.copy(), tiers, total[kept])
    return found if shows_headings else without_headings(found)


def excluded(node: Node) -> list[Node]:
    """List what a clause excludes, whatever else it asks for."""
    if isinstance(node, Not):
        return [node.node]
    return [inner for child in node.nodes for inner in excluded(child)] if isinstance(node, And) else []


def _articles_with_all(
    live: LiveSegment, loose: Sequence[Scored]
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    complete = np.ones(live.segment.n_articles, np.bool_)
    for leaf in loose:
        holds = np.zeros(live.segment.n_articles, np.bool_)
        holds[live.segment.columns["passage_article"][leaf.passages]] = True
        complete &= holds
    return complete


def without_headings(found: Candidates) -> Candidates:
    """Apply the rule of headings to all that matches in some articles."""
    columns, n_articles = found.live.segment.columns, found.live.segment.n_articles
    is_heading = np.array([kind.is_heading for kind in Kind])[columns["passage_kind"][found.passages]]
    if not is_heading.any():
        return found
    articles = columns["passage_article"][found.passages].astype(np.int64)
    has_heading = np.zeros(n_articles, np.bool_)
    has_heading[articles[is_heading]] = True
    here = has_heading[articles].nonzero()[0]
    # Best first within each article: tier, score, place.
    order = here[np.lexsort((-found.scores[here], found.tiers[here], articles[here]))]
    best_body = _first_of_each(order[~is_heading[order]], articles, n_articles)
    best_heading = _first_of_each(order[is_heading[order]], articles, n_articles)

    heading, body = best_heading[has_heading], best_body[has_heading]
    body_tiers = np.where(body >= 0, found.tiers.take(body, mode="clip"), _NO_TIER)
    leads = found.tiers[heading] < body_tiers
    heading, body = heading[leads], body[leads]
    shown = found.shown.copy()
    shown[heading] = np.where(body >= 0, found.passages.take(body, mode="clip"), -1)
    keep = ~is_heading
    keep[heading] = True
    keep[body[body >= 0]] = False
    return Candidates(found.live, found.passages[keep], shown[keep], found.tiers[keep], found.scores[keep])


def _first_of_each(order: Numbers, articles: Numbers, n_articles: int) -> Numbers:
    """Give, for each article, the first of its places in ``order``, which goes article by article; -1 for none."""
    first = np.full(n_articles, -1, np.int64)
    first[articles[order[::-1]]] = order[::-1]
    return first
