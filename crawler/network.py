"""How we behave on the network: what may be connected to, who may be asked, and when to leave a host alone.

Three parts that Scrapy calls: a name resolver that knows which addresses are closed, a robots.txt middleware that follows
RFC 9309 where Scrapy's own does not, and a middleware that keeps our manners towards each host.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.resolver import CachingHostnameResolver
from scrapy.robotstxt import RobotParser
from twisted.internet.interfaces import IAddress, IHostResolution

import urls
from crawler.addresses import bare, may_connect
from crawler.answers import BLOCKING
from model import CrawlSettings, Outcome, Source

_ROBOTS_BYTES = 1_000_000  # read of a robots.txt at most; RFC 9309 asks for 500 KiB at least
_LONGEST_DELAY = 30.0  # seconds; a longer crawl-delay is cut to this
_PATIENCE = 10  # failing answers in a row after which a host is left alone for this round


class Refused(IgnoreRequest):
    """We did not ask, or may not keep the answer; says which outcome that is, and why in one line."""

    wait = None

    def __init__(self, outcome: Outcome, reason: str) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.reason = reason


def outcome_of(error: BaseException) -> Outcome:
    """The outcome of a page whose request ended in this error."""
    if isinstance(error, Refused):
        return error.outcome
    return Outcome.TOO_LARGE if _is_too_large(error) else Outcome.FAILED


def _is_too_large(error: BaseException) -> bool:
    # Scrapy names the limit only in its message where it was passed while unpacking.
    return isinstance(error, DownloadCancelledError) or (isinstance(error, IgnoreRequest) and "DOWNLOAD_MAXSIZE" in str(error))


def reason_of(error: BaseException) -> str:
    """One line for a person about a request that ended in this error."""
    if isinstance(error, Refused):
        return error.reason
    if _is_too_large(error):
        return "larger than max_page_bytes"
    if "certificate verify failed" in repr(error.__cause__ or error):
        return "its TLS certificate cannot be verified"
    named = (
        (CannotResolveHostError, "the host name is unknown"),
        (DownloadConnectionRefusedError, "the connection was refused"),
        (DownloadTimeoutError, "no answer in time"),
        (ResponseDataLossError, "the answer broke off"),
        (IgnoreRequest, str(error)),
    )
    return next((text for kind, text in named if isinstance(error, kind)), f"the connection failed ({type(error).__name__})")


def pause_of(ended: object) -> float | None:
    return None


# ---------------------------------------------------------------- names


class GuardedResolver(CachingHostnameResolver):
    """Resolves names and hides every closed address. Scrapy asks it for literals and for decimal, hex and octal hosts too.

    It stands in front of Scrapy's cache of names, so a cached answer is looked at again.
    """

    def __init__(self, reactor: Any, cache_size: int, allowed: Sequence[str]) -> None:
        super().__init__(reactor, cache_size)
        self._allowed = allowed
        self.refused: set[str] = set()  # hosts that had a closed address

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> GuardedResolver:
        settings = crawler.settings
        return cls(reactor, settings.getint("DNSCACHE_SIZE"), settings.getlist("ALLOW_PRIVATE_HOSTS"))

    def resolveHostName(  # noqa: N802 (the interface's name)
        self,
        resolutionReceiver: Any,  # noqa: N803 (an IResolutionReceiver; zope's interfaces mean nothing to mypy)
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> IHostResolution:
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


# ---------------------------------------------------------------- robots.txt


class Robots(RobotsTxtMiddleware):
    """Scrapy's, but a robots.txt that cannot be had forbids everything, and one that is not there (4xx) nothing (RFC 9309)."""

    def process_request_2(self, rp: RobotParser | Refused | None, request: Request) -> None:
        if isinstance(rp, Refused):
            raise Refused(rp.outcome, rp.reason)
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            raise Refused(Outcome.ROBOTS, "robots.txt forbids it") from error

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        # 429 is a 4xx by number, but says "later" and not "there is none".
        if response.status == 429 or not (200 <= response.status < 300 or 400 <= response.status < 500):
            raise Refused(Outcome.ROBOTS, f"HTTP {response.status}")
        if response.status >= 400:
            response = response.replace(body=b"")
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        refused = Refused(Outcome.ROBOTS, f"robots.txt unreachable ({reason_of(exc)}), waiting")
        if isinstance(exc, Refused) and exc.outcome is Outcome.PRIVATE:
            refused = exc
        # Scrapy keeps a parser here, or None for "all is allowed"; process_request_2 above knows a refusal too.
        parsers: dict[str, Any] = self._parsers
        waiting, parsers[netloc] = parsers[netloc], refused
        waiting.callback(refused)


def product_token(user_agent: str) -> str:
    """What a robots.txt calls us: the first word of the user agent, or all of it where that only says Mozilla."""
    token = re.match(r"[A-Za-z_-]+", user_agent)
    return token[0] if token and token[0].lower() != "mozilla" else user_agent


# ---------------------------------------------------------------- manners


class Manners:
    """What is owed to each host: its own queue, its crawl-delay, and peace when it asks for it or keeps failing."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self._troubles: dict[str, int] = {}  # failing answers in a row, by host
        self._left_alone: dict[str, Refused] = {}
        crawler.signals.connect(self._slow_down, signals.robots_parsed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Manners:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        host = urls.host(request.url)
        # A redirect carries the queue of the first host along; without this it would pass the second one's delay by.
        request.meta["download_slot"] = host
        if request.meta.get("redirect_times"):  # what another page was asked by means nothing here
            request.headers.pop("If-None-Match", None)
            request.headers.pop("If-Modified-Since", None)
        if refused := self._left_alone.get(host):
            raise Refused(refused.outcome, refused.reason)
        if urlsplit(request.url).path == "/robots.txt":
            request.meta["download_maxsize"] = max(_ROBOTS_BYTES, self._crawler.settings.getint("DOWNLOAD_MAXSIZE"))

    def process_response(self, request: Request, response: Response) -> Response:
        host, status = urls.host(request.url), response.status
        if status == 429 or (status == 503 and "Retry-After" in response.headers):
            request.meta["dont_retry"] = True
            outcome = Outcome.BLOCKED if status == 429 else Outcome.FAILED
            self._left_alone[host] = Refused(outcome, f"the host asked us to wait (HTTP {status})")
        elif status in BLOCKING or status >= 500:
            self._count(host, Outcome.BLOCKED if status in BLOCKING else Outcome.FAILED)
        else:
            self._troubles.pop(host, None)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        host = urls.host(request.url)
        if isinstance(exception, CannotResolveHostError) and bare(host) in self._refused_names():
            reason = f"{host} is in a private network; allow_private_hosts does not name it"
            raise Refused(Outcome.PRIVATE, reason) from exception
        if not isinstance(exception, IgnoreRequest) and not _is_too_large(exception):
            self._count(host, Outcome.FAILED)

    @staticmethod
    def _refused_names() -> set[str]:
        from twisted.internet import reactor  # importing it earlier would install another reactor than Scrapy's

        return getattr(reactor.nameResolver, "refused", set())

    def _count(self, host: str, outcome: Outcome) -> None:
        self._troubles[host] = self._troubles.get(host, 0) + 1
        if self._troubles[host] >= _PATIENCE:
            self._left_alone[host] = Refused(outcome, f"the host failed {_PATIENCE} times in a row")

    def _slow_down(self, robotparser: RobotParser, request: Request) -> None:
        wanted = min(robotparser.crawl_delay(self._agent) or 0.0, _LONGEST_DELAY)
        downloader, host = self._crawler.engine.downloader, urls.host(request.url)
        own = downloader.per_slot_settings.setdefault(host, {})
        own["delay"] = max(own.get("delay", self._crawler.settings.getfloat("DOWNLOAD_DELAY")), wanted)
        if slot := downloader.slots.get(host):
            slot.delay = own["delay"]


# ---------------------------------------------------------------- settings


def scrapy_settings(sources: Iterable[Source], settings: CrawlSettings) -> dict[str, Any]:
    """Scrapy's settings for a round. What is set here is set because Scrapy's default is another."""
    slots = _slots(sources, settings)
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
        "ROBOTSTXT_OBEY": True,
        "CONCURRENT_REQUESTS": max(16, len(slots)),  # a host that waits for its delay takes one of these
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": settings.delay_seconds,
        "DOWNLOAD_DELAY_JITTER": 0,  # with it every second wait is shorter than promised
        "DOWNLOAD_SLOTS": slots,
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
        "DOWNLOAD_HANDLERS": dict.fromkeys(("data", "file", "ftp", "s3")),
        "HTTPPROXY_ENABLED": False,  # behind a proxy the resolver would see the proxy's address only
        # what is ours to decide
        "DOWNLOADER_MIDDLEWARES": {
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            Robots: 100,
            Manners: 840,  # next to the network: it sees every attempt
        },
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
        "HTTPERROR_ALLOW_ALL": True,
        "URLLENGTH_LIMIT": 0,  # a request that is dropped there would have no outcome
        # what is not wanted
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "MEMUSAGE_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
        "STATS_DUMP": False,
    }


def _slots(sources: Iterable[Source], settings: CrawlSettings) -> dict[str, dict[str, float]]:
    """The queue of each source's host; the longest delay counts where sources share a host."""
    delays: dict[str, float] = {}
    for source in sources:
        delay = settings.delay_seconds if source.delay_seconds is None else source.delay_seconds
        for host in {urls.host(address) for address in (source.home, *(page.url for page in source.pages))}:
            delays[host] = max(delay, delays.get(host, 0.0))
    return {host: {"concurrency": settings.concurrency, "delay": delay, "jitter": 0} for host, delay in delays.items()}
