from searcher.kernel.places cimport Phrase, Places
from searcher.kernel.postings cimport NO_PASSAGE, PostingList
from searcher.kernel.pure cimport U8, U32, Bytes, Index, Indices, Shorts, Words

cdef Index _ROOM, _NEVER, _WIDTH

cdef class Close:
    cdef Places source
    cdef list members
    cdef Indices needed
    cdef Index within
    cdef U32 part_starts
    cdef U8 parts
    cdef Index most
    cdef Index n_tried
    cdef Index leading
    cdef Index n_leads
    cdef Indices found
    cdef Bytes marks
    cdef Index n
    cdef Indices counts
    cdef Bytes is_tangled
    cdef Indices next_starts
    cdef Indices next_ends
    cdef Indices rest
    cdef Indices units
    cdef Indices digits
    cdef Indices ends
    cdef Indices later
    cdef Indices lasts

    cdef Index start(self, object among) except -2
    cdef Index next_from(self, Index passage) except -2
    cdef Index next_of(self, Index member, Index passage) except -2
    cdef bint collect(self, Index passage) except -1
    cdef Index put(self, Index place) except -2
    cdef Index find_in(self, Index passage, bint has_marks) except -2
    cdef Index in_parts(self, Index passage) except -2
    cdef Index in_reach(self) except -2
    cdef bint tangle(self) except -1
    cdef Index in_turn(self, bint has_marks) except -2
    cdef Index tabulate(self) except -2
    cdef bint has_enough(self, Index first, Index reach) except -1
    cdef Index n_ways(self) except -2
    cdef bint next_way(self) except -1
    cdef Index line_up(self, Index n_ways, Index after, Indices ends) except -2
    cdef bint has_room(self, Index number, Index n_ways, Index reach) except -1

cdef Index _start(Index place) noexcept
cdef Index _end(Index place) noexcept
cdef Index _owner(Index place) noexcept
cdef Indices _numbers(Index n)
