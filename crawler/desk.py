"""The bookkeeping of a round: which address comes next for each host, and how each one ended. Knows nothing of Scrapy's loop.

One request at a time is out for each host, and the next is handed out when that one has ended. So nothing queues inside
Scrapy, a stop waits for one request of a host at most, and a host that asks for peace is asked no more.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from scrapy.http import Response

import urls
from crawler import answers, lists
from crawler.network import outcome_of, reason_of
from model import Capture, CrawlReport, CrawlSettings, Outcome, Source, SourceReport, Tally, Validators

Sink = Callable[[Capture], object]


class Memory(Protocol):
    """What is known of addresses from the last time that they were asked for."""

    def recall(self, url: str) -> Validators | None:
        """The validators of the last answer, if it was a page that was kept."""

    def knows(self, url: str) -> bool:
        """The article at this address was fetched before."""

    def note(self, url: str, validators: Validators | None) -> None:
        """Keep the validators of this answer; None: there are none, or the answer was no page."""


class Forgetful:
    """A memory that holds nothing: every page is asked for whole."""

    def recall(self, url: str) -> Validators | None:
        return None

    def knows(self, url: str) -> bool:
        return False

    def note(self, url: str, validators: Validators | None) -> None:
        pass


_LONGEST_VALIDATOR = 1_000  # characters; a longer one is not sent back

_DEEPEST = 2  # a sitemap index, an index below it, a sitemap
_PAGES = 10  # of a section in one round
_SITEMAPS = 10  # read for one source in a round, beside its own


@dataclass(kw_only=True, slots=True, eq=False)
class Round:
    """A source in this round."""

    source: Source
    seen: set[str] = field(default_factory=set)  # identities listed
    sitemaps: set[str] = field(default_factory=set)  # followed, by canonical key
    asked: int = 0  # articles handed out or waiting
    outcomes: Tally = field(default_factory=Tally)
    problem: str | None = None  # a list that could not be read
    nothing: str | None = None  # why a list that was read gave nothing

    def end(self, outcome: Outcome) -> None:
        self.outcomes = self.outcomes.plus(outcome)

    def report(self) -> SourceReport:
        unended = len(self.seen) - self.outcomes.total
        outcomes = self.outcomes.plus(Outcome.STOPPED, unended) if unended else self.outcomes
        problem = self.problem or (None if self.seen else self.nothing)
        return SourceReport(name=self.source.name, listed=len(self.seen), outcomes=outcomes, problem=problem)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Job:
    """One address to ask for."""

    round: Round
    url: str
    depth: int | None = None  # of a list: 0 is the source's own, 1 and 2 are sitemaps below it; None: an article
    page: int = 1  # of a section that goes on over several
    known: Validators | None = None  # of an article that was fetched before

    @property
    def conditions(self) -> dict[str, str]:
        """The headers by which the server may answer that nothing changed, or gives a further page at all."""
        known = self.known
        asked = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified} if known else {}
        if self.page > 1:
            asked["Referer"] = self.round.source.url  # some sites give further pages to readers of the first alone
        return {name: value for name, value in asked.items() if value}

    @property
    def host(self) -> str:
        return urls.host(self.url)


class Desk:
    """Hands out jobs, takes answers, and tells in the end how the round went."""

    def __init__(
        self, sources: Sequence[Source], settings: CrawlSettings, sink: Sink, now: Callable[[], datetime], memory: Memory
    ) -> None:
        self._settings, self._sink, self._now, self._memory = settings, sink, now, memory
        self._rounds = [Round(source=source, nothing="stopped before its list was read") for source in sources]
        self._queues: dict[str, deque[Job]] = {}
        self._out: set[str] = set()  # hosts that have a job out
        self._claimed: set[str] = set()  # identities asked for, by any source
        self.error: Exception | None = None  # what ended the round: the sink's error, or a bug of ours
        self.closed: str | None = None  # why the crawl ended, in Scrapy's words
        for one in self._rounds:
            self._queue(Job(round=one, url=one.source.url, depth=0))

    def _queue(self, job: Job) -> None:
        self._queues.setdefault(job.host, deque()).append(job)

    def due(self) -> Iterator[Job]:
        """One job for each host that has none out."""
        for host, queue in tuple(self._queues.items()):  # it grows while Scrapy takes what is yielded
            while queue and host not in self._out and self.error is None:
                job = queue.popleft()
                if job.depth and job.round.asked >= self._settings.max_pages:
                    continue  # a further sitemap could only add to what is over the limit
                self._out.add(host)
                yield job

    def answered(self, job: Job, response: Response) -> None:
        """Take the answer to a job. Raises what the sink raises."""
        self._out.discard(job.host)
        if job.depth is not None:
            self._listed(job, response)
        elif self.error is None:  # else it stays unended: nothing is given to a sink that has failed
            job.round.end(self._page(job, response))

    def failed(self, job: Job, error: BaseException) -> None:
        """Take note that a job had no answer."""
        self._out.discard(job.host)
        if job.depth is None:
            self._memory.note(job.url, None)
            job.round.end(outcome_of(error))
        else:
            self._list_failed(job, reason_of(error))

    def report(self) -> CrawlReport:
        return CrawlReport(sources=tuple(one.report() for one in self._rounds), stopped=self.closed != "finished")

    # ---------------------------------------------------------------- pages

    def _page(self, job: Job, response: Response) -> Outcome:
        if response.status == 304 and job.known:
            return Outcome.UNCHANGED
        outcome = answers.outcome(_answer(job, response))
        if outcome is Outcome.CAPTURED:
            self._sink(self._capture(job, response))
        self._memory.note(job.url, _validators(job, response) if outcome is Outcome.CAPTURED else None)
        return outcome

    def _capture(self, job: Job, response: Response) -> Capture:
        return Capture(
            identity=urls.identity(response.url),
            body=response.body,
            captured_at=self._now(),
            captured_exactly=True,
            url_asked=job.url,
            url=response.url,
            status=response.status,
            headers=_headers(response),
            source=job.round.source.name,
        )

    # ---------------------------------------------------------------- lists

    def _listed(self, job: Job, response: Response) -> None:
        if response.status != 200:
            self._list_failed(job, f"HTTP {response.status}")
            return
        page = lists.Page(url=response.url, body=response.body, content_type=_header(response, "Content-Type"))
        listing = lists.read(job.round.source, page, self._settings.max_page_bytes)
        new = [url for url in listing.articles if self._found(job.round, url) and not self._memory.knows(url)]
        job.round.nothing = (listing.problem if job.page == 1 else None) or job.round.nothing
        self._further(job, listing.sitemaps)
        if new:
            self._next_page(job)

    def _next_page(self, job: Job) -> None:
        one = job.round
        if one.source.paging and job.depth == 0 and job.page < _PAGES and one.asked < self._settings.max_pages:
            self._queue(Job(round=one, url=page_url(one.source.paging, job.page + 1), depth=0, page=job.page + 1))

    def _list_failed(self, job: Job, reason: str) -> None:
        job.round.problem = job.round.problem or (f"{job.url}: {reason}" if job.depth or job.page > 1 else reason)

    def _found(self, one: Round, url: str) -> bool:
        """Give the article its turn; False: this source has listed it before."""
        key = urls.identity(url)
        if key in one.seen:
            return False
        one.seen.add(key)
        if key in self._claimed:
            one.end(Outcome.REPEATED)
        elif one.asked >= self._settings.max_pages:
            one.end(Outcome.OVER_LIMIT)
        else:
            one.asked += 1
            self._claimed.add(key)
            self._queue(Job(round=one, url=url, known=self._memory.recall(url)))
        return True

    def _further(self, job: Job, sitemaps: Sequence[str]) -> None:
        depth = (job.depth or 0) + 1
        for url in sitemaps if depth <= _DEEPEST else ():
            key = urls.canonical_key(url)
            if key not in job.round.sitemaps and len(job.round.sitemaps) < _SITEMAPS:
                job.round.sitemaps.add(key)
                self._queue(Job(round=job.round, url=url, depth=depth))


_PLACE = re.compile(r"\{(?:page|offset:(\d+))\}")


def page_url(paging: str, page: int) -> str:
    """The address of a section's page, 2 or more, by the rule of its source."""
    return _PLACE.sub(lambda found: str(int(found[1]) * (page - 1) if found[1] else page), paging)


def _answer(job: Job, response: Response) -> answers.Answer:
    return answers.Answer(
        status=response.status,
        asked=job.url,
        url=response.url,
        content_type=_header(response, "Content-Type") or "",
        coded="Content-Encoding" in response.headers,  # Scrapy takes it away with the coding
        challenged=_header(response, "cf-mitigated") == "challenge",
        body=response.body,
    )


def _validators(job: Job, response: Response) -> Validators | None:
    """Of the very page that was asked for: those of another that it led to say nothing about it."""
    if response.url != job.url:
        return None
    told = {name: _header(response, name) for name in ("ETag", "Last-Modified")}
    usable = {name: value for name, value in told.items() if value and value.isprintable() and len(value) <= _LONGEST_VALIDATOR}
    return Validators(etag=usable.get("ETag"), last_modified=usable.get("Last-Modified")) if usable else None


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None


def _headers(response: Response) -> tuple[tuple[str, str], ...]:
    """As received, but for the content coding that Scrapy has undone: Content-Length is that of the coded body."""
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, values in response.headers.items() for value in values
    )
