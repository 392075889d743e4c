"""when: the daemon. APScheduler starts a round every few minutes; a round is a child process, `diemtin crawl`.

The daemon holds the data folder's lock for as long as it lives and its child writes under it. SIGTERM and SIGINT end it:
no new round begins, the child is asked to stop, then killed if it does not. A round left half done is taken up by the next
one, because what is due is computed from rows in the store, never from the scheduler's memory.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

import store
from model import Settings

_STOP_SECONDS = 20.0  # for the child to end what it has begun; then it is killed, and nothing is lost


def serve(settings: Settings, every_minutes: float) -> None:
    """Run rounds until SIGTERM or SIGINT. Raises StoreError if another process holds the data folder."""
    with store.lock.hold(settings.home, "diemtin run") as handle:
        rounds = _Rounds(settings, handle)
        stop = threading.Event()
        before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)}
        scheduler = _scheduler(rounds, settings, every_minutes)
        scheduler.start()
        _say(f"watching {len(settings.sources)} sources every {every_minutes:g} minutes; stop with Ctrl-C or SIGTERM")
        try:
            stop.wait()
            _say("stopping")
        finally:
            # Paused first, so that no round begins between the child's end and the shutdown, which waits for nothing.
            scheduler.pause()
            rounds.stop()
            scheduler.shutdown(wait=True)
            for number, handler in before.items():
                signal.signal(number, handler)
    _say("stopped")


def _scheduler(rounds: _Rounds, settings: Settings, every_minutes: float) -> BackgroundScheduler:
    zone = ZoneInfo(settings.timezone)
    # A round that is late is still due, and rounds that were missed while one ran are one round.
    defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    scheduler = BackgroundScheduler(timezone=zone, job_defaults=defaults)
    scheduler.add_listener(_complain, EVENT_JOB_ERROR | EVENT_JOB_MISSED)
    trigger = IntervalTrigger(seconds=max(1, round(every_minutes * 60)), timezone=zone)
    scheduler.add_job(rounds.run, trigger, next_run_time=datetime.now(UTC), id="round")
    # A round that outlasts the interval is no trouble: max_instances keeps the next one away, and says so at every tick.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    return scheduler


class _Rounds:
    """The child that makes the round that is going on, if any."""

    def __init__(self, settings: Settings, lock: int) -> None:
        self._settings = settings
        self._lock = lock
        self._guard = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def run(self) -> None:
        """One round, from its start to its end."""
        child = self._start()
        if child is None:
            return
        status = child.wait()
        with self._guard:
            self._child = None
        if status and not self._stopped:
            _say(f"the round ended with status {status}; the next one takes up what it left")

    def _start(self) -> subprocess.Popen[bytes] | None:
        with self._guard:
            if self._stopped:
                return None
            # A session of its own: Ctrl-C in the terminal reaches the daemon alone, which then asks the child to stop.
            self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
                # -P: a cli.py in the folder the daemon was started in is not ours
                [sys.executable, "-P", "-m", "cli", "--home", str(self._settings.home), "crawl"],
                stdin=subprocess.DEVNULL,
                pass_fds=[self._lock],
                env={**os.environ, **store.lock.inherit(self._lock)},
                start_new_session=True,
            )
            return self._child

    def stop(self) -> None:
        """No more rounds; the one that goes on is asked to end, and killed if it does not."""
        with self._guard:
            self._stopped = True
            child = self._child
        if child is None:
            return
        child.terminate()
        try:
            child.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _complain(event: JobExecutionEvent) -> None:
    error = getattr(event, "exception", None)
    _say(f"a round failed: {error}" if error else "a round was missed")


def _say(line: str) -> None:
    print(f"diemtin: {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {line}", file=sys.stderr, flush=True)
