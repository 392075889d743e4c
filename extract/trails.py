"""Where an article belongs on its site: the trail of sections that leads to it, and its tags."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

import text
import urls
from extract.head import Head, SiteNames
from extract.jsonld import Claims
from extract.page import Element
from extract.places import Places, in_sidebar, says

_Step = tuple[str, str]  # (name, address)

_HOME = frozenset(("trang chu", "trang nhat", "home", "homepage", "home page", "trangchu"))
_SECTIONS = 6


def read(
    places: Places, head: Head, claims: Claims, heading: Element | None, title: str | None, sites: SiteNames
) -> tuple[tuple[str, ...], str | None]:
    """(the breadcrumb, the section): the last step of the one is the other, else the section that JSON-LD or meta names."""
    breadcrumb = _breadcrumb(places, claims, title, sites)
    section = (breadcrumb[-1] if breadcrumb else None) or claims.section or head.get("article:section")
    if section is None and (breadcrumb := _trail_above(heading, title, sites)):
        section = breadcrumb[-1]
    return breadcrumb, section


def _breadcrumb(places: Places, claims: Claims, title: str | None, sites: SiteNames) -> tuple[str, ...]:
    for group in places.groups(places.family.breadcrumb):
        steps = [(says(e).strip(" »›>/|"), e.get("href") or "") for e in _one_trail(group)]
        if found := _sections(steps, title, sites):
            return found
    return _sections(claims.breadcrumb, title, sites)


_MENU = 3  # links besides that to the front page; so many are a menu and no trail
_NO_ADDRESS = ("javascript:", "mailto:", "tel:")


def _trail_above(heading: Element | None, title: str | None, sites: SiteNames) -> tuple[str, ...]:
    """The sections in a line of nothing but links right above the title."""
    for above in (heading, heading.getparent()) if heading is not None else ():
        if above is None or above.tag == "body":
            return ()
        for sibling in islice(above.itersiblings(preceding=True), 2):
            if sibling.tag in ("header", "footer", "aside"):
                continue
            links = list(islice(sibling.iter("a"), _MENU + 1))
            names = [says(link) for link in links]
            whole = text.match_key(says(sibling)).replace(" ", "")
            if not whole or text.match_key(" ".join(names)).replace(" ", "") != whole:
                continue
            steps = [(name, (link.get("href") or "#").strip()) for name, link in zip(names, links, strict=True)]
            trail = _sections(steps, title, sites)
            led = all(address[:1] not in ("", "#") and not address.startswith(_NO_ADDRESS) for _, address in steps)
            return trail if led and len(trail) < _MENU and all(len(name) < 40 for name in trail) else ()
    return ()


def _one_trail(steps: list[Element]) -> list[Element]:
    """The steps of the first trail on the page; a trail may stand in a nav, but not in a sidebar or a footer."""
    real = [e for e in steps if not in_sidebar(e)]
    trails = [next(e.iterancestors("ul", "ol", "nav"), None) for e in real]
    return [step for step, trail in zip(real, trails, strict=True) if trail is trails[0]]


def _sections(steps: Iterable[_Step], title: str | None, sites: SiteNames) -> tuple[str, ...]:
    """The names of a trail without the front page and without the article, whose title may be cut short there."""
    whole = text.match_key(title or "")
    found: list[str] = []
    for name, address in steps:
        key = text.match_key(name)
        if not key or len(name) > 80 or key in _HOME or address == "/" or (urls.is_web(address) and urls.is_home(address)):
            continue
        if whole and (key == whole or (len(key) > 20 and whole.startswith(key))):
            continue
        if name not in found and not (not found and name in sites):
            found.append(name)
    return tuple(found[:_SECTIONS])


# ---------------------------------------------------------------- tags

_NO_TAGS = frozenset(("tags", "tag", "tu khoa", "the", "chu de", "keywords"))
_LINKED = 40  # tags at most


def tags(places: Places, head: Head, claims: Claims) -> tuple[str, ...]:
    """Of the template's place, else of JSON-LD, else links that call themselves tags, else of meta."""
    for group in places.groups(places.family.tags):
        told = (says(e).strip(" #,;") for e in group if not in_sidebar(e))
        if found := tuple(dict.fromkeys(t for t in told if 0 < len(t) < 80 and text.match_key(t) not in _NO_TAGS)):
            return found
    return claims.keywords or _linked_tags(places) or head.tags


def _linked_tags(places: Places) -> tuple[str, ...]:
    links = (link for link in places.page.tree.iter("a") if link.get("rel") == "tag" and not in_sidebar(link))
    return tuple(dict.fromkeys(t for t in map(says, islice(links, _LINKED)) if 0 < len(t) < 80))
