"""The crawl: asks for what the frontier says is due, politely, and hands each page back untouched."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from scrapy.crawler import CrawlerProcess
from twisted.python.failure import Failure

import text
from crawler.desk import Desk, Frontier
from crawler.network import scrapy_settings
from crawler.spider import NewsSpider
from model import CrawlSettings, Source

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name))


def crawl(
    sources: Sequence[Source],
    settings: CrawlSettings,
    frontier: Frontier,
    now: Callable[[], datetime],
    *,
    stay: bool = False,
    turn: Callable[[], bool] = lambda: False,
) -> bool:
    """Ask for what is due in the frontier, until nothing is; or, with `stay`, until a signal. True if a signal ended it.

    The frontier's methods, and `turn` between two of them many times a second (it says whether it has more to do soon), are
    called in this thread and block the crawl while they work; when one raises, the crawl ends and its exception is raised here.
    `now()` gives the time, aware, in UTC. SIGINT and SIGTERM end the crawl after the requests that are out; a second one ends it
    at once. Runs once in a process, in its main thread, because the reactor below Scrapy cannot be started again.
    """
    desk = Desk(sources, settings, frontier, now, stay=stay)
    with _signals_restored():
        process = CrawlerProcess(scrapy_settings(sources, settings))
        with _plain_log():
            process.crawl(NewsSpider, desk=desk, turn=turn).addErrback(_keep(desk))
            process.start()
    if desk.error is not None:
        raise desk.error
    return desk.closed != "finished"


def _keep(desk: Desk) -> Callable[[Failure], None]:
    """An error that kept the crawler from starting is kept for crawl() to raise; Scrapy would only log it."""

    def keep(failure: Failure) -> None:
        if isinstance(failure.value, Exception):
            desk.error = desk.error or failure.value

    return keep


@contextmanager
def _signals_restored() -> Iterator[None]:
    """Scrapy leaves its handlers behind; Ctrl-C must work again afterwards."""
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _OneLine(logging.Formatter):
    """A line for each record, without the traceback; an error that matters is raised by crawl()."""

    def format(self, record: logging.LogRecord) -> str:
        cause = record.exc_info[1] if record.exc_info else None
        message = record.getMessage() + (f" ({type(cause).__name__}: {cause})" if cause else "")
        return text.printable(" ".join(f"{record.levelname.lower()}: {message}".split()))


def _is_news(record: logging.LogRecord) -> bool:
    """Scrapy's downloader warns of single pages, and logs a traceback for a robots.txt; the report has both."""
    return not record.name.startswith(("scrapy.core.downloader.", "scrapy.downloadermiddlewares."))


@contextmanager
def _plain_log() -> Iterator[None]:
    """Warnings and errors of Scrapy and Twisted on stderr, whatever logging the caller has set up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(logging.WARNING)
    handler.setFormatter(_OneLine())
    handler.addFilter(_is_news)
    loggers = [logging.getLogger(name) for name in ("scrapy", "twisted")]
    for logger in loggers:
        logger.addHandler(handler)
        logger.propagate = False
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
            logger.propagate = True
