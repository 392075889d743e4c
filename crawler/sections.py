"""Section pages: the links of a page of links, and the addresses of its further pages. Pure.

Further pages may be a piece of HTML without a head, or JSON that holds addresses or HTML: then its links are those.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any

from parsel import Selector
from scrapy.http import HtmlResponse
from w3lib.html import get_base_url

import urls
from crawler import families
from crawler.families import Family
from crawler.listing import MOST, TAGS, Listing, Page, absolute
from model import Found, ListPage, Source, SourceKind

_HEAD = 4_096  # characters in which <base> must stand
_ADDRESS_KEYS = frozenset({"url", "link", "href", "full_url"})
_PLACE = re.compile(r"\{(?:page|offset:(\d+))\}")


def read(source: Source, page: Page) -> Listing:
    """Every link that the source's selector chooses, else its family's, else all that look like articles."""
    if page.body.count(b"<") > TAGS:
        return Listing(problem=f"the page has more than {TAGS:,} tags; no list has so many")
    html = HtmlResponse(page.url, body=page.body, headers={"Content-Type": page.content_type or "text/html"})
    if not html.text.strip():
        return Listing(problem="the page is empty")
    if html.text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return _json(source, html.text.lstrip("\ufeff"))
    base = get_base_url(html.text[:_HEAD], page.url, html.encoding)
    every = _absolute(base, _hrefs(html.xpath("//a")))
    if source.links is not None:
        chosen = _absolute(base, _hrefs(html.css(source.links)))
        return Listing(articles=chosen, problem=None if chosen else f"no links matched {source.links!r}")
    if not every:
        return Listing(problem="the page has no links")
    return _by_family(source, every, families.of(page.url), lambda links: _absolute(base, _hrefs(html.css(links))))


def _by_family(
    source: Source, every: tuple[Found, ...], family: Family | None, choose: Callable[[str], tuple[Found, ...]]
) -> Listing:
    if family is None or not family.links:
        return Listing(articles=every)
    chosen = choose(", ".join(family.links))
    if any(looks_wanted(source, one.url) for one in chosen):
        return Listing(articles=chosen)
    told = f"the selectors of the family {family.name} matched no article; all links that look like one were taken"
    return Listing(articles=every, problem=told if any(looks_wanted(source, one.url) for one in every) else None)


def looks_wanted(source: Source, url: str) -> bool:
    """An address of the source's site that fits its pattern, or looks like an article where there is none."""
    if not urls.same_site(source.home, url):
        return False
    return bool(re.search(source.pattern, url)) if source.pattern else urls.is_article(url)


def _absolute(base: str, links: Iterable[str]) -> tuple[Found, ...]:
    once = dict.fromkeys(islice(links, MOST))
    return tuple(Found(url=url) for link in once if link.strip() and (url := absolute(base, link)))


def _hrefs(chosen: Iterable[Selector]) -> Iterable[str]:
    """What a selector chose may be the link itself, its href, or a box around it."""
    for one in chosen:
        if isinstance(one.root, str):
            yield one.root
        else:
            yield from one.xpath("descendant-or-self::a/@href").getall()


def _json(source: Source, text: str) -> Listing:
    """The addresses in an answer of hemera's: relative to the front page, for the answer comes from another host."""
    try:
        found = _absolute(source.home, _addresses(json.loads(text)))
    except json.JSONDecodeError:
        return Listing(problem="the answer is neither a page nor JSON")
    return Listing(articles=found, problem=None if found else "the answer names no addresses")


def _addresses(value: Any, key: str = "") -> Iterable[str]:
    if isinstance(value, dict):
        for name, below in value.items():
            yield from _addresses(below, name)
    elif isinstance(value, list):
        for below in value:
            yield from _addresses(below, key)
    elif isinstance(value, str) and key in _ADDRESS_KEYS:
        yield value
    elif isinstance(value, str) and "<a " in value and value.count("<") <= TAGS:
        yield ""  # a piece without links counts as one too, or there could be a million of them
        whole = value.encode("utf-8", "replace").decode()  # JSON may hold half a pair, which is no text
        yield from _hrefs(Selector(whole, type="html").xpath("//a"))


# ---------------------------------------------------------------- further pages


def page_url(source: Source, section: str, page: int) -> str | None:
    """The address of a section's page, 2 or more, by the rule of its source, else of its family; None: no rule.

    A source's rule without `{section}` is an address of one section alone: the first that the source names.
    """
    family = families.of(section)
    rule = source.paging or (family.paging if family else None)
    if rule is None or not ("{section}" in rule or section == _first(source.pages)):
        return None
    bare, rest = section.partition("#")[0].rstrip("/"), rule.partition("{section}")[2]
    if rest and urls.is_home(bare) and not (rest[0].isalnum() or rest[0] == "/"):
        return None  # a parameter cannot stand behind a host
    whole = rule.replace("{section}", f"{bare}/" if rest[:1].isalnum() else bare, 1)
    return _PLACE.sub(lambda found: str(int(found[1]) * (page - 1) if found[1] else page), whole)


def _first(pages: Sequence[ListPage]) -> str | None:
    return next((page.url for page in pages if page.kind is SourceKind.SECTION), None)
