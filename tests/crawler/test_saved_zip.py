"""Saved pages in .zip files, as people and hostile people make them; and Common Crawl's news, as warcio writes them."""

from __future__ import annotations

import gzip
import io
import json
import stat
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler import saved, zipped
from model import MAX_PAGE_BYTES, Capture
from tests.commands import ROOT, SEEDS, diemtin

PAGE = "<html><h1>Tin</h1><p>Hội nghị khai mạc.</p></html>"
URL = "https://a.vn/tin-1.html"


def pack(path: Path, members: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as out:
        for name, content in members.items():
            out.writestr(name, content)
    return path


def read(path: Path) -> list[Capture | str]:
    (file,) = saved.find([str(path)])
    assert isinstance(file, saved.SavedFile)
    return [
        page.capture if isinstance(page, saved.Page) else str(page.error)
        for page in saved.pages(file)
        if not isinstance(page, saved.Passed)
    ]


def refusal(path: Path) -> str:
    (said,) = read(path)
    assert isinstance(said, str)
    assert "\n" not in said
    return said


def test_a_zip_gives_the_pages_of_the_folder_that_it_holds(tmp_path: Path) -> None:
    told = json.dumps({"url": URL, "captured_at": "2026-05-08T10:00:00+07:00"})
    path = pack(
        tmp_path / "x.zip",
        {
            "b/trang.html": PAGE,
            "b/trang.html.json": told,
            "a.txt": "Một dòng.",
            "c/d/nén.htm.gz": gzip.compress(PAGE.encode()),
            "b/hinh.jpg": b"\xff\xd8",
            ".an.html": PAGE,
            "__MACOSX/._a.txt": b"\0",
        },
    )
    first, second, third = read(path)
    assert isinstance(first, Capture)
    assert isinstance(second, Capture)
    assert isinstance(third, Capture)
    assert (first.identity, first.url, first.body) == ("saved:a.txt", None, "Một dòng.".encode())
    assert (second.url, second.captured_exactly) == (URL, True)
    assert second.captured_at == datetime(2026, 5, 8, 3, tzinfo=UTC)
    assert (third.identity, third.body) == ("saved:c/d/nén.htm.gz", PAGE.encode())
    assert not first.captured_exactly


def test_read_from_a_zip_is_what_is_read_from_the_folder(tmp_path: Path) -> None:
    pack(tmp_path / "x.zip", {path.name: path.read_bytes() for path in SEEDS.iterdir()})
    home = tmp_path / "home"
    assert diemtin(home, "reprocess", SEEDS).out == "5 pages: 5 new\n"
    ended = diemtin(home, "reprocess", tmp_path / "x.zip")
    assert (ended.status, ended.out) == (0, "5 pages: 5 unchanged\n")


def test_a_zip_in_a_folder_is_found_and_its_pages_are_named_below_it(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    pack(tmp_path / "sub" / "X.ZIP", {"a.html": PAGE})
    (file,) = saved.find([str(tmp_path)])
    assert isinstance(file, saved.SavedFile)
    (page,) = saved.pages(file)
    assert isinstance(page, saved.Page)
    assert (page.capture.identity, page.name) == ("saved:sub/X.ZIP/a.html", f"{tmp_path}/sub/X.ZIP: a.html")


def test_what_is_no_page_in_a_zip_is_told_where_a_folder_tells_it(tmp_path: Path) -> None:
    path = pack(tmp_path / "x.zip", {"a.pdf": b"%PDF", "b.warc.gz": b"", "c.zip": b"", "d.html": PAGE, "e.png": b""})
    document, warc, inner, page = read(path)
    assert "is a PDF document" in str(document)
    assert "stands inside a .zip; unpack it first" in str(warc)
    assert "stands inside a .zip; unpack it first" in str(inner)
    assert isinstance(page, Capture)


@pytest.mark.parametrize(
    "name", ["/etc/passwd.html", "../x.html", "a/../../x.html", "C:/x.html", "..\\x.html", "\\\\host\\x.html"]
)
def test_names_that_lead_out_of_it_refuse_it_whole(tmp_path: Path, name: str) -> None:
    said = refusal(pack(tmp_path / "x.zip", {"good.html": PAGE, name: PAGE}))
    assert "is refused: it has a member" in said


def test_a_link_refuses_it_whole(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as out:
        link = zipfile.ZipInfo("a.html")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        out.writestr(link, "/etc/passwd")
    assert "is refused: it has a member that is a link or a device: a.html" in refusal(tmp_path / "x.zip")


def test_a_password_refuses_it_whole(tmp_path: Path) -> None:
    path = pack(tmp_path / "x.zip", {"a.html": PAGE})
    raw = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(mark) + at] |= 1
    path.write_bytes(raw)
    assert "is refused: it has a member that needs a password: a.html" in refusal(path)


def test_a_bomb_of_zeros_is_refused_by_what_it_would_unpack_to(tmp_path: Path) -> None:
    path = pack(tmp_path / "x.zip", {f"{n}.html": b"\0" * (MAX_PAGE_BYTES - 1) for n in range(8)})
    assert path.stat().st_size < 200_000
    assert "is refused: it would unpack to 159,999,992 bytes" in refusal(path)


def test_members_that_share_bytes_are_refused(tmp_path: Path) -> None:
    path = pack(tmp_path / "x.zip", {"a.html": PAGE * 9, "b.html": PAGE * 9})
    raw = bytearray(path.read_bytes())
    second = raw.rindex(b"PK\x01\x02")
    raw[second + 42 : second + 46] = struct.pack("<L", 0)
    path.write_bytes(raw)
    said = refusal(path)
    assert "share bytes" in said or "no whole .zip" in said


def test_a_page_too_large_or_that_lies_about_its_size_is_its_own_failure(tmp_path: Path) -> None:
    path = pack(tmp_path / "x.zip", {"a.html": b"x" * (MAX_PAGE_BYTES + 1), "b.html": PAGE, "c.html": PAGE})
    raw = bytearray(path.read_bytes())
    last = raw.rindex(b"PK\x01\x02")
    raw[last + 24 : last + 28] = struct.pack("<L", 10)
    path.write_bytes(raw)
    large, good, liar = read(path)
    assert "pages over 20,000,000 bytes are not read" in str(large)
    assert isinstance(good, Capture)
    assert "c.html: cannot be unpacked" in str(liar)


def test_a_damaged_member_and_one_packed_otherwise_are_told_and_the_others_read(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("a.html", PAGE)
        out.writestr("b.html", PAGE, zipfile.ZIP_LZMA)
        out.writestr("c.html", PAGE, zipfile.ZIP_DEFLATED)
    raw = bytearray(path.read_bytes())
    raw[raw.index(PAGE.encode()) + 5] ^= 1
    path.write_bytes(raw)
    damaged, odd, good = read(path)
    assert "a.html: cannot be unpacked" in str(damaged)
    assert "b.html: is packed in a way that is not read (method 14)" in str(odd)
    assert isinstance(good, Capture)


@pytest.mark.parametrize("cut", [0, 10, 60, 200])
def test_what_is_no_zip_is_told(tmp_path: Path, cut: int) -> None:
    whole = pack(tmp_path / "y.zip", {f"{n}.html": PAGE for n in range(9)}).read_bytes()
    (tmp_path / "x.zip").write_bytes(whole[:cut])
    assert "is no whole .zip file" in refusal(tmp_path / "x.zip")


def test_an_empty_zip_and_one_without_pages_are_told(tmp_path: Path) -> None:
    assert "holds no .txt, .html or .htm files" in refusal(pack(tmp_path / "x.zip", {}))
    assert "holds no .txt, .html or .htm files" in refusal(pack(tmp_path / "y.zip", {"a.jpg": b""}))


def test_a_list_larger_than_any_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = pack(tmp_path / "x.zip", {f"{n}.html": "" for n in range(20)})
    monkeypatch.setattr(zipped, "_MOST_MEMBERS", 19)
    assert "is refused: it lists 20 members" in refusal(path)


def test_any_flipped_byte_raises_nothing_of_others(tmp_path: Path) -> None:
    whole = pack(tmp_path / "y.zip", {"a.html": PAGE, "b.html": PAGE}).read_bytes()
    for at in range(len(whole)):
        raw = bytearray(whole)
        raw[at] ^= 0xFF
        (tmp_path / "x.zip").write_bytes(raw)
        read(tmp_path / "x.zip")


MEASURE = """
from pathlib import Path
from crawler import saved
(file,) = saved.find([{path!r}])
print(sum(isinstance(page, saved.Page) for page in saved.pages(file)))
print(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
"""


def measured(path: Path) -> tuple[int, int]:
    """(pages, memory at most in KB) in a process of its own."""
    script = MEASURE.format(path=str(path))
    out = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    count, used = map(int, out.split())
    return count, used


def test_memory_stays_flat_over_a_zip(tmp_path: Path) -> None:
    small = pack(tmp_path / "s.zip", {f"{n}.html": PAGE + str(n) * 100_000 for n in range(10)})
    large = pack(
        tmp_path / "l.zip",
        {f"{n}.html": PAGE + str(n) * 100_000 + zlib.compress(bytes([n % 256]) * 9).hex() for n in range(150)},
        zipfile.ZIP_STORED,
    )
    (few, least), (many, most) = measured(small), measured(large)
    assert (few, many) == (10, 150)
    assert most < least + 10_000, "all of them are 33 MB"


# ---------------------------------------------------------------- Common Crawl's news


ARTICLE = """<!doctype html><html lang="vi"><head>{head}<title>Tin số {n}</title></head><body><h1>Tin số {n} về hội nghị</h1>
<p>Sáng nay, hội nghị lần thứ {n} khai mạc tại Hà Nội với sự tham dự của đại biểu mười nước thành viên trong khu vực.</p>
<p>Các đại biểu thảo luận về hợp tác kinh tế, an ninh biển và ứng phó với biến đổi khí hậu, thông qua {n} văn kiện.</p></body></html>"""
# (the header's charset, the page's own, how its bytes are written)
LETTERS = [
    ("text/html; charset=utf-8", "", "utf-8"),
    ("text/html", '<meta charset="utf-8">', "utf-8"),
    ("text/html; charset=ISO-8859-1", '<meta charset="utf-8">', "utf-8"),
    ('text/html; charset="UTF-8"', "", "utf-8-sig"),
    ("text/html;charset=utf-16", "", "utf-16"),
    ("TEXT/HTML; Charset=none-such", '<meta charset="utf-8">', "utf-8"),
]


def news(path: Path, count: int, filler: int = 0) -> Path:
    """A file as those of CC-NEWS are: WARC/1.0, one record a gzip member, answers with their headers, and what else stands there."""
    warcio = pytest.importorskip("warcio")
    with path.open("wb") as out:
        writer = warcio.warcwriter.WARCWriter(out, gzip=True, warc_version="1.0")
        writer.write_record(writer.create_warcinfo_record(path.name, {"isPartOf": "CC-NEWS", "format": "WARC File Format 1.0"}))
        for n in range(count):
            said, head, letters = LETTERS[n % len(LETTERS)]
            body = (ARTICLE.format(n=n, head=head) + f"<!--{'x' * filler}-->").encode(letters)
            fields = [("Content-Type", said), ("X-Crawler-Content-Encoding", "gzip"), ("Content-Length", str(len(body)))]
            url = f"https://bao-{n % 7}.vn/tin-so-{n}.html"
            date = f"2026-05-08T{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}Z"
            writer.write_record(made(writer, "request", url, b"", date, "GET / HTTP/1.1"))
            writer.write_record(made(writer, "response", url, body, date, "200 OK", fields))
        for url, status, fields in (
            ("https://a.vn/hinh.jpg", "200 OK", [("Content-Type", "image/jpeg")]),
            ("https://a.vn/cu.html", "301 Moved", [("Location", "/moi.html")]),
            ("https://a.vn/robots.txt", "200 OK", [("Content-Type", "text/plain")]),
        ):
            writer.write_record(made(writer, "response", url, b"x", "2026-05-08T00:00:00Z", status, fields))
        cut = made(
            writer,
            "response",
            "https://a.vn/cat.html",
            b"<html><p>N",
            "2026-05-08T00:00:00Z",
            "200 OK",
            [("Content-Type", "text/html")],
        )
        cut.rec_headers.add_header("WARC-Truncated", "length")
        writer.write_record(cut)
    return path


def made(
    writer: object, kind: str, url: str, body: bytes, date: str, status: str, fields: list[tuple[str, str]] | None = None
) -> object:
    warcio = pytest.importorskip("warcio")
    head = warcio.statusandheaders.StatusAndHeaders(
        status, fields or [("Host", "a.vn")], protocol="" if kind == "request" else "HTTP/1.1"
    )
    create: Callable[..., object] = writer.create_warc_record  # type: ignore[attr-defined]
    return create(url, kind, payload=io.BytesIO(body), http_headers=head, warc_headers_dict={"WARC-Date": date})


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # warcio leaves its buffers to the collector
def test_news_of_common_crawl_are_read_whatever_their_charsets(tmp_path: Path) -> None:
    path = news(tmp_path / "CC-NEWS-20260508000000-00001.warc.gz", 300)
    assert path.read_bytes().count(b"\x1f\x8b\x08") >= 600, "one member a record"
    others = {"not_html": 2, "not_200": 1, "truncated": 1}
    ended = diemtin(tmp_path / "home", "reprocess", path, "--json", timeout=300)
    assert (ended.status, json.loads(ended.out)["totals"]) == (0, {"new": 300, **others}), ended.err
    shown = [diemtin(tmp_path / "home", "show", str(n), "--format", "json") for n in (1, 5)]
    for n, one in enumerate((0, 4)):
        found = json.loads(shown[n].out)
        assert found["title"] == f"Tin số {one} về hội nghị"
        assert found["url"] == f"https://bao-{one % 7}.vn/tin-so-{one}.html"
    again = diemtin(tmp_path / "home", "reprocess", path, "--json")
    assert json.loads(again.out)["totals"] == {"unchanged": 300, **others}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_memory_stays_flat_over_news_of_common_crawl(tmp_path: Path) -> None:
    (few, least), (many, most) = (measured(news(tmp_path / f"{n}.warc.gz", n, 100_000)) for n in (20, 250))
    assert (few, many) == (20, 250)
    assert most < least + 10_000, "all of them are 25 MB"
