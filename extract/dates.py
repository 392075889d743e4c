"""Dates as Vietnamese pages write them: day first, in the publisher's zone (+07:00) unless the text names another."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone

from model import Certainty, DateClaim, DateSource

ZONE = timezone(timedelta(hours=7))  # Việt Nam keeps no summer time; +07:00 since 1975

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sep", "sept"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        1,
    )
    for name in names
}
_ISO = re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:[T ](?P<clock>\d{1,2}:\d{2}(?::\d{2})?)(?:\.\d+)?)?")
_DAY_FIRST = re.compile(
    r"(?<![\d/.-])(?P<d>\d{1,2})\s*(?:(?P<sep>[/.-])\s*(?P<m>\d{1,2})\s*(?P=sep)|\s+tháng\s+(?P<m2>\d{1,2})\s*(?:năm|,))\s*"
    r"(?P<y>\d{4})(?!\d)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?:(?P<d1>\d{1,2})\s+)?(?P<month>[A-Za-z]{3,9})\.?\s+(?:(?P<d2>\d{1,2})(?:st|nd|rd|th)?,?\s+)?(?P<y>\d{4})(?!\d)"
)
_CLOCK = re.compile(r"(?<![\d:/+-])(?P<h>\d{1,2})\s*[:h]\s*(?P<min>\d{2})(?::(?P<s>\d{2}))?(?!\d)\s*(?P<half>[AaPp][Mm]\b)?")
_OFFSET = re.compile(
    r"(?:(?:GMT|UTC)\s*(?P<short>[+-]\d{1,2})(?!\d)|(?P<sign>[+-])(?P<oh>\d{2}):?(?P<om>\d{2})(?!\d)|(?P<z>Z|GMT|UTC)\b)"
)
_WORDS = re.compile(
    r"\b(?:thứ\s+(?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ\s+nhật|cn|ngày|lúc|giờ|đăng|phát\s+hành|cập\s+nhật|xuất\s+bản|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun|gmt|utc|published|updated|on|at)\b",
    re.IGNORECASE,
)


def parse(raw: str, *, zone: timezone = ZONE) -> datetime | None:
    """The first date and time in a text, aware; without a clock time it is midnight. None where there is no real date."""
    found = _find_date(raw)
    if not found:
        return None
    day, start, end, clock = found
    rest = raw[:start] + " " * (end - start) + raw[end:]
    at = _CLOCK.search(clock or rest)
    try:
        hour, minute, second = _clock(at) if at else (0, 0, 0)
        moment = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=_offset(rest) or zone)
        moment.astimezone(ZONE)  # the year 1 or 9999 cannot be moved between zones
    except (ValueError, OverflowError):
        return None
    return moment


def possible(moment: datetime | None, captured: datetime) -> bool:
    """A page cannot be dated after its capture, but for a publisher's fast clock: such a date is another page's."""
    return moment is not None and moment <= captured + timedelta(days=1)


def claims(*found: tuple[DateSource, datetime | None]) -> tuple[DateClaim, ...]:
    """The different dates among these, each with how far it can be relied on; the order, best first, is kept.

    A day alone and a clock on that day are one date, told with the clock. Two sources that name a day are surer than one; other
    days beside it make a date doubtful, and so does a guess.
    """
    told = [(source, moment) for source, moment in found if moment is not None]
    days: dict[date, list[tuple[DateSource, datetime]]] = {}
    for source, moment in told:
        days.setdefault(moment.astimezone(ZONE).date(), []).append((source, moment))
    made = []
    for claimed in days.values():
        source, moment = claimed[0]
        if moment.time() == time():
            moment = next((m for _, m in claimed if m.time() != time()), moment)
        sources = {s for s, _ in claimed}
        if len(sources) > 1:
            certainty = Certainty.SURE
        elif len(days) > 1 or source is DateSource.GUESS:
            certainty = Certainty.DOUBTFUL
        else:
            certainty = Certainty.LIKELY
        made.append(DateClaim(moment=moment, source=source, certainty=certainty))
    return tuple(made)


def is_date_line(line: str) -> bool:
    """The line holds a date, and nothing but a date: weekday, clock, zone and separators may stand around it."""
    found = _find_date(line)
    if not found or len(line) > 80:
        return False
    rest = line[: found[1]] + " " + line[found[2] :]
    for pattern in (_CLOCK, _OFFSET, _WORDS):
        rest = pattern.sub(" ", rest)
    return not any(c.isalnum() for c in rest)


def _find_date(raw: str) -> tuple[date, int, int, str | None] | None:
    """(day, start, end, clock inside the match) of the first real date."""
    for pattern in (_ISO, _DAY_FIRST, _NAMED):
        for found in pattern.finditer(raw):
            parts = found.groupdict()
            month = parts.get("m") or parts.get("m2") or _MONTHS.get((parts.get("month") or "").lower())
            day = parts.get("d") or parts.get("d1") or parts.get("d2")
            if not month or not day:
                continue
            try:
                return date(int(parts["y"]), int(month), int(day)), found.start(), found.end(), parts.get("clock")
            except ValueError:
                continue
    return None


def _clock(found: re.Match[str]) -> tuple[int, int, int]:
    hour = int(found["h"])
    half = (found.groupdict().get("half") or "").lower()
    if half and not 1 <= hour <= 12:
        raise ValueError("no such hour")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return hour, int(found["min"]), int(found["s"] or 0)


def _offset(rest: str) -> timezone | None:
    found = _OFFSET.search(rest)
    if not found:
        return None
    if found["short"]:
        return timezone(timedelta(hours=int(found["short"])))
    if found["sign"]:
        minutes = int(found["oh"]) * 60 + int(found["om"])
        return timezone(timedelta(minutes=-minutes if found["sign"] == "-" else minutes))
    return timezone(timedelta())
