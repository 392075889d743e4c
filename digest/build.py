"""From news to a Digest, pure: who is told, in which group, in which order, and which copies are told with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import urls
from model import Copy, Digest, Group, Level, News, Notice

__all__ = ["COPIES", "GROUPS", "MINOR", "best_level", "build", "is_minor", "outlet_of", "told_at"]

COPIES = "copies"  # copies of an article that is not in this digest: it was told before
REST = "rest"
MINOR = "minor"  # articles of which only something small was edited
GROUPS = (*Level, REST, COPIES, MINOR)  # in the order of telling


def build(
    news: Iterable[News],
    *,
    now: datetime,
    timezone: str,
    since: datetime | None = None,
    until: datetime | None = None,
    notices: Iterable[Notice] = (),
) -> Digest:
    """The digest of `news`: groups in the order of `GROUPS`, empty ones left out, newest first in each.

    An article that copies another one of `news` is told there, as one of its `copies`. One that copies an article outside of
    `news` is an item of the group "copies". Edits that matter little are in the group "minor". `versions` names every version
    given, whether told by itself or not.
    """
    given = tuple(news)
    newest = _current(given)
    minor = [one for one in newest.values() if is_minor(one)]
    current = {article_id: one for article_id, one in newest.items() if not is_minor(one)}
    told: dict[int, list[News]] = {}
    for article_id, one in current.items():
        told.setdefault(_root(article_id, current), []).append(one)
    items = [_with_copies(_head(current[root], family), family) for root, family in told.items()]
    return Digest(
        made=now,
        timezone=timezone,
        groups=_grouped(items, current, minor),
        since=since,
        until=until,
        versions=tuple(sorted({one.version_id for one in given})),
        notices=tuple(notices),
    )


def is_minor(news: News) -> bool:
    """It was told before, and nothing that matters was edited since."""
    return news.edited and bool(news.edits) and not any(edit.material for edit in news.edits)


def best_level(news: News) -> Level | None:
    """The strongest level of its flags; None without a flag."""
    found = {flag.level for flag in news.flags}
    return next((level for level in Level if level in found), None)


def told_at(news: News) -> datetime:
    """The time that an article is sorted by: when it was published, or first seen where it bears no date."""
    return news.published or news.first_seen


def outlet_of(news: News) -> str | None:
    """The paper's name, or else the host; None for a saved file that names neither."""
    return news.outlet or news.site or urls.site(news.url or "") or None


def _current(given: tuple[News, ...]) -> dict[int, News]:
    """The newest version of each article: an article edited twice since the last digest is told once."""
    return {one.article_id: one for one in sorted(given, key=lambda one: (one.changed, one.version_id))}


def _root(article_id: int, current: dict[int, News]) -> int:
    """The article that this one is told under: itself, or the end of its chain of originals as far as it is in `current`.

    One that was told before, and edited since, is told by itself: what was edited is the news.
    """
    chain = [article_id]
    while not current[chain[-1]].edited and (above := current[chain[-1]].copy_of) is not None and above in current:
        if above in chain:  # copies of each other: all of them must come out at the same one, or none would be told
            return min(chain[chain.index(above) :])
        chain.append(above)
    return chain[-1]


def _head(root: News, family: list[News]) -> News:
    """Of articles with one text the one that had it first: the root was only seen first."""
    first = next((one for one in family if one.kin and one.kin.first is None), root)
    return root if root.edited or first.edited else first


def _with_copies(root: News, family: list[News]) -> News:
    """The article with every other place of its text that anyone in the family knows of, first seen first."""
    others = [one for one in family if one.article_id != root.article_id]
    known = [*root.copies, *map(_as_copy, others), *(copy for one in others for copy in one.copies)]
    once = {copy.article_id: copy for copy in reversed(known) if copy.article_id != root.article_id}
    return replace(root, copies=tuple(sorted(once.values(), key=lambda copy: (copy.first_seen, copy.article_id))))


def _as_copy(news: News) -> Copy:
    return Copy(
        article_id=news.article_id,
        title=news.title,
        outlet=outlet_of(news) or "saved file",
        url=news.url,
        first_seen=news.first_seen,
    )


def _group_of(news: News, current: dict[int, News]) -> str:
    if news.copy_of is not None and news.copy_of not in current and not news.edited:
        return COPIES
    return best_level(news) or REST


def _grouped(items: list[News], current: dict[int, News], minor: list[News]) -> tuple[Group, ...]:
    grouped: dict[str, list[News]] = {str(name): [] for name in GROUPS}
    for one in sorted([*items, *minor], key=lambda one: (told_at(one), one.article_id), reverse=True):
        grouped[MINOR if is_minor(one) else _group_of(one, current)].append(one)
    return tuple(Group(name=name, items=tuple(found)) for name, found in grouped.items() if found)
