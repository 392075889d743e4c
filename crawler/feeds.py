"""RSS and Atom, read by feedparser; what it leaves out of the head of a feed (skipHours, skipDays) by lxml. Pure."""

from __future__ import annotations

from calendar import timegm
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from io import BytesIO
from typing import Any

import feedparser
from lxml import etree

from crawler import dates
from crawler.listing import TAGS, Listing, Page, absolute, newest_first, zone_of
from model import Found

_LARGEST = 5_000_000  # bytes; what is no XML is read at about 150 kB a second
_HEAD = 20_000  # bytes; where a feed says when to come back
_PERIODS = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DIGITS = 6  # of a number of minutes, or of times a day


def read(page: Page) -> Listing:
    """The entries of a feed, dated as it dates them."""
    if len(page.body) > _LARGEST:
        return Listing(problem=f"the feed is larger than {_LARGEST:,} bytes")
    if page.body.count(b"<") + page.body.count(b"&") > TAGS:
        return Listing(problem=f"the feed has more than {TAGS:,} tags and entities; no feed has so many")
    # A stream, never the bytes: feedparser takes bytes that look like an address or a path for one, and opens it.
    feed = feedparser.parse(
        BytesIO(page.body), response_headers={"content-location": page.url}, sanitize_html=False, resolve_relative_uris=False
    )
    if not feed.version and not feed.entries:
        return Listing(problem="the answer is no RSS or Atom feed")
    hours, days = _quiet(page.body)
    zone = zone_of(page.url, str(_get(feed.feed, "language")))
    found = tuple(_found(feed.entries, page.url, feed.version.startswith("atom"), zone))
    dated = all(one.published or one.changed for one in found)
    return Listing(
        articles=tuple(sorted(found, key=newest_first)) if dated else found,
        problem=None if feed.entries else "the feed has no entries",
        wait=_wait(feed.feed),
        quiet_hours=hours,
        quiet_days=days,
    )


def _get(entry: Mapping[str, Any], name: str) -> Any:
    """As the feed has it: feedparser's own lookup gives `published` for `updated` where that is missing, and warns."""
    return dict.get(entry, name) or "" if isinstance(entry, dict) else ""


def _found(entries: Iterable[Mapping[str, Any]], base: str, atom: bool, zone: tzinfo) -> Iterable[Found]:
    for entry in entries:
        # Addresses that were escaped for XML and then put into CDATA all the same.
        link = str(_get(entry, "link") or (_get(entry, "id") if _get(entry, "guidislink") else "")).replace("&amp;", "&")
        url = absolute(base, link) if link.strip() else None
        if url:
            published, changed = _when(entry, "published", zone), _when(entry, "updated", zone)
            if not atom and published is None:
                published, changed = changed, None  # dc:date, which in RSS stands for pubDate
            yield Found(url=url, published=published, changed=changed)


def _when(entry: Mapping[str, Any], name: str, zone: tzinfo) -> datetime | None:
    raw = str(_get(entry, name))
    known = dates.moment(raw, zone)
    parsed = _get(entry, f"{name}_parsed")
    if known or not parsed or len(raw.strip()) < len("2026-09-05"):
        return known
    try:  # a form that only feedparser knows; it gives UTC
        return dates.moment(datetime.fromtimestamp(timegm(parsed), UTC).isoformat(), UTC)
    except (ValueError, TypeError, OverflowError, OSError):
        return None


def _wait(head: Mapping[str, Any]) -> float | None:
    """Seconds between two looks: the longer of RSS's ttl, in minutes, and the syndication module's period."""
    asked = [_whole(_get(head, "ttl")) * 60.0]
    period, times = str(_get(head, "sy_updateperiod")).strip().lower(), _whole(_get(head, "sy_updatefrequency"))
    if period in _PERIODS or times:
        asked.append(_PERIODS.get(period, _PERIODS["daily"]) / (times or 1))  # daily and once where it says nothing else
    return max(asked) or None


def _whole(raw: object) -> int:
    text = str(raw).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else 0


def _quiet(body: bytes) -> tuple[frozenset[int], frozenset[int]]:
    """skipHours (0 to 24, GMT) and skipDays (English names). All of them are none: such a feed could never be read."""
    said: dict[str, list[str]] = {"skipHours": [], "skipDays": []}
    for node in _skips(body[:_HEAD]):
        said[str(node.tag)] += [(child.text or "").strip().lower() for child in node]
    hours = frozenset(_whole(hour) % 24 for hour in said["skipHours"] if hour.isdigit() and _whole(hour) <= 24)
    days = frozenset(_DAYS.index(day) for day in said["skipDays"] if day in _DAYS)
    return (hours if len(hours) < 24 else frozenset()), (days if len(days) < 7 else frozenset())


def _skips(head: bytes) -> Iterable[etree._Element]:
    parser = etree.XMLPullParser(
        events=("end",), tag=("skipHours", "skipDays"), resolve_entities=False, no_network=True, recover=True
    )
    try:
        parser.feed(head)
    except etree.XMLSyntaxError:
        return
    for _, node in parser.read_events():
        yield node
