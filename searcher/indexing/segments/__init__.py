"""How do sorted runs become a segment on disk, and several segments one?

In the order to read them:

- `searcher.indexing.segments.spill`: where sorted runs lie until they are merged.
- `searcher.indexing.segments.sources`: what can be merged: runs of new articles, and the live part of segments.
- `searcher.indexing.segments.vocabulary_merge`: the vocabularies of several sources become one.
- `searcher.indexing.segments.merge`: several sources become the posting columns of one segment.
- `searcher.indexing.segments.build`: articles become one segment.
- `searcher.indexing.segments.merge_policy`: which segments are merged into one.
- `searcher.indexing.segments.merge_segments`: several segments become one.
"""
