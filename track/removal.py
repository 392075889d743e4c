"""Whether an article can still be had, pure: there, suspect, or gone. What was seen so far is a value, and so is the answer.

An article is gone only after several checks over days have found it missing, and nothing but its host's own life makes a
check count: what lies between two checks proves something only if another page of the host was answered well meanwhile. So a
site that is down removes nothing. Nor does one that is rebuilt: where many of the articles that are looked at vanish at once,
those that were last seen before are suspect and stay so. A removal that is not told is better than one that was none.

Times are aware and in UTC; spans are hours.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any


class Sign(StrEnum):
    """What an answer says of an article that was there before."""

    ALIVE = "alive"  # it was read, or is as it was
    MISSING = "missing"  # 404, 410
    REPLACED = "replaced"  # a front page, a list, an error page or nothing stands in its place: the weaker sign
    UNSURE = "unsure"  # no answer, a refusal, another kind of page: says nothing


class Verdict(StrEnum):
    ALIVE = "alive"
    SUSPECT = "suspect"
    GONE = "gone"


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """What speaks for a removal. None in its place: nothing."""

    since: datetime  # first check that found it missing
    last: datetime  # such check
    said: str  # what the last one found, for a person
    checks: int = 1  # that found it missing, in a row
    counted: int = 1  # those before which the host was seen alive; the first one is
    worth: int  # of those counted, see _WORTH
    hours: float = 0.0  # before those counted, each since the check before it
    asked: int = 0  # answers since the last check that brought something new
    doubt: str = ""  # why the last check did not count, or why the article is not gone for all its checks
    gone: datetime | None = None  # when it was found to be


@dataclass(frozen=True, kw_only=True, slots=True)
class Life:
    """What a host shows of itself. Counts fade by half in two days."""

    lived: datetime | None = None  # the last time when a list or an article of it was answered well
    there: float = 0.0  # looks at stored articles that found them
    lost: float = 0.0  # that found one missing that was there before
    at: datetime | None = None  # of the last look counted
    shaken: datetime | None = None  # the last time when many of them vanished at once


# ---------------------------------------------------------------- a host

_HALF_LIFE = 48.0  # hours
_MANY = 2.5  # articles lost at once, of which the earlier have faded a little: three
_LARGE = 0.25  # share of the articles looked at; ordinary is one in a hundred


def lived(life: Life, at: datetime) -> Life:
    """The host after a page of it was answered well."""
    return replace(life, lived=at)


def looked(life: Life, at: datetime, *, lost: bool) -> Life:
    """The host after a look at a stored article: it was there, or is missing for the first time."""
    fade = 0.5 ** (max(0.0, _hours(life.at or at, at)) / _HALF_LIFE)
    there, gone = life.there * fade + (not lost), life.lost * fade + lost
    is_shaken = lost and gone >= _MANY and gone >= _LARGE * (there + gone)
    after = replace(life, there=there, lost=gone, at=at, shaken=at if is_shaken else life.shaken)
    return after if lost else lived(after, at)


# ---------------------------------------------------------------- an article

_WORTH = {Sign.MISSING: 2, Sign.REPLACED: 1}
_ENOUGH = 6  # three answers that say it is missing, or six pages that stand in its place
_CHECKS = 3  # at least
_SPAN = 48.0  # hours at least
_APART = 4.0  # hours: a check sooner after the last one is the same check
SILENT = "nothing else of its host was seen since the last check"
SHAKEN = "many articles of its host vanished at once"


def seen(
    state: State | None, at: datetime, sign: Sign, said: str = "", *, life: Life | None = None, known: datetime | None = None
) -> State | None:
    """What speaks for a removal after a look at the article. `known`: when it was last there."""
    if sign is Sign.ALIVE:
        return None
    if sign is Sign.UNSURE or (state and state.gone):
        return state and replace(state, asked=state.asked + 1)
    if state is None or _hours(at, state.last) >= _APART:  # a clock was set back: begin anew
        return State(since=at, last=at, said=said, worth=_WORTH[sign])
    if _hours(state.last, at) < _APART:
        return state
    life = life or Life()
    return _judged(_checked(state, at, sign, said, life), life, known)


def _checked(state: State, at: datetime, sign: Sign, said: str, life: Life) -> State:
    after = replace(state, last=at, said=said, checks=state.checks + 1, asked=0, doubt=SILENT)
    if life.lived is None or not state.last < life.lived <= at:
        return after
    hours = state.hours + _hours(state.last, at)
    return replace(after, counted=state.counted + 1, worth=state.worth + _WORTH[sign], hours=hours, doubt="")


def _judged(state: State, life: Life, known: datetime | None) -> State:
    if life.shaken and (known is None or known < life.shaken) and life.shaken <= state.last:
        return replace(state, doubt=SHAKEN)
    is_enough = state.counted >= _CHECKS and state.worth >= _ENOUGH and state.hours >= _SPAN
    return replace(state, gone=state.last) if is_enough and not state.doubt else state


def verdict(state: State | None) -> Verdict:
    """What the article is."""
    return Verdict.ALIVE if state is None else Verdict.GONE if state.gone else Verdict.SUSPECT


_WHOLE, _REST, _PART = 100, 80, 8  # words of an article, at most of what an emptied page still holds, and times more it was


def is_emptied(before: int, words: int) -> bool:
    """The text that a page holds is what stands around articles, or a notice, and no edit of the one that was there."""
    return before >= _WHOLE and words <= _REST and words * _PART <= before


# ---------------------------------------------------------------- the next check

SOON = 8.0  # hours from the first check to the second; then twice as long each time
_LATE = 672.0  # hours, four weeks: no longer between two checks of a suspect
_MOST = 20  # checks and other answers of a suspect, about a year of them
_AFTER = 168.0  # hours, a week, from the removal to the first look for a return; then twice as long each time
_RETURNS = 6  # such looks, over more than a year
_AN_HOUR = 2.0  # checks of the suspects of one host that are asked of it: it has a budget for its news


def next_check(state: State | None, at: datetime, life: Life | None = None) -> datetime | None:
    """When to look again at a suspect, or for a return; None: never, or as ever where nothing is suspicious."""
    if state is None:
        return None
    if state.gone:
        return at + timedelta(hours=_AFTER * 2**state.asked) if state.asked < _RETURNS else None
    steps = state.checks - 1 + state.asked
    if steps >= _MOST:
        return None
    crowd = life.lost / _AN_HOUR if life else 0.0
    return at + timedelta(hours=min(max(SOON * 2**steps, crowd), _LATE))


# ---------------------------------------------------------------- told, and kept as JSON

_ZONE = timezone(timedelta(hours=7))  # days are those of Vietnam


def told(state: State) -> str:
    """What shows a removal, in one line: `HTTP 404 since 12/11/2026, 4 checks in 3 days`."""
    days = max(1, round(_hours(state.since, state.last) / 24))
    checks = f"{state.checks} check{'s' * (state.checks > 1)}"
    return f"{state.said} since {state.since.astimezone(_ZONE):%d/%m/%Y}, {checks} in {days} day{'s' * (days > 1)}"


def packed(value: State | Life) -> str:
    """A value as a line of JSON."""
    return json.dumps(asdict(value), default=_moment, ensure_ascii=False, separators=(",", ":"))


def state_of(row: str | None) -> State | None:
    """The state that `packed` wrote."""
    return State(**_revived(row, "since", "last", "gone")) if row else None


def life_of(row: str | None) -> Life:
    """The host that `packed` wrote."""
    return Life(**_revived(row, "lived", "at", "shaken")) if row else Life()


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()


def _revived(row: str, *times: str) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(row)
    return kept | {name: datetime.fromisoformat(kept[name]) for name in times if kept[name]}


def _hours(start: datetime, end: datetime) -> float:
    return (end - start) / timedelta(hours=1)
