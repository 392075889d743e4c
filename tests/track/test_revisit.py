"""When to look again: what holds for every state, what single states mean, and a simulation with pinned floors."""

from __future__ import annotations

import dataclasses
import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bench import revisit as world
from track import revisit
from track.revisit import ArticleState, HostState, ListState, SiteState, Week

NOON = datetime(2026, 11, 18, 5, tzinfo=UTC)  # a Wednesday, 12:00 in Vietnam
HOUR = timedelta(hours=1)

moments = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
spans = st.floats(0, 5000).map(lambda hours: timedelta(hours=hours))
thetas = st.floats(revisit.CHEAPEST, revisit.DEAREST)
weights = st.floats(0.2, 20)
counts = st.floats(0, 500)
cells = st.lists(counts, min_size=48, max_size=48).map(tuple)
weeks = st.builds(Week, seen=cells, expected=cells)
lists = st.builds(ListState, week=weeks, new=counts, hours=counts, last=moments, length=st.integers(0, 200))
sites = st.builds(SiteState, edits=counts, articles=counts)


@st.composite
def articles(draw: st.DrawFn) -> ArticleState:
    born = draw(moments)
    found = born + draw(spans)
    last = found + draw(spans)
    told = last + draw(spans) if draw(st.booleans()) else None
    shape, odds = draw(st.floats(0.1, 30)), draw(st.floats(1, 1000)) if told else 1.0
    return ArticleState(
        a=shape, b=draw(st.floats(0.05, 30)), born=born, found=found, last=last, told=told, lastmod=told, odds=odds
    )


def lively(state: ArticleState | None = None) -> ArticleState:
    return state or revisit.found_article(SiteState(), NOON, NOON - HOUR / 4)


def looks(state: ArticleState, theta: float, days: float, weight: float = 1.0) -> list[float]:
    """The hours after it was found at which an article that never changes is looked at."""
    made: list[float] = []
    while True:
        due = revisit.next_look_article(state, theta, weight, state.last)
        if due > state.found + timedelta(days=days):
            return made
        state = revisit.seen_article(state, due, False)
        made.append((due - state.found) / HOUR)


def watched(rate: float, days: int, gap: float = 1.0) -> ListState:
    """A page that gains `rate` articles in each hour from 7 to 19 o'clock in Vietnam, and none at night."""
    state, now, owed = ListState(), NOON, 0.0
    for _ in range(int(days * 24 / gap)):
        now += timedelta(hours=gap)
        owed += rate * gap if 7 <= (now.hour + 7) % 24 < 19 else 0.0
        state = revisit.seen_list(state, now, int(owed), 25)
        owed -= int(owed)
    return state


# ---------------------------------------------------------------- what holds for every state


@given(lists, thetas, weights, moments)
def test_a_list_is_never_due_in_the_past_and_within_its_clamps(
    state: ListState, theta: float, weight: float, now: datetime
) -> None:
    due = revisit.next_look_list(state, theta, weight, now)
    assert due >= now
    assert state.last is not None
    if due > now:
        assert revisit.SOONEST - 1e-6 <= (due - state.last) / HOUR <= revisit.LATEST + 1e-6


@given(articles(), thetas, weights, spans)
def test_an_article_is_never_due_in_the_past(state: ArticleState, theta: float, weight: float, later: timedelta) -> None:
    now = state.last + later
    due = revisit.next_look_article(state, theta, weight, now)
    assert due >= now
    assert due == now or due - state.last >= timedelta(minutes=4.99)


@given(lists, thetas, thetas, weights, weights)
def test_a_list_is_due_later_the_more_a_look_costs_and_the_less_it_weighs(
    state: ListState, theta: float, other: float, weight: float, heavy: float
) -> None:
    assert state.last is not None
    cheap, dear = sorted((theta, other))
    light, heavy = sorted((weight, heavy))
    assert revisit.next_look_list(state, cheap, weight, state.last) <= revisit.next_look_list(state, dear, weight, state.last)
    assert revisit.next_look_list(state, theta, heavy, state.last) <= revisit.next_look_list(state, theta, light, state.last)


@given(articles(), thetas, thetas, weights, weights)
def test_so_is_an_article(state: ArticleState, theta: float, other: float, weight: float, heavy: float) -> None:
    cheap, dear = sorted((theta, other))
    light, heavy = sorted((weight, heavy))
    assert revisit.next_look_article(state, cheap, weight, state.last) <= revisit.next_look_article(
        state, dear, weight, state.last
    )
    assert revisit.next_look_article(state, theta, heavy, state.last) <= revisit.next_look_article(
        state, theta, light, state.last
    )


@given(lists, thetas)
def test_no_more_than_half_of_a_list_is_expected_to_be_new(state: ListState, theta: float) -> None:
    assert state.last is not None
    assume(state.length > 0)
    due = revisit.next_look_list(state, theta, 1.0, state.last)
    pace, gap = revisit.paces(state.week), (due - state.last) / HOUR
    rate = (state.new + revisit._PRIOR_NEW) / (state.hours + revisit._PRIOR_HOURS)
    expected = rate * sum(pace[cell] * span for cell, span in revisit.cells(state.last, gap))
    assert expected <= state.length / 2 * 1.001 or gap <= revisit.SOONEST * 1.001


@given(lists, st.integers(0, 200), spans)
def test_a_look_leaves_a_week_whose_pace_is_one_on_the_mean(state: ListState, new: int, later: timedelta) -> None:
    assert state.last is not None
    after = revisit.seen_list(state, state.last + later, new)
    pace = revisit.paces(after.week)
    assert (5 * sum(pace[:24]) + 2 * sum(pace[24:])) / 168 == pytest.approx(1)
    assert min(pace) > 0
    assert after.new >= 0
    assert after.hours >= 0


@given(articles(), sites, st.booleans(), spans)
def test_a_look_never_makes_a_state_that_cannot_be(state: ArticleState, site: SiteState, changed: bool, later: timedelta) -> None:
    after, learned = (
        revisit.seen_article(state, state.last + later, changed),
        revisit.seen_site(site, state, state.last + later, changed),
    )
    assert after.a >= state.a
    assert after.b >= state.b
    assert after.told is None
    assert learned.articles >= 0
    assert revisit.found_article(learned, NOON).b > 0


@given(articles(), thetas, moments, sites)
def test_evidence_brings_a_look_forward_and_never_puts_it_off(
    state: ArticleState, theta: float, lastmod: datetime, site: SiteState
) -> None:
    state = replace(state, told=None, odds=1.0, lastmod=None)
    before = revisit.next_look_article(state, theta, 1.0, state.last)
    told = revisit.heard(state, site, lastmod, max(lastmod, state.last))
    assert revisit.next_look_article(told, theta, 1.0, state.last) <= before + timedelta(seconds=1)
    if lastmod <= state.last:
        assert told.told is None
        assert revisit.next_look_article(told, theta, 1.0, state.last) == before


@given(thetas, st.floats(0.05, 20), st.floats(0, 24))
def test_every_article_is_looked_at_after_a_day_and_after_a_week(theta: float, mean: float, age: float) -> None:
    assume(theta > 0.01)  # else there are thousands of looks
    site = SiteState(edits=1000 * mean, articles=1000)
    times = looks(revisit.found_article(site, NOON, NOON - age * HOUR), theta, 40)
    assert any(24 <= when <= 48.01 for when in times)
    assert any(144 <= when <= 192.01 for when in times)


@given(lists, articles(), thetas, weights)
def test_the_same_question_has_the_same_answer(page: ListState, state: ArticleState, theta: float, weight: float) -> None:
    assert page.last is not None
    copy, twin = dataclasses.replace(page), dataclasses.replace(state)
    for _ in range(2):
        assert revisit.next_look_list(page, theta, weight, page.last) == revisit.next_look_list(copy, theta, weight, page.last)
        assert revisit.next_look_article(state, theta, weight, NOON) == revisit.next_look_article(twin, theta, weight, NOON)
        assert revisit.seen_list(page, page.last + HOUR, 3) == revisit.seen_list(copy, page.last + HOUR, 3)
    assert (page, state) == (copy, twin)


def revived(kind: type[Any], row: dict[str, Any]) -> Any:
    """A state from what JSON keeps of it."""
    dated = {name for name, of in kind.__annotations__.items() if "datetime" in of}
    fields = {name: datetime.fromisoformat(one) if name in dated and one is not None else one for name, one in row.items()}
    if "week" in fields:
        fields["week"] = Week(**{name: tuple(cells) for name, cells in fields["week"].items()})
    return kind(**fields)


@given(lists, articles(), sites)
def test_states_are_plain_and_come_back_from_json(page: ListState, article: ArticleState, site: SiteState) -> None:
    for state in (page, article, site, HostState(theta=0.3, asked=None, since=NOON)):
        row = json.loads(json.dumps(dataclasses.asdict(state), default=datetime.isoformat))
        assert revived(type(state), row) == state


@pytest.mark.parametrize("state", [Week, ListState, ArticleState, SiteState, HostState])
def test_states_are_values(state: type) -> None:
    assert state.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert all(one.kw_only for one in dataclasses.fields(state))
    assert "__slots__" in vars(state)


# ---------------------------------------------------------------- list pages


def test_a_page_never_looked_at_is_due_now() -> None:
    assert revisit.next_look_list(ListState(), 1.0, 1.0, NOON) == NOON


def test_a_first_look_teaches_nothing() -> None:
    state = revisit.seen_list(ListState(), NOON, 25, 25)
    assert (state.new, state.hours, state.last, state.length) == (0.0, 0.0, NOON, 25)


def test_a_second_look_at_the_same_moment_changes_nothing() -> None:
    state = watched(1, 3)
    assert state.last is not None
    assert revisit.seen_list(state, state.last, 7) == state
    assert revisit.seen_list(state, state.last - HOUR, 7) == state


def test_the_waiting_at_the_look_is_theta() -> None:
    state = ListState(new=revisit._PRIOR_NEW * 199, hours=revisit._PRIOR_HOURS * 199, last=NOON)  # five a day, all hours alike
    gap = (revisit.next_look_list(state, 0.9, 1.0, NOON) - NOON) / HOUR
    assert (5 / 24) * gap**2 / 2 == pytest.approx(0.9, rel=1e-6)
    assert (revisit.next_look_list(state, 0.9, 4.0, NOON) - NOON) / HOUR == pytest.approx(gap / 2, rel=1e-6)


def test_the_hours_of_a_site_are_learned() -> None:
    state = watched(1, 28)
    pace = revisit.paces(state.week)
    assert min(pace[8:18]) > 1.5
    assert max(pace[0:5]) < 0.4
    night = NOON.replace(hour=13)  # 20:00 in Vietnam
    asleep = revisit.next_look_list(replace(state, last=night), 1.0, 1.0, night) - night
    awake = revisit.next_look_list(replace(state, last=NOON), 1.0, 1.0, NOON) - NOON
    assert asleep > 3 * awake


def test_weekends_are_those_of_vietnam() -> None:
    friday = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)  # 23:30 there
    assert [cell for cell, _ in revisit.cells(friday, 2.0)] == [23, 24, 25]
    sunday = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
    assert [cell for cell, _ in revisit.cells(sunday, 1.0)] == [47, 0]


def test_a_page_that_falls_silent_is_looked_at_less() -> None:
    busy = watched(2, 14)
    assert busy.last is not None
    silent = busy
    for hour in range(1, 15 * 24):
        silent = revisit.seen_list(silent, busy.last + hour * HOUR, 0)
    assert silent.last is not None
    after, before = (revisit.next_look_list(replace(one, last=NOON), 1.0, 1.0, NOON) for one in (silent, busy))
    assert after - NOON > 1.5 * (before - NOON)


def test_after_a_long_gap_the_rate_is_counted_and_the_hours_are_left_alone() -> None:
    state = watched(1, 14)
    assert state.last is not None
    after = revisit.seen_list(state, state.last + 90 * HOUR, 25)
    assert after.week == state.week
    assert after.new > 25


# ---------------------------------------------------------------- articles


def test_how_an_ordinary_article_is_looked_at() -> None:
    assert [round(hours) for hours in looks(lively(), 0.5, 30)] == [1, 5, 18, 48, 98, 171, 302]
    assert len(looks(lively(), 0.16, 30)) == 13
    assert [round(hours) for hours in looks(lively(), 1000.0, 60)] == [48, 192]  # a host without a budget


def test_an_edit_brings_the_next_looks_forward() -> None:
    quiet, edited = (revisit.seen_article(lively(), NOON + HOUR, changed) for changed in (False, True))
    now = NOON + HOUR
    assert revisit.next_look_article(edited, 1.0, 1.0, now) - now < (revisit.next_look_article(quiet, 1.0, 1.0, now) - now) / 3


def test_a_site_that_edits_much_is_looked_at_more() -> None:
    much, little = (revisit.found_article(SiteState(edits=edits, articles=200), NOON) for edits in (300, 10))
    assert revisit.next_look_article(much, 1.0, 1.0, NOON) < revisit.next_look_article(little, 1.0, 1.0, NOON)


def test_versions_overwritten_unseen_have_a_price() -> None:
    edited = revisit.seen_article(lively(), NOON + HOUR, True)
    dear, free = (revisit.next_look_article(edited, 1.0, 1.0, NOON, lost) for lost in (revisit.LOST, 0.0))
    assert dear < free


@pytest.mark.parametrize("years", [1, 11, 60])
def test_an_old_article_is_left_alone_once_it_was_looked_at(years: int) -> None:
    old = revisit.found_article(SiteState(), NOON, NOON - timedelta(days=365 * years))
    assert [round(hours) for hours in looks(old, 0.5, 1000)] == [48, 192]


def test_a_date_in_the_future_is_not_believed() -> None:
    assert revisit.found_article(SiteState(), NOON, NOON + 9 * HOUR).born == NOON


def test_the_share_of_edits_by_age() -> None:
    shares = [revisit.share_edited(age) for age in (0, 2, 24, 168, 720, 10_000)]
    assert shares == pytest.approx([0, 0.415, 0.762, 0.963, 1, 1], abs=0.003)
    step = 0.01
    summed = sum(revisit.share_edited(n * step) for n in range(10_000)) * step
    assert revisit._summed(100) == pytest.approx(summed, rel=1e-3)


# ---------------------------------------------------------------- evidence


def visits(site: SiteState, count: int, told: bool, changed: bool) -> SiteState:
    """A site after looks at articles that it dates."""
    state = replace(lively(), lastmod=NOON, told=NOON if told else None)
    for _ in range(count):
        site = revisit.seen_site(site, state, NOON + HOUR, changed)
    return site


HONEST = visits(visits(SiteState(), 300, False, False), 30, True, True)
REBUILT = visits(visits(SiteState(), 300, True, False), 30, True, True)
LATER = NOON + 50 * HOUR
CALM = revisit.seen_article(lively(), LATER, False)


def due(state: ArticleState, now: datetime) -> float:
    return (revisit.next_look_article(state, 0.64, 1.0, now) - now) / HOUR


def test_a_true_lastmod_brings_a_look_of_the_next_day_into_the_next_hours() -> None:
    said = LATER + 2 * HOUR
    assert due(CALM, said) > 30
    assert due(revisit.heard(CALM, HONEST, said, said), said) < 3
    assert due(revisit.heard(lively(), HONEST, NOON + HOUR / 3, NOON + HOUR / 2), NOON + HOUR / 2) < 0.1


def test_a_lastmod_that_is_the_day_of_rebuilding_hurries_nothing() -> None:
    said = LATER + 2 * HOUR
    assert due(revisit.heard(CALM, REBUILT, said, said), said) > 0.8 * due(CALM, said)


def test_a_lastmod_counts_once() -> None:
    said = LATER + 2 * HOUR
    looked = revisit.seen_article(revisit.heard(CALM, HONEST, said + 7 * HOUR, said), said + HOUR, False)
    assert revisit.heard(looked, HONEST, said + 7 * HOUR, said + 2 * HOUR) == looked
    assert revisit.heard(looked, HONEST, said + 8 * HOUR, said + 9 * HOUR).told is not None


def test_an_old_lastmod_leaves_the_looks_of_a_day_and_a_week() -> None:
    state = revisit.heard(lively(), HONEST, NOON - HOUR, NOON)
    assert looks(state, 50.0, 30) == looks(lively(), 50.0, 30)


def test_a_site_that_dates_nothing_learns_nothing_of_its_dates() -> None:
    after = revisit.seen_site(SiteState(), lively(), NOON + HOUR, True)
    assert (after.edits_all, after.quiet_all) == (SiteState().edits_all, SiteState().quiet_all)


# ---------------------------------------------------------------- the budget


@pytest.mark.parametrize(("asked", "factor"), [(1e9, 1.05), (0.0, 1 / 1.05), (10.0, 1.0)])
def test_theta_moves_by_a_twentieth_an_hour_at_most(asked: float, factor: float) -> None:
    assert revisit.steer(2.0, asked, 10.0) == pytest.approx(2.0 * factor)


@given(thetas, st.floats(0, 1e6), st.floats(0, 1e6))
def test_theta_goes_the_right_way_and_stays_within_bounds(theta: float, asked: float, allowed: float) -> None:
    after = revisit.steer(theta, asked, allowed)
    assert revisit.CHEAPEST <= after <= revisit.DEAREST
    assert (after >= theta) if asked >= allowed else (after <= theta)


def test_a_host_finds_the_theta_of_its_budget() -> None:
    host, now = HostState(), NOON
    for hour in range(24 * 30):
        now += HOUR
        swing = 1.7 if hour % 24 < 12 else 0.3  # requests by day and by night
        host = revisit.seen_host(host, now, round(swing * 400 / host.theta**0.5), 100.0)
    assert host.theta == pytest.approx(16, rel=0.25)


def test_a_pause_moves_theta_by_one_step() -> None:
    host = revisit.seen_host(HostState(since=NOON), NOON + 900 * HOUR, 0, 10.0)
    assert host.theta >= 1 / 1.0501


# ---------------------------------------------------------------- how good it is


def test_questions_are_cheap() -> None:
    page, state = watched(1, 3), revisit.seen_article(lively(), NOON + HOUR, True)
    begin = time.process_time()
    for _ in range(2000):
        revisit.next_look_list(page, 1.0, 1.0, NOON)
        revisit.next_look_article(state, 1.0, 1.0, NOON)
    assert (time.process_time() - begin) / 4000 < 150e-6  # 20 on an idle machine


def test_new_articles_are_found_sooner_than_by_any_fixed_interval() -> None:
    pages = world.make_pages(1, False)
    _, ours = world.tune(lambda knob: world.watch_pages(pages, world.Ours(knob, pages)), 12, 0.66, within=0.01)
    fixed = world.watch_pages(pages, world.Fixed(2.0))
    minutes = [60 * sum(score.delays) / len(score.delays) for score in (ours, fixed)]
    assert ours.looks <= 12.12
    assert minutes[0] <= 38
    assert minutes[1] >= 58
    assert ours.lost == 0


def test_edits_are_seen_sooner_and_fewer_are_lost_than_by_any_fixed_interval() -> None:
    stories = world.make_stories(1)
    _, ours = world.tune(lambda knob: world.watch_stories(stories, world.OursByAge(knob)), 8, 0.64, within=0.01)
    fixed = world.watch_stories(stories, world.ByAge(20.9, world.week_long))
    hours = [sum(score.delays) / len(score.delays) for score in (ours, fixed)]
    lost = [score.lost / len(score.delays) for score in (ours, fixed)]
    assert ours.looks <= 8.08
    assert fixed.looks >= 8
    assert hours[0] <= 9
    assert lost[0] <= 0.13
    assert hours[1] >= 30
    assert lost[1] >= 0.28
