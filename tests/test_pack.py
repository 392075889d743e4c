"""Evidence packs: `diemtin export`, and `diemtin verify` on another machine, as a person meets them; and packs that mean harm."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import stat
import struct
import subprocess
import sys
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import IO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import evidence
import store
import text
from cli import common
from evidence import check, form, gather, reread
from model import FlawKind, Follows, PackReport
from tests.commands import ROOT, SEEDS, Ended, diemtin, environment
from tests.crawler.test_saved_warc import response

URL = "https://a.vn/hoi-nghi-1.html"
COPY = "https://b.vn/tin/hoi-nghi-2.html"
NOW = datetime(2026, 11, 22, 5, 40, tzinfo=UTC)
SAID = [
    "Sáng 8/5, Hội nghị Cấp cao ASEAN lần thứ 48 khai mạc tại Cebu, Philippines với sự tham dự của lãnh đạo các nước thành viên.",
    "Các nhà lãnh đạo thảo luận về hợp tác kinh tế, an ninh biển và ứng phó biến đổi khí hậu trong khu vực, thông qua 12 văn kiện.",
    "Bộ trưởng nước chủ nhà cho biết khoảng 320 đại biểu có mặt, nhiều hơn hội nghị trước, và lễ bế mạc sẽ diễn ra vào chiều mai.",
    "Bên lề hội nghị, các đoàn gặp song phương và trao đổi về giá gạo, về vé máy bay và về những tuyến phà mới giữa các đảo.",
]


def page(said: list[str], title: str = "Hội nghị Cấp cao <ASEAN> & khai mạc") -> bytes:
    escaped = title.replace("&", "&amp;").replace("<", "&lt;")
    body = "".join(f"<p>{one}</p>" for one in said)
    return f'<!doctype html><html lang="vi"><meta charset="utf-8"><title>{escaped}</title><article><h1>{escaped}</h1>{body}</article></html>'.encode()


def fill(home: Path) -> None:
    """An article with an edit, a text that came back, a capture that showed nothing new, and a copy elsewhere."""
    before, after = page(SAID), page([SAID[0], SAID[1], SAID[2].replace("320", "230"), SAID[3]])
    pages = [(URL, before), (COPY, before), (URL, after), (URL, before), (URL, before + b"<!-- x -->")]
    records = [
        response(url, body, f"2026-05-{8 + number:02}T01:00:00Z", fields=[f"X-Number: {number}", "Set-Cookie: <b>a</b>"])
        for number, (url, body) in enumerate(pages)
    ]
    file = home.parent / "pages.warc.gz"
    file.write_bytes(b"".join(map(gzip.compress, records)))
    assert diemtin(home, "reprocess", file).out == "5 pages: 1 new, 1 copy, 1 edited, 1 restored, 1 unchanged\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("pack") / "home"
    fill(made)
    return made


@pytest.fixture(scope="module")
def exported(home: Path) -> tuple[Path, Ended]:
    pack = home.parent / "article.zip"
    return pack, diemtin(home, "export", "1", "--output", pack)


@pytest.fixture
def pack(exported: tuple[Path, Ended], tmp_path: Path) -> Path:
    """A pack on another machine."""
    path = tmp_path / "elsewhere" / "pack.zip"
    path.parent.mkdir()
    path.write_bytes(exported[0].read_bytes())
    return path


def digest_of(exported: tuple[Path, Ended]) -> str:
    return exported[1].out.splitlines()[-1]


def contents(pack: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(pack) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def put(pack: Path, files: dict[str, bytes], packing: int = zipfile.ZIP_STORED) -> None:
    with zipfile.ZipFile(pack, "w", packing) as opened:
        for name, content in files.items():
            opened.writestr(name, content)


def remade(files: dict[str, bytes], change: Callable[[dict[str, object]], None] = lambda manifest: None) -> dict[str, bytes]:
    """The files with a manifest and sums that fit them, as somebody makes them who is not careless."""
    manifest = json.loads(files.pop("manifest.json"))
    files.pop("SHA256SUMS")
    files["SHA256SUMS"] = "".join(f"{hashlib.sha256(raw).hexdigest()}  {name}\n" for name, raw in files.items()).encode()
    manifest["files"] = [
        {"name": name, "bytes": len(raw), "sha256": hashlib.sha256(raw).hexdigest()} for name, raw in files.items()
    ]
    change(manifest)
    return {**files, "manifest.json": json.dumps(manifest, ensure_ascii=False).encode()}


def set_in(files: dict[str, bytes], name: str, **fields: object) -> None:
    """Other fields in a file that is a JSON object."""
    files[name] = json.dumps({**json.loads(files[name]), **fields}, ensure_ascii=False).encode()


def checked(pack: Path, digest: str | None = None) -> PackReport:
    return evidence.verify(pack, digest, reads=False)


def kinds(report: PackReport) -> list[tuple[str, str]]:
    return [(str(flaw.kind), flaw.file) for flaw in report.flaws]


# ---------------------------------------------------------------- export


def test_export_says_what_it_wrote_and_the_digest_of_its_manifest(exported: tuple[Path, Ended]) -> None:
    pack, ended = exported
    files = contents(pack)
    assert (ended.status, ended.err) == (0, "")
    size = sum(map(len, files.values()))
    assert ended.out == (
        f"{pack}: 4 captures, 2 versions, {len(files)} files, {size:,} bytes\n"
        f"Digest of its manifest, to be kept apart from it:\n{hashlib.sha256(files['manifest.json']).hexdigest()}\n"
    )


def test_the_records_are_the_bytes_of_the_archive(home: Path, exported: tuple[Path, Ended]) -> None:
    files = contents(exported[0])
    with store.open_store(home) as books:
        taken = books.holdings.captures(1)
        assert [one.capture_id for one in taken] == [1, 3, 4, 5]
        for one in taken:
            raw = (books.archive_folder / one.place.file).read_bytes()
            record = raw[one.place.offset : one.place.offset + one.place.length]
            assert files[f"captures/{one.capture_id:08}.warc.gz"] == record
    assert b"X-Number: 2" in gzip.decompress(files["captures/00000003.warc.gz"])


def test_the_manifest_names_every_file_and_when_and_by_what_all_was_made(exported: tuple[Path, Ended]) -> None:
    files = contents(exported[0])
    manifest = json.loads(files["manifest.json"])
    listed = {file["name"]: file for file in manifest["files"]}
    assert set(listed) == set(files) - {"manifest.json"}
    for name, file in listed.items():
        assert (file["sha256"], file["bytes"]) == (hashlib.sha256(files[name]).hexdigest(), len(files[name]))
    first = manifest["captures"][0]
    assert (first["captured_at"], first["url_asked"], first["url"], first["status"]) == (
        "2026-05-08T01:00:00+00:00",
        URL,
        URL,
        200,
    )
    assert [one["reader"][:2] for one in manifest["versions"]] == ["3 ", "3 "]
    assert all(re.fullmatch(r"[0-9a-f]{12}", one["rules"]["ASEAN"]) for one in manifest["versions"])
    assert (manifest["diemtin"], manifest["made"][:2], manifest["article"]["current"]) == ("0.1.0", "20", 1)


def test_versions_diffs_copies_events_and_flags_are_files(exported: tuple[Path, Ended]) -> None:
    files = contents(exported[0])
    assert "320 đại biểu" in files["versions/0001.txt"].decode()
    assert "230 đại biểu" in json.loads(files["versions/0002.json"])["text"]
    diff = json.loads(files["diffs/0001-0002.json"])
    assert (diff["from"], diff["to"], diff["edit"]["kinds"]) == (1, 2, ["number"])
    assert [one["article_id"] for one in json.loads(files["copies.json"])["copies"]] == [2]
    assert [event["event"] for event in json.loads(files["events.json"])] == ["restored"]
    flags = json.loads(files["flags.json"])
    assert {flag["version"] for flag in flags} == {1, 2}
    assert all(flag["evidence"] and flag["rules"] for flag in flags)
    assert len(json.loads(files["story.json"])["carriers"]) == 2
    assert json.loads(files["article.json"])["version"] == 1


class Page(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.said += data


def test_the_page_shows_it_all_and_runs_nothing(exported: tuple[Path, Ended]) -> None:
    files = contents(exported[0])
    raw = files["index.html"].decode()
    page = Page(raw)
    assert not {"script", "img", "link", "iframe", "form", "object", "b"} & {tag for tag, _ in page.tags}
    assert "default-src 'none'" in raw
    assert "url(" not in raw
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on") or name in ("src", "style")]
    links = {attributes["href"] for tag, attributes in page.tags if tag == "a"}
    beside = {link for link in links if link and "://" not in link and not link.startswith("#")}
    assert beside <= set(files)
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in links if link and link.startswith("#")} <= set(ids)
    for said in ("number", "320", "230", "<b>a</b>", "Hội nghị Cấp cao <ASEAN> & khai mạc", "shows version 1 again", "b.vn"):
        assert said in page.said, said
    for row in json.loads(files["manifest.json"])["captures"]:
        assert row["sha256"] in page.said


def write(home: Path, file: IO[bytes], now: datetime = NOW, article_id: int = 1) -> str:
    with store.open_store(home) as books, books.snapshot():
        kept = common.kept(books, article_id)
        story = common.story(books, kept.story) if kept.story else None
        return gather.write(books, kept, story, file, now, "Asia/Ho_Chi_Minh").digest


def test_the_same_store_and_moment_give_the_same_bytes(home: Path) -> None:
    one, other, later = io.BytesIO(), io.BytesIO(), io.BytesIO()
    assert write(home, one) == write(home, other)
    assert one.getvalue() == other.getvalue()
    assert write(home, later, NOW.replace(hour=6)) != write(home, other)


def test_what_was_pruned_is_told_and_the_rest_verifies(home: Path, tmp_path: Path) -> None:
    home = shutil.copytree(home, tmp_path / "home")
    assert diemtin(home, "archive", "prune", "--keep", "1d").out.startswith("1 bodies dropped")
    ended = diemtin(home, "export", "1", "--output", tmp_path / "p.zip")
    assert ended.status == 0
    assert "capture 5 is not in the pack: its bytes were dropped from the archive on " in ended.err
    files = contents(tmp_path / "p.zip")
    rows = {one["capture_id"]: one for one in json.loads(files["manifest.json"])["captures"]}
    assert rows[5]["file"] is None
    assert rows[5]["pruned"]
    assert len(rows[5]["sha256"]) == 64
    assert "Of 1 capture the bytes are not in this pack" in Page(files["index.html"].decode()).said
    told = diemtin(tmp_path, "verify", tmp_path / "p.zip")
    assert told.status == 0
    assert "4 captures; of 1 the record is not in the pack, as its manifest says" in told.out


def test_a_record_that_the_archive_has_lost_is_told_and_the_rest_is_packed(home: Path, tmp_path: Path) -> None:
    home = shutil.copytree(home, tmp_path / "home")
    with store.open_store(home) as books:
        place = books.holdings.captures(1)[1].place
    (path,) = (home / "archive").iterdir()
    raw = bytearray(path.read_bytes())
    raw[place.offset + place.length // 2] ^= 1
    path.write_bytes(raw)
    ended = diemtin(home, "export", "1", "--output", tmp_path / "p.zip")
    assert "capture 3 is not in the pack: the archived record is damaged" in ended.err
    told = diemtin(tmp_path, "verify", tmp_path / "p.zip", "--json")
    assert told.status == 0
    assert [one["follows"] for one in json.loads(told.out)["versions"]] == ["follows", "unread"]


def test_export_refuses_in_one_line(home: Path, tmp_path: Path) -> None:
    assert diemtin(home, "export", "99").err.startswith("diemtin: article 99: is not in the store")
    (tmp_path / "article-1.zip").write_bytes(b"mine")
    refused = diemtin(home, "export", "1", cwd=tmp_path)
    assert (refused.status, refused.err) == (1, "diemtin: article-1.zip: is there already; name another file with --output\n")
    assert (tmp_path / "article-1.zip").read_bytes() == b"mine"
    lost = diemtin(home, "export", "1", "--output", tmp_path / "no" / "p.zip")
    assert (lost.status, lost.err.count("\n")) == (1, 1)
    assert "/dev/null: is no plain file" in diemtin(home, "export", "1", "--output", "/dev/null").err
    assert [path.name for path in tmp_path.iterdir()] == ["article-1.zip"]


def test_a_saved_file_without_an_address_is_packed_too(tmp_path: Path) -> None:
    diemtin(tmp_path / "home", "reprocess", SEEDS)
    for number in (1, 5):
        with (tmp_path / "p.zip").open("wb") as file:
            write(tmp_path / "home", file, article_id=number)
        report = evidence.verify(tmp_path / "p.zip")
        assert (report.flaws, [one.follows for one in report.versions]) == ((), [Follows.YES])


# ---------------------------------------------------------------- verify


def test_a_good_pack_verifies_elsewhere(pack: Path, exported: tuple[Path, Ended]) -> None:
    ended = diemtin(pack.parent / "none", "verify", pack, "--digest", digest_of(exported))
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.splitlines()[-4:] == [
        "4 captures",
        "version 1: follows from its capture (read again by reader 3)",
        "version 2: follows from its capture (read again by reader 3)",
        "good",
    ]
    assert "compared with the one given" in ended.out
    assert sorted(path.name for path in pack.parent.iterdir()) == ["pack.zip"], "nothing is made"


def test_the_result_is_a_value_for_programs(pack: Path, exported: tuple[Path, Ended]) -> None:
    ended = diemtin(pack.parent / "none", "verify", pack, "--json")
    told = json.loads(ended.out)
    assert (told["good"], told["digest"], told["compared"], told["flaws"]) == (True, digest_of(exported), False, [])
    assert (told["captures"], told["absent"], told["article_id"]) == (4, 0, 1)
    assert [one["follows"] for one in told["versions"]] == ["follows", "follows"]
    fields = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8").partition("## `diemtin verify")[2]
    assert all(f'"{name}"' in fields for name in told)


def test_plain_python_checks_a_pack(pack: Path, exported: tuple[Path, Ended], tmp_path: Path) -> None:
    def plain(*words: str | Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-S", "-m", "evidence", *map(str, words)]  # without site-packages
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment())

    ended = plain(pack, digest_of(exported))
    assert (ended.returncode, ended.stdout.splitlines()[-1], ended.stderr) == (0, "good", "")
    put(pack, {**contents(pack), "more.txt": b"x"})
    assert "added: more.txt: is not in the manifest" in plain(pack).stdout
    assert plain(tmp_path / "none").returncode == 1
    assert plain().returncode == 2


def test_sha256sum_checks_an_unpacked_pack(pack: Path) -> None:
    folder = pack.parent / "unpacked"
    with zipfile.ZipFile(pack) as opened:
        opened.extractall(folder)
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=folder, check=True)
    with zipfile.ZipFile(pack.parent / "again.zip", "w", zipfile.ZIP_DEFLATED) as again:
        for path in sorted(folder.rglob("*"), reverse=True):  # folders too, as other programs put them in
            again.write(path, path.relative_to(folder))
    assert not checked(pack.parent / "again.zip").flaws


def names() -> list[str]:
    return [
        *("captures/00000001.warc.gz", "captures/00000003.warc.gz", "versions/0001.json", "versions/0001.txt"),
        *("diffs/0001-0002.json", "article.json", "flags.json", "events.json", "copies.json", "story.json", "learnings.json"),
        *("index.html", "SHA256SUMS"),
    ]


@pytest.mark.parametrize("name", names())
def test_one_byte_that_is_altered_is_named(pack: Path, name: str) -> None:
    files = contents(pack)
    raw = bytearray(files[name])
    raw[len(raw) // 2] ^= 1
    put(pack, {**files, name: bytes(raw)})
    report = checked(pack)
    assert kinds(report) == [("altered", name)]


@pytest.mark.parametrize("name", names())
def test_a_file_that_is_missing_or_renamed_is_named(pack: Path, name: str) -> None:
    files = contents(pack)
    gone = files.pop(name)
    put(pack, files)
    assert kinds(checked(pack)) == [("missing", name)]
    put(pack, {**files, "other.bin": gone})
    report = checked(pack)
    assert kinds(report) == [("renamed", name)]
    assert "is called other.bin now" in report.flaws[0].message


def test_what_was_done_to_it_is_told_and_the_status_says_so(pack: Path) -> None:
    files = contents(pack)
    files["versions/0001.txt"] = files["versions/0001.txt"].replace(b"320", b"999")
    files["more.txt"] = b"x"
    del files["story.json"]
    put(pack, files)
    ended = diemtin(pack.parent / "none", "verify", pack)
    assert (ended.status, ended.err) == (1, "")
    assert {line.rpartition(": ")[0] for line in ended.out.splitlines()[:3]} == {
        "altered: versions/0001.txt",
        "missing: story.json",
        "added: more.txt",
    }
    assert ended.out.splitlines()[-1] == "not good: 3 flaws"


def test_a_manifest_that_was_made_anew_has_another_digest(pack: Path, exported: tuple[Path, Ended]) -> None:
    files = contents(pack)
    files["index.html"] = files["index.html"].replace(b"320", b"999")
    put(pack, remade(files))
    assert not checked(pack).flaws, "that is what the digest is for"
    report = checked(pack, digest_of(exported))
    assert kinds(report) == [("digest", "manifest.json")]
    ended = diemtin(pack.parent / "none", "verify", pack, "--digest", digest_of(exported).upper())
    assert ended.status == 1
    assert "which is not the one given" in ended.out
    assert "is no digest" in diemtin(pack.parent, "verify", pack, "--digest", "abc").err


def test_a_text_that_does_not_follow_from_its_capture_is_told_though_all_hashes_fit(pack: Path) -> None:
    files = contents(pack)
    for name in ("versions/0001.json", "versions/0001.txt", "article.json"):
        files[name] = files[name].replace(b"320", b"999")
    put(pack, remade(files))
    ended = diemtin(pack.parent / "none", "verify", pack, "--json")
    told = json.loads(ended.out)
    assert ended.status == 1
    assert [(flaw["kind"], flaw["file"]) for flaw in told["flaws"]] == [("differs", "versions/0001.json")]
    assert [one["follows"] for one in told["versions"]] == ["differs", "follows"]


def test_a_text_file_that_is_not_its_json_is_told_though_all_hashes_fit(pack: Path) -> None:
    files = contents(pack)
    files["versions/0001.txt"] = files["versions/0001.txt"].replace(b"320", b"999")
    put(pack, remade(files))
    assert kinds(checked(pack)) == [("contradicts", "versions/0001.txt")]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("captured_at", "2026-05-07T01:00:00+00:00"),
        ("url", "https://a.vn/other.html"),
        ("url_asked", None),
        ("status", 404),
        ("bytes", 1),
        ("sha256", "0" * 64),
        ("identity", "a.vn/2"),
        ("captured_at", "yesterday"),
        ("captured_at", "2026-05-08T01:00:00"),
    ],
)
def test_a_manifest_that_says_other_than_the_record_is_told(pack: Path, field: str, value: object) -> None:
    def change(manifest: dict[str, object]) -> None:
        manifest["captures"][0][field] = value  # type: ignore[index]

    put(pack, remade(contents(pack), change))
    assert kinds(checked(pack)) == [("contradicts", "captures/00000001.warc.gz")]


def test_what_another_reader_read_is_said_to_be_so(pack: Path) -> None:
    def change(manifest: dict[str, object]) -> None:
        manifest["versions"][0]["reader"] = "2 generic body"  # type: ignore[index]
        manifest["versions"][1]["reader"] = None  # type: ignore[index]

    files = contents(pack)
    put(pack, remade(dict(files), change))
    assert kinds(checked(pack)) == [("contradicts", "versions/0001.json"), ("contradicts", "versions/0002.json")]
    for number, said in ((1, "2 generic body"), (2, None)):
        set_in(files, f"versions/000{number}.json", reader_signature=said)
    put(pack, remade(files, change))
    report = evidence.verify(pack)
    assert report.is_good
    assert [one.follows for one in report.versions] == [Follows.OTHER, Follows.OTHER]
    assert report.versions[0].said == "read by reader 2; here is 3"


def test_a_page_that_the_site_has_taught_to_read_later_follows_too(home: Path, tmp_path: Path) -> None:
    """Read again after a place was learned, a text follows by what was known when the pack was made."""
    home = shutil.copytree(home, tmp_path / "home")
    learning = {"paths": [["article", "2020-01-01T00:00:00Z", None]], "candidate": None, "times": 0, "misses": 0}
    with sqlite3.connect(home / "diemtin.db") as raw:
        raw.execute("INSERT OR REPLACE INTO layouts VALUES ('a.vn', ?)", (json.dumps(learning),))
    diemtin(home, "export", "1", "--output", tmp_path / "p.zip")
    assert "a.vn" in json.loads(contents(tmp_path / "p.zip")["learnings.json"])
    assert evidence.verify(tmp_path / "p.zip").is_good


def test_a_version_that_is_no_article_is_a_flaw_of_its_file(pack: Path) -> None:
    files = contents(pack)
    for name in ("versions/0002.json", "versions/0002.txt"):
        files[name] = files[name].replace(b"230", b"999").replace(b'"paragraph"', b'"Paragraph"')
    put(pack, remade(files))
    report = evidence.verify(pack)
    assert kinds(report)[0] == ("contradicts", "versions/0002.json")
    assert "kind" in report.flaws[0].message


@pytest.mark.parametrize(
    ("row", "field", "value", "file"),
    [
        ("article", "title", "Khác", "article.json"),
        ("article", "url", "https://c.vn/1.html", "article.json"),
        ("article", "outlet", "Báo khác", "article.json"),
        ("article", "first_seen", "2020-01-01T00:00:00+00:00", "article.json"),
        ("article", "current", 2, "article.json"),
        ("captures", "source", "other", "captures/00000001.warc.gz"),
        ("captures", "captured_exactly", False, "captures/00000001.warc.gz"),
        ("captures", "version", 2, "captures/00000001.warc.gz"),
        ("versions", "seen", "2020-01-01T00:00:00+00:00", "versions/0001.json"),
        ("versions", "reader", "2 x", "versions/0001.json"),
        ("versions", "rules", {"ASEAN": "0"}, "versions/0001.json"),
        ("versions", "edit_hash", "2:" + "0" * 64, "versions/0001.json"),
        ("versions", "copy_hash", "0" * 64, "versions/0001.json"),
    ],
)
def test_a_manifest_that_says_other_than_the_files_is_told(pack: Path, row: str, field: str, value: object, file: str) -> None:
    def change(manifest: dict[str, object]) -> None:
        rows = manifest[row]
        (rows[0] if isinstance(rows, list) else rows)[field] = value  # type: ignore[index]

    put(pack, remade(contents(pack), change))
    assert file in [flaw.file for flaw in evidence.verify(pack, reads=field.endswith("_hash")).flaws]


def test_versions_that_the_manifest_leaves_out_and_files_that_no_pack_has_are_told(pack: Path) -> None:
    files = contents(pack)
    put(pack, remade(dict(files), lambda manifest: manifest.update(versions=[])))
    assert kinds(checked(pack)) == [("manifest", "manifest.json")]
    put(pack, remade({**files, "captures/x.txt": b"x"}))
    assert kinds(checked(pack)) == [("manifest", "manifest.json")]
    put(pack, remade({**files, "more.txt": b"x"}))
    assert kinds(checked(pack)) == [("manifest", "manifest.json")]


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"published": "2020-01-01T00:00:00+07:00"}, "contradicts"),
        ({"text": "Khác"}, "contradicts"),
        ({"lead": "Khác"}, "contradicts"),
        ({"flags": []}, "contradicts"),
        ({"article_id": 7}, "contradicts"),
        ({"seen": "2020-01-01T00:00:00+00:00"}, "contradicts"),
        ({"authors": ["A"]}, "differs"),
        ({"outlet": "Báo khác"}, "differs"),
        ({"url": "https://c.vn/1.html"}, "differs"),
        ({"lead": None}, "differs"),
        ({"credit": {"name": "X", "domain": None}}, "differs"),
    ],
)
def test_each_field_of_a_version_is_held_against_the_rest_and_its_capture(
    pack: Path, fields: dict[str, object], kind: str
) -> None:
    files = contents(pack)
    set_in(files, "versions/0002.json", **fields)  # which is not the one that article.json shows
    put(pack, remade(files))
    report = evidence.verify(pack)
    assert (kind, "versions/0002.json") in kinds(report)
    assert report.versions[1].follows in (Follows.NO, Follows.UNREAD)


def test_article_and_flags_say_what_the_versions_say(pack: Path) -> None:
    files = contents(pack)
    set_in(files, "article.json", authors=["A"])
    files["flags.json"], files["events.json"] = b"[]", b"[]"
    put(pack, remade(files))
    assert kinds(checked(pack)) == [("contradicts", name) for name in ("article.json", "flags.json", "events.json")]


def test_a_machine_that_is_slow_finds_no_flaw(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reread, "PAGE_SECONDS", 0.0001)
    report = evidence.verify(pack)
    assert report.is_good
    assert [one.follows for one in report.versions] == [Follows.UNREAD, Follows.UNREAD]
    assert "here (too_slow" in report.versions[0].said
    assert "2 of 2 versions not read again" in list(evidence.words.lines(report))


def test_other_packages_are_another_reader_where_they_read_otherwise(pack: Path) -> None:
    files = contents(pack)
    set_in(files, "versions/0002.json", authors=["A"])
    put(pack, remade(files, lambda manifest: manifest.update(packages={"lxml": "1"})))
    report = evidence.verify(pack)
    assert [one.follows for one in report.versions] == [Follows.YES, Follows.OTHER]
    assert "other packages" in report.versions[1].said


def test_the_newest_are_read_first_and_not_longer_than_a_while(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reread, "MOST", 1)
    assert [one.follows for one in evidence.verify(pack).versions] == [Follows.UNREAD, Follows.YES]
    monkeypatch.setattr(reread, "SECONDS", -1.0)
    assert [one.follows for one in evidence.verify(pack).versions] == [Follows.UNREAD, Follows.UNREAD]


def test_a_terminal_of_other_letters_shows_it_all(pack: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "evidence", str(pack)],
        env={**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"},
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert "Hội nghị" in ended.stdout.decode()


# ---------------------------------------------------------------- packs that mean harm


def test_a_manifest_of_many_files_is_judged_soon() -> None:
    many = [{"name": f"captures/{number}", "bytes": 1, "sha256": "0" * 64} for number in range(20_000)]
    captures = [
        {"capture_id": n, "file": one["name"], "pruned": None, "problem": None, "refers_to": n} for n, one in enumerate(many)
    ]
    others = [{"name": name} for name in form.ALWAYS]
    began = time.process_time()
    assert check._contradiction({"files": [*many, *others], "captures": captures, "versions": []}) is None
    assert time.process_time() - began < 2


def test_what_lies_in_the_zip_beside_its_files_is_told(pack: Path) -> None:
    raw, files = pack.read_bytes(), contents(pack)
    at = raw.rindex(b"PK\5\6")
    start = struct.unpack("<L", raw[at + 16 : at + 20])[0]
    pack.write_bytes(raw[:start] + b"hidden" + raw[start:at] + raw[at : at + 16] + struct.pack("<L", start + 6) + raw[at + 20 :])
    assert flaws_of(pack) == [FlawKind.ADDED]
    for prefix in (b"", b"hidden"):
        for field, said in (("comment", b"x"), ("extra", b"\xfe\xca\1\0x")):
            with pack.open("wb") as file:
                file.write(prefix)
                with zipfile.ZipFile(file, "w") as opened:
                    for name, content in files.items():
                        info = zipfile.ZipInfo(name)
                        if name == "index.html":
                            setattr(info, field, said)
                        opened.writestr(info, content)
            assert flaws_of(pack) == [FlawKind.ADDED] * (2 if prefix else 1)
    pack.write_bytes(raw + b"hidden")
    assert flaws_of(pack) == [FlawKind.UNREADABLE]
    pack.write_bytes(b"hidden" + raw)
    assert flaws_of(pack) == [FlawKind.UNREADABLE]


def flaws_of(path: Path) -> list[FlawKind]:
    """Bounded in memory and time, and never a traceback."""
    tracemalloc.start()
    began = time.monotonic()
    report = checked(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.monotonic() - began < 20
    assert peak < 150_000_000
    assert not report.is_good
    return [flaw.kind for flaw in report.flaws]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "is no zip file"),
        (b"<html>not a zip</html>" * 50, "is no zip file"),
        (b"PK\5\6" + bytes(18), "is not there: this is no evidence pack"),
        (b"PK\3\4" + bytes(500), "is cut short"),
    ],
)
def test_what_is_no_pack_is_one_clear_line(tmp_path: Path, raw: bytes, said: str) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(raw)
    ended = diemtin(tmp_path, "verify", path)
    assert (ended.status, ended.err) == (1, "")
    assert said in ended.out.splitlines()[0]
    assert ended.out.splitlines()[-1] == "not good: 1 flaw"


def test_what_is_not_there_is_one_line(tmp_path: Path) -> None:
    for path in (tmp_path / "none.zip", tmp_path):
        ended = diemtin(tmp_path, "verify", path)
        assert (ended.status, ended.out, ended.err) == (1, "", f"diemtin: {path}: is no file\n")
    os.mkfifo(tmp_path / "pipe")
    assert "is no file" in diemtin(tmp_path, "verify", tmp_path / "pipe").err


def test_a_pack_that_is_cut_short_anywhere_is_told(pack: Path) -> None:
    raw = pack.read_bytes()
    for size in (*range(0, len(raw), 997), len(raw) - 1, len(raw) - 22):
        pack.write_bytes(raw[:size])
        assert flaws_of(pack) == [FlawKind.UNREADABLE]
    pack.write_bytes(raw + b"more")
    assert flaws_of(pack) == [FlawKind.UNREADABLE]
    pack.write_bytes(b"more" + raw)
    assert flaws_of(pack) == [FlawKind.UNREADABLE]


@pytest.mark.parametrize(
    "name",
    [
        *("../up.txt", "/etc/passwd", "C:\\x", "a/../../b", "captures/../x", "captures\\x", "a/b/c", ".hidden", "con\nsole"),
        *("x" * 5000, "tệp.txt", "nul\0l", "", "x.", "-rf", "a//b", "captures/.x"),
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(pack: Path, name: str) -> None:
    files = contents(pack)
    info = zipfile.ZipInfo("placeholder")
    info.filename = info.orig_filename = name
    with zipfile.ZipFile(pack, "w") as opened:
        for known, raw in files.items():
            opened.writestr(known, raw)
        opened.writestr(info, b"x")
    assert set(flaws_of(pack)) <= {FlawKind.UNSAFE, FlawKind.UNREADABLE}
    said = diemtin(pack.parent, "verify", pack, "--no-read").out
    assert len(said.splitlines()[0]) < 300


def test_a_link_a_device_a_folder_with_content_and_an_encrypted_file_are_refused(pack: Path) -> None:
    files = contents(pack)
    for mode, name in ((stat.S_IFLNK, "link"), (stat.S_IFCHR, "device"), (stat.S_IFREG, "folder/"), (stat.S_IFDIR, "plain")):
        info = zipfile.ZipInfo(name)
        info.create_system, info.external_attr = 3, (mode | 0o777) << 16
        with zipfile.ZipFile(pack, "w") as opened:
            for known, raw in files.items():
                opened.writestr(known, raw)
            opened.writestr(info, b"/etc/passwd")
        assert flaws_of(pack) == [FlawKind.UNSAFE], name
    put(pack, {**files, "secret.bin": b"x"})
    raw = bytearray(pack.read_bytes())
    at = raw.rindex(b"PK\1\2", 0, raw.rindex(b"secret.bin"))
    raw[at + 8] |= 1
    pack.write_bytes(raw)
    assert flaws_of(pack) == [FlawKind.UNSAFE]


def test_a_file_that_stands_in_it_twice_is_refused(pack: Path) -> None:
    files = contents(pack)
    for name in ("story.json", "STORY.json"):
        told = pytest.warns(UserWarning, match="Duplicate name") if name in files else nullcontext()
        with told, zipfile.ZipFile(pack, "w") as opened:
            for known, raw in files.items():
                opened.writestr(known, raw)
            opened.writestr(name, b"{}")
        report = checked(pack)
        assert ("unsafe", name) in kinds(report)


def test_a_bomb_is_not_unpacked(pack: Path) -> None:
    files = contents(pack)
    with zipfile.ZipFile(pack, "w", zipfile.ZIP_DEFLATED) as opened:
        for known, raw in files.items():
            opened.writestr(known, raw)
        with opened.open("more.bin", "w") as out:
            for _ in range(120):
                out.write(bytes(1 << 20))
    assert flaws_of(pack) == [FlawKind.UNSAFE]


def test_a_bomb_that_lies_about_its_size_is_read_to_that_size(pack: Path) -> None:
    files = contents(pack)
    with zipfile.ZipFile(pack, "w", zipfile.ZIP_DEFLATED) as opened:
        for known, raw in files.items():
            opened.writestr(known, raw)
        opened.writestr("more.bin", bytes(200 << 20))
    raw = bytearray(pack.read_bytes())
    at = raw.rindex(b"PK\1\2", 0, raw.rindex(b"more.bin"))
    raw[at + 24 : at + 28] = struct.pack("<L", 10)
    pack.write_bytes(raw)
    assert flaws_of(pack) == [FlawKind.ALTERED]


def test_files_that_lie_over_one_another_are_not_read(tmp_path: Path) -> None:
    """A central directory with thousands of entries for the same bytes."""
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("a00000", os.urandom(100_000))
    raw = path.read_bytes()
    start = raw.rindex(b"PK\1\2")
    entry = raw[start : raw.rindex(b"PK\5\6")]
    entries = b"".join(entry.replace(b"a00000", f"a{number:05}".encode()) for number in range(400))
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 400, 400, len(entries), start, 0)
    path.write_bytes(raw[:start] + entries + end)
    assert flaws_of(path) == [FlawKind.UNSAFE]


def test_a_pack_that_names_too_many_files_is_not_listed(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as opened:
        for number in range(form.MOST_FILES + 1):
            opened.writestr(f"f{number}", b"")
    assert flaws_of(path) == [FlawKind.UNSAFE]
    raw = bytearray(path.read_bytes())
    struct.pack_into("<2H", raw, len(raw) - 14, 5, 5)  # it says that it has few
    path.write_bytes(raw)
    assert flaws_of(path) == [FlawKind.UNREADABLE]


def test_many_files_that_are_in_no_manifest_are_a_few_lines(pack: Path) -> None:
    put(pack, {**contents(pack), **{f"f{number}": b"%d" % number for number in range(5000)}})
    said = diemtin(pack.parent, "verify", pack, "--no-read").out
    assert "… and 4960 more" in said
    assert len(said.splitlines()) < 60


def bomb_record(pack: Path) -> bytes:
    head = gzip.decompress(contents(pack)["captures/00000001.warc.gz"])[:200]
    stream = zlib.compressobj(9, wbits=31)
    return stream.compress(head) + b"".join(stream.compress(bytes(1 << 20)) for _ in range(100)) + stream.flush()


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda pack, raw: bomb_record(pack), id="bomb"),
        pytest.param(lambda pack, raw: raw[: len(raw) // 2], id="torn"),
        pytest.param(lambda pack, raw: raw + raw, id="two members"),
        pytest.param(lambda pack, raw: gzip.decompress(raw), id="not packed"),
        pytest.param(lambda pack, raw: gzip.compress(b"WARC/1.1\r\nContent-Length: 99999999999999\r\n\r\n"), id="length"),
        pytest.param(lambda pack, raw: gzip.compress(gzip.decompress(raw).replace(b"320", b"999")), id="body"),
        pytest.param(lambda pack, raw: gzip.compress(b""), id="empty"),
    ],
)
def test_a_record_that_is_none_is_told_though_all_hashes_fit(pack: Path, spoil: Callable[[Path, bytes], bytes]) -> None:
    files = contents(pack)
    name = "captures/00000001.warc.gz"
    files[name] = spoil(pack, files[name])
    put(pack, remade(files))
    assert flaws_of(pack) == [FlawKind.CONTRADICTS]
    report = evidence.verify(pack)
    assert [one.follows for one in report.versions] == [Follows.UNREAD, Follows.YES]


@pytest.mark.parametrize(
    "manifest",
    [
        b"",
        b"[" * 100_000,
        b"{}",
        b"null",
        b'{"format": NaN}',
        b'{"format": 1, "format": 2}',
        b"\xff\xfe",
        b'{"format": "diemtin evidence pack 2"}',
        b"9" * 10_000,
        b" " * (form.MANIFEST_BYTES + 1),
    ],
)
def test_a_manifest_that_is_none_is_one_line(pack: Path, manifest: bytes) -> None:
    put(pack, {**contents(pack), "manifest.json": manifest})
    assert flaws_of(pack) == [FlawKind.MANIFEST]


MANIFEST_KEYS = [
    *("format", "made", "diemtin", "article", "captures", "versions", "files"),
    *(("captures", 0, key) for key in ("capture_id", "file", "captured_at", "sha256", "bytes", "identity", "refers_to")),
    *(("versions", 0, key) for key in ("version", "capture_id", "edit_hash", "json", "text", "reader", "diff")),
    *(("files", 0, key) for key in ("name", "bytes", "sha256")),
    *(("captures", 0), ("versions", 0), ("files", 0), ("article", "article_id"), ("article", "title")),
]
ODD = st.one_of(
    *(
        st.none(),
        st.booleans(),
        st.integers(-(2**70), 2**70),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=5),
    ),
    *(st.just([]), st.just({}), st.just("../x"), st.just("manifest.json"), st.just("index.html"), st.just("0" * 64)),
)
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FEW
@given(key=st.sampled_from(MANIFEST_KEYS), odd=ODD)
def test_a_manifest_with_anything_anywhere_is_told_and_never_a_bug(pack: Path, key: object, odd: object) -> None:
    whole = contents(pack)

    def change(manifest: dict[str, object]) -> None:
        *way, last = key if isinstance(key, tuple) else (key,)
        place: object = manifest
        for step in way:
            place = place[step]  # type: ignore[index]
        place[last] = odd  # type: ignore[index]

    other = pack.with_name("other.zip")
    put(other, remade(dict(whole), change))
    report = checked(other)
    list(evidence.words.lines(report))
    text.to_json(evidence.words.record(report))


@FEW
@given(at=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_any_bit_of_a_pack_that_is_flipped_is_told_or_changes_no_file(pack: Path, at: float, bit: int) -> None:
    raw = bytearray(pack.read_bytes())
    whole = contents(pack)
    raw[int(at * len(raw))] ^= 1 << bit
    other = pack.with_name("other.zip")
    other.write_bytes(raw)
    report = checked(other)
    if report.is_good:
        assert contents(other) == whole


@FEW
@given(raw=st.binary(max_size=300), deep=st.booleans())
def test_any_record_is_read_or_refused(raw: bytes, deep: bool) -> None:
    with suppress(ValueError):
        check.record(gzip.compress(b"WARC/1.1\r\n" + raw) if deep else raw)


def test_a_learning_that_is_none_harms_nobody(pack: Path) -> None:
    for said in (b"[]", b'{"a.vn": "{}"}', b'{"a.vn": 1}', b'{"a.vn": "' + b"[" * 90_000 + b'"}', b"x"):
        put(pack, remade({**contents(pack), "learnings.json": said}))
        with check.opened(pack) as opened:
            assert check.examine(opened).is_good
            assert reread._learnings(opened, frozenset()) == {}


def test_the_names_of_packs_are_safe() -> None:
    for number in (0, 1, 2**63 - 1):
        for name in (form.record_name(number), form.version_name(number, "json"), form.diff_name(number, number)):
            assert form.is_name(name)
    assert replace(PackReport(), digest="x").is_good
