"""Which part of a passage is shown?

In the order to read them:

- `searcher.text.snippets.offsets`: where the words of a text stand, in code points.
- `searcher.text.snippets.characters`: at which places a text may be cut.
- `searcher.text.snippets.windows`: which window of a passage shows its marks best.
"""
