"""Repetition: the lines that many dumps of one site have in common are its furniture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from extract import lines, phrases
from extract.decode import decode, is_markup
from extract.shapes import Line
from model import Capture, ExtractError

LEAST = 3  # dumps that a line must stand in
SHARE = 0.3  # of the site's dumps: an agency's phrase recurs too, but in few of them


def keys_of(capture: Capture) -> frozenset[str] | None:
    """The lines of a text dump as they are compared; None for an HTML page, and for what is no text."""
    try:
        decoded = decode(capture.body, capture.header("content-type"))
    except ExtractError:
        return None
    return None if is_markup(decoded.text) else keys(lines.split(decoded.text))


def keys(dump: Iterable[Line]) -> frozenset[str]:
    """The lines of one dump as they are compared and counted; a line counts once a dump."""
    return frozenset(filter(None, (phrases.key(line.text) for line in dump)))


def count(dumps: Iterable[Iterable[Line]]) -> tuple[Counter[str], int]:
    """(in how many dumps each key stands, how many dumps there are)."""
    counts: Counter[str] = Counter()
    total = 0
    for dump in dumps:
        counts.update(keys(dump))
        total += 1
    return counts, total


def repeated(counts: Mapping[str, int], total: int) -> frozenset[str]:
    """The keys that stand in so many of a site's dumps that their lines are boilerplate."""
    return frozenset(key for key, dumps in counts.items() if dumps >= LEAST and dumps >= SHARE * total)
