"""Which articles are one story, who had it first, and what each of the others made of it. Pure.

A story is one text that goes round. Articles on one event that were written apart stay apart, and a round-up that holds two
stories joins the one of which it has more: it proves nothing about the two. Only an origin, there before them, joins stories.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import urls
from model import (
    Article,
    Carrying,
    Confidence,
    Diff,
    DiffLine,
    Event,
    EventKind,
    Known,
    Likely,
    LineKind,
    Link,
    Member,
    Origin,
    Story,
    StoryChoice,
)
from track import diff

_EARLIER = timedelta(minutes=2)  # between two times of publication that say who was first
_CONTAINED = 0.6  # share of an article that its origin has
_SHOWN = 12  # sentences cut or added that are named of an article
_NAMED, _DOMAIN, _EARLIEST, _SEEN_FIRST = 3.0, 2.0, 2.0, 0.5
_NAMES_ONE, _NAMES_ANOTHER = (
    -3.0,
    -1.5,
)  # of one that says it was copied: from one of the story, or from one that was not captured


# ---------------------------------------------------------------- which story


def place(article: Article, links: Sequence[Link], known: Known) -> StoryChoice | None:
    """The story that an article of these likenesses belongs to; None: it is as it was."""
    likely = {one.article_id: one for one in known.likely or ()}
    strong = [link for link in links if link.likeness.makes_story]
    if not strong:
        return StoryChoice(beside=None) if known.story is not None else None
    staying = [link for link in strong if known.story is not None and likely[link.article_id].story == known.story]
    best = min(staying or strong, key=lambda link: (not link.likeness.is_one_text, -link.likeness.containment, link.article_id))
    brought = (link for link in strong if link is not best and _is_from(likely[link.article_id], article, link))
    brings = tuple(link.article_id for link in brought)
    if brings and not _is_from(likely[best.article_id], article, best):
        brings = ()
    return StoryChoice(beside=best.article_id, brings=brings)


def _is_from(other: Likely, article: Article, link: Link) -> bool:
    """The other one was made of this one: it stands in it, and is later or says so."""
    if link.likeness.other_in_one < _CONTAINED:
        return False
    if other.article.origin_url and urls.identity(other.article.origin_url) == article.identity:
        return True
    first, second = _clock(article), _clock(other.article)
    return first is not None and second is not None and second - first >= _EARLIER


def _clock(article: Article) -> datetime | None:
    """When it was published, where the page gives a time and not a day alone."""
    moment = article.published
    return moment if moment and (moment.hour, moment.minute, moment.second) != (0, 0, 0) else None


# ---------------------------------------------------------------- who was first


def origin(members: Sequence[Member]) -> Origin:
    """Who had it first: whom the others name, and who published before them. `members` is not empty.

    What a page says of itself weighs more than when we met it: a site that is looked at seldom is met late.
    """
    scores = {one.article_id: 0.0 for one in members}
    evidence: dict[int, list[str]] = {one.article_id: [] for one in members}
    named: set[int] = set()
    for one in members:
        for other in members:
            if one is not other and (weight := _names(one, other)):
                scores[other.article_id] += weight
                named.add(other.article_id)
                evidence[other.article_id].append(f"{_outlet(one)} (article {one.article_id}) names it as its source")
        if _names_another(one):
            is_here = any(_names(one, other) for other in members if other is not one)
            scores[one.article_id] += _NAMES_ONE if is_here else _NAMES_ANOTHER
    earliest = _earliest(members)
    if earliest:
        scores[earliest.article_id] += _EARLIEST
        evidence[earliest.article_id].append("the earliest time of publication")
    seen = min(members, key=lambda one: (one.first_seen, one.article_id))
    scores[seen.article_id] += _SEEN_FIRST
    evidence[seen.article_id].append("seen first")
    far = datetime.max.replace(tzinfo=seen.first_seen.tzinfo)
    root = min(members, key=lambda one: (-scores[one.article_id], _time(one) or far, one.first_seen, one.article_id))
    return Origin(
        article_id=root.article_id,
        confidence=_confidence(root, named, earliest),
        evidence=tuple(evidence[root.article_id]),
        declared=_declared(root, members),
    )


def _names(one: Member, other: Member) -> float:
    """How strongly an article names another one as its source."""
    if one.origin and one.origin == other.identity:
        return _NAMED
    domain = one.credit.domain if one.credit else None
    if domain and other.site and other.site != one.site and f".{other.site}".endswith(f".{domain}"):
        return _DOMAIN
    return 0.0


def _names_another(one: Member) -> bool:
    """It says itself that it comes from elsewhere."""
    if one.origin:
        return True
    return bool(one.credit and one.credit.domain and not f".{one.site}".endswith(f".{one.credit.domain}"))


def _time(one: Member) -> datetime | None:
    moment = one.published
    if moment is None or not one.is_sure or (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        return None
    return moment


def _earliest(members: Sequence[Member]) -> Member | None:
    """The one that was published before all others, where that can be told."""
    timed = sorted(((moment, one) for one in members if (moment := _time(one))), key=lambda pair: pair[0])
    if len(timed) < 2 or timed[1][0] - timed[0][0] < _EARLIER:
        return None
    return timed[0][1]


def _confidence(root: Member, named: set[int], earliest: Member | None) -> Confidence:
    is_named, is_earliest = root.article_id in named, earliest is not None and earliest.article_id == root.article_id
    if _names_another(root) or (earliest and not is_earliest) or len(named - {root.article_id}) > 0:
        return Confidence.DOUBTFUL
    if is_named and is_earliest:
        return Confidence.SURE
    return Confidence.LIKELY if is_named or is_earliest else Confidence.DOUBTFUL


def _declared(root: Member, members: Sequence[Member]) -> str | None:
    """Whom the texts name that is none of them: the root's own word first, then what most others say."""
    for one in (root, *members):
        if _names_another(one) and not any(_names(one, other) for other in members if other is not one):
            return _named(one)
    return None


def _named(one: Member) -> str | None:
    name = one.credit.name if one.credit else None
    return " · ".join(part for part in (name, one.origin and one.origin) if part) or None


def _outlet(one: Member) -> str:
    return one.outlet or one.site or "a saved file"


def rerooted(before: int, found: Origin, now: datetime) -> Event:
    """That an earlier origin of a story came to light."""
    return Event(
        article_id=found.article_id,
        kind=EventKind.REROOTED,
        at=now,
        before=str(before),
        after=str(found.article_id),
        said="; ".join(found.evidence[:3]),
    )


# ---------------------------------------------------------------- what each made of it


def carrying(member: Member, article: Article, root: Member, first: Article, *, one_text: bool) -> Carrying:
    """An article beside the one that had it first; `member` may be the root itself."""
    said = Carrying(
        article_id=member.article_id,
        outlet=_outlet(member),
        title=member.title,
        url=member.url,
        published=member.published,
        first_seen=member.first_seen,
        named=_named(member),
        one_text=one_text,
    )
    if member.article_id == root.article_id:
        return said
    return _beside(said, member, root, diff.compare(first, article))


def _beside(said: Carrying, member: Member, root: Member, found: Diff) -> Carrying:
    first, second = _time(root), _time(member)
    by_sight = first is None or second is None
    delay = member.first_seen - root.first_seen if first is None or second is None else second - first
    texts = [line for line in found.lines if line.kind is not LineKind.MOVED_FROM]
    cut = [line for line in texts if line.kind is LineKind.REMOVED]
    added = [line for line in texts if line.kind is LineKind.ADDED]
    changed = sum(line.kind is LineKind.CHANGED for line in texts)
    shared = len(texts) - len(cut) - len(added)
    kept = (shared - changed / 2) / max(shared + len(cut), 1)
    return replace(
        said,
        delay=delay.total_seconds(),
        is_by_sight=by_sight,
        kept=max(kept, 0.0),
        own=len(added) / max(shared + len(added), 1),
        retitled=any(piece.op != "same" for piece in found.title),
        cut=len(cut),
        added=len(added),
        changed=changed,
        cut_said=_shown(cut),
        added_said=_shown(added),
    )


def spread(story_id: int, members: Sequence[Member], texts: Mapping[int, Article], links: Iterable[Link]) -> Story:
    """The story as it is told: who had it first, then the others by their delay. `links` are the first one's.

    Which of them is first is judged anew, from all that is known now.
    """
    found = origin(members)
    root = next(one for one in members if one.article_id == found.article_id)
    one_text = {link.article_id for link in links if link.likeness.is_one_text}
    carriers = [
        carrying(one, texts[one.article_id], root, texts[root.article_id], one_text=one.article_id in one_text) for one in members
    ]
    carriers.sort(key=lambda one: (one.delay is not None, one.delay or 0.0, one.article_id))
    return Story(story_id=story_id, origin=found, carriers=tuple(carriers))


def _shown(lines: Iterable[DiffLine]) -> tuple[str, ...]:
    said = [line.old or line.new or "" for line in lines]
    return tuple(said[:_SHOWN])
