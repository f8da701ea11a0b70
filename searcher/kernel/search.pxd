from searcher.kernel.postings cimport Columns, PostingList, mark
from searcher.kernel.pure cimport F64, U64, Bits, BitsArray, Index, Real, Reals, Words, bit_at, lowest, popcount

cdef Index WINDOW, _NO_TIER
cdef Real SLACK, _ENDLESS

cdef class Scope:
    cdef readonly Columns columns
    cdef F64 table
    cdef U64 headings
    cdef U64 live
    cdef bint has_dead
    cdef list[Room] spare

cdef class Room:
    cdef Reals heap
    cdef Words found
    cdef Reals scores
    cdef Reals behind
    cdef Reals sums
    cdef BitsArray touched

cdef class Search:
    cdef Scope scope
    cdef Columns columns
    cdef F64 table
    cdef U64 among
    cdef U64 headings
    cdef bint is_limited
    cdef bint has_headings
    cdef bint is_tiered
    cdef bint is_marking
    cdef list[PostingList] words
    cdef list[PostingList] deciding
    cdef Index k
    cdef Real least
    cdef Room room
    cdef Index n_heap
    cdef Index n_found
    cdef BitsArray marks
    cdef Index heading
    cdef Index heading_tier
    cdef Real heading_score
    cdef Index body
    cdef Index body_tier
    cdef Real body_score

    cdef Index start(self, Index k, Real floor) except -1
    cdef Index match(self, Index passage) except -1
    cdef Index keep(self, Index passage, Real score) except -1
    cdef Index push(self, Real score) except -1
    cdef tuple finish(self, bint has_all)
    cdef Real worth(self, PostingList word, Index at) except? -1
    cdef Real score(self, Index passage) except? -1
    cdef Index scan_all(self) except -1
    cdef Index scan_dense(self, list[PostingList] words) except -1
    cdef Index scan_allowed(self) except -1
    cdef Index scan_any(self) except -1
    cdef list[PostingList] by_ceiling(self)
    cdef Index add(self, PostingList word, Index base, Index end, Real others) except -1
    cdef Index take(self, list[PostingList] order, Index needed, Index base) except -1
    cdef Index mark_any(self) except -1
    cdef bint is_heading(self, Index passage) except -1
    cdef Index tier_of(self, Index passage, bint has_all) except -2
    cdef Index look_at(self, Index article, bint has_all) except -1
    cdef bint is_hit(self, Index passage) except -1
    cdef Index drop_headings(self, bint has_all) except -1

cdef Bits mask(Index first, Index end, Index block) noexcept
cdef list[PostingList] _by_rarity(list[PostingList] words)
cdef object _grown(object numbers, Index size, str code)
