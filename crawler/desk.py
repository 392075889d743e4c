"""The crawler's bookkeeping: which target comes next for each host, and what an answer means. Knows nothing of Scrapy's loop.

As many requests as the settings allow are out for each host, and the next is handed out when one has ended. So nothing queues
inside Scrapy, a stop waits for a request or two of a host, and a host that asks for peace is asked no more.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from scrapy.http import Response

import urls
from crawler import answers, lists
from crawler.network import outcome_of, own_pause_of, pause_of, reason_of
from model import Capture, CrawlSettings, Ended, Listed, Outcome, Source, SourceKind, Target, Validators


class Frontier(Protocol):
    """Where targets come from, and where what became of them goes."""

    def lease(self, room: Mapping[str, int], most: int) -> list[Target]:
        """Targets that are due: `most` of each host, or as many as `room` says for it."""

    def end(self, batch: Sequence[Ended]) -> None:
        """Keep what became of these: all of it, or nothing."""

    def release(self, targets: Sequence[Target]) -> None:
        """Take back targets that were not asked for."""


_TOGETHER = 50  # ended targets that are kept at once
_UNKEPT = timedelta(seconds=0.1)  # for which an ended one waits for others: what a kill in that time costs is asked for again
_LEASES, _IDLE = timedelta(seconds=0.25), timedelta(seconds=1)  # between two looks at what is due; and where nothing was
_FEW, _MANY = 4, 200  # targets of a host held here: few, so that what comes in with a list goes before them; many at full speed
_WHOLE = 10  # every so many looks a page is asked for whole: a server may say for ever that nothing changed
_LONGEST_VALIDATOR = 1_000  # characters; a longer one is not sent back


class Desk:
    """Hands out targets, and takes answers."""

    def __init__(
        self, sources: Sequence[Source], settings: CrawlSettings, frontier: Frontier, now: Callable[[], datetime], *, stay: bool
    ) -> None:
        self._sources = {source.name: source for source in sources}
        self._settings, self._frontier, self._now, self._stay = settings, frontier, now, stay
        self._queues: dict[str, deque[Target]] = {}
        self._out: dict[str, dict[str, Target]] = {}  # by host and key
        self._ended: list[Ended] = []  # and not kept yet
        self._leased: datetime | None = None
        self._most = _MANY if settings.delay_seconds == 0 else _FEW
        self.finished = False  # nothing is due, and nothing is out; never where the crawl stays
        self.error: Exception | None = None  # what ended the crawl: the frontier's error, or a bug of ours
        self.closed: str | None = None  # why the crawl ended, in Scrapy's words

    def due(self) -> Iterator[Target]:
        """What each host may be asked for now."""
        for host, queue in tuple(self._queues.items()):  # it grows while Scrapy takes what is yielded
            out = self._out.setdefault(host, {})
            while queue and len(out) < self._settings.concurrency and self.error is None:
                target = queue.popleft()
                out[target.key] = target
                yield target

    def turn(self) -> None:
        """Keep what has ended, and see what is due. Called often. Raises what the frontier raises."""
        now = self._now()
        is_busy = self.is_busy()
        # abs: a clock that is set back must not make us wait until it is as late again
        if self._ended and (not is_busy or len(self._ended) >= _TOGETHER or abs(now - self._ended[0].at) >= _UNKEPT):
            self._keep()
        if self._leased is None or abs(now - self._leased) >= (_LEASES if is_busy or not self._stay else _IDLE):
            self._lease(now)
            self.finished = not self._stay and not self.is_busy() and not self._ended

    def is_busy(self) -> bool:
        """Something is out, or waits for its turn."""
        return any(self._queues.values()) or any(self._out.values())

    def close(self) -> None:
        """Keep what has ended, and hand back what was not asked for, or not answered."""
        self._keep()
        out = [target for targets in self._out.values() for target in targets.values()]
        self._frontier.release([*out, *(target for queue in self._queues.values() for target in queue)])
        self._queues.clear()

    def _keep(self) -> None:
        ended, self._ended = self._ended, []
        if ended:
            self._frontier.end(ended)

    def _lease(self, now: datetime) -> None:
        self._leased = now
        room = {host: self._most - len(queue) if len(queue) <= self._most // 2 else 0 for host, queue in self._queues.items()}
        for target in self._frontier.lease(room, self._most):
            queue = self._queues.setdefault(target.host, deque())
            if not self._holds(target):  # where a host takes longer than a lease lasts, its targets come once more
                queue.append(target)

    def _holds(self, target: Target) -> bool:
        waiting = (other.key for other in self._queues.get(target.host, ()))
        return target.key in self._out.get(target.host, {}) or target.key in waiting

    # ---------------------------------------------------------------- answers

    def answered(self, target: Target, response: Response) -> None:
        """Take the answer to a request."""
        self._out[target.host].pop(target.key, None)
        ended = self._list(target, response) if target.kind else self._page(target, response)
        self._end(ended)

    def failed(self, target: Target, error: BaseException) -> None:
        """Take note that a request had no answer."""
        self._out[target.host].pop(target.key, None)
        self._end(
            Ended(
                target=target,
                outcome=outcome_of(error),
                at=self._now(),
                reason=reason_of(error),
                wait=pause_of(error),
                pause=own_pause_of(target.url, error),
            )
        )

    def _end(self, ended: Ended) -> None:
        self._ended.append(ended)
        if ended.pause:
            self._keep()  # the pause stands in its row before anything of that host can be handed out again
        if ended.pause and (queue := self._queues.pop(ended.target.host, None)):
            self._frontier.release(queue)
        if ended.target.kind or len(self._ended) >= _TOGETHER:  # what a list names is wanted at once
            self._keep()
            self._leased = None

    # ---------------------------------------------------------------- pages

    def _page(self, target: Target, response: Response) -> Ended:
        is_same = response.status == 304 and conditions(target)
        outcome = Outcome.UNCHANGED if is_same else answers.outcome(_answer(target, response))
        has_page = outcome is Outcome.CAPTURED
        return Ended(
            target=target,
            outcome=outcome,
            at=self._now(),
            reason=None if has_page or is_same else _reason(outcome, target, response),
            capture=self._capture(target, response) if has_page else None,
            validators=_validators(target, response) if has_page else None,
            pause=own_pause_of(target.url, response),
            status=response.status,
        )

    def _capture(self, target: Target, response: Response) -> Capture:
        return Capture(
            identity=target.key if target.kind else urls.identity(response.url),
            body=response.body,
            captured_at=self._now(),
            captured_exactly=True,
            url_asked=target.url,
            url=response.url,
            status=response.status,
            headers=_headers(response),
            source=target.source,
            is_list=target.kind is not None,
        )

    # ---------------------------------------------------------------- lists

    def _list(self, target: Target, response: Response) -> Ended:
        is_same = response.status == 304 and conditions(target)
        if not is_same and (refused := _refused_list(target, response)):
            outcome, reason = refused
            return Ended(
                target=target,
                outcome=outcome,
                at=self._now(),
                reason=reason,
                pause=own_pause_of(target.url, response),
            )
        return Ended(
            target=target,
            outcome=Outcome.UNCHANGED if is_same else Outcome.CAPTURED,
            at=self._now(),
            capture=None if is_same else self._capture(target, response),
            validators=None if is_same else _validators(target, response),
            listed=Listed(wait=_max_age(response)) if is_same else self._listed(target, response),
        )

    def _listed(self, target: Target, response: Response) -> Listed:
        source = self._sources[target.source]
        assert target.kind is not None  # noqa: S101 - only lists come here
        page = lists.Page(url=response.url, body=response.body, kind=target.kind, content_type=_header(response, "Content-Type"))
        listing = lists.read(source, page, self._settings.max_page_bytes, target.looked)
        waits = [wait for wait in (listing.wait, _max_age(response)) if wait]
        return Listed(
            articles=listing.articles,
            sitemaps=listing.sitemaps,
            next_page=_next_page(source, target) if listing.articles else None,
            problem=listing.problem,
            wait=max(waits, default=None),
            quiet_hours=listing.quiet_hours,
            quiet_days=listing.quiet_days,
        )


def _next_page(source: Source, target: Target) -> str | None:
    is_section = target.kind is SourceKind.SECTION
    return lists.page_url(source, section_of(target), target.page + 1) if is_section else None


def _refused_list(target: Target, response: Response) -> tuple[Outcome, str] | None:
    """Why an answer is not the list that was asked for; None: it may be."""
    if response.status != 200:
        return (Outcome.BLOCKED if response.status in answers.BLOCKING else Outcome.FAILED), f"HTTP {response.status}"
    if answers.outcome(_answer(target, response)) is Outcome.BLOCKED:
        return Outcome.BLOCKED, "a page that stands in for the list"
    if urls.is_home(response.url) and not urls.is_home(target.url):
        return Outcome.FAILED, f"led to the front page, {response.url}"
    return None


def section_of(target: Target) -> str:
    """The address of the section that a page continues; its own where it is the first."""
    return target.parent.split(" ", 2)[2] if target.parent else target.url


def conditions(target: Target) -> dict[str, str]:
    """The headers by which a server may answer that nothing changed, or gives a further page at all."""
    known = target.validators if target.same % _WHOLE != _WHOLE - 1 else None
    asked = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified} if known else {}
    if target.page > 1:
        asked["Referer"] = section_of(target)  # some sites give further pages to readers of the first alone
    return {name: value for name, value in asked.items() if value}


def _answer(target: Target, response: Response) -> answers.Answer:
    return answers.Answer(
        status=response.status,
        asked=target.url,
        url=response.url,
        content_type=_header(response, "Content-Type") or "",
        coded="Content-Encoding" in response.headers,  # Scrapy takes it away with the coding
        challenged=_header(response, "cf-mitigated") == "challenge",
        body=response.body,
    )


def _reason(outcome: Outcome, target: Target, response: Response) -> str:
    if response.status != 200:
        return f"HTTP {response.status}"
    if outcome is Outcome.GONE and response.url != target.url:
        return f"led to {response.url}"
    told = {
        Outcome.BLOCKED: "a page that stands in for the article",
        Outcome.GONE: "the page says of itself that it is the front page or a list",
        Outcome.NOT_HTML: f"is {_header(response, 'Content-Type')}",
    }
    return told.get(outcome, str(outcome))


def _validators(target: Target, response: Response) -> Validators | None:
    """Of the very page that was asked for: those of another that it led to say nothing about it."""
    if response.url != target.url:
        return None
    told = {name: _header(response, name) for name in ("ETag", "Last-Modified")}
    usable = {name: value for name, value in told.items() if value and value.isprintable() and len(value) <= _LONGEST_VALIDATOR}
    return Validators(etag=usable.get("ETag"), last_modified=usable.get("Last-Modified")) if usable else None


def _max_age(response: Response) -> float | None:
    """Seconds for which the server says that its answer stays true (Cache-Control: max-age); not yet bounded."""
    told = (_header(response, "Cache-Control") or "").replace(" ", "").lower().split(",")
    if "no-cache" in told or "no-store" in told:
        return None
    ages = [part[len("max-age=") :] for part in told if part.startswith("max-age=")]
    return float(ages[0]) if ages and ages[0].isascii() and ages[0].isdigit() and len(ages[0]) < 10 else None


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None


def _headers(response: Response) -> tuple[tuple[str, str], ...]:
    """As received, but for the content coding that Scrapy has undone: Content-Length is that of the coded body."""
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, values in response.headers.items() for value in values
    )
