"""Whoosh's machinery over our index: its searcher, matchers, sorting and query objects.

In the order to read them:

- `searcher.querying.whoosh.fields`: which fields Whoosh sees, and their terms.
- `searcher.querying.whoosh.documents`: which documents it sees, and in which order.
- `searcher.querying.whoosh.postings`: where the terms of all live passages stand.
- `searcher.querying.whoosh.matcher`: how it steps through the documents of a term.
- `searcher.querying.whoosh.reader`: a snapshot as Whoosh's `IndexReader`.
- `searcher.querying.whoosh.matches`: what a query object finds by Whoosh's own matchers, and where it stands.
- `searcher.querying.whoosh.translate`: a query object of Whoosh's becomes a query tree.
"""
