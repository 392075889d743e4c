"""The spider: carries targets from the desk to Scrapy and answers back. It never parses an article."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from scrapy.utils.defer import deferred_from_coro
from twisted.python.failure import Failure

from crawler.desk import Desk, conditions
from crawler.refused import Refused
from model import Outcome, Target

_TURN, _REST = 0.01, 0.2  # seconds between two turns: while something is out or being read, and else


class NewsSpider(Spider):
    """Serves all sources, because politeness is per crawler; and stays until the desk has finished."""

    name = "diemtin"

    def __init__(self, desk: Desk, turn: Callable[[], bool], **arguments: Any) -> None:
        super().__init__(**arguments)
        self._desk, self._turn = desk, turn
        self._clock: Any = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider._stay, signals.spider_idle)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        from twisted.internet.task import LoopingCall  # importing it earlier would install another reactor than Scrapy's

        self._clock = LoopingCall(self._tick)
        self._clock.start(_TURN, now=False)
        with self._ending_on_error("at the first look at what is due"):
            self._desk.turn()
        for request in self._requests():
            yield request

    def _stay(self) -> None:
        if not self._desk.finished and self._desk.error is None:
            raise DontCloseSpider

    def _tick(self) -> None:
        if self._desk.error is not None:
            return
        with self._ending_on_error("while keeping what was fetched"):
            self._desk.turn()
            is_busy = self._turn() or self._desk.is_busy()
            self._clock.interval = _TURN if is_busy else _REST
        self._send()
        if self._desk.finished:
            self._end("finished")

    def _end(self, reason: str) -> None:
        self._clock.running and self._clock.stop()
        engine: Any = self.crawler.engine
        deferred_from_coro(engine.close_spider_async(reason=reason))

    def _requests(self) -> Iterator[Request]:
        for target in self._desk.due():
            try:
                yield self._request(target)
            except ValueError:  # Scrapy reads addresses more strictly than we do
                with self._ending_on_error(f"while giving up {target.url}"):
                    self._desk.failed(target, Refused(Outcome.PRIVATE, "the address cannot be read"))

    def _request(self, target: Target) -> Request:
        return Request(
            target.url,
            headers=conditions(target),
            meta={"cookiejar": target.host},  # what one host sets is told to no other
            callback=self._answered,
            errback=self._failed,
            cb_kwargs={"target": target},
            dont_filter=True,
        )

    def _send(self) -> None:
        engine: Any = self.crawler.engine
        for request in self._requests():
            engine.crawl(request)

    def _answered(self, response: Response, target: Target) -> None:
        with self._ending_on_error(f"while taking in {target.url}"):
            self._desk.answered(target, response)
        self._send()

    def _failed(self, failure: Failure) -> None:
        target: Target = failure.request.cb_kwargs["target"]  # type: ignore[attr-defined]
        with self._ending_on_error(f"while taking in {target.url}"):
            self._desk.failed(target, failure.value)  # type: ignore[arg-type]
        self._send()

    @contextmanager
    def _ending_on_error(self, doing: str) -> Iterator[None]:
        """Scrapy only logs what a callback raises: keep it for crawl() to raise, and end the crawl."""
        try:
            yield
        except Exception as error:
            error.add_note(doing)
            if self._desk.error is None:
                self._desk.error = error
                self._end("error")

    def closed(self, reason: str) -> None:
        if self._clock is not None and self._clock.running:
            self._clock.stop()
        self._desk.closed = reason
        if self._desk.error is None:
            with self._ending_on_error("while keeping what was fetched last"):
                self._desk.close()
