"""How do articles that are not of files get into an index, and out of it?

`put` and `remove` change an index, whether it has a corpus folder or not. `build` makes an index of such articles alone. An update
from the folder leaves them alone.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from functools import partial
from heapq import merge
from itertools import accumulate, chain, starmap
from operator import attrgetter
from pathlib import Path
from typing import Any

from searcher.errors import CorpusError, IndexStateError
from searcher.indexing.change import NewArticle, change, content_of, live_articles, next_numbers
from searcher.indexing.folder.ownership import check_folder
from searcher.indexing.folder.plan import State
from searcher.indexing.folder.settings import DEFAULT_LANGUAGE, difference, settings_for, stop_words
from searcher.indexing.lock import writing
from searcher.indexing.report import Progress, ProgressCallback, Report, WaitCallback, report
from searcher.indexing.unsorted import UnsortedArticles
from searcher.model import Article
from searcher.storage import files
from searcher.storage.catalogue import read_catalogue, write_catalogue
from searcher.storage.manifest import Manifest, commit, exists, now, read_manifest, recorded_language
from searcher.storage.put_in import PutIn, read_put_in
from searcher.storage.snapshot import Snapshot, naming_damage, open_snapshot
from searcher.text.words.analysis import check_language


def put(
    index: Path,
    articles: Iterable[Article],
    *,
    progress: ProgressCallback | None = None,
    on_wait: WaitCallback | None = None,
) -> Report:
    """Add articles that are not files to an index, each in place of the one that has its address.

    Args:
        index: The index folder.
        articles: In any order, each address once. They are taken one at a time, under the lock, and only their addresses are held
            in memory.
        progress: Called after each article that is indexed, once all have been taken.
        on_wait: Called with the holder's description if another process is writing.

    Raises:
        IndexStateError: There is no index, or it is damaged.
        ValueError: An address comes twice, or is that of a file of the corpus folder.
    """
    read_manifest(index)  # where there is no index, none is begun
    with writing(index, on_wait), naming_damage(lambda: open_snapshot(index)):
        manifest = read_manifest(index)
        snapshot = Snapshot(index, manifest)
        with closing(UnsortedArticles(index, manifest.generation)) as unsorted:
            states = _take(articles, unsorted, partial(_state, snapshot))
            return _change_others(index, manifest, snapshot, unsorted.by_address(), states, progress)


def remove(index: Path, addresses: Iterable[str], *, on_wait: WaitCallback | None = None) -> Report:
    """Remove articles that are not files from an index.

    Args:
        index: The index folder.
        addresses: Which; nothing is removed unless all are there.
        on_wait: Called with the holder's description if another process is writing.

    Raises:
        CorpusError: There is no such article.
        IndexStateError: There is no index, or it is damaged.
        ValueError: An address is that of a file of the corpus folder.
    """
    states = dict.fromkeys(addresses, State.REMOVED)
    read_manifest(index)  # where there is no index, none is begun
    with writing(index, on_wait), naming_damage(lambda: open_snapshot(index)):
        manifest = read_manifest(index)
        snapshot = Snapshot(index, manifest)
        for address in states:
            if _find(snapshot, address) is None:
                raise CorpusError(f"no article {address!r} in the index in {index}", Path(address))
        return _change_others(index, manifest, snapshot, iter(()), states, None)


def _take(
    articles: Iterable[Article], unsorted: UnsortedArticles, state_of: Callable[[str, str], State]
) -> dict[str, State]:
    """Take articles one at a time, and keep those that are not unchanged.

    Args:
        articles: In any order.
        unsorted: Keeps them.
        state_of: Tells by address and fingerprint what an article is, compared with the index.

    Returns:
        By address, what each article is.

    Raises:
        ValueError: An address comes twice.
    """
    states: dict[str, State] = {}
    for article in articles:
        if article.address in states:
            raise ValueError(f"address {article.address!r} comes twice among the articles to put in")
        content = content_of(article)
        fingerprint = files.checksum(content)
        state = states[article.address] = state_of(article.address, fingerprint)
        if state is not State.UNCHANGED:
            unsorted.add(article.address, fingerprint, content)
    return states


def _state(snapshot: Snapshot, address: str, fingerprint: str) -> State:
    """Tell what an article to put in is, compared with the index."""
    there = _find(snapshot, address)
    if there is None:
        return State.NEW
    return State.UNCHANGED if there == fingerprint else State.CHANGED


def _find(snapshot: Snapshot, address: str) -> str | None:
    """Give the fingerprint of a live article that a program put in, or None.

    Raises:
        ValueError: It is of a file.
    """
    for live in snapshot.segments:
        number = live.find(address)
        if number >= 0:
            if file_end := int(live.segment.columns["article_file_end"][number]):
                within = "" if file_end == len(address) else f"of {address[:file_end]!r}, "
                raise ValueError(
                    f"{address!r} is {within}a file of the corpus folder: change or delete the file, or use another address"
                )
            return live.segment.article_string("fingerprint", number)
    return None


def _change_others(  # noqa: PLR0917  (what the two callers have in hand)
    index: Path,
    manifest: Manifest,
    snapshot: Snapshot,
    new: Iterator[NewArticle],
    states: Mapping[str, State],
    progress: ProgressCallback | None,
) -> Report:
    """Change articles that are not files, and commit."""
    taken = tuple(sorted(address for address, state in states.items() if state in (State.NEW, State.CHANGED)))
    gone = {address for address, state in states.items() if state in (State.CHANGED, State.REMOVED)}
    if not taken and not gone:
        return report(index, states, has_changed=False)
    settings = settings_for(manifest.settings["language"])
    reason = difference(manifest.settings, settings)
    before, n_new = manifest.segments, len(taken)
    if reason:  # a segment holds articles that were analysed alike
        kept = (item for item in live_articles(snapshot) if item.article.address not in gone)
        new = merge(kept, new, key=attrgetter("article.address"))
        before, n_new = (), n_new + snapshot.n_articles - len(gone)
    numbers = next_numbers(index, manifest.generation)
    segments = change(
        index, before, _counted(new, n_new, progress), gone, language=settings["language"], numbers=numbers
    )
    changes: dict[str, Any] = {}
    generation = next(numbers)
    if gone:
        seen = read_catalogue(index, manifest)
        # Files that could not be taken in because of these articles: let them be tried again.
        paths = {path for address in gone for path in accumulate(address.split("/"), "{}/{}".format)}
        waiting = {path for path in seen.entries.keys() & paths if seen.entries[path].skipped}
        if waiting:
            entries = {path: entry for path, entry in seen.entries.items() if path not in waiting}
            changes = {"catalogue": write_catalogue(index, generation, entries, seen), "listing": ""}
    manifest = manifest._replace(
        generation=generation, settings=settings, segments=segments, updated_at=now(), **changes
    )
    commit(index, manifest)
    return report(index, states, reason=reason, taken=taken)


def build(
    index: Path,
    articles: Iterable[Article] | None,
    *,
    language: str | None = None,
    rebuild: bool = False,
    discard_articles: bool = False,
    progress: ProgressCallback | None = None,
    on_wait: WaitCallback | None = None,
) -> Report:
    """Build an index of articles that are not files, in place of what is in the index folder now.

    Args:
        index: The index folder, made if need be.
        articles: As of `put`. None: those that programs have put into the index so far.
        language: Language of the stemmer; None for that of the index, or English.
        rebuild: Let the index be that of a corpus folder, damaged, or of the format before.
        discard_articles: Of the articles put in so far, those that cannot be read may be lost.
        progress: Called after each article, once all have been taken.
        on_wait: Called with the holder's description if another process is writing.

    Raises:
        IndexStateError: The index folder cannot be used, or holds the index of a corpus folder, or articles would be lost.
        ValueError: An address comes twice.
    """
    check_folder(index)
    check_language((language or DEFAULT_LANGUAGE).lower())
    with writing(index, on_wait):
        manifest = read_manifest(index) if exists(index) and not rebuild else None
        if manifest and manifest.corpus:
            raise IndexStateError(
                f"the index in {index} belongs to the folder {manifest.corpus}; use another, or rebuild it",
                index,
            )
        generation = manifest.generation if manifest else 0
        put_in = read_put_in(index) if articles is None else PutIn(generation=generation)
        remedy = f"build_index(None, {str(index)!r}, rebuild=True, discard_articles=True)"
        reason = put_in.loss(index, remedy, is_allowed=discard_articles)
        settings = settings_for(language or recorded_language(index) or DEFAULT_LANGUAGE)
        with closing(UnsortedArticles(index, put_in.generation)) as unsorted:
            numbers = next_numbers(index, put_in.generation)
            states = _take(articles or (), unsorted, lambda *_: State.NEW)
            taken = (*put_in.places, *sorted(states))
            new = chain(starmap(NewArticle, put_in.articles()), unsorted.by_address())
            counted = _counted(new, len(taken), progress)
            segments = change(index, (), counted, (), language=settings["language"], numbers=numbers)
        manifest = Manifest(
            generation=next(numbers),
            settings=settings,
            stop_words=stop_words(settings["language"]),
            segments=segments,
            updated_at=now(),
        )
        commit(index, manifest)
        return report(index, dict.fromkeys(taken, State.NEW), reason=reason, taken=taken)


def _counted(
    new: Iterable[NewArticle], n_articles: int, progress: ProgressCallback | None
) -> Iterator[NewArticle]:
    n_bytes = 0
    for number, item in enumerate(new, 1):
        yield item
        n_bytes += len(item.article.text)
        if progress:
            progress(Progress(number, n_articles, n_bytes))
