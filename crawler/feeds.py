"""RSS and Atom, read by feedparser; what it leaves out of the head of a feed (skipHours, skipDays) by lxml. Pure.

feedparser is handed no more than it reads in time: without the pages that a feed may hold, without what stands before its first
tag (patterns of its own take minutes for that), and cut after the last whole entry.
"""

from __future__ import annotations

import codecs
import re
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

_LARGEST = 5_000_000  # characters; what is no XML is read at about 150 kB a second
_HEAD = 20_000  # characters; where a feed says when to come back
_MARKS = (  # of bytes that are no ASCII, with the longer ones first
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00<", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
)
_ENCODING = re.compile(rb"""\s{0,9}<\?xml\b[^<>]{0,200}?\bencoding\s{0,9}=\s{0,9}["']([\w.:-]{1,40})["']""")
_SLOW = ("punycode", "idna")  # encodings that no feed is in
_CDATA, _END = "<![CDATA[", "]]>"
_PROLOG = re.compile(r"(?:[\s\ufeff]++|<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^\[>]*+(?:\[.*?\]\s*+)?>)*+", re.IGNORECASE | re.DOTALL)
_ROOT = re.compile(r"<(\w[\w:.-]*)")
_TAG = re.compile(r"</(?:\w+:)?(?:item|entry)\s*>|[<&]")
_TOO_MUCH = f"the feed has more than {_LARGEST:,} characters or {TAGS:,} tags and entities"
_PERIODS = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DIGITS = 6  # of a number of minutes, or of times a day


def read(page: Page) -> Listing:
    """The entries of a feed, dated as it dates them."""
    whole = _from_root(_without_pages(_decoded(page.body)))
    text = _in_bounds(whole)
    if whole and not text:
        return Listing(problem=f"{_TOO_MUCH}, and no whole entry among them")
    # A stream, never the bytes: feedparser takes bytes that look like an address or a path for one, and opens it.
    feed = feedparser.parse(
        BytesIO(f'<?xml version="1.0" encoding="utf-8"?>\n{text}'.encode("utf-8", "replace")),
        response_headers={"content-location": page.url},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not feed.version and not feed.entries:
        return Listing(problem="the answer is no RSS or Atom feed")
    hours, days = _quiet(text)
    zone = zone_of(page.url, str(_get(feed.feed, "language")))
    found = tuple(_found(feed.entries, page.url, feed.version.startswith("atom"), zone))
    dated = all(one.published or one.changed for one in found)
    cut = None if text == whole else f"{_TOO_MUCH}: only its first {len(feed.entries):,} entries were read"
    return Listing(
        articles=tuple(sorted(found, key=newest_first)) if dated else found,
        problem=cut if feed.entries else "the feed has no entries",
        wait=_wait(feed.feed),
        quiet_hours=hours,
        quiet_days=days,
    )


# ---------------------------------------------------------------- what is handed on


def _decoded(body: bytes) -> str:
    """By its first bytes, else as it says itself, else as UTF-8, else as Windows does."""
    told = _ENCODING.match(body)
    by_mark = next((name for mark, name in _MARKS if body.startswith(mark)), None)
    for name in (by_mark, told and told[1].decode(), "utf-8", "windows-1252"):
        try:
            if name and codecs.lookup(name).name not in _SLOW:
                return body.decode("gb18030" if name.lower() == "gb2312" else name)
        except (ValueError, LookupError):
            continue
    return body.decode("utf-8", "replace")


def _without_pages(text: str) -> str:
    """Without the sections of CDATA that hold tags: they are whole articles, not read here, and would count as the feed's own."""
    first, *sections = text.split(_CDATA)
    kept = [first]
    for section in sections:
        inside, end, after = section.partition(_END)
        kept.append(after if "<" in inside or not end else f"{_CDATA}{inside}{_END}{after}")
    return "".join(kept)


def _from_root(text: str) -> str:
    """From the first tag on: without a DOCTYPE, whose entities are nothing that an address needs."""
    prolog = _PROLOG.match(text)
    root = _ROOT.search(text, prolog.end() if prolog else 0)
    return text[root.start() :] if root else ""


def _in_bounds(text: str) -> str:
    """The text; or if that is too much, its part up to the last entry that is whole, closed; empty where none is."""
    place = end = 0
    for _ in range(TAGS):
        found = _TAG.search(text, place, _LARGEST)
        if not found:
            break
        place = found.end()
        end = place if len(found[0]) > 1 else end
    root = _ROOT.match(text)
    if root is None or (len(text) <= _LARGEST and not _TAG.search(text, place)):
        return text
    return f"{text[:end]}{'</channel>' if root[1] == 'rss' else ''}</{root[1]}>" if end else ""


# ---------------------------------------------------------------- what it says


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


def _quiet(text: str) -> tuple[frozenset[int], frozenset[int]]:
    """skipHours (0 to 24, GMT) and skipDays (English names). All of them are none: such a feed could never be read."""
    said: dict[str, list[str]] = {"skipHours": [], "skipDays": []}
    for node in _skips(text[:_HEAD]):
        said[str(node.tag)] += [(child.text or "").strip().lower() for child in node]
    hours = frozenset(_whole(hour) % 24 for hour in said["skipHours"] if hour.isdigit() and _whole(hour) <= 24)
    days = frozenset(_DAYS.index(day) for day in said["skipDays"] if day in _DAYS)
    return (hours if len(hours) < 24 else frozenset()), (days if len(days) < 7 else frozenset())


def _skips(head: str) -> Iterable[etree._Element]:
    parser = etree.XMLPullParser(
        events=("end",), tag=("skipHours", "skipDays"), resolve_entities=False, no_network=True, recover=True
    )
    try:
        parser.feed(head)
    except etree.XMLSyntaxError:
        return
    for _, node in parser.read_events():
        yield node
