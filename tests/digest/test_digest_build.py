"""Who is told, where, and in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from digest_samples import NOW, ZONE, copy, flag, news
from hypothesis import given
from hypothesis import strategies as st

from digest import build
from model import Copy, Digest, Level, News


def told(*found: News) -> Digest:
    return build(found, now=NOW, timezone=ZONE)


def layout(digest: Digest) -> dict[str, list[int]]:
    return {group.name: [one.article_id for one in group.items] for group in digest.groups}


def copies_of(digest: Digest, article_id: int) -> list[int]:
    [found] = [one for group in digest.groups for one in group.items if one.article_id == article_id]
    return [copy.article_id for copy in found.copies]


def test_groups_come_core_first_and_empty_ones_are_left_out() -> None:
    digest = told(news(1), news(2, flags=(flag(Level.MENTION),)), news(3, flags=(flag(Level.CORE),)))
    assert list(layout(digest).items()) == [("core", [3]), ("mention", [2]), ("rest", [1])]


def test_the_best_level_of_all_flags_decides() -> None:
    digest = told(news(1, flags=(flag(Level.MENTION, 99.0), flag(Level.RELATED, topic="east-sea"))))
    assert layout(digest) == {"related": [1]}


def test_newest_first_by_published_or_by_first_seen_where_there_is_no_date() -> None:
    early, late = NOW - timedelta(days=2), NOW + timedelta(hours=1)
    digest = told(news(1, published=early), news(2, published=None), news(3, published=late), news(4, published=None))
    assert layout(digest) == {"rest": [3, 4, 2, 1]}


def test_nothing_given_makes_a_digest_without_groups() -> None:
    digest = build([], now=NOW, timezone=ZONE, since=NOW - timedelta(days=1), until=NOW)
    assert (digest.groups, digest.versions, digest.since, digest.until) == ((), (), NOW - timedelta(days=1), NOW)


def test_a_copy_is_told_once_under_its_original_with_every_version_accounted_for() -> None:
    digest = told(news(1), news(2, copy_of=1, outlet=None, site="dantri.com.vn"))
    assert layout(digest) == {"rest": [1]}
    assert digest.groups[0].items[0].copies == (
        Copy(article_id=2, title="Bài 2", outlet="dantri.com.vn", url="https://baoquocte.vn/bai-2.html", first_seen=NOW),
    )
    assert digest.versions == (10, 20)


def test_a_copy_from_a_saved_file_has_an_outlet_all_the_same() -> None:
    digest = told(news(1), news(2, copy_of=1, outlet=None, site=None, url=None))
    assert digest.groups[0].items[0].copies[0].outlet == "saved file"


def test_copies_known_before_and_copies_in_the_digest_are_one_list_without_doubles() -> None:
    earlier = copy(7, first_seen=NOW - timedelta(days=1))
    digest = told(news(1, copies=(copy(2), earlier)), news(2, copy_of=1, copies=(copy(1), copy(8))))
    assert copies_of(digest, 1) == [7, 2, 8]


def test_a_copy_of_a_copy_is_told_under_the_root() -> None:
    digest = told(news(3, copy_of=2), news(2, copy_of=1), news(1))
    assert layout(digest) == {"rest": [1]}
    assert copies_of(digest, 1) == [2, 3]


def test_a_copy_of_an_article_told_before_is_folded_at_the_end_whatever_its_level() -> None:
    digest = told(news(1, copy_of=900, flags=(flag(),)), news(2, copy_of=1), news(3))
    assert layout(digest) == {"rest": [3], "copies": [1]}
    assert copies_of(digest, 1) == [2]


@pytest.mark.parametrize("circle", [(1,), (1, 2), (1, 2, 3)], ids=["itself", "each other", "three in a ring"])
def test_copies_of_each_other_are_told_once_and_not_lost(circle: tuple[int, ...]) -> None:
    after = dict(zip(circle, circle[1:] + circle[:1], strict=True))
    digest = told(*(news(one, copy_of=after[one]) for one in circle), news(9, copy_of=circle[-1]))
    assert layout(digest) == {"rest": [1]}
    assert copies_of(digest, 1) == [*circle[1:], 9]


def test_of_two_versions_of_an_article_the_newer_is_told_and_both_are_accounted_for() -> None:
    old = news(1, title="Cũ", changed=NOW - timedelta(hours=1))
    digest = told(replace(old, version_id=11, title="Mới", changed=NOW), old)
    assert [one.title for one in digest.groups[0].items] == ["Mới"]
    assert digest.versions == (10, 11)


NEWS = st.builds(
    news,
    st.integers(1, 8),
    copy_of=st.none() | st.integers(1, 10),
    version_id=st.integers(1, 99),
    published=st.none() | st.datetimes(timezones=st.just(UTC)),
    changed=st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2026, 12, 1), timezones=st.just(UTC)),  # noqa: DTZ001 hypothesis adds the zone
    flags=st.lists(st.builds(flag, st.sampled_from(Level)), max_size=2).map(tuple),
    copies=st.lists(st.builds(copy, st.integers(1, 12)), max_size=3).map(tuple),
)


@given(st.lists(NEWS, max_size=12))
def test_everything_given_is_told_exactly_once(found: list[News]) -> None:
    digest = told(*found)
    items = [one for group in digest.groups for one in group.items]
    given_ids = {one.article_id for one in found}
    own = [one.article_id for one in items]
    assert len(own) == len(set(own))
    assert given_ids == set(own) | {copy.article_id for one in items for copy in one.copies} & given_ids
    assert set(digest.versions) == {one.version_id for one in found}
    for one in items:
        ids = [copy.article_id for copy in one.copies]
        assert len(ids) == len(set(ids))
        assert one.article_id not in ids
