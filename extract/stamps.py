"""When an article was published and modified, as its page says it: in its places, for programs, in a line near the title."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import islice

import htmldate
from lxml import etree, html

import text
from extract import dates, markup
from extract.head import Head
from extract.jsonld import Claims
from extract.page import Element, Page
from extract.places import LONGEST, MOST, NEAR, PROSE, Places, following, is_sidebar, nearest, says
from model import DateClaim, DateSource

# Names of meta elements, best first. `pagegen` and the like say when the page was made, never when the article was.
_PUBLISHED = (
    *("article:published_time", "article:published", "og:article:published_time", "og:published_time", "datepublished"),
    *("pubdate", "publishdate", "publish-date", "publish_date", "publication_date", "published_at", "published"),
    *("parsely-pub-date", "sailthru.date", "article.published"),
)
_CREATED = (
    *("dcterms.issued", "dcterms.created", "dcterms.date", "dc.date.issued", "dc.date.created", "dc.date", "date"),
    *("datecreated",),
)
_MODIFIED = ("article:modified_time", "article:modified", "datemodified", "dcterms.modified", "og:updated_time")

_Told = tuple[DateSource, datetime]


def published(
    places: Places, head: Head, claims: Claims, captured: datetime, heading: Element | None, url: str | None
) -> tuple[DateClaim, ...]:
    """The site's own place, JSON-LD, meta; where none of them gives a date, what stands below the title, then a guess."""
    metas = _metas(head, _PUBLISHED) or _metas(head, _CREATED)
    data = [(DateSource.JSON_LD, claims.published), *((DateSource.META, moment) for moment in metas)]
    told = [*_placed(places, heading, captured), *_possible(data, captured)]
    told = told or _possible([(DateSource.LINE, _line_below(places, heading))], captured)
    told = told or _possible([(DateSource.GUESS, _line_above(places, heading, captured))], captured)
    told = told or _possible([(DateSource.GUESS, _guess(places, captured))], captured)
    if told and all(moment.time() == time() for _, moment in told):
        told += _possible([(told[0][0], clock) for clock in _clocks(places, told[0][1])], captured)
    return dates.bounded(dates.claims(*told), dates.of_address(url or ""))


def modified(
    places: Places, head: Head, claims: Claims, captured: datetime, heading: Element | None, published: datetime | None
) -> tuple[DateClaim, ...]:
    """Not before the publication: an earlier one is a slip of the CMS or another thing's date."""
    metas = (*_metas(head, _MODIFIED)[:2],) or (_marked(places, heading),)
    told = [(DateSource.JSON_LD, claims.modified), *((DateSource.META, moment) for moment in metas)]
    return dates.claims(*(t for t in _possible(told, captured) if published is None or t[1] >= published))


def _marked(places: Places, heading: Element | None) -> datetime | None:
    """The date of modification in microdata nearest to the title."""
    found = nearest(list(islice(places.page.find(("[itemprop=dateModified]",)), MOST)), heading)
    element = next((e for e in found if not places.apart(e, heading)), None)
    return dates.parse(_stamp(element)) if element is not None else None


def _possible(told: Iterable[tuple[DateSource, datetime | None]], captured: datetime) -> list[_Told]:
    return [(source, moment) for source, moment in told if moment is not None and dates.possible(moment, captured)]


def _metas(head: Head, names: tuple[str, ...]) -> list[datetime]:
    return [moment for name in names if (said := head.get(name)) and (moment := dates.of_machine(said[:60]))]


# ---------------------------------------------------------------- the template's places


def _placed(places: Places, heading: Element | None, captured: datetime) -> list[_Told]:
    """The date of the best place that gives one, the nearest to the title where there are several.

    Where that is a day alone, the other places come with it, for their clock.
    """
    found: list[_Told] = []
    for group in places.groups(places.family.date):
        for element in nearest(group, heading):
            moment = dates.parse(_stamp(element))
            if moment is None or not dates.possible(moment, captured):
                continue
            if places.apart(element, heading) or _is_teasers(element, heading):
                continue
            source = DateSource.META if element.tag == "meta" else DateSource.SITE
            if not found or dates.day_of(moment) == dates.day_of(found[0][1]):
                found.append((source, moment))
            break
        if found and found[0][1].time() != time():
            break
    return found


_TITLE_WORDS = 4  # a link of more is a title, not a name or a section


def _is_title(link: Element) -> bool:
    return says(link).count(" ") >= _TITLE_WORDS


def _is_teasers(element: Element, heading: Element | None) -> bool:
    """It stands with the title of another article: in a list of them."""
    if heading is None:
        return False
    above = set(heading.iterancestors())
    for box in islice(element.iterancestors(), NEAR):
        if box in above:
            return False
        if next(box.iter("h2", "h3", "h4"), None) is not None or any(map(_is_title, islice(box.iter("a"), MOST))):
            return True
    return False


def _stamp(element: Element) -> str:
    """What a date's element says: for programs first, in itself or in a time inside it; day and clock may stand side by side."""
    for one in (element, *element.iterfind(".//time[@datetime]")):
        if said := one.get("datetime") or one.get("content"):
            return said[:LONGEST]
    parent = element.getparent()
    if "format_" in (element.get("class") or "") and parent is not None:
        parts = [e for e in parent if not {"format_time", "format_date"}.isdisjoint((e.get("class") or "").split())]
        return " ".join(map(says, parts))[:LONGEST]
    return says(element)[:LONGEST]


def _clocks(places: Places, day: datetime) -> Iterator[datetime]:
    """The moments of time elements on a day."""
    for element in places.page.tagged("time")[:MOST]:
        moment = dates.parse((element.get("datetime") or "")[:60])
        if moment and dates.day_of(moment) == dates.day_of(day) and not places.apart(element):
            yield moment


# ---------------------------------------------------------------- lines near the title

_SIBLINGS = 3
_BESIDE_WORDS = 4


def _line_below(places: Places, heading: Element | None) -> datetime | None:
    """The first line in or below the title that is a date and nothing else, before the text begins."""
    bodies = places.bodies
    for element in following(heading):
        if element in bodies or ((element.text or "").count(" ") >= PROSE and _own_line(element).count(" ") >= PROSE):
            return None
        if (moment := _dated(element)) and not places.apart(element, heading):
            return moment
    return None


def _line_above(places: Places, heading: Element | None, captured: datetime) -> datetime | None:
    """The nearest line above the title that is a date and nothing else, and no clock: a clock shows the capture's day."""
    for above in (heading, *islice(heading.iterancestors(), 1)) if heading is not None else ():
        for sibling in islice(above.itersiblings(preceding=True), _SIBLINGS):
            for element in islice(sibling.iter("*"), MOST):
                moment = _dated(element)
                if moment and captured - moment > timedelta(days=2) and not places.apart(element, heading):
                    return moment
    return None


def _own_line(element: Element) -> str:
    """The text before the first element inside."""
    return " ".join((element.text or "")[:LONGEST].split())


def _dated(element: Element) -> datetime | None:
    """The date that an element says, if it says little else: a name or a section beside a clock."""
    if element.tag == "time" and (stamp := element.get("datetime")):
        return dates.parse(stamp[:60])
    said = text.clean(_own_line(element)) if element.text else ""
    if not said and (last := next(iter(element), None)) is not None and last.tag in ("i", "span", "svg", "img"):
        said = text.clean((last.tail or "")[:LONGEST])  # behind an icon
    if not 7 < len(said) < 81 or (moment := dates.parse(said)) is None:
        return None
    beside = dates.without(said)
    return moment if not beside or (moment.time() != time() and beside.count(" ") < _BESIDE_WORDS) else None


# ---------------------------------------------------------------- a guess


def _guess(places: Places, captured: datetime) -> datetime | None:
    """htmldate's answer, from a tree without head, scripts and what stands beside the article; dates in sentences are events'.

    Its latest date defaults to today: it must be the capture's day, in the publisher's zone.
    """
    if (body := places.page.tree.find("body")) is None:
        return None
    day = captured.astimezone(dates.ZONE).strftime("%Y-%m-%d")
    bare = etree.Element("html")
    bare.append(copy.deepcopy(body))
    markup.drop(_no_dates(replace(places, page=Page(bare))))
    tree = html.document_fromstring(etree.tostring(bare, encoding="unicode", method="html"))
    try:
        found = htmldate.find_date(tree, original_date=True, extensive_search=False, max_date=day, outputformat="%Y-%m-%d")
    except (ValueError, TypeError, AttributeError, OverflowError):  # its parsers fail on odd dates
        return None
    return dates.parse(found) if found else None


_STOPS = (".", "!", "?", "…", "”", '"')
_ITEMS = frozenset(("li", "dd", "td", "p", "span", "h2", "h3", "h4"))
_BESIDE_ROLES = frozenset(("complementary", "contentinfo", "navigation"))


def _no_dates(bare: Places) -> list[Element]:
    """Of a copy of the page: scripts, prose, other articles' titles, and what stands apart from the article."""
    page = bare.page
    heading = next(iter(page.tagged("h1")), None)
    prose = [p for p in page.tagged("p") if (said := markup.text_of(p)).count(" ") >= PROSE or said.endswith(_STOPS)]
    prose += [body for body in bare.bodies if heading is None or heading not in body.iter("h1")]
    boxes = [e for e in page.tree.iter("*") if bare.is_apart(e) or e.get("role") in _BESIDE_ROLES or is_sidebar(e)]
    others = [e for e in page.tagged("time") if _is_teasers(e, heading)]
    for link in page.tagged("a"):
        parent = link.getparent()
        if parent is not None and parent.tag in _ITEMS and _is_title(link):
            others.append(parent)
    return [*page.tagged("script", "style", "noscript", "template", "aside", "nav", "footer"), *prose, *boxes, *others]
