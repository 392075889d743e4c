"""What a reader found on a page, before it is made into an Article: shared by the reader of lines and the reader of HTML."""

from __future__ import annotations

from dataclasses import dataclass

from extract.shapes import word_count
from model import Block, BlockKind, Credit, DateClaim, ExtractError, Image


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """One page's article. `blocks` in page order; the lead is not yet moved to the front."""

    title: str | None
    blocks: tuple[Block, ...]
    lead: str | None = None  # where the page marks it; None: the first paragraph
    published: tuple[DateClaim, ...] = ()  # best first
    modified: tuple[DateClaim, ...] = ()
    kicker: str | None = None
    authors: tuple[str, ...] = ()
    byline: str | None = None
    section: str | None = None
    breadcrumb: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    tags: tuple[str, ...] = ()
    credit: Credit | None = None  # from a line that names the source
    origin_url: str | None = None
    canonical: str | None = None  # the page's own word for its address
    signature: str | None = None
    language: str | None = None
    reader: str = "dump"
    container: str | None = None
    agreement: float | None = None
    notes: tuple[str, ...] = ()


WORDS = 15  # a text with fewer words is no article; an official notice of three sentences has more


def require_text(blocks: tuple[Block, ...]) -> None:
    """Raises ExtractError (kind no_article) where the blocks hold too little to be an article."""
    said = 0
    for block in blocks:
        said += 0 if block.kind is BlockKind.CAPTION else word_count(block.text)
        if said >= WORDS:
            return
    raise ExtractError(f"holds no article: {said} words of text were found", kind="no_article")


def lead_first(blocks: tuple[Block, ...], lead: str | None) -> tuple[tuple[Block, ...], bool]:
    """(blocks with the lead in front, whether there is one). The lead is the marked one, else a first paragraph.

    Captions may stand before the lead; a heading may not: then the text has none.
    """
    if lead is not None:
        return (Block(kind=BlockKind.PARAGRAPH, text=lead), *blocks), True
    first = next((n for n, block in enumerate(blocks) if block.kind is not BlockKind.CAPTION), None)
    if first is None or blocks[first].kind is not BlockKind.PARAGRAPH:
        return blocks, False
    return (blocks[first], *blocks[:first], *blocks[first + 1 :]), True
