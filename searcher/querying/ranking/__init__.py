"""Which of the matching passages are shown, and in which order?

In the order to read them:

- `searcher.querying.ranking.rank`: the hits of a query in a snapshot, best first.
- `searcher.querying.ranking.matches`: what matches in one segment, and the rules of tiers and headings.
- `searcher.querying.ranking.clauses`: which words of a query decide what matches, and what its other clauses ask for.
"""
