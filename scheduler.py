"""when: the daemon. APScheduler looks after the one long-lived child that crawls and reads, `diemtin crawl --stay`.

The daemon holds the data folder's lock for as long as it lives and its child writes under it. The child is started when there is
none, ended when it gives no sign of life, and renewed every few hours, so that nothing it may leak grows for ever. SIGTERM and
SIGINT end both: the child is asked to stop, then killed if it does not. What is due is computed from rows in the store, never
kept in a process, so that whatever ends the child, the next one goes on where it was.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

import store
from model import Settings

_STOP_SECONDS = 20.0  # for the child to end what it has begun; then it is killed, and nothing is lost
_LOOK_SECONDS = 1  # between two looks at the child
_SILENT_SECONDS = 300.0  # without a sign of life, which comes every ten seconds: it hangs
_RENEW_SECONDS = 6 * 3600.0
_AGAIN_SECONDS = (1.0, 5.0, 30.0, 120.0, 600.0)  # before a child is started again that ended by itself, the first time and so on
_WELL_SECONDS = 600.0  # a child that lived so long was well


def serve(settings: Settings, every_minutes: float | None) -> None:
    """Keep a crawl going until SIGTERM or SIGINT. Raises StoreError if another process holds the data folder."""
    with store.lock.hold(settings.home, "diemtin run") as handle:
        child = _Child(settings, handle, every_minutes)
        stop = threading.Event()
        before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)}
        scheduler = _scheduler(child, settings)
        scheduler.start()
        _say(f"watching {len(settings.sources)} sources; stop with Ctrl-C or SIGTERM")
        try:
            stop.wait()
            _say("stopping")
        finally:
            # Paused first, so that no child is started between the end of this one and the shutdown, which waits for nothing.
            scheduler.pause()
            child.stop()
            scheduler.shutdown(wait=True)
            for number, handler in before.items():
                signal.signal(number, handler)
    _say("stopped")


def _scheduler(child: _Child, settings: Settings) -> BackgroundScheduler:
    zone = ZoneInfo(settings.timezone)
    # A job that is late is still due, and several that were missed are one.
    defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    scheduler = BackgroundScheduler(timezone=zone, job_defaults=defaults)
    scheduler.add_listener(_complain, EVENT_JOB_ERROR | EVENT_JOB_MISSED)
    trigger = IntervalTrigger(seconds=_LOOK_SECONDS, timezone=zone)
    scheduler.add_job(child.look_after, trigger, next_run_time=datetime.now(UTC), id="crawl")
    # A look that waits for a child to end outlasts the interval: max_instances keeps the next one away, and says so each time.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    return scheduler


class _Child:
    """The process that crawls and reads."""

    def __init__(self, settings: Settings, lock: int, every_minutes: float | None) -> None:
        self._settings, self._lock, self._every = settings, lock, every_minutes
        self._guard = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._beats = -1  # the end of a pipe from which its signs of life are read
        self._started = self._alive = 0.0
        self._failures = 0  # in a row
        self._again = 0.0  # not before
        self._stopped = False

    def look_after(self) -> None:
        """Start it, renew it, or end it where it hangs; called every second."""
        with self._guard:
            now = time.monotonic()
            if self._stopped:
                return
            if self._process is None:
                if now >= self._again:
                    self._start(now)
            elif (status := self._process.poll()) is not None:
                self._ended(status, now)
            elif self._is_silent(now):
                _say("the crawl gives no sign of life; it is ended and begun anew")
                self._process.kill()
            elif now - self._started > _RENEW_SECONDS:
                self._end()
                self._forget()

    def _start(self, now: float) -> None:
        self._beats, beat = os.pipe()
        os.set_blocking(self._beats, False)
        every = [] if self._every is None else ["--every", str(self._every)]
        # A session of its own: Ctrl-C in the terminal reaches the daemon alone, which then asks the child to stop.
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
            # -P: a cli.py in the folder the daemon was started in is not ours
            [sys.executable, "-P", "-m", "cli", "--home", str(self._settings.home), "crawl", "--stay", *every],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[self._lock, beat],
            env={**os.environ, **store.lock.inherit(self._lock), "DIEMTIN_BEAT_FD": str(beat)},
            start_new_session=True,
        )
        os.close(beat)
        self._started = self._alive = now

    def _is_silent(self, now: float) -> bool:
        with suppress(BlockingIOError):
            if os.read(self._beats, 4096):
                self._alive = now
        return now - self._alive > _SILENT_SECONDS

    def _ended(self, status: int, now: float) -> None:
        self._failures = 0 if now - self._started > _WELL_SECONDS else self._failures
        wait = _AGAIN_SECONDS[min(self._failures, len(_AGAIN_SECONDS) - 1)]
        self._failures += 1
        self._again = now + wait
        _say(f"the crawl ended with status {status}; it goes on where it was in {wait:g} s")
        self._forget()

    def _forget(self) -> None:
        self._process = None
        os.close(self._beats)

    def _end(self) -> None:
        """Ask it to end, and kill it if it does not."""
        assert self._process is not None  # noqa: S101 - only called while there is one
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        """End it, for good."""
        with self._guard:
            self._stopped = True
            if self._process is not None:
                self._end()
                self._forget()


def _complain(event: JobExecutionEvent) -> None:
    error = getattr(event, "exception", None)
    _say(f"looking after the crawl failed: {error}" if error else "a look after the crawl was missed")


def _say(line: str) -> None:
    print(f"diemtin: {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {line}", file=sys.stderr, flush=True)
