"""Hostile pages: each ends in bounded time and memory, in an article or in a named failure. The others: bench/hostile.py."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

import pipeline
from bench import hostile
from bench.pages import pages
from model import MAX_PAGE_BYTES, Failure
from tests.commands import ROOT, environment

KINDS = {"no_article", "too_large", "too_slow", "too_costly", "binary", "empty"}


@pytest.fixture(scope="module")
def readers() -> Iterator[pipeline.Readers[str]]:
    os.environ["PYTHONPATH"] = str(ROOT)
    with pipeline.Readers[str](1, ()) as pool:
        yield pool


def test_hostile_pages_end_in_5_seconds_and_500_mb() -> None:
    assert (hostile.SECONDS, hostile.MEGABYTES) == (5.0, 500)
    ended = subprocess.run(
        [sys.executable, "bench/hostile.py", "--quick"], cwd=ROOT, env=environment(), capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, "\n".join(line for line in ended.stdout.splitlines() if "BREAKS" in line) + ended.stderr
    assert len(ended.stdout.splitlines()) == len(hostile.QUICK) >= 40


def test_what_only_the_pool_can_end_is_ended_there() -> None:
    """The parser written in C is slow on these by itself."""
    os.environ["PYTHONPATH"] = str(ROOT)
    names = ("below the bounds: attributes behind a sign", "nested and wide", "an article")
    with pipeline.Readers[str](1, (), page_seconds=2.0) as pool:
        ended = hostile.through(pool, {name: hostile.MAKERS[name]() for name in names})
    for name, answer in ended.items():
        assert not isinstance(answer, Failure) or answer.kind in KINDS, (name, answer)
    assert not isinstance(ended["an article"], Failure)


@pytest.mark.parametrize("kind", ["scripts", "links", "text"])
def test_an_honest_page_of_5_mb_is_read(readers: pipeline.Readers[str], kind: str) -> None:
    body = next(pages(1, seed=5)).decode()
    said = {
        "scripts": f"<script>{'x' * 5_000_000}</script>",
        "links": body[body.index('<div class="bx-listing">') : body.index("</aside>")] * 130
        + f"<script>{'x' * 1_500_000}</script>",
        "text": "".join(f"<p>{hostile.SAID} Lần thứ {n}.</p>" for n in range(28_000)),
    }[kind]
    whole = body.replace("</main>", f"<div>{said}</div></main>").encode()
    assert 4_500_000 < len(whole) < MAX_PAGE_BYTES
    answer = hostile.through(readers, {kind: whole})[kind]
    assert not isinstance(answer, Failure), answer


def test_a_page_of_more_than_20_mb_is_refused(readers: pipeline.Readers[str]) -> None:
    answer = hostile.through(readers, {"large": b"<p>" + b"a" * MAX_PAGE_BYTES})["large"]
    assert isinstance(answer, Failure)
    assert answer.kind == "too_large"
