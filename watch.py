"""What to ask for, and when: the rows of the frontier, judged by track. The crawler leases targets here and hands back what came.

    diemtin.toml ─▶ begin ─▶ frontier ─▶ lease ─▶ crawler ─▶ end ─▶ archive, and the targets' new standings, in one transaction
                                 ▲                            │
                                 └── read ◀── pipeline ◀──────┘ captures to read

It holds nothing that is not in a row: whoever opens the store next goes on where a kill has ended this one.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import urls
from model import (
    Archived,
    Article,
    CrawlSettings,
    Ended,
    Event,
    EventKind,
    Failure,
    Flag,
    Found,
    Level,
    Listed,
    Look,
    Outcome,
    Source,
    SourceKind,
    SourceReport,
    Standing,
    Target,
    Validators,
    Verdict,
)
from store import Store
from track import health, removal, retry, revisit
from track.removal import Sign

_LEASE = timedelta(minutes=20)  # longer than any host's few leased targets take; then they are handed out again
_PAGES = 10  # of a section in one look
_DEEPEST = 2  # a sitemap index, an index below it, a sitemap
_STEERED = timedelta(hours=1)  # between two settings of what a look costs on a host
_LONGEST_PAUSE = timedelta(days=1, minutes=5)  # no host is left alone for longer than a day
_REST = timedelta(days=400)  # an article that is due later than this is not looked at again
_WAITED = timedelta(days=7)  # for a host that is left alone; from then on each further wait counts as a failure
_SELDOM = timedelta(days=1)  # at least, between two looks at an article that cannot be had any more
_WAIT = 3_600.0  # seconds that a list may ask to be left alone; a feed that says a day would be missed for a day
_QUIET = 6  # hours that it may be put off because it says that it is silent then
_WEIGHTS = {Level.CORE: 4.0, Level.RELATED: 2.0}  # of articles about a watched topic
_BELOW = timedelta(days=30)  # for which a sitemap of an index is remembered that the index names no more
_JUDGED = timedelta(minutes=1)  # between two questions whether a source drifts

_State = TypeVar("_State", revisit.ListState, revisit.ArticleState, revisit.SiteState, revisit.HostState, revisit.Week)


class Watch:
    """The frontier of one data folder, for the one process that crawls."""

    def __init__(
        self,
        books: Store,
        sources: Sequence[Source],
        settings: CrawlSettings,
        now: Callable[[], datetime],
        only: Mapping[str, str] | None = None,
    ) -> None:
        """`only`: addresses of articles that are asked for, once, and nothing else; each with the name of its source."""
        self._books, self._frontier, self._settings, self._now = books, books.frontier, settings, now
        self._sources = {source.name: source for source in sources}
        self._reports = {source.name: SourceReport(name=source.name) for source in sources}
        self._only = {urls.identity(url): (url, source) for url, source in (only or {}).items()}
        self._taken = False  # these were handed out
        self._steered: datetime | None = None
        self._judged: datetime | None = None
        self._news: list[str] = []

    def begin(self, known: Sequence[Source], *, look_now: bool) -> None:
        """Take up what an earlier process left out, and the lists that the settings name (`known`: all of them).

        `look_now`: the lists of this watch's sources are due at once.
        """
        now = self._now()
        with self._books.transaction():
            self._frontier.release_all()
            # What was put off for longer than anything is was put off by a clock that was wrong.
            look = max(timedelta(minutes=self._settings.every_minutes), _LONGEST_PAUSE) + _LONGEST_PAUSE
            self._frontier.recall(now, now + look, now + _LONGEST_PAUSE)
            lists = [target for source in known for target in _lists(source, now, self._settings.backlog)]
            # in the order of the settings, which is that of their due times
            wanted = {one.key: replace(one, due=now + timedelta(microseconds=place)) for place, one in enumerate(lists)}
            there = {target.key: target for target in self._frontier.lists()}
            for target in there.values():
                is_old = target.parent is not None and target.due is None and now - (target.looked or now) > _BELOW
                if (target.parent or target.key) not in wanted or is_old:
                    self._frontier.drop(target.key)
                elif target.parent is None and target.weight != wanted[target.key].weight:
                    self._frontier.amend(replace(target, weight=wanted[target.key].weight))
            self._frontier.add(wanted.values())
            for target in wanted.values():
                self._frontier.meet(target.host)
            if look_now:
                known_lists = [target for key, target in there.items() if key in wanted and target.source in self._sources]
                for target in known_lists:
                    self._frontier.amend(replace(target, due=min(target.due or now, now)))
            self._adopt(known)
            for key, (url, source) in self._only.items():
                self._want(key, url, source, now)
            for url in () if self._only else self._books.stories.missing_origins():
                want_origin(self._books, url, now)

    def _adopt(self, known: Sequence[Source]) -> None:
        """Articles of a source that has another name now, or that were read by hand, are those of the source of their site."""
        for name, host in self._frontier.orphans(source.name for source in known):
            parent = next((one.name for one in known if one.pages and urls.same_site(one.home, f"https://{host}/")), None)
            if parent:
                self._frontier.adopt(name, host, parent)

    def _want(self, key: str, url: str, source: str, now: datetime) -> None:
        """A person asks for one page: it is due now, whatever it was before."""
        known = self._frontier.get(key)
        if known is None:
            self._frontier.count_found(source, 1)
            known = Target(key=key, url=url, host=urls.host(url), source=source, found=now)
        self._frontier.save(replace(known, url=url, due=now, validators=None))
        self._frontier.meet(known.host)

    def lease(self, room: Mapping[str, int], most: int) -> list[Target]:
        """What is due now, by host: `most` of each, or as many as `room` says for it."""
        now = self._now()
        with self._books.transaction():
            self._steer(now)
            if not self._only:
                return self._frontier.lease(dict(room), most, self._sources, now, now + _LEASE)
            wanted = () if self._taken else self._only
            self._taken = True
            return self._frontier.take(wanted, now, now + _LEASE)

    def release(self, targets: Sequence[Target]) -> None:
        """Take back targets that were not asked for."""
        with self._books.transaction():
            self._frontier.release(target.key for target in targets)

    def next_due(self) -> tuple[datetime, str] | None:
        """When something is due next, and of which source."""
        if self._only:
            return self._now(), next(iter(self._sources))
        return self._frontier.next_due(self._sources)

    def news(self) -> list[str]:
        """What went wrong with lists since the last call, and what is over: a line each, told once."""
        news, self._news = self._news, []
        now = self._now()
        if self._judged is None or abs(now - self._judged) >= _JUDGED:
            self._judged = now
            with self._books.transaction():
                news += [_drift_line(name, verdict) for name, verdict in self._frontier.untold()]
        return news

    def reports(self) -> tuple[SourceReport, ...]:
        """What was done so far, by source."""
        return tuple(self._reports.values())

    def end(self, batch: Sequence[Ended]) -> None:
        """Keep what came: bodies on disk first, then all that they mean in one transaction."""
        with self._books.transaction():
            captures = self._books.archive([ended.capture for ended in batch if ended.capture])
            archived = iter(captures)
            for ended in batch:
                kept = next(archived) if ended.capture else None
                if ended.target.kind:
                    self._list_ended(ended)
                else:
                    self._article_ended(ended, kept)
                if ended.pause:
                    self._paused(ended, ended.pause)
            ended_as = Counter((e.target.source, e.outcome) for e in batch if e.target.kind is None and e.capture is None)
            for (source, outcome), count in ended_as.items():
                self._frontier.count(source, outcome, self._now(), count)
            for host, asked in Counter(ended.target.host for ended in batch).items():
                self._frontier.count_asked(host, asked)

    def _paused(self, ended: Ended, pause: float) -> None:
        """The target's host is left alone: what has waited for it for long has failed once more, or it would wait for ever."""
        host = ended.target.host
        self._frontier.pause(host, ended.at + timedelta(seconds=pause), ended.reason)
        for target in self._frontier.unread(host, ended.at, ended.at - _WAITED):
            self._frontier.save(failed(self._books, replace(target, reason=ended.reason), replace(ended, wait=pause)))

    # ------------------------------------------------------------ articles

    def _article_ended(self, ended: Ended, kept: Archived | None) -> None:
        target = replace(ended.target, looked=ended.at, reason=None)
        if ended.outcome is Outcome.CAPTURED and kept and not kept.is_same:
            tries = target.tries if target.standing is Standing.NOT_ARTICLE else 0
            fetched = replace(target, standing=Standing.FETCHED, due=None, tries=tries, same=0, validators=ended.validators)
            self._frontier.save(fetched)
        elif ended.outcome in (Outcome.CAPTURED, Outcome.UNCHANGED):
            same = target.same + 1 if ended.outcome is Outcome.UNCHANGED else 0
            known = target.validators if ended.outcome is Outcome.UNCHANGED else ended.validators
            # what stood in an article's place, and still does, is no article
            is_known = target.memory is not None and target.standing is not Standing.NOT_ARTICLE
            is_read = kept is not None or is_known or target.standing is Standing.ALIAS
            target = replace(target, same=same, validators=known)
            if is_read:
                _is_there(self._books, target, ended.at)
                self._frontier.save(looked_at(self._books, target, ended.at, changed=False))
            else:
                self._frontier.save(_not_article(self._books, target, ended.target.reason, Sign.UNSURE))
        else:
            self._frontier.save(failed(self._books, replace(ended.target, reason=ended.reason), ended))
        is_same = kept is not None and kept.is_same
        if is_same:
            self._frontier.count(target.source, Outcome.UNCHANGED, ended.at)
        self._count(target, outcomes=Outcome.UNCHANGED if is_same else ended.outcome)

    # ------------------------------------------------------------ lists

    def _list_ended(self, ended: Ended) -> None:
        target = ended.target
        root = target if target.parent is None else self._frontier.get(target.parent)
        if root is None:  # its source was taken out of the settings meanwhile
            self._frontier.drop(target.key)
        elif ended.outcome in (Outcome.CAPTURED, Outcome.UNCHANGED):
            self._list_read(ended, ended.listed or Listed(), root)
        else:
            self._list_failed(ended, root)

    def _list_failed(self, ended: Ended, root: Target) -> None:
        target = replace(ended.target, tries=ended.target.tries + 1, validators=None, reason=ended.reason)
        said = ended.reason or str(ended.outcome)
        wait = retry.next_try(ended.outcome, target.tries, target.key)
        if target.parent is None:
            self._look(ended, root, links=0, fresh=0, status="blocked" if ended.outcome in _BLOCKED else "failed", reason=said)
            wait = retry.next_try_list(ended.outcome, target.tries, target.key)
        if (asked := ended.wait or ended.pause) is not None:
            wait = timedelta(seconds=asked)
        if wait is None:
            self._frontier.drop(target.key)
        else:
            self._frontier.save(replace(target, standing=Standing.RETRY, due=ended.at + wait))
        self._count(target, problem=said if target.parent is None else f"{target.url}: {said}")

    def _list_read(self, ended: Ended, listed: Listed, root: Target) -> None:
        target, at = ended.target, ended.at
        is_root = target.parent is None
        left = (
            root.room if is_root or root.room is not None else target.room
        )  # what its first look has led to takes no more later
        is_first = root.looked is None if is_root else target.room is not None
        fresh, taken = self._discover(root, listed.articles, left if is_first else None, at)
        room = (left or 0) - taken if is_first else None
        self._further(ended, listed, root, fresh if room is None or room > 0 else 0, room)
        if ended.outcome is Outcome.UNCHANGED and target.kind is SourceKind.SITEMAP:
            self._same_index(target, root, at)
        if is_root:
            self._root_read(ended, listed, 0 if is_first else fresh, room)
        else:
            self._below_read(ended, listed, root, 0 if is_first else fresh, room)
        links = None if ended.outcome is Outcome.UNCHANGED else len(listed.articles) + len(listed.sitemaps)
        if links != 0:
            _save_life(self._books, target.host, removal.lived(_life(self._books, target.host), at))
        self._look(ended, root, links=links, fresh=fresh, status="empty" if links == 0 else "ok", reason=listed.problem)
        problem = listed.problem if is_root else None
        self._count(target, looks=1, listed=len(listed.articles), fresh=fresh, problem=problem)

    def _discover(self, root: Target, found: Sequence[Found], room: int | None, at: datetime) -> tuple[int, int]:
        """Put addresses never met into the frontier; the first `room` are due. (how many there are, how many of them are due)."""
        named = {urls.identity(one.url): one for one in reversed(found)}
        named = dict(reversed(named.items()))  # the first of several that name one article, in the list's order
        known = self._frontier.get_all(named)
        fresh = [(key, one) for key, one in named.items() if key not in known]
        taken = len(fresh) if room is None else min(room, len(fresh))
        self._frontier.add(
            _article(key, one, root, at + timedelta(microseconds=place), is_taken=place < taken)
            for place, (key, one) in enumerate(fresh)
        )
        for host in {urls.host(one.url) for _, one in fresh}:
            self._frontier.meet(host)
        if fresh:
            self._frontier.count_found(root.source, len(fresh))
        for key, target in known.items():
            self._hear(target, named[key], root, at)
        return len(fresh), taken

    def _hear(self, target: Target, told: Found, root: Target, at: datetime) -> None:
        """A list names an article that is known: its date of change is evidence, and the list's weight the article's."""
        after = replace(target, weight=root.weight) if root.weight > target.weight else target
        if told.changed and target.memory and target.due:
            before = _load(revisit.ArticleState, target.memory)
            _, site = self._frontier.site(urls.site(target.url))
            state = revisit.heard(before, _load(revisit.SiteState, site), told.changed, at)
            due = _next_look(self._books, after, state, at) if state.told != before.told else None
            after = replace(after, memory=_dump(state), due=min(target.due, due or target.due))
        is_missed = target.memory and target.standing in (Standing.GONE, Standing.NOT_ARTICLE)
        if is_missed and urls.canonical_key(told.url) != urls.canonical_key(target.url):  # it may have moved there
            soon = at + timedelta(hours=removal.SOON)
            after = replace(after, url=told.url, host=urls.host(told.url), due=min(after.due or soon, soon))
            self._frontier.meet(after.host)
        if after != target:
            self._frontier.amend(after)

    def _further(self, ended: Ended, listed: Listed, root: Target, fresh: int, room: int | None) -> None:
        """The sitemaps below an index, and a section's next page while it lists what is new: targets of their own, once."""
        target = ended.target
        below = [_below(root, url, ended.at, room, depth=target.depth + 1) for url in listed.sitemaps if target.depth < _DEEPEST]
        if listed.next_page and fresh and target.page < _PAGES:
            below.append(_below(root, listed.next_page, ended.at, room, page=target.page + 1))
        for known in self._frontier.get_all([one.key for one in below]).values():
            if known.parent == root.key:  # it was read at an earlier look, and may hold more by now
                self._frontier.amend(replace(known, due=ended.at))
        self._frontier.add(below)
        for one in below:
            self._frontier.meet(one.host)

    def _same_index(self, target: Target, root: Target, at: datetime) -> None:
        """An index that is as it was still names the sitemaps that it named last, and they may hold more by now."""
        for known in self._frontier.below(root.key):
            is_named = known.depth == target.depth + 1 and known.looked and target.looked and known.looked >= target.looked
            if is_named and known.due is None:
                self._frontier.amend(replace(known, due=at))

    def _root_read(self, ended: Ended, listed: Listed, fresh: int, room: int | None) -> None:
        """What a look teaches of a list and of its site's week, and when the next one is due."""
        target, at = ended.target, ended.at
        site = urls.site(target.url)
        raw, _ = self._frontier.site(site)
        week = _load(revisit.Week, raw)
        length = len(listed.articles) if ended.outcome is Outcome.CAPTURED else None
        state = revisit.seen_list(replace(_load(revisit.ListState, target.memory), week=week), at, fresh, length)
        if state.week != week:
            self._frontier.save_site(site, week=_dump(state.week))
        due = revisit.next_look_list(state, self._theta(target.host), target.weight, at)
        due = min(due, at + timedelta(minutes=self._settings.every_minutes))
        is_same = ended.outcome is Outcome.UNCHANGED
        self._frontier.save(
            replace(
                target,
                standing=Standing.STORED,
                reason=None,
                due=put_off(max(due, at + timedelta(seconds=min(listed.wait or 0.0, _WAIT))), listed),
                # what gave nothing was no first look
                looked=at if is_same or listed.articles or listed.sitemaps else target.looked,
                tries=0,
                same=target.same + 1 if is_same else 0,
                validators=_validators(ended, listed),
                memory=_dump(state),
                room=room,
            )
        )

    def _below_read(self, ended: Ended, listed: Listed, root: Target, fresh: int, room: int | None) -> None:
        """What a further page or a sitemap of an index brought is the root's. It is asked for again when the root names it."""
        self._frontier.save(
            replace(
                ended.target,
                standing=Standing.STORED,
                due=None,
                looked=ended.at,
                tries=0,
                validators=_validators(ended, listed),
                reason=None,
                room=None,
            )
        )
        state = _load(revisit.ListState, root.memory)
        room = root.room if root.room is None else room
        self._frontier.amend(replace(root, memory=_dump(replace(state, new=state.new + fresh)), room=room))

    # ------------------------------------------------------------ hosts and accounts

    def _theta(self, host: str) -> float:
        return _load(revisit.HostState, self._frontier.host(host)).theta

    def _steer(self, now: datetime) -> None:
        """About once an hour: what a look costs on each host, so that what is asked of it fits what is allowed."""
        if self._steered and abs(now - self._steered) < _STEERED / 6:  # abs: a clock may be set back
            return
        self._steered = now
        for host, memory, asked in self._frontier.hosts():
            state = _load(revisit.HostState, memory)
            if state.since is None or now - state.since >= _STEERED:
                after = revisit.seen_host(state, now, asked, self._settings.requests_per_hour)
                self._frontier.save_host(host, _dump(after))

    def _look(self, ended: Ended, root: Target, *, links: int | None, fresh: int, status: str, reason: str | None) -> None:
        """Keep a look; what lies below a list (sitemaps of an index, further pages) is a page of its own to the judge.

        `links` is None where the server said that the list is as it was.
        """
        is_root = ended.target.parent is None
        page = root.url if is_root else f"{root.url} (below)"
        habit = _habit(self._books, root.source)
        before = self._frontier.looks(root.source).get(root.url)
        if links is None and is_root and before and before.status == "empty":
            links, status, reason = 0, before.status, before.reason
        elif links is None:
            links = next((one.links for one in habit.pages if one.page == page), 0)
        look = Look(source=root.source, page=page, at=ended.at, status=status, links=links, fresh=fresh, reason=reason)
        _judge(self._books, root.source, health.after_look(habit, _seen(look)))
        if not is_root:
            return
        self._frontier.look(look)
        was_good, is_good = before is None or before.status == "ok", status == "ok"
        if was_good and not is_good:
            self._news.append(f"{root.source}: {root.url}: {reason}")
        elif is_good and not was_good:
            self._news.append(f"{root.source}: {root.url}: answers again")

    def _count(
        self,
        target: Target,
        *,
        looks: int = 0,
        listed: int = 0,
        fresh: int = 0,
        outcomes: Outcome | None = None,
        problem: str | None = None,
    ) -> None:
        before = self._reports.get(target.source) or SourceReport(name=target.source)
        self._reports[target.source] = replace(
            before,
            looks=before.looks + looks,
            listed=before.listed + listed,
            fresh=before.fresh + fresh,
            outcomes=before.outcomes.plus(outcomes) if outcomes else before.outcomes,
            problem=before.problem or problem,
        )


_BLOCKED = (Outcome.BLOCKED, Outcome.ROBOTS)


# ---------------------------------------------------------------- targets, made and judged


def list_key(source: str, url: str) -> str:
    """The key of a list: two sources may look at one page with different eyes."""
    return f"list {source} {url}"


def _lists(source: Source, now: datetime, backlog: int) -> list[Target]:
    return [
        Target(
            key=list_key(source.name, page.url),
            url=page.url,
            host=urls.host(page.url),
            source=source.name,
            kind=page.kind,
            found=now,
            due=now,
            weight=source.weight,
            room=backlog,
        )
        for page in source.pages
    ]


def _validators(ended: Ended, listed: Listed) -> Validators | None:
    """What a list is asked by at its next look. One that gave nothing is asked for whole: a 304 would pass for a good answer."""
    if ended.outcome is Outcome.UNCHANGED:
        return ended.target.validators
    return ended.validators if listed.articles or listed.sitemaps else None


def _below(root: Target, url: str, at: datetime, room: int | None, *, depth: int = 0, page: int = 1) -> Target:
    return Target(
        key=list_key(root.source, url),
        url=url,
        host=urls.host(url),
        source=root.source,
        kind=SourceKind.SITEMAP if depth else SourceKind.SECTION,
        found=at,
        due=at,
        weight=root.weight,
        parent=root.key,
        depth=depth,
        page=page,
        room=room,
    )


def _article(key: str, found: Found, root: Target, at: datetime, *, is_taken: bool) -> Target:
    return Target(
        key=key,
        url=found.url,
        host=urls.host(found.url),
        source=root.source,
        standing=Standing.WAITING if is_taken else Standing.BACKLOG,
        found=at,
        published=found.published,
        due=at if is_taken else None,
        weight=root.weight,
    )


def failed(books: Store, target: Target, ended: Ended) -> Target:
    """An article's target after a request that gave no page, or that could not be made because its host is left alone."""
    waits = timedelta(seconds=ended.wait or 0.0)
    target = replace(target, validators=None, same=0)
    if ended.wait is not None and ended.at - (target.looked or target.found) < _WAITED:
        standing = Standing.RETRY if target.memory is None else target.standing
        return replace(target, standing=standing, due=ended.at + waits)
    was_asked = ended.wait is None or target.memory is not None
    target = replace(target, tries=target.tries + 1, looked=ended.at if was_asked else target.looked)
    if checked := _missed(books, target, _sign(ended), ended.reason or str(ended.outcome)):
        standing = Standing.RETRY if checked.due else Standing.GAVE_UP
        return replace(checked, standing=standing if ended.outcome is Outcome.FAILED else Standing(ended.outcome))
    wait = retry.next_try(ended.outcome, target.tries, target.key)
    due = ended.at + max(wait, waits) if wait else None if ended.outcome is Outcome.GONE else _seldom(books, target, ended.at)
    if ended.outcome is Outcome.FAILED:
        return replace(target, standing=Standing.RETRY if due else Standing.GAVE_UP, due=due)
    return replace(target, standing=Standing(ended.outcome), due=due)


def _not_article(books: Store, target: Target, reason: str | None, sign: Sign) -> Target:
    tries, at = target.tries + 1, target.looked or target.found
    target = replace(target, standing=Standing.NOT_ARTICLE, reason=reason, tries=tries)
    if target.memory is not None:
        target = replace(target, validators=None)  # by which the server would say that what stands in its place is as it was
    if checked := _missed(books, target, sign, reason or "holds no article"):
        return checked
    wait = retry.next_try("not_article", tries, target.key)
    due = at + wait if wait else _seldom(books, target, at)
    return replace(target, due=due)


def _seldom(books: Store, target: Target, at: datetime) -> datetime | None:
    """When to look again at what was read once and gives nothing any more: after this look, or it would be due at once."""
    if target.memory is None:
        return None
    state = revisit.seen_article(_load(revisit.ArticleState, target.memory), at, changed=False)
    due = _next_look(books, target, state, at)
    return max(due, at + _SELDOM) if due else None


def put_off(due: datetime, listed: Listed) -> datetime:
    """The first moment from `due` on at which a feed does not say that it is silent; a few hours later at most."""
    for hour in range(_QUIET + 1):
        moment = due.replace(minute=0, second=0, microsecond=0) + timedelta(hours=hour) if hour else due
        there = moment.astimezone(UTC)
        if there.hour not in listed.quiet_hours and there.weekday() not in listed.quiet_days:
            return moment
    return due


# ---------------------------------------------------------------- whether an article can still be had

_STAND_INS = frozenset({"error", "list", "tag", "search", "no_article", "empty", "emptied"})  # kinds of failures to read a page


def _sign(ended: Ended) -> Sign:
    """What an answer without a page says of an article that was there before."""
    if ended.outcome is not Outcome.GONE:
        return Sign.UNSURE
    return Sign.MISSING if ended.status in (404, 410) else Sign.REPLACED


def _missed(books: Store, target: Target, sign: Sign, said: str) -> Target | None:
    """The target of a stored article that a look did not find, with its next check; None: nothing speaks for a removal."""
    article_id = books.article_of(target.key) if target.memory else None
    if article_id is None or target.looked is None:
        return None
    at, life, before = target.looked, _life(books, target.host), removal.state_of(books.removal(article_id))
    if sign is not Sign.UNSURE and (other := _other_address(books, article_id, target, at)):
        return replace(target, due=None, reason=f"{said}; the article is looked at as {other.url}")
    if sign is not Sign.UNSURE and before is None:
        life = removal.looked(life, at, lost=True)
        _save_life(books, target.host, life)
    known = _load(revisit.ArticleState, target.memory).last
    state = removal.seen(before, at, sign, said, life=life, known=known)
    if state is None:
        return None
    books.save_removal(article_id, removal.packed(state))
    if state.gone and before and not before.gone:
        books.note(_gone(article_id, state, known, at))
    reason = f"{said}; {state.doubt}" if state.doubt else said
    return replace(target, due=removal.next_check(state, at, life), reason=reason)


def _gone(article_id: int, state: removal.State, known: datetime, at: datetime) -> Event:
    return Event(
        article_id=article_id,
        kind=EventKind.GONE,
        at=at,
        before=known.isoformat(),
        after=state.since.isoformat(),
        said=removal.told(state),
    )


def _other_address(books: Store, article_id: int, target: Target, at: datetime) -> Target | None:
    """Another target at which the article is looked at. Where there is none, the newest of its aliases is asked for now:
    one that answers is from then on."""
    keys = [key for key in books.addresses(article_id) if key != target.key and books.article_of(key) == article_id]
    others = sorted(books.frontier.get_all(keys).values(), key=lambda one: one.looked or one.found, reverse=True)
    chosen = next((one for one in others if one.standing in _LOOKED_AT), None)
    alias = next((one for one in others if one.standing is Standing.ALIAS), None)
    asked = chosen or alias
    if asked and asked.due is None and asked.standing is not Standing.FETCHED:
        books.frontier.amend(replace(asked, due=at))
    return chosen


def _is_there(books: Store, target: Target, at: datetime) -> None:
    """An article was found by a look: what spoke for its removal is forgotten, and where it was told, so is its return."""
    life = _life(books, target.host)
    _save_life(books, target.host, removal.looked(life, at, lost=False) if target.memory else removal.lived(life, at))
    article_id = books.article_of(target.key)
    state = removal.state_of(books.removal(article_id)) if article_id else None
    if article_id is None or state is None:
        return
    books.save_removal(article_id, None)
    if state.gone:
        books.note(Event(article_id=article_id, kind=EventKind.RETURNED, at=at, said=f"is there again; {removal.told(state)}"))


def _life(books: Store, host: str) -> removal.Life:
    return removal.life_of(books.frontier.life(host))


def _save_life(books: Store, host: str, life: removal.Life) -> None:
    books.frontier.save_life(host, removal.packed(life))


# ---------------------------------------------------------------- whether a source is as it used to be


def _habit(books: Store, source: str) -> health.Habit:
    raw = books.frontier.habit(source)
    return health.unpacked(raw) if raw else health.Habit()


def _judge(books: Store, source: str, habit: health.Habit) -> None:
    found = health.judge(habit)
    verdict = Verdict(cause=found.cause, reason=found.reason, since=found.since, drifting=found.drifting)
    books.frontier.judged(source, health.packed(habit), verdict)


def _seen(look: Look) -> health.Look:
    return health.Look(at=look.at, page=look.page, status=health.Status(look.status), links=look.links, fresh=look.fresh)


def _drift_line(source: str, verdict: Verdict) -> str:
    said = f"drifts ({verdict.cause})" if verdict.drifting else "is as it used to be again"
    return f"{source}: {said}: {verdict.reason}"


# ---------------------------------------------------------------- what articles name as their source


def want_origin(books: Store, url: str, now: datetime) -> None:
    """Ask for the page that an article was copied from, if a source watches its site and nobody has met it yet."""
    if not urls.is_article(url) or len(url) > urls.LONGEST:
        return
    key, host = urls.identity(url), urls.host(url)
    source = books.frontier.watching(url)
    if source is None or books.frontier.get(key) is not None:
        return
    books.frontier.add([Target(key=key, url=url, host=host, source=source, found=now, due=now)])
    books.frontier.meet(host)
    books.frontier.count_found(source, 1)


# ---------------------------------------------------------------- what reading a page means for its target


def read(books: Store, archived: Archived, state: str, answer: Article | Failure, flags: Sequence[Flag]) -> None:
    """A capture was read: its target is an article of the store with a next look, or none. Within the same transaction."""
    target = books.frontier.get(archived.target) if archived.target else None
    if target is None or target.standing is not Standing.FETCHED or target.looked is None:
        return
    if state == "reread":  # an older capture than the one for which it was fetched
        return
    books.frontier.count(target.source, state, target.looked)
    if target.memory is None:
        _judge(books, target.source, health.after_read(_habit(books, target.source), _read(target.looked, answer)))
    if isinstance(answer, Failure):
        sign = Sign.REPLACED if answer.kind in _STAND_INS else Sign.UNSURE
        books.frontier.save(_not_article(books, target, answer.message, sign))
        return
    _is_there(books, target, target.looked)
    own = _own(books, target, state, answer.identity) if answer.identity != target.key else None
    if own:
        reason = f"is {own.url}"
        books.frontier.save(replace(target, standing=Standing.ALIAS, reason=reason, due=None, memory=None))
        return
    if answer.origin_url:
        want_origin(books, answer.origin_url, target.looked)
    weight = target.weight if target.memory else target.weight * max((_WEIGHTS.get(f.level, 1.0) for f in flags), default=1.0)
    published = answer.published or target.published
    after = looked_at(
        books, replace(target, weight=weight), target.looked, changed=state in ("edited", "restored"), published=published
    )
    books.frontier.save(replace(after, standing=Standing.COPY) if state == "copy" else after)


def _own(books: Store, target: Target, state: str, identity: str) -> Target | None:
    """The target at which an article is looked at that another one has just shown: its own address, or where that is in no
    list, the address that gave it the same text. A site may add to its links what is another at each look."""
    others = books.shown_at(identity) if state == "unchanged" else []
    found = (books.frontier.get(key) for key in (identity, *others) if key != target.key)
    return next((one for one in found if one and one.standing in _LOOKED_AT), None)


_LOOKED_AT = (Standing.STORED, Standing.COPY, Standing.FETCHED)


def _read(at: datetime, answer: Article | Failure) -> health.Read:
    if isinstance(answer, Failure):
        return health.Read(at=at, failed=True)
    return health.Read(at=at, words=len(answer.text.split()), dated=answer.published is not None)


def looked_at(books: Store, target: Target, at: datetime, *, changed: bool, published: datetime | None = None) -> Target:
    """The target of an article after a look, with the next one; its site is taught."""
    name = urls.site(target.url)
    _, raw = books.frontier.site(name)
    site = _load(revisit.SiteState, raw)
    if target.memory is None:
        state = revisit.found_article(site, at, published and published.astimezone(UTC))
    else:
        before = _load(revisit.ArticleState, target.memory)
        state = revisit.seen_article(before, at, changed)
        books.frontier.save_site(name, articles=_dump(revisit.seen_site(site, before, at, changed)))
    standing = target.standing if target.standing is Standing.COPY else Standing.STORED
    due = _next_look(books, target, state, at)
    return replace(target, standing=standing, reason=None, tries=0, due=due, memory=_dump(state))


def _next_look(books: Store, target: Target, state: revisit.ArticleState, at: datetime) -> datetime | None:
    theta = _load(revisit.HostState, books.frontier.host(target.host)).theta
    due = revisit.next_look_article(state, theta, target.weight, at)
    return due if due - at < _REST else None


# ---------------------------------------------------------------- the policy's values in rows


def _dump(state: _State) -> str:
    """A value of track.revisit as JSON; a list's week is its site's, and not kept with it."""
    values = {f.name: getattr(state, f.name) for f in fields(state) if not isinstance(getattr(state, f.name), revisit.Week)}
    return json.dumps(values, default=datetime.isoformat, separators=(",", ":"))


def _load(kind: type[_State], raw: str | None) -> _State:
    values: dict[str, Any] = json.loads(raw) if raw else {}
    for name, value in values.items():
        if isinstance(value, str):
            values[name] = datetime.fromisoformat(value)
        elif isinstance(value, list):
            values[name] = tuple(value)
    return kind(**values)
