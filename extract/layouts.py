"""What a source teaches: where on its pages the text stands, seen on pages that were read well.

A value in and a value out: the store keeps it. A path is in force from the moment it was learned, so that a page captured before
is read again as it was read then.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from lxml import etree

from extract.page import Page
from model import Article, Learned, Learning

LEARNED = "learned"  # the `reader` of an article read by a learned path
_TIMES = 5  # pages in a row that must show the same place before it is believed
_MISSES = 3  # pages in a row on which it does not agree before it is dropped
_AGREED = 0.8
_NAME = re.compile(r"[A-Za-z][A-Za-z_-]{2,40}")  # names with digits are one page's own
_TAG = re.compile(r"[a-z][a-z0-9-]*")  # pages invent others
_ABOVE = 3  # elements above a nameless one that may name it


def in_force(learning: Learning | None, captured: datetime) -> str | None:
    """The path by which a page captured then is read."""
    if learning is None:
        return None
    fitting = (p for p in learning.paths if p.since < captured and (p.until is None or captured <= p.until))
    return next((p.path for p in fitting), None)


def learn(learning: Learning, article: Article, now: datetime) -> Learning:
    """What is known of a source after one more of its pages; the same value where the page teaches nothing."""
    held = next((p for p in learning.paths if p.until is None), None)
    sure = article.agreement is not None and article.agreement >= _AGREED
    if held is not None:
        if article.reader == LEARNED and sure:
            return replace(learning, misses=0) if learning.misses else learning
        if article.reader not in (LEARNED, "generic", "run", "trafilatura") or article.container == held.path:
            return learning
        if learning.misses + 1 < _MISSES:
            return replace(learning, misses=learning.misses + 1)
        ended = tuple(replace(p, until=now) if p is held else p for p in learning.paths)
        return replace(learning, paths=ended, misses=0, candidate=None, times=0)
    if article.reader != "generic" or not sure or article.container is None:
        return learning
    times = learning.times + 1 if article.container == learning.candidate else 1
    if times < _TIMES:
        return replace(learning, candidate=article.container, times=times)
    paths = (*learning.paths, Learned(path=article.container, since=now, until=None))
    return replace(learning, paths=paths, candidate=None, times=0, misses=0)


def path_of(page: Page, place: etree._Element) -> str | None:
    """A selector of an element that fits other pages of its site, and finds just it here; None where nothing names it."""
    if not _TAG.fullmatch(str(place.tag)):
        return None
    if (own := _compound(place)) and page.first((own,)) is place:
        return own
    for above, _ in zip(place.iterancestors(), range(_ABOVE), strict=False):
        if named := _compound(above):
            path = f"{named} {own or str(place.tag)}"
            return path if page.first((path,)) is place else None
    return None


def _compound(element: etree._Element) -> str | None:
    if not _TAG.fullmatch(str(element.tag)):
        return None
    ident = element.get("id") or ""
    if _NAME.fullmatch(ident):
        return f"{element.tag!s}#{ident}"
    names = [name for name in (element.get("class") or "").split() if _NAME.fullmatch(name)]
    return f"{element.tag!s}." + ".".join(names[:2]) if names else None
