"""Articles to segments.

The rooms, in the order to read them:

- `searcher.indexing.folder`: what the folder holds, and what has changed.
- `searcher.indexing.inversion`: words to sorted columns.
- `searcher.indexing.segments`: columns to segments, segments to fewer.
- `searcher.indexing.report`: what is said of a change, while it is made and afterwards.
- `searcher.indexing.change`: new and gone articles are written beside the index.
- `searcher.indexing.apply`: files that differ are taken in; `searcher.indexing.put`: articles that are not files.
- `searcher.indexing.unsorted`: these articles lie in a file until all have come, because they are indexed by address.
- `searcher.indexing.lock`: one writer at a time, which leaves nothing behind.
- `searcher.indexing.update`: all of this, under the lock if there is anything to do.
"""
