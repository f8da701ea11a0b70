"""What score does a word have in a passage? Numbers in, numbers out.

- `searcher.querying.scoring.bm25`: the formula, for every frequency and length.
"""
