"""One array, or one list of strings, as it lies on disk and as it is read.

In the order to read them:

- `searcher.storage.columns.archive`: one file of named, aligned columns.
- `searcher.storage.columns.headers`: whether the columns of a file are those of the format, by their headers.
- `searcher.storage.columns.strings`: sorted byte strings, and where one stands among them.
- `searcher.storage.columns.texts`: the compressed texts of articles.
"""
