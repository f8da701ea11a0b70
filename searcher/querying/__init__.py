"""Query tree and index to result.

The rooms, in the order to read them:

- `searcher.querying.scoring`: how much a word is worth.
- `searcher.querying.matching`: which passages satisfy a clause.
- `searcher.querying.ranking`: which of them are shown, and in which order.
- `searcher.querying.whoosh`: Whoosh's machinery over our index.
- `searcher.querying.results`: hits, snippets, explanations.
- `searcher.querying.direct`: the same words, read off a query that is nothing but words.
- `searcher.querying.search`: all of it together. `searcher.querying.suggest`: which words are like one.

Whoosh's matchers step through postings one at a time; here each clause is evaluated for all passages of a segment at once.
"""
