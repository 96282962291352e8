# SPDX-License-Identifier: Apache-2.0
"""The generated data file: deflated JSON documents, an index and one for each module, read when first needed."""

from __future__ import annotations

import zlib
from pathlib import Path
from struct import Struct
from typing import Any, cast

import orjson

PATH = Path(__file__).parent / "data" / "types.bin"
"""The file as shipped."""

_HEAD = Struct("<I")
Document = dict[str, Any]


class DataFile:
    """Reads documents out of the file: a length, a JSON directory `{name: [offset, size]}`, then deflated JSON documents."""

    def __init__(self, path: Path = PATH) -> None:
        content = path.read_bytes()
        (size,) = _HEAD.unpack_from(content)
        self._start = _HEAD.size + size
        self._directory: dict[str, list[int]] = orjson.loads(content[_HEAD.size : self._start])
        self._content = memoryview(content)

    def __contains__(self, name: str) -> bool:
        return name in self._directory

    def read(self, name: str) -> Document:
        """One document. Raises `KeyError` when the file has none of that name."""
        offset, size = self._directory[name]
        start = self._start + offset
        return cast("Document", orjson.loads(zlib.decompress(self._content[start : start + size])))


def write(path: Path, documents: dict[str, Document]) -> int:
    """Write the file; the same documents give the same bytes. Returns its size in bytes."""
    packed = {name: zlib.compress(orjson.dumps(document), 9) for name, document in documents.items()}
    directory: dict[str, list[int]] = {}
    offset = 0
    for name, content in packed.items():
        directory[name] = [offset, len(content)]
        offset += len(content)
    head = orjson.dumps(directory)
    content = _HEAD.pack(len(head)) + head + b"".join(packed.values())
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return len(content)
