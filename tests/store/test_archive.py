"""The archive: what goes in comes out, whole or not at all."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
            (r.record_type == WarcRecordType.response, r.headers["WARC-Target-URI"], r.verify_block_digest())
            for r in ArchiveIterator(stream, parse_http=False)
        ]
    assert records == [
        (True, "https://a.vn/1", True),
        (False, "saved:trang%20m%E1%BB%99t.html", True),
        (True, "https://a.vn/%E1%BB%99?a=1%202", True),
    ]


def test_each_writer_has_a_file_of_its_own(tmp_path: Path) -> None:
    for _ in range(2):
        with Archive(tmp_path) as archive:
            archive.append([page()])
    assert len(list(tmp_path.iterdir())) == 2


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
