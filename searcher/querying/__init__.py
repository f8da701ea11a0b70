"""A question to hits.

In the order to read them:

- `searcher.querying.tree`: the understood query, as a value.
- `searcher.querying.language`: what a person types becomes a tree, with notes on how it was understood.
- `searcher.querying.parser`: the part of that which is left to Whoosh's parser.
- `searcher.querying.dates`: what days a typed date or range means.
- `searcher.querying.forms`: under which terms and surfaces a part of a query may stand; `searcher.querying.lines`: which
  words fit a pattern.
- `searcher.querying.phrases`: where most phrases begin; `searcher.querying.places`: where the words of any query stand side by
  side; `searcher.querying.close`: near one another.
- `searcher.querying.selectors`: which articles a field selects; `searcher.querying.metadata`: by words in their metadata.
- `searcher.querying.limits`: which queries ask for too much.
- `searcher.querying.leaves`: a leaf and a segment become scores, one column at a time; `searcher.querying.evaluate`: a tree
  becomes matches.
- `searcher.querying.pick`: matches become a ranking: tiers, headings, counts. `searcher.querying.found`: of all segments.
- `searcher.querying.weighed`: what words are worth together.
- `searcher.querying.best`: the best passages for some words, without a look at all that have one;
  `searcher.querying.segment_words`: of one segment, by the same rules; `searcher.querying.plain`: of all.
- `searcher.querying.direct`: the same words, read off a query that is nothing but words; most are, and are understood only
  when it is looked at how they were.
- `searcher.querying.explain`: why a passage has its score. `searcher.querying.suggest`: which words are like one.
- `searcher.querying.whoosh_reader`: a snapshot as Whoosh's `IndexReader`, on `searcher.querying.whoosh_fields`,
  `searcher.querying.whoosh_documents`, `searcher.querying.whoosh_postings` and `searcher.querying.whoosh_matcher`.
- `searcher.querying.whoosh_query`: a query object of Whoosh's becomes a tree; `searcher.querying.whoosh_search` runs by
  Whoosh's matchers what has no equal in it.
- `searcher.querying.marks`: where all leaves of a query stand in the few passages that are shown.
- `searcher.querying.show`: hits with their marks and snippets.
- `searcher.querying.answer`: each part of a result, worked out when it is first looked at.
- `searcher.querying.search`: all of it together. `searcher.querying.news`: which hits are news.

Whoosh parses, and is imported only for queries that are more than plain words or one quoted phrase. Its matchers step
through postings one at a time; here each clause is evaluated for all passages of a segment at once.
"""
