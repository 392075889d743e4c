"""What a page's head says: meta, links, JSON-LD scripts, the window's title; by them the page's address and its site's names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urljoin

import text
import urls
from extract import outlets
from extract.jsonld import Claims
from extract.page import Element, Page
from extract.places import LONGEST, MOST, says

_TAGS = 40  # more are a list of the site's


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """What stands in the page's head (wherever it was put)."""

    meta: dict[str, str]  # the first content of each name, as it stands
    tags: tuple[str, ...]
    links: tuple[str, ...]  # canonical addresses
    title: str | None  # the window's
    scripts: tuple[str, ...]  # JSON-LD
    headings: tuple[Element, ...]  # h1: no part of the head, but the same walk finds them

    @classmethod
    def of(cls, page: Page) -> Head:
        meta: dict[str, str] = {}
        tags: list[str] = []
        for element in page.tagged("meta"):
            _take(element, meta, tags)
        links = [e.get("href", "") for e in page.tagged("link") if e.get("rel", "").lower() == "canonical"]
        scripts = [e.text for e in page.tagged("script") if e.text and "ld+json" in e.get("type", "").lower()]
        title = next((said for e in page.tagged("title") if not _is_drawn(e) and (said := says(e))), "")
        return cls(
            meta=meta,
            tags=_parted(tags or [_cleaned(meta.get("news_keywords", ""))]),
            links=tuple(links[:MOST]),
            title=title[:LONGEST].strip() or None,
            scripts=tuple(scripts),
            headings=tuple(page.tagged("h1")[:MOST]),
        )

    def get(self, name: str) -> str | None:
        """What a meta element says, cleaned, without entities (twice encoded is common)."""
        return (_cleaned(content) or None) if (content := self.meta.get(name)) else None


def _cleaned(content: str) -> str:
    return text.clean(text.unescape(content))


def _take(element: Element, meta: dict[str, str], tags: list[str]) -> None:
    named = element.get("property") or element.get("name")
    name = (named or element.get("itemprop") or "").lower()
    if name == "article:tag":
        if len(tags) < _TAGS:
            tags.append(says(element))
    elif name not in meta and (named or _in_head(element)):
        meta[name] = element.get("content", "")[:2_000]


def _in_head(element: Element) -> bool:
    """Microdata below the head may be another article's: those are asked by their place."""
    parent = element.getparent()
    return parent is not None and parent.tag == "head"


def _is_drawn(title: Element) -> bool:
    return next(title.iterancestors("svg"), None) is not None


def _parted(tags: list[str]) -> tuple[str, ...]:
    """The tags; one alone may be a list of them."""
    parts = tags if len(tags) > 1 else tags[0].split(",")
    return tuple(dict.fromkeys(tag for tag in map(text.clean, parts[:_TAGS]) if 0 < len(tag) < 80))


def language(*told: str | None) -> str | None:
    return next((said[:2].lower() for said in told if said and re.match(r"[A-Za-z]{2}(?![A-Za-z])", said)), None)


def canonical(head: Head, claims: Claims, url: str | None) -> str | None:
    """The page's own address, if it is one of an article and not of a list or the front page."""
    for told in (*head.links, head.get("og:url"), claims.address):
        address = _absolute((told or "").strip()[: urls.LONGEST + 1], url)
        if urls.is_web(address) and not urls.is_list(address):  # the front page is a list too
            return address
    return None


def said_in(url: str | None, title: str | None) -> float | None:
    """The share of the words in an address that are the title's; None where it has hardly any words."""
    named = {word for word in text.words(urls.slug(url or "").partition(".")[0].replace("-", " ")) if not word.isdigit()}
    return len(named & set(text.words(title or ""))) / len(named) if len(named) >= _NAMED else None


_NAMED = 4


def _absolute(address: str, base: str | None) -> str:
    try:
        return urljoin(base, address) if base and address and "://" not in address[:10] else address
    except ValueError:
        return ""


# ---------------------------------------------------------------- what the site is called


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteNames:
    """What the page's own site is called, as match keys."""

    keys: frozenset[str]
    outlet: str | None

    def __contains__(self, said: str) -> bool:
        key = text.match_key(said)
        if key in self.keys or key.replace(" ", "") in self.keys:
            return True
        credit = outlets.by_alias(said)
        return credit is not None and (self.outlet is None or credit.name == self.outlet)


_COUNTRIES = frozenset(("vietnam", "asean"))  # sites are called so, but titles end so too


@lru_cache(maxsize=1_000)
def site_names(site: str, site_name: str | None) -> SiteNames:
    outlet = outlets.by_site(site)
    parts = site.partition(":")[0].split(".")
    keys = {text.match_key(site_name)} if site_name else set()
    if len(parts) > 1:
        keys |= {"".join(text.words(parts[0])), "".join(text.words("".join(parts)))} - _COUNTRIES
    if outlet:
        keys.add(text.match_key(outlet.name))
    return SiteNames(keys=frozenset(keys - {""}), outlet=outlet.name if outlet else None)
