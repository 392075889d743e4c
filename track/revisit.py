"""When to look again at a list page or an article. Pure: what was seen so far is a value, and so is the answer.

One look costs `theta`, in hours of waiting, on every page of a host. A list page is due when the waiting of the articles that
it must have gained by now, added up, reaches theta; an article when the waiting of its edits does, and the price of versions
that were overwritten before anybody saw them. A weight divides theta: what weighs four is looked at about twice as often.

State is what a row holds: numbers, datetimes, and tuples of numbers. Times are aware and in UTC; spans are hours.
docs/facts.md has the formulas and where they come from.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from math import erf, exp, expm1, log, sqrt

# ---------------------------------------------------------------- list pages

SOONEST = 5 / 60  # hours between two looks at anything
LATEST = 12.0  # hours between two looks at a list page
_HALF_LIFE = 240.0  # hours: what a page published ten days ago says half as much about its rate as today's
_PRIOR_NEW, _PRIOR_HOURS = 0.5, 2.4  # a page never looked at gives five articles a day, and is soon believed otherwise
_SMOOTH = 1.0  # article that each hour of the week counts beforehand, as if all were alike
_MEMORY = 600.0  # articles that a week remembers: beyond, all counts are halved, so that new habits are learned
_LONG_GAP = 24.0  # hours: after a longer gap nobody can say when the new articles came
_ZONE = 7  # hours before UTC: days and weekends are those of Vietnam, which has no summer time


@dataclass(frozen=True, kw_only=True, slots=True)
class Week:
    """When a site publishes: 24 hours of a working day and then 24 of a weekend's, in local time.

    One for all list pages of a site. The pace of an hour is `seen` by `expected`, smoothed, and 1 on the average of a week.
    """

    seen: tuple[float, ...] = (0.0,) * 48  # new articles
    expected: tuple[float, ...] = (0.0,) * 48  # what it would have been if all hours were alike


@dataclass(frozen=True, kw_only=True, slots=True)
class ListState:
    """What was seen of one list page or feed."""

    week: Week = Week()  # the site's: after `seen_list` it is written back for all pages of the site
    new: float = 0.0  # articles, fading with a half-life of ten days
    hours: float = 0.0  # hours in which they came, each by its pace, fading alike
    last: datetime | None = None  # look; None: never
    length: int = 0  # links that the page lists; 0: not known


def seen_list(state: ListState, now: datetime, new_count: int, length: int | None = None) -> ListState:
    """The state after a look that found `new_count` unknown articles among `length` links. A first look teaches nothing."""
    length = state.length if length is None else length
    if state.last is None or now <= state.last:
        return replace(state, last=max(now, state.last or now), length=length)
    gap = _hours(state.last, now)
    fade = 0.5 ** (gap / _HALF_LIFE)
    if gap > _LONG_GAP:
        return replace(state, new=state.new * fade + new_count, hours=state.hours * fade + gap, last=now, length=length)
    pace = paces(state.week)
    parts = [(cell, span, pace[cell] * span) for cell, span in cells(state.last, gap)]
    paced = sum(part for _, _, part in parts)
    after = replace(state, new=state.new * fade + new_count, hours=state.hours * fade + paced, last=now, length=length)
    return replace(after, week=_learned(state.week, parts, new_count / paced, _rate(after)))


def next_look_list(state: ListState, theta: float, weight: float, now: datetime) -> datetime:
    """When the waiting of unseen articles reaches theta, or their number half of the list; never before `now`."""
    if state.last is None:
        return now
    rate = _rate(state)
    waiting = theta / (weight * rate)  # both in articles of a page that gains one an hour
    room = state.length / (2 * rate) if state.length else float("inf")
    due = min(max(_walk(paces(state.week), state.last, waiting, room), SOONEST), LATEST)
    return max(now, state.last + timedelta(hours=due))


def paces(week: Week) -> tuple[float, ...]:
    """How fast each of the 48 hours is, 1 on the average of a week of five working days and two others."""
    raw = [(seen + _SMOOTH) / (expected + _SMOOTH) for seen, expected in zip(week.seen, week.expected, strict=True)]
    mean = (5 * sum(raw[:24]) + 2 * sum(raw[24:])) / 168
    return tuple([one / mean for one in raw])


def _rate(state: ListState) -> float:
    """New articles in an hour of average pace."""
    return (state.new + _PRIOR_NEW) / (state.hours + _PRIOR_HOURS)


def _walk(pace: tuple[float, ...], last: datetime, waiting: float, room: float) -> float:
    """Hours from `last` until the waiting is reached or the room is filled, at most LATEST.

    Inside an hour the pace is constant: the number grows evenly and the waiting as a square, so each hour is solved at once.
    """
    gone = number = waited = 0.0
    for cell, span in cells(last, LATEST):
        speed = pace[cell]
        more = number + speed * span
        then = waited + (number + more) / 2 * span
        if then >= waiting or more >= room:
            left = max(0.0, waiting - waited)
            by_waiting = 2 * left / (number + sqrt(number * number + 2 * speed * left)) if left else 0.0
            return gone + min(by_waiting, max(0.0, room - number) / speed)
        gone, number, waited = gone + span, more, then
    return LATEST


def cells(start: datetime, length: float) -> Iterator[tuple[int, float]]:
    """The hours of the week that `length` hours from `start` lie in: (index into a week, hours spent there)."""
    clock = start.timestamp() / 3600 + _ZONE
    hour = int(clock)
    span = hour + 1 - clock
    while length > 0:
        day, of_day = divmod(hour, 24)
        yield of_day + (24 if (day + 3) % 7 > 4 else 0), min(span, length)  # day 0, in 1970, was a Thursday
        length -= span
        hour, span = hour + 1, 1.0


def _learned(week: Week, parts: list[tuple[int, float, float]], share: float, rate: float) -> Week:
    """The week with articles laid upon the hours of a gap by their pace so far: more looks tell the hours apart."""
    seen, expected = list(week.seen), list(week.expected)
    for cell, span, part in parts:
        seen[cell] += share * part
        expected[cell] += rate * span
    if sum(expected) > _MEMORY:
        seen, expected = [one / 2 for one in seen], [one / 2 for one in expected]
    return Week(seen=tuple(seen), expected=tuple(expected))


# ---------------------------------------------------------------- articles

LOST = 20.0  # hours of waiting that a version is worth that was overwritten unseen
DAY = (24.0, 48.0)  # hours after it was found in which an article is surely looked at: most removals come in a day
WEEK = (144.0, 192.0)  # and once more, for those that come later
NEVER = 87_600.0  # hours; ten years
_SHAPE = 0.35  # of the Gamma that articles' numbers of edits are drawn from: most have none, a few have many
_EDITS = 0.46  # edits of an article on the average of sites: a quarter of articles is edited within a week
_BELIEF = 8.0  # articles that this average counts for on each site
_SITE_MEMORY = 2000.0  # articles that a site remembers
# Edits by age: (share, hours). The first part is log-normal with this median and sigma 1, the others exponential with this mean.
_EARLY, _SOON, _LATER = (0.38, 0.6), (0.32, 8.0), (0.30, 80.0)


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteState:
    """What a site's articles have taught: how often they are edited, and what its dates of change are worth."""

    edits: float = 0.0
    articles: float = 0.0  # lives of articles watched; a whole one is 1
    edits_told: float = 1.0  # looks that found an edit which a sitemap or feed had announced; one counts beforehand
    edits_all: float = 2.0  # looks that found an edit of an article that it dates
    quiet_told: float = 1.0  # looks that found none although one had been announced
    quiet_all: float = 2.0


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleState:
    """What was seen of one article. Its number of edits is Gamma(a, b); edits come by age as `share_edited` says."""

    a: float
    b: float
    born: datetime  # when it was published, as far as known
    found: datetime  # first look
    last: datetime  # look
    lastmod: datetime | None = None  # the date of change that a sitemap or feed gave last
    told: datetime | None = None  # when it did, if that was news and no look has answered it
    odds: float = 1.0  # how many times likelier the news is with an edit than without


def found_article(site: SiteState, now: datetime, published: datetime | None = None) -> ArticleState:
    """An article just read for the first time. A date of publication after `now` is not believed."""
    mean = (site.edits + _BELIEF * _EDITS) / (site.articles + _BELIEF)
    born = min(published or now, now)
    return ArticleState(a=_SHAPE, b=_SHAPE / mean, born=born, found=now, last=now)


def seen_article(state: ArticleState, now: datetime, changed: bool) -> ArticleState:
    """The state after a look."""
    if now <= state.last:
        return replace(state, told=None, odds=1.0)
    lived = _lived(state, now)
    a = state.a + (_edits(state, lived) if changed else 0.0)
    return replace(state, a=a, b=state.b + lived, last=now, told=None, odds=1.0)


def seen_site(site: SiteState, state: ArticleState, now: datetime, changed: bool) -> SiteState:
    """The site after a look at an article that was in `state` before it."""
    lived = _lived(state, max(now, state.last))
    edits, articles = site.edits + (_edits(state, lived) if changed else 0.0), site.articles + lived
    if articles > _SITE_MEMORY:
        edits, articles = edits / 2, articles / 2
    site = replace(site, edits=edits, articles=articles)
    if state.lastmod is None:
        return site
    told = float(state.told is not None)
    if changed:
        return replace(site, edits_told=site.edits_told + told, edits_all=site.edits_all + 1)
    return replace(site, quiet_told=site.quiet_told + told, quiet_all=site.quiet_all + 1)


def heard(state: ArticleState, site: SiteState, lastmod: datetime, now: datetime) -> ArticleState:
    """The state after a sitemap or feed named a date of change.

    Only a date that is newer than the last look and not the one heard before is news. How much it is worth is what the site
    has shown: where every rebuild dates everything anew, the odds come down to 1 and nothing is hurried. A date that is no
    news puts nothing off: what a site announces well is one host's, and its theta comes down by itself.
    """
    if lastmod == state.lastmod:
        return state
    if lastmod <= state.last:
        return replace(state, lastmod=lastmod)
    odds = (site.edits_told / site.edits_all) / (site.quiet_told / site.quiet_all)
    return replace(state, lastmod=lastmod, told=max(now, state.last), odds=max(1.0, odds))


def next_look_article(state: ArticleState, theta: float, weight: float, now: datetime, lost: float = LOST) -> datetime:
    """When the waiting of unseen edits, with `lost` hours for each version overwritten, reaches theta; never before `now`."""
    age = max(0.0, _hours(state.born, state.last))
    due = max(_due(state, age, theta / weight, lost), SOONEST)
    looked = _hours(state.found, state.last)
    for begin, end in (WEEK, DAY):
        if looked < begin:
            due = min(due, end - looked)
    return max(now, state.last + timedelta(hours=due))


def share_edited(age: float) -> float:
    """The share of an article's edits that come before this age, in hours."""
    return _early(age)[0] + _SOON[0] * -expm1(-age / _SOON[1]) + _LATER[0] * -expm1(-age / _LATER[1])


def _early(age: float) -> tuple[float, float]:
    """The log-normal part of `share_edited`, and of its integral from 0."""
    if age <= 0:
        return 0.0, 0.0
    share, median = _EARLY
    z = log(age / median)
    normal = (1 + erf(z / sqrt(2))) / 2
    shifted = (1 + erf((z - 1) / sqrt(2))) / 2
    return share * normal, share * (age * normal - median * exp(0.5) * shifted)


def _summed(age: float) -> float:
    """The integral of `share_edited` from 0."""
    tails = sum(share * (age + mean * expm1(-age / mean)) for share, mean in (_SOON, _LATER))
    return _early(age)[1] + tails


@cache
def _ages() -> tuple[list[float], list[float], list[float]]:
    """Ages in steps of 4 %, a minute to ten years and more, with `share_edited` and its integral."""
    ages = [1.04**step / 64 for step in range(400)]
    return ages, [share_edited(age) for age in ages], [_summed(age) for age in ages]


def _due(state: ArticleState, age: float, price: float, lost: float) -> float:
    """The hours after a look at `age` in which another one pays for itself."""
    ages, shares, sums = _ages()
    share, summed = share_edited(age), _summed(age)
    mean = state.a / state.b
    pairs = lost * state.a * (state.a + 1) / (2 * state.b * state.b)
    told, surely = _evidence(state, share)

    def cost(step: int) -> float:
        gained = shares[step] - share
        waiting = sums[step] - summed - (ages[step] - age) * share
        return mean * waiting + pairs * gained * gained + surely * max(0.0, ages[step] - told)

    price *= 1 - surely
    first = bisect_right(ages, age)
    step = bisect_left(range(len(ages)), price, lo=first, key=cost)
    if step == len(ages):
        return NEVER
    before, spent = (ages[step - 1], cost(step - 1)) if step > first else (age, 0.0)
    over = cost(step) - spent
    part = (price - spent) / over if over > 0 else 0.0
    return min(before - age + (ages[step] - before) * min(max(part, 0.0), 1.0), NEVER)


def _evidence(state: ArticleState, share: float) -> tuple[float, float]:
    """The age at which an edit was announced, and how likely there is one: Bayes, with what the article did so far."""
    if state.told is None:
        return 0.0, 0.0
    told = _hours(state.born, state.told)
    none = (state.b / (state.b + max(0.0, share_edited(told) - share))) ** state.a
    some = (1 - none) * state.odds
    return told, some / (some + none)


def _lived(state: ArticleState, now: datetime) -> float:
    """The share of its edits that an article has between its last look and now."""
    return max(0.0, share_edited(_hours(state.born, now)) - share_edited(_hours(state.born, state.last)))


def _edits(state: ArticleState, lived: float) -> float:
    """How many edits a look stands for that found the text changed: at least one, and more after a long time."""
    mean = state.a / state.b * lived
    return mean / -expm1(-mean) if mean > 1e-9 else 1.0


# ---------------------------------------------------------------- the budget of a host

CHEAPEST, DEAREST = 0.02, 1e4  # theta, in hours: to save a minute of waiting nobody is asked, however much is allowed
_STEP = log(1.05)  # theta moves by 5 % an hour at most
_GAIN = 0.1  # and by a tenth of what is asked too much, or it would swing
_MEAN = 24.0  # hours over which requests are averaged: theta must not chase the hours of a day


@dataclass(frozen=True, kw_only=True, slots=True)
class HostState:
    """What a look costs on one host, and how much was asked of it."""

    theta: float = 1.0  # hours of waiting
    asked: float | None = None  # requests an hour, on the mean of the last day; None: nothing is known yet
    since: datetime | None = None  # what was asked is counted from here


def seen_host(state: HostState, now: datetime, asked: int, allowed: float) -> HostState:
    """The state after `asked` requests since the last call, where `allowed` an hour are free. Called about once an hour."""
    if state.since is None or now <= state.since:
        return replace(state, since=max(now, state.since or now))
    gap = _hours(state.since, now)
    keep = exp(-gap / _MEAN)
    before = allowed if state.asked is None else state.asked
    mean = keep * before + (1 - keep) * asked / gap
    # After a pause, what was asked says nothing about the hours that nobody was there.
    return HostState(theta=steer(state.theta, mean, allowed, min(gap, 1.0)), asked=mean, since=now)


def steer(theta: float, asked: float, allowed: float, hours: float = 1.0) -> float:
    """Theta an hour later: up where more is asked than allowed, down where less is, by 5 % at most."""
    over = log(max(asked, 1e-9) / max(allowed, 1e-9))
    step = min(max(_GAIN * over, -_STEP), _STEP)
    return min(max(theta * exp(step * hours), CHEAPEST), DEAREST)


def _hours(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / 3600
