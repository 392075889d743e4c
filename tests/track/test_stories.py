"""Who had a story first, as tables; which story an article joins; what each made of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import (
    Article,
    Certainty,
    Confidence,
    Credit,
    DateClaim,
    DateSource,
    Known,
    Likely,
    Likeness,
    LikenessKind,
    Link,
    Member,
    StoryChoice,
)
from tests import syndication
from track import stories

DAY = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
SAID = [syndication.paragraph(Random(seed), 60) for seed in range(12)]  # noqa: S311 - invented news


def at(hour: float) -> datetime:
    return DAY + timedelta(hours=hour)


def member(article_id: int, **fields: Any) -> Member:
    """An article of the site sN.vn, seen in the order of its number, whose page bears no date."""
    plain: dict[str, Any] = {
        "identity": f"s{article_id}.vn/1",
        "url": None,
        "site": f"s{article_id}.vn",
        "outlet": f"Báo {article_id}",
        "title": None,
        "published": None,
        "is_sure": True,
        "first_seen": at(article_id),
        "credit": None,
        "origin": None,
    }
    return Member(article_id=article_id, **plain | fields)


CREDIT_2 = Credit(name="Báo 2", domain="s2.vn")


@pytest.mark.parametrize(
    ("members", "root", "confidence"),
    [
        pytest.param([member(1), member(2)], 1, Confidence.DOUBTFUL, id="without dates the one seen first, with doubt"),
        pytest.param(
            [member(1, published=at(3)), member(2, published=at(1))], 2, Confidence.LIKELY, id="published first beats seen first"
        ),
        pytest.param(
            [member(1, published=at(3), origin="s2.vn/1"), member(2, published=at(1))],
            2,
            Confidence.SURE,
            id="named by its address and the earliest",
        ),
        pytest.param(
            [member(1, published=at(3), credit=CREDIT_2), member(2, published=at(1))],
            2,
            Confidence.SURE,
            id="named by its outlet and the earliest",
        ),
        pytest.param([member(1, origin="s2.vn/1"), member(2)], 2, Confidence.LIKELY, id="named, and no page bears a date"),
        pytest.param(
            [member(1, published=at(1), credit=CREDIT_2), member(2, published=at(3))],
            2,
            Confidence.DOUBTFUL,
            id="named, but later than who names it: a page may be dated anew",
        ),
        pytest.param(
            [member(1, published=at(0)), member(2, published=at(0) + timedelta(seconds=40))],
            1,
            Confidence.DOUBTFUL,
            id="within the same minute nobody was first",
        ),
        pytest.param(
            [member(1, published=at(3), is_sure=False), member(2, published=at(1), is_sure=False)],
            1,
            Confidence.DOUBTFUL,
            id="dates that are guessed say nothing",
        ),
        pytest.param(
            [member(1, published=datetime(2026, 11, 22, tzinfo=UTC)), member(2, published=at(1))],
            1,
            Confidence.DOUBTFUL,
            id="a day alone says nothing about hours",
        ),
        pytest.param(
            [member(1, origin="x.vn/9"), member(2, published=at(5))],
            2,
            Confidence.DOUBTFUL,
            id="who says that it copied is not first, whoever it copied",
        ),
        pytest.param(
            [member(1, published=at(1), origin="x.vn/9"), member(2, published=at(5))],
            1,
            Confidence.DOUBTFUL,
            id="but is before those that came hours later",
        ),
        pytest.param(
            [member(1, credit=Credit(name="Báo 1", domain="s1.vn")), member(2)],
            1,
            Confidence.DOUBTFUL,
            id="a paper that names itself names nobody",
        ),
        pytest.param(
            [
                member(1, published=at(4), origin="s2.vn/1"),
                member(2, published=at(3), origin="s3.vn/1"),
                member(3, published=at(2)),
            ],
            3,
            Confidence.DOUBTFUL,
            id="a chain ends at its beginning",
        ),
    ],
)
def test_who_had_it_first(members: list[Member], root: int, confidence: Confidence) -> None:
    found = stories.origin(members)
    assert (found.article_id, found.confidence) == (root, confidence)


def test_a_source_that_was_not_captured_is_named() -> None:
    found = stories.origin([member(1, credit=Credit(name="TTXVN", domain="vnanet.vn"), origin="vnanet.vn/7"), member(2)])
    assert found.declared == "TTXVN · vnanet.vn/7"
    assert stories.origin([member(1, origin="s2.vn/1"), member(2)]).declared is None


@given(st.permutations([member(1, published=at(3)), member(2, published=at(1)), member(3, credit=CREDIT_2), member(4)]))
def test_the_order_of_the_articles_is_nothing_to_go_by(members: list[Member]) -> None:
    assert stories.origin(members).article_id == 2


# ---------------------------------------------------------------- which story


def article(identity: str, published: datetime | None = None, origin: str | None = None) -> Article:
    claims = (DateClaim(moment=published, source=DateSource.META, certainty=Certainty.SURE),) if published else ()
    return Article(
        identity=identity,
        url=f"https://{identity}",
        site=identity.split("/")[0],
        outlet=None,
        title=None,
        blocks=(),
        has_lead=False,
        published_claims=claims,
        origin_url=origin,
    )


def link(article_id: int, kind: LikenessKind, one_in_other: float, other_in_one: float) -> Link:
    return Link(
        article_id=article_id,
        likeness=Likeness(
            kind=kind, one_in_other=one_in_other, other_in_one=other_in_one, jaccard=min(one_in_other, other_in_one)
        ),
    )


LATER = [Likely(article_id=n, article=article(f"s{n}.vn/1", at(5 + n)), story=None) for n in (1, 2)]
HALF_1, HALF_2 = link(1, LikenessKind.NEAR, 0.5, 0.95), link(2, LikenessKind.NEAR, 0.45, 0.9)


@pytest.mark.parametrize(
    ("links", "known", "published", "choice"),
    [
        pytest.param([], Known(likely=()), None, None, id="nothing alike: in no story, as before"),
        pytest.param([], Known(likely=(), story=4), None, StoryChoice(beside=None), id="nothing alike any more: it leaves"),
        pytest.param([link(1, LikenessKind.OVERLAP, 0.4, 0.4)], Known(likely=tuple(LATER)), None, None, id="a part is no story"),
        pytest.param([link(1, LikenessKind.SIBLING, 0.9, 0.9)], Known(likely=tuple(LATER)), None, None, id="nor is a template"),
        pytest.param(
            [link(2, LikenessKind.NEAR, 0.7, 0.9), link(1, LikenessKind.EXACT, 1.0, 1.0)],
            Known(likely=tuple(LATER)),
            None,
            StoryChoice(beside=1),
            id="one text before most of one",
        ),
        pytest.param(
            [HALF_1, HALF_2], Known(likely=tuple(LATER)), at(20), StoryChoice(beside=1), id="a later round-up joins the nearest"
        ),
        pytest.param(
            [HALF_1, HALF_2], Known(likely=tuple(LATER)), None, StoryChoice(beside=1), id="and so does one that bears no date"
        ),
        pytest.param(
            [HALF_1, HALF_2],
            Known(likely=tuple(LATER)),
            at(1),
            StoryChoice(beside=1, brings=(2,)),
            id="an origin brings all of it",
        ),
        pytest.param(
            [link(1, LikenessKind.NEAR, 0.7, 0.7), link(2, LikenessKind.NEAR, 0.65, 0.65)],
            Known(
                likely=(
                    Likely(article_id=1, article=article("s1.vn/1"), story=8),
                    Likely(article_id=2, article=article("s2.vn/1"), story=9),
                ),
                story=9,
            ),
            None,
            StoryChoice(beside=2),
            id="an edit keeps it in its story while that still has it",
        ),
    ],
)
def test_which_story_an_article_joins(
    links: list[Link], known: Known, published: datetime | None, choice: StoryChoice | None
) -> None:
    assert stories.place(article("neu.vn/1", published), links, known) == choice


# ---------------------------------------------------------------- what each made of it


def carried(said: list[str], **fields: Any) -> Any:
    first = syndication.article("Tiêu đề", SAID[:4], "s1.vn")
    other = syndication.article(fields.pop("title", "Tiêu đề"), said, "s2.vn")
    return stories.carrying(
        member(2, published=at(2), title=other.title), other, member(1, published=at(1)), first, one_text=False
    )


def test_a_text_that_was_kept_whole() -> None:
    found = carried(SAID[:4])
    assert (found.kept, found.own, found.cut, found.added, found.changed, found.retitled) == (1.0, 0.0, 0, 0, 0, False)
    assert (found.delay, found.is_by_sight) == (3600.0, False)


def test_a_text_that_was_cut_added_to_and_retitled() -> None:
    found = carried([*SAID[:2], "Tòa soạn viết thêm một câu của mình về việc này."], title="Tiêu đề khác hẳn")
    assert found.retitled
    assert found.added == 1
    assert found.added_said == ("Tòa soạn viết thêm một câu của mình về việc này.",)
    assert found.cut > 1
    assert len(found.cut_said) == min(found.cut, 12)
    assert 0.3 < found.kept < 0.7


def test_a_text_in_another_order_was_kept() -> None:
    assert carried([SAID[1], SAID[0], *SAID[2:4]]).kept == 1.0


def test_delays_go_by_sight_where_a_page_bears_no_time() -> None:
    one = syndication.article("T", SAID[:2], "s1.vn")
    found = stories.carrying(member(2), one, member(1, published=at(1)), one, one_text=True)
    assert (found.delay, found.is_by_sight) == (3600.0, True)
