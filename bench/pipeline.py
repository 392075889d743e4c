"""How fast the path of a page is, what each stage costs, and how much memory it takes. See README.md."""

from __future__ import annotations

import argparse
import os
import pickle
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from types import SimpleNamespace

ROOT = Path(__file__).resolve().parents[1]
sys.path[0] = str(ROOT)  # instead of this folder, where `pipeline` is another one

import extract  # noqa: E402 - found by the line above, like those below
import pipeline  # noqa: E402
import store  # noqa: E402
from bench.pages import pages  # noqa: E402
from model import Archived, Capture, Place  # noqa: E402
from track import changes, topics  # noqa: E402

RULES = (("asean.toml", (ROOT / "topics" / "asean.toml").read_text(encoding="utf-8")),)
TARGET = 2.5  # CPU ms a page outside extraction
ROUNDS = 2  # with each number of workers, in turn; the best counts, since the machine may have other work
now = partial(datetime.now, UTC)


def captures(count: int) -> Iterator[Capture]:
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    for number, body in enumerate(pages(count, seed=20261122)):
        url = f"https://baochi.example/tin-{10_300_000 + number}.htm"
        yield Capture(identity=url, body=body, captured_at=now(), captured_exactly=True, url=url, status=200, headers=headers)


@contextmanager
def fresh(workers: int) -> Iterator[tuple[store.Store, pipeline.Readers[Archived]]]:
    """A new store, and readers that have done nothing yet."""
    with (
        tempfile.TemporaryDirectory() as home,
        store.open_store(Path(home)) as books,
        pipeline.Readers(workers, RULES) as readers,
    ):
        yield books, readers


def stages(given: Sequence[Capture], workers: int) -> None:
    """The table of CPU time. All is done in this process but the hand-over, for which the pages are read once more."""
    spent: Counter[str] = Counter()

    @contextmanager
    def stage(name: str) -> Iterator[None]:
        start = time.process_time()
        yield
        spent[name] += 1000 * (time.process_time() - start) / len(given)

    rules = tuple(topics.load(source, name) for name, source in RULES)
    answers = [pipeline.read(capture, rules) for capture in given[:10]]  # what is compiled at first use is, by now
    answers.clear()
    answered = SimpleNamespace(map=lambda jobs: ((job, answer) for (job, _, _), answer in zip(jobs, answers, strict=True)))
    times = defaultdict(list)
    with fresh(workers) as (books, readers):
        folder = books.archive_folder
        with stage("archive"):
            archived = list(pipeline.archive(books, given))
        for item in archived:
            with stage("archive.read"):
                capture = store.archive.read(folder, item.place)
            with stage("extract.read"):
                article = extract.read(capture)
            with stage("fingerprint"):
                mark = changes.fingerprint(article)
            with stage("flags"):
                flags = topics.flag(article, rules, capture.captured_at.date())
            answers.append(pipeline.Reading(article=article, fingerprint=mark, flags=flags))
            with stage("pickles"):
                pickle.loads(pickle.dumps((folder, item.place)))  # noqa: S301 - our own
                pickle.loads(pickle.dumps(answers[-1]))  # noqa: S301
        with stage("store"):
            assert all(done.state == "new" for done in pipeline.run(books, archived, answered, now))
        with stage("hand-over"):  # the parent's side of it
            for _, (worker, begun, ended, _) in readers.map((a, timed, (folder, a.place)) for a in archived):
                times[worker].append((begun, ended))
    gaps = [begun - ended for spans in times.values() for (_, ended), (begun, _) in pairwise(sorted(spans))]
    spent["hand-over"] += 1000 * sum(gaps) / len(gaps)  # the workers' side
    pickles, total = spent.pop("pickles"), sum(spent.values())
    words, size = sum(len(a.article.text.split()) for a in answers), sum(len(c.body) for c in given)
    flagged = sum(bool(a.flags) for a in answers)
    print(f"{len(given)} pages of {size / len(given) / 1000:.1f} KB and {words // len(given)} words, {flagged} flagged\n")
    for name, used in spent.items():
        print(f"{name:<20}{used:>6.2f} CPU ms a page{f', of it pickles {pickles:.2f}' if name == 'hand-over' else ''}")
    outside = total - spent["extract.read"]
    print(f"{'outside extraction':<20}{outside:>6.2f} CPU ms a page, target: at most {TARGET}; {outside / total:.1%} of all\n")


def timed(folder: Path, place: Place) -> tuple[int, float, float, object]:
    """In a worker: the reading, with the CPU times of its process at the begin and the end."""
    begun = time.process_time()
    answer = pipeline._read_archived(folder, place)
    return os.getpid(), begun, time.process_time(), answer


def throughput(given: Sequence[Capture], workers: int) -> None:
    """Wall time from bytes to committed articles, start and end of the workers included."""
    best: dict[int, float] = {}
    for number in ROUNDS * sorted({1, workers}):
        start = time.perf_counter()
        with fresh(number) as (books, readers):
            assert all(done.state == "new" for done in pipeline.run(books, pipeline.archive(books, given), readers, now))
        best[number] = min(best.get(number, 1e9), time.perf_counter() - start)
    for number, took in best.items():
        print(f"{f'{number} workers':<20}{len(given) / took:>6.1f} pages/s, {best[1] / took:.2f} times one")


def children(pid: int) -> Iterator[int]:
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # a process that ended meanwhile
            if int(path.read_text().rpartition(")")[2].split()[1]) == pid:
                yield int(path.parent.name)


def peak(pid: int) -> int:
    """MB of resident memory, at the highest."""
    return int(Path(f"/proc/{pid}/status").read_text().partition("VmHWM:")[2].split()[0]) // 1024


def peaks(count: int, workers: int) -> tuple[int, int]:
    """MB of (the parent, the largest worker) over a run whose pages are held nowhere."""
    largest = 0
    with fresh(workers) as (books, readers):
        for number, _ in enumerate(pipeline.run(books, pipeline.archive(books, captures(count)), readers, now), 1):
            if number % 50 == 0 or number == count:
                largest = max([largest, *(peak(worker) for server in children(os.getpid()) for worker in children(server))])
        return peak(os.getpid()), largest


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the path of a page.")
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--memory", action="store_true", help="also the memory for ten times the pages; takes minutes")
    options = parser.parse_args()
    given = list(captures(options.pages))
    stages(given, options.workers)
    throughput(given, options.workers)
    first = None
    for count in [options.pages, 10 * options.pages][: 1 + options.memory]:
        with ProcessPoolExecutor(1, get_context("spawn")) as alone:  # a parent that has no past
            parent, worker = alone.submit(peaks, count, options.workers).result()
        first = first or (parent, worker)
        ratio = f"{parent / first[0]:.2f} and {worker / first[1]:.2f} times the first"
        print(f"{f'{count:,} pages':<20}{parent:>6} MB the parent, {worker} MB the largest worker; {ratio}")


if __name__ == "__main__":
    main()
