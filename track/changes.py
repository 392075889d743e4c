"""What a capture means: a new article, an edit, nothing new, or a text that another article already has. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import text
from model import Article, BlockKind, Change, ChangeKind, Dates, DateSource, Event, EventKind, Fingerprint, Known, Text
from track import sketches

# Raised when a key is built in another way: hashes of different versions never meet. Of the edit hash it is also the begin, by
# which a stored one is known to be old; then `rekeyed` says what it would be now.
_EDIT_VERSION, _COPY_VERSION = 2, 1
_SHORT = 40  # words; a shorter text is told apart by its title too
_CLOCK = timedelta(minutes=15)  # a date of change so near to the look at the page was made by looking
_FLIPS = 3  # returns to an earlier text, within `_RECENT`, that make an article unstable
_RECENT = timedelta(days=14)


def fingerprint(article: Article) -> Fingerprint:
    """The hashes of an article's text. Captions, dates, tags and the address are in neither.

    `edit` covers title, lead and text as the publisher wrote them, less form, spaces, quotes, dashes and tone placement.
    `copy` covers the folded words of lead and text, and the title only where the text is too short to speak for itself.
    """
    said = said_in(article)
    words = text.words(said)
    copy = _hash(_COPY_VERSION, " ".join(copy_words(article, words)))
    return Fingerprint(edit=edit_hash(article), copy=copy, sketch=sketches.sketch(words))


def edit_hash(article: Article) -> str:
    key = "\n".join((text.edit_key(article.title or ""), text.edit_key(said_in(article))))
    return f"{_EDIT_VERSION}:{_hash(_EDIT_VERSION, key)}"


def rekeyed(known: Known) -> Known:
    """What is known, with the edit hash that each version of an older key has now: that the key changed is no edit."""
    new = {old.version_id: edit_hash(old.article) for old in known.stale}

    def of(one: Text) -> Text:
        return replace(one, edit=new.get(one.version_id, one.edit))

    found = replace(
        known,
        past=tuple((version_id, new.get(version_id, edit)) for version_id, edit in known.past),
        text=known.text and of(known.text),
        before=known.before and of(known.before),
        after=tuple(map(of, known.after)),
        stale=tuple(map(of, known.stale)),
    )
    return replace(found, edit=found.text.edit) if found.text else found


def said_in(article: Article) -> str:
    """Lead and text on one line: where the publisher breaks paragraphs is no edit."""
    return " ".join(block.text for block in article.blocks if block.kind is not BlockKind.CAPTION)


def copy_words(article: Article, words: list[str]) -> list[str]:
    """What the copy hash is made of, given the folded words of lead and text."""
    return words if len(words) >= _SHORT else [*text.words(article.title or ""), *words]


def _hash(version: int, key: str) -> str:
    return hashlib.sha256(f"{version}\n{key}".encode("utf-8", "replace")).hexdigest()


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
    if known.outdated:
        is_kept = any(edit == found.edit for _, edit in known.past)
        return Change(kind=ChangeKind.UNCHANGED if is_kept else ChangeKind.OLDER, copy_of=copy_of)
    shown = next((version_id for version_id, edit in reversed(known.past) if edit == found.edit), None)
    if shown is not None:
        return Change(kind=ChangeKind.RESTORED, copy_of=copy_of, version_id=shown)
    return Change(kind=ChangeKind.EDITED, copy_of=copy_of)


# ---------------------------------------------------------------- dates


def dates(article: Article, known: Known) -> Dates:
    """When the article was published and changed, as far as its newest capture and those before it say.

    An older capture that is read again says what that reader makes of it, and takes nothing back that was seen later.
    """
    if known.second_hand or known.outdated or not known.is_current:
        return known.dates
    if not known.reread:
        return Dates(published=article.published or known.dates.published, modified=article.modified or known.dates.modified)
    before = known.own or article
    return Dates(
        published=article.published if known.dates.published in (None, before.published) else known.dates.published,
        modified=article.modified if known.dates.modified in (None, before.modified) else known.dates.modified,
    )


def redated(article: Article, known: Known, reader: str, now: datetime) -> tuple[Event, ...]:
    """A date that moved though the text did not. One that the page computes anew at each look is none, nor one that another
    reader reads from another place.

    A time of publication is worth telling. A time of change alone is kept: a server that stores its pages anew sets it.
    """
    events: list[Event] = []
    if known.reader != reader:
        return ()
    before = known.dates
    if _moved(before.published, article.published) and article.published_claims[0].source is not DateSource.GUESS:
        events.append(_redated("published", before.published, article.published, now, told=False))
    if _moved(before.modified, article.modified) and not _is_clock(article.modified, now):
        events.append(_redated("modified", before.modified, article.modified, now, told=True))
    return tuple(events)


def _moved(before: datetime | None, after: datetime | None) -> bool:
    """By more than the seconds that one place of a page has and another has not; a day alone is compared as a day."""
    if before is None or after is None:
        return False
    if any((moment.hour, moment.minute, moment.second) == (0, 0, 0) for moment in (before, after)):
        return before.date() != after.date()
    return abs(after - before) >= timedelta(minutes=1)


def _is_clock(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and abs(now - moment) < _CLOCK


def _redated(field: str, before: datetime | None, after: datetime | None, now: datetime, *, told: bool) -> Event:
    return Event(
        article_id=0,
        kind=EventKind.REDATED,
        at=now,
        before=before.isoformat() if before else None,
        after=after.isoformat() if after else None,
        said=field,
        told=told,
    )


# ---------------------------------------------------------------- texts that go to and fro


def is_unstable(restored: Iterable[datetime], now: datetime) -> bool:
    """The article went back to an earlier text so often of late that its edits say nothing."""
    return sum(now - _RECENT < moment <= now for moment in restored) >= _FLIPS


def restored(known: Known, change: Change, now: datetime) -> tuple[Event, ...]:
    """That an article went back to an earlier text, and, once it has done so often enough, that it is told no more."""
    current = known.text.version_id if known.text else 0
    ids = sorted({*(version_id for version_id, _ in known.past), current})
    event = Event(
        article_id=0,
        kind=EventKind.RESTORED,
        at=now,
        before=f"version {ids.index(current) + 1}",
        after=f"version {ids.index(change.version_id or 0) + 1}",
        told=is_unstable(known.restored, now),
    )
    if event.told or not is_unstable((*known.restored, now), now):
        return (event,)
    said = f"went back to an earlier text {_FLIPS} times in {_RECENT.days} days; its edits are not told while that goes on"
    return replace(event, told=True), Event(article_id=0, kind=EventKind.UNSTABLE, at=now, said=said)


_SHARED = 0.3  # of the triples of words of the shorter text


def is_one(found: Article, known: Article) -> bool:
    """The texts may be of one article: a view of it says more or less, and an edit leaves some of it standing."""
    one, other = (set(zip(said, said[1:], said[2:], strict=False)) for said in (text.words(a.text) for a in (found, known)))
    return len(one & other) >= _SHARED * min(len(one), len(other))
