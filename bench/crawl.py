"""How fast pages are fetched, beside bare Scrapy on the same pages of the same server. See README.md.

python bench/crawl.py [--pages 2000] [--hosts 1] [--apart] [--at-once 8 16] [--rounds 3]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.server import Served, serving


@dataclass(frozen=True, kw_only=True, slots=True)
class Ran:
    """One crawl over all addresses of a server."""

    pages: int  # answered with 200
    seconds: float  # from the first request to the last answer
    cpu: float  # seconds of the crawler's processes in that time

    def __str__(self) -> str:
        return f"{self.pages / self.seconds:7.0f} pages/s  {self.cpu / max(1, self.pages) * 1000:6.2f} ms CPU a page"


# ---------------------------------------------------------------- bare Scrapy


def bare_scrapy(served: Served, at_once: int) -> Ran:
    """A plain spider with Scrapy's default settings and no pipeline, in a process of its own."""
    return _child("--bare-scrapy", served, at_once)


def _child(what: str, served: Served, at_once: int) -> Ran:
    """Run this file as a child, which prints a Ran as JSON. A reactor cannot be started twice in a process."""
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "addresses.txt"
        listed.write_text("\n".join(served.addresses()), encoding="ascii")
        command = [sys.executable, str(Path(__file__).resolve()), what, str(listed), "--at-once", str(at_once)]
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

# Our own crawl stands here: a function like bare_scrapy, which goes into CRAWLERS under its name.


# ---------------------------------------------------------------- the comparison

CRAWLERS: Mapping[str, Callable[[Served, int], Ran]] = {"bare Scrapy": bare_scrapy}


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


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pages", type=int, default=2000, help="up to 20,000")
    options.add_argument("--hosts", type=int, default=1)
    options.add_argument("--apart", action="store_true", help="each host has its own loopback address too (Linux only)")
    options.add_argument("--at-once", type=int, nargs="+", default=[8, 16], help="requests to one host at the same time")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--bare-scrapy", type=Path, metavar="FILE", help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.bare_scrapy:
        addresses = asked.bare_scrapy.read_text(encoding="ascii").split()
        print(json.dumps(asdict(_be_bare_scrapy(addresses, asked.at_once[0]))))
        return 0
    with serving(asked.pages, asked.hosts, asked.apart) as served:
        print(f"{asked.pages} pages of 60 KB on {asked.hosts} hosts, the fastest of {asked.rounds} rounds")
        for at_once in asked.at_once:
            compare(served, at_once, asked.rounds)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
