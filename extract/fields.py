"""What an HTML page says of itself: title, dates, authors, address."""

from __future__ import annotations

import copy
import re
from datetime import datetime, time

import htmldate
from lxml import html

import text
import urls
from extract import dates, jsonld, markup, outlets


def meta(tree: html.HtmlElement) -> dict[str, str]:
    """The first content of each meta name, entities decoded (twice encoded is common)."""
    found: dict[str, str] = {}
    for element in markup.META(tree):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        found.setdefault(name.lower(), text.clean(text.unescape(element.get("content") or "")))
    return found


_SUFFIX = re.compile(r"\s*[|»]\s*|\s+[-–—]\s+")


def title(tree: html.HtmlElement, named: list[str], site_name: str | None) -> tuple[html.HtmlElement | None, str | None]:
    """(its h1, the title): the h1 that is most like what the page calls itself elsewhere; else JSON-LD, og:title, title."""
    headings = [(h, said) for h in markup.H1(tree) if (said := markup.text_of(h))]
    sites = {text.match_key(said) for _, said in headings if any(_is_site(said, name) for name in named)}
    sites |= {text.match_key(site_name)} if site_name else set()
    sites -= {text.match_key(name) for name in named[:-1]}  # what JSON-LD or og:title calls the article is its title
    real = [(h, said) for h, said in headings if text.match_key(said) not in sites]
    shared = [(max((jsonld.alike(said, n) for n in named if _shared(said, n) >= 0.4), default=0.0), h, said) for h, said in real]
    best = max(shared, key=lambda found: found[0], default=(0.0, None, None))
    if best[0] > 0:
        return best[1], best[2]
    if named:
        parts = _SUFFIX.split(named[0])
        return None, named[0] if len(parts) == 1 or text.match_key(parts[-1]) not in sites else _without_suffix(named[0])
    return next(iter(real or headings), (None, None))


def _is_site(heading: str, name: str) -> bool:
    """The heading is one part of `Title | Site` or `Site - Title`, and not the longest one."""
    parts = [text.match_key(part) for part in _SUFFIX.split(name)]
    return len(parts) > 1 and text.match_key(heading) in parts and text.match_key(heading) != max(parts, key=len)


def _without_suffix(name: str) -> str:
    return name[: [m.start() for m in _SUFFIX.finditer(name)][-1]]


def _shared(one: str, other: str) -> float:
    mine, theirs = set(text.words(one)), set(text.words(other))
    return len(mine & theirs) / max(1, min(len(mine), len(theirs)))


_PLACES = 20  # elements that are asked for a date; a page has one or two


def published(tree: html.HtmlElement, meta: dict[str, str], claims: jsonld.Claims, captured: datetime) -> datetime | None:
    """JSON-LD, meta, the site's own place, then htmldate; never later than the capture.

    Where that gives a day alone, the clock is that of the first time element of the same day.
    """
    told = [claims.published, *(dates.parse(meta[k]) for k in ("article:published_time", "datepublished") if k in meta)]
    told += [dates.parse(_stamp(element)) for element in markup.DATES(tree)[:_PLACES]]
    told = [moment for moment in told if dates.possible(moment, captured)]
    day = told[0] if told else _guess(tree, captured)
    if day is None or day.time() != time():
        return day
    clocks = (*told, *(dates.parse(element.get("datetime", "")) for element in markup.TIMES(tree)))
    return next((c for c in clocks if c and c.time() != time() and _day(c) == _day(day) and dates.possible(c, captured)), day)


def _day(moment: datetime) -> str:
    return moment.astimezone(dates.ZONE).date().isoformat()


def _stamp(element: html.HtmlElement) -> str:
    """What a date's element says: for programs first, in itself or in a time inside it; day and clock may stand side by side."""
    for place in (element, *element.iterfind(".//time[@datetime]")):
        if said := place.get("datetime") or place.get("content"):
            return said
    parts = markup.CLOCK_PARTS(element) if element.get("class", "").find("format_") >= 0 else []
    return " ".join(markup.text_of(part) for part in parts or [element])[:120]


def modified(published: datetime | None, *told: datetime | None) -> datetime | None:
    """The first that is not before the publication: an earlier one is a slip of the CMS or another thing's date."""
    return next((moment for moment in told if moment and not (published and moment < published)), None)


def _guess(tree: html.HtmlElement, captured: datetime) -> datetime | None:
    """htmldate's answer. Its latest date defaults to today: it must be the capture's day, in the publisher's zone."""
    day = captured.astimezone(dates.ZONE).strftime("%Y-%m-%d")
    tree = copy.deepcopy(tree)
    markup.drop(markup.NO_DATES(tree))
    try:
        found = htmldate.find_date(tree, original_date=True, extensive_search=False, max_date=day, outputformat="%Y-%m-%d")
    except (ValueError, TypeError, AttributeError, OverflowError):  # its parsers fail on odd dates
        return None
    return dates.parse(found) if found else None


def authors(tree: html.HtmlElement) -> tuple[str, ...]:
    names = (name for element in markup.AUTHOR(tree) for name in re.split(r"\s*[,;–]\s+|\s+và\s+", markup.text_of(element)))
    return tuple(dict.fromkeys(n for n in names if 2 < len(n) < 60 and not outlets.by_alias(n)))


def canonical(tree: html.HtmlElement, meta: dict[str, str]) -> str | None:
    """The page's own address, if it is one of an article and not of a list or the front page."""
    for url in (*(str(href).strip() for href in markup.CANONICAL(tree)), meta.get("og:url", "")):
        if urls.is_web(url) and not urls.is_home(url) and not urls.is_list(url):
            return url
    return None
