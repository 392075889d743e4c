"""What an HTML page says of itself: title, dates, authors, section, address. Read before anything is taken out of the tree.

head        what stands in the page's head; its address, and its site's names
jsonld      the node of the article in JSON-LD
titles      title and kicker
stamps      when it was published and modified (dates: how dates are written)
authors     people, and the outlet it was taken from (bylines: the people in a line)
trails      sections and tags
places      where all these look: what the template names, what is near the title, what stands apart
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import urls
from extract import authors, jsonld, stamps, titles, trails
from extract.families import Family
from extract.head import Head, canonical, language, site_names
from extract.page import Element, Page
from extract.places import Places
from model import Credit, DateClaim


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
    places = Places.of(page, family)
    head = Head.of(page)
    headings = titles.headings(places, head)
    og = list(filter(None, [head.get("og:title")]))
    claims = jsonld.claims(head.scripts, named=[*(said for _, said in headings), *og, *filter(None, [head.title])])
    address = canonical(head, claims, url)
    asked = url or address
    sites = site_names(urls.site(asked or ""), head.get("og:site_name"))
    heading, title = titles.read(places, headings, [*filter(None, [claims.headline]), *og], head.title, sites)
    kicker, title = titles.kicker(places, heading, title)
    published = stamps.published(places, head, claims, captured, heading, asked)
    byline, people = authors.read(places, head, claims, heading, sites)
    breadcrumb, section = trails.read(places, head, claims, heading, title, sites)
    credit, origin = authors.source(places, asked)
    og_type = head.get("og:type")
    return Facts(
        heading=heading,
        title=title,
        kicker=kicker,
        published=published,
        modified=stamps.modified(places, head, claims, captured, heading, published[0].moment if published else None),
        authors=people,
        byline=byline,
        section=section,
        breadcrumb=breadcrumb,
        tags=trails.tags(places, head, claims),
        credit=credit,
        origin_url=origin,
        canonical=address,
        language=language(page.tree.get("lang"), head.get("og:locale")),
        summary=head.get("og:description") or head.get("description") or claims.summary,
        body_claim=claims.body,
        kinds=claims.kinds | ({f"og:{og_type}"} if og_type else frozenset()),
    )
