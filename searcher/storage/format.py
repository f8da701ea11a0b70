"""The index format: the specification.

An index is a folder with these files, and a ``.gitignore`` if the user keeps one there:

- ``manifest.json``: a JSON object ``{"checksum": ..., "manifest": {...}}``. It names every other file, with its size and
  BLAKE2b checksum; what it does not name is not part of the index. Replacing it is the only commit.
- ``segment-N.npz``: the columns of one segment, in NumPy's uncompressed ``.npz`` layout, the data of each column
  aligned to 64 bytes, so that a file is mapped once and read in place. `numpy.load` opens it too.
- ``segment-N.zst``: the texts of its articles, one Zstandard frame each, UTF-8.
- ``catalogue-N.json``: what was seen of each file of the corpus, by address: size, modification time, content hash, why it
  was skipped. One has all of them; a second, where there is one, is laid over it and has what differs since: null where
  a file is gone.
- ``write.lock``: held by the one writer. ``segment-N-NAME.tmp``, ``manifest.json.tmp`` and ``catalogue-N.json.tmp``: being
  written.

``N`` is a number of eight digits or more, counted up, never used again.

Strings are columns of concatenated UTF-8, each followed by a line feed, with ``*_starts``, one longer than the number
of strings: string ``i`` is ``blob[starts[i] : starts[i + 1] - 1]``. Strings called *sorted* ascend by bytes.

Within a segment, articles are sorted by address, passages by article and place, so passage numbers order ties. Postings
ascend by term, then passage; occurrences by term, passage, position. A term with more than one posting for every
sixteen passages is *dense*: its passages are a bitmap (bit ``i & 63`` of word ``i >> 6``) instead of numbers.

Every dtype is little-endian. All offsets into texts are code points.

What else holds of a sound index; `searcher.storage.check.check` verifies every line of it:

- The checksums fit. A segment has the columns of `COLUMNS` and no other, each of its dtype, their lengths in keeping.
- ``*_starts``, ``article_passages`` and ``dense_postings`` begin at 0, ascend, and end with the length of what they divide.
- Strings are valid UTF-8. Terms and addresses ascend strictly; surfaces ascend, equal ones by term. These three hold no
  line feed. Addresses are not empty; dates are empty or ISO 8601, whole or partial.
- ``term_surfaces``, ascending within a term, and ``surface_term`` with ``surface_variant`` are inverse to each other.
- Passage numbers ascend within a term. The terms in ``dense_terms``, no others, have a bitmap, with as many bits as the
  term has postings; ``ranks`` counts the bits before each word.
- A code bears the length of its passage and a frequency of at least 1. The frequencies of a term sum to its
  occurrences, those of the postings before a block to where its occurrences begin. A term's bounds, by falling frequency,
  are all of its codes that no other beats.
- Positions ascend within a posting, so that term and position are unique in a passage. The occurrences of a passage
  stand at every position below its length, some at several, and at no other. A variant is less than the number of its
  term's surfaces.
- Passages ascend by article, then place. They do not overlap, are not blank at either end, and nothing but blanks is
  left out of them from ``article_body_start`` on; before it stands at most a title, and before it end all
  ``article_title_end``. Paragraph numbers, from 1, do not
  fall within an article. Sentences and paragraphs start at ascending positions of their passage, and every start of a
  paragraph starts a sentence.
- Each frame of the texts is one article's, and nothing stands between frames.
- The counts in the manifest are those of the columns. Tombstones ascend and are articles of their segment. Among the
  live articles no address comes twice. Those that are files are those of the catalogue that were not skipped, with the
  same fingerprints.
"""

from typing import Final

FORMAT_VERSION: Final = 5
"""Raised with every change of what stands on disk.

- 1: first version.
- 2: which articles are files, and where their titles stand, so that an article can be read back whole.
- 3: where occurrences begin is written down for every sixteenth posting, and counted from there by frequencies: an eighth less.
- 4: a hash of the listing of the corpus folder, so that a folder without changes is known without the catalogue.
- 5: a catalogue of two files, so that an update writes only what has changed in it.
"""

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

ARTICLE_STRINGS: Final = (
    "address",
    "title",
    "title_from",
    "date",
    "source",
    "author",
    "keywords",
    "language",
    "url",
    "fingerprint",
)
"""Metadata, one string an article; keywords are separated by line feeds, an absent value is empty."""

COLUMNS: Final[dict[str, str]] = {
    # Vocabulary
    "terms": "|u1",  # strings, sorted
    "terms_starts": "<u4",
    "posting_starts": "<i8",  # (n_terms + 1) where a term's postings begin
    "occurrence_starts": "<i8",  # (n_terms + 1) where a term's occurrences begin
    "variant_starts": "<i8",  # (n_terms + 1) where its variants begin; a term of one surface has none
    "term_surface_starts": "<u4",  # (n_terms + 1) where a term's surfaces begin in term_surfaces
    "term_surfaces": "<u4",  # (n_surfaces) numbers into surfaces; the place within the term is the variant
    "surfaces": "|u1",  # strings, sorted; twice where one surface has two terms
    "surfaces_starts": "<u4",
    "surface_term": "<u4",  # (n_surfaces) its term
    "surface_variant": "<u4",  # (n_surfaces) its number within the term
    # Postings
    "passage_ids": "<u4",  # (postings of terms that are not dense) passage numbers
    "dense_terms": "<u4",  # (n_dense) term numbers, ascending
    "dense_postings": "<i8",  # (n_dense + 1) postings of dense terms before this one
    "bitmaps": "<u8",  # (n_dense, ceil(n_passages / 64))
    "ranks": "<u4",  # (n_dense, ceil(n_passages / 64)) passages before each word of the bitmap
    "codes": "<u2",  # (n_postings) frequency << 8 | length of the passage
    "bound_starts": "<u4",  # (n_terms + 1) where a term's bounds begin
    "bounds": "<u2",  # codes that no other code of the term beats in both frequency and shortness
    "occurrence_base": "<i8",  # (ceil(n_postings / 16)) first occurrence of each block of postings; the frequencies tell the others
    # Occurrences
    "positions": "|u1",  # (n_occurrences)
    "variants": "",  # (occurrences of terms of several surfaces) the narrowest of u1, u2, u4 that holds them
    # Passages
    "passage_article": "<u4",
    "passage_start": "<u4",
    "passage_end": "<u4",
    "passage_length": "|u1",  # words, overlays not counted
    "passage_kind": "|u1",  # searcher.model.Kind
    "passage_paragraph": "<u4",  # number of its first paragraph in the article, from 1
    "sentence_starts": "<u4",  # (n_passages + 1) where its sentences begin in `sentences`
    "sentences": "|u1",  # positions at which sentences start, 0 left out
    "paragraph_starts": "<u4",
    "paragraphs": "|u1",  # positions at which paragraphs start, 0 left out
    # Articles
    "article_passages": "<u4",  # (n_articles + 1) its first passage
    "article_is_file": "|u1",  # 1 for a file of the corpus folder, 0 for an article that a program put in
    "article_body_start": "<u4",
    "article_title_start": "<u4",  # (n_articles) where the title stands in the front matter; equal to its end if nowhere
    "article_title_end": "<u4",
    "text_starts": "<i8",  # (n_articles + 1) where its frame begins in the file of texts
    **{
        f"article_{name}{part}": dtype
        for name in ARTICLE_STRINGS
        for part, dtype in (("", "|u1"), ("_starts", "<u4"))
    },
}
"""Every column of a segment and its dtype."""

VARIANT_DTYPES: Final = ("|u1", "<u2", "<u4")
