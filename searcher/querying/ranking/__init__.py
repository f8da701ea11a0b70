"""Which of the matching passages are shown, and in which order?

In the order to read them:

- `searcher.querying.ranking.headings`: tiers, and the rule that a heading shows a body passage of its article.
- `searcher.querying.ranking.clause_matches`: every clause evaluated, for any query.
- `searcher.querying.ranking.segment_words`: plain words in one segment; `searcher.querying.ranking.word_matches`: in all segments.
"""
