"""Strings in, values out; no files.

In the order to read them:

- `searcher.text.analysis`: a chunk becomes tokens: surfaces and terms, with their spans.
- `searcher.text.sentences`: which chunks end and start sentences.
- `searcher.text.lines`: which lines make a paragraph. `searcher.text.parts`: which are titles, captions, keywords.
- `searcher.text.paragraphs`: an article becomes paragraphs, each of a kind, and a title.
- `searcher.text.passages`: paragraphs become passages.
- `searcher.text.snippets`: a passage with marks becomes the window to show.
"""
