"""Which articles a list names, pure: section pages, RSS and Atom feeds, sitemaps and sitemap indexes.

What is read here comes from outside and may be anything; no input raises. A list that gives nothing says why.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from urllib.parse import urldefrag, urljoin, urlsplit

import feedparser
from cssselect import SelectorError
from cssselect.xpath import ExpressionError
from lxml import etree
from parsel import Selector
from parsel.csstranslator import HTMLTranslator
from scrapy.http import HtmlResponse
from w3lib.html import get_base_url
from w3lib.url import safe_url_string

import urls
from model import Found, Source, SourceKind

CHILDREN = 5  # sitemaps followed of one index
_MOST = 5_000  # addresses looked at of one list; the newest stand first
_NOT_ARTICLES = re.compile(
    r"(?:^|[/_-])(?:categor\w*|topics?|tags?|authors?|pages?|organi[sz]ations?|images?|videos?)(?=[/_.-]|$)", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A list as it was answered."""

    url: str  # after redirects
    body: bytes
    kind: SourceKind
    content_type: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """What a list gave: articles in the order to fetch them, further sitemaps to read, or why there is nothing."""

    articles: tuple[Found, ...] = ()
    sitemaps: tuple[str, ...] = ()
    problem: str | None = None
    wait: float | None = None
    quiet_hours: frozenset[int] = frozenset()
    quiet_days: frozenset[int] = frozenset()


def page_url(source: Source, section: str, page: int) -> str | None:
    if not source.paging:
        return None
    return re.sub(
        r"\{(?:page|offset:(\d+))\}",
        lambda m: str(int(m[1]) * (page - 1) if m[1] else page),
        source.paging.replace("{section}", section),
    )


def read(source: Source, page: Page, max_bytes: int, since=None) -> Listing:
    """The articles that this list of the source names, each once; `max_bytes` bounds what is unpacked."""
    try:
        found = _FINDERS[page.kind](source, page, max_bytes)
    except Exception as error:
        # Three parsers over whatever a server sent: they fail in more ways than can be named, and one list that cannot be
        # read must not end the round of the others. The problem line names the error.
        return Listing(problem=f"the list cannot be read ({type(error).__name__}: {error})")
    articles = tuple(Found(url=u) for u in _articles(source, found.articles[:_MOST]))
    if articles or found.sitemaps or found.problem:
        return Listing(articles=articles, sitemaps=found.sitemaps, problem=found.problem)
    return Listing(problem=_nothing_left(source, page, len(found.articles)))


def selector_error(selector: str) -> str | None:
    """What is wrong with a CSS selector, in a line; None: nothing."""
    try:
        HTMLTranslator().css_to_xpath(selector)
    except (SelectorError, ExpressionError) as error:
        return str(error)
    return None


def _nothing_left(source: Source, page: Page, count: int) -> str:
    moved = "" if urls.same_site(source.home, page.url) else f"; the list was answered by {urls.site(page.url)}"
    rule = f"matches the pattern {source.pattern!r}" if source.pattern else "looks like an article"
    return f"none of {count} addresses is of {urls.site(source.home)} and {rule}{moved}"


def _articles(source: Source, found: Iterable[str]) -> Iterable[str]:
    seen = {urls.identity(source.home)}
    for url in found:
        key = urls.identity(url)
        if key not in seen and _is_wanted(source, url):
            seen.add(key)
            yield url


def _is_wanted(source: Source, url: str) -> bool:
    if not urls.same_site(source.home, url):
        return False
    if source.pattern:
        return bool(re.search(source.pattern, url))
    return urls.is_article(url)  # a feed lists articles and nothing else


def _absolute(base: str, link: str) -> str | None:
    """The address that is fetched for a link, or None: not the web, too long, or with a password in it."""
    try:
        url = safe_url_string(urldefrag(urljoin(base, link.strip())).url)
        good = urls.is_web(url) and len(url) <= urls.LONGEST and "@" not in urlsplit(url).netloc
    except ValueError:
        return None
    return url if good else None


def _all_absolute(base: str, links: Iterable[str]) -> tuple[str, ...]:
    return tuple(url for link in links if (url := _absolute(base, link)))


# ---------------------------------------------------------------- section pages


def _section(source: Source, page: Page, max_bytes: int) -> Listing:
    html = HtmlResponse(page.url, body=page.body, headers={"Content-Type": page.content_type or "text/html"})
    if not html.text.strip():
        return Listing(problem="the page is empty")
    chosen = html.xpath("//a") if source.links is None else html.css(source.links)
    links = list(_hrefs(chosen))
    if not links:
        return Listing(problem="the page has no links" if source.links is None else f"no links matched {source.links!r}")
    base = get_base_url(html.text[:4096], page.url, html.encoding)
    return Listing(articles=_all_absolute(base, links))


def _hrefs(chosen: Iterable[Selector]) -> Iterable[str]:
    """What a selector chose may be the link itself, its href, or a box around it."""
    for one in chosen:
        if isinstance(one.root, str):
            yield one.root
        else:
            yield from one.xpath("descendant-or-self::a/@href").getall()


# ---------------------------------------------------------------- feeds


def _feed(source: Source, page: Page, max_bytes: int) -> Listing:
    # A stream, never the bytes: feedparser takes bytes that look like an address or a path for one, and opens it.
    feed = feedparser.parse(BytesIO(page.body), response_headers={"content-location": page.url}, sanitize_html=False)
    if not feed.version and not feed.entries:
        return Listing(problem="the answer is no RSS or Atom feed")
    if not feed.entries:
        return Listing(problem="the feed has no entries")
    return Listing(articles=_all_absolute(page.url, (e.get("link") or e.get("id") or "" for e in feed.entries)))


# ---------------------------------------------------------------- sitemaps


@dataclass(frozen=True, slots=True)
class _Entry:
    url: str
    changed: datetime | None
    place: int  # in the file, from 0


def _sitemap(source: Source, page: Page, max_bytes: int) -> Listing:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(_unpacked(page.body, max_bytes).lstrip(), parser)
    kind = etree.QName(root).localname if root is not None else ""
    if kind not in ("urlset", "sitemapindex"):
        return Listing(problem="the answer is no sitemap")
    entries = list(_entries(root, page.url))
    if not entries:
        return Listing(problem="the sitemap is empty")
    if kind == "urlset":
        return Listing(articles=tuple(e.url for e in sorted(entries, key=_newest_first)))
    children = _children(source, entries)
    return Listing(sitemaps=children, problem=None if children else "the sitemap index names no sitemap of this site")


def _unpacked(body: bytes, max_bytes: int) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body
    raw = zlib.decompressobj(31).decompress(body, max_bytes + 1)
    if len(raw) > max_bytes:
        raise ValueError(f"unpacked it is larger than max_page_bytes, {max_bytes}")
    return raw


def _entries(root: etree._Element, base: str) -> Iterable[_Entry]:
    for place, node in enumerate(root):
        url = _absolute(base, node.findtext("{*}loc") or "")
        if url:
            changed = node.findtext("{*}lastmod") or node.findtext(".//{*}publication_date") or ""
            yield _Entry(url, _time(changed.strip()), place)


def _time(raw: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(raw)
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _newest_first(entry: _Entry) -> tuple[float, int]:
    return (-entry.changed.timestamp() if entry.changed else 0.0, entry.place)


def _children(source: Source, entries: list[_Entry]) -> tuple[str, ...]:
    """The newest sitemaps of an index: by lastmod, else by the numbers in the name (2026-7, 2026-10), else the last ones."""

    def age(entry: _Entry) -> tuple[float, list[int], int]:
        numbers = [int(n) for n in re.findall(r"\d{1,9}", urlsplit(entry.url).path)]
        return (entry.changed.timestamp() if entry.changed else 0.0, numbers, entry.place)

    own = [e for e in entries if urls.same_site(source.home, e.url)]
    likely = [e for e in own if not _NOT_ARTICLES.search(urlsplit(e.url).path)]
    return tuple(e.url for e in sorted(likely or own, key=age, reverse=True)[:CHILDREN])


_FINDERS = {SourceKind.SECTION: _section, SourceKind.FEED: _feed, SourceKind.SITEMAP: _sitemap}
