"""What a capture means: a new article, an edit, nothing new, or a text that another article already has. Pure."""

from __future__ import annotations

import hashlib

import text
from model import Article, BlockKind, Change, ChangeKind, Fingerprint, Known

_KEY_VERSION = b"1\n"  # raised when a key is built in another way: hashes of different versions never meet
_SHORT = 40  # words; a shorter text is told apart by its title too


def fingerprint(article: Article) -> Fingerprint:
    """The hashes of an article's text. Captions, dates, tags and the address are in neither.

    `edit` covers title, lead and text as the publisher wrote them, less form, spaces, quotes, dashes and tone placement.
    `copy` covers the folded words of lead and text, and the title only where the text is too short to speak for itself.
    """
    said = said_in(article)
    edit = "\n".join((text.edit_key(article.title or ""), text.edit_key(said)))
    return Fingerprint(edit=_hash(edit), copy=_hash(" ".join(copy_words(article, text.words(said)))))


def said_in(article: Article) -> str:
    """Lead and text on one line: where the publisher breaks paragraphs is no edit."""
    return " ".join(block.text for block in article.blocks if block.kind is not BlockKind.CAPTION)


def copy_words(article: Article, words: list[str]) -> list[str]:
    """What the copy hash is made of, given the folded words of lead and text."""
    return words if len(words) >= _SHORT else [*text.words(article.title or ""), *words]


def _hash(key: str) -> str:
    return hashlib.sha256(_KEY_VERSION + key.encode("utf-8", "replace")).hexdigest()


def decide(found: Fingerprint, known: Known) -> Change:
    """What to do with an article of these hashes, given what is stored. Total: every pair has one answer."""
    if known.article_id is None:
        return Change(kind=ChangeKind.NEW if known.twin is None else ChangeKind.COPY, copy_of=known.twin)
    # Articles are numbered as they come: only the later one of two is the copy.
    copy_of = known.twin if known.twin is not None and known.twin < known.article_id else None
    if known.reread:
        return Change(kind=ChangeKind.REREAD, copy_of=copy_of)
    # A print view says a sentence more or less, and is no edit of the article that is met at its own address.
    if found.edit == known.edit or known.second_hand:
        return Change(kind=ChangeKind.UNCHANGED, copy_of=copy_of)
    return Change(kind=ChangeKind.EDITED, copy_of=copy_of)
