"""Which matches are shown, and in which tier?

**Tiers.** A passage that has all the loose words comes before one whose article has them all, and that before one that
has any. Scores decide only within a tier.

**Headings.** Titles and keyword lines win by shortness and are not what one wants to read. A heading that matches is
dropped where a body or caption passage of its article matches in the same tier or a better one. Otherwise the heading is one
hit; of several headings of an article, the best one. The hit shows the article's best passage in a lower tier. That passage is
no hit of its own then. If there is no such passage, the hit shows the lead, or the heading itself where the lead holds what the
query excludes. Counts are taken after this rule.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np

from searcher.arrays import Numbers, Scores, distinct
from searcher.language.tree import And, Node, Not
from searcher.model import Kind
from searcher.querying.ranking.matches import TIERS, Best
from searcher.querying.scoring.topk import top
from searcher.querying.scoring.weighed import Share, summed
from searcher.storage.segment import Segment

_IS_HEADING: Final = np.array([kind.is_heading for kind in Kind])


class Candidates(NamedTuple):
    """Hits of one segment, before any limit.

    Attributes:
        passages: int64, ascending: what matched.
        shown: int64, beside them: what to show, as in `Best`.
        tiers: int64, beside them: places in `TIERS`.
        scores: float64, beside them.
    """

    passages: Numbers
    shown: Numbers
    tiers: Numbers
    scores: Scores

    def best(self, tier: int, k: int, floor: float) -> Best:
        """Give the k best hits of a tier that reach the floor, best first, equal ones by passage."""
        here = ((self.tiers == tier) & (self.scores >= floor)).nonzero()[0]
        best = here[top(self.scores[here], k)]
        return Best(self.scores[best].tolist(), self.passages[best].tolist(), self.shown[best].tolist())

    def of_tier(self, tier: int) -> Numbers:
        """Give the passages that are the hits of a tier."""
        passages: Numbers = self.passages[self.tiers == tier]
        return passages


def candidates(
    segment: Segment,
    inside: Numbers | None,
    loose: Sequence[Share],
    required: Sequence[Share],
    complete: Numbers | None,
    *,
    shows_headings: bool,
) -> Candidates:
    """Work out scores and tiers of everything that matches among some passages, and apply the rule of headings.

    Args:
        segment: The segment.
        inside: The passages, int64, ascending: of each article all that satisfy the other clauses; None for every passage.
        loose: The loose words. A passage matches if it has any of them, or if there are none.
        required: The other leaves that score.
        complete: Articles that have all the loose words, int64; None for one tier.
        shows_headings: The rule of headings does not apply.
    """
    n_inside = segment.n_passages if inside is None else len(inside)
    total = summed([*loose, *required], n_inside)
    n_words = np.zeros(n_inside, np.int16)
    for share in loose:
        n_words[share.places] += 1
    kept = n_words.nonzero()[0] if loose or inside is None else np.arange(n_inside)
    passages = kept if inside is None else inside[kept]
    tiers = np.zeros(len(kept), np.int64)
    if complete is not None:
        is_complete = np.zeros(segment.n_articles, np.bool_)
        is_complete[complete] = True
        tiers = np.where(is_complete[segment.columns["passage_article"][passages]], 1, 2)
        tiers[n_words[kept] == len(loose)] = 0
    found = Candidates(passages, passages.copy(), tiers, total[kept])
    return found if shows_headings else _without_headings(segment, found)


def articles_with_all(segment: Segment, passages: Iterable[Numbers]) -> Numbers:
    """Find the articles that have all of some words, wherever in them: int64, ascending.

    Args:
        segment: The segment.
        passages: Those that have each of the words, at least one.
    """
    owners = segment.columns["passage_article"]
    rarest, *others = sorted(passages, key=len)
    articles = distinct(owners[rarest].astype(np.int64))
    for each in others:
        holds = np.zeros(segment.n_articles, np.bool_)
        holds[owners[each]] = True
        articles = articles[holds[articles]]
    return articles


def excluded(node: Node) -> list[Node]:
    """List what a clause excludes, whatever else it asks for."""
    if isinstance(node, Not):
        return [node.node]
    return [inner for child in node.nodes for inner in excluded(child)] if isinstance(node, And) else []


def _without_headings(segment: Segment, found: Candidates) -> Candidates:
    """Apply the rule of headings to all that matches in some articles."""
    is_heading = _IS_HEADING[segment.columns["passage_kind"][found.passages]]
    if not is_heading.any():
        return found
    articles = segment.columns["passage_article"][found.passages]
    has_heading = np.zeros(segment.n_articles, np.bool_)
    has_heading[articles[is_heading]] = True
    here = has_heading[articles].nonzero()[0]
    # Best first within each article: tier, score, place.
    order = here[np.lexsort((-found.scores[here], found.tiers[here], articles[here]))]
    heading = _first_of_each(order[is_heading[order]], articles)
    bodies = _first_of_each(order[~is_heading[order]], articles)
    body = np.full(len(heading), -1)  # none
    body[articles[heading].searchsorted(articles[bodies])] = bodies

    body_tiers = np.where(body >= 0, found.tiers[body], len(TIERS))
    leads = found.tiers[heading] < body_tiers
    heading, body = heading[leads], body[leads]
    shown = found.shown.copy()
    shown[heading] = np.where(body >= 0, found.passages[body], -1)
    keep = ~is_heading
    keep[heading] = True
    keep[body[body >= 0]] = False
    return Candidates(found.passages[keep], shown[keep], found.tiers[keep], found.scores[keep])


def _first_of_each(order: Numbers, articles: Numbers) -> Numbers:
    """Give the first place of each article in ``order``, which goes article by article."""
    owners = articles[order]
    is_first = np.ones(len(order), np.bool_)
    is_first[1:] = owners[1:] != owners[:-1]
    first: Numbers = order[is_first]
    return first
