"""Pages in WARC files that other programs wrote (wget, warcio, Common Crawl) -> Capture. One record at a time is in memory.

A file is plain, or gzip with one record or many in a member; no record goes beyond its member. What is broken is told with its
place. Reading goes on where its length says that it ends: what stands inside a record is its page's, which may write others there
too. Only from there on, or where no length is known, the next one is searched for.

A `revisit` is given the body of the record to which it refers, if that stands in the same file.
"""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

import urls
from crawler import packed
from model import MAX_PAGE_BYTES, Capture

_CHUNK = 1 << 16
_HEADER_BYTES = 1 << 17  # of one record
_MOST_SEARCHES = 1000  # for a sound record, in one file
_FEW = 1 << 12  # in which most headers end
_GZIP = b"\x1f\x8b\x08"
_MARKS = (b"WARC/1.", b"WARC/0.17", b"WARC/0.18")  # how every record begins
_NEXT = re.compile(rb"\r\n\r\n(?=WARC/(?:1\.|0\.1[78]))")  # how one begins that is searched for
_BETWEEN = b"\r\n\r\n"  # what stands behind every record
_NEEDED = {"warc-type", "warc-record-id", "content-length"}  # every record has them
_PAGES = ("text/html", "application/xhtml+xml", "text/plain")
_CODED = ("content-encoding", "transfer-encoding")
_RENAMED = (*_CODED, "content-length")
_SIZE_LINE = re.compile(rb"[0-9a-fA-F]{1,16}[ \t]*(?:;[^\r\n]*)?\r?")  # of a chunk, without its end
_SAME = "identical-payload-digest"


@dataclass(frozen=True, kw_only=True, slots=True)
class Passed:
    """A record that is no page to read, and why: not_html, not_200, too_large, truncated, revisit (not in the file)."""

    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Broken:
    """A record that cannot be read."""

    message: str


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
        except (ValueError, EOFError, zlib.error) as error:
            start = stream.place if start is None else start
            yield start, Broken(message=f"{error}{stream.recover(start)}")
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
        self._searches = 0
        self.is_exact = True  # the record begins where its place says, not somewhere in that gzip member
        self._restart(start)

    def _restart(self, place: int) -> None:
        self._place = place  # in the file, of what comes next into the buffer
        self._member = place
        self._is_fresh = False  # nothing of the present member was read before the record
        self._is_damaged = False  # the present member cannot be unpacked any further
        self._input = b""
        self._buffer = b""
        self._unzip: zlib._Decompress | None = None
        self.rest: int | None = None  # of the present record's content, what has still to come; None: its length is not known

    def begin(self) -> bool:
        """Go to the begin of the next record. False at the end of the file; raises what `_fill` raises."""
        self._is_fresh = False
        self.rest = None
        while not self._strip():
            if not self._fill(further=True):
                return False
        self.is_exact = self._is_fresh or not self._packed
        return True

    @property
    def place(self) -> int:
        """Where the record begins at which the stream stands, or the gzip member in which it does."""
        return self._member if self._packed else self._place - len(self._buffer)

    def _strip(self) -> bool:
        """Whether anything but empty lines is in the buffer; it then begins there."""
        self._buffer = self._buffer.lstrip(b"\r\n")
        return bool(self._buffer)

    def _fill(self, *, further: bool = False) -> bool:
        """More bytes in the buffer. False at the end of the file or gzip member (`further`: but go on to the next one).

        Raises EOFError where the file ends inside a member, zlib.error.
        """
        self._file.seek(self._place + len(self._input))
        if not self._packed:
            chunk = self._file.read(_CHUNK)
            self._place += len(chunk)
            self._buffer += chunk
            return bool(chunk)
        while self._unzip is not None or further:
            if not self._input:
                self._input = self._file.read(_CHUNK)
            if not self._input and self._unzip is None:
                return False
            if self._unzip is None:
                self._unzip = zlib.decompressobj(wbits=31)
                self._member = self._place
                self._is_fresh = not self._buffer
            if more := self._unpacked(self._unzip):
                self._buffer += more
                return True
        return False

    def _unpacked(self, unzip: zlib._Decompress) -> bytes:
        before = len(self._input)
        self._is_damaged = True
        more = unzip.decompress(self._input, _CHUNK)
        if not more and not before and not unzip.eof:
            raise EOFError("the file ends inside this record")
        self._is_damaged = False
        self._input = unzip.unused_data if unzip.eof else unzip.unconsumed_tail
        self._place += before - len(self._input)
        if unzip.eof:
            self._unzip = None
        return more

    def line(self) -> str:
        while (end := self._buffer.find(b"\n")) < 0:
            if len(self._buffer) > _HEADER_BYTES:
                raise ValueError("its header has no end")
            if not self._fill():
                raise self._ended()
        line, self._buffer = self._buffer[:end], self._buffer[end + 1 :]
        return line.decode("utf-8", "replace").rstrip("\r")

    def take(self) -> bytes:
        """The content of the record whose length is known."""
        return b"".join(self._parts())

    def skip(self) -> None:
        for _ in self._parts():
            pass

    def _parts(self) -> Iterator[bytes]:
        while self.rest:
            if not self._buffer and not self._fill():
                raise self._ended()
            part, self._buffer = self._buffer[: self.rest], self._buffer[self.rest :]
            self.rest -= len(part)
            yield part

    def _ended(self) -> EOFError:
        return EOFError(f"{'its gzip member' if self._packed else 'the file'} ends inside this record")

    def is_between(self) -> bool:
        """Whether two empty lines follow, or the end. A plain file may be cut inside them."""
        while len(self._buffer) < len(_BETWEEN) and self._fill():
            pass
        found = self._buffer[: len(_BETWEEN)]
        return found in (b"", _BETWEEN) if self._packed else _BETWEEN.startswith(found)

    # ------------------------------------------------------------ behind what is broken

    def recover(self, start: int) -> str:
        """Go on behind the broken record that begins at a place. What more is not read for it, as the end of a sentence."""
        try:
            if self.rest is not None and not self._is_damaged:
                self.skip()
                if self._goes_on():
                    return ""
            if not self._packed:
                end = self._place - len(self._buffer) - len(_BETWEEN)  # it may be a little too long
                return self._search(start if self.rest is None else max(start, end), self._next_record)
            if not self._is_damaged:
                return self._leave_member()
        except (EOFError, zlib.error):
            if not self._packed:  # all of it is read
                return "; from there to its end the file was not read"
            if not self._is_damaged:
                return ""
        return self._search(self._member + 1, self._next_member)

    def _goes_on(self) -> bool:
        """Whether a record or the end stands behind the length that was told."""
        if not self.is_between():
            return False
        while len(self._buffer) < len(_MARKS[-1]):
            self._strip()
            if not self._fill():
                break
        self._strip()
        return not self._buffer or self._buffer.startswith(_MARKS)

    def _leave_member(self) -> str:
        is_more = self._strip()
        while self._fill():
            is_more = self._strip() or is_more
            self._buffer = b""
        self._buffer = b""
        return "; the rest of its gzip member was not read" if is_more else ""

    def _search(self, start: int, find: Callable[[int], int | None]) -> str:
        self._searches += 1
        is_too_many = self._searches > _MOST_SEARCHES
        found = None if is_too_many else find(start)
        self._restart(self._file.seek(0, 2) if found is None else found)
        if is_too_many:
            return f"; from there to its end the file was not read: more than {_MOST_SEARCHES:,} places in it are broken"
        return "; from there to its end the file was not read" if found is None else ""

    def _next_record(self, start: int) -> int | None:
        """The first sound record behind two empty lines at or after a place."""
        self._file.seek(start)
        block = self._file.read(_CHUNK)
        while block:
            for match in _NEXT.finditer(block):
                if self._begins(start + match.end()):
                    return start + match.end()
            kept = len(_BETWEEN + _MARKS[-1])
            start += max(0, len(block) - kept)
            self._file.seek(start + min(len(block), kept))
            more = self._file.read(_CHUNK)
            block = block[-kept:] + more if more else b""
        return None

    def _begins(self, place: int) -> bool:
        self._file.seek(place)
        header = self._file.read(_FEW)
        if _BETWEEN not in header:
            header += self._file.read(_HEADER_BYTES)
        return _is_sound(header)

    def _next_member(self, start: int) -> int | None:
        """The first gzip member at or after a place that begins with a sound record."""
        while True:
            self._file.seek(start)
            block = self._file.read(_CHUNK)
            at = -1
            while (at := block.find(_GZIP, at + 1)) >= 0:
                if self._opens(start + at):
                    return start + at
            if len(block) < _CHUNK:
                return None
            start += len(block) - len(_GZIP) + 1

    def _opens(self, place: int) -> bool:
        self._file.seek(place)
        unzip = zlib.decompressobj(wbits=31)
        packed, header = self._file.read(_FEW), b""
        try:  # little at once: what is broken behind the header is told when it is read
            while _BETWEEN not in header and len(header) < _HEADER_BYTES:
                more = unzip.decompress(packed, _FEW if len(header) > _FEW else 32)
                packed = unzip.unconsumed_tail
                if not more and not packed:
                    packed = self._file.read(_FEW) if header and not unzip.eof else b""
                    if not packed:
                        break
                header += more
                if len(header) >= 32 and not header.startswith(_MARKS):
                    break
        except zlib.error:
            return False
        return _is_sound(header)


def _next(stream: _Stream) -> _Record:
    """The record at which the stream stands. Raises ValueError, EOFError, zlib.error."""
    is_record = stream.line().encode().startswith(_MARKS)
    try:
        headers, is_whole = _fields(iter(stream.line, ""))
    except (ValueError, EOFError):
        if is_record:
            raise
        headers, is_whole = {}, False
    stream.rest = _length(headers) if is_record or "warc-type" in headers else None
    if not is_record:
        raise ValueError("is no WARC record")
    if not is_whole:
        raise ValueError("its header is broken")
    if stream.rest is None:
        raise ValueError("its header gives no length")
    if stream.rest > MAX_PAGE_BYTES + _HEADER_BYTES or headers.get("warc-type") not in ("response", "resource", "revisit"):
        stream.skip()
        block = None
    else:
        block = stream.take()
    if not stream.is_between():
        raise ValueError("its length is false: what follows is no end of a record")
    if block is None:
        return _Record(headers=headers, block=None)
    said = headers.get("warc-block-digest", "")
    if said.startswith("sha1:") and len(said) == 37 and said.lower() != _digest(block).lower():
        raise ValueError("its content is not what its digest says")
    return _Record(headers=headers, block=block)


def _fields(lines: Iterable[str]) -> tuple[dict[str, str], bool]:
    """(the header, names in small letters; whether each of its lines is one). Raises ValueError where it has no end."""
    headers: dict[str, str] = {}
    is_whole = True
    name = ""
    size = 0
    for line in lines:
        size += len(line) + 1
        if size > _HEADER_BYTES:
            raise ValueError("its header has no end")
        if name and line[0] in " \t":  # a value that goes on, as WARC 1.0 allows
            headers[name] = f"{headers[name]} {line.strip()}"
            continue
        before, colon, value = line.partition(":")
        if not colon:
            is_whole = False
            continue
        name = before.strip().lower()
        if name == "content-length" and headers.get(name, value.strip()) != value.strip():  # which one is true?
            is_whole = False
            value = max(headers[name], value.strip(), key=lambda told: _length({name: told}) or 0)
        headers[name] = value.strip()
    return headers, is_whole and len(headers) <= 200


def _length(headers: Mapping[str, str]) -> int | None:
    said = headers.get("content-length", "")
    return int(said.lstrip("0")[:16] or "0") if said.isascii() and said.isdigit() else None  # more than any file has


def _is_sound(raw: bytes) -> bool:
    """These bytes begin with the whole header of a record."""
    head, end, _ = raw.partition(_BETWEEN)
    if not end or not head.startswith(_MARKS):
        return False
    first, *lines = head.decode("utf-8", "replace").split("\r\n")
    try:
        headers, is_whole = _fields(lines)
    except ValueError:
        return False
    return bool(first) and is_whole and headers.keys() >= _NEEDED and _length(headers) is not None


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
    sent, body = body, _decoded(body, fields)
    if (_length(fields) or 0) > len(sent) and not _was_decoded(fields, is_same=body == sent):
        raise ValueError(f"its body broke off: {len(sent):,} of {_length(fields):,} bytes")
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


def _was_decoded(fields: Mapping[str, str], *, is_same: bool) -> bool:
    """The program that wrote the file undid the codings, so that Content-Length may tell how many bytes there were before.

    It leaves their headers, which then do not hold, or renames them: X-Crawl-Content-Encoding, X-Archive-Transfer-Encoding. One
    that renames the length too tells that of the body in its place: that holds.
    """
    if any(fields.get(name, "identity").strip().lower() not in ("", "identity") for name in _CODED):
        return is_same or "transfer-encoding" in fields  # what is sent in chunks has no other length
    is_renamed = {name: any(said.startswith("x-") and said.endswith(f"-{name}") for said in fields) for name in _RENAMED}
    return not is_renamed["content-length"] and any(is_renamed.values())


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
    if parts or _SIZE_LINE.fullmatch(body):
        raise ValueError("its chunked body broke off")
    return body
