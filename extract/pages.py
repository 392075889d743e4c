"""The reader of HTML pages, in order: the page's own words (fields), the body (body), and what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from urllib.parse import urljoin

import text
import urls
from extract import body, cleaning, families, fields, generic, kinds, layouts, outlets, page
from extract.draft import WORDS, Draft
from extract.leaves import Leaf
from extract.markup import BLOCKS, inline, text_of
from extract.page import Element, Page
from model import Block, BlockKind, Credit, ExtractError, Image


def read(raw: str, captured: datetime, url: str | None = None, learned: str | None = None) -> Draft:
    """The article of an HTML page, read by the rules of its day of capture.

    `url` is the address it was had from, `learned` the path that its source taught (layouts.in_force). Raises ExtractError (kind
    no_article) where no text is found.
    """
    tree = page.parse(raw)
    parsed = Page(tree)
    family = families.load().of(parsed, urls.site(url) if url else None, captured.date())
    facts = fields.read(parsed, family, captured, url)
    kinds.check_page(raw, parsed, facts, url)
    credit, origin = _source_link(parsed, facts.canonical or url)
    marked = _marked_lead(parsed, family, facts.heading)
    hints = body.Hints(
        title=facts.title,
        heading=facts.heading,
        lead=text_of(marked) if marked is not None else None,
        learned=learned,
        is_article=kinds.is_article(facts),
    )
    try:
        found = body.read(parsed, family, hints)
    except ExtractError:
        kinds.check_empty(facts)
        raise
    kinds.check_body(parsed, facts, found, url)
    if marked is not None and found.place is not None and _stands_below(parsed, marked, found.place):
        marked = None
    lead = _lead(marked, found, facts)
    pictures = [leaf for leaf in found.above if leaf.kind in (None, BlockKind.CAPTION) and leaf.junk is None]
    kept = tuple(_with_own_captions([*pictures, *found.leaves], facts.title))
    blocks = tuple(Block(kind=leaf.kind, text=leaf.text) for leaf in kept if leaf.kind is not None)
    blocks, lead = _lead_once(_without_title(blocks, facts.title), lead)
    blocks, signature, named, named_url = _ending(blocks)
    return Draft(
        title=facts.title,
        kicker=facts.kicker,
        blocks=blocks,
        lead=lead,
        published=facts.published,
        modified=facts.modified,
        authors=facts.authors,
        byline=facts.byline,
        section=facts.section,
        breadcrumb=facts.breadcrumb,
        tags=facts.tags,
        images=_images(kept, facts.canonical or url),
        credit=credit or named or facts.credit,
        origin_url=origin or named_url or facts.origin_url,
        canonical=facts.canonical,
        signature=signature,
        language=facts.language,
        reader=found.reader,
        container=layouts.path_of(parsed, found.place) if found.place is not None and found.teaches else None,
        agreement=round(found.agreement, 3) if found.agreement is not None else None,
        notes=found.notes,
    )


def _images(found: Sequence[Leaf], base: str | None) -> tuple[Image, ...]:
    made = []
    for address, caption in cleaning.pictures(found):
        whole = _absolute(address, base) if address else None
        if whole or caption:
            made.append(Image(url=whole, caption=caption))
    return tuple(dict.fromkeys(made))


def _absolute(address: str, base: str | None) -> str | None:
    try:
        whole = urljoin(base, address) if base else address
    except ValueError:
        return None
    return whole if urls.is_web(whole) and len(whole) <= urls.LONGEST else None


def _stands_below(parsed: Page, element: Element, place: Element) -> bool:
    return place not in {*element.iterancestors()} and parsed.follows(element, place)


_PLACES = 20  # elements that may be the lead; a page has one or two


def _marked_lead(parsed: Page, family: families.Family, heading: Element | None) -> Element | None:
    """The lead that the template marks; one beside the article or above its title is another article's."""
    dropped = set(parsed.find(family.drop))
    for element in islice(parsed.find(family.lead), _PLACES):
        if parsed.beside(element) or not dropped.isdisjoint(element.iterancestors()):
            continue
        if heading is not None and not parsed.follows(element, heading):
            continue
        if text_of(element):
            return element
    return None


_SUMMARY = 40  # letters of a summary that a lead must open with; pages cut the rest
_LEAD_WORDS = range(8, 120)
_NEAR = 8  # leaves above the text among which its lead stands


def _lead(marked: Element | None, found: body.Body, facts: fields.Facts) -> str | None:
    """The lead that stands above the text: what the template marks, what opens with the page's own summary of itself, or the one
    piece of running text between the title and the text."""
    if marked is not None:
        return text_of(marked)
    above = [leaf for leaf in found.above if leaf.words in _LEAD_WORDS and leaf.linked < _LINKED]
    wanted = text.match_key(facts.summary or "")[:_SUMMARY]
    if len(wanted) == _SUMMARY:
        if any(text.match_key(block.text[: 3 * _SUMMARY]).startswith(wanted) for block in found.blocks[:3]):
            return None
        if (
            leaf := next((leaf for leaf in above if text.match_key(leaf.text[: 3 * _SUMMARY]).startswith(wanted)), None)
        ) is not None:
            return leaf.text
    near = [leaf for leaf in above if generic.weight(leaf) > 0 and leaf in found.above[-_NEAR:]]
    running = [leaf for leaf in near if facts.title is None or text.match_key(leaf.text) != text.match_key(facts.title)]
    return running[0].text if len(running) == 1 and not running[0].linked else None


_LINKED = 0.3
_NUMBER = r"\s*[-–]?\s*[Ảả]nh \d{1,3}(?!\d)\.?\s*"


def _with_own_captions(found: Sequence[Leaf], title: str | None) -> Iterator[Leaf]:
    """Captions without what the CMS writes before them: the article's title, and the picture's number."""
    for leaf in found:
        if leaf.kind is BlockKind.CAPTION and title and leaf.text.startswith(title):
            said = re.sub(f"^{_NUMBER}", "", leaf.text[len(title) :]).strip()
            if said:
                yield replace(leaf, text=said)
            continue
        yield leaf


_LINE = 300  # characters of a line that names a source
_SOURCE_WORDS = frozenset(
    map(text.match_key, ("Nguồn", "Nguồn tin", "Nguồn bài viết", "Bài gốc", "Link bài gốc", "Link gốc", "Source"))
)


def _source_link(parsed: Page, own: str | None) -> tuple[Credit | None, str | None]:
    """(credit, address) of a link below the text that names the source: `Nguồn`, or an outlet after it. Its line is taken out."""
    home = urls.site(own) if own else None
    for link in parsed.tagged("a")[: -_LAST_LINKS - 1 : -1]:
        url = (link.get("href") or "").strip()
        if not url.startswith("http") or (home and home in url[: _HOST + len(home)]):
            continue
        line = next((e for e in link.iterancestors() if e.tag in BLOCKS), link)
        whole = inline(line, _LINE + 1)
        if len(whole) > _LINE or not _NAMES_SOURCE.match(whole) or not urls.is_web(url) or (own and urls.same_site(url, own)):
            continue
        said = inline(link)
        bare = text.match_key(said) in _SOURCE_WORDS
        credit = outlets.source_line(f"Nguồn: {url}" if bare else whole)[0] if len(said) <= _LINK else None
        if credit and not parsed.beside(link) and not _has_prose_below(parsed, line):
            _empty(line if whole == said or not bare else link)
            return credit, None if urls.is_home(url) else url
    return None, None


_NAMES_SOURCE = re.compile(r"\W*(?:nguồn|theo|source|link|bài gốc|lấy link|copy link)\b", re.IGNORECASE)
_HOST = 20  # characters of an address before its site: scheme, www.
_LAST_LINKS = 300  # of a page: what names its source stands near its end
_LINK = 60  # characters of a link that names an outlet


def _has_prose_below(parsed: Page, line: Element) -> bool:
    """A paragraph that says something outside its links stands below the line, and not beside the article."""
    return any(_is_prose(p) and not parsed.beside(p) for p in parsed.tagged("p") if parsed.follows(p, line))


def _empty(element: Element) -> None:
    """Take out what the element says, but not what follows it."""
    tail = element.tail
    element.clear()
    element.tail = tail


def _is_prose(paragraph: Element) -> bool:
    words = len(inline(paragraph).split())
    return words >= WORDS and words - sum(len(inline(link).split()) for link in paragraph.iter("a")) >= WORDS


def _ending(blocks: tuple[Block, ...]) -> tuple[tuple[Block, ...], str | None, Credit | None, str | None]:
    """(the blocks without their last lines that are no text, the signature, the credit and address of a line that names them)."""
    signature, credit, origin = None, None, None
    last = next((n for n in range(len(blocks) - 1, 0, -1) if blocks[n].kind is not BlockKind.CAPTION), 0)
    end = last + 1
    while end > max(1, last + 1 - _LAST_LINES) and blocks[end - 1].kind is BlockKind.PARAGRAPH:
        said = blocks[end - 1].text
        named, url = outlets.source_line(said)
        if named:
            credit, origin = credit or named, origin or url
        elif text.match_key(said) in _SOURCE_WORDS:
            pass  # its link named the source
        elif signature is None and outlets.is_signature(said):
            signature = said
        else:
            break
        end -= 1
    return (*blocks[:end], *blocks[last + 1 :]), signature, credit, origin


_LAST_LINES = 6  # that may sign a text or name its source


def _without_title(blocks: tuple[Block, ...], title: str | None) -> tuple[Block, ...]:
    """Without a first line that is the title."""
    named = (BlockKind.HEADING, BlockKind.PARAGRAPH)
    is_title = bool(title and blocks and blocks[0].kind in named and text.match_key(blocks[0].text) == text.match_key(title))
    return blocks[1:] if is_title else blocks


def _lead_once(blocks: tuple[Block, ...], lead: str | None) -> tuple[tuple[Block, ...], str | None]:
    """The lead that the page marks, and the blocks without it; a lead that only opens the text is found there later."""
    if not lead:
        return blocks, None
    first = next((n for n, block in enumerate(blocks) if block.kind is not BlockKind.CAPTION), None)
    if first is not None and text.match_key(blocks[first].text) == text.match_key(lead):
        return (*blocks[:first], *blocks[first + 1 :]), lead
    return blocks, lead
