"""Articles become sorted columns, a batch of articles at a time.

In the order to read them:

- `searcher.indexing.inversion.chunk_table`: which distinct chunks there are, numbered.
- `searcher.indexing.inversion.key_table`: which surfaces of which terms there are, numbered and sorted.
- `searcher.indexing.inversion.analyst`: what analysis says of chunks that are new.
- `searcher.indexing.inversion.batch`: a batch of articles becomes occurrences.
- `searcher.indexing.inversion.sort_occurrences`: the occurrences of a batch are put in order.
- `searcher.indexing.inversion.helper`: a second process that analyses new chunks.
- `searcher.indexing.inversion.threads`: when a thread is of use; `searcher.indexing.inversion.garbage`: when Python need not look for garbage.
"""
