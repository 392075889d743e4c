"""Which texts may share passages: a sample of a text's hashes that shared passages share too. Pure.

A text is the set of its 5-word shingles, in folded words (`text.words`). Of their hashes those below a fixed bound are kept, one
in 24: what two texts have in common is sampled alike in both, whether they are equal or one stands inside the other. Short texts
keep their 24 smallest, so that there is enough to meet. The hashes are stored: they must not change.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_64_intdigest

Shingles = NDArray[np.uint64]

SHORT = 40  # words; a shorter text has no sketch, it is known by its hash and its title
_LONGEST = 60_000  # words: what is longer is no news, and comparing it would hold up what is
_WIDTH = 5  # words: three are stock phrases, eight miss what was edited
_BOUND = np.uint64(2**64 // 24)
_LEAST = 24  # hashes
_MOST = 1024  # hashes, of a text of some 25,000 words: a book is no reason to fill the tables
_LOW = np.uint64(0xFFFFFFFF)

# Constants of splitmix64, and an odd number for the positions.
_STEP, _MIX, _MIX2 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def sketch(words: Sequence[str]) -> tuple[int, ...]:
    """The sampled hashes of a text, as signed 32-bit numbers in order; empty below 40 words, and above 60,000.

    Only the low bits are kept: the high ones are alike, for that is how the sample was drawn.
    """
    if not SHORT <= len(words) <= _LONGEST:
        return ()
    return sample(shingles(words))


def sample(found: Shingles) -> tuple[int, ...]:
    """The sketch of a text whose shingles are known."""
    below = int(np.searchsorted(found, _BOUND))
    kept = found[: min(max(below, _LEAST), _MOST)]
    low = (kept & _LOW).astype(np.uint32).view(np.int32)
    return tuple(sorted(set(low.tolist())))


def shingles(words: Sequence[str]) -> Shingles:
    """64-bit hashes of all runs of five words, each once and in order; of fewer words none."""
    return mixed(np.fromiter(map(_hash, words), np.uint64, len(words)))


def mixed(hashes: Shingles) -> Shingles:
    """The same from the hashes of the words, in their order."""
    count = len(hashes) - _WIDTH + 1
    if count < 1:
        return np.empty(0, np.uint64)
    mixed = hashes[:count].copy()
    for shift in range(1, _WIDTH):
        mixed = (mixed ^ (mixed >> np.uint64(29))) * _STEP + hashes[shift : shift + count]
    mixed = (mixed ^ (mixed >> np.uint64(30))) * _MIX
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _MIX2
    mixed ^= mixed >> np.uint64(31)
    mixed.sort()  # numpy.unique takes twenty times as long
    first = np.ones(count, np.bool_)
    np.not_equal(mixed[1:], mixed[:-1], out=first[1:])
    return mixed[first]


def _hash(word: str) -> int:
    return xxh3_64_intdigest(word.encode("utf-8", "replace"))
