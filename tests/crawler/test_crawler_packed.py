"""Whether a packed body came whole: pure, on bytes."""

from __future__ import annotations

import gzip
import resource
import sys
import time
import zlib
from collections.abc import Callable

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.packed import wrong

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LIMIT = 1_000_000
BROKE_OFF, NO_PACKING = "the answer broke off", "it cannot be unpacked"


def bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


PACKERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("x-gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "bare deflate": ("deflate", bare_deflate),
    "br": ("br", brotli.compress),
    "zstd": ("zstd", zstd.compress),
}
names = st.sampled_from(sorted(PACKERS))


@given(st.binary(max_size=2_000), st.lists(names, max_size=3), st.sampled_from([1, 2_000]))
def test_what_came_whole_passes_however_it_is_packed(body: bytes, layers: list[str], times: int) -> None:
    body *= times
    for name in layers:
        body = PACKERS[name][1](body)
    assert wrong([PACKERS[name][0] for name in layers], body, 5 * LIMIT) is None


@pytest.mark.parametrize("name", PACKERS)
def test_a_large_page_that_repeats_itself_passes(name: str) -> None:
    coding, pack = PACKERS[name]
    for size in (LIMIT - 1, LIMIT, 1_015_728, 4 * LIMIT, 5 * LIMIT):
        assert wrong([coding], pack((b"tin " * size)[:size]), 5 * LIMIT) is None


@given(st.binary(min_size=50, max_size=2_000), st.lists(names, min_size=1, max_size=3), st.data())
def test_what_broke_off_in_any_layer_is_told(body: bytes, layers: list[str], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(layers) - 1))
    for place, name in enumerate(layers):
        body = PACKERS[name][1](body)
        if place == cut:
            body = body[: data.draw(st.integers(0, len(body) - 1))]
    assert wrong([PACKERS[name][0] for name in layers], body, LIMIT) == BROKE_OFF


@given(st.binary(max_size=200), st.lists(names, max_size=3))
def test_no_bytes_raise(body: bytes, layers: list[str]) -> None:
    assert wrong([PACKERS[name][0] for name in layers], body, LIMIT) in (None, BROKE_OFF, NO_PACKING)


def test_streams_one_after_the_other_are_one_body_and_the_last_may_break_off() -> None:
    for name in ("gzip", "zstd"):
        coding, pack = PACKERS[name]
        two = pack(b"mot " * 1_000) + pack(b"hai " * 1_000)
        assert wrong([coding], two, LIMIT) is None
        assert wrong([coding], two[:-5], LIMIT) == BROKE_OFF
    assert wrong(["gzip"], gzip.compress(b"tin") + b"\0" * 100, LIMIT) is None, "filled up"


def test_a_coding_that_nobody_knows_is_for_others_to_refuse() -> None:
    assert wrong(["braille"], b"\xff", LIMIT) is None
    assert wrong(["braille", "gzip"], gzip.compress(b"\xff"), LIMIT) is None
    assert wrong(["braille", "gzip"], gzip.compress(b"\xff")[:-1], LIMIT) == BROKE_OFF


def test_more_layers_than_anyone_needs_are_not_undone() -> None:
    assert wrong(["gzip"] * 4, b"", LIMIT) == "it is packed more than 3 times over"


def wide(data: bytes) -> bytes:
    """Wants more memory to be unpacked than is given to it."""
    packer = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 27})
    return packer.compress(data[: len(data) // 2]) + packer.compress(data[len(data) // 2 :]) + packer.flush()


@pytest.mark.parametrize(
    ("coding", "body", "expected"),
    [
        *(
            pytest.param([coding], pack(b"\0" * 100_000_000), None, id=f"{name} that grows")
            for name, (coding, pack) in PACKERS.items()
        ),
        pytest.param(["gzip"] * 2, gzip.compress(gzip.compress(b"\0" * 100_000_000)), None, id="gzip in gzip that grows"),
        pytest.param(["zstd"] * 2, zstd.compress(zstd.compress(b"\0" * 100_000_000)), None, id="zstd in zstd that grows"),
        pytest.param(["zstd"], wide(b"tin " * 10), NO_PACKING, id="zstd that wants 128 MB"),
        pytest.param(["gzip"], gzip.compress(b"") * 400_000, NO_PACKING, id="gzip of empty streams"),
        pytest.param(["zstd"], zstd.compress(b"") * 700_000, NO_PACKING, id="zstd of empty streams"),
    ],
)
def test_no_body_costs_much_time_or_memory(coding: list[str], body: bytes, expected: str | None) -> None:
    before, grown = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert wrong(coding, body, 10 * LIMIT) == expected, "what is too large is refused for that"
    assert time.process_time() - before < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - grown < 60_000
