"""Whether track/health.py tells what is wrong with a source, how soon, and how often it is wrong itself. See README.md."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.revisit import HOURS, WEEKEND, poisson
from track import health
from track.health import Cause, Habit, Look, Read, Status

START = datetime(2026, 1, 4, 17, tzinfo=UTC)  # midnight before a Monday in Vietnam; all other times are hours from here
DAY = 24.0
EVENING = (0.0,) * 17 + (4.0,) * 6 + (0.0,)  # from 17 to 23 o'clock


# ---------------------------------------------------------------- the invented sources


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A source as it is when nothing is wrong."""

    rate: float  # articles a day, on the average of a week
    pages: int = 1
    every: float = 1.0  # hours between two looks
    hours: tuple[float, ...] = HOURS
    weekend: float = WEEKEND  # pace of a weekend beside a working day
    moods: float = 0.3  # sigma of the logarithm of a day's rate
    bundle: float = 1.0  # articles that come at once, on the mean
    length: int = 30  # links of a page; 0: a sitemap, which names all articles of its month
    wobble: float = 0.05  # sigma of the logarithm of a page's links
    failing: float = 0.005  # share of looks that fail
    words: float = 450.0
    spread: float = 0.6  # sigma of the logarithm of words
    undated: float = 0.01
    unread: float = 0.01
    growth: float = 0.0  # of rate, links and words, in 30 days


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """What goes wrong, from when until when: shares, and factors that are 1 when nothing is."""

    begin: float  # hour
    end: float = float("inf")
    failed: float = 0.0
    blocked: float = 0.0
    empty: float = 0.0
    links: float = 1.0
    words: float = 1.0
    undated: float = 0.0
    unread: float = 0.0
    silent: bool = False
    pages: int = 1_000_000  # so many of the list pages alone

    def at(self, hour: float, page: int = 0) -> bool:
        return self.begin <= hour < self.end and page < self.pages


FINE = Wrong(begin=float("inf"))


def moment(hour: float) -> datetime:
    return START + timedelta(hours=hour)


def seen(paper: Paper, days: float, wrong: Wrong, seed: str) -> Iterator[Look | Read]:
    """All looks at a source and reads of its articles, in the order of time. The same seed gives the same."""
    draw = Random(seed)  # noqa: S311
    unseen = [0] * paper.pages
    listed = [0] * paper.pages
    coming = _articles(paper, days, wrong, draw)
    upcoming = next(coming, None)
    hour = draw.random() * paper.every
    while hour < days * DAY:
        while upcoming is not None and upcoming <= hour:
            unseen[draw.randrange(paper.pages)] += 1
            upcoming = next(coming, None)
        for page in range(paper.pages):
            look = _look(paper, wrong, draw, hour, page, unseen[page], listed)
            yield look
            if look.status is Status.OK:
                unseen[page] = 0
                yield from (_read(paper, wrong, draw, hour) for _ in range(look.fresh))
        hour += paper.every * draw.uniform(0.9, 1.1)


def _articles(paper: Paper, days: float, wrong: Wrong, draw: Random) -> Iterator[float]:
    """The hours at which articles come."""
    mean = (5 + 2 * paper.weekend) / 7 * sum(paper.hours) / 24
    mood = 1.0
    for hour in range(int(days * DAY)):
        if hour % 24 == 0:
            mood = draw.lognormvariate(-(paper.moods**2) / 2, paper.moods)
        pace = paper.hours[hour % 24] * (paper.weekend if hour // 24 % 7 > 4 else 1.0)
        rate = paper.rate / 24 * pace / mean * mood * _grown(paper, hour) / paper.bundle
        if not (wrong.silent and wrong.at(hour)):
            for then in sorted(hour + draw.random() for _ in range(poisson(draw, rate))):
                yield from [then] * (1 + poisson(draw, paper.bundle - 1) if paper.bundle > 1 else 1)


def _grown(paper: Paper, hour: float) -> float:
    grown: float = (1 + paper.growth) ** (hour / 720)
    return grown


def _look(paper: Paper, wrong: Wrong, draw: Random, hour: float, page: int, unseen: int, listed: list[int]) -> Look:
    at, name = moment(hour), f"https://baochi.example/{page}"
    now = wrong if wrong.at(hour, page) else FINE
    if draw.random() < max(paper.failing, now.failed):
        return Look(at=at, page=name, status=Status.FAILED)
    if draw.random() < now.blocked:
        return Look(at=at, page=name, status=Status.BLOCKED)
    if draw.random() < now.empty:
        return Look(at=at, page=name, status=Status.EMPTY)
    if paper.length:
        wobble = draw.lognormvariate(0, paper.wobble)
        links = max(1, round(paper.length * _grown(paper, hour) * wobble * now.links))
    else:
        month = moment(hour).month
        if unseen and listed[page] % 16 != month:  # a new month's sitemap is there with its first article
            listed[page] = month
        listed[page] += 16 * unseen
        links = max(1, round(listed[page] // 16 * now.links))
    return Look(at=at, page=name, status=Status.OK, links=links, fresh=min(unseen, links))


def _read(paper: Paper, wrong: Wrong, draw: Random, hour: float) -> Read:
    now = wrong if wrong.at(hour) else FINE
    if draw.random() < max(paper.unread, now.unread):
        return Read(at=moment(hour), failed=True)
    words = round(paper.words * _grown(paper, hour) * now.words * draw.lognormvariate(0, paper.spread))
    return Read(at=moment(hour), words=words, dated=draw.random() >= max(paper.undated, now.undated))


# ---------------------------------------------------------------- what is said of them


@dataclass
class Told:
    """What was said of one source."""

    spells: list[tuple[Cause, float]] = field(default_factory=list)  # each drift, and the hour at which it was first told
    last: Cause = Cause.NEW
    ended: float | None = None  # hour at which the last drift was over
    habit: Habit = field(default_factory=Habit)


def watch(paper: Paper, days: float, wrong: Wrong, seed: str) -> Told:
    """Judge a source after each look and each read."""
    told = Told()
    for one in seen(paper, days, wrong, seed):
        after = health.after_look(told.habit, one) if isinstance(one, Look) else health.after_read(told.habit, one)
        told.habit = after
        found = health.judge(after)
        hour = (one.at - START) / timedelta(hours=1)
        if found.drifting and found.cause is not told.last:
            told.spells.append((found.cause, hour))
        if not found.drifting and told.last not in (Cause.OK, Cause.NEW):
            told.ended = hour
        told.last = found.cause
    return told


PAPERS: Mapping[str, Paper] = {
    "steady paper, 60 a day": Paper(rate=60, pages=3),
    "large paper, 300 a day": Paper(rate=300, pages=4, moods=0.2),
    "small site, 1 a day": Paper(rate=1, moods=0.5),
    "site of an office, 5 a day, none at weekends": Paper(rate=5, weekend=0.0, moods=0.5),
    "evening paper, 20 a day": Paper(rate=20, hours=EVENING, weekend=1.0),
    "bundles of five, 20 a day": Paper(rate=20, bundle=5.0),
    "moody site, 8 a day": Paper(rate=8, moods=0.8),
    "sitemap of the month, 30 a day": Paper(rate=30, length=0),
    "poor server, 10 % of looks fail": Paper(rate=20, failing=0.1),
    "videos and pictures, no dates on a third": Paper(rate=20, undated=0.33, spread=1.2, unread=0.15),
    "growing by a tenth a month": Paper(rate=20, growth=0.1),
    "list that wobbles by a third": Paper(rate=20, wobble=0.35),
}
BREAKS: Mapping[str, tuple[Wrong, Cause]] = {
    "site down": (Wrong(begin=0, failed=1.0), Cause.DOWN),
    "403": (Wrong(begin=0, blocked=1.0), Cause.BLOCKED),
    "refused every second time": (Wrong(begin=0, blocked=0.5), Cause.BLOCKED),
    "no links any more": (Wrong(begin=0, empty=1.0), Cause.BROKEN),
    "one of the pages without links": (Wrong(begin=0, empty=1.0, pages=1), Cause.BROKEN),
    "a quarter of the links": (Wrong(begin=0, links=0.25), Cause.BROKEN),
    "a fifth of the words": (Wrong(begin=0, words=0.2), Cause.BROKEN),
    "no dates": (Wrong(begin=0, undated=1.0), Cause.BROKEN),
    "no articles in the pages": (Wrong(begin=0, unread=1.0), Cause.BROKEN),
    "half of the pages without articles": (Wrong(begin=0, unread=0.5), Cause.BROKEN),
    "silence": (Wrong(begin=0, silent=True), Cause.QUIET),
}
BROKEN = {
    "60 a day, 10 min": Paper(rate=60, pages=3, every=1 / 6),
    "20 a day, 1 h": Paper(rate=20, every=1.0),
    "1 a day, 4 h": Paper(rate=1, every=4.0, moods=0.5),
}


def false_alarms(papers: Mapping[str, Paper], years: int, every: float | None, seed: int) -> None:
    print(f"{years} years of each source in which nothing is wrong")
    total = 0
    for name, paper in papers.items():
        paper = replace(paper, every=every or paper.every)
        found: list[Cause] = []
        for year in range(years):
            told = watch(paper, 365, FINE, f"{seed}/{name}/{year}")
            found += [cause for cause, _ in told.spells]
        total += len(found)
        causes = ", ".join(f"{cause} {found.count(cause)}" for cause in sorted(set(found)))
        print(f"  {name:<46} {len(found) / years:6.2f} a year  {causes}", flush=True)
    print(f"  {'all':<46} {total / years / len(papers):6.2f} a year\n")


def breaks(worlds: int, seed: int) -> None:
    """Each break begins at some hour of the tenth week, and lasts long enough to be told."""
    print(
        f"each break {worlds} times: hours until it is told, median and longest; hours from its end until it is said to be over"
    )
    for paper_name, paper in BROKEN.items():
        print(f"  {paper_name}")
        for name, (wrong, cause) in BREAKS.items():
            if wrong.pages > 1000 or wrong.pages < paper.pages:
                print(f"    {name:<36} {_delays(paper, wrong, cause, worlds, f'{seed}/{paper_name}/{name}')}", flush=True)


def _delays(paper: Paper, wrong: Wrong, cause: Cause, worlds: int, seed: str) -> str:
    delays: list[float] = []
    ends: list[float] = []
    often = others = 0
    lasts = 4 * DAY if paper.rate > 5 else 24 * DAY
    for world in range(worlds):
        begin = 63 * DAY + 7 * DAY * world / worlds
        end = begin + lasts
        told = watch(paper, (end + lasts) / DAY, replace(wrong, begin=begin, end=end), f"{seed}/{world}")
        right = [hour for one, hour in told.spells if one is cause and begin <= hour < end]
        others += sum(one is not cause for one, hour in told.spells if hour >= begin)
        often += len(right)
        delays += [hour - begin for hour in right[:1]]
        ends += [told.ended - end] if right and told.ended else []
    if not delays:
        return "never told"
    said = f"told {median(delays):6.1f} {max(delays):6.1f}   over {median(ends):6.1f} {max(ends):6.1f}"
    missed = f"   missed {worlds - len(delays)}" if len(delays) < worlds else ""
    again = f"   again {often - len(delays)}" if often > len(delays) else ""
    return f"{said}{missed}{again}" + (f"   other causes {others}" if others else "")


def speed(seed: int) -> None:
    events = list(islice(seen(Paper(rate=60, pages=3), 60, FINE, str(seed)), 5000))
    habit, began = Habit(), time.process_time()
    for one in events:
        habit = health.after_look(habit, one) if isinstance(one, Look) else health.after_read(habit, one)
        health.judge(habit)
    spent = (time.process_time() - began) / len(events) * 1e6
    print(f"{spent:.0f} µs a look or read with its judgement; a habit is {len(health.packed(habit)) / 1000:.1f} KB of JSON\n")


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--years", type=int, default=3, help="of each source without a break")
    options.add_argument("--every", type=float, help="hours between two looks; each source's own if not given")
    options.add_argument("--worlds", type=int, default=5, help="how often each break is tried")
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args(arguments)
    speed(asked.seed)
    false_alarms(PAPERS, asked.years, asked.every, asked.seed)
    breaks(asked.worlds, asked.seed)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
