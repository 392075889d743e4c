"""Is a source healthy, compared with its own habit? Pure: what was seen so far is a value, and so is the answer.

Two things are watched. Whether looks and articles are odd (a look failed, a list names far fewer links, an article is short or
has no date) is counted by gauges: sums of log-likelihood ratios that start anew at 0 (CUSUM), so that a gauge whose habit is
right tells something false once in `exp(_TELL)` feeds at most, however often it is asked. Whether a site is quiet is asked of
the hours: how many times something new should have come since it last did, by the hours of its week.

What was told is not learned, so that a break does not become the habit; while a gauge suspects something it waits with learning.
State is what a row holds: numbers, datetimes, and tuples of numbers. Times are aware and in UTC; spans are hours.
docs/facts.md has the formulas and where they come from.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from math import log, log1p
from typing import Any

from track.revisit import cells

# ---------------------------------------------------------------- what is seen, and what is said


class Status(StrEnum):
    """How a list page answered."""

    OK = "ok"
    FAILED = "failed"  # network, or the server's own error
    BLOCKED = "blocked"  # 403, 429, a challenge, robots.txt
    EMPTY = "empty"  # it was fetched, and our rule found no link in it


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """One look at one of a source's list pages."""

    at: datetime
    page: str
    status: Status
    links: int = 0  # addresses found
    fresh: int = 0  # those that were unknown


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """One new article that was fetched."""

    at: datetime
    words: int = 0  # of its text
    dated: bool = False  # its date of publication was found
    failed: bool = False  # the page was fetched, and no article found in it


class Cause(StrEnum):
    """What a source is. All but the first two are drift."""

    OK = "ok"
    NEW = "new"  # too little was seen of it to tell
    QUIET = "quiet"  # looks are as ever, but nothing new comes
    DOWN = "down"
    BLOCKED = "blocked"
    BROKEN = "broken"  # what we fetch is fine, what we read in it is not: our rule does not fit any more


@dataclass(frozen=True, kw_only=True, slots=True)
class Health:
    cause: Cause
    since: datetime | None  # when the trouble began, or when there was none any more; None: never looked at
    reason: str  # one line for a person

    @property
    def drifting(self) -> bool:
        return self.cause not in (Cause.OK, Cause.NEW)


# ---------------------------------------------------------------- gauges

_TELL = 14.0  # evidence at which a gauge tells; exp(14) is 23 years of looks every 10 minutes
_CHANCE = 0.0002  # that so many in a row are fine although nothing has changed
_MEMORY = 1000.0  # feeds that a habit remembers: beyond, all counts are halved
_ADOPT = 28 * 24.0  # hours after which fewer links, shorter articles or no dates are taken for the new habit


@dataclass(frozen=True, kw_only=True, slots=True)
class Gauge:
    """How often something odd happens, and the evidence that it now happens oftener."""

    odd: float = 0.0  # of `all`: the habit
    all: float = 0.0
    score: float = 0.0  # evidence, 0 to _TELL
    since: datetime | None = None  # the first odd one of this evidence
    held_odd: float = 0.0  # of `held_all` since then: not yet habit
    held_all: float = 0.0
    fine: int = 0  # in a row, the last ones
    told: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """What a gauge looks for: the share of odd ones when something is wrong, and for how long it waits before it tells."""

    wrong: float
    span: float  # hours since the first odd one
    prior: float  # share of odd ones that is believed beforehand
    weight: float  # how many that belief counts for
    least: float = 0.003  # no smaller share is taken for usual: two odd ones by chance would be an alarm
    young: int = 0  # so many are learned before anything is told
    most: float = 1.0  # no greater share is taken for usual: what never worked is told too
    blind: float = 1.0  # where a greater share is usual, nothing is told


_LOOKS = Rule(wrong=0.9, span=1.0, prior=0.01, weight=50)
_EMPTY = Rule(wrong=0.9, span=0.3, prior=0.01, weight=50)
_FEW = Rule(wrong=0.9, span=1.0, prior=0.05, weight=30)
_UNREAD = Rule(wrong=0.9, span=3.0, prior=0.05, weight=20, young=20, most=0.6)
_SHORT = Rule(wrong=0.7, span=3.0, prior=0.15, weight=20, least=0.15, young=15)  # what is short is known from 160 articles only
_UNDATED = Rule(wrong=0.7, span=3.0, prior=0.05, weight=20, young=20, blind=0.5)


def fed(gauge: Gauge, rule: Rule, at: datetime, odd: bool) -> Gauge:
    """The gauge after one more. One that told ends when it is not believed any more, and forgets what it told."""
    usual = min(max(_share(gauge, rule), rule.least), rule.most)
    if gauge.all < rule.young or usual > rule.blind:
        return _learned_by(gauge, odd)
    wrong = max(rule.wrong, (1 + usual) / 2)
    step = log(wrong / usual) if odd else log((1 - wrong) / (1 - usual))
    score = min(gauge.score + step, _TELL)
    fine = 0 if odd else gauge.fine + 1
    if gauge.told and _is_over(gauge, fine):
        return Gauge(odd=gauge.odd, all=gauge.all)
    if not gauge.told and score <= 0:
        return _learned_by(gauge, odd)
    since = gauge.since or at
    told = gauge.told or (odd and score >= _TELL and _hours(since, at) >= rule.span)
    held_odd, held_all = gauge.held_odd + odd, gauge.held_all + 1
    return replace(gauge, score=score, since=since, held_odd=held_odd, held_all=held_all, fine=fine, told=told)


def _is_over(gauge: Gauge, fine: int) -> bool:
    """Whether so many fine ones in a row are no chance: two to four where all was odd, thirteen where half was."""
    odd = (gauge.held_odd + 0.5) / (gauge.held_all - gauge.fine + 1)
    return (1 - min(odd, 1.0)) ** fine < _CHANCE


def _learned_by(gauge: Gauge, odd: bool) -> Gauge:
    """Nothing is suspected any more: what was held is habit."""
    often, count = gauge.odd + gauge.held_odd + odd, gauge.all + gauge.held_all + 1
    part = 0.5 if count > _MEMORY else 1.0
    return Gauge(odd=often * part, all=count * part)


def _share(gauge: Gauge, rule: Rule) -> float:
    return (gauge.odd + rule.prior * rule.weight) / (gauge.all + rule.weight)


def _adopted(gauge: Gauge, at: datetime) -> bool:
    return gauge.told and gauge.since is not None and _hours(gauge.since, at) > _ADOPT


# ---------------------------------------------------------------- list pages

_EVERY = 3.0  # hours between two samples of a page's links
_SAMPLES = 160  # links remembered: 20 days
_ENOUGH = 20  # samples, or articles, before anything is compared with them
_YOUNG_LINKS, _YOUNG_WORDS = 4, 12  # newest samples that are not habit yet: they may be what is wrong
_ALONE = 6.0  # hours for which another page must have answered, or a site that comes back would look half broken
_GONE = 14 * 24.0  # hours: a page that was not looked at for so long is no page of the source any more


@dataclass(frozen=True, kw_only=True, slots=True)
class PageState:
    """What was seen of one list page."""

    page: str
    last: datetime  # look
    well: datetime | None = None  # it answers since; None: it does not
    sampled: datetime | None = None
    samples: tuple[int, ...] = ()  # links at earlier looks, oldest first
    links: int = 0  # at the last look that found some
    failed: Gauge = Gauge()
    blocked: Gauge = Gauge()
    empty: Gauge = Gauge()
    few: Gauge = Gauge()


def _seen_page(page: PageState, look: Look) -> PageState:
    """The page after a look. One that failed says nothing of its links."""
    status = _status(look)
    page = replace(
        page,
        last=max(page.last, look.at),
        failed=fed(page.failed, _LOOKS, look.at, status is Status.FAILED),
        blocked=fed(page.blocked, _LOOKS, look.at, status is Status.BLOCKED),
    )
    page = replace(page, well=None if page.failed.score or page.blocked.score else page.well or look.at)
    if status in (Status.OK, Status.EMPTY):
        page = replace(page, empty=fed(page.empty, _EMPTY, look.at, status is Status.EMPTY))
    return _seen_links(page, look) if status is Status.OK else page


def _status(look: Look) -> Status:
    return Status.EMPTY if look.status == Status.OK and not look.links else Status(look.status)


def _seen_links(page: PageState, look: Look) -> PageState:
    """The page after a look that found links. A list that began anew, as a month's sitemap does, has a habit of its own."""
    floor = _floor(page)
    low = look.links < floor
    if _adopted(page.few, look.at) or (low and not page.few.score and 2 * look.fresh >= look.links):
        page, low = replace(page, few=Gauge(), samples=()), False
    # A told page is well again only a little above where it fell ill.
    few = fed(page.few, _FEW, look.at, low or (page.few.told and look.links < 1.25 * floor))
    samples = page.samples[:-_YOUNG_LINKS] if page.few.told and not few.told else page.samples
    page = replace(page, few=few, links=look.links, samples=samples)
    if few.told or (page.sampled and _hours(page.sampled, look.at) < _EVERY):
        return page
    return replace(page, sampled=look.at, samples=(*page.samples, look.links)[-_SAMPLES:])


def _floor(page: PageState) -> float:
    """Fewer links than this are too few: half of the usual number, or what one look in twenty is below anyway."""
    known = sorted(page.samples[:-_YOUNG_LINKS])
    if len(known) < _ENOUGH:
        return 0.0
    return min(known[len(known) // 2] / 2, 0.8 * known[len(known) // 20])


# ---------------------------------------------------------------- a source

_FADE = 0.5 ** (1 / 30)  # a day's share of what the hours have seen that is left on the next
_ALARMS = 0.03  # silences a year that may be told although nothing is wrong
_YEAR = 8766.0  # hours
_YOUNG = 7 * 24.0  # hours in which a source is new: every hour of a weekend should have come once
_KNOWN = 5.0  # finds without which nobody can say what silence is
_PATIENCE = 4.0  # hours: no shorter silence is told
_LONG_GAP = 24.0  # hours: after a longer gap nobody can say in which hours something was new
_AT_ONCE = 3.0  # finds missed by one look at most: after a pause it may be one of the pages that gains little
_MOOD, _MOOD_WEIGHT = (
    0.1,
    20.0,
)  # variance of a day's pace that is believed beforehand, and how many squared finds that counts for


@dataclass(frozen=True, kw_only=True, slots=True)
class Habit:
    """All that is remembered of a source: after each look and each read it is written back.

    A find is a look that found something new. Finds and not articles are counted, because articles come in bundles. The 48
    hours are those of a working day and a weekend's, in Vietnam, as in revisit.
    """

    first: datetime | None = None  # look
    last: datetime | None = None  # look that was answered with links
    well: datetime | None = None  # the end of the last trouble
    pages: tuple[PageState, ...] = ()
    finds: tuple[float, ...] = (0.0,) * 48  # in each hour; both fade by half in 30 days
    hours: tuple[float, ...] = (0.0,) * 48  # watched
    articles: float = 0.0  # that were found by the finds
    found: datetime | None = None  # last find
    missed: float = 0.0  # finds that should have come since
    missed_today: float = 0.0
    silent: float = 0.0  # evidence of the days before today that they did not come by chance
    today: tuple[float, float] = (0.0, 0.0)  # finds since midnight, and how many should have come
    moods: tuple[float, float] = (0.0, 0.0)  # (finds - expected)² - finds and expected², summed over days
    quiet: bool = False
    words: tuple[int, ...] = ()  # of earlier articles, oldest first
    unread: Gauge = Gauge()
    short: Gauge = Gauge()
    undated: Gauge = Gauge()


def after_look(habit: Habit, look: Look) -> Habit:
    """The habit after a look at a list page. The first look at a page is no find: all of it is new then."""
    known = next((page for page in habit.pages if page.page == look.page), None)
    page = _seen_page(known or PageState(page=look.page, last=look.at), look)
    newest = max((one.last for one in habit.pages), default=look.at)
    others = [one for one in habit.pages if one.page != look.page and _hours(one.last, newest) < _GONE]
    after = replace(habit, first=habit.first or look.at, pages=(*others, page))
    if _status(look) is Status.OK:
        after = _watched(after, look.at, look.fresh if known else 0)
    return _ended(habit, after, look.at)


def after_read(habit: Habit, read: Read) -> Habit:
    """The habit after an article was read. A page in which none was found says nothing of words and dates."""
    after = replace(habit, unread=fed(habit.unread, _UNREAD, read.at, read.failed))
    if not read.failed:
        after = _seen_words(after, read)
        undated = Gauge() if _adopted(after.undated, read.at) else after.undated
        after = replace(after, undated=fed(undated, _UNDATED, read.at, not read.dated))
    return _ended(habit, after, read.at)


def replayed(looks: Iterable[Look], reads: Iterable[Read]) -> Habit:
    """The habit that a history gives, in the order of its times."""
    habit = Habit()
    seen: list[Look | Read] = [*looks, *reads]
    for one in sorted(seen, key=lambda one: one.at):
        habit = after_look(habit, one) if isinstance(one, Look) else after_read(habit, one)
    return habit


def _seen_words(habit: Habit, read: Read) -> Habit:
    """An article is short where nine of ten have more words. What came while that was suspected goes with what was told."""
    if _adopted(habit.short, read.at):
        habit = replace(habit, short=Gauge(), words=())
    known = sorted(habit.words[:-_YOUNG_WORDS])
    if len(known) < _ENOUGH:
        return replace(habit, words=(*habit.words, read.words))
    short = fed(habit.short, _SHORT, read.at, read.words < known[len(known) // 10])
    if short.told:
        return replace(habit, short=short)
    words = habit.words[:-_YOUNG_WORDS] if habit.short.told else habit.words
    return replace(habit, short=short, words=(*words, read.words)[-_SAMPLES:])


def _ended(before: Habit, after: Habit, at: datetime) -> Habit:
    """The habit with the time at which a trouble ended, if one did."""
    return replace(after, well=at) if _troubles(before) > _troubles(after) else after


def _troubles(habit: Habit) -> int:
    of_pages = [gauge.told for page in habit.pages for gauge in (page.failed, page.blocked, page.empty, page.few)]
    return sum([habit.quiet, habit.unread.told, habit.short.told, habit.undated.told, *of_pages])


# ---------------------------------------------------------------- silence


def _watched(habit: Habit, at: datetime, fresh: int) -> Habit:
    """The habit after the hours since the last answered look, at whose end `fresh` articles were new."""
    if habit.last is None or at <= habit.last:
        return replace(habit, last=max(at, habit.last or at))
    gap, rates = _hours(habit.last, at), _rates(habit)
    parts = [(cell, span, rates[cell] * span) for cell, span in cells(habit.last, gap)]
    expected = sum(part for _, _, part in parts)
    nights = _day(at) - _day(habit.last)
    if nights:
        habit = _next_day(habit, nights)
    if gap <= _LONG_GAP and not habit.quiet:
        habit = _learned(habit, parts, expected, fresh)
    if fresh:
        return replace(habit, last=at, found=at, missed=0.0, missed_today=0.0, silent=0.0, quiet=False)
    more = min(expected, _AT_ONCE)
    habit = replace(habit, last=at, missed=habit.missed + more, missed_today=habit.missed_today + more)
    return replace(habit, quiet=habit.quiet or _is_quiet(habit))


def _rates(habit: Habit) -> list[float]:
    """Finds an hour in each of the 48 hours: each counts one beforehand as its kind of day has them, and that as all days."""
    mean = (sum(habit.finds) + 1) / (sum(habit.hours) + 24)
    rates: list[float] = []
    for kind in (slice(0, 24), slice(24, 48)):
        finds, hours = habit.finds[kind], habit.hours[kind]
        prior = 1 / ((sum(finds) + 1) / (sum(hours) + 1 / mean))
        rates += [(one + 1) / (span + prior) for one, span in zip(finds, hours, strict=True)]
    return rates


def _next_day(habit: Habit, nights: int) -> Habit:
    """The habit at midnight. In a silence that was told nothing is learned, and nothing fades."""
    silent = habit.silent + _evidence(habit, habit.missed_today)
    if habit.quiet:
        return replace(habit, silent=silent, missed_today=0.0, today=(0.0, 0.0))
    part: float = _FADE**nights
    finds, hours = (tuple([one * part for one in many]) for many in (habit.finds, habit.hours))
    (came, expected), (over, squares) = habit.today, habit.moods
    moods = ((over + (came - expected) ** 2 - came) * part, (squares + expected**2) * part)
    after = replace(habit, finds=finds, hours=hours, articles=habit.articles * part, moods=moods)
    return replace(after, silent=silent, missed_today=0.0, today=(0.0, 0.0))


def _evidence(habit: Habit, missed: float) -> float:
    """Minus the logarithm of how likely it is that none of so many finds comes in a day, whose pace is Gamma about its mean."""
    over, squares = habit.moods
    mood = (over + _MOOD * _MOOD_WEIGHT) / (squares + _MOOD_WEIGHT)
    return log1p(mood * missed) / mood if mood > 0.001 else missed


def _day(at: datetime) -> int:
    return int(at.timestamp() / 3600 + 7) // 24  # of Vietnam


def _learned(habit: Habit, parts: Sequence[tuple[int, float, float]], expected: float, fresh: int) -> Habit:
    """The habit with a gap's hours, and its find laid upon them by their rates."""
    finds, hours = list(habit.finds), list(habit.hours)
    for cell, span, part in parts:
        hours[cell] += span
        finds[cell] += part / expected if fresh else 0.0
    today = (habit.today[0] + bool(fresh), habit.today[1] + min(expected, _AT_ONCE))
    return replace(habit, finds=tuple(finds), hours=tuple(hours), articles=habit.articles + fresh, today=today)


def _is_quiet(habit: Habit) -> bool:
    """Whether a silence of this length comes less than _ALARMS times a year. The rate is known from so many finds only."""
    if habit.found is None or habit.last is None or not _is_known(habit):
        return False
    many = sum(habit.finds)
    evidence = many * log1p((habit.silent + _evidence(habit, habit.missed_today)) / many)
    a_year = many / sum(habit.hours) * _YEAR
    return evidence > max(log(a_year / _ALARMS), 5.0) and _hours(habit.found, habit.last) >= _PATIENCE


def _is_known(habit: Habit) -> bool:
    if habit.first is None or habit.last is None:
        return False
    return sum(habit.finds) >= _KNOWN and _hours(habit.first, habit.last) >= _YOUNG


# ---------------------------------------------------------------- the judgement


def judge(habit: Habit) -> Health:
    """What the source is: of several troubles the one that explains the others."""
    for found in (_of_answers(habit), _of_lists(habit), _of_articles(habit)):
        if found:
            return found
    if habit.quiet:
        return Health(cause=Cause.QUIET, since=habit.found, reason=_said_of_silence(habit))
    if not _is_known(habit):
        days = _hours(habit.first, habit.last) / 24 if habit.first and habit.last else 0.0
        reason = f"{sum(habit.finds):.0f} finds in {days:.0f} days: too little to know its habit"
        return Health(cause=Cause.NEW, since=habit.first, reason=reason)
    return Health(cause=Cause.OK, since=habit.well or habit.first, reason=_said_of_silence(habit))


def _of_answers(habit: Habit) -> Health | None:
    """Pages that refuse us, or do not answer. Where others of the source do, it is the page's address that is wrong."""
    for page in habit.pages:
        if page.blocked.told:
            return _told(Cause.BLOCKED, page.blocked, f"{_counted(page.blocked)} looks at {page.page} were refused")
    for page in habit.pages:
        if page.failed.told:
            alone = any(one.well and _hours(one.well, one.last) >= _ALONE for one in habit.pages)
            said = f"{_counted(page.failed)} looks at {page.page} failed"
            if alone:
                return _told(Cause.BROKEN, page.failed, f"{said}, while other pages of the source answer: it may have moved")
            return _told(Cause.DOWN, page.failed, said)
    return None


def _of_lists(habit: Habit) -> Health | None:
    for page in habit.pages:
        if page.empty.told:
            usual = f", where {_median(page.samples)} links are usual" if page.samples else ""
            return _told(Cause.BROKEN, page.empty, f"{_counted(page.empty)} looks found no link at {page.page}{usual}")
        if page.few.told:
            usual = str(_median(page.samples[:-_YOUNG_LINKS]))
            return _told(Cause.BROKEN, page.few, f"{page.links} links at {page.page}, where {usual} are usual")
    return None


def _of_articles(habit: Habit) -> Health | None:
    if habit.unread.told:
        usual = f"{_share(habit.unread, _UNREAD):.0%} are usual"
        return _told(Cause.BROKEN, habit.unread, f"in {_counted(habit.unread)} pages no article was found; {usual}")
    if habit.short.told:
        usual = str(_median(habit.words[:-_YOUNG_WORDS]))
        return _told(Cause.BROKEN, habit.short, f"{_counted(habit.short)} articles are short; {usual} words are usual")
    if habit.undated.told:
        usual = f"{_share(habit.undated, _UNDATED):.0%} are usual"
        return _told(Cause.BROKEN, habit.undated, f"{_counted(habit.undated)} articles have no date; {usual}")
    return None


def _told(cause: Cause, gauge: Gauge, reason: str) -> Health:
    return Health(cause=cause, since=gauge.since, reason=reason)


def _counted(gauge: Gauge) -> str:
    return f"{gauge.held_odd:.0f} of the last {gauge.held_all:.0f}"


def _said_of_silence(habit: Habit) -> str:
    if habit.found is None or habit.last is None:
        return "nothing new was found yet"
    usual = habit.missed * habit.articles / max(sum(habit.finds), 1e-9)
    return f"nothing new for {_hours(habit.found, habit.last):.1f} hours, in which {usual:.1f} articles are usual"


def _median(many: Sequence[int]) -> int:
    return sorted(many)[len(many) // 2] if many else 0


# ---------------------------------------------------------------- kept as JSON


def packed(habit: Habit) -> str:
    """The habit as a line of JSON, 4 to 7 KB."""
    return json.dumps(asdict(habit), default=datetime.isoformat, separators=(",", ":"))


def unpacked(row: str) -> Habit:
    """The habit that `packed` wrote."""
    kept = json.loads(row)
    kept["pages"] = tuple(_page(page) for page in kept["pages"])
    return Habit(**_revived(kept, ("first", "last", "well", "found"), ("unread", "short", "undated")))


def _page(kept: dict[str, Any]) -> PageState:
    return PageState(**_revived(kept, ("last", "well", "sampled"), ("failed", "blocked", "empty", "few")))


def _revived(kept: dict[str, Any], times: Iterable[str], gauges: Iterable[str]) -> dict[str, Any]:
    """Fields of a dataclass from what JSON makes of them."""
    fields = {name: tuple(one) if isinstance(one, list) else one for name, one in kept.items()}
    for name in times:
        fields[name] = datetime.fromisoformat(kept[name]) if kept[name] else None
    for name in gauges:
        fields[name] = Gauge(**_revived(kept[name], ("since",), ()))
    return fields


def _hours(start: datetime, end: datetime) -> float:
    return (end - start) / timedelta(hours=1)
