"""WARC files whose bodies, digests or references are wrong, and .zip members that no limit holds."""

import gzip
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler import saved, warc
from model import Capture
from store import archive

_TYPE = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
_PACKED = gzip.compress(b"<p>1", mtime=0)
_WHOLE, _CUT, _PASSED = ["<p>1"], ["Broken"], ["Passed"]


def _record(name: str, body: str, more: str = "", http: str = _TYPE, kind: str = "response") -> bytes:
    block = f"{http}\r\n{body}".encode()
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://a.vn/{name}\r\nWARC-Date: 2026-05-08T10:00:00Z\r\n{more}"
    return f"{head}Content-Type: application/http\r\nContent-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"


def _read(path: Path, content: bytes) -> list[str]:
    path.write_bytes(content)
    with path.open("rb") as file:
        return [found.body.decode() if isinstance(found, Capture) else type(found).__name__ for _place, found in warc.read(file)]


@pytest.mark.parametrize("body", ["3\r\nabc\r\n", "3\r\nabc\r\n9\r\nab", "9\r\nab", "1", "1f4", "1f4\r", "1F4 ;x=y", "3\r\n"])
def test_a_chunked_body_that_broke_off_is_broken(tmp_path: Path, body: str) -> None:
    http = f"{_TYPE}Transfer-Encoding: chunked\r\n"
    assert _read(tmp_path / "a.warc", _record("1", body, http=http)) == ["Broken"]


@pytest.mark.parametrize("packed", [True, False])
def test_a_false_digest_costs_its_own_record_only(tmp_path: Path, packed: bool) -> None:
    false = f"WARC-Block-Digest: sha1:{'A' * 32}\r\n"
    content = _record("1", "<p>1") + _record("2", "x\nWARC/1.0\r\n", false) + _record("3", "<p>3")
    name, content = ("a.warc.gz", gzip.compress(content)) if packed else ("a.warc", content)
    assert _read(tmp_path / name, content) == ["<p>1", "Broken", "<p>3"]


def test_a_revisit_that_refers_to_nothing_is_given_no_body(tmp_path: Path) -> None:
    more = "WARC-Profile: http://netpreserve.org/warc/1.0/revisit/identical-payload-digest\r\n"
    assert _read(tmp_path / "a.warc", _record("1", "<p>1") + _record("2", "", more, kind="revisit")) == ["<p>1", "Passed"]


def _zip(path: Path, name: str, method: int) -> list[saved.Page | saved.Passed | saved.Unreadable]:
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr(name, "<p>text")
    return list(saved.pages(saved.SavedFile(path=path, name=path.name, below=path.name, by_name=True)))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_member_that_no_limit_holds_is_refused(tmp_path: Path, method: int) -> None:
    [found] = _zip(tmp_path / "a.zip", "a.html", method)
    assert isinstance(found, saved.Unreadable)
    assert "pack it with deflate" in found.error.message


@pytest.mark.parametrize(("name", "identity"), [("./c.html", "saved:c.html"), ("d//e.html", "saved:d/e.html")])
def test_names_of_members_are_told_in_one_way(tmp_path: Path, name: str, identity: str) -> None:
    [found] = _zip(tmp_path / "a.zip", name, zipfile.ZIP_DEFLATED)
    assert isinstance(found, saved.Page)
    assert found.capture.identity == identity


def test_a_name_with_a_line_break_is_refused(tmp_path: Path) -> None:
    [found] = _zip(tmp_path / "a.zip", "a\nb.html", zipfile.ZIP_DEFLATED)
    assert isinstance(found, saved.Unreadable)


def test_heads_of_other_programs_are_read(tmp_path: Path) -> None:
    content = _record("1", "<p>1", "X-Long: a\r\n b\r\n", _TYPE.replace("\r\n", "\n")).replace(b"\n\r\n<p>", b"\n\n <p>")
    old = _record("2", "<p>2").replace(b"WARC/1.0", b"WARC/0.18")
    assert _read(tmp_path / "a.warc", content + old) == [" <p>1", "<p>2"]


def test_a_body_of_two_gzip_members_is_unpacked_whole(tmp_path: Path) -> None:
    body = gzip.compress(b"<p>1") + gzip.compress(b"<p>2")
    block = f"{_TYPE}Content-Encoding: gzip\r\n\r\n".encode() + body
    head = _record("1", "").split(b"Content-Length")[0]
    content = head + f"Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"
    assert _read(tmp_path / "a.warc", content) == ["<p>1<p>2"]


@pytest.mark.parametrize("body", ["", "<p>1", "Tin 9", "9 bộ trưởng", "3;\n<p>"])
def test_a_body_whose_chunks_were_joined_stands_for_itself(tmp_path: Path, body: str) -> None:
    content = _held(body.encode(), "Transfer-Encoding: chunked")
    assert _read(tmp_path / "a.warc", content) == [body]


@pytest.mark.parametrize(
    ("junk", "is_whole"), [(b"", True), (b"\0" * 9, True), (b"junk", False), (b"\x1f", False), (_PACKED[:9], False)]
)
@pytest.mark.parametrize("coding", ["gzip", "x-gzip"])
def test_junk_behind_the_last_gzip_member_of_a_body_is_broken(tmp_path: Path, coding: str, junk: bytes, is_whole: bool) -> None:
    content = _held(_PACKED + junk, f"Content-Encoding: {coding}")
    assert _read(tmp_path / "a.warc", content) == (_WHOLE if is_whole else _CUT)


def _held(body: bytes, *fields: str, more: str = "") -> bytes:
    """A record whose body may be any bytes."""
    block = _TYPE.encode() + "".join(f"{field}\r\n" for field in fields).encode() + b"\r\n" + body
    head = _record("1", "", more).split(b"Content-Length")[0]
    return head + f"Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"


@pytest.mark.parametrize(
    ("body", "fields", "expected"),
    [
        (b"<p>1", ["Content-Length: 4"], _WHOLE),
        (b"<p>1", ["Content-Length: 3"], _WHOLE),
        (b"<p>1", ["Content-Length: what"], _WHOLE),
        (b"<p>1", ["Content-Length: 5"], _CUT),
        (b"<p>1", [f"Content-Length: {'9' * 5000}"], _CUT),
        (b"<p>1", ["Content-Length: 900", "Content-Encoding: identity"], _CUT),
        (_PACKED, [f"Content-Length: {len(_PACKED)}", "Content-Encoding: gzip"], _WHOLE),
        (_PACKED, [f"Content-Length: {len(_PACKED) + 1}", "Content-Encoding: gzip"], _CUT),
        (b"<p>1", ["Content-Length: 900", "Content-Encoding: gzip"], _WHOLE),  # undone, and its header left
        (b"<p>1", ["Content-Length: 900", "Content-Encoding: br"], _WHOLE),
        (b"4\r\n<p>1\r\n0\r\n\r\n", ["Content-Length: 900", "Transfer-Encoding: chunked"], _WHOLE),
        (b"<p>1", ["Content-Length: 900", "Transfer-Encoding: chunked"], _WHOLE),
        (b"<p>1", ["Content-Length: 900", "X-Crawl-Content-Encoding: gzip"], _WHOLE),
        (b"<p>1", ["Content-Length: 900", "X-Crawler-Transfer-Encoding: chunked"], _WHOLE),
        (b"<p>1", ["Content-Length: 900", "X-Archive-Content-Encoding: gzip"], _WHOLE),
        (b"<p>1", ["X-Crawl-Content-Encoding: gzip", "X-Crawl-Content-Length: 900", "Content-Length: 4"], _WHOLE),
        (b"<p>1", ["X-Archive-Content-Length: 900", "Content-Length: 900"], _CUT),
    ],
)
def test_a_body_that_is_shorter_than_was_told_broke_off(
    tmp_path: Path, body: bytes, fields: list[str], expected: list[str]
) -> None:
    assert _read(tmp_path / "a.warc", _held(body, *fields)) == expected


def test_what_its_crawler_cut_off_is_passed_over_and_not_broken(tmp_path: Path) -> None:
    assert _read(tmp_path / "a.warc", _held(b"<p>1", "Content-Length: 900", more="WARC-Truncated: length\r\n")) == _PASSED


def test_what_our_own_archive_keeps_is_whole(tmp_path: Path) -> None:
    said = (("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("Content-Length", "900"), ("Transfer-Encoding", "x"))
    kept = Capture(
        identity="a.vn/1",
        body=b"<p>1",
        captured_at=datetime(2026, 5, 8, tzinfo=UTC),
        captured_exactly=True,
        url_asked="https://a.vn/1",
        url="https://a.vn/1",
        status=200,
        headers=said,
    )
    with archive.Archive(tmp_path) as own:
        own.append([kept])
    [path] = tmp_path.glob("*.warc.gz")
    assert _read(path, path.read_bytes()) == _WHOLE
