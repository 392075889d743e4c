"""What an article is called: its title, the element that says it, and the kicker above."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

import text
from extract import dates
from extract.head import Head, SiteNames
from extract.jsonld import alike
from extract.page import Element
from extract.places import LONGEST, MOST, NEAR, Places, says

_Title = tuple[Element, str]  # (what says it, how)

_SUFFIX = re.compile(r"\s?[|»]\s?|\s[-–—]\s")


def headings(places: Places, head: Head) -> list[_Title]:
    """The page's h1 that say something, not beside the article."""
    return [(h, said) for h in head.headings if not places.page.beside(h) and (said := says(h))]


def read(
    places: Places, headings: list[_Title], titles: list[str], window: str | None, sites: SiteNames
) -> tuple[Element | None, str | None]:
    """(its element, the title): the template's place, else the h1 most like what the page calls itself, else what that is."""
    named = [*titles, *filter(None, [window])]
    own = [(e, _undated(e, said)) for e in _own_titles(places) if 0 < len(said := says(e)) <= LONGEST]
    if likely := _likest(own, named) or own[:1]:
        return likely[0]
    headings = [(h, _undated(h, said)) for h, said in headings]
    if same := [found for found in headings if found[1] in titles]:
        return same[0]
    parts = {text.match_key(said) for _, said in headings if any(_is_part(said, name) for name in named)}
    # What JSON-LD or og:title calls the article is its title, not its site's name.
    parts -= {text.match_key(name) for name in titles} if parts else set()
    real = [(h, said) for h, said in headings if not (text.match_key(said) in parts or said in sites)]
    if likely := _likest(real, named) or _beginning(places, named):
        return likely[0]
    if named:
        title = _bare(named[0], parts, sites)
        return _where_said(places, title), title
    return next(iter(real or headings), (None, None))


_SAYING = ("b", "strong", "font", "span", "div", "p", "td", "h2", "h3", "h4")
_LEAVES = 3_000  # elements that are asked whether they say the title


def _where_said(places: Places, title: str) -> Element | None:
    """The element that says the title and nothing else, on a page that marks none."""
    for element in islice(places.page.tree.iter(*_SAYING), _LEAVES):
        if (said := element.text) and len(said) < LONGEST and text.clean(said) == title and not places.apart(element, element):
            return element
    return None


def _undated(heading: Element, said: str) -> str:
    """A heading's text without a date that is glued to it, in an element of its own."""
    for child in reversed(heading):
        stamp = says(child)
        if len(stamp) > 7 and said.endswith(stamp) and len(stamp) < len(said) and dates.is_date_line(stamp):
            return said[: -len(stamp)].rstrip(" |-–—")
    return said


def _beginning(places: Places, named: list[str]) -> list[_Title]:
    """A lower heading that a name of the page begins with, before its separator: pages without an h1 have their title there."""
    for element in places.page.tagged("h2", "h3")[:MOST]:
        said = says(element)
        if len(said) < 15 or not any(name.startswith(said) and _SUFFIX.match(name, len(said)) for name in named):
            continue
        if not places.apart(element, element):
            return [(element, said)]
    return []


def _own_titles(places: Places) -> Iterator[Element]:
    """The elements that the template names by a class or a role; a bare tag names nothing."""
    marked = (raw for raw in places.family.title if not raw.isalnum())
    for found in places.groups(marked):
        if real := [e for e in found if not places.apart(e, e)]:
            yield from real
            return


def _likest(titles: list[_Title], named: list[str]) -> list[_Title]:
    """The title that is most like a name of the page, with 40 % of its words or more."""
    if same := [found for found in titles if found[1] in named]:
        return same[:1]
    if not titles:
        return []
    names = [set(text.words(name)) for name in named]
    shares = [_likeness(set(text.words(said)), names) for _, said in titles]
    best = max(shares)
    return [titles[shares.index(best)]] if best > 0 else []


def _likeness(words: set[str], names: list[set[str]]) -> float:
    return max(
        (alike(words, name) for name in names if len(words & name) / max(1, min(len(words), len(name))) >= 0.4), default=0.0
    )


def _is_part(heading: str, name: str) -> bool:
    """The heading is one part of `Title | Site` or `Site - Title`, and not the longest one."""
    if len(heading) >= len(name) or not _SUFFIX.search(name):
        return False
    parts = [text.match_key(part) for part in _SUFFIX.split(name)]
    key = text.match_key(heading)
    return key in parts and key != max(parts, key=len)


def _bare(name: str, parts: set[str], sites: SiteNames) -> str:
    """A title without the site's name at its end."""
    ends = list(_SUFFIX.finditer(name))
    if ends and (text.match_key(last := name[ends[-1].end() :]) in parts or last in sites):
        return name[: ends[-1].start()].strip() or name
    return name


def kicker(places: Places, heading: Element | None, title: str | None) -> tuple[str | None, str | None]:
    """(the line above the title, the title without it)."""
    if heading is None or not title:
        return None, title
    near = (heading, *islice(heading.iterancestors(), NEAR))
    for element in (e for group in places.groups(places.family.kicker) for e in group):
        if not any(above in near for above in islice(element.iterancestors(), NEAR + 1)) or places.apart(element, heading):
            continue
        said = says(element)
        if said and len(said) <= 200 and text.match_key(said) != text.match_key(title):
            return said, (title[len(said) :].lstrip(" :|-–—") or title) if title.startswith(said) else title
    return None, title
