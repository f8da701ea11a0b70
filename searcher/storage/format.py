"""The index format: the specification.

An index is a folder with these files, and a ``.gitignore`` if the user keeps one there:

- ``manifest.json``: a JSON object ``{"checksum": ..., "manifest": {...}}``. It names every other file, with its size and
  BLAKE2b checksum. A file that it does not name is not part of the index. Replacing the manifest is the only commit.
- ``segment-N.npz``: the columns of one segment, in NumPy's uncompressed ``.npz`` layout. The data of each column begin at a
  multiple of 64 bytes, so that the file is mapped once and read in place. `numpy.load` opens it too.
- ``segment-N.zst``: the texts of its articles, one Zstandard frame each, UTF-8.
- ``catalogue-N.json``: what was seen of each file of the corpus, by its path: size, modification time, hash of its content,
  why it was skipped, version of the reader, names and hashes of its articles if it holds several, and what was not
  understood. Usual values at the end are left out. The first catalogue has all files. If there is a second one, it has what has
  changed since: an entry in place of that of the first, or null for a file that is gone.
- ``write.lock``: held by the one writer. ``segment-N-NAME.tmp``, ``manifest.json.tmp`` and ``catalogue-N.json.tmp``: being
  written.

``N`` is a number of eight digits or more. It is counted up and never used again.

An article has an address. A file of the corpus that is one article gives it its own path, below the corpus folder. A file that
holds several gives each its path, ``/`` and a name. No other file can have such a path, so addresses of files never clash. An
article that a program put in has the address that the program chose.

Strings are columns of concatenated UTF-8, each followed by a line feed, with ``*_starts``, one longer than the number
of strings: string ``i`` is ``blob[starts[i] : starts[i + 1] - 1]``. Strings called *sorted* ascend by bytes.

Within a segment, articles are sorted by address, and passages by article and place, so passage numbers order ties. Postings
ascend by term, then passage. Occurrences ascend by term, passage, position. A term with more than one posting for every
sixteen passages is *dense*: its passages are a bitmap (bit ``i & 63`` of word ``i >> 6``) instead of numbers.

Every dtype is little-endian. All offsets into texts are code points.

A sound index keeps these rules too; `searcher.storage.check.check` verifies every one:

- The checksums fit. A segment has the columns of `COLUMNS` and no others, each of its dtype and of its length.
- ``*_starts``, ``article_passages`` and ``dense_postings`` begin at 0, ascend, and end with the length of the column that they divide.
- Strings are valid UTF-8. Terms and addresses ascend strictly; surfaces ascend, equal ones by term. These three hold no
  line feed. Addresses are not empty. Dates are empty or ISO 8601, whole or partial.
- ``term_surfaces``, ascending within a term, and ``surface_term`` with ``surface_variant`` are inverse to each other.
- Passage numbers ascend within a term. The terms in ``dense_terms``, and no others, have a bitmap, with as many bits as the
  term has postings. ``ranks`` counts the bits before each word.
- A code holds the length of its passage and a frequency of at least 1. The frequencies of a term sum to its
  occurrences. The frequencies of the postings before a block sum to where its occurrences begin. A term's bounds, by falling
  frequency, are all of its codes that no other code beats.
- Positions ascend within a posting, so that term and position are unique in a passage. The occurrences of a passage
  stand at every position below its length, sometimes several at one, and at no other. A variant is less than the number of its
  term's surfaces.
- Passages ascend by article, then place. They do not overlap, and are not blank at either end. From ``article_body_start`` on,
  they leave out nothing but blanks. Before ``article_body_start``, the only passage is a title. ``article_title_end`` is at most
  ``article_body_start``. Paragraph numbers begin at 1 and do not fall within an article. Sentences and paragraphs start at ascending positions of their passage, and
  every start of a paragraph starts a sentence.
- ``article_file_end`` is 0, or the length of the address, or the place of a ``/`` in it.
- Each frame of the texts is one article's, and nothing stands between frames.
- The counts in the manifest are those of the columns. Tombstones ascend and are articles of their segment. Among the
  live articles no address comes twice. The live articles that are of files are those that the catalogue names, with the same
  fingerprints.
"""

from typing import Final, NamedTuple

FORMAT_VERSION: Final = 6
"""Raised with every change of what stands on disk.

- 1: first version.
- 2: which articles are files, and where their titles stand, so that an article can be read back whole.
- 3: where occurrences begin is written down for every sixteenth posting, and counted from there by frequencies: an eighth less.
- 4: a hash of the listing of the corpus folder, so that a folder without changes is known without the catalogue.
- 5: a catalogue of two files, so that an update writes only what has changed in it.
- 6: a file may hold several articles; the version of the reader of each file, so that a better one reads it again; what was not
  understood of a file.
"""

CARRIED_OVER: Final = (5, 6)
"""Versions of which a rebuild reads the articles that programs have put in; see `searcher.storage.put_in`."""

MANIFEST: Final = "manifest.json"
LOCK: Final = "write.lock"
TEMPORARY: Final = ".tmp"
OWNED: Final = r"manifest\.json(\.tmp)?|write\.lock|segment-(\d{8,})(\.npz|\.zst|-[a-z0-9_]+\.tmp)|catalogue-(\d{8,})\.json(\.tmp)?"
"""Regular expression of every file name that an index folder may hold, and that this package may delete there."""


def segment_name(number: int) -> str:
    """Name the segment: its files are this with ``.npz`` and ``.zst``."""
    return f"segment-{number:08d}"


def catalogue_name(number: int) -> str:
    """Name a file of the catalogue."""
    return f"catalogue-{number:08d}.json"


ALIGNMENT: Final = 64
DENSE_FRACTION: Final = 16
"""A term is dense when its document frequency times this exceeds the number of passages of the segment."""
OCCURRENCE_BLOCK: Final = 16
"""Postings that share one ``occurrence_base``: a power of two, four at least."""
MAX_PASSAGE_WORDS: Final = 255

# To add a column of passages or articles, or a field of metadata, add a line to one of these tables, and write the code that
# computes it. Building, merging, reading, checking and the digest follow from the tables.

PASSAGE_NUMBERS: Final = {
    "passage_start": "<u4",
    "passage_end": "<u4",
    "passage_length": "|u1",  # words, overlays not counted
    "passage_kind": "|u1",  # searcher.model.Kind
    "passage_paragraph": "<u4",  # number of its first paragraph in the article, from 1
}
"""One number a passage, as `searcher.indexing.inversion.batch` computes it."""

PASSAGE_POSITIONS: Final = {"sentences": "sentence_starts", "paragraphs": "paragraph_starts"}
"""Positions in each passage, 0 left out, at which something starts; and where those of each passage begin in the column."""

ARTICLE_NUMBERS: Final = {
    "article_file_end": "<u4",  # its address up to here is the path of its file; 0 if a program put it in
    "article_body_start": "<u4",
    "article_title_start": "<u4",  # where the title stands in the front matter; equal to its end if nowhere
    "article_title_end": "<u4",
}
"""One number an article, as `searcher.indexing.segments.build` computes it."""

METADATA: Final = ("title", "title_from", "date", "source", "author", "keywords", "language", "url")
"""Attributes of `searcher.model.Article` that are kept as strings: one that is None is empty."""
LISTS: Final = frozenset({"keywords"})
"""Those of which an article has several, separated by line feeds."""

ARTICLE_STRINGS: Final = ("address", *METADATA, "fingerprint")
"""One string an article: the column ``article_NAME`` and its starts."""


class Column(NamedTuple):
    """A column of a segment.

    Attributes:
        dtype: Its dtype, or empty for the narrowest of `VARIANT_DTYPES` that holds its values.
        of: What it has an entry for: ``terms``, ``surfaces``, ``dense terms``, ``passages``, ``articles`` or ``blocks`` of postings;
            empty if its length is given by nothing but the column that divides it.
        n_more: Entries beyond one for each of these.
        is_table: It has a row for each of these, with a word for every 64 passages.
    """

    dtype: str
    of: str = ""
    n_more: int = 0
    is_table: bool = False


COLUMNS: Final[dict[str, Column]] = {
    # Vocabulary
    "terms": Column("|u1"),  # strings, sorted
    "terms_starts": Column("<u4", "terms", 1),
    "posting_starts": Column("<i8", "terms", 1),  # where a term's postings begin
    "occurrence_starts": Column("<i8", "terms", 1),  # where a term's occurrences begin
    "variant_starts": Column("<i8", "terms", 1),  # where its variants begin; a term of one surface has none
    "term_surface_starts": Column("<u4", "terms", 1),  # where a term's surfaces begin in term_surfaces
    "term_surfaces": Column("<u4", "surfaces"),  # surfaces by term; the place within the term is the variant
    "surfaces": Column("|u1"),  # strings, sorted; twice where one surface has two terms
    "surfaces_starts": Column("<u4", "surfaces", 1),
    "surface_term": Column("<u4", "surfaces"),  # its term
    "surface_variant": Column("<u4", "surfaces"),  # its number within the term
    # Postings
    "passage_ids": Column("<u4"),  # (postings of terms that are not dense) passage numbers
    "dense_terms": Column("<u4", "dense terms"),  # term numbers, ascending
    "dense_postings": Column("<i8", "dense terms", 1),  # postings of dense terms before this one
    "bitmaps": Column("<u8", "dense terms", is_table=True),
    "ranks": Column("<u4", "dense terms", is_table=True),  # passages before each word of the bitmap
    "codes": Column("<u2"),  # (postings) frequency << 8 | length of the passage
    "bound_starts": Column("<u4", "terms", 1),  # where a term's bounds begin
    "bounds": Column("<u2"),  # codes that no other code of the term beats in both frequency and shortness
    "occurrence_base": Column("<i8", "blocks"),  # its first occurrence; the frequencies tell the others
    # Occurrences
    "positions": Column("|u1"),  # (occurrences)
    "variants": Column(""),  # (occurrences of terms of several surfaces)
    # Passages
    "passage_article": Column("<u4", "passages"),
    **{name: Column(dtype, "passages") for name, dtype in PASSAGE_NUMBERS.items()},
    **{name: Column("|u1") for name in PASSAGE_POSITIONS},
    **{starts: Column("<u4", "passages", 1) for starts in PASSAGE_POSITIONS.values()},
    # Articles
    "article_passages": Column("<u4", "articles", 1),  # its first passage
    "text_starts": Column("<i8", "articles", 1),  # where its frame begins in the file of texts
    **{name: Column(dtype, "articles") for name, dtype in ARTICLE_NUMBERS.items()},
    **{f"article_{name}": Column("|u1") for name in ARTICLE_STRINGS},
    **{f"article_{name}_starts": Column("<u4", "articles", 1) for name in ARTICLE_STRINGS},
}
"""Every column of a segment."""

VARIANT_DTYPES: Final = ("|u1", "<u2", "<u4")
