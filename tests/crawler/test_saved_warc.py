"""WARC files that other programs wrote: every way they write them, and every way they are broken."""

from __future__ import annotations

import gzip
import hashlib
import subprocess
import sys
import zlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler import saved
from model import MAX_PAGE_BYTES, Capture
from tests.commands import ROOT

BODY = "<html><p>Hội nghị".encode()
URL = "https://a.vn/1.html"
DATE = "2026-05-08T01:02:03Z"


def record(kind: str, url: str, block: bytes, date: str = DATE, **more: str) -> bytes:
    """As any program writes it: CRLF lines, the length, the block, two empty lines."""
    headers = {
        "WARC-Type": kind,
        "WARC-Target-URI": url,
        "WARC-Date": date,
        "WARC-Record-ID": f"<urn:uuid:{hashlib.sha256(url.encode() + date.encode()).hexdigest()}>",
        "Content-Type": "application/http; msgtype=response",
        **{name.replace("_", "-"): value for name, value in more.items()},
        "Content-Length": str(len(block)),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return b"WARC/1.0\r\n" + lines.encode() + b"\r\n" + block + b"\r\n\r\n"


def response(
    url: str = URL,
    body: bytes = BODY,
    date: str = DATE,
    *,
    status: int = 200,
    content_type: str = "text/html; charset=utf-8",
    fields: Sequence[str] = (),
    **more: str,
) -> bytes:
    head = "\r\n".join([f"HTTP/1.1 {status} Said", f"Content-Type: {content_type}", *fields]).encode()
    return record("response", url, head + b"\r\n\r\n" + body, date, **more)


def each(*records: bytes) -> bytes:
    return b"".join(gzip.compress(one) for one in records)


def whole(*records: bytes) -> bytes:
    return gzip.compress(b"".join(records))


def plain(*records: bytes) -> bytes:
    return b"".join(records)


PACKED = {each: "x.warc.gz", whole: "y.warc.gz", plain: "z.warc"}


def read(folder: Path, content: bytes, name: str = "x.warc.gz") -> list[Capture | str]:
    """Captures; why a record was passed over; what is broken."""
    (folder / name).write_bytes(content)
    (file,) = saved.find([str(folder / name)])
    assert isinstance(file, saved.SavedFile)
    found: list[Capture | str] = []
    for page in saved.pages(file):
        if isinstance(page, saved.Page):
            assert page.is_record
            found.append(page.capture)
        else:
            found.append(page.why if isinstance(page, saved.Passed) else str(page.error))
    return found


@pytest.mark.parametrize("pack", PACKED)
def test_pages_come_with_their_address_time_and_headers(tmp_path: Path, pack: Callable[..., bytes]) -> None:
    records = [
        record("warcinfo", "", b"software: x\r\n"),
        response(),
        record("metadata", URL, b"x: y"),
        response("https://a.vn/2.html", b"two", content_type="text/plain"),
        record("resource", "<https://a.vn/3.html>", BODY, Content_Type="text/html"),
        record("resource", "metadata://gnu.org/wget/log", b"log", Content_Type="text/plain"),
        response("https://a.vn/robots.txt", b"User-agent: *", content_type="text/plain"),
        response(status=404),
        response(content_type="image/jpeg"),
        record("response", "dns:a.vn", b"1.2.3.4", Content_Type="text/dns"),
    ]
    found = read(tmp_path, pack(*records), PACKED[pack])
    first = Capture(
        identity="a.vn/1.html",
        body=BODY,
        captured_at=datetime(2026, 5, 8, 1, 2, 3, tzinfo=UTC),
        captured_exactly=True,
        url_asked=URL,
        url=URL,
        status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"),),
    )
    assert found[0] == first
    assert [c.url if isinstance(c, Capture) else c for c in found[1:]] == [
        "https://a.vn/2.html",
        "https://a.vn/3.html",
        "not_html",
        "not_html",
        "not_200",
        "not_html",
        "not_html",
    ]


def chunked(body: bytes) -> bytes:
    return b"".join(b"%x;x=y\r\n%s\r\n" % (len(part), part) for part in (body[:5], body[5:])) + b"0\r\n\r\n"


def raw_deflate(body: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(body) + stream.flush()


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        (["Transfer-Encoding: chunked"], chunked(BODY)),
        (["Transfer-Encoding: chunked"], BODY),  # undone by the program that wrote the file
        (["Content-Encoding: gzip"], gzip.compress(BODY, mtime=0)),
        (["Content-Encoding: gzip"], BODY),
        (["content-encoding: GZIP", "Transfer-Encoding: chunked"], chunked(gzip.compress(BODY, mtime=0))),
        (["Content-Encoding: deflate"], zlib.compress(BODY)),
        (["Content-Encoding: deflate"], raw_deflate(BODY)),
        (["Content-Encoding: br"], BODY),
        (["Content-Encoding: identity"], BODY),
    ],
)
def test_codings_are_undone(tmp_path: Path, fields: list[str], body: bytes) -> None:
    (found,) = read(tmp_path, each(response(body=body, fields=fields)))
    assert isinstance(found, Capture)
    assert found.body == BODY
    assert [name for name, _ in found.headers] == ["Content-Type"]


@pytest.mark.parametrize("pack", [each, plain])
def test_a_revisit_has_the_body_it_refers_to(tmp_path: Path, pack: Callable[..., bytes]) -> None:
    later = {"date": "2026-05-09T00:00:00Z", "WARC_Profile": "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"}
    head = b"HTTP/1.1 200 OK\r\n\r\n"
    named = response().partition(b"WARC-Record-ID: ")[2].partition(b"\r\n")[0].decode()
    found = read(
        tmp_path,
        pack(
            response(),
            record("revisit", URL, head, WARC_Refers_To=named, **later),
            record("revisit", URL, head, WARC_Refers_To_Target_URI=URL, WARC_Refers_To_Date=DATE, **later),
            record("revisit", URL, head, WARC_Refers_To="<urn:uuid:none>", **later),
            record("revisit", URL, head, WARC_Refers_To=named),
            response("https://a.vn/2.html"),
        ),
        PACKED[pack],
    )
    assert [(c.url, c.body, c.captured_at.day) if isinstance(c, Capture) else c for c in found] == [
        (URL, BODY, 8),
        (URL, BODY, 9),
        (URL, BODY, 9),
        "revisit",
        "revisit",
        ("https://a.vn/2.html", BODY, 8),
    ]


BAD = {
    "gives no length": response().replace(b"Content-Length: ", b"Content-Length: x"),
    "is no WARC record": b"<html>what is this?\r\n" * 20 + b"\r\n",
    "holds no HTTP answer": record("response", URL, b"what?"),
    "names no web address": response("urn:x"),
    "Invalid isoformat": response(date="yesterday"),
    "not what its digest says": response(WARC_Block_Digest="sha1:" + "A" * 32),
    "body has no end": response(body=b"\x8b\x0f\x80", fields=["Content-Encoding: br"]),
    "has no end": response(body=gzip.compress(BODY, mtime=0)[:-9], fields=["Content-Encoding: gzip"]),
}


@pytest.mark.parametrize("pack", [each, plain])
@pytest.mark.parametrize("said", BAD)
def test_a_broken_record_is_told_with_its_place_and_the_rest_goes_on(
    tmp_path: Path, pack: Callable[..., bytes], said: str
) -> None:
    first, last = response(), response("https://a.vn/2.html")
    found = read(tmp_path, pack(first, BAD[said], last), PACKED[pack])
    assert [c.url for c in found if isinstance(c, Capture)] == [URL, "https://a.vn/2.html"]
    (broken,) = [c for c in found if isinstance(c, str)]
    assert f"{PACKED[pack]} at {len(pack(first))}: a record cannot be read: " in broken
    assert said in broken


@pytest.mark.parametrize("pack", [each, plain])
def test_a_file_cut_anywhere_gives_what_is_whole_and_tells_the_rest(tmp_path: Path, pack: Callable[..., bytes]) -> None:
    first, both = pack(response()), pack(response(), response("https://a.vn/2.html"))
    for length in range(len(first) + 3, len(both)):
        found = read(tmp_path, both[:length], PACKED[pack])
        assert isinstance(found[0], Capture)
        is_told = any(isinstance(one, str) and "cannot be read" in one for one in found)
        assert is_told or (pack is plain and length >= len(both) - 4)  # only the empty lines after it are missing
        assert len(found) <= 3


def test_a_flipped_byte_in_a_member_hides_nothing_behind_it(tmp_path: Path) -> None:
    content = bytearray(each(response(), response("https://a.vn/2.html"), response("https://a.vn/3.html")))
    content[len(each(response())) + 60] ^= 0xFF
    found = read(tmp_path, bytes(content))
    assert [c.url for c in found if isinstance(c, Capture)] == [URL, "https://a.vn/3.html"]
    assert len(found) == 3


def test_what_is_too_large_is_passed_over(tmp_path: Path) -> None:
    bomb = gzip.compress(b"a" * (MAX_PAGE_BYTES + 1))
    found = read(
        tmp_path,
        each(
            response(body=b"a" * (MAX_PAGE_BYTES + 200_000)), response(body=bomb, fields=["Content-Encoding: gzip"]), response()
        ),
    )
    assert [c if isinstance(c, str) else c.url for c in found] == ["too_large", "too_large", URL]


def test_memory_stays_flat(tmp_path: Path) -> None:
    file = tmp_path / "big.warc.gz"
    with file.open("wb") as out:
        for number in range(300):
            out.write(gzip.compress(response(f"https://a.vn/{number}.html", b"a" * 1_000_000), 1))
    script = f"""
from pathlib import Path
from crawler import saved
(file,) = saved.find([{str(file)!r}])
print(sum(isinstance(page, saved.Page) for page in saved.pages(file)))
print(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
"""
    out = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    count, used = map(int, out.split())
    assert (count, used < 120_000) == (300, True)


@pytest.mark.parametrize("content", [b"", b"\x1f\x8b\x08", b"no warc", b"\0" * 5000])
def test_a_file_that_is_no_warc_is_told(tmp_path: Path, content: bytes) -> None:
    (said,) = read(tmp_path, content)
    assert isinstance(said, str)
    assert "x.warc.gz" in said


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # warcio leaves its buffers to the collector
def test_warcio_writes_what_we_read(tmp_path: Path) -> None:
    warcio = pytest.importorskip("warcio")
    with (tmp_path / "w.warc.gz").open("wb") as out:
        writer = warcio.warcwriter.WARCWriter(out, gzip=True)
        head = warcio.statusandheaders.StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        writer.write_record(writer.create_warc_record(URL, "response", payload=__import__("io").BytesIO(BODY), http_headers=head))
    (found,) = read(tmp_path, (tmp_path / "w.warc.gz").read_bytes())
    assert isinstance(found, Capture)
    assert found.body == BODY
