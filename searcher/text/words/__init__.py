"""A chunk of text becomes words and stems.

In the order to read them:

- `searcher.text.words.chunks`: where a text is split into chunks.
- `searcher.text.words.words`: which words stand in a chunk, as they are written.
- `searcher.text.words.analysis`: a chunk becomes tokens: surfaces and terms, with their spans.
- `searcher.text.words.english`: the English stem of one word; `searcher.text.words.stems`: the stems of many words.
- `searcher.text.words.bytewise`: strings end to end, looked at all at once.
"""
