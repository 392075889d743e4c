"""A digest is kept whole."""

from __future__ import annotations

import json

import pytest
from digest_samples import NOW, ZONE, any_value, sample
from hypothesis import HealthCheck, given, settings

from digest import build, dump, load
from model import Credit, Digest, Evidence, Flag, Group, News, StoreError


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=60)
@given(any_value(Digest))
def test_what_is_loaded_is_what_was_dumped(digest: Digest) -> None:
    line = dump(digest)
    assert load(line) == digest
    assert line.isascii()
    assert "\n" not in line


def test_a_day_s_digest_comes_back_with_its_types() -> None:
    digest = build(sample(), now=NOW, timezone=ZONE, since=NOW, until=NOW)
    again = load(dump(digest))
    assert again == digest
    first = again.groups[0].items[0]
    assert (type(again.groups[0]), type(first), type(first.flags[0])) == (Group, News, Flag)
    assert isinstance(first.flags[0].evidence[0], Evidence)
    assert isinstance(again.groups[0].items[1].credit, Credit)


def test_halves_of_a_pair_that_stand_apart_stay_apart() -> None:
    digest = Digest(made=NOW, timezone="\ud83d\ude00", groups=())
    assert load(dump(digest)).timezone == "\ud83d\ude00"


def test_a_field_that_an_older_line_lacks_gets_its_default_and_an_unknown_one_is_passed_over() -> None:
    plain = json.loads(dump(Digest(made=NOW, timezone=ZONE, groups=())))
    del plain["versions"], plain["until"]
    assert load(json.dumps({**plain, "mood": "calm"})) == Digest(made=NOW, timezone=ZONE, groups=())


@pytest.mark.parametrize(
    "line",
    ["", "{", "[]", "null", "7", "{}", '{"made": 1, "timezone": "", "groups": []}']
    + [
        f'{{"made": "2026-11-22T05:45:00+00:00", "timezone": "", "groups": [], "versions": {versions}}}'
        for versions in ('["1"]', "[true]", "3")
    ],
)
def test_a_line_of_another_kind_is_a_store_error(line: str) -> None:
    with pytest.raises(StoreError, match="a kept digest cannot be read"):
        load(line)
