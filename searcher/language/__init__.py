"""Text to query tree, and back. Knows nothing of an index.

In the order to read them:

- `searcher.language.tree`: a query once it is understood, as a value; and how it is written as text again.
- `searcher.language.reading`: what typed words mean, and which of those that stand side by side are required.
- `searcher.language.understand`: what a person types becomes a tree, with notes on how it was understood.
- `searcher.language.operators`: the operators, read by Whoosh's parser.
- `searcher.language.dates`: which days a typed date or range means.
"""
