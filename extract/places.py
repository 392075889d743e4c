"""Where a field stands on a page: the places that a template names for it, what is near the title, and what stands apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice

import text
from extract import markup
from extract.families import Family
from extract.page import Element, Page, selector

LONGEST = 400  # characters of a title, a name, a date's place; what is longer is something else
MOST = 20  # elements that are asked for one thing; a page has one or two
NEAR = 3  # levels above the title at which its kicker stands, and above a teaser's date its own title
PROSE = 20  # words: here the text has begun
_DEPTH = 300  # levels above an element that are looked at; real pages have thirty
_LINES = 60  # elements below the title among which its date may stand


@dataclass(frozen=True, kw_only=True)
class Places:
    """A page with its template."""

    page: Page
    family: Family
    classes: frozenset[str]  # of boxes that are no part of the article
    attributes: tuple[tuple[str, str], ...]  # the same, with their values

    @classmethod
    def of(cls, page: Page, family: Family) -> Places:
        classes, attributes = _boxes(family.drop)
        return cls(page=page, family=family, classes=classes, attributes=attributes)

    def apart(self, element: Element, heading: Element | None = None) -> bool:
        """It stands beside the article, in a box of others, or in the page's header: newer, and another's."""
        if self.page.beside(element):
            return True
        return any(self.is_apart(above, heading) for above in (element, *islice(element.iterancestors(), _DEPTH)))

    def is_apart(self, element: Element, heading: Element | None = None) -> bool:
        """The element itself is such a box."""
        if (names := element.get("class")) and not self.classes.isdisjoint(names.split()):
            return True
        if element.tag == "header" and not _heads_article(element, heading):
            return True
        return any(element.get(name) == value for name, value in self.attributes)

    @cached_property
    def bodies(self) -> frozenset[Element]:
        """Where the template keeps the text."""
        return frozenset(element for group in self.groups(self.family.body) for element in group)

    def groups(self, selectors: Iterable[str]) -> Iterator[list[Element]]:
        """What each selector finds, best selector first."""
        return filter(None, (list(islice(found, MOST)) for found in self.page.groups(selectors)))


# Clocks in the page's header.
_CLOCKS = frozenset(
    (
        *("hna-time", "header-time", "header-date", "header__date", "header__time", "header-top", "top-bar", "topbar", "clock"),
        *("date-now", "time-now", "today", "current-date", "cms-current-date", "current-time", "ldate", "hd-date", "uk-date"),
    )
)


@lru_cache(maxsize=100)
def _boxes(drop: tuple[str, ...]) -> tuple[frozenset[str], tuple[tuple[str, str], ...]]:
    """(classes, attributes with their value) of the boxes that are no part of an article."""
    steps = [steps[0] for raw in drop if len(steps := selector(raw)) == 1]
    classes = frozenset(step.classes[0] for step in steps if len(step.classes) == 1)
    return classes | _CLOCKS, tuple(dict.fromkeys(attribute for step in steps for attribute in step.attributes))


def _heads_article(header: Element, heading: Element | None) -> bool:
    """A header with the article's title, or inside the article, is no header of the page."""
    holds_title = header in heading.iterancestors() if heading is not None else next(header.iter("h1"), None) is not None
    return holds_title or next(header.iterancestors("article", "main"), None) is not None


def is_sidebar(element: Element) -> bool:
    """It is called a sidebar or a footer."""
    return element.tag != "body" and not {"sidebar", "footer"}.isdisjoint((element.get("class") or "").split())


def in_sidebar(element: Element) -> bool:
    """Trails and tags may stand in a nav, and in the footer of an article, but not in those of the page."""
    for above in islice(element.iterancestors(), _DEPTH):
        if above.tag == "article":
            return False
        if above.tag == "aside" or (above.tag == "footer" and next(above.iterancestors("article"), None) is None):
            return True
        if above.tag != "footer" and is_sidebar(above):
            return True
    return False


def says(element: Element) -> str:
    """The element's text, cleaned, or the content of a meta element."""
    if element.tag == "meta":
        return text.clean(text.unescape((element.get("content") or "")[:LONGEST]))
    if any(one.tag in _PARTING for one in element.iterdescendants()):
        return markup.text_of(element)
    return text.clean(markup.joined(element, _READ))  # the same, several times as fast


_READ = 20_000  # characters; what says more is no field


_PARTING = markup.BLOCKS | {"br", "lb"}


def following(heading: Element | None) -> Iterator[Element]:
    """The elements inside the title, and those that begin after it ends."""
    if heading is None:
        return
    after = (
        one for above in (heading, *heading.iterancestors()) for sibling in above.itersiblings() for one in sibling.iter("*")
    )
    yield from islice(heading.iterdescendants("*"), MOST)
    yield from islice(after, _LINES)


def nearest(elements: list[Element], heading: Element | None) -> list[Element]:
    """The elements by how closely an element holds both them and the title; else in page order."""
    if heading is None or len(elements) < 2:
        return elements
    above = {element: depth for depth, element in enumerate((heading, *heading.iterancestors()))}
    return sorted(elements, key=lambda e: next((above[a] for a in (e, *e.iterancestors()) if a in above), len(above)))
