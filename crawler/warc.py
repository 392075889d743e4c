"""Pages in WARC files that other programs wrote (wget, warcio, Common Crawl) -> Capture. One record at a time is in memory.

A file is plain, or gzip with one record or many in a member. What is broken is told with its place, and reading goes on at the
next record that can be found. A `revisit` is given the body of the record to which it refers, if that stands in the same file.
"""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

import urls
from crawler import packed
from model import MAX_PAGE_BYTES, Capture

_CHUNK = 1 << 16
_HEADER_BYTES = 1 << 17  # of one record
_GZIP = b"\x1f\x8b\x08"
_MARK = b"WARC/1."  # how every record begins
_PAGES = ("text/html", "application/xhtml+xml", "text/plain")
_CODED = ("content-encoding", "transfer-encoding")
_SAME = "identical-payload-digest"


@dataclass(frozen=True, kw_only=True, slots=True)
class Passed:
    """A record that is no page to read, and why: not_html, not_200, too_large, truncated, revisit (not in the file)."""

    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Broken:
    """A record that cannot be read."""

    message: str


class _DigestError(ValueError):
    """Only the digest is wrong: the stream stands behind the record."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Record:
    headers: Mapping[str, str]  # names in small letters
    block: bytes | None  # None: larger than any page, and passed over


def read(file: BinaryIO) -> Iterator[tuple[int, Capture | Passed | Broken]]:
    """(place in the file, what stands there) for every record that might be a page. Lazy."""
    known: dict[int, int] = {}  # how a revisit may refer to a page, as a hash: where the page stands
    stream = _Stream(file)
    while True:
        start = None
        try:
            if not stream.begin():
                return
            start, is_exact = stream.place, stream.is_exact
            record = _next(stream)
        except _DigestError as error:
            yield stream.place if start is None else start, Broken(message=str(error))
            continue
        except (ValueError, EOFError, zlib.error) as error:
            place = stream.place if start is None else start
            yield place, Broken(message=str(error))
            stream.find_next(place + 1)
            continue
        found = _found(file, record, known)
        if isinstance(found, Capture) and is_exact:
            known.update((key, start) for key in _names(record.headers))
        if found is not None:
            yield start, found


def _found(file: BinaryIO, record: _Record, known: Mapping[int, int]) -> Capture | Passed | Broken | None:
    try:
        return _page(file, record, known)
    except (ValueError, EOFError, zlib.error) as error:
        return Broken(message=str(error))


# ---------------------------------------------------------------- records


class _Stream:
    """The unpacked bytes of a file, and where in the file the present record begins."""

    def __init__(self, file: BinaryIO, start: int = 0) -> None:
        self._file = file
        file.seek(0)
        self._packed = file.read(len(_GZIP)) == _GZIP
        self.is_exact = True  # the record begins where its place says, not somewhere in that gzip member
        self._restart(start)

    def _restart(self, place: int) -> None:
        self._place = place  # in the file, of what comes next into the buffer
        self._member = place
        self._is_fresh = False  # nothing of the present member was read before the record
        self._input = b""
        self._buffer = b""
        self._unzip: zlib._Decompress | None = None

    def begin(self) -> bool:
        """Go to the begin of the next record. False at the end of the file; raises what `_fill` raises."""
        self._is_fresh = False
        while not (blank := self._buffer.lstrip(b"\r\n")):
            self._buffer = b""
            if not self._fill():
                return False
        self._buffer = blank
        self.is_exact = self._is_fresh or not self._packed
        return True

    @property
    def place(self) -> int:
        """Where the record begins at which the stream stands, or the gzip member in which it does."""
        return self._member if self._packed else self._place - len(self._buffer)

    def _fill(self) -> bool:
        """More bytes in the buffer. False at the end of the file; raises EOFError where that is inside a gzip member."""
        self._file.seek(self._place + len(self._input))
        if not self._packed:
            chunk = self._file.read(_CHUNK)
            self._place += len(chunk)
            self._buffer += chunk
            return bool(chunk)
        while True:
            if not self._input:
                self._input = self._file.read(_CHUNK)
            if not self._input and self._unzip is None:
                return False
            if self._unzip is None:
                self._unzip = zlib.decompressobj(wbits=31)
                self._member = self._place
                self._is_fresh = not self._buffer
            before = len(self._input)
            more = self._unzip.decompress(self._input, _CHUNK)
            if not more and not before and not self._unzip.eof:
                raise EOFError("the file ends inside this record")
            self._input = self._unzip.unused_data if self._unzip.eof else self._unzip.unconsumed_tail
            self._place += before - len(self._input)
            if self._unzip.eof:
                self._unzip = None
            if more:
                self._buffer += more
                return True

    def line(self) -> str:
        while (end := self._buffer.find(b"\n")) < 0:
            if len(self._buffer) > _HEADER_BYTES:
                raise ValueError("its header has no end")
            if not self._fill():
                raise EOFError("the file ends inside this record")
        line, self._buffer = self._buffer[:end], self._buffer[end + 1 :]
        return line.decode("utf-8", "replace").rstrip("\r")

    def take(self, size: int) -> bytes:
        return b"".join(self._parts(size))

    def skip(self, size: int) -> None:
        for _ in self._parts(size):
            pass

    def _parts(self, size: int) -> Iterator[bytes]:
        while size:
            if not self._buffer and not self._fill():
                raise EOFError("the file ends inside this record")
            part, self._buffer = self._buffer[:size], self._buffer[size:]
            size -= len(part)
            yield part

    def find_next(self, start: int) -> None:
        """Go on at the next record that begins at or after a place; else at the end of the file."""
        mark = _GZIP if self._packed else b"\n" + _MARK
        while True:
            self._file.seek(start)
            block = self._file.read(_CHUNK)
            if len(block) < len(mark):
                self._restart(start + len(block))
                return
            found = block.find(mark)
            if found < 0:
                start += len(block) - len(mark) + 1
            elif not self._packed or self._opens(start + found):
                self._restart(start + found)
                return
            else:
                start += found + 1

    def _opens(self, place: int) -> bool:
        self._file.seek(place)
        try:
            return zlib.decompressobj(wbits=31).decompress(self._file.read(_CHUNK), len(_MARK)) == _MARK
        except zlib.error:
            return False


def _next(stream: _Stream) -> _Record:
    """The record at which the stream stands. Raises ValueError, EOFError, zlib.error."""
    if not stream.line().encode().startswith((_MARK, b"WARC/0.17", b"WARC/0.18")):
        raise ValueError("is no WARC record")
    headers: dict[str, str] = {}
    name = ""
    while line := stream.line():
        if name and line[0] in " \t":  # a value that goes on, as WARC 1.0 allows
            headers[name] = f"{headers[name]} {line.strip()}"[:_HEADER_BYTES]
            continue
        name, colon, value = line.partition(":")
        if not colon or len(headers) > 200:
            raise ValueError("its header is broken")
        name = name.strip().lower()
        headers[name] = value.strip()
    size = headers.get("content-length", "")
    if not (size.isascii() and size.isdigit()):
        raise ValueError("its header gives no length")
    if int(size) > MAX_PAGE_BYTES + _HEADER_BYTES or headers.get("warc-type") not in ("response", "resource", "revisit"):
        stream.skip(int(size))
        return _Record(headers=headers, block=None)
    block = stream.take(int(size))
    said = headers.get("warc-block-digest", "")
    if said.startswith("sha1:") and len(said) == 37 and said.lower() != _digest(block).lower():
        raise _DigestError("its content is not what its digest says")
    return _Record(headers=headers, block=block)


def _digest(content: bytes) -> str:
    return f"sha1:{base64.b32encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode()}"


def _names(headers: Mapping[str, str]) -> Iterator[int]:
    if "warc-record-id" in headers:
        yield hash(headers["warc-record-id"])
    yield hash((_target(headers), headers.get("warc-date")))


def _target(headers: Mapping[str, str], name: str = "warc-target-uri") -> str:
    return headers.get(name, "").removeprefix("<").removesuffix(">")  # wget puts them around it


# ---------------------------------------------------------------- pages


def _page(file: BinaryIO, record: _Record, known: Mapping[int, int]) -> Capture | Passed | None:
    """The page in a record. None: a record of a kind that holds none."""
    kind = record.headers.get("warc-type")
    if kind not in ("response", "resource", "revisit"):
        return None
    if record.headers.get("diemtin-list") == "yes":
        return Passed(why="list")
    if record.block is None:
        return Passed(why="too_large")
    if kind != "revisit" and record.headers.get("warc-truncated"):  # half an article would look like an edit
        return Passed(why="truncated")
    if kind == "revisit":
        return _revisited(file, record, known)
    return _response(record.headers, record.block) if kind == "response" else _resource(record.headers, record.block)


def _response(headers: Mapping[str, str], block: bytes) -> Capture | Passed:
    if not headers.get("content-type", "").lower().startswith("application/http"):
        return Passed(why="not_html")
    head, *rest = re.split(rb"\r?\n\r?\n", block, maxsplit=1)
    body = rest[0] if rest else b""
    first, *lines = head.decode("utf-8", "replace").replace("\r\n", "\n").split("\n")
    words = first.split()
    if len(words) < 2 or not words[0].startswith("HTTP/"):
        raise ValueError("it holds no HTTP answer")
    if words[1] != "200":
        return Passed(why="not_200")
    said = tuple((name.strip(), value.strip()) for name, colon, value in (line.partition(":") for line in lines) if colon)
    fields = {name.lower(): value for name, value in said}
    if not _is_page(fields.get("content-type", ""), body) or urlsplit(_target(headers)).path == "/robots.txt":
        return Passed(why="not_html")
    body = _decoded(body, fields)
    if len(body) > MAX_PAGE_BYTES:
        return Passed(why="too_large")
    kept = tuple((name, value) for name, value in said if name.lower() not in _CODED)
    return _capture(headers, body, status=200, fields=kept)


def _resource(headers: Mapping[str, str], block: bytes) -> Capture | Passed:
    is_ours = _target(headers).startswith("saved:") or "diemtin-identity" in headers
    if not is_ours and not (urls.is_web(_target(headers)) and _is_page(headers.get("content-type", ""), block)):
        return Passed(why="not_html")
    return _capture(headers, block) if len(block) <= MAX_PAGE_BYTES else Passed(why="too_large")


def _revisited(file: BinaryIO, record: _Record, known: Mapping[int, int]) -> Capture | Passed:
    """The page as it came again: the body of the record to which it refers, at its own time."""
    headers = record.headers
    by_id = hash(headers["warc-refers-to"]) if "warc-refers-to" in headers else None
    by_url = hash((_target(headers, "warc-refers-to-target-uri"), headers.get("warc-refers-to-date")))
    place = known.get(by_url) if by_id is None else known.get(by_id, known.get(by_url))
    if place is None or not headers.get("warc-profile", "").rstrip("/").endswith(_SAME):
        return Passed(why="revisit")
    stream = _Stream(file, place)
    stream.begin()
    original = _next(stream)
    digests = {record.headers.get("warc-payload-digest"), original.headers.get("warc-payload-digest")} - {None}
    held = _page(file, original, {})
    if len(digests) > 1 or not isinstance(held, Capture):
        return Passed(why="revisit")
    return _capture(headers, held.body, held.status, held.headers)


def _capture(
    headers: Mapping[str, str], body: bytes, status: int | None = None, fields: tuple[tuple[str, str], ...] = ()
) -> Capture:
    target, ours, source = _target(headers), headers.get("diemtin-identity"), headers.get("diemtin-source")
    is_saved = target.startswith("saved:")
    if not is_saved and (len(target) > urls.LONGEST or not target.isprintable() or not urls.is_web(target)):
        raise ValueError("it names no web address")
    return Capture(
        identity=unquote(ours or target) if ours or is_saved else urls.identity(target),
        body=body,
        captured_at=_moment(headers.get("warc-date", "")),
        captured_exactly=headers.get("diemtin-exact") != "no",
        url_asked=None if is_saved else target,
        url=None if is_saved else target,
        status=status,
        headers=fields,
        source=unquote(source) if source else None,
    )


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not 1970 <= moment.year <= 9000:
        raise ValueError(f"its date is {value}")
    return moment


def _is_page(content_type: str, body: bytes) -> bool:
    said = content_type.partition(";")[0].strip().lower()
    return said in _PAGES if said else b"<html" in body[:2000].lower()


# ---------------------------------------------------------------- codings


def _decoded(body: bytes, fields: Mapping[str, str]) -> bytes:
    """The body without its codings. Many programs undo them and leave the header: then the bytes stand for themselves."""
    if "chunked" in fields.get("transfer-encoding", "").lower():
        body = _joined(body)
    for coding in reversed([word.strip().lower() for word in fields.get("content-encoding", "").split(",") if word.strip()]):
        if (coding in ("gzip", "x-gzip") and body.startswith(_GZIP[:2])) or (
            coding in ("deflate", "br", "zstd") and body[:1] and not body.lstrip().startswith(b"<")
        ):
            body = packed.unpacked(coding, body, MAX_PAGE_BYTES)
    return body


def _joined(body: bytes) -> bytes:
    """The chunks of a body as one; the body itself where it is none of chunks."""
    parts: list[bytes] = []
    at = 0
    while (end := body.find(b"\r\n", at, at + 200)) >= 0:
        size = body[at:end].partition(b";")[0].strip()
        try:
            length = int(size, 16)
        except ValueError:
            break
        if length == 0:
            return b"".join(parts)
        if length < 0 or body[end + 2 + length : end + 4 + length] != b"\r\n":
            raise ValueError("its chunked body broke off")
        parts.append(body[end + 2 : end + 2 + length])
        at = end + 4 + length
    if parts:
        raise ValueError("its chunked body broke off")
    return body
