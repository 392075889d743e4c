"""The path of one capture: read, judge, keep. It calls things in order and decides nothing.

    Archived ──▶ worker process: archive.read ─▶ extract.read ─▶ changes.fingerprint, topics.flag ──▶ Reading | Failure
                                                                                                          │
    Done ◀── store.apply ◀── judge ◀── store.known ◀─────────────────── the one writer, in batches ◀──────┘

Pages are read in worker processes because reading is pure CPU and a page is hostile until it was read: one that takes too
long, or takes its process down, becomes a Failure of its own and nothing else is disturbed.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from multiprocessing import forkserver
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, Self, TypeAlias, TypeVar

from pebble import ProcessExpired, ProcessPool

import extract
import store
import urls
import watch
from model import Archived, Article, Capture, DiemtinError, Earlier, Failure, Fingerprint, Flag, Known, Learning, Place, Update
from track import changes, copies, judge, removal, stories, topics

PAGE_SECONDS = 5.0  # of CPU time: a page that is not read by then is given up
_WAITING = 12  # times as much of the clock
_TOGETHER = 4  # pages in one hand-over, which costs as much as half of all else that is not reading
_AHEAD = 4  # hand-overs for each worker that are out at once: enough to keep it busy while a batch is kept; places only, no pages
_BATCH = 50  # captures in one fsync and one transaction
_UNKEPT = timedelta(seconds=0.5)  # for which a page that was read waits for others
_PAGE_BYTES = 500_000_000  # address space above what a worker starts with: a page that wants more fails, the machine does not
_START_SECONDS = 30.0  # for all workers to start
_RENEWALS = 5  # of the pool in a row, without a page that was read between them
_TICK = timedelta(microseconds=1)
_ORPHAN_SECONDS = 2.0  # how soon a worker notices that its parent is gone

_T = TypeVar("_T")
_Call: TypeAlias = "tuple[Callable[..., Reading | Failure], tuple[object, ...]]"
_Job: TypeAlias = "tuple[_T, Callable[..., Reading | Failure], tuple[object, ...]]"  # a key of the caller's, and the call


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """All that is known of a capture without the store."""

    article: Article
    fingerprint: Fingerprint
    flags: tuple[Flag, ...]
    earlier: tuple[int, Reading] | None = (
        None  # the capture before it, read again by the same reader, where that had read another way
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """Where one capture ended: a ChangeKind, or `failed`."""

    archived: Archived
    state: str
    failure: Failure | None = None
    notes: tuple[str, ...] = ()


def read(capture: Capture, rules: Iterable[topics.Topic], learning: Learning | None = None) -> Reading | Failure:
    """Read and judge one capture, in this process. A bug in the reader is a failure of the page, told as a bug."""
    try:
        article = extract.read(capture, learning)
        flags = topics.flag(article, rules, capture.captured_at.date())
        return Reading(article=article, fingerprint=changes.fingerprint(article), flags=flags)
    except DiemtinError as error:
        return Failure(kind=error.kind, message=error.message)
    except MemoryError:
        return Failure(kind="too_costly", message="reading it takes more memory than a page may have")
    except Exception as error:
        return Failure(kind="bug", message=f"the reader failed on it ({type(error).__name__}: {error}); please report this page")


# ---------------------------------------------------------------- worker processes

# What a worker is given once, when it starts. Process-local: set by _start, read by the two functions below.
_rules: tuple[topics.Topic, ...] = ()


def _start(rule_files: Sequence[tuple[str, str]]) -> None:
    global _rules
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    watching = threading.Event()
    threading.Thread(target=_end_with_parent, args=(os.getppid(), watching), daemon=True).start()
    _rules = tuple(topics.load(source, name) for name, source in rule_files)
    watching.wait()  # a thread's own memory is no page's
    _limit_memory()


def _limit_memory() -> None:
    """From here on this process may take so much more address space. Only where /proc says how much it has."""
    try:
        held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    except OSError:
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit = held + _PAGE_BYTES if hard == resource.RLIM_INFINITY else min(held + _PAGE_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _end_with_parent(parent: int, watching: threading.Event) -> None:
    watching.set()
    while os.getppid() == parent:
        time.sleep(_ORPHAN_SECONDS)
    os._exit(1)


def _read_archived(folder: Path, place: Place, learning: Learning | None, earlier: Earlier | None = None) -> Reading | Failure:
    try:
        capture = store.archive.read(folder, place)
        answer = read(capture, _rules, learning)
        if isinstance(answer, Failure) or earlier is None or earlier.reader == extract.signature(answer.article):
            return answer
        return replace(answer, earlier=_read_again(folder, earlier, learning, capture.captured_at, answer))
    except DiemtinError as error:
        return Failure(kind=error.kind, message=str(error))


def _read_again(
    folder: Path, earlier: Earlier, learning: Learning | None, now: datetime, answer: Reading
) -> tuple[int, Reading] | None:
    """What the reader of this page makes of the capture before it: an edit is what differs then, and nothing else.

    By the rules of its own day first, then by today's: the site may have taught a place meanwhile.
    """
    capture = store.archive.read(folder, earlier.place)
    for moment in (capture.captured_at, now):
        again = read(replace(capture, captured_at=moment), _rules, learning)
        if isinstance(again, Reading) and extract.signature(again.article) == extract.signature(answer.article):
            return earlier.capture_id, again
    return None


def read_stored(folder: Path, place: Place, learning: Learning | None, reader: str) -> Reading | Failure:
    """An archived capture as its version was read: by the rules of its own day, or by a path that the site taught later, which is
    how it was read when a later capture was held against it. For a worker. `reader`: the version's; empty: there is none."""
    try:
        capture = store.archive.read(folder, place)
    except DiemtinError as error:
        return Failure(kind=error.kind, message=str(error))
    answer = read(capture, _rules, learning)
    if not reader or _reads_as(answer, reader):
        return answer
    limits = {limit for path in learning.paths for limit in (path.since, path.until) if limit} if learning else set()
    for limit in sorted(limits):
        if limit >= capture.captured_at:
            again = read(replace(capture, captured_at=limit + _TICK), _rules, learning)
            if _reads_as(again, reader):
                return again
    return answer


def _reads_as(answer: Reading | Failure, reader: str) -> bool:
    """The same reader, and the same place on the page; of whatever version."""
    return isinstance(answer, Reading) and extract.signature(answer.article).partition(" ")[2] == reader.partition(" ")[2]


def _read_capture(capture: Capture, learning: Learning) -> Reading | Failure:
    return read(capture, _rules, learning)


def _pass_on(failure: Failure) -> Failure:
    return failure


def _present() -> int:
    time.sleep(0.01)  # long enough for the other workers to take the next of these
    return os.getpid()


def _all(calls: Sequence[_Call], seconds: float) -> list[Reading | Failure]:
    return [_in_time(seconds, function, arguments) for function, arguments in calls]


def _in_time(seconds: float, function: Callable[..., Reading | Failure], arguments: tuple[object, ...]) -> Reading | Failure:
    """Nothing interrupts a parser written in C, so the alarms are not handled: they take the process down.

    What counts is CPU time, or a machine with other work would give up good pages; the clock is for what waits and should not.
    """
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, seconds * _WAITING)
    try:
        return function(*arguments)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)


def _given_up(error: ProcessExpired, seconds: float) -> Failure:
    if error.exitcode in (-signal.SIGPROF, -signal.SIGALRM):
        return Failure(kind="too_slow", message=f"was not read in {seconds:g} seconds and given up")
    return Failure(kind="too_costly", message=f"took down the process that read it (exit {error.exitcode})")


@contextmanager
def _no_modules_from_here() -> Iterator[None]:
    """The fork server looks for modules in the current folder first: a pipeline.py there would be run in place of this one."""
    before = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHONSAFEPATH"]
        else:
            os.environ["PYTHONSAFEPATH"] = before


@contextmanager
def _signals_held() -> Iterator[None]:
    """SIGINT and SIGTERM wait until the block is done."""
    came: list[int] = []
    numbers = (signal.SIGINT, signal.SIGTERM) if threading.current_thread() is threading.main_thread() else ()
    before = {number: signal.signal(number, lambda which, _: came.append(which)) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for first in came[:1]:
            signal.raise_signal(first)


def _end_pool(pool: ProcessPool) -> None:
    with suppress(OSError, RuntimeError):
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


@dataclass(frozen=True, slots=True)
class _Out(Generic[_T]):
    """Jobs that were handed over together."""

    together: list[_Job[_T]]
    future: Future[list[Reading | Failure]]
    since: float  # of the monotonic clock

    def is_read(self) -> bool:
        return self.future.done() and self.future.exception() is None


class Readers(Generic[_T]):
    """A pool of worker processes. Pages are handed over a few at a time; answers come in the order of the pages."""

    def __init__(self, workers: int, rule_files: Sequence[tuple[str, str]], page_seconds: float = PAGE_SECONDS) -> None:
        self.workers = workers or os.cpu_count() or 1
        self._seconds = page_seconds
        # longer than any hand-over takes behind all that may stand before it: then it was lost with its worker
        self._patience = page_seconds * _WAITING * _TOGETHER * (_AHEAD + 1) + _START_SECONDS
        self._lost = False  # a worker went down, and another may be starting in its place
        self._renewed = 0  # times in a row
        self._out: deque[_Out[_T]] = deque()
        self._rule_files = tuple(rule_files)
        self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPool:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["pipeline"])
        with _no_modules_from_here():
            forkserver.ensure_running()
        return ProcessPool(max_workers=self.workers, initializer=_start, initargs=(self._rule_files,), context=context)

    def map(self, jobs: Iterable[_Job[_T]]) -> Iterator[tuple[_T, Reading | Failure]]:
        """(key, answer) for each job, in order. `jobs` is drawn only as fast as pages are read."""
        remaining = iter(jobs)
        try:
            while together := list(islice(remaining, _TOGETHER)):
                self.offer(together)
                if not self.has_room:
                    yield from self.ready(wait=True)
            while self._out:
                yield from self.ready(wait=True)
        finally:
            self._out.clear()  # whoever stopped asking wants no answers later

    @property
    def is_busy(self) -> bool:
        """Something was handed over, and not all of its answers were taken."""
        return bool(self._out)

    @property
    def has_room(self) -> bool:
        """A further hand-over would find a worker idle, or soon idle."""
        return len(self._out) < self.workers * _AHEAD

    def offer(self, together: list[_Job[_T]]) -> None:
        """Hand over a few jobs."""
        self._out.append(self._hand_over(together))

    def ready(self, *, wait: bool) -> Iterator[tuple[_T, Reading | Failure]]:
        """The answers that have come, in the order of the jobs; `wait`: at least those to the oldest hand-over."""
        while self._out and (wait or self._out[0].future.done() or self._overdue() <= 0):
            oldest = self._out[0]
            try:
                answers = oldest.future.result(max(self._overdue(), 0.0))
            except ProcessExpired as error:
                self._lost, wait = True, False
                self._out.popleft()
                if len(oldest.together) == 1:
                    yield oldest.together[0][0], _given_up(error, self._seconds)
                else:  # each page is tried alone, so that a failure belongs to one page
                    self._out.extendleft([self._hand_over([job]) for job in reversed(oldest.together)])
                continue
            except (BrokenProcessPool, TimeoutError):
                self._renew()
                continue
            self._out.popleft()
            self._renewed, wait = 0, False
            yield from zip((key for key, _, _ in oldest.together), answers, strict=True)

    def _overdue(self) -> float:
        """Seconds after which the oldest hand-over is lost."""
        return self._out[0].since + self._patience - time.monotonic()

    def _hand_over(self, together: list[_Job[_T]]) -> _Out[_T]:
        calls = [(function, arguments) for _, function, arguments in together]
        return _Out(together, self._schedule(_all, (calls, self._seconds)), time.monotonic())

    def _schedule(self, function: Callable[..., object], arguments: tuple[object, ...]) -> Future[Any]:
        try:
            future: Future[Any] = self._pool.schedule(function, args=arguments)
        except OSError as error:
            message = f"the processes that read pages cannot be started ({error}); is the interpreter still in its place?"
            raise DiemtinError(message, subject=sys.executable) from error
        except RuntimeError:  # the pool is broken
            self._renew()
            return self._schedule(function, arguments)
        return future

    def _renew(self) -> None:
        """Begin anew with another pool. Pebble's breaks when all its workers were killed, or one while it did nothing; and it
        forgets a hand-over whose worker was killed before it could say that it had it."""
        self._renewed += 1
        if self._renewed > _RENEWALS:
            raise DiemtinError("the processes that read pages end again and again; is there enough memory?", subject="diemtin")
        self._lost = True
        # In a thread of its own: it may wait for what never comes.
        threading.Thread(target=_end_pool, args=(self._pool,), daemon=True).start()
        self._pool = self._new_pool()
        self._out = deque(out if out.is_read() else self._hand_over(out.together) for out in self._out)

    def __enter__(self) -> Self:
        with _signals_held():
            self._await_workers()
        return self

    def _await_workers(self) -> None:
        """Every worker has started: one that is still starting when the pool ends finds it gone, and complains aloud."""
        limit = time.monotonic() + _START_SECONDS
        met: set[int] = set()
        while len(met) < self.workers and time.monotonic() < limit:
            asked = [self._schedule(_present, ()) for _ in range(self.workers)]
            with suppress(ProcessExpired, BrokenProcessPool, TimeoutError):  # killed: another one starts
                met |= {future.result(_START_SECONDS) for future in asked}
        self._lost = False

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None:
            if self._lost:
                self._await_workers()
            self._pool.close()  # type: ignore[no-untyped-call]
            with suppress(TimeoutError):
                self._pool.join(self._patience)
                return
        # What went wrong is told, not what its end finds broken: a pipe whose other side has gone.
        with suppress(OSError):
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()


# ---------------------------------------------------------------- the path


def archive(books: store.Store, captures: Iterable[Capture]) -> Iterator[Archived]:
    """Put captures into the archive, a batch at a time, and hand them on. Lazy."""
    remaining = iter(captures)
    while batch := list(islice(remaining, _BATCH)):
        yield from books.archive(batch)


def run(
    books: store.Store, archived: Iterable[Archived], readers: Readers[Archived], clock: Callable[[], datetime]
) -> Iterator[Done]:
    """Read, judge and keep; yields each capture once what it means is committed."""
    keeper = _Keeper(books, clock)
    waiting: Iterable[Archived] = archived
    while waiting:
        answers = readers.map(keeper.job(one) for one in waiting)
        while batch := list(islice(answers, _BATCH)):
            yield from keeper.keep(batch)
        waiting = keeper.put_off()


class Line:
    """Reads what is pending in the store beside other work, which calls `turn` now and then: it never waits."""

    def __init__(self, books: store.Store, readers: Readers[Archived], clock: Callable[[], datetime]) -> None:
        self._books, self._readers, self._clock = books, readers, clock
        self._keeper = _Keeper(books, clock)
        self._waiting: deque[Archived] = deque()
        self._last = 0  # id of the last capture that was taken up
        self._read: list[tuple[Archived, Reading | Failure]] = []  # and not kept yet
        self._since: datetime | None = None  # the oldest of them was read then

    def turn(self) -> list[Done]:
        """Hand over what there is room for, and keep what was read. What is returned is committed."""
        self._take_up()
        self._read += self._readers.ready(wait=False)
        now = self._clock()
        self._since = (self._since or now) if self._read else None
        # abs: a clock may be set back
        if self._since is None or (len(self._read) < _BATCH and abs(now - self._since) < _UNKEPT):
            return []
        return self._keep()

    @property
    def is_busy(self) -> bool:
        """Pages are being read, or were and are not kept yet."""
        return self._readers.is_busy or bool(self._read)

    def drain(self) -> Iterator[Done]:
        """All that is still pending."""
        while self._take_up():
            self._read += self._readers.ready(wait=True)
            if len(self._read) >= _BATCH or not self._readers.is_busy:
                yield from self._keep()
        yield from self._keep()

    def _take_up(self) -> bool:
        """Fill the workers' hands. False if nothing is pending or out."""
        while self._readers.has_room:
            self._waiting.extend(self._keeper.put_off())
            if not self._waiting:
                self._waiting.extend(self._books.pending(self._last, _BATCH))
                if not self._waiting:
                    break
                self._last = self._waiting[-1].capture_id
            count = min(_TOGETHER, len(self._waiting))
            self._readers.offer([self._keeper.job(self._waiting.popleft()) for _ in range(count)])
        return self._readers.is_busy

    def _keep(self) -> list[Done]:
        read, self._read, self._since = self._read, [], None
        return self._keeper.keep(read) if read else []


class _Keeper:
    """Keeps what was read, a batch in one transaction, and what sites teach on the way."""

    def __init__(self, books: store.Store, clock: Callable[[], datetime]) -> None:
        self._books, self._clock = books, clock
        self._taught = books.learnings()
        self._put_off: list[Archived] = []
        self._tried: set[int] = set()  # captures that were put off once

    def put_off(self) -> list[Archived]:
        """Captures that are to be read once more, now that the ones before them are kept."""
        waiting, self._put_off = self._put_off, []
        return waiting

    def job(self, archived: Archived) -> _Job[Archived]:
        learning = as_of(self._taught.get(source_of(archived.subject)), archived.capture_id)
        return archived, _read_archived, (self._books.archive_folder, archived.place, learning, self._books.earlier(archived))

    def keep(self, batch: Sequence[tuple[Archived, Reading | Failure]]) -> list[Done]:
        with self._books.transaction():
            done = [self._keep(item, answer) for item, answer in batch]
            for (item, answer), one in zip(batch, done, strict=True):
                if one is not None:
                    _learn(self._books, self._taught, source_of(item.subject), one.failure or answer, self._clock())
        return [one for one in done if one is not None]

    def _keep(self, archived: Archived, answer: Reading | Failure) -> Done | None:
        done = _keep(self._books, archived, answer, self._clock(), may_wait=archived.capture_id not in self._tried)
        if done is None:
            self._tried.add(archived.capture_id)
            self._put_off.append(archived)
        return done


def source_of(subject: str) -> str:
    """What a capture's pages have in common: its site, for a saved file its folder."""
    if urls.is_web(subject):
        return urls.site(subject)
    return f"saved:{subject.removeprefix('saved:').rpartition('/')[0]}"


def as_of(learning: Learning | None, capture_id: int) -> Learning | None:
    """What a source had taught when a capture was read for the first time: so it is read later too."""
    if learning is None or not learning.repeated:
        return learning
    return replace(learning, repeated={key: last for key, last in learning.repeated.items() if last < capture_id})


def recurring(captures: Iterable[Capture]) -> dict[str, frozenset[str]]:
    """The lines that the text dumps of a source have in common, by source; sources with too few dumps are left out."""
    counts: dict[str, Counter[str]] = {}
    totals: Counter[str] = Counter()
    for capture in captures:
        if (keys := extract.repeats.keys_of(capture)) is not None:
            source = source_of(capture.url or capture.url_asked or capture.identity)
            counts.setdefault(source, Counter()).update(keys)
            totals[source] += 1
    found = {source: extract.repeats.repeated(counted, totals[source]) for source, counted in counts.items()}
    return {source: keys for source, keys in found.items() if keys}


def _learn(books: store.Store, taught: dict[str, Learning], site: str, answer: Reading | Failure, now: datetime) -> None:
    if site.startswith("saved:") or isinstance(answer, Failure):
        return
    before = taught.get(site) or Learning(site=site)
    after = extract.learn(before, answer.article, now)
    if after is not before:
        taught[site] = after
        books.learn(after)


def _failed(books: store.Store, archived: Archived, failure: Failure, now: datetime) -> Done:
    books.fail(archived.capture_id, failure, now)
    watch.read(books, archived, "failed", failure, ())
    return Done(archived=archived, state="failed", failure=failure)


def _keep(
    books: store.Store, archived: Archived, answer: Reading | Failure, now: datetime, *, may_wait: bool = False
) -> Done | None:
    """None, where it may wait: the capture before it was kept while this one was being read, and by another reader. What differs
    may be that reader's doing; that is seen when one reader reads both."""
    if isinstance(answer, Failure):
        return _failed(books, archived, answer, now)
    if answer.earlier:
        capture_id, again = answer.earlier
        _judge(books, capture_id, again, _known(books, capture_id, again, now), now)
    answer = replace(answer, article=as_found(books, archived, answer.article))
    known = _known(books, archived.capture_id, answer, now)
    is_other = known.text is not None and not known.reread and known.reader != extract.signature(answer.article)
    if may_wait and is_other and answer.earlier is None:
        return None
    words = len(answer.article.text.split())
    if not known.reread and removal.is_emptied(known.words, words):
        return _failed(books, archived, emptied(known.words, words), now)
    update = _judge(books, archived.capture_id, answer, known, now)
    watch.read(books, archived, update.change.kind, answer.article, answer.flags)
    return Done(archived=archived, state=update.change.kind, notes=answer.article.notes)


def _known(books: store.Store, capture_id: int, answer: Reading, now: datetime) -> Known:
    return books.known(answer.article, answer.fingerprint, capture_id, copies.series_key(answer.article), now)


def _judge(books: store.Store, capture_id: int, answer: Reading, known: Known, now: datetime) -> Update:
    """Hold a reading against what is stored, and keep what it means."""
    reader = extract.signature(answer.article)
    update = judge.judge(answer.article, answer.fingerprint, answer.flags, reader, known, capture_id, now)
    books.apply(update)
    if update.events and known.story is not None:  # a date may have moved
        books.stories.touch(known.story)
    for story in books.stories.changed():
        _set_root(books, story, now)
    return update


def _set_root(books: store.Store, story: int, now: datetime) -> None:
    """Who had the story first, now that its articles are others, or are dated otherwise."""
    before = books.stories.root_of(story)
    found = stories.origin(books.stories.members(story))
    books.stories.set_root(story, found.article_id, found.confidence)
    if found.article_id != before:
        books.note(stories.rerooted(before, found, now))


def emptied(before: int, words: int) -> Failure:
    """That a page holds hardly a word where an article was."""
    return Failure(kind="emptied", message=f"holds {words} words where an article of {before} was")


def as_found(books: store.Store, archived: Archived, article: Article) -> Article:
    """The article; at the address where it was found if it calls itself by that of an article with a text of its own."""
    url = archived.subject
    if not urls.is_web(url) or urls.identity(url) == article.identity:
        return article
    named = books.article_at(article.identity)
    if named is None or changes.is_one(article, named):
        return article
    return replace(article, identity=urls.identity(url), url=url)


def look(
    captures: Iterable[tuple[_T, Capture | Failure]], readers: Readers[_T], repeated: Mapping[str, frozenset[str]]
) -> Iterator[tuple[_T, Reading | Failure]]:
    """Read and judge without a store: nothing is kept. What failed before it came here keeps its place in the order.

    `repeated`: as `recurring` finds it.
    """

    def job(key: _T, given: Capture | Failure) -> _Job[_T]:
        if isinstance(given, Failure):
            return key, _pass_on, (given,)
        source = source_of(given.url or given.url_asked or given.identity)
        return key, _read_capture, (given, Learning(site=source, repeated=dict.fromkeys(repeated.get(source, ()), 0)))

    return readers.map(job(key, given) for key, given in captures)


def again(captures: Iterable[tuple[_T, Capture, Learning]], readers: Readers[_T]) -> Iterator[tuple[_T, Reading | Failure]]:
    """Read captures by what their sites have taught, without a store."""
    return readers.map((key, _read_capture, (capture, learning)) for key, capture, learning in captures)
