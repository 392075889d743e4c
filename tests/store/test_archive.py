"""The archive: what goes in comes out, whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import store
from model import Capture, Place, StoreError
from store.archive import Archive, read

NOW = datetime(2026, 11, 22, 5, 40, 55, 123456, tzinfo=UTC)
LINE = st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc"]), max_size=60)
HEADER = st.tuples(
    st.sampled_from(["Content-Type", "ETag", "Content-Encoding", "X-Odd"]), LINE.map(lambda v: " ".join(v.split()))
)


def page(**fields: object) -> Capture:
    facts: dict[str, object] = {
        "identity": "a.vn/1",
        "body": b"<p>x",
        "captured_at": NOW,
        "captured_exactly": True,
        "url_asked": "http://a.vn/1",
        "url": "https://a.vn/1",
        "status": 200,
        "headers": (("Content-Type", "text/html"),),
        "source": "a",
    }
    return Capture(**{**facts, **fields})  # type: ignore[arg-type]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(body=st.binary(max_size=3000), headers=st.lists(HEADER, max_size=4), identity=LINE, url=LINE, source=st.none() | LINE)
def test_any_capture_comes_back_as_it_was(
    tmp_path: Path, body: bytes, headers: list[tuple[str, str]], identity: str, url: str, source: str | None
) -> None:
    captures = [
        page(body=body, headers=tuple(headers), identity=identity, url=url, url_asked=url, source=source),
        page(body=body, headers=(), identity=f"saved:{identity}", url=None, url_asked=None, source=source, status=None),
    ]
    with Archive(tmp_path) as archive:
        places = archive.append(captures)
    assert [read(tmp_path, place) for place in places] == captures


def test_an_archive_file_is_a_warc_that_others_read(tmp_path: Path) -> None:
    saved = page(identity="saved:trang một.html", url=None, url_asked=None, status=None, headers=())
    with Archive(tmp_path) as archive:
        archive.append([page(), saved])
        archive.append([page(url="https://a.vn/%E1%BB%99?a=1%202")])
    (file,) = tmp_path.iterdir()
    with file.open("rb") as stream:
        records = [
            (r.headers["WARC-Type"], r.headers.get("WARC-Target-URI"), r.verify_block_digest())
            for r in ArchiveIterator(stream, parse_http=False)
        ]
    assert records == [
        ("warcinfo", None, True),
        ("response", "https://a.vn/1", True),
        ("request", "http://a.vn/1", True),
        ("resource", "saved:trang%20m%E1%BB%99t.html", True),
        ("response", "https://a.vn/%E1%BB%99?a=1%202", True),
        ("request", "http://a.vn/1", True),
    ]


def test_two_writers_at_once_have_each_a_file(tmp_path: Path) -> None:
    with Archive(tmp_path, lambda name: 0) as one, Archive(tmp_path, lambda name: 0) as other:
        (first,) = one.append([page()])
        (second,) = other.append([page()])
    assert first.file != second.file


def test_the_next_writer_goes_on_in_the_file_of_the_day(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        (first,) = archive.append([page()])
    with Archive(tmp_path, lambda name: first.offset + first.length) as archive:
        (second,) = archive.append([page(identity="a.vn/2")])
    assert (first.file, page(identity="a.vn/2")) == (second.file, read(tmp_path, second))
    os.truncate(tmp_path / first.file, second.offset + 20)
    with Archive(tmp_path, lambda name: first.offset + first.length) as archive:  # a torn end is nothing to go on from
        (third,) = archive.append([page()])
    assert third.file != first.file


@pytest.mark.parametrize("limit", [1, 2000])
def test_a_file_ends_at_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    monkeypatch.setattr(store.archive, "_FILE_BYTES", limit)
    with Archive(tmp_path, lambda name: 0) as archive:
        places = [archive.append([page(body=os.urandom(500))])[0] for _ in range(6)]
    assert len({place.file for place in places}) == len(list(tmp_path.iterdir())) == (6 if limit == 1 else 3)


def test_a_file_ends_with_the_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(datetime):
        day = 22

        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime(2026, 11, cls.day, 23, 59, tzinfo=UTC)

    monkeypatch.setattr(store.archive, "datetime", Clock)
    with Archive(tmp_path, lambda name: 0) as archive:
        archive.append([page()])
        Clock.day = 23
        archive.append([page()])
    assert [path.name[:8] for path in sorted(tmp_path.iterdir())] == ["20261122", "20261123"]


def test_a_body_that_came_again_is_kept_once(tmp_path: Path) -> None:
    body = os.urandom(5000)
    later = page(body=body, captured_at=NOW + timedelta(hours=1), headers=(("ETag", "2"), ("Content-Encoding", "gzip")))
    with Archive(tmp_path) as archive:
        (first,) = archive.append([page(body=body)])
        again, other = archive.append([later, page(body=b"another")], [first, first])
    assert (again.body, again.length < 1000, other.body) == (first, True, None)
    assert read(tmp_path, again) == later
    assert read(tmp_path, other).body == b"another"
    with pytest.raises(StoreError, match="refers to is not known"):
        read(tmp_path, replace(again, body=None))
    with pytest.raises(StoreError, match="its body is not what its digest says"):
        read(tmp_path, replace(again, body=other))


def test_a_record_that_is_damaged_is_not_referred_to(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        (first,) = archive.append([page(body=b"x" * 50)])
        os.truncate(tmp_path / first.file, first.offset + 30)
        with Archive(tmp_path) as other:
            (again,) = other.append([page(body=b"x" * 50)], [first])
    assert again.body is None
    assert read(tmp_path, again).body == b"x" * 50


def test_a_torn_tail_is_told_and_hides_nothing_before_it(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        first, second = archive.append([page(), page(body=os.urandom(5000))])
    file = tmp_path / first.file
    os.truncate(file, second.offset + second.length // 2)
    assert read(tmp_path, first) == page()
    with pytest.raises(StoreError, match="restore the archive from a copy"):
        read(tmp_path, second)


def test_a_flipped_byte_is_told(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        (place,) = archive.append([page(body=os.urandom(5000))])
    file = tmp_path / place.file
    raw = bytearray(file.read_bytes())
    raw[place.offset + place.length // 2] ^= 0xFF
    file.write_bytes(raw)
    with pytest.raises(StoreError):
        read(tmp_path, place)


@pytest.mark.parametrize("place", [Place(file="none.warc.gz", offset=0, length=10), Place(file="empty", offset=0, length=10)])
def test_a_record_that_is_not_there_is_told(tmp_path: Path, place: Place) -> None:
    (tmp_path / "empty").write_bytes(b"")
    with pytest.raises(StoreError, match=place.file):
        read(tmp_path, place)


def test_times_keep_their_microseconds_in_utc(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        (place,) = archive.append([page(captured_at=NOW + timedelta(microseconds=1))])
    assert read(tmp_path, place).captured_at == NOW + timedelta(microseconds=1)


def test_warcio_checks_what_we_write(tmp_path: Path) -> None:
    pytest.importorskip("warcio")
    with Archive(tmp_path) as archive:
        (first,) = archive.append([page()])
        archive.append([page(captured_at=NOW + timedelta(hours=1))], [first])
    for word in ("check", "index"):
        command = [sys.executable, "-m", "warcio.cli", word, str(tmp_path / first.file)]
        subprocess.run(command, check=True, capture_output=True)
