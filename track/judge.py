"""All that one capture means, from what was read and what is stored. Pure: it calls the judges in order.

Reading, Known ─▶ copies.compare with each likely article ─▶ changes.decide ─▶ diff, edits ─▶ events ─▶ stories ─▶ Update
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from model import Article, Change, ChangeKind, Edit, EditKind, Event, Fingerprint, Flag, Known, Link, Text, Update
from track import changes, copies, diff, edits, stories

_LONGEST = 65_000  # characters: of a longer text nobody says what was edited in it, for that would hold up all others


def judge(
    article: Article, fingerprint: Fingerprint, flags: tuple[Flag, ...], reader: str, known: Known, capture_id: int, now: datetime
) -> Update:
    """What is to be written. `known` is what the store holds of this article at this moment."""
    known = changes.rekeyed(known)
    if known.text and known.text.edit == fingerprint.edit and not known.reread:  # nothing is new but the key
        known = replace(known, likely=None)
    links = _links(article, known)
    known = replace(known, twin=min((link.article_id for link in links or () if link.likeness.is_one_text), default=None))
    change = changes.decide(fingerprint, known)
    found = Text(version_id=0, edit=fingerprint.edit, article=article, reader=reader)
    return Update(
        capture_id=capture_id,
        article=article,
        fingerprint=fingerprint,
        known=known,
        change=change,
        flags=flags,
        now=now,
        reader=reader,
        edit=_edit(found, known, change, now),
        keeps_edit=known.before is not None and not _is_of_one_reader(known.before, found),
        edits_after=tuple(
            (after.version_id, _edit_between(found, after)) for after in known.after if _is_of_one_reader(found, after)
        ),
        events=_events(article, reader, known, change, now),
        dates=changes.dates(article, known),
        links=links,
        sketch_before=changes.fingerprint(known.text.article).sketch if known.text and links is not None else (),
        series=copies.series_key(article),
        story=stories.place(article, links, known) if links is not None else None,
    )


def _links(article: Article, known: Known) -> tuple[Link, ...] | None:
    if known.likely is None:
        return None
    if not known.likely:
        return ()
    mine = copies.fold(article)
    found = ((one, copies.compare_folded(mine, copies.fold(one.article), series=one.in_series)) for one in known.likely)
    return tuple(Link(article_id=one.article_id, likeness=likeness) for one, likeness in found if likeness)


def _edit(found: Text, known: Known, change: Change, now: datetime) -> Edit | None:
    """What the version that this capture makes, or made, did to the one before it."""
    if change.kind is ChangeKind.EDITED and known.text:
        edit = _edit_between(known.text, found)
        return replace(edit, material=False) if edit and changes.is_unstable(known.restored, now) else edit
    if change.kind is ChangeKind.REREAD and known.before:
        return _edit_between(known.before, found)
    return None


def _is_of_one_reader(before: Text, after: Text) -> bool:
    """What two versions of the reader made of two pages may differ by the reader alone, and is no edit of the press then."""
    one, other = (text.reader.partition(" ")[0] for text in (before, after))
    return not one or not other or one == other


def _edit_between(before: Text, after: Text) -> Edit | None:
    if before.edit == after.edit:
        return None
    sizes = [len(version.article.text) for version in (before, after)]
    if max(sizes) > _LONGEST:
        return Edit(kinds=(EditKind.REWORDED,), score=edits.MATERIAL, material=True, changed=0, proofs=())
    return edits.classify(diff.compare(before.article, after.article), before.article, after.article)


def _events(article: Article, reader: str, known: Known, change: Change, now: datetime) -> tuple[Event, ...]:
    if change.kind is ChangeKind.RESTORED:
        return changes.restored(known, change, now)
    if change.kind is ChangeKind.UNCHANGED and not (known.second_hand or known.outdated):
        return changes.redated(article, known, reader, now)
    return ()
