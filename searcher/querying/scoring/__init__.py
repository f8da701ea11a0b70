"""What score does a passage have for some words? Numbers in, numbers out.

In the order to read them:

- `searcher.querying.scoring.bm25`: the score of one word in a passage.
- `searcher.querying.scoring.topk`: the k highest of some scores.
- `searcher.querying.scoring.weighed`: the score of several words together.
- `searcher.querying.scoring.max_score`: the k best passages for some words, without a look at every passage that has one.
"""
