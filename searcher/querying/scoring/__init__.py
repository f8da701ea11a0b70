"""How much is a word worth? Numbers in, numbers out.

In the order to read them:

- `searcher.querying.scoring.bm25`: what a word in a passage is worth.
- `searcher.querying.scoring.topk`: which are the k highest scores.
- `searcher.querying.scoring.weighed`: what several words are worth together.
- `searcher.querying.scoring.max_score`: the best passages for some words, without a look at every passage that has one.
"""
