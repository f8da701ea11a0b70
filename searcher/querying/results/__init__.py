"""What a result holds. Each part is worked out when it is first looked at.

In the order to read them:

- `searcher.querying.results.result`: the parts of a result: hits, totals, tiers, notes.
- `searcher.querying.results.hits`: hits with their marks, snippets and articles.
- `searcher.querying.results.explain`: why a passage has its score.
- `searcher.querying.results.alerts`: which of the passages that a query finds are new.
"""
