"""A chunk of text becomes words and stems.

In the order to read them:

- `searcher.text.words.chunks`: where a text is split into chunks.
- `searcher.text.words.words`: which words stand in a chunk, as they are written.
- `searcher.text.words.analysis`: a chunk becomes tokens: surfaces and terms, with their spans.
- `searcher.text.words.stemmers`: which library stems the words of a language.
"""
