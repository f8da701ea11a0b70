"""How does a second process help with indexing? It analyses new chunks while this process does the rest.

In the order to read them:

- `searcher.indexing.inversion.helper.pipeline`: how batches pass through this process, its thread and the helper.
- `searcher.indexing.inversion.helper.worker`: what the helper process does.
- `searcher.indexing.inversion.helper.messages`: how the two processes exchange columns.
"""
