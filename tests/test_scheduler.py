"""The daemon: real rounds on a loopback site, real signals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.commands import ROOT, command, diemtin, environment, settings, source
from tests.site import LIST, STORIES, Site, publish

EVERY = "0.03"  # minutes


@contextmanager
def daemon(home: Path) -> Iterator[subprocess.Popen[str]]:
    child = subprocess.Popen(
        command(home, "run", "--every", EVERY),
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield child
    finally:
        if child.poll() is None:
            child.kill()
        child.communicate(timeout=30)


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "it never came"
        time.sleep(0.05)


def rounds(site: Site) -> int:
    return site.paths().count(LIST)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_daemon_makes_rounds_and_ends_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    with Site() as site:
        publish(site, STORIES[:2])
        settings(tmp_path, source("paper", site.url(LIST)))
        with daemon(tmp_path) as child:
            until(lambda: rounds(site) >= 2)
            child.send_signal(number)
            _, said = child.communicate(timeout=40)
        assert child.returncode == 0
        assert "Traceback" not in said
        assert said.splitlines()[-1].endswith("stopped")
        ended = rounds(site)
        time.sleep(2.5)
        assert rounds(site) == ended  # nothing goes on behind it
        assert "2 in 2 versions" in diemtin(tmp_path, "status").out


def test_what_appears_between_two_rounds_is_found(tmp_path: Path) -> None:
    with Site() as site:
        publish(site, STORIES[:1])
        settings(tmp_path, source("paper", site.url(LIST)))
        with daemon(tmp_path):
            until(lambda: rounds(site) >= 1)
            publish(site, STORIES[:2])
            until(lambda: "2 in 2 versions" in diemtin(tmp_path, "status").out)


def test_a_crawl_that_dies_is_begun_anew_and_goes_on(tmp_path: Path) -> None:
    with Site() as site:
        publish(site, STORIES[:1])
        settings(tmp_path, source("paper", site.url(LIST)))
        with daemon(tmp_path) as parent:
            until(lambda: rounds(site) >= 1)
            for task in Path(f"/proc/{parent.pid}/task").glob("*/children"):
                for number in task.read_text().split():
                    os.kill(int(number), signal.SIGKILL)
            publish(site, STORIES[:2])
            until(lambda: "2 in 2 versions" in diemtin(tmp_path, "status").out)
            parent.terminate()
            said = parent.communicate(timeout=40)[1]
        assert "the crawl ended with status -9; it goes on where it was in 1 s" in said


def test_the_daemon_holds_the_folder_and_its_rounds_write_under_its_lock(tmp_path: Path) -> None:
    with Site() as site:
        publish(site, STORIES[:1])
        settings(tmp_path, source("paper", site.url(LIST)))
        with daemon(tmp_path):
            until(lambda: rounds(site) >= 1)
            refused = diemtin(tmp_path, "crawl")
            assert refused.status == 1
            assert "in use by diemtin run (process" in refused.err
            assert diemtin(tmp_path, "run").status == 1
            until(lambda: "1 in 1 versions" in diemtin(tmp_path, "status").out)
            assert diemtin(tmp_path, "digest").status == 0


def test_a_module_of_the_folder_it_was_started_in_is_never_run(tmp_path: Path) -> None:
    (tmp_path / "cli.py").write_text("open('was-run', 'w').close()", encoding="utf-8")
    with Site() as site:
        publish(site, STORIES[:1])
        settings(tmp_path / "home", source("paper", site.url(LIST)))
        script = f"import sys; sys.path[:] = [p for p in sys.path if p]; sys.argv[1:] = ['--home', {str(tmp_path / 'home')!r}, 'run']; import cli; cli.main()"
        child = subprocess.Popen(
            [sys.executable, "-c", script], cwd=tmp_path, env=environment(), stderr=subprocess.PIPE, text=True
        )
        try:
            until(lambda: rounds(site) >= 1)
        finally:
            child.terminate()
            child.communicate(timeout=40)
    assert not (tmp_path / "was-run").exists()


def test_the_child_of_a_killed_daemon_ends_soon(tmp_path: Path) -> None:
    with Site() as site:
        publish(site, STORIES)
        settings(tmp_path, source("paper", site.url(LIST)), delay_seconds=1.0)
        with daemon(tmp_path) as child:
            until(lambda: len(site.paths()) >= 2)
            os.kill(child.pid, signal.SIGKILL)
            child.wait()
            refused = diemtin(tmp_path, "crawl")
            if refused.status:
                assert "has left running; it ends by itself in a moment" in refused.err
            until(lambda: "no end" not in diemtin(tmp_path, "status").out, 20)


def test_a_daemon_killed_in_a_round_is_followed_by_another(tmp_path: Path) -> None:
    with Site() as site:
        publish(site, STORIES)
        settings(tmp_path, source("paper", site.url(LIST)), delay_seconds=0.2)
        with daemon(tmp_path) as child:
            until(lambda: len(site.paths()) >= 3)
            os.kill(child.pid, signal.SIGKILL)
        until(lambda: diemtin(tmp_path, "crawl").status == 0, 40)
        assert f"{len(STORIES)} in {len(STORIES)} versions" in diemtin(tmp_path, "status").out


def child_of(daemon: subprocess.Popen[str]) -> int | None:
    """The process that crawls for a daemon."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            if int(path.read_text().rpartition(")")[2].split()[1]) == daemon.pid:
                return int(path.parent.name)
    return None


def test_a_crawl_that_dies_is_begun_again_and_goes_on_where_it_was(tmp_path: Path) -> None:
    with Site() as site:
        publish(site, STORIES)
        settings(tmp_path, source("paper", site.url(LIST)), delay_seconds=0.3)
        with daemon(tmp_path) as running:
            until(lambda: len(site.paths()) >= 4)
            first = child_of(running)
            assert first is not None
            os.kill(first, signal.SIGKILL)
            until(lambda: f"{len(STORIES)} in {len(STORIES)} versions" in diemtin(tmp_path, "status").out)
            assert child_of(running) not in (first, None)
            running.terminate()
            _, said = running.communicate(timeout=40)
    assert "the crawl ended with status -9; it goes on where it was in 1 s" in said
    articles = [path for path in site.paths() if path.endswith(".html")]
    assert len(articles) <= len(STORIES) + 1, "what was kept is not asked for again"


def test_a_crawl_that_gives_no_sign_of_life_is_ended_and_begun_again(tmp_path: Path) -> None:
    with Site() as site:
        publish(site, STORIES[:1])
        settings(tmp_path, source("paper", site.url(LIST)))
        script = f"import sys, scheduler; scheduler._SILENT_SECONDS = 13; sys.argv[1:] = ['--home', {str(tmp_path)!r}, 'run']; import cli; cli.main()"
        running = subprocess.Popen(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env=environment(),
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        try:
            until(lambda: rounds(site) >= 1)
            first = child_of(running)
            assert first is not None
            os.kill(first, signal.SIGSTOP)
            until(lambda: child_of(running) not in (first, None), 40)
        finally:
            running.terminate()
            _, said = running.communicate(timeout=60)
    assert "the crawl gives no sign of life" in said
    assert running.returncode == 0
