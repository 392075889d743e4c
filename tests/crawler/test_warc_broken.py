"""WARC files in which something is broken: what stands inside a page's body is never taken for a record, and the rest is read."""

from __future__ import annotations

import gzip
import hashlib
import time
from pathlib import Path

import pytest

from crawler import warc
from model import Capture

_OK = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def _record(name: str, body: bytes, http: str = _OK, more: str = "", length: int | None = None, version: str = "1.0") -> bytes:
    block = f"{http}\r\n".encode() + body
    head = (
        f"WARC/{version}\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.vn/{name}\r\nWARC-Date: 2026-05-08T10:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:{hashlib.sha256(name.encode()).hexdigest()}>\r\nContent-Type: application/http\r\n{more}"
        f"Content-Length: {len(block) if length is None else length}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


PLANTED = _record("planted", b"<p>planted")
FIRST, LAST = _record("1", b"<p>1"), _record("3", b"<p>3")
BODY = b"<p>2\r\n\r\n" + PLANTED
BAD_LINE = "what is this\r\n"


def _read(path: Path, content: bytes) -> list[str]:
    """The bodies of pages; why else it was passed over, or what is broken and where."""
    path.write_bytes(content)
    with path.open("rb") as file:
        return [
            found.body.decode()
            if isinstance(found, Capture)
            else found.why
            if isinstance(found, warc.Passed)
            else f"{place}: {found.message}"
            for place, found in warc.read(file)
        ]


def _each(*records: bytes) -> bytes:
    return b"".join(map(gzip.compress, records))


@pytest.mark.parametrize("kind", ["plain", "each", "whole"])
@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (_record("2", BODY, more=BAD_LINE), "its header is broken"),
        (_record("2", BODY, more="Content-Length: 5\r\n"), "its header is broken"),
        (_record("2", BODY).replace(b"WARC/1.0", b"WBRC/1.0", 1), "is no WARC record"),
        (_record("2", BODY, more=f"WARC-Block-Digest: sha1:{'A' * 32}\r\n"), "its content is not what its digest says"),
    ],
)
def test_a_body_plants_no_record_where_its_own_is_broken(tmp_path: Path, kind: str, broken: bytes, said: str) -> None:
    records = (FIRST, broken, LAST)
    content = _each(*records) if kind == "each" else b"".join(records)
    place = {"plain": len(FIRST), "each": len(_each(FIRST)), "whole": 0}[kind]
    found = _read(tmp_path / "a.warc", gzip.compress(content) if kind == "whole" else content)
    assert found == ["<p>1", f"{place}: {said}", "<p>3"]


def test_a_cut_record_that_holds_another_gives_none_and_the_rest_is_told_as_not_read(tmp_path: Path) -> None:
    cut = FIRST + _record("2", BODY)[:-20]
    said = f"{len(FIRST)}: the file ends inside this record; from there to its end the file was not read"
    assert _read(tmp_path / "a.warc", cut) == ["<p>1", said]


@pytest.mark.parametrize("length", ["", "x", "-5"])
def test_where_no_length_is_known_only_a_sound_record_is_taken(tmp_path: Path, length: str) -> None:
    block = b"HTTP/1.1 200 OK\r\n\r\n<p>2\r\nWARC/1.0\r\nx: y\r\n\r\nWARC/1.0\r\nWARC-Type: response\r\n\r\n"
    unknown = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: " + length.encode() + b"\r\n\r\n" + block + b"\r\n\r\n"
    assert _read(tmp_path / "a.warc", FIRST + unknown + LAST) == ["<p>1", f"{len(FIRST)}: its header gives no length", "<p>3"]
    [first, told] = _read(tmp_path / "b.warc", FIRST + unknown)
    assert (first, told) == (
        "<p>1",
        f"{len(FIRST)}: its header gives no length; from there to its end the file was not read",
    )


@pytest.mark.parametrize("size", range(65_520, 65_550))
def test_a_record_is_found_wherever_the_file_is_read_in_parts(tmp_path: Path, size: int) -> None:
    found = _read(tmp_path / "a.warc", b"x" * size + b"\r\n\r\n" + FIRST)
    assert found == ["0: is no WARC record", "<p>1"]


def test_what_is_packed_inside_a_broken_record_is_none(tmp_path: Path) -> None:
    inner = gzip.compress(PLANTED)
    broken = _record("2", inner).replace(b"Content-Length", b"Content-Lengte")
    content = _each(FIRST) + gzip.compress(broken, 0) + _each(LAST)
    [first, told, last] = _read(tmp_path / "a.warc.gz", content)
    assert (first, last) == ("<p>1", "<p>3")
    assert told.endswith("its header gives no length; the rest of its gzip member was not read")


@pytest.mark.parametrize("version", ["0.17", "0.18", "1.0", "1.1"])
@pytest.mark.parametrize("is_packed", [True, False])
def test_records_of_every_version_are_found_again(tmp_path: Path, version: str, is_packed: bool) -> None:
    wrong = b"what is this?\r\n\r\n"
    last = _record("3", b"<p>3", version=version)
    content = gzip.compress(wrong)[:-9] + gzip.compress(last) if is_packed else wrong + last
    found = _read(tmp_path / "a.warc", content)
    assert found[-1] == "<p>3"
    assert len(found) == 2


def test_a_cut_record_and_more_behind_it_goes_on_behind_its_length(tmp_path: Path) -> None:
    cut = _record("2", BODY + b"x" * 5000)[:-4900]
    others = [_record(str(n), b"<p>%d" % n) for n in range(4, 30)]
    found = _read(tmp_path / "a.warc", FIRST + cut + b"".join(others))
    assert found[0] == "<p>1"
    assert "<p>planted" not in found
    assert found[-5:] == [f"<p>{n}" for n in range(25, 30)]
    assert sum(": " in one for one in found) == 1


@pytest.mark.parametrize("kind", ["plain", "each", "whole"])
@pytest.mark.parametrize("wrong", [-8, -2, -1, 1, 2, 8, 100, 10**6, 10**20])
def test_a_length_that_is_false_gives_no_cut_page(tmp_path: Path, kind: str, wrong: int) -> None:
    body = BODY + b"<p>and more of it " * 20
    right = len(f"{_OK}\r\n") + len(body)
    records = (FIRST, _record("2", body, length=right + wrong), LAST, _record("4", b"<p>4"))
    content = _each(*records) if kind == "each" else b"".join(records)
    found = _read(tmp_path / "a.warc", gzip.compress(content) if kind == "whole" else content)
    pages = [one for one in found if one.startswith("<p>")]
    rest = {"each": ["<p>3", "<p>4"], "whole": []}.get(
        kind, ["<p>3", "<p>4"] if wrong <= 4 else ["<p>4"] if wrong < 10**6 else []
    )
    assert pages == ["<p>1", *rest]
    (told,) = [one for one in found if ": " in one]
    assert "its length is false" in told or "ends inside this record" in told
    assert kind != "whole" or wrong > 10**5 or "the rest of its gzip member was not read" in told
    assert kind != "plain" or wrong < 10**6 or "from there to its end the file was not read" in told


def test_the_length_of_what_holds_no_page_is_held_to_too(tmp_path: Path) -> None:
    info = _record("2", b"x" * 99, length=20).replace(b"Type: response", b"Type: metadata")
    assert "its length is false" in _read(tmp_path / "a.warc", FIRST + info + LAST)[1]


@pytest.mark.parametrize("cut", [0, 1, 2, 3, 4])
def test_empty_lines_that_are_missing_at_the_end_make_no_record_false(tmp_path: Path, cut: int) -> None:
    last = LAST[: len(LAST) - cut]
    assert _read(tmp_path / "a.warc", FIRST + last) == ["<p>1", "<p>3"]
    if cut in (0, 4):
        assert _read(tmp_path / "a.warc.gz", _each(last, FIRST)) == ["<p>3", "<p>1"]


def test_a_record_goes_not_beyond_its_gzip_member(tmp_path: Path) -> None:
    at = len(LAST) - 8
    found = _read(tmp_path / "a.warc.gz", _each(FIRST, LAST[:at], LAST[at:], FIRST))
    assert found[0] == found[-1] == "<p>1"
    assert len([one for one in found if one.startswith("<p>")]) == 2


TINY = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <x>\r\nContent-Length: 9999999\r\n\r\n" + b"x" * 50
UNSOUND = b"\r\n\r\nWARC/1.0"
MANY = {
    "false lengths": (gzip.compress(TINY) * 5000, 5000),
    "cut members": (gzip.compress(TINY)[:-1] * 5000, 1001),
    "no lengths": (gzip.compress(TINY.replace(b"Content", b"Kontent")) * 5000, 5000),
    "no records": (gzip.compress(b"x") * 9000, 9000),
    "headers without end": (gzip.compress(b"WARC/1.0\r\n" + b"x" * 100_000)[:-1] * 1000, 1),
    "no members": (b"\x1f\x8b\x08" * 50_000, 1),
    "plain": ((b"\r\n\r\n" + TINY.replace(b"9999999", b"5")) * 5000, 1001),
    "plain and too long": (TINY * 5000, 1),
    "plain and unsound": (UNSOUND * 30_000, 1),
}


@pytest.mark.parametrize("kind", MANY)
def test_a_file_of_broken_places_takes_no_longer_than_its_size(tmp_path: Path, kind: str) -> None:
    content, count = MANY[kind]
    begun = time.process_time()
    found = _read(tmp_path / "a.warc", content)
    assert time.process_time() - begun < 5
    assert len(found) == count
    assert count != 1001 or found[-1].endswith(
        "from there to its end the file was not read: more than 1,000 places in it are broken"
    )


def test_many_broken_records_whose_length_is_true_end_nothing(tmp_path: Path) -> None:
    found = _read(tmp_path / "a.warc", _record("2", BODY, more=BAD_LINE) * 1500 + LAST)
    assert (len(found), found[-1]) == (1501, "<p>3")
