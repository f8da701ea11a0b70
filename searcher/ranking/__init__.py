"""Arrays in, arrays out; no files, no text.

- `searcher.ranking.bm25`: how much a word in a passage is worth.
- `searcher.ranking.topk`: the highest k, ties fixed.
"""
