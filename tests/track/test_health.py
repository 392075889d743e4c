"""Healthy or drifting: single gauges, and invented sources with what may go wrong with them."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import health as world
from bench.health import DAY, FINE, START, Paper, Wrong, moment, watch
from track import health
from track.health import Cause, Gauge, Habit, Look, Read, Status

STEADY = Paper(rate=40, pages=2)
SMALL = Paper(rate=1, every=4.0, moods=0.5)
BUSY = Paper(rate=60, pages=2, every=0.25)
MORNING = 16 * DAY + 9  # of a Wednesday in Vietnam
NIGHT = 16 * DAY + 1


def looks(*statuses: Status, begin: float = 0.0, every: float = 1 / 6, links: int = 30, fresh: int = 0) -> Iterator[Look]:
    for number, status in enumerate(statuses):
        at = moment(begin + number * every)
        yield Look(at=at, page="p", status=status, links=links if status is Status.OK else 0, fresh=fresh)


def learned(paper: Paper, days: float, seed: str = "1") -> Habit:
    return watch(paper, days, FINE, seed).habit


def after(habit: Habit, *seen: Look | Read) -> Habit:
    for one in seen:
        habit = health.after_look(habit, one) if isinstance(one, Look) else health.after_read(habit, one)
    return habit


@pytest.fixture(scope="module")
def plain() -> Habit:
    """Three weeks of a page with 30 links that gains an article every three hours."""
    seen = [replace(look, fresh=1 if number % 18 == 0 else 0) for number, look in enumerate(looks(*[Status.OK] * (21 * 144)))]
    return after(Habit(), *seen)


# ---------------------------------------------------------------- what goes wrong, and how soon it is told

CASES = {
    "a paper whose site is down is told within three looks more than an hour": (
        BUSY, Wrong(begin=MORNING, failed=1.0), Cause.DOWN, 1.8),
    "a small site that is down is told on the same day": (SMALL, Wrong(begin=MORNING, failed=1.0), Cause.DOWN, 16),
    "403 is told as refused": (BUSY, Wrong(begin=MORNING, blocked=1.0), Cause.BLOCKED, 1.8),
    "refusals every second time are told": (STEADY, Wrong(begin=MORNING, blocked=0.5), Cause.BLOCKED, 24),
    "a selector that finds nothing is told after three or four looks": (BUSY, Wrong(begin=MORNING, empty=1.0), Cause.BROKEN, 1.0),
    "at night too": (BUSY, Wrong(begin=NIGHT, empty=1.0), Cause.BROKEN, 1.0),
    "one list page of two that is empty is told": (BUSY, Wrong(begin=MORNING, empty=1.0, pages=1), Cause.BROKEN, 1.0),
    "one list page of two that has gone is not the site": (BUSY, Wrong(begin=MORNING, failed=1.0, pages=1), Cause.BROKEN, 1.8),
    "a selector that finds a quarter is told": (BUSY, Wrong(begin=MORNING, links=0.25), Cause.BROKEN, 2.0),
    "a quarter of the links of a list that wobbles is told": (
        replace(STEADY, wobble=0.2), Wrong(begin=MORNING, links=0.25), Cause.BROKEN, 6),
    "articles that are teasers are told": (BUSY, Wrong(begin=MORNING, words=0.2), Cause.BROKEN, 12),
    "dates that vanish are told": (BUSY, Wrong(begin=MORNING, undated=1.0), Cause.BROKEN, 8),
    "dates that vanish where a third never had one are told": (
        replace(BUSY, undated=0.33), Wrong(begin=MORNING, undated=1.0), Cause.BROKEN, 30),
    "pages in which no article is found are told": (BUSY, Wrong(begin=MORNING, unread=1.0), Cause.BROKEN, 8),
    "a silence by day is told within a day": (BUSY, Wrong(begin=MORNING, silent=True), Cause.QUIET, 24),
    "a silence of Tet is told": (STEADY, Wrong(begin=MORNING, end=MORNING + 7 * DAY, silent=True), Cause.QUIET, 36),
    "a small site that says nothing is told in two weeks": (SMALL, Wrong(begin=MORNING + 28 * DAY, silent=True), Cause.QUIET, 16 * DAY),
}  # fmt: skip


@pytest.mark.parametrize(("paper", "wrong", "cause", "hours"), list(CASES.values()), ids=list(CASES))
def test_what_goes_wrong_is_told_in_time_and_by_its_cause(paper: Paper, wrong: Wrong, cause: Cause, hours: float) -> None:
    told = watch(paper, (wrong.begin + hours) / 24 + 0.5, wrong, "5")
    assert told.spells
    assert told.spells[0][0] is cause
    assert wrong.begin <= told.spells[0][1] <= wrong.begin + hours
    found = health.judge(told.habit)
    assert found.drifting
    assert found.since is not None
    assert moment(wrong.begin - 4 * DAY) < found.since < moment(told.spells[0][1])


ENDS = {
    "a site that was down is well again with two or three looks": (BUSY, Wrong(begin=MORNING, failed=1.0), 1.0),
    "so is one that refused": (BUSY, Wrong(begin=MORNING, blocked=1.0), 1.0),
    "so is a list whose links are back": (BUSY, Wrong(begin=MORNING, empty=1.0), 1.0),
    "so is a list with a quarter of its links": (BUSY, Wrong(begin=MORNING, links=0.25), 1.0),
    "teasers are over with a few articles": (BUSY, Wrong(begin=MORNING, words=0.2), 12.0),
    "a silence is over with the first article": (BUSY, Wrong(begin=MORNING, silent=True), 8.0),
}


@pytest.mark.parametrize(("paper", "wrong", "hours"), list(ENDS.values()), ids=list(ENDS))
def test_what_is_over_is_told_once_and_ends_soon(paper: Paper, wrong: Wrong, hours: float) -> None:
    end = wrong.begin + 48
    told = watch(paper, end / 24 + 2, replace(wrong, end=end), "7")
    assert len(told.spells) == 1
    assert told.last is Cause.OK
    assert told.ended is not None
    assert end <= told.ended <= end + hours
    assert health.judge(told.habit).since == moment(told.ended)


# ---------------------------------------------------------------- what is nothing

FINE_ONES = {
    "an evening paper is not quiet at night": Paper(rate=20, hours=world.EVENING, weekend=1.0),
    "an office is not quiet at weekends": Paper(rate=30, weekend=0.0),
    "a small site of a few articles a week": Paper(rate=0.6, moods=0.5),
    "articles that come in bundles": Paper(rate=20, bundle=5.0),
    "a site that grows by a tenth a month": Paper(rate=20, growth=0.1),
    "a site that shrinks by a fifth a month": Paper(rate=30, growth=-0.2),
    "a month's sitemap that begins anew": Paper(rate=30, length=0),
    "a server that fails every tenth time": Paper(rate=20, failing=0.1),
    "a site that never dates its articles": Paper(rate=20, undated=1.0),
    "a list with a single link": Paper(rate=20, length=1),
}


@pytest.mark.parametrize("paper", list(FINE_ONES.values()), ids=list(FINE_ONES))
def test_what_is_a_habit_is_no_drift(paper: Paper) -> None:
    told = watch(paper, 63, FINE, "3")
    assert told.spells == []
    assert told.last is Cause.OK


def test_false_alarms_are_rare() -> None:
    """60 months of sources in which nothing is wrong; bench/health.py takes years."""
    papers = [replace(paper, every=4.0) for paper in world.PAPERS.values() if paper.rate < 50]
    alarms = [spell for number in range(60 // 3) for spell in watch(papers[number % len(papers)], 91, FINE, str(number)).spells]
    assert len(alarms) <= 1


# ---------------------------------------------------------------- single looks


@pytest.mark.parametrize("status", [Status.FAILED, Status.BLOCKED, Status.EMPTY])
@pytest.mark.parametrize("times", [1, 2], ids=["one odd look is no drift, however late it is", "two odd looks are none"])
def test_a_few_odd_looks_are_no_drift(plain: Habit, status: Status, times: int) -> None:
    odd = after(plain, *looks(*[status] * times, begin=21 * DAY, every=12.0))
    assert health.judge(odd).cause is Cause.OK


@pytest.mark.parametrize(
    ("status", "minutes", "cause"),
    [
        (Status.EMPTY, 20, Cause.BROKEN),
        (Status.FAILED, 60, Cause.DOWN),
        (Status.BLOCKED, 60, Cause.BLOCKED),
    ],
    ids=["no links are told with the third look", "a site that is down after an hour", "a refusal after an hour"],
)
def test_how_soon_odd_looks_are_told(plain: Habit, status: Status, minutes: int, cause: Cause) -> None:
    habit, told = plain, []
    for look in looks(*[status] * 12, begin=21 * DAY):
        habit = after(habit, look)
        told.append(health.judge(habit).cause)
    first = told.index(cause)
    assert first * 10 == minutes
    assert set(told[first:]) == {cause}


def test_a_page_that_is_fetched_and_lists_nothing_is_empty(plain: Habit) -> None:
    odd = after(plain, *looks(*[Status.OK] * 4, begin=21 * DAY, links=0))
    assert health.judge(odd).cause is Cause.BROKEN


def test_a_source_never_looked_at_is_new() -> None:
    assert health.judge(Habit()) == health.Health(
        cause=Cause.NEW, since=None, reason="0 finds in 0 days: too little to know its habit"
    )


def test_a_source_is_new_for_a_week_and_then_known() -> None:
    assert watch(STEADY, 6.5, FINE, "2").last is Cause.NEW
    assert watch(STEADY, 8, FINE, "2").last is Cause.OK


@pytest.mark.parametrize(
    ("status", "cause"), [(Status.EMPTY, Cause.BROKEN), (Status.FAILED, Cause.DOWN), (Status.BLOCKED, Cause.BLOCKED)]
)
def test_a_new_source_that_never_worked_is_told(status: Status, cause: Cause) -> None:
    assert health.judge(after(Habit(), *looks(*[status] * 9))).cause is cause


def test_a_page_that_is_looked_at_no_more_is_forgotten(plain: Habit) -> None:
    odd = after(plain, *looks(*[Status.EMPTY] * 9, begin=21 * DAY))
    other = [replace(look, page="q") for look in looks(*[Status.OK] * 30, begin=22 * DAY, every=12.0, fresh=1)]
    assert health.judge(after(odd, *other[:9])).cause is Cause.BROKEN
    assert [page.page for page in after(odd, *other).pages] == ["q"]


def test_fewer_links_are_the_new_habit_after_four_weeks(plain: Habit) -> None:
    few = list(looks(*[Status.OK] * (40 * 24), begin=21 * DAY, every=1.0, links=7))
    seen = [replace(look, fresh=1 if number % 3 == 0 else 0) for number, look in enumerate(few, 1)]
    assert health.judge(after(plain, *seen[: 20 * 24])).cause is Cause.BROKEN
    assert health.judge(after(plain, *seen)).cause is Cause.OK


def test_no_links_never_become_a_habit(plain: Habit) -> None:
    assert health.judge(after(plain, *looks(*[Status.EMPTY] * 60 * 24, begin=21 * DAY, every=1.0))).cause is Cause.BROKEN


def test_hours_in_which_nobody_looked_are_no_silence(plain: Habit) -> None:
    back = after(plain, *looks(Status.OK, Status.OK, begin=40 * DAY, fresh=12))
    assert health.judge(back).cause is Cause.OK


def test_one_page_without_news_after_a_pause_is_no_silence() -> None:
    habit = after(learned(BUSY, 16), *looks(Status.OK, begin=16 * DAY))
    back = after(habit, *looks(Status.OK, Status.OK, begin=19 * DAY - 5))
    assert health.judge(back).cause is Cause.OK


# ---------------------------------------------------------------- what is said


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (list(looks(*[Status.EMPTY] * 4, begin=21 * DAY)), "4 of the last 4 looks found no link at p, where 30 links are usual"),
        (list(looks(*[Status.OK] * 9, begin=21 * DAY, links=7)), "7 links at p, where 30 are usual"),
        (list(looks(*[Status.FAILED] * 9, begin=21 * DAY)), "9 of the last 9 looks at p failed"),
        (list(looks(*[Status.BLOCKED] * 9, begin=21 * DAY)), "9 of the last 9 looks at p were refused"),
        (
            [Read(at=moment(21 * DAY + hour), failed=hour > 20) for hour in range(30)],
            "in 9 of the last 9 pages no article was found; 2% are usual",
        ),
    ],
)
def test_a_line_says_what_is_wrong_in_numbers(plain: Habit, seen: list[Look | Read], said: str) -> None:
    assert health.judge(after(plain, *seen)).reason == said


def test_a_silence_is_said_in_hours_and_articles(plain: Habit) -> None:
    silent = health.judge(after(plain, *looks(*[Status.OK] * 60, begin=21 * DAY, every=1.0)))
    assert silent.cause is Cause.QUIET
    assert silent.reason == "nothing new for 62.0 hours, in which 18.9 articles are usual"


# ---------------------------------------------------------------- what holds for every state


@given(st.lists(st.booleans(), max_size=60), st.floats(0, 1), st.integers(0, 500))
def test_a_gauge_keeps_within_its_bounds(odd: list[bool], share: float, known: int) -> None:
    gauge = Gauge(odd=share * known, all=known)
    for number, one in enumerate(odd):
        gauge = health.fed(gauge, health._UNREAD, moment(number), one)
        assert 0 <= gauge.score <= health._TELL
        assert gauge.held_odd <= gauge.held_all
        assert (gauge.since is None) == (gauge.score <= 0 and not gauge.told)


@given(st.lists(st.tuples(st.sampled_from(Status), st.integers(0, 40), st.integers(0, 40), st.floats(-1, 90)), max_size=40))
def test_any_looks_give_a_judgement_and_come_back_from_json(seen: list[tuple[Status, int, int, float]]) -> None:
    habit, hour = Habit(), 0.0
    for number, (status, links, fresh, wait) in enumerate(seen):
        hour += wait
        habit = after(habit, Look(at=moment(hour), page=str(number % 2), status=status, links=links, fresh=min(links, fresh)))
        habit = after(habit, Read(at=moment(hour), words=links, dated=links > 5, failed=links == 0))
    assert health.judge(habit).reason
    assert health.unpacked(health.packed(habit)) == habit


def test_a_habit_comes_back_from_json_and_goes_on_alike() -> None:
    habit = learned(STEADY, 40)
    revived = health.unpacked(health.packed(habit))
    assert revived == habit
    assert len(health.packed(habit)) < 8000
    seen = list(world.seen(STEADY, 2, FINE, "9"))
    later = [replace(one, at=one.at + timedelta(days=40)) for one in seen]
    assert after(revived, *later) == after(habit, *later)


def test_a_history_gives_the_habit_of_its_looks_and_reads() -> None:
    seen = list(world.seen(STEADY, 10, FINE, "4"))
    given_looks, given_reads = ([one for one in seen if isinstance(one, kind)] for kind in (Look, Read))
    assert health.replayed(given_looks, given_reads) == learned(STEADY, 10, seed="4")  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [Look, Read, health.Health, Gauge, health.PageState, Habit])
def test_values_are_frozen(value: type) -> None:
    assert value.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert all(one.kw_only for one in dataclasses.fields(value))


def test_a_look_costs_less_than_a_millisecond() -> None:
    habit = learned(STEADY, 40)
    given_looks = list(looks(*[Status.OK] * 200, begin=40 * DAY))
    began = time.process_time()
    for look in given_looks:
        habit = after(habit, look)
        health.judge(habit)
    assert (time.process_time() - began) / len(given_looks) < 0.001


def test_times_are_those_of_vietnam() -> None:
    assert START.hour == 17
    assert health._day(START) == health._day(START + timedelta(hours=23)) == health._day(START - timedelta(minutes=1)) + 1
