"""When to try again what failed, pure. The waits are our judgement: short for what passes by itself, long for what does not."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

from model import Outcome

_MINUTE, _HOUR, _DAY = 1 / 60, 1.0, 24.0
# Hours before the first try after a failure, the second, and so on; after the last one it is given up.
_WAITS: dict[str, tuple[float, ...]] = {
    Outcome.FAILED: (5 * _MINUTE, 15 * _MINUTE, _HOUR, 4 * _HOUR, 12 * _HOUR, _DAY, 2 * _DAY),
    Outcome.BLOCKED: (_HOUR, 4 * _HOUR, 12 * _HOUR, _DAY, 3 * _DAY),
    Outcome.GONE: (10 * _MINUTE, _DAY),  # right after publication some servers of a site do not know a page yet
    Outcome.ROBOTS: (_DAY, 7 * _DAY, 28 * _DAY),
    Outcome.PRIVATE: (_DAY, 7 * _DAY),
    Outcome.NOT_HTML: (_DAY, 7 * _DAY),
    Outcome.TOO_LARGE: (_DAY, 7 * _DAY),
    "not_article": (6 * _HOUR, 2 * _DAY),  # a page that was sent before its text was in it
}
_LONGEST_LIST = 6 * _HOUR  # a list is never given up: nothing else would find what is new
_SPREAD = 0.2  # of a wait: what failed together is not tried again together


def next_try(outcome: str, tries: int, key: str) -> timedelta | None:
    """How long to wait after the `tries`th failure in a row (1 or more); None: give it up. `key` spreads the waits."""
    waits = _WAITS[outcome]
    return _spread(waits[tries - 1], tries, key) if tries <= len(waits) else None


def next_try_list(outcome: str, tries: int, key: str) -> timedelta:
    """The same for a list."""
    waits = _WAITS[outcome]
    return _spread(min(waits[min(tries, len(waits)) - 1], _LONGEST_LIST), tries, key)


def _spread(hours: float, tries: int, key: str) -> timedelta:
    """Up to a fifth longer, the same each time for the same try."""
    part = int.from_bytes(sha256(f"{tries} {key}".encode()).digest()[:4]) / 2**32
    return timedelta(hours=hours * (1 + _SPREAD * part))
