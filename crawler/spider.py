"""The spider: carries jobs from the desk to Scrapy and answers back. It never parses an article."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

from scrapy import Request, Spider
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.desk import Desk, Job


class NewsSpider(Spider):
    """Serves all sources of a round, because politeness is per crawler."""

    name = "diemtin"

    def __init__(self, desk: Desk, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._desk = desk

    async def start(self) -> AsyncIterator[Request]:
        for request in self._requests():
            yield request

    def _requests(self) -> Iterator[Request]:
        for job in self._desk.due():
            yield Request(
                job.url,
                headers=job.conditions,
                meta={"cookiejar": job.host},  # what one host sets is told to no other
                callback=self._answered,
                errback=self._failed,
                cb_kwargs={"job": job},
                dont_filter=True,
            )

    def _answered(self, response: Response, job: Job) -> Iterator[Request]:
        with self._ending_on_error(job):
            self._desk.answered(job, response)
        yield from self._requests()

    def _failed(self, failure: Failure) -> Iterator[Request]:
        job: Job = failure.request.cb_kwargs["job"]  # type: ignore[attr-defined]
        with self._ending_on_error(job):
            self._desk.failed(job, failure.value)  # type: ignore[arg-type]
        yield from self._requests()

    @contextmanager
    def _ending_on_error(self, job: Job) -> Iterator[None]:
        """Scrapy only logs what a callback raises: keep it for crawl() to raise, and end the crawl."""
        try:
            yield
        except Exception as error:
            error.add_note(f"while taking in {job.url}")
            self._desk.error = self._desk.error or error
            raise CloseSpider("error") from error

    def closed(self, reason: str) -> None:
        self._desk.closed = reason
