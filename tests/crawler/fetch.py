"""Asks for addresses with our settings and no desk, in a process of its own: what the network's manners are, and no more.

python -m tests.crawler.fetch < order.json > result.json
"""

from __future__ import annotations

import asyncio
import json
import resource
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response

from crawler import answers, network, patience
from crawler.network import outcome_of, pause_of, reason_of, scrapy_settings
from model import CrawlSettings, Source
from tests.crawler.child import ROOT, settings, source_from

# ---------------------------------------------------------------- in the test


@dataclass(frozen=True)
class Ended:
    """How one address ended."""

    url: str  # as answered
    outcome: str
    reason: str | None
    pause: float | None
    origin: str | None  # that a pause is for
    status: int | None
    length: int
    grown: int  # MB that the process has grown by until then
    delay: float | None  # of the host's queue afterwards
    at: float  # seconds from the beginning


# An address, seconds to wait, or addresses that are asked for at once; `stall:0.3:1` among these: from 0.3 seconds on nothing
# else runs for a second.
Step = str | float | Sequence[str]


def fetch(
    *steps: Step,
    constants: Mapping[str, float] | None = None,
    names: Mapping[str, Sequence[Sequence[str]]] | None = None,
    sources: Sequence[Source] = (),
    more: Mapping[str, Any] | None = None,
    timeout: float = 60,
    **changes: Any,
) -> list[Ended]:
    """Ask for addresses, one after the other. Warnings are errors in the child.

    `constants` shortens waits of crawler.patience and crawler.network; `names` answers look-ups: each one takes the next of the
    lists of addresses, the last again and again. `more` are settings that model.CrawlSettings does not have yet.
    """
    order = {
        "steps": steps,
        "constants": dict(constants or {}),
        "names": {name: list(found) for name, found in (names or {}).items()},
        "sources": [asdict(source) for source in sources],
        "settings": asdict(settings(**changes)),
        "more": dict(more or {}),
    }
    command = [sys.executable, "-W", "error", "-m", "tests.crawler.fetch"]
    done = subprocess.run(
        command, input=json.dumps(order), capture_output=True, text=True, encoding="utf-8", cwd=ROOT, timeout=timeout, check=False
    )
    assert done.returncode == 0, done.stderr
    return [Ended(**one) for one in json.loads(done.stdout)]


# ---------------------------------------------------------------- in the child


class _With:
    """Settings, and some more."""

    def __init__(self, settings: CrawlSettings, more: Mapping[str, Any]) -> None:
        self._settings = settings
        self.__dict__.update(more)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._settings, name)


class _Names:
    """An IHostnameResolver with answers of its own, in front of the reactor's."""

    def __init__(self, names: Mapping[str, list[list[str]]], behind: Any) -> None:
        self._names, self._behind = dict(names), behind

    def resolveHostName(self, receiver: Any, hostName: str, portNumber: int = 0, *rest: Any) -> Any:  # noqa: N802, N803
        from twisted.internet.address import IPv4Address, IPv6Address

        if hostName not in self._names:
            return self._behind.resolveHostName(receiver, hostName, portNumber, *rest)
        answers = self._names[hostName]
        receiver.resolutionBegan(receiver)
        for found in answers.pop(0) if len(answers) > 1 else answers[0]:
            kind = IPv6Address if ":" in found else IPv4Address
            receiver.addressResolved(kind("TCP", found, portNumber))
        receiver.resolutionComplete()
        return receiver


class _Asker(Spider):
    name = "asker"
    ended: list[dict[str, Any]]

    def __init__(self, order: dict[str, Any], ended: list[dict[str, Any]]) -> None:
        super().__init__()
        self._order, self.ended = order, ended
        self._begun, self._before = time.monotonic(), _megabytes()

    async def start(self) -> AsyncIterator[Request]:
        for step in self._order["steps"]:
            if isinstance(step, float | int):
                await asyncio.sleep(step)
            else:
                await asyncio.gather(*(self._ask(url) for url in ([step] if isinstance(step, str) else step)))
        return
        yield  # never reached; it makes this the generator that Scrapy wants

    async def _ask(self, url: str) -> None:
        if url.startswith("stall:"):
            await asyncio.sleep(float(url.split(":")[1]))
            time.sleep(float(url.split(":")[2]))
            return
        told: dict[str, Any]
        try:
            request = Request(url, meta={"cookiejar": "one"}, dont_filter=True)
            response = await self.crawler.engine.download_async(request)  # type: ignore[union-attr]
            told = {
                "outcome": answers.outcome(_answer(url, response)),
                "pause": pause_of(response),
                "reason": None,
                "origin": None,
            }
            told |= {"status": response.status, "length": len(response.body), "url": response.url}
        except Exception as error:
            told = {"outcome": outcome_of(error), "reason": reason_of(error), "pause": pause_of(error), "url": url}
            told |= {"status": None, "length": 0, "origin": getattr(error, "origin", None)}
        told |= {"grown": _megabytes() - self._before, "at": time.monotonic() - self._begun, "delay": self._delay(told["url"])}
        self.ended.append(told)

    def _delay(self, url: str) -> float | None:
        slot = self.crawler.engine.downloader.slots.get(url.partition("://")[2].partition("/")[0].partition(":")[0])  # type: ignore[union-attr]
        return slot.delay if slot else None


def _answer(asked: str, response: Response) -> answers.Answer:
    return answers.Answer(
        status=response.status,
        asked=asked,
        url=response.url,
        content_type=(response.headers.get("Content-Type") or b"").decode("latin-1"),
        coded="Content-Encoding" in response.headers,
        challenged=False,
        body=response.body,
    )


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    order = json.load(sys.stdin)
    for name, value in order["constants"].items():
        setattr(patience if hasattr(patience, name) else network, name, value)
    wanted = CrawlSettings(**order["settings"] | {"allow_private_hosts": tuple(order["settings"]["allow_private_hosts"])})
    sources = [source_from(plain) for plain in order["sources"]]
    process = CrawlerProcess(scrapy_settings(sources, _With(wanted, order["more"])))  # type: ignore[arg-type]
    ended: list[dict[str, Any]] = []
    process.crawl(_Asker, order=order, ended=ended)
    _answer_names(order["names"])
    process.start()
    json.dump(ended, sys.stdout)


def _answer_names(names: Mapping[str, list[list[str]]]) -> None:
    """In front of the reactor's look-ups and behind our guard, which Scrapy puts in place when it starts."""
    from twisted.internet import reactor  # Scrapy's is there by now

    reactor.installNameResolver(_Names(names, reactor.nameResolver))  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
