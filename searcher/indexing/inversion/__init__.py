"""How do articles become sorted columns? One batch of articles at a time.

In the order to read them:

- `searcher.indexing.inversion.chunk_table`: which distinct chunks occur, by number.
- `searcher.indexing.inversion.key_table`: which surfaces each term has, by number and in order.
- `searcher.indexing.inversion.analyst`: which tokens new chunks have.
- `searcher.indexing.inversion.batch`: a batch of articles becomes occurrences and passages.
- `searcher.indexing.inversion.sort_occurrences`: the occurrences of a batch are sorted.
- `searcher.indexing.inversion.helper`: a second process that analyses new chunks.
- `searcher.indexing.inversion.threads`: when work runs in a thread of its own.
- `searcher.indexing.inversion.garbage`: when Python's garbage collector may pause.
"""
