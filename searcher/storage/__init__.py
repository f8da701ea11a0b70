"""Bytes on disk. Knows nothing of words or scores.

In the order to read them:

- `searcher.storage.format`: the specification: every file name, column, dtype, and the history of the format.
- `searcher.storage.files`: atomic replacement, checksums, what may be deleted.
- `searcher.storage.columns`: how columns lie in a file and are read.
- `searcher.storage.articles`: how the metadata of articles lie in columns.
- `searcher.storage.segment`: one immutable segment.
  `searcher.storage.many_terms`: many terms of a segment, looked up together.
- `searcher.storage.manifest`: the only commit point. `searcher.storage.catalogue`: what was seen of each file.
- `searcher.storage.snapshot`: the live segments together.
- `searcher.storage.put_in`: the articles that programs have put in, read for a rebuild from an index in any state.
- `searcher.storage.check`: whether all of it is sound.

Dead articles are counted out of document frequencies when a term is asked for, so tombstones are a list of articles and
nothing else has to be kept in step with them.
"""
