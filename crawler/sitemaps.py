"""Sitemaps and sitemap indexes (sitemaps.org), with the dates of Google's news extension. Pure.

How the indexes of Vietnamese sites name their children: docs/facts.md.
"""

from __future__ import annotations

import re
import zlib
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from urllib.parse import unquote, urlsplit

from lxml import etree

import urls
from crawler import dates
from crawler.listing import Listing, Page, absolute, newest_first, zone_of
from model import Found

CHILDREN = 5  # sitemaps followed of one index at a look, and for each day since the last one
_MOST_CHILDREN = 60
_ENTRIES = 50_000  # of one file, by the protocol
_GRACE = timedelta(days=1)  # clocks and zones differ, and a sitemap may be written hours after the article
_REBUILT = 60.0  # seconds; dates that all lie so close together tell when the file was made
_NOT_ARTICLES = re.compile(
    r"(?:^|[/_-])(?:categor[^\W_]*+|topics?|tags?|authors?|users?|pages?|taxonom[^\W_]*+|organi[sz]ations?|images?|videos?|static)"
    r"\d*(?=[/_.-]|$)",
    re.IGNORECASE,
)
_NEWS = re.compile(r"google[_-]?news|news[_-]?sitemap|sitemap[_-]?news", re.IGNORECASE)  # the last two days, by Google's rule
# Of a child's name: a range of days (sitemaps-2026-3-1-10), a day (2026-03-09, 20260309), a month (news-2026-3, 2026/3/), a year.
_PERIODS = tuple(
    re.compile(rf"(?<!\d)(20\d\d){rest}(?!\d)")
    for rest in (
        r"[-_/](\d{1,2})[-_/](\d{1,2})[-_/](\d{1,2})",
        r"[-_/](\d{1,2})[-_/](\d{1,2})",
        r"(\d\d)(\d\d)",
        r"[-_/](\d{1,2})",
        r"(\d\d)",
        "",
    )
)


@dataclass(frozen=True, slots=True)
class _Child:
    url: str
    changed: datetime | None  # its lastmod, where that says something
    ends: datetime | None  # of the period that its name gives
    place: int  # in the file, from 0


def read(page: Page, home: str, max_bytes: int, since: datetime | None) -> Listing:
    """The pages of a sitemap, or the children of an index that can hold pages newer than `since`."""
    root = _root(_unpacked(page.body, max_bytes).lstrip())
    kind = etree.QName(root).localname if root is not None else ""
    if root is None or kind not in ("urlset", "sitemapindex"):
        return Listing(problem="the answer is no sitemap")
    entries = list(_entries(root, page.url))
    if not entries:
        return Listing(problem="the sitemap is empty")
    if kind == "urlset":
        return Listing(articles=tuple(sorted(_believed(entries), key=newest_first)))
    children, left = _children([e for e in entries if urls.same_site(home, e.url)], since)
    said = f"{left} older sitemaps of the index may hold new pages too and are left out" if left else None
    return Listing(sitemaps=children, problem=said if children else "the sitemap index names no sitemap of this site")


def _root(raw: bytes) -> etree._Element | None:
    """The tree, without entities and without the network; as UTF-8 where what the file says of its letters is not true."""
    root = _parsed(raw, None)
    return _parsed(raw, "utf-8") if root is None or not len(root) else root


def _parsed(raw: bytes, encoding: str | None) -> etree._Element | None:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, recover=True, remove_comments=True, remove_pis=True, encoding=encoding
    )
    try:
        return etree.fromstring(raw, parser)
    except etree.XMLSyntaxError:
        return None


def _unpacked(body: bytes, max_bytes: int) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body
    raw = zlib.decompressobj(31).decompress(body, max_bytes + 1)
    if len(raw) > max_bytes:
        raise ValueError(f"unpacked it is larger than max_page_bytes, {max_bytes}")
    return raw


def _entries(root: etree._Element, base: str) -> Iterable[Found]:
    zone = zone_of(base)
    for node in islice(root, _ENTRIES):
        place = (node.findtext("{*}loc") or "").strip()
        url = absolute(base, place) if place else None
        if url:
            published = dates.moment(node.findtext(".//{*}publication_date"), zone)
            yield Found(url=url, published=published, changed=dates.moment(node.findtext("{*}lastmod"), zone))


def _believed(entries: Sequence[Found]) -> Sequence[Found]:
    """The entries without their dates of change, if these only tell when the file was made."""
    times = [entry.changed.timestamp() for entry in entries if entry.changed]
    if len(times) < 2 or max(times) - min(times) > _REBUILT:
        return entries
    return [Found(url=entry.url, published=entry.published) for entry in entries]


# ---------------------------------------------------------------- the children of an index


def _children(entries: Sequence[Found], since: datetime | None) -> tuple[tuple[str, ...], int]:
    """(the newest children, of those that can hold what came after `since`; the newest one of all in any case, how many more
    there are of those that came since then)."""
    own = [_Child(e.url, e.changed, _end(e.url), n) for n, e in enumerate(_believed(entries))]
    likely = [child for child in own if not _NOT_ARTICLES.search(_name(child.url))] or own
    ordered = sorted(likely, key=_age, reverse=True)
    chosen = [child for child in ordered if since is None or _may_hold(child, since - _GRACE)]
    most = _most(own, since)
    left = len(chosen) - most if most > CHILDREN else 0
    return tuple(child.url for child in (chosen or ordered[:1])[:most]), max(0, left)


def _most(children: Sequence[_Child], since: datetime | None) -> int:
    """How many children are followed: more after an absence, and not for dates that are all new at every look."""
    if since is None:
        return CHILDREN
    days = [child.changed for child in children if child.changed] or [child.ends for child in children if child.ends]
    away = (max(days) - since).days if days else 0
    return min(_MOST_CHILDREN, CHILDREN * (1 + max(0, away)))


def _may_hold(child: _Child, since: datetime) -> bool:
    """By either of its two dates; a child without any cannot be ruled out."""
    known = [at for at in (child.changed, child.ends) if at]
    return not known or max(known) >= since


def _age(child: _Child) -> tuple[bool, float, float, list[int], int]:
    """Greater is newer: the news of the last days, then by the period in the name, by lastmod, by numbers, by place."""
    numbers = [int(n) for n in re.findall(r"\d{1,9}", _name(child.url))]
    changed = child.changed.timestamp() if child.changed else 0.0
    first = child.ends.timestamp() if child.ends else changed
    return (bool(_NEWS.search(_name(child.url)) and not child.ends), first, changed, numbers, child.place)


def _name(url: str) -> str:
    return unquote(urlsplit(url).path)


def _end(url: str) -> datetime | None:
    """When the period ends that a child's name gives."""
    ends = (_last_day(found) for pattern in _PERIODS for found in reversed(list(pattern.finditer(_name(url)))))
    return next((day + timedelta(days=1) for day in ends if day), None)


def _last_day(found: re.Match[str]) -> datetime | None:
    year, month, *days = [*map(int, found.groups()), 12][: max(2, len(found.groups()))]
    if not 1 <= month <= 12 or not all(1 <= day <= 31 for day in days):
        return None
    length = monthrange(year, month)[1]
    return datetime(year, month, min([*days[-1:], length]), tzinfo=UTC)
