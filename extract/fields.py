"""What an HTML page says of itself: title, dates, authors, section, address. Read before anything is taken out of the tree."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from urllib.parse import urljoin

import htmldate
from lxml import etree, html

import text
import urls
from extract import bylines, dates, jsonld, markup, outlets
from extract.families import Family
from extract.page import Element, Page, selector
from model import Credit, DateClaim, DateSource

_DEPTH = 300  # levels above an element that are looked at; real pages have thirty
_LONGEST = 400  # characters of a title, a name, a date's place; what is longer is something else
_PLACES = 20  # elements of a selector that are asked; a page has one or two


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """The page's own words, cleaned; None or empty where it says nothing usable."""

    heading: Element | None  # the element that the title was taken from, mostly its h1
    title: str | None
    kicker: str | None = None
    published: tuple[DateClaim, ...] = ()  # best first
    modified: tuple[DateClaim, ...] = ()
    authors: tuple[str, ...] = ()
    byline: str | None = None  # the line of the page's own place for authors, as it stands
    section: str | None = None
    breadcrumb: tuple[str, ...] = ()  # without the front page and without the title
    tags: tuple[str, ...] = ()
    credit: Credit | None = None  # from the page's own place for its source
    origin_url: str | None = None
    canonical: str | None = None  # its address, absolute; never a list's or the front page's
    language: str | None = None
    summary: str | None = None
    body_claim: str | None = None  # the text as JSON-LD gives it, in lines
    kinds: frozenset[str] = frozenset()  # what it says that it is: types of JSON-LD, and `og:article` for og:type


def read(page: Page, family: Family, captured: datetime, url: str | None) -> Facts:
    """What a page of a template, captured at this time from this address, says of itself. The tree is left as it is."""
    place = _Place(page, family, *_boxes(family))
    head = _Head.of(page)
    headings = [(h, said) for h in page.tagged("h1")[:_PLACES] if not page.beside(h) and (said := _said(h))]
    og = list(filter(None, [head.get("og:title")]))
    claims = jsonld.claims(head.scripts, named=[*(said for _, said in headings), *og, *filter(None, [head.title])])
    address = _canonical(head, claims, url)
    site = urls.site(url or address or "")
    sites = _site_names(site, head.get("og:site_name"))
    titles = [*filter(None, [claims.headline]), *og]
    heading, title = _title(place, headings, titles, head.title, sites)
    kicker, title = _kicker(place, heading, title)
    published = _published(place, head, claims, captured, heading, url or address)
    breadcrumb = _breadcrumb(place, claims, title, sites)
    byline, authors = _authors(place, head, claims, heading, sites)
    section = (breadcrumb[-1] if breadcrumb else None) or claims.section or head.get("article:section")
    if section is None and (breadcrumb := _trail_above(heading, title, sites)):
        section = breadcrumb[-1]
    credit, origin = _source(place, url or address)
    og_type = head.get("og:type")
    return Facts(
        heading=heading,
        title=title,
        kicker=kicker,
        published=published,
        modified=_modified(place, head, claims, captured, heading, published[0].moment if published else None),
        authors=authors,
        byline=byline,
        section=section,
        breadcrumb=breadcrumb,
        tags=_tags(place) or claims.keywords or _linked_tags(place) or head.tags,
        credit=credit,
        origin_url=origin,
        canonical=address,
        language=_language(page.tree.get("lang"), head.get("og:locale")),
        summary=head.get("og:description") or head.get("description") or claims.summary,
        body_claim=claims.body,
        kinds=claims.kinds | ({f"og:{og_type}"} if og_type else frozenset()),
    )


# ---------------------------------------------------------------- places


@lru_cache(maxsize=100)
def _boxes(family: Family) -> tuple[frozenset[str], frozenset[tuple[str, str]]]:
    """(classes, attributes with their value) of the boxes that are no part of an article."""
    steps = [steps[0] for raw in family.drop if len(steps := selector(raw)) == 1]
    classes = frozenset(step.classes[0] for step in steps if len(step.classes) == 1)
    return classes | _CLOCKS, frozenset(attribute for step in steps for attribute in step.attributes)


# Clocks in the page's header.
_CLOCKS = frozenset(
    (
        *("hna-time", "header-time", "header-date", "header__date", "header__time", "header-top", "top-bar", "topbar", "clock"),
        *("date-now", "time-now", "today", "current-date", "cms-current-date", "current-time", "ldate", "hd-date", "uk-date"),
    )
)


@dataclass(frozen=True, slots=True)
class _Place:
    """A page with its template: where a field stands."""

    page: Page
    family: Family
    classes: frozenset[str]  # of boxes that are no part of the article
    attributes: frozenset[tuple[str, str]]

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

    def bodies(self) -> frozenset[Element]:
        """Where the template keeps the text."""
        return frozenset(element for group in self.groups(self.family.body) for element in group)

    def groups(self, selectors: Iterable[str]) -> Iterator[list[Element]]:
        """What each selector finds, best selector first."""
        classes = self.page.classes
        for raw in selectors:
            if all(name in classes for name in _classes_in(raw)) and (found := list(islice(_below(self.page, raw), _PLACES))):
                yield found


@lru_cache(maxsize=2_000)
def _classes_in(raw: str) -> tuple[str, ...]:
    """The class names without which a selector finds nothing."""
    return tuple(name for step in selector(raw) for name in step.classes)


def _below(page: Page, raw: str) -> Iterator[Element]:
    """What a selector finds, looked for below its outermost step: most pages have none of that, and many links."""
    outer, _, last = raw.rpartition(" ")
    if not outer:
        yield from page.find((raw,))
        return
    step = selector(last)[0]
    seen: set[Element] = set()
    for box in islice(_below(page, outer), _PLACES):
        for element in box.iterdescendants(step.tag or "*"):
            if element not in seen and step.fits(element):
                seen.add(element)
                yield element


def _heads_article(header: Element, heading: Element | None) -> bool:
    """A header with the article's title, or inside the article, is no header of the page."""
    if heading is not None:
        return header in heading.iterancestors() or next(header.iterancestors("article", "main"), None) is not None
    return next(header.iter("h1"), None) is not None or next(header.iterancestors("article", "main"), None) is not None


def _said(element: Element) -> str:
    """The element's text, cleaned, or the content of a meta element."""
    if element.tag == "meta":
        return text.clean(text.unescape((element.get("content") or "")[:_LONGEST]))
    if not len(element):
        return text.clean(element.text or "")
    return markup.text_of(element)


# ---------------------------------------------------------------- the head

_META = (
    *("og:title", "og:site_name", "og:type", "og:url", "og:locale", "og:description", "description", "news_keywords"),
    *("article:section", "author", "article:author", "dc.creator"),
)
# Best first. `pagegen` and the like say when the page was made, never when the article was.
_PUBLISHED = (
    *("article:published_time", "article:published", "og:article:published_time", "og:published_time", "datepublished"),
    *("pubdate", "publishdate", "publish-date", "publish_date", "publication_date", "published_at", "published"),
    *("parsely-pub-date", "sailthru.date", "article.published"),
)
_CREATED = (
    "dcterms.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date.issued",
    "dc.date.created",
    "dc.date",
    "date",
    "datecreated",
)
_MODIFIED = ("article:modified_time", "article:modified", "datemodified", "dcterms.modified", "og:updated_time")
_READ = frozenset((*_META, *_PUBLISHED, *_CREATED, *_MODIFIED))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Head:
    """What stands in the page's head (wherever it was put)."""

    meta: dict[str, str]  # the first content of each name that is read, entities decoded (twice encoded is common)
    tags: tuple[str, ...]
    links: tuple[str, ...]  # canonical addresses
    title: str | None
    scripts: tuple[str, ...]

    @classmethod
    def of(cls, page: Page) -> _Head:
        meta: dict[str, str] = {}
        tags: list[str] = []
        links: list[str] = []
        scripts: list[str] = []
        title: str | None = None
        for element in page.tree.iter("meta", "link", "script", "title"):
            if element.tag == "script":
                if "ld+json" in element.get("type", "").lower() and element.text:
                    scripts.append(element.text)
            elif element.tag == "link":
                if element.get("rel", "").lower() == "canonical":
                    links.append(element.get("href", ""))
            elif element.tag == "title":
                title = title or (None if _is_drawn(element) else _said(element))
            else:
                _take_meta(element, meta, tags)
        tags = tags if len(tags) > 1 else (tags[0] if tags else meta.get("news_keywords", "")).split(",")
        kept = tuple(dict.fromkeys(t for t in map(text.clean, tags[:_TAGS_AT_MOST]) if 0 < len(t) < 80))
        return cls(
            meta=meta, tags=kept, links=tuple(links[:_PLACES]), title=(title or "")[:_LONGEST] or None, scripts=tuple(scripts)
        )

    def get(self, name: str) -> str | None:
        return self.meta.get(name) or None


def _take_meta(element: Element, meta: dict[str, str], tags: list[str]) -> None:
    named = element.get("property") or element.get("name")
    name = (named or element.get("itemprop") or "").lower()
    if name == "article:tag" and len(tags) < _TAGS_AT_MOST:
        tags.append(_said(element))
    elif name in _READ and name not in meta and (named or _in_head(element)):
        meta[name] = text.clean(text.unescape(element.get("content", "")[:2_000]))


def _in_head(element: Element) -> bool:
    """Microdata below the head may be another article's: those are asked by their place."""
    parent = element.getparent()
    return parent is not None and parent.tag == "head"


def _is_drawn(title: Element) -> bool:
    return next(title.iterancestors("svg"), None) is not None


def _language(*told: str | None) -> str | None:
    return next((said[:2].lower() for said in told if said and re.match(r"[A-Za-z]{2}(?![A-Za-z])", said)), None)


def _canonical(head: _Head, claims: jsonld.Claims, url: str | None) -> str | None:
    """The page's own address, if it is one of an article and not of a list or the front page."""
    for told in (*head.links, head.get("og:url"), claims.address):
        address = _absolute((told or "").strip()[: urls.LONGEST + 1], url)
        if urls.is_web(address) and not urls.is_home(address) and not urls.is_list(address):
            return address
    return None


def _absolute(address: str, base: str | None) -> str:
    try:
        return urljoin(base, address) if base and address and "://" not in address[:10] else address
    except ValueError:
        return ""


# ---------------------------------------------------------------- the title

_SUFFIX = re.compile(r"\s?[|»]\s?|\s[-–—]\s")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sites:
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
def _site_names(site: str, site_name: str | None) -> _Sites:
    outlet = outlets.by_site(site)
    parts = site.partition(":")[0].split(".")
    keys = {text.match_key(site_name)} if site_name else set()
    if len(parts) > 1:
        keys |= {"".join(text.words(parts[0])), "".join(text.words("".join(parts)))} - _COUNTRIES
    if outlet:
        keys.add(text.match_key(outlet.name))
    return _Sites(keys=frozenset(keys - {""}), outlet=outlet.name if outlet else None)


def _title(
    place: _Place, headings: list[tuple[Element, str]], titles: list[str], window: str | None, sites: _Sites
) -> tuple[Element | None, str | None]:
    """(its element, the title): the template's place, else the h1 most like what the page calls itself, else what that is."""
    named = [*titles, *filter(None, [window])]
    own = [(e, said) for e in _own_titles(place) if 0 < len(said := _said(e)) <= _LONGEST]
    own = [(e, _undated(e, said)) for e, said in own]
    if likely := _likest(own, named) or own[:1]:
        return likely[0]
    headings = [(h, _undated(h, said)) for h, said in headings]
    if same := [found for found in headings if found[1] in titles]:
        return same[0]
    parts = {text.match_key(said) for _, said in headings if any(_is_part(said, name) for name in named)}
    # What JSON-LD or og:title calls the article is its title, not its site's name.
    parts -= {text.match_key(name) for name in titles} if parts else set()
    real = [(h, said) for h, said in headings if said in titles or not (text.match_key(said) in parts or said in sites)]
    if likely := _likest(real, named) or _beginning(place, named):
        return likely[0]
    if named:
        title = _bare(named[0], parts, sites)
        return _where_said(place, title), title
    return next(iter(real or headings), (None, None))


_SAYING = ("b", "strong", "font", "span", "div", "p", "td", "h2", "h3", "h4")
_LEAVES = 3_000  # elements that are asked whether they say the title


def _where_said(place: _Place, title: str) -> Element | None:
    """The element that says the title and nothing else, on a page that marks none."""
    for element in islice(place.page.tree.iter(*_SAYING), _LEAVES):
        if (said := element.text) and len(said) < _LONGEST and text.clean(said) == title and not place.apart(element, element):
            return element
    return None


def _undated(heading: Element, said: str) -> str:
    """A heading's text without a date that is glued to it, in an element of its own."""
    for child in reversed(heading):
        stamp = _said(child)
        if len(stamp) > 7 and said.endswith(stamp) and len(stamp) < len(said) and dates.is_date_line(stamp):
            return said[: -len(stamp)].rstrip(" |-–—")
    return said


def _beginning(place: _Place, named: list[str]) -> list[tuple[Element, str]]:
    """A lower heading that a name of the page begins with, before its separator: pages without an h1 have their title there."""
    for element in place.page.tagged("h2", "h3")[:_PLACES]:
        said = _said(element)
        if len(said) < 15 or not any(name.startswith(said) and _SUFFIX.match(name, len(said)) for name in named):
            continue
        if not place.apart(element, element):
            return [(element, said)]
    return []


def _own_titles(place: _Place) -> Iterator[Element]:
    """The elements that the template names by a class or a role; a bare tag names nothing."""
    marked = [raw for raw in place.family.title if not raw.isalnum()]
    for found in place.groups(marked):
        if real := [e for e in found if not place.apart(e, e)]:
            yield from real
            return


def _likest(titles: list[tuple[Element, str]], named: list[str]) -> list[tuple[Element, str]]:
    """The title that is most like a name of the page, with 40 % of its words or more."""
    if same := [found for found in titles if found[1] in named]:
        return same[:1]
    shared = [
        (max((jsonld.alike(said, n) for n in named if _shared(said, n) >= 0.4), default=0.0), e, said) for e, said in titles
    ]
    likeness, element, said = max(shared, key=lambda found: found[0], default=(0.0, None, ""))
    return [(element, said)] if element is not None and likeness > 0 else []


def _is_part(heading: str, name: str) -> bool:
    """The heading is one part of `Title | Site` or `Site - Title`, and not the longest one."""
    if len(heading) >= len(name) or not _SUFFIX.search(name):
        return False
    parts = [text.match_key(part) for part in _SUFFIX.split(name)]
    return len(parts) > 1 and text.match_key(heading) in parts and text.match_key(heading) != max(parts, key=len)


def _shared(one: str, other: str) -> float:
    mine, theirs = set(text.words(one)), set(text.words(other))
    return len(mine & theirs) / max(1, min(len(mine), len(theirs)))


def _bare(name: str, parts: set[str], sites: _Sites) -> str:
    """A title without the site's name at its end."""
    ends = list(_SUFFIX.finditer(name))
    if ends and (text.match_key(last := name[ends[-1].end() :]) in parts or last in sites):
        return name[: ends[-1].start()].strip() or name
    return name


_NEAR = 3  # levels above the title at which its kicker stands, and above a teaser's date its own title


def _kicker(place: _Place, heading: Element | None, title: str | None) -> tuple[str | None, str | None]:
    """(the line above the title, the title without it)."""
    if heading is None or not title:
        return None, title
    near = (heading, *islice(heading.iterancestors(), _NEAR))
    for element in (e for group in place.groups(place.family.kicker) for e in group):
        if not any(above in near for above in islice(element.iterancestors(), _NEAR + 1)) or place.apart(element, heading):
            continue
        said = _said(element)
        if said and len(said) <= 200 and text.match_key(said) != text.match_key(title):
            return said, (title[len(said) :].lstrip(" :|-–—") or title) if title.startswith(said) else title
    return None, title


# ---------------------------------------------------------------- dates


def _published(
    place: _Place,
    head: _Head,
    claims: jsonld.Claims,
    captured: datetime,
    heading: Element | None,
    url: str | None,
) -> tuple[DateClaim, ...]:
    """The site's own place, JSON-LD, meta; where none of them gives a date, what stands below the title, then a guess."""
    metas = _metas(head, _PUBLISHED) or _metas(head, _CREATED)
    data = [(DateSource.JSON_LD, claims.published), *((DateSource.META, moment) for moment in metas)]
    told = [*_places(place, heading, captured), *_possible(data, captured)]
    told = told or _possible([(DateSource.LINE, _line_below(place, heading))], captured)
    told = told or _possible([(DateSource.GUESS, _line_above(place, heading, captured))], captured)
    told = told or _possible([(DateSource.GUESS, _guess(place, captured))], captured)
    if told and all(moment.time() == time() for _, moment in told):
        told += _possible([(told[0][0], clock) for clock in _clocks(place, told[0][1])], captured)
    return dates.bounded(dates.claims(*told), dates.of_address(url or ""))


def _possible(told: Iterable[tuple[DateSource, datetime | None]], captured: datetime) -> list[tuple[DateSource, datetime]]:
    return [(source, moment) for source, moment in told if moment is not None and dates.possible(moment, captured)]


def _metas(head: _Head, names: tuple[str, ...]) -> list[datetime]:
    return [moment for name in names if name in head.meta and (moment := dates.of_machine(head.meta[name][:60]))]


def _places(place: _Place, heading: Element | None, captured: datetime) -> list[tuple[DateSource, datetime]]:
    """The date of the best place that gives one, the nearest to the title where there are several.

    Where that is a day alone, the other places come with it, for their clock.
    """
    found: list[tuple[DateSource, datetime]] = []
    for group in place.groups(place.family.date):
        for element in _nearest(group, heading):
            moment = dates.parse(_stamp(element))
            if moment is None or not dates.possible(moment, captured):
                continue
            if place.apart(element, heading) or _is_teasers(element, heading):
                continue
            source = DateSource.META if element.tag == "meta" else DateSource.SITE
            if not found or dates.day_of(moment) == dates.day_of(found[0][1]):
                found.append((source, moment))
            break
        if found and found[0][1].time() != time():
            break
    return found


def _nearest(elements: list[Element], heading: Element | None) -> list[Element]:
    """The elements by how closely an element holds both them and the title; else in page order."""
    if heading is None or len(elements) < 2:
        return elements
    above = {element: depth for depth, element in enumerate((heading, *heading.iterancestors()))}
    return sorted(elements, key=lambda e: next((above[a] for a in (e, *e.iterancestors()) if a in above), len(above)))


_TITLE_WORDS = 4  # a link of more is a title, not a name or a section


def _is_teasers(element: Element, heading: Element | None) -> bool:
    """It stands with the title of another article: in a list of them."""
    if heading is None:
        return False
    above = set(heading.iterancestors())
    for box in islice(element.iterancestors(), _NEAR):
        if box in above:
            return False
        if next(box.iter("h2", "h3", "h4"), None) is not None:
            return True
        if any(_said(link).count(" ") >= _TITLE_WORDS for link in islice(box.iter("a"), _PLACES)):
            return True
    return False


def _stamp(element: Element) -> str:
    """What a date's element says: for programs first, in itself or in a time inside it; day and clock may stand side by side."""
    for one in (element, *element.iterfind(".//time[@datetime]")):
        if said := one.get("datetime") or one.get("content"):
            return said[:_LONGEST]
    parent = element.getparent()
    if "format_" in (element.get("class") or "") and parent is not None:
        parts = [e for e in parent if not {"format_time", "format_date"}.isdisjoint((e.get("class") or "").split())]
        return " ".join(map(_said, parts))[:_LONGEST]
    return _said(element)[:_LONGEST]


def _clocks(place: _Place, day: datetime) -> Iterator[datetime]:
    """The moments of time elements on a day."""
    for element in place.page.tagged("time")[:_PLACES]:
        moment = dates.parse((element.get("datetime") or "")[:60])
        if moment and dates.day_of(moment) == dates.day_of(day) and not place.apart(element):
            yield moment


_LINES = 60  # elements below the title among which its date may stand
_PROSE = 20  # words: here the text has begun


def _line_below(place: _Place, heading: Element | None) -> datetime | None:
    """The first line in or below the title that is a date and nothing else, before the text begins."""
    bodies = place.bodies()
    for element in _following(heading):
        if element in bodies or ((element.text or "").count(" ") >= _PROSE and _own_line(element).count(" ") >= _PROSE):
            return None
        if (moment := _dated(element)) and not place.apart(element, heading):
            return moment
    return None


def _line_above(place: _Place, heading: Element | None, captured: datetime) -> datetime | None:
    """The nearest line above the title that is a date and nothing else, and no clock: a clock shows the capture's day."""
    for above in (heading, *islice(heading.iterancestors(), 1)) if heading is not None else ():
        for sibling in islice(above.itersiblings(preceding=True), _SIBLINGS):
            for element in islice(sibling.iter("*"), _PLACES):
                moment = _dated(element)
                if moment and captured - moment > timedelta(days=2) and not place.apart(element, heading):
                    return moment
    return None


_SIBLINGS = 3


def _own_line(element: Element) -> str:
    """The text before the first element inside."""
    return " ".join((element.text or "")[:_LONGEST].split())


def _dated(element: Element) -> datetime | None:
    """The date that an element says, if it says little else: a name or a section beside a clock."""
    if element.tag == "time" and (stamp := element.get("datetime")):
        return dates.parse(stamp[:60])
    said = text.clean(_own_line(element)) if element.text else ""
    if not said and (last := next(iter(element), None)) is not None and last.tag in ("i", "span", "svg", "img"):
        said = text.clean((last.tail or "")[:_LONGEST])  # behind an icon
    if not 7 < len(said) < 81 or (moment := dates.parse(said)) is None:
        return None
    beside = dates.without(said)
    return moment if not beside or (moment.time() != time() and beside.count(" ") < _BESIDE_WORDS) else None


_BESIDE_WORDS = 4


def _following(heading: Element | None) -> Iterator[Element]:
    """The elements inside the title, and those that begin after it ends."""
    if heading is None:
        return
    after = (
        one for above in (heading, *heading.iterancestors()) for sibling in above.itersiblings() for one in sibling.iter("*")
    )
    yield from islice(heading.iterdescendants("*"), _PLACES)
    yield from islice(after, _LINES)


def _modified(
    place: _Place,
    head: _Head,
    claims: jsonld.Claims,
    captured: datetime,
    heading: Element | None,
    published: datetime | None,
) -> tuple[DateClaim, ...]:
    """Not before the publication: an earlier one is a slip of the CMS or another thing's date."""
    data = _nearest(list(islice(place.page.find(("[itemprop=dateModified]",)), _PLACES)), heading)
    metas = _metas(head, _MODIFIED)[:2] or [dates.parse(_stamp(e)) for e in data if not place.apart(e, heading)][:1]
    told = [(DateSource.JSON_LD, claims.modified), *((DateSource.META, moment) for moment in metas)]
    return dates.claims(*(t for t in _possible(told, captured) if published is None or t[1] >= published))


def _guess(place: _Place, captured: datetime) -> datetime | None:
    """htmldate's answer, from a tree without head, scripts and what stands beside the article; dates in sentences are events'.

    Its latest date defaults to today: it must be the capture's day, in the publisher's zone.
    """
    if (body := place.page.tree.find("body")) is None:
        return None
    day = captured.astimezone(dates.ZONE).strftime("%Y-%m-%d")
    bare = etree.Element("html")
    bare.append(copy.deepcopy(body))
    markup.drop(_no_dates(place, Page(bare)))
    tree = html.document_fromstring(etree.tostring(bare, encoding="unicode", method="html"))
    try:
        found = htmldate.find_date(tree, original_date=True, extensive_search=False, max_date=day, outputformat="%Y-%m-%d")
    except (ValueError, TypeError, AttributeError, OverflowError):  # its parsers fail on odd dates
        return None
    return dates.parse(found) if found else None


def _no_dates(place: _Place, bare: Page) -> list[Element]:
    """Of a copy of the page: scripts, prose, other articles' titles, and what stands apart from the article."""
    there = replace(place, page=bare)
    heading = next(iter(bare.tagged("h1")), None)
    prose = [p for p in bare.tagged("p") if (said := markup.text_of(p)).count(" ") >= _PROSE or said.endswith(_STOPS)]
    prose += [body for body in there.bodies() if heading is None or heading not in body.iter("h1")]
    boxes = [e for e in bare.tree.iter("*") if there.is_apart(e) or e.get("role") in _BESIDE_ROLES or _is_sidebar(e)]
    others = [e for e in bare.tree.iter("time") if _is_teasers(e, heading)]
    for link in bare.tagged("a"):
        parent = link.getparent()
        if parent is not None and parent.tag in _ITEMS and _said(link).count(" ") >= _TITLE_WORDS:
            others.append(parent)
    return [*bare.tagged("script", "style", "noscript", "template", "aside", "nav", "footer"), *prose, *boxes, *others]


_STOPS = (".", "!", "?", "…", "”", '"')
_ITEMS = frozenset(("li", "dd", "td", "p", "span", "h2", "h3", "h4"))
_BESIDE_ROLES = frozenset(("complementary", "contentinfo", "navigation"))


def _is_sidebar(element: Element) -> bool:
    return element.tag != "body" and not {"sidebar", "footer"}.isdisjoint((element.get("class") or "").split())


# ---------------------------------------------------------------- people


def _authors(
    place: _Place, head: _Head, claims: jsonld.Claims, heading: Element | None, sites: _Sites
) -> tuple[str | None, tuple[str, ...]]:
    """(the line of the page's place for authors, the people): of that place, else of JSON-LD, else of meta."""
    byline = _byline(place) or _byline_below(place, heading) or _called_author(place, heading) or _labelled(place)
    metas = (head.get(name) for name in ("author", "article:author", "dc.creator"))
    for lines in ((byline,), claims.authors, metas):
        named = (name for line in lines if line and line not in sites for name in bylines.people(line, pen_names=True))
        if found := tuple(dict.fromkeys(name for name in named if name not in sites)):
            return byline, found
    return byline, ()


_BYLINE = 200  # characters; what is longer tells an author's life


def _byline(place: _Place) -> str | None:
    for group in place.groups(place.family.author):
        outermost = [e for e in group if not any(other is not e and other in e.iterancestors() for other in group)]
        lines = [line for e in outermost if not place.apart(e) and (line := _line_of(e))]
        if lines:
            return ", ".join(dict.fromkeys(lines))[:_LONGEST]
    return None


def _byline_below(place: _Place, heading: Element | None) -> str | None:
    """The name beside the date below the title: `Cẩm Tú - 15:00 30/06/2026`."""
    bodies = place.bodies()
    for element in islice(_following(heading), _PLACES):
        if element in bodies:
            return None
        raw = "".join(islice(element.itertext(), _PIECES))
        if len(raw) > 200 and element.tag == "p":
            return None
        if len(raw) > 200 or not _YEAR.search(raw) or element.tag not in markup.BLOCKS:
            continue
        said = _said(element)
        if said.count(" ") < _PROSE and (name := dates.without(said)) and name != said:
            return name if bylines.people(name) and not any(c.isdigit() for c in name) else None
    return None


_PIECES = 12  # of text in a line
_YEAR = re.compile(r"(?:19|20)\d\d")


_AUTHOR_ENDS = ("-author", "_author", "-byline", "author-name", "tac-gia")


def _called_author(place: _Place, heading: Element | None) -> str | None:
    """The name in an element that is called after the author, in whatever spelling; the nearest to the title."""
    names = (name for name in place.page.classes if name.endswith(_AUTHOR_ENDS) and "comment" not in name)
    found = [element for name in islice(names, 5) for element in place.page.by_class(name)[:_PLACES]]
    for element in _nearest(found, heading)[:1]:
        if (said := _line_of(element)) and len(said) < 100 and bylines.people(said) and not place.apart(element):
            return said
    return None


_LABELS = ("Bài:", "Bài và ảnh:", "Bài, ảnh:", "Tin, ảnh:", "Thực hiện:", "Tác giả:")


def _labelled(place: _Place) -> str | None:
    """A line that says who wrote the text: `Bài: Tường Vy - Thiết kế: Quốc Huy`."""
    lines = (e for e in place.page.tree.iter("p", "div", "span", "strong", "em", "b") if e.text and e.text.startswith(_LABELS))
    for element in islice(lines, _PLACES):
        said = _said(element)
        if len(said) <= _BYLINE and bylines.people(said) and not place.apart(element):
            return said
    return None


def _line_of(element: Element) -> str | None:
    """What an author's element says; of a box with more, the names that are links in it."""
    said = _said(element)
    for link in islice(element.iter("a"), _PLACES):
        if (link.get("href") or "").startswith("mailto:") and (address := _said(link)):
            said = said.replace(address, " ")
    if len(said) > _BYLINE:
        links = dict.fromkeys(line for link in islice(element.iter("a"), _PLACES) if 1 < len(line := _said(link)) < 60)
        said = ", ".join(list(links)[:3])
    said = dates.without(said) if _YEAR.search(said) else said
    return text.clean(said).strip(" |•·,;") or None


# ---------------------------------------------------------------- source

_LEADS_TO = re.compile(r"^(?:nguồn|theo|source|by)(?:\s*:|\s+)\s*", re.IGNORECASE)


def _source(place: _Place, own: str | None) -> tuple[Credit | None, str | None]:
    """(the outlet, the address) that the page's place for its source names; the page's own site is none."""
    named: Credit | None = None
    for element in (e for group in place.groups(place.family.source) for e in group):
        said = _said(element)
        if not said or len(said) > urls.LONGEST or place.page.beside(element):
            continue
        links = [link.get("href", "").strip() for link in islice(element.iter("a"), _PLACES)]
        for address in (*links, *said.split()):
            if urls.is_web(address) and not (own and urls.same_site(address, own)) and not urls.is_home(address):
                credit, origin = outlets.source_line(f"Nguồn: {address}")
                return credit, origin
        named = named or outlets.source_line(said)[0] or outlets.by_signature(_LEADS_TO.sub("", said))
    return named, None


# ---------------------------------------------------------------- sections and tags

_HOME = frozenset(("trang chu", "trang nhat", "home", "homepage", "home page", "trangchu"))
_SECTIONS = 6


def _breadcrumb(place: _Place, claims: jsonld.Claims, title: str | None, sites: _Sites) -> tuple[str, ...]:
    for group in place.groups(place.family.breadcrumb):
        steps = [(_said(e).strip(" »›>/|"), e.get("href") or "") for e in _one_trail(group)]
        if found := _sections(steps, title, sites):
            return found
    return _sections(claims.breadcrumb, title, sites)


_MENU = 3  # links besides that to the front page; so many are a menu and no trail


def _trail_above(heading: Element | None, title: str | None, sites: _Sites) -> tuple[str, ...]:
    """The sections in a line of nothing but links right above the title."""
    for above in (heading, heading.getparent()) if heading is not None else ():
        if above is None or above.tag == "body":
            return ()
        for sibling in islice(above.itersiblings(preceding=True), 2):
            if sibling.tag in ("header", "footer", "aside"):
                continue
            links = list(islice(sibling.iter("a"), _MENU + 1))
            names = [_said(link) for link in links]
            whole = text.match_key(_said(sibling)).replace(" ", "")
            if not whole or text.match_key(" ".join(names)).replace(" ", "") != whole:
                continue
            steps = [(name, (link.get("href") or "#").strip()) for name, link in zip(names, links, strict=True)]
            trail = _sections(steps, title, sites)
            led = all(address[:1] not in ("", "#") and not address.startswith(_NO_ADDRESS) for _, address in steps)
            return trail if led and len(trail) < _MENU and all(len(name) < 40 for name in trail) else ()
    return ()


_NO_ADDRESS = ("javascript:", "mailto:", "tel:")


def _one_trail(steps: list[Element]) -> list[Element]:
    """The steps of the first trail on the page; a trail may stand in a nav, but not in a sidebar or a footer."""
    real = [e for e in steps if not _in_sidebar(e)]
    trails = [next(e.iterancestors("ul", "ol", "nav"), None) for e in real]
    return [step for step, trail in zip(real, trails, strict=True) if trail is trails[0]]


def _in_sidebar(element: Element) -> bool:
    """Trails and tags may stand in a nav, and in the footer of an article, but not in those of the page."""
    for above in islice(element.iterancestors(), _DEPTH):
        if above.tag == "article":
            return False
        if above.tag == "aside" or (above.tag == "footer" and next(above.iterancestors("article"), None) is None):
            return True
        if above.tag != "footer" and _is_sidebar(above):
            return True
    return False


def _sections(steps: Iterable[tuple[str, str]], title: str | None, sites: _Sites) -> tuple[str, ...]:
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


_NO_TAGS = frozenset(("tags", "tag", "tu khoa", "the", "chu de", "keywords"))


_TAGS_AT_MOST = 40


def _tags(place: _Place) -> tuple[str, ...]:
    for group in place.groups(place.family.tags):
        told = (_said(e).strip(" #,;") for e in group if not _in_sidebar(e))
        if found := tuple(dict.fromkeys(t for t in told if 0 < len(t) < 80 and text.match_key(t) not in _NO_TAGS)):
            return found
    return ()


def _linked_tags(place: _Place) -> tuple[str, ...]:
    links = (link for link in place.page.tree.iter("a") if link.get("rel") == "tag" and not _in_sidebar(link))
    return tuple(dict.fromkeys(t for t in map(_said, islice(links, _TAGS_AT_MOST)) if 0 < len(t) < 80))
