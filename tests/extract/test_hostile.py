"""Hostile pages: in bounded time and memory each ends in an article or in a named failure. The others: bench/hostile.py."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

import pipeline
from bench import hostile
from model import Failure
from tests.commands import ROOT

KINDS = {"no_article", "too_large", "too_slow", "too_costly", "binary", "empty", "unsupported"}


@pytest.fixture(scope="module")
def readers() -> Iterator[pipeline.Readers[str]]:
    os.environ["PYTHONPATH"] = str(ROOT)
    with pipeline.Readers[str](1, ()) as pool:
        yield pool


@pytest.mark.parametrize("name", hostile.QUICK)
def test_a_hostile_page_is_read_in_time_and_in_little_memory(name: str) -> None:
    ended = hostile.measure(name)
    assert not ended.breaks, f"{ended} in {ended.where}"


def test_what_the_parser_itself_is_slow_on_ends_in_the_pool(readers: pipeline.Readers[str]) -> None:
    names = ("a million attributes", "a million siblings", "nested div", "dump: a trail of 100 KB")
    given = [(name, hostile.capture(hostile.MAKERS[name]())) for name in (*names, "an article")]
    ended = {name: answer for name, answer in pipeline.look(given, readers)}
    for name, answer in ended.items():
        assert not isinstance(answer, Failure) or answer.kind in KINDS, (name, answer)
    assert not isinstance(ended["an article"], Failure)


def test_all_of_the_hostile_pages_are_made_anew() -> None:
    assert len(hostile.MAKERS) > 180
    assert set(hostile.QUICK) <= set(hostile.MAKERS)
