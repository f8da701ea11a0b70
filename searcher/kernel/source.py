"""Which modules of the kernel are compiled, and from which source?

`hatch_build.py` asks this to compile them, and `searcher.kernel` to find them again.
"""

import os
from zlib import crc32


def compiled_modules(folder: str) -> list[str]:
    """Name the modules whose types stand beside them in a .pxd, but for `pure`, which is nothing but types."""
    return [name for name in _typed(folder) if name != "pure"]


def library(folder: str) -> str:
    """Name the folder of the compiled modules, after the checksum of everything that they are compiled from."""
    checksum = 0
    for name in _typed(folder):
        for suffix in (".py", ".pxd"):
            with open(f"{folder}/{name}{suffix}", "rb") as source:
                checksum = crc32(source.read(), checksum)
    return f"compiled-{checksum:08x}"


def _typed(folder: str) -> list[str]:
    return sorted(file[:-4] for file in os.listdir(folder) if file.endswith(".pxd"))
