"""A loopback server with thousands of news pages of 60 KB, so light that it hardly takes CPU from the crawler it serves.

    python bench/server.py [--pages 2000] [--hosts 1] [--apart] [--port 0]

Prints the addresses of its hosts as a line of JSON and serves until it is told to end.
Each page is made when it is asked for, of a few distinct parts and shared chunks. See README.md.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from random import Random
from urllib.request import urlopen

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.pages import ASEAN, MORE, PLAIN, claim, links, script

BYTES = 60_000  # of a page
FIRST_ID = 100_000  # the CMS's number of page 0
LISTED = 5_000  # addresses in a sitemap: more stand in several, which an index names
LIST, SITEMAP, COUNTERS, RESET = "/thoi-su", "/sitemap.xml", "/-/counters", "/-/reset"
LINKS = "div.bx-listing h3.article-title a"
_PARAGRAPHS, _TAILS = 600, 16  # in the shared chunks
_SEED = 20261122


@dataclass(kw_only=True, slots=True)
class Counters:
    """What was asked and answered, but for /-/; `first` and `last` are of time.monotonic(), `cpu` seconds of the server."""

    requests: int = 0
    pages: int = 0  # sent whole
    unchanged: int = 0  # 304
    missing: int = 0  # 404
    connections: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    first: float = 0.0  # request for an article
    last: float = 0.0  # answer to one
    cpu: float = 0.0


# ---------------------------------------------------------------- pages


def path_of(number: int) -> str:
    return f"/tin-thu-nghiem-so-{number}-{FIRST_ID + number}.html"


def number_of(path: str) -> int:
    """The page's number; -1: it is no article's address."""
    name = path.removesuffix(".html").rpartition("-")[2]
    return int(name) - FIRST_ID if name.isdecimal() and path.endswith(".html") else -1


class Press:
    """Makes the pages of a site in MasterCMS's dress: the same number gives the same bytes."""

    def __init__(self) -> None:
        draw = Random(_SEED)  # noqa: S311 - invented texts, no secrets
        self._paragraphs = [_paragraph(draw) for _ in range(_PARAGRAPHS)]
        self._tails = [_tail(draw) for _ in range(_TAILS)]

    def page(self, number: int, base: str) -> bytes:
        draw = Random(number)  # noqa: S311
        title = f"{claim(draw, ASEAN if number % 3 == 0 else PLAIN)} đợt {number}"
        lead = f"{claim(draw, PLAIN + MORE)[:-1]}, theo văn bản số {FIRST_ID + number} ban hành trong tuần này."
        said = draw.sample(self._paragraphs, draw.randint(5, 12))
        day, month, minute = number % 27 + 1, number % 9 + 1, number % 60
        head = _HEAD.format(
            title=title,
            lead=lead,
            url=base + path_of(number),
            iso=f"2026-{month:02}-{day:02}T08:{minute:02}:00+07:00",
            stamp=f"08:{minute:02} | {day:02}/{month:02}/2026",
            first=f"Văn bản số {FIRST_ID + number} gồm {number % 7 + 2} phần và {number % 31 + 9} điều khoản.",
        )
        whole = b"".join([head.encode(), *said, self._tails[number % _TAILS]])
        return whole + b"<!--" + b" " * (BYTES - len(whole) - len(_END) - 4) + _END


def _paragraph(draw: Random) -> bytes:
    said = " ".join(claim(draw, draw.choice((ASEAN, PLAIN)) + MORE) for _ in range(draw.randint(2, 4)))
    return f"<p>{said}</p>\n".encode()


def _tail(draw: Random) -> bytes:
    """What stands below an article: teasers, a sidebar, scripts, up to what the longest article leaves of a page."""
    lists = "".join(links(draw, heading, 15) for heading in ("Tin cùng chuyên mục", "Đọc nhiều", "Tin mới"))
    page = f"""<table class="_MB_EMBEDNEWS"><tr><td><a href="/tin-1.html">Bài khác</a></td></tr></table></div></div></div>
<div class="article-detail-author">Trần Thử</div><div class="article-tag"><a class="tag-link" href="/thu-1.tag">thử</a></div>
<aside class="sidebar">{lists}</aside><footer>Báo thử. Tổng Biên tập: Lê Thử</footer>""".encode()
    scripts = b"".join(script(draw).encode() for _ in range((BYTES - 12_000 - len(page)) // 530))
    return page + b"\n" + scripts


_HEAD = """<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>{title}</title>
<meta name="description" content="{lead}"><link rel="canonical" href="{url}"><meta property="og:type" content="article">
<meta property="og:title" content="{title}"><meta property="og:description" content="{lead}">
<meta property="og:url" content="{url}">
<script type="application/ld+json">{{"@context": "http://schema.org", "@type": "NewsArticle",
"mainEntityOfPage": {{"@type": "WebPage", "@id": "{url}"}}, "headline": "{title}",
"description": "{lead}", "datePublished": "{iso}"}}</script></head>
<body><header><nav><a href="/">Trang chủ</a> <a href="/thoi-su">Thời sự</a> <a href="/kinh-te">Kinh tế</a></nav></header>
<div class="main"><ul class="breadcrumb"><li class="menu-alias"><a href="/thoi-su">Thời sự</a></li></ul>
<h1 class="article-detail-title f0">{title}</h1>
<div class="article-date hna-article-date">{stamp}</div>
<div class="article-detail-desc">{lead}</div>
<div class="__MASTERCMS_CONTENT"><div id="articleBody" itemprop="articleBody"><div id="__MB_MASTERCMS_EL_3">
<p>{first}</p>
"""
_END = b"--></body></html>\n"


# ---------------------------------------------------------------- lists


def numbers(pages: int, hosts: int, host: int) -> range:
    """The pages of one of the hosts."""
    return range(host, pages, hosts)


def list_page(base: str, given: Sequence[int]) -> bytes:
    rows = "".join(
        f'<div class="article"><h3 class="article-title"><a href="{base}{path_of(n)}">Tin thử nghiệm số {n}</a></h3></div>\n'
        for n in given
    )
    return f'<!DOCTYPE html><html lang="vi"><body><div class="bx-listing">{rows}</div></body></html>'.encode()


def sitemaps(base: str, given: Sequence[int]) -> Iterator[tuple[str, bytes]]:
    """One sitemap, or an index of several, by their paths."""
    parts = [given[at : at + LISTED] for at in range(0, len(given), LISTED)]
    if len(parts) == 1:
        yield SITEMAP, _xml("urlset", "url", [base + path_of(n) for n in given])
        return
    names = [f"/sitemap-{part}.xml" for part in range(1, len(parts) + 1)]
    yield SITEMAP, _xml("sitemapindex", "sitemap", [base + name for name in names])
    for name, part in zip(names, parts, strict=True):
        yield name, _xml("urlset", "url", [base + path_of(n) for n in part])


def _xml(kind: str, node: str, addresses: Sequence[str]) -> bytes:
    rows = "".join(f"<{node}><loc>{one}</loc></{node}>" for one in addresses)
    return f'<?xml version="1.0" encoding="UTF-8"?><{kind} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</{kind}>'.encode()


# ---------------------------------------------------------------- the server


class Host:
    """One of the sites: what it has at which path."""

    def __init__(self, base: str, given: range, press: Press, counters: Counters) -> None:
        self.base, self._numbers, self._press, self.counters = base, given, press, counters
        html, xml, plain = "text/html; charset=utf-8", "application/xml", "text/plain; charset=utf-8"
        fixed = {LIST: (html, list_page(base, given)), "/robots.txt": (plain, b"User-agent: *\nAllow: /\n")}
        fixed |= {path: (xml, body) for path, body in sitemaps(base, given)}
        self._fixed = {path: _answer("200 OK", kind, body) for path, (kind, body) in fixed.items()}

    def answer(self, request: bytes) -> bytes:
        """The bytes that answer a request; `request` is its head without the empty line."""
        path = request.split(b" ", 2)[1].decode("latin-1")
        if path.startswith("/-/"):
            return self._own(path)
        self.counters.requests += 1
        self.counters.bytes_in += len(request) + 4
        found = self._fixed.get(path) or self._article(path, request)
        self.counters.bytes_out += len(found)
        return found

    def _article(self, path: str, request: bytes) -> bytes:
        counters, number = self.counters, number_of(path)
        if number not in self._numbers:
            counters.missing += 1
            return _answer("404 Not Found", "text/html", b"<h1>404 Not Found</h1>")
        counters.first = counters.first or time.monotonic()
        etag = f'"{number:x}-1"'
        if _header(request, b"if-none-match") == etag.encode():
            counters.unchanged += 1
            found = f"HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n".encode()
        else:
            counters.pages += 1
            found = _answer("200 OK", "text/html; charset=utf-8", self._press.page(number, self.base), f"ETag: {etag}\r\n")
        counters.last = time.monotonic()
        return found

    def _own(self, path: str) -> bytes:
        if path == RESET:
            for name, value in asdict(Counters()).items():
                setattr(self.counters, name, value)
        said = asdict(self.counters) | {"cpu": time.process_time()}
        return _answer("200 OK", "application/json", json.dumps(said).encode())


def _answer(status: str, kind: str, body: bytes, more: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n".encode() + body


def _header(request: bytes, name: bytes) -> bytes | None:
    for line in request.split(b"\r\n")[1:]:
        key, _, value = line.partition(b":")
        if key.lower() == name:
            return value.strip()
    return None


class Connection(asyncio.Protocol):
    """One connection, kept alive until the other side ends it. Requests have no body."""

    def __init__(self, host: Host) -> None:
        self._host, self._waiting = host, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._host.counters.connections += 1

    def data_received(self, data: bytes) -> None:
        *requests, self._waiting = (self._waiting + data).split(b"\r\n\r\n")
        for request in requests:
            self._transport.write(self._host.answer(request))
            if (_header(request, b"connection") or b"").lower() == b"close":
                self._transport.close()


async def serve(pages: int, hosts: int, apart: bool, port: int, child: bool) -> None:
    """Serve until SIGTERM or SIGINT; a child also ends when its standard input does."""
    loop, press, counters = asyncio.get_running_loop(), Press(), Counters()
    servers, bases = [], []
    for number in range(hosts):
        address = f"127.0.0.{number + 1 if apart else 1}"
        bound = socket.create_server((address, port + number if port else 0), backlog=512)
        bases.append(f"http://{address}:{bound.getsockname()[1]}")
        host = Host(bases[-1], numbers(pages, hosts, number), press, counters)
        servers.append(await loop.create_server(partial(Connection, host), sock=bound))
    ended = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, ended.set)
    if child:
        threading.Thread(target=lambda: (sys.stdin.read(), loop.call_soon_threadsafe(ended.set)), daemon=True).start()
    print(json.dumps({"hosts": bases}), flush=True)
    await ended.wait()


# ---------------------------------------------------------------- as a child process


@dataclass(frozen=True, kw_only=True, slots=True)
class Served:
    """A server that runs."""

    bases: tuple[str, ...]  # address of each host, without a slash at its end
    pages: int

    def addresses(self) -> list[str]:
        """Of all articles, one host after the other in turn."""
        return [self.bases[number % len(self.bases)] + path_of(number) for number in range(self.pages)]

    def counters(self, reset: bool = False) -> Counters:
        """What was counted so far; with `reset` it is forgotten first."""
        with urlopen(self.bases[0] + (RESET if reset else COUNTERS)) as answer:  # noqa: S310 - our own server
            return Counters(**json.load(answer))


@contextmanager
def serving(pages: int = 2000, hosts: int = 1, apart: bool = False) -> Iterator[Served]:
    """A server in a process of its own, which ends with the block or with this process."""
    command = [sys.executable, str(Path(__file__).resolve()), "--child", "--pages", str(pages), "--hosts", str(hosts)]
    command += ["--apart"] if apart else []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        try:
            yield Served(bases=tuple(json.loads(child.stdout.readline())["hosts"]), pages=pages)
        finally:
            child.terminate()


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pages", type=int, default=2000, help="articles on all hosts together")
    options.add_argument("--hosts", type=int, default=1, help="each has its own port and its share of the articles")
    options.add_argument("--apart", action="store_true", help="each host has its own loopback address too (Linux only)")
    options.add_argument("--child", action="store_true", help="end with standard input")
    options.add_argument("--port", type=int, default=0, help="of the first host; 0: any that is free")
    asked = options.parse_args()
    asyncio.run(serve(asked.pages, asked.hosts, asked.apart, asked.port, asked.child))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
