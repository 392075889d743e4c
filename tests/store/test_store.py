"""The store: a real SQLite file, its rules, and two connections at once."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import store
from model import (
    Article,
    Block,
    BlockKind,
    Capture,
    Certainty,
    Change,
    ChangeKind,
    Credit,
    DateClaim,
    DateSource,
    Evidence,
    Failure,
    Field,
    Flag,
    Image,
    Learned,
    Learning,
    Level,
    StoreError,
    Tally,
)
from track import changes, copies
from track.judge import judge

NOW = datetime(2026, 11, 22, 5, 40, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
FLAG = Flag(
    topic="ASEAN",
    level=Level.CORE,
    score=3.5,
    rules="v1",
    evidence=(Evidence(rule="asean", text="ASEAN", field=Field.TITLE, start=0, end=5),),
)


@pytest.fixture
def books(tmp_path: Path) -> Iterator[store.Store]:
    with store.open_store(tmp_path) as opened:
        yield opened


def capture(identity: str, body: bytes) -> Capture:
    return Capture(identity=identity, body=body, captured_at=NOW, captured_exactly=True, url=f"https://{identity}", status=200)


def article(identity: str, said: str, title: str = "Hội nghị") -> Article:
    return Article(
        identity=identity,
        url=f"https://{identity}",
        site="a.vn",
        outlet="Báo A",
        title=title,
        blocks=(Block(kind=BlockKind.PARAGRAPH, text=said), Block(kind=BlockKind.CAPTION, text="Ảnh: BNG")),
        has_lead=True,
        published_claims=(
            DateClaim(
                moment=datetime.fromisoformat("2024-06-18T09:47:00+07:00"), source=DateSource.META, certainty=Certainty.SURE
            ),
        ),
        images=(Image(url="https://a.vn/1.jpg", caption="Ảnh: BNG"),),
        breadcrumb=("Chính trị",),
        agreement=0.97,
        authors=("Như Tâm",),
        tags=("ASEAN",),
        credit=Credit(name="VOV", domain="vov.vn"),
        notes=("not UTF-8; read as cp1258",),
    )


def keep(
    books: store.Store,
    identity: str,
    said: str,
    *,
    title: str = "Hội nghị",
    now: datetime = NOW,
    flags: tuple[Flag, ...] = (FLAG,),
) -> Change:
    """What the pipeline does with one page."""
    (archived,) = books.archive([capture(identity, f"{title}{said}{now}".encode())])
    return read(books, archived.capture_id, article(identity, said, title), now, flags)


def read(books: store.Store, capture_id: int, found: Article, now: datetime = NOW, flags: tuple[Flag, ...] = (FLAG,)) -> Change:
    fingerprint = changes.fingerprint(found)
    known = books.known(found, fingerprint, capture_id, copies.series_key(found), now)
    update = judge(found, fingerprint, flags, "reader", known, capture_id, now)
    books.apply(update)
    return update.change


LONG = " ".join(f"câu số {n} của văn bản" for n in range(20))


def test_an_article_comes_back_as_it_was_read(books: store.Store) -> None:
    keep(books, "a.vn/1", LONG)
    kept = books.kept(1)
    assert kept
    assert kept.article == article("a.vn/1", LONG)
    assert kept.flags == (FLAG,)
    assert books.kept(2) is None
    assert books.kept(1, version=2) is None


def test_new_unchanged_edited_and_copied_articles(books: store.Store) -> None:
    assert keep(books, "a.vn/1", LONG).kind is ChangeKind.NEW
    assert keep(books, "a.vn/1", LONG).kind is ChangeKind.UNCHANGED
    assert keep(books, "a.vn/1", LONG + " thêm", now=NOW + timedelta(hours=1)).kind is ChangeKind.EDITED
    assert keep(books, "b.vn/2", LONG + " thêm", title="Tựa khác") == Change(kind=ChangeKind.COPY, copy_of=1)
    kept = books.kept(1)
    assert kept
    assert [v.seen for v in kept.versions] == [NOW, NOW + timedelta(hours=1)]
    assert dict(books.status().captures.counts) == {"copy": 1, "edited": 1, "new": 1, "unchanged": 1}


def test_reading_a_capture_again_replaces_its_version_and_tells_nothing(books: store.Store) -> None:
    keep(books, "a.vn/1", LONG)
    books.tell("{}", [n.version_id for n in books.untold()], NOW)
    assert read(books, 1, article("a.vn/1", LONG + " một câu mà trình đọc cũ bỏ sót"), flags=()).kind is ChangeKind.REREAD
    kept = books.kept(1)
    assert kept
    assert len(kept.versions) == 1
    assert kept.article.text.endswith("bỏ sót")
    assert kept.flags == ()
    assert books.untold() == []
    assert dict(books.status().captures.counts) == {"new": 1}


def test_a_capture_makes_one_version_and_an_identity_one_article(books: store.Store, tmp_path: Path) -> None:
    keep(books, "a.vn/1", LONG)
    with sqlite3.connect(tmp_path / store.DATABASE) as raw, pytest.raises(sqlite3.IntegrityError):
        raw.execute("INSERT INTO articles(identity, first_seen, last_seen) VALUES ('a.vn/1', '', '')")
    with sqlite3.connect(tmp_path / store.DATABASE) as raw, pytest.raises(sqlite3.IntegrityError):
        raw.execute(
            "INSERT INTO versions(article_id, capture_id, seen, article, words, edit_hash, copy_hash)"
            " SELECT article_id, capture_id, seen, article, words, '', '' FROM versions"
        )


def test_what_was_told_is_not_told_again_and_an_edit_is(books: store.Store) -> None:
    keep(books, "a.vn/1", LONG, title="Tựa cũ")
    keep(books, "a.vn/2", LONG + " hai")
    first = books.untold()
    assert [n.article_id for n in first] == [1, 2]
    assert not any(n.edited for n in first)
    books.tell("first", [n.version_id for n in first], NOW)
    assert books.untold() == []
    keep(books, "a.vn/1", LONG, title="Tựa mới", now=NOW + timedelta(hours=1))
    (edited,) = books.untold()
    assert (edited.article_id, edited.edited, edited.old_title, edited.title) == (1, True, "Tựa cũ", "Tựa mới")
    assert books.last_digest() == "first"


def test_a_slow_digest_does_not_unsay_a_later_one(books: store.Store) -> None:
    keep(books, "a.vn/1", LONG)
    slow = [n.version_id for n in books.untold()]
    keep(books, "a.vn/1", LONG + " sửa")
    books.tell("{}", [n.version_id for n in books.untold()], NOW)
    books.tell("{}", slow, NOW)
    assert books.untold() == []


def test_a_copy_whose_original_is_edited_is_no_copy_any_more(books: store.Store) -> None:
    keep(books, "a.vn/1", LONG)
    keep(books, "b.vn/2", LONG, title="Tựa khác")
    keep(books, "a.vn/1", LONG + " sửa")
    original, copy = books.untold()
    assert (original.copies, copy.copy_of) == ((), None)


def test_an_edit_stored_while_a_digest_is_written_stays_untold(books: store.Store) -> None:
    keep(books, "a.vn/1", LONG)
    told = [n.version_id for n in books.untold()]
    keep(books, "a.vn/1", LONG + " sửa")
    books.tell("{}", told, NOW)
    assert [n.edited for n in books.untold()] == [True]


def test_looking_back_shows_articles_as_they_stood(books: store.Store) -> None:
    hours = [NOW + timedelta(hours=n) for n in range(4)]
    keep(books, "a.vn/1", LONG, title="Một", now=hours[0])
    keep(books, "a.vn/1", LONG, title="Hai", now=hours[2])
    assert [(n.title, n.edited) for n in books.between(hours[0], hours[1])] == [("Một", False)]
    assert [(n.title, n.edited, n.old_title) for n in books.between(hours[1], None)] == [("Hai", True, "Một")]
    assert [(n.title, n.edited) for n in books.between(None, None)] == [("Hai", False)]
    assert books.between(hours[3], None) == []


def test_a_copy_is_named_with_its_original(books: store.Store) -> None:
    keep(books, "a.vn/1", LONG)
    keep(books, "b.vn/2", LONG, title="Tựa khác")
    original, copy = books.untold()
    assert [c.article_id for c in original.copies] == [2]
    assert copy.copy_of == 1


def test_a_failure_is_kept_with_its_capture_and_does_not_unseat_an_article(books: store.Store) -> None:
    (archived,) = books.archive([capture("a.vn/1", b"x")])
    books.fail(archived.capture_id, Failure(kind="no_article", message="holds no article"), NOW)
    assert dict(books.status().captures.counts) == {"failed": 1}
    assert [a.capture_id for a in books.readable()] == [1]
    read(books, 1, article("a.vn/1", LONG))
    books.fail(1, Failure(kind="no_article", message="today's reader fails"), NOW)
    assert dict(books.status().captures.counts) == {"new": 1}
    assert books.kept(1)


def test_a_target_keeps_its_article_when_something_else_stands_there_and_an_article_its_addresses(books: store.Store) -> None:
    pages = [
        replace(capture(url, body), url_asked=f"https://{url}", url=f"https://{url}")
        for url, body in (("a.vn/tin", b"1"), ("a.vn/in", b"2"), ("a.vn/tin", b"3"))
    ]
    one, other, later = books.archive(pages)
    for archived in (one, other):
        read(books, archived.capture_id, article("a.vn/tin", LONG))
    books.fail(later.capture_id, Failure(kind="no_article", message="holds no article"), NOW)
    found = books.article_of("a.vn/tin")
    assert found is not None
    assert books.addresses(found) == ["a.vn/in", "a.vn/tin"]
    assert books.article_of("a.vn/khac") is None


def test_what_speaks_for_a_removal_is_kept_and_counted(books: store.Store) -> None:
    for number, removal in enumerate(('{"gone":null}', '{"gone":"2026-11-22T05:40:55Z"}', None)):
        keep(books, f"a.vn/{number}", f"{LONG} {number}")
        books.save_removal(number + 1, removal)
        assert books.removal(number + 1) == removal
    assert dict(books.status().removals.counts) == {"suspect": 1, "gone": 1}


def test_a_transaction_is_all_or_nothing(books: store.Store) -> None:
    def two_and_an_error() -> None:
        with books.transaction():
            keep(books, "a.vn/1", LONG)
            keep(books, "a.vn/2", LONG)
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        two_and_an_error()
    assert books.status().articles == 0
    assert keep(books, "a.vn/1", LONG).kind is ChangeKind.NEW


def test_a_reader_sees_the_last_commit_while_another_writes(books: store.Store, tmp_path: Path) -> None:
    keep(books, "a.vn/1", LONG)
    with store.open_store(tmp_path) as other, books.transaction():
        keep(books, "a.vn/2", LONG)
        assert other.status().articles == 1


def test_the_log_of_runs(books: store.Store) -> None:
    run = books.start_run("reprocess", NOW)
    assert books.status().last_runs[0].ended is None
    books.end_run(run, Tally().plus("new", 2), ["x: broken"], NOW + timedelta(seconds=3))
    last = books.status().last_runs[0]
    assert (last.totals["new"], last.problems) == (2, ("x: broken",))


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / store.DATABASE).write_bytes(b"not a database" * 100)
    with pytest.raises(StoreError, match="no database of ours, or damaged"):
        store.open_store(tmp_path)


def test_a_database_of_a_newer_diemtin_is_left_alone(books: store.Store, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / store.DATABASE) as raw:
        raw.execute("INSERT INTO _sqlite_migrations(migration_set, name, applied_at) VALUES ('diemtin', 'm999_later', '')")
    with pytest.raises(StoreError, match="newer diemtin"):
        store.open_store(tmp_path)


METHODS = {
    "untold": (),
    "removal": (1,),
    "addresses": (1,),
    "pending": (),
    "readable": (),
    "status": (),
    "last_digest": (),
    "between": (None, None),
    "kept": (1,),
    "archive": ([capture("a.vn/1", b"x")],),
    "seen": (capture("a.vn/1", b"x"),),
    "start_run": ("x", NOW),
    "end_run": (1, Tally(), [], NOW),
    "tell": ("", [], NOW),
    "fail": (1, Failure(kind="x", message="x"), NOW),
}


@pytest.mark.parametrize("method", METHODS)
def test_a_refusing_database_is_a_store_error_everywhere(books: store.Store, tmp_path: Path, method: str) -> None:
    with sqlite3.connect(tmp_path / store.DATABASE) as raw:
        raw.executescript(
            "DROP TABLE digests; DROP TABLE flags; DROP TABLE versions; DROP TABLE articles; DROP TABLE captures; DROP TABLE runs"
        )
    with pytest.raises(StoreError, match=store.DATABASE):
        getattr(books, method)(*METHODS[method])


# ---------------------------------------------------------------- the lock


def test_the_lock_names_its_holder_and_ends_with_it(tmp_path: Path) -> None:
    with store.lock.hold(tmp_path, "diemtin crawl"):
        script = f"import store, pathlib\nwith store.lock.hold(pathlib.Path({str(tmp_path)!r}), 'x'): pass"
        refused = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
        assert f"in use by diemtin crawl (process {os.getpid()})" in refused.stderr
    with store.lock.hold(tmp_path, "diemtin reprocess"):
        pass


def test_a_child_that_inherits_the_lock_may_write(tmp_path: Path) -> None:
    script = f"import store, pathlib\nwith store.lock.hold(pathlib.Path({str(tmp_path)!r}), 'x'): print('mine')"
    with store.lock.hold(tmp_path, "diemtin run") as handle:
        run = subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            pass_fds=[handle],
            env={**os.environ, **store.lock.inherit(handle)},
        )
    assert run.stdout == "mine\n"


def _write(home: Path, first: int, count: int) -> None:
    with store.open_store(home) as books:
        for n in range(first, first + count):
            keep(books, f"a.vn/{n}", f"{LONG} {n}")


def test_two_processes_that_write_lose_nothing(tmp_path: Path) -> None:
    with store.open_store(tmp_path):
        pass
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(tmp_path, first, 40)) for first in (0, 100)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    with store.open_store(tmp_path) as books:
        assert books.status().articles == 80
        assert len(books.untold()) == 80


def test_what_a_site_teaches_is_kept(tmp_path: Path) -> None:
    path = Learned(path="div.tin", since=NOW, until=None)
    learning = Learning(site="a.vn", paths=(replace(path, until=NOW), path), candidate="div.moi", times=3, misses=1)
    with store.open_store(tmp_path) as books:
        books.learn(Learning(site="a.vn"))
        books.learn(learning)
    with store.open_store(tmp_path) as books:
        assert books.learnings() == {"a.vn": learning}


def test_pages_read_with_doubt_are_counted_by_site(books: store.Store) -> None:
    keep(books, "a.vn/1", "Một")
    assert books.status().doubtful.total == 0
    for identity, doubt in (
        ("a.vn/2", {"agreement": 0.4}),
        ("a.vn/3", {"notes": ("the template x names no place here that holds text: read by shape; the site may have changed",)}),
    ):
        (archived,) = books.archive([capture(identity, identity.encode())])
        read(books, archived.capture_id, replace(article(identity, identity), **doubt))  # type: ignore[arg-type]
    assert dict(books.status().doubtful.counts) == {"a.vn": 2}
