"""Who made an article, as its page says it: the people that it names as authors, and the outlet that it was taken from."""

from __future__ import annotations

import re
from itertools import islice

import text
import urls
from extract import bylines, dates, markup, outlets
from extract.head import Head, SiteNames
from extract.jsonld import Claims
from extract.page import Element
from extract.places import LONGEST, MOST, PROSE, Places, following, nearest, says
from model import Credit


def read(
    places: Places, head: Head, claims: Claims, heading: Element | None, sites: SiteNames
) -> tuple[str | None, tuple[str, ...]]:
    """(the line of the page's place for authors, the people): of that place, else of JSON-LD, else of meta."""
    byline = _byline(places) or _byline_below(places, heading) or _called_author(places, heading) or _labelled(places)
    metas = (head.get(name) for name in ("author", "article:author", "dc.creator"))
    for lines in ((byline,), claims.authors, metas):
        named = (name for line in lines if line and line not in sites for name in bylines.people(line, pen_names=True))
        if found := tuple(dict.fromkeys(name for name in named if name not in sites)):
            return byline, found
    return byline, ()


_LINE = 200  # characters of a byline; what is longer tells an author's life
_YEAR = re.compile(r"(?:19|20)\d\d")


def _byline(places: Places) -> str | None:
    """What the template's place for authors says."""
    for group in places.groups(places.family.author):
        outermost = [e for e in group if not any(other is not e and other in e.iterancestors() for other in group)]
        lines = [line for e in outermost if not places.apart(e) and (line := _line_of(e))]
        if lines:
            return ", ".join(dict.fromkeys(lines))[:LONGEST].strip()
    return None


_PIECES = 12  # of text in a line


def _byline_below(places: Places, heading: Element | None) -> str | None:
    """The name beside the date below the title: `Cẩm Tú - 15:00 30/06/2026`."""
    bodies = places.bodies
    for element in islice(following(heading), MOST):
        if element in bodies:
            return None
        if element.tag not in markup.BLOCKS:
            continue
        raw = "".join(islice(element.itertext(), _PIECES))
        if len(raw) > _LINE and element.tag == "p":
            return None
        if len(raw) > _LINE or not _YEAR.search(raw):
            continue
        said = says(element)
        if said.count(" ") < PROSE and (name := dates.without(said)) and name != said:
            return name if bylines.people(name) and not any(c.isdigit() for c in name) else None
    return None


_CALLED = ("-author", "_author", "-byline", "author-name", "tac-gia")


def _called_author(places: Places, heading: Element | None) -> str | None:
    """The name in an element that is called after the author, in whatever spelling; the nearest to the title."""
    names = [name for name in places.page.classes if name.endswith(_CALLED) and "comment" not in name]
    found = [element for name in names[:5] for element in places.page.by_class(name)[:MOST]]
    for element in nearest(found, heading)[:1]:
        if (said := _line_of(element)) and len(said) < 100 and bylines.people(said) and not places.apart(element):
            return said
    return None


_LABELS = ("Bài:", "Bài và ảnh:", "Bài, ảnh:", "Tin, ảnh:", "Thực hiện:", "Tác giả:")


def _labelled(places: Places) -> str | None:
    """A line that says who wrote the text: `Bài: Tường Vy - Thiết kế: Quốc Huy`."""
    lines = (e for e in places.page.tree.iter("p", "div", "span", "strong", "em", "b") if e.text and e.text.startswith(_LABELS))
    for element in islice(lines, MOST):
        said = says(element)
        if len(said) <= _LINE and bylines.people(said) and not places.apart(element):
            return said
    return None


def _line_of(element: Element) -> str | None:
    """What an author's element says; of a box with more, the names that are links in it."""
    said = says(element)
    for link in islice(element.iter("a"), MOST):
        if (link.get("href") or "").startswith("mailto:") and (address := says(link)):
            said = said.replace(address, " ")
    if len(said) > _LINE:
        links = dict.fromkeys(line for link in islice(element.iter("a"), MOST) if 1 < len(line := says(link)) < 60)
        said = ", ".join(list(links)[:3])
    said = dates.without(said) if _YEAR.search(said) else said
    return text.clean(said).strip(" |•·,;") or None


# ---------------------------------------------------------------- the source

_LEADS_TO = re.compile(r"^(?:nguồn|theo|source|by)(?:\s*:|\s+)\s*", re.IGNORECASE)


def source(places: Places, own: str | None) -> tuple[Credit | None, str | None]:
    """(the outlet, the address) that the page's place for its source names; the page's own site is none."""
    named: Credit | None = None
    for element in (e for group in places.groups(places.family.source) for e in group):
        said = says(element)
        if not said or len(said) > urls.LONGEST or places.page.beside(element):
            continue
        links = [link.get("href", "").strip() for link in islice(element.iter("a"), MOST)]
        for address in (*links, *said.split()):
            if urls.is_web(address) and not (own and urls.same_site(address, own)) and not urls.is_home(address):
                return outlets.source_line(f"Nguồn: {address}")
        named = named or outlets.source_line(said)[0] or outlets.by_signature(_LEADS_TO.sub("", said))
    return named, None
