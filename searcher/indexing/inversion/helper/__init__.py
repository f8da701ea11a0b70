"""A second process that analyses new chunks while the first one goes on.

In the order to read them:

- `searcher.indexing.inversion.helper.workers`: who does what, this process alone or with a helper.
- `searcher.indexing.inversion.helper.worker`: what the helper does.
- `searcher.indexing.inversion.helper.messages`: how the two tell each other of columns.
"""
