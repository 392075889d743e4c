"""One WARC record: Capture -> the bytes of a gzip member, and back. Knows nothing of files.

Web pages are `response` records, saved files are `resource` records that name no path of the machine, and a page that came
again with the same body is a `revisit` that refers to the record which holds it. What a Capture holds beyond HTTP stands in
`Diemtin-*` headers: the archive alone is enough to make everything else again.
"""

from __future__ import annotations

import base64
import hashlib
import io
import uuid
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import quote, unquote, urlsplit

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from model import Capture

LIMIT = 64_000_000  # bytes of one record when it is read back; captures are capped far below
_LEVEL = 3  # gzip; 6 takes twice the time for one part in sixteen of the space
_SAME = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
# The body is kept as decoded: these would lie about it.
_TRANSPORT = frozenset({"content-encoding", "transfer-encoding", "content-length"})
_PHRASES = {status.value: status.phrase for status in HTTPStatus}
_SAFE = "!#$&'()*+,/:;=?@[]~-._"  # left as they are in a header


@dataclass(frozen=True, kw_only=True, slots=True)
class Original:
    """The record that holds the body to which a revisit refers."""

    record_id: str
    url: str
    date: str


def warcinfo() -> bytes:
    """The first record of a file: what wrote it."""
    return _member(
        WarcRecordType.warcinfo, {"Content-Type": "application/warc-fields"}, b"software: diemtin\r\nformat: WARC 1.1\r\n"
    )


def pack(capture: Capture, original: Original | None = None) -> tuple[bytes, bytes]:
    """(the capture's record, the record of the request that led to it; empty for a saved file)."""
    name = f"<{uuid.uuid4().urn}>"
    headers = {"WARC-Record-ID": name, "WARC-Date": _date(capture), "WARC-Target-URI": _target(capture)}
    headers |= {"Diemtin-Identity": _header(capture.identity), "Diemtin-Exact": "yes" if capture.captured_exactly else "no"}
    for key, value in (("Url-Asked", capture.url_asked), ("Url", capture.url), ("Source", capture.source)):
        if value is not None:
            headers[f"Diemtin-{key}"] = _header(value)
    if capture.is_list:
        headers["Diemtin-List"] = "yes"
    headers["WARC-Payload-Digest"] = digest(capture.body)
    body = b"" if original else capture.body
    if original:
        headers |= {
            "WARC-Profile": _SAME,
            "WARC-Refers-To": original.record_id,
            "WARC-Refers-To-Target-URI": original.url,
            "WARC-Refers-To-Date": original.date,
        }
    if capture.status is None:
        kind = WarcRecordType.revisit if original else WarcRecordType.resource
        return _member(kind, {**headers, "Content-Type": "application/octet-stream"}, body), b""
    kind = WarcRecordType.revisit if original else WarcRecordType.response
    headers["Content-Type"] = "application/http; msgtype=response"
    return _member(kind, headers, _http(capture, capture.status) + body), _request(capture, name)


def _request(capture: Capture, answer: str) -> bytes:
    """What was asked for, as far as a capture tells: the address. The headers that were sent with it are not known here."""
    asked = quote(capture.url_asked or capture.url or capture.identity, safe=_SAFE + "%")
    try:
        parts = urlsplit(asked)
    except ValueError:  # no address, so nothing was asked for
        return b""
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {"WARC-Date": _date(capture), "WARC-Target-URI": asked, "WARC-Concurrent-To": answer}
    headers["Content-Type"] = "application/http; msgtype=request"
    return _member(WarcRecordType.request, headers, f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())


def _member(kind: WarcRecordType, headers: Mapping[str, str], block: bytes) -> bytes:
    record = WarcRecord()
    record.init_headers(kind)
    for name, value in headers.items():
        record.headers[name] = value
    record.set_bytes_content(block)
    record.headers["WARC-Block-Digest"] = digest(block)
    written = io.BytesIO()
    record.write(written)
    return zlib.compress(written.getvalue(), _LEVEL, wbits=31)


def digest(content: bytes) -> str:
    """As WARC files name what they hold."""
    return f"sha1:{base64.b32encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode()}"


def _date(capture: Capture) -> str:
    return capture.captured_at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _target(capture: Capture) -> str:
    return quote(capture.url or capture.identity, safe=_SAFE + "%" * bool(capture.url))


def _header(value: str) -> str:
    """A header value on one line of ASCII; what is neither is percent-encoded, and `%` with it."""
    return quote(value, safe=_SAFE)


def _http(capture: Capture, status: int) -> bytes:
    lines = [f"HTTP/1.1 {status} {_PHRASES.get(status, '')}"]
    for name, value in capture.headers:
        kept = f"X-Archive-{name}" if name.lower() in _TRANSPORT else name
        lines.append(f"{kept}: {' '.join(value.split())}")
    lines.append(f"Content-Length: {len(capture.body)}")
    return "\r\n".join(lines).encode("utf-8", "replace") + b"\r\n\r\n"


def unpack(member: bytes) -> bytes:
    """What a gzip member holds. Raises ValueError where it is no whole one, or holds more than a record may."""
    stream = zlib.decompressobj(wbits=31)
    try:
        raw = stream.decompress(member, LIMIT)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if not stream.eof or stream.unused_data:
        raise ValueError("it is no whole gzip member")
    return raw


def parse(raw: bytes) -> WarcRecord:
    """The record in unpacked bytes. Raises ValueError where they are no whole record, or not what its digests say."""
    try:
        record = next(iter(ArchiveIterator(io.BytesIO(raw), parse_http=False, max_content_length=LIMIT)), None)
    except OSError as error:
        raise ValueError(str(error)) from error
    if record is None or not record.verify_block_digest():
        raise ValueError("its content is not what its digest says")
    return record


def original(record: WarcRecord) -> Original:
    """How a revisit refers to this record."""
    headers = record.headers
    return Original(record_id=headers["WARC-Record-ID"], url=headers["WARC-Target-URI"], date=headers["WARC-Date"])


def is_revisit(record: WarcRecord) -> bool:
    return record.record_type == WarcRecordType.revisit


def is_capture(record: WarcRecord) -> bool:
    return record.record_type in (WarcRecordType.response, WarcRecordType.resource, WarcRecordType.revisit)


def is_warcinfo(record: WarcRecord) -> bool:
    return record.record_type == WarcRecordType.warcinfo


def to_capture(record: WarcRecord, held: bytes | None = None) -> Capture:
    """The capture in a record; `held` is the body to which a revisit refers. Raises ValueError, KeyError."""
    headers = {name.lower(): value for name, value in record.headers.items()}
    asked, url, source = (headers.get(f"diemtin-{name}") for name in ("url-asked", "url", "source"))
    content = record.reader.read()
    is_web = "msgtype=response" in headers["content-type"]
    status, http_headers, body = _parse(content) if is_web else (None, (), content)
    if held is not None:
        body = held
    said = headers.get("warc-payload-digest")
    if said and said != digest(body) and (held is not None or not is_revisit(record)):
        raise ValueError("its body is not what its digest says")
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
        is_list=headers.get("diemtin-list") == "yes",
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
