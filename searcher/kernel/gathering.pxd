from searcher.kernel.places cimport Part, Places
from searcher.kernel.postings cimport PostingList
from searcher.kernel.pure cimport I64, Bits, BitsArray, Bytes, Index, Indices, Shorts, Words
from searcher.kernel.pure cimport bit_at, lowest, popcount

cdef class Gathered:
    cdef Places source
    cdef Words ids
    cdef Shorts codes
    cdef Indices starts
    cdef Bytes positions
    cdef Bytes widths
    cdef bint has_widths

cdef class _Gathering:
    cdef Places source
    cdef list parts
    cdef BitsArray bits
    cdef Words ranks
    cdef Index n
    cdef Indices starts
    cdef Indices ends
    cdef Bytes positions
    cdef Bytes widths
    cdef bint has_widths

    cdef Index mark(self) except -1
    cdef Index count(self) except -1
    cdef Index fill(self) except -1
    cdef Gathered sort(self)
    cdef Index order(self, Index low, Index high) except -1
    cdef Index rank(self, Index passage) except -2

cdef list _parts(Places source, I64 slots)
cdef Index _next(PostingList postings, Index at, Index before) except -2
