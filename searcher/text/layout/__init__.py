"""A text becomes lines, sentences, paragraphs and passages.

In the order to read them:

- `searcher.text.layout.scan`: where the chunks and lines of many texts stand.
- `searcher.text.layout.sentences`: which chunks end a sentence, and which start one.
- `searcher.text.layout.lines`: which lines belong to one paragraph.
- `searcher.text.layout.parts`: which paragraphs are titles, captions, keyword lines.
- `searcher.text.layout.paragraphs`: articles become paragraphs, each of a kind, and titles.
- `searcher.text.layout.passages`: paragraphs become passages.
"""
