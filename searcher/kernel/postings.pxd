from searcher.kernel.lexicon cimport Lexicon
from searcher.kernel.pure cimport I64, F64, U8, U16, U32, U64, Bits, BitsArray, Index, Real, Reals, Shorts, Words
from searcher.kernel.pure cimport bit_at, built_from, lowest, popcount

cdef Index NO_PASSAGE

cdef class PostingList:
    cdef readonly Index n
    cdef readonly Index first
    cdef readonly U16 codes
    cdef U16 bounds
    cdef U32 ids
    cdef U64 bitmap
    cdef U32 ranks
    cdef F64 values
    cdef bint is_dense
    cdef bint has_values
    cdef public Real weight
    cdef public bint decides
    cdef Real ceiling
    cdef Index cursor
    cdef Index passage
    cdef Index at

    cdef Index seek(self, Index passage) except -2
    cdef Index locate(self, Index passage) except -2
    cdef Index next_from(self, Index passage) except -2

cdef class Columns:
    cdef I64 starts
    cdef I64 dense_before
    cdef U32 dense
    cdef U32 ids
    cdef U64 bitmaps
    cdef U32 ranks
    cdef U16 codes
    cdef U32 bound_starts
    cdef U16 bounds
    cdef U32 owners
    cdef U32 article_passages
    cdef readonly Index n_passages
    cdef Index n_blocks
    cdef F64 no_values
    cdef Lexicon lexicon

    cpdef PostingList postings(self, Index term)
    cdef Index article_of(self, Index passage) except -1

cpdef Index mark(PostingList postings, BitsArray marks) except -1
cdef PostingList _unread(PostingList found)
