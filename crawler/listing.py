"""What goes into the reading of a list, and what comes out: shared by sections, feeds and sitemaps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta, timezone, tzinfo
from urllib.parse import urldefrag, urljoin, urlsplit

from w3lib.url import safe_url_string

import urls
from model import Found, SourceKind

MOST = 20_000  # addresses looked at of one list; the newest stand first
TAGS = 100_000  # of a list; more are no list of articles, and would take the time that is due to other hosts
VIETNAM = timezone(timedelta(hours=7))


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A list as it was answered."""

    url: str  # after redirects
    body: bytes
    kind: SourceKind
    content_type: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """What a list gave: articles, further sitemaps to read, and why there is nothing."""

    articles: tuple[Found, ...] = ()  # in the order to fetch them, newest first as far as the list tells; each identity once
    sitemaps: tuple[str, ...] = ()  # children of a sitemap index to read next, newest first
    problem: str | None = None  # why there is nothing, or less than there should be, in a line for a person
    wait: float | None = None  # seconds that the feed asks to be left alone; not bounded
    quiet_hours: frozenset[int] = frozenset()  # hours of the day, UTC, at which the feed says that nothing changes
    quiet_days: frozenset[int] = frozenset()  # days of the week, UTC, Monday 0


def absolute(base: str, link: str) -> str | None:
    """The address that a link leads to, or None: not the web, too long, or with a password in it."""
    try:
        url = safe_url_string(urldefrag(urljoin(base, link.strip())).url)
        good = urls.is_web(url) and len(url) <= urls.LONGEST and "@" not in urlsplit(url).netloc
    except ValueError:
        return None
    return url if good else None


def zone_of(url: str, language: str = "") -> tzinfo:
    """The zone of a date that names none: Vietnam's for Vietnamese sites and lists in Vietnamese, else UTC."""
    return VIETNAM if urls.host(url).endswith(".vn") or language.lower().startswith("vi") else UTC


def newest_first(found: Found) -> float:
    """A key to sort by; what is not dated comes last."""
    at = found.published or found.changed
    return -at.timestamp() if at else 0.0
