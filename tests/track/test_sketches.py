"""The sample of a text's shingles: what it holds, and that it never changes."""

from __future__ import annotations

import subprocess
import sys
import time
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import text
from tests import syndication as made
from tests.commands import ROOT
from track.sketches import SHORT, sample, shingles, sketch

LONG = made.report(Random(4), 900)  # noqa: S311
WORDS = text.words(LONG.text)

some_words = st.lists(
    st.sampled_from(["a", "b", "c", "hội", "nghị", "cấp", "cao", "khai", "mạc", "12", "5"]) | st.text(min_size=1, max_size=5),
    max_size=150,
)


def test_the_hashes_are_pinned() -> None:
    """They are stored: other hashes would never meet them again."""
    words = text.words("Hội nghị cấp cao ASEAN khai mạc tại thủ đô Viêng Chăn, Lào, ngày 9/10. ") * 2 + [
        str(n) for n in range(40)
    ]
    assert [hex(one) for one in shingles(words)[:2].tolist()] == ["0x13e79a4a382f4ca", "0x29e98d7d7927bda"]
    assert sketch(words)[:4] == (-2065770329, -2043025559, -1862360223, -1762714994)


def test_another_process_gives_the_same_sketch() -> None:
    code = f"from track.sketches import sketch; print(sketch({WORDS!r}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(sketch(WORDS))


@pytest.mark.parametrize("count", [0, 4, SHORT - 1])
def test_a_text_under_forty_words_has_no_sketch(count: int) -> None:
    assert sketch(WORDS[:count]) == ()


def test_a_short_text_has_twenty_four_hashes_and_a_long_one_one_in_twenty_four() -> None:
    assert len(sketch([str(n) for n in range(200)])) == 24
    assert len(sketch([str(n) for n in range(20_000)])) == pytest.approx(20_000 / 24, rel=0.15)


def test_a_book_has_no_more_hashes_than_its_row_holds() -> None:
    assert len(sketch([str(n) for n in range(200_000)])) <= 1024


def test_fewer_than_five_words_have_no_shingle() -> None:
    assert shingles(["một", "hai", "ba", "bốn"]).size == 0
    assert shingles(["một", "hai", "ba", "bốn", "năm"]).size == 1


def test_the_order_of_words_counts_and_that_of_passages_does_not() -> None:
    assert not set(shingles(list("abcde")).tolist()) & set(shingles(list("edcba")).tolist())
    border, one, other = WORDS[:8], WORDS[100:300], WORDS[400:700]
    assert sketch([*border, *one, *border, *other, *border]) == sketch([*border, *other, *border, *one, *border])


@given(some_words.filter(lambda words: len(words) > 4))
def test_saying_it_again_adds_nothing_but_the_seams(words: list[str]) -> None:
    assert sample(shingles(words * 2)) == sample(shingles(words * 3))


@given(some_words)
def test_a_sketch_is_signed_32_bit_numbers_in_order_each_once(words: list[str]) -> None:
    found = sketch(words)
    assert list(found) == sorted(set(found))
    assert all(-(2**31) <= one < 2**31 for one in found)


@given(st.integers(0, 700), st.integers(60, 200))
def test_a_passage_shares_its_sampled_hashes_with_the_text_it_stands_in(start: int, count: int) -> None:
    """Those below the bound are in both; a text of 900 words keeps no others."""
    part, whole = WORDS[start : start + count], set(sketch(WORDS))
    inside = set(shingles(part).tolist())
    low = {(one & 0xFFFFFFFF) - ((one & 0x80000000) << 1) for one in inside if one < 2**64 // 24}
    assert low <= whole


def test_half_a_pair_of_surrogates_is_a_word_like_another() -> None:
    assert shingles(["\ud800"] * 5).size == 1


def test_an_article_takes_well_under_a_millisecond() -> None:
    words = WORDS[:526]
    best = float("inf")
    for _ in range(5):
        start = time.process_time()
        for _ in range(20):
            sketch(words)
        best = min(best, (time.process_time() - start) / 20)
    assert best < 0.001
