"""From which source is the kernel compiled?"""

from hashlib import blake2b
from pathlib import Path


def source_hash(folder: Path) -> str:
    """Hash the names and the content of all modules of the kernel that may be compiled."""
    digest = blake2b(digest_size=16)
    for path in sorted([*folder.glob("*.py"), *folder.glob("*.pxd")]):
        digest.update(path.name.encode())
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()
