"""How fast pages are fetched, beside bare Scrapy on the same pages of the same server. See README.md.

python bench/crawl.py [--pages 2000] [--hosts 1] [--apart] [--at-once 8 16] [--rounds 3] [--whole]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.server import Served, serving


@dataclass(frozen=True, kw_only=True, slots=True)
class Ran:
    """One crawl over all addresses of a server."""

    pages: int  # answered with 200
    seconds: float  # from the first request to the last answer, or to the last page kept
    cpu: float  # seconds of the crawler's processes in that time
    mb: int = 0  # most memory that the crawler held
    worker_mb: int = 0  # and the largest of its reading workers

    def __str__(self) -> str:
        return f"{self.pages / self.seconds:7.0f} pages/s  {self.cpu / max(1, self.pages) * 1000:6.2f} ms CPU a page"


# ---------------------------------------------------------------- bare Scrapy


def bare_scrapy(served: Served, at_once: int) -> Ran:
    """A plain spider with Scrapy's default settings and no pipeline, in a process of its own."""
    return _child("--bare-scrapy", served, at_once)


def _child(what: str, served: Served, at_once: int, *more: str, home: Path | None = None) -> Ran:
    """Run this file as a child, which prints a Ran as JSON. A reactor cannot be started twice in a process."""
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "addresses.txt"
        listed.write_text("\n".join(served.addresses()), encoding="ascii")
        command = [sys.executable, str(Path(__file__).resolve()), what, str(listed), "--at-once", str(at_once), *more]
        command += ["--home", str(home or Path(folder) / "home")]
        said = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout
    ran = Ran(**json.loads(said))
    assert ran.pages == served.pages, f"{ran.pages} of {served.pages} pages arrived"
    return ran


def _be_bare_scrapy(addresses: list[str], at_once: int) -> Ran:
    from scrapy import Request, Spider
    from scrapy.crawler import CrawlerProcess
    from scrapy.http import Response

    class Bare(Spider):
        name = "bare"
        pages = 0

        async def start(self) -> AsyncIterator[Request]:
            self.began, self.cpu_began = time.perf_counter(), time.process_time()
            for address in addresses:
                yield Request(address)

        def parse(self, response: Response, **_: Any) -> None:
            self.pages += 1
            self.ended, self.cpu_ended = time.perf_counter(), time.process_time()

    # CONCURRENT_REQUESTS, 16 by default, bounds all hosts together: it must not be what bounds one.
    more = {"CONCURRENT_REQUESTS": at_once} if at_once > 16 else {}
    process = CrawlerProcess({"LOG_LEVEL": "WARNING", "CONCURRENT_REQUESTS_PER_DOMAIN": at_once, **more})
    crawler = process.create_crawler(Bare)
    process.crawl(crawler)
    process.start()
    spider: Any = crawler.spider
    return Ran(pages=spider.pages, seconds=spider.ended - spider.began, cpu=spider.cpu_ended - spider.cpu_began)


# ---------------------------------------------------------------- ours


def our_crawl(served: Served, at_once: int) -> Ran:
    """From a frontier of these addresses to archived captures with their rows: what `diemtin crawl` does but for reading."""
    return _child("--ours", served, at_once)


def our_crawl_and_reading(served: Served, at_once: int) -> Ran:
    """All that `diemtin crawl` does."""
    return _child("--ours", served, at_once, "--read")


def _be_ours(addresses: list[str], at_once: int, home: Path, *, read: bool) -> Ran:
    import pipeline
    import store
    import urls
    from crawler.crawl import crawl
    from model import Archived, CrawlSettings, Source, Target
    from tests.commands import make_due
    from tests.crawler.child import settings
    from watch import Watch

    limits: CrawlSettings = settings(concurrency=at_once, timeout_seconds=30.0, max_page_bytes=10_000_000)
    sources = [Source(name=host, home=f"http://{host}/", pages=()) for host in sorted({urls.host_part(one) for one in addresses})]
    with store.open_store(home) as books:
        watch = Watch(books, sources, limits, _now)
        with books.transaction():
            watch.begin(sources, look_now=False)
            for address in addresses:
                key, host, now = urls.identity(address), urls.host(address), _now()
                books.frontier.meet(host)
                name = urls.host_part(address)
                if books.frontier.get(key) is None:
                    books.frontier.save(Target(key=key, url=address, host=host, source=name, found=now, due=now))
        make_due(books, _now())
        if not read:
            began, cpu = time.perf_counter(), time.process_time()
            crawl(sources, limits, watch, _now)
            seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
            return Ran(pages=_pages(watch), seconds=seconds, cpu=cpu, mb=_peak("self"))
        with pipeline.Readers[Archived](0, _rules()) as readers:
            began, cpu = time.perf_counter(), sum(tree().values())
            line = pipeline.Line(books, readers, _now)
            crawl(sources, limits, watch, _now, turn=lambda: bool(line.turn()) or line.is_busy)
            for _ in line.drain():
                pass
            seconds, spent = time.perf_counter() - began, tree()
            peaks = [_peak(str(pid)) for pid in spent if pid != os.getpid()]
            return Ran(
                pages=_pages(watch), seconds=seconds, cpu=sum(spent.values()) - cpu, mb=_peak("self"), worker_mb=max(peaks)
            )


def our_reading(home: Path) -> Ran:
    """Reading and keeping what a crawl has archived, alone."""
    said = subprocess.run(
        [sys.executable, str(Path(__file__).resolve()), "--ours-reading", str(home)],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    ).stdout
    return Ran(**json.loads(said))


def _be_reading(home: Path) -> Ran:
    import pipeline
    import store
    from model import Archived

    with store.open_store(home) as books, pipeline.Readers[Archived](0, _rules()) as readers:
        began, cpu = time.perf_counter(), sum(tree().values())
        pages = sum(1 for _ in pipeline.run(books, books.pending(), readers, _now))
        return Ran(pages=pages, seconds=time.perf_counter() - began, cpu=sum(tree().values()) - cpu)


def _now() -> datetime:
    return datetime.now(UTC)


def _rules() -> list[tuple[str, str]]:
    path = Path(__file__).resolve().parents[1] / "topics" / "asean.toml"
    return [(path.name, path.read_text(encoding="utf-8"))]


def _pages(watch: Any) -> int:
    return sum(report.outcomes.total for report in watch.reports())


def tree() -> dict[int, float]:
    """CPU seconds of this process and of all below it, by process."""
    parents, spent = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # a process that ended meanwhile
            fields = path.read_text().rpartition(")")[2].split()
            pid = int(path.parent.name)
            parents[pid], spent[pid] = int(fields[1]), (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    ours = {os.getpid()}
    while below := {pid for pid, parent in parents.items() if parent in ours} - ours:
        ours |= below
    return {pid: spent[pid] for pid in ours}


def _peak(pid: str) -> int:
    """Most memory that a process held, in MB."""
    return int(Path(f"/proc/{pid}/status").read_text().partition("VmHWM:")[2].split()[0]) // 1024


# ---------------------------------------------------------------- the comparison

CRAWLERS: Mapping[str, Callable[[Served, int], Ran]] = {"bare Scrapy": bare_scrapy, "diemtin, to the archive": our_crawl}


def compare(served: Served, at_once: int, rounds: int) -> None:
    """Each crawler in turn, so that other work on the machine hits all of them; the fastest round counts."""
    best: dict[str, tuple[Ran, float]] = {}
    for _ in range(rounds):
        for name, crawl in CRAWLERS.items():
            served.counters(reset=True)
            before = served.counters().cpu
            ran = crawl(served, at_once)
            took = served.counters().cpu - before
            if name not in best or ran.seconds < best[name][0].seconds:
                best[name] = (ran, took)
    for name, (ran, server) in best.items():
        print(f"  {name:<24} {at_once:>3} at once  {ran}  server {server / ran.pages * 1000:.2f} ms CPU a page", flush=True)


def whole(served: Served, at_once: int) -> None:
    """Crawling and reading together, beside the two alone; then a round over pages that are known and did not change."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        fetched = _child("--ours", served, at_once, home=home / "parts")
        read = our_reading(home / "parts")
        together = _child("--ours", served, at_once, "--read", home=home / "whole")
        parts = fetched.cpu / fetched.pages + read.cpu / read.pages
        print(f"  crawl alone      {fetched}")
        print(f"  reading alone    {read}")
        print(f"  both together    {together}: {together.cpu / together.pages / parts:.2f} times the CPU of the parts")
        busy = together.cpu / together.seconds
        print(
            f"    {busy:.2f} of {os.cpu_count()} cores busy beside the server; {together.mb} MB, {together.worker_mb} MB a worker"
        )
        served.counters(reset=True)
        again = _child("--ours", served, at_once, "--read", home=home / "whole")
        counted = served.counters()
        wire = (counted.bytes_in + counted.bytes_out) / again.pages
        print(f"  unchanged again  {again}: {wire:.0f} bytes a page on the wire, {again.seconds:.1f} s in all", flush=True)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pages", type=int, default=2000, help="up to 20,000")
    options.add_argument("--hosts", type=int, default=1)
    options.add_argument("--apart", action="store_true", help="each host has its own loopback address too (Linux only)")
    options.add_argument("--at-once", type=int, nargs="+", default=[8, 16], help="requests to one host at the same time")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--bare-scrapy", type=Path, metavar="FILE", help=argparse.SUPPRESS)
    options.add_argument("--whole", action="store_true", help="crawling and reading together, and a round over known pages")
    options.add_argument("--ours", type=Path, metavar="FILE", help=argparse.SUPPRESS)
    options.add_argument("--ours-reading", type=Path, metavar="HOME", help=argparse.SUPPRESS)
    options.add_argument("--read", action="store_true", help=argparse.SUPPRESS)
    options.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.ours:
        addresses = asked.ours.read_text(encoding="ascii").split()
        print(json.dumps(asdict(_be_ours(addresses, asked.at_once[0], asked.home, read=asked.read))))
        return 0
    if asked.ours_reading:
        print(json.dumps(asdict(_be_reading(asked.ours_reading))))
        return 0
    if asked.bare_scrapy:
        addresses = asked.bare_scrapy.read_text(encoding="ascii").split()
        print(json.dumps(asdict(_be_bare_scrapy(addresses, asked.at_once[0]))))
        return 0
    with serving(asked.pages, asked.hosts, asked.apart) as served:
        print(f"{asked.pages} pages of 60 KB on {asked.hosts} hosts, the fastest of {asked.rounds} rounds")
        for at_once in asked.at_once:
            if asked.whole:
                whole(served, at_once)
            else:
                compare(served, at_once, asked.rounds)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
