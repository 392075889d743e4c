"""The commands as a person meets them: help, saved pages, mistakes. Real processes throughout."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import pytest

from tests.commands import ROOT, SEEDS, command, diemtin, environment, settings, source

COMMANDS = (
    *("run", "crawl", "reprocess", "extract", "digest", "show", "diff", "story", "search", "topics"),
    *("export", "verify", "sources", "status", "archive", "golden"),
)
PAGE = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Hội nghị Cấp cao ASEAN khai mạc - Báo A</title></head>
<body>
<nav><a href="/">Trang chủ</a></nav><article><h1>Hội nghị Cấp cao ASEAN khai mạc</h1>
<p>Sáng 8/5, Hội nghị Cấp cao ASEAN lần thứ 48 khai mạc tại Cebu, Philippines với sự tham dự của lãnh đạo các nước thành viên.</p>
<p>Các nhà lãnh đạo thảo luận về hợp tác kinh tế, an ninh biển và ứng phó biến đổi khí hậu trong khu vực,
thông qua nhiều văn kiện.</p>
</article></body></html>"""


# ---------------------------------------------------------------- help


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_examples_and_stands_in_the_readme(tmp_path: Path, name: str) -> None:
    ended = diemtin(tmp_path, name, "--help")
    assert ended.status == 0
    assert f"diemtin {name}" in ended.out.partition("Examples:")[2]
    assert f"diemtin {name}" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert not (tmp_path / "diemtin.toml").exists()


def test_help_lists_every_command_and_imports_nothing_heavy(tmp_path: Path) -> None:
    help_text = diemtin(tmp_path, "--help").out
    assert all(f"  {name} " in help_text for name in COMMANDS)
    heavy = "{'scrapy', 'trafilatura', 'lxml', 'sqlite_utils', 'apscheduler', 'jinja2'}"
    script = f"import sys, cli\nprint({heavy} & set(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert loaded.stdout == "set()\n"


# ---------------------------------------------------------------- saved pages


def test_the_seeds_are_read_once_told_once_and_change_nothing_twice(tmp_path: Path) -> None:
    first = diemtin(tmp_path, "reprocess", SEEDS)
    assert (first.status, first.out, first.err) == (0, "5 pages: 5 new\n", "")
    told = diemtin(tmp_path, "digest")
    assert "5 articles: 4 core, 1 mention" in told.out
    again = diemtin(tmp_path, "reprocess", SEEDS)
    assert (again.status, again.out) == (0, "5 pages: 5 unchanged\n")
    assert len(list((tmp_path / "archive").iterdir())) == 1
    assert "Nothing is new" in diemtin(tmp_path, "digest").out
    assert diemtin(tmp_path, "digest", "--repeat").out == told.out
    assert len(list((tmp_path / "digests").iterdir())) == 1
    assert "5 reread" in diemtin(tmp_path, "reprocess").out
    assert "Nothing is new" in diemtin(tmp_path, "digest").out


def test_extract_prints_the_contract_for_each_seed_and_stores_nothing(tmp_path: Path) -> None:
    ended = diemtin(tmp_path / "home", "extract", SEEDS, "--format", "jsonl")
    assert ended.status == 0
    assert [row["path"] for row in ended.rows] == [str(path) for path in sorted(SEEDS.iterdir())]
    for row in ended.rows:
        promised = "path url title lead section published modified authors credit origin_url language blocks text flags"
        assert set(promised.split()) <= set(row)
        said = [block["text"] for block in row["blocks"] if block["kind"] != "caption"]
        assert row["text"] == "\n".join(said)
        assert row["blocks"][0] == {"kind": "paragraph", "text": row["lead"]}
        for flag in row["flags"]:
            for evidence in flag["evidence"]:
                assert row[evidence["field"]][evidence["start"] : evidence["end"]] == evidence["text"]
    assert [[flag["level"] for flag in row["flags"]] for row in ended.rows] == [["core"]] * 4 + [["mention"]]
    assert ended.rows[1]["published"] == "2024-06-18T09:47:00+07:00"
    assert ended.rows[1]["credit"] == {"name": "Báo Điện tử Chính phủ", "domain": "baochinhphu.vn"}
    assert not (tmp_path / "home").exists()


def test_a_saved_page_knows_its_address_from_a_comment_or_a_sidecar(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    comment = "<!-- saved from url=(0033)https://www.a.vn/hoi-nghi-cap-cao-khai-mac-1 -->"
    (pages / "comment.html").write_text(PAGE.replace("<html", comment + "<html"), encoding="utf-8")
    (pages / "sidecar.html").write_text(PAGE.replace("Cebu", "Davao"), encoding="utf-8")
    sidecar = {"url": "https://b.vn/hoi-nghi-cap-cao-khai-mac-2", "captured_at": "2026-05-08T10:00:00+07:00"}
    (pages / "sidecar.html.json").write_text(json.dumps(sidecar), encoding="utf-8")
    (pages / "plain.txt.gz").write_bytes(gzip.compress((SEEDS / "003_a47c50ef6b43496d.txt").read_bytes()))
    ended = diemtin(tmp_path / "home", "extract", pages, "--format", "jsonl")
    assert [row["identity"] for row in ended.rows] == [
        "a.vn/hoi-nghi-cap-cao-khai-mac-1",
        "saved:plain.txt.gz",
        "b.vn/hoi-nghi-cap-cao-khai-mac-2",
    ]
    assert diemtin(tmp_path / "home", "reprocess", pages).out == "3 pages: 3 new\n"


def test_an_edited_saved_file_is_a_second_version(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(PAGE, encoding="utf-8")
    diemtin(tmp_path / "home", "reprocess", page)
    page.write_text(PAGE.replace("nhiều văn kiện", "mười văn kiện"), encoding="utf-8")
    assert diemtin(tmp_path / "home", "reprocess", page).out == "1 page: 1 edited\n"
    assert "version 1 of 2" in diemtin(tmp_path / "home", "show", "1", "--version", "1").out


def test_looking_back_marks_nothing(tmp_path: Path) -> None:
    diemtin(tmp_path, "reprocess", SEEDS)
    assert "5 articles" in diemtin(tmp_path, "digest", "--since", "2020-01-01").out
    assert "Nothing is new" in diemtin(tmp_path, "digest", "--until", "2020-01-01").out
    assert "5 articles" in diemtin(tmp_path, "digest", "--since", "2020-01-01T00:00Z", "--until", "2999-01-01").out
    assert "5 articles" in diemtin(tmp_path, "digest").out


@pytest.mark.parametrize("form", ["text", "markdown", "html", "json"])
def test_a_digest_goes_to_a_file_whole(tmp_path: Path, form: str) -> None:
    diemtin(tmp_path, "reprocess", SEEDS)
    out = tmp_path / "out" / "digest"
    refused = diemtin(tmp_path, "digest", "--format", form, "--output", out)
    assert refused.status == 1
    assert f"{out}: cannot be written" in refused.err
    out.parent.mkdir()
    assert diemtin(tmp_path, "digest", "--format", form, "--output", out).status == 0
    assert "Song hành chặt chẽ" in out.read_text(encoding="utf-8")
    assert [path.name for path in out.parent.iterdir()] == ["digest"]


def test_a_digest_whose_reader_goes_away_is_not_marked_as_told(tmp_path: Path) -> None:
    diemtin(tmp_path, "reprocess", SEEDS)
    closed, write = os.pipe()
    os.close(closed)
    subprocess.run(command(tmp_path, "digest"), cwd=ROOT, env=environment(), stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert "5 articles" in diemtin(tmp_path, "digest").out


# ---------------------------------------------------------------- bad input


def test_one_bad_page_among_good_ones_is_one_line_and_disturbs_nothing(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    shutil.copy(SEEDS / "004_b8590c8849d7fb69.txt", pages / "good.txt")
    (pages / "empty.txt").write_bytes(b"")
    (pages / "binary.html").write_bytes(bytes(range(256)) * 40)
    (pages / "no-article.html").write_text("<html><body><nav><a href=/>Trang chủ</a></nav></body></html>", encoding="utf-8")
    (pages / "cut.txt.gz").write_bytes(gzip.compress(os.urandom(9000))[:4000])
    (pages / "report.pdf").write_bytes(b"%PDF-1.7")
    (pages / "letter.docx").write_bytes(b"PK\x03\x04")
    (pages / "saved.mhtml").write_text("MIME-Version: 1.0\nContent-Type: multipart/related\n\n", encoding="utf-8")
    (pages / "picture.jpg").write_bytes(b"\xff\xd8\xff")
    (pages / "big.html").write_bytes(b"<p>" + b"a " * 25_000_000)
    ended = diemtin(tmp_path / "home", "reprocess", pages)
    assert ended.status == 0  # the folder was asked for by name, and was read
    assert ended.out == "9 pages: 8 failed, 1 new\n" or ended.out == "9 pages: 1 new, 8 failed\n"
    lines = ended.err.splitlines()
    assert len(lines) == 8
    said = {
        "empty.txt": "is empty",
        "binary.html": "is not text",
        "no-article.html": "holds no article",
        "cut.txt.gz": "is no whole gzip file",
        "report.pdf": "is a PDF document; only HTML pages and text files are read",
        "letter.docx": "is a DOCX document",
        "saved.mhtml": "is a MHTML document",
        "big.html": "has 50,000,003 bytes; pages over 20,000,000 bytes are not read",
    }
    for name, message in said.items():
        assert [line for line in lines if name in line and message in line], name
    again = json.loads(diemtin(tmp_path / "home", "reprocess", pages, "--json").out)
    assert again["totals"] == {"unchanged": 1, "failed": 8}
    assert {Path(row["path"]).name: row["error"]["kind"] for row in again["failed"]}["empty.txt"] == "empty"


def test_an_older_page_is_kept_beside_what_is_stored_and_told_to_nobody(tmp_path: Path) -> None:
    """As when somebody adds what another program saved before diemtin watched the site."""
    for day, said in ((9, "870 hoạt động"), (8, "807 hoạt động")):
        folder = tmp_path / f"saved-{day}"
        folder.mkdir()
        (folder / "page.html").write_text(PAGE.replace("an ninh biển", said), encoding="utf-8")
        sidecar = {"url": "https://a.vn/tin-1.html", "captured_at": f"2026-05-0{day}T10:00:00+07:00"}
        (folder / "page.html.json").write_text(json.dumps(sidecar), encoding="utf-8")
    home = tmp_path / "home"
    assert diemtin(home, "reprocess", tmp_path / "saved-9").out == "1 page: 1 new\n"
    diemtin(home, "digest")
    assert diemtin(home, "reprocess", tmp_path / "saved-8").out == "1 page: 1 older\n"
    assert "Nothing is new" in diemtin(home, "digest").out
    shown = diemtin(home, "show", "1").out
    assert "870 hoạt động" in shown
    assert "an older text, stored later" in shown
    assert "[-807-]{+870+}" in diemtin(home, "diff", "1").out
    assert "«807»" in diemtin(home, "search", "--history", "807").out


BAD = {
    "empty": (b"", "is empty"),
    "pdf": (b"%PDF-1.7 ...", "is a PDF"),
    "office": (b"PK\x03\x04...", "is a ZIP or an office document"),
    "mhtml": (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n", "is an MHTML archive"),
    "binary": (b"\x00\x01\x02\x03" * 500, "is not text"),
    "short": (b"<html><body><p>ngan</p></body></html>", "holds no article"),
}


def test_bad_files_asked_for_by_name_are_told_and_fail(tmp_path: Path) -> None:
    pages = [tmp_path / f"{name}.html" for name in BAD]
    for page, (content, _) in zip(pages, BAD.values(), strict=True):
        page.write_bytes(content)
    read = diemtin(tmp_path / "home", "extract", *pages, "--format", "jsonl")
    for ended in (read, diemtin(tmp_path / "home", "reprocess", *pages)):
        assert ended.status == 1
        lines = ended.err.splitlines()
        assert len(lines) == len(BAD)
        for name, (_, message) in BAD.items():
            assert [line for line in lines if f"{name}.html" in line and message in line], (name, lines)
    assert len(read.rows) == len(BAD)
    for row in read.rows:
        assert set(row) == {"path", "error"}
        assert set(row["error"]) == {"kind", "message"}
    (alone,) = diemtin(tmp_path / "home", "extract", pages[0]).err.splitlines()
    assert "is empty" in alone


def cp1258(page: str) -> bytes:
    """As Windows wrote Vietnamese: a letter with its hat or horn, then the tone as a mark of its own."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    apart = (unicodedata.normalize("NFD", c) for c in page)
    return "".join(
        unicodedata.normalize("NFC", "".join(m for m in c if m not in tones)) + "".join(m for m in c if m in tones) for c in apart
    ).encode("cp1258", "replace")


@pytest.mark.parametrize(
    ("name", "encode", "note"),
    [
        ("utf16.html", lambda page: page.encode("utf-16"), None),
        ("bom.html", lambda page: page.encode("utf-8-sig"), None),
        ("cp1258.txt", lambda page: cp1258((SEEDS / "003_a47c50ef6b43496d.txt").read_text()), "not UTF-8; read as windows-1258"),
        (
            "broken.html",
            lambda page: page.encode().replace(b"Cebu", b"Ceb\xff"),
            "1 bytes are not UTF-8 and were replaced",
        ),
    ],
)
def test_other_encodings_are_read_and_a_guess_is_told(tmp_path: Path, name: str, encode: object, note: str | None) -> None:
    page = tmp_path / name
    page.write_bytes(encode(PAGE))  # type: ignore[operator]
    ended = diemtin(tmp_path / "home", "extract", page, "--format", "jsonl")
    assert ended.status == 0, ended.err
    titles = ("Hội nghị Cấp cao ASEAN khai mạc", "Công tác chuẩn bị chu đáo, kỹ lưỡng và bài bản cho Hội nghị cấp cao ASEAN")
    assert ended.rows[0]["title"] == titles[name.endswith("txt")]
    assert (note or "") in ended.err
    assert bool(note) == bool(ended.err)


def test_paths_that_give_nothing_are_told(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    for path, message in (
        (tmp_path / "missing.html", "cannot be read: No such file"),
        (tmp_path / "none", "holds no .txt, .html or .htm files"),
        (tmp_path / "pipe.txt", "is not a regular file"),
    ):
        ended = diemtin(tmp_path / "home", "reprocess", path)
        assert ended.status == 1
        assert [line for line in ended.err.splitlines() if path.name in line and message in line], ended.err


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become somebody who may not read")
def test_a_folder_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    closed = tmp_path / "pages" / "closed"
    closed.mkdir(parents=True)
    (closed / "a.txt").write_text("x", encoding="utf-8")
    (tmp_path / "pages" / "good.txt").write_text("x", encoding="utf-8")
    closed.chmod(0)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.name.startswith(("test_", "popen-", "pytest-")):
            folder.chmod(0o755)
    script = f"""
import os
from crawler import saved
os.setuid(65534)
for path in ({str(tmp_path / "pages")!r}, {str(closed)!r}):
    for file in saved.find([path]):
        print(file.name, file.by_name, getattr(file, 'error', None))
"""
    out = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    denied = f"{closed}: cannot be read: Permission denied"
    assert out.splitlines() == [
        f"{tmp_path / 'pages' / 'good.txt'} False None",
        f"{closed} False {denied}",
        f"{closed} True {denied}",
    ]


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("workers = ", "is not TOML: Invalid value (at end of document)"),
        ("a = 1\nb = [\n", "is not TOML"),
        ('[crawl]\nevery_minutes = "often"', "crawl.every_minutes: is 'often'; it takes a number"),
        ('[crawl]\ncontact = "call me"', "crawl.contact: is 'call me'; it takes a mail address or the address of a page"),
        ('[crawl]\nproxy = "socks5://x:1"', "crawl.proxy: is 'socks5://x:1'; it takes \"http://host:port\""),
        ('[[source]]\nname = "a"\nhome = "https://a.vn"', "source[1].home: is all that is said; name sections, feeds, sitemaps"),
        (
            '[[source]]\nname = "a"\nhome = "https://a.vn"\nsections = ["ftp://a"]',
            "source[1].sections: holds 'ftp://a'; it takes an address",
        ),
        (
            '[[source]]\nname = "a"\nhome = "https://a.vn:99999"\nsections = ["/"]',
            "home: is 'https://a.vn:99999'; it takes an address",
        ),
        ('[[source]]\nname = "a"\nhome = "https://a.vn"\nfeeds = ["/\\u001b[31m"]', r"source[1].feeds: holds '/\x1b[31m'"),
        (
            '[[source]]\nname = "a"\nurl = "https://a.vn/rss"\nkind = "feed"',
            "source[1].kind: is of an older diemtin; write the front",
        ),
        ("[crawl]\ndelay = 3", "crawl.delay: is not a setting; known here:"),
        ('topics = ["trade"]', "topics: no topic 'trade'"),
        ('[[source]]\nname = "a"', "source[1].home: is missing"),
        ('timezone = "Mars/Base"', "timezone: is 'Mars/Base'; it takes the IANA name"),
    ],
)
def test_a_broken_settings_file_is_one_line_with_file_and_key(tmp_path: Path, toml: str, said: str) -> None:
    (tmp_path / "diemtin.toml").write_text(toml, encoding="utf-8")
    ended = diemtin(tmp_path, "sources")
    assert ended.status == 2
    assert len(ended.err.splitlines()) == 1
    assert f"{tmp_path / 'diemtin.toml'}: " in ended.err
    assert said in ended.err


def test_a_settings_file_names_the_line_of_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "diemtin.toml").write_text("workers = 1\ntimezone = maybe\n", encoding="utf-8")
    assert "line 2" in diemtin(tmp_path, "sources").err


def test_the_default_settings_are_written_once_and_kept(tmp_path: Path) -> None:
    diemtin(tmp_path, "sources")
    written = tmp_path / "diemtin.toml"
    assert written.read_text(encoding="utf-8").count("#") > 10
    written.write_text(written.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    diemtin(tmp_path, "sources")
    assert written.read_text(encoding="utf-8").endswith("# mine\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["show", "99"], "article 99: is not in the store"),
        (["show", "x"], "'x' is not a valid integer"),
        (["digest", "--since", "yesterday"], "is no time; write it like 2026-11-22"),
        (["digest", "--since", "2026-02-01", "--until", "2026-01-01"], "--since must be before --until"),
        (["digest", "--format", "pdf"], "'pdf' is not one of"),
        (["nonsense"], "No such command 'nonsense'"),
        (["extract"], "Missing argument"),
    ],
)
def test_mistakes_on_the_command_line_are_told(tmp_path: Path, words: list[str], said: str) -> None:
    ended = diemtin(tmp_path, *words)
    assert ended.status in (1, 2)
    assert said in ended.err


def test_terminal_output_carries_no_control_sequences_from_a_page(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(PAGE.replace("khai mạc", "khai \x1b[31mmạc\x07&#27;[2J&#x202e;"), encoding="utf-8")
    for words in (["extract", page], ["extract", page, "--format", "jsonl"]):
        out = diemtin(tmp_path / "home", *words).out
        assert not [c for c in out if (c < " " and c != "\n") or c in "\x7f\u202e"]


def test_output_that_cannot_be_written_is_told_and_marks_nothing(tmp_path: Path) -> None:
    diemtin(tmp_path, "reprocess", SEEDS)
    for word in ("digest", "status"):
        with Path("/dev/full").open("w", encoding="utf-8") as full:
            ended = subprocess.run(
                command(tmp_path, word), cwd=ROOT, env=environment(), stdout=full, stderr=subprocess.PIPE, text=True, check=False
            )
        assert (ended.returncode, ended.stderr) == (1, "diemtin: the output cannot be written: No space left on device\n")
    closed = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", *command(tmp_path, "digest")],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (closed.returncode, closed.stderr) == (1, "diemtin: standard output is closed; open it, or send it to /dev/null\n")
    assert "5 articles" in diemtin(tmp_path, "digest").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["extract", ""], "'': is no path"),
        (["extract", "a" * 300], "cannot be read: File name too long"),
        (["digest", "--since", "0001-01-01"], "is no time"),
        (["digest", "--until", "9999-12-31T23:59:59-12:00"], "is no time"),
        (["--home", "", "status"], "is empty; name a folder"),
    ],
)
def test_odd_words_are_told_in_one_line(tmp_path: Path, words: list[str], said: str) -> None:
    ended = diemtin(tmp_path, *words, cwd=tmp_path)
    assert ended.status in (1, 2)
    assert said in ended.err
    assert not (tmp_path / "diemtin.toml").exists()


def test_two_files_that_would_be_one_page_are_told(tmp_path: Path) -> None:
    for folder, place in (("one", "Cebu"), ("two", "Davao")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "page.html").write_text(PAGE.replace("Cebu", place), encoding="utf-8")
    ended = diemtin(tmp_path / "home", "reprocess", tmp_path / "one", tmp_path / "two")
    assert (ended.status, ended.out) == (1, "2 pages: 1 failed, 1 new\n")
    assert f"would be stored as the same page as {tmp_path / 'one' / 'page.html'} (saved:page.html)" in ended.err
    assert diemtin(tmp_path / "other", "reprocess", tmp_path / "one", tmp_path / "one").out == "2 pages: 1 unchanged, 1 new\n"
    assert "1 in 1 versions" in diemtin(tmp_path / "other", "status").out


@pytest.mark.parametrize("captured", ["0001-01-01T00:00:00+07:00", "9999-12-31T23:59:00-07:00", "0500-01-01", "soon", 5])
def test_a_sidecar_that_is_wrong_is_told_and_stops_nothing(tmp_path: Path, captured: object) -> None:
    (tmp_path / "bad.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "bad.html.json").write_text(json.dumps({"captured_at": captured}), encoding="utf-8")
    (tmp_path / "good.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "good.html.json").write_text(json.dumps({"url": "https://a\ud800.vn/" + "x" * 5000}), encoding="utf-8")
    ended = diemtin(tmp_path / "home", "reprocess", tmp_path)
    assert ended.out == "2 pages: 1 failed, 1 new\n"
    assert "its sidecar bad.html.json has captured_at" in ended.err


def test_a_pipe_is_written_to_and_a_link_followed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    diemtin(home, "reprocess", SEEDS)
    (tmp_path / "real.txt").write_text("old", encoding="utf-8")
    (tmp_path / "real.txt").chmod(0o600)
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    diemtin(home, "digest", "--since", "2020-01-01", "--output", tmp_path / "link.txt")
    assert (tmp_path / "link.txt").is_symlink()
    assert "5 articles" in (tmp_path / "real.txt").read_text(encoding="utf-8")
    assert (tmp_path / "real.txt").stat().st_mode & 0o777 == 0o600
    os.mkfifo(tmp_path / "pipe")
    reader = subprocess.Popen(["cat", tmp_path / "pipe"], stdout=subprocess.PIPE, text=True)
    diemtin(home, "digest", "--output", tmp_path / "pipe")
    assert "5 articles" in reader.communicate(timeout=20)[0]
    assert (tmp_path / "pipe").is_fifo()


# ---------------------------------------------------------------- two at once, and sudden ends


def test_of_two_digests_at_once_one_tells(tmp_path: Path) -> None:
    diemtin(tmp_path, "reprocess", SEEDS)
    both = [
        subprocess.Popen(
            command(tmp_path, "digest"), cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    said = [child.communicate(timeout=60) for child in both]
    assert sum("5 articles" in out for out, _ in said) == 1
    # a holder that has just ended, or has not yet written its name, is told in other words
    assert all("Nothing is new" in out or "in use by " in err or "5 articles" in out for out, err in said), said


def test_a_digest_waits_for_whoever_writes_and_is_told_once(tmp_path: Path) -> None:
    diemtin(tmp_path, "reprocess", SEEDS)
    writer = sqlite3.connect(tmp_path / "diemtin.db", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    child = subprocess.Popen(
        command(tmp_path, "digest"), cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert child.stderr
    assert "the digest waits for its end" in child.stderr.readline()
    writer.execute("ROLLBACK")
    out, err = child.communicate(timeout=60)
    assert (child.returncode, err) == (0, "")
    assert "5 articles" in out
    assert "Nothing is new" in diemtin(tmp_path, "digest").out
    writer.close()


def test_many_first_starts_at_once_make_one_store(tmp_path: Path) -> None:
    children = [
        subprocess.Popen(
            command(tmp_path / "home", "status"),
            cwd=ROOT,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]
    assert [(child.communicate(timeout=60)[1], child.returncode) for child in children] == [("", 0)] * 6


def test_a_second_writer_is_refused_by_name(tmp_path: Path) -> None:
    import store

    with store.lock.hold(tmp_path, "diemtin crawl"):
        ended = diemtin(tmp_path, "reprocess", SEEDS)
    assert ended.status == 1
    assert "in use by diemtin crawl (process" in ended.err
    assert diemtin(tmp_path, "status").status == 0


def pages_folder(folder: Path, count: int) -> Path:
    folder.mkdir()
    for n in range(count):
        (folder / f"{n:03}.html").write_text(PAGE.replace("lần thứ 48", f"lần thứ {n}"), encoding="utf-8")
    return folder


def test_a_killed_run_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    pages = pages_folder(tmp_path / "pages", 300)
    home = tmp_path / "home"
    settings(home)
    for wait in (0.9, 1.3, 1.8):
        child = subprocess.Popen(
            command(home, "reprocess", pages), cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(wait)
        child.send_signal(signal.SIGKILL)
        child.wait()
    ended = diemtin(home, "reprocess", pages)
    assert ended.status == 0
    assert ended.out.startswith("300 pages: ")
    status = diemtin(home, "status").out
    assert "300 in 300 versions" in status
    assert "captures  300 (300 new)" in status
    assert "300 pages: 300 unchanged" in diemtin(home, "reprocess", pages).out


def test_ctrl_c_ends_a_run_with_one_line_and_keeps_what_was_done(tmp_path: Path) -> None:
    pages = pages_folder(tmp_path / "pages", 400)
    home = tmp_path / "home"
    settings(home)
    # As a person runs it: under -W default the interpreter itself complains where the signal falls between opening a file and
    # the `with` that would close it.
    env = {**environment(), "PYTHONWARNINGS": ""}
    child = subprocess.Popen(
        command(home, "reprocess", pages), cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    time.sleep(1.5)
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=30)
    if child.returncode:  # it was not done before
        assert child.returncode == 130
        assert err.split("\n") == ["", "diemtin: stopped; what was done is kept", ""]  # after the ^C of the terminal
    assert diemtin(home, "reprocess", pages).out.startswith("400 pages: ")


def test_lines_that_many_dumps_of_a_folder_have_in_common_are_no_text(tmp_path: Path) -> None:
    furniture = "Chuyên trang thông tin đối ngoại của các thành phố"
    folder = tmp_path / "bao"
    folder.mkdir()
    for number, place in enumerate(("Cần Thơ", "Đà Nẵng", "Hải Phòng", "Huế")):
        said = [
            f"{place} đón đoàn đại biểu thanh niên các nước láng giềng",
            f"Sáng nay, lãnh đạo thành phố {place} tiếp đoàn đại biểu thanh niên gồm {number + 20} người đến từ năm nước láng giềng.",
            furniture,
            f"Đoàn sẽ thăm {number + 3} trường đại học và dự phiên thảo luận về việc làm cho người trẻ tại {place} trong hai ngày.",
        ]
        (folder / f"{number}.txt").write_text("\n".join(said), encoding="utf-8")
    home = tmp_path / "home"
    together = diemtin(home, "extract", folder, "--format", "jsonl")
    assert [furniture in row["text"] for row in together.rows] == [False] * 4
    assert all("Đoàn sẽ thăm" in row["text"] for row in together.rows)
    alone = diemtin(home, "extract", folder / "0.txt", "--format", "jsonl")
    assert furniture in alone.rows[0]["text"]
    assert diemtin(home, "reprocess", folder).status == 0
    again = diemtin(home, "reprocess", "--json")
    assert json.loads(again.out)["totals"] == {"reread": 4}
    assert furniture not in diemtin(home, "show", "1").out


@pytest.mark.parametrize(
    "paging", ["/trang-{page}", "https://a.vn/trang-2", "https://a.vn/{page}/{page}", "https://a.vn/{x}/{page}"]
)
def test_a_rule_of_paging_that_is_none_is_told_by_its_key(tmp_path: Path, paging: str) -> None:
    settings(tmp_path, source("a", "https://a.vn/tin", paging=paging))
    ended = diemtin(tmp_path, "sources")
    assert ended.status == 2
    assert f"source[1].paging: is '{paging}'; it takes an address with {{page}} or {{offset:15}} in it, once" in ended.err
