"""The dates that feeds and sitemaps write, pure. A date that cannot be read is none: never now, and never a guess."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime
from html import unescape

from crawler.listing import VIETNAM

# RSS of baochinhphu.vn: 9/5/2026 1:30:00 PM is the fifth of September, Vietnam time.
_MONTH_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}),? (\d{1,2}):(\d{2})(?::(\d{2}))? ?([AP])M", re.IGNORECASE)
_DAY_FIRST = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4}),? (\d{1,2}):(\d{2})(?::(\d{2}))?(?: GMT ?\+7)?")
_OFFSET = re.compile(r" (?:GMT|UTC)? ?([+-])(\d{1,2})(?::?(\d\d))?$")  # GMT+7, +07, +07:00
_LONGEST = 60  # characters
_YEARS = range(1990, 2101)


def moment(raw: str | None, zone: tzinfo) -> datetime | None:
    """When `raw` says, in UTC: ISO 8601, RFC 822, and the forms of Vietnamese feeds; `zone` is that of a date that names none."""
    text = re.sub(r"\s+", " ", unescape(raw or "")).strip()
    if not text or len(text) > _LONGEST:
        return None
    for reader in _READERS:
        try:
            at = reader(text)
            if at and at.year in _YEARS:
                return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    return None


def _iso(text: str) -> datetime | None:
    return datetime.fromisoformat(re.sub(r" (?=[+-]\d\d)", "", text)) if text[:4].isdigit() and text[4:5] == "-" else None


def _rfc822(text: str) -> datetime:
    """Of the names of zones it takes GMT, UTC and the American ones; Indochina Time is +07:00."""
    whole = _OFFSET.sub(lambda found: f" {found[1]}{int(found[2]):02}{found[3] or '00'}", text.replace(" ICT", " +0700"))
    return parsedate_to_datetime(whole)


def _month_first(text: str) -> datetime | None:
    if not (found := _MONTH_FIRST.fullmatch(text)):
        return None
    month, day, year, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    if not 1 <= hour <= 12:
        return None
    hour = hour % 12 + (12 if found[7] in "Pp" else 0)
    return datetime(year, month, day, hour, minute, second, tzinfo=VIETNAM)


def _day_first(text: str) -> datetime | None:
    if not (found := _DAY_FIRST.fullmatch(text)):
        return None
    day, month, year, hour, minute, second = (int(part or 0) for part in found.groups())
    return datetime(year, month, day, hour, minute, second, tzinfo=VIETNAM)


_READERS: tuple[Callable[[str], datetime | None], ...] = (_iso, _month_first, _day_first, _rfc822)
