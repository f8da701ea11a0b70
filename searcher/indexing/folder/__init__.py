"""What does the folder of articles hold, and what has changed in it?

In the order to read them:

- `searcher.indexing.folder.ownership`: which folder an index may be in.
- `searcher.indexing.folder.listing`: which files are articles, and what bytes are in them.
- `searcher.indexing.folder.plan`: what has happened to each file: new, changed, moved, removed, unchanged, unreadable.
- `searcher.indexing.folder.settings`: what the analysis of an article depends on, besides the article.
- `searcher.indexing.folder.pending`: what there is to do for an index to hold what its folder holds.
- `searcher.indexing.folder.status`: what is indexed, and whether the folder has changed since.
- `searcher.indexing.folder.events`: when files may have changed.
"""
