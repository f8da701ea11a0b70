# What pure.py says, to Cython: the types of numbers and columns, and operations on bits.
ctypedef long long Index
ctypedef unsigned long long Bits
ctypedef double Real
# To read.
ctypedef const unsigned char[::1] U8
ctypedef const unsigned short[::1] U16
ctypedef const unsigned int[::1] U32
ctypedef const long long[::1] I64
ctypedef const unsigned long long[::1] U64
ctypedef const double[::1] F64
# To write.
ctypedef unsigned char[::1] Bytes
ctypedef unsigned short[::1] Shorts
ctypedef unsigned int[::1] Words
ctypedef long long[::1] Indices
ctypedef unsigned long long[::1] BitsArray
ctypedef double[::1] Reals

cdef extern from *:
    """
    #ifndef SEARCHER_BITS
    #define SEARCHER_BITS
    #define searcher_bit_at(x) (1ULL << (x))
    #if defined(__GNUC__) || defined(__clang__)
    #define searcher_popcount(x) __builtin_popcountll(x)
    #define searcher_lowest(x) __builtin_ctzll(x)
    #else
    static CYTHON_INLINE int searcher_popcount(unsigned long long x) {
        x -= (x >> 1) & 0x5555555555555555ULL;
        x = (x & 0x3333333333333333ULL) + ((x >> 2) & 0x3333333333333333ULL);
        return (int)((((x + (x >> 4)) & 0x0F0F0F0F0F0F0F0FULL) * 0x0101010101010101ULL) >> 56);
    }
    #define searcher_lowest(x) searcher_popcount(((x) & (0ULL - (x))) - 1)
    #endif
    #endif
    """
    int popcount "searcher_popcount" (Bits bits) noexcept nogil
    int lowest "searcher_lowest" (Bits bits) noexcept nogil
    Bits bit_at "searcher_bit_at" (Index place) noexcept nogil
