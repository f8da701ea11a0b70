"""How do Whoosh's searcher, matchers, sorting and query objects work on our index?

In the order to read them:

- `searcher.querying.whoosh.fields`: the fields that Whoosh sees, and their terms.
- `searcher.querying.whoosh.documents`: the documents that Whoosh sees, and their order.
- `searcher.querying.whoosh.postings`: the documents and positions of each term.
- `searcher.querying.whoosh.matcher`: how Whoosh steps through the documents of a term.
- `searcher.querying.whoosh.reader`: a snapshot as Whoosh's `IndexReader`.
- `searcher.querying.whoosh.matches`: what Whoosh's own matchers find for a query object, and where it stands.
- `searcher.querying.whoosh.translate`: the query tree that a query object of Whoosh's means.
"""
