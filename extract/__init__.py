"""extract/: read. Capture -> Article, or ExtractError. Pure and steady: the same capture gives the same article.

decode      bytes -> text (what kind of file, which letters)

lines       a text dump -> Draft
  shapes      what a line looks like            linehead    what stands above the text
  runs        where among the lines it stands   linebody    its blocks
  repeats     lines that a site's dumps share

pages       an HTML page -> Draft
  page        the parsed page, and selectors    families    the table of templates (families.toml)
  fields      what it says of itself: head, jsonld, titles, stamps (dates), authors, trails (section, tags), with places
  kinds       pages that are no article         leaves      its text, cut at the borders of blocks
  body        the tiers: generic (by shape), cleaning, fallback (trafilatura), layouts (what a site taught)
  markup      elements into text

both        bylines (people), outlets (outlets.toml), dates, phrases (phrases.toml), language, draft
golden      what a golden page is expected to read as
read        Draft -> Article: identity, lead, credit, language
"""

from __future__ import annotations

import urls
from extract import bylines, dates, language, lines, outlets, pages, repeats
from extract.decode import decode, is_markup
from extract.draft import Draft, lead_first, require_text
from extract.head import said_in
from extract.layouts import in_force, learn
from model import Article, Block, Capture, Credit, DateClaim, ExtractError, Learning

__all__ = ["VERSION", "learn", "read", "repeats", "signature"]

_DUMP = 5_000_000  # characters of a text dump: no article has so many, and reading takes a second for each two millions
VERSION = 3  # raised when the reader may give another article for the same capture


def read(capture: Capture, learning: Learning | None = None) -> Article:
    """The article that a capture shows; `learning` is what its site has taught.

    Raises ExtractError; its kind is empty, too_large, unsupported, binary or no_article.
    """
    decoded = decode(capture.body, capture.header("content-type"))
    page = decoded.text
    if is_markup(page):
        draft = pages.read(page, capture.captured_at, capture.url or capture.url_asked, in_force(learning, capture.captured_at))
    else:
        if len(page) > _DUMP:
            raise ExtractError(f"has {len(page):,} characters; text dumps over {_DUMP:,} are not read", kind="too_large")
        draft = lines.read(page, learning.repeated if learning else ())
    return _article(draft, capture, decoded.notes)


def signature(article: Article) -> str:
    """What read it: the reader's version, which of its readers, and where on the page. Another one may read another text."""
    return f"{VERSION} {article.reader or ''} {article.container or ''}"


def _article(draft: Draft, capture: Capture, notes: tuple[str, ...]) -> Article:
    url, origin = _address(draft, capture)
    blocks, has_lead = lead_first(draft.blocks, draft.lead)
    require_text(blocks)
    site = urls.site(url) if url else None
    credit, blocks = _credit(draft, blocks, has_lead, origin, site)
    outlet = outlets.by_site(site)
    signed = bylines.people(draft.signature)
    return Article(
        identity=urls.identity(url) if url else capture.identity,
        url=url,
        site=site,
        outlet=outlet.name if outlet else None,
        title=draft.title,
        blocks=blocks,
        has_lead=has_lead,
        kicker=draft.kicker,
        published_claims=_possible(draft.published, capture),
        modified_claims=_possible(draft.modified, capture),
        authors=draft.authors or signed,
        byline=draft.byline or (draft.signature if signed and not draft.authors else None),
        section=draft.section,
        breadcrumb=draft.breadcrumb,
        images=draft.images,
        tags=draft.tags,
        credit=credit,
        origin_url=origin,
        signature=draft.signature,
        language=language.guess("\n".join(b.text for b in blocks)) or draft.language,
        notes=(*notes, *draft.notes),
        reader=draft.reader,
        container=draft.container,
        agreement=draft.agreement,
    )


def _possible(claims: tuple[DateClaim, ...], capture: Capture) -> tuple[DateClaim, ...]:
    return tuple(claim for claim in claims if dates.possible(claim.moment, capture.captured_at))


def _address(draft: Draft, capture: Capture) -> tuple[str | None, str | None]:
    """(the article's address, its origin). A canonical address on another site is an origin, never the page's identity."""
    url = capture.url or capture.url_asked
    claimed = draft.canonical
    if claimed and not (claimed.isprintable() and len(claimed) <= urls.LONGEST and "@" not in urls.host_part(claimed)):
        return url, draft.origin_url
    if url and claimed and urls.same_site(claimed, url) and _is_rather_itself(url, claimed, draft.title):
        return url, draft.origin_url
    if draft.canonical and (url is None or urls.same_site(draft.canonical, url)):
        return draft.canonical, draft.origin_url
    return url, draft.origin_url or draft.canonical


def _is_rather_itself(url: str, claimed: str, title: str | None) -> bool:
    """Some sites name the section, or another article, as the canonical address of many: these would all be one article.

    Of two addresses with numbers the numbers say it, else which of them is made of the words of the title.
    """
    if urls.is_other(url, claimed):
        return True
    if urls.is_copy(url) or not urls.is_article(url):
        return False
    mine, theirs = said_in(url, title), said_in(claimed, title)
    return not urls.is_article(claimed) or (mine is not None and theirs is not None and 2 * theirs < mine)


def _credit(
    draft: Draft, blocks: tuple[Block, ...], has_lead: bool, origin: str | None, site: str | None
) -> tuple[Credit | None, tuple[Block, ...]]:
    """(who the text names as its source, the blocks without the lead's prefix), strongest evidence first.

    A line that names the source, an origin's site, the lead's prefix, the signature.
    """
    prefix = None
    if has_lead:
        prefix, lead = outlets.lead_prefix(blocks[0].text, site)
        blocks = (Block(kind=blocks[0].kind, text=lead), *blocks[1:])
    by_origin = outlets.by_site(urls.site(origin)) if origin else None
    return draft.credit or by_origin or prefix or outlets.by_signature(draft.signature), blocks
