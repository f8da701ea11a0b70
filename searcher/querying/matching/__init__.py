"""Which passages of a segment satisfy a clause of a query, and how often?

In the order to read them:

- `searcher.querying.matching.patterns`: the words that fit a pattern, and the words that are nearly the same as a word.
- `searcher.querying.matching.forms`: the terms and surfaces that a part of a query means.
- `searcher.querying.matching.places`: where words stand side by side, or close to each other.
- `searcher.querying.matching.metadata`: the articles that have some words in a field.
- `searcher.querying.matching.selectors`: the articles, or passages of a kind, that a query selects.
- `searcher.querying.matching.limits`: the queries that ask for too much.
- `searcher.querying.matching.leaves`: the passages that match one leaf, and their scores.
- `searcher.querying.matching.evaluate`: the passages that satisfy a clause.
"""
