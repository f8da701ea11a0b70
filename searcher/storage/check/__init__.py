"""Is an index sound? Every byte, and every rule of `searcher.storage.format`, counted anew.

In the order to read them:

- `searcher.storage.check.check`: the whole check, file by file.
- `searcher.storage.check.state`: whether manifest, catalogue and segments describe the same state.
- `searcher.storage.check.rules`: what a rule is, and the rules of starts and strings.
- `searcher.storage.check.invariants`: the rules of the vocabulary, the passages and the articles, each by itself.
- `searcher.storage.check.recount`: whether postings and occurrences agree.
- `searcher.storage.check.spans`: whether the passages fit the texts.
"""
