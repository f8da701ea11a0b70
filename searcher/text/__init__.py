"""Strings in, values out; no files.

In the order to read them:

- `searcher.text.words`: which words stand in a chunk. `searcher.text.chunks`: a text becomes chunks.
- `searcher.text.analysis`: a chunk becomes tokens: surfaces and terms, with their spans.
- `searcher.text.english`: the stems of English words, as NLTK has them. `searcher.text.stems`: those of many words at once.
- `searcher.text.sentences`: which chunks end and start sentences.
- `searcher.text.bytewise`: strings end to end, looked at all at once.
- `searcher.text.distinct`: what there is to know of distinct chunks, of many at once.
- `searcher.text.scan`: where chunks and lines stand, in many texts at once.
- `searcher.text.lines`: which lines make a paragraph. `searcher.text.parts`: which are titles, captions, keywords.
- `searcher.text.paragraphs`: articles become paragraphs, each of a kind, and titles.
- `searcher.text.passages`: paragraphs become passages.
- `searcher.text.offsets`: where the words of passages stand, of many at once.
- `searcher.text.characters`: where a text may be parted. `searcher.text.snippets`: a passage with marks becomes the window to show.
"""
