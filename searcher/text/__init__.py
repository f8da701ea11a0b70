"""Strings in, values out; no files.

The rooms, in the order to read them:

- `searcher.text.words`: a chunk becomes words and stems.
- `searcher.text.layout`: a text becomes lines, sentences, paragraphs and passages.
- `searcher.text.snippets`: which part of a passage is shown.
"""
