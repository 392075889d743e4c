"""robots.txt as RFC 9309 wants it, in a crawler that lives for days.

Scrapy's own middleware keeps one for ever, takes one that cannot be had for leave to ask anything, and hands the rules to one
alone of several requests that wait for them.
"""

from __future__ import annotations

import asyncio
import codecs
import re
from dataclasses import dataclass
from time import monotonic
from typing import Any

from protego import Protego
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.datatypes import LocalCache

from crawler import patience
from crawler.addresses import origin
from crawler.refused import Refused, is_endless, pause_of, reason_of
from model import Outcome

CRAWL_DELAY = "crawl_delay"  # in a request's meta: what the robots.txt of its host asks for, in seconds

_BYTES = 1_000_000  # read of a robots.txt at most; RFC 9309 asks for 500 KiB at least
_UNPACKED = 20_000_000  # of one that comes packed though it was not asked for so
_GOT = "robots_bytes"  # in the meta of a request for a robots.txt: how much of it has come
_KEPT = 2_000  # hosts whose rules are kept
_AGENT = re.compile(r"\s*user(?:-|\s*)agent(?:\s*:|\s)(.*)", re.IGNORECASE)  # with the spellings that Protego forgives
_NOBODY = "\x7f"  # stands for every other crawler: no user agent of ours holds it


@dataclass(frozen=True, slots=True)
class Rules:
    """What a robots.txt says, or that it could not be had."""

    until: float  # of the monotonic clock; then it is asked for again
    parser: Protego | None = None  # None: nothing is forbidden
    delay: float = 0.0
    refused: Refused | None = None  # it could not be had: everything is forbidden
    row: int = 0  # how often in a row it could not be had


class Robots:
    """Asks for the robots.txt of each host before the first request, and holds to it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self._rules: LocalCache[str, Rules] = LocalCache(_KEPT)
        self._asking: dict[str, asyncio.Future[Rules]] = {}
        crawler.signals.connect(self._enough, signals.bytes_received)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Robots:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get("dont_obey_robotstxt"):
            return
        rules = await self._rules_of(request)
        if refused := rules.refused:
            wait = None if refused.outcome is Outcome.PRIVATE else max(0.0, rules.until - monotonic())
            raise Refused(refused.outcome, refused.reason, wait=wait, origin=origin(request.url))
        if rules.parser and not rules.parser.can_fetch(request.url, self._agent):
            raise Refused(Outcome.ROBOTS, "robots.txt forbids it")
        request.meta[CRAWL_DELAY] = rules.delay

    async def _rules_of(self, request: Request) -> Rules:
        site = origin(request.url)
        known = self._rules.get(site)
        if known and monotonic() < known.until:
            return known
        if site not in self._asking:
            self._asking[site] = asyncio.ensure_future(self._ask(site, known.row if known else 0))
        return await asyncio.shield(self._asking[site])  # one that gives up does not take it from the others

    async def _ask(self, site: str, row: int) -> Rules:
        try:
            engine: Any = self._crawler.engine
            response = await engine.download_async(_question(site))
            rules = self._read(response)
        except Exception as error:
            # Nobody waits for the end of a circle: Google too takes more than five redirects for "there is none".
            rules = _allowing() if is_endless(error) else _unreachable(error, site, row + 1)
        finally:
            del self._asking[site]
        self._rules[site] = rules
        return rules

    def _read(self, response: Response) -> Rules:
        # 429 is a 4xx by number, but says "later" and not "there is none".
        if response.status == 429 or not (200 <= response.status < 300 or 400 <= response.status < 500):
            raise Refused(Outcome.ROBOTS, f"HTTP {response.status}", wait=pause_of(response))
        if response.status >= 400:
            return _allowing()
        parser = Protego.parse(concerning(rules_text(response.body), self._agent))
        delay = min(parser.crawl_delay(self._agent) or 0.0, patience.LONGEST_CRAWL_DELAY)
        return Rules(monotonic() + patience.ROBOTS_AGE, parser, delay)

    def _enough(self, data: bytes, request: Request) -> None:
        """Of a robots.txt without an end, what fits is read."""
        if (got := request.meta.get(_GOT)) is None:
            return
        request.meta[_GOT] = got + len(data)
        if request.meta[_GOT] > _BYTES:
            raise StopDownload(fail=False)


def _question(site: str) -> Request:
    meta = {"dont_obey_robotstxt": True, "download_maxsize": _UNPACKED, _GOT: 0}
    headers = {"Accept-Encoding": "identity"}  # what comes packed cannot be cut at a size
    return Request(f"{site}/robots.txt", headers=headers, meta=meta, priority=1_000, callback=NO_CALLBACK)


def _allowing() -> Rules:
    return Rules(monotonic() + patience.ROBOTS_AGE)


def _unreachable(error: Exception, site: str, row: int) -> Rules:
    """Forbid everything for a while: the `row`-th in a row."""
    refused = error if isinstance(error, Refused) else None
    wait = refused.wait if refused else None
    if refused and refused.origin == site:  # the host as a whole is not asked, which says nothing of its robots.txt
        return Rules(monotonic() + (wait or patience.robots_wait(row)), refused=refused, row=row - 1 if wait else row)
    waiting = Refused(Outcome.ROBOTS, f"robots.txt unreachable ({reason_of(error)}), waiting")
    return Rules(monotonic() + max(patience.robots_wait(row), wait or 0.0), refused=waiting, row=row)


def rules_text(body: bytes) -> str:
    """The text of a robots.txt: UTF-8 by RFC 9309, with or without a mark; UTF-16 where its mark says so; cut at a line's end."""
    if len(body) > _BYTES:  # half a rule may forbid more than the whole one
        body = body[:_BYTES].rpartition(b"\n")[0]
    wide = body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return body.decode("utf-16" if wide else "utf-8-sig", errors="ignore")


def concerning(rules: str, agent: str) -> str:
    """The same rules with all other crawlers as one. Each rule of a group is kept once for each name above it, and a file of
    8,000 names over 8,000 rules would take minutes, and gigabytes."""
    return "\n".join(_concerning(line, agent.lower()) for line in rules.splitlines())


def _concerning(line: str, agent: str) -> str:
    found = _AGENT.fullmatch(line.partition("#")[0])
    name = found[1].strip().lower() if found else ""
    if not name:
        return line
    bare = name.replace("*", "")
    return f"User-agent: {'*' if name == '*' else bare if bare and bare in agent else _NOBODY}"


def product_token(user_agent: str) -> str:
    """What a robots.txt calls us: the first word of the user agent, or all of it where that only says Mozilla."""
    token = re.match(r"[A-Za-z_-]+", user_agent)
    return token[0] if token and token[0].lower() != "mozilla" else user_agent
