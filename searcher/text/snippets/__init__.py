"""Which part of a passage is shown?

In the order to read them:

- `searcher.text.snippets.offsets`: where the words of passages stand in the text, in code points.
- `searcher.text.snippets.characters`: where a text may be parted.
- `searcher.text.snippets.windows`: a passage with marks becomes the window to show.
"""
