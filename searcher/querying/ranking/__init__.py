"""Which of the matching passages are shown, and in which order?

In the order to read them:

- `searcher.querying.ranking.rank`: the hits of a query in a snapshot, best first.
- `searcher.querying.ranking.matches`: the interface of what matches in one segment.
- `searcher.querying.ranking.clause_matches`: every clause evaluated, for any query.
- `searcher.querying.ranking.word_matches`: the quicker way, for queries that are only words.
- `searcher.querying.ranking.headings`: tiers, and the rule that a heading shows a body passage of its article.
"""
