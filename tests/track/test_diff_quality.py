"""Floors for how well a diff tells what was edited: the figures of bench/diff.py on a few of its articles."""

from __future__ import annotations

import pytest

from bench.diff import METHODS, by_rapidfuzz, figures, made, two_level


@pytest.mark.parametrize("noise", [False, True], ids=["edits alone", "with other typography too"])
@pytest.mark.parametrize("size", [500, 2000])
def test_what_is_told_is_what_was_edited(size: int, noise: bool) -> None:
    found = figures(two_level, [made(size, f"floor/{size}/{number}", noise) for number in range(8)])
    assert 0.9 <= found.ratio <= 1.1
    assert found.hunks <= 1.4


def test_typography_is_told_by_words_alone_and_not_by_us() -> None:
    plain, noisy = ([made(1000, f"floor/{number}", noise) for number in range(6)] for noise in (False, True))
    assert figures(two_level, noisy).hunks < 1.1 * figures(two_level, plain).hunks
    assert figures(by_rapidfuzz, noisy).hunks > 1.4 * figures(by_rapidfuzz, plain).hunks


@pytest.mark.parametrize("name", METHODS)
def test_every_method_tells_of_the_edits(name: str) -> None:
    case = made(1000, "all")
    told = METHODS[name](case)
    assert told.changed >= 0.8 * case.changed
    assert told.hunks >= 0.5 * case.edits


def test_a_long_article_is_compared_in_a_moment() -> None:
    """25 ms are the goal; a busy machine takes longer."""
    assert figures(two_level, [made(5000, f"floor/{number}") for number in range(5)]).ms < 100
