"""Which passages of a segment satisfy a clause of a query, and how often?

In the order to read them:

- `searcher.querying.matching.forms`: under which terms and surfaces a part of a query may stand.
- `searcher.querying.matching.patterns`: which words fit a pattern, or are nearly the same as a word.
- `searcher.querying.matching.phrases`: where words stand side by side, if each has one term; `searcher.querying.matching.places`: where
  any words do; `searcher.querying.matching.proximity`: where words stand close to each other.
- `searcher.querying.matching.metadata`: which articles have some words in a field; `searcher.querying.matching.selectors`: which
  articles, or passages of a kind, a query selects.
- `searcher.querying.matching.limits`: which queries ask for too much.
- `searcher.querying.matching.leaves`: what one leaf is worth, and where.
- `searcher.querying.matching.evaluate`: which passages satisfy a clause.
- `searcher.querying.matching.marks`: where the leaves stand in the few passages that are shown.
"""
