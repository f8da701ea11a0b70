"""A question to hits.

In the order to read them:

- `searcher.querying.tree`: the understood query, as a value.
- `searcher.querying.language`: what a person types becomes a tree, with notes on how it was understood.
- `searcher.querying.parser`: the part of that which is left to Whoosh's parser.
- `searcher.querying.evaluate`: a tree and a segment become matches, one column at a time.
- `searcher.querying.places`: where the words of a query stand, side by side.
- `searcher.querying.pick`: matches become a ranking: tiers, headings, counts.
- `searcher.querying.search`: all of it together, and the hits with their marks and snippets.

Whoosh parses, and is imported only for queries that are more than plain words or one quoted phrase. Its matchers step
through postings one at a time; here each clause is evaluated for all passages of a segment at once.
"""
