"""Articles by hand, for the tests of diffs and edits."""

from __future__ import annotations

from typing import Any

from model import Article, Block, BlockKind

P, C, H, L, T = BlockKind.PARAGRAPH, BlockKind.CAPTION, BlockKind.HEADING, BlockKind.LIST, BlockKind.TABLE


def article(*said: str | tuple[BlockKind, str], title: str | None = "Hội nghị bế mạc", **fields: Any) -> Article:
    """An article of these blocks; a text alone is a paragraph."""
    blocks = tuple(Block(kind=P, text=one) if isinstance(one, str) else Block(kind=one[0], text=one[1]) for one in said)
    known: dict[str, Any] = {"identity": "x", "url": None, "site": None, "outlet": None, "has_lead": False}
    return Article(title=title, blocks=blocks, **{**known, **fields})
