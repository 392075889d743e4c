"""Repetition: the lines that many dumps of one site have in common are its furniture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from extract import phrases
from extract.shapes import Line

LEAST = 3  # dumps that a line must stand in
SHARE = 0.3  # of the site's dumps: an agency's phrase recurs too, but in few of them


def keys(lines: Iterable[Line]) -> frozenset[str]:
    """The lines of one dump as they are compared and counted; a line counts once a dump."""
    return frozenset(filter(None, (phrases.key(line.text) for line in lines)))


def count(dumps: Iterable[Iterable[Line]]) -> tuple[Counter[str], int]:
    """(in how many dumps each key stands, how many dumps there are)."""
    counts: Counter[str] = Counter()
    total = 0
    for lines in dumps:
        counts.update(keys(lines))
        total += 1
    return counts, total


def repeated(counts: Mapping[str, int], total: int) -> frozenset[str]:
    """The keys that stand in so many of a site's dumps that their lines are boilerplate."""
    return frozenset(key for key, dumps in counts.items() if dumps >= LEAST and dumps >= SHARE * total)
