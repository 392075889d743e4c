"""When to look again: the policy of track/revisit.py beside others on invented sites, each with as many looks. See README.md."""

from __future__ import annotations

import argparse
import sys
import time
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from heapq import heapify, heappop, heappush
from itertools import count
from math import exp, log, sqrt
from pathlib import Path
from random import Random
from statistics import NormalDist, fmean
from typing import Protocol

sys.path.insert(0, str(Path(__file__).parents[1]))

from track import revisit

START = datetime(2026, 1, 4, 17, tzinfo=UTC)  # midnight before a Monday in Vietnam; all other times are hours from here
DAY = 24.0
WARM_UP, MEASURED = 14 * DAY, 28 * DAY
PAGES, SITES, LISTED = 60, 20, 25
ARTICLES, WATCHED = 6000, 30 * DAY
SOONEST, LATEST = 5 / 60, 3 * DAY  # what any policy for list pages may do; ours keeps to less
# fmt: off
HOURS = (.15, .1, .08, .08, .15, .5, 1.1, 1.5, 1.8, 1.9, 1.9, 1.6, 1.0, 1.2, 1.7, 1.8, 1.8, 1.5, 1.2, 1.1, 1.0, .8, .5, .3)
# fmt: on
WEEKEND = 0.55
RATES = NormalDist(log(6.15), 1.263)  # of the logarithm of articles a day: 60 pages span 0.3 to 126
EDITS = (
    (0.38, 0.6),
    (0.32, 8.0),
    (0.30, 80.0),
)  # shares and hours: log-normal by its median, then two exponential by their means
SITE_EDITS = NormalDist(log(0.43), 0.7)  # of the logarithm of edits an article: a quarter is edited within a week
SHAPE = 0.35  # of the Gamma among a site's articles


def moment(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def hours(then: datetime) -> float:
    return (then - START).total_seconds() / 3600


# ---------------------------------------------------------------- the invented world


@dataclass(frozen=True)
class Page:
    site: int
    came: tuple[float, ...]  # when each of its articles appeared, oldest first


@dataclass(frozen=True)
class Story:
    site: int
    born: float
    found: float
    edits: tuple[float, ...]  # those within WATCHED, oldest first


def poisson(draw: Random, mean: float) -> int:
    """A Poisson number: gaps are counted until they are longer than the mean."""
    gone = -1
    while mean >= 0:
        mean -= draw.expovariate(1.0)
        gone += 1
    return gone


def day_hours(draw: Random, other: bool) -> tuple[list[float], list[float]]:
    """The pace of each hour on a working day and on a weekend's: Vietnam's day, an hour to and fro, each site its own."""
    turn = draw.choice((-1, 0, 1)) + (12 if other else 0)
    days = [[HOURS[(hour + turn) % 24] * draw.lognormvariate(0, 0.25) for hour in range(24)] for _ in range(2)]
    weekend = 1.6 if other else WEEKEND
    mean = (5 * sum(days[0]) + 2 * weekend * sum(days[1])) / 168
    return [one / mean for one in days[0]], [weekend * one / mean for one in days[1]]


def make_pages(seed: int, other: bool) -> list[Page]:
    """Pages whose rates are log-normal. `other`: after the warm-up the sites turn day into night, and publish at weekends."""
    draw = Random(seed)  # noqa: S311
    made = []
    habits = [(day_hours(draw, False), day_hours(draw, other)) for _ in range(SITES)]
    order = draw.sample(range(PAGES), PAGES)
    for page in range(PAGES):
        rate = exp(RATES.inv_cdf((order[page] + 0.5) / PAGES)) / 24
        came: list[float] = []
        for hour in range(int(WARM_UP + MEASURED)):
            before, after = habits[page % SITES]
            working, weekend = before if hour < WARM_UP or not other else after
            pace = (weekend if hour // 24 % 7 > 4 else working)[hour % 24]
            came += sorted(hour + draw.random() for _ in range(poisson(draw, rate * pace)))
        made.append(Page(site=page % SITES, came=tuple(came)))
    return made


def edit_age(draw: Random) -> float:
    (early, median), (soon, mean), (_, later) = EDITS
    chance = draw.random()
    if chance < early:
        return draw.lognormvariate(log(median), 1.0)
    return draw.expovariate(1 / mean if chance < early + soon else 1 / later)


def make_stories(seed: int, slower: float = 1.0) -> list[Story]:
    """Articles of sites that edit more or less. `slower` stretches the ages at which they do."""
    draw = Random(seed + 1000)  # noqa: S311
    means = [exp(SITE_EDITS.inv_cdf((site + 0.5) / SITES)) for site in draw.sample(range(SITES), SITES)]
    made = []
    for number in range(ARTICLES):
        site = number % SITES
        born = draw.uniform(0, 28 * DAY)
        found = born + draw.uniform(5, 25) / 60
        many = poisson(draw, draw.gammavariate(SHAPE, means[site] / SHAPE))
        edits = sorted(born + slower * edit_age(draw) for _ in range(many))
        made.append(Story(site=site, born=born, found=found, edits=tuple(e for e in edits if e < born + WATCHED)))
    return made


# ---------------------------------------------------------------- what is measured


@dataclass
class Score:
    """What a policy cost and gave. Delays are hours."""

    looks: float = 0.0  # a page and day, or an article
    delays: list[float] = field(default_factory=list)
    lost: int = 0  # articles that scrolled off the list, or versions overwritten before anybody looked
    never: int = 0  # last edits that no look came after; they wait until the end

    def row(self, unit: float) -> list[str]:
        ranked = sorted(self.delays)
        of = max(1, len(ranked))
        named = [fmean(ranked), ranked[of * 9 // 10], ranked[of * 99 // 100]]
        return [f"{self.looks:.2f}", *(f"{one * unit:.1f}" for one in named), f"{self.lost / of:.2%}", f"{self.never / of:.2%}"]


def plus(scores: Iterable[Score]) -> Score:
    """Several seeds as one."""
    whole, looks = Score(), []
    for score in scores:
        whole.delays += score.delays
        whole.lost += score.lost
        whole.never += score.never
        looks.append(score.looks)
    whole.looks = fmean(looks)
    return whole


def tune(run: Callable[[float], Score], target: float, guess: float, within: float = 0.005) -> tuple[float, Score]:
    """The knob by which a policy spends `target` looks, and its score. Looks fall as a knob rises."""
    low = high = None  # (log of knob, log of looks by target): too many looks, too few
    score, best, found = Score(), float("inf"), guess
    for _ in range(14):
        tried = run(guess)
        off = log(max(tried.looks, 1e-6) / target)
        if abs(off) < best:
            best, score, found = abs(off), tried, guess
        if abs(off) < within:
            break
        if off > 0:
            low = (log(guess), off)
        else:
            high = (log(guess), off)
        if low is None or high is None:
            guess *= exp(1.5 * off + (0.02 if off > 0 else -0.02))
            continue
        part = low[1] / (low[1] - high[1])
        guess = exp(low[0] + (high[0] - low[0]) * min(max(part, 0.1), 0.9))
    return found, score


# ---------------------------------------------------------------- list pages


class ListPolicy(Protocol):
    def after(self, page: int, now: float, new: int) -> float:
        """When to look again, after a look that found `new` articles."""


def watch_pages(pages: Sequence[Page], policy: ListPolicy, first: float = 0.5) -> Score:
    """Looks at all pages until the end; what came after the warm-up counts."""
    score, end = Score(), WARM_UP + MEASURED
    known = [0] * len(pages)
    due = [(first * number / len(pages), number) for number in range(len(pages))]
    heapify(due)
    while due[0][0] < end:
        now, number = heappop(due)
        came = pages[number].came
        upto = bisect_right(came, now)
        new, known[number] = came[known[number] : upto], upto
        if now >= WARM_UP:
            score.looks += 1
            fresh = [then for then in new if then >= WARM_UP]
            seen = fresh[-LISTED:]
            score.lost += len(fresh) - len(seen)
            score.delays += [now - then for then in seen]
        heappush(due, (max(policy.after(number, now, min(len(new), LISTED)), now + SOONEST), number))
    score.looks /= len(pages) * MEASURED / DAY
    return score


class Fixed:
    """The same interval for all."""

    def __init__(self, knob: float) -> None:
        self.wait = knob

    def after(self, page: int, now: float, new: int) -> float:
        return now + self.wait


class Steps:
    """An interval that shrinks by one factor where something was new and grows by another where nothing was."""

    def __init__(self, knob: float, shrink: float, grow: float) -> None:
        self.low, self.high, self.shrink, self.grow = knob, 64 * knob, shrink, grow
        self.waits = [4 * knob] * PAGES

    def after(self, page: int, now: float, new: int) -> float:
        wait = self.waits[page] * (self.shrink if new else self.grow)
        self.waits[page] = min(max(wait, self.low), self.high)
        return now + self.waits[page]


class Estimate:
    """An interval made of the rate, which is counted with a half-life of ten days as ours is."""

    def __init__(self, knob: float, wait: Callable[[float, float], float]) -> None:
        self.knob, self.wait = knob, wait
        self.new, self.hours, self.last = [0.5] * PAGES, [2.4] * PAGES, [0.0] * PAGES

    def after(self, page: int, now: float, new: int) -> float:
        gap, self.last[page] = now - self.last[page], now
        fade = 0.5 ** (gap / 240)
        self.new[page] = self.new[page] * fade + new
        self.hours[page] = self.hours[page] * fade + gap
        return now + min(max(self.wait(self.new[page] / self.hours[page] + 1e-4, self.knob), SOONEST), LATEST)


def root(rate: float, knob: float) -> float:
    return sqrt(knob / rate)


def harmonic(rate: float, knob: float) -> float:
    """LambdaCrawl's: 1 / rho, where rho = (-rate + sqrt(rate^2 + 4 rate / theta)) / 2."""
    return 2 / (sqrt(rate * rate + 4 * rate / knob) - rate)


class Ours:
    """track/revisit.py, with theta fixed."""

    def __init__(self, knob: float, pages: Sequence[Page]) -> None:
        self.theta = knob
        self.sites = [page.site for page in pages]
        self.states = [revisit.ListState(length=LISTED) for _ in pages]
        self.weeks = [revisit.Week()] * SITES

    def after(self, page: int, now: float, new: int) -> float:
        site, then = self.sites[page], moment(now)
        state = revisit.seen_list(replace(self.states[page], week=self.weeks[site]), then, new)
        self.states[page], self.weeks[site] = state, state.week
        return hours(revisit.next_look_list(state, self.theta, 1.0, then))


class Steered(Ours):
    """The same where nobody knows theta: once an hour it is steered towards `allowed` looks an hour at all pages."""

    def __init__(self, allowed: float, pages: Sequence[Page]) -> None:
        super().__init__(1.0, pages)
        self.allowed, self.host, self.asked, self.hour = allowed, revisit.seen_host(revisit.HostState(), START, 0, allowed), 0, 1

    def after(self, page: int, now: float, new: int) -> float:
        while now >= self.hour:
            self.host = revisit.seen_host(self.host, moment(self.hour), self.asked, self.allowed)
            self.asked, self.hour, self.theta = 0, self.hour + 1, self.host.theta
        self.asked += 1
        return super().after(page, now, new)


def list_policies(pages: Sequence[Page]) -> dict[str, tuple[Callable[[float], ListPolicy], Callable[[float], float]]]:
    """Each policy, by name, made of its knob; and a knob to begin with for a number of looks a day."""
    return {
        "fixed interval": (Fixed, lambda looks: 24 / looks),
        "AIMD, halve and double": (lambda knob: Steps(knob, 0.5, 2.0), lambda looks: 5 / looks),
        "Nutch, x0.8 and x1.4": (lambda knob: Steps(knob, 0.8, 1.4), lambda looks: 5 / looks),
        "estimate, 1/sqrt(rate)": (lambda knob: Estimate(knob, root), lambda looks: 200 / looks**2),
        "LambdaCrawl": (lambda knob: Estimate(knob, harmonic), lambda looks: 200 / looks**2),
        "ours": (lambda knob: Ours(knob, pages), lambda looks: 100 / looks**2),
    }


def lists(seeds: Sequence[int], looks: float, other: bool) -> Iterator[tuple[str, Score]]:
    worlds = [make_pages(seed, other) for seed in seeds]
    for name in list_policies(worlds[0]):
        scores, knob = [], None
        for pages in worlds:
            make, first = list_policies(pages)[name]
            knob, score = tune(lambda k: watch_pages(pages, make(k)), looks, knob or first(looks))  # noqa: B023 - used at once
            scores.append(score)
        yield name, plus(scores)
    yield "ours, theta steered", plus(watch_pages(pages, Steered(looks * PAGES / 24, pages)) for pages in worlds)


# ---------------------------------------------------------------- articles


class StoryPolicy(Protocol):
    def first(self, number: int, story: Story) -> float:
        """When to look again at an article just found."""

    def after(self, number: int, story: Story, now: float, changed: bool) -> float:
        """When to look again after a look."""

    def told(self, number: int, story: Story, now: float, lastmod: float) -> float:
        """When to look after the sitemap gave a date of change."""


def watch_stories(stories: Sequence[Story], policy: StoryPolicy, told: Sequence[tuple[float, int, float]] = ()) -> Score:
    """Looks at all articles for 30 days each. `told`: (when, article, date of change) that sitemaps say."""
    score, order = Score(), count()
    last = [story.found for story in stories]
    due = [float("inf")] * len(stories)
    events = [(story.found, next(order), number, -1.0) for number, story in enumerate(stories)]
    events += [(when, next(order), number, lastmod) for when, number, lastmod in told]
    heapify(events)
    while events:
        now, _, number, lastmod = heappop(events)
        story = stories[number]
        if lastmod >= 0:
            again = policy.told(number, story, now, lastmod)
        elif now == story.found:
            again = policy.first(number, story)
        elif now != due[number]:
            continue  # it was put elsewhere meanwhile
        else:
            score.looks += 1 / len(stories)
            again = policy.after(number, story, now, _look(score, story, last[number], now))
            last[number] = now
        if again != due[number]:
            due[number] = again = max(again, now + 1e-6)
            if again < story.born + WATCHED:
                heappush(events, (again, next(order), number, -1.0))
    for story, then in zip(stories, last, strict=True):
        score.never += _look(score, story, then, story.born + WATCHED)
    return score


def _look(score: Score, story: Story, last: float, now: float) -> bool:
    """Counts what was edited since the last look; whether anything was."""
    edits = story.edits[bisect_right(story.edits, last) : bisect_right(story.edits, now)]
    score.delays += [now - then for then in edits]
    score.lost += max(0, len(edits) - 1)
    return bool(edits)


class ByAge:
    """An interval made of the hours since publishing and of those since the last edit that was seen."""

    def __init__(self, knob: float, wait: Callable[[float, float, float], float]) -> None:
        self.knob, self.wait = knob, wait
        self.edited: dict[int, float] = {}

    def first(self, number: int, story: Story) -> float:
        return self.after(number, story, story.found, True)

    def after(self, number: int, story: Story, now: float, changed: bool) -> float:
        if changed:
            self.edited[number] = now
        return now + max(self.wait(now - story.born, now - self.edited[number], self.knob), SOONEST)

    def told(self, number: int, story: Story, now: float, lastmod: float) -> float:
        raise NotImplementedError  # none of them listens


def week_long(age: float, quiet: float, knob: float) -> float:
    return knob if age + knob <= 7 * DAY else WATCHED


def back_off(age: float, quiet: float, knob: float) -> float:
    return knob * age


def newsdiffs(age: float, quiet: float, knob: float) -> float:
    """newsdiffs' table, stretched: 15 minutes in the first three hours after an edit, then an hour, three, three days."""
    return knob * next((wait for upto, wait in ((3.0, 0.25), (DAY, 1.0), (7 * DAY, 3.0)) if quiet < upto), 3 * DAY)


class OursByAge:
    """track/revisit.py, with theta fixed; its sites learn as they go."""

    def __init__(self, knob: float, lost: float = revisit.LOST) -> None:
        self.theta, self.lost = knob, lost
        self.sites = [revisit.SiteState()] * SITES
        self.states: dict[int, revisit.ArticleState] = {}

    def first(self, number: int, story: Story) -> float:
        then = moment(story.found)
        self.states[number] = revisit.found_article(self.sites[story.site], then, moment(story.born))
        return self._next(number, then)

    def after(self, number: int, story: Story, now: float, changed: bool) -> float:
        then, state = moment(now), self.states[number]
        self.sites[story.site] = revisit.seen_site(self.sites[story.site], state, then, changed)
        self.states[number] = revisit.seen_article(state, then, changed)
        return self._next(number, then)

    def told(self, number: int, story: Story, now: float, lastmod: float) -> float:
        then = moment(now)
        self.states[number] = revisit.heard(self.states[number], self.sites[story.site], moment(lastmod), then)
        return self._next(number, then)

    def _next(self, number: int, then: datetime) -> float:
        return hours(revisit.next_look_article(self.states[number], self.theta, 1.0, then, self.lost))


def sitemaps(stories: Sequence[Story]) -> list[tuple[float, int, float]]:
    """What sitemaps read once an hour say: half of the sites tell the truth, a quarter dates everything anew each night."""
    told = []
    for number, story in enumerate(stories):
        if story.site % 4 < 2:
            told += [(float(int(then) + 1), number, then) for then in (story.born, *story.edits)]
        elif story.site % 4 == 2:
            nights = range(int(story.found // DAY) + 1, int((story.born + WATCHED) // DAY) + 1)
            told += [(night * DAY + 0.5, number, night * DAY) for night in nights]
    return [one for one in told if stories[one[1]].found < one[0] < stories[one[1]].born + WATCHED]


STORY_POLICIES: dict[str, tuple[Callable[[float], StoryPolicy], Callable[[float], float]]] = {
    "fixed, over 7 days": (lambda knob: ByAge(knob, week_long), lambda looks: 7 * DAY / looks),
    "back-off by age": (lambda knob: ByAge(knob, back_off), lambda looks: exp(8 / looks) - 1),
    "newsdiffs, stretched": (lambda knob: ByAge(knob, newsdiffs), lambda looks: 90 / looks),
    "ours, lost for nothing": (lambda knob: OursByAge(knob, 0.0), lambda looks: 32 / looks**2),
    "ours": (OursByAge, lambda looks: 41 / looks**2),
    "ours, with sitemaps": (OursByAge, lambda looks: 41 / looks**2),
}


def articles(seeds: Sequence[int], looks: float, slower: float = 1.0) -> Iterator[tuple[str, Score]]:
    worlds = [make_stories(seed, slower) for seed in seeds]
    for name, (make, first) in STORY_POLICIES.items():
        scores, knob = [], None
        for stories in worlds:
            told = sitemaps(stories) if "sitemaps" in name else ()
            knob, score = tune(lambda k: watch_stories(stories, make(k), told), looks, knob or first(looks))  # noqa: B023
            scores.append(score)
        yield name, plus(scores)


# ---------------------------------------------------------------- printing


def table(title: str, unit: str, rows: Iterable[tuple[str, Score]]) -> None:
    print(f"\n{title}\n{'':24}{'looks':>8}{'mean':>8}{'p90':>8}{'p99':>8}{'lost':>8}{'never':>8}   {unit}", flush=True)
    for name, score in rows:
        print(f"{name:24}" + "".join(f"{cell:>8}" for cell in score.row(60 if unit == "minutes" else 1)), flush=True)


def world(stories: Sequence[Story]) -> str:
    """What the articles of a world are like, to hold against what is known of real ones."""
    week = sum(any(e < s.born + 7 * DAY for e in s.edits) for s in stories) / len(stories)
    first = [s.edits[0] - s.born for s in stories if s.edits]
    return f"{week:.0%} edited within a week, {sum(age < DAY for age in first) / len(first):.0%} of first edits in a day"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seeds", type=int, nargs="+", default=[1], help="worlds to invent; figures are over all of them")
    options.add_argument("--lists", type=float, nargs="*", default=[12.0, 24.0], help="looks a day at each list page")
    options.add_argument("--articles", type=float, nargs="*", default=[8.0, 16.0], help="looks at each article in 30 days")
    options.add_argument("--other-profile", action="store_true", help="a world that is not what the policy takes it for")
    asked = options.parse_args()
    begin = time.process_time()
    for looks in asked.lists:
        table(
            f"list pages, {looks:g} looks a day: delay of a new article",
            "minutes",
            lists(asked.seeds, looks, asked.other_profile),
        )
    for slower in (0.4, 2.5) if asked.other_profile else (1.0,):
        about = f"edits come {slower:g} times as late, " if asked.other_profile else ""
        about += world(make_stories(asked.seeds[0], slower))
        for looks in asked.articles:
            table(f"articles, {looks:g} looks ({about}): delay of an edit", "hours", articles(asked.seeds, looks, slower))
    print(f"\n{time.process_time() - begin:.0f} s of CPU")


if __name__ == "__main__":
    main()
