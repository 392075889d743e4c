"""Whether an article can still be had: what holds for every order of signs, and what single stories mean."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from track import removal
from track.removal import Life, Sign, State, Verdict

NOON = datetime(2026, 11, 12, 5, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
A, M, R, U = Sign.ALIVE, Sign.MISSING, Sign.REPLACED, Sign.UNSURE
LIVELY = timedelta(minutes=10)  # so long before each look something else of the host answered


def after(
    *looks: tuple[float, Sign], lively: bool = True, shaken: float | None = None, known: float = -1.0, start: datetime = NOON
) -> State | None:
    """The state after looks at these hours; `shaken` and `known` in hours too."""
    state: State | None = None
    for hours, sign in looks:
        at = start + hours * HOUR
        life = Life(lived=at - LIVELY if lively else None, shaken=None if shaken is None else start + shaken * HOUR)
        state = removal.seen(state, at, sign, "HTTP 404", life=life, known=start + known * HOUR)
    return state


def every(hours: float, *signs: Sign) -> list[tuple[float, Sign]]:
    return [(hours * number, sign) for number, sign in enumerate(signs)]


@pytest.mark.parametrize(
    ("looks", "more", "expected"),
    [
        pytest.param([], {}, Verdict.ALIVE, id="nothing was seen: it is there"),
        pytest.param([(0, U), (9, U)], {}, Verdict.ALIVE, id="failures alone say nothing"),
        pytest.param([(0, M)], {}, Verdict.SUSPECT, id="one 404 makes it suspect"),
        pytest.param([(0, M), (8, A)], {}, Verdict.ALIVE, id="a 404 once, then back: it is there"),
        pytest.param(every(24, M, M, M), {}, Verdict.GONE, id="three 404s over 48 hours: gone"),
        pytest.param(every(23.9, M, M, M), {}, Verdict.SUSPECT, id="three 404s in less than 48 hours are not enough"),
        pytest.param([(0, M), (60, M)], {}, Verdict.SUSPECT, id="two 404s are not enough, however far apart"),
        pytest.param(every(0.5, *[M] * 96), {}, Verdict.SUSPECT, id="a hundred looks in two days by an impatient person count once"),
        pytest.param(every(24, M, M, A, M, M), {}, Verdict.SUSPECT, id="an answer between begins it anew"),
        pytest.param(every(24, M, U, U, M, U, M), {}, Verdict.GONE, id="failures between neither count nor forgive"),
        pytest.param(every(24, M, U, M, U), {}, Verdict.SUSPECT, id="a failure is never the third check"),
        pytest.param(every(24, R, R, R, R, R), {}, Verdict.SUSPECT, id="five soft 404s are not enough"),
        pytest.param(every(24, R, R, R, R, R, R), {}, Verdict.GONE, id="six soft 404s are"),
        pytest.param(every(24, M, M, R, R), {}, Verdict.GONE, id="two 404s and two soft ones are"),
        pytest.param(every(24, *[M] * 9), {"lively": False}, Verdict.SUSPECT, id="a host that shows no life removes nothing"),
        pytest.param(every(24, *[M] * 9), {"shaken": 1}, Verdict.SUSPECT, id="nor one on which many vanished at once"),
        pytest.param(every(24, *[M] * 9), {"shaken": -9, "known": -1}, Verdict.GONE, id="one that was there after that is judged"),
        pytest.param(every(24, *[M] * 9), {"shaken": 9e4}, Verdict.GONE, id="what many did in years to come, by a wrong clock, is nothing"),
        pytest.param([(9e4, M), (0, M), (24, M), (48, M)], {}, Verdict.GONE, id="a clock set back begins it anew"),
        pytest.param([(9e4, M), (9e4 + 24, M), (0, M)], {}, Verdict.SUSPECT, id="and what it said before does not count"),
        pytest.param([*every(24, M, M, M), (99, U)], {}, Verdict.GONE, id="gone stays gone while nothing is sure"),
        pytest.param([*every(24, M, M, M), (999, A)], {}, Verdict.ALIVE, id="and is there when it is there"),
    ],
)  # fmt: skip
def test_what_looks_mean(looks: Sequence[tuple[float, Sign]], more: dict[str, Any], expected: Verdict) -> None:
    assert removal.verdict(after(*looks, **more)) is expected


def test_checks_made_while_the_host_was_down_do_not_count_when_it_lives_again() -> None:
    state = after(*every(24, M, M, M, M), lively=False)
    assert state is not None
    assert (state.checks, state.counted, state.doubt) == (4, 1, removal.SILENT)
    for day, expected in ((4, Verdict.SUSPECT), (5, Verdict.GONE)):
        at = NOON + day * DAY
        state = removal.seen(state, at, M, "HTTP 404", life=Life(lived=at - HOUR), known=NOON - HOUR)
        assert removal.verdict(state) is expected


def test_life_that_a_wrong_clock_dates_years_ahead_proves_nothing() -> None:
    state: State | None = None
    for number in range(9):
        state = removal.seen(state, NOON + number * DAY, M, "HTTP 404", life=Life(lived=NOON + 900 * DAY), known=NOON)
    assert removal.verdict(state) is Verdict.SUSPECT


def test_the_reason_says_why_it_is_not_told() -> None:
    state = after(*every(24, M, M, M, M), shaken=0)
    assert state is not None
    assert state.doubt == removal.SHAKEN


def test_what_shows_a_removal_is_one_line() -> None:
    state = after((0, M), (8, M), (24, M), (56, M))
    assert state is not None
    assert removal.told(state) == "HTTP 404 since 12/11/2026, 4 checks in 2 days"
    assert state.gone == NOON + 56 * HOUR


@pytest.mark.parametrize(
    ("before", "words", "emptied"),
    [
        pytest.param(450, 24, True, id="a footer is left of an article"),
        pytest.param(450, 60, False, id="a seventh of it is left: an edit"),
        pytest.param(3000, 250, False, id="many words are left"),
        pytest.param(90, 5, False, id="it was short before"),
        pytest.param(0, 20, False, id="nothing was there before"),
    ],
)
def test_a_page_is_emptied_where_hardly_a_text_is_left(before: int, words: int, emptied: bool) -> None:
    assert removal.is_emptied(before, words) is emptied


# ---------------------------------------------------------------- a host


def looks(life: Life, count: int, *, lost: bool, start: datetime = NOON, every: timedelta = HOUR / 60) -> Life:
    for number in range(count):
        life = removal.looked(life, start + number * every, lost=lost)
    return life


@pytest.mark.parametrize(
    ("there", "lost", "every", "shaken"),
    [
        pytest.param(0, 2, HOUR, False, id="two articles are not many"),
        pytest.param(0, 3, HOUR, True, id="three of three that vanish at once are"),
        pytest.param(300, 8, HOUR, False, id="eight of three hundred are a usual week"),
        pytest.param(20, 8, HOUR, True, id="eight of twenty are not"),
        pytest.param(0, 9, 5 * DAY, False, id="one in five days, and nothing else is looked at, is not at once"),
    ],
)
def test_a_host_is_shaken_where_many_vanish_at_once(there: int, lost: int, every: timedelta, shaken: bool) -> None:
    life = looks(looks(Life(), there, lost=False), lost, lost=True, start=NOON + 6 * HOUR, every=every)
    assert (life.shaken is not None) is shaken


def test_a_look_that_found_an_article_is_a_sign_of_life_and_one_that_did_not_is_none() -> None:
    assert removal.looked(Life(), NOON, lost=False).lived == NOON
    assert removal.looked(Life(), NOON, lost=True).lived is None


# ---------------------------------------------------------------- the next check


def schedule(sign: Sign, *, gone: bool, life: Life | None = None) -> list[float]:
    """Hours from one check to the next, until there is none."""
    state = after(*every(24, M, M, M)) if gone else after((0, M))
    at, waits = state.last if state else NOON, []
    while due := removal.next_check(state, at, life):
        waits.append((due - at) / HOUR)
        state, at = removal.seen(state, due, sign, "HTTP 404"), due
    return waits


def test_a_suspect_is_checked_ever_less_and_no_more_after_about_a_year() -> None:
    waits = schedule(M, gone=False)
    assert waits[:6] == [8, 16, 32, 64, 128, 256]
    assert 300 * 24 < sum(waits) < 420 * 24


def test_so_is_one_whose_host_does_not_answer() -> None:
    assert schedule(U, gone=False) == schedule(M, gone=False)


def test_a_removal_of_404s_is_told_in_three_days_and_one_of_soft_404s_in_eleven() -> None:
    for sign, expected in ((M, 56), (R, 248)):
        state, at = after((0, sign)), NOON
        while removal.verdict(state) is Verdict.SUSPECT:
            at = removal.next_check(state, at) or at
            state = removal.seen(state, at, sign, "", life=Life(lived=at - LIVELY), known=NOON)
        assert (at - NOON) / HOUR == expected


@pytest.mark.parametrize("sign", [M, R, U])
def test_a_return_is_looked_for_after_a_week_a_month_and_longer_and_then_never_again(sign: Sign) -> None:
    assert [wait / 24 for wait in schedule(sign, gone=True)] == [7, 14, 28, 56, 112, 224]


def test_where_many_vanish_at_once_each_waits_longer() -> None:
    state = after((0, M))
    assert removal.next_check(state, NOON, Life(lost=10.0)) == NOON + 8 * HOUR
    assert removal.next_check(state, NOON, Life(lost=200.0)) == NOON + 100 * HOUR
    assert removal.next_check(state, NOON, Life(lost=20_000.0)) == NOON + 28 * DAY


def test_what_is_not_suspect_is_looked_at_as_ever() -> None:
    assert removal.next_check(None, NOON) is None


# ---------------------------------------------------------------- for every order of signs

moments = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
lives = st.builds(
    Life,
    lived=st.none() | moments,
    there=st.floats(0, 1e6),
    lost=st.floats(0, 1e6),
    at=st.none() | moments,
    shaken=st.none() | moments,
)
signs = st.sampled_from(Sign)
steps = st.tuples(st.floats(-100, 400).map(lambda hours: hours * HOUR), signs, st.booleans())


@given(st.lists(st.tuples(moments, signs, lives, st.none() | moments), max_size=20))
def test_no_order_of_signs_and_times_is_an_error_and_each_state_is_kept_as_json(given: list[Any]) -> None:
    state: State | None = None
    for at, sign, life, known in given:
        life = removal.life_of(removal.packed(removal.looked(life, at, lost=sign is M)))
        state = removal.seen(state, at, sign, "lời", life=life, known=known)
        due = removal.next_check(state, at, life)
        assert due is None or HOUR <= due - at <= 230 * DAY
        if state:
            assert removal.state_of(removal.packed(state)) == state
            assert json.loads(removal.packed(state))
            assert removal.told(state)
    assert removal.state_of(None) is None
    assert removal.life_of(None) == Life()


@given(st.lists(steps, max_size=40))
def test_one_answer_that_it_is_there_ends_every_suspicion(given: list[Any]) -> None:
    state, at = None, NOON
    for step, sign, lively in given:
        at += step
        state = removal.seen(state, at, sign, life=Life(lived=at - LIVELY if lively else None), known=NOON)
    assert removal.seen(state, at, A) is None


@given(st.lists(steps, max_size=40))
def test_gone_needs_three_checks_over_two_days_without_an_answer_between(given: list[Any]) -> None:
    state, at = None, NOON
    missed: list[datetime] = []
    for step, sign, lively in given:
        at += step
        missed = [] if sign is A else [*missed, at] if sign in (M, R) else missed
        before = removal.verdict(state)
        state = removal.seen(state, at, sign, life=Life(lived=at - LIVELY if lively else None), known=NOON)
        if removal.verdict(state) is Verdict.GONE and before is not Verdict.GONE:
            assert sign in (M, R)
            assert len(missed) >= 3
            assert max(missed) - min(missed) >= 2 * DAY
            assert state is not None
            assert state.counted >= 3
            return
