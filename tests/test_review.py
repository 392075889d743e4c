"""The archive read again as a review: what a dry run tells is what the same command then writes, whole or not at all.

Real stores and real processes. Another reader is a copy of the house with other tables in it.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

import extract
import pipeline
import store
from digest import review as told
from model import (
    Capture,
    Certainty,
    DateClaim,
    DateSource,
    Difference,
    Evidence,
    Failure,
    Field,
    Flag,
    Learned,
    Learning,
    Level,
    Regrouped,
    Reread,
    StoreError,
)
from tests import syndication
from tests.commands import ROOT, SEEDS, Ended, diemtin
from track import review

TOPIC = """
name = "{name}"
base = "name"
core_density = 4.0
related_density = 2.0
sections = []
[[term]]
rule = "name"
weight = {weight}
phrases = ["{phrase}"]
"""
FAMILY = """
[[family]]
name = "bao"
whole = true
sites = ["bao.vn"]
body = [".{body}"]
title = [".{title}"]
author = [".ten"]
[[family]]
name = "tin"
whole = true
sites = ["tin.vn"]
body = [".{other}"]
title = ["h1"]
"""
REFUSED = """

_read = read


def read(capture: Capture, learning: Learning | None = None) -> Article:
    if b"{word}" in capture.body:
        raise ExtractError("is refused by this reader", kind="no_article")
    return _read(capture, learning)
"""
SAID = [syndication.paragraph(Random(seed), 60) for seed in range(40)]  # noqa: S311 - invented news


def page(title: str, **boxes: list[str]) -> str:
    divs = "".join(f'<div class="{name}">' + "".join(f"<p>{one}</p>" for one in said) + "</div>" for name, said in boxes.items())
    return f'<html lang="vi"><meta charset="utf-8"><title>{title}</title><body><h1 class="mot">{title}</h1>{divs}</body></html>'


def save(folder: Path, name: str, url: str, content: str, captured: str = "2026-05-08T10:00:00+07:00") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.html").write_text(content, encoding="utf-8")
    (folder / f"{name}.html.json").write_text(json.dumps({"url": url, "captured_at": captured}), encoding="utf-8")


def house(folder: Path, *, body: str, title: str, other: str, refused: str) -> Path:
    """A copy of the house whose reader reads our sites by this table, and refuses pages with this word."""
    for name in ("cli", "crawler", "digest", "evidence", "extract", "store", "topics", "track"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in ROOT.glob("*.py"):
        shutil.copy(path, folder)
    with (folder / "extract" / "families.toml").open("a", encoding="utf-8") as table:
        table.write(FAMILY.format(body=body, title=title, other=other))
    with (folder / "extract" / "__init__.py").open("a", encoding="utf-8") as code:
        code.write(REFUSED.format(word=refused))
    return folder


def start(where: Path, home: Path, *words: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "cli", "--home", str(home), *map(str, words)],
        cwd=where,
        env={**os.environ, "PYTHONPATH": str(where)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def run(where: Path, home: Path, *words: str | Path) -> Ended:
    child = start(where, home, *words)
    out, err = child.communicate(timeout=240)
    assert "Traceback" not in err, err
    return Ended(child.returncode, out, err)


def dump(home: Path, *, with_log: bool = True) -> dict[str, list[tuple[Any, ...]]]:
    """All that a database holds; without what says when something was done."""
    with sqlite3.connect(f"file:{home / 'diemtin.db'}?mode=ro", uri=True) as raw:
        names = [row[0] for row in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
        tables = {name: raw.execute(f"SELECT * FROM {name}").fetchall() for name in names}  # noqa: S608
        if not with_log:
            del tables["runs"]
            tables["captures"] = raw.execute(
                "SELECT id, identity, state, error_kind, error, article_id FROM captures ORDER BY id"
            ).fetchall()
    return tables


def rows(home: Path, sql: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(f"file:{home / 'diemtin.db'}?mode=ro", uri=True) as raw:
        return raw.execute(sql).fetchall()


# ---------------------------------------------------------------- nothing changed


def test_with_nothing_changed_it_tells_no_difference_and_changes_nothing(tmp_path: Path) -> None:
    diemtin(tmp_path, "reprocess", SEEDS)
    diemtin(tmp_path, "digest")
    before = dump(tmp_path)
    for _ in range(2):
        said = diemtin(tmp_path, "reprocess", "--dry-run").out
        assert said == "5 pages of the archive were read again; nothing differs from what is stored.\n"
        assert dump(tmp_path) == before
    for _ in range(2):
        assert diemtin(tmp_path, "reprocess").out == "5 pages: 5 reread\n"
        assert not (tmp_path / "reprocess.db").exists()
    after = dump(tmp_path)
    assert {name for name in before if before[name] != after[name]} == {"runs"}


def dumps(folder: Path, names: str, paper: str) -> Path:
    """Text dumps of a site, with a line under each text that all of them have."""
    folder.mkdir(exist_ok=True)
    under = f"Mời bạn đọc theo dõi bản tin của {paper} trên mạng xã hội và tải ứng dụng của chúng tôi về máy."
    for number, name in enumerate(names):
        said = ["Trang chủ Chính trị", f"Tin {name} về giá lúa", "08/05/2026 10:00", *SAID[6 * number : 6 * number + 6], under]
        (folder / f"{name}.txt").write_text("\n".join(said), encoding="utf-8")
    return folder


def test_what_more_dumps_teach_changes_nothing_that_was_read_before(tmp_path: Path) -> None:
    """All dumps without an address are of one source, whatever folder they lie in, and a folder grows."""
    home = tmp_path / "home"
    diemtin(home, "reprocess", dumps(tmp_path / "one", "abcdef", "báo A"))
    assert "Mời bạn đọc" not in diemtin(home, "show", "1").out
    diemtin(home, "reprocess", dumps(tmp_path / "few", "gh", "báo B"))
    diemtin(home, "reprocess", dumps(tmp_path / "few", "ghijkl", "báo B"))
    assert "nothing differs" in diemtin(home, "reprocess", "--dry-run").out
    assert diemtin(home, "export", "7", "--output", tmp_path / "pack.zip").status == 0
    assert diemtin(home, "verify", tmp_path / "pack.zip").out.endswith("\ngood\n")


def test_options_of_the_archive_take_no_path(tmp_path: Path) -> None:
    for words in (["--dry-run"], ["--format", "html"], ["--output", tmp_path / "x"]):
        ended = diemtin(tmp_path, "reprocess", *words, SEEDS)
        assert (ended.status, "they take no PATH" in ended.err) == (2, True)


# ---------------------------------------------------------------- other rules


def test_a_rule_change_is_told_with_exactly_what_is_gained_and_lost_and_then_written(tmp_path: Path) -> None:
    home = tmp_path / "home"
    topics = home / "topics"
    topics.mkdir(parents=True)
    (home / "diemtin.toml").write_text('topics = ["cu", "moi"]\nworkers = 2\n', encoding="utf-8")
    (topics / "cu.toml").write_text(TOPIC.format(name="cu", phrase="sông Hồng", weight=3), encoding="utf-8")
    (topics / "moi.toml").write_text(TOPIC.format(name="moi", phrase="không có ở đâu", weight=3), encoding="utf-8")
    for number in range(6):
        place = ("sông Hồng", "sông Hậu")[number % 2]
        said = [f"Sáng nay, nước {place} lên nhanh.", *SAID[2 * number : 2 * number + 2]]
        save(tmp_path / "pages", str(number), f"https://a.vn/tin-{number}.html", page(f"Tin số {number}", bai=said))
    assert diemtin(home, "reprocess", tmp_path / "pages").out == "6 pages: 6 new\n"
    diemtin(home, "digest")
    before = dump(home)
    (topics / "cu.toml").write_text(TOPIC.format(name="cu", phrase="không có ở đâu", weight=3), encoding="utf-8")
    (topics / "moi.toml").write_text(TOPIC.format(name="moi", phrase="sông Hậu", weight=3), encoding="utf-8")
    dry = json.loads(diemtin(home, "reprocess", "--dry-run", "--format", "json").out)
    assert dump(home) == before
    level = rows(home, "SELECT DISTINCT level FROM flags")[0][0]
    assert (dry["dry_run"], dry["read"], dry["differing"]) == (True, 6, 6)
    assert dry["flags"] == {"gained": {f"moi {level}": 3}, "lost": {f"cu {level}": 3}, "moved": {}, "reasons": 0, "rules": 0}
    assert (dry["fields"], dry["bodies"], dry["errors"]) == ({}, {}, {"new": {}, "gone": {}, "other": 0})
    kinds = [(one["kind"], one["article_id"]) for one in dry["samples"]]
    assert kinds == [
        ("flag gained", 2),
        ("flag gained", 4),
        ("flag gained", 6),
        ("flag lost", 1),
        ("flag lost", 3),
        ("flag lost", 5),
    ]
    html = diemtin(home, "reprocess", "--dry-run", "--format", "html").out
    assert "<script" not in html
    assert "“sông Hậu” in the lead" in html
    written = diemtin(home, "reprocess")
    assert written.out.startswith("6 pages: 6 reread\n\n6 pages of the archive were read again; 6 are stored otherwise now.\n")
    assert "going on from there" in written.err, "it was read by the dry run"
    assert rows(home, "SELECT DISTINCT topic, count(*) FROM flags GROUP BY topic") == [("moi", 3)]
    assert "nothing differs" in diemtin(home, "reprocess", "--dry-run").out
    assert "Nothing is new" in diemtin(home, "digest").out
    after = dump(home)
    changed = {name for name in before if before[name] != after[name]} - {"runs", "captures"}
    assert changed == {"flags"}


def test_a_comment_in_a_topic_file_is_no_difference_to_a_person(tmp_path: Path) -> None:
    diemtin(tmp_path, "reprocess", SEEDS)
    (tmp_path / "topics").mkdir()
    shipped = (ROOT / "topics" / "asean.toml").read_text(encoding="utf-8")
    (tmp_path / "topics" / "asean.toml").write_text(shipped + "# a comment\n", encoding="utf-8")
    old = rows(tmp_path, "SELECT DISTINCT rules FROM flags")
    assert "nothing differs" in diemtin(tmp_path, "reprocess", "--dry-run").out
    assert diemtin(tmp_path, "reprocess").out == "5 pages: 5 reread\n"
    assert rows(tmp_path, "SELECT DISTINCT rules FROM flags") != old, "but the flags name the rules that made them"


# ---------------------------------------------------------------- another reader


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A reader, and a better one."""
    folder = tmp_path_factory.mktemp("houses")
    old = house(folder / "old", body="bai", title="mot", other="mot-bai", refused="tu-choi-mot")
    return old, house(folder / "new", body="trong", title="hai", other="hai-bai", refused="tu-choi-hai")


@pytest.fixture(scope="module")
def base(houses: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that the old reader has made; told, but for nothing."""
    home = tmp_path_factory.mktemp("base")
    pages, later = home / "pages", home / "later"
    other = '<p class="hai">Một đầu đề khác hẳn của bài này</p><p class="ten">Nguyễn Văn An</p>'
    inner = {n: "".join(f"<p>{one}</p>" for one in SAID[3 * n : 3 * n + 3]) for n in range(4)}
    for n in range(4):
        box = f'<div class="bai"><div class="trong">{inner[n]}</div><p>{SAID[30 + n]}</p></div>'
        save(
            pages,
            f"bao-{n}",
            f"https://bao.vn/tin-{n}.html",
            page(f"Tin số {n} của báo").replace("</body>", f"{other}{box}</body>"),
        )
    copied = [*SAID[0:3], SAID[30]]
    save(pages, "tin-0", "https://tin.vn/tin-0.html", page("Tin chép lại", **{"mot-bai": copied, "hai-bai": SAID[20:23]}))
    save(pages, "tin-1", "https://tin.vn/tin-1.html", page("Tin sẽ giống", **{"mot-bai": SAID[23:26], "hai-bai": SAID[3:6]}))
    save(pages, "x-0", "https://tin.vn/hong-0.html", page("Tin hỏng cũ <!-- tu-choi-mot -->", **{"mot-bai": SAID[26:28]}))
    save(pages, "x-1", "https://tin.vn/hong-1.html", page("Tin hỏng mới <!-- tu-choi-hai -->", **{"mot-bai": SAID[28:30]}))
    save(
        pages,
        "x-2",
        "https://tin.vn/cu.html",
        page("Bản cũ <!-- tu-choi-mot -->", **{"mot-bai": SAID[34:36], "hai-bai": SAID[34:36]}),
    )
    said = [*SAID[34:36], "Bản mới thêm một câu nữa về việc này."]
    save(
        later, "x-2", "https://tin.vn/cu.html", page("Bản mới", **{"mot-bai": said, "hai-bai": said}), "2026-05-09T10:00:00+07:00"
    )
    (home / "diemtin.toml").write_text("workers = 2\n", encoding="utf-8")
    assert run(houses[0], home, "reprocess", pages).out == "9 pages: 6 new, 1 copy, 2 failed\n"
    assert run(houses[0], home, "reprocess", later).out == "1 page: 1 new\n"
    run(houses[0], home, "digest")
    return home


@pytest.fixture
def home(base: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(base, tmp_path / "home", ignore=shutil.ignore_patterns("pages", "later")))


def test_another_reader_is_told_field_by_field_then_written_and_never_told_as_an_edit(
    houses: tuple[Path, Path], home: Path
) -> None:
    _, new = houses
    stayed = "SELECT id, identity, told_version_id, version_id, first_seen FROM articles WHERE id <= {}"
    before = dump(home)
    heads = rows(home, stayed.format(10**6))
    assert "nothing differs" in run(houses[0], home, "reprocess", "--dry-run").out
    dry = json.loads(run(new, home, "reprocess", "--dry-run", "--format", "json").out)
    assert dump(home) == before
    assert dry["read"] == 10
    assert (dry["fields"]["title"], dry["fields"]["text"], dry["fields"]["lead"]) == (4, 6, 2)
    assert sum(dry["bodies"].values()) == 6
    assert dry["words"]["removed"] > 4 * 50
    assert dry["errors"] == {"new": {"no_article": 1}, "gone": {"no_article": 2}, "other": 0}
    assert dry["copies"] == {"merged": 1, "split": 1, "of_another": 0}
    samples = {kind: [one for one in dry["samples"] if one["kind"] == kind] for kind in {one["kind"] for one in dry["samples"]}}
    assert samples["title"][0]["after"] == "Một đầu đề khác hẳn của bài này"
    assert all(one["diff"]["words"] for one in samples["text"])
    assert samples["copy merged"][0]["after"].startswith("copy of article ")
    text = run(new, home, "reprocess", "--dry-run")
    assert "10 pages were read already" in text.err
    assert "copies     1 merged; 1 split" in text.out
    assert "errors     1 new (no_article 1); 2 gone (no_article 2)" in text.out

    written = run(new, home, "reprocess", "--json")
    facts = json.loads(written.out)
    assert {**facts["review"], "dry_run": True} == dry, "what was told is what was done"
    assert "is refused by this reader" in written.err
    assert facts["totals"] == {"failed": 1, "reread": 9}
    after = dump(home)
    for name in ("digests", "frontier", "events", "layouts", "sites", "hosts"):
        assert after[name] == before[name], name
    count = len(before["articles"])
    assert rows(home, stayed.format(count)) == heads
    with sqlite3.connect(home / "diemtin.db") as raw:
        assert raw.execute("SELECT count(*) FROM versions WHERE article_id <= ?", (count,)).fetchone()[0] == len(
            before["versions"]
        )
    assert len(rows(home, "SELECT 1 FROM articles")) == count + 1
    assert "nothing differs" in run(new, home, "reprocess", "--dry-run").out
    digest = run(new, home, "digest", "--format", "json")
    news = [item for group in json.loads(digest.out)["groups"] for item in group["items"]]
    assert [item["title"] for item in news] == ["Tin hỏng cũ"], "what could never be read is new; nothing is an edit"
    assert not any(item["edited"] for item in news)
    assert rows(
        home, "SELECT title FROM versions JOIN articles a ON a.version_id = versions.id WHERE a.identity = 'tin.vn/cu.html'"
    ) == [("Bản mới",)], "an older page that can be read now does not take the place of a newer one"


def test_killed_while_reading_it_goes_on(tmp_path: Path, houses: tuple[Path, Path]) -> None:
    old, new = houses
    home = many(tmp_path, old, 160)
    before = dump(home)
    met = 0
    for _ in range(3):
        child = start(new, home, "reprocess", "--dry-run")
        limit = time.monotonic() + 60
        while time.monotonic() < limit and child.poll() is None and staged(home) < met + 50:
            time.sleep(0.02)
        child.send_signal(signal.SIGKILL)
        child.communicate()
        assert staged(home) >= met
        met = staged(home)
    assert met >= 50
    assert dump(home) == before
    calm = Path(shutil.copytree(home, tmp_path / "calm"))
    (calm / "reprocess.db").unlink()
    ended = run(new, home, "reprocess", "--dry-run", "--format", "json")
    assert "pages were read already" in ended.err
    whole = run(new, calm, "reprocess", "--dry-run", "--format", "json")
    assert "pages were read already" not in whole.err
    assert ended.out == whole.out
    assert json.loads(ended.out)["fields"]["text"] == 160


def test_stopped_while_reading_it_says_so_in_one_line_and_goes_on(tmp_path: Path, houses: tuple[Path, Path]) -> None:
    old, new = houses
    home = many(tmp_path, old, 120)
    child = start(new, home, "reprocess")
    while child.poll() is None and staged(home) < 50:
        time.sleep(0.02)
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=60)
    if child.returncode:
        assert (child.returncode, err.split("\n")[-2:]) == (130, ["diemtin: stopped; what was done is kept", ""])
        assert "Exception" not in err
        assert "pages were read already" in run(new, home, "reprocess").err
    assert rows(home, "SELECT count(*) FROM versions WHERE title LIKE 'Đầu đề%'") == [(120,)]


def test_killed_while_writing_it_is_all_or_nothing(tmp_path: Path, houses: tuple[Path, Path]) -> None:
    old, new = houses
    home = many(tmp_path, old, 160)
    run(new, home, "reprocess", "--dry-run")
    before = dump(home, with_log=False)
    calm = Path(shutil.copytree(home, tmp_path / "calm"))
    started = time.monotonic()
    run(new, calm, "reprocess")
    after = dump(calm, with_log=False)
    assert after["versions"] != before["versions"]
    draw = random.Random(1)  # noqa: S311
    took = min(2.0, time.monotonic() - started)
    outcomes = []
    for number in range(3):
        torn = Path(shutil.copytree(home, tmp_path / f"torn-{number}"))
        child = start(new, torn, "reprocess")
        assert child.stderr is not None
        for line in child.stderr:
            if "writing 160" in line:
                break
        time.sleep(draw.random() * took * 0.3)
        child.send_signal(signal.SIGKILL)
        child.communicate()
        now = dump(torn, with_log=False)
        assert now in (before, after)
        outcomes.append(now == after)
        run(new, torn, "reprocess")
        assert dump(torn, with_log=False) == after
        shutil.rmtree(torn)
    assert not all(outcomes), "at least one was killed before its end"


def many(tmp_path: Path, where: Path, count: int) -> Path:
    home = tmp_path / "many"
    for n in range(count):
        draw = Random(n)  # noqa: S311
        box = f'<p class="hai">Đầu đề {n}</p><div class="bai"><p>Câu {n} ở trên.</p><div class="trong"><p>{syndication.paragraph(draw, 80)}</p></div></div>'
        save(tmp_path / "pages", f"{n:03}", f"https://bao.vn/{n}.html", page(f"Tin số {n}").replace("</body>", box + "</body>"))
    home.mkdir()
    (home / "diemtin.toml").write_text("workers = 1\n", encoding="utf-8")
    run(where, home, "reprocess", tmp_path / "pages")
    return home


def staged(home: Path) -> int:
    if not (home / "reprocess.db").exists():
        return 0
    try:
        with sqlite3.connect(f"file:{home / 'reprocess.db'}?mode=ro", uri=True) as raw:
            return int(raw.execute("SELECT count(*) FROM readings").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


# ---------------------------------------------------------------- the stage


def test_a_stage_of_other_rules_or_that_is_none_is_thrown_away(tmp_path: Path) -> None:
    with store.open_stage(tmp_path, "one") as stage:
        stage.put([store.Staged(capture_id=1, taught="", seen="x", content=None, failed=False)])
        assert (stage.count(), stage.holds(1, "", "x"), stage.holds(1, "", "y"), stage.holds(1, "z", "x")) == (
            1,
            True,
            False,
            False,
        )
    with store.open_stage(tmp_path, "one") as stage:
        assert stage.count() == 1
    with store.open_stage(tmp_path, "other") as stage:
        assert stage.count() == 0
    for garbage in (b"", b"no database" * 500):
        (tmp_path / "reprocess.db").write_bytes(garbage)
        with store.open_stage(tmp_path, "one") as stage:
            assert stage.count() == 0


def test_a_stage_with_a_damaged_page_is_begun_anew_and_what_it_cannot_tell_is_one_line(tmp_path: Path) -> None:
    rows = [store.Staged(capture_id=n, taught="", seen="x" * 500, content=None, failed=False) for n in range(1, 200)]
    with store.open_stage(tmp_path, "one") as stage:
        stage.put(rows)
    path = tmp_path / "reprocess.db"
    whole = path.read_bytes()
    path.write_bytes(whole[: 4096 * 5] + b"\xff" * 4096 * 3 + whole[4096 * 8 :])
    with store.open_stage(tmp_path, "one") as stage:
        assert stage.count() == 0
        stage.put(rows)
        stage._connection.execute("UPDATE readings SET content = '{'")
        with pytest.raises(StoreError, match="is damaged; delete it"):
            list(stage.differing())


def test_a_review_that_cannot_be_written_is_told_before_anything_is(tmp_path: Path) -> None:
    diemtin(tmp_path, "reprocess", SEEDS)
    before = dump(tmp_path)
    ended = diemtin(tmp_path, "reprocess", "--format", "html", "--output", tmp_path / "nowhere" / "review.html")
    assert (ended.status, ended.out) == (1, "")
    assert ended.err.endswith("review.html: cannot be written: No such file or directory\n")
    assert dump(tmp_path) == before


def test_what_was_staged_comes_back_as_it_was(tmp_path: Path) -> None:
    content = store.Content(
        article=written("Đầu đề"), fingerprint=pipeline.changes.fingerprint(written("Đầu đề")), flags=(flag("core"),)
    )
    failure = Failure(kind="bug", message="…")
    with store.open_stage(tmp_path, "one") as stage:
        stage.put(
            [store.Staged(capture_id=n, taught="", seen="x", content=c, failed=False) for n, c in ((1, content), (2, failure))]
        )
        assert [one.content for one in stage.differing()] == [content, failure]


def test_a_capture_is_read_as_its_version_was_by_a_path_that_came_later(tmp_path: Path) -> None:
    said = [*SAID[:2], *SAID[2:4]]
    content = page("Một đầu đề", khung=said[:2], **{"bai-viet": said[2:]}).replace('class="khung"', 'class="khung" id="khung"')
    moment = datetime(2026, 5, 8, tzinfo=UTC)
    with store.open_store(tmp_path) as books:
        capture = Capture(
            identity="a.vn/1.html", url="https://a.vn/1.html", body=content.encode(), captured_at=moment, captured_exactly=True
        )
        (archived,) = books.archive([capture])
        taught = Learning(site="a.vn", paths=(Learned(path="div.bai-viet", since=moment + timedelta(days=1), until=None),))
        read = extract.read(replace(capture, captured_at=moment + timedelta(days=2)), taught)
        reader = "2" + extract.signature(read).removeprefix(str(extract.VERSION))  # of an older version of the reader
        own = pipeline.read_stored(books.archive_folder, archived.place, taught, "")
        later = pipeline.read_stored(books.archive_folder, archived.place, taught, reader)
    assert isinstance(own, pipeline.Reading)
    assert isinstance(later, pipeline.Reading)
    assert (own.article.reader, later.article.reader) == ("generic", "learned")


# ---------------------------------------------------------------- the review is a value


def written(title: str, said: list[str] | None = None, **fields: Any) -> Any:
    return replace(syndication.article(title, said or SAID[:2], "a.vn"), **fields)


def flag(level: str, rules: str = "1", word: str = "ASEAN") -> Flag:
    evidence = Evidence(rule="asean", text=word, field=Field.TITLE, start=0, end=len(word))
    return Flag(topic="asean", level=Level(level), score=1.0, rules=rules, evidence=(evidence,))


def pair(number: int = 1, **fields: Any) -> Reread:
    given = {"before": written("Một"), "after": written("Một"), **fields}
    return Reread(capture_id=number, article_id=number, subject=f"https://a.vn/{number}", **given)


def test_each_difference_is_counted_under_its_name() -> None:
    claim = DateClaim(moment=datetime(2026, 5, 8, tzinfo=UTC), source=DateSource.META, certainty=Certainty.SURE)
    error = Failure(kind="too_slow", message="…")
    found = review.build(
        [
            pair(1),
            pair(2, after=written("Hai")),
            pair(3, after=written("Một", published_claims=(claim,), authors=("An",), tags=("x",))),
            pair(4, after=written("Một", [SAID[0], SAID[5]])),
            pair(5, flags_after=(flag("core"),)),
            pair(6, flags_before=(flag("core"),)),
            pair(7, flags_before=(flag("core"),), flags_after=(flag("mention"),)),
            pair(8, flags_before=(flag("core"),), flags_after=(flag("core", word="Đông Nam Á"),)),
            pair(9, flags_before=(flag("core"),), flags_after=(flag("core", "2"),)),
            pair(10, after=None, error_after=error),
            pair(11, before=None, error_before=error),
            pair(12, before=None, after=None, error_before=error, error_after=Failure(kind="bug", message="…")),
            pair(13, before=None, after=None, error_before=error, error_after=replace(error, message="another")),
            Regrouped(article_id=1, title="Một", outlet="A", before=None, after="copy of article 9 (B)", joined=True),
            Regrouped(article_id=2, title="Hai", outlet="A", before="copy of article 9 (B)", after=None, left=True),
        ],
        20,
    )
    assert dict(found.fields.counts) == {"title": 1, "text": 1, "published": 1, "authors": 1, "claims": 1, "tags": 1}
    assert (found.read, found.differing) == (20, 10)
    assert (found.gained.counts, found.lost.counts) == ((("asean core", 1),), (("asean core", 1),))
    assert (found.moved.counts, found.reasons, found.rules) == ((("asean core → mention", 1),), 1, 1)
    assert (found.errors_new.counts, found.errors_gone.counts, found.errors_other) == ((("too_slow", 1),), (("too_slow", 1),), 1)
    assert (found.merged, found.split, found.joined, found.left) == (1, 1, 1, 1)
    for form in told.FORMATS:
        assert told.render(found, form, is_dry=True)


def test_it_is_empty_where_nothing_differs_and_says_so() -> None:
    found = review.build([pair(9, flags_before=(flag("core"),), flags_after=(flag("core", "2"),))], 7)
    assert found.is_empty
    assert told.lines(found, is_dry=True)[0] == "7 pages of the archive were read again; nothing differs from what is stored."


def test_nothing_of_a_page_becomes_markup_or_reaches_the_terminal() -> None:
    evil = "<script>alert(1)</script>\x1b[31m \x07"
    found = review.build([pair(1, after=written(evil), flags_after=(flag("core", word=evil),))], 1)
    html = told.render(found, "html", is_dry=False)
    assert "<script" not in html
    said = told.render(found, "text", is_dry=False)
    assert not {"\x1b", "\x07"} & {*said, *html}


def test_memory_is_flat_however_long_the_stream() -> None:
    def stream(count: int) -> Iterator[Reread]:
        for number in range(count):
            said = [syndication.paragraph(Random(number), 50)]  # noqa: S311
            yield pair(number, after=written(f"Tin {number}", said), flags_after=(flag("core"),))

    def peak(count: int) -> int:
        tracemalloc.start()
        found = review.build(stream(count), count)
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert found.fields["title"] == count
        assert max(sum(one.kind is kind for one in found.samples) for kind in Difference) == review.SAMPLES
        return used

    peak(20)
    assert peak(1000) < peak(100) + 300_000
