"""The reader of HTML pages: fields from the page's own words, the body by trafilatura from a tree cleared of known boxes.

What is known of the sites' markup is the table below; a page that matches none of it is read all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import htmldate
import trafilatura
from lxml import etree, html

import text
import urls
from extract import dates, jsonld, outlets
from extract.draft import Draft
from model import Block, BlockKind, ExtractError

# ---------------------------------------------------------------- what is known of the sites (docs/facts.md)


def _classes(*names: str) -> str:
    """XPath condition: the element has one of these class names."""
    return " or ".join(f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')" for name in names)


# Boxes inside the body that are not the article: related teasers, tags, share buttons.
_BOXES = etree.XPath(
    "//*["
    + _classes(
        *("__mb_article_in_image", "__MB_ARTICLE_A", "_MB_EMBEDNEWS", "article-relate", "article-detail-source"),
        *("article-detail-similar", "article-detail-other", "article-detail-tags", "article-tag", "bqt-share-social"),
        *("kbwscwl-relatedbox", "detail-tag-list", "cms-relate", "article__tag", "cms-note", "notebox"),
    )
    + " or @type='RelatedNewsBox']"
)
_LEAD = etree.XPath(
    "//*[("
    + _classes("article-detail-desc", "detail-sapo", "article__sapo", "cms-desc", "article-sapo", "article__summary")
    + " or @data-role='sapo') and not(ancestor::aside)]"
)
_FIGURES = etree.XPath("//figure | //table[" + _classes("MASTERCMS_TPL_TABLE", "image", "contentimg", "picture") + "]")
_CAPTIONS = etree.XPath(".//figcaption | .//tr[position() > 1]/td | .//*[" + _classes("PhotoCMS_Caption", "caption") + "]")
_DATES = etree.XPath(
    "//*["
    + _classes("article-date", "article-detail-date", "format_time", "detail-time", "article__meta", "cms-date", "post-subinfo")
    + " or @data-role='publishdate' or @itemprop='datePublished']"
)
_SECTION = etree.XPath(
    "//ul[" + _classes("breadcrumb") + "]//li[last()]//a | //*[" + _classes("detail-breadcrumb", "list-cate") + "]//a[last()]"
)
_TAGS = etree.XPath("//*[" + _classes("article-tag", "detail-tag-list", "article__tag") + "]//a")
_AUTHOR = etree.XPath("//*[" + _classes("article-detail-author", "article__author", "cms-author", "detail-author") + "]")

_META = etree.XPath("//meta[@content and (@property or @name or @itemprop)]")
_SCRIPTS = etree.XPath("//script[@type='application/ld+json']")
_CANONICAL = etree.XPath("//link[@rel='canonical']/@href")
_H1 = etree.XPath("//h1[not(ancestor::aside) and not(ancestor::nav) and not(ancestor::footer)]")
_JUNK = etree.XPath("//script | //style | //noscript | //template | //iframe | //svg | //comment() | //processing-instruction()")

_CAPTION_MARK = "\ue000"  # a private character: carries a caption through trafilatura, which knows none
_WORDS = 15  # a text with fewer words is no article; an official notice of three sentences has more


def read(page: str, captured: datetime) -> Draft:
    """The article of an HTML page, read with the calendar of its day of capture.

    Raises ExtractError (kind no_article) where trafilatura finds no text.
    """
    tree = _parse(page)
    meta = _meta(tree)
    claims = jsonld.claims(script.text_content() for script in _SCRIPTS(tree))
    fields = Draft(
        title=_title(tree, meta, claims.headline),
        blocks=(),
        section=_first_text(_SECTION(tree)) or claims.section or meta.get("article:section"),
        tags=tuple(dict.fromkeys(t for t in (_text(a) for a in _TAGS(tree)) if t)) or claims.keywords,
        authors=_authors(tree) or claims.authors,
        canonical=_canonical(tree, meta),
        language=(tree.get("lang") or "")[:2].lower() or None,
        published=_published(tree, meta, claims, captured),
        modified=claims.modified or dates.parse(meta.get("article:modified_time", "")),
    )
    lead = _first_text(_LEAD(tree))
    _prune(tree, lead is not None)  # from here on the tree holds the body only
    blocks, lead = _lead_once(_without_title(_body(tree), fields.title), lead)
    blocks, signature = _signature(blocks)
    return replace(fields, blocks=blocks, lead=lead, signature=signature)


def _parse(page: str) -> html.HtmlElement:
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise ExtractError("is no HTML that can be parsed", kind="no_article") from error


# ---------------------------------------------------------------- fields


def _text(element: html.HtmlElement) -> str:
    return text.clean(element.text_content())


def _first_text(elements: list[html.HtmlElement]) -> str | None:
    return next((found for found in map(_text, elements) if found), None)


def _meta(tree: html.HtmlElement) -> dict[str, str]:
    """The first content of each meta name, entities decoded (twice encoded is common)."""
    found: dict[str, str] = {}
    for element in _META(tree):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        found.setdefault(name.lower(), text.clean(text.unescape(element.get("content") or "")))
    return found


def _title(tree: html.HtmlElement, meta: dict[str, str], headline: str | None) -> str | None:
    """The h1 that shares its words with what the page calls itself elsewhere; else JSON-LD, og:title, title."""
    named = [n for n in (headline, meta.get("og:title"), _first_text(tree.xpath("//title"))) if n]
    headings = [h for h in map(_text, _H1(tree)) if h]
    for heading in headings:
        if any(_shared(heading, name) >= 0.4 for name in named):
            return heading
    return next(iter([*named, *headings]), None)


def _shared(one: str, other: str) -> float:
    mine, theirs = set(text.words(one)), set(text.words(other))
    return len(mine & theirs) / max(1, min(len(mine), len(theirs)))


def _published(tree: html.HtmlElement, meta: dict[str, str], claims: jsonld.Claims, captured: datetime) -> datetime | None:
    """JSON-LD, meta, the site's own place, then htmldate; never later than the capture."""
    candidates = [claims.published, *(dates.parse(meta[k]) for k in ("article:published_time", "datepublished") if k in meta)]
    candidates += [dates.parse(e.get("datetime") or e.get("content") or _text(e)[:120]) for e in _DATES(tree)]
    return next((d for d in candidates if dates.possible(d, captured)), None) or _guess(tree, captured)


def _guess(tree: html.HtmlElement, captured: datetime) -> datetime | None:
    """htmldate's answer. Its latest date defaults to today: it must be the capture's day, in the publisher's zone."""
    day = captured.astimezone(dates.ZONE).strftime("%Y-%m-%d")
    try:
        found = htmldate.find_date(tree, original_date=True, extensive_search=False, max_date=day, outputformat="%Y-%m-%d")
    except (ValueError, TypeError, AttributeError, OverflowError):  # its parsers fail on odd dates
        return None
    return dates.parse(found) if found else None


def _authors(tree: html.HtmlElement) -> tuple[str, ...]:
    names = (name for element in _AUTHOR(tree) for name in re.split(r"\s*[,;–]\s+|\s+và\s+", _text(element)))
    return tuple(dict.fromkeys(n for n in names if 2 < len(n) < 60 and not outlets.by_alias(n)))


def _canonical(tree: html.HtmlElement, meta: dict[str, str]) -> str | None:
    """The page's own address, if it is one of an article and not of a list or the front page."""
    for url in (*(str(href).strip() for href in _CANONICAL(tree)), meta.get("og:url", "")):
        if urls.is_web(url) and not urls.is_home(url) and not urls.is_list(url):
            return url
    return None


# ---------------------------------------------------------------- body


def _prune(tree: html.HtmlElement, lead_found: bool) -> None:
    """Take out what is known not to be text, and put each picture's caption in the picture's place, marked."""
    for element in [*_JUNK(tree), *_BOXES(tree), *(_LEAD(tree) if lead_found else ())]:
        if element.getparent() is not None:
            element.drop_tree()
    for figure in _FIGURES(tree):
        if figure.getparent() is None:
            continue
        caption = _first_text(_CAPTIONS(figure))
        if caption:
            mark = html.Element("p")
            mark.text = _CAPTION_MARK + caption
            figure.addprevious(mark)
        if caption or figure.tag == "figure":
            figure.drop_tree()


def _body(tree: html.HtmlElement) -> tuple[Block, ...]:
    # Every option is spelled out, so that a new default changes nothing here.
    document = trafilatura.bare_extraction(
        tree,
        fast=False,
        favor_precision=False,
        favor_recall=False,
        include_comments=False,
        include_tables=True,
        include_images=False,
        include_formatting=False,
        include_links=False,
        deduplicate=False,  # stateful: with it the same page gives nothing from the fourth call on
        with_metadata=False,
        only_with_metadata=False,
        target_language=None,
        max_tree_size=None,
        url_blacklist=None,
        author_blacklist=None,
        prune_xpath=None,
        as_dict=False,
    )
    body = getattr(document, "body", None)
    blocks = tuple(_blocks(body)) if body is not None else ()
    said = sum(len(b.text.split()) for b in blocks if b.kind is not BlockKind.CAPTION)
    if said < _WORDS:
        raise ExtractError(f"holds no article: {said} words of text were found", kind="no_article")
    return blocks


_KINDS = {"head": BlockKind.HEADING, "list": BlockKind.LIST, "quote": BlockKind.QUOTE, "table": BlockKind.TABLE}


def _blocks(body: etree._Element) -> Iterator[Block]:
    for element in body:
        kind = _KINDS.get(str(element.tag), BlockKind.PARAGRAPH)
        said = _table(element) if kind is BlockKind.TABLE else _lines(element)
        if said.startswith(_CAPTION_MARK):
            kind = BlockKind.CAPTION
        if said := said.replace(_CAPTION_MARK, "").strip():
            yield Block(kind=kind, text=said)


def _lines(element: etree._Element) -> str:
    """The element's text; items of a list and paragraphs of a quote are lines."""
    parts = [c for c in element if str(c.tag) in ("item", "p")]
    return "\n".join(filter(None, map(_plain, parts))) if parts else _plain(element)


def _plain(element: etree._Element) -> str:
    for mark in element.iter("lb"):
        mark.tail = " " + (mark.tail or "")
    return text.clean("".join(str(t) for t in element.itertext()))


def _table(element: etree._Element) -> str:
    rows = ([_plain(cell) for cell in row.iter("cell")] for row in element.iter("row"))
    return "\n".join(" | ".join(filter(None, row)) for row in rows if any(row))


def _without_title(blocks: tuple[Block, ...], title: str | None) -> tuple[Block, ...]:
    """Without a first heading that is the title."""
    if title and blocks and blocks[0].kind is BlockKind.HEADING and text.match_key(blocks[0].text) == text.match_key(title):
        return blocks[1:]
    return blocks


def _lead_once(blocks: tuple[Block, ...], lead: str | None) -> tuple[tuple[Block, ...], str | None]:
    """The lead that the page marks, and the blocks without it; a lead that only opens the text is found there later."""
    if not lead:
        return blocks, None
    if blocks and text.match_key(blocks[0].text) == text.match_key(lead):
        return blocks[1:], lead
    return blocks, lead


def _signature(blocks: tuple[Block, ...]) -> tuple[tuple[Block, ...], str | None]:
    """The last line where it signs the text, and the blocks without it."""
    if len(blocks) > 1 and blocks[-1].kind is BlockKind.PARAGRAPH and outlets.is_signature(blocks[-1].text):
        return blocks[:-1], blocks[-1].text
    return blocks, None
