"""Text to query tree, and back. Knows nothing of an index.

In the order to read them:

- `searcher.language.tree`: a query that is understood, as a value, and how that is written as text again.
- `searcher.language.understand`: what a person types becomes a tree, with notes on how it was understood.
- `searcher.language.reading`: what one typed word means, and which words may be left out.
- `searcher.language.shortcut`: plain words and phrases, which need no parser.
- `searcher.language.operators`: everything else, read by Whoosh's parser.
- `searcher.language.dates`: which days a typed date or range means.
"""
