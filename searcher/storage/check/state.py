"""Do manifest, catalogue and segments tell of one state?

Asked of a manifest that can be read, and of segments that are sound, each by itself.
"""

from collections.abc import Iterator
from itertools import chain, pairwise

from searcher.storage.catalogue import Catalogue
from searcher.storage.files import is_owned
from searcher.storage.manifest import Manifest, SegmentEntry
from searcher.storage.snapshot import Snapshot


def manifest_faults(manifest: Manifest) -> Iterator[str]:
    """Say what is wrong with a manifest in itself."""
    if not _is_typed(manifest):
        yield "it holds a value of another kind"
        return
    yield from chain.from_iterable(map(_entry_faults, manifest.segments))
    yield from (f"{file.name} is no catalogue" for file in manifest.catalogue if not is_owned(file.name))


def _is_typed(manifest: Manifest) -> bool:
    """Tell whether values are of the types that they should have, which reading does not look at."""
    segments = manifest.segments
    files = manifest.files
    numbers: list[object] = [manifest.generation, *(file.size_bytes for file in files)]
    texts: list[object] = [manifest.corpus or "", manifest.updated_at, manifest.settings.get("language")]
    for entry in segments:
        numbers += [entry.n_articles, entry.n_passages, entry.n_words, *entry.dead_articles]
    texts += [*manifest.stop_words, *chain(*manifest.skipped), *(entry.name for entry in segments)]
    texts += [text for file in files for text in (file.name, file.checksum)]
    is_counted = all(type(number) is int and number >= 0 for number in numbers)
    return is_counted and all(isinstance(text, str) for text in texts)


def _entry_faults(entry: SegmentEntry) -> Iterator[str]:
    names = entry.file_names
    if tuple(file.name for file in entry.files) != names or not all(map(is_owned, names)):
        yield f"{entry.name} does not have the two files of a segment"
    if not all(number < other for number, other in pairwise((*entry.dead_articles, entry.n_articles))):
        yield f"the tombstones of {entry.name} do not ascend, or are of no article that it has"


def address_faults(snapshot: Snapshot) -> Iterator[str]:
    """Say which address is live in two segments."""
    addresses = sorted(snapshot.live_strings("address"))
    twice = [address for address, other in pairwise(addresses) if address == other]
    if twice:
        yield f"article {twice[0]!r} is live twice"


def catalogue_faults(catalogue: Catalogue, snapshot: Snapshot) -> Iterator[str]:
    """Compare the articles that files gave, going by the catalogue, with the live articles of files."""
    seen = {
        address: (file, fingerprint)
        for file, seen in catalogue.entries.items()
        for address, fingerprint in seen.articles_of(file).items()
    }
    live = dict(_of_files(snapshot))
    odd = sorted(address for address in live.keys() | seen.keys() if live.get(address) != seen.get(address))
    if odd:
        yield f"{len(odd)} articles are not those of the segments, the first is {odd[0]!r}"


def _of_files(snapshot: Snapshot) -> Iterator[tuple[str, tuple[str, str]]]:
    """Give the address of each live article of a file, with the file and its fingerprint."""
    for live in snapshot.segments:
        ends = live.segment.columns["article_file_end"]
        for number in live.live_articles[ends[live.live_articles] > 0].tolist():
            address = live.segment.article_string("address", number)
            yield address, (address[: ends[number]], live.segment.article_string("fingerprint", number))
