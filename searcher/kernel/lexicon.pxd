from searcher.kernel.pure cimport U8, U32, Index

cdef class Lexicon:
    cdef U8 blob
    cdef U32 starts
    cdef readonly Index n

    cpdef Index find(self, U8 string) except -2
    cdef Index _search(self, U8 string) except -1
