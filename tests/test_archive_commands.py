"""diemtin archive …, and WARC files of other programs, as a person meets them."""

from __future__ import annotations

import gzip
import http.server
import json
import os
import shutil
import sqlite3
import subprocess
import threading
from functools import partial
from pathlib import Path

import pytest

from tests.commands import ROOT, SEEDS, crawl_again, diemtin, settings, source
from tests.crawler.test_saved_warc import record, response
from tests.site import LIST, STORIES, Site, publish
from tests.test_cli import PAGE


@pytest.mark.parametrize("name", ["verify", "prune"])
def test_each_has_help_with_examples_and_stands_in_the_readme(tmp_path: Path, name: str) -> None:
    ended = diemtin(tmp_path, "archive", name, "--help")
    assert f"diemtin archive {name}" in ended.out.partition("Examples:")[2]
    assert "diemtin archive" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_verify_says_what_it_found_and_cuts_a_torn_end(tmp_path: Path) -> None:
    assert diemtin(tmp_path, "archive", "verify").out == "0 files, 0 bytes: 0 whole records, 0 captures in their place\n"
    diemtin(tmp_path, "reprocess", SEEDS)
    (path,) = (tmp_path / "archive").iterdir()
    size = path.stat().st_size
    said = f"1 files, {size:,} bytes: 6 whole records, 5 captures in their place\n"
    assert diemtin(tmp_path, "archive", "verify").out == said
    with path.open("ab") as file:
        file.write(b"\x1f\x8b\x08 torn")
    cut = diemtin(tmp_path, "archive", "verify")
    assert cut.status == 1
    assert (
        cut.out.splitlines()[0] == f"cut: {path.name} at {size}: the last 8 bytes were no whole record and no capture's: cut off"
    )
    again = diemtin(tmp_path, "archive", "verify")
    assert (again.status, again.out) == (0, said)


def test_a_run_after_a_crash_cuts_the_torn_end_and_says_so_once(tmp_path: Path) -> None:
    diemtin(tmp_path, "reprocess", SEEDS)
    (path,) = (tmp_path / "archive").iterdir()
    with path.open("ab") as file:
        file.write(b"\x1f\x8b\x08 torn")
    ended = diemtin(tmp_path, "reprocess", SEEDS)
    assert (ended.status, ended.out) == (0, "5 pages: 5 unchanged\n")
    assert len(ended.err.splitlines()) == 1
    assert "the last 8 bytes were no whole record" in ended.err
    assert "the last 8 bytes were no whole record" in diemtin(tmp_path, "status").out
    assert diemtin(tmp_path, "reprocess", SEEDS).err == ""


def test_a_broken_record_is_one_line_and_a_value(tmp_path: Path) -> None:
    diemtin(tmp_path, "reprocess", SEEDS)
    (path,) = (tmp_path / "archive").iterdir()
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)
    ended = diemtin(tmp_path, "archive", "verify")
    assert (ended.status, len(ended.out.splitlines())) == (1, 2)
    told = json.loads(diemtin(tmp_path, "archive", "verify", "--json").out)
    (finding,) = told["findings"]
    assert (finding["kind"], finding["file"], told["captures"]) == ("damaged", path.name, 4)
    assert "is damaged" in diemtin(tmp_path, "reprocess").err


def test_prune_frees_space_and_reprocess_goes_on(tmp_path: Path) -> None:
    home, page = tmp_path / "home", tmp_path / "page.html"
    for number in range(3):
        page.write_text(PAGE + f"<!-- {os.urandom(2000).hex()} {number} -->", encoding="utf-8")
        diemtin(home, "reprocess", page)
    with sqlite3.connect(home / "diemtin.db") as raw:
        raw.execute("UPDATE captures SET captured_at = '2020-01-01T00:00:00.000000Z' WHERE id < 3")
    assert diemtin(home, "archive", "prune", "--keep", "all").out == "0 bodies dropped, 0 bytes freed in 0 files\n"
    dry = diemtin(home, "archive", "prune", "--keep", "90d", "--dry-run").out
    assert dry.startswith("1 bodies would be dropped, ")
    done = diemtin(home, "archive", "prune", "--keep", "12m").out
    assert done == dry.replace("would be dropped", "dropped").replace("to be freed", "freed")
    assert "2 captures in their place, 1 pruned" in diemtin(home, "archive", "verify").out
    assert diemtin(home, "reprocess").out == "1 page: 1 reread\n"
    assert diemtin(home, "reprocess", page).out == "1 page: 1 unchanged\n"
    assert "is no time to keep" in diemtin(home, "archive", "prune", "--keep", "soon").err


def test_a_warc_file_is_taken_in_once_and_each_time_is_a_version(tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "pages" / "other.warc.gz"
    file.parent.mkdir()
    (file.parent / "plain.html").write_text(PAGE, encoding="utf-8")
    url = "https://a.vn/hoi-nghi-1.html"
    members = [
        response(url, PAGE.encode(), "2026-05-08T01:00:00Z"),
        response(url, PAGE.replace("nhiều văn kiện", "mười văn kiện").encode(), "2026-05-09T01:00:00Z"),
        response("https://a.vn/pic.jpg", b"\xff\xd8", "2026-05-09T01:00:00Z", content_type="image/jpeg"),
        record("request", "https://a.vn/", b"GET / HTTP/1.1\r\n\r\n"),
    ]
    file.write_bytes(b"".join(gzip.compress(member) for member in members))
    assert diemtin(home, "reprocess", file.parent).out == "4 pages: 1 not_html, 2 new, 1 edited\n"
    for path in (file, file.parent):
        assert "new" not in (out := diemtin(home, "reprocess", path).out)
        assert "edited" not in out
        assert "failed" not in out
    assert "version 2 of 2" in diemtin(home, "show", "1").out
    rows = diemtin(tmp_path / "x", "extract", file, "--format", "jsonl").rows
    assert [row["url"] for row in rows] == [url, url]
    file.write_bytes(file.read_bytes()[:-10] + b"\0" * 10)
    assert diemtin(home, "reprocess", file).status == 1


def test_an_archive_of_ours_is_taken_in_by_another_folder(tmp_path: Path) -> None:
    diemtin(tmp_path / "one", "reprocess", SEEDS)
    assert diemtin(tmp_path / "two", "reprocess", tmp_path / "one" / "archive").out == "5 pages: 5 new\n"
    assert diemtin(tmp_path / "two", "reprocess", SEEDS).out == "5 pages: 5 unchanged\n"


@pytest.mark.skipif(shutil.which("wget") is None, reason="wget is not here")
@pytest.mark.parametrize("words", [[], ["--no-warc-compression"]])
def test_a_warc_file_of_wget_is_read(tmp_path: Path, words: list[str]) -> None:
    site = tmp_path / "site"
    site.mkdir()
    for number in range(3):
        (site / f"bai-{number}.html").write_text(PAGE.replace("lần thứ 48", f"lần thứ {number}"), encoding="utf-8")
    (site / "robots.txt").write_text("User-agent: *\nAllow: /\n", encoding="utf-8")
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=site)
    handler.log_message = lambda *_: None  # type: ignore[attr-defined]
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        addresses = [f"http://127.0.0.1:{server.server_port}/{name}" for name in ("bai-0.html", "bai-1.html", "bai-2.html", "x")]
        subprocess.run(["wget", "-q", "--warc-file=w", *words, *addresses], cwd=tmp_path, check=False)
        server.shutdown()
    (file,) = tmp_path.glob("w.warc*")
    ended = diemtin(tmp_path / "home", "reprocess", file)
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.endswith("3 new\n")
    assert "1 not_200" in ended.out


def test_a_page_that_is_fetched_again_unchanged_is_a_revisit(tmp_path: Path) -> None:
    site, home = tmp_path / "site", tmp_path / "home"
    site.mkdir()
    page = site / "hoi-nghi-cap-cao-asean-khai-mac-4812345.html"
    page.write_text(PAGE, encoding="utf-8")
    link = '<a href="/hoi-nghi-cap-cao-asean-khai-mac-4812345.html">Hội nghị Cấp cao ASEAN khai mạc tại Cebu</a>'
    (site / "index.html").write_text(f"<html><body>{link}</body></html>", encoding="utf-8")
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=site)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings(home, source("a", f"http://127.0.0.1:{server.server_port}/index.html"))
        assert "1 new" in diemtin(home, "crawl").out
        os.utime(page, (2_000_000_000, 2_000_000_000))  # a newer date: the server sends the same page once more
        os.utime(site / "index.html", (2_000_000_000, 2_000_000_000))
        assert "1 unchanged" in crawl_again(home).out
        server.shutdown()
    with sqlite3.connect(home / "diemtin.db") as raw:
        rows = list(raw.execute("SELECT state, refers_to FROM captures ORDER BY id"))
    assert rows == [("list", None), ("new", None), ("list", 1), ("unchanged", 2)], "a list is kept like a page"
    assert "4 captures in their place" in diemtin(home, "archive", "verify").out


def test_the_lists_in_an_archive_of_ours_are_no_articles_elsewhere(tmp_path: Path) -> None:
    with Site() as site:
        publish(site, STORIES[:2])
        settings(tmp_path / "one", source("paper", site.url(LIST)))
        assert "2 new" in diemtin(tmp_path / "one", "crawl").out
    (warc,) = (tmp_path / "one" / "archive").iterdir()
    ended = diemtin(tmp_path / "two", "reprocess", warc)
    assert (ended.status, ended.out) == (0, "3 pages: 1 list, 2 new\n")
