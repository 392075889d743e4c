"""The pool that reads: hostile pages among good ones, order, and what is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest

import pipeline
from model import DiemtinError, Failure
from tests.commands import ROOT, SEEDS, command, environment


def fine(word: str) -> Failure:
    return Failure(kind="fine", message=word)


def endless(word: str) -> Failure:
    while True:
        pass


def deadly(word: str) -> Failure:
    os._exit(7)


def who(word: str) -> Failure:
    time.sleep(0.05)
    return Failure(kind="fine", message=str(os.getpid()))


def modest(word: str) -> Failure:
    return Failure(kind="fine", message=str(len(bytearray(300_000_000))))


def greedy(word: str) -> Failure:
    try:
        return Failure(kind="fine", message=str(len(bytearray(600_000_000))))
    except MemoryError:
        return Failure(kind="too_costly", message=word)


@pytest.fixture(scope="module")
def readers() -> Iterator[pipeline.Readers[str]]:
    os.environ["PYTHONPATH"] = str(ROOT)
    with pipeline.Readers[str](2, (), page_seconds=1.0) as pool:
        yield pool


def answers(readers: pipeline.Readers[str], *functions: object) -> list[tuple[str, str]]:
    jobs = [(str(n), function, (str(n),)) for n, function in enumerate(functions)]
    return [(key, answer.kind) for key, answer in readers.map(jobs) if isinstance(answer, Failure)]  # type: ignore[arg-type]


def test_answers_come_in_the_order_of_the_pages(readers: pipeline.Readers[str]) -> None:
    assert answers(readers, *[fine] * 50) == [(str(n), "fine") for n in range(50)]


def test_a_hostile_page_fails_alone_whoever_stands_beside_it(readers: pipeline.Readers[str]) -> None:
    functions = [fine, endless, fine, deadly, fine, fine, fine, endless, fine]
    kinds = {fine: "fine", endless: "too_slow", deadly: "too_costly"}
    assert answers(readers, *functions) == [(str(n), kinds[function]) for n, function in enumerate(functions)]


def test_a_page_has_5_seconds_and_500_mb_more_than_its_worker_had(readers: pipeline.Readers[str]) -> None:
    assert pipeline.PAGE_SECONDS == 5.0
    kinds = ["fine", "too_costly", "fine", "too_costly", "fine"]
    assert answers(readers, modest, greedy, modest, greedy, fine) == [(str(n), kind) for n, kind in enumerate(kinds)]


def workers(readers: pipeline.Readers[str]) -> set[int]:
    jobs = [(str(n), who, (str(n),)) for n in range(32)]
    return {int(answer.message) for _, answer in readers.map(jobs) if isinstance(answer, Failure)}


@pytest.mark.parametrize("wait", [pytest.param(0.0, id="at once"), pytest.param(1.0, id="when the pool has seen it")])
def test_workers_that_are_killed_while_they_do_nothing_are_replaced(readers: pipeline.Readers[str], wait: float) -> None:
    before = workers(readers)
    for process in before:
        os.kill(process, signal.SIGKILL)
    time.sleep(wait)
    after = workers(readers)
    assert after
    assert not after & before


def test_a_hand_over_that_was_lost_with_its_worker_is_made_again(
    readers: pipeline.Readers[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    readers.offer([("0", fine, ("0",))])  # type: ignore[list-item]
    readers.offer([("1", fine, ("1",))])  # type: ignore[list-item]
    readers._out[0] = replace(readers._out[0], future=Future())
    with monkeypatch.context() as patch:
        patch.setattr(readers, "_patience", 3.0)
        assert [key for key, _ in readers.ready(wait=True)] == ["0", "1"]


def test_a_pool_whose_workers_never_live_is_given_up(readers: pipeline.Readers[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(readers, "_schedule", lambda *_: Future())
        patch.setattr(readers, "_patience", 0.01)
        with pytest.raises(DiemtinError, match="end again and again"):
            answers(readers, fine)
    readers._out.clear()
    assert answers(readers, fine) == [("0", "fine")]


def test_pages_are_drawn_only_as_fast_as_they_are_read(readers: pipeline.Readers[str]) -> None:
    drawn = 0

    def jobs() -> Iterator[tuple[str, object, tuple[str]]]:
        nonlocal drawn
        for n in range(1000):
            drawn += 1
            yield str(n), fine, (str(n),)

    running = readers.map(jobs())  # type: ignore[arg-type]
    next(running)
    assert drawn <= 16 * readers.workers, "a few hand-overs for each worker"
    running.close()  # type: ignore[attr-defined]


def test_a_module_of_the_users_folder_is_never_run(tmp_path: Path) -> None:
    (tmp_path / "pipeline.py").write_text("open('was-run', 'w').close()", encoding="utf-8")
    page = SEEDS / "004_b8590c8849d7fb69.txt"
    script = (
        f"import sys; sys.path[:] = [p for p in sys.path if p]; sys.argv[1:] = ['extract', {str(page)!r}]; import cli; cli.main()"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert not (tmp_path / "was-run").exists()


def test_workers_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    for n in range(400):
        (pages / f"{n}.txt").write_text(
            (SEEDS / "000_515ddf5382281e26.txt").read_text(encoding="utf-8") + str(n), encoding="utf-8"
        )
    mark = f"diemtin-test-{os.getpid()}-{time.time_ns()}"
    child = subprocess.Popen(
        command(tmp_path / "home", "extract", pages, "--format", "jsonl"),
        cwd=ROOT,
        env={**environment(), "DIEMTIN_TEST_MARK": mark},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert child.stdout
    child.stdout.readline()
    assert family(mark)
    child.kill()
    child.communicate()
    limit = time.monotonic() + 15
    while family(mark):
        assert time.monotonic() < limit, f"still there: {family(mark)}"
        time.sleep(0.2)


def family(mark: str) -> list[int]:
    """The processes that carry our mark in their environment."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and mark.encode() in (entry / "environ").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found
