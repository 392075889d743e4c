"""Dates as Vietnamese pages write them: day first, in the publisher's zone (+07:00) unless the text names another."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone

import text
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
_WORD_MONTHS = ("một", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười", "mười một", "mười hai", "giêng", "chạp")
_MONTHS |= {name: number for number, name in enumerate(_WORD_MONTHS[:12], 1)} | {"giêng": 1, "chạp": 12}
_IN_WORDS = "|".join(sorted(_WORD_MONTHS, key=len, reverse=True))
_HALF = r"(?:[AaPp]\.?[Mm]\b|SA\b|CH\b)"
_ISO = re.compile(
    r"(?<!\d)(?P<y>\d{4})(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?!\d)"
    rf"(?:[T ](?P<clock>\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?:\s?{_HALF})?)(?:\.\d+)?)?"
)
_DAY_FIRST = re.compile(
    r"(?<![\d/.-])(?P<d>\d{1,2})\s*(?:(?P<sep>[/.-])\s*(?P<m>\d{1,2})\s*(?P=sep)|\s+tháng\s+(?P<m2>\d{1,2})\s*(?:năm|,))\s*"
    r"(?P<y>\d{4})(?!\d)",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(r"(?<![\d/.-])(?P<m>\d{1,2})(?P<sep>[/.-])(?P<d>\d{1,2})(?P=sep)(?P<y>\d{4})(?!\d)")
_NAMED = re.compile(
    r"(?:(?P<d1>\d{1,2})(?:st|nd|rd|th)?\s+)?(?P<month>[A-Za-z]{3,9})\.?,?\s+(?:(?P<d2>\d{1,2})(?:st|nd|rd|th)?,?\s+)?"
    r"(?P<y>\d{4})(?!\d)"
)
# As WordPress writes them in Vietnamese: `5 Tháng Chín, 2026`, `Tháng Mười Một 22, 2023`.
_IN_VIETNAMESE = re.compile(
    rf"(?:(?<!\d)(?P<d1>\d{{1,2}})\s+)?tháng\s+(?P<month>{_IN_WORDS})(?:\s+(?P<d2>\d{{1,2}}))?(?:,|\s+năm)?\s+(?P<y>\d{{4}})(?!\d)",
    re.IGNORECASE,
)
_PATTERNS = (_ISO, _DAY_FIRST, _IN_VIETNAMESE, _NAMED)
_MONTH_FIRST_PATTERNS = (_ISO, _MONTH_FIRST, _NAMED)
_CLOCK = re.compile(
    rf"(?<![\d:/+-])(?P<h>\d{{1,2}})\s*(?:[:h]|giờ)\s*(?P<min>\d{{2}})(?::(?P<s>\d{{2}}))?(?!\d)\s*(?P<half>{_HALF})?"
)
_OFFSET = re.compile(
    r"(?:(?:GMT|UTC)\s*(?P<short>[+-]\d{1,2})(?::?(?P<sm>[0-5]\d))?(?!\d)|(?P<sign>[+-])(?P<oh>\d{2}):?(?P<om>\d{2})(?!\d)"
    r"|(?P<z>Z|GMT|UTC)\b)"
)
_FARTHEST = timedelta(hours=14)  # no place on earth keeps a zone farther from UTC
_WORDS = re.compile(
    r"\b(?:thứ\s+(?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ\s+nhật|cn|ngày|lúc|giờ|phút|đăng|đăng\s+lúc|phát\s+hành|cập\s+nhật|"
    r"xuất\s+bản|(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun|gmt|utc|published|posted|updated|on|at)\b",
    re.IGNORECASE,
)
_VISITS = re.compile(
    r"\b(?:lượt\s+(?:xem|đọc)|đã\s+xem|views?)\s*:?\s*\d[\d.,]*|\b\d[\d.,]*\s+(?:lượt\s+(?:xem|đọc)|views?)\b", re.IGNORECASE
)
_LONGEST = 400  # characters looked at; a date stands at the front of the place that is kept for it


def parse(raw: str, *, zone: timezone = ZONE, month_first: bool = False) -> datetime | None:
    """The first date and time in a text, aware; without a clock time it is midnight. None where there is no real date.

    Days stand before months, but for places that are known to write the month first (`9/5/2026 1:30:00 PM`): the caller says so.
    """
    raw = text.unescape(raw[:_LONGEST]) if "&" in raw else raw[:_LONGEST]
    found = _find_date(raw, month_first)
    if not found:
        return None
    rest = _around(raw, found)
    at = _CLOCK.search(found.clock or rest)
    hour, minute, second = _clock(at) if at else (0, 0, 0)
    try:
        moment = datetime.combine(found.day, time(hour, minute, second), tzinfo=_offset(rest) or zone)
        moment.astimezone(ZONE)  # the year 1 or 9999 cannot be moved between zones
    except (ValueError, OverflowError):
        return None
    return moment


# As .NET writes it in English, and nobody else; in Vietnamese it has SA and CH.
_DOT_NET = re.compile(r"\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d{2}:\d{2} [AP]M")


def of_machine(raw: str) -> datetime | None:
    """`parse`, for values that no reader sees: there a clock with seconds and AM or PM has its month first."""
    return parse(raw, month_first=bool(_DOT_NET.fullmatch(raw.strip())))


def day_of(moment: datetime) -> date:
    """The day in the publishers' zone."""
    return moment.astimezone(ZONE).date()


# VCCorp's numbers: the site (3 digits), YYMMDDHHMMSS, and the rest.
_STAMPED = re.compile(r"-\d{3}(\d{12})\d{2,3}\.htm$")


def of_address(url: str) -> datetime | None:
    """When the article at an address was created, where the CMS writes that into its number. Near the publication, but not it."""
    if found := _STAMPED.search(url.partition("?")[0][-60:]):
        try:
            return datetime.strptime(f"20{found[1]}", "%Y%m%d%H%M%S").replace(tzinfo=ZONE)
        except ValueError:
            return None
    return None


_FIRST_YEAR = 1990  # of the web; a date before it is a slip, mostly the year 1


def possible(moment: datetime | None, captured: datetime) -> bool:
    """A page cannot be dated after its capture, but for a publisher's fast clock: such a date is another page's."""
    return moment is not None and moment.year >= _FIRST_YEAR and moment <= captured + timedelta(days=1)


def claims(*found: tuple[DateSource, datetime | None]) -> tuple[DateClaim, ...]:
    """The different dates among these, each with how far it can be relied on; the order, best first, is kept.

    A day alone and a clock on that day are one date, told with the clock; so are two clocks that differ by whole hours, in other
    zones or a wrong one. Two sources that name a day are surer than one; other days beside it make a date doubtful, and so does a
    guess.
    """
    groups: list[list[tuple[DateSource, datetime]]] = []
    for source, moment in found:
        if moment is None:
            continue
        same = [group for group in groups if any(_same(moment, other) for _, other in group)]
        group = [claim for one in same for claim in one] + [(source, moment)]
        place = groups.index(same[0]) if same else len(groups)
        groups = [*groups[:place], group, *(g for g in groups[place:] if g not in same)]
    return tuple(_claim(group, len(groups) > 1) for group in groups)


def _same(one: datetime, other: datetime) -> bool:
    if day_of(one) == day_of(other):
        return True
    if time() in (one.time(), other.time()):
        return False
    apart = abs(one - other)
    return apart <= _FARTHEST and apart % timedelta(hours=1) == timedelta()


def _claim(group: list[tuple[DateSource, datetime]], others: bool) -> DateClaim:
    source, moment = group[0]
    if moment.time() == time():
        clocks = (m for _, m in group if m.time() != time() and day_of(m) == day_of(moment))
        moment = next(clocks, moment)
    if len({s for s, _ in group}) > 1:
        certainty = Certainty.SURE
    elif others or source is DateSource.GUESS:
        certainty = Certainty.DOUBTFUL
    else:
        certainty = Certainty.LIKELY
    return DateClaim(moment=moment, source=source, certainty=certainty)


def bounded(claims: tuple[DateClaim, ...], near: datetime | None) -> tuple[DateClaim, ...]:
    """The claims; those more than two days from when the article was made are doubtful."""
    if near is None:
        return claims
    far = timedelta(days=2)
    return tuple(replace(c, certainty=Certainty.DOUBTFUL) if abs(c.moment - near) > far else c for c in claims)


def is_date_line(line: str) -> bool:
    """The line holds a date, and nothing but a date: weekday, clock, zone and separators may stand around it."""
    return len(line) <= 80 and _find_date(line) is not None and not any(c.isalnum() for c in without(line))


def without(line: str) -> str:
    """A line without its date, clock, zone and the words and signs around them."""
    line = line[:_LONGEST]
    if (found := _find_date(line)) is None:
        return line
    line = line[: found.start] + " " + line[found.end :]
    for pattern in (_CLOCK, _OFFSET, _VISITS, _WORDS):
        line = pattern.sub(" ", line)
    return " ".join(line.split()).strip(" ,;:|()[]•·-–—/")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    """The first real date of a text, where it stands, and the clock written with it."""

    day: date
    start: int
    end: int
    clock: str | None
    pattern: re.Pattern[str]


def _find_date(raw: str, month_first: bool = False) -> _Found | None:
    for pattern in _MONTH_FIRST_PATTERNS if month_first else _PATTERNS:
        for found in pattern.finditer(raw):
            parts = found.groupdict()
            named = _MONTHS.get(" ".join((parts.get("month") or "").lower().split()))
            month = parts.get("m") or parts.get("m2") or named
            day = parts.get("d") or parts.get("d1") or parts.get("d2")
            if not month or not day:
                continue
            try:
                real = date(int(parts["y"]), int(month), int(day))
            except ValueError:
                continue
            return _Found(day=real, start=found.start(), end=found.end(), clock=parts.get("clock"), pattern=pattern)
    return None


def _around(raw: str, found: _Found) -> str:
    """What stands around a date, up to the next one, whose clock is its own."""
    after = found.pattern.search(raw, found.end)
    return raw[: found.start] + " " * (found.end - found.start) + raw[found.end : after.start() if after else None]


def _clock(found: re.Match[str]) -> tuple[int, int, int]:
    """Hour, minute and second; midnight where there is no such time of day."""
    hour, minute, second = int(found["h"]), int(found["min"]), int(found["s"] or 0)
    half = (found["half"] or "").lower().replace(".", "")
    if half and hour <= 12:  # `13:30 PM` is seen: then the hour says enough
        hour = hour % 12 + (12 if half in ("pm", "ch") else 0)
    return (hour, minute, second) if hour < 24 and minute < 60 and second < 60 else (0, 0, 0)


def _offset(rest: str) -> timezone | None:
    found = _OFFSET.search(rest)
    if not found:
        return None
    if found["z"]:
        return timezone(timedelta())
    sign = "-" if (found["short"] or found["sign"]).startswith("-") else "+"
    hours, minutes = (found["short"].lstrip("+-"), found["sm"]) if found["short"] else (found["oh"], found["om"])
    distance = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if distance > _FARTHEST:
        return None
    return timezone(-distance if sign == "-" else distance)
