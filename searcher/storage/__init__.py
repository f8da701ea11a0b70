"""Bytes on disk; knows nothing of words or scores.

In the order to read them:

- `searcher.storage.format`: the specification: every file name, column, dtype, and the history of the format.
- `searcher.storage.files`: atomic replacement, checksums, what may be deleted.
- `searcher.storage.columns`: one file of named, aligned columns. `searcher.storage.shapes`: whether they are those of the
  format, by their headers.
- `searcher.storage.lexicon`: sorted byte strings, and where one stands.
- `searcher.storage.postings`: where a term occurs, and which of some passages hold it.
- `searcher.storage.segment`: one immutable segment: postings, occurrences, articles; `searcher.storage.texts`: their texts;
  `searcher.storage.locate`: where occurrences stand; `searcher.storage.many`: those of many terms together;
  `searcher.storage.writer`: how it is written. `searcher.storage.numbers`: lists of numbers.
- `searcher.storage.manifest`: the only commit point. `searcher.storage.catalogue`: what was seen of the corpus.
- `searcher.storage.snapshot`: the live segments together.
- `searcher.storage.check`: whether all of it is sound, by checksums and by what the specification says:
  `searcher.storage.state` of the manifest; `searcher.storage.rules`, `searcher.storage.invariants` and
  `searcher.storage.recount` of a segment's columns; `searcher.storage.spans` of its texts.

Dead articles are counted out of document frequencies when a term is asked for (a bitmap count or one gather over the
term's postings), so tombstones are a list of articles and nothing else has to be kept in step with them.
"""
