"""How do two processes exchange columns?

A message is a line of JSON, followed by the bytes of the columns. The line holds a header and the name, type and length of
each column.
"""

import json
from typing import IO, Any

import numpy as np

from searcher.arrays import Array


def send(stream: IO[bytes], header: dict[str, Any], columns: dict[str, Array]) -> None:
    """Write a message.

    Args:
        stream: A binary stream.
        header: Anything that JSON can express.
        columns: Columns of one dimension.
    """
    shapes = [[name, column.dtype.str, len(column)] for name, column in columns.items()]
    stream.write(json.dumps({"header": header, "columns": shapes}).encode() + b"\n")
    for column in columns.values():
        stream.write(np.ascontiguousarray(column).data)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[dict[str, Any], dict[str, Array]] | None:
    """Read the header and columns of a message. Give None if the stream ends early, or if it holds anything else."""
    line = stream.readline()
    if not line.endswith(b"\n") or not line.startswith(b'{"header": '):
        return None
    message = json.loads(line)
    columns = {}
    for name, dtype, n in message["columns"]:
        data = stream.read(n * np.dtype(dtype).itemsize)
        if len(data) < n * np.dtype(dtype).itemsize:
            return None
        columns[name] = np.frombuffer(data, dtype)
    return message["header"], columns
