"""Which chunks end a sentence, and which chunks start one?

Every distinct chunk gets a few flags, once, without its context. The flags of two neighbours then tell whether a sentence
starts between them; one array operation does this for a whole text. Some cases would need the context, so a rule decides
them. A stop after a number ends a sentence. A stop after an initial ends a sentence only before a word that hardly ever
has a capital elsewhere (*The*, *He*, *But*).

The module does not know paragraphs; the caller adds their starts. The tables of words are English. The stops of other
scripts are known, but not their abbreviations.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final
from unicodedata import category

import numpy as np
import numpy.typing as npt

ENDS: Final = 1
"""The chunk ends a sentence if the next chunk may start one."""
MAY_END: Final = 2
"""An abbreviation, initial or ellipsis. It ends a sentence only before a chunk that surely starts one."""
STARTS: Final = 4
"""The chunk may start a sentence."""
STARTS_SURELY: Final = 8
"""The chunk is a word that hardly ever has a capital except at the start of a sentence."""


def _table(words: str) -> frozenset[str]:
    return frozenset(words.split())


TITLES: Final = _table(
    """adm amb atty brig capt cmdr cmsgt col comdr comm cpl cpt det dir dr fr gen gens gov govs hon insp lt maj
    messrs mlle mme mr mrs ms msgr msgt ofc pfc pres prof profs pvt rep reps rev revs sen sens sgt spc ssgt supt
    vs"""
)
"""Abbreviations that never end a sentence, because a name or number always follows. In lower case, without the stop."""

ABBREVIATIONS: Final = _table(
    """a.d a.k.a a.m abbr acad admin aka alt approx appt apr apt assn assoc asst aug ave b.a b.c b.c.e b.s ba biol
    blvd bros bt c.e c.i.a calif cent cf chap chem cie cit cl cnty co comp conf cong conn cont corp ct cu d.a d.c
    d.d.s d.j dec def del dept deriv dist div doc e.g ed eds educ elev eng enr esp esq est et etc eur ex exec ext
    f.b.i feb fed ff fig figs fl fla flr fn fri ft ga govt hwy i.e ia ib ibid ill illus inc incl incorp ind inst
    int intl j.d jan jr jul jun kan kans ky l.a lb lbs lib lit ltd ltda m.a m.d m.p m.s mar mass max md med mfg mi
    mich min minn misc mon mos mt mtn mts mun n.c n.d n.h n.j n.m n.y nat natl neb nebr nev no nos nov o.k oct
    okla op ore org orig oz p.m p.o p.s pa para penn pg ph.d phil pkg pl plc pop pp proc pseud pt pte pty publ pvt
    qtr qty r.i r.i.p r.n r.s.v.p rd ref rel repr resp rs rte rwy s.c s.d sat sc sep sept seq ser soc sq sr ss st
    sta ste sub sun supp suppl syn tbsp tech tel temp tenn tex thu thur thurs trans treas tsp tue tues twp u.k u.n
    u.s u.s.a u.s.s.r univ unk v va var ver viz vol vols vt w.v w.va wash wed wis wk wks wyo xmas yd yds yr yrs"""
)
"""Abbreviations that may end a sentence, in lower case, without their last stop."""

WORDS_TOO: Final = _table(
    """alt ba cent col comp cont dec def del det dir doc ed eds est ex fed fig figs fl gen hon ill inst int lib
    lit maj mar mass max med mi min mon no op ore pa pop pres pt ref rep reps rev sat seq sub sun supp tech temp
    thu trans var ver wash wed"""
)
"""Those of the abbreviations above that are also words when written in lower case: ``he sat.``"""

STARTERS: Final = _table(
    """a about according additionally after again against ain't all almost along already also although always amid
    among an and another any anyone are aren't around as asked at because before behind being below besides
    between beyond both but by can can't consider could couldn't critics despite did didn't do does doesn't don't
    during each earlier either else even eventually every everyone everything experts few finally following for
    from further furthermore given had hadn't has hasn't have haven't having he hence her here hers his how
    however i if in indeed instead into is isn't it its itself just lately later least less let likewise many
    maybe me meanwhile more moreover most much my nearly neither never nevertheless nobody none nonetheless nor
    not nothing now obviously of often on once one only or other others otherwise our over overall perhaps please
    plus previously prior rather really recently regardless same she should shouldn't similarly simply since so
    some somehow someone something sometimes soon still such suddenly supporters that that's the their theirs them
    then there thereafter therefore these they things this those though three through throughout thus to together
    too two under unfortunately unless unlike until upon very was wasn't we were weren't what whatever when
    whenever where whereas whether which while who whoever whom whose why with within without won't would wouldn't
    yes yet you your"""
)
"""Words that hardly ever have a capital except at the start of a sentence, in lower case."""

_SHOUTING_NAMES: Final = frozenset(["yahoo", "jeopardy", "e", "wham", "yum"])
"""Names that end with an exclamation mark."""

_SURE_STOPS: Final = "?!。．｡！？‼⁇⁈⁉؟۔।॥։\u037e።፧།༎၊။។៕᙮⸮"
_STOPS: Final = ".…‥" + _SURE_STOPS
_CLOSERS: Final = "\"'`”’»›“)]}*_）］｝」』】〉》〕〗"
_ENDING: Final = frozenset(_STOPS + _CLOSERS)
_OPENERS: Final = "\"'`“”‘’„‚«»‹›([{（［｛「『【〈《〔〖¿¡"
_MARKED: Final = frozenset('#"“„«»([{（［｛「『【〈《〔〖¿¡')
_DASHES: Final = "-‐‑‒–—―−"
_BULLETS: Final = "*_#•‣▪◦·●■►>~|"
_LEADERS: Final = _OPENERS + _DASHES + _BULLETS + ".…"
_STARTING_SIGNS: Final = frozenset("#@&%§¶")
_ELLIPSIS: Final = re.compile(r"\.{2,}|…")
_NOTE: Final = re.compile(r"(?:\[\d{1,3}\])+$")
_SEPARATOR: Final = re.compile(rf"[{re.escape(_DASHES)}/]")
_ACRONYM: Final = re.compile(r"(?:[^\W\d_]{1,2}\.)+[^\W\d_]{1,2}")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def flags(chunk: str) -> int:
    """Tell whether a chunk may end or start a sentence.

    The outcome is the sum of the flags that apply: ``ENDS``, ``MAY_END``, ``STARTS`` and ``STARTS_SURELY``. ``ENDS`` and
    ``MAY_END`` exclude each other. ``STARTS_SURELY`` includes ``STARTS``.

    >>> flags("war.") == ENDS, flags("U.S.") == MAY_END | STARTS, flags("Gen.") == STARTS
    (True, True, True)
    >>> flags("The") == STARTS | STARTS_SURELY, flags("“we") == STARTS, flags("ceasefire")
    (True, True, 0)
    """
    if chunk.isascii() and chunk.isalpha():
        if chunk[0].islower():
            return STARTS if chunk[1:2].isupper() else 0  # iPhone
        return STARTS | STARTS_SURELY if chunk.lower() in STARTERS else STARTS
    ends = _end_flags(chunk) if chunk[-1] in _ENDING else 0
    is_lower = "a" <= chunk[0] <= "z" and not chunk[1:2].isupper()
    return ends if is_lower else ends | _start_flags(chunk)


def boundaries(chunk_flags: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Tell of each chunk of a text, given the `flags` of the chunks in text order, whether a sentence starts there.

    A sentence starts at a chunk if the chunk before ends a sentence and the chunk may start one, or if the chunk before may
    end a sentence and the chunk surely starts one. A sentence starts at the first chunk.

    >>> chunks = "Gen. Li left the U.S. He is back. But".split()
    >>> starts = boundaries(np.array([flags(chunk) for chunk in chunks], dtype=np.uint8))
    >>> [chunk for chunk, is_start in zip(chunks, starts) if is_start]
    ['Gen.', 'He', 'But']
    """
    starts = np.ones(len(chunk_flags), dtype=np.bool_)
    # Shifted by two bits, STARTS becomes ENDS, and STARTS_SURELY becomes MAY_END.
    starts[1:] = (chunk_flags[:-1] & (chunk_flags[1:] >> 2) & (ENDS | MAY_END)) != 0
    return starts


def has_boundary(chunks: Sequence[str]) -> bool:
    """Tell whether a sentence starts after the first of some chunks, as `boundaries` does.

    >>> has_boundary("Gen. Li left the U.S. He is back.".split()), has_boundary(["Gen.", "Li"])
    (True, False)
    """
    return any(
        before[-1] in _ENDING and flags(before) & flags(after) >> 2 & (ENDS | MAY_END)
        for before, after in pairwise(chunks)
    )


def _end_flags(chunk: str) -> int:
    core = chunk.rstrip(_CLOSERS)
    if core[-1:] not in _STOPS or not core:
        if chunk[-1] == "]" and (note := _NOTE.search(chunk)):
            return _end_flags(chunk[: note.start()]) if note.start() else 0
        # A closing quote or bracket alone: its stop, if any, stands in the chunk before.
        return MAY_END if not core and not chunk.strip("”’»)]}）］｝」』】〉》〕〗") else 0
    before = core.rstrip(_STOPS)
    stops = core[len(before) :]
    name = before.lstrip(_OPENERS)
    if any(stop in _SURE_STOPS for stop in stops):
        return MAY_END if stops == "!" and name.lower() in _SHOUTING_NAMES else ENDS
    if stops != ".":
        return MAY_END
    return _flag_of_abbreviation(_SEPARATOR.split(name)[-1].lstrip(_OPENERS))


def _flag_of_abbreviation(word: str) -> int:
    """Give the flag of a word with one full stop after it."""
    if len(word) == 1:
        return MAY_END if word.lower() != word.upper() else ENDS
    lower = word.lower()
    if word == lower and lower in WORDS_TOO:
        return ENDS
    if lower in TITLES:
        return 0
    return MAY_END if lower in ABBREVIATIONS or _ACRONYM.fullmatch(word) else ENDS


def _start_flags(chunk: str) -> int:
    inner = chunk if chunk[0].isalnum() else chunk.lstrip(_LEADERS)
    opening = chunk[: len(chunk) - len(inner)]
    if not inner:
        return _flag_of_signs(opening)
    first = inner[0]
    if not first.isalnum() or first.title() != first:
        # "we, [a], iPhone, #iran, $5
        is_marked = not _MARKED.isdisjoint(opening) or inner[1:2].isupper()
        return STARTS if is_marked or first in _STARTING_SIGNS or category(first)[0] == "S" else 0
    word = _WORD.match(inner)
    if not word or not first.isupper() or inner.startswith(".", word.end()):
        return STARTS
    lower = word[0].lower().replace("’", "'")
    return STARTS | STARTS_SURELY if lower in STARTERS or lower.split("'")[0] in STARTERS else STARTS


def _flag_of_signs(opening: str) -> int:
    """Tell whether a chunk of nothing but quotes, brackets, dashes, bullets and stops may start a sentence."""
    if "." in opening or "…" in opening:
        return STARTS if _ELLIPSIS.fullmatch(opening) else 0
    return STARTS if opening.strip("”’»›") else 0
