from searcher.kernel.pure cimport U8, U32, Index

cdef class Lexicon:
    cdef U8 blob
    cdef U32 starts
    cdef readonly Index n

    cdef Index _search(self, U8 string) except -1
    cdef Index _compare(self, Index number, U8 string) except -2
