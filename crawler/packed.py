"""Whether a packed body came whole, pure. Scrapy takes what it can unpack of one, and half an article would look like an edit."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import brotli  # type: ignore[import-untyped]

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_CODINGS = 3  # one over the other; more are made to keep us busy
_MEMBERS = 100  # packed streams one after the other; more are, too
_UNPACKED = 1_000_000  # bytes that are unpacked at once
_PIECE = 65_536
_WINDOW = 23  # RFC 9659: nobody has to keep more than 8 MB to unpack zstd


def wrong(codings: Sequence[str], body: bytes, limit: int) -> str | None:
    """Why a body that was packed like this, the last coding outermost, is none, in one line; None: it is whole.

    One that is longer than `limit` when it is unpacked is not looked at any further: it is refused for that.
    """
    if len(codings) > _CODINGS:
        return f"it is packed more than {_CODINGS} times over"
    try:
        for coding in reversed(codings):
            if coding not in _UNPACKERS:  # Scrapy leaves it as it is, too
                break
            body = b"".join(_until(limit, _UNPACKERS[coding](body)))
            if len(body) > limit:
                break
    except EOFError:
        return "the answer broke off"
    except (zlib.error, brotli.error, zstd.ZstdError, _TooManyError):
        return "it cannot be unpacked"
    return None


def unpacked(coding: str, body: bytes, limit: int) -> bytes:
    """A body without one coding; a little more than `limit` at most. Raises ValueError, also for junk behind its last member."""
    try:
        unpack = _whole_gzip if coding in ("gzip", "x-gzip") else _UNPACKERS[coding]
        return b"".join(_until(limit, unpack(body)))
    except EOFError as error:
        raise ValueError("its packed body has no end") from error
    except (zlib.error, brotli.error, zstd.ZstdError, _TooManyError) as error:
        raise ValueError("its packed body cannot be unpacked") from error


class _TooManyError(Exception):
    pass


def _until(limit: int, pieces: Iterable[bytes]) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        yield piece
        size += len(piece)
        if size > limit:
            return


# Each gives what it unpacks piece by piece, and raises EOFError where more should follow.


def _whole_gzip(packed: bytes) -> Iterator[bytes]:
    return _gzip(packed, is_strict=True)


def _gzip(packed: bytes, *, is_strict: bool = False) -> Iterator[bytes]:
    """`is_strict`: what stands behind the last member are zeros or nothing; else it may be anything, as for browsers."""
    for _ in range(_MEMBERS):
        stream = zlib.decompressobj(31)
        yield from _inflated(stream, packed)
        packed = stream.unused_data
        if not packed.startswith(b"\x1f\x8b"):  # filled up with zeros, say
            if is_strict and packed.strip(b"\0"):
                raise zlib.error("no member")
            return
    raise _TooManyError


def _deflate(packed: bytes) -> Iterator[bytes]:
    """It is sent with zlib's head, or bare: its low four bits tell."""
    is_bare = not packed or packed[0] & 15 != 8
    return _inflated(zlib.decompressobj(-15 if is_bare else 15), packed)


def _inflated(stream: Any, packed: bytes) -> Iterator[bytes]:
    while packed and not stream.eof:
        yield stream.decompress(packed, _UNPACKED)
        packed = stream.unconsumed_tail
    yield stream.flush()
    if not stream.eof:
        raise EOFError


def _brotli(packed: bytes) -> Iterator[bytes]:
    stream, start = brotli.Decompressor(), 0
    while start < len(packed) and not stream.is_finished():
        yield stream.process(packed[start : start + _PIECE], output_buffer_limit=_UNPACKED)
        start += _PIECE
        # It says that it can take more as soon as all is in, whatever has still to come out.
        while not stream.is_finished() and (more := stream.process(b"", output_buffer_limit=_UNPACKED)):
            yield more
    if not stream.is_finished():
        raise EOFError


def _zstd(packed: bytes) -> Iterator[bytes]:
    for _ in range(_MEMBERS):
        stream = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _WINDOW})
        yield stream.decompress(packed, _UNPACKED)
        while not stream.eof and not stream.needs_input:
            yield stream.decompress(b"", _UNPACKED)
        if not stream.eof:
            raise EOFError
        packed = stream.unused_data
        if not packed:
            return
    raise _TooManyError


_UNPACKERS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
