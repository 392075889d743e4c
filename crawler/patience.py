"""When a host is left alone and for how long, and how fast it is asked: the rules as numbers, pure.

All times are seconds; `now` is a monotonic clock's, except in `retry_after`.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from model import Outcome

SHORTEST = 30.0  # a host that asks for less is left alone for so long all the same
USUAL = 300.0  # for a host that does not say how long, and for one that keeps failing
LONGEST = 86_400.0
JITTER = 0.2  # a pause is up to this share longer, so that hosts that failed together are not asked together

PATIENCE = 10  # failing answers in a row after which a host is left alone

ROBOTS_AGE = 86_400.0  # RFC 9309, 2.4: a robots.txt is not used for longer
ROBOTS_WAIT = 600.0  # after the first robots.txt in a row that could not be had
ROBOTS_LONGEST = 4 * 3_600.0

LONGEST_CRAWL_DELAY = 30.0  # a longer one is cut to this
SLOWEST = 60.0  # between two requests to a host that answers slowly

TURN = 0.1  # between two looks at the clock
STALL = 0.3  # a longer time without one is a stall of our own

_DIGITS = re.compile(r"\d+")
_DOUBLINGS = 20  # of the shortest pause these are a year: beyond every bound here


def retry_after(value: str, now: datetime) -> float | None:
    """What a Retry-After asks for, in seconds or as a date (RFC 9110, 10.2.3); None: it says nothing that can be read."""
    value = value.strip()
    if _DIGITS.fullmatch(value):
        return float(value[:12])  # more digits are more years, and int() takes only so many
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, OverflowError):  # a zone of twenty digits
        return None
    return max(0.0, ((date if date.tzinfo else date.replace(tzinfo=UTC)) - now).total_seconds())


def _doubled(first: float, row: int, longest: float) -> float:
    return min(first * 2.0 ** min(row - 1, _DOUBLINGS), longest)


def pause(asked: float | None, row: int, chance: float) -> float:
    """How long to leave a host alone that wants it for `asked` seconds (None: it did not say), the `row`-th time in a row.

    `chance` is a random number from 0 to 1.
    """
    first = USUAL if asked is None else max(asked, SHORTEST)
    return min(_doubled(min(first, LONGEST), row, LONGEST) * (1 + JITTER * chance), LONGEST)


def robots_wait(row: int) -> float:
    """How long to wait after the `row`-th robots.txt in a row that could not be had."""
    return _doubled(ROBOTS_WAIT, row, ROBOTS_LONGEST)


def paced(delay: float, latency: float, status: int, floor: float, concurrency: int = 1) -> float:
    """The delay between requests to a host after an answer that took `latency`; `floor` is what it is owed in any case.

    Scrapy's AutoThrottle, with the host's own floor. Only a page may lower the delay: errors come fast. A floor of 0 is a
    host that may be asked as fast as it answers.
    """
    if not floor:
        return 0.0
    target = latency / concurrency
    wanted = min(max(target, (delay + target) / 2), SLOWEST)
    return max(floor, wanted if status == 200 else max(wanted, delay))


class Stalls:
    """When our own loop stood still, over a list of thousands, say: what came in had to wait for us, and no host was slow."""

    def __init__(self, now: float) -> None:
        self._looked = now
        self._known: deque[tuple[float, float]] = deque(maxlen=300)  # more than fit into the time for a page

    def look(self, now: float) -> None:
        """Called each `TURN`, unless the loop stands still."""
        if now - self._looked > STALL:
            self._known.append((self._looked, now))
        self._looked = now

    def since(self, begun: float, now: float) -> float:
        """Seconds of stalls from `begun` on."""
        self.look(now)  # one that is not over yet counts too
        return sum(max(0.0, end - max(start, begun)) for start, end in self._known)


@dataclass(slots=True)
class Standing:
    """How a host has behaved, and until when it is left alone."""

    troubles: int = 0  # failing answers in a row
    pauses: int = 0  # in a row, without a good answer between them
    until: float = 0.0
    outcome: Outcome = Outcome.FAILED  # of what is not asked meanwhile
    reason: str = ""

    def left(self, now: float) -> float:
        """Seconds for which it is still left alone; 0: it may be asked."""
        return max(0.0, self.until - now)

    def fine(self) -> None:
        self.troubles = self.pauses = 0

    def asked(self, seconds: float | None, outcome: Outcome, reason: str, now: float, chance: float) -> float:
        """It asked for peace. Answers that were under way when the pause began do not double it."""
        if now >= self.until:
            self.pauses += 1
        self.until = max(self.until, now + pause(seconds, max(self.pauses, 1), chance))
        self.outcome, self.reason = outcome, reason
        return self.left(now)

    def failed(self, outcome: Outcome, now: float, chance: float) -> float | None:
        """It failed; how long it is left alone for that, if it is.

        After a pause one more failure is enough for the next: it is asked once and not ten times whether it is well again.
        """
        self.troubles += 1
        if self.troubles < PATIENCE:
            return None
        return self.asked(None, outcome, f"the host failed {PATIENCE} times in a row", now, chance)
