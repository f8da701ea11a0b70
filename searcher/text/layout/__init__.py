"""A text becomes lines, sentences, paragraphs and passages.

In the order to read them:

- `searcher.text.layout.scan`: where the chunks and lines of many texts stand.
- `searcher.text.layout.sentences`: which chunks end a sentence, and which chunks start one.
- `searcher.text.layout.lines`: which lines belong to one paragraph.
- `searcher.text.layout.kinds`: which paragraphs are titles, captions or keyword lines.
- `searcher.text.layout.paragraphs`: where the paragraphs of an article stand, and what its title is.
- `searcher.text.layout.passages`: which paragraphs form a passage.
"""
