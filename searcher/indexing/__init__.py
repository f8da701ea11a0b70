"""Articles to segments.

In the order to read them:

- `searcher.indexing.corpus`: walk the folder, fingerprint files.
- `searcher.indexing.plan`: new, changed, moved, removed, unchanged, unreadable.
- `searcher.indexing.examine`: what there is to do.
- `searcher.indexing.chunks`: distinct chunks are numbered.
- `searcher.indexing.vocabulary`: surfaces of terms are numbered, and sorted.
- `searcher.indexing.analyst`: new chunks are analysed, once.
- `searcher.indexing.invert`: what a batch of articles consists of.
- `searcher.indexing.runs`: a batch becomes a run: sorted columns.
- `searcher.indexing.workers`: who does what of this: this process alone, or with a helper.
- `searcher.indexing.threads`: when a thread is of use.
- `searcher.indexing.garbage`: when Python need not look for any.
- `searcher.indexing.worker`: what a helper does.
- `searcher.indexing.messages`: how they are told.
- `searcher.indexing.spill`: where runs lie until they are merged.
- `searcher.indexing.keys`: the vocabularies of several become one.
- `searcher.indexing.merge`: runs become the columns of a segment.
- `searcher.indexing.build`: articles become one segment on disk.
- `searcher.indexing.settings`: what analysis depends on besides the article.
- `searcher.indexing.folder`: which folder an index may be in, and whose it is.
- `searcher.indexing.sources`: what can be merged: runs, and the live part of segments.
- `searcher.indexing.tiers`: which segments are folded into one; `searcher.indexing.fold`: how.
- `searcher.indexing.change`: a change becomes the state of an index. `searcher.indexing.put`: articles that are not files.
- `searcher.indexing.report`: what is said of a change.
- `searcher.indexing.lock`: one writer at a time, which leaves nothing behind.
- `searcher.indexing.intake`: carry out a plan and commit.
- `searcher.indexing.update`: all of this, under the lock if there is anything to do.
- `searcher.indexing.notice`: when may there be something to do?
"""
