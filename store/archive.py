"""The raw archive: every capture as a WARC record, before anything is read from it. Append only.

A record is one gzip member, written and fsynced before its row exists; it is found again by file, offset and length, so that
a torn tail (a kill in the middle of a write) can never be taken for a record. Each process appends to a file of its own.
Web pages are `response` records, saved files are `resource` records that name no path of the machine. What a Capture holds
beyond HTTP stands in `Diemtin-*` headers: the archive alone is enough to make everything else again.
"""

from __future__ import annotations

import io
import os
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self
from urllib.parse import quote, unquote

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from model import Capture, Place, StoreError

_LEVEL = 3  # gzip; 6 takes twice the time for one part in sixteen of the space
_RECORD_LIMIT = 64_000_000  # bytes of one record when it is read back; captures are capped far below
# The body is kept as decoded: these would lie about it.
_TRANSPORT = frozenset({"content-encoding", "transfer-encoding", "content-length"})
_SAFE = "!#$&'()*+,/:;=?@[]~-._"  # left as they are in a header


class Archive:
    """The writer of one process. Its file is made at the first append."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: BinaryIO | None = None
        self._name = ""
        self._end = 0

    def append(self, captures: Sequence[Capture]) -> list[Place]:
        """Where the captures lie; all of them are on disk when this returns. Raises OSError."""
        if not captures:
            return []
        out = self._open()
        places = []
        for capture in captures:
            record = _pack(capture)
            out.write(record)
            places.append(Place(file=self._name, offset=self._end, length=len(record)))
            self._end += len(record)
        out.flush()
        os.fsync(out.fileno())
        return places

    def _open(self) -> BinaryIO:
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}.warc.gz"
            self._file = (self._folder / self._name).open("xb")
            _sync_folder(self._folder)
        return self._file

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _pack(capture: Capture) -> bytes:
    record = WarcRecord()
    record.init_headers(WarcRecordType.resource if capture.status is None else WarcRecordType.response)
    headers = record.headers
    headers["WARC-Target-URI"] = quote(capture.url or capture.identity, safe=_SAFE + "%" * bool(capture.url))
    headers["WARC-Date"] = capture.captured_at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    headers["Diemtin-Identity"] = _header(capture.identity)
    headers["Diemtin-Exact"] = "yes" if capture.captured_exactly else "no"
    for name, value in (("Url-Asked", capture.url_asked), ("Url", capture.url), ("Source", capture.source)):
        if value is not None:
            headers[f"Diemtin-{name}"] = _header(value)
    if capture.status is None:
        headers["Content-Type"] = "application/octet-stream"
        record.set_bytes_content(capture.body)
    else:
        headers["Content-Type"] = "application/http; msgtype=response"
        record.set_bytes_content(_http(capture))
    packed = io.BytesIO()
    with GzipWriter(packed, compression_level=_LEVEL) as stream:
        record.write(stream, checksum_data=True)
        stream.finish()
        return packed.getvalue()


def _header(value: str) -> str:
    """A header value on one line of ASCII; what is neither is percent-encoded, and `%` with it."""
    return quote(value, safe=_SAFE)


def _http(capture: Capture) -> bytes:
    lines = [f"HTTP/1.1 {capture.status}"]
    for name, value in capture.headers:
        kept = f"X-Archive-{name}" if name.lower() in _TRANSPORT else name
        lines.append(f"{kept}: {' '.join(value.split())}")
    lines.append(f"Content-Length: {len(capture.body)}")
    return "\r\n".join(lines).encode("utf-8", "replace") + b"\r\n\r\n" + capture.body


def read(folder: Path, place: Place) -> Capture:
    """The capture at a place. Raises StoreError where the archive does not hold it whole."""
    subject = f"{place.file} at {place.offset}"
    try:
        with (folder / place.file).open("rb") as file:
            file.seek(place.offset)
            packed = file.read(place.length)
        record = next(iter(ArchiveIterator(io.BytesIO(packed), parse_http=False, max_content_length=_RECORD_LIMIT)), None)
        if record is None or len(packed) != place.length or not record.verify_block_digest():
            raise StoreError("the archived record is damaged; restore the archive from a copy", subject=subject)
        return _unpack(record)
    except (OSError, ValueError, KeyError) as error:
        raise StoreError(f"the archived record cannot be read ({error})", subject=subject) from error


def _unpack(record: WarcRecord) -> Capture:
    headers = {name.lower(): value for name, value in record.headers.items()}
    asked, url, source = (headers.get(f"diemtin-{name}") for name in ("url-asked", "url", "source"))
    content = record.reader.read()
    status, http_headers, body = (None, (), content) if record.record_type == WarcRecordType.resource else _parse(content)
    return Capture(
        identity=unquote(headers["diemtin-identity"]),
        body=body,
        captured_at=datetime.fromisoformat(headers["warc-date"]),
        captured_exactly=headers["diemtin-exact"] == "yes",
        url_asked=None if asked is None else unquote(asked),
        url=None if url is None else unquote(url),
        status=status,
        headers=http_headers,
        source=None if source is None else unquote(source),
    )


def _parse(content: bytes) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    head, _, body = content.partition(b"\r\n\r\n")
    first, *rest = head.decode("utf-8", "replace").split("\r\n")
    headers = []
    for line in rest[:-1]:  # the last one is the length of the record's body
        name, _, value = line.partition(": ")
        plain = name.removeprefix("X-Archive-")
        headers.append((plain if plain.lower() in _TRANSPORT else name, value))
    return int(first.split(" ")[1]), tuple(headers), body
