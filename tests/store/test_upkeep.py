"""The archive after crashes, on bad disks and in the hands of prune: real files, real SIGKILLs."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

import store
from model import Archived, Capture, Failure, FindingKind, Verified
from store import records
from tests.commands import ROOT
from tests.store.test_store import NOW, article, read

OLD = NOW - timedelta(days=100)


def capture(identity: str, body: bytes, at: datetime = OLD) -> Capture:
    url = f"https://{identity}"
    return Capture(identity=identity, body=body, captured_at=at, captured_exactly=True, url=url, url_asked=url, status=200)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Two articles; of the first a re-capture with other bytes, an old revisit and a new one; one that failed, one unread."""
    with store.open_store(tmp_path) as books:
        for one in (
            capture("a.vn/1", b"a" + os.urandom(40)),
            capture("a.vn/2", b"b" + os.urandom(40)),
        ):
            (kept,) = books.archive([one])
            read(books, kept.capture_id, article(one.identity, f"văn bản {one.identity}"))
        body = b"c" + os.urandom(40)
        (again,) = books.archive([capture("a.vn/1", body)])
        read(books, again.capture_id, article("a.vn/1", "văn bản a.vn/1"))
        books.archive([capture("a.vn/1", body, OLD + timedelta(days=1))])
        books.archive([capture("a.vn/1", body, NOW)])
        (failed,) = books.archive([capture("a.vn/3", b"d")])
        books.fail(failed.capture_id, Failure(kind="x", message="x"), NOW)
        books.archive([capture("a.vn/4", b"e")])
    return tmp_path


def check(home: Path, *, may_cut: bool = False) -> Verified:
    with store.open_store(home) as books:
        return books.verify(may_cut=may_cut)


def kinds(found: Verified) -> list[str]:
    return [finding.kind for finding in found.findings]


def bodies(home: Path) -> dict[int, bytes]:
    """Every body that should be there, by capture."""
    with store.open_store(home) as books, sqlite3.connect(home / store.DATABASE) as raw:
        ids = [row[0] for row in raw.execute("SELECT id FROM captures WHERE pruned IS NULL ORDER BY id")]
        return {n: store.archive.read(home / store.ARCHIVE, placed(books, n).place).body for n in ids}


def placed(books: store.Store, number: int) -> Archived:
    from store import database

    row = books._row(database._CAPTURES + " WHERE c.id = ?", number)
    assert row
    return database._archived(row)


def warc(home: Path) -> Path:
    (path,) = (home / store.ARCHIVE).iterdir()
    return path


def states(home: Path) -> list[tuple[str, int | None, bool]]:
    with sqlite3.connect(home / store.DATABASE) as raw:
        return list(raw.execute("SELECT state, refers_to, pruned IS NOT NULL FROM captures ORDER BY id"))


# ---------------------------------------------------------------- verify and mend


def test_a_whole_archive_is_found_whole(home: Path) -> None:
    found = check(home)
    assert (found.files, found.records, found.captures, found.findings) == (1, 15, 7, ())
    assert found.size == warc(home).stat().st_size
    assert states(home)[2:5] == [("unchanged", None, False), ("unchanged", 3, False), ("unchanged", 3, False)]
    assert bodies(home)[5] == bodies(home)[3]


def test_a_torn_end_of_any_length_is_cut_and_told(home: Path) -> None:
    path, before = warc(home), warc(home).read_bytes()
    record = b"".join(records.pack(capture("a.vn/9", b"f")))
    with store.open_store(home) as books:
        for length in range(1, len(record)):
            path.write_bytes(before + record[:length])
            found = books.mend() if length % 2 else books.verify(may_cut=True).findings
            whole = len(records.pack(capture("a.vn/9", b"f"))[0])
            if len(path.read_bytes()) != len(before):  # the response was whole, the request not
                assert length > whole - 20
            else:
                assert [f.kind for f in found] == [FindingKind.CUT]
                assert found[0].message == f"the last {length:,} bytes were no whole record and no capture's: cut off"
            assert path.read_bytes().startswith(before)
            assert books.verify(may_cut=False).findings == ()
        books.archive([capture("a.vn/9", b"f")])
        assert books.verify(may_cut=False).findings == ()


def test_a_torn_end_is_left_to_the_one_who_may_write(home: Path) -> None:
    with warc(home).open("ab") as file:
        file.write(b"\x1f\x8b\x08torn")
    size = warc(home).stat().st_size
    assert kinds(check(home)) == ["torn"]
    assert warc(home).stat().st_size == size
    with store.open_store(home) as writer:
        writer.archive([capture("a.vn/8", b"g")])  # into a file of its own, since this one has no whole end
    assert kinds(check(home, may_cut=True)) == ["cut"]
    assert check(home).findings == ()


def test_what_a_row_refers_to_is_never_cut(home: Path) -> None:
    path, whole = warc(home), warc(home).read_bytes()
    with store.open_store(home) as books:
        last = placed(books, 7).place
        for length in (last.offset, last.offset + 1, last.offset + last.length - 1):
            path.write_bytes(whole[:length])
            found = books.verify(may_cut=True)
            assert {"damaged", "missing"} & set(kinds(found))
            assert "capture 7" in found.findings[0].message
            assert books.mend() == []
            assert path.stat().st_size == length


def test_every_flipped_bit_is_found_or_changes_nothing(home: Path) -> None:
    path, whole, good = warc(home), warc(home).read_bytes(), bodies(home)
    dice = random.Random(20261122)  # noqa: S311
    unnoticed = 0
    with store.open_store(home) as books:
        for at in range(len(whole)):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << dice.randrange(8)]) + whole[at + 1 :])
            if not books.verify(may_cut=False).findings:  # the time in gzip's header, the bits that fill up its last byte
                unnoticed += 1
                assert {n: store.archive.read(path.parent, placed(books, n).place).body for n in good} == good
    assert unnoticed < len(whole) / 20


def test_damage_hides_nothing_behind_it(home: Path) -> None:
    with store.open_store(home) as books:
        hit = placed(books, 2).place
    raw = bytearray(warc(home).read_bytes())
    raw[hit.offset : hit.offset + 10] = bytes(10)
    warc(home).write_bytes(raw)
    found = check(home, may_cut=True)
    assert [str(f) for f in found.findings] == [
        f"{hit.file} at {hit.offset}: {hit.length:,} bytes are no whole record; capture 2 lay there"
    ]
    assert (found.captures, found.records) == (6, 14)


def test_a_file_that_is_gone_and_files_of_nobody(home: Path) -> None:
    path = warc(home)
    shutil.copy(path, path.with_name("20200101T000000-00000000.warc.gz"))
    (path.parent / "note.txt").write_text("x", encoding="utf-8")
    path.unlink()
    found = check(home, may_cut=True)
    assert kinds(found) == ["stray", "stray", "missing"]
    assert found.findings[2].message == "the file is not there; captures 1, 2, 3, 4, 5 and 2 more lay in it"


def test_a_row_that_says_something_else_is_told(home: Path) -> None:
    with sqlite3.connect(home / store.DATABASE) as raw:
        raw.execute("UPDATE captures SET sha256 = 'x' WHERE id = 1")
        raw.execute("UPDATE captures SET offset = offset + 1 WHERE id = 2")
        raw.execute("UPDATE captures SET refers_to = 1 WHERE id = 4")
        raw.execute("UPDATE captures SET length = length + 1 WHERE id = 6")
    said = " | ".join(str(finding) for finding in check(home).findings)
    for part in (
        "its body is not the capture's (capture 1)",
        "the record of capture 2 is not there",
        "what it refers to is not there (capture 4)",
        "it is not of the length that was noted (capture 6)",
    ):
        assert part in said


# ---------------------------------------------------------------- sudden ends


def child(work: Callable[[], object]) -> int:
    """Do it in a process of its own; returns its number."""
    number = os.fork()
    if number:
        return number
    try:
        work()
        os._exit(0)
    except BaseException:
        os._exit(3)


def end(number: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])


def test_kills_while_appending_lose_nothing_that_was_committed(tmp_path: Path) -> None:
    dice = random.Random(1)  # noqa: S311
    done = tmp_path / "done"
    done.touch()
    home = tmp_path / "home"

    def append(turn: int) -> None:
        with store.open_store(home) as books, done.open("ab", buffering=0) as told:
            books.mend()
            for n in range(10_000):
                batch = [capture(f"a.vn/{turn}-{n}-{k}", os.urandom(dice.randrange(20_000))) for k in range(3)]
                for archived in books.archive(batch):
                    told.write(f"{archived.capture_id}\n".encode())

    for turn in range(12):
        number = child(partial(append, turn))
        time.sleep(0.05 + dice.random() * 0.25)
        os.kill(number, signal.SIGKILL)
        assert end(number) == -signal.SIGKILL
        found = check(home, may_cut=True)
        assert set(kinds(found)) <= {"cut", "stray"}
    committed = [int(line) for line in done.read_text(encoding="utf-8").splitlines()]
    assert len(committed) > 20
    assert set(committed) <= set(bodies(home))
    assert "damaged" not in kinds(check(home))


def test_a_full_disk_is_a_store_error_and_loses_nothing(home: Path) -> None:
    before, size = bodies(home), warc(home).stat().st_size
    script = f"""
import os, resource, sys
from functools import partial
from pathlib import Path
import store
from model import StoreError
from tests.store.test_upkeep import capture
with store.open_store(Path({str(home)!r})) as books:
    resource.setrlimit(resource.RLIMIT_FSIZE, ({size + 3000}, resource.RLIM_INFINITY))
    try:
        books.archive([capture("a.vn/5", os.urandom(50)), capture("a.vn/6", os.urandom(9000))])
    except StoreError as error:
        print(error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    books.archive([capture("a.vn/7", b"small")])
"""
    ended = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "the disk refuses: File too large" in ended.stdout
    assert check(home).findings == ()
    assert bodies(home) == {**before, 8: b"small"}


# ---------------------------------------------------------------- prune


def test_prune_drops_old_captures_that_made_no_version(home: Path) -> None:
    before = bodies(home)
    limit = NOW - timedelta(days=90)
    with store.open_store(home) as books:
        dry = books.prune(limit, NOW, dry=True)
        assert (books.prune(None, NOW).captures, bodies(home)) == (0, before)
        size = warc(home).stat().st_size
        done = books.prune(limit, NOW)
    assert (done.captures, done.files) == (1, 1)  # the revisit of the body that a newer one needs
    assert (done, size - warc(home).stat().st_size) == (dry, done.freed)
    assert [pruned for _, _, pruned in states(home)] == [False, False, False, True, False, False, False]
    assert bodies(home) == {n: body for n, body in before.items() if n != 4}
    assert check(home).findings == ()
    assert check(home).pruned == 1
    with store.open_store(home) as books:
        books.prune(NOW + timedelta(days=1), NOW)
        assert [a.capture_id for a in books.readable()] == [1, 2, 6, 7]
        assert [a.capture_id for a in books.pending()] == [7]
    assert bodies(home) == {n: before[n] for n in (1, 2, 6, 7)}
    assert check(home).findings == ()


def test_a_page_that_comes_again_after_its_body_was_pruned_is_kept_whole(home: Path) -> None:
    body = bodies(home)[5]
    with store.open_store(home) as books:
        books.prune(NOW + timedelta(days=1), NOW)
        seen = books.seen(capture("a.vn/1", body))
        assert seen
        assert books.state(seen) == "unchanged"
        (again,) = books.archive([capture("a.vn/1", body, NOW)])
        assert again.place.body is None
        assert books.state(again) == "pending"
        assert store.archive.read(books.archive_folder, again.place).body == body


def test_a_damaged_file_is_left_alone_by_prune(home: Path) -> None:
    with store.open_store(home) as books:
        hit = placed(books, 2).place
        raw = bytearray(warc(home).read_bytes())
        raw[hit.offset + 20] ^= 1
        warc(home).write_bytes(raw)
        done = books.prune(NOW + timedelta(days=1), NOW)
        assert (done.files, done.freed, len(done.findings)) == (0, 0, 1)
        assert "was left as it is, because it is damaged" in str(done.findings[0])
        assert warc(home).read_bytes() == raw
        raw[hit.offset + 20] ^= 1
        warc(home).write_bytes(raw)
        assert books.prune(NOW + timedelta(days=1), NOW).files == 1
    assert check(home).findings == ()


def stop_at(step: int) -> Callable[[], int]:
    """Kill this process at its nth call of a function while the store works; returns how many there were."""
    calls = 0

    def count(frame: object, event: str, _: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")
        if calls == step:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)

    def stopped() -> int:
        sys.setprofile(None)
        return calls

    return stopped


def test_a_kill_at_any_step_of_prune_loses_nothing(home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    before = bodies(home)
    kept = {n: before[n] for n in (1, 2, 6, 7)}

    def prune(at: Path, step: int) -> int:
        with store.open_store(at) as books:
            stopped = stop_at(step)
            books.prune(NOW + timedelta(days=1), NOW)
            return stopped()

    trial = tmp_path_factory.mktemp("trial") / "home"
    shutil.copytree(home, trial)
    prune(trial, -1)
    assert bodies(trial) == kept
    shutil.rmtree(trial)
    shutil.copytree(home, trial)
    steps = prune(trial, -1)  # all that is done but once was done
    dice = random.Random(7)  # noqa: S311
    killed = 0
    for step in [*range(steps - 60, steps), *sorted(dice.sample(range(1, steps - 60), 60))]:
        shutil.rmtree(trial)
        shutil.copytree(home, trial)
        killed += end(child(partial(prune, trial, step))) == -signal.SIGKILL
        assert kept.items() <= bodies(trial).items()
        assert set(kinds(check(trial))) <= {"stray", "torn"}
        with store.open_store(trial) as books:
            books.mend()
            books.prune(NOW + timedelta(days=1), NOW)
        assert bodies(trial) == kept
        assert check(trial).findings == ()
        assert len(list((trial / store.ARCHIVE).iterdir())) == 1
    assert killed > 100
