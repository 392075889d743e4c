"""Which articles a list names, pure: section pages, RSS and Atom feeds, sitemaps and sitemap indexes.

What is read here comes from outside and may be anything; no input raises. A list that gives nothing says why.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import urls
from crawler import feeds, sections, sitemaps
from crawler.families import selector_error
from crawler.listing import MOST, Listing, Page
from crawler.sections import page_url
from crawler.sitemaps import CHILDREN
from model import Found, Source, SourceKind

__all__ = ["CHILDREN", "Listing", "Page", "page_url", "read", "selector_error"]


def read(source: Source, page: Page, max_bytes: int, since: datetime | None = None) -> Listing:
    """What this list of the source gives. `max_bytes` bounds what is unpacked; `since` is when it was last read with success.

    Of a sitemap index only the children are named that can hold what came after `since`; None: the newest ones.
    """
    try:
        found = _found(source, page, max_bytes, since)
        articles = tuple(_articles(source, page, found.articles[:MOST]))
    except Exception as error:
        # Three parsers over whatever a server sent: they fail in more ways than can be named, and one list that cannot be
        # read must not end the round of the others. The problem line names the error.
        return Listing(problem=f"the list cannot be read ({type(error).__name__}: {error})")
    nothing = None if articles or found.sitemaps or found.problem else _nothing_left(source, page, len(found.articles))
    return replace(found, articles=articles, problem=found.problem or nothing)


def _found(source: Source, page: Page, max_bytes: int, since: datetime | None) -> Listing:
    """All that the list names, of whatever site."""
    match page.kind:
        case SourceKind.SECTION:
            return sections.read(source, page)
        case SourceKind.FEED:
            return feeds.read(page)
        case SourceKind.SITEMAP:
            return sitemaps.read(page, source.home, max_bytes, since)


def _nothing_left(source: Source, page: Page, count: int) -> str:
    moved = "" if urls.same_site(source.home, page.url) else f"; the list was answered by {urls.site(page.url)}"
    rule = f"matches the pattern {source.pattern!r}" if source.pattern else "looks like an article"
    return f"none of {count} addresses is of {urls.site(source.home)} and {rule}{moved}"


def _articles(source: Source, page: Page, found: Iterable[Found]) -> Iterable[Found]:
    """Those that are wanted, each once: at its own address where the list has that, among copies, too."""
    lists = {urls.identity(url) for url in (source.home, page.url, *(one.url for one in source.pages))}
    chosen: dict[str, Found] = {}
    for one in found:
        key = urls.identity(one.url)
        if key in lists or not _is_wanted(source, page, one):
            continue
        if key not in chosen or (urls.is_copy(chosen[key].url) and not urls.is_copy(one.url)):
            chosen[key] = one
    return [replace(one, url=urls.clean(one.url, source.home)) for one in chosen.values()]


def _is_wanted(source: Source, page: Page, one: Found) -> bool:
    """A feed and a news sitemap list articles and nothing else, whatever their addresses look like."""
    sure = page.kind is SourceKind.FEED or (one.published is not None and not urls.is_list(one.url))
    if sure and source.pattern is None:
        return urls.same_site(source.home, one.url)
    return sections.looks_wanted(source, one.url)
