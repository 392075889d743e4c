"""The reader of HTML pages, in order: the page's own words (fields), the tree cleared (clearing), the body (body)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from lxml import etree, html

import text
import urls
from extract import body, clearing, dates, fields, jsonld, markup, outlets
from extract.draft import WORDS, Draft
from model import Block, BlockKind, Credit, DateSource, ExtractError


def read(page: str, captured: datetime) -> Draft:
    """The article of an HTML page, read with the calendar of its day of capture.

    Raises ExtractError (kind no_article) where no text is found.
    """
    tree = _parse(page)
    meta = fields.meta(tree)
    named = [n for n in (meta.get("og:title"), markup.first_text(tree.xpath("//title"))) if n]
    scripts = (script.text_content() for script in markup.SCRIPTS(tree))
    claims = jsonld.claims(scripts, named=[*filter(None, map(markup.text_of, markup.H1(tree))), *named])
    heading, title = fields.title(tree, [*filter(None, [claims.headline]), *named], meta.get("og:site_name"))
    published = fields.published(tree, meta, claims, captured)
    canonical = fields.canonical(tree, meta)
    draft = Draft(
        title=title,
        blocks=(),
        section=markup.first_text(markup.SECTION(tree)) or claims.section or meta.get("article:section"),
        tags=tuple(dict.fromkeys(t for t in (markup.text_of(a) for a in markup.TAGS(tree)) if t)) or claims.keywords,
        authors=fields.authors(tree) or claims.authors,
        canonical=canonical,
        language=(tree.get("lang") or "")[:2].lower() or None,
        published=dates.claims((DateSource.JSON_LD, published)),
        modified=dates.claims(
            (DateSource.JSON_LD, fields.modified(published, claims.modified, dates.parse(meta.get("article:modified_time", ""))))
        ),
        reader="generic",
    )
    clearing.prune(tree)  # from here on the tree holds the body, and what no table knows
    lead = clearing.lead(tree, heading)
    credit, origin = _source_link(tree, canonical)
    blocks, lead = _lead_once(_without_title(body.read(tree), title), lead)
    return _ending(replace(draft, blocks=blocks, lead=lead, credit=credit, origin_url=origin))


# What XML does not allow, and the characters that carry captions and links. The parser takes these; the trees refuse them later.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue003-\ufffd\U00010000-\U0010ffff]")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")


def _legal(page: str) -> str:
    """The page without characters that XML does not allow, written as themselves or by number."""

    def by_number(found: re.Match[str]) -> str:
        digits, base = (found[1], 16) if found[1] else (found[2], 10)
        digits = digits.lstrip("0")
        number = int(digits or "0", base) if len(digits) < 8 else 0
        return found[0] if 0 < number < 0x110000 and not _ILLEGAL.match(chr(number)) else " "

    return _REFERENCE.sub(by_number, _ILLEGAL.sub(lambda m: " " if m[0].isspace() else "", page))


def _parse(page: str) -> html.HtmlElement:
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(_legal(page).encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise ExtractError("is no HTML that can be parsed", kind="no_article") from error


_SOURCE_WORDS = frozenset(
    map(text.match_key, ("Nguồn", "Nguồn tin", "Nguồn bài viết", "Bài gốc", "Link bài gốc", "Link gốc", "Source"))
)


def _source_link(tree: html.HtmlElement, canonical: str | None) -> tuple[Credit | None, str | None]:
    """(credit, address) of a link below the text that names the source: `Nguồn`, or an outlet after it. Its line is taken out."""
    said_in: dict[html.HtmlElement, str] = {}
    for link in reversed(list(markup.not_beside(tree, "a", "p"))):
        if link.tag == "p":
            if _is_prose(link):
                break
            continue
        url, said = (link.get("href") or "").strip(), markup.text_of(link)
        if len(said) > 60 or not urls.is_web(url) or (canonical and urls.same_site(url, canonical)):
            continue
        line = next((e for e in link.iterancestors() if str(e.tag) in markup.BLOCKS), link)
        whole = said_in[line] = said_in.get(line) or markup.text_of(line)
        bare = text.match_key(said) in _SOURCE_WORDS
        credit = outlets.source_line(f"Nguồn: {url}" if bare else whole)[0]
        if credit:
            (line if whole == said or not bare else link).drop_tree()
            return credit, None if urls.is_home(url) else url
    return None, None


def _is_prose(paragraph: html.HtmlElement) -> bool:
    """It says something outside its links."""
    linked = sum(len(markup.text_of(link).split()) for link in paragraph.iter("a"))
    return len(markup.text_of(paragraph).split()) - linked >= WORDS


def _ending(draft: Draft) -> Draft:
    """The draft without its last lines that are no text: the signature, and the line that names the source."""
    blocks, signature, credit, origin = draft.blocks, draft.signature, draft.credit, draft.origin_url
    while len(blocks) > 1 and blocks[-1].kind is BlockKind.PARAGRAPH:
        last = blocks[-1].text
        named, url = outlets.source_line(last)
        if named:
            credit, origin = credit or named, origin or url
        elif signature is None and outlets.is_signature(last):
            signature = last
        else:
            break
        blocks = blocks[:-1]
    return replace(draft, blocks=blocks, signature=signature, credit=credit, origin_url=origin)


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
