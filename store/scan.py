"""The gzip members of an archive file, one after another, whole or not. Never more than one of them is in memory.

A library that reads WARC gives a shortened record for a torn one, without an error. So the file is walked member by member:
what does not unpack to its end, with its checksum, is told with its place and length.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from store.records import LIMIT

_CHUNK = 1 << 18
_MAGIC = b"\x1f\x8b\x08"  # how a gzip member begins
_MARK = b"WARC/1."  # how a record begins


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """A stretch of a file: one whole member, or bytes that are none."""

    offset: int
    length: int
    raw: bytes | None  # unpacked; None: no whole member

    @property
    def end(self) -> int:
        return self.offset + self.length


def members(file: BinaryIO, start: int = 0) -> Iterator[Member]:
    """The members from an offset to the end of the file as it is now. What is none reaches up to the next that is."""
    end = os.fstat(file.fileno()).st_size
    while start < end:
        whole = _whole(file, start, end)
        if whole is None:
            after = _next(file, start + 1, end)
            whole = Member(offset=start, length=after - start, raw=None)
        yield whole
        start = whole.end


def _whole(file: BinaryIO, start: int, end: int) -> Member | None:
    stream = zlib.decompressobj(wbits=31)
    parts: list[bytes] = []
    size, position = 0, start
    file.seek(start)
    while not stream.eof and position < end and size <= LIMIT:
        chunk = file.read(min(_CHUNK, end - position))
        if not chunk:
            return None
        position += len(chunk)
        try:
            parts.append(stream.decompress(chunk, LIMIT + 1))
        except zlib.error:
            return None
        size += len(parts[-1])
    if not stream.eof:
        return None
    return Member(offset=start, length=position - len(stream.unused_data) - start, raw=b"".join(parts))


def _next(file: BinaryIO, start: int, end: int) -> int:
    """Where the next record begins, or the end of the file."""
    while start < end:
        file.seek(start)
        block = file.read(min(_CHUNK, end - start))
        if len(block) < len(_MAGIC):
            return end
        found = block.find(_MAGIC)
        if found < 0:
            start += len(block) - len(_MAGIC) + 1
            continue
        if _begins(file, start + found):
            return start + found
        start += found + 1
    return end


def _begins(file: BinaryIO, offset: int) -> bool:
    file.seek(offset)
    try:
        return zlib.decompressobj(wbits=31).decompress(file.read(_CHUNK), len(_MARK)) == _MARK
    except zlib.error:
        return False
