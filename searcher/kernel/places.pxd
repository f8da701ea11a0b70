from searcher.kernel.lexicon cimport Lexicon
from searcher.kernel.postings cimport NO_PASSAGE, Columns, PostingList
from searcher.kernel.pure cimport I64, U8, U16, U32, U64, Bits, BitsArray, Bytes, Index, Indices, Shorts, Words
from searcher.kernel.pure cimport bit_at, lowest, popcount

cdef Index _MOST_WIDE, _ROOM, _HYPHEN
cdef Bits _ALL

cdef class Places:
    cdef readonly Columns columns
    cdef U16 codes
    cdef I64 base
    cdef Index shift
    cdef U8 positions
    cdef I64 starts
    cdef I64 variant_starts
    cdef U8 variants
    cdef Index variant_size
    cdef Lexicon surfaces
    cdef U32 term_surface_starts
    cdef U32 term_surfaces
    cdef U32 surface_term
    cdef U8 lengths

    cpdef Part part(self, Index term)
    cdef Bytes widths_of(self, Index term, U8 bare)
    cdef Index first_place(self, Index posting) except? -2
    cdef Index variant(self, Index at) except -2
    cdef Index width(self, Index surface) except -2
    cdef bint is_written(self, Index surface, U8 bare) except -1

cdef class Part:
    cdef Places source
    cdef readonly PostingList postings
    cdef U8 positions
    cdef I64 starts
    cdef U8 widths
    cdef bint is_gathered
    cdef bint has_widths
    cdef bint is_varied
    cdef Index to_variant
    cdef Index begin
    cdef Index end
    cdef Part before
    cdef Part behind
    cdef Index first
    cdef Index last

    cdef Index load(self, Index passage) except -2
    cdef Index width_at(self, Index place) except -2

cdef class Phrase:
    cdef Places source
    cdef Part first
    cdef Part last
    cdef Index n_steps
    cdef BitsArray sets
    cdef BitsArray reach
    cdef Indices found
    cdef Index n_found
    cdef list leads
    cdef list needed
    cdef Index n_leads
    cdef bint is_dense
    cdef bint is_limited
    cdef U64 among

    cdef Index start(self) except -2
    cdef Index make_room(self) except -2
    cdef Index lead(self) except -2
    cdef Index limit(self, object among) except -2
    cdef Index next_from(self, Index passage) except -2
    cdef Index count_in(self, Index passage) except -2
    cdef Index find_in(self, Index passage) except -2
    cdef Index find_from(self, Index origin) except -2
    cdef Index add_place(self, Index start, Index end) except -2

cdef Index next_bit(U64 bits, Index place) except -2
