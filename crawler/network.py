"""How we behave on the network: what may be connected to, who may be asked, and when to leave a host alone.

The parts that Scrapy calls, from the address to the wire: a gate that every request passes, robots.txt (`crawler/robots.py`),
redirects, our manners towards each host (by the rules of `crawler/patience.py`), a name resolver that hides closed addresses,
and a download handler that takes no endless headers.
"""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from time import monotonic
from typing import Any
from urllib.parse import urljoin

from scrapy import Request, signals
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares import cookies
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.http import Response
from scrapy.resolver import CachingHostnameResolver, dnscache
from tldextract import TLDExtract
from twisted.internet.interfaces import IAddress, IHostResolution
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS

import urls
from crawler import packed, patience
from crawler.addresses import bare, is_local_name, may_connect, origin, private, refusal
from crawler.answers import BLOCKING
from crawler.refused import PAUSE, Refused, is_endless, is_too_large, outcome_of, own_pause_of, pause_of, reason_of
from crawler.robots import CRAWL_DELAY, Robots, product_token
from model import CrawlSettings, Outcome, Source

__all__ = ["Refused", "outcome_of", "own_pause_of", "pause_of", "product_token", "reason_of", "scrapy_settings"]

_NAMES_AGE = 600.0  # seconds; Scrapy's cache of names has no end of its own
_HEAD_BYTES = 256_000  # of status and headers; a browser takes as much
_LATENCY = "latency"  # in a request's meta: seconds until its answer began, without those in which we were busy ourselves

# Scrapy asks it whether a cookie is for a whole public suffix. Left alone it fetches the list of these, past every guard here
# and through a proxy of the environment, while all hosts wait, and writes it into the user's home. It brings a copy along.
cookies._split_domain = TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


# ---------------------------------------------------------------- the gate


class Gate:
    """Refuses addresses that are not asked whatever they resolve to. Every request passes it: of robots.txt and redirects too."""

    def __init__(self, crawler: Crawler) -> None:
        self._allowed = tuple(crawler.settings.getlist("ALLOW_PRIVATE_HOSTS"))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Gate:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        if reason := refusal(request.url, self._allowed):
            raise Refused(Outcome.PRIVATE, reason, origin=origin(request.url))


class Redirects(RedirectMiddleware):
    """Scrapy's, but a target is looked at as it was sent, and what leads nowhere has its outcome."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        told = response.headers.get("Location")
        if not told or not 300 <= response.status < 400:
            return response
        try:
            self._look_at(request.url, told.decode("utf-8", "replace").strip())
            return super().process_response(request, response)
        except ValueError as error:
            raise Refused(Outcome.FAILED, "it redirects to an address that cannot be read") from error
        except IgnoreRequest as error:
            if is_endless(error) and _is_cookie_gate(request, response):
                raise Refused(Outcome.BLOCKED, "it leads to itself until a cookie comes back, and ours is not enough") from error
            raise

    def _look_at(self, base: str, told: str) -> None:
        """Scrapy would repair `http://in\\@out/`, and another reader of it goes elsewhere."""
        target = told if "://" in told.partition("?")[0] else urljoin(base, told)
        if target.lower().startswith(("http://", "https://")) and (
            reason := refusal(target, self.crawler.settings.getlist("ALLOW_PRIVATE_HOSTS"))
        ):
            raise Refused(Outcome.PRIVATE, f"it redirects to where it may not: {reason}")


def _is_cookie_gate(request: Request, response: Response) -> bool:
    return "Set-Cookie" in response.headers and len({*request.meta.get("redirect_urls", ()), request.url}) == 1


# ---------------------------------------------------------------- names


class GuardedResolver(CachingHostnameResolver):
    """Resolves names and hides every closed address. Scrapy asks it for literals and for decimal, hex and octal hosts too.

    It stands in front of Scrapy's cache of names, so a cached answer is looked at again; and a connection is made to the very
    addresses that it passed on, so a name that changes its answer between two look-ups gains nothing.
    """

    def __init__(self, reactor: Any, cache_size: int, allowed: Sequence[str]) -> None:
        super().__init__(reactor, cache_size)
        self._allowed = allowed
        self._fresh_until = monotonic() + _NAMES_AGE
        self.refused: set[str] = set()  # hosts that had a closed address when they were last looked up

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> GuardedResolver:
        settings = crawler.settings
        proxy = urls.host(settings["PROXY"]) if settings["PROXY"] else ""
        allowed = [*settings.getlist("ALLOW_PRIVATE_HOSTS"), *([proxy] if proxy else [])]
        return cls(reactor, settings.getint("DNSCACHE_SIZE"), allowed)

    def resolveHostName(  # noqa: N802 (the interface's name)
        self,
        resolutionReceiver: Any,  # noqa: N803 (an IResolutionReceiver; zope's interfaces mean nothing to mypy)
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> IHostResolution:
        if monotonic() >= self._fresh_until:
            dnscache.clear()
            self._fresh_until = monotonic() + _NAMES_AGE
        self.refused.discard(bare(hostName))
        receiver: Any = _OpenAddresses(self, resolutionReceiver, hostName)
        return super().resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)

    def may_connect(self, host: str, address: str) -> bool:
        allowed = may_connect(host, address, self._allowed)
        if not allowed:
            self.refused.add(bare(host))
        return allowed


class _OpenAddresses:
    """An IResolutionReceiver that passes on the addresses that may be connected to."""

    def __init__(self, resolver: GuardedResolver, receiver: Any, host: str) -> None:
        self._resolver, self._receiver, self._host = resolver, receiver, host

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802 (the interface's names)
        self._receiver.resolutionBegan(resolution)

    def resolutionComplete(self) -> None:  # noqa: N802
        self._receiver.resolutionComplete()

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        if self._resolver.may_connect(self._host, address.host):
            self._receiver.addressResolved(address)


def _refused_names() -> set[str]:
    from twisted.internet import reactor  # importing it earlier would install another reactor than Scrapy's

    return getattr(reactor.nameResolver, "refused", set())


# ---------------------------------------------------------------- behind a proxy


class Proxied:
    """Sends every request through the proxy that the user named, and looks its host up here first.

    The proxy looks it up again and may find another address: what stands behind it is the proxy's to guard. A name that
    nobody here knows is left to it, unless it is one of an own network.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._proxy: str = crawler.settings["PROXY"]
        self._allowed = crawler.settings.getlist("ALLOW_PRIVATE_HOSTS")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Proxied:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        request.meta["proxy"] = self._proxy
        host = urls.host(request.url)
        found = await _looked_up(host)
        unknown = not found and bare(host) not in _refused_names()
        # The resolver lets the proxy's own host pass; here it is one like any other.
        open_ = all(may_connect(host, address, self._allowed) for address in found)
        if not open_ or bare(host) in _refused_names() or (unknown and is_local_name(host)):
            raise Refused(Outcome.PRIVATE, private(host), origin=origin(request.url))


def _looked_up(host: str) -> asyncio.Future[list[str]]:
    from twisted.internet import reactor  # see _refused_names

    done: asyncio.Future[list[str]] = asyncio.get_running_loop().create_future()
    receiver: Any = _Addresses(done)
    reactor.nameResolver.resolveHostName(receiver, host)
    return done


class _Addresses:
    """An IResolutionReceiver that collects what it is told."""

    def __init__(self, done: asyncio.Future[list[str]]) -> None:
        self._done = done
        self._found: list[str] = []

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802 (the interface's names)
        pass

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        self._found.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802
        if not self._done.done():  # the request was given up meanwhile
            self._done.set_result(self._found)


# ---------------------------------------------------------------- manners


def _codings(response: Response) -> list[str]:
    """How its body is packed. A redirect, and an answer that a page is as it was, have none that could break off."""
    told = b",".join(response.headers.getlist("Content-Encoding")) if response.body or response.status == 200 else b""
    return [coding.strip().lower() for coding in told.decode("latin-1").split(",") if coding.strip()]


class Manners:
    """What is owed to each host: its own queue, its delay, and peace for a while when it asks for it or keeps failing."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._random = random.Random()  # noqa: S311 (it spreads pauses, and hides nothing)
        self._standings: defaultdict[str, patience.Standing] = defaultdict(patience.Standing)  # by origin
        self._usual = settings.getfloat("DOWNLOAD_DELAY")
        self._longest = settings.getint("DOWNLOAD_MAXSIZE")
        self._concurrency = settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        self._own = {host: slot["delay"] for host, slot in settings.getdict("DOWNLOAD_SLOTS").items()}
        self._wanted: dict[str, float] = {}  # crawl-delays
        self._stalls = patience.Stalls(monotonic())
        self._clock: Any = None
        crawler.signals.connect(self._begin, signals.spider_opened)
        crawler.signals.connect(self._answered, signals.headers_received)
        crawler.signals.connect(self._end, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Manners:
        return cls(crawler)

    def _begin(self) -> None:
        from twisted.internet.task import LoopingCall  # see _refused_names

        self._clock = LoopingCall(lambda: self._stalls.look(monotonic()))
        self._clock.start(patience.TURN)

    def _end(self) -> None:
        self._clock.stop()

    def _answered(self, request: Request) -> None:
        now, latency = monotonic(), request.meta["download_latency"]
        request.meta[_LATENCY] = max(0.0, latency - self._stalls.since(now - latency, now))

    def process_request(self, request: Request) -> None:
        host, meta = urls.host(request.url), request.meta
        # A redirect carries the queue of the first host along; without this it would pass the second one's delay by.
        meta["download_slot"] = host
        if meta.get("redirect_times"):  # what another page was asked by means nothing here
            request.headers.pop("If-None-Match", None)
            request.headers.pop("If-Modified-Since", None)
        standing = self._standings[origin(request.url)]
        if left := standing.left(monotonic()):
            raise Refused(standing.outcome, standing.reason, wait=left, origin=origin(request.url))
        if (wanted := meta.get(CRAWL_DELAY)) is not None and wanted != self._wanted.get(host, 0.0):
            self._wanted[host] = wanted
            self._slow_down(host)

    def process_response(self, request: Request, response: Response) -> Response:
        host = urls.host(request.url)
        if wait := self._wait(request, response):
            request.meta[PAUSE] = wait
            request.meta["dont_retry"] = True
        self._pace(host, request, response.status)
        if reason := packed.wrong(_codings(response), response.body, self._longest):
            raise Refused(Outcome.FAILED, reason)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        host = urls.host(request.url)
        if isinstance(exception, CannotResolveHostError) and bare(host) in _refused_names():
            raise Refused(Outcome.PRIVATE, private(host), origin=origin(request.url)) from exception
        if isinstance(exception, IgnoreRequest) or is_too_large(exception):
            return
        if wait := self._failed(request, Outcome.FAILED):
            where = origin(request.url)
            reason = f"{reason_of(exception)}; {self._standings[where].reason}"
            raise Refused(Outcome.FAILED, reason, wait=wait, origin=where) from exception

    def _failed(self, request: Request, outcome: Outcome) -> float | None:
        """How long the host is left alone for one more failure, if it is. What other sites lead to says nothing of it."""
        asked = request.meta.get("redirect_urls", [request.url])[0]
        if not urls.same_site(asked, request.url):
            return None
        return self._standings[origin(request.url)].failed(outcome, monotonic(), self._random.random())

    def _wait(self, request: Request, response: Response) -> float | None:
        """How long the host is left alone after this answer, if it is."""
        standing, status, chance = self._standings[origin(request.url)], response.status, self._random.random()
        told = response.headers.get("Retry-After")
        if status == 429 or (status == 503 and told):
            outcome = Outcome.BLOCKED if status == 429 else Outcome.FAILED
            asked = patience.retry_after(told.decode("latin-1"), datetime.now(UTC)) if told else None
            reason = f"the host asked us to wait (HTTP {status})"
            return standing.asked(asked, outcome, reason, monotonic(), chance)
        if status in BLOCKING or status >= 500:
            outcome = Outcome.BLOCKED if status in BLOCKING else Outcome.FAILED
            return self._failed(request, outcome)
        standing.fine()
        return None

    def _floor(self, host: str) -> float:
        own: float = self._own.get(host, self._usual)
        return max(own, self._wanted.get(host, 0.0))

    def _pace(self, host: str, request: Request, status: int) -> None:
        engine: Any = self._crawler.engine
        slot, latency = engine.downloader.slots.get(host), request.meta.get(_LATENCY)
        if slot is not None and latency is not None:
            slot.delay = patience.paced(slot.delay, latency, status, self._floor(host), self._concurrency)

    def _slow_down(self, host: str) -> None:
        """Hold to a crawl-delay from now on, also in the queue that is made after this one was given up as idle."""
        engine: Any = self._crawler.engine
        downloader, floor = engine.downloader, self._floor(host)
        downloader.per_slot_settings[host] = downloader.per_slot_settings.get(host, {}) | {"delay": floor}
        if slot := downloader.slots.get(host):
            slot.delay = max(slot.delay, floor)


# ---------------------------------------------------------------- heads


class BoundedHandler(HTTP11DownloadHandler):
    """Scrapy's, but status and headers end somewhere: Twisted bounds each line and not their number."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _BoundedFactory


class _BoundedFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> _BoundedProtocol:  # noqa: N802 (Twisted's name)
        return _BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class _BoundedProtocol(_LenientHTTP11ClientProtocol):
    _head = 0

    def request(self, request: Any) -> Any:
        self._head = 0
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 (Twisted's name)
        if self._parser is not None and self._parser.state in (STATUS, HEADER):
            self._head += len(data)  # with what comes of the body in the same piece
            if self._head > _HEAD_BYTES:
                too_long = Failure(ValueError(f"status and headers are longer than {_HEAD_BYTES} bytes"))  # type: ignore[no-untyped-call]
                self._giveUp(too_long)  # type: ignore[no-untyped-call]
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call]


# ---------------------------------------------------------------- settings


def scrapy_settings(sources: Iterable[Source], settings: CrawlSettings) -> dict[str, Any]:
    """Scrapy's settings for a round. What is set here is set because Scrapy's default is another."""
    slots = _slots(sources, settings)
    concurrency, proxy = settings.concurrency, settings.proxy
    return {
        # who we are
        "USER_AGENT": settings.user_agent,
        "ROBOTSTXT_USER_AGENT": product_token(settings.user_agent),
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language": "vi,en;q=0.5",
        },
        "REFERRER_POLICY": "no-referrer",
        "COOKIES_ENABLED": True,  # some sites send a page to itself until their cookie comes back; kept for the round alone
        # how we ask
        "CONCURRENT_REQUESTS": max(200, len(slots) * concurrency),  # the desk bounds each host: slow ones must not fill it
        "CONCURRENT_REQUESTS_PER_DOMAIN": concurrency,
        "DOWNLOAD_DELAY": settings.delay_seconds,
        "DOWNLOAD_DELAY_JITTER": 0,  # with it every second wait is shorter than promised
        "DOWNLOAD_SLOTS": slots,
        "REACTOR_THREADPOOL_MAXSIZE": max(10, 2 * len(slots)),  # names that nobody answers for must not keep others waiting
        "DOWNLOAD_TIMEOUT": settings.timeout_seconds,
        "DOWNLOAD_MAXSIZE": settings.max_page_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "REDIRECT_MAX_TIMES": 5,
        "METAREFRESH_ENABLED": False,
        "RETRY_TIMES": 2,
        "RETRY_HTTP_CODES": [408, 500, 502, 503, 504, 520, 521, 522, 523, 524],  # without 429
        "RETRY_GIVE_UP_LOG_LEVEL": "DEBUG",  # it is in the report
        # what may be reached
        "ALLOW_PRIVATE_HOSTS": list(settings.allow_private_hosts),  # our own, for GuardedResolver
        "TWISTED_DNS_RESOLVER": GuardedResolver,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_HANDLERS": dict.fromkeys(("data", "file", "ftp", "s3")) | dict.fromkeys(("http", "https"), BoundedHandler),
        "PROXY": proxy,  # our own, for Proxied; one of the environment is not used
        "HTTPPROXY_ENABLED": bool(proxy),  # Scrapy's part of it: the password
        # what is ours to decide
        "DOWNLOADER_MIDDLEWARES": {
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
            Gate: 50,
            **({Proxied: 60} if proxy else {}),
            Robots: 100,
            Redirects: 600,
            Manners: 840,  # next to the network: it sees every attempt
        },
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
        "HTTPERROR_ALLOW_ALL": True,
        "URLLENGTH_LIMIT": 0,  # a request that is dropped there would have no outcome
        "CONCURRENT_ITEMS": 1,  # a callback gives none; Scrapy would start a hundred tasks for each answer to take them
        # what is not wanted
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "MEMUSAGE_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
        "STATS_DUMP": False,
    }


def _slots(sources: Iterable[Source], settings: CrawlSettings) -> dict[str, dict[str, float]]:
    """The queue of each source's hosts; the longest delay counts where sources share a host."""
    delays: dict[str, float] = {}
    for source in sources:
        delay = settings.delay_seconds if source.delay_seconds is None else source.delay_seconds
        for host in {urls.host(address) for address in (source.home, *(page.url for page in source.pages))}:
            delays[host] = max(delay, delays.get(host, 0.0))
    return {host: {"concurrency": settings.concurrency, "delay": delay, "jitter": 0} for host, delay in delays.items()}
