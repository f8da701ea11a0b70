"""What do the modules of the kernel use of Cython, when Python runs them as they are?

A module of the kernel imports this one as ``cython``. Compiling it, Cython puts its own ``cython`` in place, and reads the types of
numbers and columns from ``pure.pxd``.
"""

from __future__ import annotations

from typing import Final, TypeAlias

compiled: Final = False

Index: TypeAlias = int  # 64 bits, signed
Bits: TypeAlias = int  # 64 bits, unsigned
Real: TypeAlias = float
U8: TypeAlias = "bytes | memoryview[int]"
U16: TypeAlias = "memoryview[int]"
U32: TypeAlias = "memoryview[int]"
I64: TypeAlias = "memoryview[int]"
U64: TypeAlias = "memoryview[int]"
F64: TypeAlias = "memoryview[float]"
Bytes: TypeAlias = "memoryview[int]"
Shorts: TypeAlias = "memoryview[int]"
Words: TypeAlias = "memoryview[int]"
Indices: TypeAlias = "memoryview[int]"
BitsArray: TypeAlias = "memoryview[int]"
Reals: TypeAlias = "memoryview[float]"


def popcount(bits: int) -> int:
    """Count the bits that are set."""
    return bits.bit_count()


def lowest(bits: int) -> int:
    """Give the place of the lowest bit that is set, of at least one."""
    return (bits & -bits).bit_length() - 1


def bit_at(place: int) -> int:
    """Give the bit of a place from 0 to 63."""
    return 1 << place
