"""Query tree and index to result.

The rooms, in the order to read them:

- `searcher.querying.scoring`: how much a word is worth.
- `searcher.querying.matching`: which passages satisfy a clause.
- `searcher.querying.ranking`: which of them are shown, and in which order.
- `searcher.querying.whoosh`: Whoosh's machinery over our index.
- `searcher.querying.results`: hits, snippets, explanations.
- `searcher.querying.search`: all of it together, as a `searcher.engine.Engine`.
- `searcher.querying.suggest`: which words are like one.

Whoosh's matchers step through postings one at a time; here each clause is evaluated for all passages of a segment at once.
"""
